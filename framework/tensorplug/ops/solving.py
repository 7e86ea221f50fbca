"""Systems of linear equations, and inverses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tensorplug.dispatch import Plan
from tensorplug.dtypes import int32
from tensorplug.ops.define import composite, plan
from tensorplug.ops.factorization import (
    inverse_permutation,
    lu_decompose,
    permutation_of,
    permute_rows,
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
    raise_failure,
)
from tensorplug.promotion import result_type
from tensorplug.shapes import Shape

Tensor = Any

if TYPE_CHECKING:
    # Users see named results, and with them what their fields are.
    from tensorplug.tensor import Tensor as _Tensor


class ResultInfo(NamedTuple):
    """A solution, and for each matrix the 1-based place of a zero on U's diagonal, or 0."""

    result: _Tensor
    info: _Tensor


class InverseInfo(NamedTuple):
    """Inverses, and for each matrix the 1-based place of a zero on U's diagonal, or 0."""

    inverse: _Tensor
    info: _Tensor


# ---------------------------------------------------------------------------------------------------- equations


@plan("A, B", outputs=("result", "info"), spaces=(), out=False)
def solve_square(A: Tensor, B: Tensor) -> Plan:
    """``X`` with ``A @ X == B``; the place of the first zero on the diagonal of A's upper factor, or 0. Where there is
    one, the elements of X are infinite or NaN."""
    return (A, B), (), (B._shape, A._shape[:-2]), (B._kind.dtype, int32)


@solve_square.default
def _solve_square(A: Tensor, B: Tensor) -> tuple[Tensor, Tensor]:
    packed, pivots, info = lu_decompose(A, True)
    return _substituted(packed, permutation_of(pivots, A._shape[-1]), B), info


def _substituted(packed: Tensor, order: Tensor, B: Tensor) -> Tensor:
    below = solve_triangle(packed, permute_rows(B, order), False, True)
    return solve_triangle(packed, below, True, False)


@solve_square.vjp
def _solve_square_vjp(
    grads: tuple[Any, Any], A: Tensor, result: Tensor, needs: tuple[bool, ...]
) -> tuple[Tensor | None, Tensor]:
    grad_b = solve_square(adjoint(A), grads[0])[0]
    return -(grad_b @ adjoint(result)) if needs[0] else None, grad_b


def is_vector_case(A: Tensor, B: Tensor) -> bool:
    """Whether B is one right-hand side for each matrix rather than a matrix of them."""
    return len(B._shape) == 1 or (len(A._shape) - 1 == len(B._shape) and B._shape == A._shape[:-1])


def _check_sides(name: str, A: Tensor, B: Tensor, left: bool) -> None:
    check_square(name, A)
    check_matrices(name, B, "B")
    check_dtype(name, A)
    check_same(name, A, B)
    if A._shape[-2] != B._shape[-2 if left else -1]:
        raise RuntimeError(
            f"{name}: Incompatible shapes of A and B for the equation {'AX = B' if left else 'XA = B'} "
            f"({A._shape[-2]}x{A._shape[-1]} and {B._shape[-2]}x{B._shape[-1]})"
        )


def _solve(name: str, A: Tensor, B: Tensor, left: bool) -> tuple[Tensor, Tensor]:
    check_square(name, A)
    vector = is_vector_case(A, B)
    if vector and not left:
        raise RuntimeError(
            f"{name}: Vector broadcasting of the left hand side is not supported for left=False. In this case "
            f"linalg.solve is equivalent to B / A.squeeze(-1); B has shape {list(B._shape)}"
        )
    right = B.unsqueeze(-1) if vector else B
    _check_sides(name, A, right, left)
    if left:
        found, info = solve_square(*common_batch(A, right)[:2])
    else:
        turned, info = solve_square(*common_batch(A.transpose(-2, -1), right.transpose(-2, -1))[:2])
        found = turned.transpose(-2, -1)
    return found.squeeze(-1) if vector else found, _info_of_each(info, A._shape[:-2])


