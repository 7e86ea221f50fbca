"""Reading and writing by index, and the places of what is not zero."""

from __future__ import annotations

import functools
from collections.abc import Callable
from functools import cache
from typing import Any

from tensorplug.dtypes import HALF, DType, bool_, float32, int64
from tensorplug.errors import index_out_of_range
from tensorplug.shapes import Shape
from tensorplug_opencl.array import Array, reshaped
from tensorplug_opencl.codes import load, store
from tensorplug_opencl.elementwise import Map, Mapped
from tensorplug_opencl.kernels.movement import cast, clone, contiguous
from tensorplug_opencl.kernels.scan import cumsum
from tensorplug_opencl.runtime import Runtime

_BLOCK = 256  # elements that one work-item counts


def _refusal(dim: int, size: int) -> Callable[[int], Exception]:
    return functools.partial(_out_of_range, dim, size)


def _out_of_range(dim: int, size: int, index: int) -> Exception:
    return index_out_of_range(index, dim, size)


def _without(strides: Shape, dim: int) -> Shape:
    """Strides that stay in place along ``dim``."""
    return (*strides[:dim], 0, *strides[dim + 1 :])


# ---------------------------------------------------------------------------------------------------- reading


@cache
def _reader(dtype: DType, index: DType) -> Mapped:
    value = load(dtype, "m2", "p2 + (I)a * (I)step")
    check = ("a < 0 || a >= size", "a")
    operands = (index, dtype, None, None)
    return Mapped(Map(dtype, (value,), (dtype,), operands, (int64, int64), check, raw=(1,), names=("size", "step")))


def _read(x: Array, places: Array, rest: Array, step: int, size: int, dim: int) -> Array:
    """Elements of ``rest``, moved by ``places`` steps; both are of the result's shape."""
    return _reader(x.dtype, places.dtype)((places, rest), (size, step), _refusal(dim, size))[0]


def gather(x: Array, index: Array, dim: int) -> Array:
    if not x.shape:
        return _read(x, index, x.seen_as(index.shape, (0,) * index.ndim), 0, 1, dim)
    rest = x.seen_as(index.shape, _without(x.strides, dim)[: index.ndim])
    return _read(x, index, rest, x.strides[dim] if index.shape else 0, x.shape[dim], dim)


def index_select(x: Array, index: Array, dim: int) -> Array:
    if not x.shape:
        return _read(x, reshaped(contiguous(index), ()), x, 0, 1, dim)
    shape = (*x.shape[:dim], index.size, *x.shape[dim + 1 :])
    along = index.strides[0] if index.shape else 0
    places = index.seen_as(shape, tuple([along if d == dim else 0 for d in range(len(shape))]))
    return _read(x, places, x.seen_as(shape, _without(x.strides, dim)), x.strides[dim], x.shape[dim], dim)


# ---------------------------------------------------------------------------------------------------- writing

_COMBINED: dict[str | None, str] = {
    None: "y", "sum": "x + y", "prod": "x * y", "amax": "x > y || x != x ? x : y", "amin": "x < y || x != x ? x : y",
}  # fmt: skip


_WRITER_NUMBERS = ("count", "size", "index_step", "source_step", "step")


@cache
def _writer(dtype: DType, index: DType, reduce: str | None) -> Mapped:
    """One work-item for all places along the dim, in their order: right without atomic operations, for every dtype."""
    text = (
        f"for (long j = 0; j < count; j++) {{ const long i = {load(index, 'm1', 'p1 + (I)(j * index_step)')}; "
        "if (i < 0 || i >= size) { report[1] = i; report[0] = 1; return; } "
        f"const I q = p0 + (I)(i * step); const T x = {load(dtype, 'm0', 'q')}; "
        f"const T y = {load(dtype, 'm2', 'p2 + (I)(j * source_step)')}; "
        f"{store(dtype, 'm0', 'q', _combined(dtype, reduce))}; }}"
    )
    operands = (index, dtype, *[None] * len(_WRITER_NUMBERS))
    numbers = (int64,) * len(_WRITER_NUMBERS)
    return Mapped(Map(dtype, (), (dtype,), operands, numbers, ("", ""), text, (0, 1), _WRITER_NUMBERS))


