"""Samples of exponentials, logarithms, trigonometry and special functions, element by element.

The limits in ULP are those that the OpenCL specification sets for float32 (full profile, table 38).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import COMMON, COMPLEX, REAL
from tensorplug_conformance.sample import Point, Row, bound, floating, ulps
from tensorplug_conformance.samples.common import binary, lifted, unary
from tensorplug_conformance.samples.special import digamma, erf, erfc, erfinv, lgamma
from tensorplug_conformance.values import Values, uniform

_INF = math.inf
_PLAIN = uniform(-2, 2)
_POSITIVE = uniform(0.25, 4)
_UNIT = uniform(-0.9, 0.9)


def _row(
    name: str, function: Any, limit: float, domain: Values = _PLAIN, dtypes: tuple[str, ...] = COMMON, **fields: Any
) -> Row:
    return Row(name, lifted(function), unary(domain), dtypes, ulps(limit), floating, gradient=True, **fields)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _sinc(x: Any) -> Any:
    # Where pi * x overflows, NumPy's is NaN.
    return np.where(np.isfinite(x) & (np.abs(x) > 1e300), 0.0, np.sinc(x))


def _near(function: Any) -> Any:
    """For functions with zeros away from 0, where no library keeps relative accuracy: an absolute bound beside it."""
    return bound(16, lambda x: np.where(np.isfinite(function(x)), np.abs(function(x)) + 1, 0))


_EXPONENTIALS = (
    _row("exp", np.exp, 3),
    _row("exp2", np.exp2, 3),
    _row("expm1", np.expm1, 3),
    _row("log", np.log, 3, _POSITIVE, points=(Point(([0.0],), ([_INF],)),)),
    _row("log1p", np.log1p, 4, uniform(-0.7, 3)),
    _row("log2", np.log2, 3, _POSITIVE),
    _row("log10", np.log10, 3, _POSITIVE),
    _row("sqrt", np.sqrt, 3, _POSITIVE, points=(Point(([0.0],), ([_INF],)),)),
    _row("rsqrt", lambda x: 1 / np.sqrt(x), 2, _POSITIVE, points=(Point(([1.0, 4.0],), ([-0.5, -0.0625],)),)),
    # Far below zero exp(-x) overflows: tiny results may be 0.
    Row(
        "sigmoid",
        lifted(_sigmoid),
        unary(_PLAIN),
        COMMON,
        bound(4, lifted(lambda x: np.abs(_sigmoid(x)) + 1e-36)),
        floating,
        gradient=True,
    ),
)
_TRIGONOMETRY = (
    _row("sin", np.sin, 4),
    _row("cos", np.cos, 4),
    _row("tan", np.tan, 5, uniform(-1.2, 1.2)),
    _row("asin", np.arcsin, 4, _UNIT, points=(Point(([1.0, -1.0],), ([_INF, _INF],)),)),
    _row("acos", np.arccos, 4, _UNIT, points=(Point(([1.0, -1.0],), ([-_INF, -_INF],)),)),
    _row("atan", np.arctan, 5),
    _row("sinh", np.sinh, 4),
    _row("cosh", np.cosh, 4),
    _row("tanh", np.tanh, 5, covers=("tanh_backward",)),
    _row("asinh", np.arcsinh, 4),
    _row("acosh", np.arccosh, 4, uniform(1.2, 4), points=(Point(([1.0],), ([_INF],)),)),
    _row("atanh", np.arctanh, 5, _UNIT, points=(Point(([1.0],), ([_INF],)),)),
    Row(
        "atan2",
        lifted(np.arctan2),
        binary(_POSITIVE, _PLAIN, numbers=()),
        REAL,
        ulps(6),
        floating,
        gradient=True,
        refuses=COMPLEX,
    ),
)
_SPECIAL_FUNCTIONS = (
    _row("erf", erf, 16, dtypes=REAL, refuses=COMPLEX),
    _row("erfc", erfc, 16, dtypes=REAL, refuses=COMPLEX),
    Row(
        "sinc",
        lifted(_sinc),
        unary(_PLAIN),
        REAL,
        _near(_sinc)._replace(half=4.0),  # the decomposition rounds the angle, its sine, the divisor and the quotient
        floating,
        gradient=True,
        points=(Point(([0.0],), ([0.0],)),),
    ),
    _row("erfinv", erfinv, 16, _UNIT, REAL, refuses=COMPLEX, points=(Point(([1.0, -1.0],), ([_INF, _INF],)),)),
    Row(
        "lgamma",
        lifted(lgamma),
        unary(uniform(0.3, 6)),
        REAL,
        _near(lifted(lgamma)),
        floating,
        gradient=True,
        refuses=COMPLEX,
    ),
    Row(
        "digamma",
        lifted(digamma),
        unary(uniform(0.3, 6)),
        REAL,
        _near(lifted(digamma)),
        floating,
        gradient=True,
        refuses=COMPLEX,
    ),
)

ROWS = (*_EXPONENTIALS, *_TRIGONOMETRY, *_SPECIAL_FUNCTIONS)
