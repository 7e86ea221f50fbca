"""The kernel table of the NumPy backend: the shared kernels, made silent, and what NumPy does better or otherwise."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug.xp import kernels as shared
from tensorplug_numpy.kernels import elementwise, special
from tensorplug_numpy.quiet import quiet

Kernel = Callable[..., Any]


def as_array(kernel: Kernel) -> Kernel:
    """NumPy turns results without dims into scalars; this gives them back as arrays."""

    def call(*args: Any) -> Any:
        found = kernel(*args)
        if found.__class__ is np.ndarray:
            return found
        return tuple(map(np.asarray, found)) if isinstance(found, tuple) else np.asarray(found)

    return call


def table() -> dict[str, Kernel]:
    """Op name -> kernel."""
    found = {name: quiet(as_array(functools.partial(f, np))) for name, f in shared.FUNCTIONS.items()}
    found.update({name: quiet(as_array(f)) for name, f in special.FUNCTIONS.items()})
    found.update(elementwise.kernels())
    return found
