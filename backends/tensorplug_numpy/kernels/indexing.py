"""Reading and writing by index, through places in flat memory: a quarter of the time of index arrays per dim."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tensorplug.errors import index_out_of_range
from tensorplug.xp import indexing as shared
from tensorplug_numpy import memory, parallel

Array = np.ndarray[Any, Any]

_MANY = 1 << 12
"""Elements from which places in flat memory pay."""

_INT64 = np.dtype(np.int64)


def _lines(x: Array, index: Array, dim: int) -> tuple[int, int, int] | None:
    """``x`` as (outer, n, inner) around ``dim``, if flat places are quick to compute."""
    if x.ndim == 0 or index.size < _MANY or index.dtype != _INT64 or not x.flags.c_contiguous:
        return None
    if any(a != b for d, (a, b) in enumerate(zip(x.shape, index.shape)) if d != dim):
        return None
    return math.prod(x.shape[:dim]), x.shape[dim], math.prod(x.shape[dim + 1 :])


def _check(index: Array, dim: int, size: int) -> None:
    # As unsigned numbers, negative indices are too large as well.
    if index.view(np.uint64).max() >= size:
        wrong = index[(index < 0) | (index >= size)]
        raise index_out_of_range(int(wrong[0]), dim, size)


def _places(index: Array, outer: Array, n: int, inner: int, out: Array) -> None:
    """The flat places of a block of indices, of shape (outer, k, inner)."""
    if inner == 1:
        np.add(index, (outer * n)[:, None, None], out=out)
    else:
        np.multiply(index, inner, out=out)
        np.add(out, (outer * (n * inner))[:, None, None] + np.arange(inner), out=out)


def gather(x: Array, index: Array, dim: int) -> Any:
    lines = _lines(x, index, dim)
    if lines is None:
        return shared.gather(np, x, index, dim)
    outer, n, inner = lines
    index = np.asarray(index, order="C").reshape(outer, -1, inner)
    _check(index, dim, n)
    shape = (*x.shape[:dim], index.shape[1], *x.shape[dim + 1 :])
    out = memory.empty(shape, x.dtype)
    flat = x.reshape(-1)

    def kernel(index: Array, numbers: Array, out: Array, places: Array) -> None:
        _places(index, numbers, n, inner, places)
        # The places are right; the other modes check or copy them once more.
        np.take(flat, places, out=out, mode="wrap")

    parallel.rows(kernel, index, np.arange(outer), out.reshape(index.shape), scratch=[_INT64])
    return out


def scatter_src(x: Array, index: Array, src: Array, dim: int, reduce: str | None) -> Any:
    lines = _lines(x, index, dim)
    if lines is None or src.shape != index.shape:
        return shared.scatter_src(np, x, index, src, dim, reduce)
    outer, n, inner = lines
    index = np.asarray(index, order="C").reshape(outer, -1, inner)
    _check(index, dim, n)
    out = parallel.copy(memory.empty(x.shape, x.dtype), x)

    def kernel(index: Array, src: Array, out: Array, places: Array) -> None:
        _places(index, np.arange(len(index)), n, inner, places)
        flat = out.reshape(-1)
        if reduce is None:
            flat[places.reshape(-1)] = src.reshape(-1)
        else:
            _COMBINE[reduce].at(flat, places.reshape(-1), src.reshape(-1))

    source = np.asarray(src, order="C").reshape(index.shape)
    parallel.rows(kernel, index, source, out.reshape(outer, n, inner), scratch=[_INT64])
    return out


_COMBINE: dict[str, Any] = {"sum": np.add, "prod": np.multiply, "amax": np.maximum, "amin": np.minimum}


def nonzero_rows(x: Array) -> Any:
    if x.ndim == 0 or x.size < _MANY or not x.flags.c_contiguous:
        return shared.nonzero_rows(np, x)
    rest = np.flatnonzero(x if x.dtype.kind == "b" else x != 0)
    out = memory.empty((rest.size, x.ndim), _INT64)
    for dim in range(x.ndim - 1, 0, -1):
        # A remainder costs as much as a quotient, a product almost nothing.
        quotient = rest // x.shape[dim]
        np.subtract(rest, quotient * x.shape[dim], out=out[:, dim])
        rest = quotient
    out[:, 0] = rest
    return out


FUNCTIONS: dict[str, Any] = {
    "gather": gather, "scatter_src": scatter_src, "nonzero_rows": nonzero_rows,
}  # fmt: skip
