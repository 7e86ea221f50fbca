"""Clocks. The libraries take turns in short rounds, so that what disturbs the machine disturbs both.

pyperf and pytest-benchmark measure one function to its end (pyperf in processes of its own) before the next
begins, so slow changes of a shared machine would enter the ratio; and neither waits for a device before it
stops the clock. So the loop is our own, over the clock that both use, ``time.perf_counter``. The garbage
collector stays on, as in real runs.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

_LONGEST_CALIBRATION = 1 << 16


class Subject(NamedTuple):
    """What to time: a call, and how to wait until its work is done."""

    call: Callable[[], Any]
    synchronize: Callable[[], None]


class Effort(NamedTuple):
    """How long to measure.

    Attributes:
        rounds: rounds for each library.
        round_seconds: how long a round should last; a call that takes longer is a round.
        pause: seconds between rounds, in which the other library's threads stop waiting actively for work.
    """

    rounds: int = 15
    round_seconds: float = 0.02
    pause: float = 0.03


class Measured(NamedTuple):
    """Seconds per call of each round."""

    seconds: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def best(self) -> float:
        return min(self.seconds)


def in_turns(subjects: Mapping[str, Subject], effort: Effort) -> dict[str, Measured]:
    """Time all subjects, a round of each in turn."""
    numbers = {name: _calls_per_round(subject, effort.round_seconds) for name, subject in subjects.items()}
    seconds: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(effort.rounds):
        for name, subject in subjects.items():
            time.sleep(effort.pause)
            # The first call after a pause wakes threads; it is not timed.
            time_calls(subject, 1)
            seconds[name].append(time_calls(subject, numbers[name]))
    return {name: Measured(found) for name, found in seconds.items()}


def time_calls(subject: Subject, number: int) -> float:
    """Seconds per call over ``number`` calls, with the work done when the clock stops."""
    call = subject.call
    start = time.perf_counter()
    for _ in itertools.repeat(None, number):
        call()
    subject.synchronize()
    return (time.perf_counter() - start) / number


def _calls_per_round(subject: Subject, round_seconds: float) -> int:
    time_calls(subject, 1)
    number = 1
    while number < _LONGEST_CALIBRATION and (taken := time_calls(subject, number) * number) < round_seconds / 2:
        number = max(2 * number, min(_LONGEST_CALIBRATION, int(number * round_seconds / max(taken, 1e-9))))
    return number
