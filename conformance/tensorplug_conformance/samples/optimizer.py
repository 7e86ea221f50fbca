"""Samples of optimizer steps over lists of tensors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tensorplug_conformance.dtypes import FLOATS, SINGLES, Array
from tensorplug_conformance.sample import Input, Row, Sample, bound
from tensorplug_conformance.values import Values, uniform

Arrays = Sequence[Array]
_SHAPES: tuple[tuple[int, ...], ...] = ((5, 7), (257,), (), (0, 3))


_NUMBERS, _SQUARES = uniform(-1, 1), uniform(0.1, 1)


def _tensors(domain: Values = _NUMBERS) -> tuple[Input, ...]:
    # Two parameters that share memory would be stepped twice, so none is expanded.
    return tuple(
        Input(shape, domain, layout=layout)
        for shape, layout in zip(_SHAPES, ("contiguous", "strided", "offset", "contiguous"), strict=True)
    )


def _sgd(
    params: Arrays,
    buffers: Arrays,
    grads: Arrays,
    lr: float,
    momentum: float,
    dampening: float,
    decay: float,
    nesterov: bool,
    maximize: bool,
) -> list[Array]:
    new_params, new_buffers = [], []
    for number, (p, g) in enumerate(zip(params, grads, strict=True)):
        g = (-g if maximize else g) + decay * p
        if buffers:
            b = momentum * buffers[number] + (1 - dampening) * g
            new_buffers.append(b)
            g = g + momentum * b if nesterov else b
        new_params.append(p - lr * g)
    return [*new_params, *new_buffers]


def _adam(
    params: Arrays, averages: Arrays, squares: Arrays, largest: Arrays, grads: Arrays, step: float, lr: float,
    beta1: float, beta2: float,
    eps: float, decay: float, maximize: bool, decoupled: bool,
) -> list[Array]:  # fmt: skip
    found: list[list[Array]] = [[], [], [], []]
    for number, (p, g) in enumerate(zip(params, grads, strict=True)):
        g = -g if maximize else g
        p, g = (p * (1 - lr * decay), g) if decoupled else (p, g + decay * p)
        m = beta1 * averages[number] + (1 - beta1) * g
        v = beta2 * squares[number] + (1 - beta2) * g * g
        top = np.maximum(v, largest[number]) if largest else v
        new = p - lr / (1 - beta1**step) * m / (np.sqrt(top / (1 - beta2**step)) + eps)
        for part, value in zip(found, (new, m, v, *([top] if largest else [])), strict=False):
            part.append(value)
    return [x for part in found for x in part]


_NEAR = bound(4, lambda *_: np.float64(4.0), half=4)
"""A few roundings of numbers up to 4."""

_SGD = tuple(
    Sample((_tensors(), _tensors() if momentum else (), _tensors(), 0.1, momentum, dampening, decay, nesterov,
        maximize))
    for momentum, dampening, decay, nesterov, maximize in (
        (0.0, 0.0, 0.0, False, False), (0.0, 0.0, 0.25, False, True), (0.5, 0.0, 0.0, False, False),
        (0.5, 0.25, 0.125, False, False),
        (0.5, 0.0, 0.125, True, False),
    )
)  # fmt: skip
_ADAM = tuple(
    Sample((_tensors(), _tensors(), _tensors(_SQUARES), _tensors(_SQUARES) if amsgrad else (), _tensors(), step, 0.1,
        0.9, 0.99, 1e-3, decay, maximize, decoupled))
    for step, amsgrad, decay, maximize, decoupled in (
        (1.0, False, 0.0, False, False), (3.0, False, 0.125, False, False), (3.0, False, 0.125, True, True),
        (2.0, True, 0.0, False, False),
    )
)  # fmt: skip

ROWS = (
    Row("_fused_sgd_", _sgd, _SGD, FLOATS, _NEAR, call="steps.sgd", mutates=True),
    Row("_fused_adam_", _adam, _ADAM, SINGLES, _NEAR, call="steps.adam", mutates=True),
)
