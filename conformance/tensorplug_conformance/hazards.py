"""What a case puts to the test beyond plain numbers, told from its inputs, so that reports can show what was met."""

from __future__ import annotations

import math
from collections.abc import Sequence

import ml_dtypes
import numpy as np

from tensorplug_conformance.dtypes import Array, host, is_complex, is_float, is_whole
from tensorplug_conformance.layouts import EXPANDED, Memory
from tensorplug_conformance.sample import Sample

HAZARDS = (
    "zero-size", "0-d", "over 256", "large", "transposed", "strided", "offset", "stride 0", "NaN", "infinity",
    "minus zero", "denormal", "integer extreme", "broadcast", "number", "tie", "wrap", "halves", "duplicate index",
)  # fmt: skip
"""In the order of reports."""

_LARGE = 1 << 16


def hazards_of(sample: Sample, memories: Sequence[Memory]) -> tuple[str, ...]:
    """The hazards of a call with these inputs, in the order of ``HAZARDS``."""
    found = set(sample.hazards)
    for memory in memories:
        found |= _of_shape(memory.shape)
        if memory.strides is not None:
            found.add("stride 0" if memory.layout == EXPANDED else memory.layout)
        found |= _of_values(memory.values, memory.dtype)
    return tuple(h for h in HAZARDS if h in found)


def _of_shape(shape: tuple[int, ...]) -> set[str]:
    count = math.prod(shape)
    facts = {"0-d": not shape, "zero-size": count == 0, "over 256": count > 256, "large": count > _LARGE}
    return {name for name, holds in facts.items() if holds}


def _meets(values: Array, number: int) -> bool:
    return bool((values == number).any())


def _of_values(values: Array, dtype: str) -> set[str]:
    if values.size == 0:
        return set()
    if is_whole(dtype):
        info = np.iinfo(host(dtype))
        return {"integer extreme"} if _meets(values, info.max) or (info.min and _meets(values, info.min)) else set()
    if not is_float(dtype) or is_complex(dtype):
        return set()
    plain = values.astype(np.float64)
    smallest = float(ml_dtypes.finfo(host(dtype)).smallest_normal)
    facts = {
        "NaN": np.isnan(plain), "infinity": np.isinf(plain), "minus zero": (plain == 0) & np.signbit(plain),
        "denormal": (plain != 0) & (np.abs(plain) < smallest),
    }  # fmt: skip
    return {name for name, where in facts.items() if bool(where.any())}
