"""Tensors as collections of elements: which there are, how often, between which limits, in which combinations."""

from __future__ import annotations

import itertools
import math
from typing import Any, NamedTuple

import numpy as np

from tensorplug.base import AnyTensor, TensorBase, count
from tensorplug.convert import from_data
from tensorplug.dtypes import INTEGER, bool_, float32, float64, int32, int64
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import composite
from tensorplug.ops.indexing import scatter_src, sort_dim
from tensorplug.ops.joining import cat, stack
from tensorplug.ops.views import broadcast_tensors
from tensorplug.promotion import result_type
from tensorplug.shapes import canonical_dim

Tensor = Any
Number = Any


# ---------------------------------------------------------------------------------------------------- unique


class _Groups(NamedTuple):
    """Runs of equal elements (or slices) in some order.

    Attributes:
        first: whether each element begins a run.
        order: the places of the elements, None where they are as they were.
    """

    first: Tensor
    order: Tensor | None


def _starts_of_runs(rows: Tensor) -> Tensor:
    """Where a row of a matrix, or an element of a vector, differs from the one before it."""
    size = rows._shape[0]
    differs = _but_the_first(rows) != rows.narrow(0, 0, max(size - 1, 0))
    if len(rows._shape) == 2:
        differs = differs.any(1)
    return cat((differs.new_ones((min(size, 1),)), differs))


def _but_the_first(x: Tensor) -> Tensor:
    size = x._shape[0]
    return x.narrow(0, min(1, size), max(size - 1, 0))


def _in_order(rows: Tensor) -> Tensor:
    """The order of the rows of a matrix, compared element by element; of the elements of a vector."""
    if len(rows._shape) == 1:
        return sort_dim(rows, 0, False, True)[1]
    order = new_arange(rows, rows._shape[0])
    for column in range(rows._shape[1] - 1, -1, -1):
        keys = rows.select(1, column).index_select(0, order)
        order = order.index_select(0, sort_dim(keys, 0, False, True)[1])
    return order


def _as_rows(name: str, input: Tensor, dim: int | None) -> Tensor:
    """All elements as a vector, or the slices along ``dim`` as rows of a matrix."""
    rank = len(input._shape)
    if dim is None:
        return input.reshape(-1)
    if not rank:
        raise IndexError(f"{name}: Dimension specified as {dim} but tensor has no dimensions")
    front = input.movedim(canonical_dim(dim, rank), 0)
    if not count(input) and front._shape[0]:
        raise RuntimeError(
            f"{name}: There are 0 sized dimensions, and they aren't selected, so unique cannot be applied: shape "
            f"{list(input._shape)}, dim {dim}"
        )
    return front.reshape(front._shape[0], -1) if count(input) else front.reshape(0, 1)


def _distinct(
    input: Tensor, rows: Tensor, groups: _Groups, dim: int | None, return_inverse: bool, return_counts: bool
) -> Any:
    size = rows._shape[0]
    starts = groups.first.nonzero().reshape(-1)
    kept = starts if groups.order is None else groups.order.index_select(0, starts)
    if dim is None:
        values = rows.index_select(0, kept)
    else:
        values = input.index_select(canonical_dim(dim, len(input._shape)), kept)
    found = [values]
    if return_inverse:
        inverse = groups.first.to(int64).cumsum(0) - 1
        if groups.order is not None:
            inverse = scatter_src(inverse.new_zeros((size,)), 0, groups.order, inverse, None)
        found.append(inverse.reshape(input._shape) if dim is None else inverse)
    if return_counts:
        ends = cat((_but_the_first(starts), starts.new_full((min(size, 1),), size)))
        found.append(ends - starts)
    return tuple(found) if len(found) > 1 else values


