"""Views of the same bytes as numbers of another dtype."""

from __future__ import annotations

from typing import Any

from tensorplug.autograd.grad_mode import state
from tensorplug.base import Reinterpreted, storage_of, strides_of, wrap
from tensorplug.dtypes import DType
from tensorplug.registry import kind_of
from tensorplug.shapes import Shape

Tensor = Any


def shown(input: Tensor, dtype: DType, shape: Shape, strides: Shape, offset: int) -> Tensor | None:
    """Memory of ``input`` as ``dtype``, strides and offset counted in it; None where there is no such view.

    The graph knows no views between dtypes, so there is none of a tensor whose ops are recorded; nor inside
    interpreters, nor where the backend cannot have one.
    """
    if input._layer or state.interpreters or (input._tracked and state.grad and input.requires_grad):
        return None
    kind = input._kind
    storage = storage_of(input)
    root = storage.root if isinstance(storage, Reinterpreted) else storage
    array = kind.backend.reinterpret(root.array, dtype)
    if array is None:
        return None
    made = wrap(kind.backend.view(array, shape, strides, offset), kind_of(kind.device, dtype), shape)
    made._storage, made._strides, made._offset = Reinterpreted(root, array), strides, offset
    made._inference = input._inference
    return made


def view_as_dtype(input: Tensor, dtype: DType) -> Tensor:
    """The bytes of ``input`` as another dtype; the last dim grows or shrinks with the size of the elements.

    Raises:
        RuntimeError: the last dim cannot be divided so, its elements do not lie side by side, or gradients would have
            to flow through bytes.
        NotImplementedError: the device cannot show memory as another dtype.
    """
    own, kind = input._kind.dtype, input._kind
    if dtype is own:
        return input.view(input._shape)
    if input.requires_grad and state.grad and dtype.is_differentiable:
        raise RuntimeError(f"view({dtype}): gradients do not flow through the bytes of {own}; detach the tensor first")
    shape, strides, offset = _regrouped(input, own.itemsize, dtype)
    found = shown(input.detach(), dtype, shape, strides, offset)
    if found is None:
        raise NotImplementedError(
            f"view({dtype}): '{kind.device}' cannot show the bytes of {own} as another dtype here"
        )
    return found


def _regrouped(input: Tensor, size: int, dtype: DType) -> tuple[Shape, Shape, int]:
    """The geometry of ``input``, whose elements take ``size`` bytes, counted in elements of ``dtype``."""
    shape, strides, offset, new = input._shape, strides_of(input), input._offset, dtype.itemsize
    if new == size:
        return shape, strides, offset
    if not shape or strides[-1] != 1:
        raise RuntimeError(
            f"view({dtype}): elements of {size} bytes can be regrouped to {new} along a last dim of stride 1, got "
            f"shape {list(shape)} and strides {list(strides)}"
        )
    places = (*strides[:-1], shape[-1], offset)
    if any(place * size % new for place in places):
        raise RuntimeError(
            f"view({dtype}): the last dim, the other strides and the offset must be whole numbers of {new} bytes, got "
            f"shape {list(shape)}, strides {list(strides)} and offset {offset} of {size} bytes each"
        )
    *steps, last, start = [place * size // new for place in places]
    return (*shape[:-1], last), (*steps, 1), start
