"""Losses: cross entropy of classes a row at a time, and errors of squares in one pass."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from tensorplug.dtypes import DType, int64
from tensorplug_opencl.array import Array
from tensorplug_opencl.codes import CODES, load
from tensorplug_opencl.elementwise import Map, Mapped
from tensorplug_opencl.kernels.creation import filled
from tensorplug_opencl.kernels.movement import cast, packed_copy
from tensorplug_opencl.reduction import Fold, fold
from tensorplug_opencl.rows import RowKernel, Rows, run

# ---------------------------------------------------------------------------------------------------- classes

_LOG_TOTAL = RowKernel(
    "cross_entropy_log_total",
    "T top = -INFINITY; EACH(k) top = fmax(top, LOAD1(AT(k))); top = LARGEST(top); "
    "T total = 0; EACH(k) total += exp(LOAD1(AT(k)) - top); total = TOTAL(total); ONCE STORE0(row, log(total) + top);",
)


@cache
def _picker(dtype: DType) -> Mapped:
    """The loss of each row, and whether it counts; the target must be a class or the one to ignore."""
    text = "const int counts = b != ignored;"
    check = ("b != ignored && (b < 0 || b >= classes)", "b")
    value = f"counts ? a - {load(dtype, 'm4', 'p4 + (I)(counts ? b : 0)')} : 0"
    operands = (dtype, int64, dtype, None, None)
    return Mapped(
        Map(
            dtype, (value, "counts"), (dtype, dtype), operands, (int64, int64), check, text, (2,),
            ("ignored", "classes"),
        )
    )  # fmt: skip


def _total(x: Array) -> Array:
    return fold(Fold(x.dtype, x.dtype, "T", "0", "a", "x + y"), (x,), tuple(range(x.ndim)), False)


@cache
def _quotient(dtype: DType) -> Mapped:
    return Mapped(Map(dtype, ("a / b",), (dtype,), (dtype, dtype)))


def _refusal(classes: int) -> Callable[[int], Exception]:
    def refuse(target: int) -> Exception:
        return IndexError(f"Target {target} is out of bounds for {classes} classes.")

    return refuse


def softmax_cross_entropy(x: Array, target: Array, ignore_index: int, reduction: str) -> tuple[Array, Array]:
    x, target = packed_copy(x), cast(target, int64)
    home, (rows, classes) = x.home, x.shape
    log_total = home.empty((rows,), x.dtype)
    run(_LOG_TOTAL, x.dtype, Rows(rows, classes, 1), [log_total, x])
    first = x.seen_as((rows,), (classes,))
    losses, counts = _picker(x.dtype)((log_total, target, first), (ignore_index, classes), _refusal(classes))
    if reduction == "none":
        return losses, log_total
    total = _total(losses)
    if reduction == "mean":
        (total,) = _quotient(x.dtype)((total, _total(counts)))
    return total, log_total


@cache
def _slope(dtype: DType) -> Mapped:
    """a: the gradient of the loss, b: the logits, c: the targets, d: the log total, e: what to divide by."""
    share = "(c == ignored ? 0 : a / e)"
    value = f"exp(b - d) * {share} - (c == at % classes ? {share} : 0)"
    operands = (dtype, dtype, int64, dtype, dtype, None, None)
    return Mapped(Map(dtype, (value,), (dtype,), operands, (int64, int64), names=("ignored", "classes")))


@cache
def _counter(dtype: DType) -> Mapped:
    text = ("a != ignored",)
    return Mapped(Map(int64, text, (dtype,), (int64, None), (int64,), names=("ignored",)))


def softmax_cross_entropy_backward(
    g: Array, x: Array, target: Array, log_total: Array, ignore_index: int, reduction: str
) -> Array:
    home, (rows, classes) = x.home, x.shape
    target = cast(target, int64)
    if reduction == "mean":
        divisor = _total(_counter(x.dtype)((target,), (ignore_index,))[0])
    else:
        divisor = filled(home, (), 1, x.dtype)
    column = [v.seen_as((rows, 1), (v.strides[0], 0)) for v in (target, log_total)]
    if g.ndim == 1:
        g = g.seen_as((rows, 1), (g.strides[0], 0))
    found = home.empty((rows, classes), x.dtype)
    _slope(x.dtype).into((found,), (g, x, *column, divisor), (ignore_index, classes))
    return found


# ---------------------------------------------------------------------------------------------------- squares


def squared_error(x: Array, target: Array, reduction: str) -> Array:
    if reduction == "none":
        return _square(x.dtype)((x, target))[0]
    final = "x / (R)g.row" if reduction == "mean" else "x"
    what = Fold(x.dtype, x.dtype, "T", "0", "(a - b) * (a - b)", "x + y", final, operands=2)
    return fold(what, (x, target), tuple(range(x.ndim)), False)


@cache
def _square(dtype: DType) -> Mapped:
    return Mapped(Map(dtype, ("(a - b) * (a - b)",), (dtype,), (dtype, dtype)))


@cache
def _square_slope(dtype: DType) -> Mapped:
    return Mapped(Map(dtype, ("(b - c) * (a * factor)",), (dtype,), (*[dtype] * 3, None), (dtype,), names=("factor",)))


def squared_error_backward(g: Array, x: Array, target: Array, reduction: str) -> Array:
    factor = 2 / x.size if reduction == "mean" and x.size else 2
    return _square_slope(x.dtype)((g, x, target), (CODES[x.dtype].host.type(factor).tobytes(),))[0]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "softmax_cross_entropy": softmax_cross_entropy, "softmax_cross_entropy_backward": softmax_cross_entropy_backward,
    "squared_error": squared_error, "squared_error_backward": squared_error_backward,
}  # fmt: skip
"""For floating-point arrays."""
