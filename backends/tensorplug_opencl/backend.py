"""``OpenCLBackend``: the contract over ``Array``."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug.backend import Backend, Kernel
from tensorplug.device import Device
from tensorplug.dtypes import DType, from_numpy
from tensorplug.shapes import Shape
from tensorplug_opencl import drivers, kernels
from tensorplug_opencl.array import Array
from tensorplug_opencl.kernels import movement
from tensorplug_opencl.programs import cache_folder
from tensorplug_opencl.runtime import Runtime, lacking


class OpenCLBackend(Backend):
    """All OpenCL devices of this machine.

    Raises:
        ImportError: pyopencl cannot be imported.
        RuntimeError: there is no driver; the message says what to install.
    """

    device_type = "opencl"

    def __init__(self) -> None:
        self._cl = drivers.load_pyopencl()
        self._devices = drivers.find_devices(self._cl)
        if not self._devices:
            raise RuntimeError(drivers.no_device_message())
        self._runtimes: dict[int, Runtime] = {}

    def runtime(self, device: Device) -> Runtime:
        """The runtime of a device, started on first use."""
        index = device.index or 0
        found = self._runtimes.get(index)
        if found is None:
            made = Runtime(self._cl, self._devices[index], index)
            found = self._runtimes.setdefault(index, made)
        return found

    def kernel(self, name: str, dtype: DType) -> Kernel | None:
        return kernels.find(name, dtype, self.runtime)

    def inplace_kernel(self, name: str, dtype: DType) -> Kernel | None:
        return kernels.inplace(name, dtype)

    def unsupported_on(self, device: Device) -> frozenset[DType]:
        return lacking(self._devices[device.index or 0])

    def device_count(self) -> int:
        return len(self._devices)

    def device_name(self, device: Device) -> str:
        return self.runtime(device).name

    def empty(self, shape: Shape, dtype: DType, device: Device) -> Array:
        return self.runtime(device).empty(shape, dtype)

    def from_host(self, host: np.ndarray[Any, Any], device: Device) -> Array:
        home = self.runtime(device)
        found = home.empty(host.shape, from_numpy(host.dtype))
        home.write(found, host)
        return found

    def to_host(self, array: Array) -> np.ndarray[Any, Any]:
        return array.home.read(movement.contiguous(array))

    def view(self, array: Array, shape: Shape, strides: Shape, offset: int) -> Array:
        return Array(array.home, array.memory, array.dtype, shape, strides, array.start + offset)

    def reinterpret(self, array: Array, dtype: DType) -> Array:
        count = array.size * array.dtype.itemsize // dtype.itemsize
        return Array(array.home, array.memory, dtype, (count,), (1,))

    def shape(self, array: Array) -> Shape:
        return array.shape

    def strides(self, array: Array) -> Shape:
        return array.strides

    def copy_into(self, target: Array, source: Array) -> None:
        movement.copy_into(target, source)

    def synchronize(self, device: Device) -> None:
        self.runtime(device).wait()

    def empty_cache(self) -> None:
        for home in list(self._runtimes.values()):
            home.free_held()

    def memory_allocated(self, device: Device) -> int:
        return self.runtime(device).allocated

    def diagnostics(self) -> list[tuple[str, str]]:
        found = [("pyopencl", str(self._cl.VERSION_TEXT)), ("kernels kept in", str(cache_folder() or "memory alone"))]
        for index, device in enumerate(self._devices):
            text = f"{device.name.strip()}, driver {device.driver_version}, {device.version.strip()}"
            found.append((f"opencl:{index}", text))
        return found
