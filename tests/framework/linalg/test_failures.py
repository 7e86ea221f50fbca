"""What happens to matrices that cannot be dealt with: ``info``, ``check_errors``, errors that name the matrix."""

import pytest

import tensorplug as tp
from tensorplug.linalg import LinAlgError

SINGULAR = tp.tensor([[1.0, 2.0], [2.0, 4.0]])
REGULAR = tp.tensor([[4.0, 1.0], [1.0, 3.0]])
INDEFINITE = tp.tensor([[1.0, 2.0], [2.0, 1.0]])
BATCH = tp.stack([REGULAR, SINGULAR, SINGULAR])

FUNCTIONS = {
    "inv": lambda a: tp.linalg.inv(a),
    "inverse": lambda a: tp.inverse(a),
    "solve": lambda a: tp.linalg.solve(a, tp.ones(2, 1)),
    "lu_factor": lambda a: tp.linalg.lu_factor(a),
    "inv_ex": lambda a: tp.linalg.inv_ex(a, check_errors=True),
    "solve_ex": lambda a: tp.linalg.solve_ex(a, tp.ones(2, 1), check_errors=True),
    "lu_factor_ex": lambda a: tp.linalg.lu_factor_ex(a, check_errors=True),
    "matrix_power": lambda a: tp.linalg.matrix_power(a, -1),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_singular_matrix_raises(name: str) -> None:
    FUNCTIONS[name](REGULAR)
    with pytest.raises(LinAlgError, match=rf"{name}.*zero"):
        FUNCTIONS[name](SINGULAR)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_first_singular_matrix_of_a_batch_is_named(name: str) -> None:
    with pytest.raises(LinAlgError, match="Batch element 1"):
        FUNCTIONS[name](BATCH)


def test_info_tells_which_matrices_are_singular_and_where() -> None:
    assert tp.linalg.lu_factor_ex(BATCH).info.tolist() == [0, 2, 2]
    inverse, info = tp.linalg.inv_ex(BATCH)
    assert info.tolist() == [0, 2, 2]
    assert info.dtype == tp.int32
    assert tp.allclose(inverse[0] @ REGULAR, tp.eye(2), atol=1e-6)
    assert not inverse[1].isfinite().any()


def test_info_of_broadcast_matrices_is_one_for_each() -> None:
    found = tp.linalg.solve_ex(BATCH[:, None], tp.ones(4, 2, 1))
    assert found.result.shape == (3, 4, 2, 1)
    assert found.info.tolist() == [[0], [2], [2]]
    assert tp.linalg.solve_ex(REGULAR, tp.ones(4, 2, 1)).info.shape == ()


def test_cholesky_tells_the_order_of_the_minor_that_is_not_positive() -> None:
    three = tp.diag(tp.tensor([4.0, 9.0, -1.0]))
    L, info = tp.linalg.cholesky_ex(tp.stack([three, three.abs(), -three]))
    assert info.tolist() == [3, 0, 1]
    assert L[1].diagonal().tolist() == [2, 3, 1]
    for function in (tp.linalg.cholesky, tp.cholesky, lambda a: tp.linalg.cholesky_ex(a, check_errors=True)):
        with pytest.raises(LinAlgError, match="order 2 is not positive-definite"):
            function(INDEFINITE)


def test_cholesky_of_nan_fails() -> None:
    assert tp.linalg.cholesky_ex(tp.full((2, 2), float("nan"))).info.item() == 1


def test_ldl_tells_of_zeros_in_d() -> None:
    assert tp.linalg.ldl_factor_ex(tp.stack([INDEFINITE, tp.zeros(2, 2)])).info.tolist() == [0, 1]
    with pytest.raises(LinAlgError, match="Batch element 1"):
        tp.linalg.ldl_factor(tp.stack([INDEFINITE, tp.zeros(2, 2)]))


def test_triangular_systems_divide_by_zero() -> None:
    found = tp.linalg.solve_triangular(tp.tensor([[0.0, 1.0], [0.0, 1.0]]), tp.ones(2, 1), upper=True)
    assert not found[0].isfinite()
    assert found[1].item() == 1


@pytest.mark.parametrize("function", [tp.linalg.eigh, tp.linalg.svd, tp.linalg.svdvals, tp.linalg.eigvalsh])
def test_iterations_that_do_not_converge_raise(function) -> None:
    with pytest.raises(LinAlgError, match="converge"):
        function(tp.full((3, 3), float("nan")))


@pytest.mark.parametrize("function", [tp.linalg.eig, tp.linalg.eigvals])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_eigenvalues_of_numbers_that_are_not_finite_are_refused(function, value: float) -> None:
    with pytest.raises(RuntimeError, match="infs or NaNs"):
        function(tp.full((2, 2), value))


def test_nan_spreads_through_factors_without_an_error() -> None:
    found = tp.linalg.lu_factor_ex(tp.tensor([[float("nan"), 1.0], [1.0, 1.0]]))
    assert found.info.item() == 0
    assert tp.linalg.det(tp.tensor([[float("nan"), 1.0], [1.0, 1.0]])).isnan()


def test_determinants_of_singular_matrices_are_zero() -> None:
    assert tp.linalg.det(BATCH)[1:].tolist() == [0, 0]
    sign, size = tp.linalg.slogdet(SINGULAR)
    assert (sign.item(), size.item()) == (0, -float("inf"))
    assert tp.logdet(-REGULAR[:1, :1]).isnan()


@pytest.mark.parametrize("name", ["det", "inv", "eigh", "cholesky", "slogdet", "eig"])
def test_shapes_are_named_in_errors(name: str) -> None:
    with pytest.raises(RuntimeError, match=f"linalg.{name}: A must be batches of square matrices, but they are 2 by 3"):
        getattr(tp.linalg, name)(tp.ones(2, 3))
    with pytest.raises(RuntimeError, match=rf"linalg.{name}: .*at least 2 dimensions, got shape \[3\]"):
        getattr(tp.linalg, name)(tp.ones(3))


@pytest.mark.parametrize("name", ["det", "inv", "svd", "qr", "lu", "eigvals", "pinv", "matrix_rank", "cond"])
@pytest.mark.parametrize(("dtype", "reason"), [(tp.int64, "floating point or complex"), (tp.bfloat16, "Low precision")])
def test_dtypes_that_cannot_be_factored_are_refused(name: str, dtype: tp.dtype, reason: str) -> None:
    with pytest.raises(RuntimeError, match=f"linalg.{name}: .*{reason}.*{dtype}"):
        getattr(tp.linalg, name)(tp.eye(2).to(dtype))


def test_pivots_of_another_dtype_are_refused() -> None:
    LU, pivots = tp.linalg.lu_factor(REGULAR)
    with pytest.raises(RuntimeError, match="int32"):
        tp.linalg.lu_solve(LU, pivots.long(), tp.ones(2, 1))
    with pytest.raises(RuntimeError, match="int32"):
        tp.lu_unpack(LU, pivots.long())


@pytest.mark.parametrize("name", ["inv", "det", "svdvals", "pinv", "eigvalsh", "matrix_rank", "cond", "qr"])
def test_autocast_factors_in_single_precision(name: str) -> None:
    with tp.autocast("cpu", dtype=tp.bfloat16):
        product = REGULAR @ REGULAR
        assert product.dtype == tp.bfloat16
        found = getattr(tp.linalg, name)(product)
        found = found[0] if isinstance(found, tuple) else found
        assert found.dtype in (tp.float32, tp.int64)
        assert (tp.linalg.cholesky(REGULAR) @ tp.eye(2)).dtype == tp.bfloat16
        assert tp.cholesky_inverse(tp.linalg.cholesky(REGULAR)).dtype == tp.float32
