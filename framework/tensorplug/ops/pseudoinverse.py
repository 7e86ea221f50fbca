"""Matrices that may have no inverse: rank, condition, pseudoinverse, least squares."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from tensorplug.base import AnyTensor, TensorBase
from tensorplug.dispatch import Plan
from tensorplug.dtypes import float32
from tensorplug.errors import LinAlgError
from tensorplug.ops.define import composite, plan
from tensorplug.ops.factorization import solve_triangle
from tensorplug.ops.matrices import (
    adjoint,
    anywhere,
    check_dtype,
    check_matrices,
    check_same,
    check_square,
    common_batch,
    real_of,
)
from tensorplug.ops.norms import linalg_matrix_norm
from tensorplug.ops.orthogonal import qr_factors
from tensorplug.ops.solving import invert, is_vector_case
from tensorplug.ops.spectral import eigh_decompose, eigvalsh_only, svd_decompose, svdvals_of, svdvals_only

Tensor = Any
Tolerance = Any

if TYPE_CHECKING:
    # Users see named results, and with them what their fields are.
    from tensorplug.tensor import Tensor as _Tensor


class LeastSquares(NamedTuple):
    """Solutions, the sums of squares they leave, and what was found of the matrices."""

    solution: _Tensor
    residuals: _Tensor
    rank: _Tensor
    singular_values: _Tensor


def _epsilon(x: Tensor) -> float:
    return 2.0**-23 if x._kind.dtype.to_real() is float32 else 2.0**-52


def _tolerances(x: Tensor, atol: Tolerance, rtol: Tolerance) -> tuple[Tolerance, Tolerance]:
    """The absolute and the relative tolerance, where one that is not given follows from the other."""
    if rtol is None:
        rtol = 0.0 if atol is not None and _is_given(atol) else _epsilon(x) * max(x._shape[-2:])
    return 0.0 if atol is None else atol, rtol


def _is_given(tolerance: Tolerance) -> bool:
    return isinstance(tolerance, TensorBase) or tolerance > 0


def _significant(sizes: Tensor, atol: Tolerance, rtol: Tolerance) -> Tensor:
    """Which singular values (or sizes of eigenvalues) along the last dim count as more than 0."""
    if not sizes._shape[-1]:
        return sizes > 0
    largest = sizes.amax(-1, True)
    return (sizes > largest * _for_each(rtol)) & (sizes > _for_each(atol))


def _for_each(tolerance: Tolerance) -> Tolerance:
    """A tolerance as an operand beside the singular values of its matrix."""
    return tolerance[..., None] if isinstance(tolerance, AnyTensor) else tolerance


@composite(spaces=("linalg",))
def linalg_matrix_rank(
    A: Tensor, tol: Tolerance = None, hermitian: bool = False, *, atol: Tolerance = None, rtol: Tolerance = None
) -> Tensor:
    """How many singular values of matrices are not negligible.

    Args:
        A: shape (..., m, n).
        tol: an older name of ``atol``.
        hermitian: A is symmetric or Hermitian; its lower triangle is read.
        atol, rtol: numbers, or tensors of shape (...); a singular value is negligible if it is at most ``atol``, or at
            most ``rtol`` times the largest. By default ``rtol`` is the dtype's epsilon times max(m, n), or 0 where
            ``atol`` is given.

    Returns:
        int64, shape (...).

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.matrix_rank(tp.tensor([[1.0, 2.0], [2.0, 4.0]]))
        tensor(1)
    """
    name = "linalg.matrix_rank"
    check_matrices(name, A)
    check_dtype(name, A)
    A = A.detach()
    if hermitian:
        check_square(name, A)
    sizes = eigvalsh_only(A).abs() if hermitian else svdvals_only(A)
    atol, rtol = (tol, 0.0) if tol is not None else _tolerances(A, atol, rtol)
    return _significant(sizes, atol, rtol).sum(-1)


@composite(spaces=("linalg",))
def linalg_cond(A: Tensor, p: float | str | None = None) -> Tensor:
    """The condition number of matrices: how much a relative error may grow when they are inverted.

    Args:
        A: shape (..., m, n); square but where ``p`` is None, 2 or -2.
        p: the order of ``matrix_norm``; by default 2: the ratio of the largest and the smallest singular value.

    Returns:
        Real, shape (...); ``inf`` for singular matrices.

    Raises:
        RuntimeError: another order, or matrices that are not square.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.cond(tp.tensor([[4.0, 0.0], [0.0, 2.0]]))
        tensor(2.)
    """
    check_matrices("linalg.cond", A)
    check_dtype("linalg.cond", A)
    if p is None or (isinstance(p, int | float) and abs(p) == 2):
        values = svdvals_of(A)
        if not values._shape[-1]:
            return values.sum(-1)
        ratio = values[..., 0] / values[..., -1]
        return ratio.reciprocal() if p == -2 else ratio
    if p not in ("fro", "nuc") and not (isinstance(p, int | float) and abs(p) in (1, math.inf)):
        raise RuntimeError(f"linalg.cond got an invalid norm type: {p}")
    check_square(f"linalg.cond(ord={p})", A)
    if 0 in A._shape:
        return real_of(A).sum((-2, -1))
    inverse, info = invert(A)
    product = linalg_matrix_norm(A, p) * linalg_matrix_norm(inverse.masked_fill((info != 0)[..., None, None], 0), p)
    return product.masked_fill((info != 0) | product.isnan(), math.inf)


# ---------------------------------------------------------------------------------------------------- pseudoinverse


@plan("A, atol, rtol; hermitian", spaces=(), out=False)
def pseudoinverse(A: Tensor, atol: Tolerance, rtol: Tolerance, hermitian: bool) -> Plan:
    """Pseudoinverses, with the singular values that are not above the tolerances taken as 0."""
    (*batch, rows, columns) = A._shape
    return (A, atol, rtol), (hermitian,), (*batch, columns, rows), A._kind.dtype


@pseudoinverse.default
def _pseudoinverse(A: Tensor, atol: Tolerance, rtol: Tolerance, hermitian: bool) -> Tensor:
    if hermitian:
        values, vectors = eigh_decompose(A)
        return (vectors * _inverted(values, _significant(values.abs(), atol, rtol), A).unsqueeze(-2)) @ adjoint(vectors)
    U, S, Vh = svd_decompose(A, False)
    return (adjoint(Vh) * _inverted(S, _significant(S, atol, rtol), A).unsqueeze(-2)) @ adjoint(U)


def _inverted(values: Tensor, kept: Tensor, like: Tensor) -> Tensor:
    """The reciprocals of those values that are kept, 0 for the others."""
    return values.masked_fill(~kept, 1).reciprocal().masked_fill(~kept, 0).to(like._kind.dtype)


def _pseudoinverse_gradient(g: Tensor, A: Tensor, result: Tensor) -> Tensor:
    # G. H. Golub, V. Pereyra, The differentiation of pseudo-inverses and nonlinear least squares problems whose
    # variables separate, 1973; the rank must not change.
    turned, g_turned = adjoint(result), adjoint(g)
    rows, columns = g_turned @ result, result @ g_turned
    beyond_rows = rows - A @ (result @ rows)
    beyond_columns = columns - (columns @ result) @ A
    return -(turned @ g @ turned) + beyond_rows @ turned + turned @ beyond_columns


pseudoinverse.grads(A=lambda g, A, result: _pseudoinverse_gradient(g, A, result))


@composite(spaces=("linalg",))
def linalg_pinv(
    A: Tensor, rcond: Tolerance = None, hermitian: bool = False, *, atol: Tolerance = None, rtol: Tolerance = None
) -> Tensor:
    """The pseudoinverse of matrices (Moore-Penrose).

    Args:
        A: shape (..., m, n).
        rcond: an older name of ``rtol``.
        hermitian: A is symmetric or Hermitian; its lower triangle is read.
        atol, rtol: as for ``matrix_rank``: which singular values are taken as 0.

    Returns:
        Shape (..., n, m).

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.pinv(tp.tensor([[2.0, 0.0], [0.0, 0.0]]))
        tensor([[0.5000, 0.0000],
                [0.0000, 0.0000]])
    """
    return _pinv("linalg.pinv", A, atol, rcond if rtol is None else rtol, hermitian)


def _pinv(name: str, A: Tensor, atol: Tolerance, rtol: Tolerance, hermitian: bool) -> Tensor:
    check_matrices(name, A)
    check_dtype(name, A)
    if hermitian:
        check_square(name, A)
    return pseudoinverse(A, *_tolerances(A, atol, rtol), hermitian)


@composite(out=False)
def pinverse(input: Tensor, rcond: float = 1e-15) -> Tensor:
    """``linalg.pinv`` by an older name, with a smaller tolerance."""
    return _pinv("pinverse", input, None, rcond, False)


# ---------------------------------------------------------------------------------------------------- least squares

_DRIVERS = ("gels", "gelsy", "gelsd", "gelss")


@plan("A, B; rcond, full_rank", outputs=("solution", "sizes"), byproducts=1, spaces=(), out=False)
def least_squares(A: Tensor, B: Tensor, rcond: float, full_rank: bool) -> Plan:
    """The shortest ``X`` for which ``A @ X - B`` is shortest, and numbers that tell A's rank: its singular values, or
    where it is taken to be full the size of R's diagonal."""
    (*batch, rows, columns), dtype = A._shape, A._kind.dtype
    shapes = ((*batch, columns, B._shape[-1]), (*batch, min(rows, columns)))
    return (A, B), (rcond, full_rank), shapes, (dtype, dtype.to_real())


