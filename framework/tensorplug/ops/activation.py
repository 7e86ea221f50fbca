"""Activations: element-wise ones, those along a dim (softmax and its kin), and those with weights or draws."""

from __future__ import annotations

import math
import warnings
from typing import Any

from tensorplug.dispatch import Plan
from tensorplug.dtypes import DType
from tensorplug.ops.creation import zeros_like
from tensorplug.ops.define import composite, numeric, plan, real, unary
from tensorplug.ops.derived import differentiate_default
from tensorplug.ops.random import draw_uniform
from tensorplug.promotion import python_number
from tensorplug.shapes import canonical_dim

Tensor = Any
Number = Any

_SELU_ALPHA = 1.6732632423543772848170429916717
_SELU_SCALE = 1.0507009873554804934193349852946


def _ordered(name: str, common: DType) -> tuple[DType, DType]:
    """Real dtypes but bool, kept."""
    real(name, common)
    return numeric(name, common)


def _float_only(name: str, common: DType) -> tuple[DType, DType]:
    """Floating-point dtypes, kept."""
    if not common.is_floating_point:
        raise NotImplementedError(f"{name} is not implemented for {common}: it takes floating-point tensors")
    return common, common


def _elementwise(name: str, input: Tensor, *params: Any) -> Plan:
    dtype = input._kind.dtype
    _float_only(name, dtype)
    return (input,), params, input._shape, dtype


def _gradient(grad_output: Tensor, input: Tensor, *params: Any) -> Plan:
    return (grad_output, input), params, input._shape, input._kind.dtype


# ---------------------------------------------------------------------------------------------------- thresholds


@unary(_ordered, spaces=("torch", "Tensor", "F"), out=False)
def relu(input: Tensor) -> Tensor:
    """``max(input, 0)``; NaN stays NaN, and the gradient at 0 is 0.

    Args:
        input: a real tensor of any shape, not bool.

    Raises:
        NotImplementedError: a bool or complex tensor.

    Example:
        >>> import tensorplug as tp
        >>> tp.relu(tp.tensor([-1.0, 0.0, 2.0]))
        tensor([0., 0., 2.])
    """


relu.default(lambda input: input.clamp(min=0))
relu.grads(input=lambda g, result: threshold_backward(g, result, 0))


@plan("grad_output, input; threshold", spaces=(), out=False)
def threshold_backward(grad_output: Tensor, input: Tensor, threshold: Number) -> Plan:
    """``grad_output`` where ``input`` is above ``threshold`` (or NaN), else 0."""
    return _gradient(grad_output, input, threshold)


threshold_backward.default(lambda grad_output, input, threshold: grad_output.masked_fill(input <= threshold, 0))
threshold_backward.grads(grad_output=lambda g, input, threshold: threshold_backward(g, input, threshold))


@plan("grad_output, input; low, high", spaces=(), out=False)
def inside_backward(grad_output: Tensor, input: Tensor, low: Number, high: Number) -> Plan:
    """``grad_output`` where ``input`` lies between ``low`` and ``high``, on neither, else 0."""
    return _gradient(grad_output, input, low, high)


inside_backward.default(
    lambda grad_output, input, low, high: grad_output.masked_fill(~((input > low) & (input < high)), 0)
)
inside_backward.grads(grad_output=lambda g, input, low, high: inside_backward(g, input, low, high))


@plan("input; threshold, value", spaces=("torch", "F"), inplace=True)
def threshold(input: Tensor, threshold: Number, value: Number) -> Plan:
    """``input`` where it is above ``threshold``, else ``value``.

    Example:
        >>> import tensorplug as tp
        >>> tp.threshold(tp.tensor([-1.0, 0.5, 2.0]), 0.7, 9.0)
        tensor([9., 9., 2.])
    """
    dtype, _ = _ordered("threshold", input._kind.dtype)
    return (input,), (threshold, value), input._shape, dtype


threshold.default(lambda input, threshold, value: input.masked_fill(input <= threshold, value))
threshold.grads(input=lambda g, input, threshold: threshold_backward(g, input, threshold))


