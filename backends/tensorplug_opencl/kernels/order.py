"""Sorting: short runs by insertion, then runs merged two by two, each element finding its own place by bisection.

Every pass is stable and takes one work-item for an element, without barriers, so rows of any length and number sort
side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.dtypes import FLOAT, DType, int64
from tensorplug.shapes import contiguous_strides
from tensorplug_opencl.array import Array, permuted
from tensorplug_opencl.codes import CODES, load, store
from tensorplug_opencl.geometry import group_of, index_type, is_wide, packed, rounded_up
from tensorplug_opencl.kernels.movement import clone, contiguous
from tensorplug_opencl.runtime import Runtime
from tensorplug_opencl.source import program

_RUN = 16

_STRUCT = "typedef struct { I rows; I count; I width; } G;\n"


def _before(dtype: DType, descending: bool) -> str:
    """The function that tells whether ``x`` comes before ``y``; NaN is the largest."""
    less = "(x == x && y != y) || x < y" if dtype.category == FLOAT else "x < y"
    first, second = ("y", "x") if descending else ("x", "y")
    return f"inline int before(T {first}, T {second}) {{ return {less}; }}\n"


def _runs(dtype: DType, descending: bool, wide: bool, has_double: bool) -> str:
    memory = CODES[dtype].memory
    text = f"""{index_type(wide)}{_STRUCT}{_before(dtype, descending)}
kernel void run(global {memory} *keys, global long *places, global const {memory} *from, const G g) {{
    const I runs = (g.count + {_RUN} - 1) / {_RUN};
    const I item = get_global_id(0);
    if (item >= g.rows * runs) return;
    const I row = item / runs;
    const I begin = (item - row * runs) * {_RUN};
    const I end = min((I)(begin + {_RUN}), g.count);
    const I base = row * g.count;
    for (I k = begin; k < end; k++) {{
        const T key = {load(dtype, "from", "base + k")};
        I at = k;
        for (; at > begin; at--) {{
            const T other = {load(dtype, "keys", "base + at - 1")};
            if (!before(key, other)) break;
            {store(dtype, "keys", "base + at", "other")};
            places[base + at] = places[base + at - 1];
        }}
        {store(dtype, "keys", "base + at", "key")};
        places[base + at] = k;
    }}
}}
"""
    return program(dtype, has_double, text)


def _merge(dtype: DType, descending: bool, wide: bool, has_double: bool) -> str:
    memory = CODES[dtype].memory
    text = f"""{index_type(wide)}{_STRUCT}{_before(dtype, descending)}
kernel void run(global {memory} *keys, global long *places, global const {memory} *old_keys,
                global const long *old_places, const G g) {{
    const I item = get_global_id(0);
    if (item >= g.rows * g.count) return;
    const I row = item / g.count;
    const I k = item - row * g.count;
    const I base = row * g.count;
    const I left = k / (2 * g.width) * (2 * g.width);
    const I middle = min((I)(left + g.width), g.count);
    const I right = min((I)(left + 2 * g.width), g.count);
    const T key = {load(dtype, "old_keys", "base + k")};
    const int is_left = k < middle;
    I low = is_left ? middle : left, high = is_left ? right : middle;
    const I first = low;
    while (low < high) {{
        const I half_way = low + (high - low) / 2;
        const T other = {load(dtype, "old_keys", "base + half_way")};
        // Of equals those on the left come first.
        if (is_left ? before(other, key) : !before(key, other)) low = half_way + 1;
        else high = half_way;
    }}
    const I at = is_left ? k + (low - first) : k - middle + low;
    {store(dtype, "keys", "base + at", "key")};
    places[base + at] = old_places[base + k];
}}
"""
    return program(dtype, has_double, text)


def sort_rows(x: Array, descending: bool) -> tuple[Array, Array]:
    """Sort a contiguous array along its last dim."""
    home, count = x.home, x.shape[-1]
    rows = x.size // max(count, 1)
    wide = is_wide(x.shape, ((contiguous_strides(x.shape), 0),))
    keys, places = home.empty(x.shape, x.dtype), home.empty(x.shape, int64)
    if x.size == 0:
        return keys, places
    start = _pass(home, x.dtype, descending, wide, True)
    _launch(home, start, rows * -(-count // _RUN), [keys, places, x], packed(wide, [rows, count, _RUN]))
    width = _RUN
    if width < count:
        merge = _pass(home, x.dtype, descending, wide, False)
        others = home.empty(x.shape, x.dtype), home.empty(x.shape, int64)
        while width < count:
            _launch(home, merge, rows * count, [*others, keys, places], packed(wide, [rows, count, width]))
            (keys, places), others = others, (keys, places)
            width *= 2
    return keys, places


def _pass(home: Runtime, dtype: DType, descending: bool, wide: bool, is_first: bool) -> Any:
    write = _runs if is_first else _merge
    key = ("sort", dtype, descending, wide, is_first)
    return home.kernel(key, lambda: write(dtype, descending, wide, home.has_double))


def _launch(home: Runtime, kernel: Any, items: int, arrays: list[Array], geometry: bytes) -> None:
    group = group_of(items)
    home.launch(kernel, (rounded_up(items, group),), (group,), [a.memory for a in arrays], [geometry])


def sort_dim(x: Array, dim: int, descending: bool, stable: bool) -> tuple[Array, Array]:
    if not x.shape:
        return clone(x), sort_rows(clone(x).seen_as((1,), (1,)), descending)[1].seen_as((), ())
    order = (*[d for d in range(x.ndim) if d != dim], dim)
    rows = contiguous(permuted(x, order))
    if rows.start:
        rows = clone(rows)
    back = tuple(sorted(range(x.ndim), key=order.__getitem__))
    values, places = sort_rows(rows, descending)
    return permuted(values, back), permuted(places, back)


FUNCTIONS: dict[str, Callable[..., Any]] = {"sort_dim": sort_dim}
