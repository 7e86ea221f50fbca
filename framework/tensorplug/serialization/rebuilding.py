"""The functions that saved files name for making tensors, with the arguments that files give them.

Files are not trusted: whatever they say about shape and place is checked against the memory they bring.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from typing import Any

from tensorplug.device import Device
from tensorplug.dtypes import DType
from tensorplug.factories import empty_strided
from tensorplug.nn.parameter import Buffer, Parameter
from tensorplug.serialization.storages import SavedStorage, tensor_over
from tensorplug.tensor import Tensor


def rebuild_tensor(storage: Any, storage_offset: Any, size: Any, stride: Any) -> Tensor:
    """A tensor over part of a storage."""
    return _over(storage, None, storage_offset, size, stride)


def rebuild_tensor_v2(
    storage: Any,
    storage_offset: Any,
    size: Any,
    stride: Any,
    requires_grad: bool,
    backward_hooks: Any,
    metadata: Any = None,
) -> Tensor:
    """A tensor over part of a storage, of the storage's dtype."""
    return _finish(_over(storage, None, storage_offset, size, stride), requires_grad, metadata)


def rebuild_tensor_v3(
    storage: Any,
    storage_offset: Any,
    size: Any,
    stride: Any,
    requires_grad: bool,
    backward_hooks: Any,
    dtype: DType,
    metadata: Any = None,
) -> Tensor:
    """A tensor over part of a storage of plain bytes, with its dtype."""
    return _finish(_over(storage, dtype, storage_offset, size, stride), requires_grad, metadata)


def rebuild_parameter(data: Tensor, requires_grad: bool, backward_hooks: Any) -> Parameter:
    """A parameter over a tensor's memory."""
    return Parameter(data, requires_grad)


def rebuild_parameter_with_state(data: Tensor, requires_grad: bool, backward_hooks: Any, state: Any) -> Parameter:
    """A parameter with attributes of its own."""
    return _with_attributes(Parameter(data, requires_grad), state)


def rebuild_meta_tensor(dtype: DType, size: Any, stride: Any, requires_grad: bool) -> Tensor:
    """A tensor without data."""
    shape, strides = _geometry(size, stride)
    return _finish(empty_strided(shape, strides, dtype=dtype, device="meta"), requires_grad, None)


def rebuild_device_tensor(data: Tensor, dtype: DType, device: str, requires_grad: bool) -> Tensor:
    """A tensor that was copied to the CPU to be saved."""
    return _finish(data.to(Device(device), dtype), requires_grad, None)


def rebuild_from_type(function: Callable[..., Any], cls: type[Any], arguments: tuple[Any, ...], state: Any) -> Any:
    """A tensor of a subclass, or one with attributes of its own."""
    made = function(*arguments)
    if isinstance(state, dict) and state.get("_is_buffer"):
        return Buffer(made, persistent=bool(state.get("persistent", True)))
    if type(made) is not cls:
        made = Tensor._make_subclass(cls, made, made.requires_grad)
    return _with_attributes(made, state)


def layout(name: str) -> str:
    """A layout by name; all tensors here are strided."""
    if name != "torch.strided":
        raise pickle.UnpicklingError(f"the file has a tensor of layout {name!r}; there are only strided tensors here")
    return "strided"


def text_to_bytes(text: str, encoding: str) -> bytes:
    """How old pickles write bytes."""
    if encoding not in ("latin1", "ascii", "utf-8"):
        raise pickle.UnpicklingError(f"the file asks for text encoding {encoding!r}, which is not among those expected")
    return text.encode(encoding)


def _over(storage: Any, dtype: DType | None, offset: Any, size: Any, stride: Any) -> Tensor:
    if not isinstance(storage, SavedStorage):
        raise pickle.UnpicklingError(f"the file is damaged: a tensor over {type(storage).__name__}, not over a storage")
    dtype = dtype or storage.dtype
    shape, strides = _geometry(size, stride)
    room = storage.nbytes() // dtype.itemsize
    reach = 0 if 0 in shape else 1 + sum((n - 1) * s for n, s in zip(shape, strides, strict=True))
    if not isinstance(offset, int) or offset < 0 or (reach and offset + reach > room):
        raise pickle.UnpicklingError(
            f"the file is damaged: a tensor of shape {list(shape)} with strides {list(strides)} from element {offset} "
            f"on reaches beyond its storage of {room} elements"
        )
    made: Tensor = tensor_over(storage, dtype, offset, shape, strides)
    return made


def _geometry(size: Sequence[Any], stride: Sequence[Any]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    shape, strides = tuple(size), tuple(stride)
    if len(shape) != len(strides) or not all(isinstance(n, int) and n >= 0 for n in shape + strides):
        raise pickle.UnpicklingError(f"the file is damaged: a tensor of shape {shape} with strides {strides}")
    return shape, strides


def _finish(made: Tensor, requires_grad: bool, metadata: Any) -> Tensor:
    for flag, change in (("conj", Tensor.conj), ("neg", Tensor.neg)):
        if metadata and metadata.get(flag):
            made = change(made)
    if requires_grad:
        made.requires_grad = True
    return made


def _with_attributes(made: Any, state: Any) -> Any:
    # Names with an underscore are the tensor's own fields, which a file must not set.
    state = state[0] if isinstance(state, tuple) else state
    made.__dict__.update({name: value for name, value in (state or {}).items() if not name.startswith("_")})
    return made
