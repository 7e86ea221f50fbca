"""Choosing between values by a mask: by bits where there are many, since `np.where` branches on every element."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug_numpy import memory, parallel
from tensorplug_numpy.bits import WORDS

Array = np.ndarray[Any, Any]

_MANY = 1 << 10
"""Elements from which masking bits is quicker than `np.where`."""

_BYTE = np.dtype(np.int8)


def masked_fill(x: Array, mask: Array, value: Any) -> Array:
    word = WORDS.get(x.itemsize)
    if x.size < _MANY or word is None:
        return np.where(mask, np.asarray(value, dtype=x.dtype), x)
    shape = x.shape if x.shape == mask.shape else np.broadcast_shapes(x.shape, mask.shape)
    out = memory.empty(shape, x.dtype)
    bits = out.view(word)
    kept = np.subtract(mask.view(_BYTE), 1)
    parallel.elementwise(np.bitwise_and, bits, x.view(word), kept)
    filling = np.asarray(value, dtype=x.dtype).view(word)
    if filling:
        parallel.elementwise(np.bitwise_or, bits, bits, np.bitwise_and(filling, np.invert(kept)))
    return out


def where(condition: Array, a: Array, b: Array) -> Array:
    word = WORDS.get(a.itemsize)
    if condition.size < _MANY or word is None:
        return np.where(condition, a, b)
    out = memory.empty(np.broadcast_shapes(condition.shape, a.shape, b.shape), a.dtype)
    bits, other = out.view(word), b.view(word)
    parallel.elementwise(np.bitwise_xor, bits, a.view(word), other)
    parallel.elementwise(np.bitwise_and, bits, bits, np.negative(condition.view(_BYTE)))
    parallel.elementwise(np.bitwise_xor, bits, bits, other)
    return out


FUNCTIONS = {"masked_fill": masked_fill, "where": where}
