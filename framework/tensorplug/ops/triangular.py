"""Matrices by their diagonals: triangles, diagonals as matrices, blocks."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug.convert import from_data
from tensorplug.device import Device
from tensorplug.dispatch import Plan
from tensorplug.dtypes import DType, int64
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import composite, plan
from tensorplug.ops.joining import cat
from tensorplug.ops.movement import constant_pad
from tensorplug.ops.strided import as_strided_scatter
from tensorplug.ops.views import diagonal_geometry, place_in_zeros
from tensorplug.promotion import result_type
from tensorplug.shapes import Shape, canonical_dim, contiguous_strides

Tensor = Any


def _triangle_plan(name: str, input: Tensor, diagonal: int) -> Plan:
    if len(input._shape) < 2:
        raise RuntimeError(f"{name}: input tensor must have at least 2 dimensions, got shape {list(input._shape)}")
    return (input,), (diagonal,), input._shape, input._kind.dtype


def _steps_right(input: Tensor) -> Tensor:
    """For each element of the matrices how far right of the main diagonal it lies."""
    rows, columns = input._shape[-2:]
    return new_arange(input, columns) - new_arange(input, rows).unsqueeze(1)


@plan("input; diagonal", inplace=True)
def tril(input: Tensor, diagonal: int = 0) -> Plan:
    """The lower triangle of the matrices in the last two dims; the other elements are 0.

    Args:
        diagonal: the highest diagonal that is kept: above the main one where positive, below where negative.

    Raises:
        RuntimeError: fewer than two dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.tril(tp.ones(2, 3))
        tensor([[1., 0., 0.],
                [1., 1., 0.]])
    """
    return _triangle_plan("tril", input, diagonal)


@tril.default
def _tril(input: Tensor, diagonal: int) -> Tensor:
    return input.masked_fill(_steps_right(input) > diagonal, 0)


tril.grads(input=lambda g, diagonal: tril(g, diagonal))


@plan("input; diagonal", inplace=True)
def triu(input: Tensor, diagonal: int = 0) -> Plan:
    """The upper triangle of the matrices in the last two dims; the other elements are 0.

    Args:
        diagonal: the lowest diagonal that is kept: above the main one where positive, below where negative.

    Raises:
        RuntimeError: fewer than two dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.triu(tp.ones(3, 3), diagonal=1)
        tensor([[0., 1., 1.],
                [0., 0., 1.],
                [0., 0., 0.]])
    """
    return _triangle_plan("triu", input, diagonal)


@triu.default
def _triu(input: Tensor, diagonal: int) -> Tensor:
    return input.masked_fill(_steps_right(input) < diagonal, 0)


triu.grads(input=lambda g, diagonal: triu(g, diagonal))


def _triangle_indices(keep: np.ndarray[Any, Any], dtype: DType, device: Device | str | None) -> Tensor:
    return from_data(np.stack(np.nonzero(keep)), dtype, device)


def _check_sizes(name: str, row: int, col: int) -> None:
    if row < 0 or col < 0:
        raise RuntimeError(f"{name}: row and col must be non-negative, got {row} and {col}")


@composite(spaces=("torch",), out=False)
def tril_indices(
    row: int,
    col: int,
    offset: int = 0,
    *,
    dtype: DType = int64,
    device: Device | str | None = None,
    layout: Any = None,
) -> Tensor:
    """Where the lower triangle of a ``row`` by ``col`` matrix lies: row and column numbers, shape (2, n).

    Args:
        offset: the highest diagonal that belongs to it.

    Example:
        >>> import tensorplug as tp
        >>> tp.tril_indices(2, 2)
        tensor([[0, 1, 1],
                [0, 0, 1]])
    """
    _check_sizes("tril_indices", row, col)
    return _triangle_indices(np.tri(row, col, offset, dtype=bool), dtype, device)


@composite(spaces=("torch",), out=False)
def triu_indices(
    row: int,
    col: int,
    offset: int = 0,
    *,
    dtype: DType = int64,
    device: Device | str | None = None,
    layout: Any = None,
) -> Tensor:
    """Where the upper triangle of a ``row`` by ``col`` matrix lies: row and column numbers, shape (2, n).

    Args:
        offset: the lowest diagonal that belongs to it.

    Example:
        >>> import tensorplug as tp
        >>> tp.triu_indices(2, 2)
        tensor([[0, 0, 1],
                [0, 1, 1]])
    """
    _check_sizes("triu_indices", row, col)
    return _triangle_indices(~np.tri(row, col, offset - 1, dtype=bool), dtype, device)


# ---------------------------------------------------------------------------------------------------- diagonals


@composite(out=False)
def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """Matrices with the last dim of ``input`` on their diagonal and 0 elsewhere.

    Args:
        offset: the diagonal: above the main one where positive, below where negative.
        dim1, dim2: the dims of the result that the matrices lie in.

    Returns:
        One dim more than ``input``; the matrices are square.

    Raises:
        RuntimeError: both dims are the same.

    Example:
        >>> import tensorplug as tp
        >>> tp.diag_embed(tp.tensor([[1, 2], [3, 4]]))
        tensor([[[1, 0],
                 [0, 2]],
        <BLANKLINE>
                [[3, 0],
                 [0, 4]]])
    """
    rank = len(input._shape) + 1
    a, b = canonical_dim(dim1, rank), canonical_dim(dim2, rank)
    if a == b:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    rest = iter(input._shape[:-1])
    size = input._shape[-1] + abs(offset)
    shape = tuple(size if d in (a, b) else next(rest) for d in range(rank))
    return place_in_zeros(input, shape, diagonal_geometry(shape, contiguous_strides(shape), 0, offset, a, b))


@composite()
def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    """The diagonal of a matrix as a vector, or the matrix with a vector on its diagonal.

    Raises:
        RuntimeError: neither a vector nor a matrix.

    Example:
        >>> import tensorplug as tp
        >>> tp.diag(tp.tensor([[1, 2], [3, 4]]))
        tensor([1, 4])
        >>> tp.diag(tp.tensor([1, 2]))
        tensor([[1, 0],
                [0, 2]])
    """
    rank = len(input._shape)
    if rank not in (1, 2):
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {rank}D")
    return diag_embed(input, diagonal) if rank == 1 else input.diagonal(diagonal).clone()


@composite(out=False)
def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """A matrix with all elements of ``input`` on its diagonal.

    Example:
        >>> import tensorplug as tp
        >>> tp.diagflat(tp.tensor([1, 2]))
        tensor([[1, 0],
                [0, 2]])
    """
    return diag_embed(input.reshape(-1), offset)


@composite(out=False)
def diagonal_scatter(input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """A copy of ``input`` whose diagonal is ``src``.

    Args:
        src: the shape that ``input.diagonal(offset, dim1, dim2)`` has.

    Example:
        >>> import tensorplug as tp
        >>> tp.diagonal_scatter(tp.zeros(2, 2), tp.ones(2))
        tensor([[1., 0.],
                [0., 1.]])
    """
    return as_strided_scatter(input.contiguous(), src, *_diagonal(input._shape, offset, dim1, dim2))


def _diagonal(shape: Shape, offset: int, dim1: int, dim2: int) -> tuple[Shape, Shape, int]:
    rank = len(shape)
    a, b = canonical_dim(dim1, rank), canonical_dim(dim2, rank)
    if a == b:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    return diagonal_geometry(shape, contiguous_strides(shape), 0, offset, a, b)


@composite(spaces=("torch",), out=False)
def block_diag(*tensors: Tensor) -> Tensor:
    """A matrix with the given matrices along its diagonal and 0 elsewhere.

    Args:
        tensors: matrices; a vector is one row, a 0-d tensor one element.

    Raises:
        RuntimeError: a tensor has more than two dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.block_diag(tp.tensor([[1, 2]]), tp.tensor(3))
        tensor([[1, 2, 0],
                [0, 0, 3]])
    """
    for position, tensor in enumerate(tensors):
        if len(tensor._shape) > 2:
            raise RuntimeError(
                "block_diag: Input tensors must have 2 or fewer dimensions. "
                f"Input {position} has {len(tensor._shape)} dimensions"
            )
    dtype = result_type(*tensors)
    blocks = [t.to(dtype).reshape((1,) * (2 - len(t._shape)) + t._shape) for t in tensors]
    width = sum(block._shape[1] for block in blocks)
    rows, left = [], 0
    for block in blocks:
        right = width - left - block._shape[1]
        rows.append(constant_pad(block, ((0, 0), (left, right)), 0))
        left += block._shape[1]
    return cat(tuple(rows))
