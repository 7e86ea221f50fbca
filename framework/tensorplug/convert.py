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
    if dtype is not None and not isinstance(dtype, DType):
        raise TypeError(f"argument 'dtype' must be tensorplug.dtype, not {type(dtype).__name__}")
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
        host = np.array(plain)
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise
        raise ValueError(f"expected sequences of equal length at every depth: {error}") from None
    if host.dtype == object:
        host = _from_objects(host, dtype)
    if host.dtype.kind not in "?bBiufcV":
        raise TypeError(f"new(): invalid data type '{host.dtype.name}': a tensor holds numbers")
    if dtype is not None:
        return _converted(host, dtype)
    if host.dtype == np.uint64 and host.size and host.max() > np.iinfo(np.int64).max:
        raise _too_large(int(host.max()))
    return host


def _from_objects(host: np.ndarray[Any, Any], dtype: DType | None) -> np.ndarray[Any, Any]:
    """Numbers that fit no NumPy integer, if that is what these objects are."""
    for value in host.flat:
        if not isinstance(value, int | float | complex):
            raise RuntimeError(f"could not infer the dtype of {type(value).__name__}: a tensor holds numbers")
    if dtype is None or dtype.category < dtypes.FLOAT:
        raise _too_large(max(host.flat, key=abs))
    return host.astype(np.float64 if dtype.category == dtypes.FLOAT else np.complex128)


def _too_large(value: Any) -> ValueError:
    return ValueError(f"the integer {value} does not fit into int64")


def _converted(host: np.ndarray[Any, Any], dtype: DType) -> np.ndarray[Any, Any]:
    if host.dtype.kind == "c" and dtype.category in (dtypes.INTEGER, dtypes.FLOAT):
        raise TypeError(f"complex numbers cannot be converted to {dtype}")
    if host.dtype.kind in "iuf" and dtype.category == dtypes.INTEGER and host.size:
        info = np.iinfo(dtype.name)
        # Unsigned integers hold negative numbers as C does.
        smallest = info.min or -info.max
        for value in (host.min().item(), host.max().item()):
            if not smallest - 1 < value < info.max + 1:  # NaN is not either
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
