"""What all distributions share: shapes, expansion, checks of arguments, how they print; and those made of others."""

import math

import numpy as np
import pytest

import tensorplug as tp
from tensorplug import distributions as D
from tensorplug.distributions import constraints as C

ONES = tp.ones(3, 1)
MATRIX = tp.eye(2).expand(3, 1, 2, 2)
BATCHES = {
    "Bernoulli": lambda: D.Bernoulli(ONES / 2),
    "Beta": lambda: D.Beta(ONES, 2.0),
    "Binomial": lambda: D.Binomial(4, ONES / 2),
    "Categorical": lambda: D.Categorical(tp.ones(3, 1, 4)),
    "Categorical of logits": lambda: D.Categorical(logits=tp.ones(3, 1, 4)),
    "Cauchy": lambda: D.Cauchy(ONES, 2.0),
    "Chi2": lambda: D.Chi2(ONES),
    "ContinuousBernoulli": lambda: D.ContinuousBernoulli(ONES / 3),
    "Dirichlet": lambda: D.Dirichlet(tp.ones(3, 1, 4)),
    "Exponential": lambda: D.Exponential(ONES),
    "FisherSnedecor": lambda: D.FisherSnedecor(ONES, 2.0),
    "Gamma": lambda: D.Gamma(ONES, 2.0),
    "GeneralizedPareto": lambda: D.GeneralizedPareto(ONES, 2.0, 0.1),
    "Geometric": lambda: D.Geometric(ONES / 2),
    "Gumbel": lambda: D.Gumbel(ONES, 2.0),
    "HalfCauchy": lambda: D.HalfCauchy(ONES),
    "HalfNormal": lambda: D.HalfNormal(ONES),
    "Independent": lambda: D.Independent(D.Normal(tp.zeros(3, 1, 2), 1.0), 1),
    "InverseGamma": lambda: D.InverseGamma(ONES, 2.0),
    "Kumaraswamy": lambda: D.Kumaraswamy(ONES, 2.0),
    "LKJCholesky": lambda: D.LKJCholesky(3, ONES),
    "Laplace": lambda: D.Laplace(ONES, 2.0),
    "LogNormal": lambda: D.LogNormal(ONES, 2.0),
    "LogisticNormal": lambda: D.LogisticNormal(tp.ones(3, 1, 2), 1.0),
    "LowRankMultivariateNormal": lambda: D.LowRankMultivariateNormal(tp.zeros(3, 1, 2), tp.ones(2, 1), tp.ones(2)),
    "MixtureSameFamily": lambda: D.MixtureSameFamily(D.Categorical(tp.ones(3, 1, 4)), D.Normal(tp.zeros(3, 1, 4), 1.0)),
    "Multinomial": lambda: D.Multinomial(5, tp.ones(3, 1, 4)),
    "MultivariateNormal": lambda: D.MultivariateNormal(tp.zeros(2), MATRIX),
    "NegativeBinomial": lambda: D.NegativeBinomial(2.0, ONES / 2),
    "Normal": lambda: D.Normal(ONES, 2.0),
    "OneHotCategorical": lambda: D.OneHotCategorical(tp.ones(3, 1, 4)),
    "OneHotCategoricalStraightThrough": lambda: D.OneHotCategoricalStraightThrough(tp.ones(3, 1, 4)),
    "Pareto": lambda: D.Pareto(ONES, 2.0),
    "Poisson": lambda: D.Poisson(ONES),
    "RelaxedBernoulli": lambda: D.RelaxedBernoulli(tp.tensor(0.5), ONES / 2),
    "RelaxedOneHotCategorical": lambda: D.RelaxedOneHotCategorical(tp.tensor(0.5), tp.ones(3, 1, 4)),
    "StudentT": lambda: D.StudentT(ONES),
    "TransformedDistribution": lambda: D.TransformedDistribution(D.Normal(ONES, 1.0), [D.ExpTransform()]),
    "Uniform": lambda: D.Uniform(ONES, 2.0),
    "VonMises": lambda: D.VonMises(ONES, 2.0),
    "Weibull": lambda: D.Weibull(ONES, 2.0),
    "Wishart": lambda: D.Wishart(tp.tensor(3.0), MATRIX),
}


