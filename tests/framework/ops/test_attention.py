"""Scaled dot-product attention: masks, scale, shared heads, gradients."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import tensorplug as tp
from tensorplug.autograd import gradcheck, gradgradcheck
from tensorplug.nn import functional as F


def draw(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


def attention(
    q: np.ndarray, k: np.ndarray, v: np.ndarray, allowed: Any = True, scale: float | None = None
) -> np.ndarray:
    scores = q @ np.swapaxes(k, -2, -1) * (scale or 1 / math.sqrt(q.shape[-1]))
    powers = np.where(allowed, np.exp(scores), 0)
    total = powers.sum(-1, keepdims=True)
    return np.where(total > 0, powers / np.where(total > 0, total, 1), 0) @ v


Q, K, V = draw(2, 3, 4, 5), draw(2, 3, 6, 5, seed=1), draw(2, 3, 6, 2, seed=2)
q, k, v = tp.from_numpy(Q), tp.from_numpy(K), tp.from_numpy(V)


def test_weights_are_the_softmax_of_scaled_products() -> None:
    np.testing.assert_allclose(F.scaled_dot_product_attention(q, k, v).numpy(), attention(Q, K, V))
    found = F.scaled_dot_product_attention(q, k, v, scale=0.3)
    np.testing.assert_allclose(found.numpy(), attention(Q, K, V, scale=0.3))


def test_causal_positions_see_themselves_and_what_came_before() -> None:
    found = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    np.testing.assert_allclose(found.numpy(), attention(Q, K, V, np.tri(4, 6, dtype=bool)))


@pytest.mark.parametrize("shape", [(4, 6), (1, 6), (2, 1, 4, 6)])
def test_bool_masks_allow_and_rows_that_allow_nothing_give_zeros(shape: tuple[int, ...]) -> None:
    allowed = draw(*shape) > 0
    allowed[..., 0, :] = False
    found = F.scaled_dot_product_attention(q, k, v, tp.from_numpy(allowed))
    np.testing.assert_allclose(found.numpy(), attention(Q, K, V, allowed))


def test_float_masks_are_added() -> None:
    bias = draw(4, 6)
    bias[1] = -math.inf
    found = F.scaled_dot_product_attention(q, k, v, tp.from_numpy(bias))
    scores = Q @ np.swapaxes(K, -2, -1) / math.sqrt(5) + bias
    powers = np.exp(scores)
    total = powers.sum(-1, keepdims=True)
    np.testing.assert_allclose(found.numpy(), powers / np.where(total > 0, total, 1) @ V)


def test_heads_of_queries_share_those_of_keys_and_values() -> None:
    more = draw(2, 6, 4, 5, seed=3)
    found = F.scaled_dot_product_attention(tp.from_numpy(more), k, v, enable_gqa=True)
    np.testing.assert_allclose(found.numpy(), attention(more, np.repeat(K, 2, 1), np.repeat(V, 2, 1)))


@pytest.mark.parametrize("options", [{}, {"is_causal": True}, {"attn_mask": tp.from_numpy(draw(4, 6) > 0)}])
def test_gradients_of_first_and_second_order_agree_with_differences(options: dict[str, Any]) -> None:
    inputs = [x[0, 0].clone().requires_grad_() for x in (q, k, v)]

    def function(*x: tp.Tensor) -> tp.Tensor:
        return F.scaled_dot_product_attention(*x, **options)

    assert gradcheck(function, inputs)
    assert gradgradcheck(function, inputs)


def test_dropout_of_weights() -> None:
    tp.manual_seed(0)
    ones = tp.ones(1, 2000, 1)
    found = F.scaled_dot_product_attention(tp.zeros(1, 1, 1), ones, ones, dropout_p=0.5)
    assert found.item() == pytest.approx(1, abs=0.1)
    assert found.item() != 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((q, k.float(), v), "same dtype"),
        ((q[0, 0, 0], k, v), "2 dimensional"),
        ((q, k, v, tp.ones(4, 6, dtype=tp.int64)), "attn_mask dtype"),
        ((q, k, v, tp.ones(4, 6, dtype=tp.bool), 0.0, True), "is_causal"),
        ((q, k[:, :2], v[:, :2], None, 0.0, False, None, True), "divide"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        F.scaled_dot_product_attention(*arguments)
