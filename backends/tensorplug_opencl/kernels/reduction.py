"""Many elements to one: what is folded, in which type, and how two of them combine."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from tensorplug.dtypes import COMPLEX, FLOAT, DType, int64
from tensorplug_opencl.array import Array
from tensorplug_opencl.codes import CODES
from tensorplug_opencl.conversions import conversion
from tensorplug_opencl.reduction import Fold, fold

Dims = tuple[int, ...]

_LARGER = "x > y || x != x ? x : y"
_SMALLER = "x < y || x != x ? x : y"
_PAIR = """typedef struct { T value; long place; } P;
inline P pair(T value, long place) { P p; p.value = value; p.place = place; return p; }
"""


@cache
def _sum(source: DType, target: DType) -> Fold:
    zero = f"({CODES[target].value})(0)"
    return Fold(source, target, CODES[target].value, zero, conversion(source, target), "x + y")


def sum_(x: Array, dim: Dims, keepdim: bool, dtype: DType) -> Array:
    return fold(_sum(x.dtype, dtype), (x,), dim, keepdim)


@cache
def _mean(dtype: DType) -> Fold:
    value = CODES[dtype].value
    return Fold(dtype, dtype, value, f"({value})(0)", "a", "x + y", "x / (R)g.row")


def mean(x: Array, dim: Dims, keepdim: bool) -> Array:
    return fold(_mean(x.dtype), (x,), dim, keepdim)


@cache
def _product(source: DType, target: DType) -> Fold:
    value = CODES[target].value
    if target.category == COMPLEX:
        return Fold(source, target, value, f"({value})(1, 0)", conversion(source, target), "complex_mul(x, y)")
    return Fold(source, target, value, "1", conversion(source, target), "x * y")


def prod_dims(x: Array, dim: Dims, keepdim: bool, dtype: DType) -> Array:
    return fold(_product(x.dtype, dtype), (x,), dim, keepdim)


@cache
def _extreme(dtype: DType, largest: bool) -> Fold:
    if dtype.category == FLOAT:
        combine = _LARGER if largest else _SMALLER
    else:
        combine = "x > y ? x : y" if largest else "x < y ? x : y"
    return Fold(dtype, dtype, CODES[dtype].value, "LOWEST" if largest else "HIGHEST", "a", combine)


def amax(x: Array, dim: Dims, keepdim: bool) -> Array:
    return fold(_extreme(x.dtype, True), (x,), dim, keepdim)


def amin(x: Array, dim: Dims, keepdim: bool) -> Array:
    return fold(_extreme(x.dtype, False), (x,), dim, keepdim)


@cache
def _place(dtype: DType, largest: bool) -> Fold:
    """The place of the extreme: NaN wins, and of equals the first; a place of -1 is none yet."""
    sign = ">" if largest else "<"
    nan = "y.value != y.value" if dtype.category == FLOAT else "0"
    own_nan = "x.value != x.value" if dtype.category == FLOAT else "0"
    better = f"(({own_nan}) ? ({nan}) && y.place < x.place : ({nan}) || y.value {sign} x.value)"
    tie = "(y.value == x.value && y.place < x.place)"
    combine = f"x.place < 0 || (y.place >= 0 && ({better} || {tie})) ? y : x"
    return Fold(dtype, int64, "P", "pair(0, -1)", "pair(a, k)", combine, "x.place", _PAIR)


def argmax_dim(x: Array, dim: int, keepdim: bool) -> Array:
    return _place_along(x, dim, keepdim, True)


def argmin_dim(x: Array, dim: int, keepdim: bool) -> Array:
    return _place_along(x, dim, keepdim, False)


def _place_along(x: Array, dim: int, keepdim: bool, largest: bool) -> Array:
    if not x.shape:
        return fold(_place(x.dtype, largest), (x,), (), keepdim)
    return fold(_place(x.dtype, largest), (x,), (dim,), keepdim)


@cache
def _quantifier(dtype: DType, every: bool) -> Fold:
    holds = "a.x != 0 || a.y != 0" if dtype.category == COMPLEX else "a != 0"
    return Fold(dtype, dtype, "uchar", "1" if every else "0", holds, "x & y" if every else "x | y")


def all_dims(x: Array, dim: Dims, keepdim: bool) -> Array:
    return fold(_quantifier(x.dtype, True), (x,), dim, keepdim)


def any_dims(x: Array, dim: Dims, keepdim: bool) -> Array:
    return fold(_quantifier(x.dtype, False), (x,), dim, keepdim)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sum": sum_, "mean": mean, "prod_dims": prod_dims, "amax": amax, "amin": amin, "argmax_dim": argmax_dim,
    "argmin_dim": argmin_dim, "all_dims": all_dims, "any_dims": any_dims,
}  # fmt: skip
