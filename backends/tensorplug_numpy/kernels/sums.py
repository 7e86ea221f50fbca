"""Sums of rows and columns: quick, in an order that loses few digits, and the same whichever thread is first."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from tensorplug_numpy import reduce

Array = np.ndarray[Any, Any]

_SHORT = 1 << 13
_GROUP = 256
"""Elements added up one after the other; longer sums are made of sums of groups."""


@functools.lru_cache(maxsize=64)
def _remembered_ones(n: int, dtype: Any) -> Array:
    found = np.ones(n, dtype)
    found.flags.writeable = False
    return found


def ones(n: int, dtype: Any) -> Array:
    """A vector whose product with a row is the row's sum, by far the quickest way to it. Not to be written to."""
    return _remembered_ones(n, dtype) if n <= _SHORT else np.ones(n, dtype)


def line_sums(x: Array) -> Array:
    """Sums along the second dim, which stays."""
    if x.ndim == 2:
        return np.vecdot(x, ones(x.shape[1], x.dtype))[:, None]
    return _in_groups(lambda group: reduce.add(group, 1, None, None, True), x.shape[1], x)


def line_products(a: Array, b: Array) -> Array:
    """Sums of products along the second dim, which stays."""
    if a.ndim == 2:
        return np.vecdot(a, b)[:, None]
    return _in_groups(lambda a, b: np.einsum("ijk,ijk->ik", a, b)[:, None], a.shape[1], a, b)


def _in_groups(function: Any, n: int, *arrays: Array) -> Array:
    if n <= _GROUP:
        found: Array = function(*arrays)
        return found
    starts = range(0, n, _GROUP)
    return reduce.add([function(*[a[:, i : i + _GROUP] for a in arrays]) for i in starts], 0)


def column_sums(x: Array) -> Array:
    """Sums along the first dim."""
    if len(x) <= _GROUP:
        return reduce.add(x, 0)
    return reduce.add([reduce.add(x[i : i + _GROUP], 0) for i in range(0, len(x), _GROUP)], 0)


def column_products(a: Array, b: Array) -> Array:
    """Sums of products of two matrices along the first dim."""
    if len(a) <= _GROUP:
        found: Array = np.einsum("ij,ij->j", a, b)
        return found
    starts = range(0, len(a), _GROUP)
    return reduce.add([np.einsum("ij,ij->j", a[i : i + _GROUP], b[i : i + _GROUP]) for i in starts], 0)


class Partials:
    """Sums of blocks, added up in the order of the blocks, whichever thread finishes first."""

    def __init__(self) -> None:
        self._found: dict[int, Array] = {}

    def put(self, index: Array, value: Array) -> None:
        """Note the sum of the block whose rows have these numbers; a block without rows adds nothing."""
        if len(index):
            self._found[int(index[0])] = value

    def total(self, shape: tuple[int, ...], dtype: Any) -> Array:
        """The sum of all."""
        out = np.zeros(shape, dtype)
        for key in sorted(self._found):
            out += self._found[key].reshape(shape)
        return out
