"""Samples of element-wise functions beyond the basic ones."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import BOOL, COMMON, COMPLEX, FLOATS, INTEGERS, REAL, SINGLES, Array
from tensorplug_conformance.sample import (
    EQUAL,
    EXACT,
    Input,
    Oracle,
    Refusal,
    Row,
    Sample,
    boolean,
    bound,
    floating,
    same,
    ulps,
)  # fmt: skip
from tensorplug_conformance.samples.common import binary, lifted, unary
from tensorplug_conformance.samples.special import polygamma
from tensorplug_conformance.values import SPECIAL, TIES, TIES_AND_NAN, away_from_zero, items, uniform

_INF, _NAN = math.inf, math.nan
_PLAIN = uniform(-2, 2)
_POSITIVE = uniform(0.25, 4)
_NO_NUMBERS: tuple[Any, ...] = ()


def _pairs(first: Any = _PLAIN, second: Any = _PLAIN, special: bool = True) -> tuple[Sample, ...]:
    return binary(first, second, (SPECIAL, SPECIAL) if special else None, _NO_NUMBERS)


def _wide(function: Any) -> Oracle:
    """A few roundings of numbers up to the size of the operands, where these are finite."""

    def scale(*operands: Any, **kwargs: Any) -> Any:
        sizes = [np.where(np.isfinite(x), np.abs(x), 0) for x in (*operands, function(*operands, **kwargs))]
        return sum(sizes)

    return bound(4, scale, half=4)


# ------------------------------------------------------------------------------------------------- signs


def _signbit(x: Array) -> Array:
    return np.signbit(x) if x.dtype.kind == "f" else x < 0


def _angle(x: Array) -> Array:
    if x.dtype.kind == "c":
        return np.angle(x)
    return np.where(np.isnan(x), np.nan, np.where(x < 0, math.pi, 0.0))


def _angle_dtype(dtype: str) -> str:
    return {"complex64": "float32", "complex128": "float64"}.get(dtype, floating(dtype))


_SIGNS = (
    Row("signbit", _signbit, unary(_PLAIN), REAL, EXACT, boolean, refuses=COMPLEX),
    Row("copysign", lifted(np.copysign), binary(away_from_zero(), away_from_zero(), (SPECIAL, SPECIAL)), REAL, EXACT,
        floating,
        gradient=True),
    Row("heaviside", lambda x,
        v: np.where(np.isnan(x), 0, np.heaviside(x, v)) if x.dtype.kind == "f" else np.where(x == 0, v,
            x > 0).astype(x.dtype),
        (Sample((Input((5, 7), TIES), Input((5, 7)))), Sample((Input((53,), SPECIAL), Input(()))),
            Sample((Input((5, 7)), Input((7,))))),
        REAL, refusals=(Refusal(Sample((Input((3,)), Input((3,), dtype="float64")))),)),
    Row("angle", _angle, unary(away_from_zero(), large=False), COMMON, ulps(6), _angle_dtype, gradient=True),
    Row("isposinf", lambda x: x == np.inf, unary(_PLAIN, large=False), REAL, EXACT, boolean),
    Row("isneginf", lambda x: x == -np.inf, unary(_PLAIN, large=False), REAL, EXACT, boolean),
    Row("isreal", np.isreal, unary(_PLAIN, large=False), COMMON, EXACT, boolean),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- extremes, logarithms


def _xlogy(x: Any, y: Any) -> Any:
    product = np.multiply(x, np.log(y))
    return np.where((np.asarray(x) == 0) & ~np.isnan(y), 0, product)


def _logit(x: Array, eps: float | None = None) -> Array:
    x = x if eps is None else np.clip(x, eps, 1 - eps)
    return np.log(x / (1 - x))


_PROBABILITIES = uniform(0.05, 0.95)
_LOGARITHMS = (
    Row("fmax", np.fmax, (*_pairs(), Sample((Input((9, 7), TIES_AND_NAN), Input((9, 7), TIES_AND_NAN)))), REAL, EQUAL,
        gradient=True,
        refuses=COMPLEX),
    Row("fmin", np.fmin, (*_pairs(), Sample((Input((9, 7), TIES_AND_NAN), Input((9, 7), TIES_AND_NAN)))), REAL, EQUAL,
        gradient=True,
        refuses=COMPLEX),
    Row("logaddexp", np.logaddexp, _pairs(), FLOATS, _wide(np.logaddexp), gradient=True),
    Row("logaddexp2", np.logaddexp2, _pairs(), FLOATS, _wide(np.logaddexp2), gradient=True),
    Row("xlogy", lifted(_xlogy), (
        *binary(_PLAIN, _POSITIVE, (SPECIAL, SPECIAL), _NO_NUMBERS),
        Sample((Input((5, 7), TIES), Input((5, 7), TIES)), gradient=False),
        Sample((2.0, Input((5, 7), _POSITIVE)), dtypes=FLOATS, hazards=("number",)),
    ), REAL, ulps(8, half=3), floating, gradient=True),
    Row("logit", lifted(_logit), (
        *[Sample((Input(shape, _PROBABILITIES),), dtypes=FLOATS) for shape in ((5, 7), (), (0, 3), (1031,))],
        Sample((Input((9,), items(0, 1, 0.5, 2, -1, _NAN)),)),
    ), (*BOOL, *FLOATS), _wide(lifted(lambda x: np.abs(np.log(x)) + np.abs(np.log(1 - x)))), floating, gradient=True),
    Row("logit", _logit,
        (Sample((Input((5, 7), uniform(-0.2, 1.2)), 0.25)), Sample((Input((5, 7), _PROBABILITIES), 0.125))), FLOATS,
        _wide(_logit), call="tp.logit", label="eps", gradient=True),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- lengths, powers


def _frexp(x: Array) -> tuple[Array, Array]:
    mantissa, exponent = np.frexp(x)
    return mantissa, np.where(np.isfinite(x), exponent, 0).astype(np.int32)


def _int32(dtype: str) -> str:
    return "int32"


def _doubled(dtype: str) -> str:
    return "complex128" if dtype in COMPLEX else "float64"


def _complex_of(dtype: str) -> str:
    return {"float32": "complex64", "float64": "complex128"}[dtype]


def _nextafter(dtype: str) -> Row:
    """The neighbours are those of the dtype, so each has a row of its own."""
    kept: Any = np.float64 if dtype == "float64" else np.float32
    samples = (Sample((Input((40, 1), SPECIAL), Input((1, 40), SPECIAL))), Sample((Input((5, 7)), Input((7,)))))
    return Row("nextafter", lambda a, b: np.nextafter(a.astype(kept), b.astype(kept)), samples, (dtype,), EQUAL,
        call="tp.nextafter",
               label="" if dtype == "float32" else dtype)  # fmt: skip


_POWERS = (
    Row("hypot", np.hypot, _pairs(away_from_zero(), away_from_zero()), FLOATS, ulps(4, half=3), gradient=True),
    Row("polar", lambda r, a: r * np.exp(1j * a),
        (Sample((Input((5, 7)), Input((5, 7), uniform(-6, 6)))), Sample((Input((7,)), Input((5, 1))))),
        SINGLES, bound(8, lambda r, a: np.abs(r) + 0 * a), _complex_of, gradient=True),
    Row("deg2rad", lifted(np.deg2rad), unary(uniform(-400, 400), None), (*BOOL, *INTEGERS, *FLOATS), ulps(2), floating,
        gradient=True),
    Row("rad2deg", lifted(np.rad2deg), unary(uniform(-7, 7), None), (*BOOL, *INTEGERS, *FLOATS), ulps(2), floating,
        gradient=True),
    Row("view_as_real", lambda x: np.stack([x.real, x.imag], -1), unary(_PLAIN, large=False), COMPLEX, EXACT,
        lambda d: {"complex64": "float32", "complex128": "float64"}[d], gradient=True, view="maybe"),
    Row("view_as_complex", lambda x: x[..., 0] + 1j * x[..., 1],
        tuple(Sample((Input(shape, layout="contiguous"),)) for shape in ((5, 2), (2,), (0, 2), (4, 3, 2))), SINGLES,
        EXACT, _complex_of, gradient=True, view="maybe",
        refusals=(Refusal(Sample((Input((3,)),))), Refusal(Sample((Input((5, 2), layout="transposed"),))))),
    Row("float_power", lambda a, b: np.power(a.astype(np.complex128 if a.dtype.kind == "c" else np.float64), b), (
        Sample((Input((5, 7), _POSITIVE), Input((5, 7), _PLAIN))), Sample((Input((5, 7), _POSITIVE), 2)),
        Sample((Input((4, 3), _POSITIVE), -1.5)),
    ), COMMON, ulps(16), _doubled, gradient=True),
    Row("ldexp", lambda x, n: x * 2.0**n, (
        Sample((Input((5, 7)), Input((5, 7), uniform(-6, 6), "int64"))),
        Sample((Input((53,), SPECIAL), Input((), items(3), "int64"))),
    ), SINGLES, ulps(2), gradient=True),
    Row("frexp", _frexp, (
        Sample((Input((53,), SPECIAL),)), Sample((Input((5, 7), away_from_zero(0.51, 0.98)),)),
        Sample((Input((0, 3)),)), Sample((Input(()),), gradient=False),
    ), FLOATS, (EXACT, EXACT), (same, _int32), gradient=True, covers=("mantissa_exponent",),
    refuses=("int64", "complex64"), second=False),
    _nextafter("float32"), _nextafter("float64"),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- divisors, gamma

_DIVISORS = (
    Row("gcd", np.gcd,
        (Sample((Input((5, 7), uniform(-60, 60)), Input((5, 7), uniform(-60, 60)))),
            Sample((Input((9,), items(0, 12, 7)), Input((9,), items(0, 0, 18, 7))))),
        INTEGERS, EXACT, refuses=("float32",)),
    Row("lcm", np.lcm,
        (Sample((Input((5, 7), uniform(-9, 9)), Input((5, 7), uniform(-9, 9)))),
            Sample((Input((9,), items(0, 12, 7)), Input((9,), items(0, 0, 9, 7))))),
        INTEGERS, EXACT, refuses=("float32",)),
    Row("polygamma", lambda n, x: lifted(lambda v: polygamma(n, v))(x), tuple(
        Sample((n, Input(shape, uniform(0.4, 6)))) for n in (0, 1, 2, 3) for shape in ((5, 7), (), (0, 3))
    ), (*BOOL, *INTEGERS, *FLOATS),
    bound(32, lambda n, x: np.where(np.isfinite(x) & (x > 0), np.abs(polygamma(n, np.maximum(x, 0.3))) + 1, 0),
        half=24),
        floating, gradient=True, covers=("polygamma_of",), refusals=(Refusal(Sample((-1, Input((3,))))),)),
)  # fmt: skip

ROWS = (*_SIGNS, *_LOGARITHMS, *_POWERS, *_DIVISORS)
