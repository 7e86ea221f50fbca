"""The CuPy backend: devices ``cuda``, ``cuda:1``, ... CuPy and the kernels load on the first use of the device.

Not yet run on a GPU.
"""

from __future__ import annotations

from tensorplug.backend import Backend
from tensorplug.hookspecs import BackendEntry, hookimpl


def _load() -> Backend:
    # The one late import: a plugin's module must be cheap to import.
    from tensorplug_cupy.backend import CupyBackend

    return CupyBackend()


@hookimpl
def tensorplug_backends() -> list[BackendEntry]:
    """NVIDIA GPUs."""
    return [BackendEntry("cuda", _load)]
