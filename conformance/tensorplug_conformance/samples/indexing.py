"""Samples of reading and writing by index tensors and masks, and of sorting."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import ALL, COMMON, COMPLEX, FLOATS, INTEGERS, NUMERIC, REAL, Array
from tensorplug_conformance.sample import EXACT, Input, Refusal, Row, Sample, bound, index_dtype, same
from tensorplug_conformance.values import (
    DISTINCT,
    MASK,
    SPECIAL,
    TIES,
    TIES_AND_NAN,
    away_from_zero,
    index,
    items,
    unique_index,
)

_A = Input((5, 7))
_OUTSIDE = items(0, 9)


def _indices(shape: tuple[int, ...], size: int, dtype: str = "int64") -> Input:
    return Input(shape, index(size), dtype)


def _unique(shape: tuple[int, ...], size: int) -> Input:
    return Input(shape, unique_index(size), "int64")


def _mask(*shape: int) -> Input:
    return Input(shape, MASK, "bool")


# ------------------------------------------------------------------------------------------------- along one dim


def _gather(x: Array, dim: int, at: Array) -> Array:
    if x.ndim == 0:
        return np.broadcast_to(x, at.shape).copy()
    found = np.empty(at.shape, x.dtype)
    for place in np.ndindex(at.shape):
        source = list(place)
        source[dim] = at[place]
        found[place] = x[tuple(source)]
    return found


def _scatter(x: Array, dim: int, at: Array, src: Any = None, combine: Any = None, value: Any = None) -> Array:
    src = value if src is None else src
    found = np.array(x)
    for place in np.ndindex(at.shape):
        target = list(place)
        if x.ndim:
            target[dim] = at[place]
        new = src[place] if isinstance(src, np.ndarray) else src
        found[tuple(target)] = new if combine is None else combine(found[tuple(target)], new)
    return found


_COMBINE = {
    "add": np.add,
    "multiply": np.multiply,
    "sum": np.add,
    "prod": np.multiply,
    "amax": np.maximum,
    "amin": np.minimum,
}


def _scatter_combining(
    x: Array, dim: int, at: Array, src: Any = None, reduce: str | None = None, value: Any = None
) -> Array:
    return _scatter(x, dim, at, src, _COMBINE[reduce] if reduce else None, value)


def _scatter_reduce(x: Array, dim: int, at: Array, src: Array, reduce: str, include_self: bool = True) -> Array:
    found = np.array(x)
    met = np.full(x.shape, int(include_self))
    for place in np.ndindex(at.shape):
        target: Any = list(place)
        target[dim] = at[place]
        target = tuple(target)
        if reduce == "mean":
            found[target] = found[target] + src[place] if met[target] else src[place]
        else:
            found[target] = _COMBINE[reduce](found[target], src[place]) if met[target] else src[place]
        met[target] += 1
    if reduce != "mean":
        return found
    counts = np.maximum(met, 1)
    return np.floor_divide(found, counts) if x.dtype.kind in "iu" else found / counts


_GATHERED = (
    Sample((_A, 0, _indices((3, 7), 5))), Sample((_A, 1, _indices((5, 9), 7))), Sample((_A, -1, _indices((2, 3), 7))),
    Sample((Input((2, 3, 4)), 1, _indices((2, 5, 4), 3))), Sample((Input(()), 0, _indices((), 1))),
    Sample((_A, 0, _indices((0, 7), 1))),
    Sample((Input((53,), SPECIAL), 0, _indices((300,), 53))), Sample((_A, 0, _indices((3, 7), 5, "int32"))),
)  # fmt: skip
_BAD_INDEX = Refusal(Sample((_A, 0, Input((3, 7), _OUTSIDE, "int64"))), (IndexError))
_FLOAT_INDEX = Refusal(Sample((_A, 0, Input((3, 7)))))
_WRITTEN = (
    Sample((_A, 0, _indices((1, 7), 5), Input((5, 7)))), Sample((_A, 1, _unique((5, 3), 7), Input((5, 4)))),
    Sample((Input((2, 3, 4)), -1, _unique((2, 3, 4), 4), Input((2, 3, 4)))), Sample((_A, 1, _unique((5, 3), 7), 2)),
    Sample((_A, 0, _indices((0, 7), 1), Input((0, 7)))), Sample((_A, 1, _unique((2, 2), 7), Input((5, 4)))),
    Sample((Input((53,)), 0, _unique((53,), 53), Input((53,), SPECIAL))),
)  # fmt: skip
_ADDED = (
    Sample((_A, 0, _indices((3, 7), 5), Input((3, 7))), hazards=("duplicate index",)),
    Sample((_A, 1, _indices((5, 20), 7), Input((5, 20))), hazards=("duplicate index",)),
    Sample((Input((2, 3, 4)), 1, _indices((2, 9, 3), 3), Input((2, 9, 4))), hazards=("duplicate index",)),
    Sample((Input((3,)), 0, _indices((1031,), 3), Input((1031,))), hazards=("duplicate index",)),
    Sample((_A, 0, _indices((0, 7), 1), Input((0, 7)))),
)  # fmt: skip
_COMBINED = Input((5, 7), away_from_zero(0.8, 1.2))
_REDUCED = tuple(
    Sample((_COMBINED, 1, _indices((5, 9), 7), Input((5, 9), away_from_zero(0.8, 1.2)), kind),
        {"include_self": include}, hazards=("duplicate index",))
    for kind in ("sum", "prod", "amax", "amin", "mean")
    for include in (True, False)
)  # fmt: skip

_ALONG = (
    Row("gather", _gather, _GATHERED, ALL, gradient=True,
        refusals=(_BAD_INDEX, _FLOAT_INDEX, Refusal(Sample((_A, 0, _indices((3,), 5)))))),
    Row("scatter", _scatter, _WRITTEN, ALL, gradient=True, covers=("scatter_src",), refusals=(
        Refusal(Sample((_A, 0, Input((3, 7), _OUTSIDE, "int64"), Input((3, 7)))), IndexError),
        Refusal(Sample((_A, 0, _indices((3, 7), 5), Input((3, 7), dtype="float64")))),
    )),
    Row("scatter", _scatter_combining, (
        Sample((_A, 1, _indices((5, 9), 7), Input((5, 9))), {"reduce": "add"}, hazards=("duplicate index",)),
        Sample((_COMBINED, 1, _indices((5, 9), 7), Input((5, 9), away_from_zero(0.8, 1.2))), {"reduce": "multiply"},
            hazards=("duplicate index",)),
    ), NUMERIC, bound(10, half=9), call="tp.scatter", label="reduce", gradient=True, covers=("scatter_combine",)),
    Row("scatter_add", lambda x, dim, at, src: _scatter(x, dim, at, src, np.add), _ADDED, NUMERIC,
        bound(lambda x, dim, at, src: at.shape[dim] / max(x.shape[dim], 1) + 9), gradient=True),
    Row("scatter_reduce", _scatter_reduce, _REDUCED, (*INTEGERS, *FLOATS), bound(10, half=9), gradient=True),
    Row("index_select", lambda x, dim, at: np.take(np.atleast_1d(x), np.atleast_1d(at), dim), (
        Sample((_A, 0, _indices((3,), 5))), Sample((_A, 1, _indices((300,), 7))), Sample((_A, -1, _indices((0,), 1))),
        Sample((Input((2, 3, 4)), 1, _indices((5,), 3))), Sample((Input((53,), SPECIAL), 0, _unique((53,), 53))),
        Sample((_A, 0, _indices((4,), 5, "int32"))), Sample((_A, 0, _indices((), 5))),
    ), ALL, gradient=True, refusals=(
        Refusal(Sample((_A, 0, Input((3,), _OUTSIDE, "int64"))), IndexError),
        Refusal(Sample((_A, 0, _indices((2, 2), 5))), IndexError),
    )),
    Row("index_add", lambda x, dim, at, src, alpha=1: _index_add(x, dim, at, src, alpha), (
        Sample((_A, 0, _indices((9,), 5), Input((9, 7))), hazards=("duplicate index",)),
        Sample((_A, 1, _indices((4,), 7), Input((5, 4))), {"alpha": 2}, hazards=("duplicate index",)),
        Sample((Input((3,)), 0, _indices((1031,), 3), Input((1031,))), hazards=("duplicate index",)),
    ), NUMERIC, bound(lambda x, dim, at, src, alpha=1: len(at), half=2), gradient=True),
    Row("index_copy", lambda x, dim, at, src: _index_write(x, dim, at, src), (
        Sample((_A, 0, _unique((3,), 5), Input((3, 7)))), Sample((_A, 1, _unique((7,), 7), Input((5, 7)))),
    ), ALL, gradient=True),
    Row("index_fill", lambda x, dim, at, value: _index_write(x, dim, at, value), (
        Sample((_A, 0, _unique((3,), 5), 2)), Sample((_A, -1, _indices((4,), 7), 1)),
    ), COMMON, gradient=True),
    Row("take_along_dim", lambda x, at, dim=None: np.take_along_axis(x, at, dim), (
        Sample((_A, _indices((3, 7), 5), 0)), Sample((_A, _indices((5, 2), 7), 1)),
        Sample((_A, _indices((1, 7), 5), 0), hazards=("broadcast",)),
        Sample((_A, _indices((9,), 35))),
    ), COMMON, gradient=True),
    Row("take", np.take,
        (Sample((_A, _indices((2, 3), 35))), Sample((_A, Input((4,), items(-1, 0, 34, -35), "int64")))), COMMON,
        gradient=True),
)  # fmt: skip


def _index_add(x: Array, dim: int, at: Array, src: Array, alpha: Any) -> Array:
    found = np.array(x)
    np.add.at(np.moveaxis(found, dim, 0), at, np.moveaxis(src * np.asarray(alpha, src.dtype), dim, 0))
    return found


def _index_write(x: Array, dim: int, at: Array, value: Any) -> Array:
    found = np.array(x)
    np.moveaxis(found, dim, 0)[at] = np.moveaxis(value, dim, 0) if isinstance(value, np.ndarray) else value
    return found


# ------------------------------------------------------------------------------------------------- masks


def _masked_fill(x: Array, mask: Array, value: Any) -> Array:
    return np.where(mask, np.asarray(value).astype(x.dtype), x)


def _masked_scatter(x: Array, mask: Array, source: Array) -> Array:
    found = np.array(np.broadcast_arrays(x, mask)[0])
    mask = np.broadcast_to(mask, found.shape)
    found[mask] = source.reshape(-1)[: int(mask.sum())]
    return found


_MASKS = (
    Row("masked_fill", _masked_fill, (
        Sample((_A, _mask(5, 7), 2)), Sample((_A, _mask(7), 1), hazards=("broadcast",)),
        Sample((_A, _mask(5, 1), 0), hazards=("broadcast",)),
        Sample((Input((53,), SPECIAL), _mask(53), 3)),
        Sample((_A, _mask(5, 7), float("-inf")), dtypes=FLOATS, gradient=False),
        Sample((_A, _mask(5, 7), Input(()))), Sample((Input((0, 3)), _mask(3), 1)),
        Sample((Input((7,)), _mask(5, 7), 1), hazards=("broadcast",)),
        Sample((Input((1031,)), _mask(1031), 1)),
    ), COMMON, gradient=True,
    refusals=(Refusal(Sample((_A, Input((5, 7)), 1))), Refusal(Sample((_A, _mask(5, 7), Input((2,))))))),
    Row("masked_select", lambda x,
        mask: np.broadcast_to(x,
            np.broadcast_shapes(x.shape, mask.shape))[np.broadcast_to(mask, np.broadcast_shapes(x.shape, mask.shape))],
            (
        Sample((_A, _mask(5, 7))), Sample((_A, _mask(7)), hazards=("broadcast",)),
        Sample((Input((7,)), _mask(5, 1)), hazards=("broadcast",)),
        Sample((Input((53,), SPECIAL), _mask(53))), Sample((Input((0, 3)), _mask(0, 3))),
        Sample((Input((4,)), Input((4,), items(False), "bool"))),
    ), ALL, gradient=True, data_dependent=True, refusals=(Refusal(Sample((_A, Input((5, 7))))),)),
    Row("masked_scatter", _masked_scatter, (
        Sample((_A, _mask(5, 7), Input((5, 7)))), Sample((_A, _mask(7), Input((40,)))),
    ), COMMON, gradient=True),
    Row("nonzero", lambda x: np.stack(np.nonzero(np.atleast_1d(x)), 1)[:, : x.ndim], (
        Sample((Input((5, 7), TIES),)), Sample((Input((2, 3, 4), TIES),)), Sample((Input((53,), SPECIAL),)),
        Sample((Input((0, 3)),)),
        Sample((Input((), items(1)),)), Sample((Input((), items(0)),)), Sample((Input((257,), TIES),)),
    ), COMMON, EXACT, index_dtype, covers=("nonzero_rows",), data_dependent=True),
    Row("nonzero", lambda x, as_tuple: tuple(np.nonzero(x)), (
        Sample((Input((5, 7), TIES),), {"as_tuple": True}), Sample((Input((6,), TIES),), {"as_tuple": True}),
    ), COMMON, EXACT, index_dtype, call="tp.nonzero", label="tuple", data_dependent=True),
    Row("argwhere", np.argwhere, (Sample((Input((5, 7), TIES),)), Sample((Input((4,), TIES),))), COMMON, EXACT,
        index_dtype,
        data_dependent=True),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- several dims


def _put(x: Array, indices: Any, values: Array, accumulate: bool = False) -> Array:
    found = np.array(x)
    key: Any = tuple(slice(None) if i is None else i for i in indices)
    if accumulate:
        np.add.at(found, key, values)
    else:
        found[key] = values
    return found


_B = Input((3, 4, 5))
_KEYS = (
    Sample((_A, _indices((4,), 5))), Sample((_A, (_indices((4,), 5), _indices((4,), 7)))),
    Sample((_A, (slice(None), _indices((2, 3), 7)))),
    Sample((_B, (_indices((2,), 3), slice(1, 3), _indices((2,), 5)))), Sample((_B, (Ellipsis, _indices((3,), 5)))),
    Sample((_B, (slice(None), _indices((2, 1), 4), _indices((3,), 5))), hazards=("broadcast",)),
    Sample((_B, (1, _indices((2,), 4)))),
    Sample((_A, Input((4,), items(-1, -5, 0, 4), "int64"))), Sample((_A, _indices((0,), 1))),
    Sample((_A, (None, _indices((3,), 5)))),
    Sample((_A, [0, 2, 1])), Sample((Input((53,), SPECIAL), _indices((300,), 53))),
)  # fmt: skip
_MASKED = (
    Sample((_A, _mask(5, 7))),
    Sample((_A, _mask(5))),
    Sample((_A, (slice(None), _mask(7)))),
    Sample((_B, (_mask(3), 1))),
)

_SEVERAL = (
    Row("index", lambda x, key: x[key], _KEYS, ALL, call="operator.getitem", gradient=True, refusals=(
        Refusal(Sample((_A, Input((2,), _OUTSIDE, "int64"))), IndexError), Refusal(Sample((_A, _mask(4))), IndexError),
        Refusal(Sample((_A, Input((2,)))), IndexError),
    )),
    Row("index", lambda x, key: x[key], _MASKED, COMMON, call="operator.getitem", label="mask", gradient=True,
        data_dependent=True),
    Row("index_put", _put, (
        Sample((_A, (_unique((3,), 5),), Input((3, 7)))),
        Sample((_A, (_unique((4,), 5), _unique((4,), 7)), Input((4,)))),
        Sample((_A, (None, _unique((3,), 7)), Input((5, 3)))),
        Sample((_A, (_unique((3,), 5),), Input(())), hazards=("broadcast",)),
        Sample((_B, (_unique((2,), 3), None, _unique((2,), 5)), Input((2, 4)))),
    ), ALL, gradient=True),
    Row("index_put", _put, (
        Sample((_A, (_indices((9,), 5),), Input((9, 7)), True), hazards=("duplicate index",)),
        Sample((_A, (_indices((20,), 5), _indices((20,), 7)), Input((20,)), True), hazards=("duplicate index",)),
    ), NUMERIC, bound(10), call="tp.index_put", label="accumulate", gradient=True),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- order


def _sort(x: Array, dim: int = -1, descending: bool = False, stable: bool = False) -> tuple[Array, Array]:
    """By a stable sort of the ranks, so that NaN is the largest in both directions."""
    if x.ndim == 0:
        return x, np.zeros((), np.int64)
    keys = np.where(np.isnan(x), np.inf, x) if x.dtype.kind == "f" else x.astype(object)
    odd = np.isnan(x) if x.dtype.kind == "f" else np.zeros(x.shape, bool)
    order = np.empty(x.shape, np.int64)
    moved = np.moveaxis(order, dim, -1)
    rows = np.moveaxis(keys, dim, -1), np.moveaxis(odd, dim, -1)
    sign = -1 if descending else 1
    for place in np.ndindex(moved.shape[:-1]):
        row, nan = rows[0][place].tolist(), rows[1][place].tolist()
        moved[place] = sorted(range(len(row)), key=lambda i: (sign * nan[i], sign * row[i]))
    return np.take_along_axis(x, order, dim), order


def _topk(x: Array, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> tuple[Array, Array]:
    values, order = _sort(x, dim, largest)
    return (values, order) if x.ndim == 0 else (np.take(values, range(k), dim), np.take(order, range(k), dim))


def _ordered(*calls: tuple[Any, ...]) -> tuple[Sample, ...]:
    return tuple(Sample(args) for args in calls)


_D = Input((5, 7), DISTINCT)
_SORTED = (
    *_ordered((_D,), (_D, 0), (_D, 1, True), (Input((2, 3, 4), DISTINCT), -2), (Input((), DISTINCT),),
        (Input((0, 3)), 0),
              (Input((257,), DISTINCT),), (Input((53,), SPECIAL),), (Input((53,), SPECIAL), 0, True)),
    Sample((Input((9, 7), TIES_AND_NAN), 1, False), {"stable": True}, hazards=("tie",)),
    Sample((Input((9, 7), TIES_AND_NAN), 0, True), {"stable": True}, hazards=("tie",)),
)  # fmt: skip
_ORDER = (
    Row("sort", _sort, _SORTED, REAL, (EXACT, EXACT), (same, index_dtype), gradient=True, covers=("sort_dim",),
        refuses=COMPLEX),
    Row("argsort", lambda *a, **k: _sort(*a, **k)[1], _SORTED, REAL, EXACT, index_dtype, refuses=COMPLEX),
    Row("topk", _topk, (
        *_ordered((_D, 3), (_D, 2, 0), (_D, 7, 1, False), (_D, 0), (Input((257,), DISTINCT), 10),
            (Input((), DISTINCT), 1)),
        Sample((Input((9, 7), TIES_AND_NAN), 3, 1), hazards=("tie",)),
    ), REAL, (EXACT, EXACT), (same, index_dtype), gradient=True, covers=("top_elements",),
        refusals=(Refusal(Sample((_D, 8))),)),
)  # fmt: skip

ROWS = (*_ALONG, *_MASKS, *_SEVERAL, *_ORDER)
