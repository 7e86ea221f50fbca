"""Pooling over strided slices: for each element of the window one slice of the input, combined into the result.

A maximum or sum over a window is taken dim after dim, which needs ``k + k`` slices where both at once need ``k * k``.
Slices are cut where windows leave the input, so nothing is padded. Images go in blocks that fit the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug_numpy import memory, parallel
from tensorplug_numpy.kernels.slices import Cut, Cuts, all_cuts, cuts

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]


def _images(x: Array, spatial: int) -> Array:
    """Batch and channel as one dim."""
    return x.reshape(-1, *x.shape[x.ndim - spatial :])


# ---------------------------------------------------------------------------------------------------- maxima and sums


def _reduced(
    combine: Callable[..., Any], x: Array, fill: Any, sizes: Shape, *geometry: Shape, out: Array | None = None
) -> Array:
    """Windows combined along each spatial dim in turn; the last step writes to ``out``."""
    for dim, (size, k, s, p, d) in enumerate(zip(sizes, *geometry), 1):
        shape = (*x.shape[:dim], size, *x.shape[dim + 1 :])
        made = out if out is not None and dim == len(sizes) else np.empty(shape, x.dtype)
        _combine_dim(combine, x, made, dim, cuts(x.shape[dim], k, s, p, d, size), fill)
        x = made
    return x


def _combine_dim(combine: Callable[..., Any], x: Array, out: Array, dim: int, met: list[Cut | None], fill: Any) -> None:
    before = (slice(None),) * dim
    parts = [(out[*before, cut[0]], x[*before, cut[1]]) for cut in met if cut is not None]
    parts.sort(key=lambda part: -part[0].shape[dim])
    start = 0
    if parts and parts[0][0].shape == out.shape:
        # What serves all places makes a start, two such parts at once.
        start = 2 if len(parts) > 1 and parts[1][0].shape == out.shape else 1
        if start == 2:
            combine(parts[0][1], parts[1][1], out=out)
        else:
            out[...] = parts[0][1]
    else:
        out[...] = fill
    for target, part in parts[start:]:
        combine(target, part, out=target)


def max_pool(x: Array, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, size: Shape) -> Array:
    floating = x.dtype.kind == "f"
    return _pool(np.maximum, x, -np.inf if floating else np.iinfo(x.dtype).min, size, kernel, stride, padding, dilation)


def sum_pool(x: Array, kernel: Shape, stride: Shape, padding: Shape, size: Shape) -> Array:
    return _pool(np.add, x, 0, size, kernel, stride, padding, (1,) * len(size))


def _pool(combine: Callable[..., Any], x: Array, fill: Any, size: Shape, *geometry: Shape) -> Array:
    out = memory.empty((*x.shape[:2], *size), x.dtype)
    if out.size:
        parallel.rows(
            lambda images, result: _reduced(combine, images, fill, size, *geometry, out=result),
            _images(x, len(size)),
            _images(out, len(size)),
        )
    return out


# ---------------------------------------------------------------------------------------------------- gradients


def sum_pool_input(g: Array, input_size: Shape, kernel: Shape, stride: Shape, padding: Shape, size: Shape) -> Array:
    out = memory.empty((*g.shape[:2], *input_size), g.dtype)
    geometry = list(zip(input_size, kernel, stride, padding, (1,) * len(size), size))

    def spread(images: Array, result: Array) -> None:
        for dim in reversed(range(len(size))):
            n, *window = geometry[dim]
            shape = (*images.shape[: dim + 1], n, *images.shape[dim + 2 :])
            wide = np.zeros(shape, g.dtype) if dim else result
            if not dim:
                wide[...] = 0
            before = (slice(None),) * (dim + 1)
            for served, met in filter(None, cuts(n, *window)):
                target = wide[*before, met]
                np.add(target, images[*before, served], out=target)
            images = wide

    if out.size:
        parallel.rows(spread, _images(g, len(size)), _images(out, len(size)))
    return out


def max_pool_input(
    g: Array,
    source: Array,
    result: Array,
    kernel: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    size: Shape,
) -> Array:
    rank = len(size)
    out = memory.empty(source.shape, g.dtype)
    met = all_cuts(source.shape[2:], kernel, stride, padding, dilation, size)
    served = [cut for cut in met if cut is not None]
    apart = all(s >= d * (k - 1) + 1 for s, k, d in zip(stride, kernel, dilation))

    def spread(images: Array, maxima: Array, grads: Array, into: Array) -> None:
        into[...] = 0
        free = np.ones(maxima.shape, bool)
        _hand_out(np.equal, images, maxima, grads, into, free, served, apart)
        if images.dtype.kind == "f" and np.isnan(maxima).any():
            # Where there is NaN, nothing equals the result, and the last NaN gets the gradient.
            _hand_out(_both_nan, images, maxima, grads, into, free, served[::-1], False)

    if out.size:
        parallel.rows(spread, _images(source, rank), _images(result, rank), _images(g, rank), _images(out, rank))
    return out


def _both_nan(x: Array, maxima: Array, out: Array) -> Array:
    return np.logical_and(np.isnan(x), np.isnan(maxima), out=out)


def _hand_out(
    matches: Callable[..., Any],
    images: Array,
    maxima: Array,
    grads: Array,
    into: Array,
    free: Array,
    cuts: list[Cuts],
    apart: bool,
) -> None:
    """Give each gradient to the first element of its window that matches; ``free`` says which are still to be given."""
    hit = np.empty(maxima.shape, bool)
    share = np.empty(maxima.shape, grads.dtype)
    for served, met in cuts:
        served, met = (slice(None), *served), (slice(None), *met)
        wanted, found, part = free[served], hit[served], share[served]
        matches(images[met], maxima[served], out=found)
        np.logical_and(found, wanted, out=found)
        np.greater(wanted, found, out=wanted)
        if apart:
            np.multiply(grads[served], found, out=into[met])
        else:
            np.multiply(grads[served], found, out=part)
            target = into[met]
            np.add(target, part, out=target)


FUNCTIONS = {
    "max_pool": max_pool, "max_pool_input": max_pool_input, "sum_pool": sum_pool, "sum_pool_input": sum_pool_input,
}  # fmt: skip
