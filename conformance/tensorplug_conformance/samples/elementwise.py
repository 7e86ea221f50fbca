"""Samples of arithmetic, powers and rounding, element by element."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import (
    BOOL,
    COMMON,
    COMPLEX,
    DIFFERENTIABLE,
    FLOATS,
    INTEGERS,
    NUMERIC,
    ORDERED,
    REAL,
    SINGLES,
    WIDE_UNSIGNED,
)
from tensorplug_conformance.sample import (
    EQUAL,
    EXACT,
    Input,
    Point,
    Refusal,
    Row,
    Sample,
    bound,
    floating,
    real,
    ulps,
)
from tensorplug_conformance.samples.common import binary, lifted, unary
from tensorplug_conformance.values import (
    MASK,
    NONZERO,
    SPECIAL,
    TIES_AND_NAN,
    Values,
    away_from_zero,
    fractional,
    items,
    uniform,
)

_INF, _NAN = math.inf, math.nan
_PLAIN = uniform(-2, 2)
_POSITIVE = uniform(0.25, 4)
_WHOLE = (*INTEGERS, *WIDE_UNSIGNED)


# ------------------------------------------------------------------------------------------------- arithmetic


def _scaled(b: Any, alpha: Any) -> Any:
    return b * alpha if not isinstance(b, np.ndarray) else np.multiply(b, alpha, dtype=b.dtype)


_ALPHA = (
    Sample((Input((4, 3)), Input((3,))), {"alpha": 3}, hazards=("broadcast",)),
    Sample((Input((4, 3)), 2), {"alpha": 3}, hazards=("number",)),
)
_TWO_ROUNDINGS = bound(2, lambda a, b, alpha: abs(a) + abs(alpha * b), half=2)


def _divisions(first: Values, second: Values) -> tuple[Sample, ...]:
    """Pairs of which, for integers, none divides by zero."""
    return (
        *binary(first, second, special=None),
        Sample((Input((43, 1), SPECIAL), Input((1, 43), SPECIAL)), dtypes=FLOATS),
        Sample((Input((23, 1), SPECIAL), Input((1, 23), NONZERO)), dtypes=_WHOLE, hazards=("wrap",)),
    )


_DIVISIONS = _divisions(fractional(-9, 9), items(1, 2, 3, -2, 0.5, -1.75)._replace(smooth=True))
_ZERO_DIVISOR = Refusal(Sample((Input((3,), items(1)), Input((3,), items(1, 0)))), dtype="int32")


def _rounding(mode: str, dtypes: tuple[str, ...]) -> list[Sample]:
    found = []
    for sample in _DIVISIONS:
        own = tuple(d for d in sample.dtypes or dtypes if d in dtypes)
        if mode == "trunc" and sample.dtypes == FLOATS:
            # The quotient is rounded before it is cut, which a reference in float64 shows in float64 alone.
            own = ("float64",)
        found.append(sample._replace(kwargs={"rounding_mode": mode}, dtypes=own))
    return found


def _rounded_division(a: Any, b: Any, rounding_mode: str) -> Any:
    if rounding_mode == "floor":
        return np.floor_divide(a, b)
    if a.dtype.kind == "f":
        return np.trunc(np.true_divide(a, b))
    down = np.floor_divide(a, b)
    return down + ((a - down * b != 0) & ((a < 0) != (b < 0)))


def _remainder(a: Any, b: Any) -> Any:
    """C's remainder moved to the sign of the divisor; a zero keeps the sign of the dividend, as in PyTorch."""
    if np.result_type(a, b).kind in "iu":
        return np.remainder(a, b)
    left = np.fmod(a, b)
    return np.where((left != 0) & ((left < 0) != (b < 0)), left + b, left)


