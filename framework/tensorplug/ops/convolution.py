"""Convolution and transposed convolution in one to three dims.

``convolution`` is the one op behind all public functions. Its gradient with respect to the input is a convolution
with ``transposed`` turned round, that with respect to the weight is ``convolution_weight``, and the gradients of that
one are convolutions again. So the two ops are closed under differentiation.
"""

from __future__ import annotations

from math import prod
from typing import Any

from tensorplug.dispatch import Plan
from tensorplug.ops.define import composite, plan
from tensorplug.ops.elementwise import conj_of
from tensorplug.ops.linalg import matmul
from tensorplug.ops.movement import constant_pad
from tensorplug.ops.slicing import slice_dim
from tensorplug.ops.windows import Sizes, check_at_least, check_not_bool, col2im, im2col, per_dim, places, section
from tensorplug.promotion import common_device
from tensorplug.shapes import Shape

Tensor = Any


@plan(
    "input, weight, bias; stride, padding, dilation, transposed, output_padding, groups", spaces=("torch",), out=False
)
def convolution(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sizes,
    padding: Sizes,
    dilation: Sizes,
    transposed: bool,
    output_padding: Sizes,
    groups: int,
) -> Plan:
    """Convolution (cross-correlation) or its transpose, in as many spatial dims as the input has.

    Args:
        input: shape (batch, channel, *spatial).
        weight: shape (out_channels, in_channels / groups, *kernel); transposed (in_channels, out_channels / groups,
            *kernel). Of the input's dtype.
        bias: shape (out_channels,), or None.
        stride, padding, dilation: one integer or one per spatial dim.
        transposed: whether to compute the transpose.
        output_padding: elements added at the end of each dim of a transposed convolution, less than stride or
            dilation.
        groups: the channels are convolved in so many separate groups.

    Returns:
        Shape (batch, out_channels, *places); for the arithmetic see Dumoulin and Visin, "A guide to convolution
        arithmetic for deep learning", 2016.

    Raises:
        RuntimeError: shapes or dtypes do not fit together, or no window fits.
        NotImplementedError: bool tensors.

    Example:
        >>> import tensorplug as tp
        >>> tp.convolution(tp.arange(4.0).reshape(1, 1, 4), tp.ones(1, 1, 2), None, 1, 0, 1, False, 0, 1)
        tensor([[[1., 3., 5.]]])
    """
    rank = len(weight._shape) - 2
    if rank < 1 or len(input._shape) != rank + 2:
        raise RuntimeError(
            f"convolution: expected input and weight with the same number of dims, at least 3, but got shapes "
            f"{list(input._shape)} and {list(weight._shape)}"
        )
    stride, padding = per_dim("stride", stride, rank), per_dim("padding", padding, rank)
    dilation, output_padding = per_dim("dilation", dilation, rank), per_dim("output_padding", output_padding, rank)
    for argument, sizes, least in (
        ("stride", stride, 1), ("padding", padding, 0), ("dilation", dilation, 1),
        ("output_padding", output_padding, 0), ("groups", (groups,), 1),
    ):  # fmt: skip
        check_at_least("convolution", argument, sizes, least)
    _check_types(input, weight, bias)
    channels = _check_channels(input._shape, weight._shape, bias, transposed, groups)
    kernel = weight._shape[2:]
    if transposed:
        _check_output_padding(output_padding, stride, dilation)
        size = _transposed_size(input._shape[2:], kernel, stride, padding, dilation, output_padding)
    else:
        size = places(input._shape[2:], kernel, stride, padding, dilation)
        _check_room(input._shape[2:], size, kernel, padding, dilation)
        output_padding = (0,) * rank
    params = (stride, padding, dilation, bool(transposed), output_padding, groups)
    return (input, weight, bias), params, (input._shape[0], channels, *size), input._kind.dtype


def _check_types(input: Tensor, weight: Tensor, bias: Tensor | None) -> None:
    check_not_bool("convolution", input)
    for name, other in (("weight", weight), ("bias", bias)):
        if other is None:
            continue
        common_device("convolution", (input, other))
        if other._kind.dtype is not input._kind.dtype:
            raise RuntimeError(
                f"Input type ({input._kind.dtype}) and {name} type ({other._kind.dtype}) should be the same"
            )


