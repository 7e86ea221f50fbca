"""The kernel table of the CuPy backend: the shared kernels, and what has to be otherwise with CuPy."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from tensorplug.dtypes import bfloat16, float16
from tensorplug.xp import kernels as shared
from tensorplug.xp.elementwise import BINARY, UNARY
from tensorplug.xp.half import MOVES_ONLY
from tensorplug_cupy.kernels import elementwise, indexing, special

Kernel = Callable[..., Any]

_FAMILIES = (elementwise, indexing)
"""Modules of kernels that take the library as their first argument, like the shared ones that they replace."""

EXACT_IN_HALF = {float16: MOVES_ONLY | {"matmul_batched"}, bfloat16: MOVES_ONLY}
"""Ops whose kernels take the dtype as it is; CuPy adds up products of float16 in float32 by itself."""


def names() -> frozenset[str]:
    """The ops that have a kernel, told without importing CuPy."""
    found = {*shared.FUNCTIONS, *UNARY, *BINARY, *special.FUNCTIONS}
    return frozenset(found.union(*(family.FUNCTIONS for family in _FAMILIES)))


def table(cupy: Any) -> dict[str, Kernel]:
    """Op name -> kernel."""
    found = shared.bind(cupy)
    for family in _FAMILIES:
        found.update({name: functools.partial(f, cupy) for name, f in family.FUNCTIONS.items()})
    found.update(special.FUNCTIONS)
    return found
