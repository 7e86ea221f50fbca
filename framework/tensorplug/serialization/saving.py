"""``save``: objects pickled under PyTorch's names, the memory of their tensors beside them."""

from __future__ import annotations

import functools
import io
import os
import pickle
import sys
from collections import OrderedDict
from typing import Any, BinaryIO

import numpy as np

from tensorplug.base import storage_of, strides_of
from tensorplug.device import Device
from tensorplug.dtypes import DType
from tensorplug.nn.parameter import Buffer, Parameter
from tensorplug.registry import Kind
from tensorplug.serialization import names
from tensorplug.serialization.archive import ArchiveWriter
from tensorplug.serialization.names import Alias
from tensorplug.shapes import Size
from tensorplug.tensor import Tensor


def save(
    obj: Any,
    f: str | os.PathLike[str] | BinaryIO,
    pickle_module: Any = None,
    pickle_protocol: int = 2,
    _use_new_zipfile_serialization: bool = True,
) -> None:
    """Write an object with all its tensors to a file that ``load`` and PyTorch's ``torch.load`` read.

    Tensors that share memory will share it again; all of the shared memory is written, however small the part that a
    tensor shows. Gradients and hooks are not written.

    Args:
        obj: tensors, plain containers of them such as a ``state_dict()``, or anything that pickle takes.
        f: a path, or a file open for writing in binary mode.
        pickle_module: a module whose ``Pickler`` is to be used, one written in Python as ``dill``'s is.
        pickle_protocol: version of the pickle format.

    Raises:
        RuntimeError: the folder does not exist.
        TypeError: ``f`` is neither a path nor a file.

    Example:
        >>> import io
        >>> import tensorplug as tp
        >>> file = io.BytesIO()
        >>> tp.save({"weight": tp.ones(2)}, file)
        >>> _ = file.seek(0)
        >>> tp.load(file)
        {'weight': tensor([1., 1.])}
    """
    if not _use_new_zipfile_serialization:
        raise NotImplementedError("save(): PyTorch's format from before version 1.6 can be read but not written")
    if isinstance(f, str | os.PathLike):
        folder = os.path.dirname(f)
        if folder and not os.path.isdir(folder):
            raise RuntimeError(f"save(): the folder '{folder}' does not exist")
    elif not hasattr(f, "write"):
        raise TypeError(f"save(): expected 'f' to be a path or a file open for writing, but got {type(f).__name__}")
    pickled = io.BytesIO()
    base = pickle._Pickler if pickle_module in (None, pickle) else pickle_module.Pickler
    pickler = _naming_class(base)(pickled, pickle_protocol)
    pickler.dump(obj)
    with ArchiveWriter(f) as archive:
        archive.write("data.pkl", pickled.getvalue())
        archive.write("byteorder", sys.byteorder.encode())
        for key, (array, kind) in enumerate(pickler.memories):
            archive.write(f"data/{key}", _bytes_of(array, kind))
        archive.write("version", b"3\n")


class _Reference:
    """A storage in the pickled object; what stands there is its persistent id."""

    __slots__ = ("persistent_id",)

    def __init__(self, *persistent_id: Any) -> None:
        self.persistent_id = persistent_id


