"""Normalization for NumPy-like libraries. Each gradient kernel gives None where ``wanted`` says that one is not."""

from __future__ import annotations

import math
from typing import Any

Array = Any
Wanted = tuple[bool, ...]


def _affine(x: Array, weight: Array | None, bias: Array | None) -> Array:
    if weight is not None:
        x = x * weight
    return x if bias is None else x + bias


def _standardize(xp: Any, x: Array, axes: Any, eps: float) -> tuple[Array, Array, Array, Array]:
    """Standardized values, mean, biased variance and reciprocal standard deviation."""
    mean = xp.mean(x, axis=axes, keepdims=True)
    centred = x - mean
    var = xp.mean(centred * centred, axis=axes, keepdims=True)
    rstd = 1 / xp.sqrt(var + eps)
    return centred * rstd, mean, var, rstd


def _unstandardize(xp: Any, g: Array, x: Array, rstd: Array, axes: Any) -> Array:
    """The gradient of the first result of ``_standardize``, which is ``x``."""
    mean = xp.mean(g, axis=axes, keepdims=True)
    return (g - mean - x * xp.mean(g * x, axis=axes, keepdims=True)) * rstd


def _last(dims: int) -> tuple[int, ...]:
    return tuple(range(-dims, 0))


def _leading(x: Array, dims: int) -> tuple[int, ...]:
    return tuple(range(x.ndim - dims))


# ---------------------------------------------------------------------------------------------------- last dims


def layer_norm(xp: Any, x: Array, weight: Array | None, bias: Array | None, dims: int, eps: float) -> tuple[Array, ...]:
    standard, mean, _, rstd = _standardize(xp, x, _last(dims), eps)
    return _affine(standard, weight, bias), mean, rstd


def layer_norm_backward(
    xp: Any, g: Array, x: Array, weight: Array | None, mean: Array, rstd: Array, dims: int, eps: float, wanted: Wanted
) -> tuple[Array | None, ...]:
    standard = (x - mean) * rstd
    axes = _leading(x, dims)
    return (
        _unstandardize(xp, _affine(g, weight, None), standard, rstd, _last(dims)) if wanted[0] else None,
        xp.sum(g * standard, axis=axes) if wanted[1] else None,
        xp.sum(g, axis=axes) if wanted[2] else None,
    )


def rms_norm(xp: Any, x: Array, weight: Array | None, dims: int, eps: float) -> tuple[Array, Array]:
    rrms = 1 / xp.sqrt(xp.mean(x * x, axis=_last(dims), keepdims=True) + eps)
    return _affine(x * rrms, weight, None), rrms


def rms_norm_backward(
    xp: Any, g: Array, x: Array, weight: Array | None, rrms: Array, dims: int, eps: float, wanted: Wanted
) -> tuple[Array | None, ...]:
    standard = x * rrms
    scaled = _affine(g, weight, None)
    return (
        (scaled - standard * xp.mean(scaled * standard, axis=_last(dims), keepdims=True)) * rrms if wanted[0] else None,
        xp.sum(g * standard, axis=_leading(x, dims)) if wanted[1] else None,
    )


# ---------------------------------------------------------------------------------------------------- channels


def _channelwise(v: Array | None, rank: int) -> Array | None:
    """A vector of channels in a shape that broadcasts over (N, C, ...)."""
    return None if v is None else v.reshape((-1,) + (1,) * (rank - 2))


def _but_channels(x: Array) -> tuple[int, ...]:
    return (0, *range(2, x.ndim))


def group_norm(
    xp: Any, x: Array, weight: Array | None, bias: Array | None, groups: int, eps: float
) -> tuple[Array, Array, Array]:
    standard, mean, _, rstd = _standardize(xp, _grouped(x, groups), 2, eps)
    result = _affine(standard.reshape(x.shape), _channelwise(weight, x.ndim), _channelwise(bias, x.ndim))
    return result, mean[:, :, 0], rstd[:, :, 0]


def _grouped(x: Array, groups: int) -> Array:
    return x.reshape(x.shape[0], groups, math.prod(x.shape[1:]) // max(groups, 1))


def group_norm_backward(
    xp: Any, g: Array, x: Array, weight: Array | None, mean: Array, rstd: Array, groups: int, eps: float, wanted: Wanted
) -> tuple[Array | None, ...]:
    standard = (_grouped(x, groups) - mean[:, :, None]) * rstd[:, :, None]
    scaled = _grouped(_affine(g, _channelwise(weight, x.ndim), None), groups)
    return (
        _unstandardize(xp, scaled, standard, rstd[:, :, None], 2).reshape(x.shape) if wanted[0] else None,
        xp.sum(g * standard.reshape(x.shape), axis=_but_channels(x)) if wanted[1] else None,
        xp.sum(g, axis=_but_channels(x)) if wanted[2] else None,
    )


def batch_norm(xp: Any, x: Array, weight: Array | None, bias: Array | None, eps: float) -> tuple[Array, Array, Array]:
    standard, mean, var, _ = _standardize(xp, x, _but_channels(x), eps)
    result = _affine(standard, _channelwise(weight, x.ndim), _channelwise(bias, x.ndim))
    return result, mean.reshape(-1), var.reshape(-1)


def batch_norm_backward(
    xp: Any, g: Array, x: Array, weight: Array | None, mean: Array, var: Array, eps: float, wanted: Wanted
) -> tuple[Array | None, ...]:
    rank, axes = x.ndim, _but_channels(x)
    rstd = _channelwise(1 / xp.sqrt(var + eps), rank)
    standard = (x - _channelwise(mean, rank)) * rstd
    scaled = _affine(g, _channelwise(weight, rank), None)
    return (
        _unstandardize(xp, scaled, standard, rstd, axes) if wanted[0] else None,
        xp.sum(g * standard, axis=axes) if wanted[1] else None,
        xp.sum(g, axis=axes) if wanted[2] else None,
    )


FUNCTIONS: dict[str, Any] = {
    "native_layer_norm": layer_norm, "layer_norm_backward": layer_norm_backward, "native_rms_norm": rms_norm,
    "rms_norm_backward": rms_norm_backward, "native_group_norm": group_norm,
    "group_norm_backward": group_norm_backward, "native_batch_norm": batch_norm,
    "batch_norm_backward": batch_norm_backward,
}  # fmt: skip
