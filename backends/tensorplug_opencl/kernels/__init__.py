"""The kernel table: which function computes which op, for one dtype."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.device import Device
from tensorplug.dtypes import DType
from tensorplug_opencl import expressions
from tensorplug_opencl.kernels import (
    activation,
    channels,
    convolution,
    creation,
    elementwise,
    host,
    indexing,
    linalg,
    loss,
    movement,
    normalization,
    optimizer,
    order,
    random,
    reduction,
    scan,
    softmax,
    windows,
)
from tensorplug_opencl.runtime import Runtime

Kernel = Callable[..., Any]

FUNCTIONS: dict[str, Kernel] = {
    **movement.FUNCTIONS, **reduction.FUNCTIONS, **scan.FUNCTIONS, **indexing.FUNCTIONS, **order.FUNCTIONS,
    **linalg.FUNCTIONS, **host.FUNCTIONS, "where": elementwise.where,
}  # fmt: skip
"""Kernels that look at the dtypes of their arrays themselves."""


FLOAT_FUNCTIONS: dict[str, Kernel] = {
    **activation.FUNCTIONS, **softmax.FUNCTIONS, **normalization.FUNCTIONS, **channels.FUNCTIONS,
    **windows.FUNCTIONS, **convolution.FUNCTIONS, **loss.FUNCTIONS,
}  # fmt: skip
"""Kernels of their own for real floating-point arrays; other dtypes take the ops' defaults."""

MAKERS: dict[str, Kernel] = {**creation.FUNCTIONS, **random.FUNCTIONS}
"""Kernels that make arrays from parameters alone, and get the runtime of the device first."""


_PARTS_OF_OTHERS = frozenset(("gelu_none", "gelu_tanh", "gelu_none_backward", "gelu_tanh_backward"))
"""Expressions that are no ops."""


def names() -> frozenset[str]:
    """The ops that have a kernel, told without a driver."""
    return expressions.NAMES.union(FUNCTIONS, FLOAT_FUNCTIONS, MAKERS) - _PARTS_OF_OTHERS


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
    if found is None and name in FLOAT_FUNCTIONS:
        return FLOAT_FUNCTIONS[name] if dtype.is_floating_point else None
    return elementwise.make(name, dtype) if found is None else found


def inplace(name: str, dtype: DType) -> Kernel | None:
    """The kernel that writes an element-wise op into its last argument, or None."""
    if name in optimizer.FUNCTIONS:
        return optimizer.FUNCTIONS[name] if dtype.is_floating_point else None
    if name in FUNCTIONS or name in FLOAT_FUNCTIONS:
        return None
    found = elementwise.make(name, dtype)
    return getattr(found, "into", None)


def _maker(function: Kernel, runtime: Callable[[Device], Runtime]) -> Kernel:
    def kernel(*args: Any) -> Any:
        return function(runtime(args[-1]), *args[:-1])

    return kernel
