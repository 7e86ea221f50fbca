"""Finding OpenCL drivers, those that pip installed among them, and telling what to install where there is none."""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

_VENDORS_VARIABLE = "OCL_ICD_VENDORS"
_SYSTEM_VENDORS = Path("/etc/OpenCL/vendors")
_INTEL_DISTRIBUTION = "intel-opencl-rt"
_INTEL_DRIVER = "libintelocl.so"
_INTEL_NEEDS = ("libintlc.so.5", "libirng.so", "libsvml.so", "libimf.so")

_HINTS = {
    "linux": (
        "an AMD, Intel or NVIDIA GPU: the vendor's driver (Debian and Ubuntu: mesa-opencl-icd or rocm-opencl-icd, "
        "intel-opencl-icd, nvidia-opencl-icd; Fedora: mesa-libOpenCL or rocm-opencl, intel-compute-runtime, "
        "xorg-x11-drv-nvidia-cuda)",
        "the CPU: pip install 'tensorplug[opencl-cpu]', or Debian's and Ubuntu's pocl-opencl-icd, Fedora's pocl",
    ),
    "darwin": (
        "the CPU or GPU of a Mac: the system's OpenCL is found by pyopencl's packages (pip install pyopencl); "
        "PoCL comes with: pip install 'pyopencl[pocl]'",
    ),
    "win32": (
        "an AMD, Intel or NVIDIA GPU: the vendor's graphics driver brings OpenCL",
        "the CPU: Intel's installer 'CPU Runtime for OpenCL Applications'",
    ),
}


def load_pyopencl() -> Any:
    """pyopencl.

    Raises:
        ImportError: it is not installed, or its libraries cannot be loaded.
    """
    try:
        import pyopencl
    except ImportError as error:
        raise ImportError(
            f"pyopencl cannot be imported ({error}); to install it with a driver for the CPU: "
            "pip install 'tensorplug[opencl-cpu]'; without a driver: pip install 'tensorplug[opencl]'"
        ) from error
    return pyopencl


def find_devices(cl: Any) -> list[Any]:
    """The devices of all drivers: GPUs first, then other accelerators, CPUs last; each kind as the drivers list them.

    Args:
        cl: pyopencl.
    """
    with _vendors():
        try:
            platforms = cl.get_platforms()
        except cl.Error:  # the loader's way to say that there is no driver
            return []
    found = [device for platform in platforms for device in _devices_of(cl, platform)]
    return sorted(found, key=lambda device: _rank(cl, device))


def _devices_of(cl: Any, platform: Any) -> list[Any]:
    try:
        return [d for d in platform.get_devices() if d.available and d.compiler_available and d.endian_little]
    except cl.Error:  # a driver without a device
        return []


def _rank(cl: Any, device: Any) -> int:
    if device.type & cl.device_type.GPU:
        return 0
    return 2 if device.type & cl.device_type.CPU else 1


@contextmanager
def _vendors() -> Iterator[None]:
    """Show the driver that pip installed to the OpenCL loader, beside those of the system.

    The loader reads one folder, named by a variable, and only once. Nothing is done where the user set the variable.
    """
    driver = _pip_driver() if sys.platform == "linux" and _VENDORS_VARIABLE not in os.environ else None
    if driver is None:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="tensorplug-opencl-") as folder:
        (Path(folder) / "tensorplug-intel-cpu.icd").write_text(f"{driver}\n")
        if _SYSTEM_VENDORS.is_dir():
            for file in _SYSTEM_VENDORS.glob("*.icd"):
                (Path(folder) / file.name).symlink_to(file)
        os.environ[_VENDORS_VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[_VENDORS_VARIABLE]


def _pip_driver() -> Path | None:
    """Intel's driver for CPUs as PyPI has it, with the libraries loaded that it looks for in vain by itself."""
    try:
        files = metadata.distribution(_INTEL_DISTRIBUTION).files or ()
    except metadata.PackageNotFoundError:
        return None
    found = next((Path(str(f.locate())).resolve() for f in files if f.name == _INTEL_DRIVER), None)
    if found is None or not found.exists():
        return None
    for name in _INTEL_NEEDS:
        try:
            ctypes.CDLL(str(found.parent / name), mode=ctypes.RTLD_GLOBAL)
        except OSError:
            # The driver may still find it by itself; if not, it is not among the platforms.
            continue
    return found


def hints() -> list[str]:
    """What to install for a driver, on this system."""
    return list(_HINTS.get(sys.platform, _HINTS["linux"]))


def no_device_message() -> str:
    """The text for a user who has no driver."""
    return "no OpenCL device was found. To install a driver for " + "; for ".join(hints())
