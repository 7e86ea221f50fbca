"""Losses of class indices or class probabilities."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.dispatch import Plan
from tensorplug.dtypes import INTEGER, int64, uint8
from tensorplug.ops.activation import log_softmax
from tensorplug.ops.define import composite, plan
from tensorplug.ops.derived import differentiate_default
from tensorplug.ops.loss_reduction import REDUCTIONS, reduced, reduction_of
from tensorplug.promotion import common_device

Tensor = Any


# ---------------------------------------------------------------------------------------------------- class indices


@plan("input, target; ignore_index, reduction", outputs=("result", "log_total"), byproducts=1, spaces=(), out=False)
def softmax_cross_entropy(input: Tensor, target: Tensor, ignore_index: int, reduction: str) -> Plan:
    """``logsumexp(row) - row[target]`` for each row of logits, with the logarithms of the rows' totals."""
    rows, dtype = input._shape[:1], input._kind.dtype
    shape = rows if reduction == "none" else ()
    return (input, target), (ignore_index, reduction), (shape, rows), (dtype, dtype)


@softmax_cross_entropy.default
def _softmax_cross_entropy(input: Tensor, target: Tensor, ignore_index: int, reduction: str) -> tuple[Tensor, Tensor]:
    log_total = input.logsumexp(1)
    ignored = target == ignore_index
    places = target.masked_fill(ignored, 0)
    values = (log_total - input.gather(1, places.unsqueeze(1)).squeeze(1)).masked_fill(ignored, 0)
    if reduction == "mean":
        return values.sum() / (~ignored).sum().to(values.dtype), log_total
    return reduced(values, reduction), log_total


@softmax_cross_entropy.vjp
def _softmax_cross_entropy_vjp(
    g: Tensor, input: Tensor, target: Tensor, log_total: Tensor, ignore_index: int, reduction: str
) -> tuple[Tensor | None, ...]:
    return softmax_cross_entropy_backward(g, input, target, log_total, ignore_index, reduction), None


@plan("grad_output, input, target, log_total; ignore_index, reduction", spaces=(), out=False)
def softmax_cross_entropy_backward(
    grad_output: Tensor, input: Tensor, target: Tensor, log_total: Tensor, ignore_index: int, reduction: str
) -> Plan:
    """``softmax(input)`` minus 1 at the target, times the gradient of each row's loss."""
    return (grad_output, input, target, log_total), (ignore_index, reduction), input._shape, input._kind.dtype


@softmax_cross_entropy_backward.default
def _softmax_cross_entropy_backward(
    grad_output: Tensor, input: Tensor, target: Tensor, log_total: Tensor, ignore_index: int, reduction: str
) -> Tensor:
    ignored = target == ignore_index
    if reduction == "mean":
        grad_output = grad_output / (~ignored).sum().to(grad_output.dtype)
    rows = grad_output.expand(target._shape).masked_fill(ignored, 0).unsqueeze(1)
    places = target.masked_fill(ignored, 0).unsqueeze(1)
    spread = (input - input.logsumexp(1, True)).exp() * rows
    return spread.scatter_add(1, places, -rows)


differentiate_default(softmax_cross_entropy_backward)


def _plain(input: Tensor, target: Tensor) -> bool:
    """Whether these are rows of floating-point numbers and a class index for each, on one device."""
    shape, kind = input._shape, input._kind
    return (
        len(shape) == 2
        and target._shape == shape[:1]
        and target._kind.dtype is int64
        and kind.dtype.is_floating_point
        and target._kind.device is kind.device
    )


