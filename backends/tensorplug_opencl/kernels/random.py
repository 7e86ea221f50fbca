"""Random draws as ``docs/random_numbers.md`` defines them: a work-item takes one block of the stream."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug.dtypes import DType, bfloat16, float16, float32, float64, int64
from tensorplug.shapes import Shape
from tensorplug_opencl.array import Array
from tensorplug_opencl.codes import CODES, store
from tensorplug_opencl.geometry import group_of, rounded_up
from tensorplug_opencl.runtime import Runtime
from tensorplug_opencl.source import program

_DIGITS = {float64: 53, float32: 24, float16: 11, bfloat16: 8}
_WORD = (1 << 64) - 1


def _uniform(dtype: DType) -> str:
    width, digits = (64 if dtype is float64 else 32), _DIGITS[dtype]
    return f"for (int i = 0; i < PIECES; i++) value[i] = (T)(bits[i] >> {width - digits}) * K(0x1p-{digits});"


def _normal(dtype: DType) -> str:
    """Box and Muller's transform of each pair of pieces."""
    width, signed = (64, "long") if dtype is float64 else (32, "int")
    angle = float(math.pi * 2.0 ** (1 - width)).hex()
    return (
        "for (int i = 0; i < PIECES; i += 2) { "
        f"const T radius = sqrt(log((T)bits[i] * K(0x1p-{width}) + K(0x1p-{width + 1})) * -2); "
        f"const T angle = (T)({signed})bits[i + 1] * ANGLE; "
        "value[i] = radius * cos(angle); value[i + 1] = radius * sin(angle); }"
    ).replace("ANGLE", angle if dtype is float64 else f"(T){_single(angle)}")


def _single(text: str) -> str:
    return float(np.float32(float.fromhex(text))).hex() + "f"


def _integers(dtype: DType) -> str:
    return "for (int i = 0; i < PIECES; i++) value[i] = low + (long)(span != 0 ? bits[i] % span : bits[i]);"


_DRAWS: dict[str, Callable[[DType], str]] = {"uniform": _uniform, "normal": _normal, "integers": _integers}


def _write(draw: str, dtype: DType, has_double: bool) -> str:
    narrow = CODES[dtype].value == "float"
    pieces = 8 if narrow else 4
    halves = "".join(
        f"bits[{2 * i}] = (uint)b.{w}; bits[{2 * i + 1}] = (uint)(b.{w} >> 32); " for i, w in enumerate("xyzw")
    )
    words = "".join(f"bits[{i}] = b.{w}; " for i, w in enumerate("xyzw"))
    text = f"""#define PIECES {pieces}
kernel void run(global {CODES[dtype].memory} *m, const ulong4 first, const ulong2 key, const long count,
                const long low, const ulong span) {{
    const long at = (long)get_global_id(0) * PIECES;
    if (at >= count) return;
    const ulong4 b = philox(block_after(first, get_global_id(0)), key);
    {"uint" if narrow else "ulong"} bits[PIECES];
    T value[PIECES];
    {halves if narrow else words}
    {_DRAWS[draw](dtype)}
    for (int i = 0; i < PIECES; i++) if (at + i < count) {store(dtype, "m", "at + i", "value[i]")};
}}
"""
    return program(dtype, has_double, text)


def _draw(
    home: Runtime, draw: str, size: Shape, dtype: DType, key: int, offset: int, low: int = 0, span: int = 0
) -> Array:
    found = home.empty(size, dtype)
    count = found.size
    if count == 0:
        return found
    pieces = 8 if CODES[dtype].value == "float" else 4
    kernel = home.kernel((draw, dtype), lambda: _write(draw, dtype, home.has_double))
    blocks = -(-count // pieces)
    group = group_of(blocks)
    values = [
        (offset % (1 << 256)).to_bytes(32, "little"), key.to_bytes(16, "little"), count.to_bytes(8, "little"),
        (low & _WORD).to_bytes(8, "little"), (span & _WORD).to_bytes(8, "little"),
    ]  # fmt: skip
    home.launch(kernel, (rounded_up(blocks, group),), (group,), [found.memory], values)
    return found


def random_uniform(home: Runtime, size: Shape, dtype: DType, key: int, offset: int) -> Array:
    return _draw(home, "uniform", size, dtype, key, offset)


def random_normal(home: Runtime, size: Shape, dtype: DType, key: int, offset: int) -> Array:
    return _draw(home, "normal", size, dtype, key, offset)


def random_integers(home: Runtime, size: Shape, low: int, high: int, key: int, offset: int) -> Array:
    return _draw(home, "integers", size, int64, key, offset, low, high - low)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "random_uniform": random_uniform, "random_normal": random_normal, "random_integers": random_integers,
}  # fmt: skip
"""Called as ``f(home, *params)``, without the device that stands last among the params."""
