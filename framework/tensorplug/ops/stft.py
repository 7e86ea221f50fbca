"""The short-time Fourier transform: spectra of overlapping frames of a signal, and the signal back from them."""

from __future__ import annotations

import warnings
from typing import Any

from tensorplug.base import everywhere
from tensorplug.dtypes import FLOAT, DType
from tensorplug.ops.complex import imag_part, real_part
from tensorplug.ops.define import composite
from tensorplug.ops.fourier import complex_to_complex, complex_to_real, one_dim, real_to_complex
from tensorplug.ops.joining import stack
from tensorplug.ops.movement import constant_pad
from tensorplug.ops.padding import pad
from tensorplug.ops.slicing import slice_dim

Tensor = Any

_SMALLEST_ENVELOPE = 1e-11
"""What overlapping windows must add up to everywhere, for the way back to be a division."""


@composite(out=False)
def stft(
    input: Tensor,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
    align_to_window: bool | None = None,
) -> Tensor:
    """The spectra of overlapping frames of a signal (J. B. Allen, Short term spectral analysis, 1977).

    Args:
        input: signals, of shape (time) or (batch, time), real or complex.
        n_fft: the size of the frames that are transformed.
        hop_length: how far apart they start, ``n_fft // 4`` by default.
        win_length: the size of the window, which stands in the middle of a frame; ``n_fft`` by default.
        window: what frames are multiplied by, ones by default.
        center: whether the signal is padded so that frame ``t`` has element ``t * hop_length`` in its middle.
        pad_mode: how, see ``tensorplug.nn.functional.pad``.
        normalized: divide by the root of ``n_fft``.
        onesided: return the first half of the frequencies alone; the default for real signals and windows.
        return_complex: whether the result is complex, or has real and imaginary parts in a last dim of 2. Real signals
            and windows need it.
        align_to_window: without ``center``, let the first window, not the first frame, start with the signal.

    Returns:
        Shape (batch, frequencies, frames), without the batch if there is none.

    Raises:
        RuntimeError: shapes or sizes that do not fit, a wish for half the frequencies of complex numbers, or no
            ``return_complex``.

    Example:
        >>> import tensorplug as tp
        >>> tp.stft(tp.ones(8), 4, return_complex=True).shape
        tensorplug.Size([3, 9])
    """
    hop = n_fft // 4 if hop_length is None else hop_length
    size = n_fft if win_length is None else win_length
    is_complex = input._kind.dtype.is_complex or (window is not None and window._kind.dtype.is_complex)
    if return_complex is None and not is_complex:
        raise RuntimeError("stft requires the return_complex parameter be given for real inputs")
    half = not is_complex if onesided is None else onesided
    if half and is_complex:
        raise RuntimeError("stft: cannot have onesided output if window or input is complex")
    if center and align_to_window is not None:
        raise RuntimeError("stft: align_to_window should only be set when center = False")
    _check_signal(input, n_fft, hop, size)
    if window is None and size < n_fft:
        window = _ones(input, size)
    kernel = _padded_window("stft", window, size, n_fft)
    x = _widened(input, n_fft // 2, pad_mode) if center else input
    if n_fft > x._shape[-1]:
        raise RuntimeError(f"stft: expected 0 < n_fft <= {x._shape[-1]}, the signal's length, but got n_fft={n_fft}")
    if align_to_window:
        x = _widened(x, (n_fft - size) // 2, "constant")
    frames = x.unfold(-1, n_fft, hop)
    if kernel is not None:
        frames = frames * kernel
    norm = "ortho" if normalized else None
    where = one_dim("stft", frames, None, -1)
    if half:
        found = real_to_complex("stft", frames, where, norm, False)
    else:
        found = complex_to_complex("stft", frames, where, norm, True)
    found = found.transpose(-2, -1)
    return found if return_complex or return_complex is None else stack((real_part(found), imag_part(found)), -1)


def _check_signal(input: Tensor, n_fft: int, hop: int, size: int) -> None:
    dtype: DType = input._kind.dtype
    if dtype.category < FLOAT:
        raise RuntimeError(f"stft: expected a tensor of floating point or complex values, got {dtype}")
    if len(input._shape) not in (1, 2):
        raise RuntimeError(f"stft: expected a 1D or 2D tensor, got shape {list(input._shape)}")
    if n_fft < 1:
        raise RuntimeError(f"stft: expected n_fft > 0, but got n_fft={n_fft}")
    if hop < 1:
        raise RuntimeError(f"stft: expected hop_length > 0, but got hop_length={hop}")
    if not 0 < size <= n_fft:
        raise RuntimeError(f"stft: expected 0 < win_length <= n_fft, but got win_length={size} and n_fft={n_fft}")


def _ones(like: Tensor, size: int) -> Tensor:
    return like.new_ones((size,), dtype=like._kind.dtype.to_real())


def _padded_window(name: str, window: Tensor | None, size: int, n_fft: int) -> Tensor | None:
    """The window in the middle of a frame; None where all of it is ones and as long."""
    if window is not None and window._shape != (size,):
        raise RuntimeError(
            f"{name}: expected a 1D window tensor of size equal to win_length={size}, but got window with size "
            f"{list(window._shape)}"
        )
    if window is None or size == n_fft:
        return window
    before = (n_fft - size) // 2
    return constant_pad(window, [(before, n_fft - size - before)], 0)


def _widened(x: Tensor, count: int, mode: str) -> Tensor:
    """The last dim padded at both ends; the modes other than "constant" need a dim before it."""
    if len(x._shape) == 1:
        return pad(x.unsqueeze(0), (count, count), mode).squeeze(0)
    return pad(x, (count, count), mode)


# ---------------------------------------------------------------------------------------------------- the way back


@composite(out=False)
def istft(
    input: Tensor,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
) -> Tensor:
    """The signal whose ``stft`` comes closest to ``input``, in the sense of least squares.

    D. W. Griffin and J. S. Lim, Signal estimation from modified short-time Fourier transform, 1984.

    Args:
        input: complex, of shape (frequencies, frames) or (batch, frequencies, frames).
        n_fft, hop_length, win_length, window, center, normalized: as they were for ``stft``.
        onesided: whether ``input`` has the first half of the frequencies alone; found from its size by default.
        length: the length of the signal; by default as much as there are frames for.
        return_complex: whether the signal is complex.

    Returns:
        Shape (time) or (batch, time).

    Raises:
        RuntimeError: shapes or sizes that do not fit, or windows that add up to nothing somewhere.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
        >>> window = tp.hann_window(4)
        >>> tp.istft(tp.stft(x, 4, window=window, return_complex=True), 4, window=window)
        tensor([1., 2., 3., 4., 5., 6., 7., 8.])
    """
    hop = n_fft // 4 if hop_length is None else hop_length
    size = n_fft if win_length is None else win_length
    half = _check_spectra(input, n_fft, hop, size, window, onesided, return_complex)
    spectra = input.transpose(-2, -1)
    norm = "ortho" if normalized else None
    if return_complex:
        frames = complex_to_complex("istft", spectra, one_dim("istft", spectra, None, -1), norm, False)
    else:
        if not half:
            spectra = slice_dim(spectra, len(spectra._shape) - 1, 0, n_fft // 2 + 1, 1)
        frames = complex_to_real("istft", spectra, one_dim("istft", spectra, n_fft, -1), norm, False)
    kernel = _padded_window("istft", _ones(frames, size) if window is None else window, size, n_fft)
    assert kernel is not None
    total = _overlapping_sum(frames * kernel, hop)
    envelope = _overlapping_sum((kernel * kernel).expand(frames._shape[-2:]), hop)
    return _signal(total, envelope, n_fft // 2 if center else 0, center, length)


def _signal(total: Tensor, envelope: Tensor, start: int, center: bool, length: int | None) -> Tensor:
    """The part of the sums that is asked for, divided by what the windows add up to."""
    there = total._shape[-1]
    if length is not None:
        end = min(start + length, there)
    else:
        end = there - start if center else there
    last = len(total._shape) - 1
    total, envelope = slice_dim(total, last, start, end, 1), slice_dim(envelope, 0, start, end, 1)
    if end <= start:
        raise RuntimeError(f"istft: there is nothing left of {there} samples from {start} to {end}")
    if not envelope._kind.backend.abstract and everywhere(envelope).abs().min().item() < _SMALLEST_ENVELOPE:
        raise RuntimeError("istft: the squares of the overlapping windows add up to 0 somewhere")
    found = total / envelope
    missing = 0 if length is None else start + length - end
    if missing:
        warnings.warn(
            "istft: the frames are too few for a signal of this length, which is padded with zeros", stacklevel=4
        )
        found = constant_pad(found, [(0, 0)] * last + [(0, missing)], 0)
    return found


def _overlapping_sum(frames: Tensor, hop: int) -> Tensor:
    """Frames, in the last two dims, added up where each starts ``hop`` after the one before.

    Each frame is cut into pieces of ``hop`` elements: of two frames these meet piece by piece.
    """
    *batch, count, size = frames._shape
    pieces = -(-size // hop)
    none: list[tuple[int, int]] = [(0, 0)] * len(batch)
    cut = constant_pad(frames, [*none, (0, 0), (0, pieces * hop - size)], 0) if pieces * hop > size else frames
    cut = cut.reshape((*batch, count, pieces, hop))
    total = None
    for k, piece in enumerate(cut.unbind(-2)):
        shifted = constant_pad(piece, [*none, (k, pieces - 1 - k), (0, 0)], 0)
        total = shifted if total is None else total + shifted
    assert total is not None
    flat = total.reshape((*batch, (count + pieces - 1) * hop))
    return slice_dim(flat, len(batch), 0, size + (count - 1) * hop, 1)


def _check_spectra(
    input: Tensor,
    n_fft: int,
    hop: int,
    size: int,
    window: Tensor | None,
    onesided: bool | None,
    return_complex: bool,
) -> bool:
    """Check the arguments of ``istft``; returns whether the spectra have the first half of the frequencies alone."""
    if not input._kind.dtype.is_complex:
        raise RuntimeError("istft requires a complex-valued input tensor, as stft returns with return_complex=True")
    shape = input._shape
    if len(shape) not in (2, 3):
        raise RuntimeError(f"istft: expected a tensor with 2 or 3 dimensions, but got shape {list(shape)}")
    if 0 in shape:
        raise RuntimeError(f"istft: the input tensor cannot be empty, got shape {list(shape)}")
    half = shape[-2] != n_fft if onesided is None else onesided
    wanted = n_fft // 2 + 1 if half else n_fft
    if shape[-2] != wanted:
        raise RuntimeError(
            f"istft: expected {wanted} frequencies for n_fft={n_fft} and onesided={half}, but got {shape[-2]}"
        )
    if not 0 < hop <= size:
        raise RuntimeError(f"istft: expected 0 < hop_length <= win_length, but got hop_length={hop}, win_length={size}")
    if not 0 < size <= n_fft:
        raise RuntimeError(f"istft: expected 0 < win_length <= n_fft, but got win_length={size}, n_fft={n_fft}")
    if window is not None and window._kind.dtype.is_complex and not return_complex:
        raise RuntimeError("istft: complex windows are incompatible with return_complex=False")
    if return_complex and half:
        raise RuntimeError("istft: cannot have onesided spectra of a complex signal")
    return half
