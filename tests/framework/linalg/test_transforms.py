"""Linear algebra under ``vmap``, ``grad`` and ``jvp``: the whole batch at once, without a warning that it is not."""

from collections.abc import Callable

import pytest

import tensorplug as tp
from tensorplug import func

Case = Callable[[tp.Tensor], tp.Tensor]

CASES: dict[str, Case] = {
    "det": tp.linalg.det,
    "slogdet": lambda a: tp.linalg.slogdet(a).logabsdet,
    "inv": tp.linalg.inv,
    "solve": lambda a: tp.linalg.solve(a, a[0]),
    "solve_triangular": lambda a: tp.linalg.solve_triangular(a, a, upper=True),
    "cholesky": lambda a: tp.linalg.cholesky(a @ a.mT),
    "lu": lambda a: tp.linalg.lu(a).U,
    "qr": lambda a: tp.linalg.qr(a).R.abs(),
    "eigvalsh": lambda a: tp.linalg.eigvalsh(a + a.mT),
    "eigvals": lambda a: tp.linalg.eigvals(a).real.sum(),
    "svdvals": tp.linalg.svdvals,
    "nuclear norm": lambda a: tp.linalg.matrix_norm(a, "nuc"),
    "cond": tp.linalg.cond,
    "pinv": tp.linalg.pinv,
    "lstsq": lambda a: tp.linalg.lstsq(a, a[:, :1], driver="gels").solution,
    "matrix_exp": tp.matrix_exp,
    "matrix_power": lambda a: tp.linalg.matrix_power(a, -2),
}


@pytest.fixture
def matrices() -> tp.Tensor:
    generator = tp.Generator().manual_seed(4)
    return tp.randn(4, 3, 3, dtype=tp.float64, generator=generator) + 3 * tp.eye(3, dtype=tp.float64)


@pytest.mark.parametrize("name", CASES)
def test_a_batch_is_done_at_once(name: str, matrices: tp.Tensor) -> None:
    case = CASES[name]
    assert tp.allclose(func.vmap(case)(matrices), tp.stack([case(a) for a in matrices]), atol=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_gradients_of_a_batch_are_done_at_once(name: str, matrices: tp.Tensor) -> None:
    def total(a: tp.Tensor) -> tp.Tensor:
        return CASES[name](a).sum()

    leaf = matrices.clone().requires_grad_()
    sum(total(a) for a in leaf).backward()
    assert tp.allclose(func.vmap(func.grad(total))(matrices), leaf.grad, atol=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_tangents_are_slopes(name: str, matrices: tp.Tensor) -> None:
    case, at, along = CASES[name], matrices[0], matrices[1]
    tangent = func.jvp(case, (at,), (along,))[1]
    slope = (case(at + 1e-6 * along) - case(at - 1e-6 * along)) / 2e-6
    assert tp.allclose(tangent, slope, rtol=1e-5, atol=1e-5)


def test_qr_without_q(matrices: tp.Tensor) -> None:
    Q, R = func.vmap(lambda a: tp.linalg.qr(a, "r"))(matrices)
    assert Q.shape == (4, 0)
    assert tp.allclose(R, tp.linalg.qr(matrices).R)


def test_a_singular_example_is_named(matrices: tp.Tensor) -> None:
    matrices[2] = 0
    with pytest.raises(tp.linalg.LinAlgError, match="Batch element 2"):
        func.vmap(tp.linalg.inv)(matrices)
