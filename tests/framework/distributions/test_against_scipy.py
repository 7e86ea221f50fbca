"""Densities, distribution functions, moments and draws of each family against SciPy's."""

import numpy as np
import pytest
from scipy import stats

import tensorplug as tp
from tensorplug import distributions as D

QUANTILES = np.array([[0.02], [0.3], [0.5], [0.9], [0.99]])


def close(found, expected, rtol=1e-9):
    np.testing.assert_allclose(found.detach().numpy(), expected, rtol=rtol, atol=1e-12)


def test_log_density(continuous):
    ours, _ = continuous.ours()
    values = continuous.theirs().ppf(QUANTILES)
    close(ours.log_prob(tp.tensor(values)), continuous.theirs().logpdf(values), rtol=1e-7)


def test_log_probability(discrete):
    ours, _ = discrete.ours()
    values = discrete.theirs().ppf(QUANTILES)
    close(ours.log_prob(tp.tensor(values)), discrete.theirs().logpmf(values), rtol=1e-7)


def test_distribution_function(with_cdf):
    ours, _ = with_cdf.ours()
    values = with_cdf.theirs().ppf(QUANTILES)
    close(ours.cdf(tp.tensor(values)), with_cdf.theirs().cdf(values), rtol=1e-7)


def test_quantiles(with_icdf):
    ours, _ = with_icdf.ours()
    close(ours.icdf(tp.tensor(QUANTILES).expand(-1, 2)), with_icdf.theirs().ppf(QUANTILES), rtol=1e-7)


def test_mean_and_variance(with_moments):
    ours, _ = with_moments.ours()
    close(ours.mean, with_moments.theirs().mean())
    close(ours.variance, with_moments.theirs().var(), rtol=1e-8)
    close(ours.stddev, with_moments.theirs().std(), rtol=1e-8)


def test_entropy(with_entropy):
    ours, _ = with_entropy.ours()
    close(ours.entropy(), with_entropy.theirs().entropy(), rtol=1e-6)


def test_entropy_of_binomial_draws_of_one_number_of_trials():
    p = tp.tensor([0.2, 0.5], dtype=tp.float64)
    close(D.Binomial(6, p).entropy(), stats.binom(6, p.numpy()).entropy(), rtol=1e-8)
    with pytest.raises(NotImplementedError, match="Inhomogeneous"):
        D.Binomial(tp.tensor([5.0, 6.0], dtype=tp.float64), p).entropy()


def test_mode_is_the_most_likely_value(family):
    ours, _ = family.ours()
    others = ours.log_prob(tp.tensor(family.theirs().ppf(QUANTILES)))
    ours._validate_args = False  # a mode may be a border that the support leaves out
    best = ours.log_prob(ours.mode)
    # Some have none (NaN), and where the density has a pole 0 * inf may come of it.
    unknown = ours.mode.isnan() | best.isnan()
    assert bool(((others <= best + 1e-9) | unknown).all())


@pytest.mark.parametrize("dtype", [tp.float32, tp.float64])
def test_continuous_draws(continuous, dtype):
    ours = continuous.make(*(tp.tensor(p, dtype=dtype) for p in continuous.parameters))
    drawn = ours.sample((4000,)).double().numpy()
    for column in range(2):
        theirs = continuous.scipy(*(p[column] for p in continuous.parameters))
        cdf = theirs.cdf if continuous.make is not D.VonMises else _on_the_circle(theirs, continuous, column)
        assert stats.kstest(drawn[:, column], cdf).pvalue > 1e-3


def _on_the_circle(theirs, family, column):
    # SciPy's function is 1/2 at the mean and goes on without end; ours starts at -pi.
    start = theirs.cdf(-np.pi)
    return lambda x: theirs.cdf(x) - start


@pytest.mark.parametrize("dtype", [tp.float32, tp.float64])
def test_discrete_draws(discrete, dtype):
    ours = discrete.make(*(tp.tensor(p, dtype=dtype) for p in discrete.parameters))
    drawn = ours.sample((4000,)).double().numpy()
    for column in range(2):
        theirs = discrete.scipy(*(p[column] for p in discrete.parameters))
        low, high = theirs.ppf([0.01, 0.99])
        edges = np.arange(low, high + 1)
        expected = np.diff([0, *theirs.cdf(edges), 1]) * 4000
        counted = np.diff([0, *(np.sum(drawn[:, column] <= e) for e in edges), 4000])
        kept = expected > 5
        assert stats.chisquare(
            [*counted[kept], counted[~kept].sum() + 1e-9], [*expected[kept], expected[~kept].sum() + 1e-9]
        ).pvalue > 1e-3  # fmt: skip


def test_draws_are_in_the_support_and_have_finite_densities(family):
    ours, _ = family.ours()
    drawn = ours.sample((50,))
    assert drawn.shape == (50, 2)
    assert bool(ours.support.check(drawn).all())
    assert bool(ours.log_prob(drawn).isfinite().all())


def test_kumaraswamy_is_a_power_of_a_beta_number():
    a, b = 2.5, 0.7
    ours = D.Kumaraswamy(tp.tensor(a, dtype=tp.float64), tp.tensor(b, dtype=tp.float64))
    x = np.array([0.1, 0.5, 0.9])
    close(ours.cdf(tp.tensor(x)), stats.beta(1, b).cdf(x**a))
    close(ours.log_prob(tp.tensor(x)), stats.beta(1, b).logpdf(x**a) + np.log(a * x ** (a - 1)))
    draws = ours.sample((4000,)).numpy()
    assert stats.kstest(draws**a, stats.beta(1, b).cdf).pvalue > 1e-3
    assert abs(draws.mean() - ours.mean.item()) < 4 * ours.stddev.item() / np.sqrt(4000)


@pytest.mark.parametrize("p", [0.1, 0.4995, 0.5, 0.8])
def test_continuous_bernoulli_is_an_exponential_density_on_the_unit_interval(p):
    ours = D.ContinuousBernoulli(tp.tensor(p, dtype=tp.float64))
    x, weights = np.polynomial.legendre.leggauss(40)
    x, weights = (x + 1) / 2, weights / 2
    density = p**x * (1 - p) ** (1 - x)
    density /= np.sum(density * weights)
    close(ours.log_prob(tp.tensor(x)), np.log(density), rtol=1e-6)
    mean = np.sum(x * density * weights)
    close(ours.mean, mean, rtol=1e-6)
    close(ours.variance, np.sum((x - mean) ** 2 * density * weights), rtol=1e-6)
    close(ours.entropy(), -np.sum(np.log(density) * density * weights), rtol=1e-4)
    drawn = ours.sample((2000,))
    assert stats.kstest(ours.cdf(drawn).numpy(), "uniform").pvalue > 1e-3
