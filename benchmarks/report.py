"""Results as a table for people and as JSON for programs."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from compare import Result

_WIDTH = 120
HEADINGS = "case", "tensorplug", "other", "ratio (median)", "ratio (best)", "target", ""


def duration(seconds: float) -> str:
    """Seconds in a unit that suits them.

    Example:
        >>> duration(0.00123)
        '1.23 ms'
    """
    for unit, factor in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= factor:
            return f"{seconds / factor:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def row(result: Result) -> tuple[str, ...]:
    """A line of the table."""
    times = [duration(times.median) if times else "" for times in (result.ours, result.theirs)]
    ratios = _number(result.median_ratio), _number(result.best_ratio), _number(result.target)
    return result.name, *times, *ratios, " ".join(filter(None, (result.verdict, result.error)))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def markdown(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def facts_list(facts: Mapping[str, str]) -> str:
    """Hardware and versions as a Markdown list."""
    return "\n".join(f"- {name}: {value}" for name, value in facts.items())


def show(results: Sequence[Result], facts: Mapping[str, str]) -> None:
    """Print facts and table, with rich where it is installed."""
    try:
        from rich.console import Console
        from rich.table import Table
    except ImportError:
        print(facts_list(facts), markdown(HEADINGS, map(row, results)), sep="\n\n")
        return
    table = Table(*HEADINGS)
    for result in results:
        color = {"met": "green", "missed": "yellow", "failed": "red"}.get(result.verdict, "none")
        table.add_row(*row(result), style=color)
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    for name, value in facts.items():
        console.print(f"{name}: {value}", highlight=False, markup=False)
    console.print(table)


def as_json(results: Iterable[Result], facts: Mapping[str, str]) -> dict[str, Any]:
    """All numbers: facts, date and every round of every case in seconds per call."""
    return {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "facts": dict(facts),
        "cases": [
            {
                "name": result.name,
                "target": result.target,
                "tensorplug": result.ours.seconds if result.ours else None,
                "other": result.theirs.seconds if result.theirs else None,
                "ratio_median": result.median_ratio,
                "ratio_best": result.best_ratio,
                "verdict": result.verdict,
                "error": result.error,
            }
            for result in results
        ],
    }
