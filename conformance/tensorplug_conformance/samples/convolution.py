"""Samples of convolutions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import COMPLEX, FLOATS, Array
from tensorplug_conformance.sample import Input, Refusal, Row, Sample, bound

_DTYPES = (*FLOATS, *COMPLEX)


def per_dim(value: Any, rank: int) -> tuple[int, ...]:
    """One integer, or one for each spatial dim, as a tuple."""
    sizes = tuple(value) if isinstance(value, tuple | list) else (value,)
    return sizes * rank if len(sizes) == 1 else sizes


def _span(start: int, step: int, count: int) -> slice:
    return slice(start, start + step * (count - 1) + 1, step)


def _grouped(x: Array, w: Array, groups: int, to_input: bool) -> Array:
    """The product over channels for one place of the kernel; ``w`` is (out, in / groups) or (in, out / groups)."""
    parts = [
        np.tensordot(b if to_input else b.T, a, axes=([0], [1]))
        for a, b in zip(np.split(x, groups, 1), np.split(w, groups, 0), strict=True)
    ]
    return np.moveaxis(np.concatenate(parts, 0), 0, 1)


def _batched(rank: int) -> Callable[[Callable[..., Array]], Callable[..., Array]]:
    """Inputs without a batch dim get one for the time of the call."""

    def decorate(function: Callable[..., Array]) -> Callable[..., Array]:
        def reference(x: Array, w: Array, *args: Any, **kwargs: Any) -> Array:
            if x.ndim == rank + 1:
                return np.asarray(function(x[None], w, *args, **kwargs))[0]
            return np.asarray(function(x, w, *args, **kwargs))

        return reference

    return decorate


def _convolution(rank: int) -> Any:
    @_batched(rank)
    def reference(
        x: Array,
        w: Array,
        bias: Array | None = None,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
    ) -> Array:
        kernel = w.shape[2:]
        stride, dilation = per_dim(stride, rank), per_dim(dilation, rank)
        reach = [d * (k - 1) for d, k in zip(dilation, kernel, strict=True)]
        if padding == "same":
            pads = [(r // 2, r - r // 2) for r in reach]
        else:
            pads = [(p, p) for p in per_dim(0 if padding == "valid" else padding, rank)]
        padded = np.pad(x, [(0, 0), (0, 0), *pads])
        size = [(n - r - 1) // s + 1 for n, r, s in zip(padded.shape[2:], reach, stride, strict=True)]
        out = np.zeros((len(x), w.shape[0], *size), x.dtype)
        for place in np.ndindex(kernel):
            window = tuple(_span(k * d, s, n) for k, d, s, n in zip(place, dilation, stride, size, strict=True))
            out += _grouped(
                padded[(slice(None), slice(None), *window)], w[(slice(None), slice(None), *place)], groups, False
            )
        return out if bias is None else out + bias.reshape(-1, *[1] * rank)

    return reference


def _transposed(rank: int) -> Any:
    @_batched(rank)
    def reference(
        x: Array,
        w: Array,
        bias: Array | None = None,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        dilation: Any = 1,
    ) -> Array:
        kernel = w.shape[2:]
        stride, padding, dilation = per_dim(stride, rank), per_dim(padding, rank), per_dim(dilation, rank)
        extra = per_dim(output_padding, rank)
        full = [
            (n - 1) * s + d * (k - 1) + 1 + e
            for n, s, d, k, e in zip(x.shape[2:], stride, dilation, kernel, extra, strict=True)
        ]
        out = np.zeros((len(x), w.shape[1] * groups, *full), x.dtype)
        for place in np.ndindex(kernel):
            window = tuple(_span(k * d, s, n) for k, d, s, n in zip(place, dilation, stride, x.shape[2:], strict=True))
            out[(slice(None), slice(None), *window)] += _grouped(x, w[(slice(None), slice(None), *place)], groups, True)
        out = out[(slice(None), slice(None), *[slice(p, n - p) for p, n in zip(padding, full, strict=True)])]
        return out if bias is None else out + bias.reshape(-1, *[1] * rank)

    return reference


def _terms(x: Array, w: Array, *_: Any, **__: Any) -> float:
    return math.prod(w.shape) / max(min(w.shape[0], w.shape[1]), 1) + 1


_SUM = bound(_terms, half=2)


def _call(x: tuple[int, ...], w: tuple[int, ...], bias: int | None = None, **kwargs: Any) -> Sample:
    return Sample((Input(x), Input(w), None if bias is None else Input((bias,))), kwargs)


_PLAIN: dict[int, tuple[Sample, ...]] = {
    1: (
        _call((2, 3, 8), (4, 3, 3), 4), _call((3, 8), (4, 3, 3)),
        _call((2, 4, 9), (6, 2, 3), 6, stride=2, padding=1, groups=2),
        _call((1, 2, 9), (3, 2, 3), dilation=3), _call((2, 3, 8), (4, 3, 4), padding="same"),
        _call((2, 3, 8), (4, 3, 3), padding="valid"),
        _call((2, 3, 5), (4, 3, 1), 4), _call((0, 3, 8), (4, 3, 3), 4),
        _call((1, 1, 300), (1, 1, 257))._replace(gradient=False),
    ),
    2: (
        _call((2, 3, 6, 7), (4, 3, 3, 2), 4), _call((3, 6, 7), (4, 3, 3, 2), 4),
        _call((1, 4, 7, 6), (4, 1, 3, 3), stride=(2, 1), padding=(1, 2), groups=4),
        _call((2, 2, 9, 8), (3, 2, 3, 3), dilation=2, padding=2), _call((2, 3, 5, 5), (4, 3, 1, 1), 4, stride=2),
        _call((2, 3, 5, 5), (2, 3, 5, 5)),
        _call((1, 4, 6, 6), (6, 2, 3, 3), 6, padding="same", groups=2),
        _call((1, 2, 5, 5), (2, 2, 4, 2), padding="same", dilation=(1, 2)),
        Sample((Input((3, 16, 15, 17)), Input((24, 16, 3, 3)), Input((24,))), {"padding": 1},
            dtypes=("float32", "float16")),
    ),
    3: (
        _call((1, 2, 4, 5, 4), (3, 2, 2, 3, 2), 3), _call((2, 4, 5, 4), (2, 2, 2, 2, 2), stride=2, padding=1, groups=1),
        _call((1, 4, 4, 4, 4), (4, 2, 3, 3, 3), 4, padding=1, groups=2, dilation=(1, 2, 1),
            stride=(1, 1, 2))._replace(gradient=False),
    ),
}  # fmt: skip
_TRANSPOSED: dict[int, tuple[Sample, ...]] = {
    1: (
        _call((2, 3, 5), (3, 4, 3), 4), _call((3, 5), (3, 4, 3)),
        _call((2, 4, 5), (4, 3, 3), 6, stride=3, padding=1, output_padding=2, groups=2),
        _call((1, 2, 4), (2, 3, 3), dilation=2),
    ),
    2: (
        _call((2, 3, 4, 3), (3, 4, 3, 2), 4), _call((3, 4, 3), (3, 2, 2, 2), stride=2),
        _call((1, 4, 3, 4), (4, 2, 3, 3), 4, stride=(2, 1), padding=1, output_padding=(1, 0), groups=2),
        _call((1, 2, 3, 3), (2, 2, 2, 2), dilation=(2, 1)),
    ),
    3: (_call((1, 2, 3, 2, 3), (2, 2, 2, 2, 2), 2),
        _call((1, 2, 2, 2, 2), (2, 3, 2, 3, 2), stride=2, padding=1, output_padding=1)),
}  # fmt: skip


def _refusals(rank: int) -> tuple[Refusal, ...]:
    ones = (3,) * rank
    return (
        Refusal(_call((1, 2, *(5,) * rank), (4, 3, *ones))),
        Refusal(_call((1, 3, *(2,) * rank), (4, 3, *ones))),
        Refusal(Sample((Input((1, 3, *(5,) * rank)), Input((4, 3, *ones), dtype="float64")))),
        Refusal(_call((1, 3, *(5,) * rank), (4, 3, *ones), 5)),
        Refusal(_call((1, 3, *(5,) * rank), (4, 3, *ones), stride=0)),
    )


def _whole(
    x: Array, w: Array, bias: Any, stride: Any, padding: Any, dilation: Any, transposed: bool, extra: Any, groups: int
) -> Array:
    rank = w.ndim - 2
    if transposed:
        return np.asarray(_transposed(rank)(x, w, bias, stride, padding, extra, groups, dilation))
    return np.asarray(_convolution(rank)(x, w, bias, stride, padding, dilation, groups))


ROWS = (
    *[
        Row(f"conv{rank}d", _convolution(rank), _PLAIN[rank], _DTYPES, _SUM, call=f"F.conv{rank}d", gradient=True,
            refusals=_refusals(rank), covers=("convolution_weight",) if rank == 2 else ())
        for rank in (1, 2, 3)
    ],
    *[
        Row(f"conv_transpose{rank}d", _transposed(rank), _TRANSPOSED[rank], _DTYPES, _SUM,
            call=f"F.conv_transpose{rank}d", gradient=True)
        for rank in (1, 2, 3)
    ],
    Row("convolution", _whole, (
        Sample((Input((2, 3, 6, 7)), Input((4, 3, 3, 2)), Input((4,)), 1, 1, 1, False, 0, 1)),
        Sample((Input((1, 2, 5)), Input((2, 3, 3)), None, (2,), (1,), (1,), True, (1,), 1)),
    ), _DTYPES, _SUM, gradient=True),
)  # fmt: skip
