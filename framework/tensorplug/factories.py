"""Functions that make tensors: from data, constants, ranges and random numbers."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from tensorplug import registry
from tensorplug.base import wrap
from tensorplug.convert import from_data
from tensorplug.device import Device, get_default_device
from tensorplug.dtypes import COMPLEX, FLOAT, INTEGER, DType, bool_, float64, get_default_dtype, int64
from tensorplug.dtypes import from_numpy as dtype_from_numpy
from tensorplug.generator import Generator
from tensorplug.ops.creation import counted, filled, range_count, uninitialized
from tensorplug.ops.random import draw_integers, draw_normal, draw_uniform
from tensorplug.overwriting import write_out
from tensorplug.promotion import fitting_number
from tensorplug.registry import kind_of
from tensorplug.shapes import Shape, new_size
from tensorplug.tensor import Tensor

Where = Device | str | None


def _device(device: Where) -> Device:
    return get_default_device() if device is None else Device(device)


def _finish(name: str, result: Tensor, out: Tensor | None, requires_grad: bool) -> Tensor:
    if out is not None:
        return write_out(name, out, lambda: result, ((), {}))
    return result.requires_grad_() if requires_grad else result


def tensor(
    data: Any,
    *,
    dtype: DType | None = None,
    device: Where = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """A tensor with a copy of ``data``.

    Args:
        data: a number, nested sequences of numbers, a NumPy array, or a tensor.
        dtype: inferred by default: ints give int64, floats the default dtype, bools bool; arrays keep theirs.
        device: the default device unless given; that of ``data`` if it is a tensor.
        requires_grad: whether gradients flow to the result.
        pin_memory: accepted; copies to devices pin what they need.

    Raises:
        ValueError: sequences of uneven length.
        TypeError: elements that are not numbers.

    Example:
        >>> import tensorplug as tp
        >>> tp.tensor([[1, 2], [3, 4]])
        tensor([[1, 2],
                [3, 4]])
    """
    if isinstance(data, Tensor):
        made = data.detach().clone().to(device=None if device is None else Device(device), dtype=dtype)
    else:
        made = from_data(data, dtype, device)
    return made.requires_grad_() if requires_grad else made


def as_tensor(data: Any, dtype: DType | None = None, device: Where = None) -> Tensor:
    """``data`` as a tensor, sharing memory with tensors and NumPy arrays where dtype and device allow."""
    if isinstance(data, Tensor):
        return data.to(device=None if device is None else Device(device), dtype=dtype)
    if isinstance(data, np.ndarray):
        return from_numpy(data).to(device=_device(device), dtype=dtype)
    return from_data(data, dtype, device)


def asarray(
    obj: Any, *, dtype: DType | None = None, device: Where = None, copy: bool | None = None, requires_grad: bool = False
) -> Tensor:
    """``obj`` as a tensor that shares memory with it where it can.

    Args:
        obj: a tensor, NumPy array, object with ``__dlpack__``, number, or nested sequences of numbers.
        dtype, device: as of ``obj`` by default.
        copy: True never shares memory; False is an error where it cannot be shared.
        requires_grad: whether gradients flow to the result, which is taken out of the graph.

    Raises:
        ValueError: ``copy`` is False and the memory cannot be shared.

    Example:
        >>> import numpy as np, tensorplug as tp
        >>> a = np.zeros(2)
        >>> tp.asarray(a)[0] = 7
        >>> a
        array([7., 0.])
    """
    if not isinstance(obj, Tensor | np.ndarray) and hasattr(obj, "__dlpack__"):
        obj = from_dlpack(obj)
    made = as_tensor(obj, dtype, device)
    shared = made is obj or (isinstance(obj, np.ndarray) and made.is_cpu and np.may_share_memory(obj, made.numpy()))
    if copy is False and not shared:
        raise ValueError("cannot return a tensor that shares memory with the object: leave out copy=False")
    if copy and shared:
        made = made.detach().clone()
    return made.detach().requires_grad_() if requires_grad else made


def from_numpy(ndarray: np.ndarray[Any, Any]) -> Tensor:
    """A CPU tensor that shares memory with a NumPy array.

    Raises:
        TypeError: not a NumPy array, or a dtype without counterpart.
        ValueError: negative strides, or strides that are not whole elements.

    Example:
        >>> import numpy as np, tensorplug as tp
        >>> a = np.zeros(2)
        >>> t = tp.from_numpy(a)
        >>> a[0] = 7
        >>> t
        tensor([7., 0.], dtype=tensorplug.float64)
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    dtype = dtype_from_numpy(ndarray.dtype)
    if any(s < 0 for s in ndarray.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with negative strides are not "
            "currently supported. (You can probably work around this by making a copy of your array  with "
            "array.copy().)"
        )
    if any(s % dtype.itemsize for s in ndarray.strides):
        raise ValueError(
            "given numpy array strides not a multiple of the element byte size. Copy the numpy array first."
        )
    kind = kind_of(Device("cpu"), dtype)
    made: Tensor = wrap(kind.backend.share_host(ndarray), kind, ndarray.shape)
    return made