_POWERS = (
    Sample((Input((5, 7), _POSITIVE), Input((5, 7), _PLAIN)), dtypes=DIFFERENTIABLE),
    Sample((Input((43, 1), SPECIAL), Input((1, 43), SPECIAL)), dtypes=FLOATS),
    Sample((Input((5, 7), uniform(-6, 6)), Input((7,), uniform(0, 5))), dtypes=INTEGERS, hazards=("broadcast",)),
    Sample((Input((12, 1), SPECIAL), Input((1, 4), items(0, 1, 2, 3))), dtypes=INTEGERS, hazards=("wrap",)),
    Sample((Input((257,), _POSITIVE), Input((257,), _PLAIN)), dtypes=FLOATS),
    Sample((2.0, Input((4, 3), _PLAIN)), dtypes=FLOATS, hazards=("number",)),
    *[Sample((Input((4, 3), _POSITIVE), n), hazards=("number",)) for n in (0, 1, 2, 3, 4)],
    *[Sample((Input((53,), SPECIAL), n), dtypes=FLOATS, hazards=("number",)) for n in (2, 3, -1, 0.5, 0, 2.5, -2)],
    *[Sample((Input((4, 3), _POSITIVE), n), dtypes=FLOATS, hazards=("number",)) for n in (-1, 0.5, -0.5, 1.5, -2)],
)
_POWER_POINTS = (
    Point(([0.0], 0), ([0.0],)),
    Point(([0.0], 1), ([1.0],)),
    Point(([0.0], 2), ([0.0],)),
    Point(([0.0], 0.5), ([_INF],)),
    Point(([0.0], [0.0]), ([0.0], [0.0])),
    Point((0.0, [1.0]), ([0.0],)),
)


def _sign(x: Any) -> Any:
    if x.dtype.kind == "b":
        return x
    return np.where(np.isnan(x), 0, np.sign(x)) if x.dtype.kind == "f" else np.sign(x)


def _sgn(x: Any) -> Any:
    if x.dtype.kind != "c":
        return _sign(x)
    return np.where(x == 0, 0, x / np.where(x == 0, 1, np.abs(x)))


