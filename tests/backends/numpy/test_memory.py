"""Memory of large arrays is reused once, and only once, nobody can see it any more."""

import gc
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from tensorplug_numpy import memory

F32 = np.dtype(np.float32)
LARGE_SHAPE = (1024, 1024)
LARGE_BYTES = 4 << 20


@pytest.fixture(autouse=True)
def new_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_pool", memory.Pool(limit=1 << 40))


def address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]


def large() -> np.ndarray:
    return memory.empty(LARGE_SHAPE, F32)


@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 5), (2, 3), LARGE_SHAPE, (1 << 20,), (4, 513, 1025)])
@pytest.mark.parametrize("dtype", [np.float32, np.bool_, np.complex128, ml_dtypes.bfloat16])
def test_arrays_are_ordinary(shape: tuple[int, ...], dtype: type) -> None:
    array = memory.empty(shape, np.dtype(dtype))
    assert type(array) is np.ndarray
    assert array.shape == shape
    assert array.dtype == dtype
    assert array.flags.c_contiguous
    assert array.flags.writeable
    array[...] = 1
    assert (array == 1).all()


def test_large_arrays_are_aligned_to_64_bytes() -> None:
    arrays = [memory.empty((extent,), F32) for extent in range(1 << 18, 1 << 21, 99_991)]
    assert [address(array) % 64 for array in arrays] == [0] * len(arrays)


def test_memory_is_reused_after_the_last_array_died() -> None:
    array = large()
    place = address(array)
    del array
    assert address(large()) == place


def test_arrays_that_live_together_do_not_overlap() -> None:
    arrays = [large() for _ in range(8)]
    for value, array in enumerate(arrays):
        array[...] = value
    assert [array.min() for array in arrays] == list(range(8))
    assert [array.max() for array in arrays] == list(range(8))


