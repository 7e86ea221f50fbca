"""Samples of resizing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import FLOATS, Array
from tensorplug_conformance.sample import Input, Refusal, Row, Sample, bound

_LINEAR = ("linear", "bilinear", "trilinear")


def _cubic(x: float, a: float) -> float:
    """Keys, Cubic convolution interpolation for digital image processing, 1981."""
    x = abs(x)
    if x <= 1:
        return ((a + 2) * x - (a + 3)) * x * x + 1
    return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a if x < 2 else 0.0


def _triangle(x: float) -> float:
    return max(0.0, 1 - abs(x))


def _place(i: int, step: float, align: bool) -> float:
    return i * step if align else (i + 0.5) * step - 0.5


def _weights(n: int, wanted: int, mode: str, align: bool, step: float) -> Array:
    """One row for each result, with the weight of each element."""
    found = np.zeros((wanted, n))
    for i in range(wanted):
        if mode == "nearest":
            found[i, min(math.floor(i * step), n - 1)] = 1
        elif mode == "nearest-exact":
            found[i, min(math.floor((i + 0.5) * step), n - 1)] = 1
        elif mode == "area":
            first, last = i * n // wanted, -(-(i + 1) * n // wanted)
            found[i, first:last] = 1 / (last - first)
        elif mode in _LINEAR:
            at = max(_place(i, step, align), 0.0)
            low = min(int(at), n - 1)
            found[i, low] += 1 - (at - low)
            found[i, min(low + 1, n - 1)] += at - low
        else:
            at = _place(i, step, align)
            low = math.floor(at)
            for k in range(-1, 3):
                found[i, min(max(low + k, 0), n - 1)] += _cubic(at - low - k, -0.75)
    return found


def _smooth_weights(n: int, wanted: int, mode: str, align: bool, step: float) -> Array:
    """With antialiasing: the filter is widened by the step when shrinking, and its weights add up to 1."""
    kernel: Callable[[float], float] = _triangle if mode in _LINEAR else lambda x: _cubic(x, -0.5)
    wide = max(step, 1.0)
    reach = (1 if mode in _LINEAR else 2) * wide
    found = np.zeros((wanted, n))
    for i in range(wanted):
        centre = step * (i + 0.5)
        first, last = max(int(centre - reach + 0.5), 0), min(int(centre + reach + 0.5), n)
        row = [kernel((j - centre + 0.5) / wide) for j in range(first, last)]
        found[i, first:last] = np.array(row) / sum(row)
    return found


def _step(n: int, wanted: int, align: bool, factor: float | None) -> float:
    if align:
        return (n - 1) / (wanted - 1) if wanted > 1 else 0.0
    return n / wanted if factor is None else 1 / factor


def _interpolate(
    x: Array,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Array:
    spatial = x.shape[2:]
    rank = len(spatial)
    factors: Sequence[float | None] = [None] * rank
    if size is None:
        given = scale_factor if isinstance(scale_factor, tuple | list) else (scale_factor,) * rank
        wanted = [math.floor(n * f) for n, f in zip(spatial, given, strict=True)]
        if not recompute_scale_factor:
            factors = given
    else:
        wanted = list(size) if isinstance(size, tuple | list) else [size] * rank
    align = bool(align_corners)
    for axis, (n, m, factor) in enumerate(zip(spatial, wanted, factors, strict=True), 2):
        make = _smooth_weights if antialias else _weights
        x = np.moveaxis(
            np.tensordot(make(n, m, mode, align, _step(n, m, align, factor)), x, axes=([1], [axis])), 0, axis
        )
    return x


_X1, _X2, _X3 = Input((2, 3, 7)), Input((2, 3, 6, 5)), Input((1, 2, 4, 3, 5))
_SAMPLES = (
    Sample((_X1, 11)), Sample((_X1, 4)), Sample((_X1,), {"scale_factor": 2.0}), Sample((_X2, (9, 4))),
    Sample((_X2,), {"scale_factor": (0.5, 1.7)}),
    Sample((_X3, (5, 6, 2))), Sample((_X2, (9, 4)), {"mode": "nearest-exact"}),
    Sample((_X1, 5), {"mode": "nearest-exact"}),
    Sample((_X1, 11), {"mode": "linear"}), Sample((_X1, 4), {"mode": "linear", "align_corners": True}),
    Sample((_X1, 1), {"mode": "linear", "align_corners": True}),
    Sample((_X2, (9, 4)), {"mode": "bilinear"}), Sample((_X2, (9, 4)), {"mode": "bilinear", "align_corners": True}),
    Sample((_X2,), {"scale_factor": (1.5, 0.7), "mode": "bilinear"}),
    Sample((_X2,), {"scale_factor": (1.5, 0.7), "mode": "bilinear", "recompute_scale_factor": True}),
    Sample((_X3, (5, 6, 2)), {"mode": "trilinear"}),
    Sample((_X3,), {"scale_factor": 2.0, "mode": "trilinear", "align_corners": True}),
    Sample((_X2, (9, 4)), {"mode": "bicubic"}), Sample((_X2, (9, 4)), {"mode": "bicubic", "align_corners": True}),
    Sample((_X2,), {"scale_factor": 2.0, "mode": "bicubic"}),
    Sample((_X1, 3), {"mode": "area"}), Sample((_X2, (4, 7)), {"mode": "area"}),
    Sample((_X3, (2, 2, 3)), {"mode": "area"}),
    Sample((_X2, (3, 4)), {"mode": "bilinear", "antialias": True}),
    Sample((_X2, (9, 3)), {"mode": "bicubic", "antialias": True}),
    Sample((Input((0, 3, 6)), 4)),
)  # fmt: skip

ROWS = (
    Row("interpolate", _interpolate, _SAMPLES, FLOATS,
        bound(16, lambda x, *_, **__: np.abs(x).max(initial=0) * 4, half=3), covers=("resample",), call="F.interpolate",
        gradient=True, view="maybe", refusals=(
            Refusal(Sample((_X1,)), ValueError), Refusal(Sample((_X1, 3), {"scale_factor": 2.0}), ValueError),
            Refusal(Sample((_X1, 3), {"mode": "bilinear"}), NotImplementedError),
            Refusal(Sample((_X1, (3, 4))), ValueError),
        )),
)  # fmt: skip
