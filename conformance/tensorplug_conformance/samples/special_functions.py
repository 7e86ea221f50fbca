"""Samples of special functions of mathematics, element by element; their references are SciPy's."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special

from tensorplug_conformance.dtypes import BOOL, COMPLEX, FLOATS, HALVES, INTEGERS, REAL, SINGLES, Array
from tensorplug_conformance.sample import Input, Oracle, Point, Refusal, Row, Sample, bound, floating, ulps
from tensorplug_conformance.samples.common import LARGE, binary, lifted, unary
from tensorplug_conformance.values import SPECIAL, Values, items, uniform

_INF, _NAN = math.inf, math.nan
_PLAIN = uniform(-2, 2)
_POSITIVE = uniform(0.25, 4)
_UNIT = uniform(0.05, 0.95)
_WITHOUT_HALVES = (*BOOL, *INTEGERS, *SINGLES)
_NO_NUMBERS: tuple[Any, ...] = ()


def _row(
    name: str,
    function: Callable[..., Any],
    oracle: Oracle,
    domain: Values = _PLAIN,
    halves: bool = True,
    gradient: bool = True,
    special: Values | None = SPECIAL,
    **fields: Any,
) -> Row:
    dtypes, refuses = (REAL, COMPLEX) if halves else (_WITHOUT_HALVES, (*HALVES, *COMPLEX))
    return Row(
        name, lifted(function), unary(domain, special), dtypes, oracle, floating, gradient=gradient, refuses=refuses,
        **fields,
    )  # fmt: skip


def _sized(function: Callable[..., Any], roundings: float = 16) -> Oracle:
    """So many roundings of numbers as large as the result or 1, where it is finite."""

    def scale(*operands: Any, **kwargs: Any) -> Any:
        found = lifted(function)(*operands, **kwargs)
        return np.where(np.isfinite(found), np.abs(found) + 1, 0)

    return bound(roundings, scale, half=4)


def _conditioned(function: Callable[[Any], Any], slope: Callable[[Any], Any], roundings: float = 16) -> Oracle:
    """So many roundings of the result and of the input, which shows in the result by way of the ``slope``."""

    def scale(x: Any) -> Any:
        x = np.asarray(lifted(lambda v: v)(x), np.float64)
        found = np.abs(function(x)) + np.abs(x * slope(x))
        return np.where(np.isfinite(found), found, 0)

    return bound(roundings, scale, half=2)


# ------------------------------------------------------------------------------------------------- normal distribution


def _density(x: Any) -> Any:
    return np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def _entr(x: Any) -> Any:
    return scipy.special.entr(x)


def _xlog1py(x: Any, y: Any) -> Any:
    product = np.multiply(x, np.log1p(y))
    return np.where((np.asarray(x) == 0) & ~np.isnan(y), 0, product)


_NORMAL = (
    _row("erfcx", scipy.special.erfcx, _conditioned(scipy.special.erfcx, lambda x: 2 * x * scipy.special.erfcx(x)),
        halves=False),
    _row("ndtr", scipy.special.ndtr, _conditioned(scipy.special.ndtr, lambda x: x * _density(x))),
    _row("log_ndtr", scipy.special.log_ndtr,
        _conditioned(scipy.special.log_ndtr, lambda x: x * _density(x)), halves=False),
    _row("ndtri", scipy.special.ndtri, _sized(scipy.special.ndtri), _UNIT, halves=False),
    _row("entr", _entr, ulps(4, half=2), _POSITIVE, points=(Point(([0.0],), ([_INF],)),)),
    Row("xlog1py", lifted(_xlog1py), (
        *binary(_PLAIN, uniform(-0.7, 3), (SPECIAL, SPECIAL), _NO_NUMBERS),
        Sample((Input((3, 1), items(0, -0.0, 1)), Input((1, 6), items(-2, -1, 0, 1, _NAN, _INF))), gradient=False),
        Sample((2.0, Input((5, 7), _POSITIVE)), dtypes=FLOATS, hazards=("number",)),
        Sample((Input((5, 7), _POSITIVE), 2.0), dtypes=FLOATS, hazards=("number",)),
    ), REAL, ulps(8, half=3), floating, gradient=True, refuses=COMPLEX,
        points=(Point(([0.0, 1.0], [-2.0, 1.0]), ([0.0, math.log(2)], [-0.0, 0.5])),)),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- gamma functions


def _mvlgamma(x: Any, p: int) -> Any:
    return sum(scipy.special.gammaln(x - j / 2) for j in range(p)) + p * (p - 1) / 4 * math.log(math.pi)


def _with_exponents(limits: Values, exponents: Values) -> tuple[Sample, ...]:
    """Calls whose gradient is asked for the second argument alone: the first has none."""

    def sample(first: tuple[int, ...], second: tuple[int, ...], **fields: Any) -> Sample:
        return Sample((Input(first, exponents, grad=False), Input(second, limits)), **fields)

    return (
        sample((5, 7), (5, 7)),
        sample((3, 1, 5), (4, 1), hazards=("broadcast",)),
        sample((), (6,), hazards=("broadcast",)),
        sample((0, 3), (1, 3), hazards=("broadcast",)),
        sample((257,), (257,)),
        sample(LARGE, LARGE, dtypes=("float32",)),
    )


_A = (0.0, 1e-9, 0.01, 0.3, 0.9, 1.0, 1.5, 4.0, 19.5, 20.5, 300.0, _INF, -1.0, _NAN)
_X = (0.0, 1e-6, 0.02, 0.5, 1.0, 1.9, 4.5, 18.0, 21.0, 290.0, 310.0, _INF, -1.0, _NAN)


def _incomplete(name: str, function: Callable[..., Any]) -> Row:
    samples = (
        *_with_exponents(uniform(0.2, 6), uniform(0.3, 6)),
        *[s._replace(dtypes=SINGLES) for s in _with_exponents(uniform(20, 60), uniform(21, 50))[:1]],
        Sample((Input((len(_A), 1), items(*_A)), Input((1, len(_X)), items(*_X))), gradient=False, dtypes=SINGLES),
        Sample((Input((4,), _POSITIVE, grad=False), 2.0), hazards=("number",), gradient=False),
    )
    return Row(
        name, function, samples, FLOATS, bound(64, lambda a, x: _tail(function(a, x)), half=3), gradient=True,
        refuses=("int64", "bool", *COMPLEX),
    )  # fmt: skip


def _tail(x: Array) -> Array:
    """Far out, a relative error of the exponent is one of so many times its size."""
    return _finite(x) * (1 - np.log(np.where(x > 0, x, 1)))


def _finite(x: Array) -> Array:
    return np.where(np.isfinite(x), np.abs(x), 0)


def _zeta(s: Any, q: Any) -> Any:
    # SciPy's public function would refuse Python numbers mixed with arrays of another shape.
    return scipy.special.zeta(np.asarray(s, np.float64), np.asarray(q, np.float64))


_GAMMA = (
    Row("mvlgamma", lifted(_mvlgamma), tuple(
        Sample((Input(shape, uniform(2, 6)), p)) for p in (1, 2, 4) for shape in ((5, 7), (), (0, 3))
    ), (*INTEGERS, *FLOATS), _sized(_mvlgamma, 64), floating, gradient=True, refuses=("bool", *COMPLEX),
        refusals=(Refusal(Sample((Input((3,)), 0))),)),
    _incomplete("igamma", scipy.special.gammainc),
    _incomplete("igammac", scipy.special.gammaincc),
    Row("zeta", lifted(_zeta), (
        *[s._replace(dtypes=SINGLES) for s in _with_exponents(_POSITIVE, uniform(1.2, 8))],
        Sample((Input((6, 1), items(0.5, 1, 1.5, 2, 3, 8)), Input((1, 8), items(0, -1, -0.5, -1.5, 0.25, 1, 9, _NAN))),
            dtypes=SINGLES, gradient=False),
        Sample((2.0, Input((5, 7), _POSITIVE)), dtypes=SINGLES, hazards=("number",)),
        Sample((Input((5, 7), uniform(1, 4)), Input((5, 7), uniform(1, 4))), gradient=False),
    ), _WITHOUT_HALVES, bound(256, lambda s, q: _finite(lifted(_zeta)(s, q))), floating, gradient=True,
        refuses=(*HALVES, *COMPLEX)),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- Bessel functions

_I0, _I1, _I0E, _I1E = (getattr(scipy.special, name) for name in ("i0", "i1", "i0e", "i1e"))
_K0, _K1, _K0E, _K1E = (getattr(scipy.special, name) for name in ("k0", "k1", "k0e", "k1e"))

# Not denormals, for half of which SciPy takes 0.
_EDGES = items(0.0, -0.0, 1e-30, 1e-5, 1, 2, 2.5, 100, 1e4, _INF, _NAN, -1, -_INF)

_MODIFIED = (
    _row("i0", _I0, _conditioned(_I0, _I1), points=(Point(([0.0],), ([0.0],)),)),
    _row("i1", _I1, _conditioned(_I1, _I0), points=(Point(([0.0],), ([0.5],)),)),
    _row("i0e", _I0E, ulps(16)),
    _row("i1e", _I1E, ulps(16), points=(Point(([0.0],), ([0.5],)),)),
    _row("modified_bessel_i0", _I0, _conditioned(_I0, _I1), halves=False, gradient=False),
    _row("modified_bessel_i1", _I1, _conditioned(_I1, _I0), halves=False, gradient=False),
    _row("modified_bessel_k0", _K0, _conditioned(_K0, _K1), _POSITIVE, halves=False, gradient=False, special=_EDGES),
    _row("modified_bessel_k1", _K1, _conditioned(_K1, _K0), _POSITIVE, halves=False, gradient=False, special=_EDGES),
    _row("scaled_modified_bessel_k0", _K0E, ulps(24), _POSITIVE, halves=False, gradient=False, special=_EDGES),
    _row("scaled_modified_bessel_k1", _K1E, ulps(24), _POSITIVE, halves=False, gradient=False, special=_EDGES),
)


def _oscillating(function: Callable[[Any], Any]) -> Oracle:
    """Roundings of numbers as large as the result or 1, and of the input, whose sine is within all of them."""
    return bound(8, lambda x: _finite(lifted(lambda v: np.abs(function(v)) + 1 + np.abs(v))(x)))


_J0, _J1, _Y0, _Y1 = (getattr(scipy.special, name) for name in ("j0", "j1", "y0", "y1"))
_MANY = items(0.0, -0.0, 1e-30, 1e-5, 0.3, 1, 4, 7.999, 8, 8.001, 30, 100, 1e4, _INF, _NAN, -1, -9, -_INF)


def _airy(x: Any) -> Any:
    return scipy.special.airy(x)[0]


def _spherical(x: Any) -> Any:
    return np.where(np.isinf(x), 0, np.sinc(x / math.pi))


_BESSEL = (
    _row("bessel_j0", _J0, _oscillating(_J0), uniform(-20, 20), halves=False, gradient=False, special=_MANY),
    _row("bessel_j1", _J1, _oscillating(_J1), uniform(-20, 20), halves=False, gradient=False, special=_MANY),
    _row("bessel_y0", _Y0, _oscillating(_Y0), uniform(0.1, 20), halves=False, gradient=False, special=_MANY),
    _row("bessel_y1", _Y1, _oscillating(_Y1), uniform(0.1, 20), halves=False, gradient=False, special=_MANY),
    _row("spherical_bessel_j0", _spherical, _oscillating(_spherical), uniform(-20, 20), halves=False, gradient=False),
    _row("airy_ai", _airy, bound(16, lambda x: _finite(lifted(lambda v: np.abs(_airy(v)) + np.abs(v) ** 1.5)(x))),
        uniform(-12, 12), halves=False, gradient=False,
        special=items(0.0, -0.0, 1e-30, 1, 2.08, 2.0801, -3.999, -4, -4.001, 60, 200, -60, _NAN)),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- polynomials


def _recurrence(
    first: Callable[[Any], Any], step: Callable[[Any, int, Any, Any], Any], shifted: bool = False
) -> Callable[..., Array]:
    """A polynomial from the one of degree 1 and from x, k and those of degree k and k - 1 to the one of k + 1."""

    def reference(x: Any, n: Any) -> Array:
        x, n = np.broadcast_arrays(np.asarray(x, np.float64), np.trunc(np.asarray(n, np.float64)))
        x = 2 * x - 1 if shifted else x
        before, last = np.ones_like(x), first(x)
        found = np.where(n == 0, before, np.where(n == 1, last, 0.0))
        for k in range(1, int(n.max(initial=0.0))):
            before, last = last, step(x, k, last, before)
            found = np.where(n == k + 1, last, found)
        return found

    return reference


def _polynomial(name: str, reference: Callable[..., Array], roundings: float = 512) -> Row:
    whole, plain = items(-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), uniform(-1.5, 1.5)
    degrees = Input((1, 13), whole)

    def scale(x: Any, n: Any) -> Array:
        # Where a polynomial is small, its terms are not: take it at 1 or beyond, on both sides.
        beyond = np.maximum(np.abs(np.asarray(lifted(lambda v: v)(x), np.float64)), 1)
        return np.abs(reference(beyond, n)) + np.abs(reference(-beyond, n)) + 1

    samples = (
        Sample((Input((7, 1), plain), degrees)),
        Sample((Input((8, 1), items(0.0, 1, -1, 0.5, 2, -3, _NAN, 0.25)), degrees), dtypes=SINGLES),
        Sample((Input((5, 7), plain), 4), dtypes=SINGLES, hazards=("number",)),
        Sample((0.25, Input((13,), whole)), dtypes=SINGLES, hazards=("number",)),
        Sample((Input((3,), plain), Input((3,), items(-0.5, 2.75, 3.5))), dtypes=SINGLES),
        Sample((Input((0, 3), plain), Input((1, 3), whole))),
        Sample((Input((), plain), Input((), whole))),
        Sample((Input(LARGE, plain), 5), dtypes=("float32",)),
    )
    return Row(
        name, lifted(reference), samples, _WITHOUT_HALVES, bound(roundings, scale), floating,
        refuses=(*HALVES, *COMPLEX),
    )  # fmt: skip


def _doubling(x: Any, k: int, last: Any, before: Any) -> Any:
    return 2 * x * last - before


_FIRST: dict[str, Callable[[Any], Any]] = {
    "t": lambda x: x, "u": lambda x: 2 * x, "v": lambda x: 2 * x - 1, "w": lambda x: 2 * x + 1,
}  # fmt: skip

_POLYNOMIALS = (
    *[_polynomial(f"chebyshev_polynomial_{kind}", _recurrence(first, _doubling)) for kind, first in _FIRST.items()],
    *[
        _polynomial(f"shifted_chebyshev_polynomial_{kind}", _recurrence(first, _doubling, shifted=True))
        for kind, first in _FIRST.items()
    ],
    _polynomial("hermite_polynomial_h", _recurrence(lambda x: 2 * x, lambda x, k, p, q: 2 * (x * p - k * q))),
    _polynomial("hermite_polynomial_he", _recurrence(lambda x: x, lambda x, k, p, q: x * p - k * q)),
    _polynomial(
        "laguerre_polynomial_l",
        _recurrence(lambda x: 1 - x, lambda x, k, p, q: ((2 * k + 1 - x) * p - k * q) / (k + 1)),
    ),
    _polynomial(
        "legendre_polynomial_p", _recurrence(lambda x: x, lambda x, k, p, q: ((2 * k + 1) * x * p - k * q) / (k + 1))
    ),
)

ROWS = (*_NORMAL, *_GAMMA, *_MODIFIED, *_BESSEL, *_POLYNOMIALS)
