"""Element-wise functions for which NumPy's own are slow: made of quick ones, in blocks that stay in the cache.

NumPy asks the C library for `fmod`, `hypot`, `logaddexp` and `nextafter`, one element after the other. What stands
here in their place is exact or rounds as they do; blocks with values for which it would not (infinite ones, NaN, very
large quotients) are found by looking at the extremes of what was computed, and given to NumPy's function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tensorplug.xp import elementwise as shared
from tensorplug_numpy import memory, parallel, reduce
from tensorplug_numpy.bits import WORDS
from tensorplug_numpy.kernels.activation import LARGE

Array = np.ndarray[Any, Any]

_SMALL = 1 << 10
"""Elements up to which NumPy's functions do."""

_BLOCK = 1 << 16
_DOUBLE, _SINGLE, _BOOL, _BYTE = np.dtype(np.float64), np.dtype(np.float32), np.dtype(bool), np.dtype(np.int8)


def blockwise(kernel: Callable[..., object], dtype: Any, *operands: Any, scratch: Sequence[Any] = ()) -> Array:
    """``kernel(*operands, out, *scratch)`` block by block, for operands that broadcast.

    Args:
        kernel: gets flat slices of the arrays among the operands, and the numbers as they are.
        dtype: of the result.
        operands: arrays and numbers, at least one array.
        scratch: dtypes of scratch arrays.

    Returns:
        A fresh array.
    """
    arrays = [x for x in operands if isinstance(x, np.ndarray)]
    shape = arrays[0].shape if len(arrays) == 1 else np.broadcast_shapes(*[x.shape for x in arrays])
    out = memory.empty(shape, np.dtype(dtype))
    full = [np.asarray(x if x.shape == shape else np.broadcast_to(x, shape), order="C") for x in arrays]
    if len(arrays) == len(operands):
        parallel.blocks(kernel, *full, out, scratch=scratch, block_elements=_BLOCK)
        return out

    def bound(*parts: Array) -> None:
        given = iter(parts)
        kernel(*[next(given) if isinstance(x, np.ndarray) else x for x in operands], *given)

    parallel.blocks(bound, *full, out, scratch=scratch, block_elements=_BLOCK)
    return out


def _is_many(dtype: Any, *operands: Any) -> bool:
    """Whether the operands are arrays of ``dtype`` (and numbers), and so many that blocks pay."""
    arrays = [x for x in operands if isinstance(x, np.ndarray)]
    return max(x.size for x in arrays) > _SMALL and all(x.dtype == dtype for x in arrays)


def _has_nan(x: Array) -> bool:
    return bool(np.isnan(reduce.maximum(x, None)))


# ---------------------------------------------------------------------------------------------------- division

# A quotient of float32 numbers, computed in float64, is rounded up to a whole number only if it is one: the distance
# to the next is over 2**-24 of it. Up to these bounds the whole part is exact, and so is its product with the divisor.

_EXACT = 2.0**28
_EXACT_SINGLE = 2.0**23


def _is_within(q: Array, bound: float) -> bool:
    return bool(reduce.maximum(q, None) < bound and reduce.minimum(q, None) > -bound)


def _remove(a: Any, b: Any, out: Array, q: Array, whole: Callable[..., object]) -> bool:
    """``a - whole(a / b) * b`` into ``out``; False where that may be inexact."""
    np.divide(a, b, out=q, dtype=_DOUBLE)
    whole(q, out=q)
    if not _is_within(q, _EXACT):
        return False
    np.multiply(q, b, out=q)
    np.subtract(a, q, out=q)
    np.copyto(out, q, casting="same_kind")
    return not _has_nan(out)


def _sign_zeros(a: Any, out: Array, mask: Array) -> None:
    """Give the zeros of ``out`` the signs of ``a``."""
    np.equal(out, 0, out=mask)
    if mask.any():
        word = WORDS[out.itemsize]
        signs = np.bitwise_and(np.asarray(a, out.dtype).view(word), np.iinfo(word).min)
        np.bitwise_or(out.view(word), np.bitwise_and(signs, np.negative(mask.view(_BYTE))), out=out.view(word))


def _fmod(a: Any, b: Any, out: Array, q: Array, mask: Array) -> None:
    if _remove(a, b, out, q, np.trunc):
        _sign_zeros(a, out, mask)
    else:
        np.fmod(a, b, out=out)


def _remainder(a: Any, b: Any, out: Array, q: Array, mask: Array) -> None:
    if _remove(a, b, out, q, np.floor):
        _sign_zeros(a, out, mask)
    else:
        out[...] = shared.remainder(np, a, b)


