"""Arithmetic and mathematical functions, element by element: meaning and gradient."""

from __future__ import annotations

import functools
import math
from typing import Any

from tensorplug.base import AnyTensor, TensorBase
from tensorplug.device import Device
from tensorplug.dispatch import Plan, common_device, operands, result_type
from tensorplug.dtypes import BOOL, HALF, INTEGER, DType, float32, float64
from tensorplug.ops.creation import filled, zeros_like
from tensorplug.ops.define import (
    binary,
    composite,
    floating,
    integers_only,
    integral,
    magnitude,
    numeric,
    plan,
    real,
    real_floating,
    same,
    unary,
    with_alpha,
)
from tensorplug.shapes import broadcast_pair, broadcast_shapes

Tensor = Any
Number = Any


def conj_of(x: Tensor | Number) -> Tensor | Number:
    """The conjugate where there is one to take; numbers included."""
    if isinstance(x, AnyTensor):
        return x.conj() if x._kind.dtype.is_complex else x
    return x.conjugate()


# ---------------------------------------------------------------------------------------------------- arithmetic


@with_alpha
@binary(same)
def add(input: Tensor, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
    """Adds ``other``, scaled by ``alpha``, to ``input``.

    Args:
        input: any shape and dtype.
        other: a tensor or number that broadcasts with ``input``.
        alpha: the multiplier of ``other``.

    Returns:
        ``input + alpha * other`` in the common dtype and broadcast shape.

    Raises:
        RuntimeError: the shapes do not broadcast, or the devices differ.

    Example:
        >>> import tensorplug as tp
        >>> tp.add(tp.tensor([1.0, 2.0]), 10, alpha=2)
        tensor([21., 22.])
    """


add.grads(input=lambda g: g, other=lambda g: g)


@with_alpha
@binary(numeric, aliases=("subtract",))
def sub(input: Tensor, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
    """Subtracts ``other``, scaled by ``alpha``, from ``input``; bool tensors are refused.

    Example:
        >>> import tensorplug as tp
        >>> tp.sub(tp.tensor([3, 5]), 1)
        tensor([2, 4])
    """


sub.grads(input=lambda g: g, other=lambda g: -g)


@binary(same, aliases=("multiply",))
def mul(input: Tensor, other: Tensor | Number) -> Tensor:
    """Multiplies ``input`` by ``other``.

    Example:
        >>> import tensorplug as tp
        >>> tp.mul(tp.tensor([1.0, 2.0]), tp.tensor([[2.0], [3.0]]))
        tensor([[2., 4.],
                [3., 6.]])
    """


mul.grads(input=lambda g, other: g * conj_of(other), other=lambda g, input: g * conj_of(input))


@binary(floating, spaces=())
def true_div(input: Tensor, other: Tensor | Number) -> Tensor:
    """``input / other`` in floating point; dividing by zero gives inf or NaN."""


true_div.grads(
    input=lambda g, other: g / conj_of(other),
    other=lambda g, other, result: -g * conj_of(result / other),
)


@binary(numeric)
def floor_divide(input: Tensor, other: Tensor | Number) -> Tensor:
    """The largest whole number not above ``input / other``. Integer division by zero raises an error.

    Example:
        >>> import tensorplug as tp
        >>> tp.floor_divide(tp.tensor([-7, 7]), 2)
        tensor([-4,  3])
    """


@composite(inplace=True, aliases=("divide",))
def div(input: Tensor, other: Tensor | Number, *, rounding_mode: str | None = None) -> Tensor:
    """Divides ``input`` by ``other``.

    Args:
        input, other: tensors or numbers that broadcast.
        rounding_mode: ``None`` for true division, ``"trunc"`` towards zero, ``"floor"`` down.

    Returns:
        A floating-point tensor for true division, otherwise a tensor of the common dtype.

    Raises:
        RuntimeError: another ``rounding_mode``.

    Example:
        >>> import tensorplug as tp
        >>> tp.div(tp.tensor([7.0, -7.0]), 2, rounding_mode="trunc")
        tensor([ 3., -3.])
    """
    if rounding_mode is None:
        return true_div(input, other)
    if rounding_mode == "floor":
        return floor_divide(input, other)
    if rounding_mode == "trunc":
        if result_type(input, other).category == INTEGER:
            return (input - fmod(input, other)).floor_divide(other)
        return true_div(input, other).trunc()
    raise RuntimeError(f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{rounding_mode}'")


@composite(inplace=True)
def true_divide(input: Tensor, other: Tensor | Number) -> Tensor:
    """Divides in floating point; the same as ``div`` without a rounding mode."""
    return true_div(input, other)


@binary(real)
def remainder(input: Tensor, other: Tensor | Number) -> Tensor:
    """The remainder with the sign of the divisor, as Python's ``%``.

    Example:
        >>> import tensorplug as tp
        >>> tp.remainder(tp.tensor([-3.0, 3.0]), 2)
        tensor([1., 1.])
    """


remainder.grads(input=lambda g: g, other=lambda g, input, other: -g * floor_divide(input, other))


@binary(real)
def fmod(input: Tensor, other: Tensor | Number) -> Tensor:
    """The remainder with the sign of the dividend, as C's ``fmod``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fmod(tp.tensor([-3.0, 3.0]), 2)
        tensor([-1.,  1.])
    """


fmod.grads(input=lambda g: g, other=lambda g, input, other: -g * true_div(input, other).trunc())


@binary(numeric)
def pow_(input: Tensor | Number, exponent: Tensor | Number) -> Tensor:
    """Raises ``input`` to the power ``exponent``.

    Raises:
        RuntimeError: an integer tensor with a negative integer exponent.

    Example:
        >>> import tensorplug as tp
        >>> tp.pow(tp.tensor([1.0, 2.0, 3.0]), 2)
        tensor([1., 4., 9.])
    """


def _pow_input(g: Tensor, input: Tensor, exponent: Tensor | Number) -> Tensor:
    if not isinstance(exponent, AnyTensor):
        if exponent == 0:
            return zeros_like(g)
        return g * conj_of(input ** (exponent - 1) * exponent)
    slope = input ** (exponent - 1) * exponent
    return g * conj_of(slope.masked_fill(exponent == 0, 0))


def _pow_exponent(g: Tensor, input: Tensor | Number, exponent: Tensor, result: Tensor) -> Tensor:
    if not isinstance(input, AnyTensor):
        slope = result * (math.log(input) if input > 0 else (-math.inf if input == 0 else math.nan))
        return g * conj_of(slope.masked_fill(exponent >= 0, 0) if input == 0 else slope)
    flat = (input == 0) & (exponent >= 0) if not exponent._kind.dtype.is_complex else input == 0
    return g * conj_of((result * input.log()).masked_fill(flat, 0))


pow_.grads(input=_pow_input, exponent=_pow_exponent)


@unary(numeric, aliases=("negative",))
def neg(input: Tensor) -> Tensor:
    """Changes the sign; bool tensors are refused."""


neg.grads(input=lambda g: -g)


@composite(out=False)
def positive(input: Tensor) -> Tensor:
    """Returns ``input`` itself; bool tensors are refused."""
    numeric("positive", input.dtype)
    return input


@unary(magnitude, aliases=("absolute",))
def abs_(input: Tensor) -> Tensor:
    """The absolute value; of a complex number, its distance from 0. The gradient at 0 is 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.abs(tp.tensor([-1.5, 2.0]))
        tensor([1.5000, 2.0000])
    """


abs_.grads(input=lambda g, input: g * input.sgn())


@unary(real)
def sign(input: Tensor) -> Tensor:
    """-1, 0 or 1 by the sign of each element; 0 for NaN, as in PyTorch."""


sign.grads(input=lambda g: zeros_like(g))


@composite(inplace=True)
def sgn(input: Tensor) -> Tensor:
    """The sign; of a complex number, ``input / |input|`` (0 at 0)."""
    if not input.dtype.is_complex:
        return input.sign()
    size = input.abs()
    return (input / size).masked_fill(size == 0, 0)


@unary(numeric)
def square(input: Tensor) -> Tensor:
    """``input * input``."""


square.default(lambda input: input * input)
square.grads(input=lambda g, input: g * conj_of(input * 2))


@unary(floating)
def reciprocal(input: Tensor) -> Tensor:
    """``1 / input``."""


reciprocal.default(lambda input: 1 / input)
reciprocal.grads(input=lambda g, result: -g * conj_of(result * result))


# ---------------------------------------------------------------------------------------------------- powers and logs


@unary(floating)
def exp(input: Tensor) -> Tensor:
    """``e ** input``.

    Example:
        >>> import tensorplug as tp
        >>> tp.exp(tp.tensor([0.0, 1.0]))
        tensor([1.0000, 2.7183])
    """


exp.grads(input=lambda g, result: g * conj_of(result))


@unary(floating)
def exp2(input: Tensor) -> Tensor:
    """``2 ** input``."""


exp2.default(lambda input: 2.0**input)
exp2.grads(input=lambda g, result: g * conj_of(result) * math.log(2))


@unary(floating)
def expm1(input: Tensor) -> Tensor:
    """``exp(input) - 1``, accurate near 0."""


expm1.grads(input=lambda g, result: g * conj_of(result + 1))


@unary(floating)
def log(input: Tensor) -> Tensor:
    """The natural logarithm: -inf at 0, NaN below.

    Example:
        >>> import tensorplug as tp
        >>> tp.log(tp.tensor([1.0, 0.0]))
        tensor([0., -inf])
    """


log.grads(input=lambda g, input: g / conj_of(input))


@unary(floating)
def log1p(input: Tensor) -> Tensor:
    """``log(1 + input)``, accurate near 0."""


log1p.grads(input=lambda g, input: g / conj_of(input + 1))


@unary(floating)
def log2(input: Tensor) -> Tensor:
    """The logarithm to base 2."""


log2.grads(input=lambda g, input: g / conj_of(input * math.log(2)))


@unary(floating)
def log10(input: Tensor) -> Tensor:
    """The logarithm to base 10."""


log10.grads(input=lambda g, input: g / conj_of(input * math.log(10)))


@unary(floating)
def sqrt(input: Tensor) -> Tensor:
    """The square root: NaN below 0. The gradient at 0 is inf."""


sqrt.grads(input=lambda g, result: g / conj_of(result * 2))


@unary(floating)
def rsqrt(input: Tensor) -> Tensor:
    """``1 / sqrt(input)``."""


rsqrt.default(lambda input: 1 / input.sqrt())
rsqrt.grads(input=lambda g, result: g * conj_of(result * result * result) * -0.5)


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


# ---------------------------------------------------------------------------------------------------- special functions


@unary(real_floating)
def erf(input: Tensor) -> Tensor:
    """The error function, ``2/sqrt(pi) * integral of exp(-t**2) from 0 to input``."""


erf.grads(input=lambda g, input: g * (-(input * input)).exp() * (2 / math.sqrt(math.pi)))


@unary(real_floating)
def erfc(input: Tensor) -> Tensor:
    """``1 - erf(input)``, accurate for large inputs."""


# Rational approximations of erfc(x) * exp(x**2) for x from 0.46875 to 4, and beyond of its difference from
# 1 / (x * sqrt(pi)) in 1 / x**2 (W. J. Cody, Rational Chebyshev approximations for the error function, 1969); highest
# power first.
_ERFC_MIDDLE = (
    (2.15311535474403846e-8, 0.564188496988670089, 8.88314979438837594, 66.1191906371416295, 298.635138197400131,
     881.952221241769090, 1712.04761263407058, 2051.07837782607147, 1230.33935479799725),
    (1.0, 15.7449261107098347, 117.693950891312499, 537.181101862009858, 1621.38957456669019, 3290.79923573345963,
     4362.61909014324716, 3439.36767414372164, 1230.33935480374942),
)  # fmt: skip
_ERFC_TAIL = (
    (0.0163153871373020978, 0.305326634961232344, 0.360344899949804439, 0.125781726111229246, 0.0160837851487422766,
     6.58749161529837803e-4),
    (1.0, 2.56852019228982242, 1.87295284992346047, 0.527905102951428412, 0.0605183413124413191,
     2.33520497626869185e-3),
)  # fmt: skip


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: Tensor) -> Tensor:
    """The quotient of two polynomials."""
    above, below = (
        functools.reduce(lambda total, c: total * x + c, part[1:], zeros_like(x) + part[0]) for part in coefficients
    )
    return above / below


@erfc.default
def _erfc(input: Tensor) -> Tensor:
    if input._kind.dtype in HALF:
        # The coefficients are out of the range of float16.
        return _erfc(input.to(float32)).to(input._kind.dtype)
    x = input.abs().clamp(max=40)  # beyond, the result is 0 in every dtype
    far = x.clamp(min=4)
    square = 1 / (far * far)
    tail = (1 / math.sqrt(math.pi) - square * _ratio(_ERFC_TAIL, square)) / far
    # exp(-x**2) in two factors, since rounding a large square would change it much: the first square is exact.
    near = (x * 16).floor() / 16
    bell = (-(near * near)).exp() * (-((x - near) * (x + near))).exp()
    found = tail.where(x > 4, _ratio(_ERFC_MIDDLE, x.clamp(max=4))) * bell
    return (1 - input.erf()).where(x < 0.46875, (2 - found).where(input < 0, found))


erfc.grads(input=lambda g, input: g * (-(input * input)).exp() * (-2 / math.sqrt(math.pi)))


@unary(real_floating)
def erfinv(input: Tensor) -> Tensor:
    """The inverse of ``erf``: -inf at -1, inf at 1, NaN outside."""


erfinv.grads(input=lambda g, result: g * (result * result).exp() * (math.sqrt(math.pi) / 2))


@unary(real_floating)
def lgamma(input: Tensor) -> Tensor:
    """The logarithm of the absolute value of the gamma function."""


lgamma.grads(input=lambda g, input: g * input.digamma())


@unary(real_floating)
def digamma(input: Tensor) -> Tensor:
    """The derivative of ``lgamma``."""


@plan("input; n", spaces=(), out=False)
def polygamma_of(input: Tensor, n: int) -> Plan:
    """The ``n``-th derivative of ``digamma``, for ``n`` from 1."""
    return (input,), (n,), input._shape, input._kind.dtype


_SHIFT = 16
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)


@polygamma_of.default
def _polygamma_of(input: Tensor, n: int) -> Tensor:
    # The sum of (x + k)**-(n + 1) over all k: the first terms as they are, the rest by Euler and Maclaurin's formula.
    # Below 1/2, where the first terms are not all, trigamma is reflected (DLMF 5.15.6, 5.15.1, 25.11.28).
    low = input < 0.5
    x = (1 - input).where(low, input) if n == 1 else input
    s = n + 1
    total = zeros_like(x)
    for k in range(_SHIFT):
        total = total + (x + k) ** -s
    y = x + _SHIFT
    total = total + y ** (1 - s) / (s - 1) + y**-s / 2
    factor = float(s)
    for j, bernoulli in enumerate(_BERNOULLI):
        total = total + y ** (-s - 2 * j - 1) * (bernoulli / math.factorial(2 * j + 2) * factor)
        factor *= (s + 2 * j + 1) * (s + 2 * j + 2)
    total = total * ((-1) ** s * math.factorial(n))
    if n > 1:
        return total.masked_fill(input < 1 - _SHIFT, math.nan)
    # The sine of a whole multiple of pi is not 0 in floating point: take the whole part off first.
    reflected = math.pi**2 / ((input - rint(input)) * math.pi).sin().square() - total
    return reflected.where(low, total)


polygamma_of.grads(input=lambda g, input, n: g * polygamma_of(input, n + 1))
digamma.grads(input=lambda g, input: g * polygamma_of(input, 1))


@composite(inplace=True)
def polygamma(n: int, input: Tensor) -> Tensor:
    """The ``n``-th derivative of ``digamma``; for ``n`` above 1, NaN below -15.

    Raises:
        RuntimeError: ``n`` is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.polygamma(1, tp.tensor([1.0, 0.5]))
        tensor([1.6449, 4.9348])
    """
    if isinstance(n, AnyTensor):
        n, input = input, n  # as a method
    if n < 0:
        raise RuntimeError(f"polygamma(n, x) does not support negative n, got {n}")
    (converted,), _, _, _ = operands("polygamma", real_floating, (input,))
    return digamma(converted) if n == 0 else polygamma_of(converted, n)


@unary(floating, spaces=("torch", "Tensor", "F"))
def sigmoid(input: Tensor) -> Tensor:
    """``1 / (1 + exp(-input))``.

    Example:
        >>> import tensorplug as tp
        >>> tp.sigmoid(tp.tensor([0.0, 2.0]))
        tensor([0.5000, 0.8808])
    """


sigmoid.default(lambda input: 1 / (1 + (-input).exp()))
sigmoid.grads(input=lambda g, result: g * conj_of(result * (1 - result)))


# ---------------------------------------------------------------------------------------------------- rounding


def _flat(g: Tensor) -> Tensor:
    return zeros_like(g)


@unary(real)
def floor(input: Tensor) -> Tensor:
    """The largest whole number not above each element."""


floor.grads(input=_flat)


@unary(real)
def ceil(input: Tensor) -> Tensor:
    """The smallest whole number not below each element."""


ceil.grads(input=_flat)


@unary(real, aliases=("fix",))
def trunc(input: Tensor) -> Tensor:
    """Each element without its fraction."""


trunc.grads(input=_flat)


@unary(real, spaces=())
def rint(input: Tensor) -> Tensor:
    """The nearest whole number; halves go to the even one."""


rint.grads(input=_flat)


@composite(inplace=True)
def round_(input: Tensor, *, decimals: int = 0) -> Tensor:
    """Rounds to ``decimals`` places; halves go to the even neighbour.

    Example:
        >>> import tensorplug as tp
        >>> tp.round(tp.tensor([0.5, 1.5, 2.5]))
        tensor([0., 2., 2.])
    """
    if decimals == 0 or input.dtype.category <= INTEGER:
        return rint(input)
    scale = 10.0 ** abs(decimals)
    return rint(input * scale) / scale if decimals > 0 else rint(input / scale) * scale


@composite(inplace=True)
def frac(input: Tensor) -> Tensor:
    """Each element's fraction, with its sign."""
    return input - input.trunc()


# ---------------------------------------------------------------------------------------------------- choice and limits


@binary(real)
def maximum(input: Tensor, other: Tensor) -> Tensor:
    """The larger of each pair; NaN where either is NaN. Where both are equal each gets half the gradient."""


@binary(real)
def minimum(input: Tensor, other: Tensor) -> Tensor:
    """The smaller of each pair; NaN where either is NaN. Where both are equal each gets half the gradient."""


def _share(g: Tensor, chosen: Tensor, tie: Tensor) -> Tensor:
    return (g / 2).where(tie, g).masked_fill(~(chosen | tie), 0)


maximum.grads(
    input=lambda g, input, other: _share(g, input > other, input == other),
    other=lambda g, input, other: _share(g, other > input, input == other),
)
minimum.grads(
    input=lambda g, input, other: _share(g, input < other, input == other),
    other=lambda g, input, other: _share(g, other < input, input == other),
)


@plan("input, min, max", inplace=True, broadcasts=True, aliases=("clip",))
def clamp(input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Plan:
    """Limits each element to [``min``, ``max``]; where ``min > max`` the result is ``max``. NaN stays NaN.

    Args:
        input: a real tensor.
        min, max: numbers or tensors that broadcast with ``input``; at least one.

    Raises:
        RuntimeError: neither limit is given.

    Example:
        >>> import tensorplug as tp
        >>> tp.clamp(tp.tensor([-2.0, 0.5, 3.0]), 0, 1)
        tensor([0.0000, 0.5000, 1.0000])
    """
    given = [v for v in (min, max) if v is not None]
    if not given:
        raise RuntimeError("clamp: At least one of 'min' or 'max' must not be None")
    (input, *limits), dtype, shape, _ = operands("clamp", real, (input, *given))
    low = limits.pop(0) if min is not None else None
    high = limits.pop(0) if max is not None else None
    return (input, low, high), (), shape, dtype


@clamp.default
def _clamp(input: Tensor, min: Tensor | Number | None, max: Tensor | Number | None) -> Tensor:
    if min is not None:
        input = maximum(input, min)
    return minimum(input, max) if max is not None else input


def _clamp_input(g: Tensor, input: Tensor, min: Any, max: Any) -> Tensor:
    if min is not None:
        g = g.masked_fill(~(input >= min), 0)
    return g.masked_fill(~(input <= max), 0) if max is not None else g


def _clamp_min(g: Tensor, input: Tensor, min: Any, max: Any) -> Tensor:
    chosen = input < min
    return g.masked_fill(~(chosen & (max > min) if max is not None else chosen), 0)


def _clamp_max(g: Tensor, input: Tensor, min: Any, max: Any) -> Tensor:
    chosen = input > max
    return g.masked_fill(~(chosen | (max < min) if min is not None else chosen), 0)


clamp.grads(input=_clamp_input, min=_clamp_min, max=_clamp_max)


@composite(inplace=True)
def clamp_min(input: Tensor, min: Tensor | Number) -> Tensor:
    """Limits each element to at least ``min``."""
    return input.clamp(min=min)


@composite(inplace=True)
def clamp_max(input: Tensor, max: Tensor | Number) -> Tensor:
    """Limits each element to at most ``max``."""
    return input.clamp(max=max)


@plan("condition, input, other", broadcasts=True, spaces=("torch",))
def where(condition: Tensor, input: Tensor | Number | None = None, other: Tensor | Number | None = None) -> Any:
    """``input`` where ``condition`` holds, ``other`` elsewhere.

    Args:
        condition: a bool tensor.
        input, other: tensors or numbers that broadcast with ``condition``; without them the result is
            ``nonzero(condition, as_tuple=True)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.where(tp.tensor([True, False]), 1.0, 0.0)
        tensor([1., 0.])
    """
    if input is None and other is None:
        return list(condition.nonzero(as_tuple=True))
    if not isinstance(condition, AnyTensor) or condition._kind.dtype.category not in (BOOL, INTEGER):
        raise RuntimeError(
            f"where: expected condition to be a bool tensor, got {getattr(condition, 'dtype', condition)}"
        )
    if condition._kind.dtype.category != BOOL:
        raise RuntimeError(
            f"where expected condition to be a boolean tensor, but got a tensor with dtype {condition.dtype}"
        )
    common = result_type(input, other)
    tensors = [v for v in (condition, input, other) if isinstance(v, TensorBase)]
    device = common_device("where", tensors)
    shape = tuple(broadcast_shapes(*[t._shape for t in tensors]))
    chosen = [_branch(v, common, device) for v in (input, other)]
    condition = condition if condition._kind.device is device else condition.to(device)
    return (condition, *chosen), (), shape, common


def _branch(value: Tensor | Number, dtype: DType, device: Device) -> Tensor:
    if isinstance(value, AnyTensor):
        return value.to(device=device, dtype=dtype)
    return filled((), value, dtype, device)


where.grads(
    input=lambda g, condition: g.masked_fill(~condition, 0),
    other=lambda g, condition: g.masked_fill(condition, 0),
)


@composite(inplace=True)
def nan_to_num(input: Tensor, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Tensor:
    """Replaces NaN by ``nan`` and infinities by ``posinf`` and ``neginf`` (by default the dtype's largest numbers)."""
    if input.dtype.category <= INTEGER:
        return input.clone()
    largest = input.dtype.max
    input = input.masked_fill(input.isnan(), nan)
    input = input.masked_fill(input == math.inf, largest if posinf is None else posinf)
    return input.masked_fill(input == -math.inf, -largest if neginf is None else neginf)


@composite(inplace=True)
def lerp(input: Tensor, end: Tensor, weight: Tensor | float) -> Tensor:
    """Linear interpolation, ``input + weight * (end - input)``."""
    return input + weight * (end - input)


@composite(inplace=True)
def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1) -> Tensor:
    """``input + value * tensor1 * tensor2``."""
    product = tensor1 * tensor2
    return input + (product if value == 1 else product * value)


@composite(inplace=True)
def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1) -> Tensor:
    """``input + value * tensor1 / tensor2``; integer tensors are refused."""
    if result_type(tensor1, tensor2).category <= INTEGER:
        raise RuntimeError("addcdiv: integer division is not supported; convert the tensors to a floating-point dtype")
    quotient = tensor1 / tensor2
    return input + (quotient if value == 1 else quotient * value)


# ---------------------------------------------------------------------------------------------------- bits


def _invertible(name: str, common: DType) -> tuple[DType, DType]:
    if common.category > INTEGER:
        raise TypeError(f"{name} (~) takes integers or bools, got {common}")
    return common, common


@unary(_invertible)
def bitwise_not(input: Tensor) -> Tensor:
    """Every bit flipped; of bools, the logical not."""


@binary(integral)
def bitwise_and(input: Tensor, other: Tensor | Number) -> Tensor:
    """Bits set in both; of bools, the logical and."""


@binary(integral)
def bitwise_or(input: Tensor, other: Tensor | Number) -> Tensor:
    """Bits set in either; of bools, the logical or."""


@binary(integral)
def bitwise_xor(input: Tensor, other: Tensor | Number) -> Tensor:
    """Bits set in one only; of bools, whether they differ."""


@binary(integers_only)
def bitwise_left_shift(input: Tensor, other: Tensor | Number) -> Tensor:
    """``input * 2**other``, wrapping."""


@binary(integers_only)
def bitwise_right_shift(input: Tensor, other: Tensor | Number) -> Tensor:
    """``input / 2**other``, rounded down."""


# ---------------------------------------------------------------------------------------------------- complex numbers


@unary(same, spaces=(), inplace=False)
def conj_physical(input: Tensor) -> Tensor:
    """The complex conjugate as new values."""


conj_physical.grads(input=lambda g: conj_of(g))


@composite(out=False)
def conj(input: Tensor) -> Tensor:
    """The complex conjugate; a real tensor comes back itself."""
    return conj_physical(input) if input.dtype.is_complex else input


@plan("real, imag", spaces=("torch",))
def complex_(real: Tensor, imag: Tensor) -> Plan:
    """The complex numbers of the given real and imaginary parts.

    Args:
        real, imag: float32 or float64, both of one dtype and shape.

    Raises:
        RuntimeError: other or different dtypes.

    Example:
        >>> import tensorplug as tp
        >>> tp.complex(tp.tensor([1.0]), tp.tensor([2.0]))
        tensor([1.+2.j])
    """
    dtype = real._kind.dtype
    if dtype not in (float32, float64) or imag._kind.dtype is not dtype:
        raise RuntimeError(f"complex: expected two tensors of float32 or float64, got {dtype} and {imag._kind.dtype}")
    shape = broadcast_pair(real._shape, imag._shape)
    return (real.expand(shape), imag.expand(shape)), (), shape, dtype.to_complex()


complex_.grads(real=lambda g: g.real, imag=lambda g: g.imag)


@unary(magnitude, spaces=(), inplace=False)
def real_part(input: Tensor) -> Tensor:
    """Real parts as new values."""


real_part.grads(input=lambda g: g)


@unary(magnitude, spaces=(), inplace=False)
def imag_part(input: Tensor) -> Tensor:
    """Imaginary parts as new values."""


imag_part.grads(input=lambda g: g * 1j)
