"""Sliding windows: sizes per spatial dim, views of windows, and the sums that undo them.

Convolution and pooling are built on these. Everywhere, dims are (batch, channel, *spatial), and the window at place
``o`` of a dim covers the elements ``o * stride + k * dilation`` for ``k`` from 0 to before ``kernel``.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from tensorplug.base import wrap
from tensorplug.dtypes import bool_, from_numpy
from tensorplug.ops.define import plan
from tensorplug.ops.movement import constant_pad
from tensorplug.ops.slicing import slice_dim
from tensorplug.registry import kind_of
from tensorplug.shapes import Shape, flat_size

Tensor = Any
Sizes = Any


def per_dim(argument: str, value: Sizes, rank: int) -> Shape:
    """``value``, one integer or one for each of ``rank`` spatial dims, as a tuple.

    Raises:
        RuntimeError: there are too few or too many.
        TypeError: not integers.
    """
    sizes = flat_size((value,))
    if len(sizes) == 1:
        return sizes * rank
    if len(sizes) != rank:
        raise RuntimeError(
            f"expected {argument} to be a single integer value or a list of {rank} values to match the spatial "
            f"dimensions, but got {argument}={list(sizes)}"
        )
    return sizes


def check_at_least(name: str, argument: str, sizes: Shape, least: int) -> None:
    """Refuse sizes below ``least``.

    Raises:
        RuntimeError: one of ``sizes`` is too small.
    """
    if min(sizes) < least:
        kind = "negative" if least == 0 else "non-positive"
        raise RuntimeError(f"{name}: {kind} {argument} is not supported, got {list(sizes)}")


def places(size: Shape, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape) -> Shape:
    """How many whole windows fit each dim of ``size`` with ``padding`` on both sides; less than 1 where none does."""
    return tuple(
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(size, kernel, stride, padding, dilation, strict=True)
    )


def windows(input: Tensor, kernel: Shape, stride: Shape, dilation: Shape) -> Tensor:
    """A view of all windows: from (..., *spatial) to (..., *places, *kernel)."""
    first = len(input._shape) - len(kernel)
    for dim, (k, s, d) in enumerate(zip(kernel, stride, dilation, strict=True), first):
        input = input.unfold(dim, d * (k - 1) + 1, s)
        if d > 1:
            input = slice_dim(input, len(input._shape) - 1, 0, input._shape[-1], d)
    return input


def parts(input: Tensor, kernel: Shape, stride: Shape, dilation: Shape, size: Shape) -> list[Tensor]:
    """For each element of the kernel a view of what it meets in the first ``size`` windows, in C order."""
    found = [input]
    first = len(input._shape) - len(kernel)
    for dim, (n, k, s, d) in enumerate(zip(size, kernel, stride, dilation, strict=True), first):
        found = [slice_dim(x, dim, i * d, i * d + (n - 1) * s + 1, s) for x in found for i in range(k)]
    return found


def section(input: Tensor, start: Sequence[int], size: Sequence[int], value: Any = 0) -> Tensor:
    """``size`` elements of the last dims from ``start`` (which may be negative), ``value`` where there are none."""
    first = len(input._shape) - len(start)
    added = [(0, 0)] * first
    for dim, (begin, n) in enumerate(zip(start, size, strict=True), first):
        room = input._shape[dim]
        if begin > 0 or begin + n < room:
            input = slice_dim(input, dim, min(max(begin, 0), room), min(max(begin + n, 0), room), 1)
        added.append((min(max(-begin, 0), n), min(max(begin + n - room, 0), n)))
    return constant_pad(input, added, value) if any(map(any, added)) else input


# ---------------------------------------------------------------------------------------------------- unfold and fold


@plan("input; kernel_size, dilation, padding, stride", spaces=("F",), aliases=("unfold",), out=False)
def im2col(input: Tensor, kernel_size: Sizes, dilation: Sizes = 1, padding: Sizes = 0, stride: Sizes = 1) -> Any:
    """All windows of images, each as a column (Chellapilla, Puri and Simard, 2006).

    Args:
        input: shape (batch, channel, height, width), or without the batch dim.
        kernel_size, dilation, padding, stride: one integer or one per spatial dim. The number of spatial dims is that
            of ``kernel_size``, 2 if it is one integer.

    Returns:
        Shape (batch, channel * prod(kernel_size), number of windows).

    Raises:
        RuntimeError: the input has another number of dims or no element per window, or no window fits.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.unfold(tp.arange(9.0).reshape(1, 1, 3, 3), 2)
        tensor([[[0., 1., 3., 4.],
                 [1., 2., 4., 5.],
                 [3., 4., 6., 7.],
                 [4., 5., 7., 8.]]])
    """
    params = _unfold_params("unfold", kernel_size, dilation, padding, stride)
    kernel = params[0]
    rank = len(kernel)
    shape = input._shape
    if len(shape) == rank + 1:
        return im2col(input.unsqueeze(0), *params).squeeze(0)
    if len(shape) != rank + 2 or 0 in shape[1:]:
        raise RuntimeError(
            f"Expected {rank + 1}D or {rank + 2}D (batch mode) tensor with possibly 0 batch size and other non-zero "
            f"dimensions for input, but got: {list(shape)}"
        )
    fitting = _fitting("Given input with spatial size", shape[2:], *params)
    return (input,), params, (shape[0], shape[1] * prod(kernel), prod(fitting)), input._kind.dtype


@im2col.default
def _im2col(input: Tensor, kernel_size: Shape, dilation: Shape, padding: Shape, stride: Shape) -> Tensor:
    rank = len(kernel_size)
    size = [n + 2 * p for n, p in zip(input._shape[2:], padding, strict=True)]
    found = windows(section(input, [-p for p in padding], size), kernel_size, stride, dilation)
    order = (0, 1, *range(2 + rank, 2 + 2 * rank), *range(2, 2 + rank))
    batch, channels = input._shape[:2]
    return found.permute(order).reshape((batch, channels * prod(kernel_size), prod(found._shape[2 : 2 + rank])))


@plan("input; output_size, kernel_size, dilation, padding, stride", spaces=("F",), aliases=("fold",), out=False)
def col2im(
    input: Tensor, output_size: Sizes, kernel_size: Sizes, dilation: Sizes = 1, padding: Sizes = 0, stride: Sizes = 1
) -> Any:
    """Images from their windows as ``unfold`` gives them; where windows overlap, elements add up.

    Args:
        input: shape (batch, channel * prod(kernel_size), number of windows), or without the batch dim.
        output_size: the spatial size of the images.
        kernel_size, dilation, padding, stride: as for ``unfold``.

    Returns:
        Shape (batch, channel, *output_size).

    Raises:
        RuntimeError: the input's shape does not fit the other arguments.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.fold(tp.ones(1, 4, 4), (3, 3), 2)
        tensor([[[[1., 2., 1.],
                  [2., 4., 2.],
                  [1., 2., 1.]]]])
    """
    params = _unfold_params("fold", kernel_size, dilation, padding, stride)
    size = per_dim("output_size", output_size, len(params[0]))
    check_at_least("fold", "output_size", size, 1)
    shape = input._shape
    if len(shape) == 2:
        return col2im(input.unsqueeze(0), size, *params).squeeze(0)
    if len(shape) != 3 or 0 in shape[1:]:
        raise RuntimeError(
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for "
            f"input, but got: {list(shape)}"
        )
    kernel = params[0]
    if shape[1] % prod(kernel):
        raise RuntimeError(
            "Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got "
            f"input.size(1)={shape[1]} and kernel_size={kernel}."
        )
    fitting = _fitting("Given output_size", size, *params)
    if prod(fitting) != shape[2]:
        raise RuntimeError(
            f"Given output_size={size}, kernel_size={kernel}, dilation={params[1]}, padding={params[2]}, "
            f"stride={params[3]}, expected size of input's dimension 2 to match the calculated number of sliding "
            f"blocks {' * '.join(map(str, fitting))} = {prod(fitting)}, but got input.size(2)={shape[2]}."
        )
    return (input,), (size, *params), (shape[0], shape[1] // prod(kernel), *size), input._kind.dtype


@col2im.default
def _col2im(
    input: Tensor, output_size: Shape, kernel_size: Shape, dilation: Shape, padding: Shape, stride: Shape
) -> Tensor:
    batch, rows, _ = input._shape
    fitting = places(output_size, kernel_size, stride, padding, dilation)
    sources = input.reshape((batch, rows // prod(kernel_size), prod(kernel_size), *fitting)).unbind(2)
    padded = tuple(n + 2 * p for n, p in zip(output_size, padding, strict=True))
    total = input.new_zeros((batch, rows // prod(kernel_size), *padded))
    for target, source in zip(parts(total, kernel_size, stride, dilation, fitting), sources, strict=True):
        target.add_(source)
    return section(total, padding, output_size).clone() if any(padding) else total


im2col.grads(
    input=lambda g, input_shape, kernel_size, dilation, padding, stride: col2im(
        g, input_shape[2:], kernel_size, dilation, padding, stride
    )
)
col2im.grads(input=lambda g, kernel_size, dilation, padding, stride: im2col(g, kernel_size, dilation, padding, stride))


def _unfold_params(name: str, kernel: Sizes, dilation: Sizes, padding: Sizes, stride: Sizes) -> tuple[Shape, ...]:
    kernel = flat_size((kernel,)) if isinstance(kernel, tuple | list) else per_dim("kernel_size", kernel, 2)
    rank = len(kernel)
    params = (
        kernel,
        per_dim("dilation", dilation, rank),
        per_dim("padding", padding, rank),
        per_dim("stride", stride, rank),
    )
    for argument, sizes, least in zip(("kernel_size", "dilation", "padding", "stride"), params, (1, 1, 0, 1)):
        check_at_least(name, argument, sizes, least)
    return params


def _fitting(given: str, size: Shape, kernel: Shape, dilation: Shape, padding: Shape, stride: Shape) -> Shape:
    found = places(size, kernel, stride, padding, dilation)
    if min(found) < 1:
        raise RuntimeError(
            f"{given} {size}, kernel_size={kernel}, dilation={dilation}, padding={padding}, calculated shape of the "
            f"array of sliding blocks as {found}, but its components must be at least one."
        )
    return found


def check_real(name: str, input: Tensor) -> None:
    """Refuse complex tensors.

    Raises:
        NotImplementedError: the dtype is complex.
    """
    if input._kind.dtype.is_complex:
        raise NotImplementedError(f"{name} is not implemented for {input._kind.dtype}: complex numbers have no order")


def check_not_bool(name: str, input: Tensor) -> None:
    """Refuse bool tensors.

    Raises:
        NotImplementedError: the dtype is bool.
    """
    if input._kind.dtype is bool_:
        raise NotImplementedError(f"{name} is not implemented for {bool_}")


def constant(like: Tensor, values: np.ndarray[Any, Any]) -> Tensor:
    """Values that the host worked out from sizes alone, on the device of ``like``."""
    device = like._kind.device
    kind = kind_of(device, from_numpy(values.dtype))
    return wrap(kind.backend.from_host(np.ascontiguousarray(values), device), kind, values.shape)