class _Naming:
    """The part of a pickler that knows tensors and PyTorch's names; mixed into a pickler written in Python.

    Attributes:
        memories: native array and kind of each storage, in the order of their keys.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.memories: list[tuple[Any, Kind]] = []
        self._keys: dict[int, str] = {}

    def save(self: Any, obj: Any, save_persistent_id: bool = True) -> None:
        """Pickle one object."""
        if obj.__class__ is Alias:
            self._save_name(obj)
        elif obj.__class__ is DType:
            self._save_name(names.DTYPES[obj])
        elif isinstance(obj, type) and obj in names.CLASSES:
            self._save_name(names.CLASSES[obj])
        else:
            super().save(obj, save_persistent_id)  # type: ignore[misc]

    def _save_name(self: Any, alias: Alias) -> None:
        known = self.memo.get(id(alias))
        if known is not None:
            self.write(self.get(known[0]))
            return
        self.write(pickle.GLOBAL + f"{alias.module}\n{alias.name}\n".encode())
        self.memoize(alias)

    def persistent_id(self, obj: Any) -> Any:
        """What stands for a storage."""
        return obj.persistent_id if obj.__class__ is _Reference else None

    def reducer_override(self, obj: Any) -> Any:
        """How tensors and their kin are made again."""
        if isinstance(obj, Tensor):
            return self._reduce_tensor(obj)
        if obj.__class__ is Size:
            return names.SIZE, (tuple(obj),)
        if obj.__class__ is Device:
            return names.DEVICE, (obj.type,) if obj.index is None else (obj.type, obj.index)
        return NotImplemented

    def _reduce_tensor(self, tensor: Tensor) -> tuple[Any, ...]:
        attributes = {name: value for name, value in tensor.__dict__.items() if not name.startswith("_")}
        hooks: OrderedDict[int, Any] = OrderedDict()
        if type(tensor) is Parameter:
            arguments = (tensor.detach(), tensor.requires_grad, hooks)
            if attributes:
                return names.PARAMETER_WITH_STATE, (*arguments, attributes)
            return names.PARAMETER, arguments
        function, given = self._reduce_plain(tensor, hooks)
        cls: type[Any] = type(tensor)
        if isinstance(tensor, Buffer):
            attributes, cls = {"persistent": tensor.persistent, "_is_buffer": True}, Tensor
        elif cls is Tensor and not attributes:
            return function, given
        return names.FROM_TYPE, (function, cls, given, attributes)

    def _reduce_plain(self, tensor: Tensor, hooks: OrderedDict[int, Any]) -> tuple[Alias, tuple[Any, ...]]:
        dtype, shape, strides = tensor.dtype, tensor._shape, strides_of(tensor)
        if tensor.is_meta:
            return names.META_TENSOR, (dtype, shape, strides, tensor.requires_grad)
        array, kind = storage_of(tensor).array, tensor._kind
        key = self._key(array, kind)
        extent = _extent(array, kind)
        type_ = names.STORAGES.get(dtype)
        geometry = (tensor._offset, shape, strides, tensor.requires_grad, hooks)
        location = str(kind.device)
        if type_ is None:
            storage = _Reference("storage", names.BYTES, key, location, extent * dtype.itemsize)
            return names.TENSOR_OF_BYTES, (storage, *geometry, dtype)
        return names.TENSOR, (_Reference("storage", type_, key, location, extent), *geometry)

    def _key(self, array: Any, kind: Kind) -> str:
        key = self._keys.get(id(array))
        if key is None:
            key = self._keys[id(array)] = str(len(self.memories))
            self.memories.append((array, kind))
        return key


@functools.cache
def _naming_class(base: type[Any]) -> Any:
    if not issubclass(base, pickle._Pickler):
        raise TypeError(
            f"save(): {base.__module__}.{base.__name__} is not written in Python, so it cannot be taught how "
            "PyTorch's files name things; leave pickle_module out, or use dill"
        )
    return type("Pickler", (_Naming, base), {})


def _extent(array: Any, kind: Kind) -> int:
    """How many elements of memory a native array that is no view covers; an array shared with NumPy may have gaps."""
    shape = kind.backend.shape(array)
    if 0 in shape:
        return 0
    return 1 + sum((n - 1) * s for n, s in zip(shape, kind.backend.strides(array), strict=True))


def _bytes_of(array: Any, kind: Kind) -> np.ndarray[Any, Any]:
    flat = kind.backend.view(array, (_extent(array, kind),), (1,), 0)
    return np.ascontiguousarray(kind.backend.to_host(flat)).view(np.uint8)
