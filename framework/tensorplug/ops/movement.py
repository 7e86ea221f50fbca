"""Ops that move elements without changing them: views (geometry over the same memory) and copies."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

from tensorplug import dispatch
from tensorplug.autograd.recording import record, set_view_ops
from tensorplug.base import TensorBase, count, strides_of, view_array, wrap
from tensorplug.device import Device
from tensorplug.dispatch import Plan, ViewPlan, common_device, result_type, show
from tensorplug.dtypes import DType, int64
from tensorplug.op import PRIMITIVE, Op, add_to_table
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import composite, plan, view
from tensorplug.registry import kind_of
from tensorplug.shapes import (
    Shape,
    broadcast_pair,
    canonical_dim,
    contiguous_strides,
    flat_size,
    infer_size,
    is_contiguous,
    view_strides,
)

Tensor = Any
Geometry = tuple[Shape, Shape, int]


# ---------------------------------------------------------------------------------------------------- conversions


@plan("input; dtype", spaces=(), out=False)
def cast(input: Tensor, dtype: DType) -> Plan:
    """The same values in another dtype: floats lose their fraction as integers, nonzero is True as bool."""
    return (input,), (dtype,), input._shape, dtype


cast.grads(
    input=lambda g, input_dtype: (g.real if g.dtype.is_complex and not input_dtype.is_complex else g).to(input_dtype)
)


@plan("input", out=False)
def clone(input: Tensor, *, memory_format: Any = None) -> Plan:
    """A copy in fresh memory, C-contiguous. Gradients flow through.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.tensor([1, 2])
        >>> y = x.clone()
        >>> y[0] = 5
        >>> x
        tensor([1, 2])
    """
    return (input,), (), input._shape, input._kind.dtype


clone.grads(input=lambda g: g)


@plan("input, src", spaces=(), out=False)
def overwritten(input: Tensor, src: Tensor) -> Plan:
    """``src`` in the shape of ``input``, whose values no longer matter: what ``copy_`` leaves behind."""
    return (input, src), (), input._shape, input._kind.dtype


overwritten.default(lambda input, src: clone(src.expand(input._shape)))
overwritten.grads(
    input=lambda g: g.new_zeros(g._shape), src=lambda g, src_shape, src_dtype: g.sum_to_size(src_shape).to(src_dtype)
)


@composite(spaces=("Tensor",), out=False)
def contiguous(input: Tensor, memory_format: Any = None) -> Tensor:
    """``input`` itself where its elements lie in C order without gaps, otherwise a copy that does."""
    return input if is_contiguous(input._shape, strides_of(input)) else clone(input)


def _to_device(input: Tensor, device: Device) -> Tensor:
    """A copy on another device, through the host unless a plugin converts directly."""
    return to_device(input, device)


to_device_op = add_to_table(Op("to_device", PRIMITIVE, _to_device, "input; device", spaces=(), out=False))
to_device_op.grads(input=lambda g, input_dtype: g)


def to_device(input: Tensor, device: Device, converter: Any = None) -> Tensor:
    """A copy of ``input`` on ``device``, recorded so that its gradient comes back to the input's device."""
    kind = kind_of(device, input._kind.dtype)
    if kind.backend.abstract:
        array = kind.backend.empty(input._shape, kind.dtype, kind.device)
    elif input._kind.backend.abstract:
        raise NotImplementedError("Cannot copy out of meta tensor; no data!")
    elif converter is not None:
        array = converter(input._array, kind.device)
    else:
        array = kind.backend.from_host(input._kind.backend.to_host(input._array), kind.device)
    result = wrap(array, kind, input._shape)
    if input._tracked:
        record(to_device_op, (input,), (device,), (result,))
    return result


# ---------------------------------------------------------------------------------------------------- strided views


def _extent(shape: Shape, strides: Shape, offset: int) -> int:
    if 0 in shape:
        return offset
    return offset + 1 + builtins.sum((n - 1) * s for n, s in zip(shape, strides, strict=True))


