"""Factorizations of matrices: what the library has in its ``linalg``, and in blocks of products what it lacks.

The last two dims are matrices, those before them a batch. What cannot be factored is told by ``info``, an int32 for
each matrix, as LAPACK does: 0 where all went well, otherwise the 1-based place where it failed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug.errors import LinAlgError
from tensorplug.xp import indefinite

Array = Any

_NARROW = 16
"""Columns that are factored one by one; wider matrices are halved, so that most of the work is products."""


# ---------------------------------------------------------------------------------------------------- triangles


def lu_decompose(xp: Any, a: Array, pivot: bool) -> tuple[Array, Array, Array]:
    packed = xp.array(a, order="C", copy=True)
    rows, columns = packed.shape[-2:]
    size = min(rows, columns)
    pivots = xp.zeros((*packed.shape[:-2], size), np.int32)
    info = xp.zeros(packed.shape[:-2], np.int32)
    if not packed.size:
        pivots[...] = xp.arange(1, size + 1)
        return packed, pivots, info
    matrices = packed.reshape((-1, rows, columns))
    places = pivots.reshape((-1, size))
    _factor_columns(xp, matrices, places, 0, size, pivot)
    if columns > size:
        right = matrices[:, :, size:]
        _swap_rows(xp, right, places, 0, size)
        _solve_lower(matrices[:, :size, :size], right, True)
    diagonal = xp.diagonal(packed, axis1=-2, axis2=-1)
    info[...] = first_place(xp, diagonal == 0)
    return packed, pivots + 1, info


def _factor_columns(xp: Any, a: Array, pivots: Array, first: int, last: int, pivot: bool) -> None:
    """Factor the columns from ``first`` below ``last``, on and below the diagonal, as in S. Toledo, Locality of
    reference in LU decomposition with partial pivoting, 1997."""
    if last - first <= _NARROW:
        for j in range(first, last):
            _eliminate(xp, a, pivots, j, first, last, pivot)
        return
    middle = (first + last) // 2
    _factor_columns(xp, a, pivots, first, middle, pivot)
    right = a[:, :, middle:last]
    _swap_rows(xp, right, pivots, first, middle)
    _solve_lower(a[:, first:middle, first:middle], right[:, first:middle], True)
    right[:, middle:] -= xp.matmul(a[:, middle:, first:middle], right[:, first:middle])
    _factor_columns(xp, a, pivots, middle, last, pivot)
    _swap_rows(xp, a[:, :, first:middle], pivots, middle, last)


def _eliminate(xp: Any, a: Array, pivots: Array, j: int, first: int, last: int, pivot: bool) -> None:
    """Clear column ``j`` below the diagonal, keeping the multipliers there."""
    pivots[:, j] = j + xp.argmax(indefinite.pivot_size(a[:, j:, j]), axis=1) if pivot else j
    if pivot:
        _swap_rows(xp, a[:, :, first:last], pivots, j, j + 1)
    divisor = a[:, j, j, None]
    a[:, j + 1 :, j] /= xp.where(divisor == 0, 1, divisor) if pivot else divisor
    a[:, j + 1 :, j + 1 : last] -= a[:, j + 1 :, j, None] * a[:, j, None, j + 1 : last]


def _swap_rows(xp: Any, a: Array, pivots: Array, first: int, last: int) -> None:
    batch = xp.arange(a.shape[0])
    for j in range(first, last):
        other = pivots[:, j]
        row = a[:, j].copy()
        a[:, j] = a[batch, other]
        a[batch, other] = row


def first_place(xp: Any, failed: Array) -> Array:
    """The 1-based place of the first True along the last dim, 0 where there is none."""
    if not failed.shape[-1]:
        return xp.zeros(failed.shape[:-1], np.int32)
    return xp.where(failed.any(axis=-1), failed.argmax(axis=-1) + 1, 0).astype(np.int32)


def solve_triangle(xp: Any, a: Array, b: Array, upper: bool, unit: bool) -> Array:
    x = xp.array(b, order="C", copy=True)
    if x.size and upper:
        # Read from the last row and column, an upper triangle is a lower one.
        _solve_lower(a[..., ::-1, ::-1], x[..., ::-1, :], unit)
    elif x.size:
        _solve_lower(a, x, unit)
    return x


def _solve_lower(a: Array, x: Array, unit: bool) -> None:
    size = a.shape[-1]
    if size <= _NARROW:
        for i in range(size):
            row = x[..., i, :]
            if i:
                row -= (a[..., i, None, :i] @ x[..., :i, :])[..., 0, :]
            if not unit:
                row /= a[..., i, i, None]
        return
    middle = size // 2
    _solve_lower(a[..., :middle, :middle], x[..., :middle, :], unit)
    x[..., middle:, :] -= a[..., middle:, :middle] @ x[..., :middle, :]
    _solve_lower(a[..., middle:, middle:], x[..., middle:, :], unit)


def permutation_of(xp: Any, pivots: Array, rows: int) -> Array:
    found = xp.empty((*pivots.shape[:-1], rows), np.int64)
    found[...] = xp.arange(rows)
    if pivots.size:
        flat = pivots.reshape((-1, pivots.shape[-1])).astype(np.int64) - 1
        _swap_rows(xp, found.reshape((-1, rows, 1)), flat, 0, flat.shape[1])
    return found


def cholesky_decompose(xp: Any, a: Array) -> tuple[Array, Array]:
    try:
        lower = xp.linalg.cholesky(a)
    except np.linalg.LinAlgError:
        lower = _cholesky_one_by_one(xp, a)
    diagonal = xp.diagonal(lower, axis1=-2, axis2=-1).real
    return lower, first_place(xp, ~(diagonal > 0))


def _cholesky_one_by_one(xp: Any, a: Array) -> Array:
    """The factors of those matrices that have one; of the others the part before the failure, then zeros."""
    flat = a.reshape((-1, *a.shape[-2:]))
    lower = xp.zeros_like(flat)
    for matrix, target in zip(flat, lower, strict=True):
        low, high = 0, matrix.shape[0]
        while low < high:
            # Leading blocks have factors up to some size and none beyond.
            size = (low + high + 1) // 2
            try:
                target[:size, :size] = xp.linalg.cholesky(matrix[:size, :size])
                low = size
            except np.linalg.LinAlgError:
                high = size - 1
    return lower.reshape(a.shape)


# ---------------------------------------------------------------------------------------------------- orthogonal


def qr_decompose(xp: Any, a: Array) -> tuple[Array, Array]:
    packed, tau = xp.linalg.qr(a, mode="raw")
    return packed.swapaxes(-1, -2), tau


def qr_factors(xp: Any, a: Array, mode: str) -> tuple[Array, Array]:
    found = xp.linalg.qr(a, mode=mode)
    return (xp.empty((0,), a.dtype), found) if mode == "r" else tuple(found)


def eigh_decompose(xp: Any, a: Array) -> tuple[Array, Array]:
    return tuple(_converging(xp, "linalg.eigh", xp.linalg.eigh, a))


def eigvalsh_only(xp: Any, a: Array) -> Array:
    return _converging(xp, "linalg.eigvalsh", xp.linalg.eigvalsh, a)


def eig_decompose(xp: Any, a: Array) -> tuple[Array, Array]:
    values, vectors = _converging(xp, "linalg.eig", xp.linalg.eig, a)
    kind = np.result_type(a.dtype, np.complex64)
    return values.astype(kind, copy=False), vectors.astype(kind, copy=False)


def eigvals_only(xp: Any, a: Array) -> Array:
    values = _converging(xp, "linalg.eigvals", xp.linalg.eigvals, a)
    return values.astype(np.result_type(a.dtype, np.complex64), copy=False)


def svd_decompose(xp: Any, a: Array, full_matrices: bool) -> tuple[Array, Array, Array]:
    return tuple(_converging(xp, "linalg.svd", xp.linalg.svd, a, full_matrices))


def svdvals_only(xp: Any, a: Array) -> Array:
    return _converging(xp, "linalg.svdvals", lambda a: xp.linalg.svd(a, compute_uv=False), a)


def _converging(xp: Any, name: str, function: Any, *args: Any) -> Any:
    try:
        found = function(*args)
    except np.linalg.LinAlgError as error:
        raise LinAlgError(f"{name}: the algorithm failed to converge ({error}); are all elements finite?") from None
    if not _succeeded(xp, *(found if isinstance(found, tuple) else (found,))):
        raise LinAlgError(f"{name}: the algorithm failed to converge; are all elements finite?")
    return found


def _succeeded(xp: Any, *results: Array) -> bool:
    """Whether the library went through: NumPy would have raised, others may leave numbers that are not finite."""
    return xp is np or all(bool(xp.isfinite(x).all()) for x in results)


# ---------------------------------------------------------------------------------------------------- solutions


def solve_square(xp: Any, a: Array, b: Array) -> tuple[Array, Array]:
    try:
        found = xp.linalg.solve(a, b)
        if _succeeded(xp, found):
            return found, xp.zeros(a.shape[:-2], np.int32)
    except np.linalg.LinAlgError:
        pass  # some matrix is singular: step by step, to see which
    packed, pivots, info = lu_decompose(xp, a, True)
    permuted = xp.take_along_axis(b, permutation_of(xp, pivots, a.shape[-1])[..., None], -2)
    below = solve_triangle(xp, packed, permuted, False, True)
    return solve_triangle(xp, packed, below, True, False), info


def invert(xp: Any, a: Array) -> tuple[Array, Array]:
    try:
        found = xp.linalg.inv(a)
        if _succeeded(xp, found):
            return found, xp.zeros(a.shape[:-2], np.int32)
    except np.linalg.LinAlgError:
        pass  # some matrix is singular: step by step, to see which
    identity = xp.zeros(a.shape, a.dtype)
    identity[...] = xp.eye(a.shape[-1], dtype=a.dtype)
    return solve_square(xp, a, identity)


def slogdet_of(xp: Any, a: Array) -> tuple[Array, Array]:
    return tuple(xp.linalg.slogdet(a))


PRIMITIVES: dict[str, Any] = {
    "lu_decompose": lu_decompose, "solve_triangle": solve_triangle, "cholesky_decompose": cholesky_decompose,
    "qr_decompose": qr_decompose, "eigh_decompose": eigh_decompose, "eig_decompose": eig_decompose,
    "svd_decompose": svd_decompose, **indefinite.FUNCTIONS,
}  # fmt: skip
"""What every backend must have. One without a library of its own takes these through the host, see ``xp.host``."""

FUNCTIONS: dict[str, Any] = {
    **PRIMITIVES, "permutation_of": permutation_of, "qr_factors": qr_factors, "eigvalsh_only": eigvalsh_only,
    "eigvals_only": eigvals_only, "svdvals_only": svdvals_only, "solve_square": solve_square, "invert": invert,
    "slogdet_of": slogdet_of,
}  # fmt: skip
