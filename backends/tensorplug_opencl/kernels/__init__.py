"""The kernel table: which function computes which op, for one dtype."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.device import Device
from tensorplug.dtypes import DType
from tensorplug_opencl import expressions
from tensorplug_opencl.kernels import creation, elementwise, indexing, linalg, movement, order, random, reduction, scan
from tensorplug_opencl.runtime import Runtime

Kernel = Callable[..., Any]

FUNCTIONS: dict[str, Kernel] = {
    **movement.FUNCTIONS, **reduction.FUNCTIONS, **scan.FUNCTIONS, **indexing.FUNCTIONS, **order.FUNCTIONS,
    **linalg.FUNCTIONS, "where": elementwise.where,
}  # fmt: skip
"""Kernels that look at the dtypes of their arrays themselves."""


MAKERS: dict[str, Kernel] = {**creation.FUNCTIONS, **random.FUNCTIONS}
"""Kernels that make arrays from parameters alone, and get the runtime of the device first."""


def names() -> frozenset[str]:
    """The ops that have a kernel, told without a driver."""
    return expressions.NAMES.union(FUNCTIONS, MAKERS)


def find(name: str, dtype: DType, runtime: Callable[[Device], Runtime]) -> Kernel | None:
    """The kernel of an op, or None.

    Args:
        name: the op.
        dtype: of its first array; of the result where there is none.
        runtime: from a device to its runtime.
    """
    if name in MAKERS:
        return _maker(MAKERS[name], runtime)
    found = FUNCTIONS.get(name)
    return elementwise.make(name, dtype) if found is None else found


def inplace(name: str, dtype: DType) -> Kernel | None:
    """The kernel that writes an element-wise op into its last argument, or None."""
    if name in FUNCTIONS:
        return None
    found = elementwise.make(name, dtype)
    return None if found is None else found.into


def _maker(function: Kernel, runtime: Callable[[Device], Runtime]) -> Kernel:
    def kernel(*args: Any) -> Any:
        return function(runtime(args[-1]), *args[:-1])

    return kernel
