"""What fills the inputs: ranges of numbers, the special ones of each dtype, ties, masks, indices."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import ml_dtypes
import numpy as np

from tensorplug_conformance.dtypes import Array, host, is_complex, is_float, is_whole, real_part


class Values(NamedTuple):
    """How the elements of an input are chosen.

    Attributes:
        kind: the name of a function in ``_MAKERS``.
        low, high: the range, where the kind has one.
        items: the values themselves, where they are given.
        smooth: whether gradients may be compared with finite differences there.
    """

    kind: str
    low: float = 0.0
    high: float = 0.0
    items: tuple[Any, ...] = ()
    smooth: bool = True


def uniform(low: float = -2.0, high: float = 2.0) -> Values:
    """Random numbers from ``low`` to ``high``; integers include both ends, unsigned ones start at 0."""
    return Values("uniform", low, high)


def away_from_zero(low: float = 0.5, high: float = 3.0) -> Values:
    """Random numbers of both signs whose size is from ``low`` to ``high``."""
    return Values("away_from_zero", low, high)


def fractional(low: int, high: int) -> Values:
    """Random numbers from ``low`` to ``high`` that are not close to whole ones; integers as they come."""
    return Values("fractional", low, high)


def items(*given: Any) -> Values:
    """Just these numbers, repeated as often as needed, without those that the dtype does not have."""
    return Values("items", items=given, smooth=False)


def index(size: int) -> Values:
    """Random indices from 0 to ``size - 1``."""
    return Values("index", 0, size - 1)


def unique_index(size: int) -> Values:
    """Different indices from 0 to ``size - 1``, in random order along the last dim."""
    return Values("unique_index", 0, size)


SPECIAL = Values("special", smooth=False)
"""Every number that is special to the dtype: zeros of both signs, infinities, NaN, denormals, extremes, halves."""

FINITE = Values("finite", smooth=False)
"""The special numbers without infinities and NaN."""

NONZERO = Values("nonzero", smooth=False)
"""The special numbers without zeros."""

TIES = Values("ties", smooth=False)
"""Whole numbers from 0 to 3, so that many are equal."""

TIES_AND_NAN = Values("ties_and_nan", smooth=False)
"""Ties with a few NaN and infinities among them, where the dtype has these."""

DISTINCT = Values("distinct")
"""Numbers that are all different and not close, in random order."""

REGULAR = Values("regular")
"""Matrices of full rank whose eigenvalues and singular values lie apart; other shapes: random numbers."""

MASK = Values("mask")
"""Random bools."""

NORMAL = Values("normal")
"""Normal numbers; small integers."""

PROBABILITY = Values("uniform", 0.05, 0.95)
"""Numbers between 0 and 1, away from both."""

_FLOATS = (
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 3.5, 2.0, -2.0, 3.0, -3.0, 0.1, -0.1, math.pi, -math.pi,
    10.0, -10.0, 100.0, -100.0, 1e4, -1e4, math.inf, -math.inf, math.nan,
)  # fmt: skip
_COMPLEX = (0, 1, -1, 1j, -1j, 1 + 2j, -3 + 0.5j, 0.25 - 0.75j, -1.5 - 2j, 2.5 + 0.5j)


def special_values(dtype: str) -> Array:
    """Every number that is special to ``dtype``.

    Example:
        >>> special_values("int8").tolist()
        [0, 1, 2, 3, 7, -1, -2, -3, 126, 127, -127, -128]
    """
    if dtype == "bool":
        return np.array([False, True])
    if is_complex(dtype):
        return np.array(_COMPLEX, host(dtype))
    if is_whole(dtype):
        info = np.iinfo(host(dtype))
        signed = [-1, -2, -3] if info.min else []
        ends = [info.max - 1, info.max, *([info.min + 1, info.min] if info.min else [])]
        return np.array([0, 1, 2, 3, 7, *signed, *ends], host(dtype))
    return np.array([*_FLOATS, *_edges(dtype)], np.float64).astype(host(dtype))


def _edges(dtype: str) -> list[float]:
    """The ends of a floating-point dtype's range, its denormals, and the neighbours of 1."""
    info = ml_dtypes.finfo(host(dtype))
    smallest, normal = float(info.smallest_subnormal), float(info.smallest_normal)
    largest, eps = float(info.max), float(info.eps)
    return [
        smallest, -smallest, normal - smallest, smallest - normal, normal, -normal, largest, -largest, 1 + eps,
        1 - eps / 2, math.sqrt(largest), math.sqrt(normal),
    ]  # fmt: skip


