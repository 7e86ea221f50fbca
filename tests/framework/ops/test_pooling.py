"""Pooling: values by their definition, ties, NaN, padding and ceil mode, indices, gradients of two orders, refusals."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tensorplug as tp
from tensorplug.autograd import gradcheck, gradgradcheck
from tensorplug.nn import functional as F


def draw(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


def leaf(*shape: int, seed: int = 0) -> tp.Tensor:
    return tp.tensor(draw(*shape, seed=seed), requires_grad=True)


def pooled(x: np.ndarray, size: tuple[int, int], windows: Callable[[int, int], tuple[Any, Any]], f: Any) -> np.ndarray:
    """``f`` of each window of images, given as two slices (or index arrays for rows and columns)."""
    out = np.empty((*x.shape[:-2], *size))
    for i, j in np.ndindex(size):
        rows, columns = windows(i, j)
        out[..., i, j] = f(x[..., rows, columns].reshape(*x.shape[:-2], -1))
    return out


def test_max_pool_takes_the_largest_of_each_window() -> None:
    x = draw(2, 3, 7, 8)
    result = F.max_pool2d(tp.tensor(x), (3, 2), stride=(2, 3), padding=(1, 0), dilation=(1, 2))
    padded = np.pad(x, [(0, 0), (0, 0), (1, 1), (0, 0)], constant_values=-np.inf)
    windows = lambda i, j: (slice(2 * i, 2 * i + 3), slice(3 * j, 3 * j + 3, 2))  # noqa: E731
    np.testing.assert_array_equal(result.numpy(), pooled(padded, (4, 2), windows, lambda w: w.max(-1)))


def test_ceil_mode_adds_a_last_window_that_starts_within_the_input() -> None:
    x = tp.arange(1.0, 6.0).reshape(1, 1, 5)
    assert F.max_pool1d(x, 2, ceil_mode=True).tolist() == [[[2.0, 4.0, 5.0]]]
    assert F.avg_pool1d(x, 2, ceil_mode=True).tolist() == [[[1.5, 3.5, 5.0]]]
    assert F.max_pool1d(x[..., :3], 1, stride=3, ceil_mode=True).shape == (1, 1, 1)


def test_indices_are_places_in_the_flattened_image() -> None:
    x = tp.tensor(draw(2, 3, 6, 6))
    values, indices = F.max_pool2d(x, 3, stride=2, padding=1, return_indices=True)
    assert indices.dtype == tp.int64
    assert tp.equal(x.flatten(2).gather(2, indices.flatten(2)).reshape(values.shape), values)


def test_of_equal_elements_the_first_counts_and_gets_the_gradient() -> None:
    x = tp.ones(1, 1, 2, 4, requires_grad=True)
    values, indices = F.max_pool2d(x, 2, return_indices=True)
    values.sum().backward()
    assert indices.tolist() == [[[[0, 2]]]]
    assert x.grad.tolist() == [[[[1.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0]]]]


def test_nan_wins_and_the_last_of_them_gets_the_gradient() -> None:
    nan = math.nan
    x = tp.tensor([[[1.0, nan, 2.0, nan, 5.0, 4.0, 3.0, 2.0]]], requires_grad=True)
    values, indices = F.max_pool1d(x, 4, return_indices=True)
    values.sum().backward()
    assert values.isnan().tolist() == [[[True, False]]]
    assert indices.tolist() == [[[3, 4]]]
    assert x.grad.tolist() == [[[0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]]]


def test_windows_of_minus_infinity_point_into_the_input() -> None:
    x = tp.full((1, 1, 2, 2), -math.inf, requires_grad=True)
    values, indices = F.max_pool2d(x, 3, padding=1, return_indices=True)
    values.backward(tp.ones_like(values))
    assert indices.tolist() == [[[[0]]]]
    assert x.grad.tolist() == [[[[1.0, 0.0], [0.0, 0.0]]]]


def test_overlapping_windows_add_up_their_gradients() -> None:
    x = tp.tensor([[[0.0, 3.0, 1.0, 2.0]]], requires_grad=True)
    F.max_pool1d(x, 2, stride=1).backward(tp.tensor([[[1.0, 10.0, 100.0]]]))
    assert x.grad.tolist() == [[[0.0, 11.0, 0.0, 100.0]]]


@pytest.mark.parametrize("dtype", [tp.int64, tp.uint8])
def test_integers_are_pooled(dtype: tp.dtype) -> None:
    x = tp.tensor([[[3, 5, 4, 0]]], dtype=dtype)
    assert F.max_pool1d(x, 3, stride=1, padding=1).tolist() == [[[5, 5, 5, 4]]]
    assert F.avg_pool1d(x, 3).tolist() == [[[4]]]


@pytest.mark.parametrize("with_padding", [True, False])
def test_avg_pool_divides_by_the_elements_that_count(with_padding: bool) -> None:
    x = draw(2, 3, 5, 6)
    result = F.avg_pool2d(tp.tensor(x), 3, 2, 1, count_include_pad=with_padding)
    padded = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)], constant_values=0 if with_padding else np.nan)
    windows = lambda i, j: (slice(2 * i, 2 * i + 3), slice(2 * j, 2 * j + 3))  # noqa: E731
    np.testing.assert_allclose(result.numpy(), pooled(padded, (3, 3), windows, lambda w: np.nanmean(w, -1)))


def test_divisor_override_divides_sums() -> None:
    x = tp.ones(1, 1, 4, 4)
    assert F.avg_pool2d(x, 2, divisor_override=8).tolist() == [[[[0.5, 0.5], [0.5, 0.5]]]]
    with pytest.raises(RuntimeError, match="divisor must be not zero"):
        F.avg_pool2d(x, 2, divisor_override=0)


def region(i: int, n: int, m: int) -> slice:
    return slice(i * n // m, -(-(i + 1) * n // m))


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (4, 5), (6, 10), (7, 10)])
def test_adaptive_pools_cut_the_input_into_regions(size: tuple[int, int]) -> None:
    x = draw(2, 3, 7, 10)
    windows = lambda i, j: (region(i, 7, size[0]), region(j, 10, size[1]))  # noqa: E731
    mean = F.adaptive_avg_pool2d(tp.tensor(x), size)
    np.testing.assert_allclose(mean.numpy(), pooled(x, size, windows, lambda w: w.mean(-1)))
    values, indices = F.adaptive_max_pool2d(tp.tensor(x), size, return_indices=True)
    np.testing.assert_array_equal(values.numpy(), pooled(x, size, windows, lambda w: w.max(-1)))
    assert tp.equal(tp.tensor(x).flatten(2).gather(2, indices.flatten(2)).reshape(values.shape), values)


def test_none_keeps_a_size_in_adaptive_pools() -> None:
    assert F.adaptive_avg_pool2d(tp.ones(1, 1, 4, 6), (None, 3)).shape == (1, 1, 4, 3)


def test_infinity_stays_in_its_region() -> None:
    x = tp.tensor([[[math.inf, 1.0, 2.0]]])
    assert F.adaptive_avg_pool1d(x, 2).tolist() == [[[math.inf, 1.5]]]


def test_lp_pool_is_the_norm_of_each_window() -> None:
    x = np.abs(draw(1, 2, 4, 6))
    windows = lambda i, j: (slice(2 * i, 2 * i + 2), slice(2 * j, 2 * j + 2))  # noqa: E731
    expected = pooled(x, (2, 3), windows, lambda w: (w**3).sum(-1) ** (1 / 3))
    np.testing.assert_allclose(F.lp_pool2d(tp.tensor(x), 3.0, 2).numpy(), expected)


def test_unpooling_puts_maxima_back() -> None:
    x = tp.tensor(draw(1, 2, 5, 4))
    values, indices = F.max_pool2d(x, 2, return_indices=True)
    back = F.max_unpool2d(values, indices, 2, output_size=(5, 4))
    assert tp.equal(back, x.where(back != 0, 0.0))
    assert tp.equal(F.max_pool2d(back.where(back != 0, -math.inf), 2), values)
    with pytest.raises(ValueError, match="invalid output_size"):
        F.max_unpool2d(values, indices, 2, output_size=(7, 4))


DIFFERENTIABLE: dict[str, Callable[[Any], Any]] = {
    "max_pool": lambda x: F.max_pool2d(x, 2, stride=1, padding=1),
    "max_pool with indices": lambda x: F.max_pool2d(x, 2, return_indices=True)[0],
    "avg_pool": lambda x: F.avg_pool2d(x, (2, 3), stride=(1, 2), padding=1, ceil_mode=True, count_include_pad=False),
    "adaptive_avg_pool": lambda x: F.adaptive_avg_pool2d(x, (2, 3)),
    "adaptive_max_pool": lambda x: F.adaptive_max_pool2d(x, (2, 3)),
    "adaptive_max_pool, even": lambda x: F.adaptive_max_pool2d(x, 2),
    "lp_pool": lambda x: F.lp_pool2d(x.abs() + 1, 2.0, 2),
}


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_gradients_of_two_orders_agree_with_differences(name: str) -> None:
    assert gradcheck(DIFFERENTIABLE[name], leaf(1, 2, 4, 4))
    assert gradgradcheck(DIFFERENTIABLE[name], leaf(1, 2, 4, 4))


@pytest.mark.parametrize("rank", [1, 3])
def test_other_ranks_pool_as_images_do(rank: int) -> None:
    shape = (2, 3, *(6, 4, 5)[:rank])
    x = tp.tensor(draw(*shape))
    flat = x.reshape(*shape[:2], shape[2], -1) if rank == 1 else x.reshape(2, 3 * 6, 4, 5)
    kernel = (2,) if rank == 1 else (1, 2, 2)
    for kind in ("max", "avg"):
        result = getattr(F, f"{kind}_pool{rank}d")(x, kernel)
        expected = getattr(F, f"{kind}_pool2d")(flat, (2, 1) if rank == 1 else (2, 2))
        tp.testing.assert_close(result.flatten(), expected.flatten())


def test_without_a_batch_dim_the_result_has_none() -> None:
    x = tp.randn(3, 6, 6)
    for pool in (F.max_pool2d, F.avg_pool2d, F.adaptive_avg_pool2d, F.adaptive_max_pool2d):
        assert tp.equal(pool(x, 3), pool(x[None], 3)[0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: F.max_pool2d(x, 3, padding=2), "pad should be at most half"),
        (lambda x: F.max_pool2d(x, 5), "Output size is too small"),
        (lambda x: F.max_pool2d(x, 2, stride=0), "stride"),
        (lambda x: F.avg_pool2d(x[0, 0], 2), "Expected 3D or 4D"),
        (lambda x: F.max_pool2d(x[:, :, :0], 2), "optional 0 dim batch size"),
        (lambda x: F.adaptive_avg_pool2d(x, -1), "greater than or equal to 0"),
        (lambda x: F.adaptive_avg_pool2d(x.long(), 1), "floating point"),
        (lambda x: F.adaptive_max_pool2d(x[:, :, :0], 1), "non-zero size for non-batch dimensions"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(call: Any, message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        call(tp.ones(1, 1, 4, 4))
