"""Activations and softmax for NumPy-like libraries; not ``gelu``, since ``erf`` is not among their functions."""

from __future__ import annotations

from typing import Any

Array = Any

# ---------------------------------------------------------------------------------------------------- thresholds


def relu(xp: Any, x: Array) -> Array:
    return xp.maximum(x, 0)


def threshold(xp: Any, x: Array, threshold: float, value: float) -> Array:
    return xp.where(x <= threshold, xp.asarray(value, dtype=x.dtype), x)


def threshold_backward(xp: Any, g: Array, x: Array, threshold: float) -> Array:
    return xp.where(x <= threshold, xp.zeros_like(g), g)


def hardtanh(xp: Any, x: Array, low: float, high: float) -> Array:
    return xp.clip(x, low, high)


def inside_backward(xp: Any, g: Array, x: Array, low: float, high: float) -> Array:
    return xp.where((x > low) & (x < high), g, xp.zeros_like(g))


def hardshrink(xp: Any, x: Array, lambd: float) -> Array:
    return xp.where((x >= -lambd) & (x <= lambd), xp.zeros_like(x), x)


def softshrink(xp: Any, x: Array, lambd: float) -> Array:
    return x - xp.clip(x, -lambd, lambd)


def leaky_relu(xp: Any, x: Array, slope: float) -> Array:
    return xp.where(x > 0, x, x * slope)


def leaky_relu_backward(xp: Any, g: Array, x: Array, slope: float) -> Array:
    return xp.where(x > 0, g, g * slope)


# ---------------------------------------------------------------------------------------------------- exponential


def elu(xp: Any, x: Array, alpha: float, scale: float, input_scale: float) -> Array:
    return xp.where(x > 0, x * scale, xp.expm1(xp.minimum(x, 0) * input_scale) * (alpha * scale))


def elu_backward(xp: Any, g: Array, x: Array, alpha: float, scale: float, input_scale: float) -> Array:
    negative = g * xp.exp(xp.minimum(x, 0) * input_scale) * (alpha * scale * input_scale)
    return xp.where(x > 0, g * scale, negative)


def _log1p_exp(xp: Any, x: Array) -> Array:
    """``log(1 + exp(x))`` without overflow."""
    return xp.maximum(x, 0) + xp.log1p(xp.exp(-xp.abs(x)))


def _sigmoid(xp: Any, x: Array) -> Array:
    return 1 / (1 + xp.exp(-x))


def softplus(xp: Any, x: Array, beta: float, threshold: float) -> Array:
    scaled = x * beta
    return xp.where(scaled > threshold, x, _log1p_exp(xp, scaled) / beta)


def softplus_backward(xp: Any, g: Array, x: Array, beta: float, threshold: float) -> Array:
    scaled = x * beta
    return xp.where(scaled > threshold, g, g * _sigmoid(xp, scaled))


def logsigmoid(xp: Any, x: Array) -> Array:
    return -_log1p_exp(xp, -x)


def logsigmoid_backward(xp: Any, g: Array, x: Array) -> Array:
    return g * _sigmoid(xp, -x)


# ---------------------------------------------------------------------------------------------------- gates


def silu(xp: Any, x: Array) -> Array:
    return x / (1 + xp.exp(-x))


def silu_backward(xp: Any, g: Array, x: Array) -> Array:
    gate = _sigmoid(xp, x)
    return g * gate * (x * (1 - gate) + 1)


def hardsigmoid(xp: Any, x: Array) -> Array:
    return xp.clip(x + 3, 0, 6) / 6


def hardswish(xp: Any, x: Array) -> Array:
    return x * xp.clip(x + 3, 0, 6) / 6


def hardswish_backward(xp: Any, g: Array, x: Array) -> Array:
    return g * xp.where(x <= -3, xp.zeros_like(x), xp.where(x >= 3, xp.ones_like(x), x / 3 + 0.5))


# ---------------------------------------------------------------------------------------------------- softmax


def softmax(xp: Any, x: Array, dim: int) -> Array:
    if x.size == 0 or x.ndim == 0:
        return xp.ones_like(x)
    powers = xp.exp(x - xp.max(x, axis=dim, keepdims=True))
    return powers / xp.sum(powers, axis=dim, keepdims=True)


def softmax_backward(xp: Any, g: Array, y: Array, dim: int) -> Array:
    if y.ndim == 0:
        return xp.zeros_like(y)
    return y * (g - xp.sum(g * y, axis=dim, keepdims=True))


def log_softmax(xp: Any, x: Array, dim: int) -> Array:
    if x.size == 0 or x.ndim == 0:
        return xp.zeros_like(x)
    shifted = x - xp.max(x, axis=dim, keepdims=True)
    return shifted - xp.log(xp.sum(xp.exp(shifted), axis=dim, keepdims=True))


def log_softmax_backward(xp: Any, g: Array, y: Array, dim: int) -> Array:
    if y.ndim == 0:
        return xp.zeros_like(y)
    return g - xp.exp(y) * xp.sum(g, axis=dim, keepdims=True)


FUNCTIONS: dict[str, Any] = {
    "relu": relu, "threshold": threshold, "threshold_backward": threshold_backward, "hardtanh": hardtanh,
    "inside_backward": inside_backward, "hardshrink": hardshrink, "softshrink": softshrink, "leaky_relu": leaky_relu,
    "leaky_relu_backward": leaky_relu_backward, "elu": elu, "elu_backward": elu_backward, "softplus": softplus,
    "softplus_backward": softplus_backward, "logsigmoid": logsigmoid, "logsigmoid_backward": logsigmoid_backward,
    "silu": silu, "silu_backward": silu_backward, "hardsigmoid": hardsigmoid, "hardswish": hardswish,
    "hardswish_backward": hardswish_backward, "softmax": softmax, "softmax_backward": softmax_backward,
    "log_softmax": log_softmax, "log_softmax_backward": log_softmax_backward,
}  # fmt: skip
