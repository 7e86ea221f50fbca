"""Products of vectors, matrices and tensors."""

from __future__ import annotations

from collections.abc import Sequence

from tensorplug import functional as F
from tensorplug.array_api.dtypes import together
from tensorplug.tensor import Tensor

__all__ = ["matmul", "matrix_transpose", "tensordot", "vecdot"]


def matmul(x1: Tensor, x2: Tensor, /) -> Tensor:
    """The product of matrices, stacks of them, or vectors."""
    return F.matmul(*together(x1, x2))


def matrix_transpose(x: Tensor, /) -> Tensor:
    """The last two axes swapped.

    Raises:
        ValueError: fewer than two.
    """
    if x.ndim < 2:
        raise ValueError(f"matrix_transpose: at least 2 dims are needed, got shape {tuple(x.shape)}")
    return x.mT


def tensordot(x1: Tensor, x2: Tensor, /, *, axes: int | tuple[Sequence[int], Sequence[int]] = 2) -> Tensor:
    """The sum of products over pairs of axes: the last of ``x1`` with the first of ``x2``, or those given."""
    a, b = together(x1, x2)
    return F.tensordot(a, b, axes if isinstance(axes, int) else [list(part) for part in axes])


def vecdot(x1: Tensor, x2: Tensor, /, *, axis: int = -1) -> Tensor:
    """The sum of products along an axis; the first array is conjugated.

    Raises:
        ValueError: the axis has two sizes, or is not counted from the end within both.
    """
    if not -min(x1.ndim, x2.ndim) <= axis < 0:
        raise ValueError(f"vecdot: axis {axis} is not counted from the end of both arrays")
    if x1.shape[axis] != x2.shape[axis]:
        raise ValueError(f"vecdot: axis {axis} has sizes {x1.shape[axis]} and {x2.shape[axis]}")
    a, b = together(x1, x2)
    return F.matmul(a.conj().movedim(axis, -1).unsqueeze(-2), b.movedim(axis, -1).unsqueeze(-1)).squeeze((-2, -1))
