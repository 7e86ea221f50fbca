"""Losses. Each value is reduced by ``reduction``: ``"mean"``, ``"sum"`` or ``"none"``."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

from tensorplug.dispatch import Plan, common_device
from tensorplug.dtypes import INTEGER, int64, uint8
from tensorplug.ops.activation import log_softmax, logsigmoid
from tensorplug.ops.creation import new_arange, ones_like, zeros_like
from tensorplug.ops.define import composite, plan
from tensorplug.ops.derived import differentiate_default
from tensorplug.ops.pairs import pairwise_distance
from tensorplug.shapes import Shape, broadcast_pair

Tensor = Any

_REDUCTIONS = ("mean", "sum", "none")


def _reduction(size_average: Any, reduce: Any, reduction: str) -> str:
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


def _reduced(values: Tensor, reduction: str) -> Tensor:
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
    return _reduced(values, reduction)


# ---------------------------------------------------------------------------------------------------- class indices


@plan("input, target; ignore_index, reduction", outputs=("result", "log_total"), spaces=(), out=False)
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
    return _reduced(values, reduction), log_total


@softmax_cross_entropy.vjp
def _softmax_cross_entropy_vjp(
    grads: tuple[Tensor, ...], input: Tensor, target: Tensor, log_total: Tensor, ignore_index: int, reduction: str
) -> tuple[Tensor | None, ...]:
    return softmax_cross_entropy_backward(grads[0], input, target, log_total, ignore_index, reduction), None


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
        reduction = _reduction(size_average, reduce, reduction)
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
    return _reduced(values, reduction)


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
        return _reduced(values, reduction)
    if weight is None:
        return values.sum() / (~ignored).sum().to(values.dtype)
    return values.sum() / _target_weights(weight, target, ignored).sum()


def _target_weights(weight: Tensor, target: Tensor, ignored: Tensor) -> Tensor:
    picked = weight.index_select(0, target.masked_fill(ignored, 0).reshape(-1)).reshape(target._shape)
    return picked.masked_fill(ignored, 0)


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
    reduction = _reduction(size_average, reduce, reduction)
    channel = _check_classes(input, target)
    target = target.to(int64)
    ignored = target == ignore_index
    places = target.masked_fill(ignored, 0)
    values = -input.gather(channel, places.unsqueeze(channel)).squeeze(channel).masked_fill(ignored, 0)
    if weight is not None:
        _over_classes(weight, input, channel)
        weights = _target_weights(weight, target, ignored)
        values = values * weights
        return values.sum() / weights.sum() if reduction == "mean" else _reduced(values, reduction)
    if reduction == "mean":
        return values.sum() / (~ignored).sum().to(values.dtype)
    return _reduced(values, reduction)


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
        reduction = _reduction(size_average, reduce, reduction)
    difference = input - target
    if weight is not None:
        return _weighted(difference * difference, input, weight, reduction)
    return _reduced(difference * difference, reduction)


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
    """
    _warn_of_broadcast(input, target)
    reduction = _reduction(size_average, reduce, reduction)
    difference = (input - target).abs()
    return _reduced(difference, reduction) if weight is None else _weighted(difference, input, weight, reduction)


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
    """
    _warn_of_broadcast(input, target)
    reduction = _reduction(size_average, reduce, reduction)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    difference = (input - target).abs()
    if beta == 0:
        return _reduced(difference, reduction)
    parabola = difference * difference * (0.5 / beta)
    return _reduced(parabola.where(difference < beta, difference - 0.5 * beta), reduction)


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
    """
    _warn_of_broadcast(input, target)
    reduction = _reduction(None, None, reduction)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    difference = (input - target).abs()
    values = (difference * difference * 0.5).where(difference <= delta, (difference - 0.5 * delta) * delta)
    return _reduced(values, reduction) if weight is None else _weighted(values, input, weight, reduction, False)


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
    reduction = _reduction(size_average, reduce, reduction)
    if target._shape != input._shape:
        raise ValueError(
            f"Using a target size ({list(target._shape)}) that is different to the input size ({list(input._shape)}) "
            "is deprecated. Please ensure they have the same size."
        )
    values = binary_cross_entropy_values(input, target)
    if weight is not None:
        values = values * weight.expand(broadcast_pair(target._shape, weight._shape))
    return _reduced(values, reduction)


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
    reduction = _reduction(size_average, reduce, reduction)
    if target._shape != input._shape:
        raise ValueError(f"Target size ({list(target._shape)}) must be the same as input size ({list(input._shape)})")
    logs = logsigmoid(input)
    if pos_weight is not None:
        values = (1 - target) * input - ((pos_weight - 1) * target + 1) * logs
    else:
        values = (1 - target) * input - logs
    return _reduced(values if weight is None else values * weight, reduction)


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
    """
    if size_average is None and reduce is None and reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size."
            "'batchmean' divides only by the batch size, and aligns with the KL div math definition."
            "'mean' will be changed to behave the same as 'batchmean' in the next major release.",
            stacklevel=2,
        )
    by_batch = reduction == "batchmean"
    reduction = _reduction(size_average, reduce, "sum" if by_batch else reduction)
    values = target.exp() * (target - input) if log_target else _x_log_x(target) - target * input
    total = _reduced(values, reduction)
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
    """
    reduction = _reduction(size_average, reduce, reduction)
    values = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if full:
        stirling = target * target.log() - target + (target * (2 * math.pi)).log() * 0.5
        values = values + stirling.masked_fill(target <= 1, 0)
    return _reduced(values, reduction)


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
    """
    if isinstance(var, float):
        if var < 0:
            raise ValueError("var has negative entry/entries")
        var = ones_like(input) * var
    elif bool((var < 0).any()):
        raise ValueError("var has negative entry/entries")
    var = _fit_variance(var, input._shape)
    reduction = _reduction(None, None, reduction)
    var = _floor_with_gradient(var, eps)
    difference = input - target
    values = (var.log() + difference * difference / var) * 0.5
    return _reduced(values + 0.5 * math.log(2 * math.pi) if full else values, reduction)


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


# ---------------------------------------------------------------------------------------------------- margins


@composite(spaces=("F",), out=False)
def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``max(0, -target * (input1 - input2) + margin)``.

    Args:
        input1, input2: what is ranked.
        target: 1 where the first should be larger, -1 where the second should.
        margin: by how much.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        RuntimeError: the numbers of dims differ.
    """
    reduction = _reduction(size_average, reduce, reduction)
    if not len(input1._shape) == len(input2._shape) == len(target._shape):
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {list(input1._shape)}, input2: {list(input2._shape)}, target: {list(target._shape)} "
        )
    return _reduced((-target * (input1 - input2) + margin).clamp(min=0), reduction)


