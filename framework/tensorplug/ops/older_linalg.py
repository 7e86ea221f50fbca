"""Linear algebra by the names that PyTorch had for it before ``linalg``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tensorplug.ops.define import composite
from tensorplug.ops.factorization import (
    LUFactors,
    LUFactorsInfo,
    checked_cholesky,
    linalg_lu_factor,
    linalg_lu_factor_ex,
    solve_triangle,
)
from tensorplug.ops.matrices import (
    adjoint,
    check_dtype,
    check_matrices,
    check_same,
    check_square,
    common_batch,
    identity,
)
from tensorplug.ops.solving import lu_solved
from tensorplug.ops.spectral import svd_decompose, svdvals_of

Tensor = Any

if TYPE_CHECKING:
    # Users see named results, and with them what their fields are.
    from tensorplug.tensor import Tensor as _Tensor


class USV(NamedTuple):
    """Left singular vectors as columns, singular values, right singular vectors as columns."""

    U: _Tensor
    S: _Tensor
    V: _Tensor


class TriangularSolution(NamedTuple):
    """A solution, and a copy of the matrix."""

    solution: _Tensor
    cloned_coefficient: _Tensor


@composite()
def svd(input: Tensor, some: bool = True, compute_uv: bool = True) -> USV:
    """The singular value decomposition ``input == U @ diag(S) @ V.mH``.

    Args:
        input: matrices, shape (..., m, n).
        some: give the first min(m, n) columns of U and V rather than all.
        compute_uv: otherwise U and V are zeros.

    Returns:
        ``(U, S, V)``; ``linalg.svd`` gives ``V.mH`` instead.

    Raises:
        LinAlgError: the algorithm does not converge.

    Example:
        >>> import tensorplug as tp
        >>> tp.svd(tp.tensor([[0.0, 2.0], [1.0, 0.0]])).S
        tensor([2., 1.])
    """
    check_matrices("svd", input, "input")
    check_dtype("svd", input)
    if compute_uv:
        U, S, Vh = svd_decompose(input, not some)
        return USV(U, S, adjoint(Vh))
    (*batch, rows, columns) = input._shape
    zeros = (input.new_zeros((*batch, size, size)) for size in (rows, columns))
    return USV(next(zeros), svdvals_of(input), next(zeros))


@composite()
def cholesky(input: Tensor, upper: bool = False) -> Tensor:
    """``linalg.cholesky`` by an older name.

    Raises:
        LinAlgError: a matrix is not positive-definite.
    """
    return checked_cholesky("cholesky", input, upper)


def _lower_factor(name: str, factor: Tensor, upper: bool) -> Tensor:
    check_square(name, factor, "L")
    check_dtype(name, factor)
    return adjoint(factor) if upper else factor


@composite()
def cholesky_inverse(input: Tensor, upper: bool = False) -> Tensor:
    """The inverses of matrices from their Cholesky factors.

    Args:
        input: triangles L with ``A == L @ L.mH``, shape (..., n, n).
        upper: they are upper triangles U with ``A == U.mH @ U``.

    Example:
        >>> import tensorplug as tp
        >>> tp.cholesky_inverse(tp.tensor([[2.0, 0.0], [0.0, 1.0]]))
        tensor([[0.2500, 0.0000],
                [0.0000, 1.0000]])
    """
    lower = _lower_factor("cholesky_inverse", input, upper)
    inverse = solve_triangle(lower, identity(lower, lower._shape[-1]).expand(lower._shape), False, False)
    return adjoint(inverse) @ inverse


@composite()
def cholesky_solve(input: Tensor, input2: Tensor, upper: bool = False) -> Tensor:
    """The solution ``X`` of ``A @ X == B`` from the Cholesky factor of A.

    Args:
        input: right-hand sides B, shape (..., n, k).
        input2: triangles L with ``A == L @ L.mH``, shape (..., n, n). Dims in front broadcast.
        upper: they are upper triangles U with ``A == U.mH @ U``.

    Raises:
        RuntimeError: shapes or dtypes do not match.
    """
    lower = _lower_factor("cholesky_solve", input2, upper)
    _check_right_side("cholesky_solve", input, lower)
    lower, right, _ = common_batch(lower, input)
    return solve_triangle(adjoint(lower), solve_triangle(lower, right, False, False), True, False)


def _check_right_side(name: str, B: Tensor, A: Tensor) -> None:
    check_matrices(name, B, "b")
    check_same(name, B, A)
    if B._shape[-2] != A._shape[-1]:
        raise RuntimeError(
            f"{name}: Incompatible matrix sizes: each A matrix is {A._shape[-1]} by {A._shape[-1]} but each b matrix "
            f"is {B._shape[-2]} by {B._shape[-1]}"
        )


@composite()
def lu(input: Tensor, pivot: bool = True, get_infos: bool = False) -> LUFactors | LUFactorsInfo:
    """``linalg.lu_factor`` by an older name.

    Args:
        input: matrices, shape (..., m, n).
        pivot: exchange rows.
        get_infos: also give what ``linalg.lu_factor_ex`` tells, rather than raise.

    Raises:
        LinAlgError: a diagonal element of U is 0, unless ``get_infos``.
    """
    return linalg_lu_factor_ex(input, pivot=pivot) if get_infos else linalg_lu_factor(input, pivot=pivot)


@composite()
def lu_solve(input: Tensor, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
    """``linalg.lu_solve`` by an older name: the right-hand sides come first.

    Raises:
        RuntimeError: shapes or dtypes do not match.
    """
    return lu_solved("lu_solve", LU_data, LU_pivots, input, True, False)


@composite()
def triangular_solve(
    input: Tensor, A: Tensor, upper: bool = True, transpose: bool = False, unitriangular: bool = False
) -> TriangularSolution:
    """``linalg.solve_triangular`` by an older name: the right-hand sides come first.

    Args:
        input: right-hand sides, shape (..., n, k).
        A: triangular matrices, shape (..., n, n). Dims in front broadcast.
        upper: which triangle is read.
        transpose: put the transpose of A in its place.
        unitriangular: take the diagonal as ones.

    Returns:
        ``(solution, cloned_coefficient)``, the second a copy of A.

    Raises:
        RuntimeError: shapes or dtypes do not match.
    """
    check_square("triangular_solve", A)
    check_dtype("triangular_solve", A)
    _check_right_side("triangular_solve", input, A)
    matrix, right, _ = common_batch(A, input)
    if transpose:
        found = solve_triangle(matrix.transpose(-2, -1), right, not upper, unitriangular)
    else:
        found = solve_triangle(matrix, right, upper, unitriangular)
    return TriangularSolution(found, matrix.clone())
