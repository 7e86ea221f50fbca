"""Samples of medians, quantiles, modes and running extremes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import COMPLEX, FLOATS, ORDERED, REAL, SINGLES, Array
from tensorplug_conformance.sample import EQUAL, EXACT, Input, Point, Refusal, Row, Sample, bound, index_dtype, same
from tensorplug_conformance.values import DISTINCT, SPECIAL, TIES, TIES_AND_NAN, items, uniform

_D = Input((5, 7), DISTINCT)
_ODD = Input((9, 7), TIES_AND_NAN)


def _calls(*calls: tuple[Any, ...]) -> tuple[Sample, ...]:
    return tuple(Sample(args) for args in calls)


def _nan(x: Array) -> Array:
    return np.isnan(x) if x.dtype.kind == "f" else np.zeros(x.shape, bool)


def _sorted(x: Array) -> tuple[list[Any], list[int]]:
    """A row's elements in order, NaN last, with their places; equal ones keep their order."""
    odd = _nan(x)
    order = sorted(range(len(x)), key=lambda i: (bool(odd[i]), 0 if odd[i] else x[i].item()))
    return [x[i] for i in order], order


def _along(x: Array, dim: int, keepdim: bool, choose: Any) -> tuple[Array, Array]:
    """``choose(row)`` gives an element and its place for each row along ``dim``."""
    if x.ndim == 0:
        return x, np.zeros((), np.int64)
    moved = np.moveaxis(x, dim, -1)
    values, places = np.empty(moved.shape[:-1], x.dtype), np.empty(moved.shape[:-1], np.int64)
    for at in np.ndindex(moved.shape[:-1]):
        values[at], places[at] = choose(moved[at])
    if keepdim:
        return np.expand_dims(values, dim), np.expand_dims(places, dim)
    return values, places


# ------------------------------------------------------------------------------------------------- one of many


def _kth(x: Array, k: int, dim: int = -1, keepdim: bool = False) -> tuple[Array, Array]:
    def choose(row: Array) -> tuple[Any, int]:
        values, order = _sorted(row)
        return values[k - 1], order[k - 1]

    return _along(x, dim, keepdim, choose)


def _median_of(row: Array, ignore_nan: bool) -> tuple[Any, int]:
    values, order = _sorted(row)
    numbers = len(row) - int(_nan(row).sum())
    place = max(numbers - 1, 0) // 2 if ignore_nan else numbers if numbers < len(row) else (len(row) - 1) // 2
    return values[place], order[place]


def _median(ignore_nan: bool) -> Any:
    def reference(x: Array, dim: int | None = None, keepdim: bool = False) -> Any:
        if dim is None:
            return _median_of(x.reshape(-1), ignore_nan)[0] if x.size else np.asarray(math.nan)
        return _along(x, dim, keepdim, lambda row: _median_of(row, ignore_nan))

    return reference


def _mode(x: Array, dim: int = -1, keepdim: bool = False) -> tuple[Array, Array]:
    def choose(row: Array) -> tuple[Any, int]:
        values, counts = np.unique(row, return_counts=True)
        found = values[np.argmax(counts)]
        return found, int(np.flatnonzero(row == found)[-1])

    return _along(x, dim, keepdim, choose)


def _medians(name: str, ignore_nan: bool) -> tuple[Row, Row]:
    whole = _calls((_D,), (Input((6,), DISTINCT),), (Input((), DISTINCT),), (_ODD,))
    along = _calls((_D, 1), (_D, 0, True), (Input((2, 3, 4), DISTINCT), -2), (Input((), DISTINCT), 0))
    odd = Sample((_ODD, 1), gradient=False)
    tie = Point(([1.0, 2.0, 2.0, 3.0],), ([0.0, 0.5, 0.5, 0.0],))
    return (
        Row(name, _median(ignore_nan), whole, ORDERED, EQUAL, gradient=True, refuses=("bool", *COMPLEX), points=(tie,),
            covers=("median_of_all",) if name == "median" else ()),
        # Which of equal elements is the median is open, so places are compared where all differ.
        Row(name, lambda *a: _median(ignore_nan)(*a), (*along, odd._replace(args=(Input((9, 7), DISTINCT), 1))),
            ORDERED, (EQUAL, EXACT),
            (same, index_dtype), call=f"tp.{name}", label="along", gradient=True),
    )  # fmt: skip


