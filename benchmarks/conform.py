"""Conformance within a given time, as JSON per op: ``python benchmarks/conform.py DEVICE SECONDS --json FILE``.

The quick selection, which has every op and check in it, comes first; then the others, until the time is used up.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tensorplug_conformance.cases import cases
from tensorplug_conformance.runner import Result, run, run_case

_WRITE_EVERY = 10.0
_MESSAGES = 3
"""How many different messages to keep for each op."""


def main(device: str, seconds: float, path: Path) -> None:
    """Run cases and write what became of each op, now and then and at the end."""
    deadline = time.monotonic() + seconds
    ops: dict[str, dict[str, Any]] = {}
    complete = False
    written = time.monotonic()
    for result in results(device):
        _enter(ops, result)
        if time.monotonic() > deadline:
            break
        if time.monotonic() - written > _WRITE_EVERY:
            _write(path, ops, False)
            written = time.monotonic()
    else:
        complete = True
    _write(path, ops, complete)


def results(device: str) -> Iterator[Result]:
    """What came of all there is to check, the quick selection first."""
    seen = set()
    for result in run(device, quick=True):
        seen.add(result.id)
        yield result
    for case in cases(device):
        if case.id not in seen:
            yield run_case(case, device)


def _enter(ops: dict[str, dict[str, Any]], result: Result) -> None:
    entry = ops.setdefault(result.op or result.check, {"passed": 0, "failed": 0, "error": 0, "messages": {}})
    entry[result.status] += 1
    if result.message and len(entry["messages"]) < _MESSAGES:
        entry["messages"].setdefault(result.message[:500], result.id)


def _write(path: Path, ops: dict[str, dict[str, Any]], complete: bool) -> None:
    path.write_text(json.dumps({"complete": complete, "ops": ops}), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("device")
    parser.add_argument("seconds", type=float)
    parser.add_argument("--json", type=Path, required=True)
    arguments = parser.parse_args()
    main(arguments.device, arguments.seconds, arguments.json)
