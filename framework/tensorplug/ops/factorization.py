"""Matrices as products of simpler ones: triangles, orthogonal and diagonal matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tensorplug.dispatch import Plan
from tensorplug.dtypes import int32, int64
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import composite, plan
from tensorplug.ops.joining import cat
from tensorplug.ops.matrices import (
    adjoint,
    check_dtype,
    check_matrices,
    check_square,
    identity,
    raise_failure,
    real_of,
)
from tensorplug.ops.triangular import diag_embed, tril, triu

Tensor = Any

if TYPE_CHECKING:
    # Users see named results, and with them what their fields are.
    from tensorplug.tensor import Tensor as _Tensor


# ---------------------------------------------------------------------------------------------------- triangles


@plan("A, B; upper, unitriangular", spaces=(), out=False)
def solve_triangle(A: Tensor, B: Tensor, upper: bool, unitriangular: bool) -> Plan:
    """``X`` with ``A @ X == B``, reading one triangle of ``A`` (its diagonal as ones where ``unitriangular``)."""
    return (A, B), (upper, unitriangular), B._shape, B._kind.dtype


@solve_triangle.vjp
def _solve_triangle_vjp(
    g: Tensor, A: Tensor, result: Tensor, upper: bool, unitriangular: bool, needs: tuple[bool, ...]
) -> tuple[Tensor | None, ...]:
    grad_b = solve_triangle(adjoint(A), g, not upper, unitriangular)
    if not needs[0]:
        return None, grad_b
    edge = int(unitriangular)
    outer = -(grad_b @ adjoint(result))
    return triu(outer, edge) if upper else tril(outer, -edge), grad_b


# ---------------------------------------------------------------------------------------------------- LU


class LU(NamedTuple):
    """A permutation, a lower and an upper triangle whose product is the matrix."""

    P: _Tensor
    L: _Tensor
    U: _Tensor


class LUFactors(NamedTuple):
    """Both triangles in one matrix, and which rows were exchanged."""

    LU: _Tensor
    pivots: _Tensor


class LUFactorsInfo(NamedTuple):
    """``LUFactors``, and for each matrix the 1-based place of a zero on U's diagonal, or 0."""

    LU: _Tensor
    pivots: _Tensor
    info: _Tensor


@plan("A; pivot", outputs=("LU", "pivots", "info"), spaces=(), out=False)
def lu_decompose(A: Tensor, pivot: bool) -> Plan:
    """``P @ L @ U == A``: L below the diagonal (its own is ones) and U from it on in one matrix; the 1-based row that
    each row was exchanged with; the place of U's first zero on the diagonal, or 0."""
    batch, size = A._shape[:-2], min(A._shape[-2:])
    return (A,), (pivot,), (A._shape, (*batch, size), batch), (A._kind.dtype, int32, int32)


@lu_decompose.vjp
def _lu_decompose_vjp(grads: tuple[Any, ...], LU: Tensor, pivots: Tensor) -> tuple[Tensor]:
    # With Phi = L^H gL and Psi = gU U^H, the gradient of a square matrix is P L^-H (tril(Phi, -1) + triu(Psi)) U^-H;
    # what a matrix has beyond a square follows from its product with the part that is one.
    rows, columns = LU._shape[-2:]
    size = min(rows, columns)
    square, g = LU[..., :size, :size], grads[0]
    below, above = tril(g[..., :, :size], -1), triu(g[..., :size, :])
    lower = tril(square, -1) + identity(LU, size)
    phi = adjoint(lower) @ below[..., :size, :]
    psi = above[..., :, :size] @ adjoint(triu(square))
    if rows > size:
        psi = psi - adjoint(LU[..., size:, :]) @ below[..., size:, :]
    if columns > size:
        phi = phi - above[..., :, size:] @ adjoint(LU[..., :, size:])
    inner = tril(phi, -1) + triu(psi)
    top = _divided_right(solve_triangle(adjoint(square), inner, True, True), square)
    if rows > size:
        top = cat((top, _divided_right(below[..., size:, :], square)), -2)
    if columns > size:
        top = cat((top, solve_triangle(adjoint(square), above[..., :, size:], True, True)), -1)
    return (permute_rows(top, inverse_permutation(permutation_of(pivots, rows))),)


def _divided_right(x: Tensor, upper: Tensor) -> Tensor:
    """``x @ inverse(adjoint(upper))``."""
    return adjoint(solve_triangle(upper, adjoint(x), True, False))


@plan("pivots; rows", spaces=(), out=False)
def permutation_of(pivots: Tensor, rows: int) -> Plan:
    """Where each row comes from after the exchanges of ``lu_decompose``, counted from 0."""
    return (pivots,), (rows,), (*pivots._shape[:-1], rows), int64


