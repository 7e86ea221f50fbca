"""Divergences between distributions of different families.

``KL(p || q)`` is the mean of ``-log q(x)`` over draws of ``p``, less the entropy of ``p``. The first takes of ``p`` no
more than a few moments, so a function here serves every ``p`` with one ``q``.
"""

from __future__ import annotations

import math
from typing import Any

from tensorplug.distributions.bernoulli import Bernoulli
from tensorplug.distributions.beta import Beta
from tensorplug.distributions.binomial import Binomial
from tensorplug.distributions.continuous_bernoulli import ContinuousBernoulli
from tensorplug.distributions.exponential import Exponential
from tensorplug.distributions.gamma import Gamma
from tensorplug.distributions.gumbel import Gumbel
from tensorplug.distributions.kl import register_kl
from tensorplug.distributions.laplace import Laplace
from tensorplug.distributions.normal import Normal
from tensorplug.distributions.pareto import Pareto
from tensorplug.distributions.poisson import Poisson
from tensorplug.distributions.uniform import Uniform
from tensorplug.distributions.utils import euler_constant
from tensorplug.factories import full
from tensorplug.shapes import broadcast_shapes
from tensorplug.tensor import Tensor

# ------------------------------------------------------------------------------------------------- no common support

_OF_REALS = (Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform)
"""Families that leave out some of the real numbers."""

_NEVER_INSIDE: tuple[tuple[type, tuple[type, ...]], ...] = (
    (Beta, (Pareto,)),
    (ContinuousBernoulli, (Pareto,)),
    (Exponential, (Beta, ContinuousBernoulli, Pareto, Uniform)),
    (Gamma, (Beta, ContinuousBernoulli, Pareto, Uniform)),
    (Gumbel, _OF_REALS),
    (Laplace, _OF_REALS),
    (Normal, _OF_REALS),
    (Pareto, (Beta, ContinuousBernoulli, Uniform)),
    (Poisson, (Bernoulli, Binomial)),
)
"""Where ``p`` has draws that ``q`` has not, whatever their parameters."""


def _infinite(p: Any, q: Any) -> Tensor:
    like = p.mean
    return full(broadcast_shapes(p.batch_shape, q.batch_shape), math.inf, dtype=like.dtype, device=like.device)


for _p, _qs in _NEVER_INSIDE:
    for _q in _qs:
        register_kl(_p, _q)(_infinite)


# ------------------------------------------------------------------------------------------------- moments of p


def _mean_log(p: Any) -> Tensor:
    """The mean of ``log x``."""
    if isinstance(p, Beta):
        return p.concentration1.digamma() - (p.concentration1 + p.concentration0).digamma()
    if isinstance(p, Gamma):
        return p.concentration.digamma() - p.rate.log()
    if isinstance(p, Exponential):
        return -euler_constant - p.rate.log()
    if isinstance(p, Pareto):
        return p.scale.log() + p.alpha.reciprocal()
    return _mean_log_between(p.low, p.high)


def _mean_log_between(low: Tensor, high: Tensor) -> Tensor:
    return (high.xlogy(high) - low.xlogy(low)) / (high - low) - 1


def _mean_of_exponential(p: Any, scale: Tensor) -> Tensor:
    """The mean of ``exp(-x / scale)``."""
    if isinstance(p, Normal):
        return (-p.loc / scale + (p.scale / scale).square() / 2).exp()
    if isinstance(p, Exponential):
        return p.rate * scale / (p.rate * scale + 1)
    if isinstance(p, Gamma):
        return (1 / (p.rate * scale)).log1p().mul(-p.concentration).exp()
    return scale * ((-p.low / scale).exp() - (-p.high / scale).exp()) / (p.high - p.low)


# ------------------------------------------------------------------------------------------------- one function per q


@register_kl(Bernoulli, Poisson)
def _to_poisson(p: Bernoulli, q: Poisson) -> Tensor:
    return q.rate - p.probs * q.rate.log() - p.entropy()


@register_kl(Beta, Normal)
@register_kl(ContinuousBernoulli, Normal)
@register_kl(Exponential, Normal)
@register_kl(Gamma, Normal)
@register_kl(Gumbel, Normal)
@register_kl(Laplace, Normal)
@register_kl(Uniform, Normal)
def _to_normal(p: Any, q: Normal) -> Tensor:
    squared = p.variance + (p.mean - q.loc).square()
    return q.scale.log() + math.log(2 * math.pi) / 2 + squared / (2 * q.scale.square()) - p.entropy()


