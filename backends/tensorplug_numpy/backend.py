"""``NumpyBackend``: the contract over NumPy arrays."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from tensorplug.backend import Backend, Kernel
from tensorplug.device import Device
from tensorplug.dtypes import HALF, DType
from tensorplug.shapes import Shape, contiguous_strides
from tensorplug.xp.half import MOVES_ONLY, through_float32
from tensorplug_numpy import blas, memory
from tensorplug_numpy.kernels import inplace_table, table
from tensorplug_numpy.parallel import copy
from tensorplug_numpy.quiet import run_quietly
from tensorplug_numpy.workers import get_num_threads, set_num_threads

Array = np.ndarray[Any, Any]


class NumpyBackend(Backend):
    """The CPU through NumPy: the reference device."""

    device_type = "cpu"
    indexed = False

    def __init__(self) -> None:
        self.kernels = table()
        self._inplace = inplace_table()

    def kernel(self, name: str, dtype: DType) -> Kernel | None:
        found = self.kernels.get(name)
        if found is not None and dtype in HALF and name not in MOVES_ONLY:
            return functools.partial(run_quietly, through_float32(found, dtype, np.ndarray))
        return found

    def inplace_kernel(self, name: str, dtype: DType) -> Kernel | None:
        return None if dtype in HALF else self._inplace.get(name)

    def device_name(self, device: Device) -> str:
        return f"NumPy {np.__version__}"

    def empty(self, shape: Shape, dtype: DType, device: Device) -> Array:
        return memory.empty(shape, dtype.numpy)

    def from_host(self, host: Array, device: Device) -> Array:
        made = memory.empty(host.shape, host.dtype.newbyteorder("="))
        return copy(made, host)

    def share_host(self, host: Array) -> Array:
        return host

    def to_host(self, array: Array) -> Array:
        return array

    def view(self, array: Array, shape: Shape, strides: Shape, offset: int) -> Array:
        itemsize = array.itemsize
        try:
            return _ndarray(shape, array.dtype, array, offset * itemsize, [s * itemsize for s in strides])
        except ValueError:
            # No elements; a dtype of ml_dtypes, which has no buffer protocol; or an array that is itself strided.
            return _view(array, shape, strides, offset)

    def reinterpret(self, array: Array, dtype: DType) -> Array:
        if array.flags.c_contiguous:
            return array.reshape(-1).view(np.uint8).view(dtype.numpy)
        start, stop = np.lib.array_utils.byte_bounds(array)
        interface = {
            "version": 3,
            "typestr": "|u1",
            "shape": (stop - start,),
            "data": (start, not array.flags.writeable),
        }
        return np.asarray(_Interface(interface, array)).view(dtype.numpy)

    def shape(self, array: Array) -> Shape:
        return array.shape

    def strides(self, array: Array) -> Shape:
        if not array.size:
            return contiguous_strides(array.shape)  # NumPy's are 0 there
        itemsize = array.itemsize
        return tuple([s // itemsize for s in array.strides])

    def copy_into(self, target: Array, source: Array) -> None:
        copy(target, source)

    def data_ptr(self, array: Array) -> int:
        return array.ctypes.data

    def empty_cache(self) -> None:
        memory.empty_cache()

    def memory_allocated(self, device: Device) -> int:
        return memory.memory_allocated()

    def num_threads(self) -> int:
        return get_num_threads()

    def set_num_threads(self, threads: int) -> None:
        set_num_threads(threads)
        blas.set_num_threads(threads)

    def diagnostics(self) -> list[tuple[str, str]]:
        found = blas.status()
        return [
            ("matrix library", found["library"]),
            ("its kernels", f"{found['core']} (the choice: {found['choice']})"),
            ("its threads", found["threads"]),
            ("threads for other large work", str(get_num_threads())),
        ]


_ndarray = np.ndarray


def _view(array: Array, shape: Shape, strides: Shape, offset: int) -> Array:
    if 0 in shape:
        return np.empty(shape, array.dtype)
    if not array.flags.c_contiguous:
        return _strided(array, shape, strides, offset)
    itemsize = array.itemsize
    steps = tuple(s * itemsize for s in strides)
    return np.ndarray(shape, np.uint16, array.view(np.uint16), offset * itemsize, steps).view(array.dtype)


def _strided(array: Array, shape: Shape, strides: Shape, offset: int) -> Array:
    """A view over an array that is not C-contiguous itself, as NumPy makes for transposed operands."""
    flat = array.ravel(order="K")
    if not np.may_share_memory(flat, array):
        # Memory with gaps, shared by a NumPy user: address it from its first element.
        interface = {
            "version": 3,
            "typestr": array.dtype.str,
            "shape": shape,
            "strides": tuple(s * array.itemsize for s in strides),
            "data": (array.__array_interface__["data"][0] + offset * array.itemsize, not array.flags.writeable),
        }
        return np.asarray(_Interface(interface, array))
    return np.ndarray(shape, array.dtype, flat, offset * array.itemsize, tuple(s * array.itemsize for s in strides))


class _Interface:
    """Shows NumPy memory by address and keeps its owner alive."""

    def __init__(self, interface: dict[str, Any], owner: Array) -> None:
        self.__array_interface__ = interface
        self._owner = owner