@composite(spaces=("F",), out=False)
def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """The negative logarithm of the softmax probability of the target class.

    Args:
        input: logits of shape (N, C), (C,) or (N, C, d1, ...).
        target: int64 class indices of the input's shape without C, or probabilities of the input's shape.
        weight: a factor for each class, shape (C,).
        size_average, reduce: old forms of ``reduction``.
        ignore_index: a class index that does not count.
        reduction: ``"mean"`` (over the weights that count), ``"sum"`` or ``"none"``.
        label_smoothing: the share, in [0, 1], of the target that is spread evenly over all classes.

    Raises:
        RuntimeError: shapes or dtypes do not fit.
        IndexError: a target is no class.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.cross_entropy(tp.zeros(2, 4), tp.tensor([0, 3]))
        tensor(1.3863)
    """
    if size_average is not None or reduce is not None or reduction not in REDUCTIONS:
        reduction = reduction_of(size_average, reduce, reduction)
    if not 0.0 <= label_smoothing <= 1.0:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")
    rows_of_logits = len(input._shape) == 2 and input._kind.dtype.is_floating_point
    one_class_each = target._shape == input._shape[:1] and target._kind.dtype is int64
    if rows_of_logits and one_class_each and weight is None and label_smoothing == 0.0:
        return softmax_cross_entropy(input, target, ignore_index, reduction)[0]
    if not input._shape:
        raise RuntimeError("cross_entropy: expected logits of shape (N, C), (C,) or (N, C, d1, ...), got a 0-d tensor")
    channel = 0 if len(input._shape) == 1 else 1
    if target._shape == input._shape:
        if target._kind.dtype.category <= INTEGER:
            raise RuntimeError(
                "Expected floating point type for target with class probabilities, got "
                f"{target._kind.dtype.legacy_name}"
            )
        return _soft_cross_entropy(input, target, weight, ignore_index, reduction, label_smoothing, channel)
    logs = log_softmax(input, channel)
    loss = nll_loss(logs, target, weight, ignore_index=ignore_index, reduction=reduction)
    if label_smoothing == 0.0:
        return loss
    return loss * (1 - label_smoothing) + _smoothing(logs, target, weight, ignore_index, reduction, channel) * (
        label_smoothing / input._shape[channel]
    )


def _soft_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    ignore_index: int,
    reduction: str,
    label_smoothing: float,
    channel: int,
) -> Tensor:
    if ignore_index >= 0:
        raise RuntimeError("ignore_index is not supported for floating point target")
    if label_smoothing > 0.0:
        target = target * (1 - label_smoothing) + label_smoothing / input._shape[channel]
    logs = log_softmax(input, channel)
    if weight is not None:
        logs = logs * _over_classes(weight, input, channel)
    values = -(logs * target).sum(channel)
    if reduction == "mean":
        samples = math.prod(input._shape) // input._shape[channel] if input._shape[channel] else 0
        return values.sum() / samples if samples else values.mean()
    return reduced(values, reduction)


def _over_classes(weight: Tensor, input: Tensor, channel: int) -> Tensor:
    classes = input._shape[channel]
    if weight._shape != (classes,):
        raise RuntimeError(
            f"weight tensor should be defined either for all {classes} classes or no classes but got weight tensor of "
            f"shape: {list(weight._shape)}"
        )
    return weight.reshape((-1,) + (1,) * (len(input._shape) - 1 - channel))


def _smoothing(
    logs: Tensor, target: Tensor, weight: Tensor | None, ignore_index: int, reduction: str, channel: int
) -> Tensor:
    """The loss against a target that is the same for all classes."""
    if weight is not None:
        values = -(logs * _over_classes(weight, logs, channel)).sum(channel)
    else:
        values = -logs.sum(channel)
    ignored = target == ignore_index
    values = values.masked_fill(ignored, 0)
    if reduction != "mean":
        return reduced(values, reduction)
    if weight is None:
        return values.sum() / (~ignored).sum().to(values.dtype)
    return values.sum() / _target_weights(weight, target, ignored).sum()


def _target_weights(weight: Tensor, target: Tensor, ignored: Tensor) -> Tensor:
    picked = weight.index_select(0, target.masked_fill(ignored, 0).reshape(-1)).reshape(target._shape)
    return picked.masked_fill(ignored, 0)


@plan("input, target; ignore_index, reduction", spaces=(), out=False)
def class_nll(input: Tensor, target: Tensor, ignore_index: int, reduction: str) -> Plan:
    """``-row[target]`` for each row of log-probabilities."""
    shape = input._shape[:1] if reduction == "none" else ()
    return (input, target), (ignore_index, reduction), shape, input._kind.dtype


