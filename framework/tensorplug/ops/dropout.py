"""Dropout: elements, or whole channels, set to 0 (or to SELU's lower end) at random in training.

Source: Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting, 2014.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

from tensorplug.dtypes import HALF, float32
from tensorplug.op import Op
from tensorplug.ops.creation import zeros_like
from tensorplug.ops.define import composite
from tensorplug.ops.random import draw_uniform
from tensorplug.overwriting import inplace_caller
from tensorplug.shapes import Shape

Tensor = Any

_SELU_FLOOR = -1.7580993408473766
"""What SELU tends to for very negative inputs."""


def _check_probability(p: float) -> None:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


def _kept(input: Tensor, shape: Shape, p: float) -> Tensor:
    """A bool mask of ``shape`` that holds with probability ``1 - p``."""
    dtype = float32 if input._kind.dtype in HALF else input._kind.dtype
    return draw_uniform(shape, dtype, input._kind.device, None) >= p


@composite(spaces=(), out=False)
def drop(input: Tensor, p: float, by_channel: bool) -> Tensor:
    """0 with probability ``p``, else ``input / (1 - p)``, drawn for each element or channel."""
    if p == 1.0:
        return input * zeros_like(input)
    kept = _kept(input, _mask_shape(input, by_channel), p)
    return input * (kept.to(input._kind.dtype) * (1 / (1 - p)))


@composite(spaces=(), out=False)
def alpha_drop(input: Tensor, p: float, by_channel: bool) -> Tensor:
    """SELU's lower end with probability ``p``, then scaled and shifted so that mean 0 and variance 1 are kept."""
    if p == 1.0:
        return input * zeros_like(input)
    kept = _kept(input, _mask_shape(input, by_channel), p).to(input._kind.dtype)
    scale = 1 / math.sqrt((1 - p) * (1 + p * _SELU_FLOOR * _SELU_FLOOR))
    dropped = (1 - kept) * (_SELU_FLOOR * scale)
    return input * (kept * scale) + (dropped - p * _SELU_FLOOR * scale)


def _mask_shape(input: Tensor, by_channel: bool) -> Shape:
    shape: Shape = input._shape
    if not by_channel:
        return shape
    if len(shape) < 2:
        raise RuntimeError("Feature dropout requires at least 2 dimensions in the input")
    return shape[:2] + (1,) * (len(shape) - 2)


_IN_PLACE: dict[str, Callable[..., Any]] = {op.name: inplace_caller(op) for op in (drop, alpha_drop)}


def _apply(op: Op, input: Tensor, p: float, training: bool, inplace: bool, by_channel: bool = False) -> Tensor:
    _check_probability(p)
    if not training or p == 0.0 or 0 in input._shape:
        return input
    return (_IN_PLACE[op.name] if inplace else op)(input, p, by_channel)


@composite(spaces=("F",), out=False)
def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """In training, sets each element to 0 with probability ``p`` and divides the others by ``1 - p``.

    Args:
        input: any shape.
        p: the probability, in [0, 1].
        training: otherwise the input comes back itself.
        inplace: write over the input.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.dropout(tp.ones(3), p=1.0)
        tensor([0., 0., 0.])
    """
    return _apply(drop, input, p, training, inplace)


@composite(spaces=("torch",), out=False)
def feature_dropout(input: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """``dropout`` of whole channels (dims 0 and 1) at a time.

    Example:
        >>> import tensorplug as tp
        >>> tp.feature_dropout(tp.ones(1, 2), 0.5, False)
        tensor([[1., 1.]])
    """
    return _apply(drop, input, p, training, False, True)


@composite(spaces=("F",), out=False)
def dropout1d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """``dropout`` of whole channels of an input of shape (N, C, L) or (C, L).

    Raises:
        ValueError: ``p`` is outside [0, 1].
        RuntimeError: another number of dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.dropout1d(tp.ones(1, 2, 1), p=1.0).flatten()
        tensor([0., 0.])
    """
    _check_probability(p)
    rank = len(input._shape)
    if rank not in (2, 3):
        raise RuntimeError(
            f"dropout1d: Expected 2D or 3D input, but received a {rank}D input. Note that dropout1d exists to provide "
            "channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch "
            "dimension (i.e. 2D or 3D inputs)."
        )
    return _by_channel(input, p, training, inplace, rank == 3)


@composite(spaces=("F",), out=False)
def dropout2d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """``dropout`` of whole channels of an input of shape (N, C, H, W), or (N, C, L) with a warning.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.dropout2d(tp.ones(1, 2, 1, 1), p=1.0).flatten()
        tensor([0., 0.])
    """
    _check_probability(p)
    rank = len(input._shape)
    if rank not in (3, 4):
        _warn_of_rank("dropout2d", rank, "2 spatial dimensions", "3D or 4D")
    if rank == 3:
        warnings.warn(
            "dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is "
            "desired - input is interpreted as shape (N, C, L), where C is the channel dim. This behavior will "
            "change in a future release to interpret the input as one without a batch dimension, i.e. shape "
            "(C, H, W). To maintain the 1D channel-wise dropout behavior, please switch to using dropout1d instead.",
            stacklevel=2,
        )
    return _by_channel(input, p, training, inplace, True)


@composite(spaces=("F",), out=False)
def dropout3d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """``dropout`` of whole channels of an input of shape (N, C, D, H, W) or (C, D, H, W).

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.dropout3d(tp.ones(1, 2, 1, 1, 1), p=1.0).flatten()
        tensor([0., 0.])
    """
    _check_probability(p)
    rank = len(input._shape)
    if rank not in (4, 5):
        _warn_of_rank("dropout3d", rank, "3 spatial dimensions", "4D or 5D")
    return _by_channel(input, p, training, inplace, rank == 5)


def _warn_of_rank(name: str, rank: int, spatial: str, wanted: str) -> None:
    warnings.warn(
        f"{name}: Received a {rank}-D input to {name}, which is deprecated and will result in an error in a future "
        "release. To retain the behavior and silence this warning, please use dropout instead. Note that "
        f"{name} exists to provide channel-wise dropout on inputs with {spatial}, a channel dimension, and an optional "
        f"batch dimension (i.e. {wanted} inputs).",
        stacklevel=3,
    )


def _by_channel(input: Tensor, p: float, training: bool, inplace: bool, batched: bool) -> Tensor:
    if batched:
        return _apply(drop, input, p, training, inplace, True)
    found = _apply(drop, input.unsqueeze(0), p, training, inplace, True)
    return input if inplace else found.squeeze(0)


@composite(spaces=("F",), out=False)
def alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """Dropout that keeps mean 0 and variance 1, for networks of SELU.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Source: Klambauer et al., Self-normalizing neural networks, 2017.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.alpha_dropout(tp.ones(3), p=0.5)
        tensor([1., 1., 1.])
    """
    return _apply(alpha_drop, input, p, training, inplace)


@composite(spaces=("F",), out=False)
def feature_alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """``alpha_dropout`` of whole channels (dims 0 and 1) at a time.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.feature_alpha_dropout(tp.ones(1, 2), training=False)
        tensor([[1., 1.]])
    """
    return _apply(alpha_drop, input, p, training, inplace, True)
