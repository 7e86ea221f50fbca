"""Time every op of the table at 1M elements against PyTorch: ``python benchmarks/ops.py``.

Each op is called as ``op(x)``, ``op(x, y)`` and ``op(x, -1)`` on 1024 x 1024 arrays of float32, int64 and bool, in
every form that PyTorch takes. An op may take twice PyTorch's time; one that takes longer needs a line in
``docs/speed_of_ops.md`` that says why, and is listed at the end if it has none.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from cases import Case
from compare import Result, run_case
from libraries import describe, load_torch
from report import as_json, show
from timing import Effort

import tensorplug

PAGE = Path(__file__).parent.parent / "docs" / "speed_of_ops.md"
"""Where it stands why an op is slow: the first cell of a table's line names the op."""

TARGET = 2.0
EFFORT = Effort(rounds=7, round_seconds=0.004, pause=0.02)
LONGEST = 1.0
"""Seconds for one call; ops that take longer are not timed."""

SIDE = 1024
FORMS = {
    "float": ("float",),
    "float, float": ("float", "float"),
    "float, -1": ("float", -1),
    "int": ("int",),
    "int, int": ("int", "int"),
    "bool": ("bool",),
    "bool, bool": ("bool", "bool"),
}
"""What the ops are called with: dtypes of arrays, and numbers."""

GROWING = frozenset({"combinations", "diag_embed", "embedding", "embedding_bag", "kron", "one_hot"})
"""Ops whose results of such arguments take gigabytes."""


def main() -> int:
    """Measure, show and save."""
    arguments = _arguments()
    torch = load_torch()
    if arguments.threads is not None:
        for library in filter(None, (tensorplug, torch)):
            library.set_num_threads(arguments.threads)
    facts = describe("cpu", tensorplug, torch)
    results = []
    for result in _results(arguments, torch):
        print(f"  {result.name}  {result.error}", file=sys.stderr)
        results.append(result)
        if arguments.json is not None:
            # After each case, so that nothing is lost when a later one ends the process.
            arguments.json.write_text(json.dumps(as_json(results, facts), indent=1) + "\n", encoding="utf-8")
    results.sort(key=lambda result: -(result.best_ratio or 0))
    show([result for result in results if (result.best_ratio or arguments.above) >= arguments.above], facts)
    return _report_unexplained(results)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("op", nargs="*", help="only these ops; all by default")
    parser.add_argument("--form", choices=FORMS, help="only this form of call")
    parser.add_argument("--above", type=float, default=0.0, help="show only ratios from this one on")
    parser.add_argument("--threads", type=int, help="how many threads both libraries use")
    parser.add_argument("--json", type=Path, help="also write all numbers into this file")
    return parser.parse_args()


def _results(arguments: argparse.Namespace, torch: ModuleType | None) -> Iterator[Result]:
    for name in sorted(arguments.op or tensorplug.op.table):
        if name in GROWING or not _public(tensorplug, name):
            continue
        for form, kinds in FORMS.items():
            if arguments.form in (None, form) and (found := _result(name, form, kinds, torch)) is not None:
                yield found


def _result(name: str, form: str, kinds: tuple[Any, ...], torch: ModuleType | None) -> Result | None:
    """The result of one op in one form, None where that is no call of it."""
    make = partial(_call, name=name, kinds=kinds)
    case = Case(f"{name}({form})", make, TARGET)
    for library in (torch, tensorplug):
        if library is None:
            continue
        try:
            call = make(library, "cpu")
            begin = time.perf_counter()
            call()
            taken = time.perf_counter() - begin
        except Exception as error:
            if library is tensorplug and torch is not None:
                return Result(case.name, TARGET, None, None, f"tensorplug fails: {type(error).__name__}: {error}")
            return None
        if taken > LONGEST:
            return Result(case.name, TARGET, None, None, f"{library.__name__} takes {taken:.1f} s: not timed")
    return run_case(case, "cpu", tensorplug, torch, EFFORT)


def _public(library: Any, name: str) -> Callable[..., Any] | None:
    return getattr(library, name, None) or getattr(library.nn.functional, name, None)


def _call(library: Any, device: str, name: str, kinds: tuple[Any, ...]) -> Callable[[], Any]:
    function = _public(library, name)
    if function is None:
        raise AttributeError(name)
    library.manual_seed(0)
    values = [_array(library, kind) if isinstance(kind, str) else kind for kind in kinds]
    return lambda: function(*values)


def _array(library: Any, kind: str) -> Any:
    if kind == "int":
        return library.randint(1, 1000, (SIDE, SIDE))
    x = library.rand(SIDE, SIDE) * 0.8 + 0.1
    return x > 0.5 if kind == "bool" else x


def _report_unexplained(results: list[Result]) -> int:
    explained = set(re.findall(r"^\| `(\w+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    slow = sorted({result.name.partition("(")[0] for result in results if result.verdict == "missed"} - explained)
    if slow:
        print(f"\nslower than {TARGET} times PyTorch, without a line in {PAGE.name}: {', '.join(slow)}")
    return int(bool(slow))


if __name__ == "__main__":
    raise SystemExit(main())
