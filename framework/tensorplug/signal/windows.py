"""Windows of many shapes that fade a signal out at both ends.

Each takes ``M``, how many samples, and ``sym``: whether the window ends as it starts (for filters), or leaves out the
last of one sample more (for spectra). All are largest in the middle, where they are 1 or nearly.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tensorplug.dtypes import DType, float32, float64, get_default_dtype
from tensorplug.factories import tensor
from tensorplug.spectral import BLACKMAN, Shape, Where, cosines, positions, triangle
from tensorplug.spectral import kaiser as kaiser_shape
from tensorplug.tensor import Tensor

__all__ = [
    "bartlett",
    "blackman",
    "cosine",
    "exponential",
    "gaussian",
    "general_cosine",
    "general_hamming",
    "hamming",
    "hann",
    "kaiser",
    "nuttall",
]

_NUTTALL = [0.3635819, 0.4891775, 0.1365995, 0.0106411]


def _window(
    name: str, M: int, sym: bool, shape: Shape, dtype: DType | None, device: Where, requires_grad: bool
) -> Tensor:
    dtype = dtype or get_default_dtype()
    if M < 0:
        raise ValueError(f"{name} requires non-negative window length, got M={M}")
    if dtype not in (float32, float64):
        raise ValueError(f"{name} expects float32 or float64 dtypes, got: {dtype}")
    values = np.ones(1) if M == 1 else shape(positions(M, not sym))
    return tensor(values, dtype=dtype, device=device, requires_grad=requires_grad)


def _steps(M: int, sym: bool) -> int:
    """How many steps the window is wide."""
    return max(M - sym, 1)


def bartlett(
    M: int,
    *,
    sym: bool = True,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
) -> Tensor:
    """A triangle, 0 at both ends.

    Args:
        M: how many samples.
        sym: whether the window ends as it starts.
        dtype: float32 or float64, the default dtype unless given.
        device: the default device unless given.
        requires_grad: whether gradients flow to the result.

    Raises:
        ValueError: a negative ``M``, or another dtype.

    Example:
        >>> import tensorplug as tp
        >>> tp.signal.windows.bartlett(5)
        tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
    """
    return _window("bartlett", M, sym, triangle, dtype, device, requires_grad)


def blackman(
    M: int,
    *,
    sym: bool = True,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
) -> Tensor:
    """Blackman's sum of three cosines; see ``bartlett``.

    Example:
        >>> import tensorplug as tp
        >>> tp.signal.windows.blackman(5)[1:4]
        tensor([0.3400, 1.0000, 0.3400])
    """
    return _window("blackman", M, sym, cosines(BLACKMAN), dtype, device, requires_grad)


def cosine(
    M: int,
    *,
    sym: bool = True,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
) -> Tensor:
    """Half a period of a sine, around the middle; see ``bartlett``.

    Example:
        >>> import tensorplug as tp
        >>> tp.signal.windows.cosine(5)
        tensor([0.3090, 0.8090, 1.0000, 0.8090, 0.3090])
    """
    # Half a step inwards from the ends, so that no sample is 0.
    steps = _steps(M, sym)
    return _window(
        "cosine", M, sym, lambda x: np.sin(np.pi * (x * steps + 0.5) / (steps + 1)), dtype, device, requires_grad
    )


def exponential(
    M: int,
    *,
    center: float | None = None,
    tau: float = 1.0,
    sym: bool = True,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
) -> Tensor:
    """``exp(-abs(n - center) / tau)`` for each sample ``n``; see ``bartlett``.

    Args:
        center: where the largest sample is, in the middle by default; symmetric windows have no other.
        tau: how many samples it takes to fall to ``1 / e``.

    Raises:
        ValueError: ``tau`` is not positive, or there is a ``center`` and ``sym``.

    Example:
        >>> import tensorplug as tp
        >>> tp.signal.windows.exponential(5)
        tensor([0.1353, 0.3679, 1.0000, 0.3679, 0.1353])
    """
    if tau <= 0:
        raise ValueError(f"Tau must be positive, got: {tau} instead.")
    if sym and center is not None:
        raise ValueError("Center must be None for symmetric windows")
    steps = _steps(M, sym)
    middle = steps / 2 if center is None else center
    return _window(
        "exponential", M, sym, lambda x: np.exp(-np.abs(x * steps - middle) / tau), dtype, device, requires_grad
    )


def gaussian(
    M: int,
    *,
    std: float = 1.0,
    sym: bool = True,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
) -> Tensor:
    """The bell of a normal distribution; see ``bartlett``.

    Args:
        std: its standard deviation in samples.

    Raises:
        ValueError: ``std`` is not positive.

    Example:
        >>> import tensorplug as tp
        >>> tp.signal.windows.gaussian(5)
        tensor([0.1353, 0.6065, 1.0000, 0.6065, 0.1353])
    """
    if std <= 0:
        raise ValueError(f"Standard deviation must be positive, got: {std} instead.")
    steps = _steps(M, sym)
    return _window(
        "gaussian", M, sym, lambda x: np.exp(-(((x - 0.5) * steps / std) ** 2) / 2), dtype, device, requires_grad
    )


def general_cosine(
    M: int,
    *,
    a: Iterable[float],
    sym: bool = True,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
) -> Tensor:
    """The sum of ``a[k] * cos(2 * pi * k * x)``, with alternating signs, for ``x`` from 0 to 1; see ``bartlett``.

    Args:
        a: the coefficients, one at least.

    Raises:
        TypeError: ``a`` is no list or other iterable.
        ValueError: ``a`` is empty.

    Example:
        >>> import tensorplug as tp
        >>> tp.signal.windows.general_cosine(5, a=[0.5, 0.3, 0.2])
        tensor([0.4000, 0.3000, 1.0000, 0.3000, 0.4000])
    """
    if not isinstance(a, Iterable):
        raise TypeError("Coefficients must be a list/tuple")
    coefficients = list(a)
    if M and not coefficients:
        raise ValueError("Coefficients cannot be empty")
    return _window("general_cosine", M, sym, cosines(coefficients), dtype, device, requires_grad)


def general_hamming(
    M: int,
    *,
    alpha: float = 0.54,
    sym: bool = True,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
) -> Tensor:
    """``alpha - (1 - alpha) * cos(2 * pi * x)`` for ``x`` from 0 to 1; see ``bartlett``.

    Example:
        >>> import tensorplug as tp
        >>> tp.signal.windows.general_hamming(5, alpha=0.6)
        tensor([0.2000, 0.6000, 1.0000, 0.6000, 0.2000])
    """
    shape = cosines([alpha, 1 - alpha])
    return _window("general_hamming", M, sym, shape, dtype, device, requires_grad)


def hamming(
    M: int,
    *,
    sym: bool = True,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
) -> Tensor:
    """Hamming's window, ``general_hamming`` as it is; see ``bartlett``.

    Example:
        >>> import tensorplug as tp
        >>> tp.signal.windows.hamming(5)
        tensor([0.0800, 0.5400, 1.0000, 0.5400, 0.0800])
    """
    return _window("hamming", M, sym, cosines([0.54, 0.46]), dtype, device, requires_grad)


def hann(
    M: int,
    *,
    sym: bool = True,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
) -> Tensor:
    """Hann's window, a whole period of a cosine; see ``bartlett``.

    Example:
        >>> import tensorplug as tp
        >>> tp.signal.windows.hann(5)
        tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
    """
    return _window("hann", M, sym, cosines([0.5, 0.5]), dtype, device, requires_grad)


def kaiser(
    M: int,
    *,
    beta: float = 12.0,
    sym: bool = True,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
) -> Tensor:
    """Kaiser's window; see ``bartlett``.

    Args:
        beta: the larger, the narrower.

    Raises:
        ValueError: ``beta`` is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.signal.windows.kaiser(5, beta=3.0)
        tensor([0.2049, 0.7269, 1.0000, 0.7269, 0.2049])
    """
    if beta < 0:
        raise ValueError(f"beta must be non-negative, got: {beta} instead.")
    return _window("kaiser", M, sym, kaiser_shape(beta), dtype, device, requires_grad)


def nuttall(
    M: int,
    *,
    sym: bool = True,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
) -> Tensor:
    """A sum of four cosines with low side lobes; see ``bartlett``.

    A. H. Nuttall, Some windows with very good sidelobe behavior, 1981.

    Example:
        >>> import tensorplug as tp
        >>> tp.signal.windows.nuttall(5)
        tensor([3.6280e-04, 2.2698e-01, 1.0000e+00, 2.2698e-01, 3.6280e-04])
    """
    return _window("nuttall", M, sym, cosines(_NUTTALL), dtype, device, requires_grad)
