"""The CuPy backend over the stand-in: every test in this folder runs on the stand-in, not on a GPU."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import tensorplug_cupy
from tensorplug import registry

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def cupy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The stand-in as ``cupy``, and device ``cuda`` (twice) over it for one test."""
    from numpy_standing_in_for_cupy import standing_in

    there = next((p for _, p in registry.plugins() if p is tensorplug_cupy), None)
    if there is not None:
        registry.unregister(there)
    with standing_in(monkeypatch) as library:
        registry.register(tensorplug_cupy)
        yield library
        registry.unregister(tensorplug_cupy)
    if there is not None:
        registry.register(there, "cuda")
