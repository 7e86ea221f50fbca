"""Products of matrices: by the host's BLAS where the device shares its memory, by a tiled kernel elsewhere.

Integers always take the kernel: there is no BLAS for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug.dtypes import FLOAT, HALF, DType, float32
from tensorplug.shapes import broadcast_pair
from tensorplug_opencl.array import Array, spread
from tensorplug_opencl.codes import CODES, load, store
from tensorplug_opencl.geometry import index_type, is_wide, packed, rounded_up
from tensorplug_opencl.kernels.movement import cast
from tensorplug_opencl.runtime import Runtime
from tensorplug_opencl.source import program


def matmul_batched(a: Array, b: Array) -> Array:
    batch = broadcast_pair(a.shape[:-2], b.shape[:-2])
    home = a.home
    if home.shares_memory and a.dtype.category >= FLOAT:
        if a.dtype in HALF:
            return cast(matmul_batched(cast(a, float32), cast(b, float32)), a.dtype)
        return _by_host(home, a, b, (*batch, a.shape[-2], b.shape[-1]))
    return tiled(a, b)


# ---------------------------------------------------------------------------------------------------- the host's BLAS


def _by_host(home: Runtime, a: Array, b: Array, shape: tuple[int, ...]) -> Array:
    found = home.empty(shape, a.dtype)
    if found.size:
        with (
            home.lock, home.mapped(a) as left, home.mapped(b) as right, home.mapped(found, writes=True) as out,
            np.errstate(all="ignore"),
        ):  # fmt: skip
            np.matmul(left, right, out=out)
    return found


# ---------------------------------------------------------------------------------------------------- the device


def tiled(a: Array, b: Array) -> Array:
    """The product by a kernel: a group of work-items takes a square of the result, and its operands by squares."""
    home = a.home
    batch = broadcast_pair(a.shape[:-2], b.shape[:-2])
    m, k, n = a.shape[-2], a.shape[-1], b.shape[-1]
    found = home.empty((*batch, m, n), a.dtype)
    if found.size == 0:
        return found
    left, right = spread(a, batch + a.shape[-2:]), spread(b, batch + b.shape[-2:])
    count = 1
    for size in batch:
        count *= size
    wide = any(is_wide(x.shape, ((x.strides, x.start),)) for x in (found, left, right))
    rank = max(len(batch), 1)
    sizes = batch or (1,)
    steps = [x.strides[:-2] or (0,) for x in (left, right)]
    geometry = packed(
        wide,
        [m, n, k, left.start, *left.strides[-2:], right.start, *right.strides[-2:], *sizes, *steps[0], *steps[1]],
    )
    tile = home.tile
    kernel = home.kernel(("matmul", a.dtype, rank, wide), lambda: _write(a.dtype, rank, wide, tile, home.has_double))
    # Products and their rows in the first dim, which alone may have more than 65535 groups on every GPU.
    items = (count * rounded_up(m, tile), rounded_up(n, tile))
    home.launch(kernel, items, (tile, tile), [found.memory, a.memory, b.memory], [geometry])
    return found


def _write(dtype: DType, rank: int, wide: bool, tile: int, has_double: bool) -> str:
    memory = CODES[dtype].memory
    zero = f"({CODES[dtype].value})(0)"
    product = "complex_mul(x, y)" if dtype.is_complex else "x * y"
    lines = "".join(
        f"    c = rest % g.size[{d}]; rest /= g.size[{d}]; p += c * g.over1[{d}]; q += c * g.over2[{d}];\n"
        for d in range(rank - 1, -1, -1)
    )
    text = f"""{index_type(wide)}
typedef struct {{ I m; I n; I k; I start1; I row1; I column1; I start2; I row2; I column2;
                 I size[{rank}]; I over1[{rank}]; I over2[{rank}]; }} G;
kernel void run(global {memory} *m0, global const {memory} *m1, global const {memory} *m2, const G g) {{
    local T left[{tile}][{tile} + 1], right[{tile}][{tile} + 1];
    const I u = get_local_id(1), v = get_local_id(0);
    const I tiles = (g.m + {tile} - 1) / {tile}, number = get_group_id(0) / tiles;
    const I i = (get_group_id(0) - number * tiles) * {tile} + u, j = (I)get_group_id(1) * {tile} + v;
    I rest = number, c = 0, p = g.start1, q = g.start2;
{lines}
    T sum = {zero};
    for (I k = 0; k < g.k; k += {tile}) {{
        T a = {zero}, b = {zero};
        if (i < g.m && k + v < g.k) a = {load(dtype, "m1", "p + i * g.row1 + (k + v) * g.column1")};
        if (j < g.n && k + u < g.k) b = {load(dtype, "m2", "q + (k + u) * g.row2 + j * g.column2")};
        left[u][v] = a;
        right[u][v] = b;
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int t = 0; t < {tile}; t++) {{ const T x = left[u][t], y = right[t][v]; sum += {product}; }}
        barrier(CLK_LOCAL_MEM_FENCE);
    }}
    if (i < g.m && j < g.n) {store(dtype, "m0", "(number * g.m + i) * g.n + j", "sum")};
}}
"""
    return program(dtype, has_double, text)


FUNCTIONS: dict[str, Callable[..., Any]] = {"matmul_batched": matmul_batched}
