"""What saved files call things: PyTorch's names for functions, classes and dtypes, and ours behind them."""

from __future__ import annotations

from collections import Counter, OrderedDict
from typing import Any

from tensorplug.device import Device
from tensorplug.dtypes import ALL, DType, uint16, uint32, uint64
from tensorplug.nn.parameter import Buffer, Parameter
from tensorplug.serialization import rebuilding
from tensorplug.serialization.storages import StorageType
from tensorplug.shapes import Size
from tensorplug.tensor import Tensor


class Alias:
    """A name in files and the thing of ours that it stands for; called, it calls that."""

    __slots__ = ("module", "name", "value")

    def __init__(self, module: str, name: str, value: Any) -> None:
        self.module = module
        self.name = name
        self.value = value

    def __call__(self, *args: Any) -> Any:
        return self.value(*args)


TENSOR = Alias("torch._utils", "_rebuild_tensor_v2", rebuilding.rebuild_tensor_v2)
TENSOR_OF_BYTES = Alias("torch._utils", "_rebuild_tensor_v3", rebuilding.rebuild_tensor_v3)
META_TENSOR = Alias("torch._utils", "_rebuild_meta_tensor_no_storage", rebuilding.rebuild_meta_tensor)
PARAMETER = Alias("torch._utils", "_rebuild_parameter", rebuilding.rebuild_parameter)
PARAMETER_WITH_STATE = Alias("torch._utils", "_rebuild_parameter_with_state", rebuilding.rebuild_parameter_with_state)
FROM_TYPE = Alias("torch._tensor", "_rebuild_from_type_v2", rebuilding.rebuild_from_type)
SIZE = Alias("torch", "Size", Size)
DEVICE = Alias("torch", "device", Device)

DTYPES: dict[DType, Alias] = {dtype: Alias("torch", dtype.name, dtype) for dtype in ALL}

BYTES = Alias("torch.storage", "UntypedStorage", StorageType(None))

STORAGES: dict[DType, Alias] = {
    dtype: Alias("torch", f"{dtype.legacy_name}Storage", StorageType(dtype))
    for dtype in ALL
    if dtype not in (uint16, uint32, uint64)
}
"""The type of a storage of each dtype; PyTorch has none for the wide unsigned ones, whose storages are bytes."""

CLASSES: dict[type[Any], Alias] = {
    Tensor: Alias("torch", "Tensor", Tensor),
    Parameter: Alias("torch.nn.parameter", "Parameter", Parameter),
    Buffer: Alias("torch.nn.parameter", "Buffer", Buffer),
    Size: SIZE,
    Device: DEVICE,
}

_READ_ONLY = (
    Alias("torch._utils", "_rebuild_tensor", rebuilding.rebuild_tensor),
    Alias("torch._utils", "_rebuild_device_tensor_from_cpu_tensor", rebuilding.rebuild_device_tensor),
    Alias("torch.serialization", "_get_layout", rebuilding.layout),
    Alias("torch.storage", "_LegacyStorage", StorageType(None)),
    Alias("collections", "OrderedDict", OrderedDict),
    Alias("collections", "Counter", Counter),
    Alias("_codecs", "encode", rebuilding.text_to_bytes),
    Alias("builtins", "bytearray", bytearray),
    Alias("builtins", "set", set),
    Alias("builtins", "frozenset", frozenset),
    Alias("builtins", "complex", complex),
    Alias("__builtin__", "bytearray", bytearray),
    Alias("__builtin__", "set", set),
    Alias("__builtin__", "frozenset", frozenset),
    Alias("__builtin__", "complex", complex),
)

KNOWN: dict[tuple[str, str], Any] = {
    (alias.module, alias.name): alias.value
    for alias in (
        TENSOR, TENSOR_OF_BYTES, META_TENSOR, PARAMETER, PARAMETER_WITH_STATE, FROM_TYPE, BYTES,
        *DTYPES.values(), *STORAGES.values(), *CLASSES.values(), *_READ_ONLY,
    )
}  # fmt: skip
"""All that a file may name without being trusted."""
