"""The NumPy backend: device ``cpu``. NumPy itself and the kernels load on the first use of the device."""

from __future__ import annotations

from tensorplug.backend import Backend
from tensorplug.hookspecs import BackendEntry, hookimpl


def _load() -> Backend:
    # The one late import: a plugin's module must be cheap to import.
    from tensorplug_numpy.backend import NumpyBackend

    return NumpyBackend()


@hookimpl
def tensorplug_backends() -> list[BackendEntry]:
    """The CPU."""
    return [BackendEntry("cpu", _load)]