@plan("input; min_val, max_val", spaces=("F",), inplace=True, out=False)
def hardtanh(input: Tensor, min_val: Number = -1.0, max_val: Number = 1.0) -> Plan:
    """``input`` limited to [``min_val``, ``max_val``]; the gradient on the limits is 0.

    Raises:
        NotImplementedError: a bool or complex tensor.
        ValueError: ``min_val`` is above ``max_val``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.hardtanh(tp.tensor([-3.0, 0.5, 3.0]))
        tensor([-1.0000,  0.5000,  1.0000])
    """
    dtype, _ = _ordered("hardtanh", input._kind.dtype)
    if min_val > max_val:
        raise ValueError(f"hardtanh: min_val cannot be greater than max_val, got {min_val} > {max_val}")
    return (input,), (python_number(min_val, dtype), python_number(max_val, dtype)), input._shape, dtype


hardtanh.default(lambda input, min_val, max_val: input.clamp(min_val, max_val))
hardtanh.grads(input=lambda g, result, min_val, max_val: inside_backward(g, result, min_val, max_val))


@composite(spaces=("F",), inplace=True, out=False)
def relu6(input: Tensor) -> Tensor:
    """``input`` limited to [0, 6].

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.relu6(tp.tensor([-1.0, 3.0, 9.0]))
        tensor([0., 3., 6.])
    """
    return hardtanh(input, 0, 6)


@plan("input; lambd", spaces=("torch", "Tensor", "F"))
def hardshrink(input: Tensor, lambd: Number = 0.5) -> Plan:
    """``input`` where it is outside [-``lambd``, ``lambd``], else 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.hardshrink(tp.tensor([-2.0, 0.25, 1.0]))
        tensor([-2.,  0.,  1.])
    """
    return _elementwise("hardshrink", input, lambd)


hardshrink.default(lambda input, lambd: input.masked_fill(_inside(input, lambd), 0))
hardshrink.grads(input=lambda g, input, lambd: _shrink_gradient(g, input, lambd))


def _inside(input: Tensor, lambd: Number) -> Tensor:
    return (input >= -lambd) & (input <= lambd)


def _shrink_gradient(g: Tensor, input: Tensor, lambd: Number) -> Tensor:
    return g.masked_fill(~((input < -lambd) | (input > lambd)), 0)


@plan("input; lambd", spaces=("F",))
def softshrink(input: Tensor, lambd: Number = 0.5) -> Plan:
    """``input`` moved towards 0 by ``lambd``; what lies within ``lambd`` of 0 becomes 0.

    Raises:
        RuntimeError: ``lambd`` is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.softshrink(tp.tensor([-2.0, 0.25, 1.0]))
        tensor([-1.5000,  0.0000,  0.5000])
    """
    if lambd < 0:
        raise RuntimeError(f"lambda must be greater or equal to 0, but found to be {lambd}.")
    return _elementwise("softshrink", input, lambd)


softshrink.default(lambda input, lambd: input - input.clamp(-lambd, lambd))
softshrink.grads(input=lambda g, input, lambd: _shrink_gradient(g, input, lambd))


# ---------------------------------------------------------------------------------------------------- piecewise


@plan("input; negative_slope", spaces=("F",), inplace=True, out=False)
def leaky_relu(input: Tensor, negative_slope: Number = 0.01) -> Plan:
    """``input`` where positive, else ``negative_slope * input``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.leaky_relu(tp.tensor([-2.0, 3.0]), 0.5)
        tensor([-1.,  3.])
    """
    return _elementwise("leaky_relu", input, negative_slope)


leaky_relu.default(lambda input, negative_slope: _leak(input, input, negative_slope))
leaky_relu.grads(input=lambda g, input, negative_slope: leaky_relu_backward(g, input, negative_slope))


def _leak(x: Tensor, input: Tensor, negative_slope: Number) -> Tensor:
    """``x`` where ``input`` is positive, else ``x`` times the slope."""
    return x.where(input > 0, x * negative_slope)


