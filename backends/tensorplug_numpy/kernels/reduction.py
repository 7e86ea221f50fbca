"""Reductions by the ufuncs' own ``reduce``, without the checks that ``np.sum`` and its kin make first.

Along rows, sums of floating-point numbers are products with ones, which BLAS computes in many lanes, of pieces short
enough to lose no digits; the sums of the pieces NumPy adds up in pairs. Products fold an array until its rows are
short, since NumPy multiplies rows against each other far quicker than the elements of one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tensorplug.dtypes import DType
from tensorplug_numpy import reduce
from tensorplug_numpy.kernels.sums import ones

Array = np.ndarray[Any, Any]
Dims = tuple[int, ...]

_MANY = 1 << 12
"""Elements from which more than one step pays."""

_PIECE = 1 << 10
"""Elements whose sum BLAS computes."""

_GROUP = 1 << 8
"""Rows that are added up one after the other."""

_ROWS = 1 << 4
"""Elements of a row that are multiplied as rows of a matrix."""


def _split(x: Array, dim: Dims) -> tuple[int, int] | None:
    """How many lines there are and how long they are, if ``dim`` are the last dims of contiguous memory."""
    kept = x.ndim - len(dim)
    if not x.flags.c_contiguous or not dim or dim[0] != kept or dim[-1] != x.ndim - 1:
        return None
    length = math.prod(x.shape[kept:])
    return (x.size // length if length else 0), length


def _shape(x: Array, dim: Dims, keepdim: bool) -> tuple[int, ...]:
    return x.shape[: x.ndim - len(dim)] + ((1,) * len(dim) if keepdim else ())


def _sum(x: Array, dim: Dims, keepdim: bool) -> Any:
    split = _split(x, dim) if x.size >= _MANY and x.dtype.char in "fd" else None
    if split is None:
        return _sum_of_rows(x, dim, keepdim)
    lines, length = split
    pieces, rest = divmod(length, _PIECE)
    if length < _PIECE >> 4 or (rest and pieces):
        if lines > 1:
            return reduce.add(x, dim, None, None, keepdim)
        flat = x.reshape(-1)
        whole = flat[: length - rest].reshape(pieces, _PIECE)
        found = reduce.add(np.vecdot(whole, ones(_PIECE, x.dtype)), None) + reduce.add(flat[length - rest :], None)
        return np.asarray(found).reshape(_shape(x, dim, keepdim))
    if not pieces:
        return np.vecdot(x.reshape(lines, length), ones(length, x.dtype)).reshape(_shape(x, dim, keepdim))
    parts = np.vecdot(x.reshape(lines, pieces, _PIECE), ones(_PIECE, x.dtype))
    return reduce.add(parts, 1).reshape(_shape(x, dim, keepdim))


def _sum_of_rows(x: Array, dim: Dims, keepdim: bool) -> Any:
    """The sum over any dims; over the first one alone in groups, since there NumPy adds row after row."""
    if dim != (0,) or x.ndim < 2 or len(x) < 2 * _GROUP or x.dtype.char not in "fd":
        return reduce.add(x, dim, None, None, keepdim)
    cut = len(x) - len(x) % _GROUP
    found = reduce.add(reduce.add(x[:cut].reshape(-1, _GROUP, *x.shape[1:]), 1), 0)
    if cut < len(x):
        found += reduce.add(x[cut:], 0)
    return found[None] if keepdim else found


def sum_(x: Array, dim: Dims, keepdim: bool, dtype: DType) -> Any:
    if x.dtype.kind == "b" and dtype.numpy == np.int64 and (split := _split(x, dim)) and split[0] == 1:
        return np.full(_shape(x, dim, keepdim), np.count_nonzero(x), np.int64)
    if x.dtype == dtype.numpy and (x.dtype.kind not in "iu" or x.itemsize == 8):  # NumPy sums shorter ones as int64
        return _sum(x, dim, keepdim)
    return reduce.add(x, dim, dtype.numpy, None, keepdim)


def nansum(x: Array, dim: Dims, keepdim: bool) -> Any:
    total = _sum(x, dim, keepdim)
    # One NaN among the elements is one among the sums.
    return _sum(np.where(np.isnan(x), x.dtype.type(0), x), dim, keepdim) if np.isnan(total).any() else total


def mean(x: Array, dim: Dims, keepdim: bool) -> Any:
    total = _sum(x, dim, keepdim)
    count = 1
    for d in dim:
        count *= x.shape[d]
    return np.true_divide(total, count, dtype=x.dtype)


def prod_dims(x: Array, dim: Dims, keepdim: bool, dtype: DType) -> Any:
    split = _split(x, dim) if x.size >= _MANY and x.dtype.kind in "if" else None
    if split is None or x.dtype != dtype.numpy:
        return reduce.multiply(x, dim, dtype.numpy, None, keepdim)
    lines, length = split
    found = x.reshape(lines, length)
    rest = None
    while length > 8 * _ROWS:
        count = min(length // _ROWS, 1 << 8 if lines > 1 else length)
        rows = length // count
        cut = rows * count
        if cut < length:
            left = reduce.multiply(found[:, cut:], 1)
            rest = left if rest is None else rest * left
        found = reduce.multiply(found[:, :cut].reshape(lines, rows, count), 1)
        length = count
    product = reduce.multiply(np.asarray(found.T, order="C") if lines > 1 else found.reshape(-1), 0)
    if rest is not None:
        product = product * rest
    return np.asarray(product).reshape(_shape(x, dim, keepdim))


def amax(x: Array, dim: Dims, keepdim: bool) -> Any:
    return reduce.maximum(x, dim, None, None, keepdim)


def amin(x: Array, dim: Dims, keepdim: bool) -> Any:
    return reduce.minimum(x, dim, None, None, keepdim)


FUNCTIONS: dict[str, Any] = {
    "sum": sum_,
    "nansum": nansum,
    "mean": mean,
    "prod_dims": prod_dims,
    "amax": amax,
    "amin": amin,
}
