"""Optimizer steps: all arithmetic on one block of a parameter before the next, so that it stays in the cache."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from tensorplug_numpy.parallel import blocks
from tensorplug_numpy.quiet import run_quietly

Array = np.ndarray[Any, Any]
Arrays = Sequence[Array]

_SMALL = 1 << 15
"""Elements up to which a parameter is one block, done at once."""


def _each(step: Any, lists: Sequence[Arrays], scratch: int) -> None:
    """Call ``step`` with the arrays of each parameter, or slices of them, and scratch arrays."""
    for arrays in zip(*lists):
        first = arrays[0]
        if first.size <= _SMALL or not all(a.flags.c_contiguous for a in arrays):
            step(*arrays, *[np.empty_like(first) for _ in range(scratch)])
        else:
            blocks(step, *arrays, scratch=[first.dtype] * scratch)


def _constants(params: Arrays, *numbers: float) -> list[Array]:
    """Numbers in the dtype of the parameters: NumPy takes arrays without dims in a third of the time of numbers."""
    dtype = params[0].dtype
    return [np.array(number, dtype) for number in numbers]


def sgd(
    params: Arrays,
    grads: Arrays,
    buffers: Arrays,
    lr: float,
    momentum: float,
    dampening: float,
    weight_decay: float,
    nesterov: bool,
    maximize: bool,
) -> None:
    if not buffers:
        sign = -1 if maximize else 1
        rate, decay = _constants(params, sign * lr, sign * weight_decay)
        step = functools.partial(_sgd_plain, rate, decay if weight_decay else None)
        run_quietly(_each, step, (params, grads), 1)
        return
    rate, decay, inertia, share = _constants(params, lr, weight_decay, momentum, 1 - dampening)
    step = functools.partial(
        _sgd_momentum, lr=rate, momentum=inertia, share=share if dampening else None,
        decay=decay if weight_decay else None, nesterov=nesterov, maximize=maximize,
    )  # fmt: skip
    run_quietly(_each, step, (params, grads, buffers), 2)


def _sgd_plain(lr: Array, decay: Array | None, p: Array, g: Array, t: Array) -> None:
    if decay is not None:
        np.multiply(p, decay, t)
        np.add(t, g, t)
        np.multiply(t, lr, t)
    else:
        np.multiply(g, lr, t)
    np.subtract(p, t, p)


def _sgd_momentum(
    p: Array, g: Array, buffer: Array, t: Array, u: Array, *, lr: Array, momentum: Array, share: Array | None,
    decay: Array | None, nesterov: bool, maximize: bool,
) -> None:  # fmt: skip
    if maximize:
        g = np.negative(g, u)
    if decay is not None:
        np.multiply(p, decay, t)
        g = np.add(t, g, u)
    np.multiply(buffer, momentum, buffer)
    np.add(buffer, g if share is None else np.multiply(g, share, t), buffer)
    if nesterov:
        np.multiply(buffer, momentum, t)
        np.add(t, g, t)
        np.multiply(t, lr, t)
    else:
        np.multiply(buffer, lr, t)
    np.subtract(p, t, p)


def adam(
    params: Arrays,
    grads: Arrays,
    exp_avgs: Arrays,
    exp_avg_sqs: Arrays,
    max_exp_avg_sqs: Arrays,
    step: float,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
    maximize: bool,
    decoupled: bool,
) -> None:
    root = (1 - beta2**step) ** 0.5
    numbers = (lr / (1 - beta1**step) * root, 1 - beta1, beta2, 1 - beta2, eps * root)
    shrink, decay = _constants(params, 1 - lr * weight_decay, weight_decay)
    one = functools.partial(
        _adam_one, tuple(_constants(params, *numbers)), shrink if decoupled and weight_decay else None,
        decay if weight_decay and not decoupled else None, maximize,
    )  # fmt: skip
    lists = (params, grads, exp_avgs, exp_avg_sqs)
    if max_exp_avg_sqs:
        run_quietly(_each, functools.partial(_amsgrad, one), (*lists, max_exp_avg_sqs), 2)
    else:
        run_quietly(_each, one, lists, 2)


def _amsgrad(one: Any, p: Array, g: Array, m: Array, v: Array, largest: Array, t: Array, u: Array) -> None:
    one(p, g, m, v, t, u, largest=largest)


def _adam_one(
    numbers: tuple[Array, ...], shrink: Array | None, decay: Array | None, maximize: bool,
    p: Array, g: Array, m: Array, v: Array, t: Array, u: Array, *, largest: Array | None = None,
) -> None:  # fmt: skip
    # With root = sqrt(1 - beta2**step): m / (sqrt(v) / root + eps) = root * m / (sqrt(v) + eps * root),
    # which is one pass less; step_size and eps come with root multiplied in.
    step_size, share1, beta2, share2, eps = numbers
    if maximize:
        g = np.negative(g, u)
    if shrink is not None:
        np.multiply(p, shrink, p)
    elif decay is not None:
        np.multiply(p, decay, t)
        g = np.add(t, g, u)
    np.subtract(g, m, t)
    np.multiply(t, share1, t)
    np.add(m, t, m)
    np.multiply(g, g, t)
    np.multiply(t, share2, t)
    np.multiply(v, beta2, v)
    np.add(v, t, v)
    if largest is not None:
        v = np.maximum(largest, v, out=largest)
    np.sqrt(v, t)
    np.add(t, eps, t)
    np.divide(m, t, t)
    np.multiply(t, step_size, t)
    np.subtract(p, t, p)


INPLACE: dict[str, Any] = {"_fused_sgd_": sgd, "_fused_adam_": adam}
