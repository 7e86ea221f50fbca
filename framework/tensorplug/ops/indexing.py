"""Reading and writing elements by index tensors and masks; sorting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from tensorplug.base import AnyTensor, TensorBase, count
from tensorplug.dispatch import Plan, different_devices
from tensorplug.dtypes import DType, bool_, int32, int64
from tensorplug.ops.define import composite, plan
from tensorplug.ops.elementwise import conj_of
from tensorplug.ops.movement import constant_pad
from tensorplug.ops.reduction import ValuesIndices
from tensorplug.promotion import common_device, fitting_number
from tensorplug.shapes import Shape, broadcast_pair, canonical_dim, contiguous_strides

Tensor = Any


def check_index(name: str, index: Tensor) -> None:
    """Refuse an index that is not an integer tensor.

    Raises:
        RuntimeError: a dtype other than int32 and int64.
    """
    if index._kind.dtype not in (int64, int32):
        raise RuntimeError(f"{name}(): Expected dtype int32/int64 for index, but got {index._kind.dtype}")


# ---------------------------------------------------------------------------------------------------- along one dim


@plan("input, index; dim")
def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False) -> Plan:
    """``result[i][j] = input[index[i][j]][j]`` for dim 0, and so on.

    Args:
        dim: the dim that ``index`` counts along.
        index: int64, no larger than ``input`` in the other dims.

    Raises:
        RuntimeError: shapes do not fit.
        IndexError: an index is out of range.

    Example:
        >>> import tensorplug as tp
        >>> tp.gather(tp.tensor([[1, 2], [3, 4]]), 1, tp.tensor([[0, 0], [1, 0]]))
        tensor([[1, 1],
                [4, 3]])
    """
    dim = _check_along("gather", input, dim, index)
    for d, (m, n) in enumerate(zip(index._shape, input._shape)):
        if d != dim and m > n:
            raise RuntimeError(
                f"Size does not match at dimension {d} expected index {list(index._shape)} to be no larger than self "
                f"{list(input._shape)} apart from dimension {dim}"
            )
    return (input, index), (dim,), index._shape, input._kind.dtype


def _check_along(name: str, input: Tensor, dim: int, index: Tensor) -> int:
    check_index(name, index)
    common_device(name, (input, index))
    if (len(input._shape) or 1) != (len(index._shape) or 1):
        raise RuntimeError(f"Index tensor must have the same number of dimensions as input tensor ({name})")
    return canonical_dim(dim, len(input._shape))


gather.grads(input=lambda g, index, input_shape, dim: g.new_zeros(input_shape).scatter_add(dim, index, g))


def _scatter_plan(input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str | None) -> Plan:
    dim = _check_along("scatter", input, dim, index)
    common_device("scatter", (input, src))
    if src._kind.dtype is not input._kind.dtype:
        raise RuntimeError(
            f"scatter(): Expected self.dtype to be equal to src.dtype, got {input._kind.dtype} and {src._kind.dtype}"
        )
    if len(src._shape) != len(index._shape):
        raise RuntimeError(
            f"scatter(): index {list(index._shape)} and src {list(src._shape)} must have the same number of dimensions"
        )
    for d, n in enumerate(index._shape):
        if n > src._shape[d] or (d != dim and n > input._shape[d]):
            raise RuntimeError(
                f"Expected index {list(index._shape)} to be no larger than self {list(input._shape)} apart from "
                f"dimension {dim} and to be no larger size than src {list(src._shape)}"
            )
    return (input, index, src), (dim, reduce), input._shape, input._kind.dtype


@plan("input, index, src; dim, reduce", spaces=(), out=False)
def scatter_src(input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str | None) -> Plan:
    """A copy of ``input`` with ``src`` written (or added: ``"sum"``) where ``index`` says along ``dim``."""
    return _scatter_plan(input, dim, index, src, reduce)


def _scatter_input(g: Tensor, index: Tensor, dim: int, reduce: str | None) -> Tensor:
    return g if reduce == "sum" else scatter_src(g, dim, index, g.new_zeros(index._shape), None)


def _scatter_source(g: Tensor, index: Tensor, src_shape: Shape, dim: int) -> Tensor:
    return _pad_to(gather(g, dim, index), src_shape) if count(index) else g.new_zeros(src_shape)


scatter_src.grads(input=_scatter_input, src=_scatter_source)


@plan("input, index, src; dim, reduce", spaces=(), out=False)
def scatter_combine(input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str) -> Plan:
    """A copy of ``input`` combined (prod, amax, amin) with ``src`` where ``index`` says along ``dim``."""
    return _scatter_plan(input, dim, index, src, reduce)


@scatter_combine.vjp
def _scatter_combine_vjp(
    g: Tensor, input: Tensor, index: Tensor, src: Tensor, result: Tensor, dim: int, reduce: str
) -> tuple[Any, ...]:
    taken = _front(src, index._shape)
    if reduce == "prod":
        others = _products_of_others(input, index, taken, dim)
        own = scatter_combine(input.new_ones(input._shape), dim, index, taken, "prod")
        reaching = gather(g * conj_of(input), dim, index) * conj_of(others)
        return g * conj_of(own), None, _pad_to(reaching, src._shape)
    own = (input == result).to(g.dtype)
    chosen = (taken == gather(result, dim, index)).to(g.dtype)
    share = g / scatter_src(own, dim, index, chosen, "sum")
    return share * own, None, _pad_to(gather(share, dim, index) * chosen, src._shape)


def _products_of_others(input: Tensor, index: Tensor, src: Tensor, dim: int) -> Tensor:
    """For each element of ``src``, the product of the others that go to the same place."""
    zero = src == 0
    ones = input.new_ones(input._shape)
    product = scatter_combine(ones, dim, index, src.masked_fill(zero, 1), "prod")
    zeros = scatter_src(zeros_of(ones), dim, index, zero.to(src.dtype), "sum")
    zeros_here, product_here = gather(zeros, dim, index), gather(product, dim, index)
    without = product_here / src.masked_fill(zero, 1)
    return without.masked_fill(zeros_here != zero.to(src.dtype), 0)


def zeros_of(x: Tensor) -> Tensor:
    """Zeros in the shape of ``x``."""
    return x.new_zeros(x._shape)


def _front(x: Tensor, shape: Shape) -> Tensor:
    for dim, n in enumerate(shape):
        x = x.narrow(dim, 0, n)
    return x


def _pad_to(x: Tensor, shape: Shape) -> Tensor:
    return x if x._shape == shape else constant_pad(x, [(0, n - m) for m, n in zip(x._shape, shape, strict=True)], 0)


@composite(inplace=True)
def scatter(
    input: Tensor, dim: int, index: Tensor, src: Any = None, *, reduce: str | None = None, value: Any = None
) -> Tensor:
    """Writes ``src`` (a tensor or number) to the places that ``index`` names along ``dim``.

    Args:
        reduce: ``"add"`` or ``"multiply"`` to combine with what is there.

    Example:
        >>> import tensorplug as tp
        >>> tp.zeros(2, 3).scatter(1, tp.tensor([[0], [2]]), 1.0)
        tensor([[1., 0., 0.],
                [0., 0., 1.]])
    """
    src = value if src is None else src
    if not isinstance(src, TensorBase):
        src = input.new_full(index._shape, src)
    kinds = {None: None, "add": "sum", "multiply": "prod"}
    if reduce not in kinds:
        raise RuntimeError(f"reduce argument must be either add or multiply, got {reduce!r}")
    return _combined(input, dim, index, src, kinds[reduce])


def _combined(input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str | None) -> Tensor:
    op = scatter_src if reduce in (None, "sum") else scatter_combine
    return op(input, dim, index, src, reduce)


@composite(inplace=True)
def scatter_reduce(
    input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """Combines ``src`` with the places that ``index`` names along ``dim``.

    Args:
        reduce: ``"sum"``, ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``.
        include_self: whether what is there already takes part.
    """
    if reduce not in ("sum", "prod", "mean", "amax", "amin"):
        raise RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}.")
    if not include_self:
        input = scatter_src(input, dim, index, input.new_full(index._shape, _neutral(input.dtype, reduce)), None)
    if reduce != "mean":
        return _combined(input, dim, index, src, reduce)
    total = scatter_src(input, dim, index, src, "sum")
    start = input.new_ones(input._shape)
    ones = input.new_ones(index._shape)
    if not include_self:
        start = scatter_src(start, dim, index, zeros_of(ones), None)
    number = scatter_src(start, dim, index, ones, "sum").clamp(min=1)
    return total / number if input.dtype.is_differentiable else total.div(number, rounding_mode="floor")


def _neutral(dtype: DType, reduce: str) -> Any:
    if reduce in ("sum", "mean"):
        return 0
    if reduce == "prod":
        return 1
    if dtype.is_floating_point:
        return -float("inf") if reduce == "amax" else float("inf")
    bits = 8 * dtype.itemsize
    if dtype is bool_:
        return reduce == "amin"
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if dtype.is_signed else (0, (1 << bits) - 1)
    return low if reduce == "amax" else high


@composite(inplace=True)
def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """Adds ``src`` to the places that ``index`` names along ``dim``; repeated places add up."""
    return scatter_src(input, dim, index, src, "sum")


@plan("input, index; dim")
def index_select(input: Tensor, dim: int, index: Tensor) -> Plan:
    """The slices along ``dim`` that a vector of indices names.

    Raises:
        IndexError: an index is out of range, or ``index`` has more than one dim.

    Example:
        >>> import tensorplug as tp
        >>> tp.index_select(tp.tensor([10, 20, 30]), 0, tp.tensor([2, 0]))
        tensor([30, 10])
    """
    check_index("index_select", index)
    common_device("index_select", (input, index))
    if len(index._shape) > 1:
        raise IndexError(f"index_select(): Index is supposed to be a vector, got shape {list(index._shape)}")
    dim = canonical_dim(dim, len(input._shape))
    size = count(index)
    shape = (*input._shape[:dim], size, *input._shape[dim + 1 :]) if input._shape else ()
    if not index._shape:
        index = index.reshape(1)
    if not input._shape:
        return (input.reshape(1), index), (0,), (size,), input._kind.dtype
    return (input, index), (dim,), shape, input._kind.dtype


index_select.grads(input=lambda g, index, input_shape, dim: g.new_zeros(input_shape).index_add(dim, index, g))


@plan("input, index, source; dim, alpha", inplace=True)
def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1) -> Plan:
    """Adds slices of ``source``, times ``alpha``, to the slices along ``dim`` that ``index`` names."""
    check_index("index_add_", index)
    common_device("index_add", (input, source))
    dim = canonical_dim(dim, len(input._shape))
    if source._kind.dtype is not input._kind.dtype:
        raise RuntimeError(
            f"index_add_(): self ({input._kind.dtype}) and source ({source._kind.dtype}) must have the same scalar type"
        )
    wanted = (*input._shape[:dim], count(index), *input._shape[dim + 1 :]) if input._shape else source._shape
    if source._shape != wanted:
        raise RuntimeError(f"index_add_(): source of shape {list(source._shape)} does not fit: expected {list(wanted)}")
    return (input, index, source), (dim, alpha), input._shape, input._kind.dtype


@index_add.default
def _index_add(input: Tensor, index: Tensor, source: Tensor, dim: int, alpha: Any) -> Tensor:
    if alpha != 1:
        source = source * (bool(alpha) if source._kind.dtype is bool_ else alpha)
    if not input._shape:
        return input + source.sum(dtype=input._kind.dtype)
    spread = [1] * len(input._shape)
    spread[dim] = -1
    return scatter_src(input, dim, index.reshape(spread).expand(source._shape), source, "sum")


index_add.grads(
    input=lambda g: g,
    source=lambda g, index, source_shape, dim, alpha: index_select(g, dim, index).reshape(source_shape) * alpha,
)


@composite(inplace=True)
def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """Slices of ``source`` in the place of those along ``dim`` that ``index`` names."""
    spread = [1] * len(input._shape)
    spread[canonical_dim(dim, len(input._shape))] = -1
    return scatter_src(input, dim, index.reshape(spread).expand(source._shape), source, None)


@composite(inplace=True)
def index_fill(input: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    """``value`` in the slices along ``dim`` that ``index`` names."""
    dim = canonical_dim(dim, len(input._shape))
    hit = input.new_zeros((input._shape[dim],), dtype=bool_)
    hit = scatter_src(hit, 0, index, hit.new_ones(index._shape), None)
    shape = [1] * len(input._shape)
    shape[dim] = -1
    mask = hit.reshape(shape)
    return input.where(~mask, value) if isinstance(value, TensorBase) else input.masked_fill(mask, value)


@composite()
def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """Like ``gather``, with ``indices`` and ``input`` broadcast in the other dims."""
    if dim is None:
        return gather(input.reshape(-1), 0, indices.reshape(-1))
    dim = canonical_dim(dim, len(input._shape))
    rest = broadcast_pair(_without(input._shape, dim), _without(indices._shape, dim))
    return gather(_expand_around(input, rest, dim), dim, _expand_around(indices, rest, dim))


def _without(shape: Shape, dim: int) -> Shape:
    return (*shape[:dim], *shape[dim + 1 :])


def _expand_around(x: Tensor, rest: Shape, dim: int) -> Tensor:
    return x.expand(*rest[:dim], x._shape[dim], *rest[dim:])


@composite()
def take(input: Tensor, index: Tensor) -> Tensor:
    """The elements of the flattened ``input`` that ``index`` names, in its shape."""
    size = count(input)
    index = index.where(index >= 0, index + size)
    return index_select(input.reshape(-1), 0, index.reshape(-1)).reshape(index._shape)


# ---------------------------------------------------------------------------------------------------- masks


@plan("input, mask; value", inplace=True, broadcasts=True, out=False)
def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Plan:
    """``value`` where ``mask`` holds, ``input`` elsewhere.

    Args:
        mask: bool, broadcasts with ``input``.
        value: a number or 0-d tensor.

    Raises:
        RuntimeError: ``mask`` is not bool, or ``value`` is a tensor with dims.
    """
    if mask._kind.dtype is not bool_:
        raise RuntimeError(f"masked_fill_ only supports boolean masks, but got mask with dtype {mask._kind.dtype}")
    if mask._kind.device is not input._kind.device:
        raise different_devices("masked_fill", (input, mask))
    if isinstance(value, AnyTensor):
        if value._shape:
            raise RuntimeError(
                f"masked_fill_ only supports a 0-dimensional value tensor, but got tensor with shape "
                f"{list(value._shape)}."
            )
        return input.where(~mask, value.to(device=input._kind.device, dtype=input._kind.dtype))
    shape = broadcast_pair(input._shape, mask._shape)
    return (input, mask), (fitting_number(value, input._kind.dtype),), shape, input._kind.dtype


@masked_fill.default
def _masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    return input.where(mask.logical_not(), value)


masked_fill.grads(input=lambda g, mask: masked_fill(g, mask, 0))


@composite()
def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The elements where ``mask`` holds, in one dim."""
    if mask._kind.dtype is not bool_:
        raise RuntimeError(f"masked_select: expected BoolTensor for mask, got {mask._kind.dtype}")
    shape = broadcast_pair(input._shape, mask._shape) or (1,)
    return index(input.expand(shape), [mask.expand(shape)])


