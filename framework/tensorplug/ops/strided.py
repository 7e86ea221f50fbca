"""Views of any strides, and their inverse, with which changes in place through views are recorded."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

from tensorplug.autograd.recording import set_view_ops
from tensorplug.base import count, strides_of, view_array
from tensorplug.dispatch import Plan, ViewPlan
from tensorplug.ops.copying import clone
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import plan, view
from tensorplug.shapes import (
    Shape,
    contiguous_strides,
    flat_size,
    is_contiguous,
)

Tensor = Any
Geometry = tuple[Shape, Shape, int]


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


@view("input; size, stride, offset, base_stride, base_offset", inplace=True)
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