@class_nll.default
def _class_nll(input: Tensor, target: Tensor, ignore_index: int, reduction: str) -> Tensor:
    ignored = target == ignore_index
    places = target.masked_fill(ignored, 0)
    values = -input.gather(1, places.unsqueeze(1)).squeeze(1).masked_fill(ignored, 0)
    if reduction == "mean":
        return values.sum() / (~ignored).sum().to(values.dtype)
    return reduced(values, reduction)


class_nll.grads(
    input=lambda g, target, input_shape, ignore_index, reduction: class_nll_backward(
        g, target, input_shape[1], ignore_index, reduction
    )
)


@plan("grad_output, target; classes, ignore_index, reduction", spaces=(), out=False)
def class_nll_backward(grad_output: Tensor, target: Tensor, classes: int, ignore_index: int, reduction: str) -> Plan:
    """The gradient of ``class_nll``: that of each row's loss, negative, at the target."""
    params = (classes, ignore_index, reduction)
    return (grad_output, target), params, (*target._shape, classes), grad_output._kind.dtype


@class_nll_backward.default
def _class_nll_backward(grad_output: Tensor, target: Tensor, classes: int, ignore_index: int, reduction: str) -> Tensor:
    ignored = target == ignore_index
    if reduction == "mean":
        grad_output = grad_output / (~ignored).sum().to(grad_output.dtype)
    rows = -grad_output.expand(target._shape).masked_fill(ignored, 0)
    places = target.masked_fill(ignored, 0).unsqueeze(1)
    return rows.new_zeros((*target._shape, classes)).scatter_add(1, places, rows.unsqueeze(1))


class_nll_backward.grads(
    grad_output=lambda g, target, ignore_index, reduction: class_nll(g, target, ignore_index, reduction)
)


@composite(spaces=("F",), out=False)
def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``-weight[target] * input[target]`` for log-probabilities.

    Args:
        input: log-probabilities of shape (N, C), (C,) or (N, C, d1, ...).
        target: int64 class indices of the input's shape without C.
        weight: a factor for each class, shape (C,).
        size_average, reduce: old forms of ``reduction``.
        ignore_index: a class index that does not count.
        reduction: ``"mean"`` (over the weights that count), ``"sum"`` or ``"none"``.

    Raises:
        RuntimeError: shapes or dtypes do not fit.
        IndexError: a target is no class.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.nll_loss(tp.tensor([[-1.0, -2.0]]), tp.tensor([1]))
        tensor(2.)
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if weight is None and _plain(input, target):
        return class_nll(input, target, ignore_index, reduction)
    channel = _check_classes(input, target)
    target = target.to(int64)
    ignored = target == ignore_index
    places = target.masked_fill(ignored, 0)
    values = -input.gather(channel, places.unsqueeze(channel)).squeeze(channel).masked_fill(ignored, 0)
    if weight is not None:
        _over_classes(weight, input, channel)
        weights = _target_weights(weight, target, ignored)
        values = values * weights
        return values.sum() / weights.sum() if reduction == "mean" else reduced(values, reduction)
    if reduction == "mean":
        return values.sum() / (~ignored).sum().to(values.dtype)
    return reduced(values, reduction)


def _check_classes(input: Tensor, target: Tensor) -> int:
    """The dim of classes, after checking that a target of class indices fits.

    Raises:
        RuntimeError: shapes or dtypes do not fit.
        ValueError: the batch sizes differ.
    """
    shape = input._shape
    common_device("nll_loss", (input, target))
    if not shape:
        raise ValueError("Expected 1 or more dimensions (got 0)")
    if target._kind.dtype is not int64 and not (target._kind.dtype is uint8 and len(shape) <= 2):
        raise RuntimeError(f"expected scalar type Long but found {target._kind.dtype.legacy_name}")
    if len(shape) == 1:
        if target._shape:
            raise ValueError(f"For 1D input, 1D target must be a 0-d tensor, but got shape {list(target._shape)}")
        return 0
    if not target._shape or shape[0] != target._shape[0]:
        sizes = f"input batch_size ({shape[0]}) to match target batch_size ({target._shape[0] if target._shape else 0})"
        raise ValueError(f"Expected {sizes}.")
    if target._shape != (shape[0], *shape[2:]):
        raise RuntimeError(f"Expected target size {[shape[0], *shape[2:]]}, got {list(target._shape)}")
    return 1
