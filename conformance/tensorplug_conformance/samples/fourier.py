"""Samples of Fourier transforms; their references are NumPy's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import BOOL, COMPLEX, HALVES, INTEGERS, SINGLES, Array
from tensorplug_conformance.sample import EXACT, Input, Oracle, Refusal, Row, Sample, bound, floating, real
from tensorplug_conformance.samples.common import LARGE
from tensorplug_conformance.values import DISTINCT, items, uniform

_REAL = (*BOOL, *INTEGERS, *SINGLES)
_ANY = (*_REAL, *COMPLEX)
_OPPOSITE: dict[Any, Any] = {None: "forward", "backward": "forward", "forward": "backward", "ortho": "ortho"}

Reference = Callable[..., Array]


def _as_complex(dtype: str) -> str:
    return {"float64": "complex128", "complex128": "complex128"}.get(dtype, "complex64")


def _as_real(dtype: str) -> str:
    return real(floating(dtype))


def _accuracy(reference: Reference) -> Oracle:
    """Errors are as large as those of the largest element, of which all others have a share."""

    def scale(*args: Any, **kwargs: Any) -> Array:
        found = np.abs(reference(*args, **kwargs))
        return np.full(found.shape, found.max(initial=0.0))

    return bound(4, scale)


def _one(function: Callable[..., Any]) -> Reference:
    """A function of NumPy along one axis, with PyTorch's names of arguments."""
    return lambda x, n=None, dim=-1, norm=None: function(x, n, dim, norm)


def _many(function: Callable[..., Any], two: bool) -> Reference:
    """A function of NumPy along several axes."""

    def reference(x: Array, s: Any = None, dim: Any = (-2, -1) if two else None, norm: Any = None) -> Array:
        axes = range(-len(s), 0) if dim is None and s is not None else dim
        return function(x, s, axes, norm) if axes is None or len(axes) else x.astype(complex)

    return reference


def _hfftn(x: Array, s: Any, axes: Any, norm: Any) -> Array:
    return np.fft.irfftn(np.conj(x), s, axes, _OPPOSITE[norm])


def _ihfftn(x: Array, s: Any, axes: Any, norm: Any) -> Array:
    return np.conj(np.fft.rfftn(x, s, axes, _OPPOSITE[norm]))


def _along_one() -> tuple[Sample, ...]:
    return (
        Sample((Input((5, 7)),)),
        Sample((Input((3, 8)),)),
        Sample((Input((2, 3, 4)),), {"dim": 1}),
        Sample((Input((4, 3)), 2, 0)),
        Sample((Input((5, 7)),), {"n": 4, "norm": "ortho"}),
        Sample((Input((5, 7)),), {"n": 11, "norm": "forward"}),
        Sample((Input((6,)), 1), {"norm": "backward"}),
        Sample((Input((6,)), 2)),
        Sample((Input((0, 6)),)),
        Sample((Input((1031,)),)),
        Sample((Input((2, 360)),), gradient=False),
        Sample((Input(LARGE),), dtypes=("float32", "complex64")),
    )


def _along_many(two: bool) -> tuple[Sample, ...]:
    found = (
        Sample((Input((5, 4)),)),
        Sample((Input((2, 3, 5)),), {"dim": (2, 0), "norm": "ortho"}),
        Sample((Input((2, 3, 4)), (2, 7)), {"dim": (0, 1)} if two else {}),
        Sample((Input((4, 5)), (-1, 6)), {"norm": "forward"}),
        Sample((Input((0, 3, 4)),), {"dim": (1, 2)}),
        Sample((Input((64, 65)),)),
    )
    return found if two else (*found, Sample((Input((2, 3, 4)),)), Sample((Input((2, 3, 4)),), {"dim": (1,)}))


_NO_POINTS = (
    Refusal(Sample((Input((3,)), 0))),
    Refusal(Sample((Input((3, 0)),))),
    Refusal(Sample((Input((3,)),), {"norm": "none"})),
    Refusal(Sample((Input((3,)),), {"dim": 1}), IndexError),
    Refusal(Sample((Input(()),)), IndexError),
)
_NO_SIZES = (
    Refusal(Sample((Input((3, 3)), (2, 0)))),
    Refusal(Sample((Input((3, 3)), (2, 2, 2)))),
    Refusal(Sample((Input((3, 3)), (2,)), {"dim": (0, 1)})),
    Refusal(Sample((Input((3, 3)),), {"dim": (1, 1)})),
)


