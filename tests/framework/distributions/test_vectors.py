"""Distributions of vectors and matrices: densities against SciPy's, moments of draws, shapes."""

import math

import numpy as np
import pytest
from scipy import stats

import tensorplug as tp
from tensorplug import distributions as D

LOC = [0.5, -1.0, 2.0]
COVARIANCE = [[2.0, 0.3, -0.4], [0.3, 1.0, 0.2], [-0.4, 0.2, 0.7]]


def double(values):
    return tp.tensor(values, dtype=tp.float64)


def close(found, expected, rtol=1e-9):
    np.testing.assert_allclose(found.detach().numpy(), expected, rtol=rtol, atol=1e-12)


def multivariate_normals():
    covariance = double(COVARIANCE)
    return {
        "covariance": D.MultivariateNormal(double(LOC), covariance_matrix=covariance),
        "precision": D.MultivariateNormal(double(LOC), precision_matrix=covariance.inverse()),
        "factor": D.MultivariateNormal(double(LOC), scale_tril=tp.linalg.cholesky(covariance)),
    }


@pytest.mark.parametrize("form", ["covariance", "precision", "factor"])
def test_multivariate_normal(form):
    ours = multivariate_normals()[form]
    theirs = stats.multivariate_normal(LOC, COVARIANCE)
    x = np.random.default_rng(0).normal(size=(4, 3))
    close(ours.log_prob(double(x)), theirs.logpdf(x))
    close(ours.entropy(), theirs.entropy())
    close(ours.covariance_matrix, COVARIANCE)
    close(ours.precision_matrix, np.linalg.inv(COVARIANCE))
    close(ours.scale_tril, np.linalg.cholesky(COVARIANCE))
    close(ours.variance, np.diag(COVARIANCE))


def test_multivariate_normal_batches_broadcast():
    factor = tp.linalg.cholesky(double(COVARIANCE) * tp.arange(1, 3, dtype=tp.float64).reshape(2, 1, 1, 1))
    loc = double(np.random.default_rng(0).normal(size=(4, 3)))
    ours = D.MultivariateNormal(loc, scale_tril=factor)
    assert ours.batch_shape == (2, 4)
    x = double(np.random.default_rng(1).normal(size=(5, 2, 4, 3)))
    each = [
        stats.multivariate_normal(loc[j].numpy(), np.array(COVARIANCE) * (i + 1)).logpdf(x[s, i, j].numpy())
        for s in range(5)
        for i in range(2)
        for j in range(4)
    ]
    close(ours.log_prob(x), np.reshape(each, (5, 2, 4)))


def moments_match(ours, draws=20000, within=5.0):
    x = ours.sample((draws,)).reshape(draws, -1).numpy()
    mean, variance = ours.mean.reshape(-1).numpy(), ours.variance.reshape(-1).numpy()
    assert np.all(np.abs(x.mean(0) - mean) < within * np.sqrt(variance / draws) + 1e-12)
    spread = np.sqrt(np.maximum(((x - mean) ** 4).mean(0) - variance**2, 0) / draws)
    assert np.all(np.abs(x.var(0) - variance) < within * spread + 1e-12)
    return x


def covariances_match(x, expected):
    variance = np.diag(expected)
    error = np.sqrt((variance[:, None] * variance + expected**2) / len(x))
    assert np.all(np.abs(np.cov(x.T) - expected) < 5 * error)


def test_multivariate_normal_draws():
    covariances_match(moments_match(multivariate_normals()["covariance"]), np.array(COVARIANCE))


def low_rank():
    rng = np.random.default_rng(3)
    return double(rng.normal(size=4)), double(rng.normal(size=(4, 2))), double(rng.uniform(0.5, 2, 4))


