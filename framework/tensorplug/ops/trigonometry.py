"""Trigonometric and hyperbolic functions and their inverses."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.dispatch import Plan
from tensorplug.ops.define import (
    binary,
    floating,
    plan,
    real_floating,
    unary,
)
from tensorplug.ops.elementwise import conj_of

Tensor = Any
Number = Any


# ---------------------------------------------------------------------------------------------------- trigonometry


@unary(floating)
def sin(input: Tensor) -> Tensor:
    """The sine of an angle in radians."""


sin.grads(input=lambda g, input: g * conj_of(input.cos()))


@unary(floating)
def cos(input: Tensor) -> Tensor:
    """The cosine of an angle in radians."""


cos.grads(input=lambda g, input: -g * conj_of(input.sin()))


@unary(floating)
def tan(input: Tensor) -> Tensor:
    """The tangent of an angle in radians."""


tan.grads(input=lambda g, result: g * conj_of(result * result + 1))


@unary(floating, aliases=("arcsin",))
def asin(input: Tensor) -> Tensor:
    """The angle in radians, in [-pi/2, pi/2], whose sine is ``input``; NaN outside [-1, 1]."""


asin.grads(input=lambda g, input: g * conj_of((1 - input * input).rsqrt()))


@unary(floating, aliases=("arccos",))
def acos(input: Tensor) -> Tensor:
    """The angle in radians, in [0, pi], whose cosine is ``input``; NaN outside [-1, 1]."""


acos.grads(input=lambda g, input: -g * conj_of((1 - input * input).rsqrt()))


@unary(floating, aliases=("arctan",))
def atan(input: Tensor) -> Tensor:
    """The angle in radians, in [-pi/2, pi/2], whose tangent is ``input``."""


atan.grads(input=lambda g, input: g / conj_of(input * input + 1))


@binary(real_floating, aliases=("arctan2",))
def atan2(input: Tensor, other: Tensor) -> Tensor:
    """The angle in radians, in [-pi, pi], of the point with y ``input`` and x ``other``."""


def _atan2_scale(g: Tensor, input: Tensor, other: Tensor) -> Tensor:
    square = input * input + other * other
    return (g / square).masked_fill(square == 0, 0)


atan2.grads(
    input=lambda g, input, other: _atan2_scale(g, input, other) * other,
    other=lambda g, input, other: -_atan2_scale(g, input, other) * input,
)


@unary(floating)
def sinc(input: Tensor) -> Tensor:
    """``sin(pi * input) / (pi * input)``, and 1 at 0, where the gradient is 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.sinc(tp.tensor([0.0, 0.5, 1.5]))
        tensor([ 1.0000,  0.6366, -0.2122])
    """


@sinc.default
def _sinc(input: Tensor) -> Tensor:
    return (_angle(input).sin() / (input * math.pi)).masked_fill(input == 0, 1)


def _angle(input: Tensor) -> Tensor:
    """``pi * input`` within two turns, where it cannot overflow."""
    return (input if input._kind.dtype.is_complex else input.fmod(2)) * math.pi


def _sinc_input(g: Tensor, input: Tensor, result: Tensor) -> Tensor:
    slope = (_angle(input).cos() - result) / input
    return g * conj_of(slope.masked_fill(input == 0, 0))


sinc.grads(input=_sinc_input)


@unary(floating)
def sinh(input: Tensor) -> Tensor:
    """The hyperbolic sine."""


sinh.grads(input=lambda g, input: g * conj_of(input.cosh()))


@unary(floating)
def cosh(input: Tensor) -> Tensor:
    """The hyperbolic cosine."""


cosh.grads(input=lambda g, input: g * conj_of(input.sinh()))


@unary(floating, spaces=("torch", "Tensor", "F"))
def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent.

    Example:
        >>> import tensorplug as tp
        >>> tp.tanh(tp.tensor([0.0, 1.0]))
        tensor([0.0000, 0.7616])
    """


tanh.grads(input=lambda g, result: tanh_backward(g, result))


@plan("grad_output, output", spaces=())
def tanh_backward(grad_output: Tensor, output: Tensor) -> Plan:
    """``grad_output * (1 - output**2)``, the gradient of tanh in one kernel."""
    return (grad_output, output), (), output.shape, output.dtype


tanh_backward.default(lambda grad_output, output: grad_output * conj_of(1 - output * output))
tanh_backward.grads(
    grad_output=lambda g, output: g * (1 - output * output),
    output=lambda g, grad_output, output: conj_of(g * output) * grad_output * -2,
)


@unary(floating, aliases=("arcsinh",))
def asinh(input: Tensor) -> Tensor:
    """The inverse hyperbolic sine."""


asinh.grads(input=lambda g, input: g * conj_of((input * input + 1).rsqrt()))


@unary(floating, aliases=("arccosh",))
def acosh(input: Tensor) -> Tensor:
    """The inverse hyperbolic cosine; NaN below 1."""


acosh.grads(input=lambda g, input: g * conj_of((input - 1).rsqrt() * (input + 1).rsqrt()))


@unary(floating, aliases=("arctanh",))
def atanh(input: Tensor) -> Tensor:
    """The inverse hyperbolic tangent; NaN outside [-1, 1]."""


atanh.grads(input=lambda g, input: g / conj_of(1 - input * input))