@permutation_of.default
def _permutation_of(pivots: Tensor, rows: int) -> Tensor:
    order = new_arange(pivots, rows).expand((*pivots._shape[:-1], rows))
    others = pivots.to(int64) - 1
    for place in range(pivots._shape[-1]):
        here, there = order[..., place : place + 1], others[..., place : place + 1]
        moved = order.gather(-1, there)
        order = order.scatter(-1, there, here).index_copy(-1, new_arange(pivots, 1) + place, moved)
    return order


def inverse_permutation(order: Tensor) -> Tensor:
    """Where each row went, from where each comes from."""
    return order.argsort(-1)


def permute_rows(x: Tensor, order: Tensor) -> Tensor:
    """The rows of matrices in another order; both have the same dims in front."""
    return x.gather(-2, order.unsqueeze(-1).expand(x._shape))


def _check_lu(name: str, A: Tensor) -> None:
    check_dtype(name, A)
    check_matrices(name, A)


@composite(spaces=("linalg",))
def linalg_lu_factor_ex(A: Tensor, *, pivot: bool = True, check_errors: bool = False) -> LUFactorsInfo:
    """``lu_factor``, with what went wrong as a result.

    Args:
        A: matrices, shape (..., m, n).
        pivot: exchange rows.
        check_errors: raise where a diagonal element of U is 0.

    Returns:
        ``(LU, pivots, info)``; ``info`` holds for each matrix the place of the first zero on U's diagonal, or 0.

    Raises:
        LinAlgError: with ``check_errors``, where U is singular.
    """
    _check_lu("linalg.lu_factor_ex", A)
    found = LUFactorsInfo(*lu_decompose(A, pivot))
    if check_errors:
        _refuse_singular_factor("linalg.lu_factor_ex", found.info)
    return found


def _refuse_singular_factor(name: str, info: Tensor) -> None:
    raise_failure(
        name, info, "U[{0},{0}] is zero and using it in lu_solve would result in a division by zero (counted from 1)"
    )


@composite(spaces=("linalg",))
def linalg_lu_factor(A: Tensor, *, pivot: bool = True) -> LUFactors:
    """An LU factorization in the form that ``lu_solve`` takes.

    Args:
        A: matrices, shape (..., m, n).
        pivot: exchange rows so that the largest element of each column becomes the divisor.

    Returns:
        ``(LU, pivots)``: L below the diagonal and U from it on in one matrix, and for each of the first min(m, n) rows
        the 1-based number of the row it was exchanged with.

    Raises:
        LinAlgError: a diagonal element of U is 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.lu_factor(tp.tensor([[1.0, 2.0], [2.0, 6.0]]))
        LUFactors(LU=tensor([[ 2.0000,  6.0000],
                [ 0.5000, -1.0000]]), pivots=tensor([2, 2], dtype=tensorplug.int32))
    """
    _check_lu("linalg.lu_factor", A)
    packed, pivots, info = lu_decompose(A, pivot)
    _refuse_singular_factor("linalg.lu_factor", info)
    return LUFactors(packed, pivots)


@composite(spaces=("linalg",))
def linalg_lu(A: Tensor, *, pivot: bool = True) -> LU:
    """``A == P @ L @ U`` with a permutation, a lower triangle of unit diagonal and an upper triangle.

    Args:
        A: matrices, shape (..., m, n).
        pivot: exchange rows; without, ``P`` has no elements.

    Returns:
        ``(P, L, U)`` of shapes (..., m, m), (..., m, k) and (..., k, n) with k = min(m, n).

    Example:
        >>> import tensorplug as tp
        >>> P, L, U = tp.linalg.lu(tp.tensor([[1.0, 2.0], [2.0, 6.0]]))
        >>> P @ L @ U
        tensor([[1., 2.],
                [2., 6.]])
    """
    _check_lu("linalg.lu", A)
    packed, pivots, _ = lu_decompose(A, pivot)
    found = lu_unpack(packed, pivots)
    return found if pivot else LU(A.new_empty((0,)), found.L, found.U)


@composite(spaces=("torch",))
def lu_unpack(LU_data: Tensor, LU_pivots: Tensor, unpack_data: bool = True, unpack_pivots: bool = True) -> LU:
    """The three factors from what ``lu_factor`` gives.

    Args:
        LU_data: shape (..., m, n).
        LU_pivots: int32, shape (..., min(m, n)).
        unpack_data: give L and U; otherwise they have no elements.
        unpack_pivots: give P; otherwise it has no elements.

    Returns:
        ``(P, L, U)``.
    """
    check_matrices("lu_unpack", LU_data, "LU_data")
    if unpack_pivots and LU_pivots._kind.dtype is not int32:
        raise RuntimeError(
            f"lu_unpack: LU_pivots must be of dtype int32, as lu_factor gives it, got {LU_pivots._kind.dtype}"
        )
    rows, columns = LU_data._shape[-2:]
    size = min(rows, columns)
    nothing = LU_data.new_empty((0,))
    permutation, lower, upper = nothing, nothing, nothing
    if unpack_pivots:
        permutation = _permutation_matrix(LU_pivots, rows, LU_data._kind.dtype)
    if unpack_data:
        lower = tril(LU_data[..., :, :size], -1) + _leading_ones(LU_data, rows, size)
        upper = triu(LU_data[..., :size, :])
    return LU(permutation, lower, upper)