def make(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    """An array of ``shape`` and ``dtype`` with such values."""
    return _MAKERS[values.kind](values, shape, dtype, rng)


def _cycled(pool: Array, shape: tuple[int, ...], dtype: str) -> Array:
    count = math.prod(shape)
    if count and not len(pool):
        raise ValueError(f"no value of these exists in {dtype}")
    with np.errstate(over="ignore"):
        return np.resize(pool, count).reshape(shape).astype(host(dtype), copy=False)


def _range(low: float, high: float, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    if dtype == "bool":
        return rng.integers(0, 2, shape).astype(bool)
    if is_whole(dtype):
        info = np.iinfo(host(dtype))
        first, last = max(math.ceil(low), info.min), min(math.floor(high), info.max)
        return (
            rng.integers(first, last, shape, host(dtype), endpoint=True)
            if first < last
            else np.full(shape, first, host(dtype))
        )
    found = rng.uniform(low, high, shape)
    if is_complex(dtype):
        found = found + 1j * rng.uniform(low, high, shape)
    return np.asarray(found).astype(host(dtype))


def _uniform(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    return _range(values.low, values.high, shape, dtype, rng)


def _away_from_zero(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    if dtype == "bool":
        return np.ones(shape, bool)
    found = _range(values.low, values.high, shape, dtype, rng)
    signs = np.where(rng.integers(0, 2, shape) > 0, 1, -1)
    signed = is_float(dtype) or is_complex(dtype) or np.iinfo(host(dtype)).min < 0
    found = np.where(found == 0, 1, found)
    return np.asarray(found * signs if signed else found).astype(host(dtype))


def _fractional(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    found = rng.integers(int(values.low), int(values.high), shape)
    return np.asarray(found + rng.uniform(0.1, 0.9, shape) if is_float(dtype) else np.maximum(found, 0)).astype(
        host(dtype)
    )


def _items(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    return _cycled(np.array([v for v in values.items if _has(dtype, v)]), shape, dtype)


def _has(dtype: str, value: Any) -> bool:
    if is_complex(dtype) or dtype == "bool":
        return True
    if is_float(dtype):
        return not isinstance(value, complex)
    info = np.iinfo(host(dtype))
    return (
        not isinstance(value, complex)
        and math.isfinite(value)
        and info.min <= value <= info.max
        and value == int(value)
    )


def _special(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    return _cycled(special_values(dtype), shape, dtype)


def _finite(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    pool = special_values(dtype)
    return _cycled(pool[np.isfinite(pool.astype(np.complex128))], shape, dtype)


def _nonzero(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    pool = special_values(dtype)
    return _cycled(pool[pool != 0], shape, dtype)


def _index(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    return rng.integers(0, int(values.high), shape, endpoint=True).astype(host(dtype))


def _unique_index(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    rows = math.prod(shape[:-1])
    found = [rng.permutation(int(values.high))[: shape[-1]] for _ in range(rows)]
    return np.array(found, host(dtype)).reshape(shape)


def _ties(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    return rng.integers(0, 4, shape).astype(host(dtype))


def _ties_and_nan(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    found = _ties(values, shape, dtype, rng)
    if is_float(real_part(dtype)) and found.size:
        odd = np.array([np.nan, np.inf, -np.inf, -0.0])
        places = rng.integers(0, found.size, max(1, found.size // 6))
        found.reshape(-1)[places] = odd[rng.integers(0, 4, len(places))].astype(host(dtype))
    return found


def _distinct(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    count = math.prod(shape)
    order = np.asarray(rng.permutation(count))
    if dtype == "bool":
        return (order % 2).astype(bool).reshape(shape)
    if is_whole(dtype):
        return order.astype(host(dtype)).reshape(shape)
    return ((order - count // 2) * 0.5 + 0.25).astype(host(dtype)).reshape(shape)


def _mask(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    return rng.integers(0, 2, shape).astype(host(dtype))


def _normal(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    if dtype == "bool" or is_whole(dtype):
        return _range(-5, 5, shape, dtype, rng)
    found = rng.standard_normal(shape)
    if is_complex(dtype):
        found = found + 1j * rng.standard_normal(shape)
    return np.asarray(found).astype(host(dtype))


def _regular(values: Values, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    found = _range(-0.4, 0.4, shape, dtype, rng)
    if len(shape) < 2 or not found.size:
        return found
    places = np.arange(min(shape[-2:]))
    found[..., places, places] += (places + 2).astype(found.dtype)
    return found


_MAKERS = {
    "uniform": _uniform, "away_from_zero": _away_from_zero, "fractional": _fractional, "items": _items, "index": _index,
    "unique_index": _unique_index, "special": _special, "finite": _finite, "nonzero": _nonzero, "ties": _ties,
    "ties_and_nan": _ties_and_nan, "distinct": _distinct, "mask": _mask, "normal": _normal,
    "regular": _regular,
}  # fmt: skip
