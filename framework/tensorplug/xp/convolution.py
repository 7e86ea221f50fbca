"""Kernels for convolution: windows copied to the columns of a matrix, and products of matrices."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from math import prod
from typing import Any

Array = Any
Shape = tuple[int, ...]


def _at(start: Shape, size: Shape) -> tuple[slice, ...]:
    return tuple(slice(s, s + n) for s, n in zip(start, size, strict=True))


def _places(size: Shape, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape) -> Shape:
    return tuple(
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(size, kernel, stride, padding, dilation, strict=True)
    )


def _columns(xp: Any, x: Array, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, places: Shape) -> Array:
    """(image, channel * prod(kernel), prod(places)): a column for each window."""
    batch, channels, *size = x.shape
    room = tuple(n + 2 * p for n, p in zip(size, padding, strict=True))
    padded = xp.zeros((batch, channels, *room), dtype=x.dtype)
    padded[(slice(None), slice(None), *_at(padding, tuple(size)))] = x
    found = xp.empty((batch, channels, prod(kernel), *places), dtype=x.dtype)
    for at, part in enumerate(_targets(kernel, stride, dilation, places)):
        found[:, :, at] = padded[part]
    return found.reshape(batch, channels * prod(kernel), prod(places))


def _targets(kernel: Shape, stride: Shape, dilation: Shape, places: Shape) -> Iterator[tuple[slice, ...]]:
    """For each element of the kernel what it meets in all windows."""
    for at in itertools.product(*map(range, kernel)):
        spatial = [
            slice(k * d, k * d + (n - 1) * s + 1, s) for k, d, s, n in zip(at, dilation, stride, places, strict=True)
        ]
        yield (slice(None), slice(None), *spatial)


def _sums(
    xp: Any,
    columns: Array,
    size: Shape,
    kernel: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    places: Shape,
) -> Array:
    """The inverse of ``_columns``, but that elements of several windows add up."""
    batch, rows = columns.shape[:2]
    parts = columns.reshape(batch, rows // prod(kernel), prod(kernel), *places)
    room = tuple(n + 2 * p for n, p in zip(size, padding, strict=True))
    total = xp.zeros((*parts.shape[:2], *room), dtype=columns.dtype)
    for at, target in enumerate(_targets(kernel, stride, dilation, places)):
        total[target] += parts[:, :, at]
    return xp.ascontiguousarray(total[(slice(None), slice(None), *_at(padding, size))])


def im2col(xp: Any, x: Array, kernel: Shape, dilation: Shape, padding: Shape, stride: Shape) -> Array:
    places = _places(x.shape[2:], kernel, stride, padding, dilation)
    return _columns(xp, x, kernel, stride, padding, dilation, places)


def col2im(
    xp: Any, columns: Array, size: Shape, kernel: Shape, dilation: Shape, padding: Shape, stride: Shape
) -> Array:
    places = _places(size, kernel, stride, padding, dilation)
    return _sums(xp, columns, size, kernel, stride, padding, dilation, places)


def convolution(
    xp: Any,
    x: Array,
    weight: Array,
    bias: Array | None,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    transposed: bool,
    output_padding: Shape,
    groups: int,
) -> Array:
    batch, kernel = x.shape[0], weight.shape[2:]
    filters = weight.reshape(groups, weight.shape[0] // groups, prod(weight.shape[1:]))
    if transposed:
        places = x.shape[2:]
        size = tuple(
            (n - 1) * s - 2 * p + d * (k - 1) + 1 + extra
            for n, k, s, p, d, extra in zip(places, kernel, stride, padding, dilation, output_padding, strict=True)
        )
        images = x.reshape(batch, groups, x.shape[1] // groups, prod(places))
        columns = xp.matmul(filters.transpose(0, 2, 1), images).reshape(batch, -1, prod(places))
        out = _sums(xp, columns, size, kernel, stride, padding, dilation, places)
    else:
        size = _places(x.shape[2:], kernel, stride, padding, dilation)
        columns = _columns(xp, x, kernel, stride, padding, dilation, size)
        columns = columns.reshape(batch, groups, columns.shape[1] // groups, prod(size))
        out = xp.matmul(filters, columns).reshape(batch, weight.shape[0], *size)
    return out if bias is None else out + bias.reshape(-1, *[1] * len(kernel))


def convolution_weight(
    xp: Any, x: Array, other: Array, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, groups: int
) -> Array:
    batch, places = x.shape[0], other.shape[2:]
    columns = _columns(xp, x, kernel, stride, padding, dilation, places)
    columns = columns.reshape(batch, groups, columns.shape[1] // groups, prod(places))
    grads = other.reshape(batch, groups, other.shape[1] // groups, prod(places))
    found = xp.matmul(grads, columns.transpose(0, 1, 3, 2)).sum(axis=0)
    return found.reshape(other.shape[1], x.shape[1] // groups, *kernel)


FUNCTIONS: dict[str, Any] = {
    "im2col": im2col, "col2im": col2im, "convolution": convolution, "convolution_weight": convolution_weight,
}  # fmt: skip
