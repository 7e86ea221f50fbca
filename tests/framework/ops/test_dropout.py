"""Dropout: what is dropped, what is kept, and by how much it is scaled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import tensorplug as tp
from tensorplug.nn import functional as F

EVERY = [F.dropout, F.dropout1d, F.alpha_dropout, F.feature_alpha_dropout]
each = pytest.mark.parametrize("function", EVERY)


@pytest.fixture(autouse=True)
def _seed() -> None:
    tp.manual_seed(0)


@pytest.mark.parametrize("p", [0.25, 0.5])
def test_dropout_keeps_a_share_of_one_minus_p_scaled_up(p: float) -> None:
    found = F.dropout(tp.ones(200, 100), p)
    assert sorted(found.unique().tolist()) == pytest.approx([0.0, 1 / (1 - p)])
    assert (found == 0).float().mean().item() == pytest.approx(p, abs=0.02)


def test_gradients_pass_where_elements_did() -> None:
    x = tp.ones(1000, requires_grad=True)
    y = F.dropout(x, 0.5)
    y.sum().backward()
    assert tp.equal(x.grad, y.detach())


def test_the_mask_is_that_of_the_seed() -> None:
    first = F.dropout(tp.ones(50))
    tp.manual_seed(0)
    assert tp.equal(F.dropout(tp.ones(50)), first)
    assert not tp.equal(F.dropout(tp.ones(50)), first)


@each
def test_outside_training_and_with_p_zero_the_input_comes_back(function: Callable[..., Any]) -> None:
    x = tp.ones(2, 3, 4)
    assert function(x, 0.5, False) is x
    assert tp.equal(function(x, 0.0, True), x)


@each
def test_p_of_one_drops_everything(function: Callable[..., Any]) -> None:
    assert tp.equal(function(tp.ones(2, 3, 4), 1.0, True), tp.zeros(2, 3, 4))


@each
@pytest.mark.parametrize("p", [-0.1, 1.1])
def test_p_outside_its_range_is_refused(function: Callable[..., Any], p: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        function(tp.ones(2, 3, 4), p)


@each
def test_in_place(function: Callable[..., Any]) -> None:
    x = tp.ones(2, 3, 4)
    function(x, 1.0, True, inplace=True)
    assert x.abs().sum().item() == 0


@pytest.mark.parametrize(
    ("function", "shape"),
    [(F.dropout1d, (40, 50, 3)), (F.dropout1d, (50, 3)), (F.dropout2d, (40, 50, 2, 3)), (F.dropout3d, (50, 2, 3, 2))],
)
def test_channels_are_dropped_whole(function: Callable[..., Any], shape: tuple[int, ...]) -> None:
    found = function(tp.ones(shape), 0.5)
    batch = (1,) if len(shape) - 1 < {F.dropout1d: 2, F.dropout2d: 3, F.dropout3d: 4}[function] else ()
    by_channel = found.reshape((*batch, *shape)).flatten(2)
    assert (by_channel == by_channel[:, :, :1]).all()
    assert sorted(found.unique().tolist()) == [0.0, 2.0]


def test_alpha_dropout_keeps_mean_and_variance() -> None:
    x = tp.randn(400, 500)
    for function in (F.alpha_dropout, F.feature_alpha_dropout):
        found = function(x, 0.3, True)
        assert found.mean().item() == pytest.approx(0, abs=0.01)
        assert found.var().item() == pytest.approx(1, abs=0.02)


def test_dimensions_that_make_no_sense() -> None:
    with pytest.raises(RuntimeError, match="2D or 3D"):
        F.dropout1d(tp.ones(3))
    with pytest.raises(RuntimeError, match="at least 2 dimensions"):
        tp.feature_dropout(tp.ones(3), 0.5, True)
    with pytest.warns(UserWarning, match="3D input"):
        F.dropout2d(tp.ones(2, 3, 4))
    with pytest.warns(UserWarning, match="2-D input"):
        F.dropout2d(tp.ones(2, 3))
