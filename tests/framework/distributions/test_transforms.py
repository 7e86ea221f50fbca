"""Transforms: there and back, volumes against derivatives, shapes, caches, and the maps that constraints get."""

import pickle

import numpy as np
import pytest

import tensorplug as tp
from tensorplug import distributions as D
from tensorplug.distributions import constraints as C


def double(values):
    return tp.tensor(values, dtype=tp.float64)


X = double([-1.2, -0.3, 0.1, 0.8, 1.9, 2.5])
POSITIVE = X.exp()
NUMBERS = {
    "exp": (D.ExpTransform(), X),
    "power": (D.PowerTransform(double(2.5)), POSITIVE),
    "negative power": (D.PowerTransform(double(-0.5)), POSITIVE),
    "sigmoid": (D.SigmoidTransform(), X),
    "softplus": (D.SoftplusTransform(), X),
    "tanh": (D.TanhTransform(), X),
    "affine": (D.AffineTransform(1.5, -2.0), X),
    "affine of tensors": (D.AffineTransform(double([1.0] * 6), double([1.0, -2.0, 3.0, 0.5, 0.1, 9.0])), X),
    "distribution function": (D.CumulativeDistributionTransform(D.Normal(double(0.5), double(2.0))), X),
    "composed": (D.ComposeTransform([D.AffineTransform(0.5, 2.0), D.TanhTransform(), D.ExpTransform()]), X),
    "stacked": (D.StackTransform([D.ExpTransform(), D.TanhTransform()]), X.reshape(2, 3)),
    "joined": (D.CatTransform([D.ExpTransform(), D.SigmoidTransform()], lengths=[2, 4]), X),
    "identity": (D.identity_transform, X),
}
VECTORS = {
    "stick breaking": (D.StickBreakingTransform(), X[:4], slice(0, -1)),
    "independent": (D.IndependentTransform(D.ExpTransform(), 1), X, slice(None)),
    "affine vector": (D.AffineTransform(1.0, double([2.0, -1.0, 0.5, 3.0, 1.0, 1.0]), event_dim=1), X, slice(None)),
    "affine vector by a number": (D.AffineTransform(1.0, 3.0, event_dim=1), X, slice(None)),
    "reshape": (D.ReshapeTransform((6,), (3, 2)), X, slice(None)),
    "chain of dims": (
        D.ComposeTransform([D.ExpTransform(), D.ReshapeTransform((6,), (2, 3)), D.SoftplusTransform()]), X, slice(None),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_there_and_back(name):
    transform, x = NUMBERS[name]
    y = transform(x)
    assert bool(transform.domain.check(x).all())
    assert bool(transform.codomain.check(y).all())
    np.testing.assert_allclose(transform.inv(y).numpy(), x.numpy(), rtol=1e-9)
    np.testing.assert_allclose(transform.inv.inv(x).numpy(), y.numpy())
    assert transform.forward_shape(x.shape) == y.shape
    assert transform.inverse_shape(y.shape) == x.shape


@pytest.mark.parametrize("name", NUMBERS)
def test_volumes_of_numbers_are_derivatives(name):
    transform, x = NUMBERS[name]
    x = x.clone().requires_grad_()
    y = transform(x)
    (slope,) = tp.autograd.grad(y.sum(), x)
    found = transform.log_abs_det_jacobian(x, y)
    assert found.shape == x.shape
    np.testing.assert_allclose(found.detach().numpy(), slope.abs().log().numpy(), rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(transform.inv.log_abs_det_jacobian(y, x).detach().numpy(), -found.detach().numpy())


@pytest.mark.parametrize("name", [n for n in NUMBERS if n not in ("stacked", "joined")])
def test_sign_is_that_of_the_derivative(name):
    transform, x = NUMBERS[name]
    x = x.clone().requires_grad_()
    (slope,) = tp.autograd.grad(transform(x).sum(), x)
    assert bool((slope.sign() == transform.sign).all())


@pytest.mark.parametrize("name", VECTORS)
def test_vectors_there_and_back(name):
    transform, x, _ = VECTORS[name]
    y = transform(x)
    assert bool(transform.codomain.check(y).all())
    np.testing.assert_allclose(transform.inv(y).numpy(), x.numpy(), rtol=1e-9)
    assert tuple(transform.forward_shape(x.shape)) == tuple(y.shape)
    assert tuple(transform.inverse_shape(y.shape)) == tuple(x.shape)


@pytest.mark.parametrize("name", VECTORS)
def test_volumes_of_vectors_are_determinants(name):
    transform, x, free = VECTORS[name]
    jacobian = tp.autograd.functional.jacobian(lambda x: transform(x).reshape(-1)[free], x)
    found = transform.log_abs_det_jacobian(x, transform(x))
    assert found.shape == ()
    assert found.item() == pytest.approx(tp.linalg.slogdet(jacobian).logabsdet.item(), rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("n", [1, 3, 6])
def test_correlation_factors(n):
    transform, x = D.CorrCholeskyTransform(), X[:n]
    y = transform(x)
    assert bool(C.corr_cholesky.check(y))
    np.testing.assert_allclose(transform.inv(y).numpy(), x.numpy(), rtol=1e-9)
    assert tuple(transform.forward_shape((5, n))) == (5, *y.shape)
    below = tp.tril_indices(*y.shape, offset=-1)
    jacobian = tp.autograd.functional.jacobian(lambda x: transform(x)[below[0], below[1]], x)
    found = transform.log_abs_det_jacobian(x, y)
    assert found.item() == pytest.approx(tp.linalg.slogdet(jacobian).logabsdet.item(), rel=1e-8)


def test_correlation_factors_need_a_triangle_of_numbers():
    with pytest.raises(ValueError, match="flattened lower-diagonal"):
        D.CorrCholeskyTransform().forward_shape((4,))


@pytest.mark.parametrize(
    ("transform", "constraint"),
    [
        (D.LowerCholeskyTransform(), C.lower_cholesky),
        (D.PositiveDefiniteTransform(), C.positive_definite),
        (D.SoftmaxTransform(), C.simplex),
        (D.AbsTransform(), C.positive),
    ],
)
def test_maps_onto_a_constraint_have_an_origin_for_each_image(transform, constraint):
    x = double(np.random.default_rng(0).normal(size=(2, 3, 3)))
    y = transform(x)
    assert bool(constraint.check(y).all())
    np.testing.assert_allclose(transform(transform.inv(y)).numpy(), y.numpy(), rtol=1e-9, atol=1e-12)


def test_a_cache_gives_the_very_origin_back():
    for transform in (D.TanhTransform(cache_size=1), D.ExpTransform().with_cache()):
        x = double([100.0])
        y = transform(x)
        assert transform.inv(y) is x
        assert transform(x) is y


def test_a_chain_with_a_cache_gives_its_origin_back():
    chain = D.ComposeTransform([D.ExpTransform(), D.TanhTransform()], cache_size=1)
    x = double([5.0])
    assert chain.inv(chain(x)) is x


def test_equal_maps_are_equal():
    assert D.ExpTransform() == D.ExpTransform()
    assert D.ExpTransform() != D.TanhTransform()
    assert D.AffineTransform(1, 2) == D.AffineTransform(1, 2)
    assert D.AffineTransform(double(1), 2) != D.AffineTransform(double(2), 2)
    assert D.ExpTransform().inv == D.ExpTransform().inv
    assert D.ComposeTransform([D.ExpTransform()]) == D.ComposeTransform([D.ExpTransform()])


def test_maps_can_be_pickled():
    transform = D.ComposeTransform([D.AffineTransform(1.0, 2.0), D.ExpTransform()])
    assert transform.inv is not None
    copy = pickle.loads(pickle.dumps(transform))
    np.testing.assert_allclose(copy(X).numpy(), transform(X).numpy())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: D.ExpTransform(cache_size=2), "cache_size"),
        (lambda: D.ReshapeTransform((2,), (3,)), "numbers of elements"),
        (lambda: D.IndependentTransform(D.ExpTransform(), 2)(X), "Too few dimensions"),
        (lambda: D.ReshapeTransform((2,), (2, 1)).forward_shape((3,)), "Shape mismatch"),
        (lambda: D.StackTransform([D.ExpTransform()])(X), "1 transforms for dim 0"),
        (lambda: D.CatTransform([D.ExpTransform()])(X), "1 places along dim 0"),
    ],
)
def test_what_does_not_fit_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


CONSTRAINTS = {
    "real": (C.real, ()),
    "positive": (C.positive, ()),
    "at least 2": (C.greater_than_eq(2.0), ()),
    "below -1": (C.less_than(-1.0), ()),
    "unit interval": (C.unit_interval, ()),
    "interval": (C.interval(-3.0, 2.0), ()),
    "half open interval": (C.half_open_interval(double(-3.0), double(2.0)), ()),
    "simplex": (C.simplex, (4,)),
    "vectors of positive numbers": (C.independent(C.positive, 1), (4,)),
    "correlation": (C.corr_cholesky, (3,)),
    "stack": (C.stack([C.positive, C.unit_interval], dim=-1), (2,)),
    "cat": (C.cat([C.positive, C.less_than(0.0)], dim=-1, lengths=[1, 2]), (3,)),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
@pytest.mark.parametrize("registry", [D.biject_to, D.transform_to])
def test_constraints_are_reached_from_unconstrained_numbers(registry, name):
    constraint, event = CONSTRAINTS[name]
    transform = registry(constraint)
    x = double(np.random.default_rng(0).normal(size=(5, *event)))
    y = transform(x)
    assert bool(constraint.check(y).all())
    if registry is D.biject_to:
        assert transform.bijective
        np.testing.assert_allclose(transform.inv(y).numpy(), x.numpy(), rtol=1e-7)
        assert transform.log_abs_det_jacobian(x, y).shape[0] == 5


def test_matrices_are_reached_from_unconstrained_numbers():
    x = double(np.random.default_rng(0).normal(size=(5, 3, 3)))
    for constraint in (C.lower_cholesky, C.positive_definite, C.positive_semidefinite):
        assert bool(constraint.check(D.transform_to(constraint)(x)).all())


def test_constraints_without_a_map_are_refused():
    with pytest.raises(NotImplementedError, match="Boolean"):
        D.biject_to(C.boolean)


def test_own_constraints_can_be_registered():
    class Even(C.Constraint):
        pass

    registry = D.constraint_registry.ConstraintRegistry()

    @registry.register(Even)
    def _(constraint):
        return D.AffineTransform(0, 2)

    assert registry(Even()) == D.AffineTransform(0, 2)
    with pytest.raises(TypeError):
        registry.register(int, lambda c: None)
