"""Copies: to other dtypes and devices, and into memory of their own."""

from __future__ import annotations

from typing import Any

from tensorplug.autograd.recording import record
from tensorplug.base import strides_of, wrap
from tensorplug.device import Device
from tensorplug.dispatch import Plan
from tensorplug.dtypes import DType
from tensorplug.op import PRIMITIVE, Op, add_to_table, table
from tensorplug.ops.define import composite, plan
from tensorplug.registry import kind_of
from tensorplug.shapes import (
    Shape,
    is_contiguous,
)

Tensor = Any
Geometry = tuple[Shape, Shape, int]


# ---------------------------------------------------------------------------------------------------- conversions


@plan("input; dtype", spaces=(), out=False)
def cast(input: Tensor, dtype: DType) -> Plan:
    """The same values in another dtype: floats lose their fraction as integers, nonzero is True as bool."""
    return (input,), (dtype,), input._shape, dtype


cast.grads(
    input=lambda g, input_dtype: (
        table["real_part"].call(g) if g.dtype.is_complex and not input_dtype.is_complex else g
    ).to(input_dtype)
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
