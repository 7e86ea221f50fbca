"""The kernel table of the toy device: one kernel per primitive, and none for fused ops, whose defaults run instead."""

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
