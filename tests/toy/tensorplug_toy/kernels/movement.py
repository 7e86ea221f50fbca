"""Copies: converted, joined, reversed."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from tensorplug.dtypes import DType
from tensorplug.shapes import Shape
from tensorplug_toy.cells import Cells, fresh, reordered, values


def cast(x: Cells, dtype: DType) -> Cells:
    return fresh(values(x), dtype, x.sizes)


def clone(x: Cells) -> Cells:
    return fresh(values(x), x.kind, x.sizes)


def cat(arrays: tuple[Cells, ...], dim: int) -> Cells:
    # With the joined dim first, the pieces simply follow one another.
    order = (dim, *[d for d in range(len(arrays[0].sizes)) if d != dim])
    moved = [reordered(x, order) for x in arrays]
    sizes = (sum(x.sizes[0] for x in moved), *moved[0].sizes[1:])
    joined = fresh(itertools.chain.from_iterable(map(values, moved)), arrays[0].kind, sizes)
    return reordered(joined, tuple(sorted(range(len(order)), key=order.__getitem__)))


def flip(x: Cells, dims: Shape) -> Cells:
    start = x.start + sum((x.sizes[d] - 1) * x.steps[d] for d in dims)
    steps = tuple(-step if d in dims else step for d, step in enumerate(x.steps))
    return clone(Cells(x.cells, x.kind, x.sizes, steps, start))


KERNELS: dict[str, Callable[..., Cells]] = {"cast": cast, "clone": clone, "cat": cat, "flip": flip}