@composite(inplace=True, out=False)
def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """The elements where ``mask`` holds replaced by those of ``source``, in order."""
    shape = broadcast_pair(input._shape, mask._shape)
    flat = mask.expand(shape).reshape(-1)
    order = (flat.to(int64).cumsum(0) - 1).clamp(min=0)
    return source.reshape(-1).index_select(0, order).reshape(shape).where(mask, input)


@plan("input", spaces=(), out=False)
def nonzero_rows(input: Tensor) -> Plan:
    """The int64 coordinates of the nonzero elements in C order, one row each."""
    return (input,), (), None, int64


@composite()
def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """The int64 coordinates of the nonzero elements in C order: shape (n, dims), or a tuple of columns.

    Example:
        >>> import tensorplug as tp
        >>> tp.nonzero(tp.tensor([0, 3, 5]))
        tensor([[1],
                [2]])
    """
    found = nonzero_rows(input)
    if not as_tuple:
        return found
    if not input._shape:
        return nonzero(input.unsqueeze(0), as_tuple=True)
    return found.unbind(1)


@composite(out=False)
def argwhere(input: Tensor) -> Tensor:
    """The coordinates of the nonzero elements, one row each."""
    return nonzero(input)


# ---------------------------------------------------------------------------------------------------- several dims


