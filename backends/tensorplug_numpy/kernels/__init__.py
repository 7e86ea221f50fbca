"""The kernel table of the NumPy backend: the shared kernels, made silent, and what NumPy does better or otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug.xp import kernels as shared
from tensorplug_numpy.kernels import (
    activation,
    arithmetic,
    convolution,
    elementwise,
    embedding,
    factorization,
    fourier,
    indexing,
    linalg,
    loss,
    movement,
    normalization,
    optimizer,
    order,
    pooling,
    reduction,
    selection,
    softmax,
    special,
)
from tensorplug_numpy.quiet import is_quiet, quiet_thread

Kernel = Callable[..., Any]


def quiet_array(function: Kernel, *bound: Any) -> Kernel:
    """The function made silent and, since NumPy turns results without dims into scalars, giving arrays.

    Args:
        function: the kernel.
        bound: its first arguments, given with every call.
    """

    def call(*args: Any) -> Any:
        found = function(*bound, *args) if is_quiet() else quiet_thread.run(function, *bound, *args)
        if found.__class__ is _ndarray:
            return found
        return tuple([_as_array(x) for x in found]) if found.__class__ is tuple else np.asarray(found)

    return call


def _as_array(value: Any) -> Any:
    return None if value is None else np.asarray(value)


_ndarray = np.ndarray


def table() -> dict[str, Kernel]:
    """Op name -> kernel."""
    found = {name: quiet_array(f, np) for name, f in shared.FUNCTIONS.items()}
    found.update(elementwise.kernels())
    for family in _FAMILIES:
        found.update({name: quiet_array(f) for name, f in family.FUNCTIONS.items()})
    found.update(activation.SILENT)
    return found


def inplace_table() -> dict[str, Kernel]:
    """Op name -> kernel that changes its arguments."""
    return {**elementwise.inplace_kernels(), **optimizer.INPLACE}


_FAMILIES = (
    arithmetic,
    special,
    reduction,
    linalg,
    factorization,
    activation,
    softmax,
    normalization,
    loss,
    embedding,
    convolution,
    fourier,
    pooling,
    selection,
    movement,
    indexing,
    order,
)
"""Modules of kernels that NumPy does better than the shared ones, or otherwise."""
