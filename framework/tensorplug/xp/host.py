"""Kernels for devices that have no factorizations of matrices of their own: NumPy's, through copies on the host."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug.xp import factorization

Array = Any
Kernel = Callable[..., Any]


def through_host(
    kernel: Kernel, array_type: type[Any], to_host: Callable[[Array], Any], from_host: Callable[[Any, Array], Array]
) -> Kernel:
    """A device's kernel made from one for NumPy arrays.

    Args:
        kernel: takes NumPy arrays and parameters; returns an array or a tuple of arrays.
        array_type: the device's arrays.
        to_host: gives the elements of a device's array as a NumPy array.
        from_host: puts a NumPy array where a device's array lies: called with both, the device's second.

    Returns:
        The kernel. Its attribute ``through_host`` is true, and ``tensorplug ops`` tells so.
    """

    def call(*args: Any) -> Any:
        like = next(x for x in args if isinstance(x, array_type))
        with np.errstate(all="ignore"):
            found = kernel(*[to_host(x) if isinstance(x, array_type) else x for x in args])
        if isinstance(found, tuple):
            return tuple(from_host(np.asarray(x), like) for x in found)
        return from_host(np.asarray(found), like)

    call.through_host = True  # type: ignore[attr-defined]
    return call


def factorizations(
    array_type: type[Any], to_host: Callable[[Array], Any], from_host: Callable[[Any, Array], Array]
) -> dict[str, Kernel]:
    """All kernels of ``xp.factorization`` through the host; the arguments are those of ``through_host``."""
    return {
        name: through_host(functools.partial(function, np), array_type, to_host, from_host)
        for name, function in factorization.FUNCTIONS.items()
    }
