"""Element-wise functions written in terms of the basic ones; kernels of their own are welcome but not needed."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from tensorplug.base import AnyTensor, TensorBase
from tensorplug.dispatch import Plan
from tensorplug.dtypes import (
    COMPLEX,
    FLOAT,
    DType,
    bfloat16,
    bool_,
    complex128,
    float16,
    float32,
    float64,
    get_default_dtype,
    int32,
)
from tensorplug.ops.complex import complex_
from tensorplug.ops.creation import zeros_like
from tensorplug.ops.define import binary, composite, floating, integers_only, plan, real, real_floating, unary
from tensorplug.ops.views import broadcast_tensors
from tensorplug.promotion import result_type

Tensor = Any
Number = Any


def _floats(name: str, common: DType) -> tuple[DType, DType]:
    """Floating-point dtypes, kept."""
    if not common.is_floating_point:
        raise NotImplementedError(f"{name} is not implemented for {common}: it takes floating-point numbers")
    return common, common


def _real_predicate(name: str, common: DType) -> tuple[DType, DType]:
    """Real dtypes; the result is bool."""
    real(name, common)
    return common, bool_


def _tensors(a: Tensor | Number, b: Tensor | Number) -> tuple[Tensor, Tensor]:
    """Both operands of an element-wise op, the one that may be a number as a 0-d tensor."""
    if not isinstance(a, AnyTensor):
        return b.new_full((), a), b
    return a, b if isinstance(b, AnyTensor) else a.new_full((), b)


# ---------------------------------------------------------------------------------------------------- signs


@unary(_real_predicate, inplace=False)
def signbit(input: Tensor) -> Tensor:
    """Whether the sign of each element is minus; that of ``-0.0`` is.

    Example:
        >>> import tensorplug as tp
        >>> tp.signbit(tp.tensor([-1.0, 0.0, -0.0]))
        tensor([ True, False,  True])
    """


@signbit.default
def _signbit(input: Tensor) -> Tensor:
    negative = input < 0
    return negative if input._kind.dtype.category < FLOAT else negative | ((input == 0) & (input.reciprocal() < 0))


@binary(real_floating)
def copysign(input: Tensor, other: Tensor | Number) -> Tensor:
    """The size of ``input`` with the sign of ``other``.

    Example:
        >>> import tensorplug as tp
        >>> tp.copysign(tp.tensor([1.0, -2.0]), tp.tensor([-0.0, 3.0]))
        tensor([-1.,  2.])
    """


@copysign.default
def _copysign(input: Tensor, other: Tensor | Number) -> Tensor:
    input, other = _tensors(input, other)
    size = input.abs()
    return (-size).where(other.signbit(), size)


copysign.grads(
    input=lambda g, input, result: (g * (result / input)).masked_fill(input == 0, 0), other=lambda g: zeros_like(g)
)


@composite(inplace=True)
def heaviside(input: Tensor, values: Tensor) -> Tensor:
    """0 where ``input`` is negative, 1 where it is positive, ``values`` where it is 0. Has no gradient.

    Raises:
        RuntimeError: dtypes differ, or are complex.

    Example:
        >>> import tensorplug as tp
        >>> tp.heaviside(tp.tensor([-2.0, 0.0, 3.0]), tp.tensor(0.5))
        tensor([0.0000, 0.5000, 1.0000])
    """
    if input._kind.dtype is not values._kind.dtype:
        raise RuntimeError("heaviside is not yet implemented for tensors with different dtypes.")
    if input._kind.dtype.category == COMPLEX:
        raise RuntimeError("heaviside is not yet implemented for complex tensors.")
    input, values = input.detach(), values.detach()
    return values.where(input == 0, (input > 0).to(input._kind.dtype))


@composite()
def angle(input: Tensor) -> Tensor:
    """The angle of each complex number; of real ones pi where negative, otherwise 0, and NaN of NaN.

    Example:
        >>> import tensorplug as tp
        >>> tp.angle(tp.tensor([1j, -1 + 0j]))
        tensor([1.5708, 3.1416])
    """
    if input._kind.dtype.is_complex:
        return input.imag.atan2(input.real)
    x = input.to(floating("angle", input._kind.dtype)[1])
    return x.masked_fill(~x.isnan(), 0) + (x < 0).to(x._kind.dtype) * math.pi


@composite()
def isposinf(input: Tensor) -> Tensor:
    """Whether each element of a real tensor is positive infinity.

    Example:
        >>> import tensorplug as tp
        >>> tp.isposinf(tp.tensor([float("inf"), -float("inf")]))
        tensor([ True, False])
    """
    _refuse_complex("isposinf", input)
    return _equals_infinity(input, math.inf)


@composite()
def isneginf(input: Tensor) -> Tensor:
    """Whether each element of a real tensor is negative infinity.

    Example:
        >>> import tensorplug as tp
        >>> tp.isneginf(tp.tensor([float("inf"), -float("inf")]))
        tensor([False,  True])
    """
    _refuse_complex("isneginf", input)
    return _equals_infinity(input, -math.inf)


def _equals_infinity(input: Tensor, infinity: float) -> Tensor:
    if input._kind.dtype.category < FLOAT:
        return input.new_zeros(input._shape, dtype=bool_)
    return input == infinity


def _refuse_complex(name: str, input: Tensor) -> None:
    if input._kind.dtype.is_complex:
        raise RuntimeError(f"{name} does not support complex inputs.")


@composite(out=False)
def isreal(input: Tensor) -> Tensor:
    """Whether each element has no imaginary part.

    Example:
        >>> import tensorplug as tp
        >>> tp.isreal(tp.tensor([1 + 0j, 1j]))
        tensor([ True, False])
    """
    return input.imag == 0 if input._kind.dtype.is_complex else input.new_ones(input._shape, dtype=bool_)


# ---------------------------------------------------------------------------------------------------- extremes


@binary(real, inplace=False)
def fmax(input: Tensor, other: Tensor) -> Tensor:
    """The larger of each pair; where one is NaN, the other.

    Example:
        >>> import tensorplug as tp
        >>> tp.fmax(tp.tensor([1.0, float("nan")]), tp.tensor([2.0, 3.0]))
        tensor([2., 3.])
    """


@fmax.default
def _fmax(input: Tensor, other: Tensor) -> Tensor:
    input, other = _tensors(input, other)
    return other.where(input.isnan(), input.where(other.isnan(), input.maximum(other)))


fmax.grads(
    input=lambda g, input, other: g.masked_fill(~((input >= other) | (other != other)), 0),
    other=lambda g, input, other: g.masked_fill((input >= other) | (other != other), 0),
)


@binary(real, inplace=False)
def fmin(input: Tensor, other: Tensor) -> Tensor:
    """The smaller of each pair; where one is NaN, the other.

    Example:
        >>> import tensorplug as tp
        >>> tp.fmin(tp.tensor([1.0, float("nan")]), tp.tensor([2.0, 3.0]))
        tensor([1., 3.])
    """


@fmin.default
def _fmin(input: Tensor, other: Tensor) -> Tensor:
    input, other = _tensors(input, other)
    return other.where(input.isnan(), input.where(other.isnan(), input.minimum(other)))


fmin.grads(
    input=lambda g, input, other: g.masked_fill(~((input <= other) | (other != other)), 0),
    other=lambda g, input, other: g.masked_fill((input <= other) | (other != other), 0),
)


# ---------------------------------------------------------------------------------------------------- logarithms


@binary(_floats, inplace=False)
def logaddexp(input: Tensor, other: Tensor) -> Tensor:
    """``log(exp(input) + exp(other))``, without overflow.

    Example:
        >>> import tensorplug as tp
        >>> tp.logaddexp(tp.tensor([1000.0]), tp.tensor([1000.0]))
        tensor([1000.6932])
    """


@logaddexp.default
def _logaddexp(input: Tensor, other: Tensor) -> Tensor:
    input, other = _tensors(input, other)
    distance = (input - other).abs().masked_fill(input == other, 0)
    return input.maximum(other) + (-distance).exp().log1p()


logaddexp.grads(
    input=lambda g, input, other: g / (1 + (other - input).exp()),
    other=lambda g, input, other: g / (1 + (input - other).exp()),
)


@binary(_floats, inplace=False)
def logaddexp2(input: Tensor, other: Tensor) -> Tensor:
    """``log2(2**input + 2**other)``, without overflow.

    Example:
        >>> import tensorplug as tp
        >>> tp.logaddexp2(tp.tensor([1000.0]), tp.tensor([1000.0]))
        tensor([1001.])
    """


@logaddexp2.default
def _logaddexp2(input: Tensor, other: Tensor) -> Tensor:
    input, other = _tensors(input, other)
    distance = (input - other).abs().masked_fill(input == other, 0)
    return input.maximum(other) + (-distance).exp2().log1p() / math.log(2)


logaddexp2.grads(
    input=lambda g, input, other: g / (1 + (other - input).exp2()),
    other=lambda g, input, other: g / (1 + (input - other).exp2()),
)


@binary(real_floating)
def xlogy(input: Tensor | Number, other: Tensor | Number) -> Tensor:
    """``input * log(other)``, and 0 where ``input`` is 0 (unless ``other`` is NaN).

    Example:
        >>> import tensorplug as tp
        >>> tp.xlogy(tp.tensor([0.0, 1.0]), tp.tensor([0.0, 1.0]))
        tensor([0., 0.])
    """


@xlogy.default
def _xlogy(input: Tensor | Number, other: Tensor | Number) -> Tensor:
    input, other = _tensors(input, other)
    return (input * other.log()).masked_fill((input == 0) & ~other.isnan(), 0)


xlogy.grads(
    input=lambda g, input, other: xlogy(g, other).masked_fill(_is_both(input == 0, other <= 0), 0),
    other=lambda g, input, other: g * input / other,
)


def _is_both(a: Tensor | bool, b: Tensor | bool) -> Tensor:
    return b & a if isinstance(b, AnyTensor) else a & b


@plan("input; eps", inplace=True)
def logit(input: Tensor, eps: float | None = None) -> Plan:
    """``log(x / (1 - x))``, the inverse of ``sigmoid``.

    Args:
        eps: limit the elements to [eps, 1 - eps] first; without it they give NaN outside of [0, 1].

    Example:
        >>> import tensorplug as tp
        >>> tp.logit(tp.tensor([0.5, 1.0]))
        tensor([0., inf])
    """
    input = input.to(real_floating("logit", input._kind.dtype)[1])
    return (input,), (eps,), input._shape, input._kind.dtype


@logit.default
def _logit(input: Tensor, eps: float | None) -> Tensor:
    if eps is not None:
        # Not clamp: where the limits have crossed, the lower one counts first.
        input = input.masked_fill(input > 1 - eps, 1 - eps).masked_fill(input < eps, eps)
    return (input / (1 - input)).log()


def _logit_input(g: Tensor, input: Tensor, eps: float | None) -> Tensor:
    low = 0.0 if eps is None else eps
    inside = (input >= low) & (input <= 1 - low)
    return (g / (input * (1 - input))).masked_fill(~inside, math.nan if eps is None else 0)


logit.grads(input=_logit_input)


# ---------------------------------------------------------------------------------------------------- lengths, angles


@binary(_floats)
def hypot(input: Tensor, other: Tensor) -> Tensor:
    """``sqrt(input**2 + other**2)``, without overflow; infinite where either is.

    Example:
        >>> import tensorplug as tp
        >>> tp.hypot(tp.tensor([3.0]), tp.tensor([4.0]))
        tensor([5.])
    """


@hypot.default
def _hypot(input: Tensor, other: Tensor) -> Tensor:
    input, other = _tensors(input, other)
    a, b = input.abs(), other.abs()
    long = a.maximum(b)
    ratio = (a.minimum(b) / long).masked_fill(long == 0, 0)
    return (long * (1 + ratio * ratio).sqrt()).masked_fill((a == math.inf) | (b == math.inf), math.inf)


hypot.grads(input=lambda g, input, result: g * (input / result), other=lambda g, other, result: g * (other / result))


@composite()
def polar(abs: Tensor, angle: Tensor) -> Tensor:
    """The complex numbers of these sizes and angles.

    Args:
        abs, angle: float32 or float64.

    Raises:
        RuntimeError: another dtype.

    Example:
        >>> import tensorplug as tp
        >>> tp.polar(tp.tensor([2.0]), tp.tensor([0.0]))
        tensor([2.+0.j])
    """
    for tensor in (abs, angle):
        if tensor._kind.dtype not in (float32, float64):
            raise RuntimeError(
                f"polar: expected float32 or float64 tensors, got {abs._kind.dtype}, {angle._kind.dtype}"
            )
    return complex_(abs * angle.cos(), abs * angle.sin())


@composite(inplace=True)
def deg2rad(input: Tensor) -> Tensor:
    """Degrees as radians.

    Example:
        >>> import tensorplug as tp
        >>> tp.deg2rad(tp.tensor([180.0]))
        tensor([3.1416])
    """
    return input * (math.pi / 180)


@composite(inplace=True)
def rad2deg(input: Tensor) -> Tensor:
    """Radians as degrees.

    Example:
        >>> import tensorplug as tp
        >>> tp.rad2deg(tp.tensor([1.0]))
        tensor([57.2958])
    """
    return input * (180 / math.pi)


# ---------------------------------------------------------------------------------------------------- powers


@composite()
def float_power(input: Tensor | Number, exponent: Tensor | Number) -> Tensor:
    """``input ** exponent`` in float64, or complex128 where either is complex.

    Example:
        >>> import tensorplug as tp
        >>> tp.float_power(tp.tensor([2]), -1)
        tensor([0.5000], dtype=tensorplug.float64)
    """
    values = (input, exponent)
    is_complex = any(x._kind.dtype.is_complex if isinstance(x, TensorBase) else isinstance(x, complex) for x in values)
    dtype = complex128 if is_complex else float64
    base, power = (x.to(dtype) if isinstance(x, AnyTensor) else x for x in values)
    return base**power


@composite(inplace=True)
def ldexp(input: Tensor, other: Tensor) -> Tensor:
    """``input * 2**other``.

    Example:
        >>> import tensorplug as tp
        >>> tp.ldexp(tp.tensor([1.0]), tp.tensor([3]))
        tensor([8.])
    """
    if other._kind.dtype.category >= FLOAT:
        return input * other.exp2()
    dtype = input._kind.dtype if input._kind.dtype.category >= FLOAT else get_default_dtype()
    scale = other.to(float64 if dtype.to_real() is float64 else float32).exp2()
    return (input * scale).to(dtype)


class MantissaExponent(NamedTuple):
    """The result of ``frexp``."""

    mantissa: Tensor
    exponent: Tensor


class _Format(NamedTuple):
    """A floating-point format: bits of the significand, the exponent of the smallest normal number."""

    bits: int
    least: int


_FORMATS = {
    float16: _Format(11, -14),
    bfloat16: _Format(8, -126),
    float32: _Format(24, -126),
    float64: _Format(53, -1022),
}


@plan("input", outputs=("mantissa", "exponent"), spaces=(), out=False)
def mantissa_exponent(input: Tensor) -> Plan:
    """``mantissa * 2**exponent`` with the mantissa's size in [0.5, 1); of 0, infinity and NaN themselves and 0."""
    return (input,), (), (input._shape,) * 2, (input._kind.dtype, int32)


