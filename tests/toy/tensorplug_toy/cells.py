"""The native array of the toy device: a strided window onto a list of Python numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from tensorplug.dtypes import DType
from tensorplug.shapes import Shape, broadcast_pair, contiguous_strides
from tensorplug_toy.numbers import holder


class Cells:
    """Numbers in a list, and which of them this array shows.

    Attributes:
        cells: the list; windows share it.
        kind: the dtype. Every number in the list is one that the dtype can hold.
        sizes, steps, start: element ``i`` is ``cells[start + sum(i * steps)]``.
    """

    __slots__ = ("cells", "kind", "sizes", "start", "steps")

    def __init__(self, cells: list[Any], kind: DType, sizes: Shape, steps: Shape | None = None, start: int = 0) -> None:
        self.cells = cells
        self.kind = kind
        self.sizes = sizes
        self.steps = contiguous_strides(sizes) if steps is None else steps
        self.start = start


def fresh(values: Iterable[Any], kind: DType, sizes: Shape) -> Cells:
    """A new array of numbers in C order, each rounded to what ``kind`` holds."""
    return Cells(list(map(holder(kind), values)), kind, sizes)


def places(array: Cells) -> list[int]:
    """Where the elements lie in the list, in C order."""
    found = [array.start]
    for size, step in zip(array.sizes, array.steps, strict=True):
        found = [place + i * step for place in found for i in range(size)]
    return found


def values(array: Cells) -> list[Any]:
    """The elements in C order."""
    cells = array.cells
    return [cells[place] for place in places(array)]


def spread(array: Cells, sizes: Shape) -> Cells:
    """A window in which dims of size 1, and dims that are missing in front, repeat to ``sizes``."""
    missing = len(sizes) - len(array.sizes)
    steps = [
        step if size == wanted else 0
        for size, step, wanted in zip(array.sizes, array.steps, sizes[missing:], strict=True)
    ]
    return Cells(array.cells, array.kind, sizes, (0,) * missing + tuple(steps), array.start)


def common_sizes(arrays: Iterable[Cells]) -> Shape:
    """The shape to which all arrays broadcast."""
    sizes: Shape = ()
    for array in arrays:
        sizes = broadcast_pair(sizes, array.sizes)
    return sizes


def reordered(array: Cells, order: Shape) -> Cells:
    """A window with the dims in another order."""
    sizes = tuple(array.sizes[d] for d in order)
    return Cells(array.cells, array.kind, sizes, tuple(array.steps[d] for d in order), array.start)


def rows(array: Cells, dims: Shape) -> list[list[Any]]:
    """The elements along ``dims``, flattened: one row for each place in the other dims, in C order."""
    others = tuple(d for d in range(len(array.sizes)) if d not in dims)
    flat = values(reordered(array, others + dims))
    length = math.prod(array.sizes[d] for d in dims)
    count = math.prod(array.sizes[d] for d in others)
    return [flat[i * length : (i + 1) * length] for i in range(count)]
