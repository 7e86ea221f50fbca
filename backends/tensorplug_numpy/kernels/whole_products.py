"""Products of matrices of whole numbers by BLAS, which multiplies floating-point numbers only.

Float64 holds whole numbers below 2**53 exactly, so a product whose sums stay below that is exact in it. Larger
numbers are cut into digits small enough for that; the products of digits are put together in integers, which wrap
around as they would have all the way.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tensorplug_numpy import reduce

Array = np.ndarray[Any, Any]

_WORTH = 1 << 18
"""Multiplications from which conversion and BLAS are quicker."""

_EXACT_BITS = 53
_WIDTH = 64


def pays(a: Array, b: Array) -> bool:
    """Whether two stacks of matrices are worth it."""
    if a.ndim < 2 or b.ndim < 2 or not a.size or not b.size or a.dtype.kind not in "iu":
        return False
    rows, columns = a.shape[-2], b.shape[-1]
    return min(rows, columns) >= 4 and a.size * columns >= _WORTH


def _bits(x: Array) -> int:
    """The bits of the largest number, without its sign."""
    return max(int(reduce.maximum(x, None)).bit_length(), (-int(reduce.minimum(x, None)) - 1).bit_length(), 1)


def _digits(x: Array, bits: int, width: int) -> list[Array]:
    """Digits of ``width`` bits, the last of them with the sign, as float64."""
    if bits <= width:
        return [x.astype(np.float64)]
    count = math.ceil(bits / width)
    low = [((x >> (width * i)) & ((1 << width) - 1)).astype(np.float64) for i in range(count - 1)]
    return [*low, (x >> (width * (count - 1))).astype(np.float64)]


def multiply(a: Array, b: Array) -> Array:
    """``np.matmul(a, b)`` of whole numbers of one dtype."""
    dtype, room = a.dtype, _EXACT_BITS - a.shape[-1].bit_length()
    bits_a, bits_b = _bits(a), _bits(b)
    if bits_a + bits_b <= room:
        return np.matmul(a.astype(np.float64), b.astype(np.float64)).astype(np.int64).astype(dtype)
    # One number in few digits leaves room for larger ones of the other.
    width_a = min(bits_a, max(room // 2, room - bits_b))
    width_b = min(bits_b, room - width_a)
    total: Array | None = None
    for i, left in enumerate(_digits(a, bits_a, width_a)):
        for j, right in enumerate(_digits(b, bits_b, width_b)):
            shift = width_a * i + width_b * j
            if shift < _WIDTH:
                part = np.matmul(left, right).astype(np.int64) << shift
                total = part if total is None else np.add(total, part, out=total)
    assert total is not None
    return total.astype(dtype)
