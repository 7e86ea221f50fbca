"""Factorizations by a library that answers failures with numbers that are not finite instead of exceptions."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import scipy.linalg

from tensorplug.errors import LinAlgError
from tensorplug.xp import factorization


def silent(function: Any, results: int = 1) -> Any:
    def call(a: np.ndarray, *args: Any, **kwargs: Any) -> Any:
        try:
            return function(a, *args, **kwargs)
        except np.linalg.LinAlgError:
            nothing = np.full_like(a, np.nan)
            return nothing if results == 1 else (nothing,) * results

    return call


class Silent:
    """NumPy, but for its exceptions."""

    linalg = SimpleNamespace(
        solve=silent(np.linalg.solve),
        inv=silent(np.linalg.inv),
        cholesky=silent(np.linalg.cholesky),
        eigh=silent(np.linalg.eigh, 2),
        svd=silent(np.linalg.svd, 3),
        eigvalsh=silent(np.linalg.eigvalsh),
    )

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


LIBRARY = Silent()
REGULAR = np.array([[4.0, 1.0], [1.0, 3.0]])
SINGULAR = np.array([[1.0, 2.0], [2.0, 4.0]])


@pytest.mark.parametrize("library", [np, LIBRARY])
def test_singular_matrices_are_found(library: Any) -> None:
    batch = np.stack([REGULAR, SINGULAR])
    with np.errstate(all="ignore"):
        solution, info = factorization.solve_square(library, batch, batch)
        inverse, places = factorization.invert(library, batch)
    assert info.tolist() == places.tolist() == [0, 2]
    np.testing.assert_allclose(solution[0], np.eye(2), atol=1e-12)
    np.testing.assert_allclose(inverse[0], np.linalg.inv(REGULAR))


@pytest.mark.parametrize("library", [np, LIBRARY])
def test_matrices_that_are_not_positive_definite_are_found(library: Any) -> None:
    info = factorization.cholesky_decompose(library, np.stack([REGULAR, -REGULAR]))[1]
    assert info[1] == 1


@pytest.mark.parametrize("kernel", ["eigh_decompose", "eigvalsh_only"])
def test_iterations_that_do_not_converge_raise(kernel: str) -> None:
    with pytest.raises(LinAlgError, match="converge"):
        factorization.FUNCTIONS[kernel](LIBRARY, np.full((2, 2), np.nan))


@pytest.mark.parametrize("shape", [(70, 70), (2, 50, 33), (33, 50), (17, 17), (3, 1, 1)])
@pytest.mark.parametrize("dtype", [np.float64, np.complex128])
def test_blocks_of_columns_give_the_factors_of_lapack(shape: tuple[int, ...], dtype: Any) -> None:
    rng = np.random.default_rng(0)
    a = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
    a = a if dtype is np.complex128 else a.real
    packed, pivots, info = factorization.lu_decompose(np, a, True)
    assert not info.any()
    for place in np.ndindex(shape[:-2]):
        exact, own = scipy.linalg.lapack.get_lapack_funcs("getrf", (a[place],))(a[place])[:2]
        assert (pivots[place] == own + 1).all()
        np.testing.assert_allclose(packed[place], exact, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("size", [1, 16, 17, 60])
@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("unit", [False, True])
def test_triangular_systems_of_any_size(size: int, upper: bool, unit: bool) -> None:
    rng = np.random.default_rng(1)
    a = rng.uniform(-1, 1, (2, size, size)) / size + np.eye(size) * (1 if unit else 2)
    b = rng.standard_normal((2, size, 3))
    x = factorization.solve_triangle(np, a, b, upper, unit)
    part = np.triu(a) if upper else np.tril(a)
    if unit:
        part = part * (1 - np.eye(size)) + np.eye(size)
    np.testing.assert_allclose(part @ x, b, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("hermitian", [False, True])
@pytest.mark.parametrize("size", [1, 2, 5, 24])
@pytest.mark.parametrize("dtype", [np.float64, np.complex128])
def test_indefinite_factors_are_those_of_lapack(size: int, hermitian: bool, dtype: Any) -> None:
    rng = np.random.default_rng(2)
    a = rng.standard_normal((size, size)) + 1j * rng.standard_normal((size, size))
    a = a if dtype is np.complex128 else a.real
    a = a + (a.conj().T if hermitian else a.T)
    LD, pivots, info = factorization.FUNCTIONS["ldl_decompose"](np, a, hermitian)
    name = "hetrf" if hermitian and dtype is np.complex128 else "sytrf"
    exact, own, _ = scipy.linalg.lapack.get_lapack_funcs(name, (a,))(a, lower=1)
    assert info == 0
    assert pivots.tolist() == own.tolist()
    np.testing.assert_allclose(np.tril(LD), np.tril(exact), rtol=1e-9, atol=1e-9)
