"""The OpenCL backend: devices ``opencl``, ``opencl:1``, ... of every driver found, GPUs first.

pyopencl, the drivers and the kernels load on the first use of a device.
"""

from __future__ import annotations

from tensorplug.backend import Backend
from tensorplug.hookspecs import BackendEntry, hookimpl


def _load() -> Backend:
    # The one late import: a plugin's module must be cheap to import.
    from tensorplug_opencl.backend import OpenCLBackend

    return OpenCLBackend()


@hookimpl
def tensorplug_backends() -> list[BackendEntry]:
    """Whatever has an OpenCL driver: GPUs of AMD, Intel, NVIDIA and phones, and CPUs."""
    return [BackendEntry("opencl", _load)]
