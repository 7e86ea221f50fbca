"""Fourier transforms by SciPy where it is installed: several times as fast as NumPy's, and on several threads."""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np

from tensorplug_numpy.workers import get_num_threads

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]

_LARGE = 1 << 17
"""Elements from which a second thread pays."""


def _threads(x: Array) -> int:
    return get_num_threads() if x.size >= _LARGE else 1


def fft_c2c(x: Array, dims: Shape, norm: str, forward: bool) -> Array:
    import scipy.fft

    return (scipy.fft.fftn if forward else scipy.fft.ifftn)(x, axes=dims, norm=norm, workers=_threads(x))


def fft_r2c(x: Array, dims: Shape, norm: str) -> Array:
    import scipy.fft

    return scipy.fft.rfftn(x, axes=dims, norm=norm, workers=_threads(x))


def fft_c2r(x: Array, dims: Shape, norm: str, size: int) -> Array:
    import scipy.fft

    sizes = [*[x.shape[d] for d in dims[:-1]], size]
    return scipy.fft.irfftn(x, s=sizes, axes=dims, norm=norm, workers=_threads(x))


FUNCTIONS = {"fft_c2c": fft_c2c, "fft_r2c": fft_r2c, "fft_c2r": fft_c2r} if importlib.util.find_spec("scipy") else {}
