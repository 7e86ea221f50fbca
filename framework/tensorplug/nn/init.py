"""Initial values for parameters: functions that fill a tensor in place, unrecorded, and return it."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from tensorplug import functional as ops
from tensorplug.autograd.grad_mode import no_grad
from tensorplug.dtypes import bfloat16, float16, float32, float64
from tensorplug.factories import empty, from_numpy, randperm
from tensorplug.left_out import refusing
from tensorplug.random import Generator
from tensorplug.tensor import Tensor

_GAIN_ONE = frozenset(
    ["linear", "sigmoid"] + [f"conv{form}{rank}d" for form in ("", "_transpose") for rank in (1, 2, 3)]
)


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor by which weights are scaled to make up for what a nonlinearity takes from the variance.

    Args:
        nonlinearity: the name of the function: ``linear``, ``conv1d`` (and the other convolutions),
            ``sigmoid``, ``tanh``, ``relu``, ``leaky_relu`` or ``selu``.
        param: the slope of ``leaky_relu``, 0.01 by default.

    Raises:
        ValueError: the name is unknown, or the slope is no number.

    Example:
        >>> calculate_gain("leaky_relu", 1.0)
        1.0
    """
    if nonlinearity in _GAIN_ONE:
        return 1
    if nonlinearity == "tanh":
        return 5.0 / 3
    if nonlinearity == "relu":
        return math.sqrt(2.0)
    if nonlinearity == "selu":
        return 3.0 / 4
    if nonlinearity == "leaky_relu":
        if param is not None and (isinstance(param, bool) or not isinstance(param, int | float)):
            raise ValueError(f"negative_slope {param} not a valid number")
        slope = 0.01 if param is None else param
        return math.sqrt(2.0 / (1 + slope**2))
    raise ValueError(f"Unsupported nonlinearity {nonlinearity}")


@no_grad()
def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill ``tensor`` with draws from the uniform distribution on [a, b)."""
    return tensor.uniform_(a, b, generator=generator)


@no_grad()
def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill ``tensor`` with draws from the normal distribution."""
    return tensor.normal_(mean, std, generator=generator)


@no_grad()
def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Generator | None = None,
) -> Tensor:
    """Fill ``tensor`` with draws from the normal distribution cut off to the interval [a, b].

    One uniform draw per element goes through the inverse of the normal distribution function, so that a draw
    costs the same on every device and takes a known number of random values.

    Example:
        >>> import tensorplug as tp
        >>> bool((trunc_normal_(tp.empty(100)).abs() <= 2).all())
        True
    """
    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values may be "
            "incorrect.",
            stacklevel=2,
        )

    def distribution(x: float) -> float:
        return math.erf((x - mean) / (std * math.sqrt(2.0)))

    narrow = tensor.dtype in (float16, bfloat16)
    values = ops.empty_like(tensor, dtype=float32) if narrow else tensor
    values.uniform_(distribution(a), distribution(b), generator=generator)
    values.erfinv_().mul_(std * math.sqrt(2.0)).add_(mean).clamp_(a, b)
    return tensor.copy_(values) if narrow else tensor


