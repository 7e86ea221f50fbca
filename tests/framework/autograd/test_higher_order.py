"""Derivatives of derivatives, taken by hand and by ``autograd.functional``."""

import pytest

import tensorplug as tp
from tensorplug.autograd import functional


def leaf(*values):
    return tp.tensor(values, dtype=tp.float64, requires_grad=True)


def derivatives(function, x, orders):
    """The value of ``function`` at ``x`` and of its derivatives."""
    found = [function(x)]
    for _ in range(orders):
        found.append(tp.autograd.grad(found[-1], x, create_graph=True)[0])
    return [f.item() for f in found]


# ---------------------------------------------------------------------------------------------------- by hand


def test_derivatives_of_a_polynomial():
    assert derivatives(lambda x: x**4, leaf(2.0), 5) == [16, 32, 48, 48, 24, 0]


def test_derivatives_of_a_sine():
    x = leaf(0.3)
    sine, cosine = x.sin().item(), x.cos().item()
    assert derivatives(tp.sin, x, 4) == pytest.approx([sine, cosine, -sine, -cosine, sine])


def test_gradients_are_outside_the_graph_unless_asked_for():
    x = leaf(2.0)
    assert not tp.autograd.grad(x**2, x)[0].requires_grad
    assert tp.autograd.grad(x**2, x, create_graph=True)[0].requires_grad


def test_backward_can_leave_a_gradient_that_is_differentiable():
    x = leaf(2.0)
    (x**3).backward(create_graph=True)
    first = x.grad
    assert first.item() == 12
    assert tp.autograd.grad(first, x)[0].item() == 12


def test_mixed_derivatives():
    x, y = leaf(2.0), leaf(3.0)
    (dx,) = tp.autograd.grad(x**2 * y**3, x, create_graph=True)
    assert tp.autograd.grad(dx, y)[0].item() == 2 * 2 * 3 * 9


def test_a_gradient_penalty():
    w = leaf(3.0)
    x = leaf(1.0, 2.0)
    (slope,) = tp.autograd.grad((w * x**2).sum(), x, create_graph=True)
    (slope**2).sum().backward()  # 4 w**2 (1 + 4)
    assert w.grad.item() == 8 * 3 * 5


def test_the_gradient_given_can_be_differentiated():
    x, v = leaf(2.0), leaf(5.0)
    (product,) = tp.autograd.grad(x**2, x, v, create_graph=True)
    assert tp.autograd.grad(product, v)[0].item() == 4


# ---------------------------------------------------------------------------------------------------- jacobian, hessian


A, B = tp.tensor([1.0, 2.0]), tp.tensor([3.0, 5.0, 7.0])


def outer_and_sum(a, b):
    return a.unsqueeze(1) * b, a.sum()


def test_the_jacobian_of_one_input_and_output():
    assert functional.jacobian(lambda x: x * x, A).tolist() == [[2, 0], [0, 4]]


def test_the_jacobian_has_the_shape_of_output_and_input():
    assert functional.jacobian(lambda x: x.unsqueeze(1) * tp.ones(3), A).shape == (2, 3, 2)
    assert functional.jacobian(lambda x: x.sum(), A).shape == (2,)


def test_the_jacobian_of_several_inputs_and_outputs_is_nested():
    (product_a, product_b), (sum_a, sum_b) = functional.jacobian(outer_and_sum, (A, B))
    assert product_a[:, :, 0].tolist() == [[3, 5, 7], [0, 0, 0]]
    assert product_b[1, 2].tolist() == [0, 0, 2]
    assert (sum_a.tolist(), sum_b.tolist()) == ([1, 1], [0, 0, 0])


def test_the_hessian():
    assert functional.hessian(lambda x: (x**3).sum(), A).tolist() == [[6, 0], [0, 12]]


