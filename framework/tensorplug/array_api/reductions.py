"""Sums, extremes, means, and their kin."""

from __future__ import annotations

from typing import Any

from tensorplug import functional as F
from tensorplug.array_api.dtypes import int64, isdtype, uint64
from tensorplug.dtypes import DType
from tensorplug.tensor import Tensor

__all__ = [
    "all", "any", "count_nonzero", "cumulative_prod", "cumulative_sum", "diff", "max", "mean", "min", "prod", "std",
    "sum", "var",
]  # fmt: skip

Axes = int | tuple[int, ...] | None


def _dims(x: Tensor, axis: Axes) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(x.ndim))
    return (axis,) if isinstance(axis, int) else tuple(axis)


def _summed(x: Tensor, dtype: DType | None) -> DType:
    """The dtype of sums: small integers become the default ones of their sign."""
    if dtype is not None:
        return dtype
    if isdtype(x.dtype, "unsigned integer"):
        return uint64
    return int64 if isdtype(x.dtype, ("bool", "signed integer")) else x.dtype


def sum(x: Tensor, /, *, axis: Axes = None, dtype: DType | None = None, keepdims: bool = False) -> Tensor:
    """Sums over axes; integers become int64, unsigned ones uint64."""
    if axis == ():
        return x.to(_summed(x, dtype))
    return F.sum(x, _dims(x, axis), keepdims, dtype=_summed(x, dtype))


def prod(x: Tensor, /, *, axis: Axes = None, dtype: DType | None = None, keepdims: bool = False) -> Tensor:
    """Products over axes; integers become int64, unsigned ones uint64."""
    wide = _summed(x, dtype)
    found = x.to(wide)
    for dim in sorted((d % x.ndim for d in _dims(x, axis)), reverse=True) if x.ndim else ():
        found = F.prod(found, dim, keepdims, dtype=wide)
    return found


def max(x: Tensor, /, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    """The largest elements over axes."""
    return x if axis == () else F.amax(x, _dims(x, axis), keepdims)


def min(x: Tensor, /, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    """The smallest elements over axes."""
    return x if axis == () else F.amin(x, _dims(x, axis), keepdims)


def mean(x: Tensor, /, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    """Means over axes."""
    return x if axis == () else F.mean(x, _dims(x, axis), keepdims)


def var(x: Tensor, /, *, axis: Axes = None, correction: float = 0.0, keepdims: bool = False) -> Tensor:
    """Mean squared distances from the mean, over axes; divided by the number of elements less ``correction``."""
    if axis == ():
        return F.zeros_like(x) / (1 - correction)
    return F.var(x, _dims(x, axis), correction=correction, keepdim=keepdims)


def std(x: Tensor, /, *, axis: Axes = None, correction: float = 0.0, keepdims: bool = False) -> Tensor:
    """The square roots of ``var``."""
    return F.sqrt(var(x, axis=axis, correction=correction, keepdims=keepdims))


def cumulative_sum(
    x: Tensor, /, *, axis: int | None = None, dtype: DType | None = None, include_initial: bool = False
) -> Tensor:
    """Sums of all elements up to each along an axis; with a 0 in front if ``include_initial``."""
    return _cumulative(F.cumsum, 0, x, axis, dtype, include_initial)


def cumulative_prod(
    x: Tensor, /, *, axis: int | None = None, dtype: DType | None = None, include_initial: bool = False
) -> Tensor:
    """Products of all elements up to each along an axis; with a 1 in front if ``include_initial``."""
    return _cumulative(F.cumprod, 1, x, axis, dtype, include_initial)


def _cumulative(op: Any, first: int, x: Tensor, axis: int | None, dtype: DType | None, initial: bool) -> Tensor:
    if axis is None:
        if x.ndim > 1:
            raise ValueError(f"an axis is needed for an array of {x.ndim} dims")
        x, axis = x.reshape(-1), 0
    found: Tensor = op(x, axis, dtype=_summed(x, dtype))
    if not initial:
        return found
    shape = list(found.shape)
    shape[axis] = 1
    return F.cat([found.new_full(shape, first), found], axis)


def count_nonzero(x: Tensor, /, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    """How many elements are not 0, over axes."""
    return sum(x != 0, axis=axis, keepdims=keepdims)


def all(x: Tensor, /, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    """Whether all elements are true, over axes."""
    return x != 0 if axis == () else F.all(x != 0, _dims(x, axis), keepdims)


def any(x: Tensor, /, *, axis: Axes = None, keepdims: bool = False) -> Tensor:
    """Whether any element is true, over axes."""
    return x != 0 if axis == () else F.any(x != 0, _dims(x, axis), keepdims)


def diff(
    x: Tensor, /, *, axis: int = -1, n: int = 1, prepend: Tensor | None = None, append: Tensor | None = None
) -> Tensor:
    """Differences of neighbours along an axis, ``n`` times."""
    return F.diff(x, n, axis, prepend, append)