@composite(spaces=("F",), out=False)
def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``input`` where the target is 1, ``max(0, margin - input)`` where it is -1.

    Args:
        input: distances.
        target: 1 or -1.
        margin: how far unlike pairs should be apart.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
    """
    reduction = _reduction(size_average, reduce, reduction)
    apart = (margin - input).clamp(min=0).masked_fill(target == 1, 0)
    return _reduced(input.masked_fill(target == -1, 0) + apart, reduction)


@composite(spaces=("F",), out=False)
def soft_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``log(1 + exp(-target * input))`` for targets 1 and -1.

    Args:
        input, target: of one shape.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
    """
    reduction = _reduction(size_average, reduce, reduction)
    return _reduced(-logsigmoid(target * input), reduction)


@composite(spaces=("F",), out=False)
def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``1 - cos(input1, input2)`` where the target is 1, ``max(0, cos - margin)`` where it is -1.

    Args:
        input1, input2: shape (N, D) or (D,).
        target: shape (N,) or (), of 1 and -1.
        margin: the cosine that unlike pairs may have.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        RuntimeError: the shapes do not fit.
    """
    reduction = _reduction(size_average, reduce, reduction)
    rank = len(target._shape)
    if rank > 1 or len(input1._shape) != rank + 1 or len(input2._shape) != rank + 1:
        raise RuntimeError(
            f"{rank}D target tensor expects {rank + 1}D input tensors, but found inputs with sizes "
            f"{list(input1._shape)} and {list(input2._shape)}."
        )
    # PyTorch smooths here by adding to the squared lengths, unlike in cosine_similarity.
    product = (input1 * input2).sum(-1)
    lengths = ((input1 * input1).sum(-1) + 1e-12) * ((input2 * input2).sum(-1) + 1e-12)
    cosine = product / lengths.sqrt()
    apart = (cosine - margin).clamp(min=0).masked_fill(target != -1, 0)
    return _reduced((1 - cosine).masked_fill(target != 1, 0) + apart, reduction)


@composite(spaces=("F",), out=False)
def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The mean over the wrong classes of ``max(0, margin - input[target] + input[class])**p``.

    Args:
        input: scores, shape (N, C) or (C,).
        target: int64 class indices, shape (N,) or ().
        p: 1 or 2.
        margin: by how much the right class should lead.
        weight: a factor for each target class, shape (C,).
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        ValueError: another ``p``, or a weight that is no vector.
        RuntimeError: the shapes do not fit.
    """
    reduction = _reduction(size_average, reduce, reduction)
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    if weight is not None and len(weight._shape) != 1:
        raise ValueError("weight must be one-dimensional")
    flat = len(input._shape) <= 1
    scores = input.reshape(1, -1) if flat else input
    classes = scores._shape[1]
    if len(scores._shape) != 2 or target._shape not in (((), (1,)) if flat else (scores._shape[:1],)):
        raise RuntimeError(
            f"inconsistent target size, expected {scores._shape[0]} but got {list(target._shape)} for an input of "
            f"shape {list(input._shape)}"
        )
    places = target.reshape(-1, 1)
    values = (scores - scores.gather(1, places) + margin).clamp(min=0)
    values = values * values if p == 2 else values
    if weight is not None:
        values = values * weight.index_select(0, places.reshape(-1)).unsqueeze(1)
    right = new_arange(target, classes) == places
    values = values.masked_fill(right, 0).sum(1) / classes
    return _reduced(values.reshape(target._shape) if flat and not target._shape else values, reduction)


