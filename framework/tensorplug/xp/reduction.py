"""Kernels that reduce and accumulate."""

from __future__ import annotations

from typing import Any

from tensorplug.dtypes import DType

Array = Any
Dims = tuple[int, ...]


def sum_(xp: Any, x: Array, dim: Dims, keepdim: bool, dtype: DType) -> Array:
    return xp.sum(x, axis=dim, keepdims=keepdim, dtype=dtype.numpy)


def prod_dims(xp: Any, x: Array, dim: Dims, keepdim: bool, dtype: DType) -> Array:
    return xp.prod(x, axis=dim, keepdims=keepdim, dtype=dtype.numpy)


def amax(xp: Any, x: Array, dim: Dims, keepdim: bool) -> Array:
    return xp.max(x, axis=dim, keepdims=keepdim)


def amin(xp: Any, x: Array, dim: Dims, keepdim: bool) -> Array:
    return xp.min(x, axis=dim, keepdims=keepdim)


def argmax_dim(xp: Any, x: Array, dim: int, keepdim: bool) -> Array:
    return xp.argmax(x, axis=dim, keepdims=keepdim)


def argmin_dim(xp: Any, x: Array, dim: int, keepdim: bool) -> Array:
    return xp.argmin(x, axis=dim, keepdims=keepdim)


def all_dims(xp: Any, x: Array, dim: Dims, keepdim: bool) -> Array:
    return xp.all(x, axis=dim, keepdims=keepdim)


def any_dims(xp: Any, x: Array, dim: Dims, keepdim: bool) -> Array:
    return xp.any(x, axis=dim, keepdims=keepdim)


def cumsum(xp: Any, x: Array, dim: int) -> Array:
    return xp.cumsum(x, axis=dim, dtype=x.dtype) if x.ndim else x.copy()


def cumprod(xp: Any, x: Array, dim: int) -> Array:
    return xp.cumprod(x, axis=dim, dtype=x.dtype) if x.ndim else x.copy()


FUNCTIONS: dict[str, Any] = {
    "sum": sum_, "prod_dims": prod_dims, "amax": amax, "amin": amin, "argmax_dim": argmax_dim,
    "argmin_dim": argmin_dim, "all_dims": all_dims, "any_dims": any_dims, "cumsum": cumsum, "cumprod": cumprod,
}  # fmt: skip