def _combined(dtype: DType, reduce: str | None) -> str:
    if dtype is bool_ and reduce == "sum":
        return "x | y"
    return "complex_mul(x, y)" if dtype.is_complex and reduce == "prod" else _COMBINED[reduce]


def scatter_src(x: Array, index: Array, src: Array, dim: int, reduce: str | None) -> Array:
    if x.dtype in HALF and reduce in ("sum", "prod"):
        return cast(scatter_src(cast(x, float32), index, cast(src, float32), dim, reduce), x.dtype)
    found = clone(x)
    if index.size == 0:
        return found
    if not x.shape or not index.shape:
        _write(found, index, src, (), 0, index.size, reduce, 1, dim)
        return found
    _write(found, index, src, index.shape, dim, index.shape[dim], reduce, x.shape[dim], dim)
    return found


def _write(
    found: Array,
    index: Array,
    src: Array,
    shape: Shape,
    dim: int,
    count: int,
    reduce: str | None,
    size: int,
    named: int,
) -> None:
    others = tuple([n for d, n in enumerate(shape) if d != dim])
    rest = [a.seen_as(others, _others(a, len(shape), dim)) for a in (found, index, src)]
    numbers = (count, size, _step(index, dim), _step(src, dim), _step(found, dim))
    _writer(found.dtype, index.dtype, reduce).into(rest[:1], rest[1:], numbers, _refusal(named, size))


def _step(x: Array, dim: int) -> int:
    return x.strides[dim] if x.shape else 0


def _others(x: Array, rank: int, dim: int) -> Shape:
    """Strides along all dims but ``dim``."""
    return tuple([s for d, s in enumerate(x.strides) if d != dim]) if rank else ()


# ---------------------------------------------------------------------------------------------------- what is not zero


def _holds(dtype: DType) -> str:
    element = load(dtype, "m1", "k")
    return f"any({element} != 0)" if dtype.is_complex else f"{element} != 0"


_EACH = f"const I end = min((I)((at + 1) * {_BLOCK}), (I)total); for (I k = at * {_BLOCK}; k < end; k++)"


@cache
def _counter(dtype: DType) -> Mapped:
    text = f"long n = 0; {_EACH} n += {_holds(dtype)};"
    return Mapped(Map(dtype, ("n",), (int64,), (dtype, None), (int64,), before=text, raw=(0,), names=("total",)))


@cache
def _lister(dtype: DType, rank: int) -> Mapped:
    names = ("total", *[f"size{d}" for d in range(rank)])
    write = "".join(f"m0[row * {rank} + {d}] = place % size{d}; place /= size{d}; " for d in range(rank - 1, -1, -1))
    text = f"long row = at == 0 ? 0 : m2[at - 1]; {_EACH} if ({_holds(dtype)}) {{ long place = k; {write}row++; }}"
    operands = (dtype, int64, *[None] * len(names))
    return Mapped(Map(dtype, (), (int64,), operands, (int64,) * len(names), before=text, raw=(0, 1), names=names))


def nonzero_rows(x: Array) -> Array:
    home: Runtime = x.home
    total = x.size
    if total == 0:
        return home.empty((0, x.ndim), int64)
    x = contiguous(x)
    blocks = -(-total // _BLOCK)
    flat = x.seen_as((blocks,), (0,), 0)
    if x.start:
        flat = clone(x).seen_as((blocks,), (0,), 0)
    counts = home.empty((blocks,), int64)
    _counter(x.dtype).into((counts,), (flat,), (total,))
    ends = cumsum(counts, 0)
    count = int(home.read(ends.seen_as((1,), (1,), blocks - 1))[0])
    found = home.empty((count, x.ndim), int64)
    if count and x.ndim:
        target = found.seen_as((blocks,), (0,))
        _lister(x.dtype, x.ndim).into((target,), (flat, ends.seen_as((blocks,), (0,))), (total, *x.shape))
    return found


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "gather": gather, "index_select": index_select, "scatter_src": scatter_src, "scatter_combine": scatter_src,
    "nonzero_rows": nonzero_rows,
}  # fmt: skip
