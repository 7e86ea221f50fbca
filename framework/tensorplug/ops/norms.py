"""Sizes of vectors and of matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tensorplug.base import AnyTensor
from tensorplug.dtypes import DType
from tensorplug.ops.define import composite
from tensorplug.ops.matrices import check_dtype, check_matrices
from tensorplug.ops.reduction import euclidean_norm, power_from_zero
from tensorplug.ops.spectral import svdvals_of
from tensorplug.shapes import Shape, canonical_dim, canonical_dims, reduced_shape

Tensor = Any
Dims = int | Sequence[int] | None


def _converted(name: str, x: Tensor, dtype: DType | None) -> Tensor:
    """The input in the dtype to compute in."""
    check_dtype(name, x, half=True)
    own = x._kind.dtype
    if dtype is None or dtype is own:
        return x
    if not dtype.is_differentiable:
        raise RuntimeError(f"{name}: dtype should be floating point or complex, but got {dtype}")
    if own.is_complex and not dtype.is_complex:
        raise RuntimeError(f"{name}: dtype should be complex for complex inputs, but got {dtype}")
    if not own.is_complex and dtype.is_complex:
        raise RuntimeError(f"{name}: dtype should be real for real inputs, but got {dtype}")
    if dtype.itemsize < own.itemsize:
        raise RuntimeError(
            f"{name}: the dtype of the input ({own}) should be convertible without narrowing to the specified dtype "
            f"({dtype})"
        )
    return x.to(dtype)


def _vector_norm(name: str, x: Tensor, order: float, dim: Dims, keepdim: bool) -> Tensor:
    """``sum(|x|**order) ** (1 / order)`` and its limits; the gradient at 0 is 0."""
    if order == 2:
        return euclidean_norm(x, dim, keepdim)
    dims = canonical_dims(dim, len(x._shape))
    if (order < 0 or order == math.inf) and any(x._shape[d] == 0 for d in dims):
        raise RuntimeError(
            f"{name} cannot compute the {order} norm on an empty tensor because the operation does not have an identity"
            f" (shape {list(x._shape)}, dims {list(dims)})"
        )
    size = x.abs()
    if order == math.inf:
        return size.amax(dims, keepdim)
    if order == -math.inf:
        return size.amin(dims, keepdim)
    if order == 0:
        return size.sign().masked_fill(size.isnan(), 1).sum(dims, keepdim)
    if order == 1:
        return size.sum(dims, keepdim)
    if order < 0:
        return (size**order).sum(dims, keepdim) ** (1 / order)
    powers = power_from_zero(size, order) if order < 1 else size**order
    return power_from_zero(powers.sum(dims, keepdim), 1 / order)


def _number(order: Any) -> Any:
    """An order that may be a 0-d tensor as a number."""
    return order.item() if isinstance(order, AnyTensor) else order


@composite(spaces=("linalg",))
def linalg_vector_norm(
    x: Tensor, ord: float = 2, dim: Dims = None, keepdim: bool = False, *, dtype: DType | None = None
) -> Tensor:
    """The norm of vectors: ``sum(|x|**ord) ** (1 / ord)``.

    Args:
        x: floating-point or complex, any shape.
        ord: a number; ``inf`` and ``-inf`` give the largest and smallest size, 0 how many elements are not 0.
        dim: the dims that a vector lies in; all by default, flattened.
        keepdim: keep these dims, with size 1.
        dtype: convert the elements to this dtype first.

    Returns:
        Real, without ``dim``.

    Raises:
        RuntimeError: other dtypes; no elements to choose from.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.vector_norm(tp.tensor([3.0, 4.0]))
        tensor(5.)
    """
    name, order = "linalg.vector_norm", _number(ord)
    if not isinstance(order, int | float):
        raise TypeError(f"{name}(): argument 'ord' must be Number, not {type(order).__name__}")
    return _vector_norm(name, _converted(name, x, dtype), order, None if dim == () else dim, keepdim)


# ---------------------------------------------------------------------------------------------------- matrices

_ORDERS = (math.inf, 1, 2)
_NAMES = ("fro", "nuc")


def _matrix_norm(name: str, x: Tensor, order: Any, dims: Shape, keepdim: bool) -> Tensor:
    """A norm of the matrices in two dims (already checked)."""
    if order == "fro":
        return euclidean_norm(x, dims, keepdim)
    if order == "nuc" or abs(order) == 2:
        check_dtype(name, x)
        values = svdvals_of(x.movedim(dims, (-2, -1)))
        found = values.sum(-1) if order == "nuc" else _extreme(values, order, -1, False)
        return found.reshape(reduced_shape(x._shape, dims, True)) if keepdim else found
    rows, columns = dims if abs(order) == 1 else (dims[1], dims[0])
    sums = x.abs().sum(rows, True)
    found = _extreme(sums, order, columns, True)
    return found if keepdim else found.reshape(reduced_shape(x._shape, dims, False))


def _extreme(x: Tensor, order: float, dim: int, keepdim: bool) -> Tensor:
    """The largest elements for a positive order, 0 where there are none; the smallest for a negative one."""
    if order < 0:
        return x.amin(dim, keepdim)
    return x.amax(dim, keepdim) if x._shape[dim] else x.sum(dim, keepdim)


def _check_matrix_norm(name: str, x: Tensor, order: Any, dim: Any) -> Shape:
    known = order in _NAMES if isinstance(order, str) else isinstance(order, int | float) and abs(order) in _ORDERS
    if not known:
        raise RuntimeError(f"{name}: Order {order} not supported.")
    given = (dim,) if isinstance(dim, int) else tuple(dim)
    if len(given) != 2:
        raise RuntimeError(f"{name}: dim must be a 2-tuple. Got {' '.join(map(str, given))}")
    rows, columns = (canonical_dim(d, len(x._shape)) for d in given)
    if rows == columns:
        raise RuntimeError(f"{name}: dim {rows} appears multiple times in the list of dims")
    return rows, columns


@composite(spaces=("linalg",))
def linalg_matrix_norm(
    A: Tensor,
    ord: float | str = "fro",
    dim: Sequence[int] = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
) -> Tensor:
    """The norm of matrices.

    Args:
        A: floating-point or complex, at least two dims.
        ord: ``"fro"``: the root of the sum of squares; ``"nuc"``: the sum of singular values; 2 and -2: the largest and
            smallest of them; 1 and -1: the largest and smallest sum over a column; ``inf`` and ``-inf``: over a row.
        dim: the dims of the matrices: of their rows and of their columns.
        keepdim: keep these dims, with size 1.
        dtype: convert the elements to this dtype first.

    Returns:
        Real, without ``dim``.

    Raises:
        RuntimeError: another order, or not two dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.matrix_norm(tp.tensor([[1.0, -2.0], [3.0, 4.0]]), 1)
        tensor(6.)
    """
    name = "linalg.matrix_norm"
    check_matrices(name, A)
    order = _number(ord)
    dims = _check_matrix_norm(name, A, order, dim)
    return _matrix_norm(name, _converted(name, A, dtype), order, dims, keepdim)


@composite(spaces=("linalg",))
def linalg_norm(
    A: Tensor,
    ord: float | str | None = None,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
) -> Tensor:
    """A norm of vectors or of matrices, as ``dim`` (or else the number of dims) tells.

    Args:
        A: floating-point or complex.
        ord: as for ``vector_norm`` or ``matrix_norm``; by default the root of the sum of squares.
        dim: one dim for vectors, two for matrices. By default all: flattened where ``ord`` is not given either,
            otherwise A must be a vector or a matrix.
        keepdim: keep these dims, with size 1.
        dtype: convert the elements to this dtype first.

    Raises:
        RuntimeError: ``ord`` and ``dim`` do not fit.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.norm(tp.tensor([[1.0, 2.0], [2.0, 4.0]]))
        tensor(5.)
    """
    x = _converted("linalg.norm", A, dtype)
    if ord is None:
        return _vector_norm("linalg.vector_norm", x, 2, dim, keepdim)
    order = _number(ord)
    if dim is None and len(x._shape) not in (1, 2):
        raise RuntimeError(
            f"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {len(x._shape)}D."
        )
    given = (dim,) if isinstance(dim, int) else tuple(range(len(x._shape)) if dim is None else dim)
    if len(given) not in (1, 2):
        raise RuntimeError(f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {list(given)}")
    if isinstance(order, str) or len(given) == 2:
        dims = _check_matrix_norm("linalg.matrix_norm", x, order, given)
        return _matrix_norm("linalg.matrix_norm", x, order, dims, keepdim)
    return _vector_norm("linalg.vector_norm", x, order, given, keepdim)


@composite()
def norm(
    input: Tensor, p: float | str | None = "fro", dim: Dims = None, keepdim: bool = False, dtype: DType | None = None
) -> Tensor:
    """The ``p``-norm of the elements: ``sum(|x|**p) ** (1/p)``; Euclidean by default.

    Args:
        p: a number, ``inf``, ``-inf``, ``"fro"``, or for matrices ``"nuc"``, the sum of singular values.
        dim: the dims to reduce; all by default.
        keepdim: keep these dims, with size 1.
        dtype: convert the elements to this dtype first.
    """
    if dtype is not None:
        input = input.to(dtype)
    check_dtype("linalg.vector_norm", input, half=True)
    if p == "fro" or p is None:
        return euclidean_norm(input, dim, keepdim)
    p = _number(p)
    if p == "nuc":
        check_matrices("linalg.matrix_norm", input)
        dims = _check_matrix_norm("linalg.matrix_norm", input, p, range(len(input._shape)) if dim is None else dim)
        return _matrix_norm("linalg.matrix_norm", input, p, dims, keepdim)
    if not isinstance(p, int | float):
        raise RuntimeError(f"linalg.matrix_norm: Order {p} not supported.")
    return _vector_norm("linalg.vector_norm", input, p, dim, keepdim)


@composite(spaces=("torch",))
def frobenius_norm(input: Tensor, dim: Dims = (), keepdim: bool = False) -> Tensor:
    """The root of the sum of squares over ``dim``, all dims by default; an older name of ``linalg.vector_norm``."""
    check_dtype("frobenius_norm", input, half=True)
    return _vector_norm("frobenius_norm", input, 2, dim, keepdim)


@composite(spaces=("torch",))
def nuclear_norm(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """The sum of singular values of the matrices in two dims; an older name of ``linalg.matrix_norm``.

    Args:
        dim: two dims; by default the last two, of a matrix. Also taken as ``keepdim`` if it is a bool.
    """
    if isinstance(dim, bool):
        dim, keepdim = None, dim
    check_matrices("nuclear_norm", input)
    dims = _check_matrix_norm("nuclear_norm", input, "nuc", (-2, -1) if dim is None else dim)
    return _matrix_norm("nuclear_norm", input, "nuc", dims, keepdim)