VIEWS: dict[str, Callable[[np.ndarray], Any]] = {
    "slice of a slice": lambda a: a[10:][5:],
    "transpose": lambda a: a.T,
    "other dtype": lambda a: a.view(np.int32),
    "reshape": lambda a: a.reshape(-1)[::2],
    "memoryview": lambda a: a.data,
    "frombuffer": lambda a: np.frombuffer(a, np.uint8),
    "dlpack": np.from_dlpack,
    "base": lambda a: a.base,
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
def test_a_view_keeps_the_memory(view: Callable[[np.ndarray], Any]) -> None:
    array = large()
    array[...] = 7
    seen = view(array)
    before = np.array(seen)
    del array
    others = [large() for _ in range(4)]
    for other in others:
        other[...] = -1
    assert np.array_equal(np.asarray(seen), before)


def test_a_view_that_dies_frees_the_memory() -> None:
    view = large()[1:].T
    assert memory.memory_allocated() == LARGE_BYTES
    del view
    assert memory.memory_allocated() == 0


def test_sizes_of_one_class_share_memory() -> None:
    array = memory.empty((LARGE_BYTES - 100,), np.dtype(np.uint8))
    place = address(array)
    del array
    assert address(large()) == place


@pytest.mark.parametrize("nbytes", [1 << 20, (1 << 20) + 1, 3_000_000, (1 << 30) - 1, (1 << 40) + 12345])
def test_a_size_class_wastes_an_eighth_at_most(nbytes: int) -> None:
    size = memory.size_class(nbytes)
    assert nbytes <= size <= nbytes * 9 / 8
    assert memory.size_class(size) == size


def test_statistics_follow_the_arrays() -> None:
    before = memory.memory_allocated(), memory.memory_reserved(), memory.max_memory_allocated()
    arrays = [large(), large()]
    busy = memory.memory_allocated(), memory.memory_reserved()
    arrays.clear()
    after = memory.memory_allocated(), memory.memory_reserved()
    memory.empty_cache()
    assert before == (0, 0, 0)
    assert busy == (2 * LARGE_BYTES, 2 * LARGE_BYTES)
    assert after == (0, 2 * LARGE_BYTES)
    assert memory.memory_reserved() == 0
    assert memory.max_memory_allocated() == 2 * LARGE_BYTES


def test_small_arrays_are_not_counted() -> None:
    array = memory.empty((1000,), F32)
    assert array.flags.owndata
    assert memory.memory_allocated() == 0


def test_python_objects_never_live_in_reused_memory() -> None:
    array = memory.empty((1 << 18,), np.dtype(object))
    assert array[0] is None
    assert memory.memory_allocated() == 0


def test_no_more_is_kept_than_the_limit() -> None:
    pool = memory.Pool(limit=3 << 20)
    blocks = [pool.lend(1 << 20) for _ in range(8)]
    blocks.clear()
    assert pool.statistics() == (0, 3 << 20, 8 << 20)


def test_no_more_is_kept_than_was_in_use_at_once() -> None:
    pool = memory.Pool(limit=1 << 40)
    for mebibytes in range(1, 6):
        pool.lend(mebibytes << 20)
    lent, held, most = pool.statistics()
    assert lent == 0
    assert held <= most == 5 << 20


def test_the_class_that_nothing_was_returned_to_for_longest_goes_first() -> None:
    pool = memory.Pool(limit=6 << 20)
    old, recent, new = pool.lend(2 << 20), pool.lend(3 << 20), pool.lend(3 << 20)
    recent_place = address(recent)
    del old, recent, new
    assert pool.statistics()[1] == 6 << 20
    assert address(pool.lend(3 << 20)) != recent_place
    assert pool.statistics()[1] == 6 << 20


def test_a_limit_of_zero_keeps_nothing() -> None:
    array = large()
    memory.set_cache_limit(0)
    del array
    assert memory.memory_reserved() == 0


def test_memory_that_nobody_has_is_an_error() -> None:
    with pytest.raises(MemoryError, match="bytes"):
        memory.empty((1 << 55,), F32)
    assert memory.memory_allocated() == 0


def test_what_is_kept_is_given_up_before_an_allocation_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = memory.Pool(limit=1 << 40)
    pool.lend(1 << 20)
    map_memory = memory._map
    held = []

    def map_when_empty(size: int) -> object:
        held.append(pool.statistics()[1])
        if held[-1]:
            raise OSError("no memory")
        return map_memory(size)

    monkeypatch.setattr(memory, "_map", map_when_empty)
    assert pool.lend(2 << 20).nbytes == 2 << 20
    assert held == [1 << 20, 0]


def test_threads_share_the_pool() -> None:
    failures = []

    def work(value: int) -> None:
        for round_ in range(200):
            array = memory.empty((1 << 18,), F32)
            array[::1024] = value
            other = memory.empty((1 << 18, 2), F32)
            other[::1024] = -value
            if (array[::1024] != value).any():
                failures.append((value, round_))

    threads = [threading.Thread(target=work, args=(value,)) for value in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert memory.memory_allocated() == 0


class Careless:
    """Something in a reference cycle whose finalizer makes large arrays."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        large()[...] = 1


def test_finalizers_may_allocate_at_any_moment() -> None:
    thresholds = gc.get_threshold()
    gc.set_threshold(1)
    try:
        for _ in range(100):
            Careless()
            array = large()
            array[0] = 2
            assert (array[0] == 2).all()
            del array
    finally:
        gc.set_threshold(*thresholds)
    gc.collect()
    assert memory.memory_allocated() == 0


def test_a_finalizer_in_the_middle_of_the_bookkeeping_loses_nothing() -> None:
    pool = memory.Pool(limit=1 << 40)
    arrays = [pool.lend(1 << 20), pool.lend(1 << 20)]

    class Returned(deque[Any]):
        def popleft(self) -> Any:
            arrays.clear()
            return super().popleft()

    pool._returned = Returned()
    arrays.pop()
    assert pool.statistics() == (0, 2 << 20, 2 << 20)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_has_memory_of_its_own() -> None:
    code = """
import os, threading
import numpy as np
from tensorplug_numpy import memory
f32 = np.dtype(np.float32)
array, kept = memory.empty((1 << 20,), f32), memory.empty((1 << 20,), f32)
array[...] = 1
del kept
child = os.fork()
if child == 0:
    reserved = memory.memory_reserved()
    array[...] = 2
    memory.empty((1 << 20,), f32)[...] = 3
    os._exit(0 if reserved == 4 << 20 and (array == 2).all() else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert memory.memory_reserved() == 8 << 20
assert (array == 1).all()
"""
    assert run(code) == ""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_may_come_at_any_moment() -> None:
    code = """
import os, threading
import numpy as np
from tensorplug_numpy import memory
def work():
    while not over:
        memory.empty((1 << 20,), np.dtype(np.uint8))
over = False
thread = threading.Thread(target=work)
thread.start()
for _ in range(50):
    child = os.fork()
    if child == 0:
        memory.empty((1 << 20,), np.dtype(np.uint8))
        os._exit(0 if memory.memory_allocated() <= 1 << 20 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
over = True
thread.join()
"""
    assert run(code) == ""


def test_arrays_may_outlive_everything_else() -> None:
    code = """
import sys
import numpy as np
from tensorplug_numpy import memory
sys.keep = memory.empty((1 << 20,), np.dtype(np.float32))
class Holder: pass
holder = Holder()
holder.itself, holder.array = holder, memory.empty((1 << 20,), np.dtype(np.float32))
"""
    assert run(code) == ""


def run(code: str) -> str:
    """Run a program that must succeed; return what it complained about."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore:This process:DeprecationWarning", "-c", code],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr
