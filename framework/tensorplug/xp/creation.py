"""Kernels that make arrays from parameters alone; the device is the one that is current."""

from __future__ import annotations

from typing import Any

from tensorplug.dtypes import DType
from tensorplug.xp import random

Array = Any
Shape = tuple[int, ...]


def filled(xp: Any, size: Shape, value: Any, dtype: DType, device: Any) -> Array:
    return xp.full(size, value, dtype=dtype.numpy)


def uninitialized(xp: Any, size: Shape, dtype: DType, device: Any) -> Array:
    return xp.empty(size, dtype=dtype.numpy)


def counted(xp: Any, start: Any, step: Any, count: int, dtype: DType, device: Any) -> Array:
    whole = isinstance(start, int) and isinstance(step, int)
    steps = xp.arange(count, dtype=xp.int64 if whole else xp.float64)
    return (steps * step + start).astype(dtype.numpy)


def random_uniform(xp: Any, size: Shape, dtype: DType, key: int, offset: int, device: Any) -> Array:
    return random.uniform(xp, size, dtype.name, key, offset)


def random_normal(xp: Any, size: Shape, dtype: DType, key: int, offset: int, device: Any) -> Array:
    return random.normal(xp, size, dtype.name, key, offset)


def random_integers(xp: Any, size: Shape, low: int, high: int, key: int, offset: int, device: Any) -> Array:
    return random.integers(xp, size, low, high, key, offset)


FUNCTIONS: dict[str, Any] = {
    "filled": filled, "uninitialized": uninitialized, "counted": counted, "random_uniform": random_uniform,
    "random_normal": random_normal, "random_integers": random_integers,
}  # fmt: skip
