"""dtypes by name, in groups, and what NumPy knows of each: the suite's own list, so that a wrong one is noticed."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np

Array = np.ndarray[Any, Any]
Names = tuple[str, ...]

BOOL: Names = ("bool",)
INTEGERS: Names = ("uint8", "int8", "int16", "int32", "int64")
WIDE_UNSIGNED: Names = ("uint16", "uint32", "uint64")
HALVES: Names = ("float16", "bfloat16")
SINGLES: Names = ("float32", "float64")
FLOATS: Names = (*HALVES, *SINGLES)
COMPLEX: Names = ("complex64", "complex128")

DIFFERENTIABLE: Names = (*FLOATS, *COMPLEX)
NUMERIC: Names = (*INTEGERS, *FLOATS, *COMPLEX)
REAL: Names = (*BOOL, *INTEGERS, *FLOATS)
ORDERED: Names = (*INTEGERS, *FLOATS)
COMMON: Names = (*BOOL, *INTEGERS, *FLOATS, *COMPLEX)
ALL: Names = (*BOOL, *INTEGERS, *WIDE_UNSIGNED, *FLOATS, *COMPLEX)

_REAL_PART = {"complex64": "float32", "complex128": "float64"}


def host(name: str) -> np.dtype[Any]:
    """The NumPy dtype called ``name``."""
    return np.dtype(ml_dtypes.bfloat16) if name == "bfloat16" else np.dtype(name)


def is_float(name: str) -> bool:
    """Whether ``name`` is a real floating-point dtype."""
    return name in FLOATS


def is_complex(name: str) -> bool:
    """Whether ``name`` is a complex dtype."""
    return name in COMPLEX


def is_whole(name: str) -> bool:
    """Whether ``name`` is an integer dtype."""
    return name in INTEGERS or name in WIDE_UNSIGNED


def real_part(name: str) -> str:
    """The dtype of the parts of a complex dtype; others as they are."""
    return _REAL_PART.get(name, name)


def wide(name: str) -> str:
    """The dtype in which references compute: float64 and complex128 for what rounds, others as they are."""
    if is_float(name):
        return "float64"
    return "complex128" if is_complex(name) else name


def epsilon(name: str) -> float:
    """The distance from 1 to the next number of a floating-point or complex dtype."""
    return float(ml_dtypes.finfo(host(real_part(name))).eps)


def accumulator(name: str) -> str:
    """The dtype in which sums of ``name`` are to be formed: float32 for the half-precision ones."""
    return "float32" if name in HALVES else name


def rounded(exact: Array, name: str) -> Array:
    """float64 or complex128 numbers rounded once to ``name``; whole numbers and bools converted."""
    with np.errstate(all="ignore"):
        if name != "bfloat16" or exact.dtype.kind != "f":
            return exact.astype(host(name))
        # By way of float32 a number could be rounded twice.
        _, exponents = np.frexp(exact)
        step = np.ldexp(1.0, np.maximum(exponents - 8, -133))
        nearest = np.where(np.isfinite(exact), np.rint(exact / step) * step, exact)
        return np.copysign(nearest, exact).astype(np.float32).astype(host(name))
