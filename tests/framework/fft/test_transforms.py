"""What Fourier transforms do as a whole: directions that undo each other, energies, dtypes, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tensorplug as tp

PAIRS = [
    ("fft", "ifft"), ("ifft", "fft"), ("fft2", "ifft2"), ("fftn", "ifftn"), ("rfft", "irfft"), ("rfft2", "irfft2"),
    ("rfftn", "irfftn"), ("ihfft", "hfft"), ("ihfft2", "hfft2"), ("ihfftn", "hfftn"),
]  # fmt: skip
NORMS = [None, "backward", "ortho", "forward"]


def close(a: Any, b: Any, tolerance: float = 1e-12) -> bool:
    return bool(np.allclose(a.detach().numpy(), b.detach().numpy(), rtol=tolerance, atol=tolerance))


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize(("there", "back"), PAIRS)
def test_the_way_back_undoes_the_way_there(there: str, back: str, norm: str | None) -> None:
    x = tp.randn(3, 4, 6, dtype=tp.float64)
    found = getattr(tp.fft, back)(getattr(tp.fft, there)(x, norm=norm), norm=norm)
    assert close(found.real if found.is_complex() else found, x)


@pytest.mark.parametrize("size", [1, 2, 5, 8])
def test_odd_sizes_come_back_when_they_are_given(size: int) -> None:
    x = tp.randn(3, size, dtype=tp.float64)
    assert close(tp.fft.irfft(tp.fft.rfft(x), n=size), x)
    assert close(tp.fft.hfft(tp.fft.ihfft(x), n=size), x)


def test_orthonormal_transforms_keep_the_energy() -> None:
    x = tp.randn(4, 7, dtype=tp.complex128)
    assert tp.fft.fft(x, norm="ortho").abs().square().sum().item() == pytest.approx(x.abs().square().sum().item())


def test_a_product_of_transforms_is_a_circular_convolution() -> None:
    a, b = tp.tensor([1.0, 2.0, 3.0, 4.0]), tp.tensor([1.0, 0.0, 0.0, 2.0])
    assert tp.fft.irfft(tp.fft.rfft(a) * tp.fft.rfft(b)).tolist() == pytest.approx([5.0, 8.0, 11.0, 6.0])


@pytest.mark.parametrize(
    ("dtype", "transformed"),
    [
        (tp.float32, tp.complex64), (tp.float64, tp.complex128), (tp.complex64, tp.complex64),
        (tp.complex128, tp.complex128), (tp.int64, tp.complex64), (tp.bool, tp.complex64),
    ],
)  # fmt: skip
def test_precision_is_kept(dtype: Any, transformed: Any) -> None:
    x = tp.ones(4).to(dtype)
    assert tp.fft.fft(x).dtype == transformed
    assert tp.fft.irfft(x).dtype == transformed.to_real()


def test_integers_take_the_default_dtype() -> None:
    tp.set_default_dtype(tp.float64)
    assert tp.fft.rfft(tp.arange(4)).dtype == tp.complex128


def test_half_precision_is_refused_by_name() -> None:
    with pytest.raises(RuntimeError, match=r"rfft.*float16"):
        tp.fft.rfft(tp.ones(4, dtype=tp.float16))


def test_the_imaginary_part_of_a_real_frequency_does_not_count() -> None:
    half = tp.tensor([1 + 5j, 2 + 1j, 3 - 7j], requires_grad=True)
    signal = tp.fft.irfft(half)
    assert close(signal, tp.fft.irfft(tp.tensor([1 + 0j, 2 + 1j, 3 + 0j])), 1e-6)
    signal.square().sum().backward()
    assert half.grad is not None
    assert half.grad.imag[[0, 2]].tolist() == [0.0, 0.0]


def test_sizes_of_minus_one_stay_and_others_pad_or_cut() -> None:
    x = tp.randn(2, 3, 4)
    assert tp.fft.fftn(x, s=(-1, 2, 5)).shape == (2, 2, 5)
    assert tp.fft.rfftn(x, s=(3, 6)).shape == (2, 3, 4)
    assert tp.fft.irfftn(x, s=(3, 6)).shape == (2, 3, 6)


def test_no_dims_to_transform_is_a_change_of_dtype_alone() -> None:
    x = tp.tensor([1.0, 2.0])
    found = tp.fft.fftn(x, dim=())
    assert found.tolist() == [1 + 0j, 2 + 0j]
    with pytest.raises(RuntimeError, match="rfftn must transform at least one axis"):
        tp.fft.rfftn(x, dim=())


def test_a_batch_without_elements_is_transformed() -> None:
    assert tp.fft.rfft(tp.ones(0, 8)).shape == (0, 5)
    with pytest.raises(RuntimeError, match="number of data points"):
        tp.fft.fft(tp.ones(8, 0))


def test_out_takes_the_result() -> None:
    out = tp.empty(0, dtype=tp.complex64)
    assert tp.fft.fft(tp.ones(3), out=out) is out
    assert out.tolist() == [3, 0, 0]
    with pytest.raises(RuntimeError, match="can't be cast"):
        tp.fft.fft(tp.ones(3), out=tp.empty(3))


def test_third_derivatives_flow_through_transforms() -> None:
    x = tp.tensor([0.5, -1.0, 2.0], dtype=tp.float64, requires_grad=True)
    power = tp.fft.rfft(x).abs().square().sum() ** 2
    (first,) = tp.autograd.grad(power, x, create_graph=True)
    (second,) = tp.autograd.grad(first.sum(), x, create_graph=True)
    (third,) = tp.autograd.grad(second.sum(), x)
    # |X0|^2 + |X1|^2 = (3 (x0^2 + x1^2 + x2^2) + (x0 + x1 + x2)^2) / 2, since the half leaves out a mirrored element.
    total, square = x.sum(), x.square().sum()
    by_hand = ((3 * square + total**2) / 2) ** 2
    (expected,) = tp.autograd.grad(by_hand, x, create_graph=True)
    (expected,) = tp.autograd.grad(expected.sum(), x, create_graph=True)
    (expected,) = tp.autograd.grad(expected.sum(), x)
    assert close(third, expected, 1e-9)
