"""What a run found: in the terminal for people, as JSON for machines."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import tensorplug as tp
from tensorplug_conformance.framework import device_name, table
from tensorplug_conformance.hazards import HAZARDS
from tensorplug_conformance.runner import PASSED, Result
from tensorplug_conformance.samples import FAMILIES

FORMAT = 1
"""The version of the JSON report; a reader must know it."""
_SHOWN = 12
"""Failing ops that the terminal shows in full."""


class Report(NamedTuple):
    """A finished run.

    Attributes:
        device, seed, quick: how it was run.
        seconds: how long it took.
        results: of every check.
    """

    device: str
    seed: int
    quick: bool
    seconds: float
    results: Sequence[Result]

    @property
    def failures(self) -> list[Result]:
        """What did not pass."""
        return [r for r in self.results if r.status != PASSED]


# ------------------------------------------------------------------------------------------------- JSON


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain data.

    Returns:
        A dict with ``format``, what was run where, ``summary``, one entry per op in ``ops``, and ``failures``.
    """
    return {
        "format": FORMAT,
        "device": report.device,
        "device_name": device_name(report.device),
        "tensorplug": tp.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "platform": platform.platform(),
        "seed": report.seed,
        "quick": report.quick,
        "seconds": round(report.seconds, 3),
        "summary": _summary(report.results),
        "ops": {op: _of_op(results) for op, results in _by_op(report.results).items()},
        "failures": [_failure(r) for r in report.failures],
    }


def _summary(results: Sequence[Result]) -> dict[str, int]:
    counts = Counter(r.status for r in results)
    by_op = _by_op(results)
    return {
        "ops": len(by_op),
        "ops_passed": sum(all(r.status == PASSED for r in own) for own in by_op.values()),
        "cases": len(results),
        **{status: counts[status] for status in ("passed", "failed", "error")},
    }


def _by_op(results: Iterable[Result]) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(result.op, []).append(result)
    return found


def _of_op(results: Sequence[Result]) -> dict[str, Any]:
    cells: dict[str, dict[str, list[int]]] = {}
    worst: dict[str, float] = {}
    for result in results:
        cell = cells.setdefault(result.check, {}).setdefault(result.dtype, [0, 0])
        cell[0] += result.status == PASSED
        cell[1] += 1
        if result.check == "value":
            worst[result.dtype] = max(worst.get(result.dtype, 0.0), result.worst)
    reached = {h for r in results for h in r.hazards}
    return {
        "kind": table[results[0].op].kind if results[0].op in table else "",
        "passed_of": cells,
        "worst": {dtype: round(value, 4) for dtype, value in worst.items()},
        "hazards": [h for h in HAZARDS if h in reached],
        "seconds": round(sum(r.seconds for r in results), 4),
    }


def _failure(result: Result) -> dict[str, Any]:
    return {
        "id": result.id, "op": result.op, "check": result.check, "dtype": result.dtype, "layout": result.layout,
        "status": result.status, "message": result.message, "script": result.script,
    }  # fmt: skip


# ------------------------------------------------------------------------------------------------- terminal


def show(report: Report, console: Console) -> None:
    """Print the summary: families, hazards, then what failed with a script for each op."""
    console.print(_families(report.results))
    console.print(_hazards(report.results))
    _show_failures(report.failures, console)
    counts = _summary(report.results)
    verdict = "[bold green]passes[/]" if not report.failures else "[bold red]does not pass[/]"
    console.print(
        f"{escape(report.device)} ({escape(device_name(report.device))}) {verdict}: {counts['ops_passed']} of "
        f"{counts['ops']} ops, {counts['passed']:,} of {counts['cases']:,} checks, in {report.seconds:.0f} s"
    )


def _families(results: Sequence[Result]) -> Table:
    by_op = _by_op(results)
    found = Table("family", title="Ops by family", title_justify="left")
    for name in ("ops", "checks", "failed", "worst ULP", "seconds"):
        found.add_column(name, justify="right")
    for family, rows in FAMILIES.items():
        own = [r for op in dict.fromkeys(row.op for row in rows) for r in by_op.get(op, ())]
        if not own:
            continue
        failed = sum(r.status != PASSED for r in own)
        found.add_row(
            family,
            str(len({r.op for r in own})),
            f"{len(own):,}",
            f"[red]{failed:,}[/]" if failed else "0",
            f"{max((r.worst for r in own if r.check == 'value'), default=0.0):.3g}",
            f"{sum(r.seconds for r in own):.1f}",
        )
    return found


def _hazards(results: Sequence[Result]) -> Table:
    met: dict[str, set[str]] = {h: set() for h in HAZARDS}
    times: Counter[str] = Counter()
    for result in results:
        for hazard in result.hazards:
            met[hazard].add(result.op)
            times[hazard] += 1
    found = Table("hazard", title="Hazards met", title_justify="left")
    found.add_column("ops", justify="right")
    found.add_column("checks", justify="right")
    for hazard in HAZARDS:
        count = len(met[hazard])
        found.add_row(hazard, str(count) if count else "[red]0[/]", f"{times[hazard]:,}")
    return found


def _show_failures(failures: Sequence[Result], console: Console) -> None:
    by_op = _by_op(failures)
    for number, (op, results) in enumerate(by_op.items()):
        if number == _SHOWN:
            console.print(f"... and {len(by_op) - _SHOWN} more ops; --json FILE lists everything.")
            return
        counts = ", ".join(f"{check}: {n}" for check, n in Counter(r.check for r in results).items())
        console.print(f"[bold red]{escape(op or 'device')}[/] ({counts})")
        # A short script that needs nothing of the suite says more than the first failure.
        first = min(results, key=lambda r: (r.script.startswith("from tensorplug_conformance"), len(r.script)))
        console.print(f"  {escape(first.id)}: {escape(first.message)}", highlight=False)
        for line in first.script.splitlines():
            console.print(f"    {escape(line)}", highlight=False, soft_wrap=True)
