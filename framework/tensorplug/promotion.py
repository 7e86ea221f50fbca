"""Common dtypes: of tensors, of Python numbers, of mixtures of both."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tensorplug.base import TensorBase
from tensorplug.device import Device
from tensorplug.dispatch import different_devices, tensors_in
from tensorplug.dtypes import (
    BOOL,
    COMPLEX,
    FLOAT,
    INTEGER,
    DType,
    get_default_dtype,
    promote_types,
    scalar_dtype,
)
from tensorplug.shapes import Shape, broadcast_pair

Promotion = Callable[[str, DType], tuple[DType, DType]]
"""From op name and common dtype of the operands to the dtype to compute in and the dtype of the result."""


NUMBERS = (int, float, complex)  # bool is an int


def result_type(*values: Any) -> DType:
    """The dtype that tensors and Python numbers promote to together.

    Tensors with dims outweigh 0-d tensors, and those outweigh numbers, unless the lighter one is of a higher category
    (bool, integer, float, complex).

    Example:
        >>> import tensorplug as tp
        >>> tp.result_type(tp.ones(2, dtype=tp.int32), 1.5)
        tensorplug.float32
    """
    dims: DType | None = None
    scalars: DType | None = None
    numbers: DType | None = None
    for value in values:
        if isinstance(value, TensorBase):
            dtype = value._kind.dtype
            if value._shape:
                dims = dtype if dims is None else promote_types(dims, dtype)
            else:
                scalars = dtype if scalars is None else promote_types(scalars, dtype)
        elif value is not None:
            dtype = scalar_dtype(value, get_default_dtype())
            numbers = dtype if numbers is None else promote_types(numbers, dtype)
    return _heavier(_heavier(dims, scalars), numbers)  # type: ignore[return-value]


def _heavier(high: DType | None, low: DType | None) -> DType | None:
    if high is None or low is None:
        return high or low
    if low.category <= high.category:
        return high
    # Complex numbers take the precision of the heavier floating-point ones.
    return high.to_complex() if high.category == FLOAT else low


def operands(name: str, promotion: Promotion, values: Sequence[Any]) -> tuple[list[Any], DType, Shape, Device]:
    """Check and convert the operands of an element-wise op.

    Returns:
        The operands in the dtype to compute in (numbers stay numbers), the result's dtype and shape, the device.
    """
    tensors = tensors_in(values)
    if not tensors:
        raise TypeError(f"{name}(): expected a Tensor, got {', '.join(type(v).__name__ for v in values)}")
    values = [v.item() if isinstance(v, np.generic) else v for v in values]
    for position, value in enumerate(values):
        if not isinstance(value, TensorBase | int | float | complex):
            raise TypeError(f"{name}(): argument {position + 1} must be Tensor or Number, not {type(value).__name__}")
    device = common_device(name, tensors)
    compute, dtype = promotion(name, result_type(*values))
    shape: Shape = ()
    for tensor in tensors:
        shape = broadcast_pair(shape, tensor._shape) if shape else tensor._shape
    converted = [_operand(v, compute, device) for v in values]
    return converted, dtype, shape, device


def common_device(name: str, tensors: Sequence[Any]) -> Device:
    """The device of all tensors; 0-d ones on the CPU go along with any other."""
    device: Device = tensors[0]._kind.device
    for tensor in tensors[1:]:
        other = tensor._kind.device
        if other is device or (other.type == "cpu" and not tensor._shape):
            continue
        if device.type == "cpu" and all(not t._shape for t in tensors if t._kind.device is device):
            device = other
            continue
        raise different_devices(name, tensors)
    return device


def _operand(value: Any, dtype: DType, device: Device) -> Any:
    if isinstance(value, TensorBase):
        if value._kind.dtype is dtype and value._kind.device is device:
            return value
        return value.to(device=device, dtype=dtype)  # type: ignore[attr-defined]
    return python_number(value, dtype)


def python_number(value: Any, dtype: DType) -> Any:
    """A Python number as an element of ``dtype`` would hold it; integers wrap."""
    category = dtype.category
    if category == FLOAT:
        return float(value.real if isinstance(value, complex) else value)
    if category == INTEGER:
        bits = 8 * dtype.itemsize
        whole = int(value) & ((1 << bits) - 1)
        return whole - (1 << bits) if dtype.is_signed and whole >> (bits - 1) else whole
    return bool(value) if category == BOOL else complex(value)


def fitting_number(value: Any, dtype: DType) -> Any:
    """A Python number as an element of ``dtype``, which must be able to hold it but for rounding.

    Unsigned integers hold negative numbers as C does.

    Raises:
        RuntimeError: too large, not finite, or complex.
    """
    category = dtype.category
    if isinstance(value, complex) and category != COMPLEX and category != BOOL:
        if value.imag:
            raise _does_not_fit(value, dtype)
        value = value.real
    if category == INTEGER:
        bits = 8 * dtype.itemsize
        low, high = (-1 << bits - 1, 1 << bits - 1) if dtype.is_signed else (-1 << bits, 1 << bits)
        if not math.isfinite(value) or not low <= int(value) < high:
            raise _does_not_fit(value, dtype)
    elif category == FLOAT and math.isfinite(value) and abs(value) > dtype.max:
        raise _does_not_fit(value, dtype)
    return python_number(value, dtype)


def _does_not_fit(value: Any, dtype: DType) -> RuntimeError:
    return RuntimeError(f"value cannot be converted to type {dtype} without overflow: {value}")