@composite(out=False)
def unique(
    input: Tensor,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """The distinct elements in order, or the distinct slices along ``dim``. Every NaN is distinct.

    Args:
        sorted: they are in order in any case.
        return_inverse: also give where each element of ``input`` is found in the result.
        return_counts: also give how often each occurs.

    Returns:
        A tensor, or a tuple of what was asked for. Gradients do not flow through it.

    Example:
        >>> import tensorplug as tp
        >>> tp.unique(tp.tensor([3, 1, 3]), return_counts=True)
        (tensor([1, 3]), tensor([1, 2]))
    """
    input = input.detach()
    rows = _as_rows("unique", input, dim)
    order = _in_order(rows)
    groups = _Groups(_starts_of_runs(rows.index_select(0, order)), order)
    return _distinct(input, rows, groups, dim, return_inverse, return_counts)


@composite(out=False)
def unique_consecutive(
    input: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    """The first element (or slice along ``dim``) of every run of equal ones.

    Args:
        return_inverse: also give where each element of ``input`` is found in the result.
        return_counts: also give how long each run is.

    Example:
        >>> import tensorplug as tp
        >>> tp.unique_consecutive(tp.tensor([1, 1, 2, 1]))
        tensor([1, 2, 1])
    """
    input = input.detach()
    rows = _as_rows("unique_consecutive", input, dim)
    return _distinct(input, rows, _Groups(_starts_of_runs(rows), None), dim, return_inverse, return_counts)


@composite(spaces=("torch",))
def isin(
    elements: Tensor | Number, test_elements: Tensor | Number, *, assume_unique: bool = False, invert: bool = False
) -> Tensor:
    """Whether each element is among ``test_elements``.

    Args:
        assume_unique: does not matter here.
        invert: whether it is not among them.

    Example:
        >>> import tensorplug as tp
        >>> tp.isin(tp.tensor([1, 2, 3]), tp.tensor([3, 1]))
        tensor([ True, False,  True])
    """
    if not isinstance(elements, TensorBase):
        elements = test_elements.new_full((), elements, dtype=result_type(elements, test_elements))
    if not isinstance(test_elements, TensorBase):
        found = elements == test_elements
    else:
        found = _found_among(elements, test_elements)
    return ~found if invert else found


def _found_among(elements: Tensor, others: Tensor) -> Tensor:
    if not count(others):
        return elements.new_zeros(elements._shape, dtype=bool_)
    dtype = result_type(elements.reshape(-1), others.reshape(-1))
    others = sort_dim(others.detach().reshape(-1).to(dtype), 0, False, True)[0]
    elements = elements.to(dtype)
    if dtype.is_floating_point:
        # NaN equals nothing and has no place in the order; the largest number takes its place.
        missing = others.isnan()
        largest = others.masked_fill(missing, -math.inf).amax()
        none = missing.select(0, 0)
        others = largest.where(missing, others)
    place = searchsorted(others, elements).clamp(max=others._shape[0] - 1)
    found = others.take(place) == elements
    return found & ~none if dtype.is_floating_point else found


@composite(out=False)
def count_nonzero(input: Tensor, dim: int | tuple[int, ...] | None = None) -> Tensor:
    """How many elements are not zero, of all or along dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.count_nonzero(tp.tensor([[0, 1], [2, 3]]), dim=0)
        tensor([1, 2])
    """
    input = input.detach()
    return (input if input._kind.dtype is bool_ else input != 0).sum(dim)


# ---------------------------------------------------------------------------------------------------- counting


@composite(out=False)
def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each of the numbers 0, 1, 2, ... occurs, or the sum of the weights there.

    Args:
        input: integers that are not negative, in one dim.
        weights: a weight for each of them.
        minlength: the least size of the result.

    Returns:
        int64; with weights float32 if they are float32, otherwise float64.

    Raises:
        RuntimeError: not such integers.

    Example:
        >>> import tensorplug as tp
        >>> tp.bincount(tp.tensor([1, 3, 1]))
        tensor([0, 2, 0, 1])
    """
    if input._kind.dtype.category != INTEGER:
        raise NotImplementedError(f"bincount is not implemented for {input._kind.dtype}: it counts integers")
    if minlength < 0:
        raise RuntimeError(f"minlength should be >= 0, got {minlength}")
    if len(input._shape) != 1 or (count(input) and int(input.amin()) < 0):
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    if weights is not None and weights._shape != input._shape:
        raise RuntimeError(
            "weights should be 1-d and have the same length as input, "
            f"got {list(weights._shape)} and {list(input._shape)}"
        )
    size = max(int(input.amax()) + 1 if count(input) else 0, minlength)
    if weights is None:
        amounts = input.new_ones(input._shape, dtype=int64)
    else:
        amounts = weights.detach().to(float32 if weights._kind.dtype is float32 else float64)
    return scatter_src(amounts.new_zeros((size,)), 0, input.to(int64), amounts, "sum")


@composite()
def histc(input: Tensor, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
    """How many elements lie in each of ``bins`` intervals of equal width; others do not count.

    Args:
        input: floating-point numbers.
        min, max: the range, both included; that of the elements where both are the same.

    Returns:
        Shape (bins,), of the dtype of ``input``.

    Raises:
        RuntimeError: no bins, ``max`` below ``min``, or a range that is not finite.

    Example:
        >>> import tensorplug as tp
        >>> tp.histc(tp.tensor([1.0, 2.0, 1.0]), bins=4, min=0, max=3)
        tensor([0., 2., 1., 0.])
    """
    if not input._kind.dtype.is_floating_point:
        raise NotImplementedError(f"histc is not implemented for {input._kind.dtype}: it takes floating-point numbers")
    if bins <= 0:
        raise RuntimeError(f"bins must be > 0, but got {bins}")
    x = input.detach().reshape(-1)
    low, high = float(min), float(max)
    if low == high and count(x):
        low, high = float(x.amin()), float(x.amax())
    if low == high:
        low, high = low - 1, high + 1
    if not (np.isfinite(low) and np.isfinite(high)):
        raise RuntimeError(f"histc: range of [{low}, {high}] is not finite")
    if low > high:
        raise RuntimeError(f"histc: max must be larger than min, got {low} and {high}")
    inside = (x >= low) & (x <= high)
    place = ((x - low) * (bins / (high - low))).masked_fill(~inside, 0).to(int64).clamp(max=bins - 1)
    return scatter_src(x.new_zeros((bins,)), 0, place, inside.to(x._kind.dtype), "sum")


# ---------------------------------------------------------------------------------------------------- sorted limits


@composite(spaces=("torch",))
def searchsorted(
    sorted_sequence: Tensor,
    input: Tensor | Number,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Tensor | None = None,
) -> Tensor:
    """Where each element would have to be inserted for the sequence to stay in order.

    Args:
        sorted_sequence: increasing along its last dim.
        input: the elements; the dims in front of the last are those of a sequence that has more than one dim.
        out_int32: give int32 instead of int64.
        right, side: insert after equal elements (``right=True`` or ``side="right"``) instead of before them.
        sorter: the order of a sequence that is not sorted itself.

    Raises:
        RuntimeError: shapes that do not fit, or ``side`` contradicts ``right``.

    Example:
        >>> import tensorplug as tp
        >>> tp.searchsorted(tp.tensor([1, 3, 5]), tp.tensor([0, 3, 6]))
        tensor([0, 1, 3])
    """
    if side not in (None, "left", "right"):
        raise RuntimeError(f"searchsorted(): side can only be 'left' or 'right' but got {side}")
    if side == "left" and right:
        raise RuntimeError(
            f"searchsorted(): side and right can't be set to opposites, got side of {side} while right was {right}"
        )
    sequence = sorted_sequence.detach()
    values = input.detach() if isinstance(input, AnyTensor) else _as_scalar(sequence, input)
    a, b = sequence._shape, values._shape
    if not a or (len(a) > 1 and a[:-1] != b[:-1]):
        raise RuntimeError(
            "searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor "
            f"and input value tensor must match, but we got boundaries tensor {list(a)} and input value tensor "
            f"{list(b)}"
        )
    if sorter is not None:
        sequence = _reordered(sequence, sorter)
    found = _bisect(sequence, values, right or side == "right")
    return found.to(int32) if out_int32 else found


def _as_scalar(sequence: Tensor, number: Number) -> Tensor:
    return sequence.new_full((), number, dtype=result_type(sequence, number))


def _reordered(sequence: Tensor, sorter: Tensor) -> Tensor:
    if sorter._shape != sequence._shape or sorter._kind.dtype is not int64:
        raise RuntimeError(
            "searchsorted(): boundary and sorter must have the same size and sorter be int64, but got boundary tensor "
            f"{list(sequence._shape)} and sorter {list(sorter._shape)} of {sorter._kind.dtype}"
        )
    return sequence.gather(-1, sorter)


def _bisect(sequence: Tensor, values: Tensor, right: bool) -> Tensor:
    """Halve the range of each value until it has no elements."""
    size = sequence._shape[-1]
    low = values.new_zeros(values._shape, dtype=int64)
    high = low + size
    for _ in range(size.bit_length()):
        middle = (low + high).bitwise_right_shift(1)
        inside = middle.clamp(max=size - 1)
        element = sequence.take(inside) if len(sequence._shape) == 1 else sequence.gather(-1, inside)
        after = ~(element > values if right else element >= values)
        searching = low < high
        low = (middle + 1).where(searching & after, low)
        high = middle.where(searching & ~after, high)
    return low


@composite(spaces=("torch",))
def bucketize(input: Tensor | Number, boundaries: Tensor, *, out_int32: bool = False, right: bool = False) -> Tensor:
    """In which of the intervals between sorted boundaries each element lies.

    Args:
        boundaries: increasing, in one dim.
        out_int32: give int32 instead of int64.
        right: an element equal to a boundary belongs to the interval after it, not before.

    Example:
        >>> import tensorplug as tp
        >>> tp.bucketize(tp.tensor([0, 3, 6]), tp.tensor([1, 3, 5]))
        tensor([0, 1, 3])
    """
    if len(boundaries._shape) != 1:
        raise RuntimeError(f"bucketize(): boundaries tensor must be 1 dimension, but got dim({len(boundaries._shape)})")
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


# ---------------------------------------------------------------------------------------------------- combinations


@composite(spaces=("torch",), out=False)
def cartesian_prod(*tensors: Tensor) -> Tensor:
    """All ways to take one element of each vector, one row each.

    Raises:
        RuntimeError: a tensor that is no vector.

    Example:
        >>> import tensorplug as tp
        >>> tp.cartesian_prod(tp.tensor([1, 2]), tp.tensor([3, 4]))
        tensor([[1, 3],
                [1, 4],
                [2, 3],
                [2, 4]])
    """
    for tensor in tensors:
        if len(tensor._shape) != 1:
            raise RuntimeError(f"cartesian_prod: Expect a 1D vector, but got shape {list(tensor._shape)}")
        if tensor._kind.dtype is not tensors[0]._kind.dtype:
            raise RuntimeError("cartesian_prod expects all tensors to have the same dtype")
    if len(tensors) == 1:
        return tensors[0]
    grids = [t.reshape([-1 if d == i else 1 for d in range(len(tensors))]) for i, t in enumerate(tensors)]
    return stack([g.reshape(-1) for g in broadcast_tensors(*grids)], 1)


@composite(out=False)
def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """All ways to choose ``r`` elements of a vector, one row each, in the order of ``itertools.combinations``.

    Args:
        with_replacement: an element may be chosen several times.

    Raises:
        RuntimeError: not a vector, or ``r`` is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.combinations(tp.tensor([1, 2, 3]))
        tensor([[1, 2],
                [1, 3],
                [2, 3]])
    """
    if len(input._shape) != 1:
        raise RuntimeError(f"combinations: Expect a 1D vector, but got shape {list(input._shape)}")
    if r < 0:
        raise RuntimeError(f"combinations: Expect a non-negative number, but got {r}")
    if r == 0:
        return input.new_empty((0,))
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    chosen = np.array(list(choose(range(input._shape[0]), r)), dtype=np.int64).reshape(-1, r)
    places = from_data(chosen.reshape(-1), int64, input._kind.device)
    return input.index_select(0, places).reshape(chosen.shape)