@mantissa_exponent.default
def _mantissa_exponent(input: Tensor) -> tuple[Tensor, Tensor]:
    bits, least = _FORMATS[input._kind.dtype]
    odd = (input == 0) | (input - input != 0)
    x = input.masked_fill(odd, 1)
    small = x.abs() < 2.0**least
    x = (x * 2.0**bits).where(small, x)
    exponent = x.abs().log2().floor() + 1
    # In two steps, since 2**exponent may be out of range; and the logarithm may have been rounded.
    half = (exponent / 2).floor()
    mantissa = x * (-half).exp2() * (half - exponent).exp2()
    large, little = mantissa.abs() >= 1, mantissa.abs() < 0.5
    mantissa = (mantissa / 2).where(large, (mantissa * 2).where(little, mantissa))
    exponent = exponent + large.to(x._kind.dtype) - little.to(x._kind.dtype) - small.to(x._kind.dtype) * bits
    return input.where(odd, mantissa), exponent.masked_fill(odd, 0).to(int32)


@mantissa_exponent.vjp
def _mantissa_exponent_vjp(grads: tuple[Any, Any], exponent: Tensor, input_dtype: DType) -> Any:
    return grads[0] / exponent.to(input_dtype).exp2()


@composite()
def frexp(input: Tensor) -> MantissaExponent:
    """Each number as ``mantissa * 2**exponent``, the mantissa's size in [0.5, 1), as the named tuple of both.

    Raises:
        RuntimeError: not floating-point numbers.

    Example:
        >>> import tensorplug as tp
        >>> tp.frexp(tp.tensor([8.0]))
        MantissaExponent(mantissa=tensor([0.5000]), exponent=tensor([4], dtype=tensorplug.int32))
    """
    if not input._kind.dtype.is_floating_point:
        raise RuntimeError(f"frexp() only supports floating-point dtypes, got {input._kind.dtype}")
    return MantissaExponent(*mantissa_exponent(input))