@least_squares.default
def _least_squares(A: Tensor, B: Tensor, rcond: float, full_rank: bool) -> tuple[Tensor, Tensor]:
    rows, columns = A._shape[-2:]
    if full_rank:
        tall = rows >= columns
        Q, R = qr_factors(A if tall else adjoint(A), "reduced")
        if tall:
            solution = solve_triangle(R, adjoint(Q) @ B, True, False)
        else:
            solution = Q @ solve_triangle(adjoint(R), B, False, False)
        return solution, R.diagonal(0, -2, -1).abs()
    if rows > 2 * columns:
        # The small factor of a tall matrix has the same singular values.
        Q, A = qr_factors(A, "reduced")
        B = adjoint(Q) @ B
    U, S, Vh = svd_decompose(A, False)
    scaled = _inverted(S, _significant(S, 0.0, rcond), A).unsqueeze(-1) * (adjoint(U) @ B)
    return adjoint(Vh) @ scaled, S


@least_squares.vjp
def _least_squares_vjp(
    g: Tensor, A: Tensor, B: Tensor, rcond: float, needs: tuple[bool, ...]
) -> tuple[Tensor | None, Tensor]:
    inverse = pseudoinverse(A, 0.0, rcond, False)
    return _pseudoinverse_gradient(g @ adjoint(B), A, inverse) if needs[0] else None, adjoint(inverse) @ g