def test_all_families_are_here():
    classes = {n for n in D.__all__ if isinstance(getattr(D, n), type) and issubclass(getattr(D, n), D.Distribution)}
    assert classes - {"Distribution", "ExponentialFamily"} == {n.split(" ")[0] for n in BATCHES}


@pytest.mark.parametrize("name", BATCHES)
def test_shapes(name):
    d = BATCHES[name]()
    assert d.batch_shape == (3, 1)
    for sample_shape in ((), (2,), (4, 2)):
        drawn = d.sample(sample_shape)
        assert drawn.shape == (*sample_shape, 3, 1, *d.event_shape)
        assert d.log_prob(drawn).shape == (*sample_shape, 3, 1)


@pytest.mark.parametrize("name", BATCHES)
def test_expanded_batches_are_the_same_distributions(name):
    d = BATCHES[name]()
    wide = d.expand((5, 3, 2))
    assert type(wide) is type(d)
    assert wide.batch_shape == (5, 3, 2)
    assert wide.event_shape == d.event_shape
    drawn = wide.sample((4,))
    assert drawn.shape == (4, 5, 3, 2, *d.event_shape)
    np.testing.assert_allclose(wide.log_prob(drawn).numpy(), d.log_prob(drawn).numpy(), rtol=1e-5)
    for attribute in ("mean", "variance"):
        try:
            small = getattr(d, attribute)
        except NotImplementedError:
            continue
        large = getattr(wide, attribute)
        assert large.shape == (5, 3, 2, *d.event_shape)
        np.testing.assert_allclose(large.numpy(), np.broadcast_to(small.numpy(), large.shape), rtol=1e-6)


@pytest.mark.parametrize("name", BATCHES)
def test_the_same_seed_draws_the_same_numbers(name):
    d = BATCHES[name]()
    tp.manual_seed(5)
    first = d.sample((3,))
    tp.manual_seed(5)
    assert tp.equal(d.sample((3,)), first)


@pytest.mark.parametrize("name", [n for n in BATCHES if BATCHES[n]().has_enumerate_support])
def test_all_values_of_the_support_have_total_probability_one(name):
    d = BATCHES[name]()
    values = d.enumerate_support()
    total = d.log_prob(values).exp().sum(0)
    np.testing.assert_allclose(total.numpy(), np.ones((3, 1)), rtol=1e-5)
    assert d.enumerate_support(expand=False).shape == (len(values), 1, 1, *d.event_shape)


# ------------------------------------------------------------------------------------------------- arguments


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: D.Normal(0.0, -1.0), "parameter scale"),
        (lambda: D.Normal(math.nan, 1.0), "parameter loc"),
        (lambda: D.Uniform(1.0, 1.0), "parameter low"),
        (lambda: D.Bernoulli(1.5), "parameter probs"),
        (lambda: D.Bernoulli(), "Either `probs` or `logits`"),
        (lambda: D.Bernoulli(0.5, 0.5), "Either `probs` or `logits`"),
        (lambda: D.Geometric(0.0), "to be positive"),
        (lambda: D.Categorical(tp.tensor(1.0)), "at least one-dimensional"),
        (lambda: D.Dirichlet(tp.tensor(1.0)), "at least one-dimensional"),
        (lambda: D.Normal("a", 1.0), "Number or Tensor"),
        (lambda: D.MultivariateNormal(tp.zeros(2)), "Exactly one of"),
        (lambda: D.MultivariateNormal(tp.zeros(2), tp.eye(2), tp.eye(2)), "Exactly one of"),
        (lambda: D.MultivariateNormal(tp.zeros(2), -tp.eye(2)), "covariance_matrix"),
        (lambda: D.MultivariateNormal(tp.zeros(2), tp.ones(2)), "at least two-dimensional"),
        (lambda: D.LKJCholesky(1), "greater than or equal to 2"),
        (lambda: D.Independent(D.Normal(0.0, 1.0), 1), "reinterpreted_batch_ndims"),
        (lambda: D.TransformedDistribution(D.Normal(0.0, 1.0), ["exp"]), "must be a Transform"),
        (lambda: D.TransformedDistribution(D.Normal(0.0, 1.0), D.StickBreakingTransform()), "at least 1"),
    ],
)
def test_wrong_parameters_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1.0], "must be a Tensor"),
        (tp.tensor([[math.nan]]), "within the support"),
        (tp.zeros(2, 2), "not broadcastable"),
    ],
)
def test_wrong_values_are_refused(value, message):
    with pytest.raises(ValueError, match=message):
        D.Normal(ONES, 1.0).log_prob(value)


