"""More ways to join, split, turn and fill tensors, and what is made of neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tensorplug.base import TensorBase, count
from tensorplug.dtypes import FLOAT, bool_, get_default_dtype, int64
from tensorplug.ops.define import composite
from tensorplug.ops.indexing import index_put
from tensorplug.ops.joining import cat
from tensorplug.ops.slicing import select_geometry, slice_geometry
from tensorplug.ops.strided import as_strided_scatter
from tensorplug.shapes import canonical_dim, contiguous_strides

Tensor = Any
Number = Any


# ---------------------------------------------------------------------------------------------------- joining


def _each(tensors: tuple[Any, ...], change: Any) -> Any:
    """One tensor changed, or a tuple of several (which may have come as one sequence)."""
    if len(tensors) == 1 and isinstance(tensors[0], TensorBase):
        return change(tensors[0])
    given = tensors[0] if len(tensors) == 1 else tensors
    return tuple([change(t) for t in given])


@composite(spaces=("torch",), out=False)
def atleast_1d(*tensors: Any) -> Any:
    """Each tensor with at least one dim.

    Example:
        >>> import tensorplug as tp
        >>> tp.atleast_1d(tp.tensor(1))
        tensor([1])
    """
    return _each(tensors, lambda x: x if x._shape else x.reshape(1))


@composite(spaces=("torch",), out=False)
def atleast_2d(*tensors: Any) -> Any:
    """Each tensor with at least two dims; a vector becomes a row.

    Example:
        >>> import tensorplug as tp
        >>> tp.atleast_2d(tp.tensor([1, 2]))
        tensor([[1, 2]])
    """
    return _each(tensors, lambda x: x if len(x._shape) > 1 else x.reshape(1, -1))


def _to_3d(x: Tensor) -> Tensor:
    rank = len(x._shape)
    return x if rank > 2 else x.unsqueeze(-1) if rank == 2 else x.reshape(1, -1, 1)


@composite(spaces=("torch",), out=False)
def atleast_3d(*tensors: Any) -> Any:
    """Each tensor with at least three dims; a matrix gets a last one, a vector lies in the middle one.

    Example:
        >>> import tensorplug as tp
        >>> tp.atleast_3d(tp.ones(2, 3)).shape
        tensorplug.Size([2, 3, 1])
    """
    return _each(tensors, _to_3d)


@composite(spaces=("torch",))
def column_stack(tensors: Sequence[Tensor]) -> Tensor:
    """Vectors side by side as columns; matrices joined in the second dim.

    Example:
        >>> import tensorplug as tp
        >>> tp.column_stack((tp.tensor([1, 2]), tp.tensor([3, 4])))
        tensor([[1, 3],
                [2, 4]])
    """
    return cat([x if len(x._shape) > 1 else x.reshape(-1, 1) for x in tensors], 1)


@composite(spaces=("torch",))
def dstack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors joined in the third dim, with at least three dims each.

    Example:
        >>> import tensorplug as tp
        >>> tp.dstack((tp.tensor([1, 2]), tp.tensor([3, 4])))
        tensor([[[1, 3],
                 [2, 4]]])
    """
    return cat([_to_3d(x) for x in tensors], 2)


# ---------------------------------------------------------------------------------------------------- splitting


