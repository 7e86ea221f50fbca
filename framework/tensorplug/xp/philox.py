"""The random words behind every draw: Philox4x64-10, a counter-based generator.

A block function turns a 256-bit counter and a 128-bit key into four random 64-bit words. There is no sequence
to follow: any block can be computed alone, by any device, in any order. Source: Salmon, Moraes, Dror and
Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. ``docs/random_numbers.md`` defines the stream
for authors of other backends.
"""

import threading
from typing import Any

import numpy

WORDS_PER_BLOCK = 4

_ROUNDS = 10
_MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
_KEY_STEPS = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
_WORD = 2**64
_HALF_MASK = 2**32 - 1
_COUNTERS = 2**256


def words(xp: Any, n: int, key: int, offset: int) -> Any:
    """The first ``n`` words of the stream that ``key`` selects, counted from block ``offset``.

    Args:
        xp: NumPy, CuPy or a library like them.
        n: how many words; four come from each block.
        key: an integer from 0 to 2**128 - 1. The low 64 bits are the first word of Philox's key.
        offset: the counter of the first block, not negative; counters wrap at 2**256.

    Returns:
        A fresh uint64 array of shape (n,).

    Example:
        >>> import numpy as np
        >>> [hex(word) for word in words(np, 2, key=0, offset=0)]
        ['0x16554d9eca36314c', '0xdb20fe9d672d0fdc']
        >>> bool(words(np, 8, key=0, offset=6)[4] == words(np, 1, key=0, offset=7)[0])
        True
    """
    if xp is numpy:
        return _native_words(n, key, offset)
    return array_words(xp, n, key, offset)


def array_words(xp: Any, n: int, key: int, offset: int) -> Any:
    """What ``words`` returns, by array operations alone: for libraries that have no Philox4x64 of their own.

    Args:
        xp: any library with NumPy's uint64 arithmetic, ``arange`` and ``empty``.
        n: as for ``words``.
        key: as for ``words``.
        offset: as for ``words``.

    Returns:
        A fresh uint64 array of shape (n,).

    Example:
        >>> import numpy as np
        >>> bool((array_words(np, 9, key=3, offset=1) == words(np, 9, key=3, offset=1)).all())
        True
    """
    blocks = -(-n // WORDS_PER_BLOCK)
    out = xp.empty((blocks, WORDS_PER_BLOCK), dtype=xp.uint64)
    done = 0
    while done < blocks:
        counter = (offset + done) % _COUNTERS
        # Up to the next carry only the lowest counter word changes, so the other three stay one number each.
        count = min(blocks - done, _WORD - counter % _WORD)
        for lane, word in enumerate(_encrypt(xp, counter, count, key)):
            out[done : done + count, lane] = word
        done += count
    return out.reshape(-1)[:n]


def _encrypt(xp: Any, counter: int, count: int, key: int) -> list[Any]:
    """The four words of each of ``count`` blocks whose counters follow ``counter`` without a carry."""
    state = [xp.asarray([word], dtype=xp.uint64) for word in _split(counter, 4)]
    state[0] = state[0] + xp.arange(count, dtype=xp.uint64)
    key_words = _split(key, 2)
    for _ in range(_ROUNDS):
        high0, low0 = _multiply(xp, state[0], _MULTIPLIERS[0])
        high1, low1 = _multiply(xp, state[2], _MULTIPLIERS[1])
        first = high1 ^ state[1] ^ xp.uint64(key_words[0])
        second = high0 ^ state[3] ^ xp.uint64(key_words[1])
        state = [first, low1, second, low0]
        key_words = [(word + step) % _WORD for word, step in zip(key_words, _KEY_STEPS, strict=True)]
    return state


def _multiply(xp: Any, x: Any, factor: int) -> tuple[Any, Any]:
    """The high and the low word of each 128-bit product, by schoolbook multiplication of 32-bit halves."""
    mask = xp.uint64(_HALF_MASK)
    factor_high, factor_low = xp.uint64(factor >> 32), xp.uint64(factor & _HALF_MASK)
    x_high, x_low = x >> 32, x & mask
    middle = x_high * factor_low + ((x_low * factor_low) >> 32)
    other_middle = x_low * factor_high + (middle & mask)
    high = x_high * factor_high + (middle >> 32) + (other_middle >> 32)
    return high, x * xp.uint64(factor)


def _split(value: int, count: int) -> list[int]:
    return [value >> 64 * index & (_WORD - 1) for index in range(count)]


_thread = threading.local()


def _native_words(n: int, key: int, offset: int) -> Any:
    """The words from NumPy's own Philox, whose raw stream NumPy promises never to change."""
    if not hasattr(_thread, "philox"):
        _thread.philox = numpy.random.Philox(0)
    # Setting the state costs a tenth of making a generator, which would ask the system for entropy.
    # NumPy adds one to the counter before it computes a block; position 4 says that its buffer is used up.
    _thread.philox.state = {
        "bit_generator": "Philox",
        "state": {
            "counter": numpy.frombuffer(((offset - 1) % _COUNTERS).to_bytes(32, "little"), dtype="<u8"),
            "key": numpy.frombuffer(key.to_bytes(16, "little"), dtype="<u8"),
        },
        "buffer": numpy.zeros(WORDS_PER_BLOCK, dtype=numpy.uint64),
        "buffer_pos": WORDS_PER_BLOCK,
        "has_uint32": 0,
        "uinteger": 0,
    }
    return _thread.philox.random_raw(n)
