"""From Python data and NumPy arrays to tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug import dtypes
from tensorplug.base import TensorBase, wrap
from tensorplug.device import Device, get_default_device
from tensorplug.dtypes import DType
from tensorplug.registry import kind_of


def host_array(data: Any, dtype: DType | None) -> tuple[np.ndarray[Any, Any], DType]:
    """``data`` (numbers, nested sequences, NumPy arrays, tensors) as a NumPy array, and its tensorplug dtype.

    Python ints give int64, floats the default dtype, bools bool, complex numbers the default dtype's complex one.

    Raises:
        TypeError, ValueError: not such data, or sequences of uneven length.
    """
    if isinstance(data, np.ndarray | np.generic):
        return np.asarray(data), dtypes.from_numpy(data.dtype) if dtype is None else dtype
    plain = _plain(data)
    if dtype is not None:
        return _array(plain, dtype), dtype
    host = _array(plain, None)
    return host, _inferred(host)


def _plain(data: Any) -> Any:
    """Sequences with tensors among their elements become sequences of numbers."""
    if isinstance(data, TensorBase):
        return data.tolist()  # type: ignore[attr-defined]
    if isinstance(data, list | tuple | range):
        if all(type(x) in _NUMBERS for x in data):
            return data
        return [_plain(x) for x in data]
    if hasattr(data, "__array__") and not isinstance(data, np.ndarray | np.generic):
        return np.asarray(data)
    if hasattr(data, "__len__") and hasattr(data, "__getitem__") and not isinstance(data, str | bytes | np.ndarray):
        return [_plain(data[i]) for i in range(len(data))]
    return data


_NUMBERS = frozenset((int, float, bool, complex))


def _array(plain: Any, dtype: DType | None) -> np.ndarray[Any, Any]:
    try:
        host = np.array(plain) if dtype is None else _converted(plain, dtype)
    except OverflowError as error:
        raise RuntimeError(f"Overflow when converting to {dtype or 'int64'}: {error}") from None
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise
        raise ValueError(f"expected sequences of equal length at every depth: {error}") from None
    if host.dtype == object:
        raise RuntimeError("Overflow when unpacking long: an integer does not fit into 64 bits")
    if host.dtype.kind not in "?bBiufcV":
        raise TypeError(f"new(): invalid data type '{host.dtype.name}': a tensor holds numbers")
    return host


def _converted(plain: Any, dtype: DType) -> np.ndarray[Any, Any]:
    if isinstance(plain, complex) and not dtype.is_complex:
        raise TypeError(f"can't convert a complex number to {dtype}")
    host = np.array(plain)
    if host.dtype.kind in "OUS":
        return host
    if host.dtype.kind in "iu" and dtype.category == dtypes.INTEGER and host.size:
        info = np.iinfo(dtype.name)
        low, high = int(host.min()), int(host.max())
        if low < info.min or high > info.max:
            value = low if low < info.min else high
            raise RuntimeError(f"value cannot be converted to type {dtype} without overflow: {value}")
    with np.errstate(all="ignore"):
        return host.astype(dtype.numpy)


def _inferred(host: np.ndarray[Any, Any]) -> DType:
    kind = host.dtype.kind
    if (host.size == 0 and kind == "f") or (kind == "f" and host.dtype == np.float64):
        return dtypes.get_default_dtype()
    if kind == "c":
        return dtypes.get_default_dtype().to_complex()
    return dtypes.from_numpy(host.dtype)


def from_data(data: Any, dtype: DType | None, device: Device | str | None) -> Any:
    """A tensor with a copy of ``data``."""
    host, own = host_array(data, dtype)
    kind = kind_of(get_default_device() if device is None else Device(device), own)
    if host.dtype != own.numpy:
        with np.errstate(all="ignore"):
            host = host.astype(own.numpy)
    return wrap(kind.backend.from_host(host, kind.device), kind, host.shape)
