"""``grad``, ``vjp``, ``jvp``, Jacobians and Hessians: values, how they nest, and what they leave behind."""

import itertools
import math

import numpy as np
import pytest

import tensorplug as tp
from tensorplug.func import grad, grad_and_value, hessian, jacfwd, jacrev, jvp, linearize, vjp, vmap

F = tp.nn.functional


def numbers(*shape):
    return tp.as_tensor(np.random.default_rng(sum(shape)).standard_normal(shape))


def same(found, expected):
    tp.testing.assert_close(found, expected, rtol=1e-9, atol=1e-12)


def slope(f):
    """The derivative in forward mode."""
    return lambda x: jvp(f, (x,), (tp.ones_like(x),))[1]


def scalar(value):
    return tp.tensor(value, dtype=tp.float64)


# ------------------------------------------------------------------------------------------------- single derivatives


def test_grad_of_several_arguments_and_trees():
    x, w = numbers(3), {"a": numbers(3), "b": [numbers(3)]}
    found = grad(lambda x, w: (x * w["a"] * w["b"][0]).sum(), argnums=(0, 1))(x, w)
    same(found[0], w["a"] * w["b"][0])
    same(found[1]["b"][0], x * w["a"])


def test_grad_returns_aux_as_it_is():
    found, aux = grad(lambda x: ((x * x).sum(), {"x": x, "n": 3}), has_aux=True)(scalar([1.0, 2.0]))
    same(found, scalar([2.0, 4.0]))
    assert aux["n"] == 3
    assert not aux["x"].requires_grad


def test_grad_and_value():
    found, (value, aux) = grad_and_value(lambda x: (x**3, "seen"), has_aux=True)(scalar(2.0))
    assert (found.item(), value.item(), aux) == (12, 8, "seen")


def test_an_argument_that_is_not_used_has_a_gradient_of_zeros():
    same(grad(lambda x, y: x.sum(), argnums=1)(numbers(2), numbers(3)), tp.zeros(3, dtype=tp.float64))


def test_vjp_multiplies_from_the_left():
    w = numbers(2, 3)
    value, pull = vjp(lambda x: {"y": w @ x, "z": x * 2}, numbers(3))
    same(pull({"y": scalar([1.0, 0.0]), "z": tp.zeros(3, dtype=tp.float64)})[0], w[0])
    assert not value["y"].requires_grad


def test_vjp_function_can_be_called_again():
    _, pull = vjp(tp.sin, scalar(0.0))
    assert [pull(scalar(2.0))[0].item() for _ in range(2)] == [2, 2]


def test_jvp_multiplies_from_the_right():
    w, v = numbers(2, 3), numbers(3)
    value, product, aux = jvp(lambda x: (w @ x, x), (numbers(3),), (v,), has_aux=True)
    same(product, w @ v)
    same(value, w @ aux)


def test_jvp_of_what_does_not_depend_on_the_input_is_zero():
    assert jvp(lambda x: tp.ones(2), (scalar(1.0),), (scalar(1.0),))[1].tolist() == [0, 0]


def test_control_flow_may_depend_on_values():
    f = lambda x: x * 2 if x > 0 else x * 3  # noqa: E731
    assert [grad(f)(scalar(1.0)).item(), slope(f)(scalar(-1.0)).item()] == [2, 3]


def test_linearize_does_not_run_the_function_again():
    calls = []

    def f(x):
        calls.append(1)
        return x.sin() * x

    x, v = numbers(3), numbers(3)
    value, push = linearize(f, x)
    products = [push(v), push(2 * v)]
    assert len(calls) == 1
    same(products[0], jvp(f, (x,), (v,))[1])
    same(products[1], 2 * products[0])
    assert not products[0].requires_grad
    same(value, f(x))


@pytest.mark.parametrize("jacobian", [jacfwd, jacrev])
@pytest.mark.parametrize("chunk_size", [None, 1, 2])
def test_jacobians_of_trees(jacobian, chunk_size):
    x, w = numbers(3), numbers(2, 3)
    found = jacobian(lambda x, w: {"y": w @ x, "z": (x * x).sum()}, argnums=(0, 1), chunk_size=chunk_size)(x, w)
    same(found["y"][0], w)
    same(found["z"][0], 2 * x)
    same(found["y"][1], tp.einsum("ij,k->ijk", tp.eye(2, dtype=tp.float64), x))
    assert found["z"][1].shape == (2, 3)


@pytest.mark.parametrize("jacobian", [jacfwd, jacrev])
def test_jacobians_return_aux(jacobian):
    found, aux = jacobian(lambda x: (x * x, x + 1), has_aux=True)(scalar([1.0, 2.0]))
    same(found, scalar([[2.0, 0.0], [0.0, 4.0]]))
    same(aux, scalar([2.0, 3.0]))


