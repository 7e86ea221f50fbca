"""From one dtype to another, as expressions of ``a``: rounded once, and with the same odd cases on every device."""

from __future__ import annotations

from tensorplug.dtypes import BOOL, COMPLEX, FLOAT, HALF, INTEGER, DType, float64, uint64
from tensorplug_opencl.codes import CODES


def conversion(source: DType, target: DType, value: str = "a") -> str:
    """The expression for an element of ``target`` from ``value``, the name of one of ``source``."""
    if source is target:
        return value
    if source.category == COMPLEX:
        return _from_complex(source, target, value)
    if target.category == BOOL:
        return f"{value} != 0"
    if target.category == COMPLEX:
        return f"({CODES[target].value})({value}, 0)"
    if source.category == FLOAT and target.category == INTEGER:
        return f"({CODES[target].value})whole({value}, {hex(1 << (8 * target.itemsize - 1))}UL)"
    if target in HALF and source.itemsize > 2:
        return _to_half(source, value)
    return f"({CODES[target].value}){value}"


def _from_complex(source: DType, target: DType, value: str) -> str:
    if target.category == BOOL:
        return f"{value}.x != 0 || {value}.y != 0"
    if target.category == COMPLEX:
        parts = CODES[target.to_real()].value
        return f"({CODES[target].value})(({parts}){value}.x, ({parts}){value}.y)"
    return conversion(source.to_real(), target, f"{value}.x")


def _to_half(source: DType, value: str) -> str:
    """By way of a float that remembers in its last bit what was cut off."""
    if source.category == INTEGER:
        return f"sticky_float_ul({value})" if source is uint64 else f"sticky_float_l({value})"
    return f"sticky_float({value})" if source is float64 else value