_ARITHMETIC = (
    Row("add", np.add, binary(_PLAIN, _PLAIN), COMMON, ulps(0), gradient=True),
    Row("add", lambda a, b, alpha: np.add(a, _scaled(b, alpha)), _ALPHA, NUMERIC, _TWO_ROUNDINGS, call="tp.add",
        label="alpha", gradient=True),
    Row("sub", np.subtract, binary(_PLAIN, _PLAIN), NUMERIC, ulps(0), gradient=True, refuses=BOOL),
    Row("sub", lambda a, b, alpha: np.subtract(a, _scaled(b, alpha)), _ALPHA, NUMERIC, _TWO_ROUNDINGS, call="tp.sub",
        label="alpha", gradient=True),
    Row("mul", np.multiply, binary(_PLAIN, _PLAIN), COMMON, ulps(0), gradient=True),
    Row("div", lifted(np.true_divide), binary(_PLAIN, away_from_zero()), COMMON, ulps(0), floating, gradient=True,
        refusals=(Refusal(Sample((Input((2,)), 2), {"rounding_mode": "up"})),)),
    Row("div", _rounded_division, (*_rounding("floor", ORDERED), *_rounding("trunc", (*INTEGERS, *SINGLES))), ORDERED,
        ulps(1), call="tp.div", gradient=True, second=False,
        label="rounding",
        refusals=(_ZERO_DIVISOR._replace(sample=_ZERO_DIVISOR.sample._replace(kwargs={"rounding_mode": "trunc"})),)),
    Row("true_divide", lifted(np.true_divide), binary(_PLAIN, away_from_zero()), COMMON, ulps(0), floating,
        gradient=True,
        covers=("true_div",)),
    Row("floor_divide", np.floor_divide, _DIVISIONS, (*ORDERED, *WIDE_UNSIGNED), ulps(1), gradient=True, second=False,
        refusals=(_ZERO_DIVISOR,)),
    Row("remainder", _remainder, _DIVISIONS, (*ORDERED, *WIDE_UNSIGNED), ulps(0), gradient=True,
        refusals=(_ZERO_DIVISOR,), refuses=COMPLEX),
    Row("fmod", np.fmod, _DIVISIONS, (*ORDERED, *WIDE_UNSIGNED), ulps(0), gradient=True, refusals=(_ZERO_DIVISOR,),
        refuses=COMPLEX),
    Row("pow", np.power, _POWERS, NUMERIC, ulps(16), gradient=True, points=_POWER_POINTS,
        refusals=(Refusal(Sample((Input((3,), items(2)), -1)), dtype="int32"),)),
    Row("neg", np.negative, unary(_PLAIN), NUMERIC, gradient=True, refuses=BOOL),
    Row("positive", np.positive, unary(_PLAIN), NUMERIC, gradient=True, refuses=BOOL, view="maybe"),
    Row("abs", np.absolute, unary(away_from_zero()), ORDERED, gradient=True,
        points=(Point(([0.0, -0.0],), ([0.0, 0.0],)),)),
    Row("abs", np.absolute, unary(away_from_zero()), COMPLEX, ulps(4), real, call="tp.abs", label="complex",
        gradient=True),
    Row("sign", _sign, unary(away_from_zero()), REAL, gradient=True, refuses=COMPLEX,
        points=(Point(([0.0],), ([0.0],)),)),
    Row("sgn", _sgn, unary(away_from_zero()), COMMON, ulps(0), gradient=True),
    Row("square", np.square, unary(_PLAIN), NUMERIC, ulps(0), gradient=True),
    Row("reciprocal", lifted(lambda x: 1 / x), unary(away_from_zero()), COMMON, ulps(0), floating, gradient=True),
    Row("addcmul", lambda x, a, b, value=1: x + value * a * b, (
        Sample((Input((5, 7)), Input((5, 7)), Input((5, 7)))),
        Sample((Input((4, 3)), Input((3,)), Input((4, 1))), {"value": 2}, hazards=("broadcast",)),
        Sample((Input((257,)), Input((257,)), Input((257,))), {"value": 0.5}, dtypes=DIFFERENTIABLE),
    ), NUMERIC, bound(2, lambda x, a, b, value=1: abs(x) + abs(value * a * b), half=3), gradient=True),
    Row("addcdiv", lambda x, a, b, value=1: x + value * a / b, (
        Sample((Input((5, 7)), Input((5, 7)), Input((5, 7), away_from_zero()))),
        Sample((Input((4, 3)), Input((3,)), Input((4, 1), away_from_zero())), {"value": 2}, hazards=("broadcast",)),
        Sample((Input((257,)), Input((257,)), Input((257,), away_from_zero())), {"value": 0.5}),
    ), DIFFERENTIABLE, bound(2, lambda x, a, b, value=1: abs(x) + abs(value * a / b), half=3), gradient=True,
    refuses=INTEGERS),
    Row("lerp", lambda a, b, w: a + w * (b - a), (
        Sample((Input((5, 7)), Input((5, 7)), 0.25)),
        Sample((Input((5, 7)), Input((5, 7)), 0.75)),
        Sample((Input((4, 3)), Input((3,)), Input((4, 1), uniform(0, 1))), hazards=("broadcast",)),
        Sample((Input((257,)), Input((257,)), Input((257,), uniform(-1, 2)))),
    ), DIFFERENTIABLE, bound(3, lambda a, b, w: abs(a) + abs(w) * (abs(a) + abs(b)), half=4), gradient=True),
)  # fmt: skip


# ------------------------------------------------------------------------------------------------- rounding


def _whole(function: Any) -> Any:
    """Rounding leaves integers as they are."""
    return lambda x: function(x) if x.dtype.kind == "f" else x


