"""Special functions, from SciPy, which loads on first use; without it they are left to their defaults."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug_numpy import memory, parallel

Kernel = Callable[..., Any]

_LARGE = 1 << 16
"""Elements from which pooled memory and threads can pay."""


def _from_scipy(name: str) -> Kernel:
    def kernel(*operands: Any) -> Any:
        import scipy.special

        return _evaluate(getattr(scipy.special, name), *operands)

    return kernel


def _evaluate(function: Any, *operands: Any) -> Any:
    arrays = [x for x in operands if isinstance(x, np.ndarray)]
    if len(arrays) < len(operands):
        # SciPy's functions take Python numbers for float64.
        operands = tuple(x if isinstance(x, np.ndarray) else arrays[0].dtype.type(x) for x in operands)
    if max(x.size for x in arrays) < _LARGE:
        return function(*operands)
    shape = np.broadcast_shapes(*[x.shape for x in arrays])
    return parallel.elementwise(function, memory.empty(shape, arrays[0].dtype), *operands)


def lgamma(x: Any) -> Any:
    import scipy.special

    found = _evaluate(scipy.special.gammaln, x)
    # SciPy's is -inf at -inf, C's and PyTorch's inf; at denormals it is inf instead of finite.
    found = np.where(x == -np.inf, np.inf, found).astype(found.dtype)
    tiny = np.abs(x) < np.finfo(found.dtype).tiny
    return np.where(tiny, -np.log(np.abs(x)), found) if tiny.any() else found


def polygamma_of(x: Any, n: int) -> Any:
    import scipy.special

    if n == 1:
        out = memory.empty(x.shape, x.dtype)
        parallel.blocks(_trigamma, np.ascontiguousarray(x), out)
        return out
    found = _evaluate(scipy.special.zeta, x.dtype.type(n + 1), x)
    return found * x.dtype.type((-1) ** (n + 1) * math.factorial(n))


_SHIFT = 8
_BERNOULLI = (7 / 6, -691 / 2730, 5 / 66, -1 / 30, 1 / 42, -1 / 30, 1 / 6)


def _trigamma(x: Any, out: Any) -> None:
    """By recurrence to numbers from 8, where the asymptotic series is exact (DLMF 5.15.5 and 5.15.8).

    Below 1/2 by reflection (DLMF 5.15.6).
    """
    low = x < 0.5
    y = np.where(low, 1 - x, x)
    total = np.zeros_like(y)
    for _ in range(_SHIFT):
        total += 1 / (y * y)
        y += 1
    inverse = 1 / y
    square = inverse * inverse
    series = np.zeros_like(y)
    for bernoulli in _BERNOULLI:
        series = (series + bernoulli) * square
    total += inverse * (1 + series) + square / 2
    if low.any():
        # The sine of a whole multiple of pi is not 0 in floating point: take the whole part off first.
        sine = np.sin((x - np.rint(x)) * np.pi)
        total = np.where(low, np.pi * np.pi / (sine * sine) - total, total)
    out[...] = total


def erfinv(x: Any) -> Any:
    import scipy.special

    # SciPy's loses the sign of a zero, which is the zero itself, and is slow where there is no finite result.
    size = np.abs(x)
    found = np.where(size < 1, _evaluate(scipy.special.erfinv, np.where(size < 1, x, x.dtype.type(0))), x * np.inf)
    return np.where(x == 0, x, np.where(size > 1, x.dtype.type(np.nan), found))


_WITH_SCIPY: dict[str, Kernel] = {
    "erf": _from_scipy("erf"), "erfc": _from_scipy("erfc"), "erfinv": erfinv,
    "lgamma": lgamma, "digamma": _from_scipy("psi"),
    "erfcx": _from_scipy("erfcx"), "ndtr": _from_scipy("ndtr"), "log_ndtr": _from_scipy("log_ndtr"),
    "ndtri": _from_scipy("ndtri"), "entr": _from_scipy("entr"), "xlog1py": _from_scipy("xlog1py"),
    "zeta": _from_scipy("zeta"), "igamma": _from_scipy("gammainc"), "igammac": _from_scipy("gammaincc"),
    "i0": _from_scipy("i0"), "i0e": _from_scipy("i0e"), "i1": _from_scipy("i1"), "i1e": _from_scipy("i1e"),
    "modified_bessel_i0": _from_scipy("i0"), "modified_bessel_i1": _from_scipy("i1"),
    "modified_bessel_k0": _from_scipy("k0"), "modified_bessel_k1": _from_scipy("k1"),
    "scaled_modified_bessel_k0": _from_scipy("k0e"), "scaled_modified_bessel_k1": _from_scipy("k1e"),
    "bessel_j0": _from_scipy("j0"), "bessel_j1": _from_scipy("j1"), "bessel_y0": _from_scipy("y0"),
    "bessel_y1": _from_scipy("y1"), "polygamma_of": polygamma_of,
}  # fmt: skip
FUNCTIONS = _WITH_SCIPY if importlib.util.find_spec("scipy") else {}
