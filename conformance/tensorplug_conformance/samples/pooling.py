"""Samples of pooling: by windows, and into a given number of regions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import FLOATS, Array
from tensorplug_conformance.sample import EQUAL, EXACT, Input, Refusal, Row, Sample, bound, index_dtype, same
from tensorplug_conformance.samples.convolution import per_dim
from tensorplug_conformance.values import DISTINCT, TIES_AND_NAN, uniform, unique_index

Region = tuple[range, ...]
"""For each spatial dim, the places that one result is made of."""

# ------------------------------------------------------------------------------------------------- regions


def _count(n: int, k: int, s: int, p: int, d: int, ceil_mode: bool) -> int:
    room = n + 2 * p - d * (k - 1) - 1
    places = (-(-room // s) if ceil_mode else room // s) + 1
    return places - 1 if ceil_mode and (places - 1) * s >= n + p else places


def _windows(
    size: tuple[int, ...], kernel: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: bool
) -> tuple[tuple[int, ...], Iterator[tuple[tuple[int, ...], Region]]]:
    """The shape of the result, and for each of its places the (unclipped) places of its window."""
    rank = len(size)
    kernel, padding, dilation = per_dim(kernel, rank), per_dim(padding, rank), per_dim(dilation, rank)
    stride = kernel if stride is None else per_dim(stride, rank)
    zipped = list(zip(size, kernel, stride, padding, dilation, strict=True))
    shape = tuple(_count(*z, ceil_mode) for z in zipped)

    def regions() -> Iterator[tuple[tuple[int, ...], Region]]:
        for out in np.ndindex(shape):
            yield (
                out,
                tuple(
                    range(o * s - p, o * s - p + d * (k - 1) + 1, d)
                    for o, (_, k, s, p, d) in zip(out, zipped, strict=True)
                ),
            )

    return shape, regions()


def _clip(region: Region, size: tuple[int, ...]) -> list[list[int]]:
    return [[i for i in r if 0 <= i < n] for r, n in zip(region, size, strict=True)]


def _reduce(
    x: Array,
    rank: int,
    shape: tuple[int, ...],
    regions: Any,
    function: Callable[[Array, Region, list[list[int]]], Array],
) -> list[Array]:
    """Apply ``function`` to the elements of each region (batch and channel in front), and collect its results."""
    lead, size = x.shape[: x.ndim - rank], x.shape[x.ndim - rank :]
    out: list[Array] = []
    for place, region in regions:
        inside = _clip(region, size)
        places: Any = (Ellipsis, *np.ix_(*inside))
        found = function(x[places].reshape(*lead, math.prod(map(len, inside))), region, inside)
        results = found if isinstance(found, tuple) else (found,)
        if not out:
            out = [np.zeros((*lead, *shape), r.dtype) for r in results]
        for target, result in zip(out, results, strict=True):
            target[(Ellipsis, *place)] = result
    return out or [np.zeros((*lead, *shape), x.dtype)] * 2


def _largest(x: Array, inside: list[list[int]], size: tuple[int, ...]) -> tuple[Array, Array]:
    flat = np.array([np.ravel_multi_index(place, size) for place in itertools.product(*inside)])
    if x.size == 0:
        return np.zeros(x.shape[:-1]), np.zeros(x.shape[:-1], np.int64)
    return x.max(-1), flat[x.argmax(-1)]


# ------------------------------------------------------------------------------------------------- references


def _max_pool(rank: int) -> Any:
    def reference(
        x: Array,
        kernel: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> Any:
        size = x.shape[x.ndim - rank :]
        shape, regions = _windows(size, kernel, stride, padding, dilation, ceil_mode)
        values, places = _reduce(x, rank, shape, regions, lambda part, _, inside: _largest(part, inside, size))  # type: ignore[arg-type, return-value]
        return (values, places) if return_indices else values

    return reference


def _average(rank: int) -> Any:
    def reference(
        x: Array,
        kernel: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> Array:
        size = x.shape[x.ndim - rank :]
        pads = per_dim(padding, rank)
        shape, regions = _windows(size, kernel, stride, padding, 1, ceil_mode)

        def mean(part: Array, region: Region, inside: list[list[int]]) -> Array:
            # Windows of ceil mode count only what lies in the input and its padding.
            counted = [
                [i for i in r if i < n + p] if count_include_pad else kept
                for r, kept, n, p in zip(region, inside, size, pads, strict=True)
            ]
            return np.asarray(part.sum(-1) / (divisor_override or math.prod(map(len, counted))))

        return _reduce(x, rank, shape, regions, mean)[0]

    return reference


def _power(rank: int) -> Any:
    def reference(x: Array, norm: float, kernel: Any, stride: Any = None, ceil_mode: bool = False) -> Array:
        shape, regions = _windows(x.shape[x.ndim - rank :], kernel, stride, 0, 1, ceil_mode)
        room = math.prod(per_dim(kernel, rank))

        def length(part: Array, region: Region, inside: list[list[int]]) -> Array:
            # A window that is cut at the end stands for a whole one.
            return np.asarray((np.sum(part**norm, -1) * room / math.prod(map(len, inside))) ** (1 / norm))

        return _reduce(x, rank, shape, regions, length)[0]

    return reference


def _unpool(rank: int) -> Any:
    def reference(
        x: Array, places: Array, kernel: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
    ) -> Array:
        kernel, padding = per_dim(kernel, rank), per_dim(padding, rank)
        stride = kernel if stride is None else per_dim(stride, rank)
        lead, size = x.shape[: x.ndim - rank], x.shape[x.ndim - rank :]
        full = tuple((n - 1) * s - 2 * p + k for n, s, p, k in zip(size, stride, padding, kernel, strict=True))
        full = full if output_size is None else tuple(output_size[-rank:])
        out = np.zeros((*lead, math.prod(full)), x.dtype)
        np.put_along_axis(out, places.reshape(*lead, -1), x.reshape(*lead, -1), -1)
        return out.reshape(*lead, *full)

    return reference


def _adaptive(size: tuple[int, ...], wanted: Any) -> tuple[tuple[int, ...], Iterator[tuple[tuple[int, ...], Region]]]:
    shape = tuple(
        n if w is None else w
        for n, w in zip(size, wanted if isinstance(wanted, tuple | list) else (wanted,) * len(size), strict=True)
    )

    def regions() -> Iterator[tuple[tuple[int, ...], Region]]:
        for out in np.ndindex(shape):
            yield out, tuple(range(o * n // w, -(-(o + 1) * n // w)) for o, n, w in zip(out, size, shape, strict=True))

    return shape, regions()


def _adaptive_average(rank: int) -> Any:
    def reference(x: Array, output_size: Any) -> Array:
        shape, regions = _adaptive(x.shape[x.ndim - rank :], output_size)
        return _reduce(x, rank, shape, regions, lambda part, *_: np.asarray(part.mean(-1)))[0]

    return reference


def _adaptive_max(rank: int) -> Any:
    def reference(x: Array, output_size: Any, return_indices: bool = False) -> Any:
        size = x.shape[x.ndim - rank :]
        shape, regions = _adaptive(size, output_size)
        values, places = _reduce(x, rank, shape, regions, lambda part, _, inside: _largest(part, inside, size))  # type: ignore[arg-type, return-value]
        return (values, places) if return_indices else values

    return reference


# ------------------------------------------------------------------------------------------------- samples


def _calls(
    shapes: dict[int, tuple[int, ...]],
    rank: int,
    domain: Any,
    calls: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...],
) -> tuple[Sample, ...]:
    """The calls on a batch, and the first one also without a batch dim and with an empty batch."""
    batch, single = Input((2, *shapes[rank]), domain), Input(shapes[rank], domain)
    found = [Sample((batch, *args), kwargs) for args, kwargs in calls]
    args, kwargs = calls[0]
    return (*found, Sample((single, *args), kwargs), Sample((Input((0, *shapes[rank])), *args), kwargs))


_SHAPES = {1: (3, 9), 2: (2, 6, 7), 3: (2, 4, 5, 4)}
_MAX_CALLS: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...] = (
    ((2,), {}), ((3, 2), {}), ((3, 2, 1), {}), ((2, 1), {"dilation": 2}), ((3, 2), {"ceil_mode": True}),
    ((2, 2, 1), {"ceil_mode": True}),
)  # fmt: skip
_AVERAGE_CALLS: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...] = (
    ((2,), {}), ((3, 2), {}), ((3, 2, 1), {}), ((3, 2, 1), {"count_include_pad": False}), ((3, 2), {"ceil_mode": True}),
    ((3, 2, 1), {"ceil_mode": True, "count_include_pad": False}),
)  # fmt: skip
_WINDOW = bound(27, half=3)


def _terms(x: Array, *_: Any, **__: Any) -> float:
    return 27


def _odd(rank: int) -> Sample:
    return Sample((Input((1, *_SHAPES[rank]), TIES_AND_NAN), 2))


def _indexed(samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
    return tuple(s._replace(kwargs={**s.kwargs, "return_indices": True}) for s in samples)


def _rank_rows(rank: int) -> tuple[Row, ...]:
    maxima = _calls(_SHAPES, rank, DISTINCT, _MAX_CALLS)
    regions = _calls(
        _SHAPES, rank, DISTINCT, (((2,), {}), ((1,), {}), ((3,), {}), ((tuple(range(3, 3 + rank)),), {}), ((5,), {}))
    )
    averages = [*_AVERAGE_CALLS, *([((2,), {"divisor_override": 3})] if rank > 1 else [])]
    # Indices are unique along the last dim, so that is the only one longer than 1 here.
    small = (2, 2, *(1,) * (rank - 1), 2)
    unpooled = Input(small), Input(small, unique_index(2**rank * 2), "int64")
    wrong = (
        Refusal(Sample((Input((2, 3, *(4,) * rank)), 9))),
        Refusal(Sample((Input((2, 3, *(4,) * rank)), 2, 1, 2))),
        Refusal(Sample((Input((3,)), 2))),
    )
    return (
        Row(f"max_pool{rank}d", _max_pool(rank), (*maxima, _odd(rank)), FLOATS, EQUAL, gradient=True,
            call=f"F.max_pool{rank}d", refusals=wrong,
            covers=("max_pool", "max_pool_indices", "max_pool_input") if rank == 2 else ()),
        Row(f"max_pool{rank}d", _max_pool(rank), _indexed(maxima), FLOATS, (EQUAL, EXACT), (same, index_dtype),
            call=f"F.max_pool{rank}d",
            label="indices", gradient=True),
        Row(f"max_unpool{rank}d", _unpool(rank), (
            Sample((*unpooled, 2)), Sample((*unpooled, 3, 2)),
            Sample((*unpooled, 2), {"output_size": (*(3,) * (rank - 1), 5)}),
        ), FLOATS, call=f"F.max_unpool{rank}d", gradient=True),
        Row(f"avg_pool{rank}d", _average(rank), (*_calls(_SHAPES, rank, uniform(), tuple(averages)), _odd(rank)),
            FLOATS, _WINDOW, gradient=True,
            call=f"F.avg_pool{rank}d", refusals=wrong, covers=("sum_pool", "sum_pool_input") if rank == 2 else ()),
        Row(f"lp_pool{rank}d", _power(rank),
            _calls(_SHAPES, rank, uniform(0.5, 2), (((2, 2), {}), ((1, 3, 2), {}), ((3.0, 2), {"ceil_mode": True}))),
            FLOATS, bound(_terms, half=8), gradient=True, call=f"F.lp_pool{rank}d"),
        Row(f"adaptive_avg_pool{rank}d", _adaptive_average(rank), regions, FLOATS, bound(_terms, half=3), gradient=True,
            call=f"F.adaptive_avg_pool{rank}d"),
        Row(f"adaptive_max_pool{rank}d", _adaptive_max(rank), regions, FLOATS, EQUAL, gradient=True,
            call=f"F.adaptive_max_pool{rank}d"),
        Row(f"adaptive_max_pool{rank}d", _adaptive_max(rank), _indexed(regions[:3]), FLOATS, (EQUAL, EXACT),
            (same, index_dtype), gradient=True,
            call=f"F.adaptive_max_pool{rank}d", label="indices"),
    )  # fmt: skip


ROWS = tuple(row for rank in (1, 2, 3) for row in _rank_rows(rank))
