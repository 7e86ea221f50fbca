"""Time tensorplug against PyTorch in one process: ``python benchmarks/run.py``.

Without PyTorch only tensorplug's own times are shown. Let nothing else run meanwhile. Ratios are tensorplug's
time over the other's: below 1 is faster. The import is compared with NumPy's.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import imports
from cases import chosen
from compare import Result, run_cases
from libraries import describe, load_torch
from report import as_json, show
from timing import Effort

import tensorplug

QUICK = Effort(rounds=5, round_seconds=0.01, pause=0.02)


def main() -> None:
    """Measure, show and save."""
    arguments = _arguments()
    torch = load_torch()
    facts = describe(arguments.device, tensorplug, torch)
    results = []
    for result in _results(arguments, torch):
        print(f"  {result.name}  {result.error}", file=sys.stderr)
        results.append(result)
        if arguments.json is not None:
            # After each case, so that nothing is lost when a later one ends the process.
            arguments.json.write_text(json.dumps(as_json(results, facts), indent=1) + "\n", encoding="utf-8")
    show(results, facts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", type=Path, help="also write all numbers into this file")
    parser.add_argument("--only", help="only the cases whose names contain this")
    parser.add_argument("--quick", action="store_true", help="fewer cases, shorter rounds")
    parser.add_argument("--budget", type=float, default=float("inf"), help="begin no case after so many seconds")
    parser.add_argument("--device", default="cpu", help="where both libraries compute")
    return parser.parse_args()


def _results(arguments: argparse.Namespace, torch: object) -> Iterator[Result]:
    effort = QUICK if arguments.quick else Effort()
    cases = chosen(arguments.only, arguments.quick)
    deadline = time.monotonic() + arguments.budget
    yield from run_cases(cases, arguments.device, tensorplug, torch, effort, deadline)
    if arguments.device == "cpu" and (arguments.only is None or arguments.only in imports.NAME):
        found = imports.time_imports(effort.rounds)
        yield Result(imports.NAME, imports.TARGET, found["tensorplug"], found["numpy"])


if __name__ == "__main__":
    main()
