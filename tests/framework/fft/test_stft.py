"""Short-time Fourier transforms: what frames are made of, and the signal that comes back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tensorplug as tp


def close(a: Any, b: Any, tolerance: float = 1e-10) -> bool:
    return bool(np.allclose(a.detach().numpy(), b.detach().numpy(), rtol=tolerance, atol=tolerance))


def test_each_column_is_the_spectrum_of_a_frame() -> None:
    x, window = tp.randn(30, dtype=tp.float64), tp.hann_window(8, dtype=tp.float64)
    found = tp.stft(x, 8, 3, window=window, center=False, return_complex=True)
    assert found.shape == (5, 8)
    for t in range(8):
        assert close(found[:, t], tp.fft.rfft(x[3 * t : 3 * t + 8] * window))


def test_centered_frames_have_their_sample_in_the_middle() -> None:
    x = tp.randn(2, 24, dtype=tp.float64)
    padded = tp.nn.functional.pad(x, (4, 4), mode="reflect")
    assert close(x.stft(8, 2, return_complex=True), tp.stft(padded, 8, 2, center=False, return_complex=True))


def test_a_short_window_stands_in_the_middle_of_its_frame() -> None:
    x = tp.randn(20, dtype=tp.float64)
    wide = tp.nn.functional.pad(tp.ones(4, dtype=tp.float64), (2, 2))
    narrow = tp.stft(x, 8, 2, win_length=4, return_complex=True)
    assert close(narrow, tp.stft(x, 8, 2, window=wide, return_complex=True))
    aligned = tp.stft(x, 8, 2, win_length=4, center=False, align_to_window=True, return_complex=True)
    assert close(aligned[:, 0], tp.fft.rfft(tp.nn.functional.pad(x[:4], (2, 2))))


@pytest.mark.parametrize("onesided", [True, False])
@pytest.mark.parametrize("normalized", [True, False])
@pytest.mark.parametrize(("n_fft", "hop", "win_length"), [(16, 4, 16), (15, 4, 15), (16, 3, 10), (15, 5, 9)])
def test_the_signal_comes_back(n_fft: int, hop: int, win_length: int, normalized: bool, onesided: bool) -> None:
    x = tp.randn(2, 60, dtype=tp.float64)
    window = tp.hamming_window(win_length, dtype=tp.float64)
    spectra = tp.stft(x, n_fft, hop, win_length, window, normalized=normalized, onesided=onesided, return_complex=True)
    back = spectra.istft(n_fft, hop, win_length, window, normalized=normalized, onesided=onesided, length=50)
    assert close(back, x[:, :50])


def test_complex_signals_come_back() -> None:
    x = tp.randn(2, 40, dtype=tp.complex128)
    spectra = tp.stft(x, 8)
    assert spectra.shape == (2, 8, 21)
    assert close(tp.istft(spectra, 8, return_complex=True), x)


def test_real_signals_must_say_whether_the_result_is_complex() -> None:
    x = tp.randn(40)
    with pytest.raises(RuntimeError, match="return_complex"):
        tp.stft(x, 8)
    pairs = tp.stft(x, 8, return_complex=False)
    assert close(pairs, tp.view_as_real(tp.stft(x, 8, return_complex=True)))


def test_longer_signals_are_padded_with_a_warning() -> None:
    spectra = tp.stft(tp.randn(20), 8, return_complex=True)
    with pytest.warns(UserWarning, match="padded with zeros"):
        back = tp.istft(spectra, 8, length=40)
    assert back.shape == (40,)
    assert back[-10:].tolist() == [0.0] * 10


def test_windows_that_leave_a_gap_are_refused() -> None:
    spectra = tp.stft(tp.randn(40), 8, window=tp.hann_window(8), return_complex=True)
    with pytest.raises(RuntimeError, match="add up to 0"):
        tp.istft(spectra, 8, window=tp.hann_window(8), center=False)
    with pytest.raises(RuntimeError, match="hop_length"):
        tp.istft(spectra, 8, hop_length=9)


def test_gradients_reach_signal_and_window() -> None:
    x = tp.randn(20, dtype=tp.float64, requires_grad=True)
    window = tp.hamming_window(8, dtype=tp.float64, requires_grad=True)

    def energy(x: Any, window: Any) -> Any:
        spectra = tp.stft(x, 8, window=window, return_complex=True)
        return tp.istft(spectra * spectra.abs(), 8, window=window)

    assert tp.autograd.gradcheck(energy, (x, window))
