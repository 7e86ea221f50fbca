"""Frequencies, their order, and windows."""

from __future__ import annotations

import numpy as np
import pytest

import tensorplug as tp


@pytest.mark.parametrize("n", [1, 4, 5])
def test_frequencies_are_those_of_numpy(n: int) -> None:
    assert np.allclose(tp.fft.fftfreq(n, 0.5, dtype=tp.float64).numpy(), np.fft.fftfreq(n, 0.5))
    assert np.allclose(tp.fft.rfftfreq(n, 0.5, dtype=tp.float64).numpy(), np.fft.rfftfreq(n, 0.5))


def test_frequencies_of_nothing() -> None:
    assert tp.fft.fftfreq(0).shape == (0,)


def test_frequencies_are_floating_point() -> None:
    with pytest.raises(RuntimeError, match=r"fftfreq.*int64"):
        tp.fft.fftfreq(4, dtype=tp.int64)


def test_frequencies_go_into_out_and_may_need_gradients() -> None:
    out = tp.empty(2, dtype=tp.float64)
    assert tp.fft.rfftfreq(2, out=out) is out
    assert out.tolist() == [0.0, 0.5]
    assert tp.fft.fftfreq(3, requires_grad=True).requires_grad


@pytest.mark.parametrize("n", [4, 5])
def test_shifts_undo_each_other(n: int) -> None:
    x = tp.arange(n * 3).reshape(n, 3)
    assert tp.equal(tp.fft.ifftshift(tp.fft.fftshift(x)), x)
    assert tp.fft.fftshift(tp.fft.fftfreq(n)).diff().min() > 0


WINDOWS = tp.signal.windows.__all__
CLASSIC = ["bartlett_window", "blackman_window", "hamming_window", "hann_window", "kaiser_window"]


@pytest.mark.parametrize("name", WINDOWS)
def test_windows_are_symmetric_and_largest_in_the_middle(name: str) -> None:
    options = {"a": [0.5, 0.5]} if name == "general_cosine" else {}
    window = getattr(tp.signal.windows, name)(7, dtype=tp.float64, **options)
    assert np.allclose(window.numpy(), window.flip(0).numpy())
    assert window.argmax().item() == 3
    assert window[3].item() == pytest.approx(1)


@pytest.mark.parametrize("name", WINDOWS)
def test_periodic_windows_are_longer_symmetric_ones_without_the_last_sample(name: str) -> None:
    options = {"a": [0.5, 0.3, 0.2]} if name == "general_cosine" else {}
    window = getattr(tp.signal.windows, name)
    assert np.allclose(window(6, sym=False, **options).numpy(), window(7, **options)[:6].numpy())


@pytest.mark.parametrize("name", WINDOWS)
def test_windows_of_no_or_one_sample(name: str) -> None:
    options = {"a": [0.5, 0.5]} if name == "general_cosine" else {}
    window = getattr(tp.signal.windows, name)
    assert window(0, **options).tolist() == []
    assert window(1, **options).tolist() == [1.0]
    with pytest.raises(ValueError, match=r"non-negative.*-1"):
        window(-1, **options)
    with pytest.raises(ValueError, match="float16"):
        window(3, dtype=tp.float16, **options)


@pytest.mark.parametrize("name", CLASSIC)
def test_functions_of_the_package_are_periodic_unless_told_otherwise(name: str) -> None:
    function = getattr(tp, name)
    same = getattr(tp.signal.windows, name.removesuffix("_window"))
    assert np.allclose(function(6).numpy(), same(6, sym=False).numpy())
    assert np.allclose(function(6, False).numpy(), same(6).numpy())
    assert function(2, dtype=tp.float16).dtype == tp.float16
    with pytest.raises(RuntimeError, match="int64"):
        function(3, dtype=tp.int64)
    with pytest.raises(RuntimeError, match="-1"):
        function(-1)


def test_parameters_of_windows() -> None:
    windows = tp.signal.windows
    assert windows.exponential(3, center=0, sym=False, tau=2.0).tolist() == pytest.approx(
        np.exp([0, -0.5, -1]).tolist()
    )
    assert windows.gaussian(3, std=2.0)[0].item() == pytest.approx(np.exp(-0.125))
    assert windows.kaiser(5, beta=0.0).tolist() == [1.0] * 5
    for call, message in (
        (lambda: windows.exponential(5, tau=0), "Tau"),
        (lambda: windows.exponential(5, center=1), "symmetric"),
        (lambda: windows.gaussian(5, std=0), "deviation"),
        (lambda: windows.kaiser(5, beta=-1), "beta"),
        (lambda: windows.general_cosine(5, a=[]), "empty"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
