"""Samples of sums, means, extremes and running totals."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import (
    BOOL,
    COMMON,
    COMPLEX,
    DIFFERENTIABLE,
    FLOATS,
    INTEGERS,
    ORDERED,
    REAL,
    SINGLES,
    Array,
    Names,
)
from tensorplug_conformance.sample import (
    EQUAL,
    EXACT,
    Dtype,
    Input,
    Point,
    Refusal,
    Row,
    Sample,
    bound,
    floating,
    index_dtype,
    real,
    same,
    summed,
)
from tensorplug_conformance.samples.common import LARGE
from tensorplug_conformance.values import (
    DISTINCT,
    MASK,
    NORMAL,
    SPECIAL,
    TIES,
    TIES_AND_NAN,
    Values,
    away_from_zero,
    items,
    uniform,
)

_INF, _NAN = math.inf, math.nan


def _axes(x: Array, dim: Any) -> tuple[int, ...]:
    if dim is None or (isinstance(dim, tuple | list) and not dim):
        return tuple(range(x.ndim))
    dims = (dim,) if isinstance(dim, int) else tuple(dim)
    return tuple(d % x.ndim for d in dims) if x.ndim else ()


def _count(x: Array, dim: Any = None, *_: Any, **__: Any) -> float:
    return math.prod(x.shape[d] for d in _axes(x, dim))


def _over(function: Callable[..., Any]) -> Callable[..., Any]:
    """A reduction of NumPy with PyTorch's arguments."""

    def reference(x: Array, dim: Any = None, keepdim: bool = False) -> Any:
        return function(x, axis=_axes(x, dim), keepdims=keepdim)

    return reference


def _dims(domain: Values, empty: bool = True, several: bool = True, long: Names | None = None) -> tuple[Sample, ...]:
    """All ways to name dims; ``long`` are the dtypes in which many elements are reduced."""
    a, b = Input((5, 7), domain), Input((2, 3, 4), domain)
    found = [
        Sample((a,)), Sample((a, 0)), Sample((a, 1)), Sample((a, -1, True)), Sample((b, 1, True)),
        Sample((Input((), domain),)),
        Sample((Input((), domain), 0)), Sample((Input((1, 4), domain), 0)),
        Sample((Input((1031,), domain), 0), dtypes=long),
        Sample((Input((300, 3), domain), 0), dtypes=long), Sample((Input((3, 300), domain), 1), dtypes=long),
        Sample((Input(LARGE, domain), 0), dtypes=("float32",)), Sample((Input(LARGE, domain), 1), dtypes=("float32",)),
    ]  # fmt: skip
    if several:
        found += [
            Sample((b, (0, 2))),
            Sample((b, (-1, 0), True)),
            Sample((b, (0, 1, 2))),
            Sample((Input(LARGE, domain),), dtypes=("float32",)),
        ]
    if empty:
        found += [
            Sample((Input((0, 3)),)),
            Sample((Input((0, 3)), 0)),
            Sample((Input((0, 3)), 1)),
            Sample((Input((2, 0)), 1, True)),
        ]
    return tuple(found)


_ODD = Sample((Input((9, 7), TIES_AND_NAN), 1), dtypes=FLOATS)
_OUT_OF_RANGE = Refusal(Sample((Input((5, 7)), 2)), IndexError)
_TWICE = Refusal(Sample((Input((5, 7)), (0, 0))))


# ------------------------------------------------------------------------------------------------- sums


