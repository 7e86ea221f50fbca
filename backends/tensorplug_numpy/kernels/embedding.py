"""Looking up rows of a table, and adding up the gradients of each."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug_numpy import reduce
from tensorplug_numpy.kernels.sums import column_sums

Array = np.ndarray[Any, Any]

_FEW = 1 << 10
"""Elements up to which `np.add.at`, which is slow on each, beats sorting."""

_OFTEN = 32
"""Rows that get more than so many others are added up one by one."""


def add_rows(out: Array, index: Array, rows: Array) -> None:
    """Add each of ``rows`` to the row of ``out`` that ``index`` names, where ``out`` is all zeros."""
    if rows.size <= _FEW:
        np.add.at(out, index, rows)
        return
    order = np.argsort(index, kind="stable")
    sorted_index = index[order]
    starts = np.flatnonzero(np.concatenate(([True], sorted_index[1:] != sorted_index[:-1])))
    targets, counts = sorted_index[starts], np.diff(starts, append=len(order))
    often = counts > _OFTEN
    for target, start, count in zip(targets[often], starts[often], counts[often], strict=True):
        out[target] = column_sums(rows[order[start : start + count]])
    targets, starts, counts = targets[~often], starts[~often], counts[~often]
    out[targets] = rows[order[starts]]
    # Each round adds one more row to those that get more, so that none is named twice in a round.
    for turn in range(1, int(counts.max(initial=0))):
        more = counts > turn
        out[targets[more]] += rows[order[starts[more] + turn]]


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
    add_rows(out, index, g)
    if by_frequency:
        out /= np.maximum(np.bincount(index, minlength=rows), 1).astype(g.dtype)[:, None]
    if padding_idx is not None:
        out[padding_idx] = 0
    return out


FUNCTIONS = {"lookup": lookup, "lookup_backward": lookup_backward}