def _floor_divide(a: Any, b: Any, out: Array, q: Array) -> None:
    np.divide(a, b, out=q, dtype=_DOUBLE)
    np.floor(q, out=q)
    if _is_within(q, _EXACT_SINGLE) and _is_within(np.asarray(b), np.inf):
        np.copyto(out, q, casting="same_kind")
    else:
        np.floor_divide(a, b, out=out)


def _rounded(x: Any) -> Any:
    """A number as the float32 that it would be among arrays."""
    return x if isinstance(x, np.ndarray) else float(_SINGLE.type(x))


def fmod(a: Any, b: Any) -> Any:
    if not _is_many(_SINGLE, a, b):
        return shared.fmod(np, a, b)
    return blockwise(_fmod, _SINGLE, _rounded(a), _rounded(b), scratch=[_DOUBLE, _BOOL])


def remainder(a: Any, b: Any) -> Any:
    if not _is_many(_SINGLE, a, b):
        return shared.remainder(np, a, b)
    return blockwise(_remainder, _SINGLE, _rounded(a), _rounded(b), scratch=[_DOUBLE, _BOOL])


def floor_divide(a: Any, b: Any) -> Any:
    if not _is_many(_SINGLE, a, b):
        return shared.floor_divide(np, a, b)
    return blockwise(_floor_divide, _SINGLE, _rounded(a), _rounded(b), scratch=[_DOUBLE])


# ---------------------------------------------------------------------------------------------------- signs


def _sign(x: Array, out: Array, above: Array, below: Array) -> None:
    np.greater(x, 0, out=above)
    np.less(x, 0, out=below)
    difference = above.view(_BYTE)
    np.subtract(difference, below.view(_BYTE), out=difference)
    np.copyto(out, difference)


def sign(x: Array) -> Any:
    if x.size < LARGE or x.dtype.kind != "f":
        return shared.sign(np, x)
    return blockwise(_sign, x.dtype, x, scratch=[_BOOL, _BOOL])


def signbit(x: Array) -> Any:
    if x.dtype.kind in "ub":
        return np.zeros(x.shape, bool)
    return np.less(x, 0) if x.dtype.kind == "i" else np.signbit(x)


def _copysign(a: Array, b: Array, out: Array, t: Array) -> None:
    word = WORDS[out.itemsize]
    bits, signs, low = out.view(word), t.view(word), np.iinfo(word).min
    np.bitwise_and(b.view(word), low, out=signs)
    np.bitwise_and(a.view(word), ~low, out=bits)
    np.bitwise_or(bits, signs, out=bits)


def copysign(a: Any, b: Any) -> Any:
    if not (isinstance(a, np.ndarray) and a.dtype.char in "fd" and _is_many(a.dtype, a, b)):
        return np.copysign(a, b)
    if isinstance(b, np.ndarray):
        return blockwise(_copysign, a.dtype, a, b, scratch=[a.dtype])
    out = parallel.elementwise(np.absolute, memory.empty(a.shape, a.dtype), a)
    return parallel.elementwise(np.negative, out, out) if np.signbit(b) else out


def _nextafter(a: Any, b: Any, out: Array, key: Array, up: Array, down: Array) -> None:
    np.add(a, b, out=out)
    if _has_nan(out) or not np.all(a):
        np.nextafter(a, b, out=out)
        return
    # Numbers of one sign are in the order of their bits, read as integers.
    word = WORDS[out.itemsize]
    np.greater(b, a, out=up)
    np.less(b, a, out=down)
    step = up.view(_BYTE)
    np.subtract(step, down.view(_BYTE), out=step)
    bits = np.asarray(a, out.dtype).view(word)
    np.right_shift(bits, 8 * out.itemsize - 1, out=key)
    np.bitwise_or(key, 1, out=key)
    np.multiply(key, step, out=key)
    np.add(key, bits, out=out.view(word))


def nextafter(a: Any, b: Any) -> Any:
    dtype = a.dtype if isinstance(a, np.ndarray) else b.dtype
    if dtype.char not in "fd" or not _is_many(dtype, a, b):
        return np.nextafter(a, b)
    return blockwise(_nextafter, dtype, a, b, scratch=[WORDS[dtype.itemsize], _BOOL, _BOOL])


def clamp(x: Array, low: Any, high: Any) -> Any:
    limits = [v for v in (low, high) if v is not None]
    if x.size < _SMALL or x.dtype.kind not in "if" or any(isinstance(v, np.ndarray) or v != v for v in limits):
        return shared.clamp(np, x, low, high)
    least, most = (np.iinfo(x.dtype).min, np.iinfo(x.dtype).max) if x.dtype.kind == "i" else (-np.inf, np.inf)
    low, high = (least if low is None else low), (most if high is None else high)
    return parallel.elementwise(np.clip, memory.empty(x.shape, x.dtype), x, low, high)


