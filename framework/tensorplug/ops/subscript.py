"""What ``x[key]`` and ``x[key] = value`` mean: views for ints, slices, None and ``...``; index ops for tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug.base import AnyTensor
from tensorplug.convert import from_data
from tensorplug.dtypes import BOOL, INTEGER, bool_, uint8
from tensorplug.ops.indexing import index, index_put
from tensorplug.ops.slicing import select, slice_dim
from tensorplug.ops.views import unsqueeze
from tensorplug.overwriting import check_inplace, write_back
from tensorplug.promotion import NUMBERS

Tensor = Any


def get_item(input: Tensor, key: Any) -> Tensor:
    """``input[key]``: a view for ints, slices, None and ``...``, a copy for index tensors and masks.

    Raises:
        IndexError: out of range, too many indices, or a key of another kind.
        ValueError: a slice with a step that is not positive.
    """
    if key.__class__ is int:
        return select.call(input, 0, key)
    viewed = _plain(input, key if key.__class__ is tuple else (key,))
    if viewed is not None:
        return viewed.view(viewed._shape) if viewed is input else viewed
    viewed, indices = _basic(input, _normalized(key))
    if any(i is not None for i in indices):
        return index(viewed, indices)
    return viewed.view(viewed._shape) if viewed is input else viewed


def _plain(input: Tensor, items: tuple[Any, ...]) -> Tensor | None:
    """What ints and slices show, the short way, since most keys are such; None for other keys, and for wrong ones."""
    if len(items) > len(input._shape):
        return None
    for item in items:
        if item.__class__ is not int and (item.__class__ is not slice or item.step is not None):
            return None
    x, dim = input, 0
    for item in items:
        if item.__class__ is int:
            x = select.call(x, dim, item)
            continue
        size = x._shape[dim]
        try:
            start, stop, _ = item.indices(size)
        except TypeError:
            return None
        if start != 0 or stop != size:
            x = slice_dim.call(x, dim, start, max(start, stop), 1)
        dim += 1
    return x


def set_item(input: Tensor, key: Any, value: Any) -> None:
    """``input[key] = value``: writes in place, broadcasting ``value``."""
    check_inplace(input, "__setitem__")
    viewed, indices = _basic(input, _normalized(key))
    if isinstance(value, AnyTensor):
        value = value.to(device=input._kind.device, dtype=input._kind.dtype)
    elif isinstance(value, NUMBERS):
        value = input.new_full((), value)
    elif value is None:
        raise TypeError("can't assign None to elements of a Tensor")
    else:
        value = from_data(value, None, input._kind.device).to(input._kind.dtype)
    if any(i is not None for i in indices):
        if len(indices) == 1 and indices[0]._kind.dtype is bool_ and not value._shape:
            mask = indices[0].reshape(indices[0]._shape + (1,) * (len(viewed._shape) - len(indices[0]._shape)))
            _check_mask(indices[0], viewed)
            write_back(viewed, viewed.where(~mask, value), "__setitem__")
            return
        write_back(viewed, index_put(viewed, indices, _without_leading_ones(value)), "__setitem__")
        return
    viewed.copy_(_without_leading_ones(value, len(viewed._shape)))


def _check_mask(mask: Tensor, viewed: Tensor) -> None:
    for d, n in enumerate(mask._shape):
        if d >= len(viewed._shape) or viewed._shape[d] != n:
            raise IndexError(
                f"The shape of the mask {list(mask._shape)} at index {d} does not match the shape of the indexed "
                f"tensor {list(viewed._shape)} at index {d}"
            )


def _without_leading_ones(value: Tensor, rank: int = 0) -> Tensor:
    while len(value._shape) > rank and value._shape[0] == 1:
        value = value.squeeze(0)
    return value


def _normalized(key: Any) -> list[Any]:
    items = list(key) if isinstance(key, tuple) else [key]
    return [_item(i) for i in items]


def _item(item: Any) -> Any:
    if isinstance(item, AnyTensor):
        dtype = item._kind.dtype
        if dtype.category > INTEGER:
            raise IndexError(f"tensors used as indices must be long, int, byte or bool tensors, got {dtype}")
        if not item._shape and dtype.category == INTEGER:
            return int(item)
        return item.to(bool_) if dtype is uint8 else item
    if isinstance(item, np.ndarray | list | range | tuple):
        found = from_data(item, None, "cpu")
        if found._kind.dtype.category > INTEGER:
            if found._shape != (0,):
                raise IndexError(
                    "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices"
                )
            return found.long()
        return found
    return item


def _consumes(item: Any) -> int:
    if item is None or item is Ellipsis or isinstance(item, bool | np.bool_):
        return 0
    if isinstance(item, AnyTensor) and item._kind.dtype.category == BOOL:
        return len(item._shape)
    return 1


def _basic(input: Tensor, items: list[Any]) -> tuple[Tensor, list[Any]]:
    """Apply all parts of a key but index tensors; return the view and the index tensors by dim (None elsewhere)."""
    used = sum(map(_consumes, items))
    if used > len(input._shape):
        raise IndexError(f"too many indices for tensor of dimension {len(input._shape)}")
    if sum(1 for i in items if i is Ellipsis) > 1:
        raise IndexError("an index can only have a single ellipsis ('...')")
    x, dim = input, 0
    indices: list[Any] = []
    for item in items:
        if item is Ellipsis:
            skipped = len(input._shape) - used
            indices.extend([None] * skipped)
            dim += skipped
        elif item is None:
            x = unsqueeze(x, dim)
            indices.append(None)
            dim += 1
        elif isinstance(item, bool | np.bool_):
            x = unsqueeze(x, dim)
            indices.append(from_data([bool(item)], None, x._kind.device))
            dim += 1
        elif isinstance(item, slice):
            x = _sliced(x, dim, item)
            indices.append(None)
            dim += 1
        elif isinstance(item, AnyTensor):
            indices.append(item.to(x._kind.device))
            dim += max(_consumes(item), 1) if item._shape else 1
            if not item._shape:
                x = unsqueeze(x, dim - 1)
                indices[-1] = indices[-1].reshape(1)
        else:
            x = _selected(x, dim, item)
    return x, indices


def _selected(x: Tensor, dim: int, item: Any) -> Tensor:
    try:
        position = item.__index__()
    except AttributeError:
        raise IndexError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices "
            f"(got {type(item).__name__})"
        ) from None
    return select(x, dim, position)


def _sliced(x: Tensor, dim: int, item: slice) -> Tensor:
    if item == slice(None):
        return x
    size = x._shape[dim]
    if item.step is not None and int(item.step) <= 0:
        raise ValueError("step must be greater than zero")
    start, stop, step = slice(_bound(item.start), _bound(item.stop), _bound(item.step)).indices(size)
    return slice_dim(x, dim, start, max(start, stop), step)


def _bound(value: Any) -> int | None:
    if value is None:
        return None
    try:
        return int(value.__index__())
    except AttributeError:
        raise TypeError(f"slice indices must be integers or None or have an __index__ method, got {value!r}") from None
