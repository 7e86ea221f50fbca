"""Attention with several heads: projections, heads, attention, and the projection of the result."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.dtypes import FLOAT, bool_
from tensorplug.ops.activation import softmax
from tensorplug.ops.attention import scaled_dot_product_attention
from tensorplug.ops.define import composite
from tensorplug.ops.dropout import dropout
from tensorplug.ops.joining import cat
from tensorplug.ops.linalg import linear, matmul
from tensorplug.shapes import Shape

Tensor = Any


@composite(spaces=("F",), out=False)
def multi_head_attention_forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None,
    bias_k: Tensor | None,
    bias_v: Tensor | None,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor | None,
    training: bool = True,
    key_padding_mask: Tensor | None = None,
    need_weights: bool = True,
    attn_mask: Tensor | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Tensor | None = None,
    k_proj_weight: Tensor | None = None,
    v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None,
    static_v: Tensor | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> Any:
    """Attention of ``num_heads`` heads side by side, with weights given.

    Args:
        query: shape (L, N, E), or (L, E) without the batch dim.
        key, value: shape (S, N, Ek) and (S, N, Ev); E each unless there are separate weights.
        embed_dim_to_check: what E has to be.
        num_heads: of ``E / num_heads`` numbers each.
        in_proj_weight, in_proj_bias: of the three projections, shape (3 * E, E) and (3 * E,).
        bias_k, bias_v: one more key and value for all, shape (1, 1, E).
        add_zero_attn: whether there is one more key and value of zeros.
        dropout_p: the probability with which attention weights are dropped in training.
        out_proj_weight, out_proj_bias: of the last projection.
        key_padding_mask: shape (N, S): keys to leave out (bool, True), or numbers to add to their scores.
        need_weights: whether to return the attention weights.
        attn_mask: shape (L, S) or (N * num_heads, L, S): pairs to leave out (bool, True), or numbers to add to scores.
        use_separate_proj_weight: whether the projections are ``q_proj_weight``, ``k_proj_weight``, ``v_proj_weight``.
        static_k, static_v: keys and values by head, shape (N * num_heads, S, E / num_heads), instead of projections.
        average_attn_weights: whether the weights returned are the means of the heads'.
        is_causal: a hint that ``attn_mask``, which has to be given, is the causal one.

    Returns:
        The result, shape (L, N, E), and the weights, shape (N, L, S) or (N, num_heads, L, S), or None.

    Raises:
        AssertionError: sizes that do not fit each other.
        RuntimeError: ``is_causal`` without a mask, or a mask of another shape.

    Source: Vaswani et al., Attention is all you need, 2017.

    Example:
        >>> import tensorplug as tp
        >>> x, w, b = tp.ones(3, 1, 2), tp.ones(6, 2), tp.zeros(6)
        >>> result, weights = tp.nn.functional.multi_head_attention_forward(
        ...     x, x, x, 2, 1, w, b, None, None, False, 0.0, tp.eye(2), tp.zeros(2))
        >>> weights[0, 0]
        tensor([0.3333, 0.3333, 0.3333])
    """
    batched = _check_ranks(query, key, value, key_padding_mask, attn_mask, num_heads)
    if is_causal and attn_mask is None:
        raise RuntimeError("Need attn_mask if specifying the is_causal hint.")
    if not batched:
        query, key, value = query.unsqueeze(1), key.unsqueeze(1), value.unsqueeze(1)
        key_padding_mask = None if key_padding_mask is None else key_padding_mask.unsqueeze(0)
    length, batch, width = query._shape
    _check_sizes(query, key, value, embed_dim_to_check, num_heads, use_separate_proj_weight)
    dtype = query._kind.dtype
    padding = _additive("key_padding_mask", key_padding_mask, dtype)
    mask = _additive("attn_mask", attn_mask, dtype)

    weights = (
        (q_proj_weight, k_proj_weight, v_proj_weight)
        if use_separate_proj_weight
        else (None,) * 3
        if in_proj_weight is None
        else in_proj_weight.chunk(3)
    )
    if any(w is None for w in weights):
        raise AssertionError("multi_head_attention_forward: the weights of a projection are None")
    biases = (None,) * 3 if in_proj_bias is None else in_proj_bias.chunk(3)
    q, k, v = (linear(x, w, b) for x, w, b in zip((query, key, value), weights, biases, strict=True))
    if mask is not None:
        mask = _checked_mask(mask, length, key._shape[0], batch * num_heads)

    if (bias_k is None) != (bias_v is None):
        raise AssertionError("multi_head_attention_forward: bias_k and bias_v go together")
    if bias_k is not None and bias_v is not None:
        if static_k is not None or static_v is not None:
            raise AssertionError("bias cannot be added to static key or value.")
        k, v = (cat([x, b.expand(1, batch, b._shape[-1])]) for x, b in ((k, bias_k), (v, bias_v)))
        mask, padding = _one_more(mask), _one_more(padding)

    head = width // num_heads
    q = q.reshape(length, batch * num_heads, head).transpose(0, 1)
    k = _by_head("static_k", k, static_k, batch * num_heads, head)
    v = _by_head("static_v", v, static_v, batch * num_heads, head)
    if add_zero_attn:
        zeros = q.new_zeros((batch * num_heads, 1, head))
        k, v = cat([k, zeros], 1), cat([v, zeros], 1)
        mask, padding = _one_more(mask), _one_more(padding)
    mask = _joined(mask, padding, batch, num_heads, k._shape[1])
    p = dropout_p if training else 0.0
    found, attention = _attend(q, k, v, mask, p, need_weights)

    result = found.transpose(0, 1).reshape(length, batch, width)
    result = linear(result, out_proj_weight, out_proj_bias)
    if attention is not None:
        attention = attention.reshape(batch, num_heads, length, k._shape[1])
        attention = attention.mean(1) if average_attn_weights else attention
    if batched:
        return result, attention
    return result.squeeze(1), None if attention is None else attention.squeeze(0)


def _attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, p: float, need_weights: bool) -> tuple[Tensor, Any]:
    """The values that each head sees, and its weights if they are wanted."""
    if not need_weights:
        return scaled_dot_product_attention(q, k, v, mask, p), None
    scores = matmul(q * math.sqrt(1.0 / q._shape[-1]), k.transpose(1, 2))
    attention = softmax(scores if mask is None else scores + mask, -1)
    if p > 0.0:
        attention = dropout(attention, p)
    return matmul(attention, v), attention


def _check_ranks(
    query: Tensor, key: Tensor, value: Tensor, padding: Tensor | None, mask: Tensor | None, heads: int
) -> bool:
    """Whether there is a batch dim."""
    rank = len(query._shape)
    if rank not in (2, 3):
        raise AssertionError(f"query should be unbatched 2D or batched 3D tensor but received {rank}-D query tensor")
    if len(key._shape) != rank or len(value._shape) != rank:
        raise AssertionError(
            f"For {rank}-D query expected key and value of as many dims but found {len(key._shape)}-D and "
            f"{len(value._shape)}-D tensors respectively"
        )
    if padding is not None and len(padding._shape) != rank - 1:
        raise AssertionError(
            f"For {rank}-D query expected key_padding_mask to be None or {rank - 1}-D but found "
            f"{len(padding._shape)}-D tensor instead"
        )
    if mask is not None and len(mask._shape) not in (2, 3):
        raise AssertionError(f"expected attn_mask to be None, 2-D or 3-D but found {len(mask._shape)}-D tensor instead")
    if rank == 2 and mask is not None and len(mask._shape) == 3:
        wanted = (heads, query._shape[0], key._shape[0])
        if mask._shape != wanted:
            raise AssertionError(f"Expected attn_mask shape to be {wanted} but got {tuple(mask._shape)}")
    return rank == 3


def _check_sizes(query: Tensor, key: Tensor, value: Tensor, width: int, heads: int, separate: bool) -> None:
    found = query._shape[-1]
    if found != width:
        raise AssertionError(f"was expecting embedding dimension of {width}, but got {found}")
    if width % heads:
        raise AssertionError(f"embed_dim {width} not divisible by num_heads {heads}")
    if separate and key._shape[:2] != value._shape[:2]:
        raise AssertionError(
            f"key's sequence and batch dims {tuple(key._shape[:2])} do not match value's {tuple(value._shape[:2])}"
        )
    if not separate and key._shape != value._shape:
        raise AssertionError(f"key shape {tuple(key._shape)} does not match value shape {tuple(value._shape)}")


def _additive(name: str, mask: Tensor | None, dtype: Any) -> Tensor | None:
    """A mask as numbers to add to scores."""
    if mask is None:
        return None
    if mask._kind.dtype is bool_:
        return mask.new_zeros(mask._shape, dtype=dtype).masked_fill(mask, -math.inf)
    if mask._kind.dtype.category != FLOAT:
        raise AssertionError(f"only bool and floating types of {name} are supported, got {mask._kind.dtype}")
    return mask.to(dtype)


def _checked_mask(mask: Tensor, length: int, keys: int, all_heads: int) -> Tensor:
    if len(mask._shape) == 2:
        mask = mask.unsqueeze(0)
        wanted: Shape = (1, length, keys)
    else:
        wanted = (all_heads, length, keys)
    if mask._shape != wanted:
        raise RuntimeError(
            f"The shape of the {len(wanted)}D attn_mask is {tuple(mask._shape)}, but should be {wanted}."
        )
    return mask


def _one_more(mask: Tensor | None) -> Tensor | None:
    """The mask of one more key, which is not left out."""
    return None if mask is None else cat([mask, mask.new_zeros((*mask._shape[:-1], 1))], -1)


def _by_head(name: str, projected: Tensor, static: Tensor | None, all_heads: int, head: int) -> Tensor:
    if static is None:
        return projected.reshape(projected._shape[0], all_heads, head).transpose(0, 1)
    if static._shape[0] != all_heads or static._shape[2] != head:
        raise AssertionError(f"expecting {name} of shape ({all_heads}, *, {head}), but got {tuple(static._shape)}")
    return static


def _joined(mask: Tensor | None, padding: Tensor | None, batch: int, heads: int, keys: int) -> Tensor | None:
    """What is added to the scores, of shape (batch * heads or 1, L or 1, S)."""
    if padding is None:
        return mask
    if padding._shape != (batch, keys):
        raise AssertionError(f"expecting key_padding_mask shape of {(batch, keys)}, but got {tuple(padding._shape)}")
    spread = padding.reshape(batch, 1, 1, keys).expand(batch, heads, 1, keys).reshape(batch * heads, 1, keys)
    return spread if mask is None else mask + spread