def _permutation_matrix(pivots: Tensor, rows: int, dtype: Any) -> Tensor:
    order = permutation_of(pivots, rows)
    return (order.unsqueeze(-2) == new_arange(pivots, rows).unsqueeze(-1)).to(dtype)


def _leading_ones(x: Tensor, rows: int, columns: int) -> Tensor:
    """The first columns of an identity matrix (or the first rows)."""
    if rows == columns:
        return identity(x, rows)
    return (new_arange(x, rows).unsqueeze(1) == new_arange(x, columns)).to(x._kind.dtype)


# ---------------------------------------------------------------------------------------------------- Cholesky


class CholeskyInfo(NamedTuple):
    """A triangle, and for each matrix the order of its first leading minor that is not positive, or 0."""

    L: _Tensor
    info: _Tensor


@plan("A", outputs=("L", "info"), spaces=(), out=False)
def cholesky_decompose(A: Tensor) -> Plan:
    """``L @ adjoint(L) == A``, reading the lower triangle of ``A``; the order of the first leading minor that is not
    positive, or 0. Where there is one, what stands in L from that column on is nothing to rely on."""
    batch = A._shape[:-2]
    return (A,), (), (A._shape, batch), (A._kind.dtype, int32)


@cholesky_decompose.vjp
def _cholesky_decompose_vjp(grads: tuple[Any, ...], L: Tensor) -> tuple[Tensor]:
    # I. Murray, Differentiation of the Cholesky decomposition, 2016.
    phi = adjoint(L) @ grads[0]
    lower = tril(phi, -1)
    inner = (lower + adjoint(lower) + diag_embed(_real_diagonal(phi))) * 0.5
    left = solve_triangle(adjoint(L), inner, True, False)
    return (adjoint(solve_triangle(adjoint(L), adjoint(left), True, False)),)


def _real_diagonal(x: Tensor) -> Tensor:
    return real_of(x.diagonal(0, -2, -1)).to(x._kind.dtype)


def cholesky_of(name: str, A: Tensor, upper: bool) -> tuple[Tensor, Tensor]:
    """The factor in the triangle that is asked for, and info."""
    check_square(name, A)
    check_dtype(name, A)
    lower, info = cholesky_decompose(adjoint(A) if upper else A)
    return adjoint(lower) if upper else lower, info


def checked_cholesky(name: str, A: Tensor, upper: bool) -> Tensor:
    """The factor.

    Raises:
        LinAlgError: a matrix is not positive-definite.
    """
    factor, info = cholesky_of(name, A, upper)
    _refuse_indefinite(name, info)
    return factor


def _refuse_indefinite(name: str, info: Tensor) -> None:
    raise_failure(
        name,
        info,
        "The factorization could not be completed because the input is not positive-definite (the leading minor of "
        "order {} is not positive-definite)",
    )


@composite(spaces=("linalg",))
def linalg_cholesky(A: Tensor, *, upper: bool = False) -> Tensor:
    """The lower triangle ``L`` with ``L @ L.mH == A``.

    Args:
        A: symmetric or Hermitian positive-definite matrices, shape (..., n, n); one triangle is read.
        upper: give the upper triangle ``U`` with ``U.mH @ U == A``.

    Raises:
        LinAlgError: a matrix is not positive-definite.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.cholesky(tp.tensor([[4.0, 2.0], [2.0, 5.0]]))
        tensor([[2., 0.],
                [1., 2.]])
    """
    return checked_cholesky("linalg.cholesky", A, upper)


@composite(spaces=("linalg",))
def linalg_cholesky_ex(A: Tensor, *, upper: bool = False, check_errors: bool = False) -> CholeskyInfo:
    """``cholesky``, with what went wrong as a result.

    Args:
        A: matrices, shape (..., n, n).
        upper: give the upper triangle.
        check_errors: raise where a matrix is not positive-definite.

    Returns:
        ``(L, info)``; ``info`` holds for each matrix the order of the first leading minor that is not positive, or 0.

    Raises:
        LinAlgError: with ``check_errors``, where a matrix is not positive-definite.
    """
    found = CholeskyInfo(*cholesky_of("linalg.cholesky_ex", A, upper))
    if check_errors:
        _refuse_indefinite("linalg.cholesky_ex", found.info)
    return found
