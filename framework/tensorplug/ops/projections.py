"""Products with a weight together with what comes before or after them."""

from __future__ import annotations

from math import prod
from typing import Any

from tensorplug.ops.class_loss import cross_entropy
from tensorplug.ops.convolution import conv1d
from tensorplug.ops.define import composite
from tensorplug.ops.linalg import linear
from tensorplug.shapes import canonical_dim

Tensor = Any


@composite(spaces=("F",), out=False)
def linear_cross_entropy(
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    *,
    linear_bias: Tensor | None = None,
    weight: Tensor | None = None,
    reduction: str = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    options: Any = None,
) -> Tensor:
    """``cross_entropy(linear(input, linear_weight, linear_bias), target)``.

    Args:
        input: shape (N, in features), or (in features,).
        linear_weight: shape (C, in features), or (C, d1, ..., in features) for targets of shape (N, d1, ...).
        target: class indices, or probabilities of the shape of the scores.
        linear_bias: shape (C,) or (C, d1, ...).
        weight, reduction, label_smoothing: as for ``cross_entropy``.
        ignore_index: likewise; -100 where it is None.
        options: accepted; how PyTorch cuts the work into pieces changes nothing in the result.

    Raises:
        RuntimeError: another number of dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.linear_cross_entropy(tp.ones(1, 2), tp.zeros(4, 2), tp.tensor([3]))
        tensor(1.3863)
    """
    if len(input._shape) not in (1, 2) or len(linear_weight._shape) < 2:
        raise RuntimeError(
            "linear_cross_entropy: expected input of 1 or 2 dims and linear_weight of at least 2, got shapes "
            f"{list(input._shape)} and {list(linear_weight._shape)}"
        )
    classes, *inner = linear_weight._shape[:-1]
    flat_bias = None if linear_bias is None else linear_bias.reshape(classes * prod(inner))
    scores = linear(input, linear_weight.reshape(classes * prod(inner), linear_weight._shape[-1]), flat_bias)
    scores = scores.reshape((*input._shape[:-1], classes, *inner))
    ignored = -100 if ignore_index is None else ignore_index
    return cross_entropy(
        scores, target, weight, ignore_index=ignored, reduction=reduction, label_smoothing=label_smoothing
    )


@composite(spaces=("torch", "F"), out=False)
def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor, pad: int = 0) -> Tensor:
    """``conv1d`` with the dims in the order (time, batch, channel).

    Args:
        input: shape (T, B, in channels).
        weight: shape (width, in channels, out channels).
        bias: shape (out channels,).
        pad: zeros on both sides of the time dim.

    Returns:
        Shape (T + 2 * pad - width + 1, B, out channels).

    Raises:
        RuntimeError: another number of dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.conv_tbc(tp.ones(3, 1, 1), tp.ones(2, 1, 1), tp.zeros(1)).flatten()
        tensor([2., 2.])
    """
    for name, given, rank in (("Input", input, 3), ("Weight", weight, 3), ("Bias", bias, 1)):
        if len(given._shape) != rank:
            raise RuntimeError(f"conv_tbc: {name} must have {rank} dims, got shape {list(given._shape)}")
    return conv1d(input.permute(1, 2, 0), weight.permute(2, 1, 0), bias, padding=pad).permute(2, 0, 1)


@composite(spaces=("torch",), out=False)
def norm_except_dim(v: Tensor, pow: int = 2, dim: int = 0) -> Tensor:
    """The norms over all dims but one, which keep their places with size 1; over all dims with ``dim=-1``.

    Example:
        >>> import tensorplug as tp
        >>> tp.norm_except_dim(tp.tensor([[3.0, 4.0], [0.0, 2.0]]))
        tensor([[5.],
                [2.]])
    """
    if dim == -1:
        return v.norm(pow)
    kept = canonical_dim(dim, len(v._shape))
    rest = tuple(d for d in range(len(v._shape)) if d != kept)
    return v.norm(pow, rest, True) if rest else v.unsqueeze(-1).norm(pow, -1)