def from_dlpack(ext_tensor: Any) -> Tensor:
    """A tensor that shares memory with any object that speaks DLPack (array API standard, 2024.12)."""
    if isinstance(ext_tensor, Tensor):
        return ext_tensor.detach()
    if hasattr(ext_tensor, "__dlpack__"):
        return from_numpy(np.from_dlpack(ext_tensor))
    return from_numpy(np.asarray(_Writable(np.from_dlpack(_Capsule(ext_tensor)))))


class _Writable:
    """The memory of an array that NumPy takes for read-only, because an old capsule cannot say that it is not."""

    def __init__(self, array: np.ndarray[Any, Any]) -> None:
        self._owner = array
        self.__array_interface__ = {**array.__array_interface__, "data": (array.ctypes.data, False)}


class _Capsule:
    """What older protocols hand over, as an object that NumPy takes."""

    def __init__(self, capsule: Any) -> None:
        self._capsule = capsule

    def __dlpack__(self, **_: Any) -> Any:
        return self._capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)


def frombuffer(buffer: Any, *, dtype: DType, count: int = -1, offset: int = 0, requires_grad: bool = False) -> Tensor:
    """A 1-d CPU tensor that shares memory with an object that has the buffer protocol."""
    made = from_numpy(np.frombuffer(buffer, dtype.numpy, count, offset))
    return made.requires_grad_() if requires_grad else made


def scalar_tensor(s: Any, *, dtype: DType | None = None, device: Where = None, requires_grad: bool = False) -> Tensor:
    """A 0-d tensor of a number, in the default dtype unless another is given."""
    return tensor(s, dtype=dtype or get_default_dtype(), device=device, requires_grad=requires_grad)


# ---------------------------------------------------------------------------------------------------- constants


