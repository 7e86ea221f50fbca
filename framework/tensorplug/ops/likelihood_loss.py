"""Losses of probabilities, and of the parameters of distributions."""

from __future__ import annotations

import math
import warnings
from typing import Any

from tensorplug.base import everywhere
from tensorplug.dispatch import Plan
from tensorplug.dtypes import FLOAT
from tensorplug.ops.activation import logsigmoid
from tensorplug.ops.creation import ones_like
from tensorplug.ops.define import composite, plan
from tensorplug.ops.derived import differentiate_default
from tensorplug.ops.loss_reduction import reduced, reduction_of
from tensorplug.promotion import common_device
from tensorplug.shapes import Shape, broadcast_pair

Tensor = Any


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

    Raises:
        RuntimeError: tensors of integers or complex numbers.

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
    if not input._kind.dtype.category == target._kind.dtype.category == FLOAT:
        raise RuntimeError(f"kl_div: only real floating-point tensors, got {input.dtype} and {target.dtype}")
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
    elif bool((everywhere(var) < 0).any()):
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
