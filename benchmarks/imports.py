"""How long ``import tensorplug`` takes in a fresh interpreter, against ``import numpy``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping

from timing import Measured

NAME = "import: tensorplug against numpy"
TARGET = 2.0
_CODE = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"


def time_imports(rounds: int) -> dict[str, Measured]:
    """Seconds of both imports, in turns; modules are compiled once beforehand, outside the source tree."""
    with tempfile.TemporaryDirectory() as compiled:
        # An environment variable that forbids writing byte code would have every import compile anew.
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = compiled
        found: dict[str, list[float]] = {"tensorplug": [], "numpy": []}
        for number in range(rounds + 1):
            for module, seconds in found.items():
                taken = _time_import(module, environment)
                if number:
                    seconds.append(taken)
    return {module: Measured(seconds) for module, seconds in found.items()}


def _time_import(module: str, environment: Mapping[str, str]) -> float:
    command = [sys.executable, "-c", _CODE.format(module)]
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(printed.stdout)
