"""``CupyBackend``: the contract over CuPy arrays."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from tensorplug.backend import Backend, Kernel
from tensorplug.device import Device
from tensorplug.dtypes import HALF, DType
from tensorplug.shapes import Shape, contiguous_strides
from tensorplug.xp.half import through_float32
from tensorplug_cupy import streams
from tensorplug_cupy.kernels import EXACT_IN_HALF, elementwise, table

Array = Any


class CupyBackend(Backend):
    """NVIDIA GPUs through CuPy.

    Raises:
        ImportError: CuPy cannot be imported.
    """

    device_type = "cuda"
    # Values for one place are added in the order in which threads arrive.
    nondeterministic = frozenset(("scatter_src", "scatter_combine"))

    def __init__(self) -> None:
        self._cupy = streams.load_cupy()
        self._count = streams.device_count(self._cupy)
        self.kernels = table(self._cupy)
        self._inplace = elementwise.inplace_kernels(self._cupy)

    def kernel(self, name: str, dtype: DType) -> Kernel | None:
        found = self.kernels.get(name)
        if found is not None and dtype in HALF and name not in EXACT_IN_HALF[dtype]:
            found = through_float32(found, dtype, self._cupy.ndarray)
        return self._on_its_device(found)

    def inplace_kernel(self, name: str, dtype: DType) -> Kernel | None:
        return None if dtype in HALF else self._on_its_device(self._inplace.get(name))

    def _on_its_device(self, kernel: Kernel | None) -> Kernel | None:
        """The kernel, run with the arrays' device as the current one: CuPy does not switch by itself."""
        if kernel is None or self._count < 2:
            return kernel

        @functools.wraps(kernel)
        def call(*args: Any) -> Any:
            with self._cupy.cuda.Device(self._index_in(args)):
                return kernel(*args)

        return call

    def _index_in(self, args: tuple[Any, ...]) -> int | None:
        """The index of the first array or device among the arguments; tuples of arrays are looked into."""
        for value in args:
            if isinstance(value, self._cupy.ndarray):
                return int(value.device.id)
            if isinstance(value, Device):
                return value.index
            found = self._index_in(value) if value.__class__ is tuple else None
            if found is not None:
                return found
        return None

    def device_count(self) -> int:
        return self._count

    def device_name(self, device: Device) -> str:
        properties = self._cupy.cuda.runtime.getDeviceProperties(device.index or 0)
        return str(properties["name"].decode())

    def empty(self, shape: Shape, dtype: DType, device: Device) -> Array:
        with self._cupy.cuda.Device(device.index or 0):
            return self._cupy.empty(shape, dtype.numpy)

    def from_host(self, host: np.ndarray[Any, Any], device: Device) -> Array:
        with self._cupy.cuda.Device(device.index or 0):
            # Without blocking, page-locked memory would still be read after this has returned.
            return self._cupy.array(host, order="C", blocking=True)

    def to_host(self, array: Array) -> np.ndarray[Any, Any]:
        with array.device:
            host: np.ndarray[Any, Any] = self._cupy.asnumpy(array)
            return host

    def view(self, array: Array, shape: Shape, strides: Shape, offset: int) -> Array:
        itemsize = array.itemsize
        steps = tuple([s * itemsize for s in strides])
        return self._cupy.ndarray(shape, array.dtype, array.data + offset * itemsize, steps)

    def reinterpret(self, array: Array, dtype: DType) -> Array:
        return self._cupy.ndarray((array.nbytes // dtype.itemsize,), dtype.numpy, array.data)

    def shape(self, array: Array) -> Shape:
        return tuple(array.shape)

    def strides(self, array: Array) -> Shape:
        if not array.size:
            return contiguous_strides(array.shape)
        itemsize = array.itemsize
        return tuple([s // itemsize for s in array.strides])

    def copy_into(self, target: Array, source: Array) -> None:
        with target.device:
            if self._cupy.may_share_memory(target, source):
                # CuPy's assignment reads and writes in no order, so what overlaps is copied first.
                source = source.copy()
            if source.dtype.kind == "c" and target.dtype.kind != "c":
                source = source.real
            target[...] = source

    def data_ptr(self, array: Array) -> int:
        return int(array.data.ptr)

    def synchronize(self, device: Device) -> None:
        self._cupy.cuda.Device(device.index or 0).synchronize()

    def empty_cache(self) -> None:
        streams.free_held(self._cupy)

    def memory_allocated(self, device: Device) -> int:
        return streams.allocated_bytes(self._cupy, device.index or 0)

    def diagnostics(self) -> list[tuple[str, str]]:
        found = [("CuPy", str(self._cupy.__version__)), ("GPUs", str(self._count))]
        for index in range(self._count):
            held = streams.held_bytes(self._cupy, index)
            found.append((f"cuda:{index}", f"{self.device_name(Device('cuda', index))}, {held} bytes held"))
        return found
