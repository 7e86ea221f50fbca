"""Activations, evaluated in blocks that stay in the cache, on several threads where that pays."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug_numpy import memory, parallel
from tensorplug_numpy.bits import choose, drop

Array = np.ndarray[Any, Any]

_LARGE = 1 << 16
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
    if out.size < _LARGE:
        function(*arrays, out, *[np.empty(shape, d) for d in dtypes])
    else:
        parallel.blocks(function, *[np.asarray(a, order="C") for a in arrays], out, scratch=dtypes)
    return out


# ---------------------------------------------------------------------------------------------------- thresholds


def relu(x: Array) -> Array:
    if x.size < _LARGE:
        return np.maximum(x, 0)
    return parallel.elementwise(np.maximum, memory.empty(x.shape, x.dtype), x, 0)


def threshold_backward(g: Array, x: Array, threshold: float) -> Array:
    def kernel(g: Array, x: Array, out: Array, mask: Array) -> None:
        np.less_equal(x, threshold, out=mask)
        drop(g, mask, out)

    return elementwise(kernel, g, x, masks=1)


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


# ---------------------------------------------------------------------------------------------------- gates


def _sigmoid(x: Array, out: Array) -> None:
    np.negative(x, out=out)
    np.exp(out, out=out)
    np.add(out, 1, out=out)
    np.reciprocal(out, out=out)


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x)) if x.dtype.kind == "c" else elementwise(_sigmoid, x)


def _silu(x: Array, out: Array) -> None:
    np.negative(x, out=out)
    np.exp(out, out=out)
    np.add(out, 1, out=out)
    np.divide(x, out, out=out)


def silu(x: Array) -> Array:
    return elementwise(_silu, x)


def _silu_backward(g: Array, x: Array, out: Array, t: Array) -> None:
    _sigmoid(x, t)
    np.subtract(1, t, out=out)
    np.multiply(out, x, out=out)
    np.add(out, 1, out=out)
    np.multiply(out, t, out=out)
    np.multiply(out, g, out=out)


def silu_backward(g: Array, x: Array) -> Array:
    return elementwise(_silu_backward, g, x, scratch=1)


# ---------------------------------------------------------------------------------------------------- gelu

# Upper tail of the normal distribution: Q(x) = exp(-x**2 / 2) * t * P(t), t = 1 / (1 + c * x), for x >= 0, the form of
# Hastings (Approximations for digital computers, 1955); P fitted for float32, with a relative error of 1e-7 from 0 to 14,
# where Q is as small as float32 goes.
_TAIL_SCALE = 0.305
_TAIL = (
    0.12163973, 0.12246681, 0.10342089, 0.12102160, -0.03797669, 0.18571675, -0.15298822, 0.03669917,
)  # fmt: skip
_TAIL_END = 40.0
"""Where the tail has become 0."""


def _tail(x: Array, out: Array, t: Array) -> None:
    """Q(|x|) in ``out``."""
    np.absolute(x, out=t)
    np.multiply(t, _TAIL_SCALE, out=t)
    np.add(t, 1, out=t)
    np.reciprocal(t, out=t)
    np.multiply(t, _TAIL[-1], out=out)
    for coefficient in _TAIL[-2::-1]:
        np.add(out, coefficient, out=out)
        np.multiply(out, t, out=out)
    _bell(x, t)
    np.multiply(out, t, out=out)


def _bell(x: Array, out: Array) -> None:
    """``exp(-x**2 / 2)``."""
    np.multiply(x, x, out=out)
    np.multiply(out, -0.5, out=out)
    np.exp(out, out=out)


def _gelu(x: Array, out: Array, t: Array) -> None:
    # max(x, 0) - |x| * Q(|x|); the limit keeps inf * 0 away for x = inf.
    _tail(x, out, t)
    np.minimum(x, _TAIL_END, out=t)
    np.absolute(t, out=t)
    np.multiply(out, t, out=out)
    np.maximum(x, 0, out=t)
    np.subtract(t, out, out=out)


def _gelu_exact(x: Array, out: Array, t: Array) -> None:
    from scipy.special import ndtr

    ndtr(x, out=out)
    np.multiply(out, x, out=out)


def _gelu_backward(g: Array, x: Array, out: Array, t: Array) -> None:
    _tail(x, out, t)
    np.subtract(0.5, out, out=out)
    np.copysign(out, x, out=out)
    np.add(out, 0.5, out=out)
    _add_bell(g, x, out, t)


def _gelu_backward_exact(g: Array, x: Array, out: Array, t: Array) -> None:
    from scipy.special import ndtr

    ndtr(x, out=out)
    _bell(x, t)
    _add_bell(g, x, out, t)


def _add_bell(g: Array, x: Array, out: Array, bell: Array) -> None:
    np.multiply(bell, 1 / math.sqrt(2 * math.pi), out=bell)
    np.multiply(bell, x, out=bell)
    np.add(out, bell, out=out)
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
    return elementwise(_gelu if x.dtype == _FLOAT32 else _gelu_exact, x, scratch=1)


def gelu_backward(g: Array, x: Array, approximate: str) -> Array:
    if approximate == "tanh":
        return elementwise(_gelu_tanh_backward, g, x, scratch=1)
    return elementwise(_gelu_backward if x.dtype == _FLOAT32 else _gelu_backward_exact, g, x, scratch=1)


# ---------------------------------------------------------------------------------------------------- softmax


def _by_line(function: Callable[..., object], dim: int, *arrays: Array, scratch: int = 0) -> Array:
    """``function(*arrays, out, *scratch)`` with arrays whose second dim is ``dim``, cut along the first.

    They are of shape (lines, n) where ``dim`` is the last one, or (outer, n, inner) where many dims lie in front of it.
    Where few do, they are (lines, n) with a step between the elements of a line.
    """
    shape, dtype = arrays[0].shape, arrays[0].dtype
    out = memory.empty(shape, dtype)
    n, outer, inner = shape[dim], math.prod(shape[:dim]), math.prod(shape[dim + 1 :])
    operands = [np.asarray(a, order="C") for a in arrays] + [out]
    dtypes = [dtype] * scratch
    if inner == 1:
        parallel.rows(function, *[a.reshape(outer, n) for a in operands], scratch=dtypes)
    elif outer >= _MANY:
        parallel.rows(function, *[a.reshape(outer, n, inner) for a in operands], scratch=dtypes)
    else:
        for part in zip(*[a.reshape(outer, n, inner) for a in operands], strict=True):
            parallel.rows(function, *[a.T for a in part], scratch=dtypes)
    return out


_MANY = 8


def _turned(scratch: Array, like: Array) -> Array:
    """Scratch memory in the order in which ``like`` lies."""
    if like.ndim == 2 and like.strides[0] < like.strides[1]:
        return scratch.reshape(like.shape[::-1]).T
    return scratch


def _line_sums(x: Array) -> Array:
    if x.ndim == 2 and x.strides[1] == x.itemsize:
        return np.vecdot(x, np.ones(x.shape[1], x.dtype))[:, None]
    return np.add.reduce(x, 1, None, None, True)


def _line_products(a: Array, b: Array) -> Array:
    if a.ndim == 2:
        if a.strides[1] == a.itemsize:
            return np.vecdot(a, b)[:, None]
        return np.einsum("ij,ij->i", a, b)[:, None]
    return np.einsum("ijk,ijk->ik", a, b)[:, None]


def _softmax(x: Array, out: Array) -> None:
    np.subtract(x, np.maximum.reduce(x, 1, None, None, True), out=out)
    np.exp(out, out=out)
    np.divide(out, _line_sums(out), out=out)


def softmax(x: Array, dim: int) -> Array:
    if x.size >= _LARGE:
        return _by_line(_softmax, dim, x)
    if not x.size or not x.ndim:
        return np.ones_like(x)
    out = np.exp(x - np.maximum.reduce(x, dim, None, None, True))
    return np.divide(out, np.add.reduce(out, dim, None, None, True), out=out)


def _softmax_backward(g: Array, y: Array, out: Array) -> None:
    np.subtract(g, _line_products(g, y), out=out)
    np.multiply(out, y, out=out)


def softmax_backward(g: Array, y: Array, dim: int) -> Array:
    if y.size >= _LARGE:
        return _by_line(_softmax_backward, dim, g, y)
    if not y.size or not y.ndim:
        return np.zeros_like(y)
    out = g - np.add.reduce(g * y, dim, None, None, True)
    return np.multiply(out, y, out=out)


def _log_softmax(x: Array, out: Array, t: Array) -> None:
    t = _turned(t, x)
    np.subtract(x, np.maximum.reduce(x, 1, None, None, True), out=out)
    np.exp(out, out=t)
    np.subtract(out, np.log(_line_sums(t)), out=out)


def log_softmax(x: Array, dim: int) -> Array:
    if x.size >= _LARGE:
        return _by_line(_log_softmax, dim, x, scratch=1)
    if not x.size or not x.ndim:
        return np.zeros_like(x)
    out = x - np.maximum.reduce(x, dim, None, None, True)
    return np.subtract(out, np.log(np.add.reduce(np.exp(out), dim, None, None, True)), out=out)


def _log_softmax_backward(g: Array, y: Array, out: Array) -> None:
    np.exp(y, out=out)
    np.multiply(out, _line_sums(g), out=out)
    np.subtract(g, out, out=out)


def log_softmax_backward(g: Array, y: Array, dim: int) -> Array:
    if y.size >= _LARGE:
        return _by_line(_log_softmax_backward, dim, g, y)
    if not y.size or not y.ndim:
        return np.zeros_like(y)
    out = np.exp(y)
    np.multiply(out, np.add.reduce(g, dim, None, None, True), out=out)
    return np.subtract(g, out, out=out)


FUNCTIONS = {
    "relu": relu, "threshold_backward": threshold_backward, "leaky_relu": leaky_relu,
    "leaky_relu_backward": leaky_relu_backward, "sigmoid": sigmoid, "silu": silu, "silu_backward": silu_backward,
    "gelu": gelu, "gelu_backward": gelu_backward, "softmax": softmax, "softmax_backward": softmax_backward,
    "log_softmax": log_softmax, "log_softmax_backward": log_softmax_backward,
}  # fmt: skip
