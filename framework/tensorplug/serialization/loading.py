"""``load``: files that ``save`` or PyTorch wrote."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO

import numpy as np

from tensorplug.device import Device
from tensorplug.serialization.archive import ArchiveReader
from tensorplug.serialization.legacy import load_legacy
from tensorplug.serialization.storages import MapLocation, SavedStorage, placed
from tensorplug.serialization.unpickling import SafeUnpickler, trusting_unpickler


def load(
    f: str | os.PathLike[str] | BinaryIO,
    map_location: MapLocation = None,
    pickle_module: Any = None,
    *,
    weights_only: bool | None = None,
    mmap: bool | None = None,
    **pickle_load_args: Any,
) -> Any:
    """Read an object that ``save`` or PyTorch's ``torch.save`` wrote.

    Args:
        f: a path, or a file open for reading in binary mode that can seek.
        map_location: where tensors go: None for the device they were saved from, a device for all, a dict from saved
            devices to others, or a function from a storage and its saved device to a storage or None.
        pickle_module: a module whose ``Unpickler`` is to be used; not with ``weights_only``.
        weights_only: make only tensors, plain containers and what ``add_safe_globals`` allows, so that a file cannot
            run code; True unless ``pickle_module`` is given.
        mmap: map the tensors' memory from the file, which is read when it is used (and changed in this process only).
            Needs a path.
        pickle_load_args: for the unpickler, such as ``encoding``.

    Raises:
        FileNotFoundError: no such file.
        pickle.UnpicklingError: the file asks for more than ``weights_only`` allows, or is no such file at all.
        RuntimeError: the file is damaged, or has tensors of a device that is not there.

    Example:
        >>> import io
        >>> import tensorplug as tp
        >>> file = io.BytesIO()
        >>> tp.save(tp.nn.Linear(2, 1).state_dict(), file)
        >>> _ = file.seek(0)
        >>> list(tp.load(file, map_location="cpu"))
        ['weight', 'bias']
    """
    if weights_only is None:
        weights_only = pickle_module is None
    if weights_only and pickle_module is not None:
        raise RuntimeError(
            "load(): weights_only=True has its own unpickler and cannot use pickle_module. If you trust the file, use "
            "weights_only=False."
        )
    encoding = pickle_load_args.pop("encoding", "utf-8")
    make: Callable[..., Any] = partial(SafeUnpickler, encoding=encoding)
    if not weights_only:
        make = partial(trusting_unpickler, pickle_module or pickle, encoding=encoding, **pickle_load_args)
    if isinstance(f, str | os.PathLike):
        with open(f, "rb") as file:
            return _load(file, f"'{os.fspath(f)}'", os.fspath(f) if mmap else None, make, map_location)
    if not (hasattr(f, "read") and hasattr(f, "seek")):
        raise AttributeError(
            f"load(): expected 'f' to be a path or a file that can read and seek, but got {type(f).__name__}. Read it "
            "into an io.BytesIO first."
        )
    if mmap:
        raise ValueError("load(): mmap=True needs a path, not an open file")
    return _load(f, "the file", None, make, map_location)


def _load(file: BinaryIO, what: str, mapped: str | None, make: Callable[..., Any], map_location: MapLocation) -> Any:
    start = file.tell()
    head = file.read(4)
    file.seek(start)
    if not head:
        raise EOFError(f"{what} is empty, or was read to its end")
    if head.startswith(b"PK\3\4"):
        return _load_archive(ArchiveReader(file, what, mapped), what, make, map_location)
    if head[:1] != pickle.PROTO:
        raise pickle.UnpicklingError(
            f"{what} is not a file that save() wrote: it begins with {head!r}. Files in the safetensors format "
            "are read by tensorplug.serialization.load_safetensors."
        )
    if mapped is not None:
        raise RuntimeError(f"{what} has the format from before PyTorch 1.6, which cannot be mapped; use mmap=False")
    return load_legacy(file, what, make, map_location)


def _load_archive(archive: ArchiveReader, what: str, make: Callable[..., Any], map_location: MapLocation) -> Any:
    swapped = archive.text("byteorder", "little") != sys.byteorder
    storages: dict[str, SavedStorage] = {}

    def storage(persistent_id: Any) -> SavedStorage:
        if not (isinstance(persistent_id, tuple) and len(persistent_id) == 5 and persistent_id[0] == "storage"):
            raise pickle.UnpicklingError(f"{what} has a persistent object that cannot be read: {persistent_id!r}")
        _, type_, key, location, _ = persistent_id
        if key not in storages:
            host = archive.read(f"data/{key}")
            if swapped:
                host = _native(host, type_.dtype)
            storages[key] = placed(SavedStorage(host, type_.dtype, Device("cpu")), location, map_location)
        return storages[key]

    return make(archive.open_pickle(), storage).load()


def _native(host: np.ndarray[Any, Any], dtype: Any) -> np.ndarray[Any, Any]:
    """Bytes of the other byte order in this machine's."""
    if dtype is None:
        raise RuntimeError("a storage of plain bytes in another byte order cannot be read")
    size = dtype.to_real().itemsize
    return host.reshape(-1, size)[:, ::-1].reshape(-1).copy()
