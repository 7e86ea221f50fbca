"""Losses. Each value is reduced by ``reduction``: ``"mean"``, ``"sum"`` or ``"none"``."""

from __future__ import annotations

import math
import warnings
from typing import Any

from tensorplug.base import count
from tensorplug.dispatch import Plan, common_device
from tensorplug.dtypes import INTEGER, int64, uint8
from tensorplug.ops.activation import log_softmax, logsigmoid
from tensorplug.ops.creation import ones_like
from tensorplug.ops.define import composite, plan
from tensorplug.ops.derived import differentiate_default
from tensorplug.shapes import Shape, broadcast_pair

Tensor = Any

_REDUCTIONS = ("mean", "sum", "none")


def reduction_of(size_average: Any, reduce: Any, reduction: str) -> str:
    """``reduction``, unless one of the two arguments that it replaced is given.

    Raises:
        ValueError: it is none of the three.
    """
    if size_average is not None or reduce is not None:
        reduction = "none" if reduce is False else ("sum" if size_average is False else "mean")
        warnings.warn(
            f"size_average and reduce args will be deprecated, please use reduction='{reduction}' instead.",
            stacklevel=3,
        )
    if reduction not in _REDUCTIONS:
        raise ValueError(f"{reduction} is not a valid value for reduction; choose one of {', '.join(_REDUCTIONS)}")
    return reduction


def reduced(values: Tensor, reduction: str) -> Tensor:
    if reduction == "mean":
        return values.mean()
    return values.sum() if reduction == "sum" else values


def _warn_of_broadcast(input: Tensor, target: Tensor) -> None:
    if target._shape != input._shape:
        warnings.warn(
            f"Using a target size ({list(target._shape)}) that is different to the input size ({list(input._shape)}). "
            "This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.",
            stacklevel=3,
        )


def _weighted(values: Tensor, input: Tensor, weight: Tensor, reduction: str, by_weight: bool = True) -> Tensor:
    if weight._shape != input._shape:
        raise ValueError("Weights and input must have the same size.")
    values = values * weight
    if reduction == "mean" and by_weight:
        return values.sum() / weight.sum()
    return reduced(values, reduction)


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
    if size_average is not None or reduce is not None or reduction not in _REDUCTIONS:
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


# ---------------------------------------------------------------------------------------------------- distances


@composite(spaces=("F",), out=False)
def mse_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """``(input - target)**2``.

    Args:
        input, target: of one shape; other shapes broadcast, with a warning.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"`` (with weights: over their sum), ``"sum"`` or ``"none"``.
        weight: a factor for each element, of the input's shape.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.mse_loss(tp.tensor([1.0, 2.0]), tp.tensor([1.0, 4.0]))
        tensor(2.)
    """
    if target._shape != input._shape:
        _warn_of_broadcast(input, target)
    if size_average is not None or reduce is not None or reduction not in _REDUCTIONS:
        reduction = reduction_of(size_average, reduce, reduction)
    if weight is None and target._kind is input._kind and target._shape == input._shape:
        return squared_error(input, target, reduction)
    difference = input - target
    squares = difference * difference
    return reduced(squares, reduction) if weight is None else _weighted(squares, input, weight, reduction)


@plan("input, target; reduction", spaces=(), out=False)
def squared_error(input: Tensor, target: Tensor, reduction: str) -> Plan:
    """``(input - target)**2``, reduced, for tensors of one shape and dtype."""
    dtype = input._kind.dtype
    if not dtype.is_differentiable and reduction == "mean":
        raise RuntimeError(f"mse_loss: the mean of {dtype} is not defined; convert with .to(dtype)")
    return (input, target), (reduction,), input._shape if reduction == "none" else (), dtype


@squared_error.default
def _squared_error(input: Tensor, target: Tensor, reduction: str) -> Tensor:
    difference = input - target
    return reduced(difference * difference, reduction)


squared_error.grads(
    input=lambda g, input, target, reduction: squared_error_backward(g, input, target, reduction),
    target=lambda g, input, target, reduction: squared_error_backward(g, target, input, reduction),
)


