"""Views that give the same elements another shape: nothing is copied."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from tensorplug.base import strides_of
from tensorplug.dispatch import ViewPlan, show
from tensorplug.dtypes import DType
from tensorplug.ops.copying import clone
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import composite, view
from tensorplug.ops.same_bytes import view_as_dtype
from tensorplug.ops.strided import as_strided_scatter
from tensorplug.shapes import (
    Shape,
    broadcast_pair,
    canonical_dim,
    contiguous_strides,
    flat_size,
    infer_size,
    reshaped,
)

Tensor = Any
Geometry = tuple[Shape, Shape, int]


# ---------------------------------------------------------------------------------------------------- reshaping views


@view("input; shape", spaces=("Tensor",))
def view_(input: Tensor, *shape: Any) -> Any:
    """The same memory with another shape; one size may be -1. With a dtype, the same bytes as that dtype.

    Raises:
        RuntimeError: the number of elements differs, or strides cannot express the shape (use ``reshape``).
        NotImplementedError: the device cannot show memory as another dtype.

    Example:
        >>> import tensorplug as tp
        >>> tp.arange(6).view(2, -1)
        tensor([[0, 1, 2],
                [3, 4, 5]])
    """
    if len(shape) == 1 and isinstance(shape[0], DType):
        return view_as_dtype(input, shape[0])
    wanted, strides = reshaped(input._shape, strides_of(input), flat_size(shape))
    if strides is None:
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
            f"contiguous subspaces): shape {list(input._shape)}, strides {list(strides_of(input))}, wanted "
            f"{list(wanted)}. Use .reshape(...) instead."
        )
    return input, (wanted,), wanted, strides, input._offset


view_.grads(input=lambda g, input_shape: g.reshape(input_shape))


@composite(out=False)
def reshape(input: Tensor, *shape: Any) -> Tensor:
    """``input`` with another shape: a view where strides can express it, otherwise a copy.

    Args:
        shape: sizes, one of which may be -1.

    Raises:
        RuntimeError: the number of elements differs.

    Example:
        >>> import tensorplug as tp
        >>> tp.reshape(tp.arange(4), (2, 2))
        tensor([[0, 1],
                [2, 3]])
    """
    return _reshape(input, flat_size(shape))


def _reshape(input: Tensor, size: Shape) -> Tensor:
    wanted, strides = reshaped(input._shape, strides_of(input), size)
    if strides is None:
        input = clone(input)
        strides = contiguous_strides(wanted)
    return show(view_, input, (wanted,), wanted, strides, input._offset)


@composite(spaces=("Tensor",), out=False)
def view_as(input: Tensor, other: Tensor) -> Tensor:
    """``input.view(other.shape)``."""
    return view_(input, other._shape)


@composite(spaces=("Tensor",), out=False)
def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """``input.reshape(other.shape)``."""
    return reshape(input, other._shape)


@composite(out=False)
def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """The dims from ``start_dim`` to ``end_dim`` as one.

    Example:
        >>> import tensorplug as tp
        >>> tp.zeros(2, 3, 4).flatten(start_dim=1).shape
        tensorplug.Size([2, 12])
    """
    shape = input._shape
    first, last = canonical_dim(start_dim, len(shape)), canonical_dim(end_dim, len(shape))
    if not shape:
        return reshape(input, (1,))
    if first > last:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if first == last:
        return input
    middle = 1
    for n in shape[first : last + 1]:
        middle *= n
    return _reshape(input, (*shape[:first], middle, *shape[last + 1 :]))


@composite(out=False)
def ravel(input: Tensor) -> Tensor:
    """All elements in one dim."""
    return _reshape(input, (-1,))


@composite(out=False)
def unflatten(input: Tensor, dim: int, sizes: Sequence[int]) -> Tensor:
    """Dim ``dim`` as several, of ``sizes``, one of which may be -1.

    Raises:
        RuntimeError: the sizes do not multiply to that of the dim.
    """
    dim = canonical_dim(dim, len(input._shape))
    split = infer_size(tuple(sizes), input._shape[dim])
    return view_(input, (*input._shape[:dim], *split, *input._shape[dim + 1 :]))


@view("input; dim", inplace=True)
def unsqueeze(input: Tensor, dim: int) -> ViewPlan:
    """A new dim of size 1 at ``dim``.

    Example:
        >>> import tensorplug as tp
        >>> tp.unsqueeze(tp.tensor([1, 2]), 1)
        tensor([[1],
                [2]])
    """
    shape, strides = input._shape, strides_of(input)
    at = canonical_dim(dim, len(shape) + 1)
    step = shape[at] * strides[at] if at < len(shape) else 1
    return input, (at,), (*shape[:at], 1, *shape[at:]), (*strides[:at], step, *strides[at:]), input._offset


unsqueeze.grads(input=lambda g, dim: g.squeeze(dim))


@view("input; dims", inplace=True)
def squeeze(input: Tensor, dim: int | Sequence[int] | None = None) -> ViewPlan:
    """Without the dims of size 1: all of them, or those of ``dim`` that have that size.

    Example:
        >>> import tensorplug as tp
        >>> tp.squeeze(tp.zeros(2, 1, 3)).shape
        tensorplug.Size([2, 3])
    """
    asked = dim if dim is None or isinstance(dim, int) else tuple(dim)
    dims, shape, strides = _squeezed(input._shape, strides_of(input), asked)
    return input, (dims,), shape, strides, input._offset


@functools.lru_cache(maxsize=1 << 10)
def _squeezed(shape: Shape, strides: Shape, dim: int | Shape | None) -> tuple[Shape, Shape, Shape]:
    rank = len(shape)
    asked = range(rank) if dim is None else (dim,) if isinstance(dim, int) else dim
    dims = tuple(sorted({d for d in (canonical_dim(a, rank) for a in asked) if rank and shape[d] == 1}))
    kept = [d for d in range(rank) if d not in dims]
    return dims, tuple([shape[d] for d in kept]), tuple([strides[d] for d in kept])


def _unsqueeze_all(g: Tensor, dims: Shape) -> Tensor:
    for dim in dims:
        g = g.unsqueeze(dim)
    return g


squeeze.grads(input=_unsqueeze_all)


@view("input; dims")
def permute(input: Tensor, *dims: Any) -> ViewPlan:
    """The dims in another order.

    Raises:
        RuntimeError: ``dims`` is not an order of all dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.zeros(2, 3, 4).permute(2, 0, 1).shape
        tensorplug.Size([4, 2, 3])
    """
    order, shape, strides = _permuted(input._shape, strides_of(input), flat_size(dims))
    return input, (order,), shape, strides, input._offset


@functools.lru_cache(maxsize=1 << 10)
def _permuted(shape: Shape, strides: Shape, given: Shape) -> tuple[Shape, Shape, Shape]:
    if len(given) != len(shape):
        raise RuntimeError(
            f"permute(): {list(given)} is no order of all {len(shape)} dims of a tensor of shape {list(shape)}"
        )
    order = tuple([canonical_dim(d, len(shape)) for d in given])
    if len(set(order)) != len(order):
        raise RuntimeError(f"permute(): duplicate dims are not allowed, got {list(given)}")
    return order, tuple([shape[d] for d in order]), tuple([strides[d] for d in order])


def _inverse(order: Shape) -> Shape:
    return tuple(sorted(range(len(order)), key=order.__getitem__))


permute.grads(input=lambda g, dims: g.permute(_inverse(dims)))


@view("input; dim0, dim1", inplace=True, aliases=("swapaxes", "swapdims"))
def transpose(input: Tensor, dim0: int, dim1: int) -> ViewPlan:
    """Two dims swapped.

    Example:
        >>> import tensorplug as tp
        >>> tp.transpose(tp.tensor([[1, 2, 3]]), 0, 1)
        tensor([[1],
                [2],
                [3]])
    """
    rank = len(input._shape)
    a, b = canonical_dim(dim0, rank), canonical_dim(dim1, rank)
    if rank == 0:
        return input, (a, b), (), (), input._offset
    shape, strides = list(input._shape), list(strides_of(input))
    shape[a], shape[b] = shape[b], shape[a]
    strides[a], strides[b] = strides[b], strides[a]
    return input, (a, b), tuple(shape), tuple(strides), input._offset


transpose.grads(input=lambda g, dim0, dim1: g.transpose(dim0, dim1))


@view("input", inplace=True)
def t(input: Tensor) -> Any:
    """The transpose of a matrix; a vector or 0-d tensor as it is.

    Raises:
        RuntimeError: more than two dims.
    """
    shape = input._shape
    if len(shape) > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {len(shape)}D")
    strides = strides_of(input)
    return input, (), shape[::-1], strides[::-1], input._offset


t.grads(input=lambda g: g.t())


@composite(out=False, aliases=("moveaxis",))
def movedim(input: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """The dims ``source`` moved to the places ``destination``; the others keep their order."""
    rank = len(input._shape)
    sources = [canonical_dim(d, rank) for d in ((source,) if isinstance(source, int) else source)]
    targets = [canonical_dim(d, rank) for d in ((destination,) if isinstance(destination, int) else destination)]
    if len(sources) != len(targets) or len(set(sources)) != len(sources) or len(set(targets)) != len(targets):
        raise RuntimeError(f"movedim: invalid source or destination dims: {source} and {destination}")
    rest = iter(d for d in range(rank) if d not in sources)
    order = [sources[targets.index(d)] if d in targets else next(rest) for d in range(rank)]
    return input.permute(order) if rank else input


@view("input; shape", spaces=("Tensor",))
def expand(input: Tensor, *size: Any, implicit: bool = False) -> ViewPlan:
    """Dims of size 1 repeated to a larger size without copying; -1 keeps a size, new dims come in front.

    Raises:
        RuntimeError: a dim that is not of size 1 would change.

    Example:
        >>> import tensorplug as tp
        >>> tp.tensor([[1], [2]]).expand(2, 3)
        tensor([[1, 1, 1],
                [2, 2, 2]])
    """
    wanted = flat_size(size)
    shape, strides = input._shape, strides_of(input)
    new = len(wanted) - len(shape)
    if new < 0:
        raise RuntimeError(
            f"expand({list(shape)}, size={list(wanted)}): the number of sizes provided ({len(wanted)}) must be greater "
            f"or equal to the number of dimensions in the tensor ({len(shape)})"
        )
    out_shape, out_strides = [], []
    for d, n in enumerate(wanted):
        own = shape[d - new] if d >= new else 1
        if n == -1 and d >= new:
            n = own
        if n < 0 or (own != n and own != 1):
            raise RuntimeError(
                f"The expanded size of the tensor ({n}) must match the existing size ({own}) at non-singleton "
                f"dimension {d}.  Target sizes: {list(wanted)}.  Tensor sizes: {list(shape)}"
            )
        out_shape.append(n)
        out_strides.append(strides[d - new] if d >= new and own == n else 0)
    return input, (tuple(out_shape),), tuple(out_shape), tuple(out_strides), input._offset


expand.grads(input=lambda g, input_shape: g.sum_to_size(input_shape))


@composite(spaces=("Tensor",), out=False)
def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """``input.expand(other.shape)``."""
    return expand(input, other._shape)


@composite(out=False)
def broadcast_to(input: Tensor, size: Any, *more: int) -> Tensor:
    """``input`` expanded to ``size``, a sequence of ints (or several ints)."""
    return expand(input, size, *more)


@composite(spaces=("torch",), out=False)
def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """All tensors expanded to their common shape."""
    shape: Shape = ()
    for tensor in tensors:
        shape = broadcast_pair(shape, tensor._shape)
    return tuple(expand(tensor, shape) for tensor in tensors)


@composite(spaces=("Tensor",), out=False)
def sum_to_size(input: Tensor, *size: Any) -> Tensor:
    """Summed over the dims that broadcasting from ``size`` added or stretched: the gradient of broadcasting.

    Raises:
        RuntimeError: ``size`` does not broadcast to the shape of ``input``.
    """
    wanted = flat_size(size)
    shape = input._shape
    new = len(shape) - len(wanted)
    if new < 0 or any(n not in (1, m) for n, m in zip(wanted, shape[new:], strict=True)):
        raise RuntimeError(f"size {list(wanted)} is not expandable to size {list(shape)}")
    stretched = tuple(d for d in range(len(shape)) if d < new or wanted[d - new] != shape[d])
    if not stretched:
        return input
    return input.sum(stretched, True).view(wanted)


@view("input; offset, dim1, dim2")
def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> ViewPlan:
    """The diagonal of the matrices in two dims, as the last dim.

    Args:
        offset: above the main diagonal where positive, below where negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.diagonal(tp.tensor([[1, 2], [3, 4]]))
        tensor([1, 4])
    """
    rank = len(input._shape)
    a, b = canonical_dim(dim1, rank), canonical_dim(dim2, rank)
    if a == b:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    geometry = diagonal_geometry(input._shape, strides_of(input), input._offset, offset, a, b)
    return input, (offset, a, b), *geometry


def diagonal_geometry(shape: Shape, strides: Shape, start: int, offset: int, a: int, b: int) -> Geometry:
    """Where the diagonal of dims ``a`` and ``b`` lies."""
    size = max(0, min(shape[a], shape[b] - offset) if offset >= 0 else min(shape[a] + offset, shape[b]))
    if size:
        start += offset * strides[b] if offset >= 0 else -offset * strides[a]
    rest = [d for d in range(len(shape)) if d not in (a, b)]
    out_strides = (*[strides[d] for d in rest], strides[a] + strides[b])
    return (*[shape[d] for d in rest], size), out_strides, start


def place_in_zeros(g: Tensor, shape: Shape, geometry: Geometry) -> Tensor:
    """Zeros of ``shape`` with ``g`` in the place that ``geometry`` (over a contiguous layout) describes."""
    return as_strided_scatter(g.new_zeros(shape), g, *geometry)


def _diagonal_input(g: Tensor, input_shape: Shape, offset: int, dim1: int, dim2: int) -> Tensor:
    layout = contiguous_strides(input_shape)
    return place_in_zeros(g, input_shape, diagonal_geometry(input_shape, layout, 0, offset, dim1, dim2))


diagonal.grads(input=_diagonal_input)


@view("input; dimension, size, step", spaces=("Tensor",))
def unfold(input: Tensor, dimension: int, size: int, step: int) -> ViewPlan:
    """Windows of ``size`` elements along a dim, ``step`` apart, as a new last dim.

    Example:
        >>> import tensorplug as tp
        >>> tp.arange(5).unfold(0, 3, 1)
        tensor([[0, 1, 2],
                [1, 2, 3],
                [2, 3, 4]])
    """
    shape, strides = input._shape, strides_of(input)
    dim = canonical_dim(dimension, len(shape))
    room = shape[dim] if shape else 1
    if size > room or size < 0:
        raise RuntimeError(f"maximum size for tensor at dimension {dim} is {room} but size is {size}")
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    if not shape:
        return input, (dim, size, step), (size,), (1,), input._offset
    out = (*shape[:dim], (room - size) // step + 1, *shape[dim + 1 :], size)
    out_strides = (*strides[:dim], strides[dim] * step, *strides[dim + 1 :], strides[dim])
    return input, (dim, size, step), out, out_strides, input._offset


def _unfold_input(g: Tensor, input_shape: Shape, dimension: int, size: int, step: int) -> Tensor:
    if not input_shape:
        return g.sum(0)
    places = new_arange(g, input_shape[dimension]).unfold(0, size, step).reshape(-1)
    windows = g.movedim(-1, dimension + 1).flatten(dimension, dimension + 1)
    return g.new_zeros(input_shape).index_add(dimension, places, windows)


unfold.grads(input=_unfold_input)
