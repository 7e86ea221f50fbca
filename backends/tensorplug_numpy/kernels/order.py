"""Running extremes and sums of exponentials."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def running_extreme(x: Array, dim: int, largest: bool) -> tuple[Array, Array]:
    if not x.ndim:
        return x.copy(), np.zeros((), np.int64)
    extremes = (np.maximum if largest else np.minimum).accumulate(x, axis=dim)
    places = np.arange(x.shape[dim]).reshape([-1 if d == dim else 1 for d in range(x.ndim)])
    # Each extreme was last where an element equalled it; NaN, which is one, equals nothing.
    reached = np.where((x == extremes) | (x != x), places, 0)
    return extremes, np.maximum.accumulate(reached, axis=dim)


def logcumsumexp(x: Array, dim: int) -> Array:
    return np.logaddexp.accumulate(x, axis=dim) if x.ndim else x.copy()


FUNCTIONS = {"running_extreme": running_extreme, "logcumsumexp": logcumsumexp}
