"""Fourier transforms as products of matrices: how devices without a kernel for them compute them.

A size that is a product is transformed along both factors (J. W. Cooley and J. W. Tukey, An algorithm for the machine
calculation of complex Fourier series, 1965), a small one by the matrix of its roots of unity, a large prime as a
convolution (L. I. Bluestein, A linear filtering approach to the computation of discrete Fourier transform, 1970).
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from tensorplug.ops.linalg import matmul
from tensorplug.ops.movement import constant_pad
from tensorplug.ops.slicing import slice_dim
from tensorplug.ops.windows import constant

Tensor = Any
Array = np.ndarray[Any, Any]

_SMALL = 32
"""Sizes up to this one are transformed by a matrix."""


def transformed(x: Tensor, dim: int, sign: int) -> Tensor:
    """The sums of ``x[j] * exp(sign * 2j * pi * j * k / n)`` along ``dim`` of a complex tensor, without a factor."""
    return _last_dim(x.transpose(dim, -1), sign).transpose(dim, -1)


def _last_dim(x: Tensor, sign: int) -> Tensor:
    *batch, n = x._shape
    if n <= _SMALL:
        return matmul(x, _constant(x, _roots(n, n, n, sign)))
    factor = _factor(n)
    if factor == 1:
        return _by_convolution(x, n, sign)
    # The index of the input is j1 * rest + j2, that of the result k1 + factor * k2.
    rest = n // factor
    columns = matmul(_constant(x, _roots(factor, factor, factor, sign)), x.reshape((*batch, factor, rest)))
    columns = columns * _constant(x, _roots(factor, rest, n, sign))
    return _last_dim(columns, sign).transpose(-2, -1).reshape((*batch, n))


@functools.cache
def _factor(n: int) -> int:
    """The largest factor of ``n`` that is small."""
    return next(f for f in range(_SMALL, 0, -1) if n % f == 0)


@functools.lru_cache(maxsize=64)
def _roots(rows: int, columns: int, n: int, sign: int) -> Array:
    """``exp(sign * 2j * pi * row * column / n)``."""
    return _on_circle(np.outer(np.arange(rows), np.arange(columns)) % n, n, sign)


def _on_circle(steps: Array, n: int, sign: int) -> Array:
    """``exp(sign * 2j * pi * steps / n)`` for whole steps from 0 to before ``n``, exact at whole quarters."""
    quarters, rest = np.divmod(4 * steps, n)
    angle = rest * (np.pi / (2 * n))
    turned = np.array([1, 1j, -1, -1j])[quarters] * (np.cos(angle) + 1j * np.sin(angle))
    return turned if sign > 0 else turned.conj()


def _by_convolution(x: Tensor, n: int, sign: int) -> Tensor:
    *batch, _ = x._shape
    none = [(0, 0)] * len(batch)
    chirp, spectrum = _chirp(n, sign)
    size = len(spectrum)
    factors = _constant(x, chirp)
    padded = constant_pad(x * factors, [*none, (0, size - n)], 0)
    product = _last_dim(padded, -1) * _constant(x, spectrum)
    return slice_dim(_last_dim(product, 1), len(batch), 0, n, 1) * factors


@functools.lru_cache(maxsize=16)
def _chirp(n: int, sign: int) -> tuple[Array, Array]:
    """``exp(sign * 1j * pi * j**2 / n)``, and the transform of its conjugate, mirrored, over the size of that."""
    steps = np.arange(n)
    chirp = _on_circle(steps * steps % (2 * n), 2 * n, sign)
    size = 1 << (2 * n - 2).bit_length()
    mirrored = np.zeros(size, complex)
    mirrored[:n] = chirp.conj()
    mirrored[size - n + 1 :] = chirp[:0:-1].conj()
    return chirp, np.fft.fft(mirrored) / size


def _constant(like: Tensor, values: Array) -> Tensor:
    return constant(like, values.astype(like._kind.dtype.numpy))
