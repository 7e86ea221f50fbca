"""The incomplete gamma functions, element by element."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from tensorplug.dtypes import DType, float32
from tensorplug.ops.arithmetic import xlogy
from tensorplug.ops.creation import zeros_like
from tensorplug.ops.define import binary
from tensorplug.ops.gamma import lgamma, log_gamma_slope
from tensorplug.ops.series import as_tensors, in_float32, no_derivative

Tensor = Any
Number = Any


def _floats(name: str, common: DType) -> tuple[DType, DType]:
    """Real floating-point dtypes, kept."""
    if not common.is_floating_point:
        raise NotImplementedError(f"{name} is not implemented for {common}: it takes floating-point numbers")
    return common, common


@binary(_floats)
def igamma(input: Tensor, other: Tensor) -> Tensor:
    """The regularized lower incomplete gamma function, ``special.gammainc``.

    That is the integral of ``t**(input - 1) * exp(-t)`` from 0 to ``other``, as a share of the one from 0 to inf.

    Args:
        input: the exponent, not negative.
        other: the upper limit, not negative.

    Raises:
        NotImplementedError: in the backward pass, if a gradient for ``input`` is asked for.

    Example:
        >>> import tensorplug as tp
        >>> tp.igamma(tp.tensor([1.0, 4.0]), tp.tensor([1.0, 4.0]))
        tensor([0.6321, 0.5665])
    """


@binary(_floats)
def igammac(input: Tensor, other: Tensor) -> Tensor:
    """The regularized upper incomplete gamma function, ``1 - igamma``; also ``special.gammaincc``.

    Example:
        >>> import tensorplug as tp
        >>> tp.igammac(tp.tensor([1.0, 4.0]), tp.tensor([1.0, 4.0]))
        tensor([0.3679, 0.4335])
    """


def _density(input: Tensor | Number, other: Tensor | Number) -> Tensor:
    a, x = as_tensors(input, other)
    return (xlogy(a - 1, x) - x - lgamma(a)).exp()


igamma.grads(
    input=lambda g: no_derivative("igamma", "input"),
    other=lambda g, input, other: g * _density(input, other),
)
igammac.grads(
    input=lambda g: no_derivative("igammac", "input"),
    other=lambda g, input, other: -g * _density(input, other),
)


@igamma.default
@in_float32
def _igamma(input: Tensor | Number, other: Tensor | Number) -> Tensor:
    a, x = as_tensors(input, other)
    lower, upper, by_lower = _regularized(a, x)
    return _at_the_edges(a, x, lower.where(by_lower, 1 - upper), 0.0, 1.0)


@igammac.default
@in_float32
def _igammac(input: Tensor | Number, other: Tensor | Number) -> Tensor:
    a, x = as_tensors(input, other)
    lower, upper, by_lower = _regularized(a, x)
    found = (1 - lower).where(by_lower & ((a >= 1) | (x > a + 1)), upper)
    return _at_the_edges(a, x, found, 1.0, 0.0)


def _at_the_edges(a: Tensor, x: Tensor, found: Tensor, at_zero: float, at_infinity: float) -> Tensor:
    found = found.masked_fill((x == 0) | (a == math.inf), at_zero)
    found = found.masked_fill((a == 0) | (x == math.inf), at_infinity)
    undefined = ~((a >= 0) & (x >= 0)) | ((a == 0) & (x == 0)) | ((a == math.inf) & (x == math.inf))
    return found.masked_fill(undefined, math.nan)


# The lower function is a power series where its upper limit is small (DLMF 8.7.1). Elsewhere the smaller of both is an
# integral from the limit outwards, of a function that falls off quickly. With a small exponent the upper one comes
# from an alternating series without its first term, 1 (DLMF 8.7.3), so that no digits are lost to the difference.
_SERIES_UP_TO = 20


def _regularized(a: Tensor, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The lower and the upper function, and where the lower one counts; the other is then small or not computed."""
    inside = (a > 0) & (x > 0) & (a < math.inf) & (x < math.inf)
    a, x = a.masked_fill(~inside, 1), x.masked_fill(~inside, 1)
    by_series = (a < _SERIES_UP_TO) & (x <= a + 1)
    leading = _leading_term(a, x)
    series = leading * _power_series(a, x.minimum(a + 1).clamp(max=_SERIES_UP_TO + 1))
    by_lower = by_series | (x <= a)
    integral = a * leading * _outward_integral(a, x, by_lower)
    near = (a < 1) & by_series
    upper = _upper_series(a.clamp(max=1), x.clamp(max=2)).where(near, integral)
    return series.where(by_series, integral), upper, by_lower


