"""Divergences against the mean of the difference of log densities over draws, and how families are dispatched."""

import math

import pytest

import tensorplug as tp
from tensorplug import distributions as D


def double(*values):
    return tp.tensor(values, dtype=tp.float64)


def uniform(low, high):
    return D.Uniform(double(low), double(high))


SQUARE = [[1.5, 0.4], [0.4, 0.9]]
EXAMPLES = {
    "Bernoulli": (D.Bernoulli(double(0.3)), D.Bernoulli(double(0.6))),
    "Beta": (D.Beta(double(1.5), double(2.0)), D.Beta(double(3.0), double(0.9))),
    "Binomial": (D.Binomial(5, double(0.3)), D.Binomial(5, double(0.6))),
    "Categorical": (D.Categorical(double(0.3, 0.7)[None]), D.Categorical(double(0.6, 0.4)[None])),
    "Cauchy": (D.Cauchy(double(0.3), double(1.0)), D.Cauchy(double(-0.6), double(2.0))),
    "ContinuousBernoulli": (D.ContinuousBernoulli(double(0.3)), D.ContinuousBernoulli(double(0.8))),
    "Dirichlet": (D.Dirichlet(double(1.5, 2, 3)[None]), D.Dirichlet(double(1, 1, 0.7)[None])),
    "Exponential": (D.Exponential(double(1.5)), D.Exponential(double(0.8))),
    "Gamma": (D.Gamma(double(2.5), double(1.5)), D.Gamma(double(1.2), double(0.8))),
    "Geometric": (D.Geometric(double(0.5)), D.Geometric(double(0.3))),
    "Gumbel": (D.Gumbel(double(0.5), double(0.8)), D.Gumbel(double(0.3), double(1.5))),
    "HalfNormal": (D.HalfNormal(double(0.5)), D.HalfNormal(double(0.8))),
    "Independent": tuple(D.Independent(D.Normal(double(*m)[None], s), 1) for m, s in (((0, 1), 1.0), ((1, 1), 2.0))),
    "Laplace": (D.Laplace(double(0.5), double(0.8)), D.Laplace(double(0.3), double(1.5))),
    "LowRankMultivariateNormal": (
        D.LowRankMultivariateNormal(double(0, 1)[None], double(1, 0.5).reshape(2, 1), double(1, 2)),
        D.LowRankMultivariateNormal(double(0.5, 1)[None], double(0.2, 0.9).reshape(2, 1), double(1.5, 2)),
    ),
    "MultivariateNormal": (
        D.MultivariateNormal(double(0, 1)[None], double(*SQUARE)),
        D.MultivariateNormal(double(0.5, 0)[None], double(*SQUARE) + tp.eye(2, dtype=tp.float64)),
    ),
    "Normal": (D.Normal(double(0.5), double(0.8)), D.Normal(double(0.3), double(1.5))),
    "OneHotCategorical": (D.OneHotCategorical(double(0.3, 0.7)[None]), D.OneHotCategorical(double(0.6, 0.4)[None])),
    "Pareto": (D.Pareto(double(1.5), double(4.0)), D.Pareto(double(0.8), double(3.0))),
    "Poisson": (D.Poisson(double(1.5)), D.Poisson(double(2.5))),
    "TransformedDistribution": (D.LogNormal(double(0.5), double(0.8)), D.LogNormal(double(0.3), double(1.5))),
    "Uniform": (uniform(0.2, 0.7), uniform(0.0, 1.0)),
    "Wishart": (
        D.Wishart(double(4.0), double(*SQUARE)),
        D.Wishart(double(6.0), double(*SQUARE) + tp.eye(2, dtype=tp.float64)),
    ),
}  # fmt: skip
SAME = [(name, name) for name in EXAMPLES]
FINITE = [
    ("Bernoulli", "Poisson"),
    *[("Beta", q) for q in ("ContinuousBernoulli", "Exponential", "Gamma", "Normal", "Uniform")],
    *[("ContinuousBernoulli", q) for q in ("Exponential", "Normal", "Uniform")],
    *[("Exponential", q) for q in ("Gamma", "Gumbel", "Normal")],
    *[("Gamma", q) for q in ("Exponential", "Gumbel", "Normal")],
    ("Gumbel", "Normal"),
    ("Laplace", "Normal"),
    *[("Normal", q) for q in ("Gumbel", "Laplace")],
    *[("Pareto", q) for q in ("Exponential", "Gamma", "Normal")],
    *[("Uniform", q) for q in ("Beta", "ContinuousBernoulli", "Exponential", "Gamma", "Gumbel", "Normal")],
    ("LowRankMultivariateNormal", "MultivariateNormal"),
    ("MultivariateNormal", "LowRankMultivariateNormal"),
]
INFINITE = [
    ("Beta", "Pareto"),
    ("ContinuousBernoulli", "Pareto"),
    *[("Exponential", q) for q in ("Beta", "ContinuousBernoulli", "Pareto", "Uniform")],
    *[("Gamma", q) for q in ("Beta", "ContinuousBernoulli", "Pareto", "Uniform")],
    *[(p, q) for p in ("Gumbel", "Laplace", "Normal") for q in
      ("Beta", "ContinuousBernoulli", "Exponential", "Gamma", "Pareto", "Uniform")],
    *[("Pareto", q) for q in ("Beta", "ContinuousBernoulli", "Uniform")],
    ("Poisson", "Bernoulli"),
    ("Poisson", "Binomial"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), [*SAME, *FINITE], ids="-".join)
