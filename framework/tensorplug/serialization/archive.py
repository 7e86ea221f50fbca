"""The container: a zip file without compression, whose records all lie in one folder.

Records of tensors start at multiples of 64 bytes, so that they can be mapped into memory.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

if TYPE_CHECKING:
    import zipfile

Bytes = np.ndarray[Any, Any]
"""A one-dimensional uint8 array."""

_ALIGNMENT = 64
_STORED = 0
_HEADER = 30
_ZIP64_EXTRA = 20
_PADDING = b"FB"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip file can say: the same content makes the same file


class ArchiveWriter:
    """Writes records; a context manager."""

    def __init__(self, target: str | os.PathLike[str] | BinaryIO) -> None:
        import zipfile  # on use: its import costs a good part of that of tensorplug

        self._new = zipfile.ZipInfo
        self._zip = zipfile.ZipFile(target, "w")
        self._folder = "archive"
        if isinstance(target, str | os.PathLike):
            self._folder = os.path.splitext(os.path.basename(target))[0]

    def write(self, name: str, data: bytes | Bytes) -> None:
        """Write one record."""
        content = data if isinstance(data, bytes) else data.data if len(data) else b""
        info = self._new(f"{self._folder}/{name}", _EPOCH)
        large = len(content) >= 2**30
        info.extra = self._padding(len(info.filename.encode()) + (_ZIP64_EXTRA if large else 0))
        info.file_size = len(content)
        with self._zip.open(info, "w", force_zip64=large) as record:
            record.write(content)

    def _padding(self, rest: int) -> bytes:
        """An extra field that makes the data start at a multiple of the alignment."""
        start = self._zip.start_dir + _HEADER + rest + 4
        size = -start % _ALIGNMENT
        return _PADDING + size.to_bytes(2, "little") + b"Z" * size

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, *exception: object) -> None:
        self._zip.close()


class ArchiveReader:
    """Reads the records of a file.

    Args:
        file: open for reading, seekable.
        what: the file's name for error messages.
        mapped: the path to map into memory instead of reading, or None.

    Raises:
        RuntimeError: the file is damaged or holds something else.
    """

    def __init__(self, file: BinaryIO, what: str, mapped: str | None) -> None:
        import zipfile

        self._file = file
        self._what = what
        self._map: Bytes | None = None
        try:
            self._zip = zipfile.ZipFile(file)
        except zipfile.BadZipFile as error:
            raise RuntimeError(
                f"{what} cannot be read: it begins as a saved file does, but its end is missing or damaged ({error}). "
                "It was probably not written or copied to the end."
            ) from None
        self._records = {info.filename.partition("/")[2]: info for info in self._zip.infolist()}
        if "data.pkl" not in self._records:
            raise RuntimeError(
                f"{what} is a zip file, but not one that save() wrote: there is no record 'data.pkl' in it"
            )
        if "constants.pkl" in self._records:
            raise RuntimeError(f"{what} is a TorchScript archive: a compiled program, which cannot be read")
        if mapped is not None:
            # Copy on write: changes in place stay in this process.
            self._map = np.memmap(mapped, np.uint8, mode="c")

    def text(self, name: str, default: str) -> str:
        """A record as text, or ``default`` where there is none."""
        return self._stored(name).decode().strip() if name in self._records else default

    def open_pickle(self) -> BinaryIO:
        """The record with the pickled object."""
        return io.BytesIO(self._stored("data.pkl"))

    def _stored(self, name: str) -> bytes:
        import zipfile

        try:
            return self._zip.read(self._records[name])
        except (zipfile.BadZipFile, EOFError) as error:
            raise self._damaged(name, str(error)) from None

    def read(self, name: str) -> Bytes:
        """A record's bytes in memory of their own, or mapped."""
        import zlib

        info = self._records.get(name)
        if info is None:
            raise self._damaged(name, "it is missing")
        if info.compress_type != _STORED:
            return np.frombuffer(bytearray(self._stored(name)), np.uint8)
        start = self._start(info)
        if self._map is not None:
            found = self._map[start : start + info.file_size]
            if len(found) != info.file_size:
                raise self._damaged(name, "it ends too early")
            return found
        self._file.seek(start)
        data = np.empty(info.file_size, np.uint8)
        if read_into(self._file, data) != info.file_size or zlib.crc32(data.data) != info.CRC:
            raise self._damaged(name, "its checksum does not match")
        return data

    def _start(self, info: zipfile.ZipInfo) -> int:
        """Where a record's data begins; the header in front of it has its own extra field."""
        self._file.seek(info.header_offset)
        header = self._file.read(_HEADER)
        if len(header) < _HEADER or header[:4] != b"PK\3\4":
            raise self._damaged(info.filename, "its header is not where it should be")
        name, extra = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
        return info.header_offset + _HEADER + name + extra

    def _damaged(self, name: str, why: str) -> RuntimeError:
        return RuntimeError(f"{self._what} is damaged: record '{name}' cannot be read: {why}")


def read_into(file: BinaryIO, data: Bytes) -> int:
    """Fill ``data`` from a file, and say how much there was."""
    if len(data) == 0:
        return 0
    if hasattr(file, "readinto"):
        return file.readinto(data.data)
    found = file.read(len(data))
    data[: len(found)] = np.frombuffer(found, np.uint8)
    return len(found)
