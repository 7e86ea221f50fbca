"""The format that PyTorch wrote before version 1.6: pickles one after the other, then the memory of the storages."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np

from tensorplug.device import Device
from tensorplug.dtypes import uint8
from tensorplug.serialization.archive import read_into
from tensorplug.serialization.storages import MapLocation, SavedStorage, placed

MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001

MakeUnpickler = Callable[[BinaryIO, Callable[[Any], Any]], Any]


def load_legacy(file: BinaryIO, what: str, make_unpickler: MakeUnpickler, map_location: MapLocation) -> Any:
    """Read such a file.

    Args:
        file: at its start.
        what: its name for error messages.
        make_unpickler: from a file and a function for persistent ids to an unpickler.
        map_location: as ``load`` takes it.

    Raises:
        pickle.UnpicklingError: another format.
        RuntimeError: the file ends too early.
    """
    storages = _Storages(what, map_location)
    if make_unpickler(file, storages).load() != MAGIC:
        raise pickle.UnpicklingError(f"{what} is a pickle, but not one that save() wrote; the pickle module reads it")
    protocol = make_unpickler(file, storages).load()
    if protocol != _PROTOCOL:
        raise pickle.UnpicklingError(f"{what} has version {protocol} of the format, which cannot be read")
    make_unpickler(file, storages).load()  # sizes of C types on the machine that wrote the file
    result = make_unpickler(file, storages).load()
    for key in make_unpickler(file, storages).load():
        storages.fill(key, file)
    return result


class _Storages:
    """The storages that the pickled object names. Their bytes come after it, so they are filled afterwards."""

    def __init__(self, what: str, map_location: MapLocation) -> None:
        self._what = what
        self._map_location = map_location
        self._found: dict[str, SavedStorage] = {}

    def __call__(self, persistent_id: tuple[Any, ...]) -> Any:
        if persistent_id[0] in ("module", b"module"):  # a class, with its source
            return persistent_id[1]
        if persistent_id[0] not in ("storage", b"storage") or persistent_id[5] is not None:
            raise pickle.UnpicklingError(f"{self._what} has a persistent object that cannot be read: {persistent_id}")
        _, type_, key, location, numel, _ = persistent_id
        if isinstance(location, bytes):
            location = location.decode()
        if key not in self._found:
            # Types without a dtype are bytes.
            host = np.empty(numel * (type_.dtype or uint8).itemsize, np.uint8)
            self._found[key] = placed(SavedStorage(host, type_.dtype, Device("cpu")), location, self._map_location)
        return self._found[key]

    def fill(self, key: str, file: BinaryIO) -> None:
        """Read the bytes of one storage."""
        storage = self._found[key]
        file.read(8)  # the number of elements, known already
        if read_into(file, storage.host) != storage.nbytes():
            raise RuntimeError(f"{self._what} is damaged: it ends within the data of a tensor")
        storage.refresh()
