"""Padding, shuffles of pixels, and resizing: values by their definition, gradients, refusals."""

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


NUMPY_MODES = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@pytest.mark.parametrize("mode", NUMPY_MODES)
def test_each_mode_pads_the_last_dims_first(mode: str) -> None:
    x = draw(2, 3, 4, 5)
    result = F.pad(tp.tensor(x), (1, 2, 3, 0), mode=mode)
    np.testing.assert_array_equal(result.numpy(), np.pad(x, [(0, 0), (0, 0), (3, 0), (1, 2)], mode=NUMPY_MODES[mode]))


def test_constant_padding_takes_any_number_of_dims_and_any_dtype() -> None:
    assert F.pad(tp.tensor(5), ()).tolist() == 5
    assert F.pad(tp.tensor([1, 2]), (1, 1), value=7).tolist() == [7, 1, 2, 7]
    assert F.pad(tp.tensor([[True]]), (0, 1, 1, 0)).tolist() == [[False, False], [True, False]]
    assert F.pad(tp.ones(1, 1, 1), (1, 1, 1, 1, 1, 1)).sum() == 1


@pytest.mark.parametrize("mode", NUMPY_MODES)
def test_negative_counts_take_elements_away_first(mode: str) -> None:
    x = tp.tensor(draw(2, 6))
    assert tp.equal(F.pad(x, (-1, -2), mode=mode), x[:, 1:4])
    assert tp.equal(F.pad(x, (-1, 2), mode=mode), F.pad(x[:, 1:], (0, 2), mode=mode))


@pytest.mark.parametrize("mode", NUMPY_MODES)
@pytest.mark.parametrize("counts", [(2, 1, 1, 2), (-1, 2, 0, -1)], ids=str)
def test_gradients_of_padding(mode: str, counts: tuple[int, ...]) -> None:
    assert gradcheck(lambda x: F.pad(x, counts, mode=mode), leaf(2, 3, 4))
    assert gradgradcheck(lambda x: F.pad(x, counts, mode=mode), leaf(2, 3, 4))


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (RuntimeError, lambda x: F.pad(x, (1,)), "divisible by 2"),
        (RuntimeError, lambda x: F.pad(x, (1,) * 8), "two times the input dimension"),
        (RuntimeError, lambda x: F.pad(x, (4, 0), mode="reflect"), "at most 3 in mode 'reflect'"),
        (RuntimeError, lambda x: F.pad(x, (5, 0), mode="circular"), "at most 4 in mode 'circular'"),
        (RuntimeError, lambda x: F.pad(x, (-3, -3)), "negative output size"),
        (RuntimeError, lambda x: F.pad(x, (1, 1), mode="replicate", value=2.0), "doesn't take in value"),
        (NotImplementedError, lambda x: F.pad(x, (1, 1), mode="mirror"), "Unrecognised padding mode mirror"),
        (NotImplementedError, lambda x: F.pad(x[0, 0], (1, 1), mode="reflect"), "not supported for 1D input"),
    ],
)
def test_padding_that_cannot_be_is_refused(error: type[Exception], call: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call(tp.ones(2, 3, 4))


# ---------------------------------------------------------------------------------------------------- shuffles


def test_pixel_shuffle_spreads_channels_over_squares() -> None:
    x = tp.arange(16).reshape(1, 8, 1, 2)
    assert F.pixel_shuffle(x, 2)[0, 0].tolist() == [[0, 2, 1, 3], [4, 6, 5, 7]]
    assert tp.equal(F.pixel_unshuffle(F.pixel_shuffle(x, 2), 2), x)


def test_pixel_shuffles_refuse_sizes_that_do_not_divide() -> None:
    with pytest.raises(RuntimeError, match="4 is not divisible by 9"):
        F.pixel_shuffle(tp.ones(4, 2, 2), 3)
    with pytest.raises(RuntimeError, match=r"size\(-1\)=3 is not divisible by 2"):
        F.pixel_unshuffle(tp.ones(1, 2, 3), 2)
    with pytest.raises(RuntimeError, match="at least 3 dimensions"):
        F.pixel_shuffle(tp.ones(4, 2), 1)


# ---------------------------------------------------------------------------------------------------- resizing


def test_nearest_takes_the_element_at_the_left_edge_and_exact_that_under_the_middle() -> None:
    x = tp.arange(5.0).reshape(1, 1, 5)
    assert F.interpolate(x, size=3).tolist() == [[[0.0, 1.0, 3.0]]]
    assert F.interpolate(x, size=3, mode="nearest-exact").tolist() == [[[0.0, 2.0, 4.0]]]
    assert F.interpolate(tp.tensor([[[1, 2]]], dtype=tp.uint8), scale_factor=2).tolist() == [[[1, 1, 2, 2]]]


@pytest.mark.parametrize("align_corners", [True, False])
def test_linear_modes_interpolate_between_neighbours(align_corners: bool) -> None:
    x = draw(1, 2, 4, 5)
    n, m = 7, 3
    rows = np.arange(n) * 3 / (n - 1) if align_corners else np.clip((np.arange(n) + 0.5) * 4 / n - 0.5, 0, 3)
    columns = np.arange(m) * 4 / (m - 1) if align_corners else np.clip((np.arange(m) + 0.5) * 5 / m - 0.5, 0, 4)
    tall = np.apply_along_axis(lambda v: np.interp(rows, np.arange(4), v), 2, x)
    expected = np.apply_along_axis(lambda v: np.interp(columns, np.arange(5), v), 3, tall)
    result = F.interpolate(tp.tensor(x), size=(n, m), mode="bilinear", align_corners=align_corners)
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-12, atol=1e-12)


