"""Choosing between values by masks, without branches.

`np.where` and ``where=`` branch on every element, which costs ten times as much as arithmetic where a mask is
as good as random. Bits can be masked instead, a whole vector register at a time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

WORDS = {size: np.dtype(f"int{8 * size}") for size in (1, 2, 4, 8)}
_BYTE = np.dtype(np.int8)
_ONE = np.ones((), _BYTE)


def drop(values: Array, mask: Array, out: Array) -> None:
    """0 where ``mask`` holds (even where a value is inf or NaN), else ``values``.

    Args:
        values: numbers of 1, 2, 4 or 8 bytes.
        mask: bools of the same shape; overwritten.
        out: where the result goes, of the dtype of ``values``; it may be ``values``.

    Example:
        >>> out = np.empty(3, np.float32)
        >>> drop(np.array([1, np.nan, 3], np.float32), np.array([False, True, False]), out)
        >>> out
        array([1., 0., 3.], dtype=float32)
    """
    word = WORDS[values.itemsize]
    ones = mask.view(_BYTE)
    np.subtract(ones, 1, out=ones)
    np.bitwise_and(values.view(word), ones, out=out.view(word))


def dropped(values: Array, mask: Array) -> Array:
    """A fresh array of 0 where ``mask`` holds, else of ``values``: the quicker way where both are small.

    Args:
        values: numbers of 1, 2, 4 or 8 bytes.
        mask: bools of the same shape; overwritten.

    Example:
        >>> dropped(np.array([1, np.nan, 3], np.float32), np.array([False, True, False]))
        array([1., 0., 3.], dtype=float32)
    """
    dtype = values.dtype
    ones = mask.view(_BYTE)
    np.subtract(ones, _ONE, out=ones)
    return np.bitwise_and(values.view(WORDS[dtype.itemsize]), ones, out=...).view(dtype)


def choose(a: Array, mask: Array, out: Array, scratch: Array) -> None:
    """``a`` where ``mask`` holds; elsewhere ``out`` stays.

    Args:
        a: numbers of 1, 2, 4 or 8 bytes.
        mask: bools of the same shape; overwritten.
        out: of the dtype of ``a``.
        scratch: of the dtype and shape of ``a``; it may be ``a``.

    Example:
        >>> out = np.array([10, 20], np.int32)
        >>> choose(np.array([1, 2], np.int32), np.array([True, False]), out, np.empty(2, np.int32))
        >>> out
        array([ 1, 20], dtype=int32)
    """
    word = WORDS[a.itemsize]
    ones, bits, result = mask.view(_BYTE), scratch.view(word), out.view(word)
    np.negative(ones, out=ones)
    np.bitwise_xor(a.view(word), result, out=bits)
    np.bitwise_and(bits, ones, out=bits)
    np.bitwise_xor(result, bits, out=result)


def flip_signs(values: Array, signs: Array, scratch: Array) -> None:
    """Change the signs of ``values``, in place, where ``signs`` is negative; all of one dtype.

    Example:
        >>> values = np.array([1.0, 2.0])
        >>> flip_signs(values, np.array([-0.5, 3.0]), np.empty(2))
        >>> values
        array([-1.,  2.])
    """
    word = WORDS[values.itemsize]
    bits, target = scratch.view(word), values.view(word)
    np.bitwise_and(signs.view(word), np.iinfo(word).min, out=bits)
    np.bitwise_xor(target, bits, out=target)