_SELECTIONS = (
    Row("kthvalue", _kth,
        _calls((_D, 3), (_D, 1, 0), (_D, 7, 1, True), (Input((), DISTINCT), 1), (Input((53,), SPECIAL), 20)), ORDERED,
        (EXACT, EXACT), (same, index_dtype), gradient=True,
        refusals=(Refusal(Sample((_D, 8))), Refusal(Sample((_D, 0))))),
    *_medians("median", False), *_medians("nanmedian", True),
    Row("mode", _mode,
        _calls((Input((5, 9), TIES),), (Input((5, 9), TIES), 0), (Input((9, 5), TIES), 0, True),
            (Input((), DISTINCT),)), REAL,
        (EXACT, EXACT), (same, index_dtype), gradient=True),
    Row("msort", lambda x: np.sort(x, 0), _calls((_D,), (Input((257,), DISTINCT),), (_ODD,)), REAL, EQUAL,
        gradient=True),
    Row("aminmax", lambda x, dim=None,
        keepdim=False: (np.min(x, dim, keepdims=keepdim), np.max(x, dim, keepdims=keepdim)), (
        Sample((_D,)), Sample((_D,), {"dim": 1}), Sample((_D,), {"dim": 0, "keepdim": True}),
        Sample((_ODD,), {"dim": 1}),
    ), REAL, EQUAL, gradient=True, refuses=COMPLEX, refusals=(Refusal(Sample((Input((0, 3)),))),)),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- quantiles


def _quantile(ignore_nan: bool) -> Any:
    function: Any = np.nanquantile if ignore_nan else np.quantile

    def reference(
        x: Array, q: Any, dim: int | None = None, keepdim: bool = False, interpolation: str = "linear"
    ) -> Array:
        return np.asarray(function(x, q, axis=dim, keepdims=keepdim, method=interpolation))

    return reference


_SHARES = Input((3,), items(0.0, 0.25, 0.9)._replace(smooth=True), layout="contiguous", grad=False)
_QUANTILES = (
    Sample((_D, 0.5)), Sample((_D, 0.3, 1)), Sample((_D, 0.75, 0, True)), Sample((_D, _SHARES)),
    Sample((_D, _SHARES, 1)), Sample((_D, _SHARES, 0, True)),
    *[Sample((_D, 0.4, 1), {"interpolation": kind}) for kind in ("lower", "higher", "midpoint", "nearest")],
    Sample((Input((1,), DISTINCT), 0.5)), Sample((Input((9, 7), items(1.0, math.nan, 3.0, 2.0, 5.0)), 0.5, 1)),
)  # fmt: skip
_QUANTILE_BOUND = bound(4, lambda x, *_, **__: np.nanmax(np.abs(x)))
_QUANTILE_REFUSALS = (
    Refusal(Sample((_D, 1.5))),
    Refusal(Sample((Input((0,)), 0.5))),
    Refusal(Sample((_D, 0.5), {"interpolation": "cubic"})),
)

# ------------------------------------------------------------------------------------------------- running


def _running(largest: bool) -> Any:
    def reference(x: Array, dim: int) -> tuple[Array, Array]:
        if x.ndim == 0:
            return x, np.zeros((), np.int64)
        moved = np.moveaxis(x, dim, 0)
        values, places = np.array(moved), np.zeros(moved.shape, np.int64)
        for i in range(1, len(moved)):
            wins = (moved[i] >= values[i - 1]) if largest else (moved[i] <= values[i - 1])
            wins = (wins & ~_nan(values[i - 1])) | _nan(moved[i])
            values[i] = np.where(wins, moved[i], values[i - 1])
            places[i] = np.where(wins, i, places[i - 1])
        return np.moveaxis(values, 0, dim), np.moveaxis(places, 0, dim)

    return reference


def _logcumsumexp(x: Array, dim: int) -> Array:
    return np.logaddexp.accumulate(x, dim) if x.ndim else x


_RUNS = _calls((_D, 0), (_D, 1), (Input((2, 3, 4), DISTINCT), -2), (Input((), DISTINCT), 0), (Input((9, 7), TIES), 0),
    (_ODD, 0), (Input((300,), TIES), 0),
               (Input((0, 3)), 0))  # fmt: skip
_RUNNING = (
    Row("cummax", _running(True), _RUNS, REAL, (EQUAL, EXACT), (same, index_dtype), gradient=True, refuses=COMPLEX,
        covers=("running_extreme",)),
    Row("cummin", _running(False), _RUNS, REAL, (EQUAL, EXACT), (same, index_dtype), gradient=True, refuses=COMPLEX),
    Row("logcumsumexp", _logcumsumexp, _calls(
        (Input((5, 7)), 0), (Input((5, 7)), 1), (Input((5, 7), uniform(80, 99)), 0), (Input(()), 0),
        (Input((257,)), 0), (Input((6,), items(-math.inf, 1, 2)), 0),
    ), FLOATS, bound(16, lambda x, dim: np.where(np.isfinite(x), np.abs(x), 0).max(initial=0) + 8, half=9),
    gradient=True, refuses=("int64",)),
    Row("quantile", _quantile(False), _QUANTILES, SINGLES, _QUANTILE_BOUND, gradient=True,
        refuses=("float16", "int64"), refusals=_QUANTILE_REFUSALS),
    Row("nanquantile", _quantile(True), _QUANTILES, SINGLES, _QUANTILE_BOUND, gradient=True,
        refuses=("float16", "int64"), refusals=_QUANTILE_REFUSALS),
)  # fmt: skip

ROWS = (*_SELECTIONS, *_RUNNING)