def test_values_must_have_the_shape_of_an_event():
    with pytest.raises(ValueError, match="event_shape"):
        D.Dirichlet(tp.ones(3)).log_prob(tp.ones(2) / 2)


def test_checks_can_be_switched_off():
    d = D.Normal(tp.tensor(0.0), -1.0, validate_args=False)
    assert d.log_prob(tp.tensor(math.nan)).isnan().item()
    try:
        D.Distribution.set_default_validate_args(False)
        assert D.Exponential(-1.0).rate.item() == -1
    finally:
        D.Distribution.set_default_validate_args(True)
    with pytest.raises(ValueError, match="bool"):
        D.Distribution.set_default_validate_args(1)


def test_numbers_become_tensors_of_the_default_dtype_and_join_tensors_in_theirs():
    assert D.Normal(0, 1).loc.dtype is tp.float32
    assert D.Normal(tp.zeros(2, dtype=tp.float64), 1).scale.dtype is tp.float64
    assert D.Normal(0.0, 1.0).batch_shape == ()


def test_checks_look_at_all_examples_of_a_vmap():
    def log_prob(scale):
        return D.Normal(0.0, scale).log_prob(scale)

    scales = tp.tensor([0.5, 2.0])
    assert tp.equal(tp.func.vmap(log_prob)(scales), D.Normal(0.0, scales).log_prob(scales))
    with pytest.raises(ValueError, match="parameter scale"):
        tp.func.vmap(log_prob)(tp.tensor([0.5, -2.0]))


def test_parameters_without_data_give_draws_without_data():
    assert repr(D.Normal(tp.zeros(1, device="meta"), 1.0)).startswith("Normal(loc: tensorplug.Size([1])")
    d = D.Normal(tp.zeros(3, device="meta"), 1.0)
    assert d.rsample((2,)).shape == (2, 3)
    assert D.Gamma(tp.ones(3, device="meta"), 1.0).rsample((2,)).shape == (2, 3)


def test_printing():
    assert repr(D.Normal(0.0, 1.0)) == "Normal(loc: 0.0, scale: 1.0)"
    assert repr(D.Normal(tp.zeros(2), 1.0)) == "Normal(loc: tensorplug.Size([2]), scale: tensorplug.Size([2]))"
    assert (
        repr(D.Independent(D.Exponential(tp.ones(2)), 1)) == "Independent(Exponential(rate: tensorplug.Size([2])), 1)"
    )
    assert repr(C.interval(0, 1)) == "Interval(lower_bound=0, upper_bound=1)"


# ------------------------------------------------------------------------------------------------- own classes


def test_subclasses_with_a_constructor_must_say_how_to_expand():
    class Bell(D.Normal):
        def __init__(self, height):
            super().__init__(0.0, height)
            self.height = height

    with pytest.raises(NotImplementedError, match=r"custom \.expand"):
        Bell(1.0).expand((3,))

    class WideBell(Bell):
        def expand(self, batch_shape, _instance=None):
            new = self._get_checked_instance(WideBell, _instance)
            new.height = self.height
            return super().expand(batch_shape, new)

    wide = WideBell(2.0).expand((3,))
    assert (wide.height, wide.batch_shape) == (2.0, (3,))


def test_distributions_that_do_not_name_their_constraints_are_warned_about():
    class Bare(D.Distribution):
        pass

    with pytest.warns(UserWarning, match="does not define `arg_constraints`"):
        Bare()
    bare = Bare(validate_args=False)
    for ask in (bare.entropy, bare.rsample, lambda: bare.mean, lambda: bare.log_prob(ONES), lambda: bare.cdf(ONES)):
        with pytest.raises(NotImplementedError):
            ask()


# ------------------------------------------------------------------------------------------------- made of others


def test_independent_sums_over_the_dims_of_an_event():
    base = D.Normal(tp.zeros(2, 3), tp.tensor([1.0, 2.0, 3.0]))
    d = D.Independent(base, 1)
    x = d.sample((4,))
    np.testing.assert_allclose(d.log_prob(x).numpy(), base.log_prob(x).sum(-1).numpy(), rtol=1e-6)
    np.testing.assert_allclose(d.entropy().numpy(), base.entropy().sum(-1).numpy(), rtol=1e-6)
    assert d.support.event_dim == 1
    assert d.has_rsample


