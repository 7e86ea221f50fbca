"""Normalization, in blocks of rows or channels that are read and written once."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug_numpy import memory, parallel, reduce
from tensorplug_numpy.kernels.activation import LARGE
from tensorplug_numpy.kernels.sums import Partials, column_products, column_sums
from tensorplug_numpy.kernels.sums import ones as ones_of

Array = np.ndarray[Any, Any]
Wanted = tuple[bool, ...]

_FEW = 32
"""Elements next to each other from which it pays to work channel by channel."""


def _rows(x: Array, dims: int) -> Array:
    """``x`` as rows of what its last ``dims`` dims hold."""
    split = x.ndim - dims
    return np.asarray(x, order="C").reshape(math.prod(x.shape[:split]), math.prod(x.shape[split:]))


def _by_rows(kernel: Callable[..., object], *arrays: Array, scratch: int = 0) -> None:
    """``kernel(*arrays, *scratch)`` for groups of rows of the arrays, of which the first decides how many."""
    first = arrays[0]
    if first.size < LARGE:
        kernel(*arrays, *[np.empty(first.shape, first.dtype) for _ in range(scratch)])
    else:
        parallel.rows(kernel, *arrays, scratch=[first.dtype] * scratch)


def _reciprocal_root(squares: Array, count: int, eps: float) -> None:
    """``1 / sqrt(squares / count + eps)`` in place."""
    np.divide(squares, count, out=squares)
    np.add(squares, eps, out=squares)
    np.sqrt(squares, out=squares)
    np.reciprocal(squares, out=squares)


# ---------------------------------------------------------------------------------------------------- layer norm


def layer_norm(x: Array, weight: Array | None, bias: Array | None, dims: int, eps: float) -> tuple[Array, Array, Array]:
    flat = _rows(x, dims)
    count, n = flat.shape
    small = x.shape[: x.ndim - dims] + (1,) * dims
    out = memory.empty(x.shape, x.dtype)
    mean, rstd = np.empty(count, x.dtype), np.empty(count, x.dtype)
    ones = ones_of(n, x.dtype)
    scale = None if weight is None else weight.reshape(-1)
    shift = None if bias is None else bias.reshape(-1)

    def kernel(x: Array, out: Array, mean: Array, rstd: Array) -> None:
        np.vecdot(x, ones, out=mean)
        np.divide(mean, n, out=mean)
        np.subtract(x, mean[:, None], out=out)
        np.vecdot(out, out, out=rstd)
        _reciprocal_root(rstd, n, eps)
        np.multiply(out, rstd[:, None], out=out)
        if scale is not None:
            np.multiply(out, scale, out=out)
        if shift is not None:
            np.add(out, shift, out=out)

    _by_rows(kernel, flat, out.reshape(count, n), mean, rstd)
    return out, mean.reshape(small), rstd.reshape(small)


def layer_norm_backward(
    g: Array, x: Array, weight: Array | None, mean: Array, rstd: Array, dims: int, eps: float, wanted: Wanted
) -> tuple[Array | None, ...]:
    flat = _rows(x, dims)
    count, n = flat.shape
    out = memory.empty(x.shape, x.dtype) if wanted[0] else None
    ones = ones_of(n, x.dtype)
    scale = None if weight is None else weight.reshape(-1)
    weights, biases = Partials(), Partials()

    def kernel(g: Array, x: Array, mean: Array, rstd: Array, index: Array, out: Array, t: Array) -> None:
        np.subtract(x, mean[:, None], out=t)
        np.multiply(t, rstd[:, None], out=t)
        if wanted[1]:
            weights.put(index, column_products(g, t))
        if wanted[2]:
            biases.put(index, column_sums(g))
        if wanted[0]:
            g = g if scale is None else np.multiply(g, scale, out=out)
            _remove_mean(g, t, out, rstd, ones)

    # Without a result to write, g's own rows stand in for it; the kernel does not touch them.
    rows = _rows(g, dims)
    target = rows if out is None else out.reshape(count, n)
    index = np.arange(count)
    _by_rows(kernel, rows, flat, mean.reshape(-1), rstd.reshape(-1), index, target, scratch=1)
    sizes = x.shape[x.ndim - dims :]
    return (
        out,
        weights.total(sizes, x.dtype) if wanted[1] else None,
        biases.total(sizes, x.dtype) if wanted[2] else None,
    )


def _remove_mean(g: Array, t: Array, out: Array, rstd: Array, ones: Array) -> None:
    """``(g - mean(g) - t * mean(g * t)) * rstd`` for rows; ``t`` is overwritten, and ``g`` may be ``out``."""
    n = ones.size
    shift = np.vecdot(g, ones) / n
    slope = np.vecdot(g, t) / n
    np.multiply(t, slope[:, None], out=t)
    np.subtract(g, t, out=out)
    np.subtract(out, shift[:, None], out=out)
    np.multiply(out, rstd[:, None], out=out)


# ---------------------------------------------------------------------------------------------------- RMS norm


def rms_norm(x: Array, weight: Array | None, dims: int, eps: float) -> tuple[Array, Array]:
    flat = _rows(x, dims)
    count, n = flat.shape
    out = memory.empty(x.shape, x.dtype)
    rrms = np.empty(count, x.dtype)
    scale = None if weight is None else weight.reshape(-1)

    def kernel(x: Array, out: Array, rrms: Array) -> None:
        np.vecdot(x, x, out=rrms)
        _reciprocal_root(rrms, n, eps)
        np.multiply(x, rrms[:, None], out=out)
        if scale is not None:
            np.multiply(out, scale, out=out)

    _by_rows(kernel, flat, out.reshape(count, n), rrms)
    return out, rrms.reshape(x.shape[: x.ndim - dims] + (1,) * dims)


def rms_norm_backward(
    g: Array, x: Array, weight: Array | None, rrms: Array, dims: int, eps: float, wanted: Wanted
) -> tuple[Array | None, ...]:
    flat = _rows(x, dims)
    count, n = flat.shape
    out = memory.empty(x.shape, x.dtype) if wanted[0] else None
    scale = None if weight is None else weight.reshape(-1)
    weights = Partials()

    def kernel(g: Array, x: Array, rrms: Array, index: Array, out: Array, t: Array) -> None:
        np.multiply(x, rrms[:, None], out=t)
        if wanted[1]:
            weights.put(index, column_products(g, t))
        if wanted[0]:
            g = g if scale is None else np.multiply(g, scale, out=out)
            slope = np.vecdot(g, t) / n
            np.multiply(t, slope[:, None], out=t)
            np.subtract(g, t, out=out)
            np.multiply(out, rrms[:, None], out=out)

    rows = _rows(g, dims)
    target = rows if out is None else out.reshape(count, n)
    _by_rows(kernel, rows, flat, rrms.reshape(-1), np.arange(count), target, scratch=1)
    return out, weights.total(x.shape[x.ndim - dims :], x.dtype) if wanted[1] else None


# ---------------------------------------------------------------------------------------------------- group norm


def _groups(x: Array, groups: int) -> Array:
    """``x`` of shape (N, C, ...) as (N * groups, channels of a group, elements of a channel)."""
    n, c = x.shape[:2]
    return np.asarray(x, order="C").reshape(n * groups, c // groups, math.prod(x.shape[2:]))


def _repeated(v: Array | None, samples: int, groups: int, fill: float, channels: int, dtype: Any) -> Array:
    """A vector of channels for each row of ``_groups``."""
    if v is None:
        return np.full((samples * groups, channels), fill, dtype)
    return np.tile(v.reshape(groups, channels), (samples, 1))


def group_norm(
    x: Array, weight: Array | None, bias: Array | None, groups: int, eps: float
) -> tuple[Array, Array, Array]:
    samples = x.shape[0]
    cut = _groups(x, groups)
    count, channels, inner = cut.shape
    size = channels * inner
    out = memory.empty(x.shape, x.dtype)
    mean, rstd = np.empty(count, x.dtype), np.empty(count, x.dtype)
    ones = ones_of(inner, x.dtype)
    scale = _repeated(weight, samples, groups, 1, channels, x.dtype)
    shift = scale if bias is None else _repeated(bias, samples, groups, 0, channels, x.dtype)

    def kernel(x: Array, out: Array, mean: Array, rstd: Array, scale: Array, shift: Array) -> None:
        np.divide(np.vecdot(x, ones).sum(1), size, out=mean)
        np.subtract(x, mean[:, None, None], out=out)
        rstd[...] = np.vecdot(out, out).sum(1)
        _reciprocal_root(rstd, size, eps)
        np.multiply(out, (scale * rstd[:, None])[:, :, None], out=out)
        if bias is not None:
            np.add(out, shift[:, :, None], out=out)

    _by_rows(kernel, cut, out.reshape(cut.shape), mean, rstd, scale, shift)
    return out, mean.reshape(samples, groups), rstd.reshape(samples, groups)


def group_norm_backward(
    g: Array, x: Array, weight: Array | None, mean: Array, rstd: Array, groups: int, eps: float, wanted: Wanted
) -> tuple[Array | None, ...]:
    samples = x.shape[0]
    cut = _groups(x, groups)
    count, channels, inner = cut.shape
    size = channels * inner
    out = memory.empty(x.shape, x.dtype) if wanted[0] else None
    ones = ones_of(inner, x.dtype)
    scale = _repeated(weight, samples, groups, 1, channels, x.dtype)
    products, sums = np.empty((count, channels), x.dtype), np.empty((count, channels), x.dtype)

    def kernel(
        g: Array, x: Array, mean: Array, rstd: Array, scale: Array, products: Array, sums: Array, out: Array, t: Array
    ) -> None:
        np.subtract(x, mean[:, None, None], out=t)
        np.multiply(t, rstd[:, None, None], out=t)
        np.vecdot(g, t, out=products)
        np.vecdot(g, ones, out=sums)
        if wanted[0]:
            slope = np.vecdot(products, scale) * rstd / size
            shift = np.vecdot(sums, scale) * rstd / size
            np.multiply(t, slope[:, None, None], out=t)
            np.multiply(g, (scale * rstd[:, None])[:, :, None], out=out)
            np.subtract(out, t, out=out)
            np.subtract(out, shift[:, None, None], out=out)

    upstream = _groups(g, groups)
    target = upstream if out is None else out.reshape(cut.shape)
    statistics = (mean.reshape(-1), rstd.reshape(-1), scale, products, sums)
    _by_rows(kernel, upstream, cut, *statistics, target, scratch=1)
    return (
        out,
        products.reshape(samples, -1).sum(0) if wanted[1] else None,
        sums.reshape(samples, -1).sum(0) if wanted[2] else None,
    )


# ---------------------------------------------------------------------------------------------------- batch norm


def _channels(x: Array) -> Array:
    """``x`` of shape (N, C, ...) as (C, N, elements)."""
    n, c = x.shape[:2]
    return np.asarray(x, order="C").reshape(n, c, -1 if x.size else 0).transpose(1, 0, 2)


def batch_norm(x: Array, weight: Array | None, bias: Array | None, eps: float) -> tuple[Array, Array, Array]:
    cut = _channels(x)
    channels, samples, inner = cut.shape
    out = memory.empty(x.shape, x.dtype)
    mean, var = np.empty(channels, x.dtype), np.empty(channels, x.dtype)
    if inner < _FEW:
        _batch_norm_columns(x, out, mean, var, weight, bias, eps)
        return out, mean, var
    count = samples * inner
    ones = ones_of(inner, x.dtype)
    scale = np.ones(channels, x.dtype) if weight is None else weight

    def kernel(x: Array, out: Array, mean: Array, var: Array, scale: Array, shift: Array) -> None:
        np.divide(np.vecdot(x, ones).sum(1), count, out=mean)
        np.subtract(x, mean[:, None, None], out=out)
        np.divide(np.vecdot(out, out).sum(1), count, out=var)
        np.multiply(out, (scale / np.sqrt(var + eps))[:, None, None], out=out)
        if bias is not None:
            np.add(out, shift[:, None, None], out=out)

    _by_rows(kernel, cut, _channels(out), mean, var, scale, scale if bias is None else bias)
    return out, mean, var


def _batch_norm_columns(
    x: Array, out: Array, mean: Array, var: Array, weight: Array | None, bias: Array | None, eps: float
) -> None:
    """The same where channels have few elements per sample: whole rows, and sums over columns."""
    channels = x.shape[1]
    x, result = _columns(x), _columns(out)
    count = max(x.size // channels, 1) if channels else 1
    np.divide(_channel_sums(column_sums(x), channels), count, out=mean)
    inner = x.shape[1] // max(channels, 1)
    np.subtract(x, _spread(mean, inner), out=result)
    np.divide(_channel_sums(column_products(result, result), channels), count, out=var)
    scale = 1 / np.sqrt(var + eps)
    np.multiply(result, _spread(scale if weight is None else scale * weight, inner), out=result)
    if bias is not None:
        np.add(result, _spread(bias, inner), out=result)


def _columns(x: Array) -> Array:
    return np.asarray(x, order="C").reshape(x.shape[0], math.prod(x.shape[1:]))


def _channel_sums(columns: Array, channels: int) -> Array:
    return columns.reshape(channels, columns.size // max(channels, 1)).sum(1)


def _spread(v: Array, inner: int) -> Array:
    return v if inner == 1 else np.repeat(v, inner)


def batch_norm_backward(
    g: Array, x: Array, weight: Array | None, mean: Array, var: Array, eps: float, wanted: Wanted
) -> tuple[Array | None, ...]:
    out = memory.empty(x.shape, x.dtype)
    rstd = (1 / np.sqrt(var + eps)).astype(x.dtype)
    grad_weight, grad_bias = np.empty_like(mean), np.empty_like(mean)
    cut = _channels(x)
    samples, inner = cut.shape[1:]
    if inner < _FEW:
        _batch_norm_columns_backward(g, x, out, mean, rstd, weight, grad_weight, grad_bias)
    else:
        count = samples * inner
        ones = ones_of(inner, x.dtype)
        scale = rstd if weight is None else weight * rstd

        def kernel(
            g: Array,
            x: Array,
            mean: Array,
            rstd: Array,
            scale: Array,
            products: Array,
            sums: Array,
            out: Array,
            t: Array,
        ) -> None:
            np.subtract(x, mean[:, None, None], out=t)
            np.multiply(np.vecdot(g, t).sum(1), rstd, out=products)
            reduce.add(np.vecdot(g, ones), 1, out=sums)
            np.multiply(t, (products * rstd / count)[:, None, None], out=t)
            np.subtract(g, t, out=out)
            np.subtract(out, (sums / count)[:, None, None], out=out)
            np.multiply(out, scale[:, None, None], out=out)

        statistics = (mean, rstd, scale, grad_weight, grad_bias)
        _by_rows(kernel, _channels(g), cut, *statistics, _channels(out), scratch=1)
    return (
        out if wanted[0] else None,
        grad_weight if wanted[1] else None,
        grad_bias if wanted[2] else None,
    )


def _batch_norm_columns_backward(
    g: Array, x: Array, out: Array, mean: Array, rstd: Array, weight: Array | None, grad_weight: Array, grad_bias: Array
) -> None:
    channels = x.shape[1]
    g, x, result = _columns(g), _columns(x), _columns(out)
    count = max(x.size // channels, 1) if channels else 1
    inner = x.shape[1] // max(channels, 1)
    centred = x - _spread(mean, inner)
    grad_weight[...] = _channel_sums(column_products(g, centred), channels) * rstd
    grad_bias[...] = _channel_sums(column_sums(g), channels)
    np.multiply(centred, _spread(grad_weight * rstd / count, inner), out=centred)
    np.subtract(g, centred, out=result)
    np.subtract(result, _spread(grad_bias / count, inner), out=result)
    np.multiply(result, _spread(rstd if weight is None else weight * rstd, inner), out=result)


FUNCTIONS = {
    "native_layer_norm": layer_norm, "layer_norm_backward": layer_norm_backward, "native_rms_norm": rms_norm,
    "rms_norm_backward": rms_norm_backward, "native_group_norm": group_norm,
    "group_norm_backward": group_norm_backward, "native_batch_norm": batch_norm,
    "batch_norm_backward": batch_norm_backward,
}  # fmt: skip
