"""The generated files follow the op table, and type checkers learn from them what users call."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=240,
    )


def test_generated_files_are_current() -> None:
    """``python -m tools.generate`` writes them anew."""
    check = run("tools.generate", "--check")
    assert check.returncode == 0, check.stderr


def test_users_programs_are_checked_strictly(pytestconfig: pytest.Config) -> None:
    """As in a stranger's project: without this one's settings, and with types that are not re-exported by chance."""
    cache = pytestconfig.cache.mkdir("mypy")
    options = ("--strict", "--config-file=", "--follow-imports=silent", f"--cache-dir={cache}")
    check = run("mypy", *options, "tests/repo/typing_sample.py", MYPYPATH=str(ROOT / "framework"))
    assert check.returncode == 0, check.stdout