def _check_channels(input: Shape, weight: Shape, bias: Tensor | None, transposed: bool, groups: int) -> int:
    """How many channels the result has."""
    given = f"Given groups={groups}" if not transposed else f"Given transposed=True, groups={groups}"
    if weight[0] % groups or weight[0] < groups:
        raise RuntimeError(
            f"{given}, expected weight to be divisible by {groups} at dimension 0 and not empty there, but got weight "
            f"of size {list(weight)}"
        )
    wanted = weight[0] if transposed else weight[1] * groups
    if input[1] != wanted:
        raise RuntimeError(
            f"{given}, weight of size {list(weight)}, expected input{list(input)} to have {wanted} channels, but got "
            f"{input[1]} channels instead"
        )
    channels = weight[1] * groups if transposed else weight[0]
    if bias is not None and bias._shape != (channels,):
        raise RuntimeError(
            f"{given}, weight of size {list(weight)}, expected bias to be 1-dimensional with {channels} elements, but "
            f"got bias of size {list(bias._shape)} instead"
        )
    return channels


def _check_room(size: Shape, found: Shape, kernel: Shape, padding: Shape, dilation: Shape) -> None:
    if min(kernel) < 1 or min(found) < 1:
        padded = " x ".join(str(n + 2 * p) for n, p in zip(size, padding, strict=True))
        covered = " x ".join(str(d * (k - 1) + 1) for k, d in zip(kernel, dilation, strict=True))
        raise RuntimeError(
            f"Calculated padded input size per channel: ({padded}). Kernel size: ({covered}). Kernel size can't be "
            "greater than actual input size"
        )


def _check_output_padding(output_padding: Shape, stride: Shape, dilation: Shape) -> None:
    if any(extra >= max(s, d) for extra, s, d in zip(output_padding, stride, dilation, strict=True)):
        raise RuntimeError(
            f"output padding must be smaller than either stride or dilation, but got output_padding: {output_padding}, "
            f"stride: {stride}, dilation: {dilation}"
        )


def _reach(at: Shape, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape) -> Shape:
    """The least size, without padding, that has windows at all the places ``at``."""
    return tuple(
        (n - 1) * s - 2 * p + d * (k - 1) + 1
        for n, k, s, p, d in zip(at, kernel, stride, padding, dilation, strict=True)
    )


def _transposed_size(
    size: Shape, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, output_padding: Shape
) -> Shape:
    reached = _reach(size, kernel, stride, padding, dilation)
    found = tuple(n + extra for n, extra in zip(reached, output_padding, strict=True))
    if min(found) < 1:
        raise RuntimeError(
            f"Given input size per channel: {size}. Calculated output size per channel: {found}. Output size is too "
            "small"
        )
    return found


@convolution.default
def _convolution(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    transposed: bool,
    output_padding: Shape,
    groups: int,
) -> Tensor:
    batch, kernel = input._shape[0], weight._shape[2:]
    filters = _split(weight.reshape((weight._shape[0], prod(weight._shape[1:]))), 0, groups)
    if transposed:
        size = _transposed_size(input._shape[2:], kernel, stride, padding, dilation, output_padding)
        channels = weight._shape[1] * groups
        images = _split(input.flatten(2), 1, groups)
        columns = _join(matmul(_over_batch(filters.transpose(-2, -1), batch, groups), images), 1, groups)
        result = _fold(columns, channels, size, kernel, dilation, padding, stride, input._shape[2:])
    else:
        size = places(input._shape[2:], kernel, stride, padding, dilation)
        columns = _split(_unfold(input, kernel, dilation, padding, stride), 1, groups)
        result = _join(matmul(_over_batch(filters, batch, groups), columns), 1, groups)
        result = result.reshape((batch, weight._shape[0], *size))
    if bias is not None:
        result = result + bias.reshape((-1,) + (1,) * len(kernel))
    return result


