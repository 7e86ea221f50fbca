"""What all tests may use: the toy device, and plugins made on the spot."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tensorplug import registry
from tensorplug.extend import hookimpl

sys.path.insert(0, str(Path(__file__).parent / "toy"))


@pytest.fixture
def toy() -> Iterator[str]:
    """The toy backend, registered for one test; the value is its device type."""
    import tensorplug_toy

    registry.register(tensorplug_toy)
    yield "toy"
    registry.unregister(tensorplug_toy)


@pytest.fixture
def plug() -> Iterator[Callable[..., Any]]:
    """Registers a plugin for one test: ``plug("name", ops=lambda: [...])``, with hooks named without their prefix."""
    made = []

    def register(name: str, **hooks: Callable[..., Any]) -> Any:
        plugin = SimpleNamespace(**{f"tensorplug_{hook}": hookimpl(function) for hook, function in hooks.items()})
        registry.register(plugin, name)
        made.append(plugin)
        return plugin

    yield register
    there = [plugin for _, plugin in registry.plugins()]
    for plugin in made:
        if any(plugin is p for p in there):
            registry.unregister(plugin)