@plan("input, other", inplace=True)
def nextafter(input: Tensor, other: Tensor) -> Plan:
    """The next number of the dtype after ``input`` in the direction of ``other``. Has no gradient.

    Example:
        >>> import tensorplug as tp
        >>> tp.nextafter(tp.tensor([1.0]), tp.tensor([2.0])) > 1
        tensor([True])
    """
    dtype = _floats("nextafter", result_type(input, other))[1]
    x, target = broadcast_tensors(input.to(dtype), other.to(dtype))
    return (x, target), (), x._shape, dtype


@nextafter.default
def _nextafter(x: Tensor, target: Tensor) -> Tensor:
    """The neighbours from rounded sums alone.

    Source: S. M. Rump, P. Zimmermann, S. Boldo, G. Melquiond, Computing predecessor and successor in rounding to
    nearest, BIT 49, 2009.
    """
    dtype = x._kind.dtype
    up = target > x
    size = x.abs()
    bits, least = _FORMATS[dtype]
    unit, smallest = 2.0**-bits, 2.0 ** (least - bits + 1)
    factor = unit * (1 + 2 * unit)
    step = (size * factor).where(size >= smallest / unit**2 / 2, smallest)
    found = (x + step).where(up, x - step)
    # In between, scaled away from the smallest numbers, where the factor alone would be rounded to nothing.
    between = (size >= smallest / unit) & (size < smallest / unit**2 / 2)
    scaled, scaled_step = x / unit, size / unit * factor
    found = ((scaled + scaled_step).where(up, scaled - scaled_step) * unit).where(between, found)
    largest = x.sign() * dtype.max
    found = largest.where((size == math.inf) & (target != x), found)
    found = found.where(found != 0, found.copysign(x))
    return target.where((target == x) | target.isnan(), found)