def test_low_rank_multivariate_normal_is_a_multivariate_normal():
    loc, factor, diagonal = low_rank()
    ours = D.LowRankMultivariateNormal(loc, factor, diagonal)
    full = D.MultivariateNormal(loc, factor @ factor.T + diagonal.diag())
    x = double(np.random.default_rng(0).normal(size=(6, 4)))
    close(ours.log_prob(x), full.log_prob(x).numpy())
    close(ours.entropy(), full.entropy().numpy())
    close(ours.covariance_matrix, full.covariance_matrix.numpy())
    close(ours.precision_matrix, full.precision_matrix.numpy(), rtol=1e-8)
    close(ours.scale_tril, full.scale_tril.numpy())
    covariances_match(moments_match(ours), full.covariance_matrix.numpy())


def test_dirichlet():
    a = [0.6, 2.0, 4.5]
    ours = D.Dirichlet(double(a))
    x = stats.dirichlet(a).rvs(5, random_state=0)
    close(ours.log_prob(double(x)), stats.dirichlet(a).logpdf(x.T))
    close(ours.entropy(), stats.dirichlet(a).entropy())
    close(ours.mean, stats.dirichlet(a).mean())
    close(ours.variance, stats.dirichlet(a).var())
    moments_match(ours)
    drawn = ours.sample((4000,))[:, 1].numpy()
    assert stats.kstest(drawn, stats.beta(2.0, 5.1).cdf).pvalue > 1e-3


def test_dirichlet_draws_of_tiny_concentrations_are_points_of_the_simplex():
    drawn = D.Dirichlet(tp.tensor([1e-3, 2e-3])).sample((2000,))
    assert bool(((drawn.sum(-1) - 1).abs() < 1e-6).all())
    assert abs(drawn[:, 0].mean().item() - 1 / 3) < 0.05


def test_multinomial():
    p = np.array([0.2, 0.5, 0.3])
    ours = D.Multinomial(6, double(p))
    theirs = stats.multinomial(6, p)
    x = theirs.rvs(5, random_state=0).astype(float)
    close(ours.log_prob(double(x)), theirs.logpmf(x))
    close(ours.entropy(), theirs.entropy(), rtol=1e-8)
    moments_match(ours)
    assert bool((ours.sample((3, 4)).sum(-1) == 6).all())


def test_multinomial_accepts_choices_of_no_weight():
    ours = D.Multinomial(3, logits=double([0.0, -math.inf]))
    assert ours.log_prob(double([3.0, 0.0])).item() == 0


def test_categorical_frequencies():
    p = np.array([[0.1, 0.6, 0.3], [0.5, 0.25, 0.25]])
    ours = D.Categorical(double(p))
    drawn = ours.sample((6000,))
    assert drawn.shape == (6000, 2)
    for row in range(2):
        counted = np.bincount(drawn[:, row].numpy(), minlength=3)
        assert stats.chisquare(counted, p[row] * 6000).pvalue > 1e-3
    close(ours.entropy(), -(p * np.log(p)).sum(-1))
    close(ours.log_prob(tp.tensor([1, 2])), np.log([0.6, 0.25]))


def test_one_hot_categorical_is_categorical():
    p = double([[0.1, 0.6, 0.3], [0.5, 0.25, 0.25]])
    ours = D.OneHotCategorical(p)
    drawn = ours.sample((9,))
    assert drawn.shape == (9, 2, 3)
    assert bool((drawn.sum(-1) == 1).all())
    close(ours.log_prob(drawn), D.Categorical(p).log_prob(drawn.argmax(-1)).numpy())
    assert ours.enumerate_support().shape == (3, 2, 3)
    assert ours.enumerate_support(expand=False).shape == (3, 1, 3)


def test_straight_through_draws_pass_gradients_to_the_probabilities():
    p = double([0.2, 0.8]).requires_grad_()
    drawn = D.OneHotCategoricalStraightThrough(probs=p).rsample((3,))
    assert set(np.round(drawn.detach().numpy().ravel(), 12)) <= {0.0, 1.0}
    (drawn * double([1.0, 3.0])).sum().backward()
    assert p.grad.tolist() == pytest.approx([3 * (1 - 2.6), 3 * (3 - 2.6)])


