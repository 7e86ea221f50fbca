"""Gradients where a function has none: PyTorch's six rules, point by point."""

import math

import pytest

import tensorplug as tp
from tensorplug.nn import functional as F

INF, NAN = math.inf, math.nan


def gradient(function, *values):
    x = tp.tensor(values, dtype=tp.float64, requires_grad=True)
    function(x).sum().backward()
    return x.grad.tolist()


def other(value):
    """The same number everywhere, in the shape of the tensor given."""
    return lambda x: tp.full_like(x, value)


CASES = {
    # The gradient where it exists, also beside points where it does not.
    "abs beside 0": (tp.abs, [-2, 3], [-1, 1]),
    "sqrt": (tp.sqrt, [4], [0.25]),
    "relu beside 0": (F.relu, [-1, 1], [0, 1]),
    # The subgradient of least norm of convex functions.
    "abs at 0": (tp.abs, [0], [0]),
    "relu at 0": (F.relu, [0], [0]),
    "leaky_relu at 0": (F.leaky_relu, [0], [0.01]),
    "norm at 0": (lambda x: x.norm(), [0, 0], [0, 0]),
    "1-norm at 0": (lambda x: x.norm(1), [0, 2], [0, 1]),
    "3-norm at 0": (lambda x: x.norm(3), [0, 0], [0, 0]),
    "standard deviation of equal numbers": (lambda x: x.std(), [2, 2, 2], [0, 0, 0]),
    "l1_loss at 0": (lambda x: F.l1_loss(x, tp.zeros_like(x)), [0, 2], [0, 0.5]),
    "pairwise distance of a point to itself": (lambda x: tp.cdist(x.view(1, 2), x.detach().view(1, 2)), [1, 2], [0, 0]),
    # Ties share.
    "max of ties": (lambda x: x.max(), [1, 3, 3], [0, 0.5, 0.5]),
    "amax of ties": (lambda x: x.amax(0), [3, 3, 3, 1], [1 / 3, 1 / 3, 1 / 3, 0]),
    "min of ties": (lambda x: x.min(), [1, 1, 3], [0.5, 0.5, 0]),
    "infinity norm of ties": (lambda x: x.norm(INF), [2, -2, 1], [0.5, -0.5, 0]),
    "maximum of equal operands": (lambda x: tp.maximum(x, other(1)(x)), [1, 2, 0], [0.5, 1, 0]),
    "minimum of equal operands": (lambda x: tp.minimum(x, other(1)(x)), [1, 2, 0], [0.5, 0, 1]),
    # One of equal elements is chosen where the place is part of the answer.
    "max along a dim": (lambda x: x.max(0).values, [3, 3, 1], [1, 0, 0]),
    # Borders of a range belong to it.
    "clamp at its borders": (lambda x: x.clamp(0, 1), [-1, 0, 0.5, 1, 2], [0, 1, 1, 1, 0]),
    "clamp from below": (lambda x: x.clamp(min=0), [-1, 0, 1], [0, 1, 1]),
    "relu6 at its borders": (F.relu6, [0, 3, 6], [0, 1, 0]),
    "hardtanh at its borders": (F.hardtanh, [-1, 0, 1], [0, 1, 0]),
    # By continuity.
    "sqrt at 0": (tp.sqrt, [0], [INF]),
    "rsqrt at 0": (tp.rsqrt, [0], [-INF]),
    "log at 0": (tp.log, [0], [INF]),
    "reciprocal at 0": (tp.reciprocal, [0], [-INF]),
    "asin at 1": (tp.asin, [1], [INF]),
    "power 0 at 0": (lambda x: x**0, [0], [0]),
    "power 2 at 0": (lambda x: x**2, [0], [0]),
    "power 0.5 at 0": (lambda x: x**0.5, [0], [INF]),
    "product with one 0": (lambda x: x.prod(), [0, 2, 3], [6, 0, 0]),
    "product with two 0": (lambda x: x.prod(), [0, 0, 3], [0, 0, 0]),
    "cumulated product with a 0": (lambda x: x.cumprod(0), [2, 0, 3], [1, 8, 0]),
    # Where the function itself is not defined.
    "log below 0": (tp.log, [-1], [-1]),
    "sqrt below 0": (tp.sqrt, [-1], [NAN]),
    "the angle of the origin": (lambda x: tp.atan2(x, tp.zeros_like(x)), [0], [0]),
    # Constant between jumps.
    "floor": (tp.floor, [0.5, 1], [0, 0]),
    "round": (tp.round, [0.5, 1], [0, 0]),
    "sign": (tp.sign, [-1, 0, 2], [0, 0, 0]),
    "frac": (tp.frac, [0.5, 1], [1, 1]),
    "remainder": (lambda x: x.remainder(1.0), [0.5, 1], [1, 1]),
}


@pytest.mark.parametrize(("function", "at", "expected"), CASES.values(), ids=CASES.keys())
def test_gradient(function, at, expected):
    assert gradient(function, *map(float, at)) == pytest.approx(expected, nan_ok=True)


def test_a_branch_not_taken_can_still_spoil_the_gradient():
    """``where`` multiplies the gradient of the other branch by 0, and 0 times infinity is NaN, as in PyTorch."""
    found = gradient(lambda x: tp.where(x > 0, x.sqrt(), tp.zeros_like(x)), 0.0, 4.0)
    assert math.isnan(found[0])
    assert found[1] == 0.25


@pytest.mark.parametrize("function", [tp.argmax, tp.isnan, tp.isfinite, lambda x: x > 0, lambda x: x.long()])
def test_functions_without_derivative_give_results_outside_the_graph(function):
    assert not function(tp.ones(2, requires_grad=True)).requires_grad


def test_the_gradient_of_an_empty_sum_is_empty():
    x = tp.ones(0, 3, requires_grad=True)
    x.sum().backward()
    assert x.grad.shape == (0, 3)
