"""Programs for one device: built from source once, kept in memory and on disk, with errors that show the source.

What is on disk is keyed by everything a binary depends on: the source, the options, the device, its driver and their
versions. A file that the driver refuses is built anew.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

_CACHE_VARIABLE = "TENSORPLUG_OPENCL_CACHE"
_FORMAT = 1


class BuildError(RuntimeError):
    """The driver refused a kernel; the message holds its log and the source with line numbers."""


def cache_folder() -> Path | None:
    """Where binaries are kept: ``TENSORPLUG_OPENCL_CACHE`` (empty: nowhere), or the system's place for caches."""
    chosen = os.environ.get(_CACHE_VARIABLE)
    if chosen is not None:
        return Path(chosen) if chosen else None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "tensorplug" / "opencl"


class Programs:
    """The programs of one device.

    Attributes:
        built: how many were built from source.
        loaded: how many came from disk.
    """

    def __init__(self, cl: Any, context: Any, device: Any) -> None:
        self._cl = cl
        self._context = context
        self._device = device
        self._kernels: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._folder = cache_folder()
        self._identity = _identity(device)
        self._options = _options(device)
        self.built = 0
        self.loaded = 0

    def kernel(self, source: str, name: str) -> Any:
        """The kernel called ``name`` of the program ``source``.

        Raises:
            BuildError: the driver refuses the source.
        """
        found = self._kernels.get(source)
        if found is None:
            with self._lock:
                found = self._kernels.get(source)
                if found is None:
                    found = self._kernels[source] = self._program(source)
        return self._cl.Kernel(found, name)

    def _program(self, source: str) -> Any:
        file = self._file(source)
        if file is not None and file.exists():
            program = self._from_disk(file)
            if program is not None:
                self.loaded += 1
                return program
        program = self._cl._cl._Program(self._context, source)
        try:
            self._build(program)
        except self._cl.Error as error:
            raise BuildError(self._explain(program, source, error)) from error
        self.built += 1
        if file is not None:
            self._to_disk(program, file)
        return program

    def _build(self, program: Any) -> Any:
        # Below pyopencl's own caches and its warning about drivers that report success in words.
        program._build(options=self._options.encode(), devices=[self._device])
        return program

    def _file(self, source: str) -> Path | None:
        if self._folder is None:
            return None
        text = "\0".join((str(_FORMAT), self._identity, self._options, source))
        return self._folder / (hashlib.sha256(text.encode()).hexdigest() + ".bin")

    def _from_disk(self, file: Path) -> Any:
        try:
            return self._build(self._cl._cl._Program(self._context, [self._device], [file.read_bytes()]))
        except (OSError, self._cl.Error):
            return None

    def _to_disk(self, program: Any, file: Path) -> None:
        try:
            binary = program.get_info(self._cl.program_info.BINARIES)[0]
            file.parent.mkdir(parents=True, exist_ok=True)
            # Renamed when it is whole, so that no other process ever reads a part.
            with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as part:
                part.write(binary)
            os.replace(part.name, file)
        except (OSError, self._cl.Error):
            # A full or read-only disk costs the next process time, and this one nothing.
            return

    def _explain(self, program: Any, source: str, error: Exception) -> str:
        try:
            log = program.get_build_info(self._device, self._cl.program_build_info.LOG).strip()
        except self._cl.Error:
            log = str(error)
        numbered = "\n".join(f"{i:4d}  {line}" for i, line in enumerate(source.splitlines(), 1))
        return (
            f"OpenCL device '{self._device.name.strip()}' (driver {self._device.driver_version}) failed to build a "
            f"kernel.\n{log}\nThe source:\n{numbered}"
        )


def _identity(device: Any) -> str:
    platform = device.platform
    parts = (
        platform.vendor, platform.name, platform.version, device.vendor, device.name, device.version,
        device.driver_version,
    )  # fmt: skip
    return "\0".join(parts)


def _options(device: Any) -> str:
    found = []
    if device.single_fp_config & 1 << 7:  # CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT
        found.append("-cl-fp32-correctly-rounded-divide-sqrt")
    if _version(device) >= (1, 2):
        found.append("-cl-std=CL1.2")
    return " ".join(found)


def _version(device: Any) -> tuple[int, int]:
    """The OpenCL version that a device reports as ``OpenCL 3.0 and what the vendor likes``."""
    major, _, minor = device.version.split()[1].partition(".")
    return int(major), int("".join(c for c in minor if c.isdigit()) or 0)