@plan("grad_output, input; negative_slope", spaces=(), out=False)
def leaky_relu_backward(grad_output: Tensor, input: Tensor, negative_slope: Number) -> Plan:
    """The gradient of ``leaky_relu``."""
    return _gradient(grad_output, input, negative_slope)


leaky_relu_backward.default(_leak)
leaky_relu_backward.grads(grad_output=lambda g, input, negative_slope: leaky_relu_backward(g, input, negative_slope))


@composite(spaces=("torch", "F"), inplace=True, out=False)
def rrelu(input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False) -> Tensor:
    """``leaky_relu`` whose slope is drawn from [``lower``, ``upper``) for each element in training, else their mean.

    Source: Xu et al., Empirical evaluation of rectified activations in convolutional network, 2015.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.rrelu(tp.tensor([-2.0, 3.0]), 0.25, 0.75)
        tensor([-1.,  3.])
    """
    if lower > upper:
        raise RuntimeError(f"Lower bound should be less than or equal to the upper bound, got {lower} > {upper}")
    if not training:
        return leaky_relu(input, (lower + upper) / 2)
    slopes = draw_uniform(input._shape, input.dtype, input.device, None) * (upper - lower) + lower
    return input * slopes.masked_fill(input > 0, 1)


@composite(spaces=("torch", "Tensor", "F"), out=False)
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """``input`` where positive, else ``weight * input``.

    Args:
        input: any shape.
        weight: one slope for all, or one for each channel (dim 1).

    Raises:
        RuntimeError: the number of slopes is not that of channels.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.prelu(tp.tensor([-2.0, 3.0]), tp.tensor([0.25]))
        tensor([-0.5000,  3.0000])
    """
    if len(weight._shape) > 1:
        raise RuntimeError(
            f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {len(weight._shape)}"
        )
    if weight._kind.dtype is not input._kind.dtype:
        raise RuntimeError(f"prelu: Type promoting not supported. Got {input.dtype} and {weight.dtype}")
    if weight._shape:
        weight = weight.reshape(()) if weight._shape == (1,) else _per_channel(input, weight)
    return input.where(input > 0, input * weight)


def _per_channel(input: Tensor, weight: Tensor) -> Tensor:
    rank = len(input._shape)
    if rank == 0:
        raise RuntimeError("Not allow zero-dim input tensor.")
    channels = input._shape[1] if rank > 1 else 1
    if weight._shape[0] != channels:
        raise RuntimeError(
            f"Mismatch of parameter numbers and input channel size. Found parameter numbers = {weight._shape[0]} and "
            f"channel size = {channels}."
        )
    return weight.reshape((-1,) + (1,) * (rank - 2))


# ---------------------------------------------------------------------------------------------------- exponential


@plan("input; alpha, scale, input_scale", spaces=("F",), inplace=True, out=False)
def elu(input: Tensor, alpha: Number = 1.0, scale: Number = 1.0, input_scale: Number = 1.0) -> Plan:
    """``input`` where positive, else ``alpha * (exp(input) - 1)``.

    Source: Clevert et al., Fast and accurate deep network learning by exponential linear units, 2016.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.elu(tp.tensor([-1.0, 1.0]))
        tensor([-0.6321,  1.0000])
    """
    return _elementwise("elu", input, alpha, scale, input_scale)


@elu.default
def _elu(input: Tensor, alpha: Number, scale: Number, input_scale: Number) -> Tensor:
    negative = (input.clamp(max=0) * input_scale).expm1() * (alpha * scale)
    return (input * scale).where(input > 0, negative)


elu.grads(
    input=lambda g, input, alpha, scale, input_scale: elu_backward(g, input, alpha, scale, input_scale),
)


@plan("grad_output, input; alpha, scale, input_scale", spaces=(), out=False)
def elu_backward(grad_output: Tensor, input: Tensor, alpha: Number, scale: Number, input_scale: Number) -> Plan:
    """The gradient of ``elu``."""
    return _gradient(grad_output, input, alpha, scale, input_scale)


