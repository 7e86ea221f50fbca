"""Arguments that may be one number for all spatial dimensions or one for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Sizes = int | tuple[int, ...]


def per_dim(value: Any, rank: int) -> tuple[Any, ...]:
    """``value`` as a tuple: itself when it is iterable, else repeated ``rank`` times."""
    return tuple(value) if isinstance(value, Iterable) else (value,) * rank
