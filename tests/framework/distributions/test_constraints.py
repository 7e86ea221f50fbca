"""Constraints: which values are inside, and of how many dims one is."""

import math

import pytest

import tensorplug as tp
from tensorplug.distributions import constraints as C

INSIDE_AND_OUTSIDE = [
    (C.boolean, [0.0, 1.0], [0.5, -1.0]),
    (C.integer_interval(-1, 2), [-1.0, 2.0], [-2.0, 0.5, 3.0]),
    (C.nonnegative_integer, [0.0, 7.0], [-1.0, 0.5]),
    (C.positive_integer, [1.0], [0.0, 1.5]),
    (C.real, [-math.inf, 3.0], [math.nan]),
    (C.positive, [0.1, math.inf], [0.0, -1.0, math.nan]),
    (C.nonnegative, [0.0], [-0.1]),
    (C.greater_than(2.0), [2.1], [2.0]),
    (C.greater_than_eq(2.0), [2.0], [1.9]),
    (C.less_than(2.0), [1.9], [2.0]),
    (C.interval(-1.0, 1.0), [-1.0, 1.0], [1.1, math.nan]),
    (C.unit_interval, [0.0, 1.0], [-0.1]),
    (C.half_open_interval(0.0, 1.0), [0.0], [1.0]),
    (C.one_hot, [[0.0, 1.0], [1.0, 0.0]], [[0.0, 0.0], [1.0, 1.0], [0.5, 0.5]]),
    (C.simplex, [[0.5, 0.5], [1.0, 0.0]], [[0.5, 0.4], [1.5, -0.5]]),
    (C.multinomial(3), [[1.0, 2.0], [0.0, 1.0]], [[2.0, 2.0], [-1.0, 1.0]]),
    (C.real_vector, [[0.0, 1.0]], [[0.0, math.nan]]),
    (C.lower_triangular, [[[1.0, 0.0], [2.0, 0.0]]], [[[1.0, 1.0], [0.0, 1.0]]]),
    (C.lower_cholesky, [[[1.0, 0.0], [2.0, 1.0]]], [[[1.0, 0.0], [2.0, 0.0]], [[1.0, 1.0], [0.0, 1.0]]]),
    (C.corr_cholesky, [[[1.0, 0.0], [0.6, 0.8]]], [[[1.0, 0.0], [0.6, 0.6]]]),
    (C.square, [[[1.0, 0.0], [2.0, 1.0]]], []),
    (C.symmetric, [[[1.0, 2.0], [2.0, 1.0]]], [[[1.0, 2.0], [2.1, 1.0]]]),
    (C.positive_semidefinite, [[[1.0, 1.0], [1.0, 1.0]]], [[[1.0, 2.0], [2.0, 1.0]]]),
    (C.positive_definite, [[[1.0, 0.5], [0.5, 1.0]]], [[[1.0, 2.0], [2.0, 1.0]], [[1.0, 0.5], [0.4, 1.0]]]),
    (C.independent(C.positive, 1), [[1.0, 2.0]], [[1.0, -2.0]]),
    (C.MixtureSameFamilyConstraint(C.interval(tp.tensor([0.0, -1.0]), tp.tensor([1.0, 2.0]))), [0.5], [1.5]),
]


@pytest.mark.parametrize(
    ("constraint", "inside", "outside"), INSIDE_AND_OUTSIDE, ids=[repr(c) for c, _, _ in INSIDE_AND_OUTSIDE]
)
def test_what_is_inside(constraint, inside, outside):
    for value in inside:
        checked = constraint.check(tp.tensor(value))
        assert (checked.shape, checked.item()) == ((), True)
    for value in outside:
        assert constraint.check(tp.tensor(value)).item() is False


@pytest.mark.parametrize("constraint", [c for c, _, _ in INSIDE_AND_OUTSIDE], ids=repr)
def test_a_batch_is_checked_value_by_value(constraint):
    shape = (5, 4) + (2,) * constraint.event_dim
    assert constraint.check(tp.ones(shape)).shape == (5, 4)
    assert constraint.is_discrete in (True, False)


def test_rectangles_are_not_square():
    for constraint in (C.square, C.symmetric, C.positive_definite):
        assert constraint.check(tp.ones(3, 2, 4)).tolist() == [False] * 3


def test_cat_and_stack_check_part_by_part():
    x = tp.tensor([[-1.0, 1.0, -1.0], [1.0, 1.0, 1.0]])
    assert C.cat([C.positive, C.real], dim=-1, lengths=[1, 2]).check(x).tolist() == [[False, True, True], [True] * 3]
    assert C.stack([C.positive, C.real], dim=0).check(x).tolist() == [[False, True, False], [True] * 3]


def test_dependent_constraints_know_what_they_are_told():
    assert C.is_dependent(C.dependent)
    assert not C.is_dependent(C.real)
    assert C.dependent(event_dim=1).event_dim == 1
    with pytest.raises(NotImplementedError, match="event_dim"):
        _ = C.dependent.event_dim
    with pytest.raises(ValueError, match="dependent"):
        C.dependent.check(tp.ones(1))


def test_dependent_property_is_a_property_of_objects_and_a_constraint_of_the_class():
    class Holder:
        @C.dependent_property(is_discrete=False, event_dim=0)
        def support(self):
            return C.less_than(3.0)

    assert C.is_dependent(Holder.support)
    assert Holder.support.event_dim == 0
    assert Holder().support.upper_bound == 3.0


def test_constraints_of_too_few_dims_are_refused():
    with pytest.raises(ValueError, match="dim"):
        C.independent(C.real, 2).check(tp.ones(3))
    with pytest.raises(TypeError, match="constraint"):
        C.independent("real", 1)
