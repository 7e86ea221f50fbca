"""Special functions for references: from SciPy where it is installed, from ``math`` and series elsewhere."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import Array

try:
    import scipy.special as _scipy
except ImportError:
    _scipy = None


def _pick(name: str, fallback: Callable[[float], float]) -> Callable[[Any], Array]:
    if _scipy is not None:
        return getattr(_scipy, name)
    return np.vectorize(fallback, otypes=[np.float64])


def _lgamma(x: float) -> float:
    if math.isnan(x):
        return math.nan
    if math.isinf(x) or (x <= 0 and x == int(x)):
        return math.inf
    return math.lgamma(x)


def _digamma(x: float) -> float:
    """By reflection, recurrence and the asymptotic series (Abramowitz and Stegun, 6.3.5, 6.3.7 and 6.3.18)."""
    if math.isnan(x) or x == -math.inf or (x < 0 and x == int(x)):
        return math.nan
    if x == 0:
        return math.copysign(math.inf, -x)
    if x < 0:
        return _digamma(1 - x) - math.pi / math.tan(math.pi * x)
    total = 0.0
    while x < 10:
        total -= 1 / x
        x += 1
    s = 1 / (x * x)
    series = s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132)))))
    return total + math.log(x) - 0.5 / x - series


def _erfinv(x: float) -> float:
    """By the inverse of the normal distribution, then two steps of Newton."""
    if abs(x) >= 1 or math.isnan(x):
        return math.copysign(math.inf, x) if abs(x) == 1 else math.nan
    if x == 0:
        return x
    y = statistics.NormalDist().inv_cdf((x + 1) / 2) / math.sqrt(2)
    for _ in range(2):
        y -= (math.erf(y) - x) / (2 / math.sqrt(math.pi) * math.exp(-y * y))
    return y


def _polygamma(n: int, x: float) -> float:
    """The first terms of the series as they are, the rest by Euler and Maclaurin's formula (DLMF 25.11.28)."""
    if n == 0:
        return _digamma(x)
    s = n + 1
    total = sum((x + k) ** -s for k in range(30))
    y, factor = x + 30, float(s)
    total += y ** (1 - s) / (s - 1) + y**-s / 2
    for j, bernoulli in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30)):
        total += bernoulli / math.factorial(2 * j + 2) * factor * y ** (-s - 2 * j - 1)
        factor *= (s + 2 * j + 1) * (s + 2 * j + 2)
    return float((-1) ** s * math.factorial(n) * total)


def polygamma(n: int, x: Any) -> Array:
    """The ``n``-th derivative of digamma, for positive numbers."""
    if _scipy is not None:
        return np.asarray(_scipy.polygamma(n, x))
    return np.vectorize(_polygamma, otypes=[np.float64])(n, x)


erf = _pick("erf", math.erf)
erfc = _pick("erfc", math.erfc)


def erfinv(x: Any) -> Array:
    """As PyTorch has it: a zero keeps its sign, which SciPy's loses."""
    return np.where(x == 0, x, _pick("erfinv", _erfinv)(x))


def lgamma(x: Any) -> Array:
    """As C has it: inf at both infinities, where SciPy has -inf at -inf; and finite at denormals, where it has inf."""
    x = np.asarray(x, np.float64)
    found = np.where(x == -np.inf, np.inf, _pick("gammaln", _lgamma)(x))
    return np.where(np.abs(x) < 1e-300, -np.log(np.abs(x)), found)


digamma = _pick("psi", _digamma)