_HALVES = (
    *unary(fractional(-9, 9)),
    Sample(
        (Input((24,), items(0.5, 1.5, 2.5, 3.5, -0.5, -1.5, -2.5, 0.25, -0.75, 1e7, 8388607.5, 4194304.5)),),
        dtypes=FLOATS,
        hazards=("halves",),
    ),
)
_FLAT = (Point(([0.5, 1.25],), ([0.0, 0.0],)),)


def _round(x: Any, decimals: int = 0) -> Any:
    return x if x.dtype.kind in "iu" else np.rint(x * 10.0**decimals) / 10.0**decimals


_ROUNDING = (
    Row("floor", _whole(np.floor), _HALVES, (*ORDERED, *WIDE_UNSIGNED), gradient=True, refuses=COMPLEX, points=_FLAT),
    Row("ceil", _whole(np.ceil), _HALVES, (*ORDERED, *WIDE_UNSIGNED), gradient=True, refuses=COMPLEX, points=_FLAT),
    Row("trunc", _whole(np.trunc), _HALVES, (*ORDERED, *WIDE_UNSIGNED), gradient=True, refuses=COMPLEX, points=_FLAT),
    Row("round", _whole(np.rint), _HALVES, (*ORDERED, *WIDE_UNSIGNED), gradient=True, refuses=COMPLEX, points=_FLAT,
        covers=("rint",)),
    Row("round", _round, (
        Sample((Input((5, 7), uniform(-9, 9)),), {"decimals": 2}, gradient=False),
        Sample((Input((5, 7), uniform(-900, 900)),), {"decimals": -1}, gradient=False),
    ), (*INTEGERS, *SINGLES), ulps(2), call="tp.round", label="decimals", gradient=True),
    Row("frac", lambda x: x - np.trunc(x), unary(fractional(-9, 9)), FLOATS, ulps(0), gradient=True),
)  # fmt: skip


# ------------------------------------------------------------------------------------------------- choice and limits


def _clamp(x: Any, min: Any = None, max: Any = None) -> Any:
    if min is not None:
        x = np.maximum(x, min)
    return x if max is None else np.minimum(x, max)


_CLAMP_SAMPLES = (
    Sample((Input((5, 7), uniform(-3, 3)), -1, 1), dtypes=("int8", "int16", "int32", "int64", *FLOATS)),
    Sample((Input((53,), SPECIAL), 0, 1)),
    Sample((Input((53,), SPECIAL),), {"min": 1}),
    Sample((Input((53,), SPECIAL),), {"max": 2}),
    Sample((Input((6,), uniform(0, 9)), 5, 2), hazards=("crossed limits",)),
    Sample(
        (Input((5, 7), uniform(0, 9)), Input((7,), uniform(2, 4)), Input((5, 1), uniform(5, 7))), hazards=("broadcast",)
    ),
    Sample((Input((43, 1), SPECIAL), Input((43,), SPECIAL)), dtypes=FLOATS),
    Sample((Input((5, 7), uniform(0, 9)), None, Input((), uniform(2, 4)))),
    Sample((Input((), uniform(0, 9)), 3)),
    Sample((Input((0, 3)), 3)),
    Sample((Input((257, 256), uniform(0, 9)), 3, 6), dtypes=("float32", "int32")),
)
_CLAMP_POINTS = (
    Point(([-1.0, 0.0, 0.5, 1.0, 2.0], 0.0, 1.0), ([0.0, 1.0, 1.0, 1.0, 0.0],)),
    Point(([-1.0, 0.5, 2.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]), ([0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0])),
)
_LIMIT = (
    Sample((Input((5, 7), uniform(0, 9)), 3)),
    Sample((Input((53,), SPECIAL), 1)),
    Sample((Input((5, 7), uniform(0, 9)), Input((7,), uniform(2, 6))), hazards=("broadcast",)),
)


