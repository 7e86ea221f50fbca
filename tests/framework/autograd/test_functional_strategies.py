"""``autograd.functional``: all rows at once, and forward mode."""

import pytest

import tensorplug as tp
from tensorplug.autograd.functional import hessian, jacobian

X, W = tp.tensor([0.3, 0.7, 1.1]), tp.tensor([[1.0, 2.0, 3.0], [0.5, 0.2, 0.1]])
STRATEGIES = ("reverse-mode", "forward-mode")


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_vectorized_jacobian_is_the_same(strategy):
    def f(x, w):
        return (w @ x).exp(), (x * x).sum()

    tp.testing.assert_close(jacobian(f, (X, W), vectorize=True, strategy=strategy), jacobian(f, (X, W)))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_vectorized_hessian_is_the_same(strategy):
    def f(x, w):
        return (w @ x).exp().sum()

    found = hessian(f, (X, W), vectorize=True, outer_jacobian_strategy=strategy)
    tp.testing.assert_close(found, hessian(f, (X, W)))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_single_input_and_output_give_a_single_tensor(strategy):
    tp.testing.assert_close(jacobian(tp.sin, X, vectorize=True, strategy=strategy), tp.diag(X.cos()))
    found = hessian(lambda x: x.sin().sum(), X, vectorize=True, outer_jacobian_strategy=strategy)
    tp.testing.assert_close(found, -tp.diag(X.sin()))


def test_a_vectorized_jacobian_can_be_differentiated():
    x = X.clone().requires_grad_()
    jacobian(tp.sin, x, create_graph=True, vectorize=True).sum().backward()
    tp.testing.assert_close(x.grad, -X.sin())


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_results_are_outside_the_graph(strategy):
    x = X.clone().requires_grad_()
    assert not jacobian(tp.sin, x, vectorize=True, strategy=strategy).requires_grad


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"strategy": "forward-mode"}, NotImplementedError),
        ({"strategy": "forward-mode", "vectorize": True, "create_graph": True}, NotImplementedError),
        ({"strict": True, "vectorize": True}, RuntimeError),
        ({"strategy": "sideways"}, AssertionError),
    ],
)
def test_options_that_do_not_go_together(options, error):
    with pytest.raises(error):
        jacobian(tp.sin, X, **options)
