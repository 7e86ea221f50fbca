"""Optimizer steps: one kernel for a parameter, which reads and writes each of its arrays once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from tensorplug.dtypes import DType
from tensorplug_opencl.array import Array
from tensorplug_opencl.codes import CODES
from tensorplug_opencl.elementwise import Map, Mapped

Arrays = Sequence[Array]


def _step(dtype: DType, changed: int, text: str, results: tuple[str, ...], names: tuple[str, ...]) -> Mapped:
    """``a`` and the letters after it are the arrays that change, the next one is the gradient."""
    operands = (*[dtype] * (changed + 1), *[None] * len(names))
    return Mapped(Map(dtype, results, (dtype,) * changed, operands, (dtype,) * len(names), before=text, names=names))


def _each(step: Mapped, dtype: DType, changed: Sequence[Arrays], grads: Arrays, numbers: Sequence[float]) -> None:
    exact = [CODES[dtype].host.type(number).tobytes() for number in numbers]
    for grad, *targets in zip(grads, *changed):
        step.into(targets, (*targets, grad), exact)


@cache
def _sgd(dtype: DType, has_buffer: bool, nesterov: bool, maximize: bool) -> Mapped:
    names = ("lr", "momentum", "share", "decay")
    gradient, sign = ("c" if has_buffer else "b"), ("-" if maximize else "")
    text = f"const T grad = {sign}{gradient} + decay * a;"
    if not has_buffer:
        return _step(dtype, 1, text, ("a - lr * grad",), names)
    text += " const T buffer = b * momentum + share * grad;"
    used = "grad + momentum * buffer" if nesterov else "buffer"
    return _step(dtype, 2, text, (f"a - lr * ({used})", "buffer"), names)


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
    dtype = params[0].dtype
    changed = (params, buffers) if buffers else (params,)
    numbers = (lr, momentum, 1 - dampening, weight_decay)
    _each(_sgd(dtype, bool(buffers), nesterov, maximize), dtype, changed, grads, numbers)


@cache
def _adam(dtype: DType, has_largest: bool, maximize: bool, decoupled: bool) -> Mapped:
    names = ("keep", "decay", "rise", "beta2", "rise2", "root", "eps", "rate")
    gradient, sign = ("e" if has_largest else "d"), ("-" if maximize else "")
    text = (
        f"const T grad = {sign}{gradient}{'' if decoupled else ' + decay * a'}; "
        "const T average = b + rise * (grad - b); const T square = c * beta2 + rise2 * grad * grad; "
    )
    results = ["a * keep - average / (sqrt(LARGEST_SQUARE) / root + eps) * rate", "average", "square"]
    if has_largest:
        text += "const T largest = d > square || d != d ? d : square; "
        results.append("largest")
    results[0] = results[0].replace("LARGEST_SQUARE", "largest" if has_largest else "square")
    return _step(dtype, len(results), text, tuple(results), names)


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
    dtype = params[0].dtype
    changed = [params, exp_avgs, exp_avg_sqs]
    if max_exp_avg_sqs:
        changed.append(max_exp_avg_sqs)
    keep = 1 - lr * weight_decay if decoupled else 1.0
    numbers = (
        keep, weight_decay, 1 - beta1, beta2, 1 - beta2, (1 - beta2**step) ** 0.5, eps, lr / (1 - beta1**step),
    )  # fmt: skip
    _each(_adam(dtype, bool(max_exp_avg_sqs), maximize, decoupled), dtype, changed, grads, numbers)


FUNCTIONS: dict[str, Callable[..., None]] = {"_fused_sgd_": sgd, "_fused_adam_": adam}
"""For lists of floating-point arrays; called in place."""