def test_complex_derivatives():
    z = tp.as_tensor(np.array([1 + 2j, -0.5j]))
    _, product = jvp(lambda z: z * z.conj(), (z,), (tp.ones_like(z),))
    same(product, z + z.conj())


# ------------------------------------------------------------------------------------------------- nesting


@pytest.mark.parametrize("modes", list(itertools.product([grad, slope], repeat=3)))
def test_third_derivatives_in_any_mixture_of_modes(modes):
    f = tp.sin
    for mode in modes:
        f = mode(f)
    same(f(scalar(0.3)), scalar(-math.cos(0.3)))


@pytest.mark.parametrize("outer", [grad, slope])
@pytest.mark.parametrize("inner", [grad, slope])
def test_perturbations_are_not_confused(outer, inner):
    """The inner derivative of x*y with respect to y is x, so the outer function is x**2."""
    f = outer(lambda x: x * inner(lambda y: x * y)(x))
    same(f(scalar(1.5)), scalar(3.0))


@pytest.mark.parametrize("outer", [grad, slope])
@pytest.mark.parametrize("inner", [grad, slope])
def test_an_inner_derivative_at_a_constant(outer, inner):
    same(outer(lambda x: x * inner(lambda y: x + y)(scalar(1.0)))(scalar(2.0)), scalar(1.0))


@pytest.mark.parametrize("modes", list(itertools.product([jacfwd, jacrev], repeat=2)))
def test_hessians_in_any_mixture_of_modes(modes):
    w, x = numbers(3, 3), numbers(3)

    def f(x):
        return ((w @ x).softmax(0) * x.exp()).sum()

    outer, inner = modes
    found = outer(inner(f))(x)
    step = 1e-6
    columns = [
        (grad(f)(x + step * e) - grad(f)(x - step * e)) / (2 * step) for e in tp.eye(3, dtype=tp.float64).unbind()
    ]
    tp.testing.assert_close(found, tp.stack(columns, 1), rtol=1e-6, atol=1e-8)
    same(found, hessian(f)(x))


def test_the_hessian_of_a_network_with_parameters_in_a_dict():
    x, target = numbers(4, 3), tp.tensor([0, 1, 1, 0])
    params = {"w": numbers(5, 3), "v": numbers(2, 5)}

    def loss(p):
        return F.cross_entropy(F.linear(F.linear(x, p["w"]).tanh(), p["v"]), target)

    found = hessian(loss)(params)
    assert found["w"]["v"].shape == (5, 3, 2, 5)
    same(found["w"]["v"], found["v"]["w"].permute(2, 3, 0, 1))
    same(found["v"]["v"], jacrev(jacrev(loss))(params)["v"]["v"])


def test_vmap_of_jacobians_and_jacobians_of_vmap():
    x = numbers(4, 3)
    per_example = vmap(jacfwd(lambda v: v.sin() * v.sum()))(x)
    whole = jacrev(vmap(lambda v: v.sin() * v.sum()))(x)
    same(per_example, tp.stack([whole[i, :, i] for i in range(4)]))


def test_per_sample_gradients_of_a_convolutional_network():
    net = tp.nn.Sequential(
        tp.nn.Conv2d(2, 4, 3),
        tp.nn.BatchNorm2d(4),
        tp.nn.ReLU(),
        tp.nn.MaxPool2d(2),
        tp.nn.Flatten(),
        tp.nn.Linear(16, 3),
    ).double()
    net[1].running_mean.uniform_()
    net.eval()
    params, buffers = dict(net.named_parameters()), dict(net.named_buffers())
    params = {name: p.detach() for name, p in params.items()}
    x, y = numbers(5, 2, 6, 6), tp.tensor([0, 2, 1, 1, 0])

    def loss(params, x, y):
        return F.cross_entropy(tp.func.functional_call(net, (params, buffers), (x.unsqueeze(0),)), y.unsqueeze(0))

    found = vmap(grad(loss), in_dims=(None, 0, 0))(params, x, y)
    for i in range(5):
        expected = grad(loss)(params, x[i], y[i])
        for name, value in expected.items():
            same(found[name][i], value)


# ------------------------------------------------------------------------------------------------- inside autograd


def test_results_are_outside_the_graph():
    x = numbers(3)
    for value in (
        grad(lambda x: x.sin().sum())(x),
        vjp(tp.sin, x)[0],
        jacrev(tp.sin)(x),
        hessian(lambda x: x.sum() ** 2)(x),
    ):
        assert not value.requires_grad