def _nan_to_num(x: Any, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Any:
    return np.nan_to_num(
        x, nan=nan, posinf=_NAN if posinf is None else posinf, neginf=_NAN if neginf is None else neginf
    )


def _largest(dtype: str) -> Row:
    """``nan_to_num`` by default takes the largest number of the dtype, which the reference is not told."""
    limit = {"float16": 65504.0, "bfloat16": 3.3895313892515355e38, "float32": 3.4028234663852886e38}.get(
        dtype, 1.7976931348623157e308
    )
    return Row("nan_to_num", lambda x: np.nan_to_num(x, nan=0.0, posinf=limit, neginf=-limit),
        unary(_PLAIN, large=False),
               (dtype,), gradient=True, call="" if dtype == "float64" else "tp.nan_to_num",
               label="" if dtype == "float64" else dtype)  # fmt: skip


_TIED = (Sample((Input((9, 7), TIES_AND_NAN), Input((9, 7), TIES_AND_NAN)), hazards=("tie",)),)
_TIED_POINT = (Point(([1.0, 2.0, 3.0], [2.0, 2.0, 2.0]), ([0.0, 0.5, 1.0], [1.0, 0.5, 0.0])),)
_TIED_LOW_POINT = (Point(([1.0, 2.0, 3.0], [2.0, 2.0, 2.0]), ([1.0, 0.5, 0.0], [0.0, 0.5, 1.0])),)

_CHOICE = (
    Row("maximum", np.maximum, (*binary(_PLAIN, _PLAIN, numbers=()), *_TIED), (*REAL, *WIDE_UNSIGNED), EQUAL,
        gradient=True,
        refuses=COMPLEX, points=_TIED_POINT),
    Row("minimum", np.minimum, (*binary(_PLAIN, _PLAIN, numbers=()), *_TIED), (*REAL, *WIDE_UNSIGNED), EQUAL,
        gradient=True,
        refuses=COMPLEX, points=_TIED_LOW_POINT),
    Row("clamp", _clamp, _CLAMP_SAMPLES, ORDERED, EQUAL, gradient=True, refuses=COMPLEX, points=_CLAMP_POINTS,
        refusals=(Refusal(Sample((Input((2,)),))),)),
    Row("clamp_min", _clamp, _LIMIT, ORDERED, EQUAL, gradient=True),
    Row("clamp_max", lambda x, max: _clamp(x, None, max), _LIMIT, ORDERED, EQUAL, gradient=True),
    Row("where", np.where, (
        Sample((Input((5, 7), MASK, "bool"), Input((5, 7)), Input((5, 7)))),
        Sample((Input((7,), MASK, "bool"), Input((5, 7)), Input((5, 7))), hazards=("broadcast", "condition row")),
        Sample((Input((5, 1), MASK, "bool"), Input((5, 7)), Input((7,))), hazards=("broadcast", "condition column")),
        Sample((Input((2, 5, 1), MASK, "bool"), Input((1, 7)), Input((5, 1))), hazards=("broadcast",)),
        Sample((Input((53,), MASK, "bool"), Input((53,), SPECIAL), Input((53,), SPECIAL))),
        Sample((Input((), MASK, "bool"), Input(()), Input((3,)))),
        Sample((Input((0, 3), MASK, "bool"), Input((0, 3)), Input((3,)))),
        Sample((Input((1031,), MASK, "bool"), Input((1031,)), Input((1031,)))),
        Sample((Input((257, 256), MASK, "bool"), Input((257, 256)), Input((256,))), dtypes=("float32",)),
        Sample((Input((5, 7), MASK, "bool"), Input((5, 7)), 2.0), dtypes=FLOATS, hazards=("number",)),
        Sample((Input((5, 7), MASK, "bool"), 1, Input((5, 7))), dtypes=NUMERIC, hazards=("number",)),
    ), (*COMMON, *WIDE_UNSIGNED), gradient=True, refusals=(Refusal(Sample((Input((3,)), Input((3,)), Input((3,))))),)),
    *map(_largest, FLOATS),
    Row("nan_to_num", _nan_to_num, (
        Sample((Input((53,), SPECIAL),), {"nan": 2.0, "posinf": 7.0, "neginf": -8.0}),
        Sample((Input((5, 7)), -1.0, 4.0, 3.0)),
    ), FLOATS, call="tp.nan_to_num", label="values", gradient=True),
)  # fmt: skip


# ------------------------------------------------------------------------------------------------- bits, complex parts


def _bits(name: str, function: Any) -> Row:
    return Row(
        name,
        function,
        binary(uniform(-100, 100), uniform(-100, 100)),
        (*BOOL, *_WHOLE),
        refuses=("float32", "complex64"),
    )


def _shift(name: str, function: Any) -> Row:
    amounts = uniform(0, 7)
    samples = (
        *binary(uniform(-100, 100), amounts, special=None),
        Sample((Input((12, 1), SPECIAL), Input((1, 8), items(*range(8)))), hazards=("wrap",)),
    )
    return Row(name, function, samples, INTEGERS, refuses=("float32", "complex64"))


_BITS = (
    Row("bitwise_not", np.invert, unary(uniform(-100, 100)), (*BOOL, *_WHOLE), refuses=("float32", "complex64")),
    _bits("bitwise_and", np.bitwise_and),
    _bits("bitwise_or", np.bitwise_or),
    _bits("bitwise_xor", np.bitwise_xor),
    _shift("bitwise_left_shift", np.left_shift),
    _shift("bitwise_right_shift", np.right_shift),
)
_PARTS = (
    Row(
        "conj", np.conjugate, unary(_PLAIN, large=False), COMMON, gradient=True, view="maybe", covers=("conj_physical",)
    ),
    Row(
        "real_part",
        np.real,
        unary(_PLAIN, large=False),
        COMPLEX,
        EXACT,
        real,
        call="Tensor.real.fget",
        gradient=True,
        view="maybe",
    ),
    Row(
        "imag_part",
        np.imag,
        unary(_PLAIN, large=False),
        COMPLEX,
        EXACT,
        real,
        call="Tensor.imag.fget",
        gradient=True,
        view="maybe",
    ),
)

# ------------------------------------------------------------------------------------------------- operators

_NUMBER = (Sample((Input((5, 7), away_from_zero()), 2)), Sample((Input((5, 7), away_from_zero()), 2.5), dtypes=FLOATS))
_REFLECTED = (
    Sample((2, Input((5, 7), away_from_zero()))),
    Sample((2.5, Input((5, 7), away_from_zero())), dtypes=FLOATS),
)


def _operator(op: str, name: str, function: Any, dtypes: tuple[str, ...], **fields: Any) -> Row:
    return Row(op, function, (*_NUMBER, *_REFLECTED), dtypes, call=f"operator.{name}", label="operator", **fields)


_OPERATORS = (
    _operator("add", "add", np.add, NUMERIC, oracle=ulps(0), gradient=True),
    _operator("sub", "sub", np.subtract, NUMERIC, oracle=ulps(0), gradient=True),
    _operator("mul", "mul", np.multiply, NUMERIC, oracle=ulps(0), gradient=True),
    _operator("true_divide", "truediv", lifted(np.true_divide), NUMERIC, oracle=ulps(0), result=floating,
        gradient=True),
    _operator("floor_divide", "floordiv", np.floor_divide, ORDERED, oracle=ulps(1), gradient=True,
        second=False),
    _operator("remainder", "mod", _remainder, ORDERED, oracle=ulps(0), gradient=True),
    Row("pow", np.power, (
        Sample((Input((5, 7), _POSITIVE), 2)), Sample((Input((5, 7), _POSITIVE), 2.5), dtypes=FLOATS),
        Sample((2, Input((5, 7), uniform(0, 3)))),
    ), (*INTEGERS, *FLOATS), ulps(16),
        call="operator.pow", label="operator", gradient=True),
)  # fmt: skip

ROWS = (*_ARITHMETIC, *_ROUNDING, *_CHOICE, *_BITS, *_PARTS, *_OPERATORS)