def _leading_term(a: Tensor, x: Tensor) -> Tensor:
    """``x**a * exp(-x) / gamma(a + 1)``, for large ``a`` by Stirling's formula (DLMF 5.11.3), which loses no digits."""
    small = a < _SERIES_UP_TO
    direct = (a * x.log() - x - lgamma((a + 1).masked_fill(~small, 2))).exp()
    b = a.clamp(min=_SERIES_UP_TO)
    square = 1 / (b * b)
    correction = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / b
    exponent = b * _log_minus(x / b, (x - b) / b) - correction
    return direct.where(small, exponent.exp() / (2 * math.pi * b).sqrt())


def _log_minus(ratio: Tensor, u: Tensor) -> Tensor:
    """``log(ratio) - u`` where ``ratio`` is ``1 + u``, without losing the digits of small ``u``."""
    t = u.clamp(-0.5, 0.5)
    t = t / (2 + t)
    square = t * t
    total = zeros_like(u)
    for k in range(13 if u._kind.dtype is float32 else 41, 1, -2):
        total = total * square + 1 / k
    near = t * (2 * square * total - u)
    return near.where(u.abs() <= 0.5, ratio.log() - u)


def _power_series(a: Tensor, x: Tensor) -> Tensor:
    """The sum of ``x**n / ((a + 1) * ... * (a + n))`` over ``n`` from 0."""
    term = zeros_like(a) + 1
    total = term
    for n in range(1, 45 if a._kind.dtype is float32 else 80):
        term = term * x / (a + n)
        total = total + term
    return total


def _upper_series(a: Tensor, x: Tensor) -> Tensor:
    """The upper function for ``a`` below 1 and ``x`` up to 2, relative accuracy included."""
    exponent = a * (x.log() - log_gamma_slope(a))
    term = zeros_like(a) + 1
    total = zeros_like(a)
    for n in range(1, 20 if a._kind.dtype is float32 else 32):
        term = term * (-x / n)
        total = total + term / (a + n)
    return -exponent.expm1() - exponent.exp() * a * total


def _outward_integral(a: Tensor, x: Tensor, down: Tensor) -> Tensor:
    """The integral of ``(1 + u)**(a - 1) * exp(-x * u)`` over ``u`` from 0 to inf, or with ``-u`` where ``down`` to 1.

    By Gauss and Legendre's rule in the square root of ``u``, up to where the function has fallen below rounding.
    """
    nodes, decay = (16, 19.0) if a._kind.dtype is float32 else (30, 40.0)
    sign = 1 - 2 * down.to(a._kind.dtype)
    slope = (a - 1 - x) * sign
    # Two bounds on the length: the exponent falls at least in proportion to u, and at least as its square does.
    fall = (-slope).where(down, x - (a - 1).clamp(min=0))
    straight = decay / fall.clamp(min=1e-3)
    c = decay / (a - 1).clamp(min=1e-3)
    bent = (2 * c).sqrt().where(down, 2 / 3 * c + (4 / 9 * c * c + 2 * c).sqrt())
    length = straight.minimum(bent).where(~down, straight.minimum(bent).clamp(max=1))
    total = zeros_like(a)
    for node, weight in _legendre_rule(nodes):
        u = length * (node * node)
        exponent = (a - 1) * _log_minus(1 + u * sign, u * sign) + slope * u
        total = total + exponent.exp() * (2 * node * weight)
    return total * length


@functools.cache
def _legendre_rule(count: int) -> tuple[tuple[float, float], ...]:
    """Nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return tuple(zip(((nodes + 1) / 2).tolist(), (weights / 2).tolist(), strict=True))
