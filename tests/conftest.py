"""What all tests may use: the toy device."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tensorplug import registry

sys.path.insert(0, str(Path(__file__).parent / "toy"))


@pytest.fixture
def toy() -> Iterator[str]:
    """The toy backend, registered for one test; the value is its device type."""
    import tensorplug_toy

    registry.register(tensorplug_toy)
    yield "toy"
    registry.unregister(tensorplug_toy)
