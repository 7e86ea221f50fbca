"""Samples of padding, sliding windows, and rearranging channels and pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import COMMON, COMPLEX, FLOATS, Array
from tensorplug_conformance.sample import Input, Refusal, Row, Sample, bound
from tensorplug_conformance.samples.convolution import per_dim

_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap", "constant": "constant"}
_X = Input((2, 3, 5))
_Y = Input((2, 3, 4, 5))
_Z = Input((1, 2, 3, 4, 5))


def _pad(x: Array, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Array:
    pairs = [(pad[i], pad[i + 1]) for i in range(0, len(pad), 2)][::-1]
    widths = [(0, 0)] * (x.ndim - len(pairs)) + pairs
    cut = x[tuple(slice(max(-a, 0), n - max(-b, 0)) for n, (a, b) in zip(x.shape, widths, strict=True))]
    grown = [(max(a, 0), max(b, 0)) for a, b in widths]
    if mode == "constant":
        return np.pad(cut, grown, constant_values=value or 0)
    return np.pad(cut, grown, mode=_MODES[mode])  # type: ignore[call-overload]


def _im2col(x: Array, kernel: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Array:
    if x.ndim == 3:
        return _im2col(x[None], kernel, dilation, padding, stride)[0]
    kernel, dilation, padding, stride = (per_dim(v, 2) for v in (kernel, dilation, padding, stride))
    x = np.pad(x, [(0, 0), (0, 0), *[(p, p) for p in padding]])
    size = [(n - d * (k - 1) - 1) // s + 1 for n, k, d, s in zip(x.shape[2:], kernel, dilation, stride, strict=True)]
    parts = [
        x[:, :, i * dilation[0] :: stride[0], j * dilation[1] :: stride[1]][:, :, : size[0], : size[1]]
        for i, j in np.ndindex(kernel)
    ]
    return np.stack(parts, 2).reshape(len(x), x.shape[1] * math.prod(kernel), math.prod(size))


def _col2im(x: Array, output: Any, kernel: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Array:
    if x.ndim == 2:
        return _col2im(x[None], output, kernel, dilation, padding, stride)[0]
    output, kernel, dilation, padding, stride = (per_dim(v, 2) for v in (output, kernel, dilation, padding, stride))
    full = [n + 2 * p for n, p in zip(output, padding, strict=True)]
    size = [(n - d * (k - 1) - 1) // s + 1 for n, k, d, s in zip(full, kernel, dilation, stride, strict=True)]
    parts = x.reshape(len(x), -1, math.prod(kernel), *size)
    out = np.zeros((len(x), parts.shape[1], *full), x.dtype)
    for number, (i, j) in enumerate(np.ndindex(kernel)):
        rows = slice(i * dilation[0], i * dilation[0] + stride[0] * (size[0] - 1) + 1, stride[0])
        columns = slice(j * dilation[1], j * dilation[1] + stride[1] * (size[1] - 1) + 1, stride[1])
        out[:, :, rows, columns] += parts[:, :, number]
    return out[:, :, padding[0] : full[0] - padding[0], padding[1] : full[1] - padding[1]]


def _shuffle(x: Array, r: int) -> Array:
    *lead, c, h, w = x.shape
    parts = x.reshape(*lead, c // r**2, r, r, h, w)
    return np.moveaxis(parts, (-4, -3), (-3, -1)).reshape(*lead, c // r**2, h * r, w * r)


def _unshuffle(x: Array, r: int) -> Array:
    *lead, c, h, w = x.shape
    parts = x.reshape(*lead, c, h // r, r, w // r, r)
    return np.moveaxis(parts, (-3, -1), (-4, -3)).reshape(*lead, c * r**2, h // r, w // r)


ROWS = (
    Row("pad", _pad, (
        Sample((_X, (1, 2), "reflect")), Sample((_X, (1, 2), "replicate")), Sample((_X, (1, 2), "circular")),
        Sample((_Y, (2, 1, 3, 0), "reflect")),
        Sample((_Y, (2, 1, 3, 0), "replicate")), Sample((_Y, (2, 1, 3, 0), "circular")),
        Sample((_Z, (1, 1, 2, 0, 1, 2), "replicate")),
        Sample((_Z, (1, 1, 2, 0, 1, 2), "reflect")), Sample((_Z, (1, 1, 2, 0, 1, 2), "circular")),
        Sample((Input((3, 5)), (2, 2), "reflect")),
        Sample((_X, (-1, 2), "replicate")), Sample((_X, (1, 2, 3, 4))), Sample((_X, (1, 2), "constant", 1)),
    ), (*FLOATS, *COMPLEX), gradient=True, view="maybe", refusals=(
        Refusal(Sample((_X, (5, 0), "reflect"))), Refusal(Sample((_X, (6, 0), "circular"))),
        Refusal(Sample((_X, (1,)))),
    )),
    Row("im2col", _im2col, (
        Sample((_Y, 2)), Sample((_Y, (2, 3)), {"padding": 1, "stride": 2}),
        Sample((_Y, 2), {"dilation": (1, 2), "padding": (1, 0)}),
        Sample((Input((3, 4, 5)), 2)), Sample((Input((0, 3, 4, 5)), 2)),
    ), COMMON, call="F.unfold", gradient=True),
    Row("col2im", _col2im, (
        Sample((Input((2, 12, 12)), (4, 5), 2)),
        Sample((Input((2, 12, 9)), (4, 5), 2), {"stride": 2, "padding": (1, 1)}),
        Sample((Input((12, 12)), (4, 5), 2)),
        Sample((Input((1, 4, 9)), (5, 5), 2), {"dilation": 2}),
    ), FLOATS, bound(4, half=4), call="F.fold", gradient=True),
    Row("pixel_shuffle", _shuffle,
        (Sample((Input((2, 8, 3, 2)), 2)), Sample((Input((9, 2, 2)), 3)), Sample((Input((2, 3, 4, 1, 2)), 2))), COMMON,
        gradient=True, view="maybe", refusals=(Refusal(Sample((Input((2, 7, 3, 2)), 2))),)),
    Row("channel_shuffle", lambda x,
        groups: np.swapaxes(x.reshape(len(x), groups, -1, *x.shape[2:]), 1, 2).reshape(x.shape), (
        Sample((Input((2, 6, 3)), 2)), Sample((Input((1, 6, 2, 2)), 3)), Sample((Input((2, 4, 3, 1)), 1)),
    ), COMMON, gradient=True, view="maybe"),
    Row("pixel_unshuffle", _unshuffle, (Sample((Input((2, 2, 4, 6)), 2)), Sample((Input((1, 6, 3)), 3))), COMMON,
        gradient=True, view="maybe",
        refusals=(Refusal(Sample((Input((2, 2, 5, 4)), 2))),)),
)  # fmt: skip
