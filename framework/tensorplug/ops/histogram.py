"""Histograms with edges, of numbers and of points."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np

from tensorplug.base import TensorBase, count
from tensorplug.dtypes import FLOAT, int64
from tensorplug.ops.define import composite
from tensorplug.ops.sets import searchsorted
from tensorplug.ops.windows import constant

Tensor = Any


class Histogram(NamedTuple):
    """How much lies in each bin, and the edges of the bins."""

    hist: Any
    bin_edges: Any


@composite()
def histogram(
    input: Tensor,
    bins: int | Tensor = 100,
    *,
    range: Sequence[float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
) -> Any:
    """How many elements, or how much of their weight, lie in each of several bins.

    Args:
        input: any shape; floating point.
        bins: how many bins of equal width, or the sorted edges of the bins.
        range: the outer edges; the smallest and the largest element by default. Elements beyond do not count.
        weight: of each element, shape of the input.
        density: whether to divide by the sum and the widths of the bins, so that the integral is 1.

    Returns:
        A named tuple: ``hist``, of the input's dtype, and ``bin_edges``. A bin contains its left edge; the last one its
        right one as well. No gradients flow.

    Raises:
        RuntimeError: no bins, edges or ranges that do not fit, or a range that is not finite.
        NotImplementedError: a dtype that is not floating point.

    Example:
        >>> import tensorplug as tp
        >>> tp.histogram(tp.tensor([1.0, 2.0, 1.0]), bins=4, range=(0.0, 3.0)).hist
        tensor([0., 2., 1., 0.])
    """
    edges = None if isinstance(bins, int) else [bins]
    bounds = None if range is None else tuple(range)
    if edges is not None and bounds is not None:
        raise TypeError("histogram(): a range goes with a number of bins, not with edges")
    if edges is not None and edges[0]._kind.dtype is not input._kind.dtype:
        raise RuntimeError(f"histogram: expected edges of {input._kind.dtype}, got {edges[0]._kind.dtype}")
    flat = input.reshape(-1, 1)
    weights = None if weight is None else _checked_weight("histogram", weight.reshape(-1), input, flat._shape[:1])
    hist, found = _counted("histogram", flat, [bins] if edges is None else edges, bounds, weights, density)
    return Histogram(hist, found[0])


@composite(spaces=("torch",), out=False)
def histogramdd(
    input: Tensor,
    bins: int | Sequence[Any],
    range: Sequence[float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
) -> Any:
    """How many points, or how much of their weight, lie in each box of a grid.

    Args:
        input: points, shape (..., N); floating point.
        bins: how many bins of equal width along each dim (one number for all), or for each dim the sorted edges.
        range: the outer edges, first and last along each dim in turn.
        weight: of each point, shape (...).
        density: whether to divide by the sum and the volumes of the boxes, so that the integral is 1.

    Returns:
        A named tuple: ``hist``, with N dims and the input's dtype, and ``bin_edges``, a tuple of N vectors.

    Raises:
        RuntimeError: as for ``histogram``.
        NotImplementedError: a dtype that is not floating point.

    Example:
        >>> import tensorplug as tp
        >>> points = tp.tensor([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
        >>> tp.histogramdd(points, bins=2).hist
        tensor([[0., 1.],
                [2., 0.]])
    """
    if len(input._shape) < 2:
        raise RuntimeError(f"histogramdd: input tensor should have at least 2 dimensions, but got {input.dim()}")
    rank = input._shape[-1]
    given = [bins] * rank if isinstance(bins, int) else list(bins)
    if len(given) != rank:
        raise RuntimeError(f"histogramdd: expected {rank} numbers or sequences of edges, but got {len(given)}")
    weights = None if weight is None else _checked_weight("histogramdd", weight, input, input._shape[:-1]).reshape(-1)
    hist, edges = _counted("histogramdd", input.reshape(-1, rank), given, range, weights, density)
    return Histogram(hist, tuple(edges))


def _checked_weight(name: str, weight: Tensor, input: Tensor, shape: Sequence[int]) -> Tensor:
    if weight._shape != tuple(shape) or weight._kind.dtype is not input._kind.dtype:
        raise RuntimeError(
            f"{name}: expected weight of shape {list(shape)} and {input._kind.dtype}, got {list(weight._shape)} and "
            f"{weight._kind.dtype}"
        )
    return weight.detach()


def _counted(
    name: str, points: Tensor, bins: Sequence[Any], range: Any, weights: Tensor | None, density: bool
) -> tuple[Tensor, list[Tensor]]:
    if points._kind.dtype.category != FLOAT:
        raise NotImplementedError(f"{name} is not implemented for {points._kind.dtype}")
    points = points.detach()
    edges = _edges(name, points, bins, range)
    sizes = [count(e) - 1 for e in edges]
    place: Any = None
    inside: Any = None
    for dim, edge in enumerate(edges):
        x = points.select(1, dim).contiguous()
        within = (x >= edge.select(0, 0)) & (x <= edge.select(0, -1))
        at = _bins(x.masked_fill(~within, 0), edge, even=not isinstance(bins[dim], TensorBase))
        inside = within if inside is None else inside & within
        place = at if place is None else place * sizes[dim] + at
    total = prod(sizes)
    # What lies outside goes to one more bin, which is cut off.
    place = place.masked_fill(~inside, total)
    values = points.new_ones(points._shape[:1]) if weights is None else weights
    hist = points.new_zeros((total + 1,)).index_add(0, place, values)[:total].reshape(sizes)
    if density:
        hist = hist / hist.sum()
        for dim, edge in enumerate(edges):
            widths = edge[1:] - edge[:-1]
            hist = hist / widths.reshape([*(1,) * dim, -1, *(1,) * (len(edges) - dim - 1)])
    return hist, edges


def _bins(x: Tensor, edge: Tensor, even: bool) -> Tensor:
    """The bin of each element; that of elements outside means nothing."""
    last = count(edge) - 2
    if not even:
        return (searchsorted(edge, x, right=True) - 1).clamp(max=last)
    # From the width of the bins, then put right where rounding led past an edge.
    low, width = edge.select(0, 0), (edge.select(0, -1) - edge.select(0, 0)) / (last + 1)
    at = ((x - low) / width).to(int64).clamp(0, last)
    at = at - (x < edge.index_select(0, at)).to(int64)
    at = at.clamp(0, last)
    return (at + (x >= edge.index_select(0, at + 1)).to(int64)).clamp(max=last)


def _edges(name: str, points: Tensor, bins: Sequence[Any], range: Any) -> list[Tensor]:
    rank = len(bins)
    if range is not None and len(range) != 2 * rank:
        raise RuntimeError(f"{name}: range should have {2 * rank} elements, but got {len(range)}")
    found = []
    for dim, given in enumerate(bins):
        if isinstance(given, TensorBase):
            if len(given._shape) != 1 or not count(given):
                raise RuntimeError(
                    f"{name}(): bins tensor should have one dimension and at least one element, but got shape "
                    f"{list(given._shape)} for dimension {dim}"
                )
            found.append(given.detach().contiguous())  # type: ignore[attr-defined]
            continue
        if given <= 0:
            raise RuntimeError(f"{name}(): bins must be > 0, but got {given} for dimension {dim}")
        first, last = _outer(name, points, dim) if range is None else range[2 * dim : 2 * dim + 2]
        if not (np.isfinite(first) and np.isfinite(last)):
            raise RuntimeError(f"{name}: dimension {dim}'s range [{first}, {last}] is not finite")
        if first > last:
            raise RuntimeError(f"{name}: min should not exceed max, but got min {first} max {last} for dimension {dim}")
        if first == last:
            first, last = first - 0.5, last + 0.5
        dtype = points._kind.dtype
        found.append(constant(points, np.linspace(first, last, given + 1)).to(dtype))
    return found


def _outer(name: str, points: Tensor, dim: int) -> tuple[float, float]:
    if not points._shape[0]:
        return 0.0, 1.0
    x = points.select(1, dim)
    return x.amin().item(), x.amax().item()