def _sum(x: Array, dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Array:
    kept = np.int64 if x.dtype.kind in "biu" and dtype in (None, "int64") else None
    return np.asarray(np.sum(x, axis=_axes(x, dim), keepdims=keepdim, dtype=kept))


def _prod(x: Array, dim: Any = None, keepdim: bool = False) -> Array:
    return np.asarray(
        np.prod(x, axis=_axes(x, dim), keepdims=keepdim, dtype=np.int64 if x.dtype.kind in "biu" else None)
    )


def _nansum(x: Array, dim: Any = None, keepdim: bool = False) -> Array:
    return _sum(np.where(np.isnan(x), 0, x) if x.dtype.kind in "fc" else x, dim, keepdim)


def _mean(x: Array, dim: Any = None, keepdim: bool = False) -> Array:
    return np.asarray(np.sum(x, axis=_axes(x, dim), keepdims=keepdim) / np.float64(_count(x, dim)))


def _nanmean(x: Array, dim: Any = None, keepdim: bool = False) -> Array:
    return np.asarray(_nansum(x, dim, keepdim) / np.sum(~np.isnan(x), axis=_axes(x, dim), keepdims=keepdim))


_FACTORS = uniform(0.7, 1.4)
_SUMS = (
    Row("sum", _sum, (*_dims(NORMAL), _ODD), COMMON, bound(_count), summed, gradient=True,
        refusals=(_OUT_OF_RANGE, _TWICE)),
    Row("sum", _sum, (
        Sample((Input((5, 7)), 0), {"dtype": Dtype("float64")}, result="float64", dtypes=(*BOOL, *INTEGERS, *SINGLES)),
        Sample((Input((5, 7)),), {"dtype": Dtype("float32")}, result="float32", dtypes=(*BOOL, *INTEGERS, "float16")),
    ), REAL, bound(_count), call="tp.sum", label="dtype", gradient=True),
    Row("nansum", _nansum, (*_dims(NORMAL), _ODD), (*BOOL, *INTEGERS, *FLOATS), bound(lambda x, *_: _count(x, *_)),
        summed,
        gradient=True),
    Row("mean", _mean, (*_dims(NORMAL), _ODD), DIFFERENTIABLE, bound(_count), gradient=True, refuses=("int64", "bool"),
        refusals=(_OUT_OF_RANGE,)),
    Row("nanmean", _nanmean, (*_dims(NORMAL, empty=False), Sample((Input((0, 3)), 0), gradient=False), _ODD), FLOATS,
        bound(_count, half=3), gradient=True),
    Row("prod", _prod, (*_dims(_FACTORS, several=False, long=REAL), _ODD), COMMON, bound(_count), summed, gradient=True,
        covers=("prod_dims",), points=(
            Point(([2.0, 0.0, 3.0],), ([0.0, 6.0, 0.0],)), Point(([0.0, 0.0, 3.0],), ([0.0, 0.0, 0.0],)),
        )),
)  # fmt: skip


# ------------------------------------------------------------------------------------------------- extremes


def _extreme(name: str, function: Any) -> Row:
    samples = (*_dims(DISTINCT, empty=False), _ODD, Sample((Input((9, 7), TIES), 0), hazards=("tie",)),
               Sample((Input((53,), SPECIAL),)), Sample((Input((0, 3)), 1, True)))  # fmt: skip
    none = (Refusal(Sample((Input((0, 3)),))), Refusal(Sample((Input((0, 3)), 0)), IndexError), _OUT_OF_RANGE)
    tie = Point(([2.0, 2.0, 1.0] if name == "amax" else [1.0, 1.0, 2.0],), ([0.5, 0.5, 0.0],))
    return Row(
        name, _over(function), samples, REAL, EQUAL, gradient=True, refuses=COMPLEX, refusals=none, points=(tie,)
    )


def _first(function: Any) -> Any:
    """``argmax`` and its kin: the first of equals, or the first NaN."""

    def reference(x: Array, dim: int | None = None, keepdim: bool = False) -> Array:
        if x.ndim == 0:
            return np.zeros((), np.int64)
        return np.asarray(function(x, axis=dim, keepdims=keepdim))

    return reference


def _arg(name: str, function: Any) -> Row:
    samples = (*_dims(DISTINCT, empty=False, several=False), _ODD, Sample((Input((9, 7), TIES), 0), hazards=("tie",)),
               Sample((Input((257,), TIES),), hazards=("tie",)), Sample((Input((53,), SPECIAL),)))  # fmt: skip
    return Row(name, _first(function), samples, ORDERED, EXACT, index_dtype, refuses=("bool", "complex64"),
        covers=(f"{name}_dim",),
               refusals=(Refusal(Sample((Input((0, 3)),)), IndexError), _OUT_OF_RANGE))  # fmt: skip


def _with_place(extreme: Any, place: Any, pairwise: Any) -> Any:
    def reference(x: Array, dim: Any = None, keepdim: bool = False) -> Any:
        if isinstance(dim, np.ndarray):
            return pairwise(x, dim)
        if dim is None:
            return extreme(x)
        if x.ndim == 0:
            return x, np.zeros((), np.int64)
        return extreme(x, axis=dim, keepdims=keepdim), place(x, axis=dim, keepdims=keepdim)

    return reference


def _with_index(name: str, reference: Any) -> tuple[Row, ...]:
    along = (*[s for s in _dims(DISTINCT, empty=False, several=False) if len(s.args) > 1], _ODD,
             Sample((Input((9, 7), TIES), 0), hazards=("tie",)))  # fmt: skip
    whole = (
        Sample((Input((5, 7), DISTINCT),)),
        Sample((Input((53,), SPECIAL),)),
        Sample((Input((9, 7), TIES),), hazards=("tie",)),
    )
    pairs = (Sample((Input((5, 7)), Input((5, 7)))), Sample((Input((5, 7)), Input((7,)))))
    return (
        Row(
            name, reference, along, REAL, (EQUAL, EXACT), (same, index_dtype), gradient=True, refusals=(_OUT_OF_RANGE,)
        ),
        Row(name, reference, whole, REAL, EQUAL, call=f"tp.{name}", label="all", gradient=True),
        Row(name, reference, pairs, REAL, EQUAL, call=f"tp.{name}", label="pairs", gradient=True),
    )


_EXTREMES = (
    _extreme("amax", np.max), _extreme("amin", np.min), _arg("argmax", np.argmax), _arg("argmin", np.argmin),
    *_with_index("max", _with_place(np.max, np.argmax, np.maximum)),
    *_with_index("min", _with_place(np.min, np.argmin, np.minimum)),
)  # fmt: skip


# ------------------------------------------------------------------------------------------------- truth


def _truth_dtype(dtype: str) -> str:
    return "uint8" if dtype == "uint8" else "bool"


def _truth(name: str, function: Any) -> Row:
    few = Input(
        (9, 7), items(0, 1, 2, 1, 0, 3, 1, 1, 1, 1, 1) if name == "all" else items(0, 0, 0, 0, 0, 0, 0, 0, 0, 1)
    )
    samples = (
        *_dims(MASK),
        Sample((few, 1)),
        Sample((few, 0)),
        Sample((Input((53,), SPECIAL),)),
        Sample((Input((9, 7), TIES), (0, 1))),
    )
    return Row(
        name, _over(function), samples, COMMON, EXACT, _truth_dtype, covers=(f"{name}_dims",), refusals=(_OUT_OF_RANGE,)
    )


_TRUTH = (_truth("all", np.all), _truth("any", np.any))


# ------------------------------------------------------------------------------------------------- spread, norms


def _var(
    x: Array, dim: Any = None, unbiased: Any = None, keepdim: bool = False, correction: float | None = None
) -> Array:
    axes = _axes(x, dim)
    ddof = 1 if correction is None and unbiased in (None, True) else correction or 0
    left = max(_count(x, dim) - ddof, 0)
    centred = x - np.mean(x, axis=axes, keepdims=True)
    return np.asarray(np.sum(np.abs(centred) ** 2, axis=axes, keepdims=keepdim) / np.float64(left))


def _std(*args: Any, **kwargs: Any) -> Array:
    return np.sqrt(_var(*args, **kwargs))


def _spread_mean(spread: Any) -> Any:
    def reference(
        x: Array, dim: Any = None, unbiased: Any = None, keepdim: bool = False, correction: Any = None
    ) -> Any:
        return spread(x, dim, unbiased, keepdim, correction), _mean(x, dim, keepdim)

    return reference


_SPREADS = (
    Sample((Input((5, 7)),)), Sample((Input((5, 7)), 0)), Sample((Input((5, 7)), 1), {"keepdim": True}),
    Sample((Input((2, 3, 4)), (0, 2)), {"correction": 0}), Sample((Input((5, 7)), 1), {"unbiased": False}),
    Sample((Input((1031,)),)), Sample((Input((300, 3), uniform(9, 11)), 0)),
    Sample((Input((5, 1)), 1), {"correction": 0}, gradient=False),
)  # fmt: skip
_VAR_BOUND = bound(_count, lambda x, *a, **k: _var(x, *a, **k) + np.abs(x).max() ** 2, half=4)
_STD_BOUND = bound(_count, lambda x, *a, **k: _std(x, *a, **k) + np.abs(x).max(), half=4)
_NONE_LEFT = Sample((Input((5, 1)), 1), gradient=False)


def _norm(x: Array, p: Any = "fro", dim: Any = None, keepdim: bool = False) -> Array:
    axes, size = _axes(x, dim), np.abs(x)
    if p in ("fro", None):
        p = 2
    if p in (_INF, -_INF):
        return np.asarray((np.max if p > 0 else np.min)(size, axis=axes, keepdims=keepdim))
    if p == 0:
        return np.asarray(np.sum(size != 0, axis=axes, keepdims=keepdim).astype(np.float64))
    return np.asarray(np.sum(size**p, axis=axes, keepdims=keepdim) ** (1 / p))


_NORMED = Input((5, 7), away_from_zero())
_NORMS = (
    Sample((_NORMED,)), Sample((_NORMED, 2, 1)), Sample((_NORMED, 1, 0, True)), Sample((_NORMED, 3)),
    Sample((_NORMED, _INF, 1)),
    Sample((_NORMED, -_INF, 0)), Sample((_NORMED, 0, 0), gradient=False), Sample((_NORMED, 0.5, 1)),
    Sample((Input((2, 3, 4)), "fro", (0, 2))),
    Sample((Input((1031,)), 2)), Sample((Input((0, 3)), 2, 0)), Sample((Input((), away_from_zero()), 2)),
    Sample((Input((9, 7), TIES_AND_NAN), 2, 1), dtypes=FLOATS),
)  # fmt: skip


def _logsumexp(x: Array, dim: Any, keepdim: bool = False) -> Array:
    x, axes = x if x.dtype.kind in "fc" else x.astype(np.float64), _axes(x, dim)
    if x.size == 0 or x.dtype.kind == "c":
        return np.asarray(np.log(np.sum(np.exp(x), axis=axes, keepdims=keepdim)))
    top = np.max(x, axis=axes, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    total = np.log(np.sum(np.exp(x - top), axis=axes, keepdims=True)) + top
    return np.asarray(total if keepdim else np.squeeze(total, axes))


_LOGSUMEXP = (
    Sample((Input((5, 7)), 1)), Sample((Input((5, 7), uniform(80, 99)), 0)),
    Sample((Input((5, 7), uniform(-99, -80)), 1, True)),
    Sample((Input((2, 3, 4)), (0, 2))), Sample((Input((9, 7), TIES_AND_NAN), 1), dtypes=FLOATS),
    Sample((Input((0, 3)), 0), gradient=False),
    Sample((Input((4,), items(-_INF)), 0), dtypes=FLOATS), Sample((Input(()), 0)), Sample((Input((1031,)), 0)),
)  # fmt: skip

_SPREAD = (
    Row("var", _var, _SPREADS, DIFFERENTIABLE, _VAR_BOUND, real, gradient=True, refuses=("int64",)),
    Row("var", _var, (_NONE_LEFT,), FLOATS, _VAR_BOUND, call="tp.var", label="none left", gradient=True),
    Row("std", _std, _SPREADS, DIFFERENTIABLE, _STD_BOUND, real, gradient=True, refuses=("int64",)),
    Row("var_mean", _spread_mean(_var), _SPREADS, FLOATS,
        (_VAR_BOUND, bound(_count, lambda x, *a, **k: np.abs(x).max())),
        gradient=True),
    Row("std_mean", _spread_mean(_std), _SPREADS, FLOATS,
        (_STD_BOUND, bound(_count, lambda x, *a, **k: np.abs(x).max())),
        gradient=True),
    Row("norm", _norm, _NORMS, DIFFERENTIABLE, bound(lambda x, p=2, dim=None, *_: _count(x, dim), half=4), real,
        gradient=True,
        covers=("euclidean_norm",), refuses=("int64",),
        points=(Point(([0.0, 0.0],), ([0.0, 0.0],)), Point(([0.0, 2.0], 1), ([0.0, 1.0],)))),
    Row("logsumexp", _logsumexp, _LOGSUMEXP, REAL,
        bound(_count, lambda x, *a, **k: np.abs(x).max(initial=0) + 1, half=3), floating,
        gradient=True),
)  # fmt: skip


# ------------------------------------------------------------------------------------------------- running totals


def _running(function: Any) -> Any:
    def reference(x: Array, dim: int) -> Array:
        dtype = np.int64 if x.dtype.kind in "biu" else None
        return np.asarray(function(x, axis=dim, dtype=dtype)) if x.ndim else np.asarray(x, dtype)

    return reference


def _runs(domain: Values, long: Names | None = None) -> tuple[Sample, ...]:
    return (
        Sample((Input((5, 7), domain), 0)), Sample((Input((5, 7), domain), 1)), Sample((Input((2, 3, 4), domain), -2)),
        Sample((Input((), domain), 0)), Sample((Input((0, 3)), 0)), Sample((Input((3, 0)), 1)),
        Sample((Input((1031,), domain), 0), dtypes=long),
        Sample((Input((300, 3), domain), 0), dtypes=long), Sample((Input((9, 7), TIES_AND_NAN), 1), dtypes=FLOATS),
        Sample((Input(LARGE, domain), 0), dtypes=("float32",)),
    )  # fmt: skip


_RUNNING = (
    Row("cumsum", _running(np.cumsum), _runs(NORMAL), COMMON, bound(lambda x, dim: x.shape[dim] if x.ndim else 1),
        summed,
        gradient=True, refusals=(_OUT_OF_RANGE,)),
    Row("cumprod", _running(np.cumprod), _runs(_FACTORS, REAL), COMMON,
        bound(lambda x, dim: x.shape[dim] if x.ndim else 1), summed,
        gradient=True, refusals=(_OUT_OF_RANGE,), points=(Point(([2.0, 0.0, 3.0], 0), ([1.0, 8.0, 0.0],)),)),
)  # fmt: skip

ROWS = (*_SUMS, *_EXTREMES, *_TRUTH, *_SPREAD, *_RUNNING)
