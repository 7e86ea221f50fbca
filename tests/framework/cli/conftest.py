import functools
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

import tensorplug as tp
from tensorplug.cli import main
from tensorplug.hookspecs import BackendEntry, hookimpl
from tensorplug_numpy.backend import NumpyBackend


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command line; lines are wide enough for what the tests look for."""
    monkeypatch.setenv("COLUMNS", "200")
    runner = CliRunner()
    return lambda *arguments: runner.invoke(main, arguments)


@pytest.fixture
def plug() -> Iterator[Callable[..., None]]:
    """Registers a plugin whose hooks return the given values; it is gone when the test ends."""
    names = []

    def register(name: str, **hooks: Callable[..., Any]) -> None:
        plugin = SimpleNamespace(**{hook: hookimpl(function) for hook, function in hooks.items()})
        names.append(tp.registry.register(plugin, name))

    yield register
    for name in names:
        tp.registry.unregister(name)
        tp.registry.failures.pop(name, None)


@pytest.fixture
def add_device(plug: Callable[..., None]) -> Callable[..., None]:
    """Adds a device type: NumPy's backend under another name, with attributes replaced."""

    def add(device_type: str, **attributes: Any) -> None:
        made = type("Made", (NumpyBackend,), {"device_type": device_type, **attributes})
        entry = BackendEntry(device_type, functools.partial(made))
        plug(f"plugin-of-{device_type}", tensorplug_backends=lambda: [entry])

    return add
