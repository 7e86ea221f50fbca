"""Questions about dtypes and objects: ``finfo``, ``iinfo``, ``is_tensor`` and their kin."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug.base import TensorBase
from tensorplug.dtypes import BOOL, DType, get_default_dtype
from tensorplug.tensor import Tensor


class finfo:
    """The limits of a floating-point dtype (of a complex one, those of its parts).

    Attributes:
        bits: of one number.
        eps: the distance from 1 to the next number.
        max, min: the largest number and its negative.
        tiny, smallest_normal: the smallest positive normal number.
        resolution: ten to minus the number of decimal digits that are certain.

    Example:
        >>> import tensorplug as tp
        >>> tp.finfo(tp.float32).bits
        32
    """

    def __init__(self, type: DType | None = None) -> None:
        dtype = (type or get_default_dtype()).to_real()
        if not dtype.is_floating_point:
            raise TypeError(f"finfo(): requires a floating point input type, got {type}. Use iinfo to handle 'finfo'")
        self.dtype = dtype.name
        self.bits = 8 * dtype.itemsize
        digits, smallest, decimals = _FLOATS[dtype.name]
        self.eps = 2.0 ** (1 - digits)
        self.tiny = self.smallest_normal = 2.0**smallest
        self.max = dtype.max
        self.min = -dtype.max
        self.resolution = 10.0**-decimals

    def __repr__(self) -> str:
        return (
            f"finfo(resolution={self.resolution}, min={self.min}, max={self.max}, eps={self.eps}, dtype={self.dtype})"
        )


_FLOATS = {"float16": (11, -14, 3), "bfloat16": (8, -126, 2), "float32": (24, -126, 6), "float64": (53, -1022, 15)}
"""Significant bits, exponent of the smallest normal number, certain decimal digits."""


class iinfo:
    """The limits of an integer dtype.

    Attributes:
        bits: of one number.
        max, min: the largest and smallest number.
    """

    def __init__(self, type: DType) -> None:
        if type.is_differentiable or type.category == BOOL:
            raise TypeError(f"iinfo() requires an integer input type, got {type}. Use finfo to handle floats")
        info = np.iinfo(type.name)
        self.dtype, self.bits, self.min, self.max = type.name, info.bits, int(info.min), int(info.max)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min}, max={self.max}, dtype={self.dtype})"


def is_tensor(obj: Any) -> bool:
    """Whether ``obj`` is a tensor."""
    return isinstance(obj, TensorBase)


def is_floating_point(input: Tensor) -> bool:
    """Whether the dtype of ``input`` is a floating-point one."""
    return input.is_floating_point()


def is_complex(input: Tensor) -> bool:
    """Whether the dtype of ``input`` is complex."""
    return input.is_complex()


def numel(input: Tensor) -> int:
    """The number of elements."""
    return input.numel()