class Places(NamedTuple):
    """Where advanced indices point: elements of ``flat`` (the indexed dims first, as one dim)."""

    linear: Tensor
    order: Shape
    indexed: Shape
    rest: Shape
    index_shape: Shape
    at: int


def _expand_masks(input: Tensor, indices: Sequence[Tensor | None]) -> list[Tensor | None]:
    out: list[Tensor | None] = []
    for index_ in indices:
        if index_ is None or index_._kind.dtype not in (bool_,):
            out.append(index_)
            continue
        at = len(out)
        for d, n in enumerate(index_._shape):
            if at + d >= len(input._shape) or input._shape[at + d] != n:
                raise IndexError(
                    f"The shape of the mask {list(index_._shape)} at index {d} does not match the shape of the indexed "
                    f"tensor {list(input._shape)} at index {at + d}"
                )
        out.extend(nonzero(index_, as_tuple=True))
    return out


def _places(input: Tensor, indices: Sequence[Tensor | None]) -> Places:
    """Turn index tensors (None for a whole dim) into linear ones, wrapping negative indices."""
    indices = _expand_masks(input, indices)
    rank = len(input._shape)
    if len(indices) > rank:
        raise IndexError(f"too many indices for tensor of dimension {rank}")
    dims = tuple(d for d, i in enumerate(indices) if i is not None)
    index_shape: Shape = ()
    for d in dims:
        try:
            index_shape = broadcast_pair(index_shape, indices[d]._shape)  # type: ignore[union-attr]
        except RuntimeError:
            shapes = ", ".join(str(list(indices[k]._shape)) for k in dims)  # type: ignore[union-attr]
            raise IndexError(
                f"shape mismatch: indexing tensors could not be broadcast together with shapes {shapes}"
            ) from None
    sizes = tuple(input._shape[d] for d in dims)
    steps = contiguous_strides(sizes)
    linear: Any = None
    for d, size, step in zip(dims, sizes, steps, strict=True):
        part = _wrapped(indices[d], size, d) * step
        linear = part if linear is None else linear + part
    rest = tuple(d for d in range(rank) if d not in dims)
    adjacent = dims == tuple(range(dims[0], dims[0] + len(dims)))
    return Places(linear.expand(index_shape), dims + rest, sizes, rest, index_shape, dims[0] if adjacent else 0)


