"""Reductions by the ufuncs' own ``reduce``, without the checks that ``np.sum`` and its kin make first."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug.dtypes import DType
from tensorplug_numpy import reduce

Array = np.ndarray[Any, Any]
Dims = tuple[int, ...]


def sum_(x: Array, dim: Dims, keepdim: bool, dtype: DType) -> Any:
    return reduce.add(x, dim, dtype.numpy, None, keepdim)


def mean(x: Array, dim: Dims, keepdim: bool) -> Any:
    total = reduce.add(x, dim, None, None, keepdim)
    count = 1
    for d in dim:
        count *= x.shape[d]
    return np.true_divide(total, count, dtype=x.dtype)


def amax(x: Array, dim: Dims, keepdim: bool) -> Any:
    return reduce.maximum(x, dim, None, None, keepdim)


def amin(x: Array, dim: Dims, keepdim: bool) -> Any:
    return reduce.minimum(x, dim, None, None, keepdim)


FUNCTIONS = {"sum": sum_, "mean": mean, "amax": amax, "amin": amin}
