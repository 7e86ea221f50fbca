"""Losses of class indices, and squared errors."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from tensorplug_numpy import memory, parallel, reduce
from tensorplug_numpy.kernels.activation import LARGE, clip, elementwise, log1p_exp, sigmoid_into
from tensorplug_numpy.kernels.softmax import powers

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
    in_range = not rows or reduce.maximum(target.view(np.uint64)) < classes
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
    return _reduced(values, ignored, reduction), log_total


def _reduced(values: Array, ignored: Array | None, reduction: str) -> Any:
    """The loss of rows whose values these are; they are overwritten where they are ignored."""
    if ignored is not None:
        values[ignored] = 0
    if reduction == "none":
        return values
    total = reduce.add(values)
    if reduction == "mean":
        total = total / values.dtype.type(len(values) if ignored is None else np.count_nonzero(~ignored))
    return total


def _shares(g: Array, ignored: Array | None, rows: int, reduction: str) -> Any:
    """What of the gradient of the reduced loss goes to each row (or to all alike)."""
    if reduction == "mean":
        g = g / g.dtype.type(rows if ignored is None else np.count_nonzero(~ignored))
    return g if ignored is None else np.where(ignored, g.dtype.type(0), g)


def _log_totals(x: Array) -> Array:
    """``logsumexp`` of each row."""
    if not x.size:
        return np.full(len(x), -np.inf, x.dtype)
    if x.size < LARGE:
        found = np.log(reduce.add(np.exp(x), 1))
        # Mostly no exponential is too large or all too small, and finding the largest elements first is dear.
        if reduce.maximum(np.absolute(found)) < _MODERATE:
            return found
        top = reduce.maximum(x, 1, None, None, True)
        found = np.log(reduce.add(np.exp(x - top), 1))
        return np.add(found, top.reshape(-1), out=found)
    found = np.empty(len(x), x.dtype)
    parallel.rows(_log_totals_of_rows, x, found, scratch=[x.dtype])
    return found


_MODERATE = 40.0


def _log_totals_of_rows(x: Array, found: Array, t: Array) -> None:
    top, sums = powers(x, t, t)
    np.log(sums.reshape(-1), out=found)
    np.add(found, top.reshape(-1), out=found)


def softmax_cross_entropy_backward(
    g: Array, x: Array, target: Array, log_total: Array, ignore_index: int, reduction: str
) -> Array:
    x, target = np.asarray(x, order="C"), np.asarray(target, order="C")
    places, ignored = _places(target, x.shape, ignore_index)
    share = _shares(g, ignored, len(x), reduction)
    out = memory.empty(x.shape, x.dtype)
    if x.size < LARGE:
        _probabilities(x, log_total, share, out)
    else:
        parallel.rows(_probabilities, x, log_total, share if share.ndim else np.broadcast_to(share, len(x)), out)
    flat = out.reshape(-1)
    flat[places] -= share
    return out


def _probabilities(x: Array, log_total: Array, each: Array, out: Array) -> None:
    np.subtract(x, log_total[:, None], out=out)
    np.exp(out, out=out)
    np.multiply(out, each[:, None] if each.ndim else each, out=out)


# ---------------------------------------------------------------------------------------------------- chosen classes


def class_nll(x: Array, target: Array, ignore_index: int, reduction: str) -> Array:
    x, target = np.asarray(x, order="C"), np.asarray(target, order="C")
    places, ignored = _places(target, x.shape, ignore_index)
    values = np.negative(x.reshape(-1).take(places))
    return _reduced(values, ignored, reduction)


def class_nll_backward(g: Array, target: Array, classes: int, ignore_index: int, reduction: str) -> Array:
    target = np.asarray(target, order="C")
    places, ignored = _places(target, (len(target), classes), ignore_index)
    out = np.zeros((len(target), classes), g.dtype)
    out.reshape(-1)[places] = np.negative(_shares(g, ignored, len(target), reduction))
    return out


# ---------------------------------------------------------------------------------------------------- squared error


def squared_error(x: Array, target: Array, reduction: str) -> Array:
    if x.dtype.kind != "f":
        values = np.square(x - target)
        if reduction == "none":
            return values
        return reduce.add(values, None) / (x.size if reduction == "mean" else 1)
    if reduction == "none":
        return elementwise(_square_of_difference, x, target)
    total = _sum_of_squares(x, target)
    if reduction == "mean":
        total = total / x.dtype.type(x.size)
    return total


def _square_of_difference(x: Array, target: Array, out: Array) -> None:
    np.subtract(x, target, out=out)
    np.multiply(out, out, out=out)


def _sum_of_squares(x: Array, target: Array) -> Any:
    if x.size < LARGE:
        difference = (x - target).reshape(-1)
        return np.vecdot(difference, difference)
    found: dict[int, Any] = {}

    def kernel(x: Array, target: Array, index: Array, t: Array) -> None:
        np.subtract(x, target, out=t)
        found[int(index[0])] = np.vecdot(t, t)

    x, target = (np.asarray(a, order="C").reshape(-1) for a in (x, target))
    cut = x.size - x.size % _LINE
    lines = [a[:cut].reshape(-1, _LINE) for a in (x, target)]
    parallel.rows(kernel, *lines, np.arange(len(lines[0])), scratch=[x.dtype])
    rest = x[cut:] - target[cut:]
    return reduce.add(np.concatenate([found[key] for key in sorted(found)])) + np.vecdot(rest, rest)


_LINE = 1 << 10
"""Elements added up in one go: long sums in a row lose digits."""


def squared_error_backward(g: Array, x: Array, target: Array, reduction: str) -> Array:
    if reduction == "none":
        return (x - target) * (g * 2)
    scale = g * x.dtype.type(2 / x.size if reduction == "mean" and x.size else 2)

    def kernel(x: Array, target: Array, out: Array) -> None:
        np.subtract(x, target, out=out)
        np.multiply(out, scale, out=out)

    return elementwise(kernel, x, target)


# ---------------------------------------------------------------------------------------------------- logits


def _binary(x: Array, target: Array, out: Array, t: Array) -> None:
    log1p_exp(x, out, t)
    np.multiply(x, target, out=t)
    np.subtract(out, t, out=out)


def binary_cross_entropy_of_logits(x: Array, target: Array) -> Array:
    return elementwise(_binary, x, target, scratch=1)


def _binary_backward(g: Array, x: Array, target: Array, out: Array) -> None:
    sigmoid_into(x, out)
    np.subtract(out, target, out=out)
    np.multiply(out, g, out=out)


def binary_cross_entropy_of_logits_backward(g: Array, x: Array, target: Array) -> Array:
    return elementwise(_binary_backward, g, x, target)


# ---------------------------------------------------------------------------------------------------- smooth error


def smooth_error(x: Array, target: Array, beta: float) -> Array:
    # With c the difference d limited to [-beta, beta], both branches are (d - c / 2) * c / beta.
    def kernel(x: Array, target: Array, out: Array, c: Array, t: Array) -> None:
        np.subtract(x, target, out=out)
        clip(out, -beta, beta, c)
        np.multiply(c, 0.5, out=t)
        np.subtract(out, t, out=out)
        np.multiply(out, c, out=out)
        if beta != 1:
            np.multiply(out, 1 / beta, out=out)

    return elementwise(kernel, x, target, scratch=2)


def smooth_error_backward(g: Array, x: Array, target: Array, beta: float) -> Array:
    def kernel(g: Array, x: Array, target: Array, out: Array) -> None:
        np.subtract(x, target, out=out)
        np.multiply(out, 1 / beta, out=out)
        clip(out, -1, 1, out)
        np.multiply(out, g, out=out)

    return elementwise(kernel, g, x, target)


FUNCTIONS = {
    "softmax_cross_entropy": softmax_cross_entropy, "softmax_cross_entropy_backward": softmax_cross_entropy_backward,
    "class_nll": class_nll, "class_nll_backward": class_nll_backward, "squared_error": squared_error,
    "squared_error_backward": squared_error_backward,
    "smooth_error": smooth_error,
    "smooth_error_backward": smooth_error_backward,
    "binary_cross_entropy_of_logits": binary_cross_entropy_of_logits,
    "binary_cross_entropy_of_logits_backward": binary_cross_entropy_of_logits_backward,
}  # fmt: skip
