"""The gamma function's logarithm and its derivatives, and zeta, element by element."""

from __future__ import annotations

import math
from operator import index
from typing import Any

from tensorplug.dispatch import Plan, operands
from tensorplug.dtypes import bool_
from tensorplug.ops.creation import zeros_like
from tensorplug.ops.define import binary, composite, plan, real_floating, unary
from tensorplug.ops.rounding import rint
from tensorplug.ops.series import as_tensors, in_float32, no_derivative, polynomial, single_or_double

Tensor = Any
Number = Any


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


_TERMS = 12
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)


@polygamma_of.default
@in_float32
def _polygamma_of(input: Tensor, n: int) -> Tensor:
    if n > 1:
        return zeta(float(n + 1), input) * ((-1) ** (n + 1) * math.factorial(n))
    # By recurrence to large numbers and the asymptotic series there, below 1/2 by reflection (DLMF 5.15.5, 5.15.8 and
    # 5.15.6).
    low = input < 0.5
    x = (1 - input).where(low, input)
    total = zeros_like(x)
    for k in range(_TERMS):
        total = total + (x + k) ** -2
    inverse = 1 / (x + _TERMS)
    square = inverse * inverse
    series = polynomial((*_BERNOULLI[::-1], 1.0), square)
    total = total + inverse * series + square / 2
    # The sine of a whole multiple of pi is not 0 in floating point: take the whole part off first.
    reflected = math.pi**2 / ((input - rint(input)) * math.pi).sin().square() - total
    return reflected.where(low, total)


polygamma_of.grads(input=lambda g, input, n: g * polygamma_of(input, n + 1))
digamma.grads(input=lambda g, input: g * polygamma_of(input, 1))


@composite(spaces=("torch",))
def polygamma(n: int, input: Tensor) -> Tensor:
    """The ``n``-th derivative of ``digamma``.

    Raises:
        RuntimeError: ``n`` is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.polygamma(1, tp.tensor([1.0, 0.5]))
        tensor([1.6449, 4.9348])
    """
    n = index(n)
    if n < 0:
        raise RuntimeError(f"polygamma(n, x) does not support negative n, got {n}")
    (converted,), _, _, _ = operands("polygamma", real_floating, (input,))
    return digamma(converted) if n == 0 else polygamma_of(converted, n)


@composite(inplace=True)
def mvlgamma(input: Tensor, p: int) -> Tensor:
    """The logarithm of the multivariate gamma function of dimension ``p``.

    Args:
        input: real numbers; the function is defined where all are above ``(p - 1) / 2``.
        p: the dimension, from 1.

    Raises:
        RuntimeError: ``p`` is below 1, or the tensor is of bools.

    Example:
        >>> import tensorplug as tp
        >>> tp.mvlgamma(tp.tensor([2.0, 3.0]), 2)
        tensor([0.4516, 1.5502])
    """
    if p < 1:
        raise RuntimeError(f"mvlgamma: p has to be greater than or equal to 1, got {p}")
    if input._kind.dtype is bool_:
        raise RuntimeError("mvlgamma: the input tensor may not be a boolean tensor")
    (x,), _, _, _ = operands("mvlgamma", real_floating, (input,))
    total = lgamma(x)
    for j in range(1, p):
        total = total + lgamma(x - j / 2)
    return total + p * (p - 1) / 4 * math.log(math.pi)


# ---------------------------------------------------------------------------------------------------- zeta


@binary(single_or_double, spaces=("special",), inplace=False)
def zeta(input: Tensor | Number, other: Tensor | Number) -> Tensor:
    """Hurwitz's zeta function, the sum of ``(k + other)**-input`` over ``k`` from 0.

    Args:
        input: the exponent: inf at 1, NaN below.
        other: where the sum starts. At 0, -1, -2, ... the result is inf; at other negative numbers it is NaN unless
            ``input`` is whole.

    Raises:
        NotImplementedError: in the backward pass, if a gradient for ``input`` is asked for.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.zeta(tp.tensor([2.0, 4.0]), 1.0)
        tensor([1.6449, 1.0823])
    """


@zeta.default
def _zeta(input: Tensor | Number, other: Tensor | Number) -> Tensor:
    s, q = as_tensors(input, other)
    # From a negative number the sum passes through as many terms as there are whole steps up to 0; these are those of
    # a sum from a positive number downwards, with the signs of odd powers turned.
    below = q < 0
    whole_part = (-q).floor()
    down = (-q - whole_part).masked_fill(~below, 1)
    found = _positive_zeta(s, (1 - down).where(below, q))
    passed = _positive_zeta(s, down) - _positive_zeta(s, down + (whole_part + 1).masked_fill(~below, 0))
    passed = passed * (1 - s.remainder(2) * 2)
    found = (found + passed).where(below, found)
    whole = q == q.floor()
    found = found.masked_fill(below & ~whole & (s != s.floor()), math.nan)
    found = found.masked_fill((q <= 0) & whole, math.inf)
    return found.masked_fill(~(s >= 1), math.nan).masked_fill(s == 1, math.inf)


def _positive_zeta(s: Tensor, q: Tensor) -> Tensor:
    """The first terms as they are, the rest by Euler and Maclaurin's formula (DLMF 25.11.28)."""
    total = zeros_like(s + q)
    for k in range(_TERMS):
        total = total + (q + k) ** -s
    y = q + _TERMS
    power = y**-s
    total = total + power * (y / (s - 1) + 0.5)
    square = 1 / (y * y)
    term = power * s / y
    for j, bernoulli in enumerate(_BERNOULLI):
        total = total + (term * (bernoulli / math.factorial(2 * j + 2))).masked_fill(power == 0, 0)
        term = term * square * (s + (2 * j + 1)) * (s + (2 * j + 2))
    return total


zeta.grads(
    input=lambda g: no_derivative("zeta", "input"),
    other=lambda g, input, other: g * -input * zeta(input + 1, other),
)
