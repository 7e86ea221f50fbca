"""Ops that make tensors from nothing but a shape: constants, ranges, random draws."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.device import Device
from tensorplug.dtypes import DType, int64
from tensorplug.ops.define import composite, plan
from tensorplug.promotion import fitting_number
from tensorplug.shapes import Shape, new_size

Tensor = Any


@plan("; size, value, dtype, device", spaces=(), out=False)
def filled(size: Shape, value: Any, dtype: DType, device: Device) -> Any:
    """Every element ``value``."""
    return (), (size, fitting_number(value, dtype), dtype, device), size, dtype, device


@plan("; start, step, count, dtype, device", spaces=(), out=False)
def counted(start: Any, step: Any, count: int, dtype: DType, device: Device) -> Any:
    """``start + i * step`` for ``i`` from 0 below ``count``, computed in float64 (integers: int64), then rounded."""
    return (), (start, step, count, dtype, device), (count,), dtype, device


@plan("; size, dtype, key, offset, device", spaces=(), out=False)
def random_uniform(size: Shape, dtype: DType, key: int, offset: int, device: Device) -> Any:
    """Uniform numbers in [0, 1): the draw of the project's random stream at (key, offset)."""
    return (), (size, dtype, key, offset, device), size, dtype, device


@plan("; size, dtype, key, offset, device", spaces=(), out=False)
def random_normal(size: Shape, dtype: DType, key: int, offset: int, device: Device) -> Any:
    """Normal numbers of mean 0 and variance 1: the draw of the project's random stream at (key, offset)."""
    return (), (size, dtype, key, offset, device), size, dtype, device


@plan("; size, low, high, key, offset, device", spaces=(), out=False)
def random_integers(size: Shape, low: int, high: int, key: int, offset: int, device: Device) -> Any:
    """int64 numbers in [low, high): the draw of the project's random stream at (key, offset)."""
    return (), (size, low, high, key, offset, device), size, int64, device


@plan("; size, dtype, device", spaces=(), out=False)
def uninitialized(size: Shape, dtype: DType, device: Device) -> Any:
    """Memory whose values may be anything."""
    return (), (size, dtype, device), size, dtype, device


@uninitialized.default
def _uninitialized(size: Shape, dtype: DType, device: Device) -> Tensor:
    return filled(size, 0, dtype, device)


# ---------------------------------------------------------------------------------------------------- like a tensor


def _target(input: Tensor, dtype: DType | None, device: Device | str | None) -> tuple[DType, Device]:
    kind = input._kind
    return dtype or kind.dtype, kind.device if device is None else Device(device)


def _filled(input: Tensor, size: Shape, value: Any, dtype: DType, device: Device) -> Tensor:
    """``filled``, with memory for every example where the input is batched: it may be written to in place."""
    if not input._layer:
        return filled(size, value, dtype, device)
    below = input._value
    return input._beside(_filled(below, (below._shape[0], *size), value, dtype, device))


def _uninitialized_like(input: Tensor, size: Shape, dtype: DType, device: Device) -> Tensor:
    """``uninitialized``, as ``_filled``."""
    if not input._layer:
        return uninitialized(size, dtype, device)
    below = input._value
    return input._beside(_uninitialized_like(below, (below._shape[0], *size), dtype, device))


def _finish(result: Tensor, requires_grad: bool) -> Tensor:
    return result.requires_grad_() if requires_grad else result


@composite(spaces=("Tensor",), out=False)
def new_full(
    input: Tensor,
    size: Any,
    fill_value: Any,
    *,
    dtype: DType | None = None,
    device: Device | str | None = None,
    requires_grad: bool = False,
    layout: Any = None,
    pin_memory: bool = False,
) -> Tensor:
    """A tensor of ``size`` filled with ``fill_value``, by default of this tensor's dtype and device."""
    return _finish(_filled(input, new_size((size,)), fill_value, *_target(input, dtype, device)), requires_grad)


@composite(spaces=("Tensor",), out=False)
def new_zeros(
    input: Tensor,
    *size: Any,
    dtype: DType | None = None,
    device: Device | str | None = None,
    requires_grad: bool = False,
    layout: Any = None,
    pin_memory: bool = False,
) -> Tensor:
    """Zeros of ``size``, by default of this tensor's dtype and device."""
    return _finish(_filled(input, new_size(size), 0, *_target(input, dtype, device)), requires_grad)


@composite(spaces=("Tensor",), out=False)
def new_ones(
    input: Tensor,
    *size: Any,
    dtype: DType | None = None,
    device: Device | str | None = None,
    requires_grad: bool = False,
    layout: Any = None,
    pin_memory: bool = False,
) -> Tensor:
    """Ones of ``size``, by default of this tensor's dtype and device."""
    return _finish(_filled(input, new_size(size), 1, *_target(input, dtype, device)), requires_grad)


@composite(spaces=("Tensor",), out=False)
def new_empty(
    input: Tensor,
    *size: Any,
    dtype: DType | None = None,
    device: Device | str | None = None,
    requires_grad: bool = False,
    layout: Any = None,
    pin_memory: bool = False,
) -> Tensor:
    """Memory of ``size`` whose values may be anything, by default of this tensor's dtype and device."""
    return _finish(_uninitialized_like(input, new_size(size), *_target(input, dtype, device)), requires_grad)


@composite(spaces=(), out=False)
def new_arange(input: Tensor, count: int) -> Tensor:
    """int64 numbers from 0 on this tensor's device."""
    return counted(0, 1, count, int64, input._kind.device)


@composite(spaces=("torch",), out=False)
def full_like(
    input: Tensor,
    fill_value: Any,
    *,
    dtype: DType | None = None,
    layout: Any = None,
    device: Device | str | None = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """A tensor of the input's shape filled with ``fill_value``."""
    return _finish(_filled(input, input._shape, fill_value, *_target(input, dtype, device)), requires_grad)


@composite(spaces=("torch",), out=False)
def zeros_like(
    input: Tensor,
    *,
    dtype: DType | None = None,
    layout: Any = None,
    device: Device | str | None = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Zeros of the input's shape."""
    return _finish(_filled(input, input._shape, 0, *_target(input, dtype, device)), requires_grad)


@composite(spaces=("torch",), out=False)
def ones_like(
    input: Tensor,
    *,
    dtype: DType | None = None,
    layout: Any = None,
    device: Device | str | None = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Ones of the input's shape."""
    return _finish(_filled(input, input._shape, 1, *_target(input, dtype, device)), requires_grad)


@composite(spaces=("torch",), out=False)
def empty_like(
    input: Tensor,
    *,
    dtype: DType | None = None,
    layout: Any = None,
    device: Device | str | None = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Memory of the input's shape whose values may be anything."""
    return _finish(_uninitialized_like(input, input._shape, *_target(input, dtype, device)), requires_grad)


def range_count(start: float, end: float, step: float) -> int:
    """How many numbers ``arange(start, end, step)`` has.

    Raises:
        RuntimeError: ``step`` is zero or leads away from ``end``.
    """
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    if all(isinstance(v, int) for v in (start, end, step)):
        return -((start - end) // step) if step > 0 else -((end - start) // -step)  # type: ignore[return-value]
    return math.ceil((end - start) / step)
