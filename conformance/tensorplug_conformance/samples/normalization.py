"""Samples of normalization over features, groups, batches and instances."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import FLOATS, SINGLES, Array
from tensorplug_conformance.sample import Input, Oracle, Refusal, Row, Sample, bound
from tensorplug_conformance.values import uniform


def _normalized(x: Array, axes: tuple[int, ...], eps: float) -> Array:
    mean = x.mean(axes, keepdims=True)
    return (x - mean) / np.sqrt(((x - mean) ** 2).mean(axes, keepdims=True) + eps)


def _affine(x: Array, weight: Array | None, bias: Array | None, axis: int) -> Array:
    """Times ``weight`` and plus ``bias``, whose dims start at ``axis`` of ``x``."""
    for factor, function in ((weight, np.multiply), (bias, np.add)):
        if factor is not None:
            x = function(x, factor.reshape(factor.shape + (1,) * (x.ndim - axis - factor.ndim)))
    return x


def _layer_norm(
    x: Array, shape: Sequence[int], weight: Array | None = None, bias: Array | None = None, eps: float = 1e-5
) -> Array:
    first = x.ndim - len(shape)
    return _affine(_normalized(x, tuple(range(first, x.ndim)), eps), weight, bias, first)


def _rms_norm(x: Array, shape: Sequence[int], weight: Array | None = None, eps: float | None = None) -> Array:
    first = x.ndim - len(shape)
    # Without eps it is that of the dtype, which changes nothing that a reference in float64 could see.
    mean = (x**2).mean(tuple(range(first, x.ndim)), keepdims=True) + (eps or 0.0)
    return _affine(x / np.sqrt(mean), weight, None, first)


def _group_norm(
    x: Array, groups: int, weight: Array | None = None, bias: Array | None = None, eps: float = 1e-5
) -> Array:
    parts = x.reshape(len(x), groups, math.prod(x.shape[1:]) // groups)
    return _affine(_normalized(parts, (2,), eps).reshape(x.shape), weight, bias, 1)


def _batch_norm(
    x: Array,
    mean: Array | None,
    var: Array | None,
    weight: Array | None = None,
    bias: Array | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Array:
    if training:
        return _affine(_normalized(x, (0, *range(2, x.ndim)), eps), weight, bias, 1)
    assert mean is not None
    assert var is not None
    shape = (-1, *[1] * (x.ndim - 2))
    return _affine((x - mean.reshape(shape)) / np.sqrt(var.reshape(shape) + eps), weight, bias, 1)


def _instance_norm(
    x: Array, mean: Any = None, var: Any = None, weight: Any = None, bias: Any = None, use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Array:  # fmt: skip
    if not use_input_stats:
        return _batch_norm(x, mean, var, weight, bias, False, momentum, eps)
    return _affine(_normalized(x, tuple(range(2, x.ndim)), eps), weight, bias, 1)


def _local_response_norm(x: Array, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Array:
    channels = x.shape[1]
    squares = np.zeros_like(x)
    for c in range(channels):
        squares[:, c] = (x[:, max(c - size // 2, 0) : c + (size - 1) // 2 + 1] ** 2).sum(1)
    return x / (k + alpha / size * squares) ** beta


def _terms(x: Array, *_: Any, **__: Any) -> float:
    return x.size / max(len(x), 1) + 1


def _near(function: Any) -> Oracle:
    """Errors are proportional to what was added up, not to what is left of it."""

    def scale(x: Array, *args: Any, **kwargs: Any) -> Any:
        found = np.abs(function(x, *args, **kwargs))
        return found + found.max(initial=0.0) + 1

    return bound(_terms, scale, half=3)


def _row(name: str, function: Any, samples: tuple[Sample, ...], **fields: Any) -> Row:
    return Row(name, function, samples, FLOATS, _near(function), gradient=True, call=f"F.{name}", **fields)


_X, _Y = Input((4, 6)), Input((2, 4, 3, 5))
_POSITIVE = uniform(0.5, 2)


def _vectors(size: int) -> tuple[Input, Input]:
    return Input((size,), _POSITIVE), Input((size,))


_SIX, _FOUR = _vectors(6), _vectors(4)
_RUNNING = Input((4,), grad=False), Input((4,), _POSITIVE, grad=False)

ROWS = (
    _row("layer_norm", _layer_norm, (
        Sample((_X, (6,))), Sample((_X, (6,), *_SIX)), Sample((_Y, (3, 5), Input((3, 5), _POSITIVE), Input((3, 5)))),
        Sample((_Y, (5,)), {"eps": 0.1}),
        Sample((_X, (6,), _SIX[0])), Sample((Input((0, 6)), (6,), *_SIX)), Sample((Input((3, 257)), (257,))),
        Sample((Input((6,), layout="strided"), (6,), *_SIX)),
        Sample((Input((300, 256)), (256,), *_vectors(256)), dtypes=("float32",)),
    ), covers=("native_layer_norm", "layer_norm_backward"),
    refusals=(Refusal(Sample((_X, (5,)))), Refusal(Sample((_X, (6,), Input((5,))))))),
    # Numbers far from 0: the variance is small beside the squares, which must not be subtracted.
    Row("layer_norm", _layer_norm, (Sample((Input((4, 6), uniform(99, 101)), (6,))),), SINGLES,
        bound(6, lambda x, *_: 100 / x.std(-1, keepdims=True)), call="F.layer_norm", label="far", gradient=True),
    _row("rms_norm", _rms_norm, (
        Sample((_X, (6,))), Sample((_X, (6,), _SIX[0])), Sample((_Y, (3, 5), Input((3, 5), _POSITIVE))),
        Sample((_X, (6,)), {"eps": 0.1}),
        Sample((Input((3, 257)), (257,))),
    ), covers=("native_rms_norm", "rms_norm_backward")),
    _row("group_norm", _group_norm, (
        Sample((_Y, 2)), Sample((_Y, 2, *_FOUR)), Sample((_Y, 4, *_FOUR)), Sample((_Y, 1, *_FOUR)),
        Sample((Input((3, 6, 4)), 3, *_SIX)),
        Sample((Input((3, 6)), 2), {"eps": 0.1}),
    ), covers=("native_group_norm", "group_norm_backward"), refusals=(Refusal(Sample((_Y, 3))),)),
    _row("batch_norm", _batch_norm, (
        Sample((_Y, *_RUNNING)), Sample((_Y, *_RUNNING, *_FOUR)), Sample((_Y, None, None, *_FOUR, True)),
        Sample((_Y, None, None), {"training": True}),
        Sample((Input((5, 4), layout="strided"), None, None, *_FOUR, True)),
        Sample((Input((5, 4, 3)), *_RUNNING, *_FOUR), {"eps": 0.1}),
        Sample((Input((5, 4, 2, 2, 3)), None, None, *_FOUR, True)),
    ), covers=("native_batch_norm", "batch_norm_backward"),
    refusals=(Refusal(Sample((Input((1, 4)), None, None, *_FOUR, True)), ValueError),)),
    _row("instance_norm", _instance_norm, (
        Sample((_Y,)), Sample((_Y, None, None, *_FOUR)), Sample((_Y, *_RUNNING, *_FOUR, False)),
        Sample((Input((2, 4, 9)),)),
    )),
    _row("local_response_norm", _local_response_norm, (
        Sample((_Y, 3)), Sample((_Y, 2)), Sample((Input((2, 5, 4)), 5, 0.1, 0.5, 2.0)), Sample((_Y, 4), {"alpha": 1.0}),
    )),
)  # fmt: skip
