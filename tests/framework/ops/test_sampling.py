"""Draws of counts and of numbers in place: distributions, special parameters, errors, and where numbers come from."""

import math

import numpy as np
import pytest
from scipy import stats

import tensorplug as tp

DRAWS = 20000


def fits(drawn, theirs):
    """A chi-squared test of counts against SciPy's distribution."""
    drawn = drawn.double().numpy()
    low, high = theirs.ppf([0.005, 0.995])
    edges = np.unique(np.round(np.linspace(low, high, 30)))
    expected = np.diff([0, *theirs.cdf(edges), 1]) * len(drawn)
    counted = np.diff([0, *(np.sum(drawn <= e) for e in edges), len(drawn)])
    kept = expected > 5
    rest = [counted[~kept].sum() + 1e-6], [expected[~kept].sum() + 1e-6]
    return stats.chisquare([*counted[kept], *rest[0]], [*expected[kept], *rest[1]]).pvalue > 1e-3


@pytest.mark.parametrize("dtype", [tp.float32, tp.float64])
@pytest.mark.parametrize("rate", [0.05, 3.0, 9.9, 10.0, 45.0, 1e4, 1e6])
def test_poisson(rate, dtype):
    tp.manual_seed(1)
    assert fits(tp.poisson(tp.full((DRAWS,), rate, dtype=dtype)), stats.poisson(rate))


@pytest.mark.parametrize("dtype", [tp.float32, tp.float64])
@pytest.mark.parametrize(("n", "p"), [(5, 0.5), (40, 0.02), (30, 0.9), (100, 0.3), (2000, 0.99), (100000, 0.5)])
def test_binomial(n, p, dtype):
    tp.manual_seed(1)
    drawn = tp.binomial(tp.full((DRAWS,), float(n), dtype=dtype), tp.full((DRAWS,), p, dtype=dtype))
    assert fits(drawn, stats.binom(n, p))


@pytest.mark.parametrize("dtype", [tp.float32, tp.float64])
@pytest.mark.parametrize("a", [0.3, 1.0, 2.5, 300.0])
def test_standard_gamma(a, dtype):
    tp.manual_seed(1)
    drawn = tp._standard_gamma(tp.full((DRAWS,), a, dtype=dtype)).double().numpy()
    assert stats.kstest(drawn, stats.gamma(a).cdf).pvalue > 1e-3


@pytest.mark.parametrize(
    ("fill", "theirs"),
    [
        (lambda x: x.exponential_(2.0), stats.expon(scale=0.5)),
        (lambda x: x.cauchy_(1.0, 2.0), stats.cauchy(1, 2)),
        (lambda x: x.log_normal_(0.5, 0.7), stats.lognorm(0.7, scale=math.exp(0.5))),
    ],
)
def test_numbers_in_place(fill, theirs):
    tp.manual_seed(1)
    x = tp.empty(DRAWS)
    assert fill(x) is x
    assert stats.kstest(x.double().numpy(), theirs.cdf).pvalue > 1e-3


@pytest.mark.parametrize("dtype", [tp.float32, tp.float64, tp.int64, tp.uint8])
def test_geometric(dtype):
    tp.manual_seed(1)
    assert fits(tp.empty(DRAWS, dtype=dtype).geometric_(0.3), stats.geom(0.3))


def test_special_rates():
    found = tp.poisson(tp.tensor([0.0, 1e9, math.inf][:2]))
    assert found[0].item() == 0
    assert found[1].item() == pytest.approx(1e9, rel=1e-3)


def test_special_numbers_of_trials_and_chances():
    n = tp.tensor([5.0, 5.0, 0.0, -2.0, 5.0, math.nan])
    p = tp.tensor([0.0, 1.0, 0.5, 0.5, math.nan, 0.5])
    assert tp.binomial(n, p).tolist()[:4] == [0.0, 5.0, 0.0, 0.0]
    assert tp.binomial(n, p)[4:].isnan().all().item()


def test_binomial_broadcasts():
    assert tp.binomial(tp.tensor([[5.0], [6.0]]), tp.tensor([0.0, 1.0])).tolist() == [[0.0, 5.0], [0.0, 6.0]]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: tp.poisson(tp.tensor([-1.0])), RuntimeError, "non-negative"),
        (lambda: tp.poisson(tp.tensor([math.nan])), RuntimeError, "non-negative"),
        (lambda: tp.poisson(tp.tensor([1])), NotImplementedError, "poisson"),
        (lambda: tp.binomial(tp.tensor([1]), tp.tensor([0.5])), ValueError, "floating-point dtypes for count"),
        (lambda: tp.binomial(tp.ones(1), tp.ones(1, dtype=tp.float64)), RuntimeError, "one dtype"),
        (lambda: tp.empty(1).geometric_(1.0), RuntimeError, "p to be in"),
        (lambda: tp.empty(1, dtype=tp.bool).geometric_(0.5), NotImplementedError, "bool"),
        (lambda: tp.empty(1).cauchy_(0, 0), RuntimeError, "sigma"),
        (lambda: tp.empty(1).log_normal_(0, 0), RuntimeError, "std"),
        (lambda: tp.empty(1, dtype=tp.int64).cauchy_(), RuntimeError, "continuous"),
    ],
)
def test_what_is_no_distribution_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


DRAWING = {
    "poisson": lambda x: tp.poisson(x * 20),
    "binomial": lambda x: tp.binomial((x * 50).floor(), x.clamp(max=1)),
    "gamma": tp._standard_gamma,
    "geometric": lambda x: x.clone().geometric_(0.1),
}


@pytest.mark.parametrize("name", DRAWING)
def test_an_element_depends_on_its_own_parameters_and_place_alone(name):
    x = tp.linspace(0.1, 1.0, 64)
    other = x.clone()
    other[1:] = 0.55
    tp.manual_seed(3)
    first = DRAWING[name](x)
    tp.manual_seed(3)
    second = DRAWING[name](other)
    assert first[0].item() == second[0].item()


@pytest.mark.parametrize("name", DRAWING)
def test_the_stream_moves_on_by_the_same_amount_whatever_the_parameters(name):
    after = []
    for scale in (0.01, 1.0):
        tp.manual_seed(3)
        DRAWING[name](tp.full((100,), scale))
        after.append(tp.rand(3))
    assert tp.equal(*after)


def test_draws_of_counts_carry_no_gradient():
    rate = tp.ones(3, requires_grad=True)
    assert not tp.poisson(rate).requires_grad
    assert not tp.binomial(rate * 3, rate / 2).requires_grad