def nan_to_num(x: Array, nan: float, posinf: float, neginf: float) -> Any:
    def kernel(x: Array, out: Array, mask: Array) -> None:
        np.isfinite(x, out=mask)
        if mask.all():
            np.copyto(out, x)
        else:
            np.copyto(out, np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf))

    return blockwise(kernel, x.dtype, x, scratch=[_BOOL])


# ---------------------------------------------------------------------------------------------------- powers


def _cube(x: Array, out: Array) -> None:
    np.multiply(x, x, out=out)
    np.multiply(out, x, out=out)


def _reciprocal_root(x: Array, out: Array) -> None:
    np.sqrt(x, out=out)
    # Not np.reciprocal, which takes twice as long.
    np.divide(1, out, out=out)


def power(a: Any, b: Any) -> Any:
    if isinstance(a, np.ndarray) and a.size >= LARGE and a.dtype.kind in "fi" and not isinstance(b, np.ndarray):
        if b == 3:
            return blockwise(_cube, a.dtype, a)
        if b == 2:
            return parallel.elementwise(np.square, memory.empty(a.shape, a.dtype), a)
    return shared.power(np, a, b)


def rsqrt(x: Array) -> Any:
    return blockwise(_reciprocal_root, x.dtype, x) if x.dtype.kind == "f" else shared.rsqrt(np, x)


# ---------------------------------------------------------------------------------------------------- lengths


def _hypot(a: Any, b: Any, out: Array, x: Array, y: Array) -> None:
    # In float64 squares of float32 numbers are exact, and none is too large.
    np.multiply(a, a, out=x, dtype=_DOUBLE)
    np.multiply(b, b, out=y, dtype=_DOUBLE)
    np.add(x, y, out=x)
    np.copyto(out, x, casting="same_kind")
    if _is_within(out, 1e38) and reduce.minimum(out, None) > 1e-30:
        np.sqrt(out, out=out)
    elif _has_nan(x):
        np.hypot(a, b, out=out)
    else:
        np.copyto(out, np.sqrt(x, out=x), casting="same_kind")


def hypot(a: Any, b: Any) -> Any:
    if not _is_many(_SINGLE, a, b):
        return np.hypot(a, b)
    return blockwise(_hypot, _SINGLE, _rounded(a), _rounded(b), scratch=[_DOUBLE, _DOUBLE])


def _logaddexp(a: Any, b: Any, out: Array, t: Array) -> None:
    np.subtract(a, b, out=t)
    np.absolute(t, out=t)
    np.negative(t, out=t)
    np.exp(t, out=t)
    np.log1p(t, out=t)
    np.maximum(a, b, out=out)
    np.add(out, t, out=out)
    if _has_nan(out):
        np.logaddexp(a, b, out=out)


def _logaddexp2(a: Any, b: Any, out: Array, t: Array) -> None:
    np.subtract(a, b, out=t)
    np.absolute(t, out=t)
    np.negative(t, out=t)
    np.exp2(t, out=t)
    np.log1p(t, out=t)
    np.multiply(t, _PER_LN2, out=t)
    np.maximum(a, b, out=out)
    np.add(out, t, out=out)
    if _has_nan(out):
        np.logaddexp2(a, b, out=out)


_PER_LN2 = float(1 / np.log(2))


def logaddexp(a: Any, b: Any) -> Any:
    dtype = a.dtype if isinstance(a, np.ndarray) else b.dtype
    if not _is_many(dtype, a, b):
        return np.logaddexp(a, b)
    return blockwise(_logaddexp, dtype, a, b, scratch=[dtype])


def logaddexp2(a: Any, b: Any) -> Any:
    dtype = a.dtype if isinstance(a, np.ndarray) else b.dtype
    if not _is_many(dtype, a, b):
        return np.logaddexp2(a, b)
    return blockwise(_logaddexp2, dtype, a, b, scratch=[dtype])


FUNCTIONS: dict[str, Any] = {
    "fmod": fmod, "remainder": remainder, "floor_divide": floor_divide, "sign": sign, "signbit": signbit,
    "copysign": copysign, "clamp": clamp, "nextafter": nextafter, "hypot": hypot, "logaddexp": logaddexp,
    "logaddexp2": logaddexp2, "nan_to_num": nan_to_num, "pow": power, "rsqrt": rsqrt,
}  # fmt: skip
