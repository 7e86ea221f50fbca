"""Losses that measure how far values are from their targets."""

from __future__ import annotations

from typing import Any

from tensorplug.base import count
from tensorplug.dispatch import Plan
from tensorplug.ops.define import composite, plan
from tensorplug.ops.derived import differentiate_default
from tensorplug.ops.loss_reduction import REDUCTIONS, reduced, reduction_of, warn_of_broadcast, weighted

Tensor = Any


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
        warn_of_broadcast(input, target)
    if size_average is not None or reduce is not None or reduction not in REDUCTIONS:
        reduction = reduction_of(size_average, reduce, reduction)
    if weight is None and target._kind is input._kind and target._shape == input._shape:
        return squared_error(input, target, reduction)
    difference = input - target
    squares = difference * difference
    return reduced(squares, reduction) if weight is None else weighted(squares, input, weight, reduction)


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
    warn_of_broadcast(input, target)
    reduction = reduction_of(size_average, reduce, reduction)
    difference = (input - target).abs()
    return reduced(difference, reduction) if weight is None else weighted(difference, input, weight, reduction)


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
    warn_of_broadcast(input, target)
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
    warn_of_broadcast(input, target)
    reduction = reduction_of(None, None, reduction)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    values = _smooth_error(input, target, delta)
    values = values if delta == 1 else values * delta
    return reduced(values, reduction) if weight is None else weighted(values, input, weight, reduction, False)
