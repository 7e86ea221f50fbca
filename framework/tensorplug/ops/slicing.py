"""Views of some of the elements along a dim."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

from tensorplug.base import strides_of
from tensorplug.dispatch import ViewPlan
from tensorplug.ops.define import composite, view
from tensorplug.ops.views import place_in_zeros
from tensorplug.shapes import (
    Shape,
    canonical_dim,
    contiguous_strides,
)

Tensor = Any
Geometry = tuple[Shape, Shape, int]


# ---------------------------------------------------------------------------------------------------- parts


@view("input; dim, start, end, step", spaces=(), out=False)
def slice_dim(input: Tensor, dim: int, start: int, end: int, step: int) -> ViewPlan:
    """Every ``step``-th element of a dim from ``start`` to before ``end`` (all within bounds, step positive)."""
    return (
        input,
        (dim, start, end, step),
        *slice_geometry(input._shape, strides_of(input), input._offset, dim, start, end, step),
    )


def slice_geometry(shape: Shape, strides: Shape, offset: int, dim: int, start: int, end: int, step: int) -> Geometry:
    """Where a slice of a dim lies."""
    size = max(0, -(-(end - start) // step))
    out_shape = (*shape[:dim], size, *shape[dim + 1 :])
    out_strides = (*strides[:dim], strides[dim] * step, *strides[dim + 1 :])
    return out_shape, out_strides, offset + (start * strides[dim] if size else 0)


def _slice_input(g: Tensor, input_shape: Shape, dim: int, start: int, end: int, step: int) -> Tensor:
    layout = contiguous_strides(input_shape)
    return place_in_zeros(g, input_shape, slice_geometry(input_shape, layout, 0, dim, start, end, step))


slice_dim.grads(input=_slice_input)


@view("input; dim, index")
def select(input: Tensor, dim: int, index: int) -> ViewPlan:
    """The slice at ``index`` of a dim, without that dim.

    Raises:
        IndexError: ``index`` is out of range, or ``input`` is 0-d.

    Example:
        >>> import tensorplug as tp
        >>> tp.tensor([[1, 2], [3, 4]]).select(1, 0)
        tensor([1, 3])
    """
    shape = input._shape
    if not shape:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    dim = canonical_dim(dim, len(shape))
    if not -shape[dim] <= index < shape[dim]:
        raise IndexError(f"index {index} is out of bounds for dimension {dim} with size {shape[dim]}")
    index += shape[dim] if index < 0 else 0
    return input, (dim, index), *select_geometry(shape, strides_of(input), input._offset, dim, index)


def select_geometry(shape: Shape, strides: Shape, offset: int, dim: int, index: int) -> Geometry:
    """Where one slice of a dim lies."""
    start = offset + index * strides[dim]
    return (*shape[:dim], *shape[dim + 1 :]), (*strides[:dim], *strides[dim + 1 :]), start


def _select_input(g: Tensor, input_shape: Shape, dim: int, index: int) -> Tensor:
    return place_in_zeros(g, input_shape, select_geometry(input_shape, contiguous_strides(input_shape), 0, dim, index))


select.grads(input=_select_input)


@composite(out=False)
def narrow(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """``length`` elements of a dim from ``start``.

    Raises:
        RuntimeError: they are not all within the dim.
        IndexError: ``start`` is out of range.
    """
    dim, start, length = canonical_dim(dim, len(input._shape)), int(start), int(length)
    if not input._shape:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    size = input._shape[dim]
    if not -size <= start <= size:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-size}, {size}], but got {start})")
    start += size if start < 0 else 0
    if length < 0 or start + length > size:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({size}).")
    return slice_dim(input, dim, start, start + length, 1)


@composite(out=False)
def split(input: Tensor, split_size_or_sections: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Views of consecutive parts of a dim: of one size (the last may be smaller), or of the sizes given.

    Example:
        >>> import tensorplug as tp
        >>> [p.tolist() for p in tp.split(tp.arange(5), 2)]
        [[0, 1], [2, 3], [4]]
    """
    if not input._shape:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    dim = canonical_dim(dim, len(input._shape))
    size = input._shape[dim]
    if isinstance(split_size_or_sections, int):
        step = split_size_or_sections
        if step < 0 or (step == 0 and size):
            raise RuntimeError(f"split expects split_size be non-negative, but got split_size={step}")
        bounds = [(s, min(s + step, size)) for s in range(0, size, step or 1)] or [(0, 0)]
    else:
        sizes = list(split_size_or_sections)
        if builtins.sum(sizes) != size or any(n < 0 for n in sizes):
            raise RuntimeError(
                f"split_with_sizes expects split_sizes to sum exactly to {size} (input tensor's size at dimension "
                f"{dim}), but got split_sizes={sizes}"
            )
        ends = [builtins.sum(sizes[: i + 1]) for i in range(len(sizes))]
        bounds = [(end - n, end) for end, n in zip(ends, sizes, strict=True)]
    return tuple(slice_dim(input, dim, start, end, 1) for start, end in bounds)


@composite(out=False)
def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """At most ``chunks`` views of consecutive parts of a dim, of equal size but for the last.

    Example:
        >>> import tensorplug as tp
        >>> [c.tolist() for c in tp.chunk(tp.arange(5), 2)]
        [[0, 1, 2], [3, 4]]
    """
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    if not input._shape:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    dim = canonical_dim(dim, len(input._shape))
    size = input._shape[dim]
    return split(input, [0] * chunks if size == 0 else -(-size // chunks), dim)


@composite(out=False)
def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """Views of all slices along a dim."""
    dim = canonical_dim(dim, len(input._shape))
    if not input._shape:
        raise IndexError("unbind: Dimension specified as 0 but tensor has no dimensions")
    return tuple(select(input, dim, i) for i in range(input._shape[dim]))
