"""Tensors put together along a dim, old or new."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

from tensorplug.base import TensorBase
from tensorplug.dispatch import Plan
from tensorplug.ops.define import composite, plan
from tensorplug.ops.slicing import slice_dim
from tensorplug.promotion import common_device, result_type
from tensorplug.shapes import (
    Shape,
    canonical_dim,
)

Tensor = Any
Geometry = tuple[Shape, Shape, int]


# ---------------------------------------------------------------------------------------------------- joining


def _as_tensors(name: str, tensors: Sequence[Tensor]) -> tuple[Tensor, ...]:
    if not isinstance(tensors, list | tuple):
        raise TypeError(f"{name}(): 'tensors' must be a list or tuple of Tensors, not {type(tensors).__name__}")
    for position, tensor in enumerate(tensors):
        if not isinstance(tensor, TensorBase):
            raise TypeError(f"{name}(): expected Tensor as element {position}, but got {type(tensor).__name__}")
    return tuple(tensors)


@plan("*tensors; dim", spaces=("torch",), aliases=("concat", "concatenate"))
def cat(tensors: Sequence[Tensor], dim: int = 0) -> Plan:
    """The tensors one after the other along an existing dim.

    Args:
        tensors: of one shape but for ``dim``; 1-d tensors without elements are skipped.
        dim: the dim to join along.

    Raises:
        RuntimeError: sizes differ in another dim, or there are no tensors.

    Example:
        >>> import tensorplug as tp
        >>> tp.cat([tp.tensor([[1, 2]]), tp.tensor([[3, 4]])], dim=0)
        tensor([[1, 2],
                [3, 4]])
    """
    given = _as_tensors("cat", tensors)
    if not given:
        raise ValueError("cat(): expected a non-empty list of Tensors")
    for position, tensor in enumerate(given):
        if not tensor._shape:
            raise RuntimeError(f"zero-dimensional tensor (at position {position}) cannot be concatenated")
    dtype = result_type(*given)
    device = common_device("cat", given)
    used = tuple(x.to(device=device, dtype=dtype) for x in given if x._shape != (0,))
    if not used:
        return (given[:1],), (0,), (0,), dtype
    first = used[0]._shape
    dim = canonical_dim(dim, len(first))
    for position, tensor in enumerate(used[1:], 1):
        _check_joinable(first, tensor._shape, dim, position)
    size = builtins.sum(x._shape[dim] for x in used)
    return (used,), (dim,), (*first[:dim], size, *first[dim + 1 :]), dtype


def _check_joinable(first: Shape, shape: Shape, dim: int, position: int) -> None:
    if len(first) != len(shape):
        raise RuntimeError(f"Tensors must have same number of dimensions: got {len(first)} and {len(shape)}")
    for d, (m, n) in enumerate(zip(first, shape, strict=True)):
        if d != dim and m != n:
            raise RuntimeError(
                f"Sizes of tensors must match except in dimension {dim}. Expected size {m} but got size {n} for tensor "
                f"number {position} in the list."
            )


@cat.vjp
def _cat_vjp(g: Tensor, tensors_shape: tuple[Shape, ...], dim: int, needs: tuple[Any, ...]) -> tuple[Any]:
    grads: list[Any] = []
    start = 0
    for shape, wanted in zip(tensors_shape, needs[0], strict=True):
        end = start + shape[dim]
        grads.append(slice_dim(g, dim, start, end, 1) if wanted else None)
        start = end
    return (grads,)


@composite(spaces=("torch",))
def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """The tensors, all of one shape, along a new dim.

    Raises:
        RuntimeError: shapes differ, or there are no tensors.

    Example:
        >>> import tensorplug as tp
        >>> tp.stack([tp.tensor([1, 2]), tp.tensor([3, 4])], dim=1)
        tensor([[1, 3],
                [2, 4]])
    """
    given = _as_tensors("stack", tensors)
    if not given:
        raise RuntimeError("stack expects a non-empty TensorList")
    first = given[0]._shape
    for position, tensor in enumerate(given):
        if tensor._shape != first:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(first)} at entry 0 and "
                f"{list(tensor._shape)} at entry {position}"
            )
    dim = canonical_dim(dim, len(first) + 1)
    return cat([tensor.unsqueeze(dim) for tensor in given], dim)


def _as_dims(tensors: Sequence[Tensor], rank: int) -> list[Tensor]:
    return [x.reshape((1,) * (rank - len(x._shape)) + x._shape) if len(x._shape) < rank else x for x in tensors]


@composite(spaces=("torch",))
def hstack(tensors: Sequence[Tensor]) -> Tensor:
    """The tensors side by side: along dim 1, of 1-d tensors along dim 0."""
    given = _as_dims(tensors, 1)
    return cat(given, 0 if len(given[0]._shape) == 1 else 1)


@composite(spaces=("torch",), aliases=("row_stack",))
def vstack(tensors: Sequence[Tensor]) -> Tensor:
    """The tensors one below the other; 1-d tensors are rows."""
    return cat(_as_dims(tensors, 2), 0)
