"""Approximations of matrices by few singular vectors, from products with random ones."""

from __future__ import annotations

from typing import Any

from tensorplug.ops.define import composite
from tensorplug.ops.matrices import adjoint, check_dtype, check_matrices
from tensorplug.ops.older_linalg import USV
from tensorplug.ops.orthogonal import qr_factors
from tensorplug.ops.random import draw_normal
from tensorplug.ops.spectral import svd_decompose

Tensor = Any


def _range(A: Tensor, q: int, niter: int) -> Tensor:
    """Orthonormal columns that span most of what A maps to (N. Halko, P.-G. Martinsson, J. Tropp, Finding structure
    with randomness, 2009, algorithm 4.4)."""
    dtype, device = A._kind.dtype, A._kind.device
    start = draw_normal((A._shape[-1], q), dtype, device, None)
    Q = qr_factors(A @ start, "reduced")[0]
    for _ in range(niter):
        Q = qr_factors(adjoint(A) @ Q, "reduced")[0]
        Q = qr_factors(A @ Q, "reduced")[0]
    return Q


def _low_rank(A: Tensor, q: int, niter: int) -> USV:
    if A._shape[-2] < A._shape[-1]:
        turned = _low_rank(adjoint(A), q, niter)
        return USV(turned.V, turned.S, turned.U)
    Q = _range(A, q, niter)
    U, S, Vh = svd_decompose(adjoint(Q) @ A, False)
    return USV(Q @ U, S, adjoint(Vh))


@composite(spaces=("torch",), out=False)
def svd_lowrank(A: Tensor, q: int | None = 6, niter: int | None = 2, M: Tensor | None = None) -> USV:
    """The largest singular values of matrices and their vectors, approximately, with the default generator's help.

    Args:
        A: shape (..., m, n).
        q: how many; somewhat more than are wanted makes those more exact.
        niter: how often A is applied to make the vectors more exact.
        M: what to subtract from A first; broadcasts.

    Returns:
        ``(U, S, V)`` of shapes (..., m, q), (..., q) and (..., n, q); fewer than ``q`` where min(m, n) is less.

    Raises:
        ValueError: ``q`` or ``niter`` is negative.
    """
    check_matrices("svd_lowrank", A)
    check_dtype("svd_lowrank", A)
    q, niter = 6 if q is None else q, 2 if niter is None else niter
    if q < 0 or niter < 0:
        raise ValueError(f"svd_lowrank: q and niter must not be negative, got {q} and {niter}")
    return _low_rank(A if M is None else A - M, min(q, *A._shape[-2:]), niter)


@composite(spaces=("torch",), out=False)
def pca_lowrank(A: Tensor, q: int | None = None, center: bool = True, niter: int = 2) -> USV:
    """The principal components of data, approximately: ``svd_lowrank`` of what is left when the mean is subtracted.

    Args:
        A: m observations of n variables, shape (..., m, n).
        q: how many components; min(6, m, n) by default.
        center: subtract the mean of each variable.
        niter: as for ``svd_lowrank``.

    Returns:
        ``(U, S, V)``; the columns of V are the principal directions, and ``S**2 / (m - 1)`` the variances along them.

    Raises:
        ValueError: ``q`` or ``niter`` is out of range.
    """
    check_matrices("pca_lowrank", A)
    check_dtype("pca_lowrank", A)
    rows, columns = A._shape[-2:]
    q = min(6, rows, columns) if q is None else q
    if not 0 <= q <= min(rows, columns):
        raise ValueError(f"q(={q}) must be non-negative integer and not greater than min(m, n)={min(rows, columns)}")
    if niter < 0:
        raise ValueError(f"niter(={niter}) must be non-negative integer")
    return _low_rank(A - A.mean(-2, True) if center else A, q, niter)
