"""How draws move with the parameters of their distribution, for those that cannot be drawn by inversion.

A draw ``x`` whose distribution function is ``F(x; a)`` moves by ``dx/da = -(dF/da) / (dF/dx)`` when its probability
is held (Figurnov, Mohamed and Mnih, "Implicit reparameterization gradients", 2018). For the gamma and the beta
distribution that is one integral of the density times the derivative of its logarithm. It is taken from ``x`` away
from the mean, in the variable (``log x`` or ``log(x / (1 - x))``) in which the density's logarithm is concave, so that
the integrand decays; by Gauss and Legendre's rule on the stretch that holds all of it but a rounding error, and by
power series where that stretch would be long for its structure.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from tensorplug.dispatch import Plan
from tensorplug.dtypes import HALF, DType, float32, float64
from tensorplug.ops.define import composite, plan
from tensorplug.ops.derived import differentiate_default
from tensorplug.shapes import broadcast_shapes

Tensor = Any

_GAMMA_NODES = {float32: 17, float64: 44}
_BETA_NODES = {float32: 12, float64: 28}
_DECAY = {float32: 17.0, float64: 38.0}
_EDGE = {float32: 2.0**-24, float64: 2.0**-53}
_SERIES_TERMS = {float32: 14, float64: 22}
_TAIL = 0.1
_TAIL_TERMS = {float32: 7, float64: 15}
_NEWTON_STEPS = 7
_DIGAMMA_SERIES = (1 / 12, -691 / 32760, 1 / 132, -1 / 240, 1 / 252, -1 / 120, 1 / 12)


@plan("concentration, value", spaces=(), out=False)
def gamma_draw_slope(concentration: Tensor, value: Tensor) -> Plan:
    """``dx/da`` of a draw ``x`` of the gamma distribution of concentration ``a`` and rate 1."""
    shape = tuple(broadcast_shapes(concentration._shape, value._shape))
    return (concentration, value), (), shape, concentration._kind.dtype


@gamma_draw_slope.default
def _gamma_draw_slope(concentration: Tensor, value: Tensor) -> Tensor:
    dtype = _wide(concentration._kind.dtype)
    a, x = concentration.to(dtype), value.to(dtype)
    # Each way gets arguments of its own region, so that it makes no infinities for the other.
    by_series = _gamma_series(a, x.clamp(max=1), dtype)
    by_rule = _gamma_integral(a, x.clamp(min=1), dtype)
    return by_series.where(x <= 1, by_rule).to(concentration._kind.dtype)


differentiate_default(gamma_draw_slope)


@composite(name="_standard_gamma_grad", spaces=("torch",), out=False)
def standard_gamma_grad(input: Tensor, output: Tensor) -> Tensor:
    """How the draw ``output`` of the gamma distribution of concentration ``input`` and rate 1 moves with ``input``."""
    return gamma_draw_slope(input, output)


def _gamma_series(a: Tensor, x: Tensor, dtype: DType) -> Tensor:
    """``-x e^x`` times the integral of ``u**(a - 1) e**(-x u) (log(x u) - digamma(a))`` over [0, 1], by powers of x."""
    from_mean = x.log() - (a + 1).digamma()
    total = from_mean / a
    power: Any = 1.0
    for n in range(1, _SERIES_TERMS[dtype]):
        power = power * x / -n
        total = total + power * (from_mean + 1 / a - 1 / (a + n)) / (a + n)
    return -x * x.exp() * total


def _gamma_integral(a: Tensor, x: Tensor, dtype: DType) -> Tensor:
    """The integral over ``t = x e**-s`` (below the mean) or ``t = x e**s`` (above it), for ``x`` from 1."""
    below = x <= a
    curve = _DECAY[dtype] / x
    # Where simple lower bounds of the exponent reach the decay: one by its curvature, one by its slope at 0.
    stretch = ((curve + (curve * (curve + 8)).sqrt()) / 2).where(below, (curve + (2 * curve).sqrt()).log1p())
    stretch = stretch.minimum(_DECAY[dtype] / (x - a).abs())
    sign = 1 - 2 * below.to(dtype)
    from_mean = _log_ratio(x, a) - _digamma_less_log(a)
    total: Any = 0.0
    for node, weight in _rule(_GAMMA_NODES[dtype]):
        t = sign * stretch * node
        total = total + weight * (a * t - x * t.expm1()).exp() * (from_mean + t)
    return sign * x * stretch * total


@plan("value, concentration, total", spaces=(), out=False)
def beta_draw_slope(value: Tensor, concentration: Tensor, total: Tensor) -> Plan:
    """``dx/da`` of a draw ``x`` of the beta distribution of concentrations ``a`` and ``total - a``."""
    shape = tuple(broadcast_shapes(value._shape, concentration._shape, total._shape))
    return (value, concentration, total), (), shape, value._kind.dtype


@beta_draw_slope.default
def _beta_draw_slope(value: Tensor, concentration: Tensor, total: Tensor) -> Tensor:
    dtype = _wide(value._kind.dtype)
    x, a, total = value.to(dtype), concentration.to(dtype), total.to(dtype)
    b = total - a
    mean = a / total
    low = _BetaSide(x.minimum(mean), a, b, dtype)
    high = _BetaSide((1 - x).minimum(b / total), b, a, dtype)
    shift = _digamma_less_log(a) - _digamma_less_log(total)
    below = low.integral(_log_ratio(low.y, mean) - shift, 1) + low.scale * _log_tail(low, shift, mean, total)
    above = high.integral(_log_ratio(1 - high.y, mean) - shift, 0)
    above = above + high.scale * _complement_tail(high, shift + mean.log())
    return (-below).where(x <= mean, above).to(value._kind.dtype)


differentiate_default(beta_draw_slope)


@composite(name="_dirichlet_grad", spaces=("torch",), out=False)
def dirichlet_grad(x: Tensor, alpha: Tensor, total: Tensor) -> Tensor:
    """How the element ``x`` of a Dirichlet draw moves with its concentration, over ``1 - x``.

    Args:
        x: elements of draws.
        alpha: their concentrations.
        total: the sum of all concentrations of their distribution.
    """
    return beta_draw_slope(x, alpha, total) / (1 - x).clamp(min=_EDGE[_wide(x.dtype)])


class _BetaSide:
    """The beta distribution of ``y`` seen from a point ``y`` below its mean, towards 0.

    In ``r = log(y / (1 - y)) - log(v / (1 - v))`` the logarithm of the density of ``v``, over that of ``y``, decays as
    ``own * r + (own + other) * log((1 - y) / (1 - v))``. It is integrated as far as it matters, but no further than to
    ``end``, from where on a series takes over.
    """

    def __init__(self, y: Tensor, own: Tensor, other: Tensor, dtype: DType) -> None:
        self.dtype, self.own, self.other = dtype, own, other
        self.y = y.clamp(_EDGE[dtype] ** 4, 1 - _EDGE[dtype])
        self.end = self.y.minimum(_TAIL / other.clamp(min=1))
        self.stretch = self._stretch()

    @property
    def scale(self) -> Tensor:
        """What the series after ``end`` is multiplied by."""
        return self.y * (self.own * (self.end / self.y).log() + (1 - self.other) * (-self.y).log1p()).exp()

    def _stretch(self) -> Tensor:
        longest = (self.y.log() - (-self.y).log1p()) - (self.end.log() - (-self.end).log1p())
        r = longest.clamp(min=1e-3)
        total = self.own + self.other
        # The decay is convex, so from beyond the wanted point Newton's steps come closer without passing it.
        for _ in range(_NEWTON_STEPS):
            shrunk = self.y * (-r).expm1()
            v = (self.y + shrunk) / (1 + shrunk)
            decay = self.own * r + total * shrunk.log1p()
            slope = (self.own - total * v).clamp(min=1e-30)
            r = (r - (decay - _DECAY[self.dtype]) / slope).clamp(min=0).minimum(longest)
        return r

    def integral(self, start: Tensor, side: int) -> Tensor:
        """The integral of the density times ``start`` plus ``log(v / y)`` (1) or ``log((1 - v) / (1 - y))`` (0)."""
        found: Any = 0.0
        total = self.own + self.other
        for node, weight in _rule(_BETA_NODES[self.dtype]):
            r = self.stretch * node
            # (1 - v) / (1 - y) is the inverse of exp(rest), and v / y that of exp(r + rest).
            rest = (self.y * (-r).expm1()).log1p()
            factor = start - r - rest if side else start - rest
            found = found + weight * (-(self.own * r + total * rest)).exp() * factor
        return self.y * (1 - self.y) * self.stretch * found


def _log_tail(side: _BetaSide, shift: Tensor, mean: Tensor, total: Tensor) -> Tensor:
    """The integral below ``end`` of ``v**(own - 1) (1 - v)**(other - 1) (log(v / mean) - shift)``, by powers."""
    v, own = side.end, side.own
    # For small concentrations digamma(own) is nearly -1 / own, which cancels in the first term.
    exact = v.log() - (own + 1).digamma() + total.digamma()
    distance = v.log() - mean.log() - shift
    found = exact.where(own < 1, distance - 1 / own) / own
    power: Any = 1.0
    for k in range(1, _TAIL_TERMS[side.dtype]):
        power = power * v * (k - side.other) / k
        found = found + power * (distance - 1 / (own + k)) / (own + k)
    return found


def _complement_tail(side: _BetaSide, shift: Tensor) -> Tensor:
    """The integral below ``end`` of ``v**(own - 1) (1 - v)**(other - 1) (log(1 - v) - shift)``, by powers."""
    v = side.end
    # The powers of (1 - v) ** (other - 1) and of -log(1 - v), whose product is summed.
    coefficients: list[Any] = [1.0]
    logarithm = [v]
    found = -shift / side.own
    for k in range(1, _TAIL_TERMS[side.dtype]):
        coefficients.append(coefficients[-1] * (v * ((k - side.other) / k)))
        product = sum((coefficients[k - j] * logarithm[j - 1] for j in range(1, k)), logarithm[k - 1])
        found = found - (shift * coefficients[k] + product) / (side.own + k)
        logarithm.append(logarithm[-1] * (v * (k / (k + 1))))
    return found


def _log_ratio(x: Tensor, mean: Tensor) -> Tensor:
    """``log(x / mean)``, to full accuracy where they are close."""
    far = (x < mean / 2) | (x > 2 * mean)
    close = (x.minimum(2 * mean).maximum(mean / 2) - mean) / mean
    return (x.log() - mean.log()).where(far, close.log1p())


def _digamma_less_log(a: Tensor) -> Tensor:
    """``digamma(a) - log(a)``, for large ``a`` by its asymptotic series (DLMF 5.11.2)."""
    large = a.clamp(min=10)
    square = 1 / (large * large)
    series: Any = 0.0
    for coefficient in _DIGAMMA_SERIES:
        series = (series + coefficient) * square
    small = a.clamp(max=10)
    return (small.digamma() - small.log()).where(a < 10, -1 / (2 * large) - series)


def _wide(dtype: DType) -> DType:
    return float32 if dtype in HALF else dtype


@cache
def _rule(count: int) -> tuple[tuple[float, float], ...]:
    """Nodes and weights of Gauss and Legendre's rule on [0, 1].

    By Newton's method in the angle, in which neither loses digits near the ends; NumPy's rule is off by 1e-13 there.
    """
    found = []
    for i in range(count):
        angle = math.pi * (i + 0.75) / (count + 0.5)
        for _ in range(6):
            before, value = _legendre(count, math.cos(angle))
            slope = count * (math.cos(angle) * value - before) / math.sin(angle)
            angle -= value / slope
        found.append((math.cos(angle / 2) ** 2, 1 / slope**2))
    return tuple(found)


def _legendre(n: int, x: float) -> tuple[float, float]:
    """Legendre's polynomials of degrees ``n - 1`` and ``n``."""
    before, value = 1.0, x
    for k in range(2, n + 1):
        before, value = value, ((2 * k - 1) * x * value - (k - 1) * before) / k
    return before, value
