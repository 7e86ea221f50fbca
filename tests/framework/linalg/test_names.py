"""What is public in ``tensorplug.linalg``, and the shapes in which results come."""

import pytest

import tensorplug as tp

NAMES = [
    "LinAlgError",
    "cholesky",
    "cholesky_ex",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "householder_product",
    "inv",
    "inv_ex",
    "ldl_factor",
    "ldl_factor_ex",
    "ldl_solve",
    "lstsq",
    "lu",
    "lu_factor",
    "lu_factor_ex",
    "lu_solve",
    "matmul",
    "matrix_exp",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "multi_dot",
    "norm",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_ex",
    "solve_triangular",
    "svd",
    "svdvals",
    "tensorinv",
    "tensorsolve",
    "vander",
    "vecdot",
    "vector_norm",
    "linalg_functions",
]

A = tp.tensor([[4.0, 1.0], [1.0, 3.0]])

FIELDS = {
    "cholesky_ex": ("L", "info"),
    "eig": ("eigenvalues", "eigenvectors"),
    "eigh": ("eigenvalues", "eigenvectors"),
    "inv_ex": ("inverse", "info"),
    "ldl_factor": ("LD", "pivots"),
    "ldl_factor_ex": ("LD", "pivots", "info"),
    "lu": ("P", "L", "U"),
    "lu_factor": ("LU", "pivots"),
    "lu_factor_ex": ("LU", "pivots", "info"),
    "qr": ("Q", "R"),
    "slogdet": ("sign", "logabsdet"),
    "svd": ("U", "S", "Vh"),
}


def test_names_are_those_of_pytorch() -> None:
    assert sorted(n for n in vars(tp.linalg) if not n.startswith("_") and n not in ("annotations", "functions_in")) == (
        sorted(NAMES)
    )


def test_singular_matrices_raise_a_kind_of_runtime_error() -> None:
    assert issubclass(tp.linalg.LinAlgError, RuntimeError)
    with pytest.raises(tp.linalg.LinAlgError, match="singular"):
        tp.linalg.inv(tp.zeros(2, 2))


@pytest.mark.parametrize("name", FIELDS)
def test_results_have_named_fields(name: str) -> None:
    found = getattr(tp.linalg, name)(A)
    assert found._fields == FIELDS[name]
    assert all(isinstance(part, tp.Tensor) for part in found)


@pytest.mark.parametrize(("name", "fields"), [("solve_ex", ("result", "info")), ("lstsq", (
    "solution", "residuals", "rank", "singular_values",
))])  # fmt: skip
def test_results_of_equations_have_named_fields(name: str, fields: tuple[str, ...]) -> None:
    assert getattr(tp.linalg, name)(A, A)._fields == fields


@pytest.mark.parametrize("name", FIELDS)
def test_results_are_written_into_the_tensors_given(name: str) -> None:
    plain = getattr(tp.linalg, name)(A)
    given = tuple(tp.empty(0, dtype=part.dtype) for part in plain)
    assert getattr(tp.linalg, name)(A, out=given) is given
    for part, target in zip(plain, given, strict=True):
        assert tp.equal(part, target)


def test_older_names_have_their_own_fields_and_conventions() -> None:
    rectangular = tp.tensor([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]])
    U, S, V = rectangular.svd()
    assert V.shape == (3, 2)
    assert tp.allclose(U @ S.diag() @ V.T, rectangular, atol=1e-6)
    assert tp.svd(rectangular, compute_uv=False).U.tolist() == [[0, 0], [0, 0]]
    assert tp.triangular_solve(tp.ones(2, 1), A)._fields == ("solution", "cloned_coefficient")
    assert tp.lu(A, get_infos=True)._fields == ("LU", "pivots", "info")


def test_a_condition_number_of_nothing_is_zero() -> None:
    assert tp.linalg.cond(tp.zeros(3, 0, 0)).tolist() == [0, 0, 0]