@elu_backward.default
def _elu_backward(grad_output: Tensor, input: Tensor, alpha: Number, scale: Number, input_scale: Number) -> Tensor:
    negative = (input.clamp(max=0) * input_scale).exp() * (alpha * scale * input_scale)
    return grad_output * negative.masked_fill(input > 0, scale)


differentiate_default(elu_backward)


@composite(spaces=("torch", "F"), inplace=True, out=False)
def celu(input: Tensor, alpha: Number = 1.0) -> Tensor:
    """``max(0, input) + min(0, alpha * (exp(input / alpha) - 1))``.

    Raises:
        RuntimeError: ``alpha`` is 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.celu(tp.tensor([-1.0, 1.0]), alpha=2.0)
        tensor([-0.7869,  1.0000])
    """
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    return elu(input, alpha, 1.0, 1.0 / alpha)


@composite(spaces=("torch", "F"), inplace=True, out=False)
def selu(input: Tensor) -> Tensor:
    """``elu`` scaled so that zero mean and unit variance are kept.

    Source: Klambauer et al., Self-normalizing neural networks, 2017.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.selu(tp.tensor([-1.0, 1.0]))
        tensor([-1.1113,  1.0507])
    """
    return elu(input, _SELU_ALPHA, _SELU_SCALE)


@plan("input; beta, threshold", spaces=("F",))
def softplus(input: Tensor, beta: Number = 1, threshold: Number = 20) -> Plan:
    """``log(1 + exp(beta * input)) / beta``; ``input`` itself where ``beta * input`` is above ``threshold``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.softplus(tp.tensor([-1.0, 0.0, 30.0]))
        tensor([ 0.3133,  0.6931, 30.0000])
    """
    return _elementwise("softplus", input, beta, threshold)


@softplus.default
def _softplus(input: Tensor, beta: Number, threshold: Number) -> Tensor:
    scaled = input * beta
    # The exponential of a negative number alone, so that nothing overflows in float16.
    smooth = (scaled.clamp(min=0) + (-scaled.abs()).exp().log1p()) / beta
    return input.where(scaled > threshold, smooth)


softplus.grads(input=lambda g, input, beta, threshold: softplus_backward(g, input, beta, threshold))


@plan("grad_output, input; beta, threshold", spaces=(), out=False)
def softplus_backward(grad_output: Tensor, input: Tensor, beta: Number, threshold: Number) -> Plan:
    """The gradient of ``softplus``."""
    return _gradient(grad_output, input, beta, threshold)


@softplus_backward.default
def _softplus_backward(grad_output: Tensor, input: Tensor, beta: Number, threshold: Number) -> Tensor:
    scaled = input * beta
    return grad_output.where(scaled > threshold, grad_output * scaled.sigmoid())


differentiate_default(softplus_backward)


@plan("input", spaces=("F",))
def logsigmoid(input: Tensor) -> Plan:
    """``log(sigmoid(input))``, accurate for large negative inputs.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.logsigmoid(tp.tensor([-100.0, 0.0]))
        tensor([-100.0000,   -0.6931])
    """
    return _elementwise("logsigmoid", input)


logsigmoid.default(lambda input: input.clamp(max=0) - (-input.abs()).exp().log1p())
logsigmoid.grads(input=lambda g, input: logsigmoid_backward(g, input))


@plan("grad_output, input", spaces=(), out=False)
def logsigmoid_backward(grad_output: Tensor, input: Tensor) -> Plan:
    """The gradient of ``logsigmoid``."""
    return _gradient(grad_output, input)


logsigmoid_backward.default(lambda grad_output, input: grad_output * (-input).sigmoid())
differentiate_default(logsigmoid_backward)


# ---------------------------------------------------------------------------------------------------- gates


