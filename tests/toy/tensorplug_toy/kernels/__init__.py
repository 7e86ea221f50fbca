"""The kernel table of the toy device: one kernel for each primitive that is not about complex numbers.

Fused ops have none, so their defaults run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug_toy.kernels import creation, elementwise, indexing, linalg, movement, reduction


def table() -> dict[str, Callable[..., Any]]:
    """Op name -> kernel."""
    return {
        **creation.KERNELS,
        **elementwise.KERNELS,
        **indexing.KERNELS,
        **linalg.KERNELS,
        **movement.KERNELS,
        **reduction.KERNELS,
    }