@no_grad()
def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill ``tensor`` with ``val``."""
    return tensor.fill_(val)


def ones_(tensor: Tensor) -> Tensor:
    """Fill ``tensor`` with ones."""
    return constant_(tensor, 1.0)


def zeros_(tensor: Tensor) -> Tensor:
    """Fill ``tensor`` with zeros."""
    return constant_(tensor, 0.0)


@no_grad()
def eye_(tensor: Tensor) -> Tensor:
    """Fill a matrix with the identity, so that a linear layer passes on as many inputs as it can.

    Raises:
        ValueError: ``tensor`` has not two dimensions.
    """
    if tensor.dim() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    tensor.zero_()
    tensor.diagonal().fill_(1)
    return tensor


@no_grad()
def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """Fill the weight of a convolution so that it passes on as many of its input channels as it can.

    Args:
        tensor: a weight with 3, 4 or 5 dimensions.
        groups: the groups of the convolution; each passes on its own channels.

    Raises:
        ValueError: the number of dimensions is another, or ``groups`` does not divide the output channels.
    """
    if tensor.dim() not in (3, 4, 5):
        raise ValueError("Only tensors with 3, 4, or 5 dimensions are supported")
    out_channels, in_channels, *kernel = tensor.shape
    if out_channels % groups != 0:
        raise ValueError("dim 0 must be divisible by groups")
    tensor.zero_()
    middle = tuple(size // 2 for size in kernel)
    per_group = out_channels // groups
    for group in range(groups):
        for channel in range(min(per_group, in_channels)):
            tensor[(group * per_group + channel, channel, *middle)] = 1
    return tensor


def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    """How many inputs feed one output of a weight, and how many outputs one input feeds."""
    if tensor.dim() < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")
    kernel = math.prod(tensor.shape[2:])
    return tensor.shape[1] * kernel, tensor.shape[0] * kernel


def _calculate_correct_fan(tensor: Tensor, mode: str) -> int:
    modes = ["fan_in", "fan_out"]
    if mode.lower() not in modes:
        raise ValueError(f"Mode {mode} not supported, please use one of {modes}")
    return _calculate_fan_in_and_fan_out(tensor)[modes.index(mode.lower())]


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill ``tensor`` with uniform draws of the variance ``gain**2 * 2 / (fan_in + fan_out)``.

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks,
    2010.
    """
    std = gain * math.sqrt(2.0 / sum(_calculate_fan_in_and_fan_out(tensor)))
    bound = math.sqrt(3.0) * std
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill ``tensor`` with normal draws of the variance ``gain**2 * 2 / (fan_in + fan_out)``.

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks,
    2010.
    """
    return normal_(tensor, 0.0, gain * math.sqrt(2.0 / sum(_calculate_fan_in_and_fan_out(tensor))), generator)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Fill ``tensor`` with uniform draws whose variance keeps that of the signal.

    Args:
        tensor: a weight of at least two dimensions.
        a: the slope of the ``leaky_relu`` that follows.
        mode: ``fan_in`` to keep the variance forwards, ``fan_out`` backwards.
        nonlinearity: what follows the layer; see ``calculate_gain``.
        generator: where the draws come from.

    Source: He et al., Delving deep into rectifiers, 2015.
    """
    if _is_empty(tensor):
        return tensor
    std = calculate_gain(nonlinearity, a) / math.sqrt(_calculate_correct_fan(tensor, mode))
    bound = math.sqrt(3.0) * std
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Fill ``tensor`` with normal draws whose variance keeps that of the signal; see ``kaiming_uniform_``."""
    if _is_empty(tensor):
        return tensor
    std = calculate_gain(nonlinearity, a) / math.sqrt(_calculate_correct_fan(tensor, mode))
    return normal_(tensor, 0.0, std, generator)


def _is_empty(tensor: Tensor) -> bool:
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=3)
        return True
    return False


@no_grad()
def orthogonal_(tensor: Tensor, gain: float = 1, generator: Generator | None = None) -> Tensor:
    """Fill ``tensor``, seen as a matrix of ``shape[0]`` rows, with orthogonal rows or columns times ``gain``.

    Source: Saxe et al., Exact solutions to the nonlinear dynamics of learning in deep linear neural networks,
    2013.

    Raises:
        ValueError: ``tensor`` has fewer than two dimensions.
    """
    if tensor.dim() < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    if tensor.numel() == 0 or tensor.is_meta:
        return tensor
    rows = tensor.shape[0]
    columns = tensor.numel() // rows
    precision = float64 if tensor.dtype is float64 else float32
    drawn = empty((rows, columns), dtype=precision).normal_(0, 1, generator=generator).numpy()
    # On the host: a small matrix, once, and no device has to bring a QR factorisation.
    q, r = np.linalg.qr(drawn.T if rows < columns else drawn)
    # The signs of the diagonal make the result uniform over the orthogonal matrices (Mezzadri, 2006).
    q = q * np.sign(np.diagonal(r))
    matrix = from_numpy(np.ascontiguousarray(q.T if rows < columns else q))
    return tensor.copy_(matrix.reshape(tensor.shape)).mul_(gain)


@no_grad()
def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Generator | None = None) -> Tensor:
    """Fill a matrix with normal draws and set the share ``sparsity`` of each column to zero.

    Source: Martens, Deep learning via Hessian-free optimization, 2010.

    Raises:
        ValueError: ``tensor`` has not two dimensions.
    """
    if tensor.dim() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    rows, columns = tensor.shape
    zeros = math.ceil(sparsity * rows)
    tensor.normal_(0, std, generator=generator)
    for column in range(columns):
        tensor[randperm(rows)[:zeros], column] = 0
    return tensor


def _deprecated(function: Any) -> Any:
    old_name = function.__name__[:-1]

    def call(*args: Any, **kwargs: Any) -> Any:
        warnings.warn(
            f"`nn.init.{old_name}` is now deprecated in favor of `nn.init.{function.__name__}`.",
            FutureWarning,
            stacklevel=2,
        )
        return function(*args, **kwargs)

    call.__name__ = old_name
    call.__doc__ = f"The old name of ``{function.__name__}``."
    return call


uniform = _deprecated(uniform_)
normal = _deprecated(normal_)
constant = _deprecated(constant_)
eye = _deprecated(eye_)
dirac = _deprecated(dirac_)
xavier_uniform = _deprecated(xavier_uniform_)
xavier_normal = _deprecated(xavier_normal_)
kaiming_uniform = _deprecated(kaiming_uniform_)
kaiming_normal = _deprecated(kaiming_normal_)
orthogonal = _deprecated(orthogonal_)
sparse = _deprecated(sparse_)


__getattr__ = refusing("tensorplug.nn.init", "nn.init")
