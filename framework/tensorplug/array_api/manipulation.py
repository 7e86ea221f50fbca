"""Shapes, and putting arrays together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tensorplug import functional as F
from tensorplug.array_api.dtypes import together
from tensorplug.tensor import Tensor

__all__ = [
    "broadcast_arrays", "broadcast_to", "concat", "expand_dims", "flip", "moveaxis", "permute_dims", "repeat",
    "reshape", "roll", "squeeze", "stack", "tile", "unstack",
]  # fmt: skip

Axes = int | tuple[int, ...]


def broadcast_arrays(*arrays: Tensor) -> tuple[Tensor, ...]:
    """All arrays expanded to their common shape."""
    return tuple(F.broadcast_tensors(*arrays)) if arrays else ()


def broadcast_to(x: Tensor, /, shape: tuple[int, ...]) -> Tensor:
    """``x`` expanded to ``shape``."""
    return F.broadcast_to(x, shape)


def concat(arrays: Sequence[Tensor], /, *, axis: int | None = 0) -> Tensor:
    """The arrays one after the other along an axis; flattened if it is None."""
    given = together(*arrays)
    return F.cat([x.reshape(-1) for x in given]) if axis is None else F.cat(list(given), axis)


def expand_dims(x: Tensor, /, *, axis: int = 0) -> Tensor:
    """A new axis of size 1 at ``axis``."""
    return F.unsqueeze(x, axis)


def flip(x: Tensor, /, *, axis: Axes | None = None) -> Tensor:
    """The elements along the axes (all by default) in reverse order."""
    return F.flip(x, tuple(range(x.ndim)) if axis is None else _axes(axis))


def moveaxis(x: Tensor, source: Axes, destination: Axes, /) -> Tensor:
    """The axes ``source`` at the places ``destination``; the others keep their order."""
    return F.movedim(x, source, destination)


def permute_dims(x: Tensor, /, axes: tuple[int, ...]) -> Tensor:
    """The axes in another order."""
    return F.permute(x, axes)


def repeat(x: Tensor, repeats: int | Tensor, /, *, axis: int | None = None) -> Tensor:
    """Each element ``repeats`` times in place, along an axis or flat."""
    return F.repeat_interleave(x, repeats, axis)


def reshape(x: Tensor, /, shape: tuple[int, ...], *, copy: bool | None = None) -> Tensor:
    """``x`` with another shape, a view where it can be; a copy if ``copy`` is true, an error instead if it is false.

    Raises:
        ValueError: ``copy`` is false and the strides cannot express the shape.
    """
    found = F.reshape(x, shape)
    shared = found.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()
    if copy is False and not shared:
        raise ValueError(f"reshape: {tuple(x.shape)} to {shape} needs a copy, which copy=False forbids")
    return found.clone() if copy and shared else found


def roll(x: Tensor, /, shift: Axes, *, axis: Axes | None = None) -> Tensor:
    """Elements shifted along axes (flat without them); those that leave come back in front."""
    if isinstance(shift, int) and isinstance(axis, tuple):
        shift = (shift,) * len(axis)
    return F.roll(x, shift, axis)


def squeeze(x: Tensor, /, axis: Axes) -> Tensor:
    """Without the axes, which must have size 1.

    Raises:
        ValueError: one has another size.
    """
    axes = _axes(axis)
    for one in axes:
        if x.shape[one] != 1:
            raise ValueError(f"squeeze: axis {one} has size {x.shape[one]}, not 1")
    return F.squeeze(x, axes)


def stack(arrays: Sequence[Tensor], /, *, axis: int = 0) -> Tensor:
    """The arrays, all of one shape, along a new axis."""
    return F.stack(list(together(*arrays)), axis)


def tile(x: Tensor, repetitions: tuple[int, ...], /) -> Tensor:
    """The array side by side, ``repetitions`` times along each axis."""
    return F.tile(x, repetitions)


def unstack(x: Tensor, /, *, axis: int = 0) -> tuple[Tensor, ...]:
    """The slices along an axis."""
    return tuple(F.unbind(x, axis))


def _axes(axis: Any) -> tuple[int, ...]:
    return (axis,) if isinstance(axis, int) else tuple(axis)