@plan("input; approximate", spaces=("F",))
def gelu(input: Tensor, approximate: str = "none") -> Plan:
    """``input * Phi(input)``, where Phi is the distribution function of the standard normal distribution.

    Args:
        input: a floating-point tensor.
        approximate: ``"none"``, or ``"tanh"`` for Phi by
            ``(1 + tanh(sqrt(2 / pi) * (input + 0.044715 * input**3))) / 2``.

    Raises:
        RuntimeError: another ``approximate``.

    Source: Hendrycks and Gimpel, Gaussian error linear units, 2016.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.gelu(tp.tensor([-1.0, 0.0, 1.0]))
        tensor([-0.1587,  0.0000,  0.8413])
    """
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    return _elementwise("gelu", input, approximate)


@gelu.default
def _gelu(input: Tensor, approximate: str) -> Tensor:
    return input * _gelu_gate(input, approximate)


def _gelu_gate(input: Tensor, approximate: str) -> Tensor:
    if approximate == "tanh":
        return (_gelu_inner(input).tanh() + 1) * 0.5
    return ((input * math.sqrt(0.5)).erf() + 1) * 0.5


def _gelu_inner(input: Tensor) -> Tensor:
    return (input + input * input * input * 0.044715) * math.sqrt(2 / math.pi)


gelu.grads(input=lambda g, input, approximate: gelu_backward(g, input, approximate))


@plan("grad_output, input; approximate", spaces=(), out=False)
def gelu_backward(grad_output: Tensor, input: Tensor, approximate: str) -> Plan:
    """The gradient of ``gelu``."""
    return _gradient(grad_output, input, approximate)


@gelu_backward.default
def _gelu_backward(grad_output: Tensor, input: Tensor, approximate: str) -> Tensor:
    gate = _gelu_gate(input, approximate)
    if approximate == "tanh":
        slope = gate * (1 - gate) * (input * input * (3 * 0.044715) + 1) * (2 * math.sqrt(2 / math.pi))
    else:
        slope = (input * input * -0.5).exp() * (1 / math.sqrt(2 * math.pi))
    return grad_output * (gate + input * slope)


differentiate_default(gelu_backward)


@unary(_float_only, spaces=("F",), out=False)
def silu(input: Tensor) -> Tensor:
    """``input * sigmoid(input)``, also called swish.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.silu(tp.tensor([-1.0, 0.0, 1.0]))
        tensor([-0.2689,  0.0000,  0.7311])
    """


silu.default(lambda input: input * input.sigmoid())
silu.grads(input=lambda g, input: silu_backward(g, input))


@plan("grad_output, input", spaces=(), out=False)
def silu_backward(grad_output: Tensor, input: Tensor) -> Plan:
    """The gradient of ``silu``."""
    return _gradient(grad_output, input)


@silu_backward.default
def _silu_backward(grad_output: Tensor, input: Tensor) -> Tensor:
    gate = input.sigmoid()
    return grad_output * gate * (input * (1 - gate) + 1)


differentiate_default(silu_backward)


@composite(spaces=("F",), inplace=True, out=False)
def mish(input: Tensor) -> Tensor:
    """``input * tanh(softplus(input))``.

    Source: Misra, Mish: a self regularized non-monotonic activation function, 2019.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.mish(tp.tensor([-1.0, 0.0, 1.0]))
        tensor([-0.3034,  0.0000,  0.8651])
    """
    return input * softplus(input).tanh()


@plan("input", spaces=("F",), inplace=True, out=False)
def hardsigmoid(input: Tensor) -> Plan:
    """``relu6(input + 3) / 6``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.hardsigmoid(tp.tensor([-4.0, 0.0, 1.5]))
        tensor([0.0000, 0.5000, 0.7500])
    """
    return _elementwise("hardsigmoid", input)


hardsigmoid.default(lambda input: (input + 3).clamp(0, 6) / 6)
hardsigmoid.grads(input=lambda g, input: inside_backward(g, input, -3, 3) / 6)