def test_gradients_flow_on_to_what_requires_grad_outside():
    w = scalar(3.0).requires_grad_()
    grad(lambda x: w * x * x)(scalar(2.0)).backward()
    assert w.grad.item() == 4


def test_forward_mode_results_are_part_of_the_graph():
    x = scalar(0.3).requires_grad_()
    jvp(tp.sin, (x,), (scalar(1.0),))[1].backward()
    same(x.grad, scalar(-math.sin(0.3)))


def test_grad_inside_no_grad_computes_and_records_nothing():
    w = scalar(3.0).requires_grad_()
    with tp.no_grad():
        found = grad(lambda x: w * x * x)(scalar(2.0))
    assert found.item() == 12
    assert not found.requires_grad


def test_no_grad_inside_is_respected():
    def f(x):
        with tp.no_grad():
            still = x**2
        return x * still

    assert grad(f)(scalar(3.0)).item() == 9


def test_arguments_keep_their_state():
    x = scalar(2.0).requires_grad_()
    grad(lambda x: x * x)(x)
    assert x.grad is None
    assert x.is_leaf


def test_arguments_may_be_changed_in_place():
    x = scalar([1.0, 2.0])
    same(grad(lambda x: x.mul_(3).square().sum())(x), scalar([18.0, 36.0]))
    assert x.tolist() == [3, 6]


@pytest.mark.parametrize("jacobian", [jacfwd, jacrev])
def test_changes_in_place_of_tensors_made_inside(jacobian):
    def f(x):
        y = tp.zeros(3, dtype=tp.float64)
        early = y[0]
        y[1:] = x[:2]
        y[0] = x[1] * x[2]
        y.add_(x).mul_(2)
        return tp.cat([y, early.reshape(1)])

    x = scalar([1.0, 2.0, 3.0])
    expected = [[2, 6, 4], [2, 2, 0], [0, 2, 2], [2, 6, 4]]
    assert jacobian(f)(x).tolist() == expected


@pytest.mark.parametrize("mode", [jacfwd, jacrev, lambda f: vmap(jacfwd(f)), lambda f: vmap(jacrev(f))])
def test_a_saved_operand_may_be_changed_in_place(mode):
    def f(x):
        y = x.sin()
        y *= x
        return y

    x = numbers(2, 2)
    found = mode(f)(x)
    d = x.cos() * x + x.sin()
    if found.dim() == 3:
        same(found, tp.diag_embed(d))
    else:
        same(tp.einsum("ijij->ij", found), d)


# ------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda x: grad(lambda x: x)(x), RuntimeError, "scalar tensor"),
        (lambda x: grad(lambda x: 1.0)(x), RuntimeError, "return a Tensor"),
        (lambda x: grad(tp.sum)(2.0), ValueError, "to be Tensors"),
        (lambda x: grad(tp.sum, argnums=1)(x), RuntimeError, "only 1 positional"),
        (lambda x: grad(tp.sum, argnums=(0, 0))(x), RuntimeError, "unique"),
        (lambda x: grad(tp.sum, has_aux=True)(x), RuntimeError, "tuple"),
        (lambda x: grad(tp.sum)(x.long()), RuntimeError, "floating point"),
        (lambda x: vjp(tp.sin, x)[1]((x, x)), RuntimeError, "structure"),
        (lambda x: vjp(tp.sin, x)[1](x[:1]), RuntimeError, "Mismatch in shape"),
        (lambda x: jvp(tp.sin, x, x), RuntimeError, "to be a tuple"),
        (lambda x: jvp(tp.sin, (x,), (x, x)), RuntimeError, "same python structure"),
        (lambda x: jvp(tp.sin, (x,), (x[:1],)), RuntimeError, "shape of its primal"),
        (lambda x: jvp(lambda: x, (), ()), RuntimeError, "at least one Tensor"),
        (lambda x: jacrev(tp.sin, chunk_size=0), ValueError, "greater than 0"),
        (lambda x: jacrev(tp.argmax)(x), RuntimeError, "floating-point or complex"),
    ],
)
def test_wrong_use(call, error, text):
    with pytest.raises(error, match=text):
        call(tp.ones(2))


def test_a_captured_tensor_that_was_written_to_keeps_no_tangent():
    kept = tp.zeros(2, dtype=tp.float64)

    def f(x):
        kept.copy_(x)
        return kept * 2

    same(slope(f)(scalar([1.0, 2.0])), scalar([2.0, 2.0]))
    assert kept._storage.tangents is None
    same(slope(lambda x: kept * x)(scalar([3.0, 4.0])), scalar([1.0, 2.0]))
