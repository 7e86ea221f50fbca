"""Samples of joining, splitting, turning and filling, of neighbours, and of matrices by their diagonals."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import ALL, COMMON, COMPLEX, FLOATS, INTEGERS, NUMERIC, Array
from tensorplug_conformance.sample import DEVICE, EXACT, Input, Refusal, Row, Sample, bound, index_dtype
from tensorplug_conformance.values import away_from_zero, index, items, unique_index

_A, _B, _V, _S = Input((5, 7)), Input((2, 3, 4)), Input((6,)), Input(())
_EMPTY = Input((0, 3))


def _calls(*calls: tuple[Any, ...]) -> tuple[Sample, ...]:
    return tuple(Sample(args) for args in calls)


def _moves(name: str, function: Any, *calls: tuple[Any, ...], view: str = "never", **fields: Any) -> Row:
    return Row(name, function, _calls(*calls), ALL, EXACT, gradient=True, view=view, **fields)


# ------------------------------------------------------------------------------------------------- joining, splitting


def _each(function: Any) -> Any:
    return lambda *xs: function(xs[0]) if len(xs) == 1 else tuple(function(x) for x in xs)


def _split(function: Any) -> Any:
    return lambda x, parts, *dim: tuple(function(x, list(parts) if isinstance(parts, tuple) else parts, *dim))


_JOINING = (
    _moves("atleast_1d", _each(np.atleast_1d), (_S,), (_V,), (_A, _S), view="maybe"),
    _moves("atleast_2d", _each(np.atleast_2d), (_S,), (_V,), (_A, _V), view="maybe"),
    _moves("atleast_3d", _each(np.atleast_3d), (_S,), (_V,), (_A,), (_B, _A), view="maybe"),
    _moves("column_stack", np.column_stack, ((_V, _V),), ((_A, _A),), ((Input((5,)), _A),)),
    _moves("dstack", np.dstack, ((_V, _V),), ((_A, _A),), ((_B, Input((2, 3, 1))),)),
    _moves("tensor_split", _split(np.array_split), (_A, 3), (_A, 3, 1), (_A, (1, 4)), (_A, (2, 5), 1), (_V, 7),
        (_A, 2, -1), view="always",
           refusals=(Refusal(Sample((_A, 0))), Refusal(Sample((_S, 1))))),
    _moves("hsplit", _split(np.hsplit), (Input((5, 6)), 3), (_V, 2), (_A, (2, 4)), view="always",
        refusals=(Refusal(Sample((_A, 3))),)),
    _moves("vsplit", _split(np.vsplit), (Input((6, 5)), 3), (_A, (1, 4)), view="always",
        refusals=(Refusal(Sample((_V, 2))),)),
    _moves("dsplit", _split(np.dsplit), (_B, 2), (_B, (1, 3)), view="always", refusals=(Refusal(Sample((_A, 2))),)),
    _moves("rot90", lambda x, k=1, dims=(0, 1): np.rot90(x, k, dims), (_A,), (_A, 2), (_A, -1), (_A, 4),
        (_B, 1, (1, 2)), (_B, 3, (2, 0)),
           refusals=(Refusal(Sample((_A, 1, (0, 0)))), Refusal(Sample((_V,))))),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- placing


def _select_scatter(x: Array, src: Array, dim: int, at: int) -> Array:
    found = np.array(x)
    np.moveaxis(found, dim, 0)[at] = src
    return found


def _slice_scatter(x: Array, src: Array, dim: int = 0, start: Any = None, end: Any = None, step: int = 1) -> Array:
    found = np.array(x)
    np.moveaxis(found, dim, 0)[start:end:step] = np.moveaxis(src, dim, 0)
    return found


def _put(x: Array, at: Array, src: Array, accumulate: bool = False) -> Array:
    found = np.array(x).reshape(-1)
    if accumulate:
        np.add.at(found, at.reshape(-1), src.reshape(-1))
    else:
        found[at.reshape(-1)] = src.reshape(-1)
    return found.reshape(x.shape)


_COMBINE = {"prod": np.multiply, "amax": np.maximum, "amin": np.minimum, "mean": np.add}


def _index_reduce(x: Array, dim: int, at: Array, src: Array, reduce: str, include_self: bool = True) -> Array:
    found = np.array(x)
    target, parts = np.moveaxis(found, dim, 0), np.moveaxis(src, dim, 0)
    met = np.full(len(target), int(include_self))
    for place, part in zip(at, parts, strict=True):
        target[place] = _COMBINE[reduce](target[place], part) if met[place] else part
        met[place] += 1
    if reduce == "mean":
        counts = np.maximum(met, 1).reshape(-1, *[1] * (x.ndim - 1))
        target[...] = target // counts if x.dtype.kind in "iu" else target / counts
    return found


def _renorm(x: Array, p: float, dim: int, maxnorm: float) -> Array:
    axes = tuple(d for d in range(x.ndim) if d != dim % x.ndim)
    norm = np.sum(np.abs(x) ** p, axes, keepdims=True) ** (1 / p)
    return x * np.where(norm > maxnorm, maxnorm / (norm + 1e-7), 1)


_NEAR_ONE = away_from_zero(0.8, 1.2)
_REDUCED = tuple(
    Sample((Input((5, 7), _NEAR_ONE), 0, Input((8,), index(5), "int64"), Input((8, 7), _NEAR_ONE, layout="transposed"),
        kind),
        {"include_self": include},
           hazards=("duplicate index",))
    for kind in ("prod", "amax", "amin", "mean")
    for include in (True, False)
)  # fmt: skip

_PLACING = (
    _moves("fill", lambda x, value: np.full(x.shape, value, x.dtype), (_A, 1), (_S, 0),
        (_EMPTY, 1))._replace(gradient=False),
    Row("fill", lambda x, value: np.full(x.shape, value), _calls((Input((5, 7), grad=False), _S)), FLOATS,
        call="tp.fill", label="tensor", gradient=True),
    _moves("select_scatter", _select_scatter, (_A, Input((7,)), 0, 2), (_A, Input((5,)), 1, -1),
        (_B, Input((2, 4)), 1, 0),
           refusals=(Refusal(Sample((_A, Input((7,)), 0, 5)), IndexError),)),
    _moves("slice_scatter", _slice_scatter, (_A, Input((3, 7)), 0, 1, 4), (_A, Input((5, 4)), 1, None, None, 2),
        (_A, Input((2, 7)), 0, -2)),
    _moves("diagonal_scatter", lambda x, src, *args: _diagonal_scatter(x, src, *args), (_A, Input((5,))),
        (_A, Input((4,)), -1), (_B, Input((4, 2)), 1, 0, 1),
           (_B, Input((2, 3)), 0, 1, 2)),
    _moves("put", _put, (_A, Input((4,), unique_index(35), "int64"), Input((4,))),
        (_A, Input((2, 2), items(0, 34, -1, 17)._replace(items=(3, 34, -2, 17)), "int64"), Input((2, 2))),
           refusals=(Refusal(Sample((_A, Input((3,), items(0), "int64"), Input((2,)))), IndexError),)),
    Row("put", _put,
        (Sample((_A, Input((50,), index(35), "int64"), Input((50,)), True), hazards=("duplicate index",)),), NUMERIC,
        bound(10),
        call="tp.put", label="accumulate", gradient=True),
    Row("index_reduce", _index_reduce, _REDUCED, (*INTEGERS, *FLOATS), bound(8, half=8), gradient=True),
    Row("renorm", _renorm, _calls((_A, 2, 0, 1.0), (_A, 1, 1, 2.0), (_B, 3, 1, 1.0), (_A, 2, 0, 100.0)),
        (*FLOATS, *COMPLEX), bound(35, half=4),
        gradient=True),
)  # fmt: skip


def _diagonal_scatter(x: Array, src: Array, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Array:
    found = np.array(x)
    moved = np.moveaxis(found, (dim1, dim2), (-2, -1))
    rows, columns = moved.shape[-2:]
    for k in range(src.shape[-1]):
        moved[..., k - min(offset, 0), k + max(offset, 0)] = src[..., k]
    assert rows
    assert columns
    return found


# ------------------------------------------------------------------------------------------------- neighbours


def _diff(x: Array, n: int = 1, dim: int = -1, prepend: Any = None, append: Any = None) -> Array:
    parts = [p for p in (prepend, x, append) if p is not None]
    return np.diff(np.concatenate(parts, dim), n, dim)


def _cumulative(y: Array, x: Any = None, dx: Any = None, dim: int = -1) -> Array:
    y = np.moveaxis(y, dim, -1)
    steps = (
        np.diff(x if x is None or x.ndim == 1 else np.moveaxis(x, dim, -1))
        if x is not None
        else 1
        if dx is None
        else dx
    )
    return np.moveaxis(np.cumsum((y[..., 1:] + y[..., :-1]) / 2 * steps, -1), -1, dim)


def _trapezoid(y: Array, x: Any = None, dx: Any = None, dim: int = -1) -> Array:
    moved = np.moveaxis(y, dim, -1)
    steps = (
        np.diff(x if x is None or x.ndim == 1 else np.moveaxis(x, dim, -1))
        if x is not None
        else 1
        if dx is None
        else dx
    )
    return np.sum((moved[..., 1:] + moved[..., :-1]) / 2 * steps, -1)


_AREA = bound(7, lambda y, *_, **__: np.abs(y).max(initial=0) * 40, half=3)
_AREAS = (
    Sample((_A,)), Sample((_A,), {"dx": 0.5, "dim": 0}), Sample((_A, Input((7,)))), Sample((_A, Input((5, 7)))),
    Sample((Input((3, 1)),)),
)  # fmt: skip
_NEIGHBOURS = (
    Row("diff", _diff, (
        *_calls((_A,), (_A, 2), (_A, 1, 0), (_A, 0), (_V, 9), (_EMPTY,)),
        Sample((_A,), {"prepend": Input((5, 1)), "append": Input((5, 2))}),
    ), COMMON, bound(4, lambda x, *_, **__: np.float64(np.abs(x).max(initial=0)) * 500, half=9), gradient=True,
    refusals=(Refusal(Sample((_S,))), Refusal(Sample((_A, -1))))),
    Row("trapezoid", _trapezoid, _AREAS, FLOATS, _AREA, gradient=True),
    Row("cumulative_trapezoid", _cumulative, _AREAS, FLOATS, _AREA, gradient=True),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- diagonals


def _diag_embed(x: Array, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Array:
    size = x.shape[-1] + abs(offset)
    found = np.zeros((*x.shape[:-1], size, size), x.dtype)
    for k in range(x.shape[-1]):
        found[..., k - min(offset, 0), k + max(offset, 0)] = x[..., k]
    return np.moveaxis(found, (-2, -1), (dim1, dim2))


def _block_diag(*xs: Array) -> Array:
    blocks = [np.atleast_2d(x) for x in xs]
    found = np.zeros([sum(b.shape[d] for b in blocks) for d in (0, 1)], xs[0].dtype)
    row = column = 0
    for block in blocks:
        found[row : row + block.shape[0], column : column + block.shape[1]] = block
        row, column = row + block.shape[0], column + block.shape[1]
    return found


def _places(function: Any) -> Any:
    return lambda row, col, offset=0: np.stack(function(row, offset, col))


_MATRIX = Refusal(Sample((_V,)))
_INDEX_CALLS = tuple(Sample(args, {"device": DEVICE}) for args in ((3, 3), (2, 4, 1), (4, 2, -1), (0, 3)))
_DIAGONALS = (
    _moves("tril", np.tril, (_A,), (_A, 2), (_A, -1), (_B,), (_EMPTY,), (_A, 99), refusals=(_MATRIX,)),
    _moves("triu", np.triu, (_A,), (_A, 2), (_A, -1), (_B,), (_EMPTY,), (_A, -99), refusals=(_MATRIX,)),
    Row("tril_indices", _places(np.tril_indices), _INDEX_CALLS, ("int64",), EXACT, index_dtype),
    Row("triu_indices", _places(np.triu_indices), _INDEX_CALLS, ("int64",), EXACT, index_dtype),
    _moves("diag_embed", _diag_embed, (_A,), (_A, 1), (_A, -2), (_V,), (_A, 0, 0, 2), (_A, 1, 1, 0),
        refusals=(Refusal(Sample((_A, 0, 1, 1))),)),
    _moves("diag", lambda x, k=0: np.diag(x, k), (_A,), (_A, 2), (_V,), (_V, -1), refusals=(Refusal(Sample((_B,))),)),
    _moves("diagflat", np.diagflat, (_V,), (_A, 1), (_S,)),
    _moves("block_diag", _block_diag, (_A, _V, _S), (Input((2, 2)), Input((1, 3))), (_A,)),
)  # fmt: skip

ROWS = (*_JOINING, *_PLACING, *_NEIGHBOURS, *_DIAGONALS)
