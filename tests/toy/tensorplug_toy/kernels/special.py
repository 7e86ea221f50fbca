"""Mathematical functions of one float, as IEEE 754 has them: where Python raises an error there is inf or NaN."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

Real = Callable[[float], float]


def total(function: Real, poles: Mapping[float, float] | None = None) -> Real:
    """``function`` with inf for what overflows, the values of ``poles``, and NaN elsewhere outside its domain."""

    def call(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return math.copysign(math.inf, x)
        except ValueError:
            return (poles or {}).get(x, math.nan)

    return call


def positive(function: Real) -> Real:
    """``function`` with inf wherever Python raises an error: for functions that only grow beyond bounds upwards."""

    def call(x: float) -> float:
        try:
            return function(x)
        except (OverflowError, ValueError):
            return math.inf

    return call


FUNCTIONS: dict[str, Callable[..., float]] = {
    "exp": total(math.exp), "expm1": total(math.expm1), "log": total(math.log, {0.0: -math.inf}),
    "log1p": total(math.log1p, {-1.0: -math.inf}), "log2": total(math.log2, {0.0: -math.inf}),
    "log10": total(math.log10, {0.0: -math.inf}), "sqrt": total(math.sqrt), "sin": total(math.sin),
    "cos": total(math.cos), "tan": total(math.tan), "asin": total(math.asin), "acos": total(math.acos),
    "atan": math.atan, "atan2": math.atan2, "sinh": total(math.sinh), "cosh": positive(math.cosh), "tanh": math.tanh,
    "asinh": math.asinh, "acosh": total(math.acosh), "atanh": total(math.atanh, {1.0: math.inf, -1.0: -math.inf}),
}  # fmt: skip
