"""The random stream as ``docs/random_numbers.md`` defines it, by NumPy's own Philox generator."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import HALVES, Array

_DIGITS = {"float64": 53, "float32": 24, "float16": 11, "bfloat16": 8}


def words(n: int, seed: int, block: int = 0) -> Array:
    """The first ``n`` 64-bit words of the stream of ``seed``, from a block on."""
    # NumPy adds one to the counter before each block.
    generator = np.random.Philox(key=seed, counter=(block - 1) % 2**256)
    return np.asarray(generator.random_raw(n), np.uint64) if n else np.empty(0, np.uint64)


def _pieces(n: int, seed: int, dtype: str, block: int) -> Array:
    """``n`` words for float64, otherwise halves of words, the low half first."""
    if dtype == "float64":
        return words(n, seed, block)
    return words(-(-n // 2), seed, block).view(np.uint32)[:n]


def blocks(n: int, dtype: str) -> int:
    """How many blocks a draw of ``n`` numbers takes."""
    return -(-n // (4 if dtype == "float64" else 8))


def uniform(shape: tuple[int, ...], seed: int, dtype: str, block: int = 0) -> Array:
    """Uniform numbers in [0, 1) as float64, from a block on; each is exact in ``dtype``."""
    width = 64 if dtype == "float64" else 32
    digits = _DIGITS[dtype]
    bits = _pieces(math.prod(shape), seed, dtype, block) >> (width - digits)
    return (bits.astype(np.float64) * 2.0**-digits).reshape(shape)


def normal(shape: tuple[int, ...], seed: int, dtype: str, block: int = 0) -> Array:
    """Normal numbers by the transform of Box and Muller, from numbers rounded as a device rounds them."""
    count = math.prod(shape)
    real: Any = np.float64 if dtype == "float64" else np.float32
    width = 64 if dtype == "float64" else 32
    pieces = _pieces(count + count % 2, seed, dtype, block)
    u = pieces[0::2].astype(real) * real(2.0**-width) + real(2.0 ** -(width + 1))
    angle = pieces.view(f"int{width}")[1::2].astype(real) * real(math.pi * 2.0 ** (1 - width))
    radius = np.sqrt(-2 * np.log(u.astype(np.float64)))
    found = np.stack([radius * np.cos(angle.astype(np.float64)), radius * np.sin(angle.astype(np.float64))], 1)
    values = found.reshape(-1)[:count].reshape(shape)
    # The half-precision numbers are those of float32, rounded.
    return values.astype(np.float32).astype(np.float64) if dtype in HALVES else values


def integers(shape: tuple[int, ...], seed: int, low: int, high: int) -> Array:
    """Whole numbers in [low, high)."""
    drawn = words(math.prod(shape), seed)
    span = high - low
    found = drawn % np.uint64(span) if span < 2**64 else drawn
    return (found + np.uint64(low % 2**64)).view(np.int64).reshape(shape)
