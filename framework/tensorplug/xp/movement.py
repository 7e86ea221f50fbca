"""Kernels that copy, convert, join and cut out."""

from __future__ import annotations

from typing import Any

from tensorplug.dtypes import DType

Array = Any


def cast(xp: Any, x: Array, dtype: DType) -> Array:
    if x.dtype.kind == "c" and not dtype.is_complex and dtype.name != "bool":
        x = x.real
    return x.astype(dtype.numpy)


def clone(xp: Any, x: Array) -> Array:
    return xp.array(x, order="C", copy=True)


def cat(xp: Any, arrays: tuple[Array, ...], dim: int) -> Array:
    return xp.concatenate(arrays, axis=dim)


def flip(xp: Any, x: Array, dims: tuple[int, ...]) -> Array:
    return xp.flip(x, axis=dims).copy()


def tril(xp: Any, x: Array, diagonal: int) -> Array:
    return xp.tril(x, diagonal)


def triu(xp: Any, x: Array, diagonal: int) -> Array:
    return xp.triu(x, diagonal)


FUNCTIONS: dict[str, Any] = {"cast": cast, "clone": clone, "cat": cat, "flip": flip, "tril": tril, "triu": triu}
