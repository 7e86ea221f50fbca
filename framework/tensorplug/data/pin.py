"""Batches in page-locked memory, from which devices copy faster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tensorplug.data.collate import like_mapping, like_sequence
from tensorplug.tensor import Tensor


def pin_memory(data: Any) -> Any:
    """``data`` with every tensor inside pinned, and every object that has a method ``pin_memory``."""
    if isinstance(data, Tensor):
        return data.pin_memory()
    if isinstance(data, str | bytes):
        return data
    if isinstance(data, Mapping):
        return like_mapping(data, {key: pin_memory(value) for key, value in data.items()})
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*map(pin_memory, data))
    if isinstance(data, tuple):
        return [pin_memory(item) for item in data]
    if isinstance(data, Sequence):
        return like_sequence(data, [pin_memory(item) for item in data])
    return data.pin_memory() if hasattr(data, "pin_memory") else data