def _split(x: Tensor, dim: int, groups: int) -> Tensor:
    """The dim as (groups, rest); as it is where there is one group."""
    return x if groups == 1 else x.unflatten(dim, (groups, x._shape[dim] // groups))


def _join(x: Tensor, dim: int, groups: int) -> Tensor:
    return x if groups == 1 else x.flatten(dim, dim + 1)


def _over_batch(filters: Tensor, batch: int, groups: int) -> Tensor:
    """The matrices of all groups for each image; a single matrix serves all images as it is."""
    return filters.expand((batch, *filters._shape)) if groups > 1 else filters


def _unfold(x: Tensor, kernel: Shape, dilation: Shape, padding: Shape, stride: Shape) -> Tensor:
    if x._shape[1] == 0:
        return x.new_zeros((x._shape[0], 0, prod(places(x._shape[2:], kernel, stride, padding, dilation))))
    return im2col(x, kernel, dilation, padding, stride)


def _fold(
    columns: Tensor,
    channels: int,
    size: Shape,
    kernel: Shape,
    dilation: Shape,
    padding: Shape,
    stride: Shape,
    at: Shape,
) -> Tensor:
    """The sum of windows at the places ``at``, without the padding."""
    none = (0,) * len(kernel)
    if 0 in columns._shape[1:]:
        return columns.new_zeros((columns._shape[0], channels, *size))
    span = _reach(at, kernel, stride, none, dilation)
    return section(col2im(columns, span, kernel, dilation, none, stride), padding, size)


def _convolution_input(
    g: Tensor,
    weight: Tensor,
    size: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    transposed: bool,
    groups: int,
) -> Tensor:
    """The gradient of ``convolution`` with respect to an input of spatial ``size``."""
    rank = len(size)
    weight = conj_of(weight)
    if transposed:
        result = convolution(g, weight, None, stride, padding, dilation, False, (0,) * rank, groups)
        for dim, n in enumerate(size, 2):
            # An output padding of a stride or more makes room for windows that no input element belongs to.
            result = slice_dim(result, dim, 0, n, 1) if result._shape[dim] > n else result
        return result
    reached = _reach(g._shape[2:], weight._shape[2:], stride, padding, dilation)
    rest = tuple(n - r for n, r in zip(size, reached, strict=True))
    return convolution(g, weight, None, stride, padding, dilation, True, rest, groups)


@convolution.vjp
def _convolution_vjp(
    g: Tensor,
    input: Tensor,
    weight: Tensor,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    transposed: bool,
    groups: int,
    needs: tuple[bool, ...],
) -> tuple[Tensor | None, ...]:
    grad_input = grad_weight = grad_bias = None
    if needs[0]:
        grad_input = _convolution_input(g, weight, input._shape[2:], stride, padding, dilation, transposed, groups)
    if needs[1]:
        kernel = weight._shape[2:]
        image, other = (g, conj_of(input)) if transposed else (conj_of(input), g)
        grad_weight = convolution_weight(image, other, kernel, stride, padding, dilation, groups)
    if needs[2]:
        grad_bias = g.sum((0, *range(2, len(g._shape))))
    return grad_input, grad_weight, grad_bias


@plan("input, other; kernel_size, stride, padding, dilation, groups", spaces=(), out=False)
def convolution_weight(
    input: Tensor, other: Tensor, kernel_size: Shape, stride: Shape, padding: Shape, dilation: Shape, groups: int
) -> Plan:
    """Each window of ``input`` times the element of ``other`` at its place, summed over places and batch.

    This is the gradient of ``convolution`` with respect to its weight, where ``other`` is that of the result.

    Args:
        input: shape (batch, in_channels, *spatial).
        other: shape (batch, out_channels, *places), with as many places as there are windows, or fewer.

    Returns:
        Shape (out_channels, in_channels / groups, *kernel_size).
    """
    shape = (other._shape[1], input._shape[1] // groups, *kernel_size)
    return (input, other), (kernel_size, stride, padding, dilation, groups), shape, input._kind.dtype


@convolution_weight.default
def _convolution_weight(
    input: Tensor, other: Tensor, kernel_size: Shape, stride: Shape, padding: Shape, dilation: Shape, groups: int
) -> Tensor:
    at = other._shape[2:]
    columns = _unfold(input, kernel_size, dilation, padding, stride)
    found = places(input._shape[2:], kernel_size, stride, padding, dilation)
    if found != at:
        columns = columns.unflatten(2, found)
        for dim, n in enumerate(at, 2):
            columns = slice_dim(columns, dim, 0, n, 1)
        columns = columns.flatten(2)
    images = _split(other.flatten(2), 1, groups)
    products = matmul(images, _split(columns, 1, groups).transpose(-2, -1)).sum(0)
    return products.reshape((other._shape[1], input._shape[1] // groups, *kernel_size))


@convolution_weight.vjp
def _convolution_weight_vjp(
    g: Tensor,
    input: Tensor,
    other: Tensor,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    groups: int,
    needs: tuple[bool, ...],
) -> tuple[Tensor | None, ...]:
    grad_input = grad_other = None
    if needs[0]:
        grad_input = _convolution_input(
            conj_of(other), conj_of(g), input._shape[2:], stride, padding, dilation, False, groups
        )
    if needs[1]:
        grad_other = convolution(conj_of(input), g, None, stride, padding, dilation, False, (0,) * len(stride), groups)
        for dim, n in enumerate(other._shape[2:], 2):
            grad_other = slice_dim(grad_other, dim, 0, n, 1) if grad_other._shape[dim] > n else grad_other
    return grad_input, grad_other


# ---------------------------------------------------------------------------------------------------- public functions


def _convolve(
    name: str,
    rank: int,
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sizes,
    padding: Sizes,
    dilation: Sizes,
    groups: int,
) -> Tensor:
    batched = _check_rank(name, rank, input, weight)
    if not batched:
        input = input.unsqueeze(0)
    if isinstance(padding, str):
        input, padding = _named_padding(input, weight, per_dim("stride", stride, rank), padding, dilation)
    result = convolution(input, weight, bias, stride, padding, dilation, False, 0, groups)
    return result if batched else result.squeeze(0)


def _convolve_transposed(
    name: str,
    rank: int,
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sizes,
    padding: Sizes,
    output_padding: Sizes,
    groups: int,
    dilation: Sizes,
) -> Tensor:
    batched = _check_rank(name, rank, input, weight)
    if not batched:
        input = input.unsqueeze(0)
    result = convolution(input, weight, bias, stride, padding, dilation, True, output_padding, groups)
    return result if batched else result.squeeze(0)


def _check_rank(name: str, rank: int, input: Tensor, weight: Tensor) -> bool:
    """Whether there is a batch dim."""
    dims = len(input._shape)
    if dims not in (rank + 1, rank + 2):
        raise RuntimeError(
            f"Expected {rank + 1}D (unbatched) or {rank + 2}D (batched) input to {name}, but got input of size: "
            f"{list(input._shape)}"
        )
    if len(weight._shape) != rank + 2:
        raise RuntimeError(f"Expected {rank + 2}D weight for {name}, but got weight of size: {list(weight._shape)}")
    return dims == rank + 2


def _named_padding(input: Tensor, weight: Tensor, stride: Shape, padding: str, dilation: Sizes) -> tuple[Tensor, Shape]:
    """What a name of padding means: the input, with what cannot be shared evenly added behind, and the padding."""
    rank = len(stride)
    if padding == "valid":
        return input, (0,) * rank
    if padding != "same":
        raise RuntimeError(f"Invalid padding string: '{padding}'")
    if max(stride) > 1:
        raise RuntimeError("padding='same' is not supported for strided convolutions")
    total = [d * (k - 1) for d, k in zip(per_dim("dilation", dilation, rank), weight._shape[2:], strict=True)]
    if any(n % 2 for n in total):
        input = constant_pad(input, [(0, 0)] * 2 + [(0, n % 2) for n in total], 0)
    return input, tuple(n // 2 for n in total)


@composite(spaces=("torch", "F"), out=False)
def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution of sequences of shape (batch, channel, length) or (channel, length); otherwise as ``conv2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.conv1d(tp.tensor([[1.0, 2.0, 4.0]]), tp.tensor([[[1.0, -1.0]]]))
        tensor([[-1., -2.]])
    """
    return _convolve("conv1d", 1, input, weight, bias, stride, padding, dilation, groups)


@composite(spaces=("torch", "F"), out=False)
def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution (cross-correlation) of images.

    Args:
        input: shape (batch, in_channels, height, width), or without the batch dim.
        weight: shape (out_channels, in_channels / groups, kernel height, kernel width), of the input's dtype.
        bias: shape (out_channels,), or None.
        stride: step between windows, one integer or a pair.
        padding: zeros added on both sides, one integer or a pair; ``"valid"`` for none; ``"same"`` to keep the size
            (then the stride must be 1, and an odd element goes behind).
        dilation: step between the elements of a window, one integer or a pair.
        groups: input and output channels are split into so many groups that do not mix.

    Returns:
        Shape (batch, out_channels, *places) with ``(size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1``
        places in each dim.

    Raises:
        RuntimeError: shapes or dtypes do not fit together, or no window fits.

    Example:
        >>> import tensorplug as tp
        >>> tp.conv2d(tp.ones(1, 1, 3, 3), tp.ones(1, 1, 3, 3), padding=1)
        tensor([[[[4., 6., 4.],
                  [6., 9., 6.],
                  [4., 6., 4.]]]])
    """
    return _convolve("conv2d", 2, input, weight, bias, stride, padding, dilation, groups)


@composite(spaces=("torch", "F"), out=False)
def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution of volumes of shape (batch, channel, depth, height, width), or without batch; else as ``conv2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.conv3d(tp.ones(1, 2, 4, 5, 6), tp.ones(3, 2, 2, 2, 2)).shape
        tensorplug.Size([1, 3, 3, 4, 5])
    """
    return _convolve("conv3d", 3, input, weight, bias, stride, padding, dilation, groups)


@composite(spaces=("torch", "F"), out=False)
def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    """Transposed convolution of sequences (batch, channel, length) or (channel, length); as ``conv_transpose2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.conv_transpose1d(tp.tensor([[1.0, 2.0]]), tp.tensor([[[1.0, 1.0]]]), stride=2)
        tensor([[1., 1., 2., 2.]])
    """
    return _convolve_transposed(
        "conv_transpose1d", 1, input, weight, bias, stride, padding, output_padding, groups, dilation
    )


@composite(spaces=("torch", "F"), out=False)
def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    """Transposed convolution of images: what ``conv2d`` does to gradients on their way back.

    Args:
        input: shape (batch, in_channels, height, width), or without the batch dim.
        weight: shape (in_channels, out_channels / groups, kernel height, kernel width), of the input's dtype.
        bias: shape (out_channels,), or None.
        stride, padding, dilation: those of the convolution that this is the transpose of.
        output_padding: elements added at the end of each dim of the result, less than stride or dilation.
        groups: input and output channels are split into so many groups that do not mix.

    Returns:
        Shape (batch, out_channels, *sizes) with
        ``(size - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1`` in each dim.

    Raises:
        RuntimeError: shapes or dtypes do not fit together, or nothing would be left.

    Example:
        >>> import tensorplug as tp
        >>> tp.conv_transpose2d(tp.ones(1, 1, 2, 2), tp.ones(1, 1, 2, 2))
        tensor([[[[1., 2., 1.],
                  [2., 4., 2.],
                  [1., 2., 1.]]]])
    """
    return _convolve_transposed(
        "conv_transpose2d", 2, input, weight, bias, stride, padding, output_padding, groups, dilation
    )


@composite(spaces=("torch", "F"), out=False)
def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    """Transposed convolution of volumes (batch, channel, depth, height, width), or without batch.

    Otherwise as ``conv_transpose2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.conv_transpose3d(tp.ones(1, 2, 4, 5, 6), tp.ones(2, 3, 2, 2, 2), stride=2).shape
        tensorplug.Size([1, 3, 8, 10, 12])
    """
    return _convolve_transposed(
        "conv_transpose3d", 3, input, weight, bias, stride, padding, output_padding, groups, dilation
    )
