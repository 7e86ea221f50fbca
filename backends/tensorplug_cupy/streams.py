"""Devices, streams and the memory pool of CUDA, as CuPy has them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def load_cupy() -> Any:
    """CuPy.

    Raises:
        ImportError: it is not installed, or its CUDA libraries cannot be loaded.
    """
    try:
        import cupy
    except ImportError as error:
        raise ImportError(
            f"CuPy cannot be imported ({error}); to install it: pip install 'tensorplug[cuda]'"
        ) from error
    return cupy


def device_count(cupy: Any) -> int:
    """How many GPUs there are; 0 without a driver."""
    try:
        return int(cupy.cuda.runtime.getDeviceCount())
    except cupy.cuda.runtime.CUDARuntimeError:
        return 0


@contextmanager
def stream(index: int = 0) -> Iterator[Any]:
    """Give the work inside to a stream of its own, beside what other threads give to theirs; leaving waits for it.

    Args:
        index: the device.

    Yields:
        The ``cupy.cuda.Stream``.
    """
    cupy = load_cupy()
    with cupy.cuda.Device(index), cupy.cuda.Stream(non_blocking=True) as current:
        yield current
        current.synchronize()


def allocated_bytes(cupy: Any, index: int) -> int:
    """Bytes that live arrays occupy on a device."""
    with cupy.cuda.Device(index):
        return int(cupy.get_default_memory_pool().used_bytes())


def held_bytes(cupy: Any, index: int) -> int:
    """Bytes that live arrays occupy on a device, and those kept for reuse."""
    with cupy.cuda.Device(index):
        return int(cupy.get_default_memory_pool().total_bytes())


def free_held(cupy: Any) -> None:
    """Give memory that is kept for reuse back to the driver: device memory, and page-locked memory of the host."""
    cupy.get_default_memory_pool().free_all_blocks()
    cupy.get_default_pinned_memory_pool().free_all_blocks()


def set_memory_limit(fraction: float, index: int = 0) -> None:
    """Let arrays have at most this part of a device's memory.

    Args:
        fraction: above 0, up to 1.
        index: the device.
    """
    cupy = load_cupy()
    with cupy.cuda.Device(index):
        cupy.get_default_memory_pool().set_limit(fraction=fraction)
