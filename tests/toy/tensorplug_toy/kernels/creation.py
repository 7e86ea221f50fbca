"""Arrays from parameters alone: constants, ranges, and random draws as ``docs/random_numbers.md`` defines them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from tensorplug.device import Device
from tensorplug.dtypes import DType, float16, float32, float64, int64
from tensorplug.shapes import Shape
from tensorplug_toy.cells import Cells, fresh
from tensorplug_toy.numbers import holder

WORD = (1 << 64) - 1
HALF = (1 << 32) - 1


def filled(size: Shape, value: Any, dtype: DType, device: Device) -> Cells:
    return fresh([value] * math.prod(size), dtype, size)


def counted(start: Any, step: Any, count: int, dtype: DType, device: Device) -> Cells:
    return fresh((start + i * step for i in range(count)), dtype, (count,))


def philox(counter: int, key: int) -> list[int]:
    """The four words of a block of Philox4x64-10."""
    a, b, c, d = (counter >> 64 * i & WORD for i in range(4))
    key0, key1 = key & WORD, key >> 64
    for _ in range(10):
        first, second = 0xD2E7470EE14C6C93 * a, 0xCA5A826395121157 * c
        a, b, c, d = second >> 64 ^ b ^ key0, second & WORD, first >> 64 ^ d ^ key1, first & WORD
        key0, key1 = key0 + 0x9E3779B97F4A7C15 & WORD, key1 + 0xBB67AE8584CAA73B & WORD
    return [a, b, c, d]


def words(key: int, offset: int) -> Iterator[int]:
    """The words of a draw, without end."""
    while True:
        yield from philox(offset % (1 << 256), key)
        offset += 1


def pieces(dtype: DType, key: int, offset: int) -> Iterator[int]:
    """The words, or for dtypes narrower than 64 bits their halves, the low half first."""
    for word in words(key, offset):
        if dtype.itemsize == 8:
            yield word
        else:
            yield word & HALF
            yield word >> 32


_DIGITS = {float64: 53, float32: 24, float16: 11}


def random_uniform(size: Shape, dtype: DType, key: int, offset: int, device: Device) -> Cells:
    width, digits = (64 if dtype is float64 else 32), _DIGITS[dtype]
    stream = pieces(dtype, key, offset)
    return fresh(((next(stream) >> (width - digits)) * 2.0**-digits for _ in range(math.prod(size))), dtype, size)


def random_normal(size: Shape, dtype: DType, key: int, offset: int, device: Device) -> Cells:
    stream = pieces(dtype, key, offset)
    count = math.prod(size)
    pairs = [_normal_pair(next(stream), next(stream), dtype) for _ in range(-(-count // 2))]
    return fresh([value for pair in pairs for value in pair][:count], dtype, size)


def _normal_pair(a: int, b: int, dtype: DType) -> tuple[float, float]:
    """Box and Muller's transform of two pieces, each step rounded to the float in which the page computes it."""
    wide = float64 if dtype is float64 else float32
    hold = holder(wide)
    width = 8 * wide.itemsize
    u = hold(hold(hold(a) * 2.0**-width) + 2.0 ** -(width + 1))
    signed = b - (1 << width) if b >> (width - 1) else b
    angle = hold(hold(signed) * hold(math.pi * 2.0 ** (1 - width)))
    radius = hold(math.sqrt(hold(-2 * hold(math.log(u)))))
    return hold(radius * hold(math.cos(angle))), hold(radius * hold(math.sin(angle)))


def random_integers(size: Shape, low: int, high: int, key: int, offset: int, device: Device) -> Cells:
    stream = words(key, offset)
    return fresh((low + next(stream) % (high - low) for _ in range(math.prod(size))), int64, size)


KERNELS: dict[str, Callable[..., Cells]] = {
    "filled": filled, "counted": counted, "random_uniform": random_uniform, "random_normal": random_normal,
    "random_integers": random_integers,
}  # fmt: skip
