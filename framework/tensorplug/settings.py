"""Switches for the whole process: determinism, threads, precision of matrix products, default types, warnings."""

from __future__ import annotations

from typing import Any

from tensorplug import registry
from tensorplug.config import config
from tensorplug.device import Device, set_default_device
from tensorplug.dtypes import DType, bfloat16, float16, float32, float64, set_default_dtype
from tensorplug.registry import backend_of

__all__ = [
    "are_deterministic_algorithms_enabled",
    "get_deterministic_debug_mode",
    "get_float32_matmul_precision",
    "get_num_interop_threads",
    "get_num_threads",
    "is_deterministic_algorithms_warn_only_enabled",
    "is_warn_always_enabled",
    "set_default_tensor_type",
    "set_deterministic_debug_mode",
    "set_float32_matmul_precision",
    "set_flush_denormal",
    "set_num_interop_threads",
    "set_num_threads",
    "set_warn_always",
    "use_deterministic_algorithms",
]


class _Told:
    """What was only remembered."""

    __slots__ = ("interop_threads", "warn_always")

    def __init__(self) -> None:
        self.interop_threads = 1
        self.warn_always = False


_told = _Told()

# ------------------------------------------------------------------------------------------------- determinism

_DEBUG_MODES = ("", "warn", "error")
"""What ``config.deterministic`` is in the debug modes 0, 1 and 2."""


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Refuse kernels whose results may differ when they run again on the same input.

    Every kernel of the CPU gives the same result each time, on any number of threads, so the switch matters on other
    devices: their backends say which of their kernels it is about.

    Args:
        mode: whether such a kernel is an error.
        warn_only: whether it is a warning instead.

    Example:
        >>> import tensorplug as tp
        >>> tp.use_deterministic_algorithms(True)
        >>> tp.are_deterministic_algorithms_enabled()
        True
        >>> tp.use_deterministic_algorithms(False)
    """
    config.deterministic = ("warn" if warn_only else "error") if mode else ""


def are_deterministic_algorithms_enabled() -> bool:
    """Whether ``use_deterministic_algorithms`` is on, as an error or as a warning."""
    return bool(config.deterministic)


def is_deterministic_algorithms_warn_only_enabled() -> bool:
    """Whether ``use_deterministic_algorithms`` is on and only warns."""
    return config.deterministic == "warn"


def set_deterministic_debug_mode(debug_mode: int | str) -> None:
    """The same switch as ``use_deterministic_algorithms`` by number or name.

    Args:
        debug_mode: 0 or ``"default"`` (off), 1 or ``"warn"``, 2 or ``"error"``.

    Raises:
        TypeError: neither a number nor a name.
        RuntimeError: another number or name.
    """
    if not isinstance(debug_mode, int | str):
        raise TypeError(f"debug_mode must be str or int, but got {type(debug_mode).__name__}")
    names: tuple[Any, ...] = ("default", *_DEBUG_MODES[1:])
    if debug_mode not in (names if isinstance(debug_mode, str) else (0, 1, 2)):
        raise RuntimeError(f"debug_mode must be one of 0, 1, 2, 'default', 'warn' and 'error', but got {debug_mode!r}")
    config.deterministic = _DEBUG_MODES[names.index(debug_mode) if isinstance(debug_mode, str) else debug_mode]


def get_deterministic_debug_mode() -> int:
    """0 (off), 1 (warnings) or 2 (errors), see ``set_deterministic_debug_mode``."""
    return _DEBUG_MODES.index(config.deterministic)


# ------------------------------------------------------------------------------------------------- threads


def _positive(name: str, threads: Any) -> int:
    if isinstance(threads, bool) or not isinstance(threads, int):
        raise TypeError(f"{name} expects an int, but got {type(threads).__name__}")
    if threads < 1:
        raise RuntimeError(f"{name}: expected a positive number of threads, got {threads}")
    return threads


def get_num_threads() -> int:
    """On how many threads one op on the CPU runs.

    Example:
        >>> import tensorplug as tp
        >>> tp.get_num_threads() >= 1
        True
    """
    return backend_of("cpu").num_threads() or 1


def set_num_threads(threads: int) -> None:
    """Run each op on at most so many threads of the host, on every device that computes on them.

    Raises:
        TypeError: not an int.
        RuntimeError: not positive.
    """
    _positive("set_num_threads", threads)
    for device_type in dict.fromkeys(("cpu", *registry.loaded_device_types())):
        backend = backend_of(device_type)
        if backend.num_threads() is not None:
            backend.set_num_threads(threads)


def get_num_interop_threads() -> int:
    """What ``set_num_interop_threads`` was told, 1 before."""
    return _told.interop_threads


def set_num_interop_threads(threads: int) -> None:
    """Accepted and remembered: ops called on one thread run one after the other, so there is no pool to size."""
    _told.interop_threads = _positive("set_num_interop_threads", threads)


# ------------------------------------------------------------------------------------------------- numbers


def set_float32_matmul_precision(precision: str) -> None:
    """How exact products of float32 matrices have to be.

    A permission, not an order: no backend of this project computes them in less than float32, whatever it says.

    Args:
        precision: ``"highest"`` (float32), ``"high"`` (TensorFloat32, or two bfloat16 numbers each) or ``"medium"``
            (bfloat16).

    Raises:
        RuntimeError: another word.
    """
    if precision not in ("highest", "high", "medium"):
        raise RuntimeError(f"{precision!r} is not a matmul precision: 'highest', 'high' and 'medium' are")
    config.matmul_precision = precision


def get_float32_matmul_precision() -> str:
    """What ``set_float32_matmul_precision`` was told, ``"highest"`` before."""
    return config.matmul_precision


def set_flush_denormal(mode: bool) -> bool:
    """Ask for numbers close to 0 to be taken for 0; returns whether that could be done, which it never can here.

    NumPy's threads each have a floating-point mode of their own that Python cannot reach.
    """
    return False


_TYPES: dict[str, DType] = {
    "FloatTensor": float32,
    "DoubleTensor": float64,
    "HalfTensor": float16,
    "BFloat16Tensor": bfloat16,
}


def set_default_tensor_type(t: Any) -> None:
    """The default dtype and device by the name of a tensor type: ``"tensorplug.DoubleTensor"``.

    Kept for old programs: ``set_default_dtype`` and ``set_default_device`` say the same more plainly.

    Args:
        t: the name of a floating-point type; with a device before its last part (``"tensorplug.cuda.FloatTensor"``)
            that device becomes the default, otherwise the CPU does. ``torch`` may stand for ``tensorplug``.

    Raises:
        TypeError: not the name of a floating-point type.
    """
    *place, kind = str(t).split(".")
    if not isinstance(t, str) or kind not in _TYPES or place[:1] not in (["torch"], ["tensorplug"]) or len(place) > 2:
        raise TypeError(
            f"invalid type object: only the names of floating-point types are supported as the default type, got {t!r}"
        )
    device = Device(place[1] if len(place) == 2 else "cpu")
    backend_of(device.type)
    set_default_dtype(_TYPES[kind])
    set_default_device(device)


# ------------------------------------------------------------------------------------------------- warnings


def set_warn_always(b: bool) -> None:
    """Accepted and remembered: warnings go through Python's own, whose filters say how often each is shown.

    Raises:
        TypeError: not a bool.
    """
    if not isinstance(b, bool):
        raise TypeError(f"set_warn_always expects a bool, but got {type(b).__name__}")
    _told.warn_always = b


def is_warn_always_enabled() -> bool:
    """What ``set_warn_always`` was told, False before."""
    return _told.warn_always
