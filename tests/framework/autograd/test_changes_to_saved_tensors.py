"""Changing what backward needs: allowed with copies, and versions counted by hand; and the old names of tensors."""

import pytest

import tensorplug as tp
from tensorplug.autograd.graph import allow_mutation_on_saved_tensors, increment_version


def test_saved_tensors_may_be_changed():
    with allow_mutation_on_saved_tensors():
        a = tp.tensor([1.0, 2.0], requires_grad=True)
        b = a.clone()
        out = (b * b).sum()
        b.sin_()
        b[0] = 7.0
        out.backward()
    assert a.grad.tolist() == [2, 4]


def test_a_change_through_a_view_is_noticed():
    with allow_mutation_on_saved_tensors():
        a = tp.tensor([1.0, 2.0], requires_grad=True)
        b = a * 1
        out = b.exp().log().sum() + (b * b).sum()
        b[1:].fill_(100)
        out.backward()
    tp.testing.assert_close(a.grad, tp.tensor([3.0, 5.0]))


def test_backward_afterwards_is_refused():
    with allow_mutation_on_saved_tensors():
        a = tp.ones(2, requires_grad=True)
        out = (a * a).sum()
    with pytest.raises(RuntimeError, match="outside of the 'allow_mutation"):
        out.backward()


def test_contexts_do_not_nest():
    with (
        allow_mutation_on_saved_tensors(),
        pytest.raises(RuntimeError, match="cannot be nested"),
        allow_mutation_on_saved_tensors(),
    ):
        pass


def test_increment_version_makes_backward_refuse():
    a = tp.ones(2, requires_grad=True)
    b = a * 1
    out = (b * b).sum()
    before = b._version
    increment_version([b])
    assert b._version == before + 1
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        out.backward()


def test_variables_are_tensors():
    x = tp.ones(2)
    made = tp.autograd.Variable(x, requires_grad=True)
    made.data[0] = 5
    assert isinstance(made, tp.Tensor)
    assert isinstance(x, tp.autograd.Variable)
    assert made.requires_grad
    assert x.tolist() == [5, 1]


def test_variables_are_leaves():
    computed = tp.ones(2, requires_grad=True) * 2
    assert tp.autograd.Variable(computed).is_leaf


def test_variable_refuses_other_data():
    with pytest.raises(TypeError, match="has to be a tensor"):
        tp.autograd.Variable([1.0])
    with pytest.raises(RuntimeError, match="deprecated"):
        tp.autograd.variable(tp.ones(1))


def test_multithreading_is_a_switch_without_effect():
    x = tp.ones(2, requires_grad=True)
    with tp.autograd.set_multithreading_enabled(False):
        x.sum().backward()
    tp.autograd.set_multithreading_enabled(True)
    assert x.grad.tolist() == [1, 1]
