"""Mathematical functions of one float, as IEEE 754 has them: where Python raises an error there is inf or NaN."""

from __future__ import annotations

import math
import statistics
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


def digamma(x: float) -> float:
    """By reflection to positive numbers, recurrence up to 10, and the asymptotic series (DLMF 5.5.2, 5.5.4, 5.11.2)."""
    if x == 0:
        return -math.copysign(math.inf, x)
    if x < 0:
        if not math.isfinite(x) or x == math.floor(x):
            return math.nan
        return digamma(1 - x) - math.pi / math.tan(math.pi * math.fmod(x, 1))
    below = 0.0
    while x < 10:
        below -= 1 / x
        x += 1
    z = 1 / (x * x)
    series = z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z * (1 / 240 - z * (1 / 132 - z * 691 / 32760)))))
    return below + math.log(x) - 0.5 / x - series


def erfinv(x: float) -> float:
    """From the normal distribution's quantile, made exact by Newton's method on the side where ``x`` is not near 1."""
    if x < 0:
        return -erfinv(-x)
    if not x < 1:
        return math.inf if x == 1 else math.nan
    y = statistics.NormalDist().inv_cdf((1 + x) / 2) / math.sqrt(2) if x > 0.1 else x * math.sqrt(math.pi) / 2
    for _ in range(4):
        slope = 2 / math.sqrt(math.pi) * math.exp(-y * y)
        error = math.erf(y) - x if x < 0.5 else (1 - x) - math.erfc(y)
        y -= error / slope
    return y


FUNCTIONS: dict[str, Callable[..., float]] = {
    "exp": total(math.exp), "expm1": total(math.expm1), "log": total(math.log, {0.0: -math.inf}),
    "log1p": total(math.log1p, {-1.0: -math.inf}), "log2": total(math.log2, {0.0: -math.inf}),
    "log10": total(math.log10, {0.0: -math.inf}), "sqrt": total(math.sqrt), "sin": total(math.sin),
    "cos": total(math.cos), "tan": total(math.tan), "asin": total(math.asin), "acos": total(math.acos),
    "atan": math.atan, "atan2": math.atan2, "sinh": total(math.sinh), "cosh": positive(math.cosh), "tanh": math.tanh,
    "asinh": math.asinh, "acosh": total(math.acosh), "atanh": total(math.atanh, {1.0: math.inf, -1.0: -math.inf}),
    "erf": math.erf, "erfinv": erfinv, "lgamma": positive(math.lgamma), "digamma": digamma,
}  # fmt: skip
