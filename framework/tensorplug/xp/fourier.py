"""Kernels for Fourier transforms; ``norm`` means what it means to the library."""

from __future__ import annotations

from typing import Any

Array = Any
Shape = tuple[int, ...]


def fft_c2c(xp: Any, x: Array, dims: Shape, norm: str, forward: bool) -> Array:
    return (xp.fft.fftn if forward else xp.fft.ifftn)(x, axes=dims, norm=norm)


def fft_r2c(xp: Any, x: Array, dims: Shape, norm: str) -> Array:
    return xp.fft.rfftn(x, axes=dims, norm=norm)


def fft_c2r(xp: Any, x: Array, dims: Shape, norm: str, size: int) -> Array:
    sizes = [*[x.shape[d] for d in dims[:-1]], size]
    return xp.fft.irfftn(x, s=sizes, axes=dims, norm=norm)


FUNCTIONS: dict[str, Any] = {"fft_c2c": fft_c2c, "fft_r2c": fft_r2c, "fft_c2r": fft_c2r}
