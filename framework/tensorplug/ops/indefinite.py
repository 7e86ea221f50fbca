"""Factorizations of symmetric and Hermitian matrices that need not be definite. They have no gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tensorplug.dispatch import Plan
from tensorplug.dtypes import int32
from tensorplug.ops.define import composite, plan
from tensorplug.ops.matrices import check_dtype, check_matrices, check_same, check_square, common_batch, raise_failure

Tensor = Any

if TYPE_CHECKING:
    # Users see named results, and with them what their fields are.
    from tensorplug.tensor import Tensor as _Tensor


class LDLFactors(NamedTuple):
    """A unit lower triangle and a block-diagonal matrix in one, and which rows were exchanged."""

    LD: _Tensor
    pivots: _Tensor


class LDLFactorsInfo(NamedTuple):
    """``LDLFactors``, and for each matrix the 1-based place of a zero on D's diagonal, or 0."""

    LD: _Tensor
    pivots: _Tensor
    info: _Tensor


@plan("A; hermitian", outputs=("LD", "pivots", "info"), spaces=(), out=False)
def ldl_decompose(A: Tensor, hermitian: bool) -> Plan:
    """``L @ D @ L.T == A`` (its conjugate where ``hermitian``) with exchanges of rows and columns, from the lower
    triangle, as LAPACK's sytrf and hetrf keep it: a positive pivot is a 1-based exchange, an equal pair of negative
    ones stands for a block of size 2. The place of the first zero on D's diagonal, or 0."""
    batch = A._shape[:-2]
    return (A,), (hermitian,), (A._shape, A._shape[:-1], batch), (A._kind.dtype, int32, int32)


@plan("LD, pivots, B; hermitian", spaces=(), out=False)
def ldl_apply(LD: Tensor, pivots: Tensor, B: Tensor, hermitian: bool) -> Plan:
    """``X`` with ``A @ X == B``, from what ``ldl_decompose`` made of ``A``."""
    return (LD, pivots, B), (hermitian,), B._shape, B._kind.dtype


def _factored(name: str, A: Tensor, hermitian: bool, check_errors: bool) -> LDLFactorsInfo:
    check_square(name, A)
    check_dtype(name, A)
    found = LDLFactorsInfo(*ldl_decompose(A.detach(), hermitian))
    if check_errors:
        raise_failure(
            name, found.info, "D[{0},{0}] is zero and using it in ldl_solve would result in a division by zero"
        )
    return found


@composite(spaces=("linalg",))
def linalg_ldl_factor(A: Tensor, *, hermitian: bool = False) -> LDLFactors:
    """An LDL factorization in the form that ``ldl_solve`` takes.

    Args:
        A: symmetric matrices, or Hermitian ones where ``hermitian``, shape (..., n, n); the lower triangle is read.
        hermitian: complex matrices are Hermitian rather than symmetric.

    Returns:
        ``(LD, pivots)``; what they mean is LAPACK's convention (sytrf, hetrf). Gradients do not flow through them.

    Raises:
        LinAlgError: a diagonal element of D is 0.

    Example:
        >>> import tensorplug as tp
        >>> A = tp.tensor([[0.0, 1.0], [1.0, 0.0]])
        >>> LD, pivots = tp.linalg.ldl_factor(A)
        >>> tp.linalg.ldl_solve(LD, pivots, tp.tensor([[1.0], [2.0]]))
        tensor([[2.],
                [1.]])
    """
    found = _factored("linalg.ldl_factor", A, hermitian, True)
    return LDLFactors(found.LD, found.pivots)


@composite(spaces=("linalg",))
def linalg_ldl_factor_ex(A: Tensor, *, hermitian: bool = False, check_errors: bool = False) -> LDLFactorsInfo:
    """``ldl_factor``, with what went wrong as a result.

    Args:
        A, hermitian: as for ``ldl_factor``.
        check_errors: raise where a diagonal element of D is 0.

    Returns:
        ``(LD, pivots, info)``; ``info`` holds for each matrix the place of the first zero on D's diagonal, or 0.
    """
    return _factored("linalg.ldl_factor_ex", A, hermitian, check_errors)


@composite(spaces=("linalg",))
def linalg_ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: bool = False) -> Tensor:
    """The solution ``X`` of ``A @ X == B`` for a matrix that ``ldl_factor`` has factored.

    Args:
        LD, pivots: what ``ldl_factor`` gave.
        B: shape (..., n, k). Dims in front broadcast.
        hermitian: as it was for ``ldl_factor``.

    Returns:
        The shape of B, broadcast. Gradients do not flow through it.

    Raises:
        RuntimeError: shapes or dtypes do not match.
    """
    name = "linalg.ldl_solve"
    check_square(name, LD, "LD")
    check_matrices(name, B, "B")
    check_dtype(name, LD)
    check_same(name, LD, B)
    if pivots._kind.dtype is not int32:
        raise RuntimeError(f"{name}: pivots must be int32, as ldl_factor gives them. Got {pivots._kind.dtype}")
    if pivots._shape != LD._shape[:-1]:
        raise RuntimeError(
            f"{name}: pivots of shape {list(pivots._shape)} do not belong to matrices of shape {list(LD._shape)}"
        )
    if B._shape[-2] != LD._shape[-1]:
        raise RuntimeError(
            f"{name}: Incompatible shapes of LD and B: {LD._shape[-2]}x{LD._shape[-1]} and "
            f"{B._shape[-2]}x{B._shape[-1]}"
        )
    LD, B, batch = common_batch(LD.detach(), B.detach())
    return ldl_apply(LD, pivots.expand((*batch, pivots._shape[-1])), B, hermitian)
