"""The value that names a device: ``device("opencl:1")``."""

from __future__ import annotations

from typing import Any

_interned: dict[tuple[str, int | None], Device] = {}


class Device:
    """A device type and, where there are several, an index.

    Whether such a device exists is asked only when a tensor is made on it.

    Args:
        type: a device type (``"cpu"``), a type with an index (``"cuda:1"``), or another device.
        index: the number of the device, when ``type`` does not carry it.

    Raises:
        RuntimeError: the text is not of the form ``type`` or ``type:index``.

    Example:
        >>> Device("opencl:1")
        device(type='opencl', index=1)
        >>> Device("cpu") == Device("cpu")
        True
    """

    __slots__ = ("index", "type")

    type: str
    index: int | None

    def __new__(cls, type: str | Device, index: int | None = None) -> Device:
        if isinstance(type, Device):
            return type
        if not isinstance(type, str):
            raise TypeError(f"device(): argument 'type' must be str, not {type.__class__.__name__}")
        found = _interned.get((type, index))
        if found is not None:
            return found
        name, number = _parse(type, index)
        key = (name, number)
        if key not in _interned:
            self = object.__new__(cls)
            self.type, self.index = name, number
            _interned[key] = self
        return _interned[key]

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self) -> str:
        suffix = "" if self.index is None else f", index={self.index}"
        return f"device(type='{self.type}'{suffix})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Device, (self.type, self.index)

    def __copy__(self) -> Device:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Device:
        return self


def _parse(text: str, index: int | None) -> tuple[str, int | None]:
    name, colon, digits = text.partition(":")
    if not name.replace("_", "a").isidentifier() or (colon and not digits.isdigit()):
        raise RuntimeError(f"Invalid device string: '{text}'")
    if not colon:
        if index is not None and (not isinstance(index, int) or index < 0):
            raise RuntimeError(f"Device index must be a non-negative integer, got {index!r}")
        return name, index
    if index is not None:
        raise RuntimeError(f"type (string) must not include an index because index was passed explicitly: {text}")
    return name, int(digits)


class _Default:
    """Holder of the process-wide default device."""

    __slots__ = ("device",)

    def __init__(self) -> None:
        self.device = Device("cpu")


_default = _Default()


def get_default_device() -> Device:
    """The device on which factories make tensors: the CPU unless it was set."""
    return _default.device


def set_default_device(device: Device | str | None) -> None:
    """Make factories use ``device``; ``None`` means the CPU."""
    _default.device = Device("cpu" if device is None else device)