@plan("grad_output, input, target; reduction", spaces=(), out=False)
def squared_error_backward(grad_output: Tensor, input: Tensor, target: Tensor, reduction: str) -> Plan:
    """``2 * (input - target)`` times the gradient of each element's loss."""
    return (grad_output, input, target), (reduction,), input._shape, input._kind.dtype


@squared_error_backward.default
def _squared_error_backward(grad_output: Tensor, input: Tensor, target: Tensor, reduction: str) -> Tensor:
    scale = 2 / count(input) if reduction == "mean" and count(input) else 2
    return (input - target) * (grad_output * scale)


differentiate_default(squared_error_backward)


@composite(spaces=("F",), out=False)
def l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """``|input - target|``.

    Args:
        input, target: of one shape; other shapes broadcast, with a warning.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"`` (with weights: over their sum), ``"sum"`` or ``"none"``.
        weight: a factor for each element, of the input's shape.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.l1_loss(tp.tensor([1.0, 2.0]), tp.tensor([1.0, 4.0]))
        tensor(1.)
    """
    _warn_of_broadcast(input, target)
    reduction = reduction_of(size_average, reduce, reduction)
    difference = (input - target).abs()
    return reduced(difference, reduction) if weight is None else _weighted(difference, input, weight, reduction)


@composite(spaces=("F",), out=False)
def smooth_l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Tensor:
    """``d**2 / (2 * beta)`` where the difference d is below ``beta``, else ``d - beta / 2``.

    Args:
        input, target: of one shape; other shapes broadcast, with a warning.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        beta: where the parabola ends; 0 gives ``l1_loss``.

    Raises:
        RuntimeError: ``beta`` is negative.

    Source: Girshick, Fast R-CNN, 2015.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.smooth_l1_loss(tp.tensor([0.5, 2.0]), tp.zeros(2), reduction="none")
        tensor([0.1250, 1.5000])
    """
    _warn_of_broadcast(input, target)
    reduction = reduction_of(size_average, reduce, reduction)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if beta == 0:
        return reduced((input - target).abs(), reduction)
    return reduced(_smooth_error(input, target, beta), reduction)


def _smooth_error(input: Tensor, target: Tensor, beta: float) -> Tensor:
    if target._kind is input._kind and target._shape == input._shape:
        return smooth_error(input, target, beta)
    return _piecewise(input, target, beta)


@plan("input, target; beta", spaces=(), out=False)
def smooth_error(input: Tensor, target: Tensor, beta: float) -> Plan:
    """``smooth_l1_loss`` of each element, for tensors of one shape and dtype."""
    return (input, target), (beta,), input._shape, input._kind.dtype


@smooth_error.default
def _piecewise(input: Tensor, target: Tensor, beta: float) -> Tensor:
    # With m the smaller of d and beta, both branches are m * (d - m / 2) / beta.
    difference = (input - target).abs()
    limited = difference.clamp(max=beta)
    return (difference - limited * 0.5) * limited * (1 / beta)


smooth_error.grads(
    input=lambda g, input, target, beta: smooth_error_backward(g, input, target, beta),
    target=lambda g, input, target, beta: smooth_error_backward(g, target, input, beta),
)


@plan("grad_output, input, target; beta", spaces=(), out=False)
def smooth_error_backward(grad_output: Tensor, input: Tensor, target: Tensor, beta: float) -> Plan:
    """``grad_output`` times ``(input - target) / beta``, limited to [-1, 1]."""
    return (grad_output, input, target), (beta,), input._shape, input._kind.dtype


smooth_error_backward.default(
    lambda grad_output, input, target, beta: grad_output * ((input - target) * (1 / beta)).clamp(-1, 1)
)
differentiate_default(smooth_error_backward)


@composite(spaces=("F",), out=False)
def huber_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0, weight: Tensor | None = None
) -> Tensor:
    """``d**2 / 2`` where the difference d is at most ``delta``, else ``delta * (d - delta / 2)``.

    Args:
        input, target: of one shape; other shapes broadcast, with a warning.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        delta: where the parabola ends.
        weight: a factor for each element, of the input's shape.

    Raises:
        RuntimeError: ``delta`` is not positive.

    Source: Huber, Robust estimation of a location parameter, 1964.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.huber_loss(tp.tensor([0.5, 3.0]), tp.zeros(2), reduction="none", delta=2.0)
        tensor([0.1250, 4.0000])
    """
    _warn_of_broadcast(input, target)
    reduction = reduction_of(None, None, reduction)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    values = _smooth_error(input, target, delta) * delta
    return reduced(values, reduction) if weight is None else _weighted(values, input, weight, reduction, False)