@plan("input", spaces=("F",), inplace=True, out=False)
def hardswish(input: Tensor) -> Plan:
    """``input * relu6(input + 3) / 6``.

    Source: Howard et al., Searching for MobileNetV3, 2019.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.hardswish(tp.tensor([-4.0, 1.0, 4.0]))
        tensor([-0.0000, 0.6667, 4.0000])
    """
    return _elementwise("hardswish", input)


@hardswish.default
def _hardswish(input: Tensor) -> Tensor:
    return input * (input + 3).clamp(0, 6) / 6


hardswish.grads(input=lambda g, input: hardswish_backward(g, input))


@plan("grad_output, input", spaces=(), out=False)
def hardswish_backward(grad_output: Tensor, input: Tensor) -> Plan:
    """The gradient of ``hardswish``."""
    return _gradient(grad_output, input)


@hardswish_backward.default
def _hardswish_backward(grad_output: Tensor, input: Tensor) -> Tensor:
    return grad_output * (input / 3 + 0.5).masked_fill(input <= -3, 0).masked_fill(input >= 3, 1)


differentiate_default(hardswish_backward)


@composite(spaces=("F",), out=False)
def softsign(input: Tensor) -> Tensor:
    """``input / (1 + |input|)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.softsign(tp.tensor([-1.0, 0.0, 3.0]))
        tensor([-0.5000,  0.0000,  0.7500])
    """
    return input / (input.abs() + 1)


@composite(spaces=("F",), out=False)
def tanhshrink(input: Tensor) -> Tensor:
    """``input - tanh(input)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.tanhshrink(tp.tensor([-1.0, 0.0, 1.0]))
        tensor([-0.2384,  0.0000,  0.2384])
    """
    return input - input.tanh()


