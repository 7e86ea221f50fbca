"""What a dtype can hold: numbers rounded, wrapped or truncated to it."""

from __future__ import annotations

import ctypes
import functools
import math
import struct
from collections.abc import Callable
from typing import Any

from tensorplug.dtypes import FLOAT, INTEGER, DType, bool_, float16, float32


@functools.cache
def holder(kind: DType) -> Callable[[Any], Any]:
    """The function that makes any number one that ``kind`` holds.

    Floats round to the nearest, integers wrap; floats become integers by losing their fraction, and inf and NaN become
    the smallest integer.
    """
    if kind is bool_:
        return bool
    if kind.category == INTEGER:
        return functools.partial(_whole, 8 * kind.itemsize, kind.is_signed)
    assert kind.category == FLOAT
    return {float16: _half, float32: _single}.get(kind, float)


def _whole(bits: int, signed: bool, x: Any) -> int:
    whole = int(x) if math.isfinite(x) else 1 << (bits - 1)
    whole &= (1 << bits) - 1
    return whole - (1 << bits) if signed and whole >> (bits - 1) else whole


def _single(x: Any) -> float:
    return ctypes.c_float(x).value


def _half(x: Any) -> float:
    try:
        return float(struct.unpack("e", struct.pack("e", float(x)))[0])
    except OverflowError:
        return math.copysign(math.inf, x)
