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
        step = functools.partial(_sgd_plain, lr=sign * lr, weight_decay=sign * weight_decay)
        run_quietly(_each, step, (params, grads), 1)
        return
    step = functools.partial(
        _sgd_momentum, lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay, nesterov=nesterov,
        maximize=maximize,
    )  # fmt: skip
    run_quietly(_each, step, (params, grads, buffers), 2)


def _sgd_plain(p: Array, g: Array, t: Array, *, lr: float, weight_decay: float) -> None:
    if weight_decay:
        np.multiply(p, weight_decay, out=t)
        np.add(t, g, out=t)
        np.multiply(t, lr, out=t)
    else:
        np.multiply(g, lr, out=t)
    np.subtract(p, t, out=p)


def _sgd_momentum(
    p: Array, g: Array, buffer: Array, t: Array, u: Array, *, lr: float, momentum: float, dampening: float,
    weight_decay: float, nesterov: bool, maximize: bool,
) -> None:  # fmt: skip
    if maximize:
        g = np.negative(g, out=u)
    if weight_decay:
        np.multiply(p, weight_decay, out=t)
        g = np.add(t, g, out=u)
    np.multiply(buffer, momentum, out=buffer)
    np.add(buffer, g if not dampening else np.multiply(g, 1 - dampening, out=t), out=buffer)
    if nesterov:
        np.multiply(buffer, momentum, out=t)
        np.add(t, g, out=t)
        np.multiply(t, lr, out=t)
    else:
        np.multiply(buffer, lr, out=t)
    np.subtract(p, t, out=p)


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
    one = functools.partial(
        _adam_one, step_size=lr / (1 - beta1**step) * root, beta1=beta1, beta2=beta2, eps=eps * root,
        shrink=1 - lr * weight_decay if decoupled and weight_decay else None,
        decay=0.0 if decoupled else weight_decay, maximize=maximize,
    )  # fmt: skip
    lists = (params, grads, exp_avgs, exp_avg_sqs)
    if max_exp_avg_sqs:
        run_quietly(_each, functools.partial(_amsgrad, one), (*lists, max_exp_avg_sqs), 2)
    else:
        run_quietly(_each, one, lists, 2)


def _amsgrad(one: Any, p: Array, g: Array, m: Array, v: Array, largest: Array, t: Array, u: Array) -> None:
    one(p, g, m, v, t, u, largest=largest)


def _adam_one(
    p: Array, g: Array, m: Array, v: Array, t: Array, u: Array, *, step_size: float, beta1: float, beta2: float,
    eps: float, shrink: float | None, decay: float, maximize: bool, largest: Array | None = None,
) -> None:  # fmt: skip
    # With root = sqrt(1 - beta2**step): m / (sqrt(v) / root + eps) = root * m / (sqrt(v) + eps * root),
    # which is one pass less; step_size and eps come with root multiplied in.
    if maximize:
        g = np.negative(g, out=u)
    if shrink is not None:
        np.multiply(p, shrink, out=p)
    elif decay:
        np.multiply(p, decay, out=t)
        g = np.add(t, g, out=u)
    np.subtract(g, m, out=t)
    np.multiply(t, 1 - beta1, out=t)
    np.add(m, t, out=m)
    np.multiply(g, g, out=t)
    np.multiply(t, 1 - beta2, out=t)
    np.multiply(v, beta2, out=v)
    np.add(v, t, out=v)
    if largest is not None:
        v = np.maximum(largest, v, out=largest)
    np.sqrt(v, out=t)
    np.add(t, eps, out=t)
    np.divide(m, t, out=t)
    np.multiply(t, step_size, out=t)
    np.subtract(p, t, out=p)


INPLACE: dict[str, Any] = {"_fused_sgd_": sgd, "_fused_adam_": adam}
