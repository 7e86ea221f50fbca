"""Gradients where there is something to say beyond finite differences: choices of sign, singular matrices, modes."""

from collections.abc import Callable

import pytest

import tensorplug as tp
from tensorplug.autograd import gradcheck, gradgradcheck

Function = Callable[..., tp.Tensor]


def draw(*shape: int, dtype: tp.dtype = tp.float64) -> tp.Tensor:
    return tp.randn(*shape, dtype=dtype, generator=tp.Generator().manual_seed(3)).requires_grad_()


@pytest.mark.parametrize("name", ["eig", "eigh", "svd"])
def test_gradients_that_depend_on_the_phase_of_vectors_are_refused(name: str) -> None:
    x = draw(3, 3, dtype=tp.complex128)
    found = getattr(tp.linalg, name)(x + x.mH)
    vectors = found[0] if name == "svd" else found[1]
    with pytest.raises(RuntimeError, match="not defined"):
        vectors.imag.sum().backward()


@pytest.mark.parametrize("name", ["eigh", "svd"])
def test_gradients_of_the_size_of_vectors_are_allowed(name: str) -> None:
    x = draw(3, 3, dtype=tp.complex128)

    def sizes(x: tp.Tensor) -> tp.Tensor:
        found = getattr(tp.linalg, name)(x + x.mH)
        return (found[0] if name == "svd" else found[1]).abs()

    assert gradcheck(sizes, (x,))


@pytest.mark.parametrize("uplo", ["L", "U"])
def test_the_gradient_of_a_symmetric_matrix_is_symmetric(uplo: str) -> None:
    x = draw(3, 3)
    x = (x + x.T).detach().requires_grad_()
    vectors = tp.linalg.eigh(x, uplo).eigenvectors
    (gradient,) = tp.autograd.grad((vectors**4).sum(), x)
    assert gradient.abs().sum() > 0
    assert tp.allclose(gradient, gradient.T)


@pytest.mark.parametrize("rank", [0, 1, 2])
def test_singular_determinants_have_the_cofactors_as_gradient(rank: int) -> None:
    x = tp.diag(tp.tensor([2.0, 3.0, 5.0], dtype=tp.float64) * (tp.arange(3) < rank)).requires_grad_()
    (gradient,) = tp.autograd.grad(tp.linalg.det(x), x)
    expected = tp.zeros(3, 3, dtype=tp.float64)
    if rank == 2:
        expected[2, 2] = 6
    assert tp.allclose(gradient, expected, atol=1e-12)


def test_a_batch_may_mix_singular_and_regular_matrices() -> None:
    x = draw(2, 3, 3).detach()
    x[0, 2] = x[0, 0] * 2
    assert gradcheck(tp.linalg.det, (x.requires_grad_(),))


def test_second_gradients_of_a_singular_determinant() -> None:
    x = tp.tensor([[1.0, 2.0], [2.0, 4.0]], dtype=tp.float64)
    assert gradgradcheck(tp.linalg.det, (x.requires_grad_(),), (tp.tensor(1.0, dtype=tp.float64, requires_grad=True),))


@pytest.mark.parametrize(("mode", "shape"), [("r", (3, 3)), ("complete", (4, 3))])
def test_modes_of_qr_without_gradients_say_so(mode: str, shape: tuple[int, int]) -> None:
    R = tp.linalg.qr(draw(*shape), mode)[1]
    with pytest.raises(RuntimeError, match=f"mode='{mode}'"):
        R.sum().backward()


@pytest.mark.parametrize("function", [
    lambda x: tp.linalg.qr(x, "complete")[0], lambda x: tp.linalg.svd(x)[1], lambda x: tp.linalg.pinv(x),
    lambda x: tp.linalg.lstsq(x, x[:, :1] * 2).solution, lambda x: tp.linalg.matrix_norm(x, "nuc"),
    lambda x: tp.linalg.lu(x, pivot=False).L,
])  # fmt: skip
@pytest.mark.parametrize("dtype", [tp.float64, tp.complex128])
def test_wide_matrices(function: Function, dtype: tp.dtype) -> None:
    assert gradcheck(function, (draw(3, 5, dtype=dtype),))


def test_gradients_flow_through_some_of_the_results() -> None:
    x = draw(3, 3)
    for make in (tp.linalg.svd, tp.linalg.qr, tp.linalg.lu, tp.linalg.slogdet):
        for position in range(len(make(x))):
            part = make(x)[position]
            if part.requires_grad and part.grad_fn is not None:
                (gradient,) = tp.autograd.grad(part.sum(), x)
                assert gradient.isfinite().all()


def test_integers_among_results_do_not_require_grad() -> None:
    found = tp.linalg.lu_factor_ex(draw(3, 3))
    assert [part.requires_grad for part in found] == [True, False, False]


def test_real_matrices_with_complex_eigenvalues_get_real_gradients() -> None:
    x = tp.tensor([[0.0, -1.0], [2.0, 0.5]], dtype=tp.float64, requires_grad=True)
    (gradient,) = tp.autograd.grad((tp.linalg.eigvals(x) ** 2).sum().real, x)
    # The sum of squares of the eigenvalues is the trace of the square.
    assert gradient.dtype == tp.float64
    assert tp.allclose(gradient, 2 * x.T)


def test_ldl_has_no_gradient() -> None:
    x = draw(3, 3)
    LD, pivots = tp.linalg.ldl_factor(x + x.T)
    assert not LD.requires_grad
    assert not tp.linalg.ldl_solve(LD, pivots, x).requires_grad
