"""Element-wise arithmetic. Gradients are written with ops, so they run on every device and can be differentiated."""

from __future__ import annotations

import cmath
import math
from typing import Any

from tensorplug.base import AnyTensor
from tensorplug.dtypes import INTEGER, DType, bool_, int64
from tensorplug.ops.creation import zeros_like
from tensorplug.ops.define import (
    binary,
    composite,
    floating,
    magnitude,
    numeric,
    real,
    same,
    unary,
    with_alpha,
    with_exponent,
)
from tensorplug.promotion import result_type

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


floor_divide.grads(input=lambda g: zeros_like(g), other=lambda g: zeros_like(g))


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


@with_exponent
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
        if exponent._kind.dtype.is_complex:
            return g * conj_of(result * cmath.log(input)) if input else zeros_like(g)
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
    zero = size == 0
    return (input / size.masked_fill(zero, 1)).masked_fill(zero, 0)


def _power_of_two(name: str, common: DType) -> tuple[DType, DType]:
    """Every dtype, kept; bools become int64."""
    return (int64, int64) if common is bool_ else (common, common)


@unary(_power_of_two)
def square(input: Tensor) -> Tensor:
    """``input * input``; bools become int64."""


square.default(lambda input: input * input)
square.grads(input=lambda g, input: g * conj_of(input * 2))


@unary(floating)
def reciprocal(input: Tensor) -> Tensor:
    """``1 / input``."""


reciprocal.default(lambda input: 1 / input)
reciprocal.grads(input=lambda g, result: -g * conj_of(result * result))