def test_independent_cannot_list_products_of_values():
    d = D.Independent(D.Bernoulli(tp.ones(2) / 2), 1)
    assert not d.has_enumerate_support
    with pytest.raises(NotImplementedError, match="cartesian"):
        d.enumerate_support()


def test_transformed_normal_is_log_normal():
    d = D.TransformedDistribution(D.Normal(tp.tensor(0.3), 0.8), [D.AffineTransform(1.0, -2.0), D.ExpTransform()])
    same = D.LogNormal(tp.tensor(1 - 0.6), 1.6)
    x = tp.tensor([0.2, 1.0, 3.0])
    np.testing.assert_allclose(d.log_prob(x).numpy(), same.log_prob(x).numpy(), rtol=1e-5)
    np.testing.assert_allclose(d.cdf(x).numpy(), same.cdf(x).numpy(), rtol=1e-5)
    np.testing.assert_allclose(d.icdf(d.cdf(x)).numpy(), x.numpy(), rtol=1e-4)


def test_a_transform_of_vectors_takes_batch_dims_for_a_draw():
    d = D.TransformedDistribution(D.Normal(tp.zeros(5, 3), 1.0), D.StickBreakingTransform())
    assert (d.batch_shape, d.event_shape) == ((5,), (4,))
    assert d.log_prob(d.sample()).shape == (5,)


def test_a_transform_with_a_batch_of_its_own_widens_the_base():
    d = D.TransformedDistribution(D.Normal(0.0, 1.0), D.AffineTransform(tp.zeros(3), tp.ones(3)))
    assert d.batch_shape == (3,)
    assert len(set(d.sample().tolist())) == 3


def test_mixture_density_is_the_weighted_sum():
    weights, means = tp.tensor([0.3, 0.7], dtype=tp.float64), tp.tensor([-1.0, 2.0], dtype=tp.float64)
    d = D.MixtureSameFamily(D.Categorical(weights), D.Normal(means, 0.5))
    x = tp.tensor([-1.0, 0.5, 2.0], dtype=tp.float64)
    parts = D.Normal(means, 0.5).log_prob(x[:, None]).exp() * weights
    np.testing.assert_allclose(d.log_prob(x).exp().numpy(), parts.sum(-1).numpy(), rtol=1e-9)
    drawn = d.sample((20000,))
    assert drawn.mean().item() == pytest.approx(d.mean.item(), abs=0.05)
    assert drawn.var().item() == pytest.approx(d.variance.item(), rel=0.05)
    assert d.cdf(drawn).mean().item() == pytest.approx(0.5, abs=0.02)


def test_mixture_of_vectors():
    components = D.MultivariateNormal(tp.tensor([[0.0, 0.0], [9.0, 9.0]]), tp.eye(2))
    d = D.MixtureSameFamily(D.Categorical(tp.tensor([0.5, 0.5])), components)
    drawn = d.sample((2000,))
    # Both coordinates of a draw come from the same component.
    assert tp.equal(drawn[:, 0] > 4.5, drawn[:, 1] > 4.5)
    assert d.mean.tolist() == [4.5, 4.5]


@pytest.mark.parametrize(
    ("mixture", "components"),
    [
        (D.Normal(0.0, 1.0), D.Normal(tp.zeros(2), 1.0)),
        (D.Categorical(tp.ones(2)), "normal"),
        (D.Categorical(tp.ones(2)), D.Normal(tp.zeros(3), 1.0)),
        (D.Categorical(tp.ones(4, 2)), D.Normal(tp.zeros(3, 2), 1.0)),
    ],
)
def test_mixtures_that_do_not_fit_are_refused(mixture, components):
    with pytest.raises(ValueError, match="istribution"):
        D.MixtureSameFamily(mixture, components)


def test_perplexity_is_the_exponential_of_the_entropy():
    assert D.Categorical(tp.ones(5)).perplexity().item() == pytest.approx(5, rel=1e-6)


def test_sample_n_warns_of_its_age():
    with pytest.warns(UserWarning, match="sample_n"):
        assert D.Normal(0.0, 1.0).sample_n(3).shape == (3,)
