"""Says what device there is, as JSON: ``python benchmarks/look.py DEVICE --json FILE``."""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
from pathlib import Path

from libraries import describe, load_torch

import tensorplug


def main(device: str, path: Path) -> None:
    """Write ``{"facts": {...}}``, or ``{"missing": why}`` where there is no such device.

    A graphics card that is there and does not answer is no missing device but an error.
    """
    try:
        tensorplug.registry.resolve(device)
        # A driver that does not work shows itself at the first copy.
        tensorplug.ones(1, device=device).item()
    except RuntimeError as error:
        broken = device.startswith("cuda") and _graphics_card()
        found = {"error" if broken else "missing": str(error)}
    else:
        found = {"facts": {**describe(device, tensorplug, load_torch()), **_versions(), **_graphics_card()}}
    path.write_text(json.dumps(found), encoding="utf-8")


def _versions() -> dict[str, str]:
    versions = {}
    for module in ("cupy", "scipy", "ml_dtypes", "pytest", "hypothesis"):
        try:
            versions[module] = str(importlib.import_module(module).__version__)
        except ImportError:
            versions[module] = "not installed"
    return versions


def _graphics_card() -> dict[str, str]:
    query = ["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
    try:
        printed = subprocess.run(query, capture_output=True, text=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return {}
    return {"graphics card": "; ".join(printed.strip().splitlines())}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("device")
    parser.add_argument("--json", type=Path, required=True)
    arguments = parser.parse_args()
    main(arguments.device, arguments.json)