def _wrapped(index_: Tensor, size: int, dim: int) -> Tensor:
    if index_._kind.dtype.category != int64.category:
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    index_ = index_.to(int64)
    if not index_._kind.backend.abstract and not index_._layer and count(index_):
        low, high = int(index_.amin()), int(index_.amax())
        if low < -size or high >= size:
            bad = low if low < -size else high
            raise IndexError(f"index {bad} is out of bounds for dimension {dim} with size {size}")
        if low >= 0:
            return index_
    return index_.where(index_ >= 0, index_ + size)


@composite(spaces=(), out=False)
def index(input: Tensor, indices: Sequence[Tensor | None]) -> Tensor:
    """Advanced indexing: element ``input[i0, i1, ...]`` for each element of the index tensors, broadcast together.

    Args:
        indices: per dim an int64 or bool tensor (which covers as many dims as it has), or None for the whole dim.

    Returns:
        The index tensors' shape in the place of the indexed dims if those are adjacent, otherwise in front.
    """
    p = _places(input, indices)
    shape = tuple(input._shape[d] for d in p.rest)
    flat = input.permute(p.order).reshape((_product(p.indexed), *shape))
    found = index_select(flat, 0, p.linear.reshape(-1)).reshape((*p.index_shape, *shape))
    return _move_front(found, len(p.index_shape), p.at)


