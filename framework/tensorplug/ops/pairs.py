"""Ops on pairs of vectors: similarities, distances, bilinear forms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tensorplug.dispatch import Plan
from tensorplug.dtypes import FLOAT, promote_types
from tensorplug.ops.define import composite, plan
from tensorplug.ops.joining import cat
from tensorplug.ops.linalg import matmul
from tensorplug.ops.windows import constant
from tensorplug.promotion import common_device
from tensorplug.shapes import broadcast_pair

Tensor = Any

_MANY = 25
"""Vectors on one side from which distances come from a matrix product, as in PyTorch."""

_AT_ONCE = 1 << 18
"""Elements of differences between rows that are held at once."""


@composite(spaces=("torch", "F"), out=False)
def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """The cosine of the angle between vectors along ``dim``.

    Args:
        x1, x2: floating-point tensors that broadcast.
        dim: the dim of the vectors.
        eps: the least length that is divided by.

    Returns:
        The broadcast shape without ``dim``.

    Raises:
        RuntimeError: the common dtype is no floating-point one.

    Example:
        >>> import tensorplug as tp
        >>> tp.cosine_similarity(tp.tensor([[1.0, 0.0]]), tp.tensor([[1.0, 1.0]]))
        tensor([0.7071])
    """
    shape, common = broadcast_pair(x1._shape, x2._shape), promote_types(x1._kind.dtype, x2._kind.dtype)
    if common.category != FLOAT:
        raise RuntimeError(f"cosine_similarity: the common dtype must be a floating-point one, got {common}")
    x1, x2 = x1.expand(shape).to(common), x2.expand(shape).to(common)
    x1 = x1 / x1.norm(2, dim, True).clamp(min=eps)
    x2 = x2 / x2.norm(2, dim, True).clamp(min=eps)
    return (x1 * x2).sum(dim)


@composite(spaces=("torch", "F"), out=False)
def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Tensor:
    """The ``p``-norm of ``x1 - x2 + eps`` over the last dim.

    Example:
        >>> import tensorplug as tp
        >>> tp.pairwise_distance(tp.tensor([[0.0, 3.0]]), tp.tensor([[4.0, 0.0]]))
        tensor([5.])
    """
    return (x1 - x2 + eps).norm(p, -1, keepdim)


@composite(spaces=("torch", "F"), out=False)
def pdist(input: Tensor, p: float = 2.0) -> Tensor:
    """The ``p``-norm distances of all pairs of rows, in the order (0, 1), (0, 2), ..., (1, 2), ...

    Args:
        input: shape (N, D).
        p: not negative.

    Returns:
        Shape (N * (N - 1) / 2,).

    Raises:
        RuntimeError: the input is no matrix, or ``p`` is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.pdist(tp.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 4.0]]))
        tensor([5., 4., 3.])
    """
    if len(input._shape) != 2:
        raise RuntimeError(f"pdist only supports 2D tensors, got: {len(input._shape)}D")
    _check_order("pdist", p)
    places = np.triu_indices(input._shape[0], 1)
    step = max(1, _AT_ONCE // max(1, input._shape[1]))
    parts = []
    for start in range(0, max(1, len(places[0])), step):
        first, second = (constant(input, np.ascontiguousarray(x[start : start + step])) for x in places)
        parts.append(_length(input.index_select(0, first) - input.index_select(0, second), p))
    return cat(parts) if len(parts) > 1 else parts[0]


def _check_order(name: str, p: float) -> None:
    if p < 0:
        raise RuntimeError(f"{name} only supports non-negative p values")


def _length(x: Tensor, p: float) -> Tensor:
    """The ``p``-norm over the last dim, whose gradient at 0 is 0."""
    if p in (0, 1, 2, math.inf):
        return x.norm(p, -1)
    total = (x.abs() ** p).sum(-1)
    zero = total == 0
    return (total.masked_fill(zero, 1) ** (1 / p)).masked_fill(zero, 0)


@composite(spaces=("torch",), out=False)
def cdist(
    x1: Tensor, x2: Tensor, p: float = 2.0, compute_mode: str | None = "use_mm_for_euclid_dist_if_necessary"
) -> Tensor:
    """The ``p``-norm distance of each row of ``x1`` to each row of ``x2``.

    Args:
        x1: shape (..., P, D).
        x2: shape (..., R, D).
        p: not negative.
        compute_mode: whether Euclidean distances come from a matrix product, which is quicker and less accurate:
            ``"use_mm_for_euclid_dist"``, ``"donot_use_mm_for_euclid_dist"``, or by default if there are many.

    Returns:
        Shape (..., P, R).

    Raises:
        RuntimeError: shapes do not fit, or ``p`` is negative.
        ValueError: another ``compute_mode``.

    Example:
        >>> import tensorplug as tp
        >>> tp.cdist(tp.tensor([[0.0, 0.0]]), tp.tensor([[3.0, 4.0], [0.0, 1.0]]))
        tensor([[5., 1.]])
    """
    if len(x1._shape) < 2 or len(x2._shape) < 2:
        raise RuntimeError("cdist only supports at least 2D tensors")
    if x1._shape[-1] != x2._shape[-1]:
        raise RuntimeError(f"X1 and X2 must have the same number of columns. X1: {x1._shape[-1]} X2: {x2._shape[-1]}")
    _check_order("cdist", p)
    if p == 2 and _by_product(compute_mode, x1._shape[-2], x2._shape[-2]):
        return euclidean_cdist(x1, x2)
    return _length(x1.unsqueeze(-2) - x2.unsqueeze(-3), p)


def _by_product(mode: str | None, rows: int, columns: int) -> bool:
    if mode in (None, "use_mm_for_euclid_dist_if_necessary"):
        return rows > _MANY or columns > _MANY
    if mode not in ("use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist"):
        raise ValueError(f"{mode} is not a valid value for compute_mode")
    return mode == "use_mm_for_euclid_dist"


@plan("x1, x2", broadcasts=True, spaces=(), out=False)
def euclidean_cdist(x1: Tensor, x2: Tensor) -> Plan:
    """Euclidean distances by ``|a - b|**2 = |a|**2 + |b|**2 - 2 * a @ b``; the gradient at 0 is 0."""
    common_device("cdist", (x1, x2))
    batch = broadcast_pair(x1._shape[:-2], x2._shape[:-2])
    return (x1, x2), (), (*batch, x1._shape[-2], x2._shape[-2]), x1._kind.dtype


@euclidean_cdist.default
def _euclidean_cdist(x1: Tensor, x2: Tensor) -> Tensor:
    squares = (x1 * x1).sum(-1, True) + (x2 * x2).sum(-1).unsqueeze(-2)
    return (squares - matmul(x1, x2.transpose(-2, -1)) * 2).clamp(min=0).sqrt()


@euclidean_cdist.vjp
def _euclidean_cdist_vjp(g: Tensor, x1: Tensor, x2: Tensor, result: Tensor) -> tuple[Tensor, Tensor]:
    share = (g / result).masked_fill(result == 0, 0)
    turned = share.transpose(-2, -1)
    return x1 * share.sum(-1, True) - matmul(share, x2), x2 * turned.sum(-1, True) - matmul(turned, x1)


@composite(spaces=("torch", "F"), out=False)
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input1 @ weight[k] @ input2 + bias[k]`` for each output feature k.

    Args:
        input1: shape (..., D1).
        input2: shape (..., D2), the dims in front those of ``input1``.
        weight: shape (K, D1, D2).
        bias: shape (K,), or None.

    Returns:
        Shape (..., K).

    Raises:
        RuntimeError: the shapes do not fit.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.bilinear(tp.ones(1, 2), tp.ones(1, 3), tp.ones(1, 2, 3))
        tensor([[6.]])
    """
    batch = input1._shape[:-1]
    if input2._shape[:-1] != batch:
        raise RuntimeError(
            f"bilinear(): input batch dimensions do not match: got {list(input1._shape)} and {list(input2._shape)}"
        )
    features, *sizes = weight._shape
    if [input1._shape[-1], input2._shape[-1]] != sizes:
        raise RuntimeError(
            f"bilinear(): weight of shape {list(weight._shape)} does not fit inputs of sizes {input1._shape[-1]} and "
            f"{input2._shape[-1]}"
        )
    rows = matmul(input1.reshape(-1, sizes[0]), weight.transpose(0, 1).reshape(sizes[0], features * sizes[1]))
    found = matmul(rows.reshape(-1, features, sizes[1]), input2.reshape(-1, sizes[1], 1))
    found = found.reshape((*batch, features))
    return found if bias is None else found + bias
