"""Pooling: one number for each window, or for each of a given number of regions."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from tensorplug.dispatch import Plan
from tensorplug.dtypes import FLOAT, HALF, INTEGER, float32, int64, uint8
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import composite, plan
from tensorplug.ops.indexing import gather
from tensorplug.ops.reduction import argmax_dim
from tensorplug.ops.windows import (
    Sizes,
    check_at_least,
    check_not_bool,
    check_real,
    constant,
    parts,
    per_dim,
    section,
    windows,
)
from tensorplug.shapes import Shape

Tensor = Any


# ---------------------------------------------------------------------------------------------------- sizes


def _window_params(
    name: str, rank: int, kernel_size: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes
) -> tuple[Shape, Shape, Shape, Shape]:
    kernel = per_dim("kernel_size", kernel_size, rank)
    absent = stride is None or (not isinstance(stride, int) and len(stride) == 0)
    steps = kernel if absent else per_dim("stride", stride, rank)
    padding, dilation = per_dim("padding", padding, rank), per_dim("dilation", dilation, rank)
    for argument, sizes, least in (
        ("kernel_size", kernel, 1), ("stride", steps, 1), ("padding", padding, 0), ("dilation", dilation, 1),
    ):  # fmt: skip
        check_at_least(name, argument, sizes, least)
    if any(2 * p > k for k, p in zip(kernel, padding, strict=True)):
        raise RuntimeError(
            f"{name}: pad should be at most half of kernel size, but got pad={padding} and kernel_size={kernel}"
        )
    return kernel, steps, padding, dilation


def _pooled_size(size: Shape, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, ceil_mode: bool) -> Shape:
    """How many windows each dim has; in ceil mode also a last one that starts within the input or its padding."""
    found = []
    for n, k, s, p, d in zip(size, kernel, stride, padding, dilation, strict=True):
        room = n + 2 * p - d * (k - 1) - 1
        places = (-(-room // s) if ceil_mode else room // s) + 1
        if ceil_mode and (places - 1) * s >= n + p:
            places -= 1
        found.append(places)
    if min(found) < 1:
        raise RuntimeError(
            f"Given input size: {size}. Calculated output size: {tuple(found)}. Output size is too small"
        )
    return tuple(found)


def _check_input(name: str, rank: int, input: Tensor) -> None:
    shape = input._shape
    if len(shape) not in (rank + 1, rank + 2) or 0 in shape[len(shape) - rank - 1 :]:
        raise RuntimeError(
            f"{name}: Expected {rank + 1}D or {rank + 2}D (batch mode) tensor with optional 0 dim batch size for "
            f"input, but got: {list(shape)}"
        )
    check_not_bool(name, input)


def _reach(kernel: Shape, stride: Shape, dilation: Shape, size: Shape) -> list[int]:
    """How many elements ``size`` windows span in each dim."""
    return [(n - 1) * s + d * (k - 1) + 1 for n, k, s, d in zip(size, kernel, stride, dilation, strict=True)]


def _covered(
    input: Tensor, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, size: Shape, value: Any
) -> Tensor:
    """What ``size`` windows span, with ``value`` where that is outside the input."""
    return section(input, [-p for p in padding], _reach(kernel, stride, dilation, size), value)


def _lowest(input: Tensor) -> Any:
    dtype = input._kind.dtype
    if dtype.category == FLOAT:
        return float("-inf")
    return -(1 << (8 * dtype.itemsize - 1)) if dtype.is_signed else 0


# ---------------------------------------------------------------------------------------------------- maxima


@plan("input; kernel_size, stride, padding, dilation, size", spaces=(), out=False)
def max_pool(input: Tensor, kernel_size: Shape, stride: Shape, padding: Shape, dilation: Shape, size: Shape) -> Plan:
    """The largest element of each window of (batch, channel, *spatial); NaN if there is one.

    Args:
        size: how many windows there are in each dim; they may leave the input at the end by less than a stride.
    """
    params = (kernel_size, stride, padding, dilation, size)
    return (input,), params, (*input._shape[:2], *size), input._kind.dtype


@max_pool.default
def _max_pool(input: Tensor, kernel_size: Shape, stride: Shape, padding: Shape, dilation: Shape, size: Shape) -> Tensor:
    padded = _covered(input, kernel_size, stride, padding, dilation, size, _lowest(input))
    first, *others = parts(padded, kernel_size, stride, dilation, size)
    best = first.maximum(others[0]) if others else first.clone()
    for part in others[1:]:
        best = best.maximum(part)
    return best


@plan("input; kernel_size, stride, padding, dilation, size", spaces=(), out=False)
def max_pool_indices(
    input: Tensor, kernel_size: Shape, stride: Shape, padding: Shape, dilation: Shape, size: Shape
) -> Plan:
    """Where ``max_pool`` finds its elements, as int64 places in the flattened spatial dims.

    Of equal elements it is the first; where there is NaN, the last NaN.
    """
    params = (kernel_size, stride, padding, dilation, size)
    return (input,), params, (*input._shape[:2], *size), int64


@max_pool_indices.default
def _max_pool_indices(
    input: Tensor, kernel_size: Shape, stride: Shape, padding: Shape, dilation: Shape, size: Shape
) -> Tensor:
    rank = len(size)
    padded = _covered(input, kernel_size, stride, padding, dilation, size, _lowest(input))
    place = place_of_largest(windows(padded, kernel_size, stride, dilation).flatten(-rank))
    flat: Any = 0
    step = 1
    for dim in reversed(range(rank)):
        starts = (new_arange(input, size[dim]) * stride[dim] - padding[dim]).reshape((-1,) + (1,) * (rank - 1 - dim))
        at = starts + place % kernel_size[dim] * dilation[dim]
        # A window of nothing but -inf has its first element in the padding: the first one inside is meant. With
        # dilation there may be none.
        inside = at.where(at >= 0, at % dilation[dim]).clamp(max=input._shape[2 + dim] - 1)
        flat = inside * step + flat
        place = place.floor_divide(kernel_size[dim])
        step *= input._shape[2 + dim]
    return flat


def place_of_largest(found: Tensor) -> Tensor:
    """Where the largest element of the last dim is: the first of equals, but the last NaN."""
    place = argmax_dim(found, -1, False)
    if found._kind.dtype.category < FLOAT:
        return place
    nan = found.isnan()
    last = found._shape[-1] - 1 - argmax_dim(nan.flip(-1).to(uint8), -1, False)
    return last.where(nan.any(-1), place)


@plan("input, source, result; kernel_size, stride, padding, dilation, size", spaces=(), out=False)
def max_pool_input(
    input: Tensor,
    source: Tensor,
    result: Tensor,
    kernel_size: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    size: Shape,
) -> Plan:
    """``input``, the gradient of ``result = max_pool(source)``, brought to where the maxima are in ``source``."""
    params = (kernel_size, stride, padding, dilation, size)
    return (input, source, result), params, source._shape, input._kind.dtype


@max_pool_input.default
def _max_pool_input(input: Tensor, source: Tensor, result: Tensor, *params: Shape) -> Tensor:
    places = max_pool_indices(source, *params)
    spread = input.new_zeros((*source._shape[:2], prod(source._shape[2:])))
    return spread.scatter_add(2, places.flatten(2), input.flatten(2)).reshape(source._shape)


max_pool.grads(
    input=lambda g, input, result, kernel_size, stride, padding, dilation, size: max_pool_input(
        g, input, result, kernel_size, stride, padding, dilation, size
    )
)
max_pool_input.grads(
    input=lambda g, source, kernel_size, stride, padding, dilation, size: _pick(
        g, max_pool_indices(source, kernel_size, stride, padding, dilation, size)
    )
)


def _pick(input: Tensor, places: Tensor) -> Tensor:
    """The elements at ``places`` of the flattened spatial dims."""
    return gather(input.flatten(2), 2, places.flatten(2)).reshape(places._shape)


def pool_max(
    name: str,
    rank: int,
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes,
    padding: Sizes,
    dilation: Sizes,
    ceil_mode: bool,
    return_indices: bool,
) -> Any:
    kernel, stride, padding, dilation = _window_params(name, rank, kernel_size, stride, padding, dilation)
    _check_input(name, rank, input)
    check_real(name, input)
    if len(input._shape) == rank + 1:
        found = pool_max(name, rank, input.unsqueeze(0), kernel, stride, padding, dilation, ceil_mode, return_indices)
        return tuple(x.squeeze(0) for x in found) if return_indices else found.squeeze(0)
    size = _pooled_size(input._shape[2:], kernel, stride, padding, dilation, ceil_mode)
    values = max_pool(input, kernel, stride, padding, dilation, size)
    if not return_indices:
        return values
    return values, max_pool_indices(input, kernel, stride, padding, dilation, size)


@composite(spaces=("torch", "F"), out=False)
def max_pool1d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The largest element of each window of sequences (batch, channel, length) or (channel, length).

    Otherwise as ``max_pool2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.max_pool1d(tp.tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
        tensor([[3., 2.]])
    """
    return pool_max("max_pool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


@composite(spaces=("torch", "F"), out=False)
def max_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The largest element of each window of images; NaN if there is one.

    Args:
        input: shape (batch, channel, height, width), or without the batch dim; any real dtype but bool.
        kernel_size: size of the windows, one integer or a pair.
        stride: step between windows; the size of the windows by default.
        padding: minus infinity added on both sides, at most half a window.
        dilation: step between the elements of a window.
        ceil_mode: whether a last window that is not full counts.
        return_indices: whether to return a tuple of the values and their int64 places in the flattened image. Of
            equal elements the first is meant. Gradients go there alone.

    Returns:
        Shape (batch, channel, *places).

    Raises:
        RuntimeError: a size does not fit, or no window fits.
        NotImplementedError: bool tensors.

    Example:
        >>> import tensorplug as tp
        >>> tp.max_pool2d(tp.arange(16.0).reshape(1, 1, 4, 4), 2)
        tensor([[[[ 5.,  7.],
                  [13., 15.]]]])
    """
    return pool_max("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


@composite(spaces=("torch", "F"), out=False)
def max_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The largest element of each window of volumes (batch, channel, depth, height, width), or without batch.

    Otherwise as ``max_pool2d``.
    """
    return pool_max("max_pool3d", 3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def _unpool(
    name: str,
    rank: int,
    input: Tensor,
    indices: Tensor,
    kernel_size: Sizes,
    stride: Sizes,
    padding: Sizes,
    output_size: Sequence[int] | None,
) -> Tensor:
    kernel, stride, padding, _ = _window_params(name, rank, kernel_size, stride, padding, 1)
    _check_input(name, rank, input)
    if indices._shape != input._shape:
        raise RuntimeError(
            f"Expected shape of indices to be same as that of the input tensor ({list(input._shape)}), but got indices "
            f"tensor with shape: {list(indices._shape)}"
        )
    if indices._kind.dtype is not int64:
        raise RuntimeError(f"elements in indices should be type int64 but got: {indices._kind.dtype}")
    front = input._shape[: len(input._shape) - rank]
    size = _unpooled_size(input._shape[len(front) :], kernel, stride, padding, output_size)
    flat = input.new_zeros((*front, prod(size)))
    rows = (*front, -1)
    return flat.scatter(-1, indices.reshape(rows), input.reshape(rows)).reshape((*front, *size))


def _unpooled_size(
    size: Shape, kernel: Shape, stride: Shape, padding: Shape, output_size: Sequence[int] | None
) -> Shape:
    default = tuple((n - 1) * s + k - 2 * p for n, k, s, p in zip(size, kernel, stride, padding, strict=True))
    if output_size is None:
        return default
    wanted = tuple(output_size)
    if len(wanted) == len(size) + 2:
        wanted = wanted[2:]
    if len(wanted) != len(size):
        raise ValueError(
            f"output_size should be a sequence containing {len(size)} or {len(size) + 2} elements, but it has a length "
            f"of '{len(wanted)}'"
        )
    for n, m, s in zip(wanted, default, stride, strict=True):
        if not m - s < n < m + s:
            raise ValueError(
                f"invalid output_size {wanted}: each size must differ from {default} by less than the stride {stride}"
            )
    return wanted


@composite(spaces=("F",), out=False)
def max_unpool1d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Sizes,
    stride: Sizes = None,
    padding: Sizes = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Maxima of sequences back at their places; as ``max_unpool2d``."""
    return _unpool("max_unpool1d", 1, input, indices, kernel_size, stride, padding, output_size)


@composite(spaces=("F",), out=False)
def max_unpool2d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Sizes,
    stride: Sizes = None,
    padding: Sizes = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Maxima of images back at their places, with zeros around them: the partial inverse of ``max_pool2d``.

    Args:
        input: shape (batch, channel, height, width), or without the batch dim.
        indices: what ``max_pool2d(..., return_indices=True)`` gave, in the shape of ``input``.
        kernel_size, stride, padding: those of the pooling.
        output_size: the size to restore where several sizes pool to that of ``input``.

    Raises:
        RuntimeError: shapes or the indices' dtype do not fit.
        ValueError: ``output_size`` does not pool to the input's size.
        IndexError: an index is out of range.

    Example:
        >>> import tensorplug as tp
        >>> F = tp.nn.functional
        >>> values, places = F.max_pool2d(tp.arange(4.0).reshape(1, 2, 2), 2, return_indices=True)
        >>> F.max_unpool2d(values, places, 2)
        tensor([[[0., 0.],
                 [0., 3.]]])
    """
    return _unpool("max_unpool2d", 2, input, indices, kernel_size, stride, padding, output_size)


@composite(spaces=("F",), out=False)
def max_unpool3d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Sizes,
    stride: Sizes = None,
    padding: Sizes = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Maxima of volumes back at their places; as ``max_unpool2d``."""
    return _unpool("max_unpool3d", 3, input, indices, kernel_size, stride, padding, output_size)


# ---------------------------------------------------------------------------------------------------- averages


@plan("input; kernel_size, stride, padding, size", spaces=(), out=False)
def sum_pool(input: Tensor, kernel_size: Shape, stride: Shape, padding: Shape, size: Shape) -> Plan:
    """The sum of each window of (batch, channel, *spatial), padded with zeros; ``size`` windows in each dim."""
    return (input,), (kernel_size, stride, padding, size), (*input._shape[:2], *size), input._kind.dtype


@sum_pool.default
def _sum_pool(input: Tensor, kernel_size: Shape, stride: Shape, padding: Shape, size: Shape) -> Tensor:
    once = (1,) * len(size)
    padded = _covered(input, kernel_size, stride, padding, once, size, 0)
    first, *others = parts(padded, kernel_size, stride, once, size)
    total = first.clone()
    for part in others:
        total.add_(part)
    return total


@plan("input; input_size, kernel_size, stride, padding, size", spaces=(), out=False)
def sum_pool_input(
    input: Tensor, input_size: Shape, kernel_size: Shape, stride: Shape, padding: Shape, size: Shape
) -> Plan:
    """The gradient of ``sum_pool``: each element added to its window in images of ``input_size``."""
    params = (input_size, kernel_size, stride, padding, size)
    return (input,), params, (*input._shape[:2], *input_size), input._kind.dtype


@sum_pool_input.default
def _sum_pool_input(
    input: Tensor, input_size: Shape, kernel_size: Shape, stride: Shape, padding: Shape, size: Shape
) -> Tensor:
    once = (1,) * len(size)
    total = input.new_zeros((*input._shape[:2], *_reach(kernel_size, stride, once, size)))
    for part in parts(total, kernel_size, stride, once, size):
        part.add_(input)
    return section(total, padding, input_size).clone()


sum_pool.grads(
    input=lambda g, input_shape, kernel_size, stride, padding, size: sum_pool_input(
        g, input_shape[2:], kernel_size, stride, padding, size
    )
)
sum_pool_input.grads(
    input=lambda g, kernel_size, stride, padding, size: sum_pool(g, kernel_size, stride, padding, size)
)


def pool_avg(
    name: str,
    rank: int,
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes,
    padding: Sizes,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None,
) -> Tensor:
    kernel, stride, padding, once = _window_params(name, rank, kernel_size, stride, padding, 1)
    if divisor_override == 0:
        raise RuntimeError("divisor must be not zero")
    _check_input(name, rank, input)
    if len(input._shape) == rank + 1:
        return pool_avg(
            name, rank, input.unsqueeze(0), kernel, stride, padding, ceil_mode, count_include_pad, divisor_override
        ).squeeze(0)
    spatial = input._shape[2:]
    size = _pooled_size(spatial, kernel, stride, padding, once, ceil_mode)
    dtype = input._kind.dtype
    wide = input.to(float32) if dtype in HALF else input
    total = sum_pool(wide, kernel, stride, padding, size)
    if divisor_override is not None:
        divisor = divisor_override
    else:
        divisor = _divisor(input, spatial, kernel, stride, padding, size, count_include_pad)
    found = total.div(divisor, rounding_mode="trunc" if dtype.category <= INTEGER else None)
    return found.to(dtype)


def _divisor(
    input: Tensor, spatial: Shape, kernel: Shape, stride: Shape, padding: Shape, size: Shape, with_padding: bool
) -> Any:
    """How many elements each window has: a number if all have as many, otherwise a tensor of shape ``size``."""
    counts: Any = np.ones((), np.int64)
    for n, k, s, p, o in zip(spatial, kernel, stride, padding, size, strict=True):
        starts = np.arange(o) * s - p
        ends = np.minimum(starts + k, n + p)
        if not with_padding:
            starts, ends = np.maximum(starts, 0), np.minimum(ends, n)
        counts = counts[..., None] * (ends - starts)
    if (counts == counts.flat[0]).all():
        return int(counts.flat[0])
    return constant(input, counts)


@composite(spaces=("torch", "F"), out=False)
def avg_pool1d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """The mean of each window of sequences (batch, channel, length) or (channel, length); as ``avg_pool2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.avg_pool1d(tp.tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
        tensor([[2., 1.]])
    """
    return pool_avg("avg_pool1d", 1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


@composite(spaces=("F",), out=False)
def avg_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """The mean of each window of images. Integers are divided towards zero.

    Args:
        input: shape (batch, channel, height, width), or without the batch dim.
        kernel_size: size of the windows, one integer or a pair.
        stride: step between windows; the size of the windows by default.
        padding: zeros added on both sides, at most half a window.
        ceil_mode: whether a last window that is not full counts.
        count_include_pad: whether zeros of the padding count as elements.
        divisor_override: what to divide sums by, instead of the number of elements.

    Returns:
        Shape (batch, channel, *places).

    Raises:
        RuntimeError: a size does not fit, or no window fits.
        NotImplementedError: bool tensors.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.avg_pool2d(tp.arange(16.0).reshape(1, 1, 4, 4), 2)
        tensor([[[[ 2.5000,  4.5000],
                  [10.5000, 12.5000]]]])
    """
    return pool_avg(
        "avg_pool2d", 2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


@composite(spaces=("F",), out=False)
def avg_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """The mean of each window of volumes (batch, channel, depth, height, width); as ``avg_pool2d``."""
    return pool_avg(
        "avg_pool3d", 3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


# ---------------------------------------------------------------------------------------------------- norms


def _pool_norm(
    rank: int, input: Tensor, norm_type: float, kernel_size: Sizes, stride: Sizes, ceil_mode: bool
) -> Tensor:
    kernel = per_dim("kernel_size", kernel_size, rank)
    mean = pool_avg(f"lp_pool{rank}d", rank, input.pow(norm_type), kernel, stride, 0, ceil_mode, True, None)
    return (mean.sign() * mean.abs().relu() * prod(kernel)).pow(1.0 / norm_type)


@composite(spaces=("F",), out=False)
def lp_pool1d(
    input: Tensor, norm_type: float, kernel_size: Sizes, stride: Sizes = None, ceil_mode: bool = False
) -> Tensor:
    """The ``norm_type``-norm of each window of sequences; as ``lp_pool2d``."""
    return _pool_norm(1, input, norm_type, kernel_size, stride, ceil_mode)


@composite(spaces=("F",), out=False)
def lp_pool2d(
    input: Tensor, norm_type: float, kernel_size: Sizes, stride: Sizes = None, ceil_mode: bool = False
) -> Tensor:
    """The ``norm_type``-norm, ``sum(x ** p) ** (1 / p)``, of each window of images.

    A window that is not full (in ceil mode) counts as a full one with the same mean.

    Args:
        input: shape (batch, channel, height, width), or without the batch dim.
        norm_type: the exponent ``p``.
        kernel_size, stride, ceil_mode: as for ``avg_pool2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.lp_pool2d(tp.tensor([[[3.0, 4.0]]]), 2, (1, 2))
        tensor([[[5.]]])
    """
    return _pool_norm(2, input, norm_type, kernel_size, stride, ceil_mode)


@composite(spaces=("F",), out=False)
def lp_pool3d(
    input: Tensor, norm_type: float, kernel_size: Sizes, stride: Sizes = None, ceil_mode: bool = False
) -> Tensor:
    """The ``norm_type``-norm of each window of volumes; as ``lp_pool2d``."""
    return _pool_norm(3, input, norm_type, kernel_size, stride, ceil_mode)
