"""Threads that share out the spans of an index range.

NumPy releases the interpreter lock while it computes, so plain threads do. The calling thread and its helpers
take spans one by one until none is left, so a core that is busy elsewhere simply takes fewer. Nothing waits
for a helper that has not begun, so a job finishes even if all helpers are busy, and jobs may be nested.
"""

import math
import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import NoReturn

from tensorplug_numpy.quiet import run_quietly

__all__ = ["get_num_threads", "run_spans", "set_num_threads"]

Span = tuple[int, int]

_MOST_THREADS = 16
"""Used unless more are asked for: beyond, memory and the interpreter lock are the bottleneck."""


class _Job:
    """Spans to work on. Each ends in one report: None, or the error that it met."""

    __slots__ = ("function", "reports", "spans")

    def __init__(self, function: Callable[[int, int], None], spans: Iterable[Span]) -> None:
        self.function = function
        self.spans = deque(spans)
        self.reports: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()

    def work(self) -> None:
        """Take spans until none is left."""
        while True:
            try:
                start, stop = self.spans.popleft()
            except IndexError:
                return
            try:
                self.function(start, stop)
            except BaseException as error:
                self.reports.put(error)
            else:
                self.reports.put(None)


class _Workers:
    """Helper threads, started when they are first needed; they end with the process.

    Attributes:
        threads: How many threads work at once, the calling one included.
    """

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self.forget()

    def forget(self) -> None:
        """Start anew in a forked child, which has none of the threads and perhaps a locked queue."""
        self._started = 0
        self._starting = threading.Lock()
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()

    def run(self, function: Callable[[int, int], None], spans: Sequence[Span]) -> None:
        """Call the function for each span and wait for all; raise the first error."""
        job = _Job(function, spans)
        helpers = min(self.threads, len(spans)) - 1
        if helpers > self._started:
            self._start(helpers)
        for _ in range(helpers):
            self._jobs.put(job)
        run_quietly(job.work)
        errors = [error for error in [job.reports.get() for _ in spans] if error is not None]
        del job.function  # the helpers still hold the job, but must not hold its arrays
        if errors:
            _raise_first(errors)

    def _start(self, helpers: int) -> None:
        with self._starting:
            while self._started < helpers:
                thread = threading.Thread(target=self._serve, name="tensorplug-numpy", daemon=True)
                try:
                    thread.start()
                except RuntimeError:  # there are no more threads to be had: the others do the work
                    return
                self._started += 1

    def _serve(self) -> None:
        jobs = self._jobs
        while True:
            run_quietly(jobs.get().work)


def _raise_first(errors: list[BaseException]) -> NoReturn:
    for other in errors[1:]:
        errors[0].add_note(f"Another part of the array failed as well: {other!r}")
    try:
        raise errors[0]
    finally:
        errors.clear()  # an error and a frame that refer to each other would keep arrays alive


def _cores() -> int:
    """Tell how many cores this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        with open("/sys/fs/cgroup/cpu.max") as file:
            quota, period = map(int, file.read().split())
    except (OSError, ValueError):  # not Linux, or no quota
        return cores
    return max(1, min(cores, math.ceil(quota / period)))


def _default_threads() -> int:
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return int(asked) if asked.isdigit() and int(asked) else min(_cores(), _MOST_THREADS)


_workers = _Workers(_default_threads())
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_workers.forget)


def get_num_threads() -> int:
    """Tell on how many threads large work runs: at first OMP_NUM_THREADS, else the number of cores up to 16.

    Example:
        >>> get_num_threads() >= 1
        True
    """
    return _workers.threads


def set_num_threads(threads: int) -> None:
    """Set on how many threads large work runs; 1 keeps it on the calling thread.

    Args:
        threads: How many, the calling thread included.

    Raises:
        RuntimeError: The number is not positive.
    """
    if threads < 1:
        raise RuntimeError(f"expected a positive number of threads, got {threads}")
    _workers.threads = threads


def run_spans(function: Callable[[int, int], None], spans: Sequence[Span]) -> None:
    """Call ``function(start, stop)`` for each span, without floating-point warnings, and wait for all.

    Args:
        function: What to call; it runs on several threads at once.
        spans: The index ranges.

    Raises:
        BaseException: The first error that the function raised; the others are noted on it.
    """
    _workers.run(function, spans)
