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
from tensorplug.ops.series import chebyshev_sum, in_float32, polynomial

Tensor = Any
Number = Any


# ---------------------------------------------------------------------------------------------------- special functions


@unary(real_floating)
def erf(input: Tensor) -> Tensor:
    """The error function, ``2/sqrt(pi) * integral of exp(-t**2) from 0 to input``."""


# The Chebyshev coefficients of erf(x) / x for x from 0 to 1/2 in x**2, computed with 50 digits.
_ERF_NEAR = (
    1.083882205490613, -0.04367779108737525, 0.0008071118294133213, -1.191317951927046e-05, 1.440278733630302e-07,
    -1.467715582316901e-09, 1.2902439604484931e-11, -9.963857180158892e-14, 6.857505850501839e-16,
    -4.255370438044438e-18,
)  # fmt: skip


@erf.default
@in_float32
def _erf(input: Tensor) -> Tensor:
    x = input.abs()
    small = x.clamp(max=0.5)
    near = chebyshev_sum(_ERF_NEAR, small * small * 8 - 1) * input
    return near.where(x <= 0.5, (1 - _complement(x.clamp(min=0.5))) * input.sign())


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


def _complement(x: Tensor) -> Tensor:
    """``erfc(x)`` for ``x`` from 0.46875."""
    x = x.clamp(max=40)  # beyond, the result is 0 in every dtype
    # exp(-x**2) in two factors, since rounding a large square would change it much: the first square is exact.
    near = (x * 16).floor() / 16
    bell = (-(near * near)).exp() * (-((x - near) * (x + near))).exp()
    return scaled_complement(x) * bell


@erfc.default
@in_float32  # the coefficients are out of the range of float16
def _erfc(input: Tensor) -> Tensor:
    x = input.abs()
    found = _complement(x)
    return (1 - input.erf()).where(x < 0.46875, (2 - found).where(input < 0, found))


erfc.grads(input=lambda g, input: g * (-(input * input)).exp() * (-2 / math.sqrt(math.pi)))


@unary(real_floating)
def erfinv(input: Tensor) -> Tensor:
    """The inverse of ``erf``: -inf at -1, inf at 1, NaN outside."""


# Rational approximations to 16 digits (M. J. Wichura, Algorithm AS 241: The percentage points of the normal
# distribution, 1988): of the quantile over q in 0.180625 - q**2 for |q| up to 0.425, and beyond of its size in
# r - 1.6 and, from r = 5 on, in r - 5, where r = sqrt(-log(p)) and p is the area of the tail. Highest power first.
_CENTRE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080),
    (5226.4952788528545610, 28729.085735721942674, 39307.895800092710610, 21213.794301586595867,
     5394.1960214247511077, 687.18700749205790830, 42.313330701600911252, 1.0),
)  # fmt: skip
_OUTER = (
    (7.74545014278341407640e-4, 0.0227238449892691845833, 0.241780725177450611770, 1.27045825245236838258,
     3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 0.0151986665636164571966, 0.148103976427480074590,
     0.689767334985100004550, 1.67638483018380384940, 2.05319162663775882187, 1.0),
)  # fmt: skip
_FAR = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.00124266094738807843860, 0.0265321895265761230930,
     0.296560571828504891230, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
     0.0148753612908506148525, 0.136929880922735805310, 0.599832206555887937690, 1.0),
)  # fmt: skip


def normal_quantile(q: Tensor, tail: Tensor) -> Tensor:
    """Where a share ``q`` of the standard normal distribution lies between 0 and the result, and ``tail`` beyond."""
    square = 0.180625 - q * q
    centre = q * polynomial(_CENTRE[0], square) / polynomial(_CENTRE[1], square)
    r = (-tail.log()).sqrt()
    outer, far = r - 1.6, r - 5
    size = polynomial(_OUTER[0], outer) / polynomial(_OUTER[1], outer)
    size = (polynomial(_FAR[0], far) / polynomial(_FAR[1], far)).where(r > 5, size).masked_fill(tail == 0, math.inf)
    return centre.where(q.abs() <= 0.425, (-size).where(q < 0, size))


@erfinv.default
@in_float32
def _erfinv(input: Tensor) -> Tensor:
    return normal_quantile(input / 2, (1 - input.abs()) / 2) / math.sqrt(2)


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
