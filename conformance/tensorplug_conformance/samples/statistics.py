"""Samples of histograms, segments, slopes and coordinates."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import ALL, COMPLEX, FLOATS, REAL, SINGLES, Array
from tensorplug_conformance.sample import EXACT, Input, Refusal, Row, Sample, bound, floating, index_dtype, same
from tensorplug_conformance.values import DISTINCT, MASK, index, items, uniform

_A = Input((5, 7))

# ------------------------------------------------------------------------------------------------- coordinates


def _nonzero_static(x: Array, size: int, fill_value: int = -1) -> Array:
    found = np.argwhere(x)[:size]
    return np.concatenate((found, np.full((size - len(found), x.ndim), fill_value)))


def _unravel(places: Array, shape: Any) -> tuple[Array, ...]:
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    return tuple(np.unravel_index(places.astype(np.int64) % math.prod(sizes), sizes))


_COORDINATES = (
    Row("nonzero_static", _nonzero_static, (
        Sample((Input((5, 7), MASK),), {"size": 9}), Sample((Input((3,), MASK),), {"size": 5, "fill_value": 7}),
        Sample((Input((3, 2), MASK),), {"size": 0}), Sample((Input(()),), {"size": 2}),
    ), ALL, EXACT, index_dtype, data_dependent=True, refusals=(Refusal(Sample((_A,), {"size": -1})),)),
    Row("unravel_index", _unravel, (
        Sample((Input((4, 3), index(23)), (2, 3, 4))), Sample((Input((5,), index(8)), 9)),
        Sample((Input((), index(5)), (2, 3))), Sample((Input((3,), items(-1, 25, 3)), (2, 3, 4)), dtypes=("int64",)),
    ), ("int64", "int32"), EXACT, index_dtype, refusals=(
        Refusal(Sample((_A, (2, 3))), TypeError), Refusal(Sample((Input((2,)), (2, -3))), ValueError, "int64"),
    )),
    Row("adjoint", lambda x: np.conj(np.swapaxes(x, -1, -2)), (
        Sample((_A,)), Sample((Input((2, 3, 4)),)), Sample((Input((0, 3)),)),
    ), (*REAL, *COMPLEX), EXACT, gradient=True, view="maybe", refusals=(Refusal(Sample((Input((3,)),))),)),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- slopes


def _gradient(x: Array, spacing: Any = None, dim: Any = None, edge_order: int = 1) -> tuple[Array, ...]:
    dims = tuple(range(x.ndim)) if dim is None else (dim,) if isinstance(dim, int) else tuple(dim)
    steps = spacing if isinstance(spacing, list | tuple) else [1.0 if spacing is None else spacing] * len(dims)
    slopes: Any = np.gradient
    found = slopes(x, *steps, axis=dims, edge_order=edge_order)
    return tuple(found) if isinstance(found, list | tuple) else (found,)


_AT_COLUMNS = Input((7,), items(0, 1, 1.5, 3, 4.5, 5, 7), layout="contiguous", grad=False)
_SLOPES = (
    Row("gradient", _gradient, (
        Sample((_A,)), Sample((_A,), {"spacing": 0.5}), Sample((_A,), {"dim": 1, "edge_order": 2}),
        Sample((_A,), {"spacing": (0.5, 2.0), "edge_order": 2}), Sample((_A,), {"dim": (1, 0), "spacing": [2.0, 1.0]}),
        Sample((Input((2, 3)),), {"dim": 0}), Sample((_A,), {"spacing": (0.25,), "dim": -1}),
    ), (*SINGLES, *COMPLEX), bound(6, lambda x, *_, **__: np.abs(x).max(initial=0) * 40), gradient=True, refusals=(
        Refusal(Sample((_A,), {"spacing": [1.0]})), Refusal(Sample((_A,), {"edge_order": 3})),
        Refusal(Sample((_A,), {"dim": (0, 0)})), Refusal(Sample((Input((1, 3)),))),
        Refusal(Sample((_A,), {"dim": 2}), IndexError),
    )),
    Row("gradient", _gradient, (
        Sample((_A,), {"spacing": [_AT_COLUMNS], "dim": 1}),
        Sample((_A,), {"spacing": [_AT_COLUMNS], "dim": 1, "edge_order": 2}),
    ), SINGLES, bound(8, lambda x, *_, **__: np.abs(x).max(initial=0) * 80), label="coordinates", gradient=True),
    Row("gradient", _gradient, (Sample((_A,)),), ("int64", "int32"), bound(4, half=3), floating, label="integers"),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- segments

_NUMPY: dict[str, Any] = {"sum": np.sum, "mean": np.mean, "prod": np.prod, "max": np.max, "min": np.min}
_START = {"sum": 0.0, "mean": 0.0, "prod": 1.0, "max": -math.inf, "min": math.inf}


def _segment(x: Array, reduce: str, initial: float | None) -> Array:
    """One segment along the first dim."""
    start = _START[reduce] if initial is None else initial
    everything = np.concatenate((np.full((1, *x.shape[1:]), start), x))
    if reduce != "mean":
        return np.asarray(_NUMPY[reduce](everything, 0))
    if not len(x) and initial is None:
        return np.full(x.shape[1:], np.nan)
    return np.asarray(everything.sum(0) / max(len(x), 1))


def _segments(
    x: Array, reduce: str, lengths: Any = None, offsets: Any = None, axis: int = 0, initial: float | None = None,
    unsafe: bool = False,
) -> Array:  # fmt: skip
    if axis:
        rows = zip(x, lengths if offsets is None else [None] * len(x), strict=True)
        others = [None] * len(x) if offsets is None else offsets
        return np.stack([
            _segments(part, reduce, own, other, axis - 1, initial)
            for (part, own), other in zip(rows, others, strict=True)
        ])  # fmt: skip
    bounds: Any = offsets if offsets is not None else np.cumsum([0, *lengths])
    return np.stack([
        _segment(x[a:b], reduce, initial) for a, b in itertools.pairwise(bounds)
    ])  # fmt: skip


def _whole(*values: int) -> Input:
    return Input((len(values),), items(*values), "int64")


_SEGMENTED = Input((6, 3), DISTINCT)
_TWICE = Input((2, 3), items(2, 0, 4, 1, 2, 3), "int64")
_SEGMENTS = (
    Row("segment_reduce", _segments, (
        *[Sample((_SEGMENTED, r), {"lengths": _whole(2, 1, 3)}) for r in _NUMPY],
        *[Sample((_SEGMENTED, r), {"lengths": _whole(2, 0, 4), "initial": 1.5}) for r in _NUMPY],
        *[Sample((_SEGMENTED, r), {"offsets": _whole(1, 3, 5)}) for r in ("sum", "max")],
        Sample((Input((2, 6, 3), DISTINCT), "sum"), {"lengths": _TWICE, "axis": 1}),
        Sample((_SEGMENTED, "sum"), {"lengths": _whole(6), "unsafe": True}),
    ), FLOATS, bound(6, lambda x, *_, **__: np.abs(x).max(initial=1) ** 4, half=6), gradient=True, data_dependent=False,
        refusals=(
        Refusal(Sample((_SEGMENTED, "sum"))), Refusal(Sample((_SEGMENTED, "median"), {"lengths": _whole(6)})),
        Refusal(Sample((_SEGMENTED, "sum"), {"lengths": _whole(2, 3)})),
        Refusal(Sample((_SEGMENTED, "sum"), {"lengths": _whole(-1, 7)})),
        Refusal(Sample((_SEGMENTED, "sum"), {"lengths": Input((6,))}), NotImplementedError),
    )),
    Row("segment_reduce", _segments, tuple(
        Sample((_SEGMENTED, r), {"lengths": _whole(2, 0, 4)}, gradient=False) for r in _NUMPY
    ), SINGLES, bound(6, lambda x, *_, **__: np.abs(x).max(initial=1) ** 4), label="empty", gradient=True),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- histograms


def _histogram(x: Array, bins: Any = 100, range: Any = None, weight: Any = None, density: bool = False) -> Any:
    if not x.size and range is None:
        range = (0.0, 1.0)
    hist, edges = np.histogram(x, bins, range, density, weight)
    return hist.astype(np.float64), edges.astype(np.float64)


def _histogramdd(x: Array, bins: Any, range: Any = None, weight: Any = None, density: bool = False) -> Any:
    points = x.reshape(-1, x.shape[-1])
    bounds = None if range is None else list(zip(range[::2], range[1::2], strict=True))
    weights = None if weight is None else weight.reshape(-1)
    hist, edges = np.histogramdd(points, bins, bounds, density, weights)
    return (hist.astype(np.float64), *edges)


# Numbers away from all edges, which the two precisions round differently.
_SCATTERED, _POINTS = Input((5, 7), uniform(-1.9, 1.9)), Input((23, 2), uniform(-1.9, 1.9))
_RESULT = bound(40, lambda *_, **__: 40.0)
_HISTOGRAMS = (
    Row("histogram", _histogram, (
        Sample((_SCATTERED, 4)), Sample((_SCATTERED, 4), {"weight": Input((5, 7), uniform(0, 1))}),
        Sample((Input((4,), items(1.0)), 3)),
    ), SINGLES, _RESULT, (same, same), data_dependent=True, refusals=(
        Refusal(Sample((_SCATTERED, 0))), Refusal(Sample((_SCATTERED, 3), {"range": (2.0, 1.0)})),
        Refusal(Sample((Input((3,), items(math.nan)), 3))),
        Refusal(Sample((_SCATTERED, 3), {"weight": Input((5,))})),
        Refusal(Sample((_SCATTERED, 3)), NotImplementedError, "int64"),
    )),
    Row("histogram", _histogram, (
        Sample((_SCATTERED,), {"bins": 3, "range": (-1.0, 2.0)}),
        Sample((_SCATTERED, 5), {"density": True, "range": (-2.0, 2.0)}),
        Sample((_SCATTERED, Input((4,), items(-1.0, 0.0, 0.25, 2.0)))), Sample((Input((0,)), 3)),
        Sample((Input((6,), items(0.0, 1.0, 2.0, 3.0, 4.0, -1.0)), 4), {"range": (0.0, 4.0)}),
    ), SINGLES, _RESULT, (same, same), label="edges"),
    Row("histogramdd", _histogramdd, (
        Sample((_POINTS, 3)), Sample((_POINTS, [2, 4]), {"density": True}),
        Sample((Input((2, 3, 2), uniform(-1.9, 1.9)), 2)),
    ), SINGLES, _RESULT, (same,) * 3, data_dependent=True, refusals=(
        Refusal(Sample((_POINTS, [2]))), Refusal(Sample((Input((3,)), 3))),
        Refusal(Sample((_POINTS, 3), {"range": [0.0, 1.0]})),
    )),
    Row("histogramdd", _histogramdd, (
        Sample((_POINTS, [3, 3]), {"range": [-1.0, 1.0, -2.0, 2.0], "weight": Input((23,), uniform(0, 1))}),
    ), SINGLES, _RESULT, (same,) * 3, label="edges"),
)  # fmt: skip

ROWS = (*_COORDINATES, *_SLOPES, *_SEGMENTS, *_HISTOGRAMS)
