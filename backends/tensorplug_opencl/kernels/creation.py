"""Arrays from parameters alone; they need the runtime of the device, which is the first argument here."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from tensorplug.dtypes import DType, float32, float64, int64
from tensorplug.shapes import Shape
from tensorplug_opencl.array import Array
from tensorplug_opencl.codes import CODES
from tensorplug_opencl.conversions import conversion
from tensorplug_opencl.elementwise import Map, Mapped
from tensorplug_opencl.runtime import Runtime


@cache
def _filler(dtype: DType) -> Mapped:
    return Mapped(Map(dtype, ("a",), (dtype,), (None,), (dtype,)))


def filled(home: Runtime, size: Shape, value: Any, dtype: DType) -> Array:
    found = home.empty(size, dtype)
    _filler(dtype).into((found,), (), (value,))
    return found


def uninitialized(home: Runtime, size: Shape, dtype: DType) -> Array:
    return home.empty(size, dtype)


@cache
def _counter(dtype: DType, exact: DType) -> Mapped:
    value = f"const {CODES[exact].value} v = a + at * b;"
    return Mapped(Map(exact, (conversion(exact, dtype, "v"),), (dtype,), (None, None), (exact, exact), before=value))


def counted(home: Runtime, start: Any, step: Any, count: int, dtype: DType) -> Array:
    found = home.empty((count,), dtype)
    whole = isinstance(start, int) and isinstance(step, int)
    exact = int64 if whole else float64 if home.has_double else float32
    _counter(dtype, exact).into((found,), (), (start, step))
    return found


FUNCTIONS: dict[str, Callable[..., Any]] = {"filled": filled, "uninitialized": uninitialized, "counted": counted}
"""Called as ``f(home, *params)``, without the device that stands last among the params."""