def _info_of_each(info: Tensor, batch: Shape) -> Tensor:
    """What was found of each matrix, where each came several times because it was broadcast."""
    if info._shape == batch:
        return info
    if 0 in info._shape:
        return info.new_zeros(batch)
    info = info[(0,) * (len(info._shape) - len(batch))]
    for dim, size in enumerate(batch):
        info = info.narrow(dim, 0, size)
    return info


_SINGULAR = "The solver failed because the input matrix is singular (diagonal element {} of its factor is zero)."


@composite(spaces=("linalg",))
def linalg_solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """The solution ``X`` of ``A @ X == B``.

    Args:
        A: square matrices, shape (..., n, n).
        B: right-hand sides, shape (..., n, k); or one for each matrix, shape (n,) or A's shape without its last dim.
            Dims in front broadcast.
        left: solve ``A @ X == B`` rather than ``X @ A == B``.

    Returns:
        The shape of B, broadcast.

    Raises:
        RuntimeError: shapes or dtypes do not match.
        LinAlgError: a matrix is singular.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.solve(tp.tensor([[2.0, 0.0], [0.0, 4.0]]), tp.tensor([1.0, 2.0]))
        tensor([0.5000, 0.5000])
    """
    found, info = _solve("linalg.solve", A, B, left)
    raise_failure("linalg.solve", info, _SINGULAR)
    return found


@composite(spaces=("linalg",))
def linalg_solve_ex(A: Tensor, B: Tensor, *, left: bool = True, check_errors: bool = False) -> ResultInfo:
    """``solve``, with what went wrong as a result.

    Args:
        A, B, left: as for ``solve``.
        check_errors: raise where a matrix is singular.

    Returns:
        ``(result, info)``; ``info`` holds for each matrix the place of the first zero on its factor's diagonal, or 0.
    """
    found = ResultInfo(*_solve("linalg.solve_ex", A, B, left))
    if check_errors:
        raise_failure("linalg.solve_ex", found.info, _SINGULAR)
    return found


@composite(spaces=("linalg",))
def linalg_solve_triangular(
    A: Tensor, B: Tensor, *, upper: bool, left: bool = True, unitriangular: bool = False
) -> Tensor:
    """The solution ``X`` of ``A @ X == B`` for triangular matrices; the other triangle is not read.

    Args:
        A: shape (..., n, n).
        B: shape (..., n, k), or (..., k, n) where ``left`` is false. Dims in front broadcast.
        upper: which triangle.
        left: solve ``A @ X == B`` rather than ``X @ A == B``.
        unitriangular: take the diagonal as ones.

    Returns:
        The shape of B, broadcast, in the dtype of A, which must be able to hold B. Division by a zero on the diagonal
        gives infinite or NaN elements.

    Raises:
        RuntimeError: shapes or dtypes do not match.

    Example:
        >>> import tensorplug as tp
        >>> A = tp.tensor([[2.0, 0.0], [1.0, 1.0]])
        >>> tp.linalg.solve_triangular(A, tp.tensor([[4.0], [3.0]]), upper=False)
        tensor([[2.],
                [1.]])
    """
    if result_type(A, B) is A._kind.dtype:
        B = B.to(A._kind.dtype)
    _check_sides("linalg.solve_triangular", A, B, left)
    if left:
        A, B, _ = common_batch(A, B)
        return solve_triangle(A, B, upper, unitriangular)
    A, B, _ = common_batch(A.transpose(-2, -1), B.transpose(-2, -1))
    return solve_triangle(A, B, not upper, unitriangular).transpose(-2, -1)


@composite(spaces=("linalg",))
def linalg_lu_solve(LU: Tensor, pivots: Tensor, B: Tensor, *, left: bool = True, adjoint: bool = False) -> Tensor:
    """The solution of a system of equations whose matrix ``lu_factor`` has factored.

    Args:
        LU, pivots: what ``lu_factor`` gave for the matrices A.
        B: shape (..., n, k), or (..., k, n) where ``left`` is false. Dims in front broadcast.
        left: solve ``A @ X == B`` rather than ``X @ A == B``.
        adjoint: put the conjugate transpose of A in its place.

    Raises:
        RuntimeError: shapes or dtypes do not match.
    """
    return lu_solved("linalg.lu_solve", LU, pivots, B, left, adjoint)


