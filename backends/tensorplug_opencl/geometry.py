"""How work-items find their elements: the walk over arrays of one shape, each with strides of its own.

Dims that lie in one line in all arrays are joined. What remains is a *line* (one dim), a *grid* (the last dim by one
index of the work-item, the others by the second) or a *mesh* (the last dim is too short for that: all by one index).
Sizes and strides are arguments of the kernel, so one kernel serves all shapes of a form; last strides of 0 and 1 are
part of the form, for the sake of vectors.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from tensorplug.shapes import Shape

LINE, GRID, MESH = "line", "grid", "mesh"
_SHORTEST_ROW = 32
_MOST_ROWS = 2**16 - 1  # some GPUs have no more groups in the second dim
_NARROW = 2**31 - 2**16  # work-items beyond the end must not overflow either

Operand = tuple[Shape, int]
"""Strides and start of an array, in elements."""


class Form(NamedTuple):
    """What of a walk is compiled into the kernel.

    Attributes:
        kind: ``LINE``, ``GRID`` or ``MESH``.
        rank: dims.
        steps: for each array its last stride, where all of them are 0 or 1; otherwise all -1.
        wide: whether indices take 64 bits.
    """

    kind: str
    rank: int
    steps: tuple[int, ...]
    wide: bool


class Walk(NamedTuple):
    """A walk over arrays.

    Attributes:
        form: what is compiled.
        geometry: the argument ``g`` of the kernel, in bytes.
        items, group: the work-items to start.
    """

    form: Form
    geometry: bytes
    items: tuple[int, ...]
    group: tuple[int, ...]


def joined(shape: Shape, operands: tuple[Operand, ...]) -> tuple[list[int], list[list[int]]]:
    """Sizes and strides with dims of size 1 left out and dims that lie in one line in all arrays joined."""
    sizes: list[int] = []
    steps: list[list[int]] = [[] for _ in operands]
    for d, n in enumerate(shape):
        if n == 1:
            continue
        if sizes and all(own[-1] == strides[d] * n for own, (strides, _) in zip(steps, operands)):
            sizes[-1] *= n
            for own, (strides, _) in zip(steps, operands):
                own[-1] = strides[d]
        else:
            sizes.append(n)
            for own, (strides, _) in zip(steps, operands):
                own.append(strides[d])
    return sizes, steps


def is_wide(shape: Shape | list[int], operands: tuple[Operand, ...]) -> bool:
    """Whether an index into one of the arrays needs more than 32 bits."""
    count = 1
    for n in shape:
        count *= n
    reach = [start + sum((n - 1) * abs(s) for n, s in zip(shape, strides)) for strides, start in operands]
    return max(count, *reach, 0) >= _NARROW


def packed(wide: bool, values: list[int]) -> bytes:
    """Whole numbers as the kernel's type of indices."""
    return np.array(values, np.int64 if wide else np.int32).tobytes()


def rounded_up(count: int, to: int) -> int:
    """The next multiple of ``to``."""
    return -(-count // to) * to


def group_of(count: int) -> int:
    """Work-items in a group for independent work: few sizes, since some drivers compile a kernel for each."""
    return 256 if count >= 2048 else 64


@lru_cache(maxsize=8192)
def walk(shape: Shape, operands: tuple[Operand, ...]) -> Walk:
    """The walk over arrays of ``shape`` (none of its sizes is 0)."""
    sizes, steps = joined(shape, operands)
    if not sizes:
        sizes, steps = [1], [[1] for _ in operands]
    wide = is_wide(sizes, tuple((tuple(own), start) for own, (_, start) in zip(steps, operands)))
    count = 1
    for n in sizes:
        count *= n
    rank = len(sizes)
    if rank == 1:
        kind = LINE
    else:
        kind = GRID if sizes[-1] >= _SHORTEST_ROW and count // sizes[-1] <= _MOST_ROWS else MESH
    while kind != LINE and rank & (rank - 1):
        # Few ranks, so that few kernels are compiled.
        rank += 1
        sizes.insert(0, 1)
        for own in steps:
            own.insert(0, 0)
    last = tuple([own[-1] for own in steps])
    # A stride of 0 or 1 is worth a kernel only where all are: one that jumps through memory sets the pace.
    known = kind != MESH and set(last) <= {0, 1}
    form = Form(kind, rank, last if known else (-1,) * len(last), wide)
    starts = [start for _, start in operands]
    geometry = packed(wide, [count, *sizes, *starts, *[s for own in steps for s in own]])
    along = sizes[-1] if kind == GRID else count
    group = group_of(along)
    if kind == GRID:
        return Walk(form, geometry, (rounded_up(along, group), count // along), (group, 1))
    return Walk(form, geometry, (rounded_up(along, group),), (group,))


def index_type(wide: bool) -> str:
    """The definition of ``I``, the type of indices."""
    return f"typedef {'long' if wide else 'int'} I;\n"


def declaration(form: Form) -> str:
    """The definitions of ``I`` and of ``G``, the type of the argument ``g``."""
    arrays = len(form.steps)
    return (
        f"{index_type(form.wide)}typedef struct {{ I n; I size[{form.rank}]; I start[{arrays}]; "
        f"I step[{arrays}][{form.rank}]; }} G;\n"
    )


def places(form: Form) -> str:
    """Statements that end work-items beyond the last element, and set ``p0``, ``p1``, ... to where arrays have theirs.

    ``at`` is the number of the element in C order.
    """
    last = form.rank - 1
    if form.kind == GRID:
        lines = [f"I c{last} = get_global_id(0);", f"if (c{last} >= g.size[{last}]) return;"]
        lines += [f"I at = (I)get_global_id(1) * g.size[{last}] + c{last};", "I rest = get_global_id(1);"]
        lines += _coordinates(last - 1)
    else:
        lines = ["I at = get_global_id(0);", "if (at >= g.n) return;"]
        lines += ["I c0 = at;"] if form.kind == LINE else ["I rest = at;", *_coordinates(last)]
    lines += [_place(k, step, form.rank) for k, step in enumerate(form.steps)]
    return "\n    ".join(lines)


def _coordinates(last: int) -> list[str]:
    """``c0`` to ``c<last>`` from ``rest``, the number of a place in those dims."""
    lines = []
    for d in range(last, 0, -1):
        lines.append(f"I q{d} = rest / g.size[{d}]; I c{d} = rest - q{d} * g.size[{d}]; rest = q{d};")
    return [*lines, "I c0 = rest;"]


def _place(k: int, step: int, rank: int) -> str:
    terms = [f"g.start[{k}]", *[f"c{d} * g.step[{k}][{d}]" for d in range(rank - 1)]]
    if step == 1:
        terms.append(f"c{rank - 1}")
    elif step != 0:
        terms.append(f"c{rank - 1} * g.step[{k}][{rank - 1}]")
    return f"I p{k} = {' + '.join(terms)};"