def _row(name: str, reference: Reference, samples: tuple[Sample, ...], refusals: tuple[Refusal, ...]) -> Row:
    from_real = name in ("rfft", "rfft2", "rfftn", "ihfft", "ihfft2", "ihfftn")
    to_real = name in ("irfft", "irfft2", "irfftn", "hfft", "hfft2", "hfftn")
    primitive = "fft_r2c" if from_real else "fft_c2r" if to_real else "fft_c2c"
    return Row(
        name,
        reference,
        samples,
        _REAL if from_real else _ANY,
        _accuracy(reference),
        _as_real if to_real else _as_complex,
        gradient=True,
        covers=(primitive,),
        refuses=(*HALVES, *COMPLEX) if from_real else HALVES,
        refusals=refusals,
    )


_ALONG_SEVERAL: dict[str, Callable[..., Any]] = {
    "fft": np.fft.fftn, "ifft": np.fft.ifftn, "rfft": np.fft.rfftn, "irfft": np.fft.irfftn, "hfft": _hfftn,
    "ihfft": _ihfftn,
}  # fmt: skip

_TRANSFORMS = (
    *[
        _row(name, _one(getattr(np.fft, name)), _along_one(), _NO_POINTS)
        for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
    ],
    *[
        _row(name + suffix, _many(function, suffix == "2"), _along_many(suffix == "2"), _NO_SIZES)
        for suffix in ("2", "n")
        for name, function in _ALONG_SEVERAL.items()
    ],
)


def _shift(function: Callable[..., Any]) -> Reference:
    return lambda x, dim=None: function(x, dim)


_SHIFTS = tuple(
    Row(
        name,
        _shift(function),
        (
            Sample((Input((5, 4), DISTINCT),)),
            Sample((Input((5, 4), DISTINCT), 0)),
            Sample((Input((2, 5, 3), DISTINCT),), {"dim": (0, -1)}),
            Sample((Input((2, 5), DISTINCT),), {"dim": (1, 1)}),
            Sample((Input((0, 3)),)),
        ),
        _ANY,
        EXACT,
        gradient=True,
        refusals=(Refusal(Sample((Input(()),))), Refusal(Sample((Input((3,)),), {"dim": (1,)}), IndexError)),
    )
    for name, function in (("fftshift", np.fft.fftshift), ("ifftshift", np.fft.ifftshift))
)

# ------------------------------------------------------------------------------------------------- frames


def _frame_window(window: Array | None, size: int, n_fft: int) -> Array:
    before = (n_fft - size) // 2
    return np.pad(np.ones(size) if window is None else window, (before, n_fft - size - before))


def _stft(
    x: Array,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Array | None = None,
    center: bool = True,
    pad_mode: Any = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
    align_to_window: bool = False,
) -> Array:
    hop, size = hop_length or n_fft // 4, win_length or n_fft
    before = n_fft // 2 if center else (n_fft - size) // 2 if align_to_window else 0
    x = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(before, before)], mode=pad_mode if center else "constant")
    starts = range(0, x.shape[-1] - n_fft + 1, hop)
    shape = _frame_window(window, size, n_fft)
    frames = np.stack([x[..., i : i + n_fft] * shape for i in starts], -2)
    transform = np.fft.fft if frames.dtype.kind == "c" or onesided is False else np.fft.rfft
    found = np.swapaxes(transform(frames, norm="ortho" if normalized else None), -1, -2)
    return np.stack([found.real, found.imag], -1) if return_complex is False else found