def _overlaps(shape: Shape, strides: Shape) -> bool:
    """Whether two elements may share memory; sorted by stride, each step must pass over all smaller ones."""
    reach = 0
    for stride, n in sorted((s, n) for s, n in zip(strides, shape, strict=True) if n > 1):
        if stride <= reach:
            return True
        reach += stride * (n - 1)
    return False


def _flat(g: Tensor, strides: Shape | None, offset: int, size: int) -> Tensor:
    """``g`` laid out in one dim as memory of at least ``size`` elements with these strides would hold it."""
    if strides is None or (offset == 0 and is_contiguous(g._shape, strides) and count(g) >= size):
        return g.contiguous().reshape(-1)
    size = max(size, _extent(g._shape, strides, offset))
    return as_strided_scatter(g.new_zeros((size,)), g, g._shape, strides, offset)


@view("input; size, stride, offset, base_stride, base_offset")
def as_strided(
    input: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None
) -> ViewPlan:
    """A view with any shape and strides over the memory of ``input``.

    Args:
        size, stride: one stride (in elements, not negative) for each dim.
        storage_offset: the first element's place in memory; that of ``input`` by default.

    Raises:
        RuntimeError: the geometry leaves the memory, or a stride is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.arange(4).as_strided((3, 2), (1, 1))
        tensor([[0, 1],
                [1, 2],
                [2, 3]])
    """
    shape, strides = flat_size((size,)), flat_size((stride,))
    base_strides = strides_of(input)
    offset = input._offset if storage_offset is None else storage_offset
    if len(shape) != len(strides):
        raise RuntimeError(f"as_strided: mismatch in length of strides and shape: {list(shape)} and {list(strides)}")
    if any(s < 0 for s in strides) or offset < 0 or any(n < 0 for n in shape):
        raise RuntimeError(
            f"as_strided: Negative sizes, strides and offsets are not supported, got {shape}, {strides}, {offset}"
        )
    room = storage_size(input)
    if _extent(shape, strides, offset) > room and 0 not in shape:
        raise RuntimeError(
            f"setStorage: sizes {list(shape)}, strides {list(strides)}, storage offset {offset} are out of bounds for "
            f"storage of {room} elements"
        )
    return input, (shape, strides, offset, base_strides, input._offset), shape, strides, offset


def storage_size(tensor: Tensor) -> int:
    """The number of elements of the tensor's memory."""
    root = tensor if tensor._base is None else tensor._base
    return max(
        _extent(root._shape, strides_of(root), root._offset), _extent(tensor._shape, strides_of(tensor), tensor._offset)
    )


def _as_strided_input(
    g: Tensor, input_shape: Shape, size: Shape, stride: Shape, offset: int, base_stride: Shape | None, base_offset: int
) -> Tensor:
    base_stride = contiguous_strides(input_shape) if base_stride is None else base_stride
    room = max(_extent(input_shape, base_stride, base_offset), _extent(size, stride, offset))
    memory = g.new_zeros((room,))
    if _overlaps(size, stride):
        places = new_arange(g, room).as_strided(size, stride, offset).reshape(-1)
        memory = memory.index_add(0, places, g.reshape(-1))
    else:
        memory = as_strided_scatter(memory, g, size, stride, offset)
    return memory.as_strided(input_shape, base_stride, base_offset)


as_strided.grads(input=_as_strided_input)


@plan("input, src; size, stride, offset, base_stride, base_offset", spaces=("torch", "Tensor"), out=False)
def as_strided_scatter(
    input: Tensor, src: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None
) -> Plan:
    """A copy of ``input`` in which the elements that ``as_strided`` would show are replaced by ``src``."""
    shape, strides = flat_size((size,)), flat_size((stride,))
    if src._shape != shape:
        raise RuntimeError(f"expected src to have a size equal to the view of input: {list(src._shape)}, {list(shape)}")
    params = (shape, strides, storage_offset or 0, None, 0)
    return (input, src.to(input._kind.dtype)), params, input._shape, input._kind.dtype