def lu_solved(name: str, LU: Tensor, pivots: Tensor, B: Tensor, left: bool, adjoint_of: bool) -> Tensor:
    """``linalg.lu_solve`` under one of its names."""
    _check_sides(name, LU, B, left)
    if pivots._kind.dtype is not int32:
        raise RuntimeError(f"{name}: pivots should be a Tensor of scalar type int32, got {pivots._kind.dtype}")
    if pivots._shape != LU._shape[:-1]:
        raise RuntimeError(
            f"{name}: Number of pivots per batch should be same as the dimension of the matrix: pivots of shape "
            f"{list(pivots._shape)} for matrices of shape {list(LU._shape)}"
        )
    if not left:
        # X A = B is A^H X^H = B^H.
        return adjoint(lu_solved(name, LU, pivots, adjoint(B), True, not adjoint_of))
    LU, B, batch = common_batch(LU, B)
    order = permutation_of(pivots, LU._shape[-1]).expand((*batch, LU._shape[-1]))
    if not adjoint_of:
        return _substituted(LU, order, B)
    turned = adjoint(LU)
    above = solve_triangle(turned, B, False, False)
    return permute_rows(solve_triangle(turned, above, True, True), inverse_permutation(order))


# ---------------------------------------------------------------------------------------------------- inverses


@plan("A", outputs=("result", "info"), spaces=(), out=False)
def invert(A: Tensor) -> Plan:
    """Inverses; the place of the first zero on the diagonal of the upper factor, or 0. Where there is one, the elements
    of the inverse are infinite or NaN."""
    return (A,), (), (A._shape, A._shape[:-2]), (A._kind.dtype, int32)


@invert.default
def _invert(A: Tensor) -> tuple[Tensor, Tensor]:
    return tuple(solve_square(A, identity(A, A._shape[-1]).expand(A._shape)))


@invert.vjp
def _invert_vjp(grads: tuple[Any, Any], result: Tensor) -> tuple[Tensor]:
    turned = adjoint(result)
    return (-(turned @ grads[0] @ turned),)


_NO_INVERSE = (
    "The diagonal element {} of its factor is zero, the inversion could not be completed because the input matrix is "
    "singular."
)


def inverse_of(name: str, A: Tensor) -> Tensor:
    """Inverses.

    Raises:
        LinAlgError: a matrix is singular.
    """
    check_square(name, A)
    check_dtype(name, A)
    found, info = invert(A)
    raise_failure(name, info, _NO_INVERSE)
    return found


@composite(spaces=("linalg",))
def linalg_inv(A: Tensor) -> Tensor:
    """The inverses of square matrices; ``solve`` is faster and more exact where these would multiply something.

    Args:
        A: shape (..., n, n).

    Raises:
        LinAlgError: a matrix is singular.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.inv(tp.tensor([[2.0, 0.0], [0.0, 4.0]]))
        tensor([[0.5000, 0.0000],
                [0.0000, 0.2500]])
    """
    return inverse_of("linalg.inv", A)


@composite()
def inverse(input: Tensor) -> Tensor:
    """``linalg.inv`` by an older name.

    Raises:
        LinAlgError: a matrix is singular.
    """
    return inverse_of("inverse", input)


@composite(spaces=("linalg",))
def linalg_inv_ex(A: Tensor, *, check_errors: bool = False) -> InverseInfo:
    """``inv``, with what went wrong as a result.

    Args:
        A: shape (..., n, n).
        check_errors: raise where a matrix is singular.

    Returns:
        ``(inverse, info)``; ``info`` holds for each matrix the place of the first zero on its factor's diagonal, or 0.
    """
    check_square("linalg.inv_ex", A)
    check_dtype("linalg.inv_ex", A)
    found = InverseInfo(*invert(A))
    if check_errors:
        raise_failure("linalg.inv_ex", found.info, _NO_INVERSE)
    return found
