"""Reusable memory for large arrays.

Fresh memory is dear: the kernel hands it out page by page, on first touch, and clears every page. Adding two
arrays of 16M float32 values takes half as long again when the result lies in fresh memory. So blocks of 1 MiB
and more are kept when the last array that uses them dies, and serve the next array of their size class.
Smaller arrays come from `np.empty`: there the C library's own cache is quicker than bookkeeping in Python.

A block is lent through a small `_Lease`, which the array keeps as the root of its ``base`` chain. Views, and
views of views, hold on to it as NumPy always does, so its finalizer runs when nobody can see the memory any
more.

At most a quarter of the machine's memory is kept, and never more than the program itself had in use at its
busiest moment. Beyond that, blocks go of the size class that nothing was returned to for longest.

The statistics count large arrays only, in bytes of their size class (up to an eighth more than asked for).
"""

import mmap
import os
import threading
from collections import deque
from typing import Any

import numpy as np

__all__ = [
    "LARGE",
    "Pool",
    "empty",
    "empty_cache",
    "max_memory_allocated",
    "memory_allocated",
    "memory_reserved",
    "set_cache_limit",
]

LARGE = 1 << 20
"""Arrays of at least this many bytes live in pooled blocks."""

_HUGE_PAGE = 2 << 20


class _Block:
    """A stretch of page-aligned memory of its own; dropping it gives the memory back to the system."""

    __slots__ = ("interface", "memory", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self.memory = np.frombuffer(_map(size), np.uint8)
        self.interface = self.memory.__array_interface__


class _Lease:
    """What the arrays in a block hold on to: its end is the end of the last of them."""

    __slots__ = ("__array_interface__", "_block", "_pool")

    def __init__(self, pool: "Pool", block: _Block) -> None:
        self.__array_interface__ = block.interface
        self._block = block
        self._pool = pool

    def __del__(self) -> None:
        self._pool.give_back(self._block)


class Pool:
    """Blocks of memory in size classes, kept for reuse up to a limit; safe to use from several threads.

    A finalizer may run at any moment: in another thread, or in the middle of a method of this class. So it
    never waits. It leaves its block in `_returned`, and whoever next holds the lock, and is not called from
    within `_settle`, sorts it in.

    Args:
        limit: The most bytes to keep for reuse.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lent = self._kept = self._peak = 0
        self._free: dict[int, list[_Block]] = {}  # the size class that was returned to last stands last
        self._returned: deque[_Block] = deque()
        self._lock = threading.RLock()
        self._busy = False

    def lend(self, nbytes: int) -> np.ndarray:
        """Lend a block.

        Args:
            nbytes: The least number of bytes it must have.

        Returns:
            All bytes of the block, as a uint8 array; the block returns when the last view of it is gone.

        Raises:
            MemoryError: The system has no such block to give.
        """
        size = size_class(nbytes)
        with self._lock:
            if self._returned:
                self._settle(self.limit)
            try:
                block = self._free[size].pop()
                self._kept -= size
            except LookupError:
                block = self._fresh(size)
            self._lent += size
            if self._lent > self._peak:
                self._peak = self._lent
        return np.asarray(_Lease(self, block))

    def give_back(self, block: _Block) -> None:
        """Take back a block that nobody can see any more."""
        self._returned.append(block)
        if self._lock.acquire(blocking=False):
            try:
                self._settle(self.limit)
            finally:
                self._lock.release()

    def clear(self) -> None:
        """Give all blocks that are kept for reuse back to the system."""
        with self._lock:
            self._settle(0)

    def statistics(self) -> tuple[int, int, int]:
        """Tell the bytes lent now, the bytes held (lent and kept), and the most bytes ever lent at once."""
        with self._lock:
            self._settle(self.limit)
            return self._lent, self._lent + self._kept, self._peak

    def forked(self) -> None:
        """Drop the kept blocks in a forked child, and unlock.

        While both processes have a block, each page that one of them writes to is copied.
        """
        self.clear()
        self._lock.release()

    def _fresh(self, size: int) -> _Block:
        try:
            return _Block(size)
        except (OSError, OverflowError):
            self.clear()
        try:
            return _Block(size)
        except (OSError, OverflowError) as error:
            raise MemoryError(f"cannot allocate {size} bytes") from error

    def _settle(self, limit: int) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            while self._returned:
                block = self._returned.popleft()
                size = block.size
                blocks = self._free.pop(size, [])
                blocks.append(block)
                self._free[size] = blocks
                self._lent -= size
                self._kept += size
            while self._kept > limit or self._kept > self._peak:
                self._drop_one()
        finally:
            self._busy = False

    def _drop_one(self) -> None:
        size, blocks = next(iter(self._free.items()))
        if blocks:
            blocks.pop(0)
            self._kept -= size
        else:
            del self._free[size]


def size_class(nbytes: int) -> int:
    """Round a number of bytes up to the next of eight steps per power of two.

    Args:
        nbytes: The bytes wanted, at least 16.

    Returns:
        The size of the block to use.

    Example:
        >>> size_class(1 << 20), size_class((1 << 20) + 1)
        (1048576, 1179648)
    """
    shift = nbytes.bit_length() - 4
    return ((nbytes - 1 >> shift) + 1) << shift


def empty(shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
    """Make an array without setting its elements, in reused memory where that pays.

    Args:
        shape: The extents, none of them negative.
        dtype: The type of the elements.

    Returns:
        An ordinary C-contiguous writable array, aligned to 64 bytes at least where it is large.

    Raises:
        MemoryError: There is not enough memory.

    Example:
        >>> empty((2, 3), np.dtype(np.float32)).shape
        (2, 3)
    """
    nbytes = dtype.itemsize
    for extent in shape:
        nbytes *= extent
    if nbytes < LARGE or dtype.hasobject:
        return np.empty(shape, dtype)
    return np.ndarray(shape, dtype, _pool.lend(nbytes))


def empty_cache() -> None:
    """Give all memory that is kept for reuse back to the system."""
    _pool.clear()


def memory_allocated() -> int:
    """Tell how many bytes large arrays occupy now."""
    return _pool.statistics()[0]


def memory_reserved() -> int:
    """Tell how many bytes large arrays occupy or are kept for reuse."""
    return _pool.statistics()[1]


def max_memory_allocated() -> int:
    """Tell how many bytes large arrays occupied at the busiest moment so far."""
    return _pool.statistics()[2]


def set_cache_limit(nbytes: int) -> None:
    """Limit the memory that is kept for reuse; 0 keeps none.

    Args:
        nbytes: The most bytes to keep.
    """
    _pool.limit = nbytes
    _pool.statistics()


def _map(size: int) -> mmap.mmap:
    """Map private memory: what `mmap` takes by itself would be shared with forked children."""
    if not hasattr(mmap, "MAP_PRIVATE"):
        return mmap.mmap(-1, size)
    area = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if size >= _HUGE_PAGE and hasattr(mmap, "MADV_HUGEPAGE"):
        area.madvise(mmap.MADV_HUGEPAGE)
    return area


def _physical_memory() -> int:
    """Tell the memory of the machine, or of the container that confines this process."""
    limits = [4 << 30]
    if hasattr(os, "sysconf"):
        limits = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for path in "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes":
        try:
            with open(path) as file:
                limits.append(int(file.read()))
        except (OSError, ValueError):
            continue
    return min(limits)


def _widen_malloc_cache() -> None:
    """Let glibc keep what small arrays free.

    By default it gives freed memory at the end of its heap back to the system beyond 128 KiB, so a program
    that makes and frees arrays in waves pays for fresh memory all the time. When a large allocation is freed,
    it raises that bound to twice its size (see M_MMAP_THRESHOLD in mallopt(3); allocations beyond 32 MiB do
    not count). The pool keeps such allocations from it, so it is shown one here, which is never touched.
    """
    np.empty(31 << 20, np.uint8)


_pool = Pool(_physical_memory() // 4)
_widen_malloc_cache()
if hasattr(os, "register_at_fork"):
    # No other thread may be in the middle of the bookkeeping when its memory is copied without the thread.
    os.register_at_fork(before=_pool._lock.acquire, after_in_parent=_pool._lock.release, after_in_child=_pool.forked)