@composite(spaces=("F",), out=False)
def multilabel_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The sum over pairs of a right and a wrong class of ``max(0, 1 - input[right] + input[wrong])``, over C.

    Args:
        input: scores, shape (N, C) or (C,).
        target: int64 class indices of the same shape; a row's classes end at its first -1.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        RuntimeError: the shapes differ.
    """
    reduction = _reduction(size_average, reduce, reduction)
    if target._shape != input._shape or len(input._shape) > 2:
        raise RuntimeError(
            f"inconsistent target size: {list(target._shape)} for multi-target of size {list(input._shape)}"
        )
    scores, labels = input.reshape(-1, input._shape[-1] if input._shape else 1), target
    labels = labels.reshape(scores._shape)
    named = (labels < 0).to(int64).cumsum(1) == 0
    places = labels.masked_fill(~named, 0)
    right = zeros_like(labels).scatter_add(1, places, named.to(int64)) > 0
    lead = scores.gather(1, places)
    pairs = (1 - lead.unsqueeze(2) + scores.unsqueeze(1)).clamp(min=0)
    counted = named.unsqueeze(2) & ~right.unsqueeze(1)
    values = pairs.masked_fill(~counted, 0).sum((1, 2)) / scores._shape[1]
    return _reduced(values if len(input._shape) == 2 else values.squeeze(0), reduction)


@composite(spaces=("F",), out=False)
def multilabel_soft_margin_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The mean over classes (the last dim) of the binary cross entropy of logits.

    Args:
        input: logits, shape (N, C).
        target: of the same shape, in [0, 1].
        weight: a factor for each class.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
    """
    reduction = _reduction(size_average, reduce, reduction)
    values = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        values = values * weight
    return _reduced(values.sum(-1) / input._shape[-1], reduction)


@composite(spaces=("F",), out=False)
def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``max(0, d(anchor, positive) - d(anchor, negative) + margin)`` with d the distance of the ``p``-norm.

    Args:
        anchor, positive, negative: shape (N, D) or (D,).
        margin: by how much the negative should be farther.
        p, eps: as for ``pairwise_distance``.
        swap: take the distance of positive and negative where it is the smaller one.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        ValueError: ``margin`` is not positive.
        RuntimeError: the numbers of dims differ.

    Source: Balntas et al., Learning shallow convolutional feature descriptors with triplet losses, 2016.
    """
    reduction = _reduction(size_average, reduce, reduction)

    def distance(a: Tensor, b: Tensor) -> Tensor:
        return pairwise_distance(a, b, p, eps)

    return triplet_margin_with_distance_loss(
        anchor, positive, negative, distance_function=distance, margin=margin, swap=swap, reduction=reduction
    )


@composite(spaces=("F",), out=False)
def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """``triplet_margin_loss`` with any distance.

    Args:
        anchor, positive, negative: what ``distance_function`` takes.
        distance_function: gives the distance of two tensors; by default ``pairwise_distance``.
        margin, swap: as for ``triplet_margin_loss``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        ValueError: ``margin`` is not positive.
        RuntimeError: the numbers of dims differ.
    """
    reduction = _reduction(None, None, reduction)
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    ranks = [len(t._shape) for t in (anchor, positive, negative)]
    if len(set(ranks)) > 1:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: "
            f"anchor {ranks[0]}D, positive {ranks[1]}D, and negative {ranks[2]}D inputs"
        )
    distance = pairwise_distance if distance_function is None else distance_function
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = far.minimum(distance(positive, negative))
    return _reduced((near - far + margin).clamp(min=0), reduction)
