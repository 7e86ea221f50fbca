"""The error function and its relatives, and the logistic function."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.ops.define import (
    floating,
    real_floating,
    unary,
)
from tensorplug.ops.elementwise import conj_of
from tensorplug.ops.series import in_float32, polynomial

Tensor = Any
Number = Any


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


def scaled_complement(x: Tensor) -> Tensor:
    """``erfc(x) * exp(x**2)`` for ``x`` from 0.46875."""
    far = x.clamp(min=4)
    square = 1 / (far * far)
    tail = (1 / math.sqrt(math.pi) - square * _ratio(_ERFC_TAIL, square)) / far
    return tail.where(x > 4, _ratio(_ERFC_MIDDLE, x.clamp(max=4)))


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: Tensor) -> Tensor:
    """The quotient of two polynomials."""
    above, below = coefficients
    return polynomial(above, x) / polynomial(below, x)


@erfc.default
@in_float32  # the coefficients are out of the range of float16
def _erfc(input: Tensor) -> Tensor:
    x = input.abs().clamp(max=40)  # beyond, the result is 0 in every dtype
    # exp(-x**2) in two factors, since rounding a large square would change it much: the first square is exact.
    near = (x * 16).floor() / 16
    bell = (-(near * near)).exp() * (-((x - near) * (x + near))).exp()
    found = scaled_complement(x) * bell
    return (1 - input.erf()).where(x < 0.46875, (2 - found).where(input < 0, found))


erfc.grads(input=lambda g, input: g * (-(input * input)).exp() * (-2 / math.sqrt(math.pi)))


@unary(real_floating)
def erfinv(input: Tensor) -> Tensor:
    """The inverse of ``erf``: -inf at -1, inf at 1, NaN outside."""


erfinv.grads(input=lambda g, result: g * (result * result).exp() * (math.sqrt(math.pi) / 2))


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
