"""Samples of functions of neural networks that are made of several others."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import FLOATS, Array
from tensorplug_conformance.sample import EXACT, Input, Refusal, Row, Sample, bound, index_dtype, same
from tensorplug_conformance.values import DISTINCT, MASK, PROBABILITY, index

# ------------------------------------------------------------------------------------------------- pooling


def _starts(n: int, k: int, m: int, u: float) -> list[int]:
    """Graham, Fractional max-pooling, 2014; the last window ends with the input."""
    if m == 1:
        return [n - k]
    alpha = (n - k) / (m - 1)
    return [int((i + u) * alpha) - int(u * alpha) for i in range(m - 1)] + [n - k]


def _fractional(
    order: Sequence[int],
    x: Array,
    kernel_size: Any,
    output_size: Any = None,
    output_ratio: Any = None,
    return_indices: bool = False,
    _random_samples: Any = None,
) -> Any:
    rank = len(order)
    batch = x if x.ndim == rank + 2 else x[None]
    size = batch.shape[2:]
    kernel = (kernel_size,) * rank if isinstance(kernel_size, int) else kernel_size
    if output_size is None:
        output_size = [int(n * r) for n, r in zip(size, output_ratio, strict=True)]
    wanted = (output_size,) * rank if isinstance(output_size, int) else tuple(output_size)
    values = np.zeros((*batch.shape[:2], *wanted))
    places = np.zeros(values.shape, np.int64)
    for b, c in itertools.product(*map(range, batch.shape[:2])):
        u = [_random_samples[b, c, place] for place in order]
        starts = [_starts(*sizes) for sizes in zip(size, kernel, wanted, u, strict=True)]
        for at in itertools.product(*map(range, wanted)):
            corner = [s[i] for s, i in zip(starts, at, strict=True)]
            elements = itertools.product(*[range(i, i + k) for i, k in zip(corner, kernel, strict=True)])
            best = max(elements, key=lambda place: batch[(b, c, *place)])
            values[(b, c, *at)] = batch[(b, c, *best)]
            places[(b, c, *at)] = np.ravel_multi_index(best, size)
    values, places = (a.reshape(x.shape[:-rank] + wanted) for a in (values, places))
    return (values, places) if return_indices else values


def _fractional_2d(*args: Any, **kwargs: Any) -> Any:
    return _fractional((1, 0), *args, **kwargs)


def _fractional_3d(*args: Any, **kwargs: Any) -> Any:
    return _fractional((0, 1, 2), *args, **kwargs)


def _drawn(*shape: int) -> Input:
    return Input(shape, PROBABILITY, grad=False)


_FLAT, _DEEP = Input((2, 3, 7, 9), DISTINCT), Input((1, 2, 5, 6, 4), DISTINCT)
_NOT_TWO = (
    Refusal(Sample((_FLAT, 2)), ValueError), Refusal(Sample((_FLAT, 2), {"output_ratio": 1.5}), ValueError),
    Refusal(Sample((_FLAT, 4, (5, 5)))), Refusal(Sample((Input((3, 4)), 2, 1))),
)  # fmt: skip
_FRACTIONAL = (
    Row("fractional_max_pool2d", _fractional_2d, (
        Sample((_FLAT, 2, (3, 4)), {"_random_samples": _drawn(2, 3, 2)}),
        Sample((_FLAT, (3, 2), 5), {"_random_samples": _drawn(2, 3, 2)}),
        Sample((_FLAT, 2), {"output_ratio": (0.5, 0.7), "_random_samples": _drawn(2, 3, 2)}),
        Sample((Input((2, 6, 6), DISTINCT), 3, (4, 1)), {"_random_samples": _drawn(1, 2, 2)}),
    ), FLOATS, EXACT, gradient=True, refusals=_NOT_TWO),
    Row("fractional_max_pool2d", _fractional_2d, (
        Sample((_FLAT, 2, (3, 4)), {"return_indices": True, "_random_samples": _drawn(2, 3, 2)}),
    ), FLOATS, EXACT, (same, index_dtype), call="F.fractional_max_pool2d", label="indices", gradient=True),
    Row("fractional_max_pool3d", _fractional_3d, (
        Sample((_DEEP, 2, 2), {"_random_samples": _drawn(1, 2, 3)}),
        Sample((_DEEP, (2, 3, 1)), {"output_ratio": (0.5, 0.5, 0.8), "_random_samples": _drawn(1, 2, 3)}),
    ), FLOATS, EXACT, gradient=True),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- attention


def _softmax(x: Array) -> Array:
    e = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True))


def _added(mask: Array) -> Array:
    return np.where(mask, -np.inf, 0.0) if mask.dtype == bool else mask


def _heads(
    query: Array, key: Array, value: Array, width: int, heads: int, in_weight: Array | None, in_bias: Array | None,
    bias_k: Array | None, bias_v: Array | None, add_zero_attn: bool, dropout_p: float, out_weight: Array,
    out_bias: Array | None, training: bool = True, key_padding_mask: Array | None = None, need_weights: bool = True,
    attn_mask: Array | None = None, use_separate_proj_weight: bool = False, q_proj_weight: Array | None = None,
    k_proj_weight: Array | None = None, v_proj_weight: Array | None = None, average_attn_weights: bool = True,
) -> Any:  # fmt: skip
    if query.ndim == 2:
        found, weights = _heads(
            query[:, None], key[:, None], value[:, None], width, heads, in_weight, in_bias, bias_k, bias_v,
            add_zero_attn, dropout_p, out_weight, out_bias, training, key_padding_mask, need_weights, attn_mask,
        )  # fmt: skip
        return found[:, 0], weights[0]
    if use_separate_proj_weight:
        parts: Any = (q_proj_weight, k_proj_weight, v_proj_weight)
    else:
        assert in_weight is not None
        parts = np.split(in_weight, 3)
    biases = np.split(in_bias, 3) if in_bias is not None else (0.0,) * 3
    q, k, v = (x @ w.T + b for x, w, b in zip((query, key, value), parts, biases, strict=True))
    (length, batch, _), size = q.shape, width // heads
    extra = [np.broadcast_to(b, (1, batch, width)) for b in (bias_k, bias_v) if b is not None]
    if extra:
        k, v = np.concatenate((k, extra[0])), np.concatenate((v, extra[1]))
    if add_zero_attn:
        k, v = (np.concatenate((x, np.zeros((1, batch, width)))) for x in (k, v))
    more = len(k) - len(key)
    found, weights = np.zeros((length, batch, width)), np.zeros((batch, heads, length, len(k)))
    for b, h in itertools.product(range(batch), range(heads)):
        part = slice(h * size, (h + 1) * size)
        scores = q[:, b, part] @ k[:, b, part].T / math.sqrt(size)
        if attn_mask is not None:
            mask = attn_mask if attn_mask.ndim == 2 else attn_mask[b * heads + h]
            scores = scores + np.pad(_added(mask), ((0, 0), (0, more)))
        if key_padding_mask is not None:
            scores = scores + np.pad(_added(key_padding_mask[b]), (0, more))
        weights[b, h] = _softmax(scores)
        found[:, b, part] = weights[b, h] @ v[:, b, part]
    result = found @ out_weight.T + (0 if out_bias is None else out_bias)
    return result, weights.mean(1) if average_attn_weights else weights


_Q, _K = Input((4, 2, 6)), Input((5, 2, 6))
_BODY = (6, 3, Input((18, 6)), Input((18,)))
_PLAIN = (*_BODY, None, None, False, 0.0, Input((6, 6)), Input((6,)))
_EXTRA = (*_BODY, Input((1, 1, 6)), Input((1, 1, 6)), True, 0.0, Input((6, 6)), None)
_MASKED = {"attn_mask": Input((4, 5)), "key_padding_mask": Input((2, 5))}
_SEPARATE = {
    "use_separate_proj_weight": True, "q_proj_weight": Input((6, 6)), "k_proj_weight": Input((6, 3)),
    "v_proj_weight": Input((6, 2)),
}  # fmt: skip


def _scale(query: Array, key: Array, value: Array, *rest: Any, **named: Any) -> Array:
    """The sizes of all factors: scores are exponents, and half precision knows them no better than that."""
    weights = [x for x in (*rest, *named.values()) if isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.ndim == 2]
    factor = math.prod(max(1.0, float(np.abs(w).max(initial=0))) for w in weights)
    return np.asarray(max(1.0, np.abs(value).max()) * factor * max(1.0, np.abs(query).max() * np.abs(key).max()) * 40)


_ATTENTION = (
    Row("multi_head_attention_forward", _heads, (
        Sample((_Q, _K, _K, *_PLAIN)),
        Sample((_Q, _K, _K, *_EXTRA), _MASKED),
        Sample((_Q, _K, _K, *_PLAIN), {"attn_mask": Input((6, 4, 5)), "average_attn_weights": False}),
        Sample((_Q, Input((5, 2, 3)), Input((5, 2, 2)), 6, 3, None, *_PLAIN[3:]), _SEPARATE),
        Sample((Input((4, 6)), Input((5, 6)), Input((5, 6)), *_PLAIN)),
    ), ("float32", "float64"), bound(40, _scale), (same, same), gradient=True, refusals=(
        Refusal(Sample((_Q, _K, _K, 5, *_PLAIN[1:])), AssertionError),
        Refusal(Sample((_Q, _K, _K, 6, 4, *_PLAIN[2:])), AssertionError),
        Refusal(Sample((_Q, _K, _K, *_PLAIN), {"is_causal": True})),
        Refusal(Sample((_Q, _K, _K, *_PLAIN), {"attn_mask": Input((4, 4))})),
        Refusal(Sample((_Q, _K, _K, *_PLAIN), {"key_padding_mask": Input((2, 4), MASK, "bool")}), AssertionError),
    )),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- projections


def _conv_tbc(x: Array, weight: Array, bias: Array, pad: int = 0) -> Array:
    x = np.pad(x, ((pad, pad), (0, 0), (0, 0)))
    width = len(weight)
    return np.asarray(sum(x[k : len(x) - width + 1 + k] @ weight[k] for k in range(width)) + np.asarray(bias))


def _linear_cross_entropy(x: Array, weight: Array, target: Array, linear_bias: Array | None = None) -> Array:
    scores = x @ weight.T + (0 if linear_bias is None else linear_bias)
    return np.asarray(-np.log(_softmax(scores))[np.arange(len(target)), target].mean())


def _norm_except_dim(v: Array, pow: int = 2, dim: int = 0) -> Array:
    rest = None if dim == -1 else tuple(d for d in range(v.ndim) if d != dim)
    return np.asarray((np.abs(v) ** pow).sum(rest, keepdims=dim != -1) ** (1 / pow))


_T, _W, _B = Input((6, 2, 3)), Input((3, 3, 4)), Input((4,))
_PROJECTIONS = (
    Row("conv_tbc", _conv_tbc, (Sample((_T, _W, _B)), Sample((_T, _W, _B, 2))), FLOATS,
        bound(10, lambda x, weight, *_: np.abs(x).max() * np.abs(weight).max() * 12 + 4, half=3), call="tp.conv_tbc",
        gradient=True, refusals=(Refusal(Sample((Input((6, 2)), _W, _B))), Refusal(Sample((_T, _W, _W))))),
    Row("linear_cross_entropy", _linear_cross_entropy, (
        Sample((Input((5, 3)), Input((4, 3)), Input((5,), index(4), "int64"))),
        Sample((Input((5, 3)), Input((4, 3)), Input((5,), index(4), "int64")), {"linear_bias": Input((4,))}),
    ), ("float32", "float64"), bound(16, lambda x, weight, *_, **__: np.abs(x).max() * np.abs(weight).max() * 12 + 8),
        gradient=True),
    Row("norm_except_dim", _norm_except_dim, (
        Sample((_T,)), Sample((_T, 2, 2)), Sample((_T, 3, 1)), Sample((_T, 2, -1)), Sample((_B,)),
    ), FLOATS, bound(40, half=3), gradient=True),
)  # fmt: skip

ROWS = (*_FRACTIONAL, *_ATTENTION, *_PROJECTIONS)
