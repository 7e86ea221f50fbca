"""Linear algebra: the standard's extension ``linalg``."""

from __future__ import annotations

from typing import Any

from tensorplug import functional as F
from tensorplug import linalg
from tensorplug.array_api.dtypes import together
from tensorplug.array_api.products import matmul, matrix_transpose, tensordot, vecdot
from tensorplug.array_api.reductions import sum as sum_
from tensorplug.dtypes import DType
from tensorplug.tensor import Tensor

__all__ = [
    "cholesky", "cross", "det", "diagonal", "eigh", "eigvalsh", "inv", "matmul", "matrix_norm", "matrix_power",
    "matrix_rank", "matrix_transpose", "outer", "pinv", "qr", "slogdet", "solve", "svd", "svdvals", "tensordot",
    "trace", "vecdot", "vector_norm",
]  # fmt: skip


def cholesky(x: Tensor, /, *, upper: bool = False) -> Tensor:
    """The triangular factor of positive definite matrices: the lower one, or the upper."""
    return linalg.cholesky(x, upper=upper)


def cross(x1: Tensor, x2: Tensor, /, *, axis: int = -1) -> Tensor:
    """The vector product along an axis of size 3.

    Raises:
        ValueError: the axis has another size.
    """
    if x1.shape[axis] != 3 or x2.shape[axis] != 3:
        raise ValueError(f"cross: axis {axis} must have size 3, got {x1.shape[axis]} and {x2.shape[axis]}")
    return linalg.cross(*together(x1, x2), dim=axis)


def det(x: Tensor, /) -> Tensor:
    """The determinant."""
    return linalg.det(x)


def diagonal(x: Tensor, /, *, offset: int = 0) -> Tensor:
    """A diagonal of the matrices in the last two axes."""
    return linalg.diagonal(x, offset=offset)


def eigh(x: Tensor, /) -> Any:
    """Eigenvalues in rising order and eigenvectors of Hermitian matrices: a named tuple."""
    return linalg.eigh(x)


def eigvalsh(x: Tensor, /) -> Tensor:
    """The eigenvalues of Hermitian matrices in rising order."""
    return linalg.eigvalsh(x)


def inv(x: Tensor, /) -> Tensor:
    """The inverse."""
    return linalg.inv(x)


def matrix_norm(x: Tensor, /, *, keepdims: bool = False, ord: Any = "fro") -> Tensor:
    """A norm of the matrices in the last two axes: 1, 2, inf and their negatives, ``"fro"`` or ``"nuc"``."""
    return linalg.matrix_norm(x, ord, (-2, -1), keepdims)


def matrix_power(x: Tensor, n: int, /) -> Tensor:
    """The product of ``n`` times the same matrix; of its inverse where ``n`` is negative."""
    return linalg.matrix_power(x, n)


def matrix_rank(x: Tensor, /, *, rtol: Any = None) -> Tensor:
    """How many singular values exceed ``rtol`` times the largest one."""
    return linalg.matrix_rank(x, rtol=rtol)


def outer(x1: Tensor, x2: Tensor, /) -> Tensor:
    """All products of the elements of two vectors."""
    return F.outer(*together(x1, x2))


def pinv(x: Tensor, /, *, rtol: Any = None) -> Tensor:
    """The pseudo-inverse; singular values up to ``rtol`` times the largest one count as 0."""
    return linalg.pinv(x, rtol=rtol)


def qr(x: Tensor, /, *, mode: str = "reduced") -> Any:
    """An orthonormal and a triangular factor, ``"reduced"`` or ``"complete"``: a named tuple.

    Raises:
        ValueError: another mode.
    """
    if mode not in ("reduced", "complete"):
        raise ValueError(f"qr: mode must be 'reduced' or 'complete', got {mode!r}")
    return linalg.qr(x, mode)


def slogdet(x: Tensor, /) -> Any:
    """Sign and logarithm of the size of the determinant: a named tuple."""
    return linalg.slogdet(x)


def solve(x1: Tensor, x2: Tensor, /) -> Tensor:
    """``y`` for which ``x1 @ y`` is ``x2``: one vector, or matrices that broadcast."""
    a, b = together(x1, x2)
    if b.ndim == 1:
        found: Tensor = linalg.solve(a, b.unsqueeze(-1)).squeeze(-1)
        return found
    # With as many dims as the matrices, it cannot be taken for a stack of vectors.
    while b.ndim < a.ndim:
        b = b.unsqueeze(0)
    return linalg.solve(a, b)


def svd(x: Tensor, /, *, full_matrices: bool = True) -> Any:
    """Singular value decomposition: a named tuple of U, S and Vh."""
    return linalg.svd(x, full_matrices)


def svdvals(x: Tensor, /) -> Tensor:
    """The singular values, the largest first."""
    return linalg.svdvals(x)


def trace(x: Tensor, /, *, offset: int = 0, dtype: DType | None = None) -> Tensor:
    """The sum of a diagonal of the matrices in the last two axes; integers become int64, unsigned ones uint64."""
    return sum_(diagonal(x, offset=offset), axis=-1, dtype=dtype)


def vector_norm(x: Tensor, /, *, axis: Any = None, keepdims: bool = False, ord: float = 2) -> Tensor:
    """A norm over axes (all by default)."""
    return linalg.vector_norm(x, ord, axis, keepdims)
