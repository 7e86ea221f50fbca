"""``autograd.Function`` in transforms: generated and own ``vmap``, ``jvp``, and what is refused."""

import pytest

import tensorplug as tp
from tensorplug.autograd import Function
from tensorplug.func import grad, jacfwd, jacrev, jvp, vmap


class Scaled(Function):
    """``w * x**3``, with all that transforms may ask for."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x, w):
        return x**3 * w

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx, g):
        x, w = ctx.saved_tensors
        return 3 * x**2 * w * g, (x**3 * g).sum()

    @staticmethod
    def jvp(ctx, x_tangent, w_tangent):
        x, w = ctx.saved_tensors
        return 3 * x**2 * w * x_tangent + x**3 * w_tangent


X, W = tp.arange(6.0).reshape(3, 2), tp.tensor(2.0)


def plain(x, w):
    return x**3 * w


@pytest.mark.parametrize("in_dims", [(0, None), (None, 0), (0, 0)])
def test_a_generated_rule(in_dims):
    w = tp.tensor([1.0, 2.0, 3.0]) if in_dims[1] == 0 else W
    tp.testing.assert_close(vmap(Scaled.apply, in_dims)(X, w), vmap(plain, in_dims)(X, w))


def test_gradients_through_a_generated_rule_from_outside():
    w = W.clone().requires_grad_()
    vmap(Scaled.apply, (0, None))(X, w).sum().backward()
    assert w.grad.item() == (X**3).sum().item()


@pytest.mark.parametrize("argnums", [0, 1, (0, 1)])
def test_per_sample_gradients(argnums):
    found = vmap(grad(lambda x, w: Scaled.apply(x, w).sum(), argnums), (0, None))(X, W)
    expected = vmap(grad(lambda x, w: plain(x, w).sum(), argnums), (0, None))(X, W)
    tp.testing.assert_close(found, expected)


def test_forward_mode():
    v = (tp.ones_like(X), tp.tensor(0.5))
    tp.testing.assert_close(jvp(Scaled.apply, (X, W), v), jvp(plain, (X, W), v))


def test_a_constant_argument_has_a_tangent_of_zeros():
    tp.testing.assert_close(jacfwd(lambda w: Scaled.apply(X, w))(W), X**3)


def test_forward_mode_under_vmap():
    found = vmap(lambda x: jvp(lambda x: Scaled.apply(x, W), (x,), (x,))[1])(X)
    tp.testing.assert_close(found, 3 * X**3 * W)


@pytest.mark.parametrize("outer", [jacfwd, jacrev])
def test_second_derivatives(outer):
    found = outer(jacrev(lambda x: Scaled.apply(x, W).sum()))(X[0])
    tp.testing.assert_close(found, tp.diag(6 * X[0] * W))


def test_nested_maps():
    tp.testing.assert_close(vmap(vmap(Scaled.apply, (0, None)), (0, None))(X, W), plain(X, W))


class Sorted(Function):
    """An own ``vmap``, several outputs, one without gradient."""

    infos: list = []  # noqa: RUF012

    @staticmethod
    def forward(x, dim):
        values, places = x.sort(dim)
        return values, places

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output[1])
        ctx.mark_non_differentiable(output[1])
        ctx.dim = inputs[1]

    @staticmethod
    def backward(ctx, g, _):
        (places,) = ctx.saved_tensors
        return tp.zeros_like(g).scatter(ctx.dim, places, g), None

    @staticmethod
    def vmap(info, in_dims, x, dim):
        Sorted.infos.append((info.batch_size, info.randomness, in_dims))
        return Sorted.apply(x.movedim(in_dims[0], -1), dim), (-1, -1)


def test_an_own_rule():
    x = tp.tensor([[3.0, 1.0, 2.0], [1.0, 5.0, 4.0]])
    Sorted.infos.clear()
    values, places = vmap(lambda v: Sorted.apply(v, 0), randomness="same")(x)
    assert values.tolist() == x.sort(1)[0].tolist()
    assert places.tolist() == x.sort(1)[1].tolist()
    assert Sorted.infos == [(2, "same", (0, None))]


def test_gradients_through_an_own_rule():
    x = tp.tensor([[3.0, 1.0, 2.0], [1.0, 5.0, 4.0]])
    scale = tp.tensor([1.0, 10.0, 100.0])
    found = vmap(grad(lambda v: (Sorted.apply(v, 0)[0] * scale).sum()))(x)
    assert found.tolist() == [[100, 1, 10], [1, 100, 10]]


class Bare(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def backward(ctx, g):
        return g * 2


class Both(Bare):
    generate_vmap_rule = True

    @staticmethod
    def vmap(info, in_dims, x):
        return x * 2, 0


class Odd(Bare):
    @staticmethod
    def vmap(info, in_dims, x):
        return x * 2


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: vmap(Bare.apply)(X), RuntimeError, "does not have vmap support"),
        (lambda: vmap(Both.apply)(X), RuntimeError, "both generate_vmap_rule"),
        (lambda: vmap(Odd.apply)(X), RuntimeError, "two returns"),
        (lambda: jvp(Bare.apply, (X,), (X,)), NotImplementedError, "implement the jvp"),
    ],
)
def test_what_is_missing_is_named(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_functions_without_rules_still_have_gradients():
    assert grad(lambda x: Bare.apply(x).sum())(X).tolist() == [[2, 2]] * 3
