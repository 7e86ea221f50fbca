"""Runs this checkout's packages without installing anything."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_SOURCES = [ROOT / name for name in ("framework", "backends", "conformance", "benchmarks")]
_PLUGINS = ("tensorplug_numpy", "tensorplug_cupy", "tensorplug.meta")


def environment() -> dict[str, str]:
    """Variables under which the checkout's packages are importable and its plugins are found."""
    paths = [*map(str, _SOURCES), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "TENSORPLUG_PLUGINS": ",".join(_PLUGINS)}


def run(arguments: Sequence[str], timeout: float) -> tuple[int | None, str]:
    """Run Python in a process of its own, so that what breaks there (a device even) breaks nothing here.

    Returns:
        The exit status, None where the time ran out, and the end of what it printed.
    """
    try:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=environment(),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout,
        )
    except subprocess.TimeoutExpired as error:
        printed = error.stdout or b""
        return None, (printed if isinstance(printed, str) else printed.decode(errors="replace"))[-4000:]
    return done.returncode, done.stdout[-4000:]