@composite(spaces=("F",), out=False)
def glu(input: Tensor, dim: int = -1) -> Tensor:
    """The first half along ``dim`` times the sigmoid of the second half.

    Raises:
        RuntimeError: a 0-d tensor, or an odd size along ``dim``.

    Source: Dauphin et al., Language modeling with gated convolutional networks, 2017.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.glu(tp.tensor([2.0, 4.0, 0.0, 0.0]))
        tensor([1., 2.])
    """
    if not input._shape:
        raise RuntimeError("glu does not support 0-dimensional tensors")
    dim = canonical_dim(dim, len(input._shape))
    size = input._shape[dim]
    if size % 2:
        raise RuntimeError(f"Halving dimension must be even, but dimension {dim} is size {size}")
    return input.narrow(dim, 0, size // 2) * input.narrow(dim, size // 2, size // 2).sigmoid()


# ---------------------------------------------------------------------------------------------------- softmax


def _along(name: str, input: Tensor, dim: int, dtype: DType | None) -> Plan:
    if dtype is not None and input._kind.dtype is not dtype:
        input = input.to(dtype)
    found = input._kind.dtype
    if not found.is_differentiable:
        raise NotImplementedError(f"{name} is not implemented for {found}: give dtype= a floating-point dtype")
    return (input,), (canonical_dim(dim, len(input._shape)),), input._shape, found


def _along_gradient(grad_output: Tensor, output: Tensor, dim: int) -> Plan:
    return (grad_output, output), (dim,), output._shape, output._kind.dtype


@plan("input; dim", spaces=("torch", "Tensor", "F"))
def softmax(input: Tensor, dim: int, dtype: DType | None = None) -> Plan:
    """``exp(input)`` divided by its sum along ``dim``.

    Args:
        input: a floating-point tensor.
        dim: the dim whose elements add to 1.
        dtype: convert to this first.

    Raises:
        IndexError: ``dim`` is out of range.
        NotImplementedError: an integer tensor without ``dtype``.

    Example:
        >>> import tensorplug as tp
        >>> tp.softmax(tp.tensor([0.0, 0.0, 0.0, 0.0]), dim=0)
        tensor([0.2500, 0.2500, 0.2500, 0.2500])
    """
    return _along("softmax", input, dim, dtype)


@softmax.default
def _softmax(input: Tensor, dim: int) -> Tensor:
    if 0 in input._shape:
        return input.clone()
    powers = (input - input.amax(dim, True)).exp()
    return powers / powers.sum(dim, True)


softmax.grads(input=lambda g, result, dim: softmax_backward(g, result, dim))


@plan("grad_output, output; dim", spaces=(), out=False)
def softmax_backward(grad_output: Tensor, output: Tensor, dim: int) -> Plan:
    """``output * (grad_output - sum(grad_output * output))``."""
    return _along_gradient(grad_output, output, dim)


@softmax_backward.default
def _softmax_backward(grad_output: Tensor, output: Tensor, dim: int) -> Tensor:
    return output * (grad_output - (grad_output * output).sum(dim, True))


differentiate_default(softmax_backward)


@plan("input; dim", spaces=("torch", "Tensor", "F"))
def log_softmax(input: Tensor, dim: int, dtype: DType | None = None) -> Plan:
    """The logarithm of the softmax along ``dim``, without overflow.

    Args:
        input: a floating-point tensor.
        dim: the dim whose exponentials add to 1.
        dtype: convert to this first.

    Raises:
        IndexError: ``dim`` is out of range.
        NotImplementedError: an integer tensor without ``dtype``.

    Example:
        >>> import tensorplug as tp
        >>> tp.log_softmax(tp.tensor([0.0, 1000.0]), dim=0)
        tensor([-1000.,     0.])
    """
    return _along("log_softmax", input, dim, dtype)


@log_softmax.default
def _log_softmax(input: Tensor, dim: int) -> Tensor:
    if 0 in input._shape:
        return input.clone()
    shifted = input - input.amax(dim, True)
    return shifted - shifted.exp().sum(dim, True).log()


log_softmax.grads(input=lambda g, result, dim: log_softmax_backward(g, result, dim))


@plan("grad_output, output; dim", spaces=(), out=False)
def log_softmax_backward(grad_output: Tensor, output: Tensor, dim: int) -> Plan:
    """``grad_output - exp(output) * sum(grad_output)``."""
    return _along_gradient(grad_output, output, dim)


@log_softmax_backward.default
def _log_softmax_backward(grad_output: Tensor, output: Tensor, dim: int) -> Tensor:
    return grad_output - output.exp() * grad_output.sum(dim, True)


differentiate_default(log_softmax_backward)


@composite(spaces=("F",), out=False)
def softmin(input: Tensor, dim: int, *, dtype: DType | None = None) -> Tensor:
    """The softmax of ``-input``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.softmin(tp.tensor([1.0, 1.0]), dim=0)
        tensor([0.5000, 0.5000])
    """
    return softmax(-input, dim, dtype=dtype)


@composite(spaces=("F",), out=False)
def gumbel_softmax(logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1) -> Tensor:
    """A draw from the Gumbel-softmax distribution: nearly one-hot, and differentiable.

    Args:
        logits: unnormalised log-probabilities.
        tau: temperature; the smaller, the nearer to one-hot.
        hard: round to one-hot, with the gradient of the soft draw.
        eps: without effect.
        dim: the dim whose elements add to 1.

    Source: Jang et al., Categorical reparameterization with Gumbel-softmax, 2017.
    """
    if eps != 1e-10:
        warnings.warn("`eps` parameter is deprecated and has no effect.", stacklevel=2)
    # log1p(-u) with u in [0, 1) is finite; at u = 0 the draw is +inf, so u is kept off 0.
    uniform = draw_uniform(logits._shape, logits.dtype, logits.device, None)
    noise = -(-(-uniform).log1p()).clamp(min=2.0**-126).log()
    soft = softmax((logits + noise) / tau, dim)
    if not hard:
        return soft
    one_hot = zeros_like(logits).scatter(dim, soft.argmax(dim, True), 1.0)
    return one_hot - soft.detach() + soft


@composite(spaces=("F",))
def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    """``input / max(norm(input, p), eps)`` along ``dim``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.normalize(tp.tensor([[3.0, 4.0]]))
        tensor([[0.6000, 0.8000]])
    """
    return input / input.norm(p, dim, True).clamp(min=eps)
