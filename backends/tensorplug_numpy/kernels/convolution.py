"""Convolution as products of matrices.

The windows of a few images at a time are copied to the rows (or columns) of a matrix, which is multiplied with all
filters at once. There are two layouts, and the one whose copies have longer runs is used: *channels last*, where a row
is a window and runs are ``kernel width * channels`` long, and *channels first*, where a column is a window and runs are
as long as the result is wide. Windows of one element are columns already and are not copied at all.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

from tensorplug_numpy import memory
from tensorplug_numpy.spread import over_batch

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]

_SCRATCH = 1 << 18
"""The most elements of a matrix of windows, unless a single image has more."""


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
    kernel = weight.shape[2:]
    if transposed:
        size = tuple(
            (n - 1) * s - 2 * p + d * (k - 1) + 1 + extra
            for n, k, s, p, d, extra in zip(x.shape[2:], kernel, stride, padding, dilation, output_padding)
        )
        channels = weight.shape[1] * groups
    else:
        size = tuple(
            (n + 2 * p - d * (k - 1) - 1) // s + 1
            for n, k, s, p, d in zip(x.shape[2:], kernel, stride, padding, dilation)
        )
        channels = weight.shape[0]
    out = memory.empty((x.shape[0], channels, *size), x.dtype)
    if out.size == 0:
        return out
    if x.size == 0 or weight.size == 0:
        out[...] = 0 if bias is None else _beside(bias, size)
        return out
    run = _transpose if transposed else _convolve
    for images, filters, offset, result in _by_group(x, weight, bias, out, groups):
        run(images, filters, offset, result, stride, padding, dilation)
    return out


def convolution_weight(
    x: Array, other: Array, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, groups: int
) -> Array:
    out = np.empty((other.shape[1], x.shape[1] // groups, *kernel), x.dtype)
    if x.size == 0 or other.size == 0:
        out[...] = 0
        return out
    for images, places, result in zip(_split(x, 1, groups), _split(other, 1, groups), _split(out, 0, groups)):
        result[...] = _correlate(images, places, kernel, stride, padding, dilation)
    return out


def _split(x: Array, dim: int, groups: int) -> list[Array]:
    return [x] if groups == 1 else np.split(x, groups, dim)


def _by_group(
    x: Array, weight: Array, bias: Array | None, out: Array, groups: int
) -> Iterator[tuple[Array, Array, Array | None, Array]]:
    biases = [None] * groups if bias is None else _split(bias, 0, groups)
    yield from zip(_split(x, 1, groups), _split(weight, 0, groups), biases, _split(out, 1, groups))


def _beside(bias: Array, size: Shape) -> Array:
    return bias.reshape((-1,) + (1,) * len(size))


# ---------------------------------------------------------------------------------------------------- windows


def _pointwise(kernel: Shape, stride: Shape, padding: Shape) -> bool:
    return max(kernel) == max(stride) == 1 and not any(padding)


def _channels_first(channels: int, kernel: Shape, stride: Shape, dilation: Shape, size: Shape) -> bool:
    run_last = channels * (kernel[-1] if dilation[-1] == 1 else 1)
    return size[-1] > run_last * stride[-1]


def _inside(size: Shape, padding: Shape) -> tuple[slice, ...]:
    return tuple(slice(p, p + n) for n, p in zip(size, padding))


def _padded(images: Array, padding: Shape, last: bool) -> Array:
    """A copy with zeros around, C-contiguous, with the channels first or last."""
    count, channels, *size = images.shape
    room = tuple(n + 2 * p for n, p in zip(size, padding))
    make = np.zeros if any(padding) else np.empty
    if last:
        found = make((count, *room, channels), images.dtype)
        found[:, *_inside(size, padding)] = _last(images)
    else:
        found = make((count, channels, *room), images.dtype)
        found[:, :, *_inside(size, padding)] = images
    return found


def _last(images: Array) -> Array:
    """A view with the channels last."""
    return np.moveaxis(images, 1, -1)


def _windows_last(x: Array, kernel: Shape, stride: Shape, dilation: Shape, size: Shape) -> Array:
    """From (image, *spatial, channel), contiguous, to (image, *size, *kernel, channel), a view."""
    first, *spatial, last = x.strides
    strides = (first, *_times(spatial, stride), *_times(spatial, dilation), last)
    return np.ndarray((x.shape[0], *size, *kernel, x.shape[-1]), x.dtype, x, 0, strides)


def _windows_first(x: Array, kernel: Shape, stride: Shape, dilation: Shape, size: Shape) -> Array:
    """From (image, channel, *spatial), contiguous, to (image, channel, *kernel, *size), a view."""
    spatial = x.strides[2:]
    strides = (*x.strides[:2], *_times(spatial, dilation), *_times(spatial, stride))
    return np.ndarray((*x.shape[:2], *kernel, *size), x.dtype, x, 0, strides)


def _times(a: Any, b: Any) -> Iterator[int]:
    return (m * n for m, n in zip(a, b))


def _rows(images: Array, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, size: Shape) -> Array:
    """A row (*kernel, channel) for each window."""
    view = _windows_last(_padded(images, padding, True), kernel, stride, dilation, size)
    return np.ascontiguousarray(view).reshape(len(images) * prod(size), -1)


def _columns(images: Array, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, size: Shape) -> Array:
    """For each image a matrix with a column (channel, *kernel) for each window."""
    if _pointwise(kernel, stride, padding):
        return images.reshape(*images.shape[:2], -1)
    view = _windows_first(_padded(images, padding, False), kernel, stride, dilation, size)
    return np.ascontiguousarray(view).reshape(len(images), -1, prod(size))


# ---------------------------------------------------------------------------------------------------- products


def _convolve(
    x: Array, weight: Array, bias: Array | None, out: Array, stride: Shape, padding: Shape, dilation: Shape
) -> None:
    kernel, size = weight.shape[2:], out.shape[2:]
    channels, length = len(weight), prod(size)
    elements = length * weight[0].size
    beside = None if bias is None else bias[:, None]
    flat = out.reshape(len(out), channels, length) if out.flags.c_contiguous else None
    geometry = (kernel, stride, padding, dilation, size)
    if _pointwise(kernel, stride, padding) or _channels_first(x.shape[1], kernel, stride, dilation, size):
        filters = weight.reshape(channels, -1)

        def part(start: int, stop: int) -> None:
            columns = _columns(x[start:stop], *geometry)
            result = np.matmul(filters, columns, out=None if flat is None else flat[start:stop])
            if bias is not None:
                result += beside
            if flat is None:
                out[start:stop] = result.reshape(out[start:stop].shape)
    else:
        filters = np.ascontiguousarray(np.moveaxis(weight, (0, 1), (-1, -2))).reshape(-1, channels)

        def part(start: int, stop: int) -> None:
            rows = np.matmul(_rows(x[start:stop], *geometry), filters)
            result = np.moveaxis(rows.reshape(stop - start, *size, channels), -1, 1)
            if bias is None:
                out[start:stop] = result
            else:
                np.add(result, _beside(bias, size), out=out[start:stop])

    over_batch(part, len(x), max(1, _SCRATCH // elements), len(x) * elements * channels)


def _transpose(
    x: Array, weight: Array, bias: Array | None, out: Array, stride: Shape, padding: Shape, dilation: Shape
) -> None:
    kernel, size, places = weight.shape[2:], out.shape[2:], x.shape[2:]
    channels, length = weight.shape[1], prod(places)
    inside = _inside(size, padding)
    room = tuple(n + 2 * p for n, p in zip(size, padding))
    filters = np.ascontiguousarray(np.moveaxis(weight, (0, 1), (-2, -1))).reshape(-1, *weight.shape[:2])
    targets = list(_targets(kernel, stride, dilation, places))

    def part(start: int, stop: int) -> None:
        count = stop - start
        rows = np.ascontiguousarray(_last(x[start:stop])).reshape(count * length, -1)
        total = np.zeros((count, *room, channels), x.dtype)
        product = np.empty((count * length, channels), x.dtype)
        for target, matrix in zip(targets, filters):
            np.matmul(rows, matrix, out=product)
            total[:, *target] += product.reshape(count, *places, channels)
        result = np.moveaxis(total[:, *inside], -1, 1)
        if bias is None:
            out[start:stop] = result
        else:
            np.add(result, _beside(bias, size), out=out[start:stop])

    cost = len(x) * length * weight.size
    over_batch(part, len(x), max(1, _SCRATCH // (4 * length * channels)), cost)


def _targets(kernel: Shape, stride: Shape, dilation: Shape, places: Shape) -> Iterator[tuple[slice, ...]]:
    """For each element of the kernel, what it meets in all windows."""
    for at in itertools.product(*map(range, kernel)):
        yield tuple(
            slice(k * d, k * d + (n - 1) * s + 1, s) for k, d, s, n in zip(at, dilation, stride, places)
        )


def _correlate(x: Array, other: Array, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape) -> Array:
    size, channels = other.shape[2:], other.shape[1]
    length = prod(size)
    elements = length * x.shape[1] * prod(kernel)
    geometry = (kernel, stride, padding, dilation, size)
    first = _pointwise(kernel, stride, padding) or _channels_first(x.shape[1], kernel, stride, dilation, size)
    sums: list[Array] = []

    def part(start: int, stop: int) -> None:
        if first:
            images = other[start:stop].reshape(stop - start, channels, length)
            sums.append(np.matmul(images, _columns(x[start:stop], *geometry).swapaxes(1, 2)).sum(0))
        else:
            images = np.ascontiguousarray(_last(other[start:stop])).reshape(-1, channels)
            sums.append(np.matmul(images.T, _rows(x[start:stop], *geometry)))

    over_batch(part, len(x), max(1, _SCRATCH // elements), len(x) * elements * channels)
    total = sums[0] if len(sums) == 1 else np.sum(sums, axis=0)
    if first:
        return total.reshape(channels, x.shape[1], *kernel)
    return np.moveaxis(total.reshape(channels, *kernel, x.shape[1]), -1, 1)


FUNCTIONS = {"convolution": convolution, "convolution_weight": convolution_weight}
