"""Running totals along a dim. Long rows are cut into pieces: first the totals of the pieces, then their running totals,
then each piece from where the one before it ends."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from tensorplug.dtypes import HALF, DType, float32, int64
from tensorplug_opencl.array import Array
from tensorplug_opencl.codes import CODES, load, store
from tensorplug_opencl.elementwise import Map, Mapped
from tensorplug_opencl.kernels.creation import counted
from tensorplug_opencl.kernels.movement import cast, clone

_LONG = 4096
_ENOUGH = 64  # rows that keep a device busy
_PIECES = 256

_NUMBERS = ("length", "count", "step", "out_step")


@cache
def _scanner(dtype: DType, product: bool, writes: bool) -> Mapped:
    """One work-item for a piece ``b`` of a row m1; m3 holds what the pieces up to this one come to, for the next.

    Without ``writes`` the result is the total of the piece, otherwise a running total for each element.
    """
    code = CODES[dtype]
    combine = "x + y" if not product else "complex_mul(x, y)" if dtype.is_complex else "x * y"
    one = f"({code.value})({int(product)}, 0)" if dtype.is_complex else f"({code.value}){int(product)}"
    start = f"b == 0 ? {one} : {load(dtype, 'm3', 'p3 - 1')}" if writes else one
    keep = f"{store(dtype, 'm0', 'p0 + (I)(k * out_step)', 'x')};" if writes else ""
    text = (
        f"T x = {start}; const long end = min((b + 1) * length, count); "
        f"for (long k = b * length; k < end; k++) {{ "
        f"const T y = {load(dtype, 'm1', 'p1 + (I)(k * step)')}; x = {combine}; {keep} }}"
    )
    operands = (dtype, int64, *([dtype] if writes else []), *[None] * 4)
    raw = (0, 2) if writes else (0,)
    return Mapped(Map(dtype, () if writes else ("x",), (dtype,), operands, (int64,) * 4, None, text, raw, _NUMBERS))


def _scan(x: Array, dim: int, product: bool) -> Array:
    if not x.shape:
        return clone(x)
    home = x.home
    found = home.empty(x.shape, x.dtype)
    count = x.shape[dim]
    if found.size == 0:
        return found
    rows = found.size // count
    pieces = 1 if rows >= _ENOUGH or count < _LONG else min(_PIECES, count // (_LONG // 16))
    length = -(-count // pieces)
    pieces = -(-count // length)
    others = tuple([n for d, n in enumerate(x.shape) if d != dim])
    shape = (*others, pieces)
    source, target = (a.seen_as(shape, (*[s for d, s in enumerate(a.strides) if d != dim], 0)) for a in (x, found))
    numbers = counted(home, 0, 1, pieces, int64)
    numbers = numbers.seen_as(shape, (*[0] * len(others), 1))
    parameters = (length, count, x.strides[dim], found.strides[dim])
    before = home.empty(shape, x.dtype)
    if pieces > 1:
        (totals,) = _scanner(x.dtype, product, False)((source, numbers), parameters)
        before = _scan(totals, len(others), product)
    _scanner(x.dtype, product, True).into((target,), (source, numbers, before), parameters)
    return found


def _along(x: Array, dim: int, product: bool) -> Array:
    if x.dtype in HALF:
        return cast(_scan(cast(x, float32), dim, product), x.dtype)
    return _scan(x, dim, product)


def cumsum(x: Array, dim: int) -> Array:
    return _along(x, dim, False)


def cumprod(x: Array, dim: int) -> Array:
    return _along(x, dim, True)


FUNCTIONS: dict[str, Callable[..., Any]] = {"cumsum": cumsum, "cumprod": cumprod}
