"""Copies: converted, joined, reversed, and into memory that is there already."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from tensorplug.dtypes import DType
from tensorplug.shapes import Shape, is_contiguous
from tensorplug_opencl.array import Array, spread
from tensorplug_opencl.conversions import conversion
from tensorplug_opencl.elementwise import Map, Mapped


@cache
def _converter(source: DType, target: DType) -> Mapped:
    return Mapped(Map(source, (conversion(source, target),), (target,), (source,)))


def cast(x: Array, dtype: DType) -> Array:
    return _converter(x.dtype, dtype)((x,))[0]


def clone(x: Array) -> Array:
    return _converter(x.dtype, x.dtype)((x,))[0]


def contiguous(x: Array) -> Array:
    """``x`` itself where its elements lie in C order without gaps, otherwise a copy."""
    return x if is_contiguous(x.shape, x.strides) else clone(x)


def packed_copy(x: Array) -> Array:
    """``x`` itself where its elements fill memory from the start in C order, otherwise a copy."""
    return x if x.start == 0 and is_contiguous(x.shape, x.strides) else clone(x)


def copy_into(target: Array, source: Array) -> None:
    """Write ``source``, broadcast and converted, into ``target``; it is read as it was before."""
    source = spread(source, target.shape)
    if source.memory is target.memory and (source.start, source.strides) != (target.start, target.strides):
        source = clone(source)
    _converter(source.dtype, target.dtype).into((target,), (source,))


def cat(arrays: tuple[Array, ...], dim: int) -> Array:
    first = arrays[0]
    length = sum(x.shape[dim] for x in arrays)
    found = first.home.empty((*first.shape[:dim], length, *first.shape[dim + 1 :]), first.dtype)
    start = 0
    for x in arrays:
        part = found.seen_as(x.shape, found.strides, start * found.strides[dim])
        _converter(x.dtype, x.dtype).into((part,), (x,))
        start += x.shape[dim]
    return found


def flip(x: Array, dims: Shape) -> Array:
    start = x.start + sum((x.shape[d] - 1) * x.strides[d] for d in dims)
    steps = tuple(-step if d in dims else step for d, step in enumerate(x.strides))
    return clone(x.seen_as(x.shape, steps, start))


FUNCTIONS: dict[str, Callable[..., Any]] = {"cast": cast, "clone": clone, "cat": cat, "flip": flip}
