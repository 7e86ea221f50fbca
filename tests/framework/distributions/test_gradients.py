"""Gradients of draws, against how quantiles move, and of densities, against finite differences."""

import math

import numpy as np
import pytest
from scipy import stats

import tensorplug as tp
from tensorplug import distributions as D


def quantile_slope(theirs, parameters, index, values):
    """How values move with a parameter when their probability is held: ``-dF/dtheta`` over the density."""
    step = 1e-5 * abs(parameters[index]) + 1e-7
    moved = [list(parameters), list(parameters)]
    moved[0][index] += step
    moved[1][index] -= step
    high, low = (theirs(*p) for p in moved)
    return -(high.cdf(values) - low.cdf(values)) / (2 * step) / theirs(*parameters).pdf(values)


def test_draws_move_with_the_parameters_as_quantiles_do(moving_as_quantiles):
    continuous = moving_as_quantiles
    ours, parameters = continuous.ours(requires_grad=True)
    drawn = ours.rsample((10,))
    for row in range(10):
        found = tp.autograd.grad(drawn[row].sum(), parameters, retain_graph=True, allow_unused=True)
        for column in range(2):
            own = [p[column] for p in continuous.parameters]
            for index, gradient in enumerate(found):
                expected = quantile_slope(continuous.scipy, own, index, drawn[row, column].item())
                slope = 0.0 if gradient is None else gradient[column].item()
                assert slope == pytest.approx(expected, rel=2e-4, abs=1e-6)


@pytest.mark.parametrize("df", [3.0, 8.0])
def test_draws_of_students_distribution_move_on_average_as_its_spread_does(df):
    # d/d(df) of the mean of |x|, which is known.
    def mean_size(df):
        return 2 * math.sqrt(df) * math.gamma((df + 1) / 2) / (math.gamma(df / 2) * math.sqrt(math.pi) * (df - 1))

    parameter = tp.tensor(df, dtype=tp.float64, requires_grad=True)
    drawn = D.StudentT(parameter).rsample((20000,)).abs()
    (found,) = tp.autograd.grad(drawn.mean(), parameter)
    expected = (mean_size(df + 1e-4) - mean_size(df - 1e-4)) / 2e-4
    assert found.item() == pytest.approx(expected, rel=0.15)


@pytest.mark.parametrize("concentration", [[0.3, 0.5], [2.0, 0.4, 5.0], [30.0, 60.0]])
def test_dirichlet_draws_move_so_that_means_follow(concentration):
    # The mean of x_i**2 is a (a + 1) / (t (t + 1)) with t the total: its derivative is that of the draws on average.
    parameter = tp.tensor(concentration, dtype=tp.float64, requires_grad=True)
    drawn = D.Dirichlet(parameter).rsample((40000,))
    (found,) = tp.autograd.grad(drawn[:, 0].square().mean(), parameter)
    a, total = concentration[0], sum(concentration)

    def moment(a, total):
        return a * (a + 1) / (total * (total + 1))

    step = 1e-6
    by_own = (moment(a + step, total + step) - moment(a - step, total - step)) / (2 * step)
    by_other = (moment(a, total + step) - moment(a, total - step)) / (2 * step)
    expected = [by_own] + [by_other] * (len(concentration) - 1)
    np.testing.assert_allclose(found.numpy(), expected, rtol=0.08)


def test_dirichlet_draws_stay_on_the_simplex_as_they_move():
    parameter = tp.tensor([0.5, 2.0, 3.0], dtype=tp.float64, requires_grad=True)
    drawn = D.Dirichlet(parameter).rsample((10,))
    (found,) = tp.autograd.grad(drawn.sum(), parameter)
    assert found.abs().max().item() < 1e-12


@pytest.mark.parametrize("dtype", [tp.float32, tp.float64])
@pytest.mark.parametrize("a", [0.02, 0.7, 3.0, 50.0, 3000.0])
def test_gamma_draws_move_to_full_accuracy(a, dtype):
    values = stats.gamma(a).ppf([0.05, 0.5, 0.9, 0.999])
    values = values[values > 1e-30]
    found = tp._standard_gamma_grad(tp.tensor(a, dtype=dtype).expand(len(values)), tp.tensor(values, dtype=dtype))
    step = a * 1e-4
    # Richardson's extrapolation of central differences of the quantile.
    p = stats.gamma(a).cdf(values)
    near, far = (
        (stats.gamma(a + h).ppf(p) - stats.gamma(a - h).ppf(p)) / (2 * h) for h in (step, 2 * step)
    )  # fmt: skip
    np.testing.assert_allclose(found.double().numpy(), (4 * near - far) / 3, rtol=3e-5)


def test_densities_have_right_gradients(smooth):
    family = smooth
    values = tp.tensor(family.theirs().ppf([[0.2], [0.7]]))
    _, parameters = family.ours(requires_grad=True)
    # Numbers of trials are moved off the whole numbers here, too.
    assert tp.autograd.gradcheck(lambda *p: family.make(*p, validate_args=False).log_prob(values), parameters)


def test_entropies_have_right_gradients(with_entropy):
    _, parameters = with_entropy.ours(requires_grad=True)
    assert tp.autograd.gradcheck(lambda *p: with_entropy.make(*p).entropy(), parameters)


def test_multivariate_normal_gradients():
    rng = np.random.default_rng(0)
    loc = tp.tensor(rng.normal(size=3)).requires_grad_()
    root = tp.tensor(rng.normal(size=(3, 3))).requires_grad_()
    x = tp.tensor(rng.normal(size=(4, 3)))

    def log_prob(loc, root):
        covariance = root @ root.T + tp.eye(3, dtype=tp.float64)
        return D.MultivariateNormal(loc, covariance_matrix=covariance, validate_args=False).log_prob(x)

    assert tp.autograd.gradcheck(log_prob, (loc, root))


def test_sample_records_no_gradient(family):
    ours, _ = family.ours(requires_grad=True)
    assert not ours.sample((2,)).requires_grad
    if ours.has_rsample:
        assert ours.rsample((2,)).requires_grad
    else:
        with pytest.raises(NotImplementedError):
            ours.rsample()
