"""Kernels that fold an expression over dims: many elements to one, in one pass or two.

Two shapes of work. *Groups*: a group of work-items folds one row (or a piece of a long one), each item every so-many-th
element, then all together by halves. *Items*: each item folds a column alone; neighbours read neighbouring memory, so
this is the way where the elements to fold do not lie side by side, or are few. Where there are fewer results than the
device can work on at a time, rows are cut into pieces, whose results a second pass folds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from tensorplug.dtypes import DType, uint8
from tensorplug.shapes import Shape, reduced_shape
from tensorplug_opencl import codes
from tensorplug_opencl.array import Array, spread
from tensorplug_opencl.elementwise import LETTERS
from tensorplug_opencl.geometry import group_of, index_type, is_wide, joined, packed, rounded_up
from tensorplug_opencl.runtime import Runtime
from tensorplug_opencl.source import program

_FEW = 16  # elements that one item folds without help
_FEW_ROWS = 64
_MOST_PIECES = 256
_PIECE = 4096  # elements of a row that are worth a group of their own


class Fold(NamedTuple):
    """A reduction.

    Attributes:
        dtype: of the operands.
        result: the dtype of the result.
        accumulator: the type in which is folded; a struct's definition stands in ``types``.
        initial: an expression of that type.
        element: the expression of ``a``, ``b``, ... (and ``k``, the element's place in its row) to fold in.
        combine: the expression of ``x`` and ``y``, two accumulators.
        final: the expression of ``x`` for the result; ``g.row`` is the length of a row.
        types: definitions.
        operands: how many arrays there are.
    """

    dtype: DType
    result: DType
    accumulator: str
    initial: str
    element: str
    combine: str
    final: str = "x"
    types: str = ""
    operands: int = 1


class _Form(NamedTuple):
    by_groups: bool
    kept: int
    folded: int
    steps: tuple[int, ...]
    wide: bool
    group: int
    first: bool
    last: bool


class _Plan(NamedTuple):
    form: _Form
    geometry: bytes
    items: tuple[int, ...]
    group: tuple[int, ...]
    pieces: int


def fold(what: Fold, arrays: Sequence[Array], dims: Shape, keepdim: bool) -> Array:
    """Fold ``arrays``, which broadcast to the shape of the first, over ``dims``."""
    home, shape = arrays[0].home, arrays[0].shape
    found = home.empty(reduced_shape(shape, dims, keepdim), what.result)
    if found.size == 0:
        return found
    kept = tuple([d for d in range(len(shape)) if d not in dims])
    operands = []
    for x in arrays:
        x = spread(x, shape)
        operands.append((tuple([x.strides[d] for d in (*kept, *dims)]), x.start))
    sizes = tuple([shape[d] for d in (*kept, *dims)])
    plan = _plan(sizes, len(kept), tuple(operands), home.group, home.units, home.is_cpu)
    buffers = [x.memory for x in arrays]
    if plan.pieces == 1:
        _run(home, what, plan, [found.memory, *buffers])
        return found
    rows = found.size
    # Accumulators may be structs; 16 bytes hold any of them.
    scratch = home.empty((rows * plan.pieces * 16,), uint8)
    _run(home, what, plan, [scratch.memory, *buffers])
    row = 1
    for n in sizes[len(kept) :]:
        row *= n
    _run(home, what, _second(rows, plan.pieces, home.group, row), [found.memory, scratch.memory])
    return found


def _run(home: Runtime, what: Fold, plan: _Plan, buffers: list[Any]) -> None:
    kernel = home.kernel((what, plan.form), lambda: _write(what, plan.form, home.has_double))
    home.launch(kernel, plan.items, plan.group, buffers, [plan.geometry])


@lru_cache(maxsize=4096)
def _plan(
    sizes: Shape, kept: int, operands: tuple[tuple[Shape, int], ...], group: int, units: int, is_cpu: bool
) -> _Plan:
    outer, outer_steps = joined(sizes[:kept], tuple([(s[:kept], start) for s, start in operands]))
    inner, inner_steps = joined(sizes[kept:], tuple([(s[kept:], start) for s, start in operands]))
    rows, row = 1, 1
    for n in outer:
        rows *= n
    for n in inner:
        row *= n
    if not outer:
        outer, outer_steps = [1], [[0] for _ in operands]
    if not inner:
        inner, inner_steps = [1], [[0] for _ in operands]
    beside = any(own[-1] == 1 for own in outer_steps) and outer[-1] > 1
    by_groups = row > _FEW and not (beside and outer[-1] >= _FEW)
    at_a_time = rows if by_groups else max(rows // 64, 1)
    piece = _PIECE if by_groups else _PIECE // 16 if not is_cpu else _FEW_ROWS
    wanted = -(-8 * units // at_a_time)
    if is_cpu and not by_groups:
        # Columns of a few rows at a time: a core that went down a whole column would meet a new page in every row.
        wanted = row // _FEW_ROWS
    pieces = max(1, min(row // piece, wanted, _MOST_PIECES))
    wide = is_wide([*outer, *inner], tuple([((*a, *b), s) for a, b, (_, s) in zip(outer_steps, inner_steps, operands)]))
    length = -(-row // pieces)
    pieces = max(1, -(-row // max(length, 1)))
    steps = tuple([own[-1] if own[-1] in (0, 1) else -1 for own in (inner_steps if by_groups else outer_steps)])
    form = _Form(by_groups, len(outer), len(inner), steps, wide, group, True, pieces == 1)
    geometry = packed(
        wide,
        [
            rows, row, length, pieces, *outer, *inner, *[s for _, s in operands],
            *[s for own in outer_steps for s in own], *[s for own in inner_steps for s in own],
        ],
    )  # fmt: skip
    return _Plan(form, geometry, *_items(by_groups, rows, pieces, group), pieces)


def _items(by_groups: bool, rows: int, pieces: int, group: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if by_groups:
        # Rows in the first dim: there may be many of them.
        return (rows * group, pieces), (group, 1)
    side = group_of(rows)
    return (rounded_up(rows, side), pieces), (side, 1)


@lru_cache(maxsize=1024)
def _second(rows: int, pieces: int, group: int, row: int) -> _Plan:
    """The pass that folds the results of pieces, which lie side by side for each row."""
    by_groups = pieces > _FEW
    wide = is_wide([rows, pieces], (((pieces, 1), 0),)) or row >= 2**31 - 1
    steps = (1,) if by_groups else (-1,)
    form = _Form(by_groups, 1, 1, steps, wide, group, False, True)
    geometry = packed(wide, [rows, row, pieces, 1, rows, pieces, 0, pieces, 1])
    return _Plan(form, geometry, *_items(by_groups, rows, 1, group), 1)


# ---------------------------------------------------------------------------------------------------- source


def _write(what: Fold, form: _Form, has_double: bool) -> str:
    count = what.operands if form.first else 1
    out = codes.CODES[what.result].memory if form.last else what.accumulator
    sources = (
        [f"global const {codes.CODES[what.dtype].memory} *m{k}" for k in range(1, count + 1)]
        if form.first
        else [f"global const {what.accumulator} *m1"]
    )
    text = "".join((
        what.types, index_type(form.wide),
        f"typedef struct {{ I rows; I row; I length; I pieces; I outer[{form.kept}]; I inner[{form.folded}]; "
        f"I start[{count}]; I over[{count}][{form.kept}]; I along[{count}][{form.folded}]; }} G;\n",
        f"inline {what.accumulator} combine({what.accumulator} x, {what.accumulator} y) {{ return {what.combine}; }}\n",
        f"kernel void run(global {out} *m0, {', '.join(sources)}, const G g) {{\n",
        _body(what, form, count), "}\n",
    ))  # fmt: skip
    return program(what.dtype, has_double, text)


def _body(what: Fold, form: _Form, count: int) -> str:
    lines = []
    if form.by_groups:
        lines += [f"local {what.accumulator} shared[{form.group}];", "const I item = get_local_id(0);"]
        lines += ["const I r = get_group_id(0);"]
    else:
        lines += ["const I r = get_global_id(0);", "if (r >= g.rows) return;"]
    lines += ["const I piece = get_global_id(1);", "const I begin = piece * g.length;"]
    lines += ["const I end = min((I)(begin + g.length), (I)(FOLDED));".replace("FOLDED", _length(form))]
    lines += ["I rest = r;", *_decoded("o", "outer", form.kept)]
    lines += [_base(k, form) for k in range(count)]
    first, step = ("begin + item", str(form.group)) if form.by_groups else ("begin", "1")
    lines += [f"{what.accumulator} x = {what.initial};", f"for (I k = {first}; k < end; k += {step}) {{"]
    lines += [f"    {line}" for line in _element(what, form, count)] + ["}"]
    store = _stored(what, form)
    if form.by_groups:
        lines += [
            "shared[item] = x;", "barrier(CLK_LOCAL_MEM_FENCE);",
            f"for (int far = {_half(form.group)}; far > 0; far /= 2) {{",
            "    const I other = item + far;",
            f"    if (item < far && other < {form.group}) shared[item] = combine(shared[item], shared[other]);",
            "    barrier(CLK_LOCAL_MEM_FENCE);", "}", "if (item == 0) {", "    x = shared[0];", f"    {store}", "}",
        ]  # fmt: skip
    else:
        lines.append(store)
    return "".join(f"    {line}\n" for line in lines)


def _length(form: _Form) -> str:
    """How many elements there are to fold for each result: a row's, or in the second pass its pieces."""
    return "g.row" if form.first else "g.length"


def _half(group: int) -> int:
    """The largest power of two below ``group``, or half of one."""
    return 1 << max((group - 1).bit_length() - 1, 0)


def _decoded(letter: str, sizes: str, rank: int) -> list[str]:
    lines = [
        f"I q{letter}{d} = rest / g.{sizes}[{d}]; I {letter}{d} = rest - q{letter}{d} * g.{sizes}[{d}]; "
        f"rest = q{letter}{d};"
        for d in range(rank - 1, 0, -1)
    ]
    return [*lines, f"I {letter}0 = rest;"]


def _base(k: int, form: _Form) -> str:
    terms = [f"g.start[{k}]"]
    for d in range(form.kept):
        known = not form.by_groups and d == form.kept - 1
        step = form.steps[k] if known else -1
        if step == 1:
            terms.append(f"o{d}")
        elif step != 0:
            terms.append(f"o{d} * g.over[{k}][{d}]")
    return f"const I base{k} = {' + '.join(terms)};"


def _element(what: Fold, form: _Form, count: int) -> list[str]:
    lines = []
    if form.folded > 1:
        lines += ["I rest = k;", *_decoded("i", "inner", form.folded)]
    else:
        lines.append("I i0 = k;")
    for k in range(count):
        terms = [f"base{k}"]
        for d in range(form.folded):
            step = form.steps[k] if form.by_groups and d == form.folded - 1 else -1
            if step == 1:
                terms.append(f"i{d}")
            elif step != 0:
                terms.append(f"i{d} * g.along[{k}][{d}]")
        place = " + ".join(terms)
        if form.first:
            code = codes.CODES[what.dtype]
            lines.append(f"const {code.value} {LETTERS[k]} = {codes.load(what.dtype, f'm{k + 1}', place)};")
        else:
            lines.append(f"x = combine(x, m1[{place}]);")
    if form.first:
        lines.append(f"x = combine(x, {what.element});")
    return lines


def _stored(what: Fold, form: _Form) -> str:
    if not form.last:
        return "m0[r * g.pieces + piece] = x;"
    return f"{codes.store(what.result, 'm0', 'r', what.final)};"
