"""A small backend of a kind of its own: device ``toy``, whose arrays are windows onto lists of Python numbers.

It shares neither code nor conventions with NumPy, so it shows what the contract of a backend asks for and what it does
not. It is complete: every primitive has a kernel. It is slow, and no example of how to be fast.
"""

from __future__ import annotations

from tensorplug.backend import Backend
from tensorplug.hookspecs import BackendEntry, hookimpl


def _load() -> Backend:
    # The one late import: a plugin's module must be cheap to import.
    from tensorplug_toy.backend import ToyBackend

    return ToyBackend()


@hookimpl
def tensorplug_backends() -> list[BackendEntry]:
    """The toy device."""
    return [BackendEntry("toy", _load)]
