"""Random draws for NumPy-like libraries: values that depend on key, offset and element index alone.

Every draw starts at a counter block and takes whole blocks, so a generator is two numbers: its key (the seed)
and the next unused block. ``blocks_for`` says how far a draw moves the second. Uniforms and integers are the
same on every device, bit for bit; normals agree to the rounding of log, sqrt, sin and cos. The exact
definition is in ``docs/random_numbers.md``.

The draws take a ``words`` argument: a backend with a faster Philox kernel of its own passes it there.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy

from tensorplug import dtypes
from tensorplug.xp import philox

# Called as words(xp, n, key, offset); the draw overwrites the array that comes back.
Words = Callable[[Any, int, int, int], Any]


class _Float(NamedTuple):
    width: int  # bits of the stream that one value takes, and of the floats it is computed in
    digits: int  # random bits of a uniform: the significant bits of the dtype


_FLOATS = {
    "float64": _Float(64, 53),
    "float32": _Float(32, 24),
    "float16": _Float(32, 11),
    "bfloat16": _Float(32, 8),
}
_WIDTHS = {name: kind.width for name, kind in _FLOATS.items()} | {"int64": 64, "uint64": 64, "uint32": 32}
_BLOCK_BITS = 64 * philox.WORDS_PER_BLOCK

# Values worked on at a time: for NumPy so many that they and the scratch stay in the level 2 cache, elsewhere
# enough to keep a device busy without much scratch. Both are whole blocks.
_STEP_NUMPY = 2**15
_STEP = 2**24


def blocks_for(dtype_name: str, n: int) -> int:
    """How many counter blocks a draw of ``n`` values uses: the amount by which a generator's offset grows.

    Args:
        dtype_name: the dtype of the values: "float64", "int64" and "uint64" take four values from a block;
            "float32", "float16", "bfloat16" and "uint32" take eight. Uniforms and normals use equally many.
        n: how many values.

    Returns:
        The number of blocks; a block that is used in part counts.

    Raises:
        KeyError: for a dtype that no draw returns.

    Example:
        >>> blocks_for("float32", 8), blocks_for("float32", 9), blocks_for("float64", 9)
        (1, 2, 3)
    """
    return -(-n * _WIDTHS[dtype_name] // _BLOCK_BITS)


def random_bits(xp: Any, n: int, key: int, offset: int, dtype_name: str = "uint64", words: Words = philox.words) -> Any:
    """Random words: the raw stream, or its 32-bit halves, the low half of each word first.

    Args:
        xp: NumPy, CuPy or a library like them, on a little-endian device.
        n: how many values.
        key: the seed, from 0 to 2**128 - 1; the framework uses the low 64 bits.
        offset: the counter block to start at, not negative.
        dtype_name: "uint64" or "uint32".
        words: the source of the 64-bit words; ``words(xp, n, key, offset)`` returns a fresh array.

    Returns:
        A fresh array of shape (n,).

    Example:
        >>> import numpy as np
        >>> [hex(bits) for bits in random_bits(np, 3, key=0, offset=0, dtype_name="uint32")]
        ['0xca36314c', '0x16554d9e', '0x672d0fdc']
    """
    if dtype_name == "uint64":
        return words(xp, n, key, offset)
    return words(xp, -(-n // 2), key, offset).view(xp.uint32)[:n]


def uniform(
    xp: Any, shape: tuple[int, ...], dtype_name: str, key: int, offset: int, words: Words = philox.words
) -> Any:
    """Uniform numbers from 0 up to, but never, 1: the top bits of pieces of the stream times a power of two.

    A value has 53 (float64), 24 (float32), 11 (float16) or 8 (bfloat16) random bits: as many as are exact.

    Args:
        xp: NumPy, CuPy or a library like them.
        shape: the result's shape; the stream fills it in C order.
        dtype_name: "float64", "float32", "float16" or "bfloat16".
        key: as for ``random_bits``.
        offset: as for ``random_bits``.
        words: as for ``random_bits``.

    Returns:
        A fresh array, equal to the bit on every device.

    Raises:
        KeyError: for another dtype.

    Example:
        >>> import numpy as np
        >>> [float(value) for value in uniform(np, (3,), "float16", key=0, offset=0)]
        [0.78955078125, 0.0869140625, 0.40283203125]
    """
    width, digits = _FLOATS[dtype_name]

    def write(bits: Any, part: Any) -> None:
        xp.right_shift(bits, width - digits, out=bits)
        # The top bit is clear now, and signed integers convert to floats twice as fast as unsigned ones.
        values = bits.view(f"int{width}").astype(f"float{width}")
        values *= 2.0**-digits
        part[...] = values[: part.shape[0]]

    return _draw(xp, shape, dtype_name, key, offset, words, write)


def normal(xp: Any, shape: tuple[int, ...], dtype_name: str, key: int, offset: int, words: Words = philox.words) -> Any:
    """Standard normal numbers by the transform of Box and Muller (1958), two from two pieces of the stream.

    float64 is computed in float64; float32, float16 and bfloat16 in float32, the last two then rounded.

    Args:
        xp: NumPy, CuPy or a library like them.
        shape: the result's shape; the stream fills it in C order.
        dtype_name: "float64", "float32", "float16" or "bfloat16".
        key: as for ``random_bits``.
        offset: as for ``random_bits``.
        words: as for ``random_bits``.

    Returns:
        A fresh array. Two devices differ by at most 18 units in the last place: 2.2e-6 of a float32 value,
        4e-15 of a float64 value.

    Raises:
        KeyError: for another dtype.

    Example:
        >>> import numpy as np
        >>> normal(np, (3,), "float64", key=0, offset=0).round(6).tolist()
        [1.364342, -1.736887, -0.583238]
    """
    width = _FLOATS[dtype_name].width
    real = f"float{width}"

    def write(bits: Any, part: Any) -> None:
        radius = bits[0::2].astype(real)
        radius *= 2.0**-width
        radius += 2.0 ** -(width + 1)  # never zero, so the logarithm is finite
        xp.log(radius, out=radius)
        radius *= -2.0
        xp.sqrt(radius, out=radius)
        angle = bits.view(f"int{width}")[1::2].astype(real)
        angle *= math.pi * 2.0 ** (1 - width)
        cosine = xp.cos(angle)
        cosine *= radius
        part[0::2] = cosine
        sine = xp.sin(angle, out=angle)
        sine *= radius
        part[1::2] = sine[: part.shape[0] // 2]

    return _draw(xp, shape, dtype_name, key, offset, words, write)


def integers(
    xp: Any, shape: tuple[int, ...], low: int, high: int, key: int, offset: int, words: Words = philox.words
) -> Any:
    """Random integers from ``low`` up to, but never, ``high``: ``low + word % (high - low)``.

    Each value's probability differs from ``1 / (high - low)`` by less than 2**-64.

    Args:
        xp: NumPy, CuPy or a library like them.
        shape: the result's shape; the stream fills it in C order.
        low: the smallest value, from -2**63.
        high: one more than the largest value, up to 2**63.
        key: as for ``random_bits``.
        offset: as for ``random_bits``.
        words: as for ``random_bits``.

    Returns:
        A fresh int64 array, equal on every device.

    Raises:
        ValueError: if there is no integer to choose, or one that int64 cannot hold.

    Example:
        >>> import numpy as np
        >>> integers(np, (2, 2), -10, 10, key=0, offset=0).tolist()
        [[-2, -10], [5, 5]]
    """
    if not -(2**63) <= low < high <= 2**63:
        raise ValueError(f"integers: expected -2**63 <= low < high <= 2**63, got low={low} and high={high}")
    span = high - low

    def write(bits: Any, part: Any) -> None:
        if span < 2**64:
            # By way of the quotient: NumPy divides by one number faster than it takes remainders.
            bits -= bits // xp.uint64(span) * xp.uint64(span)
        bits += xp.uint64(low % 2**64)
        part[...] = bits.view("int64")[: part.shape[0]]

    return _draw(xp, shape, "int64", key, offset, words, write)


def _draw(
    xp: Any,
    shape: tuple[int, ...],
    dtype_name: str,
    key: int,
    offset: int,
    words: Words,
    write: Callable[[Any, Any], None],
) -> Any:
    """Fills a new array part by part; ``write(bits, part)`` gets the pieces of the stream in whole pairs."""
    n = math.prod(shape)
    out = xp.empty(n, dtype=dtypes.by_name(dtype_name).numpy)
    width = _WIDTHS[dtype_name]
    step = _STEP_NUMPY if xp is numpy else _STEP
    for start in range(0, n, step):
        part = out[start : start + step]
        pieces = part.shape[0] + part.shape[0] % 2
        block = offset + start * width // _BLOCK_BITS
        write(random_bits(xp, pieces, key, block, f"uint{width}", words), part)
    return out.reshape(shape)
