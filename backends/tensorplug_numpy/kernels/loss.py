"""Losses: the softmax cross entropy and its gradient, rows at a time."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from tensorplug_numpy import memory, parallel
from tensorplug_numpy.kernels.softmax import LARGE, powers

Array = np.ndarray[Any, Any]


@functools.lru_cache(maxsize=64)
def _starts(rows: int, classes: int) -> Array:
    """Where each row begins in the flat array."""
    found = np.arange(0, rows * classes, classes)
    found.flags.writeable = False
    return found


def _places(target: Array, shape: tuple[int, ...], ignore_index: int) -> tuple[Array, Array | None]:
    """The flat places of the targets, and which rows are ignored if some are.

    Raises:
        IndexError: a target is no class.
    """
    rows, classes = shape
    # As unsigned numbers, negative targets are too large as well.
    in_range = not rows or np.maximum.reduce(target.view(np.uint64)) < classes
    if in_range and not 0 <= ignore_index < classes:
        return target + _starts(rows, classes), None
    ignored = target == ignore_index
    if not in_range:
        wrong = (~ignored) & ((target < 0) | (target >= classes))
        if wrong.any():
            raise IndexError(f"Target {target[wrong][0]} is out of bounds for {classes} classes.")
    return np.where(ignored, 0, target) + _starts(rows, classes), ignored


def softmax_cross_entropy(x: Array, target: Array, ignore_index: int, reduction: str) -> tuple[Array, Array]:
    x, target = np.asarray(x, order="C"), np.asarray(target, order="C")
    places, ignored = _places(target, x.shape, ignore_index)
    log_total = _log_totals(x)
    values = log_total - x.reshape(-1).take(places)
    if ignored is not None:
        values[ignored] = 0
    if reduction == "none":
        return values, log_total
    total = np.add.reduce(values)
    if reduction == "mean":
        count = len(x) if ignored is None else np.count_nonzero(~ignored)
        total = total / x.dtype.type(count)
    return total, log_total


def _log_totals(x: Array) -> Array:
    """``logsumexp`` of each row."""
    if not x.size:
        return np.full(len(x), -np.inf, x.dtype)
    if x.size < LARGE:
        top = np.maximum.reduce(x, 1, None, None, True)
        powers = np.exp(x - top)
        found = np.log(np.add.reduce(powers, 1))
        return np.add(found, top.reshape(-1), out=found)
    found = np.empty(len(x), x.dtype)
    parallel.rows(_log_totals_of_rows, x, found, scratch=[x.dtype])
    return found


def _log_totals_of_rows(x: Array, found: Array, t: Array) -> None:
    top, sums = powers(x, t, t)
    np.log(sums.reshape(-1), out=found)
    np.add(found, top.reshape(-1), out=found)


def softmax_cross_entropy_backward(
    g: Array, x: Array, target: Array, log_total: Array, ignore_index: int, reduction: str
) -> Array:
    x, target = np.asarray(x, order="C"), np.asarray(target, order="C")
    places, ignored = _places(target, x.shape, ignore_index)
    share: Any = g
    if reduction == "mean":
        share = g / x.dtype.type(len(x) if ignored is None else np.count_nonzero(~ignored))
    if ignored is not None:
        share = np.where(ignored, x.dtype.type(0), share)
    each = share if share.ndim else np.broadcast_to(share, len(x))
    out = memory.empty(x.shape, x.dtype)
    if x.size < LARGE:
        _probabilities(x, log_total, each, out)
    else:
        parallel.rows(_probabilities, x, log_total, each, out)
    flat = out.reshape(-1)
    flat[places] -= share
    return out


def _probabilities(x: Array, log_total: Array, each: Array, out: Array) -> None:
    np.subtract(x, log_total[:, None], out=out)
    np.exp(out, out=out)
    np.multiply(out, each[:, None], out=out)


FUNCTIONS = {
    "softmax_cross_entropy": softmax_cross_entropy,
    "softmax_cross_entropy_backward": softmax_cross_entropy_backward,
}