@as_strided_scatter.default
def _as_strided_scatter(
    input: Tensor, src: Tensor, size: Shape, stride: Shape, offset: int, base_stride: Any, base_offset: int
) -> Tensor:
    result = clone(input)
    result._kind.backend.copy_into(view_array(result, size, stride, offset), src._array)
    return result


@as_strided_scatter.vjp
def _as_strided_scatter_vjp(
    g: Tensor,
    input_shape: Shape,
    size: Shape,
    stride: Shape,
    offset: int,
    base_stride: Shape | None,
    base_offset: int,
    needs: tuple[bool, ...],
) -> tuple[Any, Any]:
    memory = _flat(g, base_stride, base_offset, _extent(size, stride, offset))
    grad_input = grad_src = None
    if needs[0]:
        cleared = as_strided_scatter(memory, g.new_zeros(size), size, stride, offset)
        layout = contiguous_strides(input_shape) if base_stride is None else base_stride
        grad_input = cleared.as_strided(input_shape, layout, base_offset)
    if needs[1]:
        grad_src = memory.as_strided(size, stride, memory._offset + offset)
    return grad_input, grad_src


set_view_ops(as_strided, as_strided_scatter)


# ---------------------------------------------------------------------------------------------------- reshaping views


@view("input; shape", spaces=("Tensor",))
def view_(input: Tensor, *shape: Any) -> Any:
    """The same memory with another shape; one size may be -1. With a dtype, the same bytes as that dtype.

    Raises:
        RuntimeError: the number of elements differs, or strides cannot express the shape (use ``reshape``).

    Example:
        >>> import tensorplug as tp
        >>> tp.arange(6).view(2, -1)
        tensor([[0, 1, 2],
                [3, 4, 5]])
    """
    if len(shape) == 1 and isinstance(shape[0], DType):
        raise NotImplementedError(
            f"view({shape[0]}): showing the bytes of {input._kind.dtype} as another dtype is not supported"
        )
    wanted = infer_size(flat_size(shape), count(input))
    strides = view_strides(input._shape, strides_of(input), wanted)
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
    wanted = infer_size(flat_size(shape), count(input))
    strides = view_strides(input._shape, strides_of(input), wanted)
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
    if not shape:
        return reshape(input, (1,))
    first, last = canonical_dim(start_dim, len(shape)), canonical_dim(end_dim, len(shape))
    if first > last:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if first == last:
        return input
    middle = 1
    for n in shape[first : last + 1]:
        middle *= n
    return reshape(input, (*shape[:first], middle, *shape[last + 1 :]))


@composite(out=False)
def ravel(input: Tensor) -> Tensor:
    """All elements in one dim."""
    return reshape(input, (-1,))


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
    shape, strides = input._shape, strides_of(input)
    rank = len(shape)
    asked = range(rank) if dim is None else (dim,) if isinstance(dim, int) else dim
    dims = tuple(sorted({d for d in (canonical_dim(a, rank) for a in asked) if rank and shape[d] == 1}))
    kept = [d for d in range(rank) if d not in dims]
    return input, (dims,), tuple(shape[d] for d in kept), tuple(strides[d] for d in kept), input._offset


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
    shape, strides = input._shape, strides_of(input)
    given = flat_size(dims)
    if len(given) != len(shape):
        raise RuntimeError(
            f"permute(): {list(given)} is no order of all {len(shape)} dims of a tensor of shape {list(shape)}"
        )
    order = tuple(canonical_dim(d, len(shape)) for d in given)
    if len(set(order)) != len(order):
        raise RuntimeError(f"permute(): duplicate dims are not allowed, got {list(given)}")
    return input, (order,), tuple(shape[d] for d in order), tuple(strides[d] for d in order), input._offset


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


# ---------------------------------------------------------------------------------------------------- parts


