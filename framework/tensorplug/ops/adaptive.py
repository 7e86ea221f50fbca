"""Adaptive pooling: the size of the result is given, and each of its elements stands for one region of the input.

Region ``i`` of ``o`` along a dim of ``n`` elements is ``floor(i * n / o)`` to before ``ceil((i + 1) * n / o)``, so
neighbours may share elements. Where all regions are alike, this is pooling with windows.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from tensorplug.ops.define import composite
from tensorplug.ops.indexing import gather
from tensorplug.ops.pooling import place_of_largest, pool_avg, pool_max
from tensorplug.ops.windows import Sizes, check_not_bool, constant
from tensorplug.shapes import Shape

Tensor = Any


def _target_size(name: str, rank: int, input: Tensor, output_size: Sizes) -> Shape:
    """The size of the result; None stands for that of the input."""
    given = input._shape[-rank:]
    sizes = tuple(output_size) if isinstance(output_size, tuple | list) else (output_size,) * rank
    if len(sizes) != rank:
        raise RuntimeError(f"{name}: output_size must have {rank} elements, but got {list(sizes)}")
    wanted = tuple(n if m is None else m.__index__() for n, m in zip(given, sizes, strict=True))
    if min(wanted) < 0:
        raise RuntimeError(
            f"{name}: elements of output_size must be greater than or equal to 0 but received {list(wanted)}"
        )
    return wanted


def _check_input(name: str, rank: int, input: Tensor) -> None:
    shape = input._shape
    if len(shape) not in (rank + 1, rank + 2) or 0 in shape[len(shape) - rank :]:
        raise RuntimeError(
            f"{name}(): Expected {rank + 1}D or {rank + 2}D tensor with non-zero size for non-batch dimensions, but "
            f"input has sizes {list(shape)}"
        )
    check_not_bool(name, input)


def _even(given: Shape, wanted: Shape) -> Shape | None:
    """The size of the windows where all regions are alike and apart."""
    if 0 in wanted or any(n % m for n, m in zip(given, wanted, strict=True)):
        return None
    return tuple(n // m for n, m in zip(given, wanted, strict=True))


def _regions(n: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    """For each of ``m`` regions its elements, the last one repeated to equal length, and how many they are."""
    at = np.arange(m)
    starts, ends = at * n // m, -(-(at + 1) * n // m)
    longest = int((ends - starts).max(initial=0))
    return np.minimum(starts[:, None] + np.arange(longest), ends[:, None] - 1), ends - starts


def adaptive_avg(name: str, rank: int, input: Tensor, output_size: Sizes) -> Tensor:
    _check_input(name, rank, input)
    wanted = _target_size(name, rank, input, output_size)
    first = len(input._shape) - rank
    given = input._shape[first:]
    kernel = _even(given, wanted)
    if kernel == given:
        return input.mean(tuple(range(first, first + rank)), True)
    if kernel is not None:
        return pool_avg(name, rank, input, kernel, kernel, 0, False, True, None)
    for dim, (n, m) in enumerate(zip(given, wanted, strict=True), first):
        input = _region_means(input, dim, n, m)
    return input


def _region_means(input: Tensor, dim: int, n: int, m: int) -> Tensor:
    if n == m:
        return input
    elements, counts = _regions(n, m)
    if m == 0 or elements.shape[1] == 1:
        return input.index_select(dim, constant(input, elements.reshape(-1)))
    rest = (1,) * (len(input._shape) - dim - 1)
    found = input.index_select(dim, constant(input, elements.reshape(-1))).unflatten(dim, elements.shape)
    beyond = np.arange(elements.shape[1]) >= counts[:, None]
    total = found.masked_fill(constant(input, beyond.reshape((*beyond.shape, *rest))), 0).sum(dim + 1)
    return total / constant(input, counts.reshape((m, *rest))).to(input._kind.dtype)


def _adaptive_max(name: str, rank: int, input: Tensor, output_size: Sizes, return_indices: bool) -> Any:
    _check_input(name, rank, input)
    wanted = _target_size(name, rank, input, output_size)
    first = len(input._shape) - rank
    given = input._shape[first:]
    kernel = _even(given, wanted)
    if kernel is not None:
        return pool_max(name, rank, input, kernel, kernel, 0, 1, False, return_indices)
    places = constant(input, _places_by_region(given, wanted))
    flat = input.flatten(first)
    if 0 in wanted:
        values = input.new_zeros((*input._shape[:first], *wanted))
        return (values, values.to(places._kind.dtype)) if return_indices else values
    candidates = flat.detach().index_select(first, places.reshape(-1)).unflatten(first, places._shape)
    chosen = place_of_largest(candidates)
    spread = places.expand(candidates._shape)
    indices = gather(spread, len(spread._shape) - 1, chosen.unsqueeze(-1)).squeeze(-1)
    values = gather(flat, first, indices.flatten(first)).reshape(indices._shape)
    return (values, indices) if return_indices else values


def _places_by_region(given: Shape, wanted: Shape) -> np.ndarray:
    """Shape (*wanted, elements of a region): flat places in the spatial dims, in C order."""
    rank = len(given)
    flat = np.zeros((1,) * (2 * rank), np.int64)
    for dim, (n, m) in enumerate(zip(given, wanted, strict=True)):
        elements, _ = _regions(n, m)
        shape = [1] * (2 * rank)
        shape[dim], shape[rank + dim] = elements.shape
        flat = flat * n + elements.reshape(shape)
    return flat.reshape((*wanted, prod(flat.shape[rank:])))


@composite(spaces=("torch", "F"), out=False)
def adaptive_avg_pool1d(input: Tensor, output_size: Sizes) -> Tensor:
    """The means of ``output_size`` regions of sequences (batch, channel, length); as ``adaptive_avg_pool2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.adaptive_avg_pool1d(tp.tensor([[1.0, 2.0, 6.0]]), 2)
        tensor([[1.5000, 4.0000]])
    """
    return adaptive_avg("adaptive_avg_pool1d", 1, input, output_size)


@composite(spaces=("F",), out=False)
def adaptive_avg_pool2d(input: Tensor, output_size: Sizes) -> Tensor:
    """The means of regions of images, so that the result has a given size.

    Args:
        input: shape (batch, channel, height, width), or without the batch dim.
        output_size: one integer or a pair; None keeps the input's size.

    Returns:
        Shape (batch, channel, *output_size).

    Raises:
        RuntimeError: the input has another number of dims or no elements to average, a size is negative, or the dtype
            is an integer.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.adaptive_avg_pool2d(tp.arange(16.0).reshape(1, 1, 4, 4), (2, 1))
        tensor([[[[ 3.5000],
                  [11.5000]]]])
    """
    return adaptive_avg("adaptive_avg_pool2d", 2, input, output_size)


@composite(spaces=("F",), out=False)
def adaptive_avg_pool3d(input: Tensor, output_size: Sizes) -> Tensor:
    """The means of regions of volumes (batch, channel, depth, height, width); as ``adaptive_avg_pool2d``."""
    return adaptive_avg("adaptive_avg_pool3d", 3, input, output_size)


@composite(spaces=("F",), out=False)
def adaptive_max_pool1d(input: Tensor, output_size: Sizes, return_indices: bool = False) -> Any:
    """The largest elements of ``output_size`` regions of sequences; as ``adaptive_max_pool2d``."""
    return _adaptive_max("adaptive_max_pool1d", 1, input, output_size, return_indices)


@composite(spaces=("F",), out=False)
def adaptive_max_pool2d(input: Tensor, output_size: Sizes, return_indices: bool = False) -> Any:
    """The largest elements of regions of images, so that the result has a given size.

    Args:
        input: shape (batch, channel, height, width), or without the batch dim.
        output_size: one integer or a pair; None keeps the input's size.
        return_indices: whether to return a tuple of the values and their int64 places in the flattened image.

    Returns:
        Shape (batch, channel, *output_size).

    Raises:
        RuntimeError: the input has another number of dims or no elements to choose from, or a size is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.adaptive_max_pool2d(tp.arange(15.0).reshape(1, 3, 5), (2, 1))
        tensor([[[ 9.],
                 [14.]]])
    """
    return _adaptive_max("adaptive_max_pool2d", 2, input, output_size, return_indices)


@composite(spaces=("F",), out=False)
def adaptive_max_pool3d(input: Tensor, output_size: Sizes, return_indices: bool = False) -> Any:
    """The largest elements of regions of volumes; as ``adaptive_max_pool2d``."""
    return _adaptive_max("adaptive_max_pool3d", 3, input, output_size, return_indices)
