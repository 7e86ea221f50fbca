"""The two libraries, and how to wait for their devices."""

from __future__ import annotations

import importlib
import os
import platform
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from timing import Subject


def load_torch() -> ModuleType | None:
    """PyTorch, or None where it is not installed."""
    try:
        return importlib.import_module("torch")
    except ImportError:
        return None


def subject(lib: Any, make: Callable[[Any, str], Callable[[], Any]], device: str) -> Subject:
    """A case made with a library."""
    return Subject(make(lib, device), synchronizer(lib, device))


def synchronizer(lib: Any, device: str) -> Callable[[], None]:
    """What waits for the work given to ``device``; nothing to wait for on the CPU."""
    if device == "cpu":
        return lambda: None
    if lib.__name__ == "torch":
        return lambda: getattr(lib, device.partition(":")[0]).synchronize(device)
    exact = lib.registry.resolve(device)
    backend = lib.registry.backend_of(exact.type)
    return lambda: backend.synchronize(exact)


def describe(device: str, tensorplug: Any, torch: Any | None) -> dict[str, str]:
    """Hardware and versions, for the head of a report."""
    numpy = importlib.import_module("numpy")
    exact = tensorplug.registry.resolve(device)
    facts = {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "load average before": f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "unknown",
        "system": platform.platform(),
        "Python": platform.python_version(),
        "NumPy": numpy.__version__,
        "tensorplug": tensorplug.__version__,
        "device": f"{exact}: {tensorplug.registry.backend_of(exact.type).device_name(exact)}",
    }
    if torch is not None:
        facts["PyTorch"] = f"{torch.__version__}, {torch.get_num_threads()} threads"
    return facts


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )
