"""Changes in place: what they do to leaves, views, bases and the graph behind them."""

import pytest

import tensorplug as tp


@pytest.fixture
def x():
    return tp.tensor([1.0, 2.0, 3.0], requires_grad=True)


def gradient(y, x):
    return tp.autograd.grad(y.sum(), x)[0].tolist()


# ---------------------------------------------------------------------------------------------------- leaves


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.add_(1),
        lambda x: x.zero_(),
        lambda x: x.copy_(tp.ones(3)),
        lambda x: x[0].mul_(2),
        lambda x: x.view(-1).mul_(2),
        lambda x: x.__setitem__(0, 1.0),
        lambda x: x.__iadd__(1),
        lambda x: x.uniform_(),
        lambda x: x.masked_fill_(x > 1, 0),
        lambda x: x.unsqueeze_(0),
    ],
    ids=["add_", "zero_", "copy_", "select", "view", "setitem", "iadd", "uniform_", "masked_fill_", "unsqueeze_"],
)
def test_a_leaf_that_requires_grad_cannot_be_changed(x, change):
    with pytest.raises(RuntimeError, match=r"leaf Variable that requires grad"):
        change(x)
    assert x.tolist() == [1, 2, 3]


def test_a_leaf_that_requires_none_takes_the_history(x):
    y = tp.zeros(3)
    y.add_(x * 2)
    assert (y.requires_grad, y.is_leaf, gradient(y, x)) == (True, False, [2, 2, 2])


def test_requires_grad_can_be_set_on_a_view_of_a_plain_tensor():
    view = tp.zeros(4)[1:3].requires_grad_()
    (view * 3).sum().backward()
    assert view.grad.tolist() == [3, 3]


# ---------------------------------------------------------------------------------------------------- history


def test_a_change_is_part_of_the_computation(x):
    y = x * 1
    y.mul_(5).add_(1)
    assert (y.tolist(), gradient(y, x)) == ([6, 11, 16], [5, 5, 5])


def test_the_operand_of_a_change_gets_its_gradient(x):
    y = tp.full((3,), 4.0)
    y.mul_(x)
    assert gradient(y, x) == [4, 4, 4]


def test_the_old_values_serve_the_gradient_of_a_change(x):
    y = x * 1
    y.pow_(2)
    assert gradient(y, x) == [2, 4, 6]


def test_the_new_values_serve_where_the_rule_uses_the_result(x):
    y = x * 1
    y.exp_()
    assert tp.autograd.grad(y.sum(), x)[0].allclose(x.exp())


def test_overwriting_everything_cuts_the_history(x):
    y = x * 2
    y.zero_()
    assert gradient(y + x * 0, x) == [0, 0, 0]


def test_a_tensor_may_be_changed_by_itself(x):
    y = x * 1
    y.add_(y)
    assert (y.tolist(), gradient(y, x)) == ([2, 4, 6], [2, 2, 2])


def test_copy_carries_the_gradient_of_its_source(x):
    y = tp.zeros(2, 3)
    y.copy_(x * 2)
    assert gradient(y, x) == [4, 4, 4]


def test_augmented_assignment_changes_the_object(x):
    y = other = x * 1
    y *= 3
    assert y is other
    assert gradient(y, x) == [3, 3, 3]


def test_relu_in_place(x):
    y = x - 2
    y.relu_()
    assert gradient(y, x) == [0, 0, 1]


# ---------------------------------------------------------------------------------------------------- views


def test_a_change_through_a_view_changes_the_base(x):
    y = x * 1
    y[1:].mul_(10)
    assert (y.tolist(), gradient(y, x)) == ([1, 20, 30], [1, 10, 10])


def test_a_change_of_the_base_changes_its_views(x):
    y = x * 1
    view = y[1:]
    y.mul_(10)
    assert (view.tolist(), gradient(view, x)) == ([20, 30], [0, 10, 10])


def test_a_change_through_a_view_changes_other_views(x):
    y = x * 1
    first, last = y[:2], y[1:]
    first.mul_(10)
    assert (last.tolist(), gradient(last, x)) == ([20, 3], [0, 10, 1])


def test_a_change_through_a_view_of_a_view(x):
    y = x * 1
    y.view(3, 1)[1:].t().mul_(10)
    assert gradient(y, x) == [1, 10, 10]


def test_what_was_computed_before_keeps_its_gradient(x):
    y = x * 1
    before = y * 2
    y[0] = 100.0
    assert gradient(before + y, x) == [2, 3, 3]


def test_assigned_elements_get_no_gradient_and_the_value_does(x):
    y = x * 1
    value = tp.tensor(5.0, requires_grad=True)
    y[1] = value * 3
    assert [g.tolist() for g in tp.autograd.grad((y * y).sum(), [x, value])] == [[2, 0, 6], 90]


def test_a_view_of_a_constant_requires_grad_once_its_base_does(x):
    y = tp.zeros(3)
    view = y[1:]
    assert not view.requires_grad
    y.add_(x)
    assert view.requires_grad
    assert gradient(view, x) == [0, 1, 1]


def test_a_base_requires_grad_once_a_view_does(x):
    y = tp.zeros(3)
    y[1:].add_(x[1:] * 2)
    assert y.requires_grad
    assert gradient(y, x) == [0, 2, 2]


def test_a_detached_alias_shares_changes_and_not_history(x):
    y = x * 1
    y.detach().mul_(10)
    assert (y.tolist(), gradient(y, x)) == ([10, 20, 30], [1, 1, 1])


def test_changes_without_grad_mode_are_not_part_of_the_computation(x):
    y = x * 1
    with tp.no_grad():
        y[1:].mul_(10)
    assert (y.tolist(), gradient(y, x)) == ([1, 20, 30], [1, 1, 1])


def test_a_view_made_without_grad_mode_cannot_be_changed_with_it(x):
    y = x * 1
    with tp.no_grad():
        view = y[1:]
    with pytest.raises(RuntimeError, match="no_grad"):
        view.mul_(2)


def test_a_view_op_in_place_shows_the_memory_otherwise(x):
    y = (x * 2).view(1, 3)
    y.t_()
    assert (y.shape, gradient(y[1:], x)) == ((3, 1), [0, 2, 2])


def test_elements_that_share_memory_cannot_be_changed():
    with pytest.raises(RuntimeError, match="single memory location"):
        tp.ones(1).expand(3).add_(1)


# ---------------------------------------------------------------------------------------------------- in training


def test_a_loop_that_fills_a_tensor_row_by_row():
    w = tp.tensor(2.0, requires_grad=True)
    rows = tp.zeros(3, 2)
    state = tp.ones(2)
    for i in range(3):
        state = state * w
        rows[i] = state
    rows.sum().backward()  # 2 (w + w**2 + w**3)
    assert w.grad.item() == 2 * (1 + 4 + 12)


def test_accumulating_into_a_buffer():
    w = tp.tensor(2.0, requires_grad=True)
    total = tp.zeros(3)
    for i in range(3):
        total[: i + 1] += w * i
    total.sum().backward()
    assert w.grad.item() == 0 * 1 + 1 * 2 + 2 * 3
