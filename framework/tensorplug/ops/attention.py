"""Scaled dot-product attention."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.dtypes import bool_
from tensorplug.ops.activation import softmax
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import composite
from tensorplug.ops.dropout import dropout
from tensorplug.ops.linalg import matmul
from tensorplug.promotion import common_device

Tensor = Any


@composite(spaces=("F",), out=False)
def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """``softmax(query @ key.T * scale + mask) @ value``, over the last two dims.

    Args:
        query: shape (..., Hq, L, E).
        key: shape (..., H, S, E).
        value: shape (..., H, S, Ev).
        attn_mask: broadcasts to (..., L, S): bool, True where attention is allowed, or floating point, added to the
            scores. A row that allows nothing gives zeros.
        dropout_p: the probability with which weights are dropped (in eval, too: pass 0 there).
        is_causal: position i attends to positions up to i; not together with a mask.
        scale: by default ``1 / sqrt(E)``.
        enable_gqa: ``key`` and ``value`` have fewer heads (dim -3) than ``query``, each serving a group of its heads.

    Returns:
        Shape (..., Hq, L, Ev).

    Raises:
        RuntimeError: dtypes or shapes do not fit, or a mask together with ``is_causal``.

    Source: Vaswani et al., Attention is all you need, 2017.

    Example:
        >>> import tensorplug as tp
        >>> q = tp.zeros(1, 2, 4)
        >>> v = tp.tensor([[[1.0], [3.0]]])
        >>> tp.nn.functional.scaled_dot_product_attention(q, q, v)
        tensor([[[2.],
                 [2.]]])
    """
    _check(query, key, value, attn_mask, is_causal)
    if enable_gqa:
        key, value = _repeat_heads(query, key, value)
    if scale is None:
        scale = 1 / math.sqrt(query._shape[-1]) if query._shape[-1] else 1.0
    scores = matmul(query * scale, key.transpose(-2, -1))
    blind = None
    if is_causal:
        scores = _masked(scores, _causal_mask(query, query._shape[-2], key._shape[-2]))
    elif attn_mask is not None:
        scores = _masked(scores, attn_mask)
        blind = _rows_without_any(attn_mask)
    weights = softmax(scores, -1)
    if blind is not None:
        weights = weights.masked_fill(blind, 0)
    if dropout_p > 0.0:
        weights = dropout(weights, dropout_p)
    return matmul(weights, value)


def _check(query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None, is_causal: bool) -> None:
    common_device("scaled_dot_product_attention", (query, key, value))
    dtypes = [t._kind.dtype for t in (query, key, value)]
    if len(set(dtypes)) > 1:
        raise RuntimeError(
            "Expected query, key, and value to have the same dtype, but got query.dtype: "
            f"{dtypes[0]} key.dtype: {dtypes[1]} and value.dtype: {dtypes[2]} instead."
        )
    if any(len(t._shape) < 2 for t in (query, key, value)):
        raise RuntimeError("Expected query, key, and value to all be at least 2 dimensional")
    if attn_mask is None:
        return
    if is_causal:
        raise RuntimeError("Explicit attn_mask should not be set when is_causal=True")
    mask_dtype = attn_mask._kind.dtype
    if mask_dtype is not bool_ and mask_dtype is not query._kind.dtype:
        raise RuntimeError(
            "Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: "
            f"{mask_dtype} and query.dtype: {dtypes[0]} instead."
        )


def _repeat_heads(query: Tensor, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
    heads = query._shape[-3]
    if heads % key._shape[-3] or heads % value._shape[-3]:
        raise RuntimeError(
            f"Number of heads in key and value must divide the number of heads in query, got {heads}, "
            f"{key._shape[-3]} and {value._shape[-3]}"
        )
    return (
        key.repeat_interleave(heads // key._shape[-3], -3),
        value.repeat_interleave(heads // value._shape[-3], -3),
    )


def _causal_mask(query: Tensor, rows: int, columns: int) -> Tensor:
    return new_arange(query, columns) <= new_arange(query, rows).unsqueeze(1)


def _rows_without_any(attn_mask: Tensor) -> Tensor:
    """Which rows allow no position at all."""
    if attn_mask._kind.dtype is bool_:
        return ~attn_mask.any(-1, True)
    return (attn_mask == -math.inf).all(-1, True)


def _masked(scores: Tensor, attn_mask: Tensor) -> Tensor:
    return scores.masked_fill(~attn_mask, -math.inf) if attn_mask._kind.dtype is bool_ else scores + attn_mask