@view("input; dim, start, end, step", spaces=(), out=False)
def slice_dim(input: Tensor, dim: int, start: int, end: int, step: int) -> ViewPlan:
    """Every ``step``-th element of a dim from ``start`` to before ``end`` (all within bounds, step positive)."""
    return (
        input,
        (dim, start, end, step),
        *slice_geometry(input._shape, strides_of(input), input._offset, dim, start, end, step),
    )


def slice_geometry(shape: Shape, strides: Shape, offset: int, dim: int, start: int, end: int, step: int) -> Geometry:
    """Where a slice of a dim lies."""
    size = max(0, -(-(end - start) // step))
    out_shape = (*shape[:dim], size, *shape[dim + 1 :])
    out_strides = (*strides[:dim], strides[dim] * step, *strides[dim + 1 :])
    return out_shape, out_strides, offset + (start * strides[dim] if size else 0)


def _slice_input(g: Tensor, input_shape: Shape, dim: int, start: int, end: int, step: int) -> Tensor:
    layout = contiguous_strides(input_shape)
    return place_in_zeros(g, input_shape, slice_geometry(input_shape, layout, 0, dim, start, end, step))


slice_dim.grads(input=_slice_input)


@view("input; dim, index")
def select(input: Tensor, dim: int, index: int) -> ViewPlan:
    """The slice at ``index`` of a dim, without that dim.

    Raises:
        IndexError: ``index`` is out of range, or ``input`` is 0-d.

    Example:
        >>> import tensorplug as tp
        >>> tp.tensor([[1, 2], [3, 4]]).select(1, 0)
        tensor([1, 3])
    """
    shape = input._shape
    if not shape:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    dim = canonical_dim(dim, len(shape))
    if not -shape[dim] <= index < shape[dim]:
        raise IndexError(f"index {index} is out of bounds for dimension {dim} with size {shape[dim]}")
    index += shape[dim] if index < 0 else 0
    return input, (dim, index), *select_geometry(shape, strides_of(input), input._offset, dim, index)


def select_geometry(shape: Shape, strides: Shape, offset: int, dim: int, index: int) -> Geometry:
    """Where one slice of a dim lies."""
    start = offset + index * strides[dim]
    return (*shape[:dim], *shape[dim + 1 :]), (*strides[:dim], *strides[dim + 1 :]), start


def _select_input(g: Tensor, input_shape: Shape, dim: int, index: int) -> Tensor:
    return place_in_zeros(g, input_shape, select_geometry(input_shape, contiguous_strides(input_shape), 0, dim, index))


select.grads(input=_select_input)


@composite(out=False)
def narrow(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """``length`` elements of a dim from ``start``.

    Raises:
        RuntimeError: they are not all within the dim.
        IndexError: ``start`` is out of range.
    """
    dim, start, length = canonical_dim(dim, len(input._shape)), int(start), int(length)
    if not input._shape:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    size = input._shape[dim]
    if not -size <= start <= size:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-size}, {size}], but got {start})")
    start += size if start < 0 else 0
    if length < 0 or start + length > size:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({size}).")
    return slice_dim(input, dim, start, start + length, 1)