@composite(spaces=("linalg",))
def linalg_lstsq(A: Tensor, B: Tensor, rcond: float | None = None, *, driver: str | None = None) -> LeastSquares:
    """The solution ``X`` that leaves the least ``norm(A @ X - B)``; the shortest where there are several.

    Args:
        A: matrices, shape (..., m, n).
        B: shape (..., m, k), or one right-hand side for each matrix, A's shape without its last dim.
        rcond: singular values at most this times the largest count as 0; by default the dtype's epsilon times
            max(m, n).
        driver: ``"gels"`` takes the matrices to be of full rank and is the quickest; ``"gelsy"`` (the default),
            ``"gelsd"`` and ``"gelss"``, names of LAPACK's routines, do not. All but the first use singular values here.

    Returns:
        ``(solution, residuals, rank, singular_values)``. Residuals, sums of squares of shape (..., k), are given where
        m > n and all matrices have full rank, but not for ``"gelsy"``; the rank but for ``"gels"``; singular values for
        ``"gelsd"`` and ``"gelss"``. What is not given has no elements.

    Raises:
        RuntimeError: shapes or dtypes do not match, another driver.
        LinAlgError: with ``"gels"``, a matrix is not of full rank.

    Example:
        >>> import tensorplug as tp
        >>> A = tp.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
        >>> tp.linalg.lstsq(A, tp.tensor([[1.0], [3.0], [5.0]])).solution
        tensor([[1.0000],
                [2.0000]])
    """
    name = "linalg.lstsq"
    driver = "gelsy" if driver is None else driver
    if driver not in _DRIVERS:
        raise RuntimeError(f"{name}: parameter `driver` should be one of ({', '.join(_DRIVERS)}), got '{driver}'")
    check_matrices(name, A, "input")
    if not B._shape:
        raise RuntimeError(f"{name}: other must have at least 1 dimension.")
    check_dtype(name, A)
    check_same(name, A, B)
    vector = is_vector_case(A, B)
    right = B.unsqueeze(-1) if vector else B
    if len(right._shape) < 2 or right._shape[-2] != A._shape[-2]:
        raise RuntimeError(
            f"{name}: input.size(-2) should match other.size({-1 if vector else -2}): shapes {list(A._shape)} and "
            f"{list(B._shape)}"
        )
    A, right, _ = common_batch(A, right)
    rcond = _epsilon(A) * max(A._shape[-2:]) if rcond is None else rcond
    solution, sizes = least_squares(A, right, rcond, driver == "gels")
    rank = _rank_of(name, sizes, rcond, driver)
    residuals = _residuals(A, solution, right, rank, driver)
    given = sizes if driver in ("gelsd", "gelss") else sizes.new_empty((0,))
    shown = rank if driver != "gels" else rank.new_empty((0,))
    return LeastSquares(solution.squeeze(-1) if vector else solution, residuals, shown, given)


def _rank_of(name: str, sizes: Tensor, rcond: float, driver: str) -> Tensor:
    if driver != "gels":
        return _significant(sizes, 0.0, rcond).sum(-1)
    rank = (sizes != 0).sum(-1)
    if anywhere(rank < sizes._shape[-1]):
        raise LinAlgError(
            f"{name}: The least squares solution could not be computed because the input matrix does not have full rank"
        )
    return rank


def _residuals(A: Tensor, solution: Tensor, B: Tensor, rank: Tensor, driver: str) -> Tensor:
    rows, columns = A._shape[-2:]
    full = rows > columns and driver != "gelsy"
    if not full or anywhere(rank != columns):
        return real_of(A.new_empty((0,)))
    left = (A @ solution - B).abs()
    return (left * left).sum(-2)
