"""Batches of matrix products spread over threads.

OpenBLAS can share one product among its threads, but what comes between products then runs on one core, and when a
core is busy elsewhere, all its threads wait for the one that lacks it. So here our own threads take parts of a batch,
each with all the work on them, and OpenBLAS is told to keep every product on the thread that asks for it.
"""

import contextlib
import ctypes
import functools
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tensorplug_numpy.blas import openblas_function
from tensorplug_numpy.quiet import run_quietly
from tensorplug_numpy.workers import get_num_threads, run_spans

__all__ = ["over_batch", "sum_over_batch"]

_WORTH = 40_000_000
"""Multiplications from which several threads are quicker: some 0.5 ms of work."""


def over_batch(function: Callable[[int, int], None], count: int, step: int, cost: float) -> None:
    """Call ``function(start, stop)`` on parts of a batch until all is done, on several threads where that pays.

    Args:
        function: works on the elements from ``start`` to before ``stop``; it may run on several threads at once.
        count: how many elements the batch has.
        step: the most elements in a part.
        cost: about how many multiplications the whole batch takes.

    Example:
        >>> over_batch(lambda start, stop: print(start, stop), 5, 2, cost=10)
        0 2
        2 4
        4 5
    """
    threads = get_num_threads() if cost >= _WORTH and count > 1 and _openblas() is not None else 1
    if threads > 1:
        step = min(step, -(-count // threads))
    spans = [(start, min(start + step, count)) for start in range(0, count, step)]
    if threads == 1:
        run_quietly(_in_turn, function, spans)
    else:
        with _one_thread_each():
            run_spans(function, spans)


def sum_over_batch(function: Callable[[int, int], np.ndarray], count: int, step: int, cost: float) -> np.ndarray:
    """Add up ``function(start, stop)`` over parts of a batch, on several threads where that pays.

    The order of the additions depends on the number of threads, but not on which of them was quicker.

    Args:
        function: gives a fresh array for the elements from ``start`` to before ``stop``.
        count: how many elements the batch has, at least one.
        step, cost: as for ``over_batch``.

    Returns:
        The sum, in one of the fresh arrays.

    Example:
        >>> sum_over_batch(lambda start, stop: np.array([start, stop]), 5, 2, cost=10)
        array([ 6, 11])
    """
    sums: dict[int, np.ndarray] = {}

    def part(start: int, stop: int) -> None:
        total = function(start, min(start + step, stop))
        for at in range(start + step, stop, step):
            total += function(at, min(at + step, stop))
        sums[start] = total

    over_batch(part, count, max(step, -(-count // (2 * get_num_threads()))), cost)
    first, *others = [sums[start] for start in sorted(sums)]
    for other in others:
        first += other
    return first


def _in_turn(function: Callable[[int, int], None], spans: list[tuple[int, int]]) -> None:
    for start, stop in spans:
        function(start, stop)


@functools.cache
def _openblas() -> tuple[Any, Any] | None:
    """OpenBLAS's functions that tell and set its number of threads, where NumPy is linked to it."""
    get, set_ = openblas_function("get_num_threads"), openblas_function("set_num_threads")
    if get is None or set_ is None:
        return None
    set_.argtypes, set_.restype = [ctypes.c_int], None
    return get, set_


class _Users:
    """How many calls need OpenBLAS on one thread now, and how many threads it had before."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.count = 0
        self.before = 1


_users = _Users()


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    found = _openblas()
    assert found is not None
    get, set_ = found
    with _users.lock:
        if _users.count == 0:
            _users.before = get()
            set_(1)
        _users.count += 1
    try:
        yield
    finally:
        with _users.lock:
            _users.count -= 1
            if _users.count == 0:
                set_(_users.before)
