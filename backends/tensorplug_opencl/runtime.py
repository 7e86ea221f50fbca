"""One device at work: its context, its queue, its memory pool and its programs.

Work runs in the order in which it was given, whichever thread gave it: one queue in order, behind one lock. So a buffer
may go back to the pool as soon as Python forgets it, and be given out again while older work still reads it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from tensorplug.dtypes import DType, int64
from tensorplug.shapes import Shape, contiguous_strides
from tensorplug_opencl.array import Array
from tensorplug_opencl.codes import WIDE
from tensorplug_opencl.programs import Programs

_LARGE = 1 << 20
_SPARE = 1 << 28  # bytes that are kept for reuse in any case


class OutOfMemoryError(RuntimeError):
    """A device has no room for an array; what was held for reuse has been given back already."""


class Runtime:
    """A device, and everything needed to make it work.

    Attributes:
        cl: pyopencl.
        device: its device.
        index: the number in ``"opencl:0"``.
        is_cpu: whether work-items run one after the other on few cores, rather than side by side.
        shares_memory: whether buffers are the host's memory, so that mapping one copies nothing.
        has_double: whether the device computes in double precision.
        group: work-items in a group that reduces together.
        tile: the side of the square of work-items that takes a tile of a product of matrices.
        launches, waits: how often a kernel was started, and how often the host waited for the device.
    """

    def __init__(self, cl: Any, device: Any, index: int) -> None:
        self.cl = cl
        self.device = device
        self.index = index
        self.name = f"{device.name.strip()} ({device.platform.name.strip()})"
        self.is_cpu = bool(device.type & cl.device_type.CPU)
        self.shares_memory = bool(device.host_unified_memory)
        self.has_double = has_double(device)
        # On a CPU the items of a group are one after the other the lanes of a vector, and a group is a task.
        self.group = min(16 if self.is_cpu else 256, device.max_work_group_size)
        self._most = device.max_work_group_size
        self.tile = 16 if self._most >= 256 else 8 if self._most >= 64 else 1
        self.units = device.max_compute_units
        self.context = cl.Context([device])
        self.queue = cl.CommandQueue(self.context)
        self.programs = Programs(cl, self.context, device)
        self._pool = cl.tools.MemoryPool(cl.tools.ImmediateAllocator(self.queue))
        self.lock = threading.RLock()
        self.launches = 0
        self.waits = 0
        self._peak = 0
        self._report: Array | None = None
        self._kernels: dict[Any, Any] = {}

    # ------------------------------------------------------------------------------------------ memory

    def empty(self, shape: Shape, dtype: DType) -> Array:
        """A new contiguous array.

        Raises:
            OutOfMemoryError: there is no room for it.
        """
        count = dtype.itemsize
        for n in shape:
            count *= n
        # Buffers without bytes do not exist.
        return Array(self, self._allocate(count or 1), dtype, shape, contiguous_strides(shape))

    def _allocate(self, count: int) -> Any:
        if count >= _LARGE and self.held - self.allocated > max(self.allocated, _SPARE):
            # Arrays of ever new sizes would otherwise pile up what none of them reuses.
            self._pool.free_held()
        try:
            memory = self._pool.allocate(count)
        except self.cl.Error as error:
            raise OutOfMemoryError(
                f"device 'opencl:{self.index}' is out of memory: {count} bytes were asked for; arrays occupy "
                f"{self.allocated} bytes, {self.device.global_mem_size} bytes are there in all, and a single array "
                f"may have {self.device.max_mem_alloc_size}"
            ) from error
        self._peak = max(self._peak, self._pool.active_bytes)
        return memory

    @property
    def allocated(self) -> int:
        """Bytes that live arrays occupy."""
        return int(self._pool.active_bytes)

    @property
    def held(self) -> int:
        """Bytes that live arrays occupy, and those kept for reuse."""
        return int(self._pool.managed_bytes)

    @property
    def peak(self) -> int:
        """The most bytes that arrays occupied at a time."""
        return self._peak

    def free_held(self) -> None:
        """Give memory that is kept for reuse back to the driver, which lets work that uses it finish."""
        self._pool.free_held()

    # ------------------------------------------------------------------------------------------ work

    def kernel(self, key: Any, write: Callable[[], str]) -> Any:
        """The kernel ``run`` of the program that ``write`` returns; it is asked once for each ``key``."""
        found = self._kernels.get(key)
        if found is None:
            found = self._kernels.setdefault(key, self.programs.kernel(write(), "run"))
        return found

    def launch(
        self, kernel: Any, items: tuple[int, ...], group: tuple[int, ...], buffers: list[Any], values: list[bytes]
    ) -> None:
        """Start a kernel.

        Args:
            kernel: as ``programs.kernel`` gives it.
            items: work-items in each dim; a multiple of ``group``.
            group: those in a group; fewer in the first dim where the device cannot have so many.
            buffers: its first arguments.
            values: the bytes of those that are passed by value, which follow.
        """
        first: list[Any] = []
        for position, memory in enumerate(buffers):
            first += (position, memory)
        position = len(buffers)
        last: list[Any] = []
        for value in values:
            last += (position, value)
            position += 1
        if group[0] > self._most:
            group = (self._most, *group[1:])
        with self.lock:
            # A kernel object holds its arguments, so no other thread may come between.
            kernel._set_arg_multi(tuple(first))
            kernel._set_arg_buf_multi(tuple(last))
            self.cl.enqueue_nd_range_kernel(self.queue, kernel, items, group)
            self.launches += 1

    def wait(self) -> None:
        """Wait until all work is done."""
        self.waits += 1
        self.queue.finish()

    def read(self, x: Array) -> np.ndarray[Any, Any]:
        """A contiguous array's elements, once they are computed."""
        host = np.empty(x.shape, x.dtype.numpy)
        if host.size:
            with self.lock:
                self.waits += 1
                raw = host.reshape(-1).view(np.uint8)
                self.cl.enqueue_copy(self.queue, raw, x.memory, src_offset=x.start * x.dtype.itemsize)
        return host

    @contextmanager
    def mapped(self, x: Array, writes: bool = False) -> Iterator[np.ndarray[Any, Any]]:
        """An array's elements in the memory of the host, once they are computed; copies nothing where both share it.

        Args:
            x: of any strides; its dtype is one of NumPy's own.
            writes: all its elements will be written.
        """
        flags = self.cl.map_flags.WRITE_INVALIDATE_REGION if writes else self.cl.map_flags.READ
        size = x.dtype.itemsize
        start = x.start * size
        length = (1 + sum((n - 1) * s for n, s in zip(x.shape, x.strides))) * size if x.size else 0
        self.waits += 1
        if not length:
            yield np.empty(x.shape, x.dtype.numpy)
            return
        raw, _ = self.cl.enqueue_map_buffer(self.queue, x.memory, flags, start, (length,), np.uint8)
        try:
            steps = tuple([s * size for s in x.strides])
            yield np.ndarray(x.shape, x.dtype.numpy, raw, 0, steps)
        finally:
            raw.base.release(self.queue)

    def write(self, x: Array, host: np.ndarray[Any, Any]) -> None:
        """Fill a contiguous array from the host; ``host`` may change afterwards."""
        if host.size:
            raw = np.ascontiguousarray(host).reshape(-1).view(np.uint8)
            with self.lock:
                self.waits += 1
                self.cl.enqueue_copy(self.queue, x.memory, raw, dst_offset=x.start * x.dtype.itemsize)

    # ------------------------------------------------------------------------------------------ reports

    def report(self) -> Array:
        """Where a kernel tells what is wrong with its data: (whether anything is, a number to name in the message).

        Taken and read within ``lock``; zeros when nothing is wrong.
        """
        if self._report is None:
            self._report = self.empty((2,), int64)
            self.write(self._report, np.zeros(2, np.int64))
        return self._report

    def reported(self) -> int | None:
        """What a kernel has told since ``report``, which is cleared; waits for the kernel."""
        assert self._report is not None
        found = self.read(self._report)
        if not found[0]:
            return None
        self.write(self._report, np.zeros(2, np.int64))
        return int(found[1])


def has_double(device: Any) -> bool:
    """Whether a device computes in double precision."""
    return "cl_khr_fp64" in device.extensions.split()


def lacking(device: Any) -> frozenset[DType]:
    """The dtypes that a device does not compute."""
    return frozenset() if has_double(device) else WIDE
