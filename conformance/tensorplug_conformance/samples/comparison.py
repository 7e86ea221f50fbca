"""Samples of comparisons and logic."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import (
    COMMON,
    COMPLEX,
    DIFFERENTIABLE,
    FLOATS,
    INTEGERS,
    REAL,
    WIDE_UNSIGNED,
)
from tensorplug_conformance.sample import EXACT, Input, Refusal, Row, Sample, boolean
from tensorplug_conformance.samples.common import binary, unary
from tensorplug_conformance.values import SPECIAL, TIES, TIES_AND_NAN, items, uniform

_EVERY = (*COMMON, *WIDE_UNSIGNED)
_PAIRS = (
    *binary(TIES, TIES),
    Sample((Input((9, 7), TIES_AND_NAN), Input((9, 7), TIES_AND_NAN)), dtypes=FLOATS, hazards=("tie",)),
    Sample((Input((53,), SPECIAL), 1), dtypes=(*INTEGERS, *FLOATS), hazards=("number",)),
    Sample((Input((53,), SPECIAL), 0.5), dtypes=FLOATS, hazards=("number",)),
)
_TWO_SHAPES = Refusal(Sample((Input((3,)), Input((4,)))))


def _compares(name: str, function: Any, dtypes: tuple[str, ...] = (*REAL, *WIDE_UNSIGNED), **fields: Any) -> Row:
    return Row(name, function, _PAIRS, dtypes, EXACT, boolean, refusals=(_TWO_SHAPES,), **fields)


def _truth(function: Any) -> Any:
    return lambda *operands: function(*[np.asarray(x) != 0 for x in operands])


def _logical(name: str, function: Any) -> Row:
    return Row(name, _truth(function), binary(TIES, TIES, numbers=()), COMMON, EXACT, boolean)


def _isclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Any:
    near = np.isclose(a.astype(np.complex128), b.astype(np.complex128), rtol, atol, equal_nan)
    return near


_CLOSE = (
    Sample((Input((8, 5), TIES), Input((8, 5), TIES))),
    Sample(
        (Input((6,), items(1.0)), Input((6,), items(1.0, 1.5, 0.9999999, 1.125, 1.00390625, 2.0))),
        {"rtol": 0.1, "atol": 0.0},
        dtypes=FLOATS,
    ),
    Sample((Input((40, 1), SPECIAL), Input((1, 40), SPECIAL)), dtypes=("float32", "float64"), hazards=("broadcast",)),
    Sample((Input((9,), TIES_AND_NAN), Input((9,), TIES_AND_NAN)), {"equal_nan": True}, dtypes=FLOATS),
    Sample((Input((6,), items(0, 1, 2)), Input((6,), items(1, 1, 3))), {"rtol": 0, "atol": 1}, dtypes=INTEGERS),
)

ROWS = (
    _compares("eq", np.equal, _EVERY),
    _compares("ne", np.not_equal, _EVERY),
    _compares("lt", np.less, refuses=COMPLEX),
    _compares("le", np.less_equal, refuses=COMPLEX),
    _compares("gt", np.greater, refuses=COMPLEX),
    _compares("ge", np.greater_equal, refuses=COMPLEX),
    Row("logical_not", _truth(np.logical_not), unary(TIES), COMMON, EXACT, boolean),
    _logical("logical_and", np.logical_and),
    _logical("logical_or", np.logical_or),
    _logical("logical_xor", np.logical_xor),
    Row("isnan", np.isnan, unary(uniform(-2, 2)), _EVERY, EXACT, boolean),
    Row("isinf", np.isinf, unary(uniform(-2, 2)), COMMON, EXACT, boolean),
    Row("isfinite", np.isfinite, unary(uniform(-2, 2)), COMMON, EXACT, boolean),
    Row("isclose", _isclose, _CLOSE, (*INTEGERS, *FLOATS), EXACT, boolean,
        refusals=(Refusal(Sample((Input((2,)), Input((2,), dtype="float64")))),)),
    Row("allclose", lambda a, b, **k: bool(_isclose(a, b, **k).all()), (
        *_CLOSE, Sample((Input((3, 2), items(1, 2)), Input((3, 2), items(1, 2)))), Sample((Input((0,)), Input((0,)))),
    ), (*INTEGERS, *FLOATS), data_dependent=True),
    Row("equal", lambda a, b: a.shape == b.shape and bool((a == b).all()), (
        Sample((Input((3, 2), items(1, 2)), Input((3, 2), items(1, 2)))),
        Sample((Input((3, 2), items(1, 2)), Input((3, 2), items(1, 2, 2)))),
        Sample((Input((3,), items(1, np.nan)), Input((3,), items(1, np.nan))), dtypes=DIFFERENTIABLE),
        Sample((Input((0, 2)), Input((0, 2)))),
    ), _EVERY, data_dependent=True),
    Row("equal", lambda a, b: False, (Sample((Input((3, 2), items(1)), Input((2, 3), items(1)))),), _EVERY,
        call="tp.equal",
        label="shapes"),
)  # fmt: skip