@register_kl(Pareto, Normal)
def _pareto_to_normal(p: Pareto, q: Normal) -> Tensor:
    finite = p.alpha > 2
    return _to_normal(Pareto(p.scale, p.alpha.where(finite, 3.0), validate_args=False), q).where(finite, math.inf)


@register_kl(Normal, Laplace)
def _normal_to_laplace(p: Normal, q: Laplace) -> Tensor:
    distance = (p.loc - q.loc) / p.scale
    spread = math.sqrt(2 / math.pi) * (-distance.square() / 2).exp() + distance * (distance / math.sqrt(2)).erf()
    return (2 * q.scale).log() + p.scale * spread / q.scale - p.entropy()


@register_kl(Beta, Exponential)
@register_kl(ContinuousBernoulli, Exponential)
@register_kl(Gamma, Exponential)
@register_kl(Pareto, Exponential)
def _to_exponential(p: Any, q: Exponential) -> Tensor:
    return q.rate * p.mean - q.rate.log() - p.entropy()


@register_kl(Uniform, Exponential)
def _uniform_to_exponential(p: Uniform, q: Exponential) -> Tensor:
    return _to_exponential(p, q).masked_fill(p.low < 0, math.inf)


@register_kl(Beta, Gamma)
@register_kl(Exponential, Gamma)
@register_kl(Pareto, Gamma)
def _to_gamma(p: Any, q: Gamma) -> Tensor:
    a = q.concentration
    constant = a.lgamma() - a * q.rate.log()
    return constant - (a - 1) * _mean_log(p) + q.rate * p.mean - p.entropy()


@register_kl(Uniform, Gamma)
def _uniform_to_gamma(p: Uniform, q: Gamma) -> Tensor:
    return _to_gamma(p, q).masked_fill(p.low < 0, math.inf)


@register_kl(Exponential, Gumbel)
@register_kl(Gamma, Gumbel)
@register_kl(Normal, Gumbel)
@register_kl(Uniform, Gumbel)
def _to_gumbel(p: Any, q: Gumbel) -> Tensor:
    linear = q.scale.log() + (p.mean - q.loc) / q.scale
    return linear + (q.loc / q.scale).exp() * _mean_of_exponential(p, q.scale) - p.entropy()


@register_kl(Beta, ContinuousBernoulli)
def _to_continuous_bernoulli(p: Any, q: ContinuousBernoulli) -> Tensor:
    return -p.mean * q.logits - (-q.probs).log1p() - q._log_norm() - p.entropy()


@register_kl(Uniform, ContinuousBernoulli)
def _uniform_to_continuous_bernoulli(p: Uniform, q: ContinuousBernoulli) -> Tensor:
    return _to_continuous_bernoulli(p, q).masked_fill(_leaves_unit_interval(p), math.inf)


def _leaves_unit_interval(p: Uniform) -> Tensor:
    return (p.low < 0) | (p.high > 1)


@register_kl(Beta, Uniform)
@register_kl(ContinuousBernoulli, Uniform)
def _to_uniform(p: Any, q: Uniform) -> Tensor:
    return ((q.high - q.low).log() - p.entropy()).masked_fill((q.low > 0) | (q.high < 1), math.inf)


@register_kl(Uniform, Beta)
def _uniform_to_beta(p: Uniform, q: Beta) -> Tensor:
    a, b = q.concentration1, q.concentration0
    log_beta = a.lgamma() + b.lgamma() - (a + b).lgamma()
    # log(1 - x) is log of a number that is uniform as well.
    means = (a - 1) * _mean_log_between(p.low, p.high) + (b - 1) * _mean_log_between(1 - p.high, 1 - p.low)
    return (log_beta - means - p.entropy()).masked_fill(_leaves_unit_interval(p), math.inf)


@register_kl(Uniform, Pareto)
def _uniform_to_pareto(p: Uniform, q: Pareto) -> Tensor:
    found = (q.alpha + 1) * _mean_log(p) - q.alpha.log() - q.alpha * q.scale.log() - p.entropy()
    return found.masked_fill(p.low < q.scale, math.inf)
