"""Kernels for pooling: for each element of the window one strided slice of the input."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

Array = Any
Shape = tuple[int, ...]


def _slices(kernel: Shape, stride: Shape, dilation: Shape, size: Shape) -> Iterator[tuple[slice, ...]]:
    """For each element of the window what it meets in all windows, in C order."""
    for at in itertools.product(*map(range, kernel)):
        spatial = [
            slice(k * d, k * d + (n - 1) * s + 1, s) for k, d, s, n in zip(at, dilation, stride, size, strict=True)
        ]
        yield (slice(None), slice(None), *spatial)


def _room(spatial: Shape, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, size: Shape) -> Shape:
    """A size that holds the padded input and all windows."""
    return tuple(
        max(n + p, (o - 1) * s + d * (k - 1) + 1)
        for n, k, s, p, d, o in zip(spatial, kernel, stride, padding, dilation, size, strict=True)
    )


def _inside(spatial: Shape, padding: Shape) -> tuple[slice, ...]:
    return (slice(None), slice(None), *[slice(p, p + n) for n, p in zip(spatial, padding, strict=True)])


def _padded(xp: Any, x: Array, padding: Shape, room: Shape, value: Any) -> Array:
    if room == x.shape[2:]:
        return x
    found = xp.full((*x.shape[:2], *room), value, dtype=x.dtype)
    found[_inside(x.shape[2:], padding)] = x
    return found


def _pool(
    xp: Any,
    combine: Any,
    x: Array,
    value: Any,
    kernel: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    size: Shape,
) -> Array:
    x = _padded(xp, x, padding, _room(x.shape[2:], kernel, stride, padding, dilation, size), value)
    out: Array = None
    for part in _slices(kernel, stride, dilation, size):
        out = x[part].copy() if out is None else combine(out, x[part], out=out)
    return out


def max_pool(xp: Any, x: Array, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, size: Shape) -> Array:
    lowest = xp.iinfo(x.dtype).min if x.dtype.kind in "iu" else float("-inf")
    return _pool(xp, xp.maximum, x, lowest, kernel, stride, padding, dilation, size)


def sum_pool(xp: Any, x: Array, kernel: Shape, stride: Shape, padding: Shape, size: Shape) -> Array:
    return _pool(xp, xp.add, x, 0, kernel, stride, padding, (1,) * len(size), size)


def sum_pool_input(
    xp: Any, g: Array, spatial: Shape, kernel: Shape, stride: Shape, padding: Shape, size: Shape
) -> Array:
    once = (1,) * len(size)
    total = xp.zeros((*g.shape[:2], *_room(spatial, kernel, stride, padding, once, size)), dtype=g.dtype)
    for part in _slices(kernel, stride, once, size):
        total[part] += g
    return xp.ascontiguousarray(total[_inside(spatial, padding)])


FUNCTIONS: dict[str, Any] = {"max_pool": max_pool, "sum_pool": sum_pool, "sum_pool_input": sum_pool_input}