@composite(out=False)
def split(input: Tensor, split_size_or_sections: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Views of consecutive parts of a dim: of one size (the last may be smaller), or of the sizes given.

    Example:
        >>> import tensorplug as tp
        >>> [p.tolist() for p in tp.split(tp.arange(5), 2)]
        [[0, 1], [2, 3], [4]]
    """
    dim = canonical_dim(dim, len(input._shape))
    if not input._shape:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    size = input._shape[dim]
    if isinstance(split_size_or_sections, int):
        step = split_size_or_sections
        if step < 0 or (step == 0 and size):
            raise RuntimeError(f"split expects split_size be non-negative, but got split_size={step}")
        bounds = [(s, min(s + step, size)) for s in range(0, size, step or 1)] or [(0, 0)]
    else:
        sizes = list(split_size_or_sections)
        if builtins.sum(sizes) != size or any(n < 0 for n in sizes):
            raise RuntimeError(
                f"split_with_sizes expects split_sizes to sum exactly to {size} (input tensor's size at dimension "
                f"{dim}), but got split_sizes={sizes}"
            )
        ends = [builtins.sum(sizes[: i + 1]) for i in range(len(sizes))]
        bounds = [(end - n, end) for end, n in zip(ends, sizes, strict=True)]
    return tuple(slice_dim(input, dim, start, end, 1) for start, end in bounds)


@composite(out=False)
def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """At most ``chunks`` views of consecutive parts of a dim, of equal size but for the last.

    Example:
        >>> import tensorplug as tp
        >>> [c.tolist() for c in tp.chunk(tp.arange(5), 2)]
        [[0, 1, 2], [3, 4]]
    """
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    dim = canonical_dim(dim, len(input._shape))
    if not input._shape:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    size = input._shape[dim]
    return split(input, [0] * chunks if size == 0 else -(-size // chunks), dim)


@composite(out=False)
def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """Views of all slices along a dim."""
    dim = canonical_dim(dim, len(input._shape))
    if not input._shape:
        raise RuntimeError("unbind: Dimension specified as 0 but tensor has no dimensions")
    return tuple(select(input, dim, i) for i in range(input._shape[dim]))


# ---------------------------------------------------------------------------------------------------- joining


def _as_tensors(name: str, tensors: Sequence[Tensor]) -> tuple[Tensor, ...]:
    if not isinstance(tensors, list | tuple):
        raise TypeError(f"{name}(): 'tensors' must be a list or tuple of Tensors, not {type(tensors).__name__}")
    for position, tensor in enumerate(tensors):
        if not isinstance(tensor, TensorBase):
            raise TypeError(f"{name}(): expected Tensor as element {position}, but got {type(tensor).__name__}")
    return tuple(tensors)


@plan("*tensors; dim", spaces=("torch",), aliases=("concat", "concatenate"))
def cat(tensors: Sequence[Tensor], dim: int = 0) -> Plan:
    """The tensors one after the other along an existing dim.

    Args:
        tensors: of one shape but for ``dim``; 1-d tensors without elements are skipped.
        dim: the dim to join along.

    Raises:
        RuntimeError: sizes differ in another dim, or there are no tensors.

    Example:
        >>> import tensorplug as tp
        >>> tp.cat([tp.tensor([[1, 2]]), tp.tensor([[3, 4]])], dim=0)
        tensor([[1, 2],
                [3, 4]])
    """
    given = _as_tensors("cat", tensors)
    if not given:
        raise ValueError("cat(): expected a non-empty list of Tensors")
    for position, tensor in enumerate(given):
        if not tensor._shape:
            raise RuntimeError(f"zero-dimensional tensor (at position {position}) cannot be concatenated")
    dtype = result_type(*given)
    device = common_device("cat", given)
    used = tuple(x.to(device=device, dtype=dtype) for x in given if x._shape != (0,))
    if not used:
        return (given[:1],), (0,), (0,), dtype
    first = used[0]._shape
    dim = canonical_dim(dim, len(first))
    for position, tensor in enumerate(used[1:], 1):
        _check_joinable(first, tensor._shape, dim, position)
    size = builtins.sum(x._shape[dim] for x in used)
    return (used,), (dim,), (*first[:dim], size, *first[dim + 1 :]), dtype


def _check_joinable(first: Shape, shape: Shape, dim: int, position: int) -> None:
    if len(first) != len(shape):
        raise RuntimeError(f"Tensors must have same number of dimensions: got {len(first)} and {len(shape)}")
    for d, (m, n) in enumerate(zip(first, shape, strict=True)):
        if d != dim and m != n:
            raise RuntimeError(
                f"Sizes of tensors must match except in dimension {dim}. Expected size {m} but got size {n} for tensor "
                f"number {position} in the list."
            )


@cat.vjp
def _cat_vjp(g: Tensor, tensors_shape: tuple[Shape, ...], dim: int, needs: tuple[Any, ...]) -> tuple[Any]:
    grads: list[Any] = []
    start = 0
    for shape, wanted in zip(tensors_shape, needs[0], strict=True):
        end = start + shape[dim]
        grads.append(slice_dim(g, dim, start, end, 1) if wanted else None)
        start = end
    return (grads,)


@composite(spaces=("torch",))
def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """The tensors, all of one shape, along a new dim.

    Raises:
        RuntimeError: shapes differ, or there are no tensors.

    Example:
        >>> import tensorplug as tp
        >>> tp.stack([tp.tensor([1, 2]), tp.tensor([3, 4])], dim=1)
        tensor([[1, 3],
                [2, 4]])
    """
    given = _as_tensors("stack", tensors)
    if not given:
        raise RuntimeError("stack expects a non-empty TensorList")
    first = given[0]._shape
    for position, tensor in enumerate(given):
        if tensor._shape != first:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(first)} at entry 0 and "
                f"{list(tensor._shape)} at entry {position}"
            )
    dim = canonical_dim(dim, len(first) + 1)
    return cat([tensor.unsqueeze(dim) for tensor in given], dim)


def _as_dims(tensors: Sequence[Tensor], rank: int) -> list[Tensor]:
    return [x.reshape((1,) * (rank - len(x._shape)) + x._shape) if len(x._shape) < rank else x for x in tensors]


@composite(spaces=("torch",))
def hstack(tensors: Sequence[Tensor]) -> Tensor:
    """The tensors side by side: along dim 1, of 1-d tensors along dim 0."""
    given = _as_dims(tensors, 1)
    return cat(given, 0 if len(given[0]._shape) == 1 else 1)


@composite(spaces=("torch",), aliases=("row_stack",))
def vstack(tensors: Sequence[Tensor]) -> Tensor:
    """The tensors one below the other; 1-d tensors are rows."""
    return cat(_as_dims(tensors, 2), 0)


# ---------------------------------------------------------------------------------------------------- copies


@plan("input; dims", out=False)
def flip(input: Tensor, *dims: Any) -> Any:
    """The elements of ``dims`` in reverse order.

    Example:
        >>> import tensorplug as tp
        >>> tp.flip(tp.tensor([[1, 2], [3, 4]]), (1,))
        tensor([[2, 1],
                [4, 3]])
    """
    rank = len(input._shape)
    order = tuple(canonical_dim(d, rank) for d in flat_size(dims))
    if len(set(order)) != len(order):
        raise RuntimeError(f"dim {order[0]} appears multiple times in the list of dims")
    return (input,), (order if rank else (),), input._shape, input._kind.dtype


flip.grads(input=lambda g, dims: g.flip(dims))


@composite(out=False)
def fliplr(input: Tensor) -> Tensor:
    """Columns in reverse order."""
    return flip(input, (1,))


@composite(out=False)
def flipud(input: Tensor) -> Tensor:
    """Rows in reverse order."""
    return flip(input, (0,))


@composite(out=False)
def roll(input: Tensor, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Tensor:
    """Elements shifted along ``dims`` (flat without them); those that leave at the end come back in front.

    Example:
        >>> import tensorplug as tp
        >>> tp.roll(tp.arange(4), 1)
        tensor([3, 0, 1, 2])
    """
    steps = (shifts,) if isinstance(shifts, int) else tuple(shifts)
    if dims is None or (not isinstance(dims, int) and not tuple(dims)):
        return roll(input.reshape(-1), steps[0], 0).reshape(input._shape)
    along = (dims,) if isinstance(dims, int) else tuple(dims)
    if len(steps) != len(along):
        raise RuntimeError(f"shifts and dimensions must align. shifts: {len(steps)}, dims:{len(along)}")
    for step, dim in zip(steps, along, strict=True):
        dim = canonical_dim(dim, len(input._shape))
        size = input._shape[dim] if input._shape else 0
        if size:
            cut = size - step % size
            input = cat((slice_dim(input, dim, cut, size, 1), slice_dim(input, dim, 0, cut, 1)), dim)
    return input.clone() if not steps else input


@composite(spaces=("Tensor",), out=False)
def repeat(input: Tensor, *repeats: Any) -> Tensor:
    """``input`` side by side, ``repeats[d]`` times along dim ``d``; new dims come in front.

    Example:
        >>> import tensorplug as tp
        >>> tp.tensor([1, 2]).repeat(2, 2)
        tensor([[1, 2, 1, 2],
                [1, 2, 1, 2]])
    """
    times = flat_size(repeats)
    if len(times) < len(input._shape):
        raise RuntimeError("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor")
    shape = (1,) * (len(times) - len(input._shape)) + input._shape
    doubled = [n for pair in zip((1,) * len(shape), shape, strict=True) for n in pair]
    spread = [n for pair in zip(times, shape, strict=True) for n in pair]
    final = tuple(n * m for n, m in zip(times, shape, strict=True))
    return input.reshape(doubled).expand(spread).clone().reshape(final)


@composite(out=False)
def tile(input: Tensor, *dims: Any) -> Tensor:
    """Like ``repeat``, with ones put in front of ``dims`` that are too few."""
    times = flat_size(dims)
    return repeat(input, (1,) * (len(input._shape) - len(times)) + times)


@composite(out=False)
def repeat_interleave(
    input: Tensor, repeats: int | Tensor | None = None, dim: int | None = None, *, output_size: int | None = None
) -> Tensor:
    """Each element repeated ``repeats`` times in place, along ``dim`` or flat.

    Example:
        >>> import tensorplug as tp
        >>> tp.repeat_interleave(tp.tensor([1, 2]), 2)
        tensor([1, 1, 2, 2])
    """
    if repeats is None:
        return repeat_interleave(new_arange(input, input._shape[0]), input, 0)
    if dim is None:
        input, dim = input.reshape(-1), 0
    dim = canonical_dim(dim, len(input._shape))
    size = input._shape[dim]
    if isinstance(repeats, int):
        places = new_arange(input, size).unsqueeze(1).expand(size, repeats).reshape(-1)
    else:
        times = repeats.expand(size) if count(repeats) == 1 else repeats
        places = cat(
            [new_arange(input, 1).add(i).expand(n) for i, n in enumerate(times.tolist())] or [new_arange(input, 0)]
        )
    return input.index_select(dim, places.to(int64))


@plan("input; pad, value", spaces=(), out=False)
def constant_pad(input: Tensor, pad: Sequence[tuple[int, int]], value: Any) -> Plan:
    """``value`` added before and after each dim: one pair of counts (not negative) per dim."""
    shape = tuple(n + before + after for n, (before, after) in zip(input._shape, pad, strict=True))
    return (input,), (tuple(pad), dispatch.python_number(value, input._kind.dtype)), shape, input._kind.dtype


@constant_pad.default
def _constant_pad(input: Tensor, pad: tuple[tuple[int, int], ...], value: Any) -> Tensor:
    shape = tuple(n + before + after for n, (before, after) in zip(input._shape, pad, strict=True))
    result = input.new_full(shape, value)
    inner = result
    for dim, (before, _) in enumerate(pad):
        inner = slice_dim(inner, dim, before, before + input._shape[dim], 1)
    result._kind.backend.copy_into(inner._array, input._array)
    return result


def _constant_pad_input(g: Tensor, input_shape: Shape, pad: tuple[tuple[int, int], ...]) -> Tensor:
    for dim, (before, _) in enumerate(pad):
        g = slice_dim(g, dim, before, before + input_shape[dim], 1)
    return g


constant_pad.grads(input=_constant_pad_input)
