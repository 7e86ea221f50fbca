"""Kernels that treat a row at a time: softmax, normalization and their gradients, each one pass over memory and back.

A row lies along one dim. Where its elements are side by side, a group of work-items takes it; elsewhere one item takes
it alone, beside its neighbours. The text of a kernel is the same for both: ``EACH(k)`` runs over the row's elements,
``AT(k)`` is where one lies, ``TOTAL(x)`` and ``LARGEST(x)`` fold what the items have, and ``ONCE`` guards what is
written once for a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from tensorplug.dtypes import DType
from tensorplug_opencl import codes
from tensorplug_opencl.array import Array
from tensorplug_opencl.geometry import group_of, index_type, packed, rounded_up
from tensorplug_opencl.runtime import Runtime
from tensorplug_opencl.source import program

_NARROW = 2**31 - 2**16


class Rows(NamedTuple):
    """Arrays cut into rows: element ``k`` of row ``(o, i)`` is number ``(o * length + k) * inner + i``."""

    outer: int
    length: int
    inner: int


def along(shape: tuple[int, ...], dim: int) -> Rows:
    """The rows of a contiguous array along ``dim``."""
    outer = inner = 1
    for n in shape[:dim]:
        outer *= n
    for n in shape[dim + 1 :]:
        inner *= n
    return Rows(outer, shape[dim], inner)


class RowKernel(NamedTuple):
    """A kernel over rows.

    Attributes:
        name: for the cache.
        body: statements, with ``LOAD<n>(i)`` and ``STORE<n>(i, v)`` for the arrays, results first; ``row`` is the
            number of the row and ``length`` its length.
        numbers: names of numbers of the dtype.
    """

    name: str
    body: str
    numbers: tuple[str, ...] = ()


def run(what: RowKernel, dtype: DType, rows: Rows, arrays: Sequence[Array], numbers: Sequence[Any] = ()) -> None:
    """Run over contiguous arrays that start at 0; results come first. Nothing is run where there are no rows."""
    home = arrays[0].home
    count = rows.outer * rows.inner
    if count == 0:
        return
    by_groups = rows.inner == 1
    wide = count * rows.length >= _NARROW or count * home.group >= _NARROW
    dtypes = tuple([x.dtype for x in arrays])
    key = (what.name, dtype, dtypes, by_groups, wide)
    kernel = home.kernel(key, lambda: _write(what, dtype, dtypes, by_groups, wide, home))
    side = home.group if by_groups else group_of(count)
    items = count * side if by_groups else rounded_up(count, side)
    values = [codes.CODES[dtype].host.type(v).tobytes() for v in numbers]
    values.append(packed(wide, [count, rows.length, rows.inner]))
    home.launch(kernel, (items,), (side,), [x.memory for x in arrays], values)


_GROUPS = """
    local T shared[{group}];
    const I item = get_local_id(0), row = get_group_id(0), base = row * length;
#define EACH(k) for (I k = item; k < length; k += {group})
#define AT(k) (base + (k))
#define TOTAL(x) total_of(x, shared, item)
#define LARGEST(x) largest_of(x, shared, item)
#define ONCE if (item == 0)
"""

_ITEMS = """
    const I row = get_global_id(0);
    if (row >= g.count) return;
    const I over = row / g.inner, base = over * length * g.inner + (row - over * g.inner);
#define EACH(k) for (I k = 0; k < length; k++)
#define AT(k) (base + (k) * g.inner)
#define TOTAL(x) (x)
#define LARGEST(x) (x)
#define ONCE
"""

_FOLDS = """
inline T {name}(T x, local T *shared, const int item) {{
    barrier(CLK_LOCAL_MEM_FENCE);
    shared[item] = x;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int far = {half}; far > 0; far /= 2) {{
        if (item < far && item + far < {group}) shared[item] = {combine};
        barrier(CLK_LOCAL_MEM_FENCE);
    }}
    return shared[0];
}}
"""


def _write(what: RowKernel, dtype: DType, dtypes: tuple[DType, ...], by_groups: bool, wide: bool, home: Runtime) -> str:
    group = home.group
    half = 1 << max((group - 1).bit_length() - 1, 0)
    accesses = "".join(
        f"#define LOAD{k}(i) {codes.load(d, f'm{k}', '(i)')}\n"
        f"#define STORE{k}(i, v) {codes.store(d, f'm{k}', '(i)', '(v)')}\n"
        for k, d in enumerate(dtypes)
    )
    folds = "".join(
        _FOLDS.format(name=name, half=half, group=group, combine=combine)
        for name, combine in (
            ("total_of", "shared[item] + shared[item + far]"), ("largest_of", "fmax(shared[item], shared[item + far])"),
        )
    )  # fmt: skip
    parameters = [f"global {codes.CODES[d].memory} *m{k}" for k, d in enumerate(dtypes)]
    parameters += [f"const T {name}" for name in what.numbers]
    head = _GROUPS.format(group=group) if by_groups else _ITEMS
    text = (
        f"{index_type(wide)}typedef struct {{ I count; I length; I inner; }} G;\n{accesses}"
        f"{folds if by_groups else ''}kernel void run({', '.join(parameters)}, const G g) {{\n"
        f"    const I length = g.length;{head}{what.body}\n}}\n"
    )
    return program(dtype, home.has_double, text)
