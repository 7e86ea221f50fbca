"""Fourier transforms: the standard's extension ``fft``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tensorplug import fft as own
from tensorplug.device import Device
from tensorplug.dtypes import DType
from tensorplug.tensor import Tensor

_ALONG_ONE = {"fft": own.fft, "ifft": own.ifft, "rfft": own.rfft, "irfft": own.irfft, "hfft": own.hfft,
              "ihfft": own.ihfft}  # fmt: skip
_ALONG_SEVERAL = {"fftn": own.fftn, "ifftn": own.ifftn, "rfftn": own.rfftn, "irfftn": own.irfftn}

__all__ = ["fftfreq", "fftshift", "ifftshift", "rfftfreq", *_ALONG_ONE, *_ALONG_SEVERAL]

Where = Device | str | None


def _along_one(name: str, transform: Callable[..., Any]) -> Callable[..., Tensor]:
    def function(x: Tensor, /, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Tensor:
        found: Tensor = transform(x, n, axis, norm)
        return found

    return _named(function, name)


def _along_several(name: str, transform: Callable[..., Any]) -> Callable[..., Tensor]:
    def function(
        x: Tensor, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str = "backward"
    ) -> Tensor:
        found: Tensor = transform(x, s, axes, norm)
        return found

    return _named(function, name)


def _named(function: Any, name: str) -> Any:
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"``tensorplug.fft.{name}``, with the standard's names of arguments."
    return function


globals().update({name: _along_one(name, transform) for name, transform in _ALONG_ONE.items()})
globals().update({name: _along_several(name, transform) for name, transform in _ALONG_SEVERAL.items()})


def fftfreq(n: int, /, *, d: float = 1.0, dtype: DType | None = None, device: Where = None) -> Tensor:
    """The frequencies that ``fft`` of ``n`` samples, ``d`` apart, tells of."""
    return own.fftfreq(n, d, dtype=dtype, device=device)


def rfftfreq(n: int, /, *, d: float = 1.0, dtype: DType | None = None, device: Where = None) -> Tensor:
    """The frequencies that ``rfft`` of ``n`` samples, ``d`` apart, tells of."""
    return own.rfftfreq(n, d, dtype=dtype, device=device)


def fftshift(x: Tensor, /, *, axes: Any = None) -> Tensor:
    """The frequency 0 moved to the middle of the axes (all by default)."""
    return own.fftshift(x, axes)


def ifftshift(x: Tensor, /, *, axes: Any = None) -> Tensor:
    """What ``fftshift`` did, undone."""
    return own.ifftshift(x, axes)
