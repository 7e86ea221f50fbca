"""Changes in place through views and their bases give the gradients of what was computed."""

from collections.abc import Callable

import pytest

import tensorplug as tp


def _through_a_flat_view(b: tp.Tensor) -> tp.Tensor:
    v = b.view(-1)
    v.mul_(0.5)
    return (b * b).sum() + (v * v).sum()


def _twice_through_one_view(b: tp.Tensor) -> tp.Tensor:
    v = b.view(-1)
    v.mul_(0.1).exp_()
    return (b * b).sum() + (v * v).sum()


def _by_the_base_under_a_view(b: tp.Tensor) -> tp.Tensor:
    v = b.t()
    b.mul_(2.0)
    return (v * v).sum()


def _by_a_sibling_view(b: tp.Tensor) -> tp.Tensor:
    v, w = b[:, 1:], b[0]
    v.mul_(3)
    return (w * w).sum()


def _a_part_set_to_zero(b: tp.Tensor) -> tp.Tensor:
    b[:, 1:].zero_()
    return (b * b).sum()


def _a_part_computed_from_the_whole(b: tp.Tensor) -> tp.Tensor:
    v = b[:, 1:]
    v.add_(b.sum() * 0.1)
    return (b * b).sum()


def _a_row_assigned(b: tp.Tensor) -> tp.Tensor:
    b[0] = b[1] * 3
    return (b * b).sum()


def _the_diagonal_filled(b: tp.Tensor) -> tp.Tensor:
    b.diagonal().fill_(2.0)
    return (b * b).sum()


def _a_mask_assigned(b: tp.Tensor) -> tp.Tensor:
    b[b > 3] = b.mean()
    return (b * b).sum()


PROGRAMS = [
    _through_a_flat_view,
    _twice_through_one_view,
    _by_the_base_under_a_view,
    _by_a_sibling_view,
    _a_part_set_to_zero,
    _a_part_computed_from_the_whole,
    _a_row_assigned,
    _the_diagonal_filled,
    _a_mask_assigned,
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_gradient_is_that_of_finite_differences(program: Callable[[tp.Tensor], tp.Tensor]) -> None:
    x = (tp.arange(6, dtype=tp.float64).reshape(2, 3) + 0.7).requires_grad_()
    assert tp.autograd.gradcheck(lambda x: program(x * 1.0), x)


def test_a_view_of_a_constant_comes_to_require_grad_with_its_base() -> None:
    w = tp.tensor(2.0, requires_grad=True)
    x = tp.ones(3)
    v = x[1:]
    x.mul_(w)
    assert v.requires_grad
    v.sum().backward()
    assert w.grad.item() == 2.0


def test_an_operand_that_is_overwritten_is_kept_for_the_gradient_of_the_other() -> None:
    w = tp.tensor([1.0, 2.0], requires_grad=True)
    x = tp.tensor([5.0, 7.0])
    x.mul_(w)
    x.sum().backward()
    assert w.grad.tolist() == [5.0, 7.0]


def test_a_tensor_can_be_multiplied_by_itself_in_place() -> None:
    x = tp.tensor([5.0, 7.0], requires_grad=True)
    y = x * 1
    y.mul_(y)
    y.sum().backward()
    assert x.grad.tolist() == [10.0, 14.0]


def test_a_change_under_no_grad_leaves_the_history_alone() -> None:
    x = tp.ones(3, requires_grad=True)
    b = x * 2
    v = b[1:]
    with tp.no_grad():
        b.mul_(10)
    (v * 3).sum().backward()
    assert x.grad.tolist() == [0.0, 6.0, 6.0]


def test_a_view_made_under_no_grad_is_not_changed_under_grad() -> None:
    b = tp.ones(3, requires_grad=True) * 2
    with tp.no_grad():
        v = b[1:]
    with pytest.raises(RuntimeError, match="no_grad"):
        v.mul_(2)


def test_a_view_of_a_leaf_is_not_changed() -> None:
    x = tp.ones(3, requires_grad=True)
    with pytest.raises(RuntimeError, match="leaf"):
        x[1:].mul_(2)
