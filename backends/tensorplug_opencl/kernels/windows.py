"""Sliding windows: columns of a matrix and back, and pooling.

Every kernel gives a work-item one element of its result, and lets it collect what belongs there; so nothing is added
atomically, and results do not depend on the order of work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from tensorplug.dtypes import DType, int64
from tensorplug.shapes import Shape
from tensorplug_opencl.array import Array
from tensorplug_opencl.codes import CODES, load, store
from tensorplug_opencl.geometry import group_of, index_type, packed, rounded_up
from tensorplug_opencl.kernels.movement import packed_copy
from tensorplug_opencl.source import program

_NARROW = 2**31 - 2**16

# Texts in which {d} is a spatial dim; o is a place of the window, k one in it, x one in the image.
_IN_IMAGE = "const I x{d} = o{d} * g.stride[{d}] - g.padding[{d}] + k{d} * g.dilation[{d}];"
_IS_INSIDE = "x{d} >= 0 && x{d} < g.size[{d}]"
_IN_WINDOW = "const I far{d} = x{d} + g.padding[{d}] - k{d} * g.dilation[{d}]; const I o{d} = far{d} / g.stride[{d}];"
_IS_PLACE = "far{d} >= 0 && o{d} * g.stride[{d}] == far{d} && o{d} < g.places[{d}]"


def _each(rank: int, text: str, joint: str = " ") -> str:
    return joint.join(text.replace("{d}", str(d)) for d in range(rank))


def _flat(rank: int, letter: str, sizes: str) -> str:
    """The number of a place in C order."""
    found = f"{letter}0"
    for d in range(1, rank):
        found = f"({found} * g.{sizes}[{d}] + {letter}{d})"
    return found


def _decoded(rank: int, letter: str, sizes: str) -> str:
    """Statements that take a place, in C order, off the end of ``rest``."""
    return " ".join(
        f"const I {letter}{d} = rest % g.{sizes}[{d}]; rest /= g.{sizes}[{d}];" for d in range(rank - 1, -1, -1)
    )


def _over_window(rank: int, body: str) -> str:
    loops = _each(rank, "for (I k{d} = 0; k{d} < g.span[{d}]; k{d}++)")
    return f"{loops} {{ {body} }}"


def _im2col(rank: int, dtype: DType) -> str:
    source = load(dtype, "m1", f"(rest * g.image + {_flat(rank, 'x', 'size')})")
    value = f"{_each(rank, _IS_INSIDE, ' && ')} ? {source} : 0"
    return (
        f"{_decoded(rank, 'o', 'places')} {_decoded(rank, 'k', 'span')} {_each(rank, _IN_IMAGE)} "
        f"{store(dtype, 'm0', 'at', value)};"
    )


def _col2im(rank: int, dtype: DType) -> str:
    source = load(
        dtype, "m1", f"((rest * g.window + {_flat(rank, 'k', 'span')}) * g.area + {_flat(rank, 'o', 'places')})"
    )
    add = f"{_each(rank, _IN_WINDOW)} if ({_each(rank, _IS_PLACE, ' && ')}) sum += {source};"
    return f"{_decoded(rank, 'x', 'size')} T sum = 0; {_over_window(rank, add)} {store(dtype, 'm0', 'at', 'sum')};"


def _sum_pool(rank: int, dtype: DType) -> str:
    source = load(dtype, "m1", f"(rest * g.image + {_flat(rank, 'x', 'size')})")
    add = f"{_each(rank, _IN_IMAGE)} if ({_each(rank, _IS_INSIDE, ' && ')}) sum += {source};"
    return f"{_decoded(rank, 'o', 'places')} T sum = 0; {_over_window(rank, add)} {store(dtype, 'm0', 'at', 'sum')};"


def _sum_pool_input(rank: int, dtype: DType) -> str:
    source = load(dtype, "m1", f"(rest * g.area + {_flat(rank, 'o', 'places')})")
    add = f"{_each(rank, _IN_WINDOW)} if ({_each(rank, _IS_PLACE, ' && ')}) sum += {source};"
    return f"{_decoded(rank, 'x', 'size')} T sum = 0; {_over_window(rank, add)} {store(dtype, 'm0', 'at', 'sum')};"


def _max_pool(rank: int, dtype: DType) -> str:
    source = load(dtype, "m1", f"(rest * g.image + {_flat(rank, 'x', 'size')})")
    take = (
        f"{_each(rank, _IN_IMAGE)} if ({_each(rank, _IS_INSIDE, ' && ')}) "
        f"{{ const T v = {source}; if (v > best || v != v) best = v; }}"
    )
    loop = _over_window(rank, take)
    return f"{_decoded(rank, 'o', 'places')} T best = LOWEST; {loop} {store(dtype, 'm0', 'at', 'best')};"


def _max_pool_indices(rank: int, dtype: DType) -> str:
    """A window without a largest element names the first place that lies inside, dim by dim."""
    place = _flat(rank, "x", "size")
    first = _each(
        rank,
        "I f{d} = o{d} * g.stride[{d}] - g.padding[{d}]; "
        "if (f{d} < 0) f{d} = (g.dilation[{d}] - (-f{d}) % g.dilation[{d}]) % g.dilation[{d}]; "
        "f{d} = min(f{d}, (I)(g.size[{d}] - 1));",
    )
    source = load(dtype, "m1", f"(rest * g.image + {place})")
    take = (
        f"{_each(rank, _IN_IMAGE)} if ({_each(rank, _IS_INSIDE, ' && ')}) "
        f"{{ const T v = {source}; if (v > best || v != v) {{ best = v; found = {place}; }} }}"
    )
    return (
        f"{_decoded(rank, 'o', 'places')} {first} T best = LOWEST; I found = {_flat(rank, 'f', 'size')}; "
        f"{_over_window(rank, take)} m0[at] = found;"
    )


def _max_pool_input(rank: int, dtype: DType) -> str:
    place = f"(rest * g.area + {_flat(rank, 'o', 'places')})"
    add = (
        f"{_each(rank, _IN_WINDOW)} "
        f"if ({_each(rank, _IS_PLACE, ' && ')} && m2[{place}] == own) sum += {load(dtype, 'm1', place)};"
    )
    own = f"const long own = {_flat(rank, 'x', 'size')};"
    return (
        f"{_decoded(rank, 'x', 'size')} {own} T sum = 0; {_over_window(rank, add)} {store(dtype, 'm0', 'at', 'sum')};"
    )


_TEXTS: dict[str, Callable[[int, DType], str]] = {
    "im2col": _im2col, "col2im": _col2im, "sum_pool": _sum_pool, "sum_pool_input": _sum_pool_input,
    "max_pool": _max_pool, "max_pool_indices": _max_pool_indices, "max_pool_input": _max_pool_input,
}  # fmt: skip


class Windows:
    """Sizes of an image, of windows, and how these lie."""

    __slots__ = ("dilation", "kernel", "padding", "places", "size", "stride")

    def __init__(
        self, size: Shape, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, places: Shape
    ) -> None:
        self.size = size
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.places = places

    def numbers(self) -> list[int]:
        """What kernels are told: products first."""
        return [
            prod(self.size), prod(self.kernel), prod(self.places), *self.size, *self.kernel, *self.stride,
            *self.padding, *self.dilation, *self.places,
        ]  # fmt: skip


def run(name: str, found: Array, sources: Sequence[Array], windows: Windows) -> Array:
    """Fill ``found`` from contiguous arrays that start at 0; the name is that of an op."""
    count = found.size
    if count == 0:
        return found
    home, rank, dtype = found.home, len(windows.size), sources[0].dtype
    wide = max(count, *[x.size for x in sources]) >= _NARROW
    dtypes = (found.dtype, *[x.dtype for x in sources])

    def write() -> str:
        parameters = [f"global {CODES[d].memory} *m{k}" for k, d in enumerate(dtypes)]
        fields = " ".join(f"I {f}[{rank}];" for f in ("size", "span", "stride", "padding", "dilation", "places"))
        text = (
            f"{index_type(wide)}typedef struct {{ I count; I image; I window; I area; {fields} }} G;\n"
            f"kernel void run({', '.join(parameters)}, const G g) {{\n"
            f"    const I at = get_global_id(0);\n    if (at >= g.count) return;\n    I rest = at;\n"
            f"    {_TEXTS[name](rank, dtype)}\n}}\n"
        )
        return program(dtype, home.has_double, text)

    kernel = home.kernel(("windows", name, rank, dtypes, wide), write)
    group = group_of(count)
    geometry = packed(wide, [count, *windows.numbers()])
    buffers = [found.memory, *[x.memory for x in sources]]
    home.launch(kernel, (rounded_up(count, group),), (group,), buffers, [geometry])
    return found


def places_of(size: Shape, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape) -> Shape:
    return tuple(
        (n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in zip(size, kernel, stride, padding, dilation)
    )


# ---------------------------------------------------------------------------------------------------- columns


def im2col(x: Array, kernel: Shape, dilation: Shape, padding: Shape, stride: Shape) -> Array:
    x = packed_copy(x)
    batch, channels, *size = x.shape
    places = places_of(tuple(size), kernel, stride, padding, dilation)
    found = x.home.empty((batch, channels * prod(kernel), prod(places)), x.dtype)
    return run("im2col", found, [x], Windows(tuple(size), kernel, stride, padding, dilation, places))


def col2im(columns: Array, size: Shape, kernel: Shape, dilation: Shape, padding: Shape, stride: Shape) -> Array:
    columns = packed_copy(columns)
    places = places_of(size, kernel, stride, padding, dilation)
    found = columns.home.empty((columns.shape[0], columns.shape[1] // prod(kernel), *size), columns.dtype)
    return run("col2im", found, [columns], Windows(size, kernel, stride, padding, dilation, places))


# ---------------------------------------------------------------------------------------------------- pooling


def max_pool(x: Array, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, size: Shape) -> Array:
    x = packed_copy(x)
    found = x.home.empty((*x.shape[:2], *size), x.dtype)
    return run("max_pool", found, [x], Windows(x.shape[2:], kernel, stride, padding, dilation, size))


def max_pool_indices(x: Array, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, size: Shape) -> Array:
    x = packed_copy(x)
    found = x.home.empty((*x.shape[:2], *size), int64)
    return run("max_pool_indices", found, [x], Windows(x.shape[2:], kernel, stride, padding, dilation, size))


def max_pool_input(
    g: Array,
    source: Array,
    result: Array,
    kernel: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    size: Shape,
) -> Array:
    indices = max_pool_indices(source, kernel, stride, padding, dilation, size)
    found = g.home.empty(source.shape, g.dtype)
    windows = Windows(source.shape[2:], kernel, stride, padding, dilation, size)
    return run("max_pool_input", found, [packed_copy(g), indices], windows)


def sum_pool(x: Array, kernel: Shape, stride: Shape, padding: Shape, size: Shape) -> Array:
    x = packed_copy(x)
    found = x.home.empty((*x.shape[:2], *size), x.dtype)
    return run("sum_pool", found, [x], Windows(x.shape[2:], kernel, stride, padding, (1,) * len(size), size))


def sum_pool_input(g: Array, spatial: Shape, kernel: Shape, stride: Shape, padding: Shape, size: Shape) -> Array:
    g = packed_copy(g)
    found = g.home.empty((*g.shape[:2], *spatial), g.dtype)
    return run("sum_pool_input", found, [g], Windows(spatial, kernel, stride, padding, (1,) * len(size), size))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "im2col": im2col, "col2im": col2im, "max_pool": max_pool, "max_pool_indices": max_pool_indices,
    "max_pool_input": max_pool_input, "sum_pool": sum_pool, "sum_pool_input": sum_pool_input,
}  # fmt: skip
"""For floating-point arrays."""
