"""Samples of embedding, dropout, attention, and functions of pairs of vectors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import FLOATS, SINGLES, Array
from tensorplug_conformance.sample import DRAWS_SEED, EXACT, Input, Refusal, Row, Sample, bound, index_dtype
from tensorplug_conformance.samples import stream
from tensorplug_conformance.values import MASK, index, items

# ------------------------------------------------------------------------------------------------- embedding


def _embedding(at: Array, weight: Array, padding_idx: int | None = None, scale_grad_by_freq: bool = False) -> Array:
    return weight[at]


def _bags(at: Array, offsets: Array | None, include_last_offset: bool) -> list[list[int]]:
    if offsets is None:
        size = at.shape[1]
        return [list(range(i * size, (i + 1) * size)) for i in range(len(at))]
    ends = list(offsets[1:]) if include_last_offset else [*offsets[1:], at.size]
    return [list(range(int(a), int(b))) for a, b in zip(offsets, ends, strict=False)]


def _embedding_bag(
    at: Array,
    weight: Array,
    offsets: Array | None = None,
    mode: str = "mean",
    per_sample_weights: Array | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Array:
    flat = at.reshape(-1)
    factors = np.ones(flat.size) if per_sample_weights is None else per_sample_weights.reshape(-1)
    out = []
    for bag in _bags(at, offsets, include_last_offset):
        kept = [i for i in bag if padding_idx is None or flat[i] != padding_idx]
        rows = weight[flat[kept]] * factors[kept][:, None]
        if not kept:
            out.append(np.zeros(weight.shape[1]))
        else:
            out.append({"sum": rows.sum(0), "mean": rows.mean(0), "max": rows.max(0)}[mode])
    return np.stack(out)


_TABLE = Input((6, 4))
_AT = Input((3, 5), index(6), "int64")
_FLAT, _OFFSETS = Input((9,), index(6), "int64"), Input((4,), items(0, 3, 3, 7), "int64", "contiguous")

_EMBEDDING = (
    Row("embedding", _embedding, (
        Sample((_AT, _TABLE)), Sample((Input((), index(6), "int64"), _TABLE)),
        Sample((Input((0,), index(1), "int64"), _TABLE)),
        Sample((Input((4,), index(6), "int32"), _TABLE)), Sample((_AT, _TABLE), {"padding_idx": 2}, gradient=False),
        Sample((_AT, _TABLE), {"scale_grad_by_freq": True}, gradient=False),
    ), FLOATS, call="F.embedding", gradient=True, covers=("lookup", "lookup_backward"),
        refusals=(Refusal(Sample((Input((3,), items(0, 6), "int64"), _TABLE)), IndexError),
            Refusal(Sample((Input((3,)), _TABLE))))),
    Row("embedding_bag", _embedding_bag, (
        *[Sample((_AT, _TABLE), {"mode": mode}) for mode in ("mean", "sum", "max")],
        Sample((_AT, _TABLE), {"mode": "sum", "per_sample_weights": Input((3, 5))}),
        Sample((_AT, _TABLE), {"mode": "mean", "padding_idx": 1}, gradient=False),
    ), FLOATS, bound(9, half=2), call="F.embedding_bag", gradient=True),
    Row("embedding_bag", _embedding_bag, (
        *[Sample((_FLAT, _TABLE, _OFFSETS), {"mode": mode}) for mode in ("mean", "sum", "max")],
        Sample((_FLAT, _TABLE, Input((4,), items(0, 3, 3, 9), "int64", "contiguous")),
            {"mode": "sum", "include_last_offset": True}),
    ), FLOATS, bound(9, half=2), call="F.embedding_bag", label="offsets", gradient=True, data_dependent=True),
    Row("one_hot", lambda at, n=-1: np.eye(max(n, 6), dtype=np.int64)[at],
        (Sample((_AT, 6)), Sample((Input((), index(6), "int64"), 8))),
        ("int64",), EXACT, index_dtype, call="F.one_hot", data_dependent=True,
        refusals=(Refusal(Sample((_AT, 3)), dtype="int64"),
            Refusal(Sample((Input((3,), items(-1, 0), "int64"),)), dtype="int64"))),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- dropout


def _drop(x: Array, p: float, training: bool, channels: int | None, dtype: str) -> Array:
    if not training or p == 0:
        return x
    shape = x.shape if channels is None else x.shape[:channels] + (1,) * (x.ndim - channels)
    kept = stream.uniform(shape, DRAWS_SEED, dtype) >= p
    return x * kept * (1 / (1 - p) if p < 1 else 0)


_FLOOR = -1.7580993408473766


def _alpha_drop(x: Array, p: float, training: bool, channels: int | None, dtype: str) -> Array:
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    shape = x.shape if channels is None else x.shape[:channels] + (1,) * (x.ndim - channels)
    kept = stream.uniform(shape, DRAWS_SEED, dtype) >= p
    scale = 1 / math.sqrt((1 - p) * (1 + p * _FLOOR**2))
    return (np.where(kept, x, _FLOOR) - p * _FLOOR) * scale


def _dropouts(dtypes: tuple[str, ...]) -> tuple[Row, ...]:
    draw = dtypes[0]
    label = "" if draw == "float32" else draw
    x = {1: Input((4, 6)), 3: Input((2, 3, 4)), 4: Input((2, 3, 4, 5)), 5: Input((2, 3, 2, 3, 2))}

    def row(name: str, shape: Input, channels: int | None, function: Any = _drop, default: bool = True) -> Row:
        def reference(x: Array, p: float = 0.5, training: bool = default) -> Array:
            return np.asarray(function(x, p, training, channels, draw))

        samples = (
            *[Sample((shape, p, True)) for p in (0.5, 0.25, 0.0, 1.0)],
            Sample((shape, 0.5, False)),
            Sample((Input((0, *shape.shape[1:])), 0.5, True)),
        )
        oracle = bound(2, lambda x, *_: np.abs(x) * 2 + 2, half=3)
        refusals = (Refusal(Sample((shape, 1.5, True)), ValueError),) if name != "feature_dropout" else ()
        prefix = "tp" if name == "feature_dropout" else "F"
        return Row(
            name,
            reference,
            samples,
            dtypes,
            oracle,
            call=f"{prefix}.{name}",
            label=label,
            gradient=True,
            draws=True,
            view="maybe",
            refusals=refusals,
        )

    covers = ("drop", "alpha_drop")
    return (
        row("dropout", x[1], None)._replace(covers=covers), row("dropout1d", x[3], 2), row("dropout2d", x[4], 2),
        row("dropout3d", x[5], 2),
        row("feature_dropout", x[3], 2), row("alpha_dropout", x[1], None, _alpha_drop, False),
        row("feature_alpha_dropout", x[4], 2, _alpha_drop, False),
    )  # fmt: skip


_DROPOUT = (*_dropouts(("float32", "float16", "bfloat16")), *_dropouts(("float64",)))

# ------------------------------------------------------------------------------------------------- attention


def _softmax(x: Array) -> Array:
    top = x.max(-1, keepdims=True, initial=-np.inf)
    powers = np.exp(x - np.where(np.isfinite(top), top, 0))
    total = powers.sum(-1, keepdims=True)
    return powers / np.where(total == 0, 1, total)


def _attention(
    q: Array, k: Array, v: Array, attn_mask: Array | None = None, dropout_p: float = 0.0, is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Array:  # fmt: skip
    if enable_gqa:
        k, v = (np.repeat(x, q.shape[-3] // x.shape[-3], -3) for x in (k, v))
    scores = q @ np.swapaxes(k, -1, -2) * (1 / math.sqrt(q.shape[-1]) if scale is None else scale)
    if is_causal:
        attn_mask = np.tril(np.ones(scores.shape[-2:], bool))
    if attn_mask is not None:
        scores = np.where(attn_mask, scores, -np.inf) if attn_mask.dtype == bool else scores + attn_mask
    return np.asarray(_softmax(scores) @ v)


_Q, _K, _V = Input((2, 3, 5, 4)), Input((2, 3, 6, 4)), Input((2, 3, 6, 3))
_ATTENTION = (
    Row("scaled_dot_product_attention", _attention, (
        Sample((_Q, _K, _V)), Sample((Input((5, 4)), Input((6, 4)), Input((6, 4)))),
        Sample((_Q, _K, _V, Input((5, 6), MASK, "bool"))),
        Sample((_Q, _K, _V, Input((2, 1, 5, 6)))), Sample((_Q, _K, _V), {"is_causal": True}),
        Sample((_Q, _K, _V), {"scale": 0.3}),
        Sample((Input((2, 4, 5, 4)), Input((2, 2, 6, 4)), Input((2, 2, 6, 3))), {"enable_gqa": True}),
        Sample((_Q, _K, _V, Input((5, 6), items(False), "bool"))),
        Sample((Input((1, 2, 67, 32)), Input((1, 2, 131, 32)), Input((1, 2, 131, 16))), dtypes=("float32", "float16")),
    ), FLOATS,
    bound(lambda q, k, v, *_, **__: k.shape[-2], lambda q, k, v, *_,
        **__: np.abs(v).max(initial=0) * (2 + np.abs(q).max(initial=0) * np.abs(k).max(initial=0) * 2), half=3),
        call="F.scaled_dot_product_attention", gradient=True,
        refusals=(Refusal(Sample((_Q, _K, _V, Input((5, 6), MASK, "bool")), {"is_causal": True})),
            Refusal(Sample((Input((4,)), Input((4,)), Input((4,))))))),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- pairs


def _length(x: Array, p: float, axis: int = -1, keepdims: bool = False) -> Array:
    size = np.abs(x)
    if p == math.inf:
        return np.asarray(size.max(axis, keepdims=keepdims, initial=0))
    if p == 0:
        return np.asarray((size != 0).sum(axis, keepdims=keepdims).astype(np.float64))
    return np.asarray((size**p).sum(axis, keepdims=keepdims) ** (1 / p))


def _cosine_similarity(a: Array, b: Array, dim: int = 1, eps: float = 1e-8) -> Array:
    a, b = np.broadcast_arrays(a, b)
    lengths = np.maximum(_length(a, 2, dim), eps) * np.maximum(_length(b, 2, dim), eps)
    return np.asarray((a * b).sum(dim) / lengths)


def _pairwise(a: Array, b: Array, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Array:
    return _length(a - b + eps, p, -1, keepdim)


def _pdist(x: Array, p: float = 2.0) -> Array:
    rows, columns = np.triu_indices(len(x), 1)
    return _length(x[rows] - x[columns], p)


def _cdist(a: Array, b: Array, p: float = 2.0) -> Array:
    return _length(a[..., :, None, :] - b[..., None, :, :], p)


def _bilinear(a: Array, b: Array, weight: Array, bias: Array | None = None) -> Array:
    found = np.einsum("...i,oij,...j->...o", a, weight, b)
    return found if bias is None else found + bias


_A, _B, _P = Input((5, 4)), Input((5, 4)), Input((5, 4), layout="strided")
_WIDE = bound(8, lambda a, *_, **__: 4 * np.abs(a).max(initial=0) * math.sqrt(a.shape[-1] + 1) + 4, half=4)
_PAIRS = (
    Row("cosine_similarity", _cosine_similarity, (
        Sample((_A, _B)), Sample((_A, _B), {"dim": 0}), Sample((Input((5, 4)), Input((4,))), {"dim": -1}),
        Sample((Input((2, 3, 4)), Input((2, 3, 4))), {"dim": 2, "eps": 1e-4}),
        Sample((Input((3, 4), items(0)), Input((3, 4))), dtypes=SINGLES),
    ), FLOATS, bound(8, lambda *_, **__: 2.0, half=4), call="F.cosine_similarity", gradient=True),
    Row("pairwise_distance", _pairwise, (
        Sample((_A, _B)), Sample((_A, _B), {"p": 1.0, "keepdim": True}), Sample((_A, _B), {"p": 3.0, "eps": 1e-3}),
        Sample((Input((4,)), _B)),
        Sample((_A, _B), {"p": math.inf}),
    ), FLOATS, _WIDE, call="F.pairwise_distance", gradient=True),
    Row("pdist", _pdist,
        (Sample((_P,)), Sample((_P, 1.0)), Sample((_P, 3.0)), Sample((_P, math.inf)), Sample((Input((1, 4)),)),
            Sample((Input((17, 3)),))),
        FLOATS, _WIDE, call="F.pdist", gradient=True),
    Row("cdist", _cdist, (
        Sample((_A, Input((3, 4)))), Sample((_A, Input((3, 4)), 1.0)), Sample((_A, Input((3, 4)), 3.0)),
        Sample((_A, Input((3, 4)), math.inf)),
        Sample((Input((2, 5, 4)), Input((2, 3, 4)))),
        Sample((Input((2, 5, 4)), Input((3, 4))), hazards=("broadcast",)), Sample((Input((30, 4)), Input((29, 4)))),
        Sample((Input((0, 4)), Input((3, 4)))), Sample((_A, Input((3, 4)), 0.0), gradient=False),
    ), FLOATS, _WIDE, call="tp.cdist", gradient=True, covers=("euclidean_cdist",)),
    Row("bilinear", _bilinear, (
        Sample((Input((5, 3)), Input((5, 4)), Input((2, 3, 4)), Input((2,)))),
        Sample((Input((5, 3)), Input((5, 4)), Input((2, 3, 4)))),
        Sample((Input((2, 5, 3)), Input((2, 5, 4)), Input((2, 3, 4)), Input((2,)))),
    ), FLOATS, bound(13, lambda a, b, w, bias=None: _bilinear(abs(a), abs(b), abs(w)) + 1, half=3), call="F.bilinear",
    gradient=True),
)  # fmt: skip

ROWS = (*_EMBEDDING, *_DROPOUT, *_ATTENTION, *_PAIRS)
