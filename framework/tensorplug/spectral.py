"""Windows that fade a signal out at both ends, and the frequencies of Fourier transforms.

The host computes them in double precision and rounds once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug.device import Device
from tensorplug.dtypes import FLOAT, DType, get_default_dtype
from tensorplug.factories import tensor
from tensorplug.overwriting import write_out
from tensorplug.tensor import Tensor

Where = Device | str | None
Array = np.ndarray[Any, Any]
Shape = Callable[[Array], Array]


# ---------------------------------------------------------------------------------------------------- shapes


def positions(length: int, periodic: bool) -> Array:
    """Where the samples of a window are, from 0 at its start to 1 at its end, which a periodic one leaves out."""
    if length == 1:
        return np.full(1, 0.5)
    return np.arange(length) / max(length - (not periodic), 1)


def cosines(coefficients: list[float]) -> Shape:
    """The sum of ``coefficients[k] * cos(2 * pi * k * x)``, with alternating signs."""
    return lambda x: np.asarray(sum((-1) ** k * a * np.cos(2 * np.pi * k * x) for k, a in enumerate(coefficients)))


def triangle(x: Array) -> Array:
    """0 at both ends, 1 in the middle."""
    return 1 - np.abs(2 * x - 1)


def kaiser(beta: float) -> Shape:
    """Kaiser's window (J. F. Kaiser, Nonrecursive digital filter design using the I0-sinh window function, 1974)."""
    return lambda x: np.i0(beta * np.sqrt(np.maximum(1 - (2 * x - 1) ** 2, 0))) / np.i0(beta)


BLACKMAN = [0.42, 0.5, 0.08]


# ---------------------------------------------------------------------------------------------------- windows


def _window(name: str, length: int, periodic: bool, shape: Shape, dtype: DType | None, **options: Any) -> Tensor:
    dtype = dtype or get_default_dtype()
    if dtype.category != FLOAT:
        raise RuntimeError(f"{name} expects floating point dtypes, got: {dtype}")
    if length < 0:
        raise RuntimeError(f"{name} requires non-negative window_length, got window_length={length}")
    values = np.ones(1) if length == 1 else shape(positions(length, periodic))
    return tensor(values, dtype=dtype, **options)


def bartlett_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """A triangle, 0 at both ends and 1 in the middle.

    Args:
        window_length: how many samples.
        periodic: leave out the last of one sample more, so that copies join without a seam.
        dtype: a floating-point dtype, the default one unless given.
        device: the default device unless given.
        requires_grad: whether gradients flow to the result.

    Raises:
        RuntimeError: a negative length, or another dtype.

    Example:
        >>> import tensorplug as tp
        >>> tp.bartlett_window(4)
        tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    return _window(
        "bartlett_window", window_length, periodic, triangle, dtype, device=device, requires_grad=requires_grad
    )


def blackman_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """``0.42 - 0.5 * cos(2 * pi * x) + 0.08 * cos(4 * pi * x)`` for ``x`` from 0 to 1; see ``bartlett_window``.

    Example:
        >>> import tensorplug as tp
        >>> tp.blackman_window(5, periodic=False)[2]
        tensor(1.)
    """
    shape = cosines(BLACKMAN)
    return _window("blackman_window", window_length, periodic, shape, dtype, device=device, requires_grad=requires_grad)


def hamming_window(
    window_length: int,
    periodic: bool = True,
    alpha: float = 0.54,
    beta: float = 0.46,
    *,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """``alpha - beta * cos(2 * pi * x)`` for ``x`` from 0 to 1; see ``bartlett_window``.

    Example:
        >>> import tensorplug as tp
        >>> tp.hamming_window(4)
        tensor([0.0800, 0.5400, 1.0000, 0.5400])
    """
    shape = cosines([alpha, beta])
    return _window("hamming_window", window_length, periodic, shape, dtype, device=device, requires_grad=requires_grad)


def hann_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """``0.5 - 0.5 * cos(2 * pi * x)`` for ``x`` from 0 to 1; see ``bartlett_window``.

    Example:
        >>> import tensorplug as tp
        >>> tp.hann_window(4)
        tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    shape = cosines([0.5, 0.5])
    return _window("hann_window", window_length, periodic, shape, dtype, device=device, requires_grad=requires_grad)


def kaiser_window(
    window_length: int,
    periodic: bool = True,
    beta: float = 12.0,
    *,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Kaiser's window: the larger ``beta``, the narrower; see ``bartlett_window``.

    Example:
        >>> import tensorplug as tp
        >>> tp.kaiser_window(5, periodic=False, beta=3.0)
        tensor([0.2049, 0.7269, 1.0000, 0.7269, 0.2049])
    """
    shape = kaiser(beta)
    return _window("kaiser_window", window_length, periodic, shape, dtype, device=device, requires_grad=requires_grad)


# ---------------------------------------------------------------------------------------------------- frequencies


def fftfreq(
    n: int,
    d: float = 1.0,
    *,
    out: Tensor | None = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
) -> Tensor:
    """The frequencies of the ``n`` elements of ``fft``, in cycles per unit of ``d``, the distance of samples.

    Raises:
        RuntimeError: the dtype is one of integers or bools.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.fftfreq(5, d=0.2)
        tensor([ 0.,  1.,  2., -2., -1.])
    """
    steps = np.arange(n)
    steps[(n + 1) // 2 :] -= n
    return _frequencies("fftfreq", steps, n * d, out, dtype, device, requires_grad)


def rfftfreq(
    n: int,
    d: float = 1.0,
    *,
    out: Tensor | None = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
) -> Tensor:
    """The frequencies of the ``n // 2 + 1`` elements of ``rfft``; see ``fftfreq``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.rfftfreq(4)
        tensor([0.0000, 0.2500, 0.5000])
    """
    return _frequencies("rfftfreq", np.arange(n // 2 + 1), n * d, out, dtype, device, requires_grad)


def _frequencies(
    name: str,
    steps: Array,
    duration: float,
    out: Tensor | None,
    dtype: DType | None,
    device: Where,
    requires_grad: bool,
) -> Tensor:
    dtype = dtype or (get_default_dtype() if out is None else out.dtype)
    if dtype.category < FLOAT:
        raise RuntimeError(f"{name} requires a floating point or complex dtype, got {dtype}")
    with np.errstate(all="ignore"):
        values = steps / np.float64(duration)
    made = tensor(values, dtype=dtype, device=device if out is None else out.device)
    if out is not None:
        return write_out(name, out, lambda: made, ((), {}))
    return made.requires_grad_(requires_grad)