def zeros(
    *sizes: Any,
    size: Sequence[int] | None = None,
    out: Tensor | None = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Zeros of a size given as ints, as one sequence, or as ``size=``.

    Example:
        >>> import tensorplug as tp
        >>> tp.zeros(2, 2)
        tensor([[0., 0.],
                [0., 0.]])
    """
    shape = _size(sizes, size)
    return full(shape, 0, out=out, dtype=dtype or get_default_dtype(), device=device, requires_grad=requires_grad)


def ones(
    *sizes: Any,
    size: Sequence[int] | None = None,
    out: Tensor | None = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Ones of a size given as ints, as one sequence, or as ``size=``."""
    shape = _size(sizes, size)
    dtype = _dtype_with(out, dtype) or get_default_dtype()
    return full(shape, 1, out=out, dtype=dtype, device=device, requires_grad=requires_grad)


def empty(
    *sizes: Any,
    size: Sequence[int] | None = None,
    out: Tensor | None = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Memory whose values may be anything, of a size given as ints, as one sequence, or as ``size=``."""
    dtype = _dtype_with(out, dtype) or get_default_dtype()
    result = uninitialized(_size(sizes, size), dtype, _device(device))
    return _finish("empty", result, out, requires_grad)


def full(
    size: Sequence[int],
    fill_value: Any,
    *,
    out: Tensor | None = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """A tensor of ``size`` filled with one number, whose kind gives the dtype unless it is given."""
    if isinstance(fill_value, Tensor):
        fill_value = fill_value.item()
    dtype = _dtype_with(out, dtype)
    if dtype is None:
        dtype = bool_ if isinstance(fill_value, bool) else int64 if isinstance(fill_value, int) else get_default_dtype()
        dtype = dtype.to_complex() if isinstance(fill_value, complex) else dtype
    return _finish("full", filled(_size((size,)), fill_value, dtype, _device(device)), out, requires_grad)


def _size(sizes: tuple[Any, ...], size: Any = None) -> Shape:
    """The shape given as ints, as one sequence, or by name."""
    if not sizes and size is None:
        raise TypeError('missing 1 required positional argument: "size"')
    if sizes and size is not None:
        raise TypeError("the size is given twice")
    return new_size(sizes or (size,))


def _dtype_with(out: Tensor | None, dtype: DType | None) -> DType | None:
    """The dtype asked for, which is that of ``out`` unless both are given and differ."""
    if out is None:
        return dtype
    if dtype is not None and dtype is not out.dtype:
        raise RuntimeError(f"dtype {dtype.legacy_name} does not match dtype of out parameter ({out.dtype.legacy_name})")
    return out.dtype


def empty_strided(
    size: Sequence[int], stride: Sequence[int], *, dtype: DType | None = None, device: Where = None, **_: Any
) -> Tensor:
    """Memory with the given shape and strides whose values may be anything.

    Raises:
        RuntimeError: as many sizes as strides are needed.
    """
    if len(size) != len(stride):
        raise RuntimeError(
            f"dimensionality of sizes ({len(size)}) must match dimensionality of strides ({len(stride)})"
        )
    room = 1 + sum((n - 1) * s for n, s in zip(size, stride, strict=True)) if 0 not in size else 0
    return empty(room, dtype=dtype, device=device).as_strided(size, stride)


def eye(
    n: int,
    m: int | None = None,
    *,
    out: Tensor | None = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """The identity matrix, or ``n`` by ``m`` with ones on the diagonal."""
    result = zeros(n, n if m is None else m, dtype=_dtype_with(out, dtype), device=device)
    result.diagonal().fill_(1)
    return _finish("eye", result, out, requires_grad)


# ---------------------------------------------------------------------------------------------------- ranges


def arange(
    start: float = 0,
    end: float | None = None,
    step: float = 1,
    *,
    out: Tensor | None = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Numbers from ``start`` (0 by default) to before ``end``, ``step`` apart; of ints, int64.

    Raises:
        RuntimeError: ``step`` is 0 or leads away from ``end``.

    Example:
        >>> import tensorplug as tp
        >>> tp.arange(1, 2.5, 0.5)
        tensor([1.0000, 1.5000, 2.0000])
    """
    if end is None:
        start, end = 0, start
    start, end, step = (v.item() if isinstance(v, Tensor) else v for v in (start, end, step))
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start} -> {end}")
    dtype = _dtype_with(out, dtype)
    if dtype is None:
        whole = all(isinstance(v, int) for v in (start, end, step))
        dtype = int64 if whole else get_default_dtype()
    if dtype is int64:
        start, end, step = int(start), int(end), int(step)
    count = range_count(start, end, step)
    if dtype.category == INTEGER:
        start, step = int(start), int(step)
    return _finish("arange", counted(start, step, count, dtype, _device(device)), out, requires_grad)


def range(start: float, end: float, step: float = 1, **options: Any) -> Tensor:
    """Numbers from ``start`` to ``end`` inclusive, in the default dtype."""
    options["dtype"] = options.get("dtype") or get_default_dtype()
    range_count(start, end, step)  # checks the step
    count = math.floor((end - start) / step) + 1
    return counted(start, step, count, options["dtype"], _device(options.get("device")))


def linspace(
    start: float,
    end: float,
    steps: int,
    *,
    out: Tensor | None = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """``steps`` numbers evenly apart from ``start`` to ``end``, both included.

    Example:
        >>> import tensorplug as tp
        >>> tp.linspace(0, 1, 3)
        tensor([0.0000, 0.5000, 1.0000])
    """
    if steps < 0:
        raise RuntimeError(f"number of steps must be non-negative, got {steps}")
    start, end = (v.item() if isinstance(v, Tensor) else v for v in (start, end))
    dtype = _dtype_with(out, dtype) or get_default_dtype()
    where = _device(device)
    if steps < 2:
        return _finish("linspace", filled((steps,), start, dtype, where), out, requires_grad)
    step = (end - start) / (steps - 1)
    half = (steps + 1) // 2
    # From both ends to the middle, so that both ends are exact.
    first = counted(start, step, half, dtype, where)
    last = counted(end, -step, steps - half, dtype, where).flip(0)
    from_both = first.new_empty(steps)
    from_both[:half], from_both[half:] = first, last
    return _finish("linspace", from_both, out, requires_grad)


def logspace(start: float, end: float, steps: int, base: float = 10.0, **options: Any) -> Tensor:
    """``base`` to the powers of ``linspace(start, end, steps)``."""
    dtype = options.get("dtype") or get_default_dtype()
    exact = float64 if dtype.category <= INTEGER else dtype
    powers = linspace(start, end, steps, dtype=exact, device=options.get("device"))
    return (base**powers).to(dtype)


def meshgrid(*tensors: Any, indexing: str = "ij") -> tuple[Tensor, ...]:
    """Coordinates of a grid: one tensor for each vector, with one dim for each.

    Args:
        indexing: ``"ij"`` for matrix order, ``"xy"`` with the first two dims swapped.
    """
    vectors = list(tensors[0]) if len(tensors) == 1 and isinstance(tensors[0], list | tuple) else list(tensors)
    if indexing not in ("ij", "xy"):
        raise RuntimeError(f'meshgrid: indexing must be one of "xy" or "ij", but received: {indexing}')
    if any(v.dim() > 1 for v in vectors):
        raise RuntimeError("meshgrid: Expected 0D or 1D tensor in the tensor list")
    swap = indexing == "xy" and len(vectors) > 1
    if swap:
        vectors[0], vectors[1] = vectors[1], vectors[0]
    shape = tuple(v.numel() for v in vectors)
    grids = []
    for d, v in enumerate(vectors):
        own = [1] * len(shape)
        own[d] = shape[d]
        grids.append(v.reshape(own).expand(shape))
    if swap:
        grids[0], grids[1] = grids[1], grids[0]
    return tuple(grids)


# ---------------------------------------------------------------------------------------------------- random numbers


def _float_dtype(name: str, dtype: DType | None) -> DType:
    dtype = dtype or get_default_dtype()
    if dtype.category not in (FLOAT, COMPLEX):
        raise NotImplementedError(f"{name} is not implemented for {dtype}: it makes floating-point tensors")
    return dtype


def rand(
    *sizes: Any,
    size: Sequence[int] | None = None,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Uniform numbers in [0, 1); the same for the same seed on every device.

    Example:
        >>> import tensorplug as tp
        >>> tp.rand(2, 3).shape
        tensorplug.Size([2, 3])
    """
    result = draw_uniform(_size(sizes, size), _float_dtype("rand", _dtype_with(out, dtype)), _device(device), generator)
    return _finish("rand", result, out, requires_grad)


def randn(
    *sizes: Any,
    size: Sequence[int] | None = None,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Normal numbers of mean 0 and variance 1; the same for the same seed on every device, to rounding."""
    result = draw_normal(_size(sizes, size), _float_dtype("randn", _dtype_with(out, dtype)), _device(device), generator)
    return _finish("randn", result, out, requires_grad)


def randint(
    low: Any = None,
    high: Any = None,
    size: Any = None,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Whole numbers in [``low``, ``high``), int64 unless told otherwise; also ``randint(high, size)``.

    Raises:
        RuntimeError: the range is empty, or holds numbers that the dtype does not.
    """
    if size is None:
        low, high, size = 0, low, high
    elif high is None:
        low, high = 0, low
    low, high = low or 0, operator.index(high)
    dtype = _dtype_with(out, dtype) or int64
    for bound in (low, high - 1):
        fitting_number(bound, dtype)
    result = draw_integers(int(low), int(high), _size((size,)), _device(device), generator)
    return _finish("randint", result.to(dtype), out, requires_grad)


def randperm(
    n: int,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Where = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """The numbers from 0 to ``n - 1`` in random order: the places of ``n`` random integers when sorted."""
    (n,) = _size((n,))
    keys = draw_integers(-(2**63), 2**63 - 1, (n,), _device(device), generator)
    dtype = _dtype_with(out, dtype) or int64
    return _finish("randperm", keys.argsort(stable=True).to(dtype), out, requires_grad)


def normal(
    mean: Any,
    std: Any = 1.0,
    size: Any = None,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    **options: Any,
) -> Tensor:
    """Normal numbers with the given mean and standard deviation, each a number or tensor."""
    if isinstance(std, Tensor) and not std.is_meta and bool((std < 0).any()):
        raise RuntimeError("normal expects all elements of std >= 0.0")
    model = mean if isinstance(mean, Tensor) else std if isinstance(std, Tensor) else None
    if isinstance(std, int | float) and std < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std}")
    if model is None:
        drawn = randn(size, generator=generator, **options)
        return _finish("normal", drawn * std + mean, out, False)
    shape = (mean + std).shape
    drawn = draw_normal(tuple(shape), model.dtype, model.device, generator)
    return _finish("normal", drawn * std + mean, out, False)


def _like(input: Tensor, options: dict[str, Any]) -> tuple[DType, Device]:
    device = options.get("device")
    return options.get("dtype") or input.dtype, input.device if device is None else Device(device)


def rand_like(
    input: Tensor, *, generator: Generator | None = None, requires_grad: bool = False, **options: Any
) -> Tensor:
    """Uniform numbers in [0, 1) of the input's shape."""
    dtype, device = _like(input, options)
    return rand(input.shape, generator=generator, dtype=dtype, device=device, requires_grad=requires_grad)


def randn_like(
    input: Tensor, *, generator: Generator | None = None, requires_grad: bool = False, **options: Any
) -> Tensor:
    """Normal numbers of the input's shape."""
    dtype, device = _like(input, options)
    return randn(input.shape, generator=generator, dtype=dtype, device=device, requires_grad=requires_grad)


def randint_like(
    input: Tensor, low: int, high: int | None = None, *, requires_grad: bool = False, **options: Any
) -> Tensor:
    """Whole numbers of the input's shape and dtype."""
    dtype, device = _like(input, options)
    first, last = (0, low) if high is None else (low, high)
    return randint(first, last, input.shape, dtype=dtype, device=device, requires_grad=requires_grad)


def device_exists(device: Where) -> bool:
    """Whether tensors can be made on ``device``."""
    try:
        registry.resolve(_device(device))
    except RuntimeError:
        return False
    return True
