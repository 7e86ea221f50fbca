"""Normalization over the last dims and over groups of channels, forward and backward, a row at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tensorplug_opencl.array import Array
from tensorplug_opencl.kernels.movement import packed_copy
from tensorplug_opencl.reduction import Fold, fold
from tensorplug_opencl.rows import RowKernel, Rows, run

Wanted = tuple[bool, ...]


def _affine(weight: bool, bias: bool, first: int) -> str:
    """``x`` scaled and shifted: the arrays after number ``first`` are the weight and the bias that there are."""
    scale = f" * LOAD{first}(k)" if weight else ""
    return f"x{scale}" + (f" + LOAD{first + weight}(k)" if bias else "")


def _layer_norm(weight: bool, bias: bool) -> RowKernel:
    body = (
        "T mean = 0; EACH(k) mean += LOAD3(AT(k)); mean = TOTAL(mean) / length; "
        "T var = 0; EACH(k) { const T d = LOAD3(AT(k)) - mean; var += d * d; } var = TOTAL(var) / length; "
        "const T rstd = 1 / sqrt(var + eps); ONCE { STORE1(row, mean); STORE2(row, rstd); } "
        f"EACH(k) {{ const T x = (LOAD3(AT(k)) - mean) * rstd; STORE0(AT(k), {_affine(weight, bias, 4)}); }}"
    )
    return RowKernel(f"layer_norm {weight} {bias}", body, ("eps",))


def layer_norm(x: Array, weight: Array | None, bias: Array | None, dims: int, eps: float) -> tuple[Array, ...]:
    x = packed_copy(x)
    home, shape = x.home, x.shape
    small = (*shape[: len(shape) - dims], *[1] * dims)
    found = home.empty(shape, x.dtype), home.empty(small, x.dtype), home.empty(small, x.dtype)
    others = [packed_copy(v) for v in (weight, bias) if v is not None]
    rows = _last(x, dims)
    run(_layer_norm(weight is not None, bias is not None), x.dtype, rows, [*found, x, *others], (eps,))
    return found


def _last(x: Array, dims: int) -> Rows:
    lead = len(x.shape) - dims
    return Rows(math.prod(x.shape[:lead]), math.prod(x.shape[lead:]), 1)


def _layer_norm_backward(weight: bool) -> RowKernel:
    scaled = "LOAD1(AT(k))" + (" * LOAD5(k)" if weight else "")
    body = (
        "const T mean = LOAD3(row), rstd = LOAD4(row); T own = 0, along_x = 0; "
        f"EACH(k) {{ const T g = {scaled}; own += g; along_x += g * ((LOAD2(AT(k)) - mean) * rstd); }} "
        "own = TOTAL(own) / length; along_x = TOTAL(along_x) / length; "
        f"EACH(k) {{ const T x = (LOAD2(AT(k)) - mean) * rstd; STORE0(AT(k), ({scaled} - own - x * along_x) * rstd); }}"
    )
    return RowKernel(f"layer_norm_backward {weight}", body)


def layer_norm_backward(
    g: Array, x: Array, weight: Array | None, mean: Array, rstd: Array, dims: int, eps: float, wanted: Wanted
) -> tuple[Array | None, ...]:
    g, x, mean, rstd = map(packed_copy, (g, x, mean, rstd))
    grad_x = None
    if wanted[0]:
        grad_x = x.home.empty(x.shape, x.dtype)
        others = [] if weight is None else [packed_copy(weight)]
        what = _layer_norm_backward(weight is not None)
        run(what, x.dtype, _last(x, dims), [grad_x, g, x, mean, rstd, *others])
    lead = tuple(range(len(x.shape) - dims))
    return (
        grad_x,
        fold(_weight_sum(x, "a * ((b - c) * d)", 4), (g, x, mean, rstd), lead, False) if wanted[1] else None,
        fold(_weight_sum(x, "a", 1), (g,), lead, False) if wanted[2] else None,
    )


def _weight_sum(x: Array, element: str, operands: int) -> Fold:
    return Fold(x.dtype, x.dtype, "T", "0", element, "x + y", operands=operands)


def _rms_norm(weight: bool) -> RowKernel:
    body = (
        "T square = 0; EACH(k) { const T x = LOAD2(AT(k)); square += x * x; } square = TOTAL(square) / length; "
        "const T rrms = 1 / sqrt(square + eps); ONCE STORE1(row, rrms); "
        f"EACH(k) {{ const T x = LOAD2(AT(k)) * rrms; STORE0(AT(k), {_affine(weight, False, 3)}); }}"
    )
    return RowKernel(f"rms_norm {weight}", body, ("eps",))


def rms_norm(x: Array, weight: Array | None, dims: int, eps: float) -> tuple[Array, Array]:
    x = packed_copy(x)
    small = (*x.shape[: len(x.shape) - dims], *[1] * dims)
    found = x.home.empty(x.shape, x.dtype), x.home.empty(small, x.dtype)
    others = [] if weight is None else [packed_copy(weight)]
    run(_rms_norm(weight is not None), x.dtype, _last(x, dims), [*found, x, *others], (eps,))
    return found


def _rms_norm_backward(weight: bool) -> RowKernel:
    scaled = "LOAD1(AT(k))" + (" * LOAD4(k)" if weight else "")
    body = (
        "const T rrms = LOAD3(row); T along_x = 0; "
        f"EACH(k) along_x += {scaled} * (LOAD2(AT(k)) * rrms); along_x = TOTAL(along_x) / length; "
        f"EACH(k) STORE0(AT(k), ({scaled} - LOAD2(AT(k)) * rrms * along_x) * rrms);"
    )
    return RowKernel(f"rms_norm_backward {weight}", body)


def rms_norm_backward(
    g: Array, x: Array, weight: Array | None, rrms: Array, dims: int, eps: float, wanted: Wanted
) -> tuple[Array | None, ...]:
    g, x, rrms = map(packed_copy, (g, x, rrms))
    grad_x = None
    if wanted[0]:
        grad_x = x.home.empty(x.shape, x.dtype)
        others = [] if weight is None else [packed_copy(weight)]
        run(_rms_norm_backward(weight is not None), x.dtype, _last(x, dims), [grad_x, g, x, rrms, *others])
    lead = tuple(range(len(x.shape) - dims))
    weight_sum = _weight_sum(x, "a * (b * c)", 3)
    return grad_x, fold(weight_sum, (g, x, rrms), lead, False) if wanted[1] else None


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "native_layer_norm": layer_norm, "layer_norm_backward": layer_norm_backward, "native_rms_norm": rms_norm,
    "rms_norm_backward": rms_norm_backward,
}  # fmt: skip
"""For floating-point arrays."""
