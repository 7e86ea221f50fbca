"""Samples of ops that see tensors as collections: distinct elements, counts, limits, combinations."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import COMMON, FLOATS, INTEGERS, ORDERED, REAL, Array
from tensorplug_conformance.sample import EXACT, Input, Refusal, Row, Sample, index_dtype, same
from tensorplug_conformance.values import DISTINCT, TIES, index, items, uniform

_T = Input((5, 7), TIES)
_LINE = Input((9,), items(1, 1, 2, 2, 2, 3, 1, 1), layout="contiguous")


def _results(values: Any, inverse: Any, counts: Any, return_inverse: bool, return_counts: bool) -> Any:
    found = (values, *([inverse] if return_inverse else []), *([counts] if return_counts else []))
    return found if len(found) > 1 else values


def _unique(
    x: Array, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    values, inverse, counts = np.unique(x, return_inverse=True, return_counts=True, axis=dim)
    return _results(values, inverse.reshape(x.shape if dim is None else (-1,)), counts, return_inverse, return_counts)


def _consecutive(x: Array, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None) -> Any:
    rows = x.reshape(-1, 1) if dim is None else np.moveaxis(x, dim, 0).reshape(x.shape[dim], -1)
    starts = np.array([i == 0 or bool((rows[i] != rows[i - 1]).any()) for i in range(len(rows))], bool)
    inverse = np.cumsum(starts) - 1
    values = x.reshape(-1)[starts] if dim is None else np.compress(starts, x, dim)
    return _results(
        values, inverse.reshape(x.shape if dim is None else (-1,)), np.bincount(inverse), return_inverse, return_counts
    )


def _with_all(samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
    return tuple(s._replace(kwargs={**s.kwargs, "return_inverse": True, "return_counts": True}) for s in samples)


_ANY = (Sample((_T,)), Sample((Input((257,), TIES),)), Sample((Input((0,)),)), Sample((Input(()),)))
_SLICES = (Sample((Input((9, 2), TIES),), {"dim": 0}), Sample((Input((2, 9), TIES),), {"dim": 1}))
_RUNS = (
    Sample((_LINE,)),
    Sample((_T,)),
    Sample((Input((6, 2), items(1, 2, 1, 2, 3, 4), layout="contiguous"),), {"dim": 0}),
)
_THREE = (same, index_dtype, index_dtype)
_DISTINCT = (
    Row("unique", _unique, (*_ANY, *_SLICES), REAL, data_dependent=True),
    Row("unique", _unique, _with_all((*_ANY[:2], *_SLICES)), REAL, EXACT, _THREE, call="tp.unique", label="places",
        data_dependent=True),
    Row("unique_consecutive", _consecutive, _RUNS, REAL, data_dependent=True),
    Row("unique_consecutive", _consecutive, _with_all(_RUNS), REAL, EXACT, _THREE, call="tp.unique_consecutive",
        label="places", data_dependent=True),
    Row("isin", lambda x, y, invert=False: np.isin(x, y, invert=invert), (
        Sample((_T, Input((2,), items(1, 3)))), Sample((_T, Input((2, 2), items(0, 2)),), {"invert": True}),
        Sample((_T, 2), dtypes=ORDERED), Sample((_T, Input((0,)))),
    ), REAL, EXACT, lambda dtype: "bool"),
    Row("count_nonzero", lambda x, dim=None: np.asarray(np.count_nonzero(x, dim), np.int64), (
        Sample((_T,)), Sample((_T, 0)), Sample((_T, (0, 1))), Sample((Input((0, 3)), 1)), Sample((Input(()),)),
    ), COMMON, EXACT, index_dtype),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- counting


def _bincount(x: Array, weights: Any = None, minlength: int = 0) -> Array:
    return np.bincount(x, weights, minlength)


def _histc(x: Array, bins: int = 100, min: float = 0, max: float = 0) -> Array:
    limits = (min, max) if min != max else (x.min(), x.max())
    return np.histogram(x, bins, limits)[0].astype(np.float64)


_COUNTS = Input((40,), index(6))
_COUNTING = (
    Row("bincount", _bincount, (Sample((_COUNTS,)), Sample((_COUNTS,), {"minlength": 9})), INTEGERS, EXACT, index_dtype,
        data_dependent=True, refuses=("float32",),
        refusals=(Refusal(Sample((Input((3,), items(-1, 2)),)), dtype="int64"),)),
    Row("bincount", _bincount, (Sample((Input((0,)),), {"minlength": 3}),), INTEGERS, EXACT, index_dtype,
        call="tp.bincount", label="empty"),
    Row("bincount", _bincount, (Sample((Input((40,), index(6), "int64"), Input((40,), items(0.5, 2.0, -1.25)))),),
        ("float32", "float64"), EXACT,
        call="tp.bincount", label="weights", data_dependent=True),
    Row("histc", _histc,
        (Sample((Input((40,), uniform(0, 4)), 4, 0, 4)), Sample((Input((5, 7), uniform(-1, 6)), 5, 0, 5))),
        FLOATS, refusals=(Refusal(Sample((Input((3,)), 0))),)),
    Row("histc", _histc, (Sample((Input((9,), items(0, 1, 2, 4)), 4)),), FLOATS, call="tp.histc", label="range",
        data_dependent=True),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- sorted limits


def _searchsorted(
    sequence: Array, x: Any, right: bool = False, side: str | None = None, sorter: Any = None, out_int32: bool = False
) -> Array:
    where: Any = "right" if right or side == "right" else "left"
    if sequence.ndim == 1:
        found = np.searchsorted(sequence, x, where, sorter)
    else:
        found = np.stack([np.searchsorted(s, v, where) for s, v in zip(sequence, x, strict=True)])
    return np.asarray(found, np.int32 if out_int32 else np.int64)


_LIMITS = Input((4,), items(0, 1, 3, 5), layout="contiguous")
_STACKED = Input((2, 4), items(0, 1, 3, 5, 1, 1, 2, 9), layout="contiguous")
_SORTED_LIMITS = (
    Row("searchsorted", _searchsorted, (
        Sample((_LIMITS, Input((5, 7), uniform(0, 7)))),
        Sample((_LIMITS, Input((9,), items(0, 1, 2, 3, 5, 6))), {"right": True}),
        Sample((_LIMITS, Input((9,), items(0, 1, 2, 3, 5, 6))), {"side": "right"}),
        Sample((_STACKED, Input((2, 6), uniform(0, 9)))),
        Sample((_LIMITS, Input((9,), uniform(0, 7))), {"out_int32": True}, result="int32"),
        Sample((_LIMITS, Input((0,)))),
    ), ORDERED, EXACT, index_dtype, refusals=(Refusal(Sample((_LIMITS, Input((3,))), {"side": "middle"})),)),
    Row("bucketize", lambda x, limits, right=False,
        out_int32=False: _searchsorted(limits, x, right, None, None, out_int32), (
        Sample((Input((5, 7), uniform(0, 7)), _LIMITS)),
        Sample((Input((9,), items(0, 1, 2, 3, 5, 6)), _LIMITS), {"right": True}),
        Sample((Input(()), _LIMITS), {"out_int32": True}, result="int32"),
    ), ORDERED, EXACT, index_dtype, refusals=(Refusal(Sample((Input((3,)), Input((2, 2))))),)),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- combinations


def _product(*xs: Array) -> Array:
    if len(xs) == 1:
        return xs[0]
    return np.stack([g.reshape(-1) for g in np.meshgrid(*xs, indexing="ij")], 1)


def _combinations(x: Array, r: int = 2, with_replacement: bool = False) -> Array:
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    places = np.array(list(choose(range(len(x)), r)), np.int64).reshape(-1, r)
    return x[places]


_V = Input((4,), DISTINCT)
_COMBINATIONS = (
    Row("cartesian_prod", _product, (Sample((_V, Input((3,)))), Sample((_V, Input((2,)), Input((3,)))), Sample((_V,))),
        COMMON, gradient=True, view="maybe",
        refusals=(Refusal(Sample((Input((2, 2)), _V))),)),
    Row("combinations", _combinations,
        (Sample((_V,)), Sample((_V, 3)), Sample((_V, 2, True)), Sample((_V, 5)), Sample((_V, 1))), COMMON,
        gradient=True,
        refusals=(Refusal(Sample((Input((2, 2)),))), Refusal(Sample((_V, -1))))),
)  # fmt: skip

ROWS = (*_DISTINCT, *_COUNTING, *_SORTED_LIMITS, *_COMBINATIONS)
