"""Losses for NumPy-like libraries."""

from __future__ import annotations

from typing import Any

Array = Any


def _places(xp: Any, target: Array, classes: int, ignore_index: int) -> tuple[Array, Array]:
    """Targets with 0 in the place of those that are ignored, and which these are.

    Raises:
        IndexError: a target is no class.
    """
    ignored = target == ignore_index
    wrong = ~ignored & ((target < 0) | (target >= classes))
    if bool(wrong.any()):
        raise IndexError(f"Target {int(target[wrong][0])} is out of bounds for {classes} classes.")
    return xp.where(ignored, 0, target), ignored


def _reduced(xp: Any, values: Array, ignored: Array, reduction: str) -> Array:
    if reduction == "none":
        return values
    total = xp.sum(values)
    return total / xp.sum(~ignored).astype(values.dtype) if reduction == "mean" else total


def _shares(xp: Any, g: Array, ignored: Array, reduction: str) -> Array:
    """What of the gradient of the reduced loss goes to each row."""
    if reduction == "mean":
        g = g / xp.sum(~ignored).astype(g.dtype)
    return xp.where(ignored, xp.zeros_like(g), g)


def softmax_cross_entropy(xp: Any, x: Array, target: Array, ignore_index: int, reduction: str) -> tuple[Array, Array]:
    places, ignored = _places(xp, target, x.shape[1], ignore_index)
    top = xp.max(x, axis=1, keepdims=True)
    log_total = xp.log(xp.sum(xp.exp(x - top), axis=1)) + top[:, 0]
    picked = xp.take_along_axis(x, places[:, None], axis=1)[:, 0]
    values = xp.where(ignored, xp.zeros_like(log_total), log_total - picked)
    return _reduced(xp, values, ignored, reduction), log_total


def softmax_cross_entropy_backward(
    xp: Any, g: Array, x: Array, target: Array, log_total: Array, ignore_index: int, reduction: str
) -> Array:
    places, ignored = _places(xp, target, x.shape[1], ignore_index)
    shares = _shares(xp, g, ignored, reduction)[:, None]
    out = xp.exp(x - log_total[:, None]) * shares
    return xp.where(xp.arange(x.shape[1]) == places[:, None], out - shares, out)


def class_nll(xp: Any, x: Array, target: Array, ignore_index: int, reduction: str) -> Array:
    places, ignored = _places(xp, target, x.shape[1], ignore_index)
    picked = xp.take_along_axis(x, places[:, None], axis=1)[:, 0]
    return _reduced(xp, xp.where(ignored, xp.zeros_like(picked), -picked), ignored, reduction)


def class_nll_backward(xp: Any, g: Array, target: Array, classes: int, ignore_index: int, reduction: str) -> Array:
    places, ignored = _places(xp, target, classes, ignore_index)
    shares = _shares(xp, g, ignored, reduction)[:, None]
    return xp.where(xp.arange(classes) == places[:, None], -shares, xp.zeros_like(shares))


def squared_error(xp: Any, x: Array, target: Array, reduction: str) -> Array:
    squares = xp.square(x - target)
    if reduction == "none":
        return squares
    return xp.sum(squares) if reduction == "sum" else xp.mean(squares)


def squared_error_backward(xp: Any, g: Array, x: Array, target: Array, reduction: str) -> Array:
    return (x - target) * (g * (2 / x.size if reduction == "mean" and x.size else 2))


def binary_cross_entropy_of_logits(xp: Any, x: Array, target: Array) -> Array:
    return xp.maximum(x, 0) - x * target + xp.log1p(xp.exp(-xp.abs(x)))


def binary_cross_entropy_of_logits_backward(xp: Any, g: Array, x: Array, target: Array) -> Array:
    return g * (1 / (1 + xp.exp(-x)) - target)


def smooth_error(xp: Any, x: Array, target: Array, beta: float) -> Array:
    difference = xp.abs(x - target)
    limited = xp.minimum(difference, beta)
    return (difference - limited * 0.5) * limited * (1 / beta)


def smooth_error_backward(xp: Any, g: Array, x: Array, target: Array, beta: float) -> Array:
    return g * xp.clip((x - target) * (1 / beta), -1, 1)


FUNCTIONS: dict[str, Any] = {
    "softmax_cross_entropy": softmax_cross_entropy, "softmax_cross_entropy_backward": softmax_cross_entropy_backward,
    "class_nll": class_nll, "class_nll_backward": class_nll_backward, "squared_error": squared_error,
    "squared_error_backward": squared_error_backward,
    "smooth_error": smooth_error, "smooth_error_backward": smooth_error_backward,
    "binary_cross_entropy_of_logits": binary_cross_entropy_of_logits,
    "binary_cross_entropy_of_logits_backward": binary_cross_entropy_of_logits_backward,
}  # fmt: skip