# ---------------------------------------------------------------------------------------------------- probabilities


@composite(spaces=("F",), out=False)
def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``-(target * log(input) + (1 - target) * log(1 - input))``, logarithms being kept at -100 and above.

    Args:
        input: probabilities.
        target: of the same shape, in [0, 1].
        weight: a factor that broadcasts with the target.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        ValueError: the shapes differ.
        RuntimeError: an input outside [0, 1].

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.binary_cross_entropy(tp.tensor([0.5, 1.0]), tp.tensor([1.0, 0.0]))
        tensor(50.3466)
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if target._shape != input._shape:
        raise ValueError(
            f"Using a target size ({list(target._shape)}) that is different to the input size ({list(input._shape)}) "
            "is deprecated. Please ensure they have the same size."
        )
    values = binary_cross_entropy_values(input, target)
    if weight is not None:
        values = values * weight.expand(broadcast_pair(target._shape, weight._shape))
    return reduced(values, reduction)


@plan("input, target", spaces=(), out=False)
def binary_cross_entropy_values(input: Tensor, target: Tensor) -> Plan:
    """``binary_cross_entropy`` before weights and reduction."""
    if target._kind is not input._kind:
        common_device("binary_cross_entropy", (input, target))
        raise RuntimeError(f"Found dtype {target._kind.dtype.legacy_name} but expected {input._kind.dtype.legacy_name}")
    return (input, target), (), input._shape, input._kind.dtype


@binary_cross_entropy_values.default
def _binary_cross_entropy_values(input: Tensor, target: Tensor) -> Tensor:
    if not bool(((input >= 0) & (input <= 1)).all()):
        raise RuntimeError("all elements of input should be between 0 and 1")
    return (target - 1) * (-input).log1p().clamp(min=-100) - target * input.log().clamp(min=-100)


binary_cross_entropy_values.grads(
    input=lambda g, input, target: g * (input - target) / ((1 - input) * input).clamp(min=1e-12),
    target=lambda g, input: g * ((-input).log1p().clamp(min=-100) - input.log().clamp(min=-100)),
)


