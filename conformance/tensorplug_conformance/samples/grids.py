"""Samples of reading images at given places."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import FLOATS, Array
from tensorplug_conformance.sample import Input, Refusal, Row, Sample, bound
from tensorplug_conformance.values import items, uniform


def _affine_grid(theta: Array, size: Sequence[int], align_corners: bool | None = None) -> Array:
    spatial = tuple(size[2:])
    axes = [np.linspace(-1, 1, n) if align_corners and n > 1 else (2 * np.arange(n) + 1) / n - 1 for n in spatial]
    found = np.zeros((size[0], *spatial, len(spatial)))
    place: Any
    for place in itertools.product(*map(range, spatial)):
        coordinates = [axis[i] for axis, i in zip(axes, place, strict=True)][::-1]
        found[(slice(None), *place)] = theta @ np.array([*coordinates, 1.0])
    return found


def _mirrored(x: float, low: float, high: float) -> float:
    """Where ``x`` is seen between two mirrors."""
    while not low <= x <= high:
        x = 2 * low - x if x < low else 2 * high - x
    return x


def _inside(x: float, n: int, padding_mode: str, align: bool) -> float:
    if padding_mode == "reflection":
        x = (0.0 if n == 1 else _mirrored(x, 0, n - 1)) if align else _mirrored(x, -0.5, n - 0.5)
    return x if padding_mode == "zeros" else min(max(x, 0.0), n - 1.0)


def _hat(d: float) -> float:
    return max(0.0, 1 - abs(d))


def _cubic(d: float) -> float:
    """Keys, Cubic convolution interpolation for digital image processing, 1981, with a = -0.75."""
    d = abs(d)
    if d <= 1:
        return (1.25 * d - 2.25) * d * d + 1
    return ((-0.75 * d + 3.75) * d - 6) * d + 3 if d < 2 else 0.0


def _read(image: Array, place: Sequence[Any]) -> Array:
    """The channels of one element, 0 outside."""
    if all(0 <= i < n for i, n in zip(place, image.shape[1:], strict=True)):
        return np.asarray(image[(slice(None), *place)])
    return np.zeros(len(image))


def _value(image: Array, at: Sequence[float], mode: str, padding_mode: str, align: bool) -> Array:
    size = image.shape[1:]
    if mode == "bicubic":
        total = np.zeros(len(image))
        for steps in itertools.product(range(-1, 3), repeat=2):
            taps = [math.floor(x) + step for x, step in zip(at, steps, strict=True)]
            weight = math.prod(_cubic(x - tap) for x, tap in zip(at, taps, strict=True))
            read = [round(_inside(tap, n, padding_mode, align)) for tap, n in zip(taps, size, strict=True)]
            total += weight * _read(image, read)
        return total
    at = [_inside(x, n, padding_mode, align) for x, n in zip(at, size, strict=True)]
    if mode == "nearest":
        return _read(image, [round(x) for x in at])
    return _blend(image, at, _hat)


def _blend(image: Array, at: Sequence[float], weight: Callable[[float], float]) -> Array:
    total = np.zeros(len(image))
    for steps in itertools.product((0, 1), repeat=len(at)):
        taps = [math.floor(x) + step for x, step in zip(at, steps, strict=True)]
        total += math.prod(weight(x - tap) for x, tap in zip(at, taps, strict=True)) * _read(image, taps)
    return total


def _grid_sample(
    x: Array,
    grid: Array,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Array:
    align = bool(align_corners)
    found = np.zeros((*x.shape[:2], *grid.shape[1:-1]))
    place: Any
    for place in itertools.product(*map(range, grid.shape[:-1])):
        at = [
            (g + 1) / 2 * (n - 1) if align else ((g + 1) * n - 1) / 2
            for g, n in zip(grid[place][::-1], x.shape[2:], strict=True)
        ]
        found[(place[0], slice(None), *place[1:])] = _value(x[place[0]], at, mode, padding_mode, align)
    return found


_IMAGE, _VOLUME = Input((2, 3, 4, 5)), Input((1, 2, 3, 4, 2))
_AT, _IN = Input((2, 3, 4, 2), uniform(-1.6, 1.6)), Input((1, 2, 3, 2, 3), uniform(-1.6, 1.6))
_CORNERS = Input((2, 3, 3, 2), items(-1.0, 1.0, 0.0, 3.0, -3.0))

_SAMPLED = (
    *[
        Sample((_IMAGE, _AT), {"mode": mode, "padding_mode": padding, "align_corners": align})
        for mode in ("bilinear", "bicubic")
        for padding in ("zeros", "border", "reflection")
        for align in (False, True)
    ],
    *[
        Sample((_VOLUME, _IN), {"padding_mode": padding, "align_corners": align})
        for padding in ("zeros", "border", "reflection")
        for align in (False, True)
    ],
    Sample((_IMAGE, _AT)),
    Sample((_IMAGE, _CORNERS), {"padding_mode": "border", "align_corners": True}),
    Sample((Input((2, 3, 1, 1)), _AT), {"padding_mode": "reflection", "align_corners": True}),
    Sample((Input((0, 3, 4, 5)), Input((0, 2, 2, 2)))),
)
_NEAREST = tuple(
    Sample((image, at._replace(grad=False), "nearest"), {"padding_mode": padding, "align_corners": align})
    for image, at in ((_IMAGE, _AT), (_VOLUME, _IN))
    for padding in ("zeros", "border", "reflection")
    for align in (False, True)
)
_BY_NUMBER = (
    Sample((_IMAGE, _AT, 0, 1, True)), Sample((_IMAGE, _AT, 2, 2, False)), Sample((_VOLUME, _IN, 0, 0, False)),
)  # fmt: skip


def _grid_sampler(x: Array, grid: Array, interpolation_mode: int, padding_mode: int, align_corners: bool) -> Array:
    mode = ("bilinear", "nearest", "bicubic")[interpolation_mode]
    return _grid_sample(x, grid, mode, ("zeros", "border", "reflection")[padding_mode], align_corners)


def _scale(x: Array, *_: object, **__: object) -> Array:
    """Places far outside are known less exactly, so that their weights are."""
    return np.asarray(np.abs(x).max(initial=0) * 40)


_VALUES = bound(16, _scale, half=3)
_WRONG = (
    Refusal(Sample((_IMAGE, _AT, "cubic")), ValueError), Refusal(Sample((_IMAGE, _AT, "nearest", "wrap")), ValueError),
    Refusal(Sample((_IMAGE, Input((2, 3, 4, 3))))), Refusal(Sample((_IMAGE, Input((1, 3, 4, 2))))),
    Refusal(Sample((_VOLUME, _IN, "bicubic"))), Refusal(Sample((_IMAGE, _AT._replace(dtype="float64")))),
    Refusal(Sample((Input((2, 3, 0, 5)), _AT))), Refusal(Sample((Input((2, 3, 4)), _AT))),
)  # fmt: skip

ROWS = (
    Row("affine_grid", _affine_grid, (
        *[Sample((Input((2, 2, 3)), size, align)) for size in ((2, 1, 3, 4), (2, 5, 1, 2)) for align in (True, False)],
        Sample((Input((1, 3, 4)), (1, 1, 2, 3, 4))), Sample((Input((1, 3, 4)), (1, 1, 2, 3, 4), True)),
    ), FLOATS, bound(8, lambda theta, *_: np.abs(theta).sum(), half=6), gradient=True, refusals=(
        Refusal(Sample((Input((2, 2, 3)), (2, 1, 3))), NotImplementedError),
        Refusal(Sample((Input((2, 2, 4)), (2, 1, 3, 4))), ValueError),
        Refusal(Sample((Input((2, 2, 3)), (2, 1, 0, 4))), ValueError),
    )),
    Row("grid_sample", _grid_sample, _SAMPLED, FLOATS, _VALUES, gradient=True, refusals=_WRONG),
    Row("grid_sample", _grid_sample, _NEAREST, ("float32", "float64"), _VALUES, call="F.grid_sample", label="nearest",
        gradient=True),
    Row("grid_sampler", _grid_sampler, _BY_NUMBER, FLOATS, _VALUES, gradient=True),
)  # fmt: skip
