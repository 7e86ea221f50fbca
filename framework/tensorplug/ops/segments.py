"""Reductions of consecutive segments of a dim."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.dtypes import FLOAT, INTEGER, int64
from tensorplug.ops.define import composite
from tensorplug.ops.indexing import scatter_reduce
from tensorplug.ops.joining import cat
from tensorplug.shapes import Shape, canonical_dim

Tensor = Any
Number = Any

_REDUCES = {"sum": "sum", "mean": "mean", "prod": "prod", "max": "amax", "min": "amin", "amax": "amax", "amin": "amin"}
_OF_NOTHING = {"sum": 0.0, "mean": math.nan, "prod": 1.0, "amax": -math.inf, "amin": math.inf}


@composite(spaces=("torch",))
def segment_reduce(
    data: Tensor,
    reduce: str,
    *,
    lengths: Tensor | None = None,
    indices: Tensor | None = None,
    offsets: Tensor | None = None,
    axis: int = 0,
    unsafe: bool = False,
    initial: Number | None = None,
) -> Tensor:
    """Consecutive segments of a dim, each reduced to one element.

    Args:
        data: floating point; dims before ``axis`` are batch dims, each with segments of its own.
        reduce: ``"sum"``, ``"mean"``, ``"max"``, ``"min"`` or ``"prod"``.
        lengths: integers, shape (*batch, segments): how many elements each segment has.
        indices: not supported, as in PyTorch.
        offsets: instead of ``lengths``, where each segment begins and the last one ends: shape (*batch, segments + 1).
        axis: the dim.
        unsafe: whether to leave out the check that the segments cover the dim.
        initial: what each reduction starts from; without it an empty segment gives 0, NaN (mean), 1 (product) or an
            infinity.

    Returns:
        Shape (*batch, segments, *the other dims).

    Raises:
        RuntimeError: neither lengths nor offsets, an unknown reduction, or lengths that are negative or do not add up.
        NotImplementedError: ``indices``, or dtypes that are not as described.

    Example:
        >>> import tensorplug as tp
        >>> tp.segment_reduce(tp.tensor([1.0, 2.0, 3.0]), "sum", lengths=tp.tensor([2, 0, 1]))
        tensor([3., 0., 3.])
    """
    if reduce not in _REDUCES:
        raise RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}")
    if indices is not None:
        raise NotImplementedError("segment_reduce(): indices based reduction is not supported.")
    axis = canonical_dim(axis, len(data._shape))
    bounds = _bounds(data, lengths, offsets, axis, unsafe)
    if data._kind.dtype.category != FLOAT:
        raise NotImplementedError(f"segment_reduce is not implemented for {data._kind.dtype}")
    kind = _REDUCES[reduce]
    size, segments = data._shape[axis], bounds._shape[-1] - 1
    owners = _owners(bounds, size, segments)
    spread = (*owners._shape, *(1,) * (len(data._shape) - axis - 1))
    index = owners.reshape(spread).expand(data._shape)
    shape = (*data._shape[:axis], segments + 1, *data._shape[axis + 1 :])
    start = (0.0 if kind == "mean" else _OF_NOTHING[kind]) if initial is None else initial
    total = scatter_reduce(data.new_full(shape, start), axis, index, data, "sum" if kind == "mean" else kind)
    found = total.narrow(axis, 0, segments)
    if kind != "mean":
        return found
    counts = bounds[..., 1:] - bounds[..., :-1]
    counts = counts.reshape((*counts._shape, *spread[axis + 1 :])).to(data._kind.dtype)
    return found / counts if initial is None else found / counts.clamp(1)


def _bounds(data: Tensor, lengths: Tensor | None, offsets: Tensor | None, axis: int, unsafe: bool) -> Tensor:
    """Where each segment begins and the last one ends."""
    given = lengths if lengths is not None else offsets
    if given is None:
        raise RuntimeError("segment_reduce(): Either lengths or offsets must be defined.")
    if given._kind.dtype.category != INTEGER:
        raise NotImplementedError(f"segment_reduce is not implemented for lengths or offsets of {given._kind.dtype}")
    batch: Shape = data._shape[:axis]
    if given._shape[:-1] != batch or not given._shape:
        raise RuntimeError(
            f"segment_reduce(): expected lengths or offsets with the batch dims {list(batch)} and one more, got shape "
            f"{list(given._shape)}"
        )
    if lengths is None:
        return given.to(int64)
    if not unsafe and not given._kind.backend.abstract:
        if (given < 0).any():
            raise RuntimeError("lengths contains negative value!")
        if (given.sum(-1) != data._shape[axis]).any():
            raise RuntimeError(
                "segment_reduce(): Expected all rows of lengths along axis to sum to data.size(lengths.dim()-1) when "
                "!unsafe."
            )
    ends = given.to(int64).cumsum(-1)
    return cat([ends.new_zeros((*batch, 1)), ends], -1)


def _owners(bounds: Tensor, size: int, segments: int) -> Tensor:
    """For each element of the dim its segment, or ``segments`` where it belongs to none."""
    # How many bounds lie at an element or before it.
    marks = bounds.new_zeros((*bounds._shape[:-1], size + 1))
    marks = marks.scatter_add(-1, bounds.clamp(0, size), bounds.new_ones(bounds._shape))
    found = marks.narrow(-1, 0, size).cumsum(-1) - 1
    return found.masked_fill((found < 0) | (found >= segments), segments)
