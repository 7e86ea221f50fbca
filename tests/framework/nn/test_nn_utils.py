"""nn.utils: limits on gradients, parameters as a vector."""

import math

import pytest

import tensorplug as tp
from tensorplug import nn
from tensorplug.nn import utils


def with_grads(*grads):
    params = []
    for grad in grads:
        param = nn.Parameter(tp.zeros(len(grad)))
        param.grad = tp.tensor(grad)
        params.append(param)
    return params


def test_clip_grad_norm_scales_all_by_the_joint_norm_and_returns_it():
    params = with_grads([3.0], [0.0, 4.0])
    assert utils.clip_grad_norm_(params, 1.0).item() == pytest.approx(5.0)
    assert params[0].grad.item() == pytest.approx(0.6, abs=1e-5)
    assert params[1].grad.tolist() == pytest.approx([0.0, 0.8], abs=1e-5)


def test_clip_grad_norm_leaves_small_gradients_alone():
    params = with_grads([0.3])
    utils.clip_grad_norm_(params, 1.0)
    assert params[0].grad.item() == pytest.approx(0.3)


@pytest.mark.parametrize(("p", "norm"), [(1.0, 7.0), (math.inf, 4.0)])
def test_other_norms(p, norm):
    assert utils.clip_grad_norm_(with_grads([3.0], [-4.0]), 1.0, p).item() == pytest.approx(norm)


def test_a_norm_that_is_not_finite_may_be_an_error():
    with pytest.raises(RuntimeError, match="non-finite"):
        utils.clip_grad_norm_(with_grads([math.inf]), 1.0, error_if_nonfinite=True)


def test_parameters_without_gradient_do_not_count():
    params = [*with_grads([3.0]), nn.Parameter(tp.ones(1))]
    assert utils.clip_grad_norm_(iter(params), 10.0).item() == pytest.approx(3.0)
    assert utils.clip_grad_norm_(params[1], 1.0).item() == 0.0


def test_clip_grad_value_limits_each_element():
    params = with_grads([-3.0, 0.1, 5.0])
    utils.clip_grad_value_(params, 1.0)
    assert params[0].grad.tolist() == pytest.approx([-1.0, 0.1, 1.0])


def test_parameters_to_vector_and_back():
    layer = nn.Linear(2, 1)
    vector = utils.parameters_to_vector(layer.parameters())
    assert vector.shape == (3,)
    utils.vector_to_parameters(tp.tensor([1.0, 2.0, 3.0]), layer.parameters())
    assert layer.weight.tolist() == [[1.0, 2.0]]
    assert layer.bias.tolist() == [3.0]
    with pytest.raises(TypeError):
        utils.vector_to_parameters([1.0], layer.parameters())
