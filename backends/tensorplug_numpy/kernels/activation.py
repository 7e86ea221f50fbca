"""Activations, evaluated in blocks that stay in the cache, on several threads where that pays."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug_numpy import memory, parallel, reduce
from tensorplug_numpy.bits import choose, drop, dropped, flip_signs

Array = np.ndarray[Any, Any]

LARGE = 1 << 16
"""Elements from which blocks and threads can pay."""

_FLOAT32 = np.dtype(np.float32)
_BOOL = np.dtype(bool)


def elementwise(function: Callable[..., object], *arrays: Array, scratch: int = 0, masks: int = 0) -> Array:
    """``function(*arrays, out, *scratch, *masks)`` writing to ``out``, for arrays of one shape and dtype.

    Args:
        function: an element-wise kernel.
        arrays: its operands.
        scratch: how many scratch arrays like ``out`` it takes.
        masks: how many bool scratch arrays it takes.

    Returns:
        A fresh array.
    """
    shape, dtype = arrays[0].shape, arrays[0].dtype
    out = memory.empty(shape, dtype)
    dtypes = [dtype] * scratch + [_BOOL] * masks
    if out.size < LARGE:
        function(*arrays, out, *[np.empty(shape, d) for d in dtypes])
    else:
        operands = [np.asarray(a, order="C") for a in arrays]
        parallel.blocks(function, *operands, out, scratch=dtypes)
    return out


# ---------------------------------------------------------------------------------------------------- thresholds


def limit(ufunc: Callable[..., object], x: Array, bound: float, out: Array) -> None:
    """``np.maximum`` or ``np.minimum`` of ``x`` and a number: `np.clip` is four times as fast with numbers."""
    if ufunc is np.maximum:
        clip(x, bound, math.inf, out)
    else:
        clip(x, -math.inf, bound, out)


def clip(x: Array, low: float, high: float, out: Array) -> None:
    """Floating-point numbers limited to [``low``, ``high``]; NaN stays."""
    np.clip(x, low, high, out=out)


def relu(x: Array) -> Array:
    if x.size < LARGE or x.dtype.kind != "f":
        return np.maximum(x, 0, out=...)
    return elementwise(_relu, x)


def _relu(x: Array, out: Array) -> None:
    limit(np.maximum, x, 0, out)


def hardtanh(x: Array, low: float, high: float) -> Array:
    if x.dtype.kind != "f":
        return np.clip(x, low, high)
    return elementwise(lambda x, out: clip(x, low, high, out), x)


def hardshrink(x: Array, lambd: float) -> Array:
    def kernel(x: Array, out: Array, mask: Array) -> None:
        np.absolute(x, out=out)
        np.less_equal(out, lambd, out=mask)
        drop(x, mask, out)

    if lambd < 0:
        return np.where((x >= -lambd) & (x <= lambd), 0, x).astype(x.dtype)
    return elementwise(kernel, x, masks=1)


def softshrink(x: Array, lambd: float) -> Array:
    def kernel(x: Array, out: Array) -> None:
        clip(x, -lambd, lambd, out)
        np.subtract(x, out, out=out)

    return elementwise(kernel, x)


def threshold_backward(g: Array, x: Array, threshold: float) -> Array:
    if x.size < LARGE:
        mask = np.less_equal(x, threshold, out=...)
        return dropped(g, mask)

    def kernel(g: Array, x: Array, out: Array, mask: Array) -> None:
        np.less_equal(x, threshold, out=mask)
        drop(g, mask, out)

    return elementwise(kernel, g, x, masks=1)


def inside_backward(g: Array, x: Array, low: float, high: float) -> Array:
    def kernel(g: Array, x: Array, out: Array, mask: Array, other: Array) -> None:
        np.greater(x, low, out=mask)
        np.less(x, high, out=other)
        np.logical_and(mask, other, out=mask)
        np.logical_not(mask, out=mask)
        drop(g, mask, out)

    return elementwise(kernel, g, x, masks=2)


def leaky_relu(x: Array, slope: float) -> Array:
    choice = np.maximum if slope <= 1 else np.minimum

    def kernel(x: Array, out: Array) -> None:
        np.multiply(x, slope, out=out)
        choice(x, out, out=out)

    return elementwise(kernel, x)


def leaky_relu_backward(g: Array, x: Array, slope: float) -> Array:
    def kernel(g: Array, x: Array, out: Array, t: Array, mask: Array) -> None:
        np.multiply(g, slope, out=out)
        np.greater(x, 0, out=mask)
        choose(g, mask, out, t)

    return elementwise(kernel, g, x, scratch=1, masks=1)


# ---------------------------------------------------------------------------------------------------- exponential


def elu(x: Array, alpha: float, scale: float, input_scale: float) -> Array:
    # The sum of what is above 0 and what is below; where nothing is below, exponentials would be wasted.
    def kernel(x: Array, out: Array, t: Array) -> None:
        limit(np.maximum, x, 0, out)
        if scale != 1:
            np.multiply(out, scale, out=out)
        if not x.size or reduce.minimum(x, None) >= 0:
            return
        limit(np.minimum, x, 0, t)
        if input_scale != 1:
            np.multiply(t, input_scale, out=t)
        np.expm1(t, out=t)
        if alpha * scale != 1:
            np.multiply(t, alpha * scale, out=t)
        np.add(out, t, out=out)

    return elementwise(kernel, x, scratch=1)


def elu_backward(g: Array, x: Array, alpha: float, scale: float, input_scale: float) -> Array:
    def kernel(g: Array, x: Array, out: Array, t: Array, mask: Array) -> None:
        limit(np.minimum, x, 0, out)
        if input_scale != 1:
            np.multiply(out, input_scale, out=out)
        np.exp(out, out=out)
        np.multiply(out, alpha * scale * input_scale, out=out)
        np.multiply(out, g, out=out)
        np.multiply(g, scale, out=t)
        np.greater(x, 0, out=mask)
        choose(t, mask, out, t)

    return elementwise(kernel, g, x, scratch=1, masks=1)


def softplus(x: Array, beta: float, threshold: float) -> Array:
    def kernel(x: Array, out: Array, t: Array, mask: Array) -> None:
        np.multiply(x, beta, out=t)
        np.greater(t, threshold, out=mask)
        log1p_exp(t, out, t)
        np.divide(out, beta, out=out)
        choose(x, mask, out, t)

    return elementwise(kernel, x, scratch=1, masks=1)


def log1p_exp(x: Array, out: Array, t: Array) -> None:
    """``log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|))``; ``t`` may be ``x``."""
    np.absolute(x, out=out)
    np.negative(out, out=out)
    np.exp(out, out=out)
    np.log1p(out, out=out)
    limit(np.maximum, x, 0, t)
    np.add(out, t, out=out)


def softplus_backward(g: Array, x: Array, beta: float, threshold: float) -> Array:
    def kernel(g: Array, x: Array, out: Array, t: Array, mask: Array) -> None:
        np.multiply(x, beta, out=t)
        np.greater(t, threshold, out=mask)
        sigmoid_into(t, out)
        np.multiply(out, g, out=out)
        choose(g, mask, out, t)

    return elementwise(kernel, g, x, scratch=1, masks=1)


def _logsigmoid(x: Array, out: Array, t: Array) -> None:
    np.negative(x, out=t)
    log1p_exp(t, out, t)
    np.negative(out, out=out)


def logsigmoid(x: Array) -> Array:
    return elementwise(_logsigmoid, x, scratch=1)


def _logsigmoid_backward(g: Array, x: Array, out: Array) -> None:
    # 1 - sigmoid(x) = 1 / (1 + exp(x))
    np.expm1(x, out=out)
    np.add(out, 2, out=out)
    np.divide(g, out, out=out)


def logsigmoid_backward(g: Array, x: Array) -> Array:
    return elementwise(_logsigmoid_backward, g, x)


# ---------------------------------------------------------------------------------------------------- gates


def sigmoid_into(x: Array, out: Array) -> None:
    """``1 / (1 + exp(-x))``."""
    # 1 / (2 + expm1(-x)): NumPy's expm1 is quicker than its exp.
    np.negative(x, out=out)
    np.expm1(out, out=out)
    np.add(out, 2, out=out)
    np.divide(1, out, out=out)


def sigmoid(x: Array) -> Array:
    if x.size < LARGE or x.dtype.kind == "c":
        return 1 / (1 + np.exp(-x))
    return elementwise(sigmoid_into, x)


def _silu(x: Array, out: Array) -> None:
    np.negative(x, out=out)
    np.expm1(out, out=out)
    np.add(out, 2, out=out)
    np.divide(x, out, out=out)


def silu(x: Array) -> Array:
    return x / (1 + np.exp(-x)) if x.size < LARGE else elementwise(_silu, x)


def _silu_backward(g: Array, x: Array, out: Array, t: Array) -> None:
    sigmoid_into(x, t)
    np.subtract(1, t, out=out)
    np.multiply(out, x, out=out)
    np.add(out, 1, out=out)
    np.multiply(out, t, out=out)
    np.multiply(out, g, out=out)


def silu_backward(g: Array, x: Array) -> Array:
    return elementwise(_silu_backward, g, x, scratch=1)


def _hardsigmoid(x: Array, out: Array) -> None:
    np.add(x, 3, out=out)
    limit(np.maximum, out, 0, out)
    limit(np.minimum, out, 6, out)
    np.divide(out, 6, out=out)


def hardsigmoid(x: Array) -> Array:
    return elementwise(_hardsigmoid, x)


def _hardswish(x: Array, out: Array) -> None:
    np.add(x, 3, out=out)
    limit(np.maximum, out, 0, out)
    limit(np.minimum, out, 6, out)
    np.multiply(out, x, out=out)
    np.divide(out, 6, out=out)


def hardswish(x: Array) -> Array:
    return elementwise(_hardswish, x)


def _hardswish_backward(g: Array, x: Array, out: Array, t: Array, mask: Array) -> None:
    # The slope between -3 and 3 is x / 3 + 1 / 2, outside it is 0 or 1.
    np.multiply(x, 1 / 3, out=out)
    np.add(out, 0.5, out=out)
    np.multiply(out, g, out=out)
    np.less_equal(x, -3, out=mask)
    drop(out, mask, out)
    np.greater_equal(x, 3, out=mask)
    choose(g, mask, out, t)


def hardswish_backward(g: Array, x: Array) -> Array:
    return elementwise(_hardswish_backward, g, x, scratch=1, masks=1)


# ---------------------------------------------------------------------------------------------------- gelu

# The upper tail of the normal distribution is Q(x) = exp(-x**2 / 2) * M(x), with Mills's ratio M a quotient of
# polynomials for x >= 0: coefficients from the highest power, the denominator's highest being 1. Fitted for
# float32: the error of Q is 5e-6 of Q at most up to x = 3, and 1e-7 at most in all.
_ABOVE = (0.40325226661199287, 2.0747301754628116, 4.530612535806931)
_BELOW = (5.352678596419309, 11.379612700168616, 9.06121826154724)
_TAIL_END = 40.0
"""Where Q has become 0."""


def _mills(a: Array, out: Array, t: Array) -> None:
    """M(a) in ``out``."""
    np.multiply(a, _ABOVE[0], out=out)
    np.add(out, _ABOVE[1], out=out)
    np.multiply(out, a, out=out)
    np.add(out, _ABOVE[2], out=out)
    np.add(a, _BELOW[0], out=t)
    np.multiply(t, a, out=t)
    np.add(t, _BELOW[1], out=t)
    np.multiply(t, a, out=t)
    np.add(t, _BELOW[2], out=t)
    np.divide(out, t, out=out)


def _bell(x: Array, out: Array) -> None:
    """``exp(-x**2 / 2)``."""
    np.multiply(x, x, out=out)
    np.multiply(out, -0.5, out=out)
    np.exp(out, out=out)


def _gelu(x: Array, out: Array, t: Array, a: Array) -> None:
    # max(x, 0) - |x| * Q(|x|); the limit keeps x = inf clear of inf * 0.
    limit(np.minimum, x, _TAIL_END, a)
    np.absolute(a, out=a)
    _mills(a, out, t)
    np.multiply(out, a, out=out)
    _bell(a, t)
    np.multiply(out, t, out=out)
    limit(np.maximum, x, 0, t)
    np.subtract(t, out, out=out)


def _gelu_backward(g: Array, x: Array, out: Array, t: Array, a: Array) -> None:
    # 1/2 + sign(x) * (1/2 - bell * (M - |x| / sqrt(2 * pi)))
    np.absolute(x, out=a)
    _mills(a, out, t)
    _bell(a, t)
    np.multiply(a, _PEAK, out=a)
    np.subtract(out, a, out=out)
    np.multiply(out, t, out=out)
    np.subtract(0.5, out, out=out)
    flip_signs(out, x, t)
    np.add(out, 0.5, out=out)
    np.multiply(out, g, out=out)


_PEAK = 1 / math.sqrt(2 * math.pi)


def _gelu_exact(x: Array, out: Array) -> None:
    from scipy.special import ndtr

    ndtr(x, out=out)
    np.multiply(out, x, out=out)


def _gelu_backward_exact(g: Array, x: Array, out: Array, t: Array) -> None:
    from scipy.special import ndtr

    _bell(x, t)
    np.multiply(t, _PEAK, out=t)
    np.multiply(t, x, out=t)
    ndtr(x, out=out)
    np.add(out, t, out=out)
    np.multiply(out, g, out=out)


_ROOT = math.sqrt(2 / math.pi)
_CUBIC = 0.044715


def _gelu_tanh_gate(x: Array, out: Array) -> None:
    """``tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))``."""
    np.multiply(x, x, out=out)
    np.multiply(out, _ROOT * _CUBIC, out=out)
    np.add(out, _ROOT, out=out)
    np.multiply(out, x, out=out)
    np.tanh(out, out=out)


def _gelu_tanh(x: Array, out: Array, t: Array) -> None:
    _gelu_tanh_gate(x, out)
    np.add(out, 1, out=out)
    np.multiply(x, 0.5, out=t)
    np.multiply(out, t, out=out)


def _gelu_tanh_backward(g: Array, x: Array, out: Array, t: Array) -> None:
    # With u the gate: g / 2 * (1 + u + x * (1 - u**2) * slope of its argument).
    _gelu_tanh_gate(x, t)
    np.multiply(x, x, out=out)
    np.multiply(out, 3 * _ROOT * _CUBIC, out=out)
    np.add(out, _ROOT, out=out)
    np.multiply(out, x, out=out)
    np.add(t, 1, out=t)
    np.multiply(out, t, out=out)
    # out holds (1 + u) * x * slope; times (1 - u), plus (1 + u).
    np.subtract(2, t, out=t)
    np.multiply(out, t, out=out)
    np.subtract(2, t, out=t)
    np.add(out, t, out=out)
    np.multiply(out, g, out=out)
    np.multiply(out, 0.5, out=out)


def gelu(x: Array, approximate: str) -> Array:
    if approximate == "tanh":
        return elementwise(_gelu_tanh, x, scratch=1)
    return elementwise(_gelu, x, scratch=2) if x.dtype == _FLOAT32 else elementwise(_gelu_exact, x)


def gelu_backward(g: Array, x: Array, approximate: str) -> Array:
    if approximate == "tanh":
        return elementwise(_gelu_tanh_backward, g, x, scratch=1)
    if x.dtype == _FLOAT32:
        return elementwise(_gelu_backward, g, x, scratch=2)
    return elementwise(_gelu_backward_exact, g, x, scratch=1)


SILENT = {"relu": relu}
"""Kernels that give arrays and no warnings by themselves."""

FUNCTIONS = {
    "hardtanh": hardtanh, "hardshrink": hardshrink, "softshrink": softshrink,
    "threshold_backward": threshold_backward, "inside_backward": inside_backward,
    "leaky_relu": leaky_relu, "leaky_relu_backward": leaky_relu_backward, "elu": elu, "elu_backward": elu_backward,
    "softplus": softplus, "softplus_backward": softplus_backward, "logsigmoid": logsigmoid,
    "logsigmoid_backward": logsigmoid_backward, "sigmoid": sigmoid, "silu": silu, "silu_backward": silu_backward,
    "hardsigmoid": hardsigmoid, "hardswish": hardswish, "hardswish_backward": hardswish_backward, "gelu": gelu,
    "gelu_backward": gelu_backward,
}  # fmt: skip
