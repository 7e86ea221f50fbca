"""Reading and writing by index, and sorting."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from tensorplug.dtypes import int64
from tensorplug.errors import index_out_of_range
from tensorplug.shapes import Shape
from tensorplug_toy.cells import Cells, fresh, places, values
from tensorplug_toy.kernels.elementwise import larger, smaller
from tensorplug_toy.kernels.movement import clone
from tensorplug_toy.kernels.reduction import replaced_rows


def _check_bounds(index: Sequence[int], x: Cells, dim: int) -> None:
    size = x.sizes[dim] if x.sizes else 1
    for i in index:
        if not 0 <= i < size:
            raise index_out_of_range(i, dim, size)


def _pointed(x: Cells, index: Cells, dim: int) -> list[int]:
    """Where in the list of ``x`` the elements lie that ``index`` points to along ``dim``."""
    chosen = values(index)
    _check_bounds(chosen, x, dim)
    if not x.sizes:
        return [x.start] * len(chosen)
    steps = tuple(0 if d == dim else step for d, step in enumerate(x.steps[: len(index.sizes)]))
    row_starts = places(Cells(x.cells, x.kind, index.sizes, steps, x.start))
    return [start + i * x.steps[dim] for start, i in zip(row_starts, chosen, strict=True)]


def gather(x: Cells, index: Cells, dim: int) -> Cells:
    return fresh((x.cells[place] for place in _pointed(x, index, dim)), x.kind, index.sizes)


_COMBINED: dict[str | None, Callable[[Any, Any], Any]] = {
    None: lambda old, new: new, "sum": operator.add, "prod": operator.mul, "amax": larger, "amin": smaller,
}  # fmt: skip


def scatter_src(x: Cells, index: Cells, src: Cells, dim: int, reduce: str | None) -> Cells:
    out = clone(x)
    combine = _COMBINED[reduce]
    new = values(Cells(src.cells, src.kind, index.sizes, src.steps, src.start))
    for place, value in zip(_pointed(out, index, dim), new, strict=True):
        out.cells[place] = combine(out.cells[place], value)
    return fresh(out.cells, out.kind, out.sizes)


def index_select(x: Cells, index: Cells, dim: int) -> Cells:
    chosen = values(index)
    _check_bounds(chosen, x, dim)
    sizes: Shape = (*x.sizes[:dim], len(chosen), *x.sizes[dim + 1 :])
    steps = tuple(0 if d == dim else step for d, step in enumerate(x.steps))
    along = [0] * len(sizes)
    along[dim] = 1
    row_starts = places(Cells(x.cells, x.kind, sizes, steps, x.start))
    positions = places(Cells([], int64, sizes, tuple(along)))
    found = (x.cells[start + chosen[i] * x.steps[dim]] for start, i in zip(row_starts, positions, strict=True))
    return fresh(found, x.kind, sizes)


def nonzero_rows(x: Cells) -> Cells:
    found: list[int] = []
    count = 0
    for position, value in enumerate(values(x)):
        if value:
            found.extend(_coordinates(position, x.sizes))
            count += 1
    return fresh(found, int64, (count, len(x.sizes)))


def _coordinates(position: int, sizes: Shape) -> list[int]:
    found = []
    for size in reversed(sizes):
        position, place = divmod(position, size)
        found.append(place)
    return found[::-1]


def _order(row: list[Any], descending: bool) -> list[int]:
    """Places in order of their values, NaN as the largest; ``sorted`` keeps equals in place in both directions."""
    return sorted(
        range(len(row)), key=lambda i: (row[i] != row[i], 0 if row[i] != row[i] else row[i]), reverse=descending
    )


def sort_dim(x: Cells, dim: int, descending: bool, stable: bool) -> tuple[Cells, Cells]:
    return (
        replaced_rows(x, dim, x.kind, lambda row: [row[i] for i in _order(row, descending)]),
        replaced_rows(x, dim, int64, lambda row: _order(row, descending)),
    )


KERNELS: dict[str, Callable[..., Any]] = {
    "gather": gather, "scatter_src": scatter_src, "scatter_combine": scatter_src, "index_select": index_select,
    "nonzero_rows": nonzero_rows, "sort_dim": sort_dim,
}  # fmt: skip
