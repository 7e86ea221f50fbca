"""Draws of the gamma, Dirichlet and von Mises distributions."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.dispatch import Plan
from tensorplug.generator import Generator
from tensorplug.ops.define import composite, plan
from tensorplug.ops.implicit import dirichlet_grad, gamma_draw_slope
from tensorplug.ops.random import check_float
from tensorplug.ops.rejection import NormalParts, Parts, by_rejection, reserve, tested, wide

Tensor = Any

_GAMMA_ROUNDS = 16
_ANGLE_ROUNDS = 40
_SMALLEST = {"float16": 2.0**-14, "bfloat16": 2.0**-126, "float32": 2.0**-126, "float64": 2.0**-1022}


# ------------------------------------------------------------------------------------------------- gamma, Dirichlet


@plan("concentration; key, offset", spaces=(), out=False)
def gamma_draw(concentration: Tensor, key: int, offset: int) -> Plan:
    """Draws of gamma distributions of rate 1; the smallest is the smallest normal number of the dtype."""
    return (concentration,), (key, offset), concentration._shape, concentration._kind.dtype


@gamma_draw.default
def _gamma_draw(concentration: Tensor, key: int, offset: int) -> Tensor:
    dtype = concentration._kind.dtype
    value, logarithm = _gamma_parts(concentration.to(wide(dtype)), key, offset)
    return (value * logarithm.exp()).to(dtype).clamp(min=_SMALLEST[dtype.name])


gamma_draw.grads(concentration=lambda g, concentration, result: g * gamma_draw_slope(concentration, result))


def _gamma_parts(concentration: Tensor, key: int, offset: int) -> tuple[Tensor, Tensor]:
    """Draws as ``value * exp(logarithm)``, after Marsaglia and Tsang, "A simple method for generating gamma variables".

    Below 1 the draw is one of a concentration higher by 1 times ``u**(1 / concentration)``, which may be too small for
    a floating-point number: the second part is its logarithm.
    """
    parts = NormalParts(concentration, key, offset)
    low = concentration < 1
    # What is no concentration gives no draw.
    valid = concentration > 0
    value = by_rejection(_attempt_gamma, valid, (concentration + low,), parts, _GAMMA_ROUNDS)
    value = value.where(valid, math.nan).where(concentration != 0, 0.0)
    logarithm = ((1 - parts.uniform(0)).log() / concentration).where(low & valid, 0.0)
    return value, logarithm


def _attempt_gamma(normal: Tensor, uniform: Tensor, concentration: Tensor) -> tuple[Tensor, Tensor]:
    d = concentration - 1 / 3
    root = 1 + normal / (9 * d).sqrt()
    cube = (root * root * root).clamp(min=_SMALLEST[normal._kind.dtype.name])
    squared = normal * normal
    possible = root > 0
    quick = possible & (1 - uniform < 1 - 0.0331 * squared * squared)

    def test(uniform: Tensor, squared: Tensor, cube: Tensor, d: Tensor) -> Tensor:
        return (1 - uniform).log() < squared / 2 + d - d * cube + d * cube.log()

    return d * cube, tested(quick, possible & ~quick, test, uniform, squared, cube, d)


@composite(name="_standard_gamma", spaces=("torch",), out=False)
def standard_gamma(concentration: Tensor, generator: Generator | None = None) -> Tensor:
    """Draws of gamma distributions of rate 1, through which gradients flow."""
    check_float("_standard_gamma", concentration)
    return gamma_draw(concentration, *reserve(concentration, 1 + 2 * _GAMMA_ROUNDS, generator))


@plan("concentration; key, offset", spaces=(), out=False)
def dirichlet_draw(concentration: Tensor, key: int, offset: int) -> Plan:
    """Draws of Dirichlet distributions, which lie along the last dim."""
    return (concentration,), (key, offset), concentration._shape, concentration._kind.dtype


@dirichlet_draw.default
def _dirichlet_draw(concentration: Tensor, key: int, offset: int) -> Tensor:
    dtype = concentration._kind.dtype
    # By logarithm, since with small concentrations all gamma draws of a row may be too small for the dtype.
    value, logarithm = _gamma_parts(concentration.to(wide(dtype)), key, offset)
    return (value.log() + logarithm).softmax(-1).to(dtype).clamp(min=_SMALLEST[dtype.name])


@dirichlet_draw.vjp
def _(g: Tensor, concentration: Tensor, result: Tensor) -> tuple[Tensor]:
    # When an element's own beta distribution moves it, the others share what is left as they did before.
    total = concentration.sum(-1, True).expand(concentration._shape)
    return (dirichlet_grad(result, concentration, total) * (g - (result * g).sum(-1, True)),)


@composite(name="_sample_dirichlet", spaces=("torch",), out=False)
def sample_dirichlet(concentration: Tensor, generator: Generator | None = None) -> Tensor:
    """Draws of Dirichlet distributions, which lie along the last dim; gradients flow through them."""
    check_float("_sample_dirichlet", concentration)
    return dirichlet_draw(concentration, *reserve(concentration, 1 + 2 * _GAMMA_ROUNDS, generator))


# ------------------------------------------------------------------------------------------------- angles


@plan("concentration; key, offset", spaces=(), out=False)
def von_mises_draw(concentration: Tensor, key: int, offset: int) -> Plan:
    """Draws of von Mises distributions of mean 0, from -pi to pi."""
    return (concentration,), (key, offset), concentration._shape, concentration._kind.dtype


@von_mises_draw.default
def _von_mises_draw(concentration: Tensor, key: int, offset: int) -> Tensor:
    """Rejection from a wrapped Cauchy distribution (Best and Fisher, 1979).

    All is written by how far ``r`` of the paper, and cosines, are from 1, which large concentrations make very little.
    """
    dtype = concentration._kind.dtype
    kappa = concentration.to(wide(dtype))
    parts = Parts(kappa, key, offset)
    valid = kappa > 0
    half_angle = by_rejection(_attempt_angle, valid, (kappa,), parts, _ANGLE_ROUNDS).where(valid, math.nan)
    side = 2.0 * (parts.uniform(0) < 0.5) - 1
    return (2 * side * half_angle).to(dtype)


def _attempt_angle(first: Tensor, second: Tensor, kappa: Tensor) -> tuple[Tensor, Tensor]:
    root = (1 + 4 * kappa * kappa).sqrt()
    tau = 1 + root
    whole = tau + (2 * tau).sqrt()
    rho = 2 * kappa / whole
    rest = (1 + 1 / (root + 2 * kappa) + (2 * tau).sqrt()) / whole  # 1 - rho
    excess = rest * rest / (2 * rho)  # r - 1
    half = first * (math.pi / 2)
    sine, cosine = half.sin(), half.cos()
    sine, cosine = 2 * sine * sine, 2 * cosine * cosine  # 1 - z and 1 + z of the paper
    weight = kappa * (excess + excess * sine / (excess + cosine))
    level = 1 - second
    good = (level < weight * (2 - weight)) | (weight.log() - level.log() + 1 - weight >= 0)
    # A wrapped Cauchy angle is a uniform one, the tangent of whose half is made smaller.
    return (rest / (1 + rho) * half.tan()).atan(), good


def von_mises(concentration: Tensor, generator: Generator | None = None) -> Tensor:
    """Draws of von Mises distributions of mean 0, from -pi to pi."""
    check_float("von_mises", concentration)
    return von_mises_draw(concentration.detach(), *reserve(concentration, 1 + 2 * _ANGLE_ROUNDS, generator))
