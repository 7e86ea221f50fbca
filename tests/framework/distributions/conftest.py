"""Families of distributions of numbers beside SciPy's, for tests that hold for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy import stats

import tensorplug as tp
from tensorplug import distributions as D


class Family(NamedTuple):
    """A family, its parameters (two of each), and SciPy's distributions of the same parameters."""

    make: Callable[..., D.Distribution]
    parameters: tuple[list[float], ...]
    scipy: Callable[..., Any]

    def ours(self, requires_grad: bool = False) -> tuple[D.Distribution, list[tp.Tensor]]:
        parameters = [tp.tensor(p, dtype=tp.float64).requires_grad_(requires_grad) for p in self.parameters]
        return self.make(*parameters), parameters

    def theirs(self) -> Any:
        return self.scipy(*(np.array(p) for p in self.parameters))


CONTINUOUS = {
    "normal": Family(D.Normal, ([0.0, -1.5], [1.0, 0.3]), stats.norm),
    "laplace": Family(D.Laplace, ([0.0, -1.5], [1.0, 0.3]), stats.laplace),
    "cauchy": Family(D.Cauchy, ([0.0, -1.5], [1.0, 0.3]), stats.cauchy),
    "exponential": Family(D.Exponential, ([0.5, 4.0],), lambda rate: stats.expon(scale=1 / rate)),
    "uniform": Family(D.Uniform, ([0.0, -2.0], [1.0, 5.0]), lambda low, high: stats.uniform(low, high - low)),
    "gamma": Family(D.Gamma, ([0.6, 5.0], [2.0, 0.5]), lambda a, rate: stats.gamma(a, scale=1 / rate)),
    "chi2": Family(D.Chi2, ([1.5, 7.0],), stats.chi2),
    "beta": Family(D.Beta, ([0.7, 5.0], [2.0, 0.8]), stats.beta),
    "student t": Family(D.StudentT, ([3.0, 9.0], [0.0, 1.0], [1.0, 2.5]), stats.t),
    "fisher": Family(D.FisherSnedecor, ([3.0, 6.0], [8.0, 11.0]), stats.f),
    "log normal": Family(D.LogNormal, ([0.0, 1.0], [0.5, 0.2]), lambda m, s: stats.lognorm(s, scale=np.exp(m))),
    "half normal": Family(D.HalfNormal, ([1.0, 2.5],), lambda s: stats.halfnorm(scale=s)),
    "half cauchy": Family(D.HalfCauchy, ([1.0, 2.5],), lambda s: stats.halfcauchy(scale=s)),
    "inverse gamma": Family(D.InverseGamma, ([3.0, 6.0], [2.0, 0.5]), lambda a, rate: stats.invgamma(a, scale=rate)),
    "gumbel": Family(D.Gumbel, ([0.0, -1.5], [1.0, 0.3]), stats.gumbel_r),
    "pareto": Family(D.Pareto, ([1.0, 0.5], [3.0, 5.0]), lambda scale, a: stats.pareto(a, scale=scale)),
    "weibull": Family(D.Weibull, ([1.0, 0.5], [0.8, 3.0]), lambda scale, k: stats.weibull_min(k, scale=scale)),
    "generalized pareto": Family(
        D.GeneralizedPareto, ([0.0, 1.0], [1.0, 2.0], [0.2, -0.4]), lambda m, s, k: stats.genpareto(k, m, s)
    ),
    "von mises": Family(D.VonMises, ([0.0, 0.5], [0.5, 4.0]), lambda m, k: stats.vonmises(k, m)),
}
DISCRETE = {
    "bernoulli": Family(D.Bernoulli, ([0.2, 0.7],), stats.bernoulli),
    "geometric": Family(D.Geometric, ([0.2, 0.7],), lambda p: stats.geom(p, -1)),
    "binomial": Family(D.Binomial, ([7.0, 50.0], [0.3, 0.6]), stats.binom),
    "negative binomial": Family(D.NegativeBinomial, ([3.0, 5.5], [0.3, 0.6]), lambda n, p: stats.nbinom(n, 1 - p)),
    "poisson": Family(D.Poisson, ([0.8, 30.0],), stats.poisson),
}


FAMILIES = {**CONTINUOUS, **DISCRETE}


def _without(families: dict[str, Family], *names: str) -> dict[str, Family]:
    assert set(names) <= set(families)
    return {name: family for name, family in families.items() if name not in names}


_NO_CDF = ("beta", "student t", "fisher", "von mises")
GROUPS = {
    "family": FAMILIES,
    "continuous": CONTINUOUS,
    "discrete": DISCRETE,
    "smooth": _without(FAMILIES, "uniform"),
    "with_moments": _without(FAMILIES, "cauchy", "half cauchy", "von mises"),
    # As in PyTorch, which has none of the others (and that of binomial draws for one number of trials).
    "with_cdf": _without(CONTINUOUS, *_NO_CDF),
    "with_icdf": _without(CONTINUOUS, *_NO_CDF, "gamma", "chi2", "inverse gamma"),
    "with_entropy": _without(FAMILIES, "fisher", "von mises", "negative binomial", "poisson", "binomial"),
    # Student's and Fisher's draws are made of two, of which each moves by itself.
    "moving_as_quantiles": _without(CONTINUOUS, "von mises", "student t", "fisher"),
}
"""Tests that take an argument of one of these names run for each of its families."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Hand the families to the tests."""
    for name, families in GROUPS.items():
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, list(families.values()), ids=list(families))


@pytest.fixture(autouse=True)
def seed() -> None:
    """Each test draws the same numbers whatever ran before it."""
    tp.manual_seed(20)
