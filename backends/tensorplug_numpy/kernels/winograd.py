"""Convolution with 3 x 3 filters in 16 products per 2 x 2 results instead of 36.

This is F(2 x 2, 3 x 3) of Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016: tiles of 4 x 4
elements that overlap by two are transformed by sums and differences, as are the filters; what is then multiplied, as 16
products of matrices (tile, channel) x (channel, filter), is transformed back. Everything is laid out with the channels
last, and even and odd columns apart, so that all sums run over long stretches of memory.

An infinite or NaN element would spread over its tile, so where a result is not finite, the caller is told.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug_numpy.spread import over_batch, sum_over_batch

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]

_FEWEST_CHANNELS = 16
_TILES = 128
"""The least number of tiles to work on at once; more where a tile has few channels."""
_SCRATCH = 1 << 18
"""The most elements of a transformed array, unless that is fewer tiles than that."""

_FILTER = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
_FILTER_BACK = _FILTER * [[1], [1], [1], [-1]]


def suits(x: Array, channels: int, kernel: Shape, stride: Shape, dilation: Shape) -> bool:
    """Whether this way is open, and likely to be the quicker one."""
    return (
        kernel == (3, 3)
        and max(stride) == max(dilation) == 1
        and min(x.shape[1], channels) >= _FEWEST_CHANNELS
        and x.dtype.kind == "f"
    )


def convolve(x: Array, weight: Array, bias: Array | None, out: Array, padding: Shape) -> bool:
    """Write the convolution of ``x`` with ``weight`` (filter, channel, 3, 3) to ``out``; False where it failed."""
    filters, channels = weight.shape[:2]
    spread = np.kron(_FILTER, _FILTER).astype(x.dtype)
    factors = (spread @ np.ascontiguousarray(weight.reshape(-1, 9).T)).reshape(16, filters, channels).swapaxes(1, 2)
    rows, columns = _counts(out.shape)
    finite: list[bool] = []

    def part(start: int, stop: int) -> None:
        images = _padded(x[start:stop], padding, rows, columns)
        result = np.moveaxis(out[start:stop], 1, -1)
        for top in range(0, rows, strip):
            here = min(strip, rows - top)
            tiles = _transformed(images[:, 2 * top : 2 * (top + here) + 2], here, columns)
            products = np.matmul(tiles.reshape(16, -1, channels), factors)
            if bias is not None:
                products[5] += bias
            _write_back(products, result[:, 2 * top : 2 * (top + here)], here, columns)
        finite.append(bool(np.isfinite(out[start:stop]).all()))

    step, strip = _parts(rows, columns, max(channels, filters))
    over_batch(part, len(x), step, len(x) * rows * columns * 16 * channels * filters)
    return all(finite)


def correlate(x: Array, other: Array, padding: Shape) -> Array | None:
    """The gradient with respect to the filters, (filter, channel, 3, 3), where ``other`` is that of the result.

    Returns:
        None where it failed.
    """
    filters, channels = other.shape[1], x.shape[1]
    rows, columns = _counts(other.shape)

    def part(start: int, stop: int) -> Array:
        images = _padded(x[start:stop], padding, rows, columns)
        total: Any = None
        grads = np.moveaxis(other[start:stop], 1, -1)
        for top in range(0, rows, strip):
            here = min(strip, rows - top)
            tiles = _transformed(images[:, 2 * top : 2 * (top + here) + 2], here, columns)
            spread = _spread_back(grads[:, 2 * top : 2 * (top + here)], here, columns)
            products = np.matmul(spread.reshape(16, -1, filters).swapaxes(1, 2), tiles.reshape(16, -1, channels))
            total = products if total is None else np.add(total, products, out=total)
        return total

    step, strip = _parts(rows, columns, max(channels, filters))
    total = sum_over_batch(part, len(x), step, len(x) * rows * columns * 16 * channels * filters)
    back = np.kron(_FILTER_BACK, _FILTER_BACK).astype(x.dtype)
    found = total.reshape(16, -1).T @ back
    return found.reshape(filters, channels, 3, 3) if np.isfinite(found).all() else None


def _counts(shape: Shape) -> tuple[int, int]:
    """Rows and columns of tiles that make up a result of ``shape``."""
    return (shape[2] + 1) // 2, (shape[3] + 1) // 2


def _parts(rows: int, columns: int, channels: int) -> tuple[int, int]:
    """How many images, and how many rows of tiles, to take at a time."""
    tiles = max(_TILES, _SCRATCH // (16 * channels))
    return max(1, tiles // (rows * columns)), min(rows, max(1, tiles // columns))


def _padded(images: Array, padding: Shape, rows: int, columns: int) -> Array:
    """(image, row, parity of the column, half the column, channel): all that the tiles cover, zeros around."""
    count, channels = images.shape[:2]
    above, left = padding
    found = np.zeros((count, 2 * rows + 2, 2, columns + 1, channels), images.dtype)
    source = np.moveaxis(images, 1, -1)[:, : 2 * rows + 2 - above]
    for parity in range(2):
        first = (parity + left) % 2
        half = source[:, :, first : 2 * columns + 2 - left : 2]
        at = (first + left) // 2
        found[:, above : above + source.shape[1], parity, at : at + half.shape[2]] = half
    return found


def _transformed(images: Array, rows: int, columns: int) -> Array:
    """The transformed tiles, (4, 4, image, row, column, channel)."""
    count, channels = len(images), images.shape[-1]
    halves = np.empty((4, count, rows, 2, columns + 1, channels), images.dtype)
    _differences([images[:, i : i + 2 * rows : 2] for i in range(4)], halves)
    found = np.empty((4, 4, count, rows, columns, channels), images.dtype)
    even, odd = halves[:, :, :, 0], halves[:, :, :, 1]
    lines = [even[..., :columns, :], odd[..., :columns, :], even[..., 1:, :], odd[..., 1:, :]]
    _differences(lines, found.swapaxes(0, 1))
    return found


def _differences(lines: list[Array], out: Array) -> None:
    first, second, third, fourth = lines
    np.subtract(first, third, out=out[0])
    np.add(second, third, out=out[1])
    np.subtract(third, second, out=out[2])
    np.subtract(second, fourth, out=out[3])


def _write_back(products: Array, out: Array, rows: int, columns: int) -> None:
    """From 16 products per tile to 2 x 2 results, in ``out`` (image, row, column, channel), which may end early."""
    lines = products.reshape(4, 4, *products.shape[1:])
    halves = np.empty((2, *lines.shape[1:]), lines.dtype)
    _sums(lines, halves)
    results = np.empty((2, 2, *lines.shape[2:]), lines.dtype)
    _sums(halves.swapaxes(0, 1), results)
    results = results.reshape(2, 2, len(out), rows, columns, -1)
    for j, i in np.ndindex(2, 2):
        target = out[:, i::2, j::2]
        target[...] = results[j, i, :, : target.shape[1], : target.shape[2]]


def _sums(lines: Array, out: Array) -> None:
    np.add(lines[1], lines[2], out=out[0])
    out[0] += lines[0]
    np.subtract(lines[1], lines[2], out=out[1])
    out[1] -= lines[3]


def _spread_back(grads: Array, rows: int, columns: int) -> Array:
    """The transpose of ``_write_back``, but for the sign of all that is last of four, which the filters make up for."""
    count, filters = len(grads), grads.shape[-1]
    even = grads.shape[1] == 2 * rows and grads.shape[2] == 2 * columns
    halves = (np.empty if even else np.zeros)((4, 2, count, rows, columns, filters), grads.dtype)
    for i, j in np.ndindex(2, 2):
        source = grads[:, i::2, j::2]
        halves[3 * i, j, :, : source.shape[1], : source.shape[2]] = source
    np.add(halves[0], halves[3], out=halves[1])
    np.subtract(halves[0], halves[3], out=halves[2])
    found = np.empty((4, 4, count, rows, columns, filters), grads.dtype)
    found[:, 0], found[:, 3] = halves[:, 0], halves[:, 1]
    np.add(halves[:, 0], halves[:, 1], out=found[:, 1])
    np.subtract(halves[:, 0], halves[:, 1], out=found[:, 2])
    return found
