"""A report on a GPU from a bare checkout: ``python benchmarks/gpu_report.py --out DIR``.

Runs the conformance suite and the benchmark cases on the device, against PyTorch where it is installed, and writes
DIR/report.json and DIR/report.md. Nothing has to be installed but NumPy, pluggy and the device's library. Where there
is no such device the report says so and the status is 0.
"""

from __future__ import annotations

import argparse
import datetime
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from bare import run
from report import duration, facts_list, markdown

_LOOKING = 120.0
_DEMO_SHARE = 0.15
_CONFORMANCE_SHARE = 0.5
"""Of what is left after the demo's share; the rest is for the benchmarks, and what one part leaves goes to the next."""
_GRACE = 20.0
"""Seconds for a process to end after the time at which it should begin nothing new."""


def main() -> None:
    """Look for the device, run what there is time for, write the report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for report.json and report.md")
    parser.add_argument("--device", default="cuda", help="what to report on")
    parser.add_argument("--budget", type=float, default=440.0, help="seconds for all of it")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        report = _report(arguments.device, arguments.budget, Path(scratch))
    report = {"date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), **report}
    (arguments.out / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    text = _as_markdown(report)
    (arguments.out / "report.md").write_text(text, encoding="utf-8")
    print(text)
    raise SystemExit(1 if "error" in report else 0)


def _report(device: str, budget: float, scratch: Path) -> dict[str, Any]:
    end = time.monotonic() + budget
    report: dict[str, Any] = {"device": device}
    look = _part("look.py", [device], scratch, _LOOKING)
    if "facts" not in look:
        return {**report, **{key: look[key] for key in ("missing", "error") if key in look}}
    report["facts"] = look["facts"]
    demo = budget * _DEMO_SHARE
    seconds = (end - time.monotonic() - demo) * _CONFORMANCE_SHARE
    report["conformance"] = _part("conform.py", [device, f"{seconds:.0f}"], scratch, seconds + _GRACE)
    seconds = end - time.monotonic() - demo - _GRACE
    options = ["--device", device, "--budget", f"{seconds:.0f}"]
    report["benchmarks"] = _part("run.py", options, scratch, seconds + _GRACE)
    status, printed = run(["-m", "tensorplug", "demo", "--all-devices"], end - time.monotonic())
    report["demo"] = printed if status == 0 else f"ended with status {status}: {printed}"
    return report


def _part(script: str, arguments: list[str], scratch: Path, timeout: float) -> dict[str, Any]:
    """What a script of this folder wrote, and under ``error`` how it ended if not well."""
    path = scratch / f"{script}.json"
    status, printed = run([f"benchmarks/{script}", *arguments, "--json", str(path)], timeout)
    found = _read(path)
    if status != 0:
        how = "ran out of time" if status is None else f"ended with status {status}"
        found["error"] = f"{script} {how}: {printed}"
    return found


def _read(path: Path) -> dict[str, Any]:
    """What a process wrote, as far as it came."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _as_markdown(report: dict[str, Any]) -> str:
    parts = [f"# tensorplug on {report['device']}", report["date"]]
    if "missing" in report:
        parts.append(f"There is no such device here, so nothing was run: {report['missing']}")
    elif "error" in report:
        parts.append(_quoted(report["error"]))
    else:
        parts += [facts_list(report["facts"]), *_conformance_part(report["conformance"])]
        parts += [*_benchmarks_part(report["benchmarks"]), "## Demo", _quoted(report["demo"])]
    return "\n\n".join(parts) + "\n"


def _quoted(text: str) -> str:
    return f"```text\n{text.strip()}\n```"


def _conformance_part(found: dict[str, Any]) -> list[str]:
    ops = found.get("ops", {})
    bad = {name: entry for name, entry in ops.items() if entry["failed"] or entry["error"]}
    cases = sum(entry[status] for entry in ops.values() for status in ("passed", "failed", "error"))
    reach = "all cases" if found.get("complete") else "as many cases as there was time for"
    rows = [
        (name, str(e["passed"]), str(e["failed"]), str(e["error"]), next(iter(e["messages"]), "")[:200])
        for name, e in sorted(ops.items(), key=lambda item: (item[0] not in bad, item[0]))
    ]
    return [
        "## Conformance",
        f"{len(ops) - len(bad)} of {len(ops)} ops right in every case; {cases} cases run ({reach}).",
        markdown(("op", "passed", "failed", "errors", "first message"), rows),
        *([_quoted(found["error"])] if "error" in found else []),
    ]


def _benchmarks_part(found: dict[str, Any]) -> list[str]:
    rows = [
        (
            case["name"],
            *[duration(statistics.median(case[key])) if case[key] else "" for key in ("tensorplug", "other")],
            *["" if case[key] is None else f"{case[key]:.2f}" for key in ("ratio_median", "ratio_best")],
            case["error"],
        )
        for case in found.get("cases", [])
    ]
    return [
        "## Speed",
        "Ratios are tensorplug's time over PyTorch's on the same device: below 1 is faster.",
        markdown(("case", "tensorplug", "PyTorch", "ratio (median)", "ratio (best)", "error"), rows),
        *([_quoted(found["error"])] if "error" in found else []),
    ]


if __name__ == "__main__":
    main()
