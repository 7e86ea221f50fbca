"""From cases to results: run each with both libraries and put their times in relation."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from cases import Case
from libraries import subject
from timing import Effort, Measured, in_turns


class Result(NamedTuple):
    """What came of a case.

    Attributes:
        name, target: those of the case.
        ours, theirs: seconds per call; theirs is None without the other library, or where it fails.
        error: what failed, or empty.
    """

    name: str
    target: float | None
    ours: Measured | None
    theirs: Measured | None
    error: str = ""

    @property
    def median_ratio(self) -> float | None:
        """Ours over theirs, of the medians."""
        return self.ours.median / self.theirs.median if self.ours and self.theirs else None

    @property
    def best_ratio(self) -> float | None:
        """Ours over theirs, of the best rounds."""
        return self.ours.best / self.theirs.best if self.ours and self.theirs else None

    @property
    def verdict(self) -> str:
        """Whether the target is met, by the medians and by the best rounds; where they disagree it is unclear."""
        if self.ours is None:
            return "failed"
        if self.target is None or self.median_ratio is None or self.best_ratio is None:
            return ""
        met = {self.median_ratio <= self.target, self.best_ratio <= self.target}
        return "unclear" if len(met) > 1 else ("met" if met.pop() else "missed")


def run_cases(
    cases: Iterable[Case],
    device: str,
    ours: Any,
    theirs: Any | None,
    effort: Effort,
    deadline: float = float("inf"),
) -> Iterator[Result]:
    """The result of each case, as soon as it is there.

    Cases not begun by ``deadline``, a time of ``time.monotonic``, are not run and say so.
    """
    for case in cases:
        if time.monotonic() > deadline:
            yield Result(case.name, case.target, None, None, "not run: the time was used up")
        else:
            yield run_case(case, device, ours, theirs, effort)


def run_case(case: Case, device: str, ours: Any, theirs: Any | None, effort: Effort) -> Result:
    """The result of one case; what fails is part of the report, not its end."""
    subjects, errors = {}, []
    for name, library in (("tensorplug", ours), ("the other", theirs)):
        if library is None:
            continue
        try:
            made = subject(library, case.make, device)
            made.call()
            subjects[name] = made
        except Exception as error:
            errors.append(f"{name} fails: {type(error).__name__}: {error}")
    found = in_turns(subjects, effort)
    return Result(case.name, case.target, found.get("tensorplug"), found.get("the other"), "; ".join(errors))