def test_is_the_mean_difference_of_log_densities(first, second):
    p, q = EXAMPLES[first][0], EXAMPLES[second][1]
    draws = p.sample((20000,))
    difference = p.log_prob(draws) - q.log_prob(draws)
    found = D.kl_divergence(p, q)
    assert found.shape == (1,)
    error = difference.std().item() / math.sqrt(len(draws))
    assert abs(found.item() - difference.mean().item()) < 5 * error + 1e-9


@pytest.mark.parametrize("name", EXAMPLES)
def test_of_a_distribution_and_itself_is_zero(name):
    for p in EXAMPLES[name]:
        assert D.kl_divergence(p, p).item() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("first", "second"), INFINITE, ids="-".join)
def test_is_infinite_where_draws_are_impossible(first, second):
    p, q = EXAMPLES[first][0], EXAMPLES[second][1]
    assert D.kl_divergence(p, q).tolist() == [math.inf]


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (D.Bernoulli(double(0.5)), D.Bernoulli(double(1.0))),
        (D.Categorical(double(0.5, 0.5)[None]), D.Categorical(double(0.0, 1.0)[None])),
        (uniform(-1.0, 1.0), uniform(0.0, 1.0)),
        (uniform(-1.0, 1.0), D.Exponential(double(1.0))),
        (uniform(0.0, 2.0), D.Beta(double(2.0), double(2.0))),
        (D.Pareto(double(0.5), double(4.0)), D.Pareto(double(1.0), double(4.0))),
        (D.Pareto(double(1.0), double(1.5)), D.Normal(double(0.0), double(1.0))),
        (D.Binomial(5, double(0.5)), D.Binomial(4, double(0.5))),
    ],
)
def test_is_infinite_where_these_parameters_make_draws_impossible(p, q):
    assert D.kl_divergence(p, q).tolist() == [math.inf]


def test_exponential_families_without_a_rule_use_their_log_normalizer():
    class Rate(D.ExponentialFamily):
        @property
        def arg_constraints(self):
            return {}

        def __init__(self, rate):
            self.rate = rate
            super().__init__(rate.shape)

        @property
        def _natural_params(self):
            return (-self.rate,)

        def _log_normalizer(self, x):
            return -(-x).log()

        _mean_carrier_measure = 0

    p, q = double(1.5), double(0.8)
    assert D.kl_divergence(Rate(p), Rate(q)).item() == pytest.approx(
        D.kl_divergence(D.Exponential(p), D.Exponential(q)).item()
    )
    assert Rate(p).entropy().item() == pytest.approx(D.Exponential(p).entropy().item())


def test_unknown_pairs_are_refused_by_name():
    with pytest.raises(NotImplementedError, match=r"p type Cauchy and q type Normal"):
        D.kl_divergence(D.Cauchy(0.0, 1.0), D.Normal(0.0, 1.0))


def test_the_rule_for_the_nearest_classes_is_taken():
    class Bell(D.Normal):
        pass

    p = Bell(0.0, 1.0)
    before = D.kl_divergence(p, p)
    D.register_kl(Bell, Bell)(lambda p, q: "bell")
    assert before.item() == 0
    assert D.kl_divergence(p, p) == "bell"
    assert D.kl_divergence(D.Normal(0.0, 1.0), p).item() == 0


def test_two_rules_that_are_equally_near_are_reported():
    class First(D.Normal):
        pass

    D.register_kl(First, D.Normal)(lambda p, q: "left")
    D.register_kl(D.Normal, First)(lambda p, q: "right")
    p = First(0.0, 1.0)
    with pytest.warns(RuntimeWarning, match="Ambiguous"):
        assert D.kl_divergence(p, p) == "left"


def test_only_distributions_are_registered():
    with pytest.raises(TypeError, match="type_p"):
        D.register_kl(int, D.Normal)
