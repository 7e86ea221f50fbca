"""``tensorplug conformance``: run the suite, show what it found, and tell by the exit code."""

from __future__ import annotations

import argparse
import json as json_text
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tensorplug_conformance import report
from tensorplug_conformance.cases import rows
from tensorplug_conformance.framework import device_name
from tensorplug_conformance.runner import PASSED, Result
from tensorplug_conformance.runner import run as results_of

_WIDTH = 120


def run(arguments: Sequence[str]) -> int:
    """What the command does with its arguments; returns the exit code."""
    given = _parser().parse_args(arguments)
    return check(given.device, given.op or None, given.quick, given.json, given.seed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tensorplug conformance", description="Check a device against NumPy: every op, dtype, layout and gradient."
    )
    parser.add_argument("--device", default="cpu", help="the device, such as cpu or opencl:1 (default: cpu)")
    parser.add_argument("--op", action="append", metavar="NAME", help="only this op; may be given several times")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was found to this file")
    parser.add_argument("--quick", action="store_true", help="about a tenth of the cases, with every op among them")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="other values for all inputs (default: 0)")
    return parser


def check(
    device: str, ops: Sequence[str] | None = None, quick: bool = False, json: Path | None = None, seed: int = 0
) -> int:
    """Run the suite on a device and show what it found.

    Args:
        device: the device.
        ops: only these ops.
        quick: about a tenth of the cases.
        json: a file for the full report.
        seed: changes the values of all inputs.

    Returns:
        0 if everything passed, 1 if not, 2 if there is no such device or op.
    """
    console = Console(width=None if Console().is_terminal else _WIDTH)
    try:
        rows(ops)
        device_name(device)
    except (KeyError, RuntimeError) as error:
        console.print(f"tensorplug conformance: {error.args[0]}", style="red", markup=False)
        return 2
    start = time.perf_counter()
    found = _watched(device, ops, quick, seed, console)
    finished = report.Report(device, seed, quick, time.perf_counter() - start, found)
    report.show(finished, console)
    if json is not None:
        _write(finished, json)
    return 1 if finished.failures else 0


def _watched(device: str, ops: Sequence[str] | None, quick: bool, seed: int, console: Console) -> list[Result]:
    """Run with a line that tells where it is; without a terminal, in silence."""
    names = list(dict.fromkeys(row.op for row in rows(ops)))
    places = {name: number for number, name in enumerate(names)}
    columns = (
        TextColumn("[bold]{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total} ops"),
        TextColumn("{task.fields[failed]} failed"), TimeElapsedColumn(),
    )  # fmt: skip
    found: list[Result] = []
    failed = 0
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(device, total=len(names), failed=0)
        for result in results_of(device, ops, quick, seed):
            found.append(result)
            failed += result.status != PASSED
            progress.update(task, completed=places.get(result.op, 0), failed=failed)
    return found


def _write(finished: report.Report, file: Path) -> None:
    file.write_text(json_text.dumps(report.as_json(finished), indent=1) + "\n", encoding="utf-8")
