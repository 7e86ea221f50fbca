"""Tests of the OpenCL backend: on every device that has a driver here, or skipped with the reason."""

from typing import Any

import pytest

import tensorplug_opencl
from tensorplug import registry
from tensorplug.errors import PluginError


def _found() -> tuple[list[str], str]:
    """The devices, or why there are none."""
    if not any(plugin is tensorplug_opencl for _, plugin in registry.plugins()):
        registry.register(tensorplug_opencl, "opencl")
    try:
        backend = registry.backend_of("opencl")
    except PluginError as error:
        registry.failures.pop("opencl", None)
        return [], str(error)
    return [f"opencl:{index}" for index in range(backend.device_count())], ""


DEVICES, REASON = _found()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "device" in metafunc.fixturenames:
        nothing = pytest.param(None, marks=pytest.mark.skip(reason=REASON))
        metafunc.parametrize("device", DEVICES or [nothing])


@pytest.fixture
def runtime(device: str) -> Any:
    """The runtime of the device: its counters and its programs."""
    return registry.backend_of("opencl").runtime(registry.resolve(device))
