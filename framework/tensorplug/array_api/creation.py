"""Making arrays."""

from __future__ import annotations

from typing import Any

from tensorplug import factories
from tensorplug import functional as F
from tensorplug.device import Device
from tensorplug.dtypes import DType, get_default_dtype
from tensorplug.tensor import Tensor

__all__ = [
    "arange", "asarray", "empty", "empty_like", "eye", "from_dlpack", "full", "full_like", "linspace", "meshgrid",
    "ones", "ones_like", "tril", "triu", "zeros", "zeros_like",
]  # fmt: skip

Shape = int | tuple[int, ...]
Where = Device | str | None


def arange(
    start: float,
    /,
    stop: float | None = None,
    step: float = 1,
    *,
    dtype: DType | None = None,
    device: Where = None,
) -> Tensor:
    """Numbers from ``start`` (0 if it stands alone) to before ``stop``, ``step`` apart; none if it leads away."""
    first, last = (0, start) if stop is None else (start, stop)
    if (last - first) * step <= 0:
        whole = all(isinstance(v, int) for v in (first, last, step))
        return factories.arange(0, 0 if whole else 0.0, dtype=dtype, device=device)
    return factories.arange(first, last, step, dtype=dtype, device=device)


def asarray(obj: Any, /, *, dtype: DType | None = None, device: Where = None, copy: bool | None = None) -> Tensor:
    """A number, nested sequences, an array or a buffer as an array; copied if ``copy`` is true, never if false."""
    return factories.asarray(obj, dtype=dtype, device=device, copy=copy)


def empty(shape: Shape, *, dtype: DType | None = None, device: Where = None) -> Tensor:
    """Memory whose values may be anything."""
    return factories.empty(shape, dtype=dtype, device=device)


def empty_like(x: Tensor, /, *, dtype: DType | None = None, device: Where = None) -> Tensor:
    """``empty`` with shape, dtype and device of ``x``."""
    return F.empty_like(x, dtype=dtype, device=device)


def eye(
    n_rows: int, n_cols: int | None = None, /, *, k: int = 0, dtype: DType | None = None, device: Where = None
) -> Tensor:
    """Zeros with ones on a diagonal, the ``k``-th above the main one."""
    columns = n_rows if n_cols is None else n_cols
    made = factories.zeros(n_rows, columns, dtype=dtype, device=device)
    if -n_rows < k < columns:
        made.diagonal(k).fill_(1)
    return made


def from_dlpack(x: Any, /, *, device: Where = None, copy: bool | None = None) -> Tensor:
    """An array over the memory of an object that speaks DLPack."""
    made = factories.from_dlpack(x)
    moved = made if device is None else made.to(device=Device(device))
    if copy is False and moved is not made:
        raise BufferError("from_dlpack: moving to another device copies, which copy=False forbids")
    return moved.clone() if copy and moved is made else moved


def full(shape: Shape, fill_value: Any, *, dtype: DType | None = None, device: Where = None) -> Tensor:
    """One number everywhere, whose kind gives the dtype unless it is given."""
    return factories.full((shape,) if isinstance(shape, int) else shape, fill_value, dtype=dtype, device=device)


def full_like(x: Tensor, /, fill_value: Any, *, dtype: DType | None = None, device: Where = None) -> Tensor:
    """``full`` with shape, dtype and device of ``x``."""
    return F.full_like(x, fill_value, dtype=dtype, device=device)


def linspace(
    start: float,
    stop: float,
    /,
    num: int,
    *,
    dtype: DType | None = None,
    device: Where = None,
    endpoint: bool = True,
) -> Tensor:
    """``num`` numbers evenly apart from ``start`` to ``stop``, which is the last one only with ``endpoint``."""
    if dtype is None and (isinstance(start, complex) or isinstance(stop, complex)):
        dtype = get_default_dtype().to_complex()
    if endpoint:
        return factories.linspace(start, stop, num, dtype=dtype, device=device)
    return factories.linspace(start, stop, num + 1, dtype=dtype, device=device)[:-1]


def meshgrid(*arrays: Tensor, indexing: str = "xy") -> tuple[Tensor, ...]:
    """Coordinates of a grid: one array for each vector, with one dim for each."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: indexing must be 'xy' or 'ij', got {indexing!r}")
    return factories.meshgrid(*arrays, indexing=indexing) if arrays else ()


def ones(shape: Shape, *, dtype: DType | None = None, device: Where = None) -> Tensor:
    """Ones."""
    return factories.ones(shape, dtype=dtype, device=device)


def ones_like(x: Tensor, /, *, dtype: DType | None = None, device: Where = None) -> Tensor:
    """``ones`` with shape, dtype and device of ``x``."""
    return F.ones_like(x, dtype=dtype, device=device)


def tril(x: Tensor, /, *, k: int = 0) -> Tensor:
    """The part of matrices on and below the ``k``-th diagonal, zeros above."""
    return F.tril(x, k)


def triu(x: Tensor, /, *, k: int = 0) -> Tensor:
    """The part of matrices on and above the ``k``-th diagonal, zeros below."""
    return F.triu(x, k)


def zeros(shape: Shape, *, dtype: DType | None = None, device: Where = None) -> Tensor:
    """Zeros."""
    return factories.zeros(shape, dtype=dtype, device=device)


def zeros_like(x: Tensor, /, *, dtype: DType | None = None, device: Where = None) -> Tensor:
    """``zeros`` with shape, dtype and device of ``x``."""
    return F.zeros_like(x, dtype=dtype, device=device)