# ---------------------------------------------------------------------------------------------------- divisors


@binary(integers_only)
def gcd(input: Tensor, other: Tensor) -> Tensor:
    """The greatest common divisors of integers; of 0 and 0 it is 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.gcd(tp.tensor([12, 7]), tp.tensor([18, 0]))
        tensor([6, 7])
    """


@gcd.default
def _gcd(input: Tensor, other: Tensor) -> Tensor:
    input, other = _tensors(input, other)
    a, b = input.abs(), other.abs()
    a, b = a + b.new_zeros(b._shape), b + a.new_zeros(a._shape)
    while bool((b != 0).any()):
        done = b == 0
        a, b = a.where(done, b), a.remainder(b.masked_fill(done, 1)).masked_fill(done, 0)
    return a


@binary(integers_only)
def lcm(input: Tensor, other: Tensor) -> Tensor:
    """The least common multiples of integers; 0 where either is 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.lcm(tp.tensor([4, 7]), tp.tensor([6, 0]))
        tensor([12,  0])
    """


@lcm.default
def _lcm(input: Tensor, other: Tensor) -> Tensor:
    input, other = _tensors(input, other)
    divisor = gcd(input, other)
    return (input.floor_divide(divisor.masked_fill(divisor == 0, 1)) * other).abs()
