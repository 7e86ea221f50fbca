"""Coordinates: of places in a shape, of nonzero elements, and slopes along them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tensorplug.base import AnyTensor, TensorBase
from tensorplug.dtypes import FLOAT, INTEGER, get_default_dtype, int64
from tensorplug.ops.define import composite
from tensorplug.ops.indexing import nonzero_rows
from tensorplug.ops.joining import cat
from tensorplug.ops.slicing import narrow
from tensorplug.shapes import canonical_dim, contiguous_strides

Tensor = Any


@composite(spaces=("torch",), out=False)
def unravel_index(indices: Tensor, shape: int | Sequence[int] | Tensor) -> tuple[Tensor, ...]:
    """The int64 coordinates, one tensor for each dim, of places that are counted in C order.

    Args:
        indices: integers; those beyond the shape start again from its other end.
        shape: the shape in which they count.

    Raises:
        TypeError: ``indices`` are no integers.
        ValueError: a negative size.

    Example:
        >>> import tensorplug as tp
        >>> tp.unravel_index(tp.tensor([3, 5]), (2, 3))
        (tensor([1, 1]), tensor([0, 2]))
    """
    if indices._kind.dtype.category != INTEGER:
        raise TypeError(f"expected 'indices' to be integer dtype, but got {indices._kind.dtype}")
    given: Any = shape.tolist() if isinstance(shape, AnyTensor) else shape
    sizes = (given,) if isinstance(given, int) else tuple(int(n) for n in given)
    if any(n < 0 for n in sizes):
        raise ValueError(f"'shape' cannot have negative values, but got {sizes}")
    steps = contiguous_strides(sizes)
    places = indices.to(int64)
    return tuple(places.floor_divide(step).remainder(n) for step, n in zip(steps, sizes, strict=True))


@composite()
def nonzero_static(input: Tensor, *, size: int, fill_value: int = -1) -> Tensor:
    """The coordinates of the first ``size`` nonzero elements in C order; rows of ``fill_value`` where there are fewer.

    Returns:
        int64, shape (size, dims).

    Raises:
        RuntimeError: a negative size.

    Example:
        >>> import tensorplug as tp
        >>> tp.nonzero_static(tp.tensor([0, 3]), size=2)
        tensor([[ 1],
                [-1]])
    """
    if size < 0:
        raise RuntimeError(f"nonzero_static: 'size' must be an non-negative integer, got {size}")
    found = nonzero_rows(input)
    count = found._shape[0]
    if count >= size:
        return found[:size]
    return cat([found, found.new_full((size - count, found._shape[1]), fill_value)])


# ---------------------------------------------------------------------------------------------------- slopes


@composite(out=False, spaces=("torch",))
def gradient(
    input: Tensor, *, spacing: Any = None, dim: int | Sequence[int] | None = None, edge_order: int = 1
) -> tuple[Tensor, ...]:
    """The slopes of samples of a function along dims, by central differences of second order.

    Args:
        input: values of the function on a grid.
        spacing: the distance between neighbours: one number, one for each dim, or for each dim a vector of the
            coordinates.
        dim: along which; all by default.
        edge_order: of the differences at both ends, 1 or 2.

    Returns:
        For each dim a tensor of the input's shape.

    Raises:
        RuntimeError: ``spacing`` does not fit the dims, another order, or a dim of ``edge_order`` elements or less.

    Source: Fornberg, Generation of finite difference formulas on arbitrarily spaced grids, 1988.

    Example:
        >>> import tensorplug as tp
        >>> tp.gradient(tp.tensor([1.0, 4.0, 9.0]))
        (tensor([3., 4., 5.]),)
    """
    rank = len(input._shape)
    dims = tuple(range(rank)) if dim is None else (dim,) if isinstance(dim, int) else tuple(dim)
    dims = tuple(canonical_dim(d, rank) for d in dims)
    if len(set(dims)) != len(dims):
        raise RuntimeError(f"gradient: a dim appears multiple times in the list of dims {list(dims)}")
    if edge_order not in (1, 2):
        raise RuntimeError(f"gradient only supports edge_order=1 and edge_order=2, got {edge_order}")
    if any(input._shape[d] < edge_order + 1 for d in dims):
        raise RuntimeError(
            f"gradient expected each dimension size to be at least edge_order+1 = {edge_order + 1}, got shape "
            f"{list(input._shape)}"
        )
    if input._kind.dtype.category < FLOAT:
        input = input.to(get_default_dtype())
    return tuple(
        _slopes(input, d, _distances(input, d, step), edge_order)
        for d, step in zip(dims, _steps(spacing, len(dims)), strict=True)
    )


def _steps(spacing: Any, count: int) -> Sequence[Any]:
    if spacing is None:
        return (1,) * count
    if not isinstance(spacing, list | tuple):
        return (spacing,) * count
    if len(spacing) != count:
        raise RuntimeError(
            f"gradient expected spacing to be unspecified, a scalar, or a list of a length equal to the number of "
            f"dims, {count}, but got a list of length {len(spacing)}"
        )
    return spacing


def _distances(input: Tensor, dim: int, step: Any) -> Any:
    """How far apart neighbours are: a number, or a tensor that broadcasts with the input, one shorter along ``dim``."""
    if not isinstance(step, TensorBase):
        return step
    n = input._shape[dim]
    if step._shape != (n,):
        raise RuntimeError(
            f"gradient expected the coordinates of dim {dim} to be a vector of {n} elements, got shape "
            f"{list(step._shape)}"
        )
    between = narrow(step, 0, 1, n - 1) - narrow(step, 0, 0, n - 1)
    return between.reshape([-1 if d == dim else 1 for d in range(len(input._shape))])


def _part(x: Any, dim: int, start: int, length: int = 1) -> Any:
    """Some neighbours; of a number, which stands for all, the number."""
    return narrow(x, dim, start % x._shape[dim], length) if isinstance(x, TensorBase) else x


def _slopes(f: Tensor, dim: int, distances: Any, edge_order: int) -> Tensor:
    n = f._shape[dim]
    inner = []
    if n > 2 and not isinstance(distances, TensorBase):
        # An infinite element in the middle has no say.
        inner = [(_part(f, dim, 2, n - 2) - _part(f, dim, 0, n - 2)) / (2 * distances)]
    elif n > 2:
        before, after = _part(distances, dim, 0, n - 2), _part(distances, dim, 1, n - 2)
        inner = [
            _part(f, dim, 0, n - 2) * (-after / (before * (before + after)))
            + _part(f, dim, 1, n - 2) * ((after - before) / (before * after))
            + _part(f, dim, 2, n - 2) * (before / (after * (before + after)))
        ]
    first, last = _part(distances, dim, 0), _part(distances, dim, -1)
    if edge_order == 1:
        start = (_part(f, dim, 1) - _part(f, dim, 0)) / first
        end = (_part(f, dim, -1) - _part(f, dim, -2)) / last
    else:
        start = _at_the_edge([_part(f, dim, i) for i in (0, 1, 2)], first, _part(distances, dim, 1))
        end = _at_the_edge([_part(f, dim, i) for i in (-1, -2, -3)], -last, -_part(distances, dim, -2))
    return cat([start, *inner, end], dim)


def _at_the_edge(f: Sequence[Tensor], near: Any, far: Any) -> Tensor:
    """The slope at the first of three neighbours; ``near`` and ``far`` lead from each to the next."""
    return (
        f[0] * (-(2 * near + far) / (near * (near + far)))
        + f[1] * ((near + far) / (near * far))
        - f[2] * (near / (far * (near + far)))
    )