@composite(spaces=("F",), out=False)
def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """``binary_cross_entropy`` of ``sigmoid(input)``, without overflow.

    Args:
        input: logits.
        target: of the same shape, in [0, 1].
        weight: a factor that broadcasts with the input.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        pos_weight: a factor for the positive part that broadcasts with the target.

    Raises:
        ValueError: the shapes of input and target differ.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.binary_cross_entropy_with_logits(tp.zeros(3), tp.ones(3))
        tensor(0.6931)
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if target._shape != input._shape:
        raise ValueError(f"Target size ({list(target._shape)}) must be the same as input size ({list(input._shape)})")
    if pos_weight is not None:
        values = (1 - target) * input - ((pos_weight - 1) * target + 1) * logsigmoid(input)
    elif target._kind is input._kind:
        values = binary_cross_entropy_of_logits(input, target)
    else:
        values = (1 - target) * input - logsigmoid(input)
    return reduced(values if weight is None else values * weight, reduction)


@plan("input, target", spaces=(), out=False)
def binary_cross_entropy_of_logits(input: Tensor, target: Tensor) -> Plan:
    """``max(input, 0) - input * target + log(1 + exp(-|input|))`` for tensors of one shape and dtype."""
    return (input, target), (), input._shape, input._kind.dtype


binary_cross_entropy_of_logits.default(lambda input, target: (1 - target) * input - logsigmoid(input))
binary_cross_entropy_of_logits.grads(
    input=lambda g, input, target: binary_cross_entropy_of_logits_backward(g, input, target),
    target=lambda g, input: -g * input,
)


@plan("grad_output, input, target", spaces=(), out=False)
def binary_cross_entropy_of_logits_backward(grad_output: Tensor, input: Tensor, target: Tensor) -> Plan:
    """``grad_output * (sigmoid(input) - target)``."""
    return (grad_output, input, target), (), input._shape, input._kind.dtype


binary_cross_entropy_of_logits_backward.default(
    lambda grad_output, input, target: grad_output * (input.sigmoid() - target)
)
differentiate_default(binary_cross_entropy_of_logits_backward)


@composite(spaces=("F",), out=False)
def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Tensor:
    """The Kullback-Leibler divergence, ``target * (log(target) - input)``.

    Args:
        input: log-probabilities.
        target: probabilities, or their logarithms with ``log_target``.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"batchmean"`` (the sum over the batch size), ``"mean"`` (over all elements), ``"sum"`` or
            ``"none"``.
        log_target: whether the target is in logarithms.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.kl_div(tp.tensor([[0.5, 0.5]]).log(), tp.tensor([[1.0, 0.0]]), reduction="batchmean")
        tensor(0.6931)
    """
    if size_average is None and reduce is None and reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size."
            "'batchmean' divides only by the batch size, and aligns with the KL div math definition."
            "'mean' will be changed to behave the same as 'batchmean' in the next major release.",
            stacklevel=2,
        )
    by_batch = reduction == "batchmean"
    reduction = reduction_of(size_average, reduce, "sum" if by_batch else reduction)
    values = target.exp() * (target - input) if log_target else _x_log_x(target) - target * input
    total = reduced(values, reduction)
    return total / input._shape[0] if by_batch and input._shape else total


def _x_log_x(x: Tensor) -> Tensor:
    """``x * log(x)``, which is 0 at 0."""
    return x * x.log().masked_fill(x == 0, 0)


@composite(spaces=("F",), out=False)
def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-8,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The negative logarithm of the Poisson probability of the target, without the term ``log(target!)``.

    Args:
        input: the expected counts, or their logarithms with ``log_input``.
        target: counts.
        log_input: whether the input is in logarithms.
        full: add Stirling's approximation of ``log(target!)`` where the target is above 1.
        size_average, reduce: old forms of ``reduction``.
        eps: keeps the logarithm finite without ``log_input``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.poisson_nll_loss(tp.zeros(2), tp.tensor([1.0, 3.0]))
        tensor(1.)
    """
    reduction = reduction_of(size_average, reduce, reduction)
    values = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if full:
        stirling = target * target.log() - target + (target * (2 * math.pi)).log() * 0.5
        values = values + stirling.masked_fill(target <= 1, 0)
    return reduced(values, reduction)


@composite(spaces=("F",), out=False)
def gaussian_nll_loss(
    input: Tensor,
    target: Tensor,
    var: Tensor | float,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Tensor:
    """``(log(var) + (input - target)**2 / var) / 2``, the variance being kept at ``eps`` and above.

    Args:
        input: means.
        target: what was seen.
        var: variances: of the input's shape, with one dim of size 1, without its last dim, or a number.
        full: add ``log(2 * pi) / 2``.
        eps: the least variance; its gradient ignores this.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        ValueError: a negative variance, or a shape that does not fit.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.gaussian_nll_loss(tp.tensor([1.0]), tp.tensor([3.0]), tp.ones(1))
        tensor(2.)
    """
    if isinstance(var, float):
        if var < 0:
            raise ValueError("var has negative entry/entries")
        var = ones_like(input) * var
    elif not var._layer and bool((var < 0).any()):
        raise ValueError("var has negative entry/entries")
    var = _fit_variance(var, input._shape)
    reduction = reduction_of(None, None, reduction)
    var = _floor_with_gradient(var, eps)
    difference = input - target
    values = (var.log() + difference * difference / var) * 0.5
    return reduced(values + 0.5 * math.log(2 * math.pi) if full else values, reduction)


def _fit_variance(var: Tensor, shape: Shape) -> Tensor:
    if var._shape == shape:
        return var
    if var._shape == shape[:-1]:
        return var.unsqueeze(-1)
    if len(var._shape) == len(shape) and sum(m for n, m in zip(shape, var._shape, strict=True) if n != m) == 1:
        return var
    raise ValueError("var is of incorrect size")


def _floor_with_gradient(x: Tensor, low: float) -> Tensor:
    """``max(x, low)`` whose gradient is that of ``x``."""
    return x + (x.detach().clamp(min=low) - x.detach())
