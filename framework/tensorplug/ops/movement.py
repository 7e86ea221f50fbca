"""Elements put at other places: flipped, rolled, repeated, padded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tensorplug.base import count
from tensorplug.dispatch import Plan
from tensorplug.dtypes import int64
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import composite, plan
from tensorplug.ops.joining import cat
from tensorplug.ops.slicing import slice_dim
from tensorplug.promotion import python_number
from tensorplug.shapes import (
    Shape,
    canonical_dim,
    flat_size,
)

Tensor = Any
Geometry = tuple[Shape, Shape, int]


# ---------------------------------------------------------------------------------------------------- copies


@plan("input; dims", out=False)
def flip(input: Tensor, *dims: Any) -> Any:
    """The elements of ``dims`` in reverse order.

    Example:
        >>> import tensorplug as tp
        >>> tp.flip(tp.tensor([[1, 2], [3, 4]]), (1,))
        tensor([[2, 1],
                [4, 3]])
    """
    rank = len(input._shape)
    order = tuple(canonical_dim(d, rank) for d in flat_size(dims))
    if len(set(order)) != len(order):
        raise RuntimeError(f"dim {order[0]} appears multiple times in the list of dims")
    return (input,), (order if rank else (),), input._shape, input._kind.dtype


flip.grads(input=lambda g, dims: g.flip(dims))


@composite(out=False)
def fliplr(input: Tensor) -> Tensor:
    """Columns in reverse order."""
    if len(input._shape) < 2:
        raise RuntimeError(f"fliplr: the input must have at least 2 dims, got shape {list(input._shape)}")
    return flip(input, (1,))


@composite(out=False)
def flipud(input: Tensor) -> Tensor:
    """Rows in reverse order."""
    if not input._shape:
        raise RuntimeError("flipud: the input must have at least 1 dim, got shape []")
    return flip(input, (0,))


@composite(out=False)
def roll(input: Tensor, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Tensor:
    """Elements shifted along ``dims`` (flat without them); those that leave at the end come back in front.

    Example:
        >>> import tensorplug as tp
        >>> tp.roll(tp.arange(4), 1)
        tensor([3, 0, 1, 2])
    """
    steps = (shifts,) if isinstance(shifts, int) else tuple(shifts)
    if dims is None or (not isinstance(dims, int) and not tuple(dims)):
        return roll(input.reshape(-1), steps[0], 0).reshape(input._shape)
    along = (dims,) if isinstance(dims, int) else tuple(dims)
    if len(steps) != len(along):
        raise RuntimeError(f"shifts and dimensions must align. shifts: {len(steps)}, dims:{len(along)}")
    for step, dim in zip(steps, along, strict=True):
        dim = canonical_dim(dim, len(input._shape))
        size = input._shape[dim] if input._shape else 0
        if size:
            cut = size - step % size
            input = cat((slice_dim(input, dim, cut, size, 1), slice_dim(input, dim, 0, cut, 1)), dim)
    return input.clone() if not steps else input


@composite(spaces=("Tensor",), out=False)
def repeat(input: Tensor, *repeats: Any) -> Tensor:
    """``input`` side by side, ``repeats[d]`` times along dim ``d``; new dims come in front.

    Example:
        >>> import tensorplug as tp
        >>> tp.tensor([1, 2]).repeat(2, 2)
        tensor([[1, 2, 1, 2],
                [1, 2, 1, 2]])
    """
    times = flat_size(repeats)
    if len(times) < len(input._shape):
        raise RuntimeError("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor")
    shape = (1,) * (len(times) - len(input._shape)) + input._shape
    doubled = [n for pair in zip((1,) * len(shape), shape, strict=True) for n in pair]
    spread = [n for pair in zip(times, shape, strict=True) for n in pair]
    final = tuple(n * m for n, m in zip(times, shape, strict=True))
    return input.reshape(doubled).expand(spread).clone().reshape(final)


@composite(out=False)
def tile(input: Tensor, *dims: Any) -> Tensor:
    """Like ``repeat``, with ones put in front of ``dims`` that are too few."""
    times = flat_size(dims)
    return repeat(input, (1,) * (len(input._shape) - len(times)) + times)


@composite(out=False)
def repeat_interleave(
    input: Tensor, repeats: int | Tensor | None = None, dim: int | None = None, *, output_size: int | None = None
) -> Tensor:
    """Each element repeated ``repeats`` times in place, along ``dim`` or flat.

    Example:
        >>> import tensorplug as tp
        >>> tp.repeat_interleave(tp.tensor([1, 2]), 2)
        tensor([1, 1, 2, 2])
    """
    if repeats is None:
        return repeat_interleave(new_arange(input, input._shape[0]), input, 0)
    if dim is None:
        input, dim = input.reshape(-1), 0
    dim = canonical_dim(dim, len(input._shape))
    size = input._shape[dim]
    if isinstance(repeats, int):
        places = new_arange(input, size).unsqueeze(1).expand(size, repeats).reshape(-1)
    else:
        times = repeats.expand(size) if count(repeats) == 1 else repeats
        places = cat(
            [new_arange(input, 1).add(i).expand(n) for i, n in enumerate(times.tolist())] or [new_arange(input, 0)]
        )
    return input.index_select(dim, places.to(int64))


@plan("input; pad, value", spaces=(), out=False)
def constant_pad(input: Tensor, pad: Sequence[tuple[int, int]], value: Any) -> Plan:
    """``value`` added before and after each dim: one pair of counts (not negative) per dim."""
    shape = tuple(n + before + after for n, (before, after) in zip(input._shape, pad, strict=True))
    return (input,), (tuple(pad), python_number(value, input._kind.dtype)), shape, input._kind.dtype


@constant_pad.default
def _constant_pad(input: Tensor, pad: tuple[tuple[int, int], ...], value: Any) -> Tensor:
    shape = tuple(n + before + after for n, (before, after) in zip(input._shape, pad, strict=True))
    result = input.new_full(shape, value)
    inner = result
    for dim, (before, _) in enumerate(pad):
        inner = slice_dim(inner, dim, before, before + input._shape[dim], 1)
    result._kind.backend.copy_into(inner._array, input._array)
    return result


def _constant_pad_input(g: Tensor, input_shape: Shape, pad: tuple[tuple[int, int], ...]) -> Tensor:
    for dim, (before, _) in enumerate(pad):
        g = slice_dim(g, dim, before, before + input_shape[dim], 1)
    return g


constant_pad.grads(input=_constant_pad_input)
