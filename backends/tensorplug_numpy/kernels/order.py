"""Sorting, chosen elements in order, running extremes and sums of exponentials.

NumPy sorts whole numbers far quicker than it finds a stable order. So elements of up to 32 bits, and whole numbers
from a small range, are packed with their places into one integer, the place in the low bits, and these are sorted.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from tensorplug.xp import indexing as shared
from tensorplug_numpy import memory, parallel, reduce

Array = np.ndarray[Any, Any]

_MANY = 1 << 10
"""Elements from which packing pays."""

_WORD = np.dtype(np.int64)
_SIGN = np.int32(-(1 << 31))
_LARGEST = np.int32((1 << 31) - 1)


# ---------------------------------------------------------------------------------------------------- sorting


def _has_nan(x: Array) -> bool:
    return bool(np.isnan(reduce.maximum(x, None)))


def _turned(bits: Array) -> Array:
    """The bits of float32 numbers, read as integers, in the order of the numbers; the way back is the same."""
    return bits ^ ((bits >> 31) & _LARGEST)


def _keys(x: Array) -> tuple[Array, int, int, bool] | None:
    """Whole numbers in the order of the elements.

    Returns:
        The numbers, the least and the largest of them, and whether the elements can be had back from them; None if
        there are no such numbers.
    """
    if x.dtype == np.float32:
        bits = x.view(np.int32)
        exact = not (_has_nan(x) or bool((bits == _SIGN).any()))
        if not exact:
            # One zero, and one NaN above all numbers.
            bits = np.where(np.isnan(x), np.float32(np.nan), x + np.float32(0)).view(np.int32) & np.where(
                np.isnan(x), _LARGEST, np.int32(-1)
            )
        return _turned(bits), -(1 << 31), (1 << 31) - 1, exact
    if x.dtype.kind in "iub" and x.dtype != np.uint64:
        low, high = int(reduce.minimum(x, None)), int(reduce.maximum(x, None))
        return (x.view(np.uint8) if x.dtype.kind == "b" else x), low, high, True
    return None


def _elements(keys: Array, dtype: Any) -> Array:
    return _turned(keys.astype(np.int32)).view(dtype) if dtype == np.float32 else keys.astype(dtype)


def _sort_lines(x: Array, descending: bool) -> tuple[Array, Array] | None:
    """Values and places of the lines of a matrix in stable order; None if they cannot be packed."""
    found = _keys(x)
    n = x.shape[1]
    width = max(n - 1, 1).bit_length()
    if found is None or found[2] - found[1] >= 1 << (62 - width):
        return None
    keys, low, high, exact = found
    values, order = memory.empty(x.shape, x.dtype), memory.empty(x.shape, _WORD)
    places = np.arange(n)

    def kernel(keys: Array, x: Array, values: Array, order: Array, packed: Array) -> None:
        # Backwards the largest comes first, and equal ones still in the order of their places.
        if descending:
            np.subtract(high, keys, out=packed, dtype=_WORD)
        else:
            np.subtract(keys, low, out=packed, dtype=_WORD)
        np.left_shift(packed, width, out=packed)
        np.bitwise_or(packed, places, out=packed)
        packed.sort(axis=1)
        np.bitwise_and(packed, (1 << width) - 1, out=order)
        if exact:
            np.right_shift(packed, width, out=packed)
            (np.subtract(high, packed, out=packed) if descending else np.add(packed, low, out=packed))
            values[...] = _elements(packed, x.dtype)
        else:
            values[...] = np.take_along_axis(x, order, axis=1)

    parallel.rows(kernel, keys, x, values, order, scratch=[_WORD])
    return values, order


def sort_dim(x: Array, dim: int, descending: bool, stable: bool) -> tuple[Array, Array]:
    if x.ndim and x.size >= _MANY and x.shape[dim] > 1:
        moved = np.asarray(np.moveaxis(x, dim, -1), order="C")
        found = _sort_lines(moved.reshape(-1, x.shape[dim]), descending)
        if found is not None:
            values, order = (np.moveaxis(a.reshape(moved.shape), -1, dim) for a in found)
            return np.asarray(values, order="C"), np.asarray(order, order="C")
    return shared.sort_dim(np, x, dim, descending, stable)


# ---------------------------------------------------------------------------------------------------- some of many


_WIDEST = 128
"""Groups of a line whose largest elements say how large the chosen ones are at least."""


def top_elements(x: Array, k: int, dim: int, largest: bool) -> tuple[Array, Array]:
    n = x.shape[dim] if x.ndim else 1
    if x.dtype.kind in "fiu" and x.ndim and 0 < k <= n // 16 and k <= _WIDEST // 4 and x.size >= _MANY:
        moved = np.asarray(np.moveaxis(x, dim, -1), order="C")
        found = _top_of_lines(moved.reshape(-1, n), k, largest)
        if found is not None:
            shape = (*moved.shape[:-1], k)
            values, order = (np.asarray(np.moveaxis(a.reshape(shape), -1, dim), order="C") for a in found)
            return values, order
    values, order = sort_dim(x, dim, largest, True)
    if not x.ndim:
        return values, order
    cut = (slice(None),) * dim + (slice(k),)
    return values[cut].copy(), order[cut].copy()


def _top_of_lines(x: Array, k: int, largest: bool) -> tuple[Array, Array] | None:
    """Only elements at least as large as the ``k``-th largest of a line's group extremes can be chosen."""
    if not x.size or (x.dtype.kind == "f" and _has_nan(x)):
        return None
    lines, n = x.shape
    groups = min(_WIDEST, n // 4)
    cut = n - n % groups
    reduced = (reduce.maximum if largest else reduce.minimum)(x[:, :cut].reshape(lines, -1, groups), 1)
    bound = np.partition(reduced, groups - k if largest else k - 1, axis=1)
    bound = bound[:, groups - k : groups - k + 1] if largest else bound[:, k - 1 : k]
    places = np.flatnonzero(np.greater_equal(x, bound) if largest else np.less_equal(x, bound))
    if places.size > x.size // 4:
        return None
    line = places // n
    chosen = x.reshape(-1)[places]
    # In order of line, then value; stable, so that of equal ones the first comes first.
    backwards = np.negative if x.dtype.kind == "f" else np.invert
    order = np.lexsort((backwards(chosen) if largest else chosen, line))
    starts = np.searchsorted(line, np.arange(lines))
    order = order[starts[:, None] + np.arange(k)]
    return chosen[order], places[order] - np.arange(0, x.size, n)[:, None]


def median_of_all(x: Array, ignore_nan: bool) -> Any:
    flat = x.reshape(-1)
    if x.dtype.kind == "f":
        missing = np.isnan(flat)
        if missing.any():
            flat = flat[~missing] if ignore_nan else flat[:0]
        if not flat.size:
            return np.asarray(math.nan, x.dtype)
    middle = (flat.size - 1) // 2
    return np.partition(flat, middle)[middle]


# ---------------------------------------------------------------------------------------------------- running


def running_extreme(x: Array, dim: int, largest: bool) -> tuple[Array, Array]:
    if not x.ndim:
        return x.copy(), np.zeros((), np.int64)
    extremes = (np.maximum if largest else np.minimum).accumulate(x, axis=dim)
    places = np.arange(x.shape[dim]).reshape([-1 if d == dim else 1 for d in range(x.ndim)])
    # Each extreme was last where an element equalled it; NaN, which is one, equals nothing.
    reached = ((x == extremes) | (x != x)) * places
    return extremes, np.maximum.accumulate(reached, axis=dim)


def logcumsumexp(x: Array, dim: int) -> Array:
    return np.logaddexp.accumulate(x, axis=dim) if x.ndim else x.copy()


@functools.lru_cache(maxsize=8)
def _triangle(n: int, dtype: Any) -> Array:
    found = np.triu(np.ones((n, n), dtype))
    found.flags.writeable = False
    return found


_PIECE = 32
"""Elements whose running sums a product with a triangle of ones gives."""


def cumsum(x: Array, dim: int) -> Any:
    if not x.ndim:
        return x.copy()
    if x.dtype.char not in "fd" or x.size < _MANY or not x.flags.c_contiguous:
        return np.cumsum(x, axis=dim, dtype=x.dtype)
    n, inner = x.shape[dim], math.prod(x.shape[dim + 1 :])
    if inner == 1 and n % _PIECE == 0:
        out = memory.empty(x.shape, x.dtype)
        parallel.rows(_running_sums, x.reshape(-1, n), out.reshape(-1, n))
        return out
    if inner < _MANY >> 6:
        return np.cumsum(x, axis=dim, dtype=x.dtype)
    out = memory.empty(x.shape, x.dtype)
    for source, target in zip(x.reshape(-1, n, inner), out.reshape(-1, n, inner)):
        target[0] = source[0]
        for row in range(1, n):
            np.add(target[row - 1], source[row], out=target[row])
    return out


def _running_sums(x: Array, out: Array) -> None:
    lines = len(x)
    pieces = x.reshape(-1, _PIECE)
    np.matmul(pieces, _triangle(_PIECE, x.dtype), out=out.reshape(-1, _PIECE))
    sums = out.reshape(lines, -1, _PIECE)
    before = np.cumsum(sums[:, :-1, -1], axis=1, dtype=x.dtype)
    np.add(sums[:, 1:], before[:, :, None], out=sums[:, 1:])
    # In the product an infinity or NaN meets zeros, and spoils what comes before it.
    if not math.isfinite(reduce.maximum(out, None)) or not math.isfinite(reduce.minimum(out, None)):
        np.cumsum(x, axis=1, dtype=x.dtype, out=out)


FUNCTIONS: dict[str, Any] = {
    "sort_dim": sort_dim, "top_elements": top_elements, "median_of_all": median_of_all,
    "running_extreme": running_extreme, "logcumsumexp": logcumsumexp, "cumsum": cumsum,
}  # fmt: skip
