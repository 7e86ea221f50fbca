"""Looking up rows of a table, and adding up the gradients of each."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug_numpy import reduce

Array = np.ndarray[Any, Any]

_FEW = 1 << 10
"""Elements up to which `np.add.at`, which is slow on each, beats sorting."""


def lookup(index: Array, weight: Array, padding_idx: int | None, by_frequency: bool) -> Array:
    rows = len(weight)
    # As unsigned numbers, negative indices are too large as well.
    unsigned = index.view(f"uint{8 * index.itemsize}")
    if index.size and reduce.maximum(unsigned, None) >= rows:
        wrong = index[(index < 0) | (index >= rows)]
        raise IndexError(f"index {wrong[0]} is out of range for a table of {rows} rows")
    return weight.take(index, 0)


def lookup_backward(g: Array, index: Array, rows: int, padding_idx: int | None, by_frequency: bool) -> Array:
    index, g = index.reshape(-1), g.reshape(index.size, g.shape[-1])
    out = np.zeros((rows, g.shape[1]), g.dtype)
    if g.size <= _FEW:
        np.add.at(out, index, g)
    else:
        order = np.argsort(index, kind="stable")
        index_in_order = index[order]
        starts = np.flatnonzero(np.concatenate(([True], index_in_order[1:] != index_in_order[:-1])))
        out[index_in_order[starts]] = np.add.reduceat(g[order], starts, 0)
    if by_frequency:
        out /= np.maximum(np.bincount(index, minlength=rows), 1).astype(g.dtype)[:, None]
    if padding_idx is not None:
        out[padding_idx] = 0
    return out


FUNCTIONS = {"lookup": lookup, "lookup_backward": lookup_backward}
