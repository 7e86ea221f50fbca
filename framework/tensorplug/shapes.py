"""Pure arithmetic on shapes, dimensions and strides; tuples in, tuples out."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from math import prod
from typing import Any, SupportsIndex, overload

Shape = tuple[int, ...]


class Size(tuple[int, ...]):
    """The shape of a tensor: a tuple of ints that can count its elements.

    Example:
        >>> Size([2, 3]).numel()
        6
    """

    __slots__ = ()

    def numel(self) -> int:
        """The number of elements of a tensor of this shape."""
        return prod(self)

    @overload
    def __getitem__(self, key: SupportsIndex) -> int: ...
    @overload
    def __getitem__(self, key: slice) -> Size: ...
    def __getitem__(self, key: Any) -> Any:
        item = tuple.__getitem__(self, key)
        return Size(item) if isinstance(key, slice) else item

    def __add__(self, other: tuple[Any, ...]) -> Size:
        return Size(tuple.__add__(self, tuple(other)))

    def __repr__(self) -> str:
        return f"tensorplug.Size([{', '.join(map(str, self))}])"

    def __reduce__(self) -> tuple[Any, ...]:
        return Size, (tuple(self),)


def numel(shape: Shape) -> int:
    """The number of elements of a tensor of ``shape``."""
    return prod(shape)


def broadcast_pair(a: Shape, b: Shape) -> Shape:
    """The shape of an element-wise op on tensors of shapes ``a`` and ``b``.

    Raises:
        RuntimeError: the shapes do not broadcast.
    """
    if a == b:
        return a
    rank = max(len(a), len(b))
    padded_a = (1,) * (rank - len(a)) + a
    padded_b = (1,) * (rank - len(b)) + b
    out = []
    for dim, (m, n) in enumerate(zip(padded_a, padded_b, strict=True)):
        if m != n and m != 1 and n != 1:
            raise RuntimeError(
                f"The size of tensor a ({m}) must match the size of tensor b ({n}) at non-singleton dimension {dim}"
                f" (shapes {list(a)} and {list(b)} do not broadcast)"
            )
        out.append(n if m == 1 else m)
    return tuple(out)


def broadcast_shapes(*shapes: Sequence[int]) -> Size:
    """The shape to which all ``shapes`` broadcast.

    Raises:
        RuntimeError: they do not broadcast.

    Example:
        >>> broadcast_shapes((2, 1), (3,))
        tensorplug.Size([2, 3])
    """
    out: Shape = ()
    for shape in shapes:
        out = broadcast_pair(out, tuple(shape))
    return Size(out)


def canonical_dim(dim: int, rank: int) -> int:
    """``dim`` counted from the front; a 0-d tensor has the dims -1 and 0.

    Raises:
        IndexError: ``dim`` is out of range.
        TypeError: ``dim`` is not an integer.
    """
    bound = rank or 1
    try:
        if -bound <= dim < bound:
            return dim + bound if dim < 0 else dim
    except TypeError:
        raise TypeError(f"dims are integers, got {dim!r}") from None
    raise IndexError(f"Dimension out of range (expected to be in range of [{-bound}, {bound - 1}], but got {dim})")


def canonical_dims(dim: SupportsIndex | Iterable[int] | None, rank: int) -> Shape:
    """The dims to reduce, sorted, without repetition; ``None`` and ``()`` mean all of them.

    Raises:
        IndexError: a dim is out of range.
        RuntimeError: a dim appears twice.
    """
    if dim is None:
        return tuple(range(rank))
    if isinstance(dim, int):
        return (canonical_dim(dim, rank),) if rank else _check_scalar_dim(dim)
    if not isinstance(dim, tuple | list) and hasattr(dim, "__index__") and not getattr(dim, "ndim", 0):
        return canonical_dims(dim.__index__(), rank)
    dims = [canonical_dim(d, rank) for d in dim]  # type: ignore[union-attr]
    if not dims:
        return tuple(range(rank))
    for d in dims:
        if dims.count(d) > 1:
            raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    return tuple(sorted(dims)) if rank else ()


def _check_scalar_dim(dim: int) -> Shape:
    canonical_dim(dim, 0)
    return ()


def reduced_shape(shape: Shape, dims: Shape, keepdim: bool) -> Shape:
    """The shape left when ``dims`` (canonical) are reduced."""
    if keepdim:
        return tuple(1 if d in dims else n for d, n in enumerate(shape))
    return tuple(n for d, n in enumerate(shape) if d not in dims)


def contiguous_strides(shape: Shape) -> Shape:
    """Strides, in elements, of a C-contiguous tensor of ``shape``."""
    strides = [1] * len(shape)
    step = 1
    for dim in range(len(shape) - 1, 0, -1):
        step *= shape[dim] or 1
        strides[dim - 1] = step
    return tuple(strides)


def is_contiguous(shape: Shape, strides: Shape) -> bool:
    """Whether the elements lie in C order without gaps; tensors without elements do."""
    if 0 in shape:
        return True
    step = 1
    for dim in range(len(shape) - 1, -1, -1):
        n = shape[dim]
        if n != 1:
            if strides[dim] != step:
                return False
            step *= n
    return True


def flat_size(size: tuple[Any, ...]) -> Shape:
    """The shape meant by ``f(2, 3)``, ``f((2, 3))`` or ``f(tensor.shape)``.

    Raises:
        TypeError: an element is not an integer.
    """
    if len(size) == 1 and isinstance(size[0], tuple | list):
        size = tuple(size[0])
    try:
        return tuple([n.__index__() for n in size])
    except AttributeError:
        raise TypeError(f"sizes must be integers, got {size!r}") from None


def new_size(size: tuple[Any, ...]) -> Shape:
    """The shape of a tensor to make, given as for ``flat_size``.

    Raises:
        RuntimeError: a size is negative.
        TypeError: an element is not an integer.
    """
    shape = flat_size(size)
    for n in shape:
        if n < 0:
            raise RuntimeError(f"Trying to create tensor with negative dimension {n}: {list(shape)}")
    return shape


def infer_size(shape: Shape, count: int) -> Shape:
    """``shape`` with its ``-1`` replaced so that it has ``count`` elements.

    Raises:
        RuntimeError: no such size exists, or there are two ``-1``.
    """
    if prod(shape) == count and -1 not in shape and (count or min(shape, default=0) >= 0):
        return shape
    unknown = [d for d, n in enumerate(shape) if n == -1]
    if len(unknown) > 1:
        raise RuntimeError("only one dimension can be inferred")
    for n in shape:
        if n < -1:
            raise RuntimeError(f"invalid shape dimension {n}")
    if not unknown:
        if prod(shape) != count:
            raise RuntimeError(f"shape '{list(shape)}' is invalid for input of size {count}")
        return shape
    known = prod(n for n in shape if n != -1)
    if known == 0:
        if count == 0:
            raise RuntimeError(
                f"cannot reshape tensor of 0 elements into shape {list(shape)} because the unspecified dimension "
                "size -1 can be any value and is ambiguous"
            )
        raise RuntimeError(f"shape '{list(shape)}' is invalid for input of size {count}")
    if count % known:
        raise RuntimeError(f"shape '{list(shape)}' is invalid for input of size {count}")
    at = unknown[0]
    return (*shape[:at], count // known, *shape[at + 1 :])


def view_strides(shape: Shape, strides: Shape, new_shape: Shape) -> Shape | None:
    """Strides that show a tensor of ``shape`` and ``strides`` as ``new_shape``, or None where only a copy can.

    Old dims that are contiguous among themselves form a chunk; each chunk must be a product of whole new dims.
    """
    if is_contiguous(shape, strides):
        return contiguous_strides(new_shape) if shape != new_shape else strides
    out = [0] * len(new_shape)
    new = len(new_shape) - 1
    chunk = 1
    base = strides[-1] if strides else 1
    for old in range(len(shape) - 1, -1, -1):
        chunk *= shape[old]
        if old > 0 and (shape[old - 1] == 1 or strides[old - 1] == chunk * base):
            continue
        filled = 1
        while new >= 0 and (filled < chunk or new_shape[new] == 1):
            out[new] = filled * base
            filled *= new_shape[new]
            new -= 1
        if filled != chunk:
            return None
        if old > 0:
            base = strides[old - 1]
            chunk = 1
    while new >= 0:
        if new_shape[new] != 1:
            return None
        out[new] = 1
        new -= 1
    return tuple(out)


@functools.lru_cache(maxsize=1 << 12)
def reshaped(shape: Shape, strides: Shape, wanted: Shape) -> tuple[Shape, Shape | None]:
    """The shape meant by ``wanted``, in which one size may be -1, and its ``view_strides``. Programs repeat themselves.

    Raises:
        RuntimeError: the number of elements differs.

    Example:
        >>> reshaped((2, 6), (6, 1), (-1, 3))
        ((4, 3), (3, 1))
    """
    full = infer_size(wanted, numel(shape))
    return full, view_strides(shape, strides, full)
