"""Long products of matrices, products of vectors, matrices made of powers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from tensorplug.base import TensorBase
from tensorplug.dtypes import HALF, INTEGER, bool_, int64
from tensorplug.ops.define import composite
from tensorplug.ops.einsum import cross
from tensorplug.ops.joining import cat
from tensorplug.ops.linalg import matmul
from tensorplug.ops.matrices import check_dtype
from tensorplug.shapes import canonical_dim

Tensor = Any


@composite(spaces=("linalg",))
def linalg_multi_dot(tensors: Sequence[Tensor]) -> Tensor:
    """The product of several matrices in the order that takes the fewest multiplications.

    Args:
        tensors: at least two; all matrices, but the first and the last may be vectors: a row and a column.

    Returns:
        The product; dims that vectors stand for are gone from it.

    Raises:
        RuntimeError: fewer than two tensors, or shapes that do not fit.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.multi_dot([tp.ones(2, 3), tp.ones(3, 4), tp.ones(4)])
        tensor([12., 12.])
    """
    return _multi_dot("multi_dot", list(tensors))


@composite(spaces=("torch",))
def chain_matmul(*matrices: Tensor) -> Tensor:
    """``linalg.multi_dot`` of matrices by an older name; a single one is allowed.

    Raises:
        RuntimeError: a tensor is no matrix, or shapes do not fit.
    """
    _check_tensors(matrices)
    for position, matrix in enumerate(matrices):
        if len(matrix._shape) != 2:
            raise RuntimeError(
                f"chain_matmul: Tensor dimension is {len(matrix._shape)}, expected 2 (tensor {position})"
            )
    return matrices[0] if len(matrices) == 1 else _multi_dot("chain_matmul", list(matrices))


def _check_tensors(tensors: Sequence[Any]) -> None:
    for position, tensor in enumerate(tensors):
        if not isinstance(tensor, TensorBase):
            raise TypeError(f"expected Tensor as element {position} in argument 0, but got {type(tensor).__name__}")


def _multi_dot(name: str, tensors: list[Tensor]) -> Tensor:
    _check_tensors(tensors)
    if len(tensors) < 2:
        raise RuntimeError(f"{name}(): expected at least 2 tensors but got {len(tensors)}")
    for position, tensor in enumerate(tensors):
        wanted = (1, 2) if position in (0, len(tensors) - 1) else (2,)
        if len(tensor._shape) not in wanted:
            raise RuntimeError(
                f"{name}(): tensor {position} must be {'D or '.join(map(str, wanted))}D but got {len(tensor._shape)}D"
            )
    row, column = len(tensors[0]._shape) == 1, len(tensors[-1]._shape) == 1
    if row:
        tensors[0] = tensors[0].unsqueeze(0)
    if column:
        tensors[-1] = tensors[-1].unsqueeze(-1)
    for position, (a, b) in enumerate(pairwise(tensors)):
        if a._shape[1] != b._shape[0]:
            raise RuntimeError(
                f"{name}(): tensors {position} and {position + 1} with shapes {list(a._shape)} and {list(b._shape)} "
                "cannot be multiplied"
            )
    product = _in_best_order(tensors)
    product = product.squeeze(-1) if column else product
    return product.squeeze(0) if row else product


def _in_best_order(matrices: list[Tensor]) -> Tensor:
    """Dynamic programming over the places to split (T. Cormen et al., Introduction to Algorithms, section 15.2)."""
    sizes = [matrices[0]._shape[0], *[m._shape[1] for m in matrices]]
    count = len(matrices)
    cost: dict[tuple[int, int], float] = {(i, i): 0 for i in range(count)}
    split: dict[tuple[int, int], int] = {}
    for length in range(1, count):
        for first in range(count - length):
            last = first + length
            cost[first, last] = math.inf
            for middle in range(first, last):
                own = sizes[first] * sizes[middle + 1] * sizes[last + 1]
                total = cost[first, middle] + cost[middle + 1, last] + own
                if total < cost[first, last]:
                    cost[first, last], split[first, last] = total, middle

    def product(first: int, last: int) -> Tensor:
        if first == last:
            return matrices[first]
        middle = split[first, last]
        return matmul(product(first, middle), product(middle + 1, last))

    return product(0, count - 1)


@composite(spaces=("linalg",))
def linalg_vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """The dot products of vectors along ``dim``, the first ones conjugated.

    Args:
        x, y: tensors of one floating-point or complex dtype that broadcast.
        dim: the dim of the vectors.

    Returns:
        The broadcast shape without ``dim``.

    Raises:
        RuntimeError: dtypes differ, or are others.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.vecdot(tp.tensor([[1.0, 2.0], [3.0, 4.0]]), tp.tensor([1.0, 10.0]))
        tensor([21., 43.])
    """
    check_dtype("linalg.vecdot", x, half=True)
    if x._kind.dtype is not y._kind.dtype:
        raise RuntimeError(
            "linalg.vecdot: Expected x and y to have the same dtype, but found x of type "
            f"{x._kind.dtype} and y of type {y._kind.dtype} instead"
        )
    first = x.conj() if x._kind.dtype.is_complex else x
    return (first * y).sum(dim)


@composite(spaces=("linalg",))
def linalg_cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """The vectors at right angles to two others, along a dim of size 3.

    Args:
        input, other: tensors with the same number of dims that broadcast.
        dim: the dim of the vectors.

    Raises:
        RuntimeError: the dim's size is not 3, or the numbers of dims differ.
    """
    if len(input._shape) != len(other._shape):
        raise RuntimeError(
            "linalg.cross: inputs must have the same number of dimensions, got shapes "
            f"{list(input._shape)} and {list(other._shape)}"
        )
    place = canonical_dim(dim, len(input._shape))
    if input._shape[place] != 3 or other._shape[place] != 3:
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {input._shape[place]} and "
            f"{other._shape[place]}"
        )
    return cross(input, other, place)


@composite(spaces=("linalg",), out=False)
def linalg_diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """A view of the diagonals of matrices, as a last dim.

    Args:
        A: at least two dims.
        offset: the diagonal: above the main one where positive, below where negative.
        dim1, dim2: the dims of the matrices.
    """
    return A.diagonal(offset, dim1, dim2)


def _powers(x: Tensor, count: int) -> Tensor:
    """``x**0`` to ``x**(count - 1)`` along a new last dim."""
    ones = x.new_ones((*x._shape, min(count, 1)))
    if count < 2:
        return ones
    return cat((ones, x.unsqueeze(-1).expand((*x._shape, count - 1)).cumprod(-1)), -1)


@composite(spaces=("linalg",), out=False)
def linalg_vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """Vandermonde matrices: the powers of each element from 0 on, as rows.

    Args:
        x: shape (..., n); of integers, floats of single or double precision, or complex numbers.
        N: how many powers; n by default.

    Returns:
        Shape (..., n, N).

    Raises:
        RuntimeError: another dtype, or ``N`` below 2.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.vander(tp.tensor([2, 3]), N=3)
        tensor([[1, 2, 4],
                [1, 3, 9]])
    """
    if x._kind.dtype is bool_ or x._kind.dtype in HALF:
        raise RuntimeError(
            f"linalg.vander supports floating point, complex, and integer tensors, but got {x._kind.dtype}"
        )
    x = _at_least_integer(x if x._shape else x.unsqueeze(0))
    count = x._shape[-1] if N is None else N
    if count < 2:
        raise RuntimeError(f"linalg.vander: N must be greater than 1, got {count}")
    return _powers(x, count)


def _at_least_integer(x: Tensor) -> Tensor:
    return x.to(int64) if x._kind.dtype.category <= INTEGER else x


@composite(spaces=("torch",), out=False)
def vander(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:
    """The Vandermonde matrix of a vector, by default with the highest powers first.

    Args:
        x: shape (n,).
        N: how many powers; n by default.
        increasing: from power 0 on rather than down to it.

    Returns:
        Shape (n, N).

    Raises:
        RuntimeError: not a vector, or ``N`` is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.vander(tp.tensor([2, 3]), N=3)
        tensor([[4, 2, 1],
                [9, 3, 1]])
    """
    if len(x._shape) != 1:
        raise RuntimeError("x must be a one-dimensional tensor.")
    if N is not None and N < 0:
        raise RuntimeError("N must be non-negative.")
    found = _powers(_at_least_integer(x), x._shape[0] if N is None else N)
    return found if increasing else found.flip(-1)
