"""NumPy standing in for CuPy: every test in this folder runs on the stand-in, not on a GPU.

It shows that the backend calls CuPy as CuPy is documented (names, arguments, the current device, memory pointers,
streams) and that the logic around those calls is right. What CuPy and the GPU make of them it cannot show.

Where CuPy differs from NumPy in a way that matters, the stand-in does as CuPy:

- it has the functions that CuPy 14 has, and no others;
- results without dims are arrays;
- its arrays and NumPy's do not mix, and nothing becomes a NumPy array by itself;
- an array belongs to a device, and may be used only while that device is the current one;
- overlapping assignments go wrong (here: backwards), and ``ufunc.at`` knows few functions and dtypes.
"""

from __future__ import annotations

import sys
import types
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

_NAMES = (Path(__file__).parent / "cupy_names.txt").read_text(encoding="utf-8")
_FUNCTIONS = " ".join(line for line in _NAMES.splitlines() if not line.startswith("#")).split()
"""The functions that CuPy 14.2 shares with NumPy; a kernel that needs another one would fail on a GPU."""

_DTYPES = (
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64",
    "complex64", "complex128",
)  # fmt: skip

_ADDED = ("int32", "uint32", "uint64", "float16", "float32", "float64")

current_device = 0


class Device:
    """``cupy.cuda.Device``."""

    count = 2

    def __init__(self, device: int | None = None) -> None:
        self.id = current_device if device is None else device
        self._before: list[int] = []

    def __enter__(self) -> Device:
        global current_device
        self._before.append(current_device)
        current_device = self.id
        return self

    def __exit__(self, *_: object) -> None:
        global current_device
        current_device = self._before.pop()

    def synchronize(self) -> None:
        synchronized.append(self.id)


synchronized: list[int] = []


class MemoryPointer:
    """``cupy.cuda.MemoryPointer``: some bytes of a NumPy array."""

    def __init__(self, memory: np.ndarray, offset: int, device: int) -> None:
        self.memory = memory
        self.offset = offset
        self.device_id = device

    def __add__(self, nbytes: int) -> MemoryPointer:
        return MemoryPointer(self.memory, self.offset + nbytes, self.device_id)

    @property
    def ptr(self) -> int:
        return int(self.memory.__array_interface__["data"][0]) + self.offset


class ndarray:
    """``cupy.ndarray``: a NumPy array that nobody can mistake for one, on a device."""

    def __init__(
        self, shape: Any, dtype: Any = float, memptr: Any = None, strides: Any = None, order: str = "C"
    ) -> None:
        if memptr is None:
            self.values = np.empty(shape, dtype)
            self.device = Device()
        else:
            dtype = np.dtype(dtype)
            # NumPy refuses strides for no elements, which CuPy takes.
            empty = 0 in shape
            self.values = (
                np.empty(shape, dtype) if empty else np.ndarray(shape, dtype, memptr.memory, memptr.offset, strides)
            )
            self.device = Device(memptr.device_id)
        self.base_memory = _memory_of(self.values)

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("Implicit conversion to a NumPy array is not allowed. Please use `.get()`.")

    def get(self) -> np.ndarray:
        return np.array(_checked(self).values)

    @property
    def data(self) -> MemoryPointer:
        memory = self.base_memory
        start = int(memory.__array_interface__["data"][0])
        return MemoryPointer(memory, int(self.values.__array_interface__["data"][0]) - start, self.device.id)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("real", "imag"):
            setattr(_checked(self).values, name, _plain(value))
        else:
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(self.values, name)
        if callable(found):
            return _calling(found)
        return _wrapped(found) if isinstance(found, np.ndarray) else found

    def __getitem__(self, key: Any) -> Any:
        return _wrapped(_checked(self).values[_plain(key)])

    def __setitem__(self, key: Any, value: Any) -> None:
        target = _checked(self).values[_plain(key)] if key is Ellipsis else None
        if target is None:
            self.values[_plain(key)] = _plain(value)
            return
        source = np.broadcast_to(_plain(value), target.shape)
        for place in reversed(range(target.size)):
            target.flat[place] = source.flat[place]

    def __bool__(self) -> bool:
        return bool(self.values)

    def __int__(self) -> int:
        return int(self.values)

    def __len__(self) -> int:
        return len(self.values)


def _memory_of(values: np.ndarray) -> np.ndarray:
    """All the memory that ``values`` shows a part of, as bytes."""
    root = values
    while isinstance(root.base, np.ndarray):
        root = root.base
    flat = root.ravel(order="K")
    assert np.may_share_memory(flat, root) or not root.size
    return flat.view(np.uint8)


def _operator(name: str) -> Any:
    def call(self: ndarray, *others: Any) -> Any:
        with np.errstate(all="ignore"):
            return _wrapped(getattr(_checked(self).values, name)(*[_plain(o) for o in others]))

    return call


def _inplace_operator(name: str) -> Any:
    def call(self: ndarray, other: Any) -> ndarray:
        getattr(_checked(self).values, name)(_plain(other))
        return self

    return call


_OPERATORS = (
    "add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "floordiv", "rfloordiv", "mod", "and",
    "or", "xor", "rshift", "lshift", "eq", "ne", "lt", "le", "gt", "ge", "neg", "invert",
)  # fmt: skip

for _name in _OPERATORS:
    setattr(ndarray, f"__{_name}__", _operator(f"__{_name}__"))
for _name in ("iadd", "isub", "imul"):
    setattr(ndarray, f"__{_name}__", _inplace_operator(f"__{_name}__"))


def _checked(array: ndarray) -> ndarray:
    if array.device.id != current_device:
        raise ValueError(f"array on device {array.device.id} used while device {current_device} is the current one")
    return array


