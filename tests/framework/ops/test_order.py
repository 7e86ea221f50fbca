"""Order statistics: ties, NaN, and gradients of every order."""

from typing import Any

import pytest

import tensorplug as tp

NAN = float("nan")


def test_a_median_of_all_shares_its_gradient_among_equals() -> None:
    x = tp.tensor([1.0, 2.0, 2.0, 9.0], requires_grad=True)
    tp.median(x).backward()
    assert x.grad.tolist() == [0, 0.5, 0.5, 0]


def test_a_median_along_a_dim_gives_its_gradient_to_one() -> None:
    x = tp.tensor([[1.0, 2.0, 2.0, 9.0]], requires_grad=True)
    tp.median(x, 1).values.sum().backward()
    assert sorted(x.grad[0].tolist()) == [0, 0, 0, 1]


def test_medians_see_or_skip_nan() -> None:
    x = tp.tensor([3.0, NAN, 1.0, 2.0, NAN])
    assert tp.median(x).isnan()
    assert tp.median(x, 0).indices == 1
    assert tp.nanmedian(x) == 2
    assert tp.nanmedian(x, 0).indices == 3
    assert tp.nanmedian(tp.tensor([NAN, NAN])).isnan()


def test_a_mode_is_the_smallest_of_the_most_frequent_at_its_last_place() -> None:
    assert tuple(x.item() for x in tp.mode(tp.tensor([3, 2, 3, 2, 1]))) == (2, 3)


@pytest.mark.parametrize("name", ["cummax", "cummin"])
def test_running_extremes_without_a_kernel_are_the_same(toy: str, name: str) -> None:
    x = tp.tensor([[2.0, 1.0, 2.0, NAN, 3.0], [1.0, 1.0, 0.0, 2.0, 2.0]])
    for dim in (0, 1):
        here, there = getattr(tp, name)(x, dim), getattr(tp, name)(x.to(toy), dim)
        assert str(here.values.tolist()) == str(there.values.tolist())
        assert here.indices.tolist() == there.indices.tolist()


def test_running_extremes_give_their_gradient_to_the_last_of_equals() -> None:
    x = tp.tensor([1.0, 3.0, 2.0, 3.0], requires_grad=True)
    tp.cummax(x, 0).values.sum().backward()
    assert x.grad.tolist() == [1, 2, 0, 1]


def test_logcumsumexp_without_a_kernel_is_the_same(toy: str) -> None:
    x = tp.tensor([[-1000.0, 0.0, 1000.0, 1000.0, -float("inf")]])
    tp.testing.assert_close(tp.logcumsumexp(x.to(toy), 1).cpu(), tp.logcumsumexp(x, 1))


def test_logcumsumexp_has_derivatives_of_every_order() -> None:
    x = tp.randn(2, 5, dtype=tp.float64, requires_grad=True)
    assert tp.autograd.gradcheck(lambda x: tp.logcumsumexp(x, 1), (x,))
    assert tp.autograd.gradgradcheck(lambda x: tp.logcumsumexp(x, 1), (x,))


def test_logcumsumexp_has_gradients_where_sums_span_many_powers() -> None:
    x = tp.tensor([-800.0, 0.0, 800.0], requires_grad=True)
    tp.logcumsumexp(x, 0).sum().backward()
    assert x.grad.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("q", "message"),
    [
        (1.5, "range"),
        (tp.tensor([0.5, -0.1]), "range"),
        (tp.tensor([0.5], dtype=tp.float64), "same dtype"),
        (tp.tensor([[0.5]]), "1D"),
    ],
)
def test_shares_that_make_no_quantile_are_refused(q: Any, message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        tp.quantile(tp.arange(4.0), q)


def test_a_quantile_is_nan_only_in_rows_with_nan() -> None:
    found = tp.quantile(tp.tensor([[1.0, NAN], [1.0, 3.0]]), 0.5, dim=1)
    assert str(found.tolist()) == "[nan, 2.0]"