def _product(shape: Shape) -> int:
    out = 1
    for n in shape:
        out *= n
    return out


def _move_front(x: Tensor, front: int, at: int) -> Tensor:
    """The first ``front`` dims moved to start at ``at``."""
    if at == 0 or front == 0:
        return x
    return x.movedim(tuple(range(front)), tuple(range(at, at + front)))


@composite(inplace=True, out=False)
def index_put(input: Tensor, indices: Sequence[Tensor | None], values: Tensor, accumulate: bool = False) -> Tensor:
    """A copy of ``input`` with ``values`` written (or added) where ``index`` would read.

    Raises:
        RuntimeError: ``values`` does not broadcast to what the indices select, or has another dtype.
    """
    if values._kind.dtype is not input._kind.dtype:
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, "
            f"got {input._kind.dtype} for the destination and {values._kind.dtype} for the source."
        )
    p = _places(input, indices)
    shape = tuple(input._shape[d] for d in p.rest)
    selected = (*shape[: p.at], *p.index_shape, *shape[p.at :])
    try:
        spread = values.expand(selected)
    except RuntimeError:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(values._shape)} cannot be broadcast to indexing result of "
            f"shape {list(selected)}"
        ) from None
    front = len(p.index_shape)
    if p.at and front:
        spread = spread.movedim(tuple(range(p.at, p.at + front)), tuple(range(front)))
    rows = _product(p.index_shape)
    flat = input.permute(p.order).reshape((_product(p.indexed), *shape))
    places = p.linear.reshape((rows, *[1] * len(shape))).expand((rows, *shape))
    written = scatter_src(flat, 0, places, spread.reshape((rows, *shape)), "sum" if accumulate else None)
    back = tuple(sorted(range(len(p.order)), key=p.order.__getitem__))
    return written.reshape(tuple(input._shape[d] for d in p.order)).permute(back)


