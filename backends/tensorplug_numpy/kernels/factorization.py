"""Factorizations that NumPy has no function for, by LAPACK as SciPy has it, which loads on first use.

Small matrices in large batches stay with the shared kernels, which treat all of a batch at once.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from tensorplug.xp import factorization as shared
from tensorplug.xp import indefinite

Array = np.ndarray[Any, Any]

_SMALL = 24
"""Up to so many rows and columns a batch is quicker done together than matrix by matrix."""


@functools.cache
def _lapack(name: str, char: str) -> Any:
    from scipy.linalg.lapack import get_lapack_funcs

    return get_lapack_funcs(name, (np.empty(0, char),))


@functools.cache
def _blas(name: str, char: str) -> Any:
    from scipy.linalg.blas import get_blas_funcs

    return get_blas_funcs(name, (np.empty(0, char),))


def _together(a: Array) -> bool:
    """Whether the shared kernels are the quicker ones: many small matrices, or nothing to do."""
    return not a.size or (a.ndim > 2 and max(a.shape[-2:]) <= _SMALL and a.size > a.shape[-1] * a.shape[-2])


def lu_decompose(a: Array, pivot: bool) -> tuple[Array, Array, Array]:
    if not pivot or _together(a):
        return shared.lu_decompose(np, a, pivot)
    batch, size = a.shape[:-2], min(a.shape[-2:])
    packed = np.empty(a.shape, a.dtype)
    pivots = np.empty((*batch, size), np.int32)
    info = np.empty(batch, np.int32)
    getrf = _lapack("getrf", a.dtype.char)
    for place in np.ndindex(batch):
        packed[place], own, info[place] = getrf(a[place])
        pivots[place] = own + 1
    if info.any() and np.isnan(a).any():
        # Some implementations take what NaN leaves for zeros.
        return shared.lu_decompose(np, a, pivot)
    return packed, pivots, info


def solve_triangle(a: Array, b: Array, upper: bool, unit: bool) -> Array:
    if _together(a) or not b.size:
        return shared.solve_triangle(np, a, b, upper, unit)
    result = np.empty(b.shape, b.dtype)
    trsm = _blas("trsm", a.dtype.char)
    for place in np.ndindex(a.shape[:-2]):
        # A C-contiguous matrix is the transpose of one in Fortran's order, which would be copied.
        matrix = a[place]
        turned = matrix.flags.c_contiguous
        lower = upper if turned else not upper
        result[place] = trsm(1, matrix.T if turned else matrix, b[place], 0, lower, turned, unit)
    return result


def ldl_decompose(a: Array, hermitian: bool) -> tuple[Array, Array, Array]:
    if a.shape[-1] < 2:
        return indefinite.ldl_decompose(np, a, hermitian)
    packed = np.empty(a.shape, a.dtype)
    pivots = np.empty(a.shape[:-1], np.int32)
    info = np.empty(a.shape[:-2], np.int32)
    sytrf = _lapack("hetrf" if hermitian and a.dtype.kind == "c" else "sytrf", a.dtype.char)
    for place in np.ndindex(info.shape):
        packed[place], pivots[place], info[place] = sytrf(a[place], lower=1)
    return packed, pivots, info


def det_of(a: Array) -> Array:
    # NumPy's own is the exponential of a logarithm, which rounds determinants that are whole numbers.
    packed, pivots, _ = lu_decompose(a, True)
    size = np.diagonal(packed, axis1=-2, axis2=-1).prod(axis=-1)
    swaps = np.count_nonzero(pivots != np.arange(1, pivots.shape[-1] + 1), axis=-1)
    return np.where(swaps % 2, -size, size)


FUNCTIONS = {
    "lu_decompose": lu_decompose, "solve_triangle": solve_triangle, "ldl_decompose": ldl_decompose, "det_of": det_of,
}  # fmt: skip
