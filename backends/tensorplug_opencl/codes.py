"""How dtypes appear in OpenCL C: their types in memory and in registers, loads, stores, and Python numbers as bytes.

float16 and bfloat16 are computed in float: reading and writing half is part of every OpenCL, arithmetic is not, and
bfloat16 is the upper half of a float. Complex numbers are vectors of two.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tensorplug.dtypes import (
    DType,
    bfloat16,
    bool_,
    complex64,
    complex128,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)


class Code(NamedTuple):
    """A dtype in OpenCL C.

    Attributes:
        memory: the type of its elements in buffers.
        value: the type in which it is computed.
        load, store: templates: ``{m}`` is the buffer, ``{i}`` the index, ``{v}`` the value.
        lowest, highest: literals of the ends of its range.
        host: the NumPy dtype of ``value``, for numbers passed to kernels.
    """

    memory: str
    value: str
    load: str
    store: str
    lowest: str
    highest: str
    host: np.dtype[Any]


_PLAIN_LOAD, _PLAIN_STORE = "{m}[{i}]", "{m}[{i}] = {v}"


def _plain(name: str, lowest: str, highest: str, host: str) -> Code:
    return Code(name, name, _PLAIN_LOAD, _PLAIN_STORE, lowest, highest, np.dtype(host))


CODES: dict[DType, Code] = {
    bool_: Code("uchar", "uchar", _PLAIN_LOAD, "{m}[{i}] = ({v}) != 0", "0", "1", np.dtype("uint8")),
    uint8: _plain("uchar", "0", "UCHAR_MAX", "uint8"),
    uint16: _plain("ushort", "0", "USHRT_MAX", "uint16"),
    uint32: _plain("uint", "0", "UINT_MAX", "uint32"),
    uint64: _plain("ulong", "0", "ULONG_MAX", "uint64"),
    int8: _plain("char", "CHAR_MIN", "CHAR_MAX", "int8"),
    int16: _plain("short", "SHRT_MIN", "SHRT_MAX", "int16"),
    int32: _plain("int", "INT_MIN", "INT_MAX", "int32"),
    int64: _plain("long", "LONG_MIN", "LONG_MAX", "int64"),
    float16: Code(
        "half", "float", "vload_half({i}, {m})", "vstore_half_rte({v}, {i}, {m})", "-INFINITY", "INFINITY",
        np.dtype("float32"),
    ),
    bfloat16: Code(
        "ushort", "float", "from_bfloat16({m}[{i}])", "{m}[{i}] = to_bfloat16({v})", "-INFINITY", "INFINITY",
        np.dtype("float32"),
    ),
    float32: _plain("float", "-INFINITY", "INFINITY", "float32"),
    float64: _plain("double", "-INFINITY", "INFINITY", "float64"),
    complex64: _plain("float2", "", "", "complex64"),
    complex128: _plain("double2", "", "", "complex128"),
}  # fmt: skip

WIDE = frozenset((float64, complex128))
"""What needs a device with double precision."""


def real_type(dtype: DType) -> str:
    """The type of a dtype's parts: itself, but for complex numbers."""
    return CODES[dtype.to_real()].value


def number(value: Any, dtype: DType) -> bytes:
    """A Python number as an element of ``dtype``, rounded to it, in the bytes of the type it is computed in."""
    if dtype.is_floating_point or dtype.is_complex:
        with np.errstate(all="ignore"):
            return np.asarray(value).astype(dtype.numpy).astype(CODES[dtype].host).tobytes()
    if dtype is bool_:
        return bytes((bool(value),))
    bits = 8 * dtype.itemsize
    return (int(value) & ((1 << bits) - 1)).to_bytes(dtype.itemsize, "little")


def load(dtype: DType, memory: str, index: str) -> str:
    """The expression that reads an element."""
    return CODES[dtype].load.format(m=memory, i=index)


def store(dtype: DType, memory: str, index: str, value: str) -> str:
    """The statement, without its semicolon, that writes an element."""
    return CODES[dtype].store.format(m=memory, i=index, v=value)