# ---------------------------------------------------------------------------------------------------- order


@plan("input; dim, descending, stable", outputs=("values", "indices"), spaces=(), out=False)
def sort_dim(input: Tensor, dim: int, descending: bool, stable: bool) -> Plan:
    """Values in order along ``dim`` with their places; NaN counts as the largest. Equal elements keep their order."""
    if input._kind.dtype.is_complex:
        raise NotImplementedError(f"sort is not implemented for {input._kind.dtype}: complex numbers have no order")
    dim = canonical_dim(dim, len(input._shape))
    return (input,), (dim, descending, stable), (input._shape,) * 2, (input._kind.dtype, int64)


@sort_dim.vjp
def _sort_vjp(grads: tuple[Any, Any], indices: Tensor, input_shape: Shape, dim: int) -> Any:
    return grads[0].new_zeros(input_shape).scatter(dim, indices, grads[0])


@composite()
def sort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> ValuesIndices:
    """The elements in order along ``dim``, as the named tuple ``(values, indices)``. NaN counts as the largest.

    Example:
        >>> import tensorplug as tp
        >>> tp.sort(tp.tensor([3, 1, 2])).values
        tensor([1, 2, 3])
    """
    return ValuesIndices(*sort_dim(input, dim, descending, stable))


@composite()
def argsort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> Tensor:
    """The places of the elements in order along ``dim``."""
    return sort_dim(input, dim, descending, stable)[1]


@plan("input; k, dim, largest", outputs=("values", "indices"), spaces=(), out=False)
def top_elements(input: Tensor, k: int, dim: int, largest: bool) -> Plan:
    """The first ``k`` elements of ``sort_dim`` with their places; of a 0-d tensor its element."""
    if input._kind.dtype.is_complex:
        raise NotImplementedError(f"topk is not implemented for {input._kind.dtype}: complex numbers have no order")
    shape = (*input._shape[:dim], k, *input._shape[dim + 1 :]) if input._shape else ()
    return (input,), (k, dim, largest), (shape,) * 2, (input._kind.dtype, int64)


@top_elements.default
def _top_elements(input: Tensor, k: int, dim: int, largest: bool) -> tuple[Tensor, Tensor]:
    values, indices = sort_dim(input, dim, largest, True)
    if not input._shape:
        return values, indices
    return values.narrow(dim, 0, k), indices.narrow(dim, 0, k)


top_elements.vjp(_sort_vjp)


@composite()
def topk(input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> ValuesIndices:
    """The ``k`` largest (or smallest) elements along ``dim``, as the named tuple ``(values, indices)``.

    Raises:
        RuntimeError: there are fewer than ``k`` elements.

    Example:
        >>> import tensorplug as tp
        >>> tp.topk(tp.tensor([3, 1, 2]), 2).values
        tensor([3, 2])
    """
    dim = canonical_dim(dim, len(input._shape))
    room = input._shape[dim] if input._shape else 1
    if not 0 <= k <= room:
        raise RuntimeError(f"selected index k out of range: k is {k}, but dimension {dim} has size {room}")
    return ValuesIndices(*top_elements(input, k, dim, largest))
