"""Extrema, limits, choices between values, and sums of three operands."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.base import AnyTensor, TensorBase
from tensorplug.device import Device
from tensorplug.dispatch import Plan
from tensorplug.dtypes import BOOL, INTEGER, DType
from tensorplug.ops.creation import filled
from tensorplug.ops.define import (
    binary,
    composite,
    plan,
    real,
)
from tensorplug.promotion import common_device, operands, result_type
from tensorplug.shapes import broadcast_shapes

Tensor = Any
Number = Any


# ---------------------------------------------------------------------------------------------------- choice and limits


@binary(real)
def maximum(input: Tensor, other: Tensor) -> Tensor:
    """The larger of each pair; NaN where either is NaN. Where both are equal each gets half the gradient."""


@binary(real)
def minimum(input: Tensor, other: Tensor) -> Tensor:
    """The smaller of each pair; NaN where either is NaN. Where both are equal each gets half the gradient."""


def _share(g: Tensor, passed_over: Tensor, tie: Tensor) -> Tensor:
    # With NaN neither is passed over, so both get the gradient.
    return (g / 2).where(tie, g).masked_fill(passed_over, 0)


maximum.grads(
    input=lambda g, input, other: _share(g, input < other, input == other),
    other=lambda g, input, other: _share(g, other < input, input == other),
)
minimum.grads(
    input=lambda g, input, other: _share(g, input > other, input == other),
    other=lambda g, input, other: _share(g, other > input, input == other),
)


@plan("input, min, max", inplace=True, broadcasts=True, aliases=("clip",))
def clamp(input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Plan:
    """Limits each element to [``min``, ``max``]; where ``min > max`` the result is ``max``. NaN stays NaN.

    Args:
        input: a real tensor.
        min, max: numbers or tensors that broadcast with ``input``; at least one.

    Raises:
        RuntimeError: neither limit is given.

    Example:
        >>> import tensorplug as tp
        >>> tp.clamp(tp.tensor([-2.0, 0.5, 3.0]), 0, 1)
        tensor([0.0000, 0.5000, 1.0000])
    """
    given = [v for v in (min, max) if v is not None]
    if not given:
        raise RuntimeError("clamp: At least one of 'min' or 'max' must not be None")
    (input, *limits), dtype, shape, _ = operands("clamp", real, (input, *given))
    low = limits.pop(0) if min is not None else None
    high = limits.pop(0) if max is not None else None
    return (input, low, high), (), shape, dtype


@clamp.default
def _clamp(input: Tensor, min: Tensor | Number | None, max: Tensor | Number | None) -> Tensor:
    if min is not None:
        input = maximum(input, min)
    return minimum(input, max) if max is not None else input


def _clamp_input(g: Tensor, input: Tensor, min: Any, max: Any) -> Tensor:
    if min is not None:
        g = g.masked_fill(~(input >= min), 0)
    return g.masked_fill(~(input <= max), 0) if max is not None else g


def _clamp_min(g: Tensor, input: Tensor, min: Any, max: Any) -> Tensor:
    chosen = input < min
    return g.masked_fill(~(chosen & (max > min) if max is not None else chosen), 0)


def _clamp_max(g: Tensor, input: Tensor, min: Any, max: Any) -> Tensor:
    chosen = input > max
    return g.masked_fill(~(chosen | (max < min) if min is not None else chosen), 0)


clamp.grads(input=_clamp_input, min=_clamp_min, max=_clamp_max)


@composite(inplace=True)
def clamp_min(input: Tensor, min: Tensor | Number) -> Tensor:
    """Limits each element to at least ``min``."""
    return input.clamp(min=min)


@composite(inplace=True)
def clamp_max(input: Tensor, max: Tensor | Number) -> Tensor:
    """Limits each element to at most ``max``."""
    return input.clamp(max=max)


class _Places(tuple[Any, ...]):
    """A result that is no plan, though it is a tuple."""

    __slots__ = ()


@plan("condition, input, other", broadcasts=True, spaces=("torch",))
def where(condition: Tensor, input: Tensor | Number | None = None, other: Tensor | Number | None = None) -> Any:
    """``input`` where ``condition`` holds, ``other`` elsewhere.

    Args:
        condition: a bool tensor.
        input, other: tensors or numbers that broadcast with ``condition``; without them the result is
            ``nonzero(condition, as_tuple=True)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.where(tp.tensor([True, False]), 1.0, 0.0)
        tensor([1., 0.])
    """
    if input is None and other is None:
        return _Places(condition.nonzero(as_tuple=True))
    if not isinstance(condition, AnyTensor) or condition._kind.dtype.category not in (BOOL, INTEGER):
        raise RuntimeError(
            f"where: expected condition to be a bool tensor, got {getattr(condition, 'dtype', condition)}"
        )
    if condition._kind.dtype.category != BOOL:
        raise RuntimeError(
            f"where expected condition to be a boolean tensor, but got a tensor with dtype {condition.dtype}"
        )
    common = result_type(input, other)
    tensors = [v for v in (condition, input, other) if isinstance(v, TensorBase)]
    device = common_device("where", tensors)
    shape = tuple(broadcast_shapes(*[t._shape for t in tensors]))
    chosen = [_branch(v, common, device) for v in (input, other)]
    condition = condition if condition._kind.device is device else condition.to(device)
    return (condition, *chosen), (), shape, common


def _branch(value: Tensor | Number, dtype: DType, device: Device) -> Tensor:
    if isinstance(value, AnyTensor):
        return value.to(device=device, dtype=dtype)
    return filled((), value, dtype, device)


where.grads(
    input=lambda g, condition: g.masked_fill(~condition, 0),
    other=lambda g, condition: g.masked_fill(condition, 0),
)


@plan("input; nan, posinf, neginf", inplace=True)
def nan_to_num(
    input: Tensor, nan: float | None = None, posinf: float | None = None, neginf: float | None = None
) -> Any:
    """Replaces NaN by ``nan`` (or 0), infinities by ``posinf`` and ``neginf`` (or the dtype's largest numbers)."""
    dtype = input._kind.dtype
    if dtype.category <= INTEGER:
        return input.clone()
    largest = dtype.max
    values = 0.0 if nan is None else nan, largest if posinf is None else posinf, -largest if neginf is None else neginf
    return (input,), values, input._shape, dtype


@nan_to_num.default
def _nan_to_num(input: Tensor, nan: float, posinf: float, neginf: float) -> Tensor:
    above, below = input == math.inf, input == -math.inf
    return input.masked_fill(input.isnan(), nan).masked_fill(above, posinf).masked_fill(below, neginf)


nan_to_num.grads(input=lambda g, input: g.masked_fill(~input.isfinite(), 0))


@composite(inplace=True)
def lerp(input: Tensor, end: Tensor, weight: Tensor | float) -> Tensor:
    """Linear interpolation, ``input + weight * (end - input)``.

    Raises:
        RuntimeError: the tensors are of different dtypes.
    """
    for name, value in (("end", end), ("weight", weight)):
        if isinstance(value, AnyTensor) and value._kind.dtype is not input._kind.dtype:
            raise RuntimeError(
                f"lerp: expected '{name}' to be of the dtype of input, {input._kind.dtype}, not {value._kind.dtype}"
            )
    return input + weight * (end - input)


@composite(inplace=True)
def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1) -> Tensor:
    """``input + value * tensor1 * tensor2``."""
    product = tensor1 * tensor2
    return input + (product if value == 1 else product * value)


@composite(inplace=True)
def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1) -> Tensor:
    """``input + value * tensor1 / tensor2``; integer tensors are refused."""
    if result_type(tensor1, tensor2).category <= INTEGER:
        raise RuntimeError("addcdiv: integer division is not supported; convert the tensors to a floating-point dtype")
    quotient = tensor1 / tensor2
    return input + (quotient if value == 1 else quotient * value)
