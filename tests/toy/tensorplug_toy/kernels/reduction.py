"""Many elements to one, and running totals. Floats are added up in double precision and rounded once."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable
from typing import Any

from tensorplug.dtypes import DType, int64
from tensorplug.shapes import Shape, reduced_shape
from tensorplug_toy.cells import Cells, fresh, reordered, rows, values
from tensorplug_toy.kernels.elementwise import larger, smaller

Row = list[Any]


def folded(x: Cells, dims: Shape, keepdim: bool, kind: DType, function: Callable[[Row], Any]) -> Cells:
    """``function`` of the elements along ``dims``, for each place in the other dims."""
    return fresh(map(function, rows(x, dims)), kind, reduced_shape(x.sizes, dims, keepdim))


def sum_(x: Cells, dim: Shape, keepdim: bool, dtype: DType) -> Cells:
    return folded(x, dim, keepdim, dtype, sum)


def prod_dims(x: Cells, dim: Shape, keepdim: bool, dtype: DType) -> Cells:
    return folded(x, dim, keepdim, dtype, math.prod)


def largest(row: Row) -> Any:
    found = row[0]
    for value in row:
        found = larger(found, value)
    return found


def smallest(row: Row) -> Any:
    found = row[0]
    for value in row:
        found = smaller(found, value)
    return found


def place_of(extreme: Callable[[Row], Any], row: Row) -> int:
    found = extreme(row)
    return next(i for i, value in enumerate(row) if value == found or (found != found and value != value))


def amax(x: Cells, dim: Shape, keepdim: bool) -> Cells:
    return folded(x, dim, keepdim, x.kind, largest)


def amin(x: Cells, dim: Shape, keepdim: bool) -> Cells:
    return folded(x, dim, keepdim, x.kind, smallest)


def argmax_dim(x: Cells, dim: int, keepdim: bool) -> Cells:
    return folded(x, (dim,), keepdim, int64, lambda row: place_of(largest, row))


def argmin_dim(x: Cells, dim: int, keepdim: bool) -> Cells:
    return folded(x, (dim,), keepdim, int64, lambda row: place_of(smallest, row))


def all_dims(x: Cells, dim: Shape, keepdim: bool) -> Cells:
    return folded(x, dim, keepdim, x.kind, all)


def any_dims(x: Cells, dim: Shape, keepdim: bool) -> Cells:
    return folded(x, dim, keepdim, x.kind, any)


def replaced_rows(x: Cells, dim: int, kind: DType, function: Callable[[Row], Row]) -> Cells:
    """An array of the same shape with each row along ``dim`` replaced by ``function`` of it.

    The dim comes to lie last in memory: the contract leaves the strides of a result to the kernel.
    """
    if not x.sizes:
        return fresh(function(values(x)), kind, ())
    others = [d for d in range(len(x.sizes)) if d != dim]
    found = fresh(
        itertools.chain.from_iterable(map(function, rows(x, (dim,)))),
        kind,
        (*[x.sizes[d] for d in others], x.sizes[dim]),
    )
    back = list(range(len(others)))
    back.insert(dim, len(others))
    return reordered(found, tuple(back))


def cumsum(x: Cells, dim: int) -> Cells:
    return replaced_rows(x, dim, x.kind, lambda row: list(itertools.accumulate(row)))


def cumprod(x: Cells, dim: int) -> Cells:
    return replaced_rows(x, dim, x.kind, lambda row: list(itertools.accumulate(row, operator.mul)))


KERNELS: dict[str, Callable[..., Any]] = {
    "sum": sum_, "prod_dims": prod_dims, "amax": amax, "amin": amin, "argmax_dim": argmax_dim,
    "argmin_dim": argmin_dim, "all_dims": all_dims, "any_dims": any_dims, "cumsum": cumsum, "cumprod": cumprod,
}  # fmt: skip
