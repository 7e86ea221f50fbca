"""What the namespace can do, asked by programs."""

from __future__ import annotations

from typing import Any

from tensorplug import registry
from tensorplug.array_api import dtypes as own
from tensorplug.device import Device, get_default_device
from tensorplug.dtypes import DType, get_default_dtype
from tensorplug.registry import backend_of

__all__ = ["__array_namespace_info__"]

_STANDARD = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "complex64",
    "complex128",
)  # fmt: skip


class NamespaceInfo:
    """Answers about the namespace: capabilities, devices and dtypes.

    Example:
        >>> import tensorplug as tp
        >>> info = tp.ones(1).__array_namespace__().__array_namespace_info__()
        >>> info.default_device()
        device(type='cpu')
    """

    def capabilities(self) -> dict[str, Any]:
        """What depends on the library: indexing with bools and shapes that depend on data work, dims have no limit."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": None}

    def default_device(self) -> Device:
        """The device of arrays that are made without one."""
        return get_default_device()

    def default_dtypes(self, *, device: Device | str | None = None) -> dict[str, DType]:
        """The dtypes of arrays that are made without one, by kind."""
        real = get_default_dtype()
        return {
            "real floating": real,
            "complex floating": real.to_complex(),
            "integral": own.int64,
            "indexing": own.int64,
        }

    def dtypes(
        self, *, device: Device | str | None = None, kind: str | tuple[str, ...] | None = None
    ) -> dict[str, DType]:
        """The dtypes of the standard that a device has, by name.

        Args:
            device: the default device unless it is given.
            kind: only those of a kind, or of several (see ``isdtype``).
        """
        lacking = backend_of((get_default_device() if device is None else Device(device)).type).unsupported_dtypes
        found = {name: getattr(own, name) for name in _STANDARD}
        return {
            name: dtype
            for name, dtype in found.items()
            if dtype not in lacking and (kind is None or own.isdtype(dtype, kind))
        }

    def devices(self) -> list[Device]:
        """The devices that plugins bring and whose libraries are there."""
        found = []
        for device_type in registry.device_types():
            try:
                backend = backend_of(device_type)
                count = backend.device_count()
            except (ImportError, RuntimeError):
                continue
            found += [Device(device_type, i) for i in range(count)] if backend.indexed else [Device(device_type)]
        return found


def __array_namespace_info__() -> NamespaceInfo:
    """An object that answers questions about the namespace."""
    return NamespaceInfo()