def test_the_hessian_of_several_inputs_is_nested():
    (aa, ab), (ba, bb) = functional.hessian(lambda a, b: (a**2).sum() * b.sum(), (A, B))
    assert aa.tolist() == [[30, 0], [0, 30]]
    assert ab.tolist() == [[2, 2, 2], [4, 4, 4]]
    assert tp.equal(ba, ab.t())
    assert bb.tolist() == [[0, 0, 0]] * 3


def test_the_hessian_needs_one_element():
    with pytest.raises(RuntimeError, match="single element"):
        functional.hessian(lambda x: x * x, A)


# ---------------------------------------------------------------------------------------------------- products


def test_a_vector_jacobian_product():
    output, product = functional.vjp(lambda x: x * x, A, tp.tensor([10.0, 100.0]))
    assert (output.tolist(), product.tolist()) == ([1, 4], [20, 400])


def test_a_jacobian_vector_product():
    v = tp.tensor([10.0, 100.0])
    output, product = functional.jvp(lambda x: tp.stack([x.sum(), x.prod(), x[0]]), A, v)
    assert (output.tolist(), product.tolist()) == ([3, 2, 1], [110, 120, 10])


@pytest.mark.parametrize("product", [functional.vhp, functional.hvp])
def test_products_with_the_hessian(product):
    output, found = product(lambda x: (x**3).sum(), A, tp.tensor([10.0, 100.0]))
    assert (output.item(), found.tolist()) == (9, [60, 1200])


def test_products_of_several_inputs():
    ones = tp.ones(2, 3), tp.tensor(1.0)
    _, (product_a, product_b) = functional.vjp(outer_and_sum, (A, B), ones)
    assert (product_a.tolist(), product_b.tolist()) == ([16, 16], [3, 3, 3])


@pytest.mark.parametrize("product", [functional.vjp, functional.jvp])
def test_a_vector_is_needed_for_several_elements(product):
    with pytest.raises(RuntimeError, match="single element"):
        product(lambda x: x * x, A)


@pytest.mark.parametrize("product", [functional.vjp, functional.jvp])
def test_a_vector_must_have_the_shape(product):
    with pytest.raises(RuntimeError, match="shape"):
        product(lambda x: x * x, A, tp.ones(3))


# ---------------------------------------------------------------------------------------------------- common rules


def test_results_are_outside_the_graph_unless_asked_for():
    x = A.clone().requires_grad_()
    assert not functional.jacobian(lambda t: t**3, x).requires_grad
    found = functional.jacobian(lambda t: t**3, x, create_graph=True)
    assert tp.autograd.grad(found.sum(), x)[0].tolist() == [6, 12]


def test_inputs_are_not_changed():
    x = A.clone()
    functional.jacobian(lambda t: (t * 2).mul_(3), x)
    assert (x.tolist(), x.requires_grad, x.grad) == ([1, 2], False, None)


def test_an_independent_output_has_zero_derivatives():
    assert functional.jacobian(lambda x: tp.ones(2), A).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    "call",
    [
        lambda f: functional.jacobian(f, A, strict=True),
        lambda f: functional.vjp(f, A, tp.ones(2), strict=True),
        lambda f: functional.jvp(f, A, tp.ones(2), strict=True),
    ],
    ids=["jacobian", "vjp", "jvp"],
)
def test_strict_refuses_independent_outputs(call):
    with pytest.raises(RuntimeError, match="independent"):
        call(lambda x: tp.ones(2))


def test_they_work_without_grad_mode():
    with tp.no_grad():
        assert functional.jacobian(lambda x: x * x, A).tolist() == [[2, 0], [0, 4]]


@pytest.mark.parametrize("inputs", [3, [A]], ids=["number", "list"])
def test_inputs_are_tensors_or_tuples(inputs):
    with pytest.raises(TypeError, match="Tensor"):
        functional.jacobian(lambda x: x, inputs)


def test_outputs_are_tensors_or_tuples():
    with pytest.raises(TypeError, match="int"):
        functional.jacobian(lambda x: 3, A)