def _istft(
    x: Array,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Array | None = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
) -> Array:
    hop = hop_length or n_fft // 4
    shape = _frame_window(window, win_length or n_fft, n_fft)
    norm: Any = "ortho" if normalized else None
    spectra = np.swapaxes(x, -1, -2)
    frames = (
        np.fft.ifft(spectra, norm=norm)
        if return_complex
        else np.fft.irfft(spectra[..., : n_fft // 2 + 1], n_fft, norm=norm)
    )
    end = n_fft + hop * (frames.shape[-2] - 1)
    total, envelope = np.zeros((*frames.shape[:-2], end), frames.dtype), np.zeros(end)
    for t in range(frames.shape[-2]):
        total[..., t * hop : t * hop + n_fft] += frames[..., t, :] * shape
        envelope[t * hop : t * hop + n_fft] += shape**2
    start = n_fft // 2 if center else 0
    end = start + length if length is not None else end - start
    return total[..., start:end] / envelope[start:end]


_WINDOW = uniform(0.5, 1.5)
_STFT = (
    Sample((Input((2, 20)), 8), {"return_complex": True}),
    Sample((Input((20,)), 8, 3, 6, Input((6,), _WINDOW)), {"return_complex": True, "normalized": True}),
    Sample((Input((2, 20)), 7, 3), {"window": Input((7,), _WINDOW), "return_complex": True, "center": False}),
    Sample((Input((17,)), 8), {"onesided": False, "return_complex": True, "pad_mode": "constant"}),
    Sample((Input((2, 20)), 8, 2, 5), {"return_complex": True, "center": False, "align_to_window": True}),
    Sample((Input((2000,)), 64), {"return_complex": True}, dtypes=("float32",)),
)
_COMPLEX_STFT = (
    Sample((Input((2, 20)), 8)),
    Sample((Input((15,)), 6, 2), {"window": Input((6,), _WINDOW), "return_complex": True}),
)
_ISTFT = (
    Sample((Input((2, 5, 6)), 8)),
    Sample(
        (Input((5, 6)), 8, 2),
        {"window": Input((8,), _WINDOW, "float64", grad=False), "center": False},
        dtypes=("complex128",),
    ),
    Sample((Input((4, 6)), 7, 3, 6, Input((6,), _WINDOW, "float64", grad=False)), dtypes=("complex128",)),
    Sample((Input((2, 5, 6)), 8), {"length": 7, "normalized": True}),
    Sample((Input((8, 6)), 8), {"onesided": False}),
    Sample((Input((8, 6)), 8), {"return_complex": True}),
)
_FRAMES = (
    Row("stft", _stft, _STFT, SINGLES, _accuracy(_stft), _as_complex, gradient=True, refuses=("int64", "float16"),
        refusals=(
            Refusal(Sample((Input((20,)), 8))),
            Refusal(Sample((Input((20,)), 8), {"win_length": 9, "return_complex": True})),
            Refusal(Sample((Input((20,)), 8, 0), {"return_complex": True})),
            Refusal(Sample((Input((20,)), 50), {"return_complex": True, "center": False})),
            Refusal(Sample((Input((20,)), 8, 2, 8, Input((6,))), {"return_complex": True})),
        )),
    Row("stft", _stft, (Sample((Input((2, 20)), 8), {"return_complex": False}),), SINGLES, _accuracy(_stft),
        _as_real, call="tp.stft", label="pairs", gradient=True),
    Row("stft", _stft, _COMPLEX_STFT, COMPLEX, _accuracy(_stft), _as_complex, call="tp.stft", label="complex",
        gradient=True),
    Row("istft", _istft, _ISTFT[:-1], COMPLEX, _accuracy(_istft), _as_real, gradient=True, refuses=("float32",),
        refusals=(
            Refusal(Sample((Input((4, 6)), 8)), dtype="complex64"),
            Refusal(Sample((Input((5, 6)), 8, 9)), dtype="complex64"),
            Refusal(Sample((Input((5, 6)), 8), {"window": Input((8,), items(0.0), "float32")}), dtype="complex64"),
            Refusal(Sample((Input((5, 6)), 8), {"return_complex": True}), dtype="complex64"),
        )),
    Row("istft", _istft, _ISTFT[-1:], COMPLEX, _accuracy(_istft), _as_complex, call="tp.istft", label="complex",
        gradient=True),
)  # fmt: skip

ROWS = (*_TRANSFORMS, *_SHIFTS, *_FRAMES)
