"""Products of matrices by BLAS, into memory that is reused, and sums of squares."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tensorplug_numpy import memory, reduce
from tensorplug_numpy.kernels import whole_products

Array = np.ndarray[Any, Any]

_BLAS = frozenset("fdFD")
"""Dtypes that BLAS multiplies."""

_LARGE = 1 << 18
"""Elements of a result from which pooled memory pays."""


def matmul_batched(a: Array, b: Array) -> Array:
    if a.ndim == 2 and b.ndim == 2 and a.shape[0] * b.shape[1] >= _LARGE and a.dtype.char in _BLAS:
        return np.matmul(a, b, out=memory.empty((a.shape[0], b.shape[1]), a.dtype))
    return whole_products.multiply(a, b) if whole_products.pays(a, b) else np.matmul(a, b)


def linear(x: Array, weight: Array, bias: Array | None) -> Array:
    if x.ndim > 2:
        # One product of all rows: NumPy would multiply matrix by matrix.
        flat = linear(np.ascontiguousarray(x).reshape(-1, x.shape[-1]), weight, bias)
        return flat.reshape(x.shape[:-1] + flat.shape[1:])
    out = matmul_batched(x, weight.T) if weight.ndim == 2 and x.ndim == 2 else np.asarray(np.matmul(x, weight.T))
    return out if bias is None else np.add(out, bias, out=out)


def linear_backward(
    g: Array, x: Array, weight: Array, needs: tuple[bool, bool, bool]
) -> tuple[Array | None, Array | None, Array | None]:
    rows = g if g.ndim == 2 else np.ascontiguousarray(g).reshape(-1, g.shape[-1])
    grad_input = grad_weight = grad_bias = None
    if needs[0]:
        grad_input = matmul_batched(rows, weight.conj() if weight.dtype.kind == "c" else weight)
        grad_input = grad_input if x.ndim == 2 else grad_input.reshape(x.shape)
    if needs[1]:
        columns = x if x.ndim == 2 else np.ascontiguousarray(x).reshape(-1, x.shape[-1])
        grad_weight = matmul_batched(rows.T, columns.conj() if x.dtype.kind == "c" else columns)
    if needs[2]:
        grad_bias = reduce.add(rows, 0)
    return grad_input, grad_weight, grad_bias


_PIECE = 1 << 10
"""Elements whose squares BLAS adds up; the sums of pieces NumPy adds in pairs, which loses no digits."""


def euclidean_norm(x: Array, dim: tuple[int, ...], keepdim: bool) -> Array:
    kept = x.ndim - len(dim)
    if x.size >= _PIECE and x.flags.c_contiguous and dim == tuple(range(kept, x.ndim)) and x.dtype.char in _BLAS:
        lines = x.reshape(math.prod(x.shape[:kept]), -1)
        return np.sqrt(_squares(lines)).reshape(x.shape[:kept] + ((1,) * len(dim) if keepdim else ()))
    squares = x * x if x.dtype.kind != "c" else x.real * x.real + x.imag * x.imag
    return np.sqrt(reduce.add(squares, dim, None, None, keepdim))


def _squares(lines: Array) -> Array:
    """The sum of squares of each line."""
    length = lines.shape[1]
    cut = length - length % _PIECE
    if not cut:
        return np.vecdot(lines, lines).real
    pieces, rest = lines[:, :cut].reshape(len(lines), -1, _PIECE), lines[:, cut:]
    total = reduce.add(np.vecdot(pieces, pieces).real, 1)
    return total if cut == length else total + np.vecdot(rest, rest).real


FUNCTIONS = {
    "matmul_batched": matmul_batched, "linear": linear, "linear_backward": linear_backward,
    "euclidean_norm": euclidean_norm,
}  # fmt: skip
