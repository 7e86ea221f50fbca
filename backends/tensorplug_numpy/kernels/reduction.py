"""Reductions by the ufuncs' own ``reduce``, without the checks that ``np.sum`` and its kin make first."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug.dtypes import DType

Array = np.ndarray[Any, Any]
Dims = tuple[int, ...]


def sum_(x: Array, dim: Dims, keepdim: bool, dtype: DType) -> Array:
    return np.add.reduce(x, dim, dtype.numpy, None, keepdim)


def mean(x: Array, dim: Dims, keepdim: bool) -> Array:
    total = np.add.reduce(x, dim, None, None, keepdim)
    count = 1
    for d in dim:
        count *= x.shape[d]
    return np.true_divide(total, count, dtype=x.dtype)


def amax(x: Array, dim: Dims, keepdim: bool) -> Array:
    return np.maximum.reduce(x, dim, None, None, keepdim)


def amin(x: Array, dim: Dims, keepdim: bool) -> Array:
    return np.minimum.reduce(x, dim, None, None, keepdim)


FUNCTIONS = {"sum": sum_, "mean": mean, "amax": amax, "amin": amin}
