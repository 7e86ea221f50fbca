"""Seeds and the state of the random stream: ``tensorplug.random``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from tensorplug.generator import Generator, default_generator
from tensorplug.tensor import Tensor

__all__ = [
    "Generator",
    "default_generator",
    "fork_rng",
    "get_rng_state",
    "initial_seed",
    "manual_seed",
    "seed",
    "set_rng_state",
    "thread_safe_generator",
]


def manual_seed(seed: int) -> Generator:
    """Start the default stream of ``seed``, for all devices.

    Example:
        >>> import tensorplug as tp
        >>> _ = tp.manual_seed(0); a = tp.rand(2)
        >>> _ = tp.manual_seed(0); b = tp.rand(2)
        >>> tp.equal(a, b)
        True
    """
    return default_generator.manual_seed(seed)


def seed() -> int:
    """Start the default stream of a random seed, and return it."""
    return default_generator.seed()


def initial_seed() -> int:
    """The seed of the default stream."""
    return default_generator.initial_seed()


def get_rng_state() -> Tensor:
    """Seed and place of the default stream, as a uint8 tensor."""
    state: Tensor = default_generator.get_state()
    return state


def set_rng_state(new_state: Tensor) -> None:
    """Go to a seed and place that ``get_rng_state`` returned."""
    default_generator.set_state(new_state)


@contextlib.contextmanager
def fork_rng(devices: Any = None, enabled: bool = True, device_type: str = "cpu") -> Iterator[None]:
    """Inside, draws advance the stream; afterwards it is where it was."""
    before = default_generator.get_state()
    try:
        yield
    finally:
        if enabled:
            default_generator.set_state(before)


def thread_safe_generator() -> Generator | None:
    """What to pass as ``generator=`` in code that worker threads of a data loader run: None, the default stream.

    Threads share the default stream safely: each draw takes a part of it that no other gets.

    Example:
        >>> import tensorplug as tp
        >>> tp.rand(2, generator=tp.random.thread_safe_generator()).shape
        tensorplug.Size([2])
    """
    return None