def _plain(value: Any) -> Any:
    if isinstance(value, ndarray):
        return _checked(value).values
    if isinstance(value, tuple | list):
        return type(value)(_plain(v) for v in value)
    if isinstance(value, np.ndarray):
        raise TypeError("Unsupported type <class 'numpy.ndarray'>")
    return value


def _wrapped(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return type(value)(_wrapped(v) for v in value)
    if not isinstance(value, np.ndarray | np.generic):
        return value
    made = object.__new__(ndarray)
    made.values = np.asarray(value)
    made.device = Device()
    made.base_memory = _memory_of(made.values)
    return made


def _calling(function: Any) -> Any:
    def call(*args: Any, **kwargs: Any) -> Any:
        plain = {name: _plain(value) for name, value in kwargs.items()}
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            found = _wrapped(function(*_plain(args), **plain))
        if "out" in kwargs and isinstance(kwargs["out"], ndarray):
            return kwargs["out"]
        return found

    return call


class _Ufunc:
    def __init__(self, ufunc: np.ufunc) -> None:
        self._ufunc = ufunc
        self._call = _calling(ufunc)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(*args, **kwargs)

    def at(self, target: ndarray, indices: Any, values: Any) -> None:
        if self._ufunc is not np.add:
            raise NotImplementedError(f"`{self._ufunc.__name__}.at` is not supported for this dtype")
        if target.dtype.name not in _ADDED:
            raise TypeError(f"scatter_add only supports {', '.join(_ADDED)} as data type")
        self._ufunc.at(_plain(target), _plain(indices), _plain(values))


def _where(condition: ndarray, x: Any, y: Any) -> ndarray:
    if not isinstance(condition, ndarray):
        raise AttributeError(f"'{type(condition).__name__}' object has no attribute 'astype'")
    return _calling(np.where)(condition, x, y)


def _array(value: Any, dtype: Any = None, copy: bool = True, order: str = "K", blocking: bool = False) -> ndarray:
    host = value if isinstance(value, np.ndarray) else _plain(value)
    return _wrapped(np.array(host, dtype=dtype, copy=copy, order=order))  # type: ignore[call-overload]


def _asarray(value: Any, dtype: Any = None) -> ndarray:
    if isinstance(value, ndarray) and dtype in (None, value.dtype):
        return value
    return _array(value, dtype)


class _Pool:
    """``cupy.cuda.MemoryPool``."""

    def __init__(self) -> None:
        self.freed = 0
        self.limit: float | None = None

    def used_bytes(self) -> int:
        return 1000 + current_device

    def total_bytes(self) -> int:
        return 2000 + current_device

    def free_all_blocks(self) -> None:
        self.freed += 1

    def set_limit(self, size: int | None = None, fraction: float | None = None) -> None:
        self.limit = fraction


class _Stream:
    """``cupy.cuda.Stream``."""

    def __init__(self, null: bool = False, non_blocking: bool = False, ptds: bool = False) -> None:
        self.non_blocking = non_blocking
        self.events: list[str] = []

    def __enter__(self) -> _Stream:
        self.events.append("enter")
        return self

    def __exit__(self, *_: object) -> None:
        self.events.append("exit")

    def synchronize(self) -> None:
        self.events.append("synchronize")


class CUDARuntimeError(RuntimeError):
    """``cupy.cuda.runtime.CUDARuntimeError``."""


def make_cupy() -> types.ModuleType:
    """A module that stands in for ``cupy``."""
    cupy: Any = types.ModuleType("cupy")
    for name in _FUNCTIONS:
        function = getattr(np, name)
        setattr(cupy, name, _Ufunc(function) if isinstance(function, np.ufunc) else _calling(function))
    for name in _DTYPES:
        setattr(cupy, name, getattr(np, name))
    cupy.pi, cupy.e, cupy.inf, cupy.nan = np.pi, np.e, np.inf, np.nan
    pool, pinned = _Pool(), _Pool()
    cupy.__version__ = "14.2.0 (NumPy standing in)"
    cupy.ndarray = ndarray
    cupy.array, cupy.asarray, cupy.where = _array, _asarray, _where
    cupy.asnumpy = lambda array: array.get()
    cupy.get_default_memory_pool = lambda: pool
    cupy.get_default_pinned_memory_pool = lambda: pinned
    runtime = types.SimpleNamespace(
        getDeviceCount=lambda: Device.count,
        getDeviceProperties=lambda index: {"name": f"stand-in {index}".encode()},
        CUDARuntimeError=CUDARuntimeError,
    )
    cupy.cuda = types.SimpleNamespace(Device=Device, Stream=_Stream, runtime=runtime)
    return cupy  # type: ignore[no-any-return]


def make_cupyx() -> dict[str, types.ModuleType]:
    """Modules that stand in for ``cupyx.scipy.special`` and its parents."""
    import scipy.special

    made: dict[str, Any] = {name: types.ModuleType(name) for name in ("cupyx", "cupyx.scipy", "cupyx.scipy.special")}
    for name in ("erf", "erfc", "erfinv", "gammaln", "psi"):
        setattr(made["cupyx.scipy.special"], name, _calling(getattr(scipy.special, name)))
    made["cupyx"].scipy = made["cupyx.scipy"]
    made["cupyx.scipy"].special = made["cupyx.scipy.special"]
    return made


@contextmanager
def standing_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """``import cupy`` finds the stand-in."""
    cupy = make_cupy()
    for name, module in {"cupy": cupy, **make_cupyx()}.items():
        monkeypatch.setitem(sys.modules, name, module)
    synchronized.clear()
    yield cupy
    assert current_device == 0
