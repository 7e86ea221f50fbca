"""Softmax and its logarithm along any dim, and what they share.

Exponentials are taken of distances from a top. The largest element of a line is always a good top; but where the
lines of a block have similar largest elements, that of the whole block will do for all, which saves finding and
spreading the others. A line's sum tells: where it is not small, the common top was good enough.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug_numpy import memory, parallel, reduce
from tensorplug_numpy.kernels.activation import LARGE
from tensorplug_numpy.kernels.sums import Partials, column_sums, line_products, line_sums

Array = np.ndarray[Any, Any]

_ENOUGH = 1e-6
"""The least sum of a line for which a common top is good: its own top is within 14 then, which costs little."""

_MANY = 8
"""Lines in front of which it pays to work on whole slabs of the dims behind."""


def powers(x: Array, out: Array, target: Array) -> tuple[Array, Array]:
    """``x`` less a top in ``out``, the exponentials of that in ``target`` (which may be ``out``).

    Returns:
        The tops (of one line, or of all alike), and the sums of the exponentials.
    """
    top = reduce.maximum(x, None, None, None, True)
    np.subtract(x, top, out=out)
    np.exp(out, out=target)
    sums = line_sums(target)
    if not reduce.minimum(sums, None) > _ENOUGH:
        top = reduce.maximum(x, 1, None, None, True)
        np.subtract(x, top, out=out)
        np.exp(out, out=target)
        sums = line_sums(target)
    return top, sums


def _shape(x: Array, dim: int) -> tuple[int, int, int]:
    return math.prod(x.shape[:dim]), x.shape[dim], math.prod(x.shape[dim + 1 :])


def _by_line(function: Callable[..., object], dim: int, *arrays: Array, scratch: int = 0) -> Array:
    """``function(*arrays, out, *scratch)`` for blocks of lines along the second dim.

    The blocks have shape (lines, n) where ``dim`` is the last one, else (outer, n, inner).
    """
    out = memory.empty(arrays[0].shape, arrays[0].dtype)
    outer, n, inner = _shape(out, dim)
    shape = (outer, n) if inner == 1 else (outer, n, inner)
    operands = [np.asarray(a, order="C").reshape(shape) for a in arrays]
    dtypes = [out.dtype] * scratch
    parallel.rows(function, *operands, out.reshape(shape), scratch=dtypes)
    return out


def _in_slabs(x: Array, dim: int) -> bool:
    """Whether lines are far apart and few lie in front, so that blocks of whole lines would be badly cut."""
    outer, _, inner = _shape(x, dim)
    return inner > 1 and outer < _MANY


# ---------------------------------------------------------------------------------------------------- softmax


def _softmax(x: Array, out: Array) -> None:
    _, sums = powers(x, out, out)
    np.multiply(out, 1 / sums, out=out)


def softmax(x: Array, dim: int) -> Array:
    if not x.size or not x.ndim:
        return np.ones_like(x)
    if x.size >= LARGE:
        return _columns(x, dim, False) if _in_slabs(x, dim) else _by_line(_softmax, dim, x)
    out = np.exp(x - reduce.maximum(x, dim, None, None, True))
    return np.divide(out, reduce.add(out, dim, None, None, True), out=out)


def _softmax_backward(g: Array, y: Array, out: Array) -> None:
    np.subtract(g, line_products(g, y), out=out)
    np.multiply(out, y, out=out)


def softmax_backward(g: Array, y: Array, dim: int) -> Array:
    if not y.size or not y.ndim:
        return np.zeros_like(y)
    if y.size >= LARGE:
        return _by_line(_softmax_backward, dim, g, y)
    out = g - reduce.add(g * y, dim, None, None, True)
    return np.multiply(out, y, out=out)


# ---------------------------------------------------------------------------------------------------- log softmax


def _log_softmax(x: Array, out: Array, t: Array) -> None:
    _, sums = powers(x, out, t)
    np.subtract(out, np.log(sums), out=out)


def log_softmax(x: Array, dim: int) -> Array:
    if not x.size or not x.ndim:
        return np.zeros_like(x)
    if x.size >= LARGE:
        return _columns(x, dim, True) if _in_slabs(x, dim) else _by_line(_log_softmax, dim, x, scratch=1)
    out = x - reduce.maximum(x, dim, None, None, True)
    return np.subtract(out, np.log(reduce.add(np.exp(out), dim, None, None, True)), out=out)


def _log_softmax_backward(g: Array, y: Array, out: Array) -> None:
    np.exp(y, out=out)
    np.multiply(out, line_sums(g), out=out)
    np.subtract(g, out, out=out)


def log_softmax_backward(g: Array, y: Array, dim: int) -> Array:
    if not y.size or not y.ndim:
        return np.zeros_like(y)
    if y.size >= LARGE:
        return _by_line(_log_softmax_backward, dim, g, y)
    out = np.exp(y)
    np.multiply(out, reduce.add(g, dim, None, None, True), out=out)
    return np.subtract(g, out, out=out)


# ---------------------------------------------------------------------------------------------------- columns


def _columns(x: Array, dim: int, logarithm: bool) -> Array:
    """Both functions where lines are columns of long slabs: slabs are read in groups of rows, several times."""
    out = memory.empty(x.shape, x.dtype)
    shape = _shape(x, dim)
    for column, result in zip(np.asarray(x, order="C").reshape(shape), out.reshape(shape), strict=True):
        _softmax_of_columns(column, result, logarithm)
    return out


def _softmax_of_columns(x: Array, out: Array, logarithm: bool) -> None:
    top = reduce.maximum(x, 0)
    sums = Partials()
    index = np.arange(len(x))

    def begin(x: Array, out: Array, index: Array, t: Array) -> None:
        np.subtract(x, top, out=out)
        target = t if logarithm else out
        np.exp(out, out=target)
        sums.put(index, column_sums(target))

    parallel.rows(begin, x, out, index, scratch=[x.dtype])
    total = sums.total(top.shape, x.dtype)
    share = np.log(total) if logarithm else 1 / total
    ufunc = np.subtract if logarithm else np.multiply

    def finish(out: Array) -> None:
        ufunc(out, share, out=out)

    parallel.rows(finish, out)


FUNCTIONS = {
    "softmax": softmax, "softmax_backward": softmax_backward, "log_softmax": log_softmax,
    "log_softmax_backward": log_softmax_backward,
}  # fmt: skip
