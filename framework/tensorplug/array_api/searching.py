"""Finding, sorting, and taking elements; sets."""

from __future__ import annotations

from typing import Any, NamedTuple

from tensorplug import functional as F
from tensorplug.array_api.dtypes import int64, together
from tensorplug.tensor import Tensor

__all__ = [
    "argmax", "argmin", "argsort", "nonzero", "searchsorted", "sort", "take", "take_along_axis", "unique_all",
    "unique_counts", "unique_inverse", "unique_values", "where",
]  # fmt: skip


def argmax(x: Tensor, /, *, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Where the largest element is, the first of equals; flat without an axis."""
    return _place(F.argmax, x, axis, keepdims)


def argmin(x: Tensor, /, *, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Where the smallest element is, the first of equals; flat without an axis."""
    return _place(F.argmin, x, axis, keepdims)


def _place(op: Any, x: Tensor, axis: int | None, keepdims: bool) -> Tensor:
    found: Tensor = op(x, axis, keepdims) if axis is not None else op(x)
    return found.reshape((1,) * x.ndim) if axis is None and keepdims else found


def argsort(x: Tensor, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Tensor:
    """The places of the elements in sorted order."""
    return F.argsort(x, axis, descending, stable=True)


def sort(x: Tensor, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Tensor:
    """The elements in sorted order."""
    found: Tensor = F.sort(x, axis, descending)[0]
    return found


def nonzero(x: Tensor, /) -> tuple[Tensor, ...]:
    """The coordinates of the elements that are not 0, one array for each axis.

    Raises:
        ValueError: an array without axes.
    """
    if not x.ndim:
        raise ValueError("nonzero: an array without axes has no coordinates")
    return tuple(F.nonzero(x, as_tuple=True))


def searchsorted(x1: Tensor, x2: Tensor, /, *, side: str = "left", sorter: Tensor | None = None) -> Tensor:
    """Where in the sorted vector ``x1`` each element of ``x2`` belongs: before equals, or after them on the right."""
    if side not in ("left", "right"):
        raise ValueError(f"searchsorted: side must be 'left' or 'right', got {side!r}")
    x1, x2 = together(x1, x2)
    return F.searchsorted(x1, x2, side=side, sorter=None if sorter is None else sorter.to(int64))


def take(x: Tensor, indices: Tensor, /, *, axis: int | None = None) -> Tensor:
    """Slices along an axis, as a vector of indices names them, from the end where they are negative.

    Raises:
        ValueError: no axis, though ``x`` has several.
    """
    if axis is None:
        if x.ndim != 1:
            raise ValueError(f"take: an axis is needed for an array of {x.ndim} dims")
        axis = 0
    size = x.shape[axis]
    places = indices.to(int64)
    return F.index_select(x, axis, (places + size).where(places < 0, places))


def take_along_axis(x: Tensor, indices: Tensor, /, *, axis: int = -1) -> Tensor:
    """Elements along an axis, as an array of indices names them, from the end where they are negative."""
    size = x.shape[axis]
    places = indices.to(int64)
    return F.take_along_dim(x, (places + size).where(places < 0, places), axis)


def where(condition: Tensor, x1: Any, x2: Any, /) -> Tensor:
    """``x1`` where the condition holds, ``x2`` elsewhere; either may be a Python number, of the other's dtype."""
    x1, x2 = together(x1, x2)
    if not isinstance(x1, Tensor):
        x1 = x2.new_full((), x1)
    elif not isinstance(x2, Tensor):
        x2 = x1.new_full((), x2)
    return F.where(condition, x1, x2)


# ------------------------------------------------------------------------------------------------- sets


class UniqueAll(NamedTuple):
    """The different values, where each first occurs, how to rebuild the array from them, and how often each occurs."""

    values: Tensor
    indices: Tensor
    inverse_indices: Tensor
    counts: Tensor


class UniqueCounts(NamedTuple):
    """The different values, and how often each occurs."""

    values: Tensor
    counts: Tensor


class UniqueInverse(NamedTuple):
    """The different values, and how to rebuild the array from them."""

    values: Tensor
    inverse_indices: Tensor


def unique_all(x: Tensor, /) -> UniqueAll:
    """The different values in sorted order, with all that is known of them; each NaN differs from all others."""
    values, inverse, counts = F.unique(x, return_inverse=True, return_counts=True)
    flat = inverse.reshape(-1)
    size = flat.numel()
    places = flat.new_full(values.shape, size)
    places = F.scatter_reduce(places, 0, flat, F.cumsum(F.ones_like(flat), 0) - 1, "amin")
    return UniqueAll(values, places, inverse.reshape(x.shape), counts)


def unique_counts(x: Tensor, /) -> UniqueCounts:
    """The different values in sorted order, and how often each occurs."""
    values, counts = F.unique(x, return_counts=True)
    return UniqueCounts(values, counts)


def unique_inverse(x: Tensor, /) -> UniqueInverse:
    """The different values in sorted order, and the place of each element's among them."""
    values, inverse = F.unique(x, return_inverse=True)
    return UniqueInverse(values, inverse.reshape(x.shape))


def unique_values(x: Tensor, /) -> Tensor:
    """The different values in sorted order."""
    found: Tensor = F.unique(x)
    return found
