"""The memory of saved tensors: what files call a storage, and where it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tensorplug.base import Storage, wrap
from tensorplug.device import Device
from tensorplug.dtypes import DType, uint8
from tensorplug.registry import Kind, kind_of, resolve

Bytes = np.ndarray[Any, Any]
MapLocation = Callable[["SavedStorage", str], Any] | Device | str | Mapping[str, str] | None


class StorageType:
    """What files write for the type of a storage: the dtype of its elements, None where they are plain bytes."""

    __slots__ = ("dtype",)

    def __init__(self, dtype: DType | None) -> None:
        self.dtype = dtype


class SavedStorage:
    """Memory read from a file, not yet on a device; what a ``map_location`` function gets and returns.

    Attributes:
        host: the bytes, in native byte order.
        dtype: of the elements; uint8 for plain bytes.
        device: where the memory will be.
    """

    def __init__(self, host: Bytes, dtype: DType | None, device: Device) -> None:
        self.host = host
        self.dtype = dtype or uint8
        self.device = device
        self._made: dict[DType, tuple[Storage, Kind]] = {}

    def to(self, device: Device | str) -> SavedStorage:
        """The same bytes for another device."""
        return SavedStorage(self.host, self.dtype, Device(device))

    def cpu(self) -> SavedStorage:
        """The same bytes for the CPU."""
        return self.to("cpu")

    def cuda(self, device: int | Device | str | None = None) -> SavedStorage:
        """The same bytes for a CUDA device."""
        return self.to(Device("cuda", device) if device is None or isinstance(device, int) else device)

    def nbytes(self) -> int:
        """How many bytes there are."""
        return len(self.host)

    def memory(self, dtype: DType) -> tuple[Storage, Kind]:
        """The bytes on the device as elements of ``dtype``, made once for all tensors that share them."""
        found = self._made.get(dtype)
        if found is None:
            found = self._made[dtype] = self._place(dtype)
        return found

    def _place(self, dtype: DType) -> tuple[Storage, Kind]:
        kind = kind_of(self.device, dtype)
        host = _elements(self.host, dtype)
        if kind.backend.abstract:
            return Storage(kind.backend.empty(host.shape, dtype, kind.device)), kind
        on_host = kind.device.type == "cpu"
        return Storage(kind.backend.share_host(host) if on_host else kind.backend.from_host(host, kind.device)), kind

    def refresh(self) -> None:
        """Bring what was made to the bytes as they are now; memory on the CPU shares them already."""
        for dtype, (storage, kind) in self._made.items():
            if kind.device.type != "cpu" and not kind.backend.abstract:
                backend = kind.backend
                backend.copy_into(storage.array, backend.from_host(_elements(self.host, dtype), kind.device))


def _elements(host: Bytes, dtype: DType) -> Bytes:
    if host.ctypes.data % dtype.itemsize and len(host):
        host = host.copy()
    whole = len(host) // dtype.itemsize * dtype.itemsize
    return host[:whole].view(dtype.numpy)


def tensor_over(
    saved: SavedStorage, dtype: DType, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]
) -> Any:
    """A tensor that shows part of a saved storage."""
    storage, kind = saved.memory(dtype)
    made = wrap(kind.backend.view(storage.array, shape, strides, offset), kind, shape)
    made._storage, made._strides, made._offset = storage, strides, offset
    return made


def placed(saved: SavedStorage, location: str, map_location: MapLocation) -> SavedStorage:
    """The storage with the device on which ``map_location`` wants it.

    Raises:
        RuntimeError: there is no such device.
        TypeError: a ``map_location`` function returned something else than a storage or None.
    """
    if callable(map_location) and not isinstance(map_location, Device):
        found = map_location(saved, location)
        if found is None:
            return saved.to(_found(location, location))
        if not isinstance(found, SavedStorage):
            raise TypeError(
                f"map_location returned {type(found).__name__}: a function for map_location gets a storage and its "
                "location and returns the storage, perhaps after .cpu() or .to(device), or None"
            )
        return found.to(_found(str(found.device), location))
    if map_location is None:
        return saved.to(_found(location, location))
    if isinstance(map_location, Mapping):
        return saved.to(_found(str(map_location.get(location, location)), location))
    return saved.to(_found(map_location, location))


def _found(device: Device | str, location: str) -> Device:
    try:
        return resolve(device)
    except RuntimeError as error:
        raise RuntimeError(
            f"the file has tensors of device '{location}': {error} To put them elsewhere, use "
            "load(..., map_location='cpu')."
        ) from error
