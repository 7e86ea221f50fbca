"""Samples of Fourier transforms; their references are NumPy's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import BOOL, COMPLEX, HALVES, INTEGERS, SINGLES, Array
from tensorplug_conformance.sample import EXACT, Input, Oracle, Refusal, Row, Sample, bound, floating, real
from tensorplug_conformance.samples.common import LARGE
from tensorplug_conformance.values import DISTINCT

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
    return lambda x, dim=None: function(x, dim) if x.ndim else x


_SHIFTS = tuple(
    Row(
        name,
        _shift(function),
        (
            Sample((Input((5, 4), DISTINCT),)),
            Sample((Input((5, 4), DISTINCT), 0)),
            Sample((Input((2, 5, 3), DISTINCT),), {"dim": (0, -1)}),
            Sample((Input((0, 3)),)),
            Sample((Input(()),)),
        ),
        _ANY,
        EXACT,
        gradient=True,
    )
    for name, function in (("fftshift", np.fft.fftshift), ("ifftshift", np.fft.ifftshift))
)

ROWS = (*_TRANSFORMS, *_SHIFTS)
