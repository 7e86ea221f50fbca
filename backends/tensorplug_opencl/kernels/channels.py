"""Normalization of channels over a batch, and of groups of channels, forward and backward."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from tensorplug.dtypes import DType
from tensorplug_opencl.array import Array, reshaped
from tensorplug_opencl.codes import CODES
from tensorplug_opencl.elementwise import LETTERS, Map, Mapped
from tensorplug_opencl.kernels.movement import packed_copy
from tensorplug_opencl.kernels.normalization import layer_norm, layer_norm_backward
from tensorplug_opencl.reduction import Fold, fold

Wanted = tuple[bool, ...]


def _channelwise(v: Array, rank: int) -> Array:
    """A vector of channels, to broadcast over (batch, channel, ...)."""
    return v.seen_as((1, v.shape[0], *[1] * (rank - 2)), (0, v.strides[0], *[0] * (rank - 2)))


def _but_channels(x: Array) -> tuple[int, ...]:
    return (0, *range(2, x.ndim))


def _sum(dtype: DType, element: str, operands: int, final: str = "x") -> Fold:
    return Fold(dtype, dtype, "T", "0", element, "x + y", final, operands=operands)


@cache
def _map(dtype: DType, text: str, operands: int, names: tuple[str, ...] = ()) -> Mapped:
    inputs = (*[dtype] * operands, *[None] * len(names))
    return Mapped(Map(dtype, (text,), (dtype,), inputs, (dtype,) * len(names), names=names))


def _affine(x: str, arrays: int, weight: bool, bias: bool) -> str:
    """``x`` scaled and shifted by the operands after the first ``arrays``."""
    scaled = f"({x}) * {LETTERS[arrays]}" if weight else x
    return f"{scaled} + {LETTERS[arrays + weight]}" if bias else scaled


def _there(rank: int, *vectors: Array | None) -> list[Array]:
    return [_channelwise(v, rank) for v in vectors if v is not None]


# ---------------------------------------------------------------------------------------------------- batches


def batch_norm(x: Array, weight: Array | None, bias: Array | None, eps: float) -> tuple[Array, Array, Array]:
    dims, rank, dtype = _but_channels(x), x.ndim, x.dtype
    mean = fold(_sum(dtype, "a", 1, "x / (R)g.row"), (x,), dims, False)
    centred = _sum(dtype, "(a - b) * (a - b)", 2, "x / (R)g.row")
    var = fold(centred, (x, _channelwise(mean, rank)), dims, False)
    text = _affine("(a - b) / sqrt(c + eps)", 3, weight is not None, bias is not None)
    arrays = [x, *_there(rank, mean, var, weight, bias)]
    (found,) = _map(dtype, text, len(arrays), ("eps",))(arrays, (_exact(eps, dtype),))
    return found, mean, var


def _exact(value: float, dtype: DType) -> bytes:
    found: bytes = CODES[dtype].host.type(value).tobytes()
    return found


def batch_norm_backward(
    g: Array, x: Array, weight: Array | None, mean: Array, var: Array, eps: float, wanted: Wanted
) -> tuple[Array | None, ...]:
    dims, rank, dtype = _but_channels(x), x.ndim, x.dtype
    (rstd,) = _map(dtype, "1 / sqrt(a + eps)", 1, ("eps",))((var,), (_exact(eps, dtype),))
    statistics = _there(rank, mean, rstd)
    own = fold(_sum(dtype, "a", 1), (g,), dims, False)
    along = fold(_sum(dtype, "a * ((b - c) * d)", 4), (g, x, *statistics), dims, False)
    grad_x = None
    if wanted[0]:
        text = "(a - (e + (b - c) * d * f) * share) * d" + (f" * {LETTERS[6]}" if weight is not None else "")
        arrays = [g, x, *statistics, *_there(rank, own, along, weight)]
        share = x.shape[1] / x.size if x.size else 0.0
        (grad_x,) = _map(dtype, text, len(arrays), ("share",))(arrays, (_exact(share, dtype),))
    return grad_x, along if wanted[1] else None, own if wanted[2] else None


# ---------------------------------------------------------------------------------------------------- groups


def _grouped(x: Array, groups: int) -> Array:
    """A contiguous array with a row for each group of an image."""
    return reshaped(x, (x.shape[0], groups, x.size // max(x.shape[0] * groups, 1)))


def group_norm(x: Array, weight: Array | None, bias: Array | None, groups: int, eps: float) -> tuple[Array, ...]:
    x = packed_copy(x)
    standard, mean, rstd = layer_norm(_grouped(x, groups), None, None, 1, eps)
    found = reshaped(standard, x.shape)
    others = _there(x.ndim, weight, bias)
    if others:
        text = _affine("a", 1, weight is not None, bias is not None)
        (found,) = _map(x.dtype, text, 1 + len(others))([found, *others])
    return found, reshaped(mean, mean.shape[:2]), reshaped(rstd, rstd.shape[:2])


def group_norm_backward(
    g: Array, x: Array, weight: Array | None, mean: Array, rstd: Array, groups: int, eps: float, wanted: Wanted
) -> tuple[Array | None, ...]:
    g, x = packed_copy(g), packed_copy(x)
    own_mean, own_rstd = (reshaped(packed_copy(v), (*v.shape, 1)) for v in (mean, rstd))
    grad_x = None
    if wanted[0]:
        scaled = g if weight is None else _map(g.dtype, "a * b", 2)([g, *_there(g.ndim, weight)])[0]
        rows, image = _grouped(scaled, groups), _grouped(x, groups)
        found = layer_norm_backward(rows, image, None, own_mean, own_rstd, 1, eps, (True, False, False))[0]
        assert found is not None
        grad_x = reshaped(found, x.shape)
    dims, grad_weight = _but_channels(x), None
    if wanted[1]:
        (standard,) = _map(x.dtype, "(a - b) * c", 3)([_grouped(x, groups), own_mean, own_rstd])
        grad_weight = fold(_sum(x.dtype, "a * b", 2), (g, reshaped(standard, x.shape)), dims, False)
    return grad_x, grad_weight, fold(_sum(x.dtype, "a", 1), (g,), dims, False) if wanted[2] else None


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "native_batch_norm": batch_norm, "batch_norm_backward": batch_norm_backward, "native_group_norm": group_norm,
    "group_norm_backward": group_norm_backward,
}  # fmt: skip
"""For floating-point arrays."""
