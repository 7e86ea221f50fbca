"""Element-wise kernels that need another formula with CuPy, and those that write in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.xp import elementwise as shared

Array = Any
Kernel = Callable[..., Any]


def inplace_kernels(cupy: Any) -> dict[str, Kernel]:
    """Op name -> kernel that writes into its last argument; CuPy copies inputs that overlap it."""
    functions = {**shared.UNARY, **shared.BINARY}
    return {name: getattr(cupy, f) for name, f in functions.items() if name not in shared.PREDICATES}


def _is_float(a: Array, b: Array) -> bool:
    return (a if hasattr(a, "dtype") else b).dtype.kind == "f"


def remainder(cupy: Any, a: Array, b: Array) -> Array:
    # CuPy subtracts a rounded multiple of b, which loses the digits of a small remainder; fmod is exact.
    if not _is_float(a, b):
        return shared.remainder(cupy, a, b)
    rest = cupy.fmod(a, b)
    return cupy.where((rest != 0) & ((rest < 0) != (b < 0)), rest + b, rest)


def floor_divide(cupy: Any, a: Array, b: Array) -> Array:
    # CuPy rounds a / b down after it was rounded to the nearest: 1 // 0.1 would be 10 instead of 9.
    if not _is_float(a, b):
        return shared.floor_divide(cupy, a, b)
    rest = cupy.fmod(a, b)
    quotient = cupy.rint((a - rest) / b) - ((rest != 0) & ((rest < 0) != (b < 0)))
    exact = a / b
    quotient = cupy.where(quotient == 0, cupy.copysign(0.0, exact), quotient)
    if hasattr(b, "dtype"):
        return cupy.where(b == 0, exact, quotient)
    return quotient if b else exact


FUNCTIONS = {"remainder": remainder, "floor_divide": floor_divide}