@composite(out=False)
def tensor_split(input: Tensor, indices_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Views of the parts of a tensor along ``dim``.

    Args:
        indices_or_sections: how many parts, of sizes that differ by one at most; or where to cut, a sequence or tensor.

    Raises:
        RuntimeError: no parts, or a 0-d tensor.

    Example:
        >>> import tensorplug as tp
        >>> tp.tensor_split(tp.arange(5), 2)
        (tensor([0, 1, 2]), tensor([3, 4]))
    """
    if not input._shape:
        raise RuntimeError("tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims")
    dim = canonical_dim(dim, len(input._shape))
    size = input._shape[dim]
    given: Any = indices_or_sections
    if isinstance(given, TensorBase):
        given = given.tolist()  # type: ignore[attr-defined]
    if isinstance(given, int):
        if given < 1:
            raise RuntimeError(f"number of sections must be larger than 0, got {given}")
        whole, rest = divmod(size, given)
        cuts = [i * whole + min(i, rest) for i in range(1, given)]
    else:
        cuts = [min(max(c + size if c < 0 else c, 0), size) for c in given]
    bounds = zip((0, *cuts), (*cuts, size), strict=True)
    return tuple([input.narrow(dim, start, max(stop - start, 0)) for start, stop in bounds])


def _split(name: str, input: Tensor, given: Any, dim: int, least: int) -> tuple[Tensor, ...]:
    if len(input._shape) < least:
        raise RuntimeError(
            f"{name} requires a tensor with at least {least} dimension{'s' * (least > 1)}, but got a tensor with "
            f"{len(input._shape)} dimensions!"
        )
    if isinstance(given, int) and (given < 1 or input._shape[dim] % given):
        raise RuntimeError(
            f"{name} attempted to split along dimension {dim}, but the size of the dimension {input._shape[dim]} is "
            f"not divisible by the split_size {given}!"
        )
    return tensor_split(input, given, dim)


@composite(out=False)
def hsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Views of the parts of a tensor along the second dim (the only one of a vector), equal ones or cut at places.

    Example:
        >>> import tensorplug as tp
        >>> tp.hsplit(tp.arange(4), 2)
        (tensor([0, 1]), tensor([2, 3]))
    """
    return _split("hsplit", input, indices_or_sections, 0 if len(input._shape) == 1 else 1, 1)


@composite(out=False)
def vsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Views of the parts of a tensor along the first of at least two dims, equal ones or cut at places.

    Example:
        >>> import tensorplug as tp
        >>> tp.vsplit(tp.tensor([[1], [2]]), 2)
        (tensor([[1]]), tensor([[2]]))
    """
    return _split("vsplit", input, indices_or_sections, 0, 2)


@composite(out=False)
def dsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Views of the parts of a tensor along the third dim, equal ones or cut at places.

    Example:
        >>> import tensorplug as tp
        >>> [x.shape for x in tp.dsplit(tp.ones(1, 2, 4), [1])]
        [tensorplug.Size([1, 2, 1]), tensorplug.Size([1, 2, 3])]
    """
    return _split("dsplit", input, indices_or_sections, 2, 3)


# ---------------------------------------------------------------------------------------------------- turning, placing


@composite(out=False)
def rot90(input: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """The tensor turned ``k`` times by 90 degrees, from the first of two dims towards the second.

    Raises:
        RuntimeError: not two different dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.rot90(tp.tensor([[1, 2], [3, 4]]))
        tensor([[2, 4],
                [1, 3]])
    """
    rank = len(input._shape)
    if len(dims) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(dims)}")
    if rank < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {rank}")
    a, b = (canonical_dim(d, rank) for d in dims)
    if a == b:
        raise RuntimeError(f"expected rotation dims to be different, but got dim0 = {dims[0]} and dim1 = {dims[1]}")
    turns = k % 4
    if turns == 0:
        return input.clone()
    if turns == 2:
        return input.flip((a, b))
    return input.flip(b if turns == 1 else a).transpose(a, b)


@composite(spaces=("torch",))
def fill(input: Tensor, value: Number | Tensor) -> Tensor:
    """A tensor of the input's shape and dtype with every element ``value``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fill(tp.ones(2), 5)
        tensor([5., 5.])
    """
    if isinstance(value, TensorBase):
        if value._shape:
            raise RuntimeError(
                f"fill only supports 0-dimension value tensor but got tensor with {len(value._shape)} dimensions."
            )
        return value.to(device=input._kind.device, dtype=input._kind.dtype).expand(input._shape).clone()  # type: ignore[attr-defined]
    return input.new_full(input._shape, value)


@composite(out=False)
def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Tensor:
    """A copy of ``input`` in which ``src`` is the slice at ``index`` along ``dim``.

    Example:
        >>> import tensorplug as tp
        >>> tp.select_scatter(tp.zeros(2, 2), tp.ones(2), 0, 1)
        tensor([[0., 0.],
                [1., 1.]])
    """
    dim = canonical_dim(dim, len(input._shape))
    size = input._shape[dim]
    if not -size <= index < size:
        raise IndexError(
            f"select_scatter(): index {index} out of range for tensor of size {list(input._shape)} at dimension {dim}"
        )
    layout = contiguous_strides(input._shape)
    return as_strided_scatter(input.contiguous(), src, *select_geometry(input._shape, layout, 0, dim, index % size))


@composite()
def slice_scatter(
    input: Tensor, src: Tensor, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Tensor:
    """A copy of ``input`` in which ``src`` is the slice ``start:end:step`` along ``dim``.

    Example:
        >>> import tensorplug as tp
        >>> tp.slice_scatter(tp.zeros(4), tp.ones(2), step=2)
        tensor([1., 0., 1., 0.])
    """
    dim = canonical_dim(dim, len(input._shape))
    places = range(*slice(start, end, step).indices(input._shape[dim]))
    layout = contiguous_strides(input._shape)
    geometry = slice_geometry(input._shape, layout, 0, dim, places.start, places.stop, places.step)
    return as_strided_scatter(input.contiguous(), src, *geometry)


@composite(spaces=("torch", "Tensor"), inplace=True)
def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """A copy of ``input`` with ``source`` at the places in the flattened tensor that ``index`` names.

    Args:
        accumulate: add to what is there.

    Raises:
        RuntimeError: dtypes do not fit.
        IndexError: a place is out of range, or ``index`` and ``source`` have different numbers of elements.

    Example:
        >>> import tensorplug as tp
        >>> tp.put(tp.zeros(2, 2), tp.tensor([3]), tp.tensor([5.0]))
        tensor([[0., 0.],
                [0., 5.]])
    """
    if index._kind.dtype is not int64:
        raise RuntimeError(f"put_(): Expected a long tensor for index, but got {index._kind.dtype}")
    if source._kind.dtype is not input._kind.dtype:
        raise RuntimeError(
            f"put_(): self and source expected to have the same dtype, but got self.dtype = {input._kind.dtype} and "
            f"source.dtype = {source._kind.dtype}"
        )
    if count(index) != count(source):
        raise IndexError(
            "put_(): Expected source and index to have the same number of elements, but got source.numel() = "
            f"{count(source)}, index.numel() = {count(index)}"
        )
    flat = index_put(input.reshape(-1), [index.reshape(-1)], source.reshape(-1), accumulate)
    return flat.reshape(input._shape)


@composite(inplace=True)
def index_reduce(
    input: Tensor, dim: int, index: Tensor, source: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """Combines the slices of ``source`` with those along ``dim`` that ``index`` names.

    Args:
        reduce: ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``.
        include_self: whether what is there already takes part.

    Raises:
        RuntimeError: another ``reduce``, or shapes or dtypes that do not fit.

    Example:
        >>> import tensorplug as tp
        >>> tp.index_reduce(tp.ones(2), 0, tp.tensor([1, 1]), tp.tensor([2.0, 3.0]), "prod")
        tensor([1., 6.])
    """
    if reduce not in ("prod", "mean", "amax", "amin"):
        raise RuntimeError(f"reduce argument must be either prod, mean, amax or amin, got {reduce}.")
    dim = canonical_dim(dim, len(input._shape))
    if source._kind.dtype is not input._kind.dtype:
        raise RuntimeError(
            f"index_reduce_(): self ({input._kind.dtype}) and source ({source._kind.dtype}) must have the same dtype"
        )
    wanted = (*input._shape[:dim], count(index), *input._shape[dim + 1 :])
    if input._shape and source._shape != wanted:
        raise RuntimeError(
            f"index_reduce_(): source of shape {list(source._shape)} does not fit: expected {list(wanted)}"
        )
    spread = [1] * len(source._shape)
    if spread:
        spread[dim] = -1
    places = index.reshape(spread).expand(source._shape)
    return input.scatter_reduce(dim, places, source, reduce, include_self=include_self)


@composite(inplace=True)
def renorm(input: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """The slices along ``dim`` made shorter where their ``p``-norm is larger than ``maxnorm``.

    Raises:
        RuntimeError: fewer than two dims, or ``p`` or ``maxnorm`` out of range.

    Example:
        >>> import tensorplug as tp
        >>> tp.renorm(tp.tensor([[3.0, 4.0], [0.3, 0.4]]), 2, 0, 1.0)
        tensor([[0.6000, 0.8000],
                [0.3000, 0.4000]])
    """
    rank = len(input._shape)
    if rank < 2:
        raise RuntimeError(f"renorm: input needs at least 2 dimensions, got {rank} dimensions")
    if p <= 0:
        raise RuntimeError(f"renorm: non-positive-norm not supported, got {p}")
    if maxnorm < 0:
        raise RuntimeError(f"renorm: expected maxnorm to be >= 0 but got {maxnorm}")
    dim = canonical_dim(dim, rank)
    norm = input.norm(p, [d for d in range(rank) if d != dim], True)
    # The small number keeps PyTorch's result: slightly less than maxnorm.
    factor = (maxnorm / (norm + 1e-7)).masked_fill(norm <= maxnorm, 1)
    return input * factor


# ---------------------------------------------------------------------------------------------------- neighbours


@composite()
def diff(
    input: Tensor, n: int = 1, dim: int = -1, prepend: Tensor | None = None, append: Tensor | None = None
) -> Tensor:
    """The differences of neighbours along ``dim``, taken ``n`` times; of bools, whether they differ.

    Args:
        prepend, append: joined to the input along ``dim`` first.

    Raises:
        RuntimeError: a 0-d tensor, or a negative ``n``.

    Example:
        >>> import tensorplug as tp
        >>> tp.diff(tp.tensor([1, 3, 6]))
        tensor([2, 3])
    """
    if not input._shape:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    dim = canonical_dim(dim, len(input._shape))
    parts = [x for x in (prepend, input, append) if x is not None]
    x = cat(parts, dim) if len(parts) > 1 else input
    if n == 0:
        return x.clone() if x is input else x
    for _ in range(n):
        size = max(x._shape[dim] - 1, 0)
        late, early = x.narrow(dim, min(1, x._shape[dim]), size), x.narrow(dim, 0, size)
        x = late != early if x._kind.dtype is bool_ else late - early
    return x


def _widths(y: Tensor, x: Tensor | None, dx: Number | None, dim: int) -> Any:
    if x is None:
        return 1 if dx is None else dx
    if dx is not None:
        raise TypeError("trapezoid(): give either 'x' or 'dx', not both")
    if len(x._shape) == 1:
        if x._shape[0] != y._shape[dim]:
            raise RuntimeError(
                f"There must be one `x` value for each sample point: {x._shape[0]} and {y._shape[dim]} along dim {dim}"
            )
        return diff(x).reshape([-1 if d == dim else 1 for d in range(len(y._shape))])
    return diff(x.reshape((1,) * (len(y._shape) - len(x._shape)) + x._shape), 1, dim)


def _areas(y: Tensor, x: Tensor | None, dx: Number | None, dim: int) -> Tensor:
    size = max(y._shape[dim] - 1, 0)
    sums = y.narrow(dim, min(1, y._shape[dim]), size) + y.narrow(dim, 0, size)
    if sums._kind.dtype.category < FLOAT:
        sums = sums.to(get_default_dtype())
    return sums * _widths(y, x, dx, dim) / 2


@composite(spaces=("torch",), out=False, aliases=("trapz",))
def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Number | None = None, dim: int = -1) -> Tensor:
    """The area under the points ``y`` along ``dim``, by the trapezoidal rule.

    Args:
        x: where the points are, a vector or of the shape of ``y``.
        dx: the distance of neighbours instead, 1 by default.

    Example:
        >>> import tensorplug as tp
        >>> tp.trapezoid(tp.tensor([1.0, 2.0, 4.0]))
        tensor(4.5000)
    """
    dim = canonical_dim(dim, len(y._shape))
    if x is None and y._shape and y._shape[dim] and y._kind.dtype.category >= FLOAT:
        # Every point counts once, but for the two ends, which count half.
        area = y.sum(dim) - (y.select(dim, 0) + y.select(dim, -1)) / 2
        return area if dx is None else area * dx
    return _areas(y, x, dx, dim).sum(dim)


@composite(spaces=("torch",), out=False)
def cumulative_trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Number | None = None, dim: int = -1) -> Tensor:
    """The areas under the points ``y`` up to each but the first along ``dim``, by the trapezoidal rule.

    Example:
        >>> import tensorplug as tp
        >>> tp.cumulative_trapezoid(tp.tensor([1.0, 2.0, 4.0]))
        tensor([1.5000, 4.5000])
    """
    dim = canonical_dim(dim, len(y._shape))
    return _areas(y, x, dx, dim).cumsum(dim)
