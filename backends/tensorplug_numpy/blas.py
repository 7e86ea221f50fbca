"""What NumPy multiplies matrices with, and on how many threads."""

import ctypes
import sys
from typing import Any

from tensorplug.openblas import choice


def status() -> dict[str, str]:
    """Tell what NumPy multiplies matrices with.

    Returns:
        ``library``: its name and version; ``core``: the kernels in use, or ``"unknown"``; ``threads``: their
        number, or ``"unknown"``; ``choice``: which kernels were asked for before NumPy loaded, and why.

    Example:
        >>> sorted(status())
        ['choice', 'core', 'library', 'threads']
    """
    import numpy as np

    build: dict[str, Any] = np.show_config(mode="dicts")  # type: ignore[assignment]
    blas = build.get("Build Dependencies", {}).get("blas", {})
    threads = get_num_threads()
    return {
        "library": f"{blas.get('name', 'unknown')} {blas.get('version', '')}".strip(),
        "core": _core(),
        "threads": "unknown" if threads is None else str(threads),
        "choice": choice(),
    }


def get_num_threads() -> int | None:
    """Tell on how many threads matrix products run, None where the library is not OpenBLAS."""
    function = openblas_function("get_num_threads")
    return None if function is None else int(function())


def set_num_threads(threads: int) -> bool:
    """Set on how many threads matrix products run.

    Args:
        threads: How many, at least 1.

    Returns:
        Whether the library could be told.
    """
    function = openblas_function("set_num_threads")
    if function is not None:
        function(threads)
    return function is not None


def _core() -> str:
    function = openblas_function("get_corename")
    if function is None:
        return "unknown"
    function.restype = ctypes.c_char_p
    return function().decode()


def openblas_function(name: str) -> Any:
    """Find a function of the OpenBLAS that the loaded NumPy is linked to, under any name in use."""
    extension = sys.modules.get("numpy._core._multiarray_umath")
    path = getattr(extension, "__file__", None)
    if path is None:
        return None
    try:
        library = ctypes.CDLL(path)
    except OSError:
        return None
    for prefix in "scipy_openblas_", "openblas_":
        for suffix in "64_", "":
            function = getattr(library, f"{prefix}{name}{suffix}", None)
            if function is not None:
                return function
    return None
