"""Convolution as products of matrices.

The windows of a few images at a time are copied to the rows (or columns) of a matrix, which is multiplied with all
filters at once. There are two layouts, and the one whose copies have longer runs is used: *channels last*, where a row
is a window and runs are ``kernel width * channels`` long, and *channels first*, where a column is a window and runs are
as long as the result is wide. Windows of one element are columns already and are not copied at all. Groups of single
channels need no matrices (``depthwise``), and 3 x 3 filters have a way with fewer products (``winograd``).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any, NamedTuple

import numpy as np

from tensorplug_numpy import memory
from tensorplug_numpy.kernels import depthwise, winograd
from tensorplug_numpy.kernels.slices import all_cuts
from tensorplug_numpy.spread import over_batch, sum_over_batch

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]

_SCRATCH = 1 << 18
"""The most elements of a matrix of windows, unless a single image has more."""


class Windows(NamedTuple):
    """Where windows lie; ``size`` is how many there are in each dim."""

    kernel: Shape
    stride: Shape
    padding: Shape
    dilation: Shape
    size: Shape

    @property
    def pointwise(self) -> bool:
        """Whether each element is a window."""
        return max(self.kernel) == max(self.stride) == 1 and not any(self.padding)

    def reach(self) -> Shape:
        """The least input size with all these windows."""
        return tuple((n - 1) * s + d * (k - 1) + 1 - 2 * p for k, s, p, d, n in zip(*self))


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
        windows = Windows(kernel, stride, padding, dilation, x.shape[2:])
        size = tuple(n + extra for n, extra in zip(windows.reach(), output_padding))
        inputs, outputs = len(weight), weight.shape[1] * groups
    else:
        size = tuple(
            (n + 2 * p - d * (k - 1) - 1) // s + 1
            for n, k, s, p, d in zip(x.shape[2:], kernel, stride, padding, dilation)
        )
        windows = Windows(kernel, stride, padding, dilation, size)
        inputs, outputs = weight.shape[1] * groups, len(weight)
    out = memory.empty((len(x), outputs, *size), x.dtype)
    if 0 in (x.size, weight.size, out.size):
        out[...] = 0 if bias is None else _beside(bias, size)
    elif depthwise.suits(groups, inputs, outputs):
        _by_channel(x, weight, bias, out, windows, transposed, groups)
    else:
        run = _transpose if transposed else _convolve
        biases = [None] * groups if bias is None else _split(bias, 0, groups)
        for parts in zip(_split(x, 1, groups), _split(weight, 0, groups), biases, _split(out, 1, groups)):
            run(*parts, windows)
    return out


def convolution_weight(
    x: Array, other: Array, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, groups: int
) -> Array:
    windows = Windows(kernel, stride, padding, dilation, other.shape[2:])
    shape = (other.shape[1], x.shape[1] // groups, *kernel)
    if 0 in (x.size, other.size):
        return np.zeros(shape, x.dtype)
    if depthwise.suits(groups, x.shape[1], other.shape[1]):
        return depthwise.correlate(x, other, groups, kernel, all_cuts(x.shape[2:], *windows)).reshape(shape)
    if groups == 1:
        return np.ascontiguousarray(_correlate(x, other, windows))
    return np.concatenate(
        [_correlate(*parts, windows) for parts in zip(_split(x, 1, groups), _split(other, 1, groups))]
    )


def _split(x: Array, dim: int, groups: int) -> list[Array]:
    return [x] if groups == 1 else np.split(x, groups, dim)


def _beside(bias: Array, size: Shape) -> Array:
    return bias.reshape((-1,) + (1,) * len(size))


def _by_channel(
    x: Array, weight: Array, bias: Array | None, out: Array, windows: Windows, transposed: bool, groups: int
) -> None:
    if transposed:
        factors = weight.reshape(groups, -1, *weight.shape[1:])
    else:
        factors = weight.reshape(groups, -1, *weight.shape[1:]).swapaxes(1, 2)
    spatial = out.shape[2:] if transposed else x.shape[2:]
    depthwise.convolve(x, factors, bias, out, all_cuts(spatial, *windows), transposed)


# ---------------------------------------------------------------------------------------------------- windows


def _channels_first(channels: int, windows: Windows) -> bool:
    """Whether columns are the layout with longer runs."""
    run = channels * (windows.kernel[-1] if windows.dilation[-1] == 1 else 1)
    return windows.pointwise or (windows.stride[-1] == 1 and windows.size[-1] > run)


def _inside(size: Shape, padding: Shape) -> tuple[slice, ...]:
    return tuple(slice(p, p + n) for n, p in zip(size, padding))


def _last(images: Array) -> Array:
    """A view with the channels last."""
    return np.moveaxis(images, 1, -1)


def _times(a: Any, b: Any) -> Iterator[int]:
    return (m * n for m, n in zip(a, b))


def _rows(images: Array, windows: Windows) -> Array:
    """A row (*kernel, channel) for each window."""
    kernel, stride, padding, dilation, size = windows
    count, channels, *spatial = images.shape
    room = tuple(n + 2 * p for n, p in zip(spatial, padding))
    padded = (np.zeros if any(padding) else np.empty)((count, *room, channels), images.dtype)
    padded[:, *_inside(spatial, padding)] = _last(images)
    first, *steps, last = padded.strides
    strides = (first, *_times(steps, stride), *_times(steps, dilation), last)
    view = np.ndarray((count, *size, *kernel, channels), images.dtype, padded, 0, strides)
    return np.ascontiguousarray(view).reshape(count * prod(size), -1)


def _columns(images: Array, windows: Windows) -> Array:
    """For each image a matrix with a column (channel, *kernel) for each window."""
    if windows.pointwise:
        return images.reshape(*images.shape[:2], -1)
    kernel, stride, padding, dilation, size = windows
    count, channels, *spatial = images.shape
    room = tuple(n + 2 * p for n, p in zip(spatial, padding))
    padded = (np.zeros if any(padding) else np.empty)((count, channels, *room), images.dtype)
    padded[:, :, *_inside(spatial, padding)] = images
    first, second, *steps = padded.strides
    strides = (first, second, *_times(steps, dilation), *_times(steps, stride))
    view = np.ndarray((count, channels, *kernel, *size), images.dtype, padded, 0, strides)
    return np.ascontiguousarray(view).reshape(count, -1, prod(size))


# ---------------------------------------------------------------------------------------------------- products


def _convolve(x: Array, weight: Array, bias: Array | None, out: Array, windows: Windows) -> None:
    channels = len(weight)
    quick = winograd.suits(x, channels, *windows[:2], windows.dilation)
    if quick and winograd.convolve(x, weight, bias, out, windows.padding):
        return
    elements = prod(windows.size) * weight[0].size
    part = _by_columns if _channels_first(x.shape[1], windows) else _by_rows
    over_batch(part(x, weight, bias, out, windows), len(x), max(1, _SCRATCH // elements), len(x) * elements * channels)


def _by_columns(x: Array, weight: Array, bias: Array | None, out: Array, windows: Windows) -> Any:
    channels = len(weight)
    filters = weight.reshape(channels, -1)
    flat = out.reshape(len(out), channels, -1) if out.flags.c_contiguous else None

    def part(start: int, stop: int) -> None:
        into = None if flat is None else flat[start:stop]
        result = np.matmul(filters, _columns(x[start:stop], windows), out=into)
        if bias is not None:
            result += bias[:, None]
        if into is None:
            out[start:stop] = result.reshape(stop - start, channels, *windows.size)

    return part


def _by_rows(x: Array, weight: Array, bias: Array | None, out: Array, windows: Windows) -> Any:
    channels = len(weight)
    filters = np.ascontiguousarray(_last(weight)).reshape(channels, -1).T

    def part(start: int, stop: int) -> None:
        products = np.matmul(_rows(x[start:stop], windows), filters)
        _store(np.moveaxis(products.reshape(stop - start, *windows.size, channels), -1, 1), bias, out[start:stop])

    return part


def _store(result: Array, bias: Array | None, out: Array) -> None:
    if bias is None:
        out[...] = result
    else:
        np.add(result, _beside(bias, out.shape[2:]), out=out)


def _transpose(x: Array, weight: Array, bias: Array | None, out: Array, windows: Windows) -> None:
    size, channels, length = out.shape[2:], weight.shape[1], prod(windows.size)
    whole = windows.reach() == size
    if windows.pointwise and whole:
        return _convolve(x, weight.swapaxes(0, 1), bias, out, windows)
    if whole and max(windows.padding) <= 2 and winograd.suits(x, channels, *windows[:2], windows.dilation):
        turned = weight.swapaxes(0, 1)[:, :, ::-1, ::-1]
        if winograd.convolve(x, turned, bias, out, tuple(2 - p for p in windows.padding)):
            return None
    inside = _inside(size, windows.padding)
    room = tuple(n + 2 * p for n, p in zip(size, windows.padding))
    filters = np.ascontiguousarray(np.moveaxis(weight, (0, 1), (-2, -1))).reshape(-1, *weight.shape[:2])
    cuts = all_cuts(room, *windows._replace(padding=(0,) * len(size)))

    def part(start: int, stop: int) -> None:
        count = stop - start
        rows = np.ascontiguousarray(_last(x[start:stop])).reshape(count * length, -1)
        total = np.zeros((count, *room, channels), x.dtype)
        product = np.empty((count * length, channels), x.dtype)
        for cut, matrix in zip(cuts, filters):
            if cut is not None:
                np.matmul(rows, matrix, out=product)
                total[:, *cut[1]] += product.reshape(count, *windows.size, channels)
        _store(np.moveaxis(total[:, *inside], -1, 1), bias, out[start:stop])

    step = max(1, _SCRATCH // (4 * length * channels))
    over_batch(part, len(x), step, len(x) * length * weight.size)
    return None


def _correlate(x: Array, other: Array, windows: Windows) -> Array:
    """The gradient with respect to the filters, (filter, channel, *kernel)."""
    filters, channels, length = other.shape[1], x.shape[1], prod(windows.size)
    if winograd.suits(x, filters, *windows[:2], windows.dilation):
        found = winograd.correlate(x, other, windows.padding)
        if found is not None:
            return found
    elements = length * channels * prod(windows.kernel)
    first = _channels_first(channels, windows)

    def part(start: int, stop: int) -> Array:
        if first:
            images = other[start:stop].reshape(stop - start, filters, length)
            found: Array = np.matmul(images, _columns(x[start:stop], windows).swapaxes(1, 2)).sum(0)
            return found
        rows = np.ascontiguousarray(_last(other[start:stop])).reshape(-1, filters)
        return np.matmul(rows.T, _rows(x[start:stop], windows))

    total = sum_over_batch(part, len(x), max(1, _SCRATCH // elements), len(x) * elements * filters)
    if first:
        return total.reshape(filters, channels, *windows.kernel)
    return np.moveaxis(total.reshape(filters, *windows.kernel, channels), -1, 1)


FUNCTIONS = {"convolution": convolution, "convolution_weight": convolution_weight}
