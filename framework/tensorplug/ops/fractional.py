"""Pooling with windows at pseudo-random places: Graham, Fractional max-pooling, 2014.

Along each dim the windows begin at ``floor((i + u) * a) - floor(u * a)`` with one random number ``u`` for each image
and channel, and ``a`` such that the last window ends with the input.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tensorplug.dtypes import HALF, float32, int64
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import composite
from tensorplug.ops.indexing import gather
from tensorplug.ops.joining import cat
from tensorplug.ops.pooling import place_of_largest
from tensorplug.ops.random import draw_uniform
from tensorplug.ops.windows import Sizes, check_not_bool, per_dim
from tensorplug.shapes import Shape

Tensor = Any


@composite(spaces=("F",), out=False)
def fractional_max_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Any:
    """The largest elements of windows at random places of images, so that the result has a given size.

    Args:
        input: shape (batch, channel, height, width), or without the batch dim; floating point.
        kernel_size: size of the windows, one integer or a pair.
        output_size: the size of the result, one integer or a pair.
        output_ratio: instead, that size over the input's, one number between 0 and 1 or a pair.
        return_indices: whether to return a tuple of the values and their int64 places in the flattened image.
        _random_samples: the random numbers in [0, 1), shape (batch, channel, 2), of the last dim first; drawn by
            default.

    Returns:
        Shape (batch, channel, *output_size).

    Raises:
        ValueError: neither size nor ratio, or a ratio outside (0, 1).
        RuntimeError: shapes that do not fit.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.arange(16.0).reshape(1, 4, 4)
        >>> tp.nn.functional.fractional_max_pool2d(x, 2, output_size=1)
        tensor([[[15.]]])
    """
    return _pooled(
        "fractional_max_pool2d", (1, 0), input, kernel_size, output_size, output_ratio, return_indices, _random_samples
    )


@composite(spaces=("F",), out=False)
def fractional_max_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Any:
    """The largest elements of windows at random places of volumes (batch, channel, depth, height, width).

    Otherwise as ``fractional_max_pool2d``; random numbers of shape (batch, channel, 3) are in the order of the dims.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.arange(27.0).reshape(1, 3, 3, 3)
        >>> tp.nn.functional.fractional_max_pool3d(x, 2, output_size=1)
        tensor([[[[26.]]]])
    """
    return _pooled(
        "fractional_max_pool3d",
        (0, 1, 2),
        input,
        kernel_size,
        output_size,
        output_ratio,
        return_indices,
        _random_samples,
    )


def _pooled(
    name: str,
    order: Shape,
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None,
    output_ratio: float | Sequence[float] | None,
    return_indices: bool,
    samples: Tensor | None,
) -> Any:
    rank = len(order)
    if len(input._shape) == rank + 1:
        found = _pooled(
            name, order, input.unsqueeze(0), kernel_size, output_size, output_ratio, return_indices, samples
        )
        return tuple(x.squeeze(0) for x in found) if return_indices else found.squeeze(0)
    kernel = per_dim("kernel_size", kernel_size, rank)
    _check_input(name, rank, input)
    wanted = _target_size(name, input._shape[2:], output_size, output_ratio)
    _check_sizes(name, input._shape[2:], kernel, wanted)
    if samples is None:
        dtype = input._kind.dtype
        samples = draw_uniform((*input._shape[:2], rank), dtype, input._kind.device, None)
    if samples._shape != (*input._shape[:2], rank):
        raise RuntimeError(
            f"{name}: expected _random_samples of shape {[*input._shape[:2], rank]}, got {list(samples._shape)}"
        )
    if samples._kind.dtype is not input._kind.dtype:
        raise RuntimeError(
            f"{name}: expected _random_samples of the input's dtype {input._kind.dtype}, got {samples._kind.dtype}"
        )
    places = _places(input, samples.detach(), order, kernel, wanted)
    flat = input.flatten(2)
    candidates = gather(flat.detach(), 2, places.flatten(2)).reshape(places._shape)
    chosen = place_of_largest(candidates)
    indices = gather(places, len(places._shape) - 1, chosen.unsqueeze(-1)).squeeze(-1)
    values = gather(flat, 2, indices.flatten(2)).reshape(indices._shape)
    return (values, indices) if return_indices else values


def _places(input: Tensor, samples: Tensor, order: Shape, kernel: Shape, wanted: Shape) -> Tensor:
    """For each window its elements' places in the flattened image: (batch, channel, *wanted, elements)."""
    rank = len(kernel)
    found: Any = None
    for dim, (n, k, m) in enumerate(zip(input._shape[2:], kernel, wanted, strict=True)):
        starts = _starts(samples.select(2, order[dim]).unsqueeze(-1), n, k, m)
        elements = starts.unsqueeze(-1) + new_arange(input, k)
        spread = [1] * (2 * rank)
        spread[dim], spread[rank + dim] = m, k
        here = elements.reshape(*input._shape[:2], *spread)
        found = here if found is None else found * n + here
    return found.flatten(2 + rank)


def _starts(sample: Tensor, n: int, k: int, m: int) -> Tensor:
    """Where the windows along a dim begin."""
    last = new_arange(sample, 1).expand(*sample._shape[:2], 1) + (n - k)
    if m == 1:
        return last
    if sample._kind.dtype in HALF:
        sample = sample.to(float32)
    alpha = (n - k) / (m - 1)
    at = new_arange(sample, m - 1).to(sample._kind.dtype)
    return cat([((at + sample) * alpha).to(int64) - (sample * alpha).to(int64), last], 2)


def _check_input(name: str, rank: int, input: Tensor) -> None:
    check_not_bool(name, input)
    if len(input._shape) != rank + 2 or 0 in input._shape[1:]:
        raise RuntimeError(
            f"{name}(): expected {rank + 1}D or {rank + 2}D tensor with non-zero size for non-batch dimensions, but "
            f"input has sizes {list(input._shape)}"
        )


def _target_size(name: str, given: Shape, output_size: Any, output_ratio: Any) -> Shape:
    if output_size is None and output_ratio is None:
        raise ValueError(f"{name} requires specifying either an output_size or an output_ratio")
    if output_size is not None:
        return per_dim("output_size", output_size, len(given))
    ratios = (output_ratio,) * len(given) if isinstance(output_ratio, int | float) else tuple(output_ratio)
    if len(ratios) != len(given) or not all(0 < r < 1 for r in ratios):
        raise ValueError(f"{name}: output_ratio must be between 0 and 1, one for each dim, got {output_ratio}")
    return tuple(int(n * r) for n, r in zip(given, ratios, strict=True))


def _check_sizes(name: str, given: Shape, kernel: Shape, wanted: Shape) -> None:
    for n, k, m in zip(given, kernel, wanted, strict=True):
        if m < 1 or k < 1 or m + k - 1 > n:
            raise RuntimeError(
                f"{name}(): pool size {list(kernel)} and output size {list(wanted)} are too large (or not positive) "
                f"for an input of spatial size {list(given)}"
            )
