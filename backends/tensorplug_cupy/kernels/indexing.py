"""Scattering with CuPy: several values for one place meet in atomic operations, which only some dtypes have."""

from __future__ import annotations

from typing import Any

from tensorplug.shapes import Shape, contiguous_strides
from tensorplug.xp import indexing as shared

Array = Any

_COMBINE = {"prod": "multiply", "amax": "maximum", "amin": "minimum"}

_WIDER = {"bool": "int32", "int8": "int32", "int16": "int32", "uint8": "uint32", "uint16": "uint32", "int64": "uint64"}
"""Where CuPy has no atomic sum of a dtype, one whose sum has the same bits (int64: by two's complement)."""


def scatter_src(cupy: Any, x: Array, index: Array, src: Array, dim: int, reduce: str | None) -> Array:
    if reduce is None or index.size == 0:
        return shared.scatter_src(cupy, x, index, src, dim, None)
    if reduce != "sum":
        return _in_rounds(cupy, x, index, src, dim, getattr(cupy, _COMBINE[reduce]))
    if x.dtype.kind == "c":
        real, imag = (shared.scatter_src(cupy, f(x), index, f(src), dim, "sum") for f in (cupy.real, cupy.imag))
        return (real + 1j * imag).astype(x.dtype)
    wide = _WIDER.get(x.dtype.name, x.dtype.name)
    return shared.scatter_src(cupy, x.astype(wide), index, src.astype(wide), dim, "sum").astype(x.dtype)


def _in_rounds(cupy: Any, x: Array, index: Array, src: Array, dim: int, combine: Any) -> Array:
    """Products and extremes, for which most dtypes have no atomic operation: one value for each place at a time.

    There are as many rounds as the place that is named most often has values.
    """
    shared.check_bounds(index, x, dim)
    out = cupy.array(x, order="C", copy=True)
    flat = out.reshape(-1)
    places = _flat_places(cupy, index, dim, x.shape)
    values = src[tuple(slice(n) for n in index.shape)].reshape(-1)
    order = cupy.argsort(places)
    places, values = places[order], values[order]
    # After sorting, a value's turn is its distance from the first value for the same place.
    turn = cupy.arange(places.size) - cupy.searchsorted(places, places, side="left")
    for number in range(int(turn.max()) + 1):
        now = turn == number
        flat[places[now]] = combine(flat[places[now]], values[now])
    return out


def _flat_places(cupy: Any, index: Array, dim: int, shape: Shape) -> Array:
    """The places in C order that ``index`` names along ``dim`` of an array of ``shape``, one after the other."""
    if index.ndim == 0 or not shape:
        return index.reshape(-1)
    steps = contiguous_strides(shape)
    place = index * steps[dim]
    for d, n in enumerate(index.shape):
        if d != dim:
            place = place + (cupy.arange(n) * steps[d]).reshape([-1 if k == d else 1 for k in range(index.ndim)])
    return place.reshape(-1)


FUNCTIONS = {"scatter_src": scatter_src, "scatter_combine": scatter_src}
