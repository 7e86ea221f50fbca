"""Convolution as a product of matrices, whose columns are the windows of an image."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from tensorplug.dtypes import HALF, float32
from tensorplug.shapes import Shape
from tensorplug_opencl.array import Array, permuted, reshaped
from tensorplug_opencl.kernels.elementwise import make
from tensorplug_opencl.kernels.linalg import matmul_batched
from tensorplug_opencl.kernels.movement import cast, cat, packed_copy
from tensorplug_opencl.kernels.reduction import sum_
from tensorplug_opencl.kernels.windows import Windows, im2col, places_of, run

_MOST = 1 << 26  # elements of columns that are made at a time


def convolution(
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
    if x.dtype in HALF:
        geometry = (stride, padding, dilation, transposed, output_padding, groups)
        wide_bias = None if bias is None else cast(bias, float32)
        return cast(convolution(cast(x, float32), cast(weight, float32), wide_bias, *geometry), x.dtype)
    x, weight = packed_copy(x), packed_copy(weight)
    kernel = weight.shape[2:]
    filters = reshaped(weight, (1, groups, weight.shape[0] // groups, prod(weight.shape[1:])))
    if transposed:
        size = tuple(
            (n - 1) * s - 2 * p + d * (k - 1) + 1 + extra
            for n, k, s, p, d, extra in zip(x.shape[2:], kernel, stride, padding, dilation, output_padding)
        )
        filters = permuted(filters, (0, 1, 3, 2))
        each = weight.shape[1] * groups * prod(kernel) * prod(x.shape[2:])
        found = _in_parts(x, each, lambda part: _transposed(part, filters, size, kernel, stride, padding, dilation))
    else:
        places = places_of(x.shape[2:], kernel, stride, padding, dilation)
        each = x.shape[1] * prod(kernel) * prod(places)
        channels = weight.shape[0]
        found = _in_parts(
            x, each, lambda part: _plain(part, filters, channels, places, kernel, stride, padding, dilation)
        )
    if bias is None:
        return found
    rank = found.ndim
    column = bias.seen_as((1, found.shape[1], *[1] * (rank - 2)), (0, bias.strides[0], *[0] * (rank - 2)))
    added: Array = make("add", found.dtype)(found, column)
    return added


def _in_parts(x: Array, each: int, compute: Callable[[Array], Array]) -> Array:
    """``compute`` of so many images at a time that their columns (``each`` for one) stay within bounds."""
    batch, step = x.shape[0], max(1, _MOST // max(each, 1))
    if batch <= step:
        return compute(x)
    parts = []
    for start in range(0, batch, step):
        shape = (min(step, batch - start), *x.shape[1:])
        parts.append(compute(packed_copy(x.seen_as(shape, x.strides, start * x.strides[0]))))
    return cat(tuple(parts), 0)


def _plain(
    x: Array,
    filters: Array,
    channels: int,
    places: Shape,
    kernel: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
) -> Array:
    batch, groups = x.shape[0], filters.shape[1]
    columns = im2col(x, kernel, dilation, padding, stride)
    columns = reshaped(columns, (batch, groups, columns.shape[1] // groups, prod(places)))
    return reshaped(matmul_batched(filters, columns), (batch, channels, *places))


def _transposed(
    x: Array, filters: Array, size: Shape, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape
) -> Array:
    batch, groups, area = x.shape[0], filters.shape[1], prod(x.shape[2:])
    images = reshaped(x, (batch, groups, x.shape[1] // groups, area))
    columns = matmul_batched(filters, images)
    columns = reshaped(columns, (batch, columns.shape[1] * columns.shape[2], area))
    found = columns.home.empty((batch, columns.shape[1] // prod(kernel), *size), columns.dtype)
    return run("col2im", found, [columns], Windows(size, kernel, stride, padding, dilation, x.shape[2:]))


def convolution_weight(
    x: Array, other: Array, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, groups: int
) -> Array:
    if x.dtype in HALF:
        wide = convolution_weight(cast(x, float32), cast(other, float32), kernel, stride, padding, dilation, groups)
        return cast(wide, x.dtype)
    x, other = packed_copy(x), packed_copy(other)
    batch, places = x.shape[0], other.shape[2:]
    area, inner = prod(places), x.shape[1] * prod(kernel) // groups
    columns = x.home.empty((batch, groups, inner, area), x.dtype)
    run("im2col", columns, [x], Windows(x.shape[2:], kernel, stride, padding, dilation, places))
    grads = reshaped(other, (batch, groups, other.shape[1] // groups, area))
    found = sum_(matmul_batched(grads, permuted(columns, (0, 1, 3, 2))), (0,), False, x.dtype)
    return reshaped(found, (other.shape[1], x.shape[1] // groups, *kernel))


FUNCTIONS: dict[str, Callable[..., Any]] = {"convolution": convolution, "convolution_weight": convolution_weight}
"""For floating-point arrays."""
