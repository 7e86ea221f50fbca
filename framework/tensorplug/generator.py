"""Generators of random numbers: a seed and a place in its stream.

The stream is a function of seed and place alone (``docs/random_numbers.md``), so one default generator serves all
devices and the same program draws the same numbers wherever it runs.
"""

from __future__ import annotations

import os
import threading
from typing import Any

import numpy as np

from tensorplug.base import wrap
from tensorplug.device import Device
from tensorplug.dtypes import uint8
from tensorplug.registry import kind_of
from tensorplug.xp.random import blocks_for

DEFAULT_SEED = 67280421310721
"""The seed of a new generator, as in PyTorch."""

_MASK = (1 << 64) - 1
_STATE_BYTES = 40


class Lanes(threading.local):
    """How many numbers each number stands for that this thread draws: one, or under ``vmap`` one for each example."""

    count: int = 1


lanes = Lanes()


class Generator:
    """A seed and how far its stream has been used.

    Args:
        device: accepted for PyTorch's sake and kept as an attribute; draws do not depend on it.

    Example:
        >>> import tensorplug as tp
        >>> g = tp.Generator().manual_seed(7)
        >>> a = tp.rand(3, generator=g)
        >>> b = tp.rand(3, generator=tp.Generator().manual_seed(7))
        >>> tp.equal(a, b)
        True
    """

    def __init__(self, device: Device | str = "cpu") -> None:
        self.device = Device(device)
        self._lock = threading.Lock()
        self._seed = DEFAULT_SEED
        self._offset = 0

    def manual_seed(self, seed: int) -> Generator:
        """Start the stream of ``seed`` (negative ones count from 2**64 down)."""
        seed = int(seed)
        if not -(1 << 63) <= seed <= _MASK:
            raise ValueError(f"Overflow when unpacking long: a seed has 64 bits, got {seed}")
        with self._lock:
            self._seed, self._offset = seed & _MASK, 0
        return self

    def seed(self) -> int:
        """Start the stream of a seed from the operating system's randomness, and return that seed."""
        value = int.from_bytes(os.urandom(8), "little") >> 1
        self.manual_seed(value)
        return value

    def initial_seed(self) -> int:
        """The seed."""
        return self._seed

    def draw(self, dtype_name: str, count: int) -> tuple[int, int]:
        """Reserve the part of the stream for ``count`` numbers: its key and offset in blocks."""
        blocks = blocks_for(dtype_name, count * lanes.count)
        with self._lock:
            offset = self._offset
            self._offset += blocks
            return self._seed, offset

    def clone_state(self) -> Generator:
        """Another generator at the same place of the same stream."""
        other = Generator(self.device)
        with self._lock:
            other._seed, other._offset = self._seed, self._offset
        return other

    def get_state(self) -> Any:
        """Seed and place as a uint8 tensor on the CPU."""
        data = self._seed.to_bytes(8, "little") + self._offset.to_bytes(_STATE_BYTES - 8, "little")
        kind = kind_of(Device("cpu"), uint8)
        host = np.frombuffer(data, np.uint8)
        return wrap(kind.backend.from_host(host, kind.device), kind, (_STATE_BYTES,))

    def set_state(self, new_state: Any) -> Generator:
        """Go to the seed and place that ``get_state`` returned.

        Raises:
            TypeError: not a uint8 tensor.
            RuntimeError: of another size.
        """
        kind = getattr(new_state, "_kind", None)
        if kind is None or kind.dtype is not uint8:
            raise TypeError("expected a uint8 tensor as generator state")
        data = bytes(kind.backend.to_host(new_state._array).tobytes())
        if len(data) != _STATE_BYTES:
            raise RuntimeError(f"generator state has {_STATE_BYTES} bytes, got {len(data)}")
        with self._lock:
            self._seed = int.from_bytes(data[:8], "little")
            self._offset = int.from_bytes(data[8:], "little")
        return self

    def __getstate__(self) -> tuple[str, int, int]:
        return str(self.device), self._seed, self._offset

    def __setstate__(self, state: tuple[str, int, int]) -> None:
        self.device, self._seed, self._offset = Device(state[0]), state[1], state[2]
        self._lock = threading.Lock()


default_generator = Generator()
"""The generator that draws use unless they are given one."""
