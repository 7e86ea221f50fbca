"""The gamma function's logarithm and its derivatives, and zeta, element by element."""

from __future__ import annotations

import math
from operator import index
from typing import Any

from tensorplug.dispatch import Plan
from tensorplug.dtypes import bool_
from tensorplug.ops.creation import zeros_like
from tensorplug.ops.define import binary, composite, plan, real_floating, unary
from tensorplug.ops.rounding import rint
from tensorplug.ops.series import as_tensors, chebyshev_sum, in_float32, no_derivative, polynomial, single_or_double
from tensorplug.ops.trigonometry import sinc
from tensorplug.promotion import operands

Tensor = Any
Number = Any

_TERMS = 12
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
"""How many terms of a series are taken as they are, and Bernoulli's numbers for the rest of it."""


@unary(real_floating)
def lgamma(input: Tensor) -> Tensor:
    """The logarithm of the absolute value of the gamma function."""


# The Chebyshev coefficients of log(gamma(1 + a)) / a for a from 0 to 1, computed with 50 digits.
_LOG_GAMMA = (
    -0.2647362369323025, 0.28587285859139466, -0.0235145763321575, 0.002685079974656731, -0.0003497552715727561,
    4.880755320003236e-05, -7.098358790485804e-06, 1.060746616681459e-06, -1.6155933858435658e-07,
    2.4955218012272827e-08, -3.896697345119788e-09, 6.137352658308378e-10, -9.734966110649396e-11,
    1.5533015630980043e-11, -2.4909467297324567e-12, 4.0120228240690907e-13, -6.486576014785499e-14,
    1.0522714222232995e-14, -1.7121447861626472e-15, 2.7933134227060936e-16, -4.568268129158122e-17,
    7.487532521139084e-18, -1.2296930695316564e-18,
)  # fmt: skip


def log_gamma_slope(a: Tensor) -> Tensor:
    """``lgamma(1 + a) / a`` for ``a`` from 0 to 1."""
    return chebyshev_sum(_LOG_GAMMA, 2 * a - 1)


_FAR = 8
"""From here Stirling's series is exact."""
_STIRLING = (1 / 156, -691 / 360360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12)


@lgamma.default
@in_float32
def _lgamma(input: Tensor) -> Tensor:
    # By reflection to positive numbers (DLMF 5.5.3); minus infinity goes with infinity, as in C.
    x = input.abs()
    found = _positive_lgamma(x)
    rest = (x - rint(x)).abs()  # from the nearest pole; sin(pi * x) is pi * rest * sinc(rest)
    mirrored = -(x.log() + rest.log() + sinc(rest).log()) - found
    pole = (x == math.inf) | (input <= 0) & (rest == 0)
    return mirrored.where(input < 0, found).masked_fill(pole, math.inf)


def _positive_lgamma(x: Tensor) -> Tensor:
    """By recurrence to numbers from 1 to 2, for large ones by Stirling's series (DLMF 5.5.1 and 5.11.1)."""
    near = x.clamp(max=_FAR)
    a = near - near.floor()
    product = zeros_like(x) + 1
    for k in range(1, _FAR):
        product = product * (near - k).masked_fill(near < k + 1, 1)
    found = a * log_gamma_slope(a) + product.log()
    found = (found - near.log()).where(x < 1, found)
    far = x.clamp(min=_FAR)
    inverse = 1 / far
    series = polynomial(_STIRLING, inverse * inverse) * inverse
    stirling = (far - 0.5) * (far.log() - 1) + (math.log(2 * math.pi) - 1) / 2 + series
    return stirling.where(x > _FAR, found)


lgamma.grads(input=lambda g, input: g * input.digamma())


@unary(real_floating)
def digamma(input: Tensor) -> Tensor:
    """The derivative of ``lgamma``."""


@digamma.default
@in_float32
def _digamma(input: Tensor) -> Tensor:
    # By recurrence to large numbers and the asymptotic series there, below 1/2 by reflection (DLMF 5.5.2, 5.11.2 and
    # 5.5.4).
    low = input < 0.5
    x = (1 - input).where(low, input)
    total = zeros_like(x)
    for k in range(_TERMS):
        total = total - 1 / (x + k)
    y = x + _TERMS
    inverse = 1 / y
    terms = tuple(b / (2 * j + 2) for j, b in enumerate(_BERNOULLI))
    series = polynomial((*terms[::-1], 0.0), inverse * inverse)
    total = total + y.log() - inverse / 2 - series
    mirrored = total - math.pi / (input.fmod(1) * math.pi).tan()
    pole = (input < 0) & (input == input.floor())
    return mirrored.where(low, total).masked_fill(pole, math.nan)


@plan("input; n", spaces=(), out=False)
def polygamma_of(input: Tensor, n: int) -> Plan:
    """The ``n``-th derivative of ``digamma``, for ``n`` from 1."""
    return (input,), (n,), input._shape, input._kind.dtype


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
