"""``python -m tools.generate`` writes the generated files; with ``--check`` it names those that are out of date."""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Callable
from pathlib import Path

from tools.generate import pages, stubs

ROOT = Path(__file__).resolve().parents[2]

FILES: dict[str, Callable[[], str]] = {
    "framework/tensorplug/__init__.pyi": stubs.root,
    "framework/tensorplug/functional.pyi": stubs.functional,
    "framework/tensorplug/fft.pyi": stubs.fft,
    "framework/tensorplug/linalg.pyi": stubs.linalg,
    "framework/tensorplug/nn/functional.pyi": stubs.nn_functional,
    "framework/tensorplug/ops/methods.pyi": stubs.methods,
    "framework/tensorplug/special.pyi": stubs.special,
    "docs/reference/ops.md": pages.ops,
    "docs/reference/contract.md": pages.contract,
    "docs/reference/left_out.md": pages.left_out,
}


def is_current(path: Path, wanted: str) -> bool:
    """Whether the file says what it should; the layout of code is the formatter's business."""
    if not path.exists():
        return False
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".pyi":
        return ast.dump(ast.parse(text)) == ast.dump(ast.parse(wanted))
    return text == wanted


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is out of date")
    check = parser.parse_args().check
    stale = {name: text for name, make in FILES.items() if not is_current(ROOT / name, text := make())}
    for name, text in stale.items():
        if check:
            print(f"{name} is out of date: run `python -m tools.generate`", file=sys.stderr)
            continue
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(stubs.formatted(text) if name.endswith(".pyi") else text, encoding="utf-8")
        print(name)
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