def test_wishart():
    scale = double(COVARIANCE)
    ours = D.Wishart(double(5.5), covariance_matrix=scale)
    theirs = stats.wishart(5.5, np.array(COVARIANCE))
    x = theirs.rvs(4, random_state=0)
    close(ours.log_prob(double(x)), [theirs.logpdf(v) for v in x])
    close(ours.entropy(), theirs.entropy())
    close(ours.mean, theirs.mean())
    close(ours.variance, theirs.var())
    close(ours.mode, theirs.mode())
    moments_match(ours)
    assert bool(ours.support.check(ours.sample((5,))).all())


def test_wishart_needs_degrees_of_freedom():
    with pytest.raises(ValueError, match="greater than ndim - 1"):
        D.Wishart(tp.tensor(1.0), tp.eye(2))
    with pytest.warns(UserWarning, match="Low df"):
        D.Wishart(tp.tensor(1.5), tp.eye(2))


@pytest.mark.parametrize("concentration", [0.5, 1.0, 4.0])
def test_lkj_correlations_are_beta(concentration):
    # Each correlation, moved to the unit interval, has this distribution (Lewandowski, Kurowicka and Joe, 2009).
    dim = 4
    ours = D.LKJCholesky(dim, tp.tensor(concentration, dtype=tp.float64))
    factor = ours.sample((3000,))
    assert bool(ours.support.check(factor).all())
    correlation = (factor @ factor.mT).numpy()
    a = concentration + dim / 2 - 1
    for i, j in ((1, 0), (3, 2)):
        assert stats.kstest((correlation[:, i, j] + 1) / 2, stats.beta(a, a).cdf).pvalue > 1e-3


def test_lkj_density_of_two_dims_is_a_beta_density():
    concentration = double([0.5, 2.0])
    ours = D.LKJCholesky(2, concentration)
    r = 0.6
    factor = double([[1.0, 0.0], [r, math.sqrt(1 - r * r)]])
    # In two dims the factor and the correlation differ by no change of volume in their free coordinate.
    expected = stats.beta(concentration.numpy(), concentration.numpy()).logpdf((r + 1) / 2) - math.log(2)
    close(ours.log_prob(factor), expected)


def test_logistic_normal_density_integrates_to_one():
    ours = D.LogisticNormal(double([0.3]), double([0.8]))
    x, weights = np.polynomial.legendre.leggauss(200)
    x, weights = (x + 1) / 2, weights / 2
    points = double(np.stack([x, 1 - x], -1))
    total = float((ours.log_prob(points).exp().numpy() * weights).sum())
    assert total == pytest.approx(1, abs=1e-6)
    assert bool(ours.support.check(ours.sample((5,))).all())


@pytest.mark.parametrize("temperature", [0.3, 2.0])
def test_relaxed_bernoulli_draws_follow_the_density(temperature):
    ours = D.RelaxedBernoulli(double(temperature), probs=double(0.3))
    drawn = ours.rsample((4000,)).numpy()
    # The logit of a draw is logistic, of mean logit(p) / T and scale 1 / T.
    logits = np.log(drawn) - np.log1p(-drawn)
    theirs = stats.logistic(math.log(0.3 / 0.7) / temperature, 1 / temperature)
    assert stats.kstest(logits, theirs.cdf).pvalue > 1e-3
    x = np.array([0.2, 0.7])
    expected = theirs.logpdf(np.log(x / (1 - x))) - np.log(x * (1 - x))
    close(ours.log_prob(double(x)), expected, rtol=1e-8)


def test_relaxed_one_hot_categorical_chooses_as_often_as_the_categorical():
    p = np.array([0.2, 0.5, 0.3])
    ours = D.RelaxedOneHotCategorical(double(0.5), probs=double(p))
    drawn = ours.rsample((6000,))
    counted = np.bincount(drawn.argmax(-1).numpy(), minlength=3)
    assert stats.chisquare(counted, p * 6000).pvalue > 1e-3
    assert bool(ours.log_prob(drawn).isfinite().all())
    # With two choices it is the relaxed Bernoulli distribution.
    two = D.RelaxedOneHotCategorical(double(0.5), probs=double([0.3, 0.7]))
    x = double([0.4, 0.6])
    close(two.log_prob(x), D.RelaxedBernoulli(double(0.5), probs=double(0.3)).log_prob(x[0]).numpy())