def test_cubic_spreads_an_impulse_by_the_kernel_of_keys() -> None:
    def keys(x: np.ndarray, a: float = -0.75) -> np.ndarray:
        near = (a + 2) * x**3 - (a + 3) * x**2 + 1
        return np.where(x < 1, near, np.where(x < 2, a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a, 0))

    x = tp.zeros(1, 1, 1, 12, dtype=tp.float64)
    x[..., 5] = 1
    result = F.interpolate(x, size=(1, 24), mode="bicubic").flatten()
    np.testing.assert_allclose(result.numpy(), keys(np.abs((np.arange(24) + 0.5) / 2 - 0.5 - 5)), atol=1e-12)


def test_area_is_adaptive_average_pooling() -> None:
    x = tp.tensor(draw(1, 2, 5, 6))
    assert tp.equal(F.interpolate(x, size=(2, 4), mode="area"), F.adaptive_avg_pool2d(x, (2, 4)))


def test_antialiasing_averages_over_what_is_dropped() -> None:
    x = tp.tensor([[1.0, -1.0] * 8] * 16, dtype=tp.float64).reshape(1, 1, 16, 16)
    plain = F.interpolate(x, size=(4, 4), mode="bilinear")
    smooth = F.interpolate(x, size=(4, 4), mode="bilinear", antialias=True)
    assert smooth[..., 1:3].abs().max() < 1e-12
    assert plain.shape == smooth.shape
    tp.testing.assert_close(F.interpolate(x, size=(20, 20), mode="bicubic", antialias=True).mean(), x.mean())


def test_equal_sizes_leave_the_values_alone() -> None:
    x = tp.tensor(draw(1, 1, 3, 4))
    for mode in ("nearest", "bilinear", "bicubic", "area"):
        assert tp.equal(F.interpolate(x, size=(3, 4), mode=mode), x)


def test_a_factor_may_differ_from_the_ratio_of_sizes() -> None:
    x = tp.tensor(draw(1, 1, 10))
    as_asked = F.interpolate(x, scale_factor=1.25, mode="linear")
    recomputed = F.interpolate(x, scale_factor=1.25, mode="linear", recompute_scale_factor=True)
    assert as_asked.shape == recomputed.shape == (1, 1, 12)
    assert not tp.allclose(as_asked, recomputed)
    tp.testing.assert_close(recomputed, F.interpolate(x, size=12, mode="linear"))


def test_infinity_reaches_its_neighbours_alone() -> None:
    x = tp.tensor([[[math.inf, 1.0, 2.0, 3.0]]])
    assert F.interpolate(x, size=8, mode="linear")[0, 0, 3:].isfinite().all()


RESIZING: dict[str, Callable[[Any], Any]] = {
    "nearest, smaller": lambda x: F.interpolate(x, size=(2, 3)),
    "nearest, larger": lambda x: F.interpolate(x, size=(8, 7)),
    "bilinear": lambda x: F.interpolate(x, size=(6, 3), mode="bilinear"),
    "bicubic": lambda x: F.interpolate(x, size=(3, 7), mode="bicubic", align_corners=True),
    "antialiased": lambda x: F.interpolate(x, size=(2, 3), mode="bilinear", antialias=True),
    "area": lambda x: F.interpolate(x, size=(3, 2), mode="area"),
}


@pytest.mark.parametrize("name", RESIZING)
def test_gradients_of_resizing(name: str) -> None:
    assert gradcheck(RESIZING[name], leaf(1, 1, 4, 5))
    assert gradgradcheck(RESIZING[name], leaf(1, 1, 4, 5))


def test_the_gradient_keeps_the_dtype() -> None:
    x = tp.ones(1, 1, 5, requires_grad=True)
    F.interpolate(x, size=3).sum().backward()
    assert x.grad.dtype == tp.float32
    assert x.grad.tolist() == [[[1.0, 1.0, 0.0, 1.0, 0.0]]]


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (ValueError, lambda x: F.interpolate(x), "either size or scale_factor"),
        (ValueError, lambda x: F.interpolate(x, 4, 2.0), "only one of size or scale_factor"),
        (ValueError, lambda x: F.interpolate(x, (4, 4, 4)), "same number of spatial dimensions"),
        (ValueError, lambda x: F.interpolate(x, 4, align_corners=True), "align_corners option"),
        (ValueError, lambda x: F.interpolate(x, 4, antialias=True), "Anti-alias option"),
        (NotImplementedError, lambda x: F.interpolate(x, 4, mode="trilinear"), "trilinear mode needs 5D"),
        (NotImplementedError, lambda x: F.interpolate(x, 4, mode="sinc"), "got sinc"),
        (NotImplementedError, lambda x: F.interpolate(x.long(), 4, mode="bilinear"), "int64"),
        (RuntimeError, lambda x: F.interpolate(x, 0), "greater than 0"),
    ],
)
def test_resizing_that_cannot_be_is_refused(error: type[Exception], call: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call(tp.ones(1, 1, 3, 3))
