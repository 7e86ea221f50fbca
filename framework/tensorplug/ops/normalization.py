"""Normalization: by the statistics of a batch, of channels, of groups, or of each sample's own features.

The ops are pure; ``batch_norm`` and ``instance_norm`` update running statistics in place around them. Gradient ops
give all gradients at once, None for those that are not wanted. float16 and bfloat16 are normalized in float32.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tensorplug.autograd.grad_mode import no_grad
from tensorplug.dispatch import Plan
from tensorplug.dtypes import HALF, float32
from tensorplug.ops.define import composite, plan
from tensorplug.ops.derived import differentiate_default
from tensorplug.ops.movement import constant_pad
from tensorplug.promotion import common_device
from tensorplug.shapes import Shape

Tensor = Any
Wanted = tuple[bool, bool, bool]

_EPSILON = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float32": 2.0**-23, "float64": 2.0**-52}
_GRADIENTS = ("grad_input", "grad_weight", "grad_bias")


def _check(name: str, input: Tensor, **others: Tensor | None) -> None:
    """Refuse dtypes and devices that do not go together.

    Raises:
        NotImplementedError: the input is not a floating-point tensor.
        RuntimeError: another tensor has a different device, or another dtype (float32 goes along with half ones).
    """
    dtype = input._kind.dtype
    if not dtype.is_floating_point:
        raise NotImplementedError(f"{name} is not implemented for {dtype}: it takes floating-point tensors")
    for which, other in others.items():
        if other is None or other._kind is input._kind:
            continue
        common_device(name, (input, other))
        if not (dtype in HALF and other._kind.dtype is float32):
            raise RuntimeError(f"{name}: expected {which} of dtype {dtype} like the input, but got {other._kind.dtype}")


def _widen(*tensors: Tensor | None) -> list[Tensor | None]:
    return [None if t is None else t.to(float32) for t in tensors]


def _affine(x: Tensor, weight: Tensor | None, bias: Tensor | None) -> Tensor:
    if weight is not None:
        x = x * weight
    return x if bias is None else x + bias


def _standardize(x: Tensor, dims: Shape, eps: float) -> tuple[Tensor, Tensor, Tensor]:
    """``(x - mean) / sqrt(var + eps)`` over ``dims``, with mean and reciprocal standard deviation."""
    mean = x.mean(dims, True)
    centred = x - mean
    rstd = ((centred * centred).mean(dims, True) + eps).rsqrt()
    return centred * rstd, mean, rstd


def _unstandardize(g: Tensor, x: Tensor, rstd: Tensor, dims: Shape) -> Tensor:
    """The gradient of ``_standardize``, whose first result is ``x``."""
    return (g - g.mean(dims, True) - x * (g * x).mean(dims, True)) * rstd


def _gradient_plan(inputs: tuple[Any, ...], params: tuple[Any, ...], wanted: Wanted, shapes: tuple[Shape, ...]) -> Plan:
    dtype = inputs[0]._kind.dtype
    found = tuple(shape if want else None for shape, want in zip(shapes, wanted, strict=True))
    return inputs, (*params, wanted), found, (dtype, dtype, dtype)


# ---------------------------------------------------------------------------------------------------- layer norm


@composite(spaces=("torch", "F"), out=False)
def layer_norm(
    input: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """``(input - mean) / sqrt(var + eps) * weight + bias`` over the last dims.

    Args:
        input: shape (..., *normalized_shape).
        normalized_shape: the sizes of the dims that mean and (biased) variance are taken over.
        weight, bias: of shape ``normalized_shape``, or None.
        eps: keeps the divisor off 0.

    Raises:
        RuntimeError: the shapes or dtypes do not fit.

    Source: Ba et al., Layer normalization, 2016.

    Example:
        >>> import tensorplug as tp
        >>> tp.layer_norm(tp.tensor([[1.0, 3.0]]), (2,))
        tensor([[-1.0000,  1.0000]])
    """
    _check("layer_norm", input, weight=weight, bias=bias)
    dims = _normalized_dims(input, normalized_shape, weight=weight, bias=bias)
    if input._kind.dtype in HALF:
        return native_layer_norm(*_widen(input, weight, bias), dims, eps)[0].to(input.dtype)
    return native_layer_norm(input, weight, bias, dims, eps)[0]


def _normalized_dims(input: Tensor, normalized_shape: Sequence[int] | int, **others: Tensor | None) -> int:
    sizes = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    if not sizes:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got "
            f"normalized_shape = {list(sizes)}"
        )
    for which, other in others.items():
        if other is not None and other._shape != sizes:
            raise RuntimeError(
                f"Expected {which} to be of same shape as normalized_shape, but got {which} of shape "
                f"{list(other._shape)} and normalized_shape = {list(sizes)}"
            )
    if input._shape[-len(sizes) :] != sizes:
        expected = ", ".join(["*", *map(str, sizes)])
        raise RuntimeError(
            f"Given normalized_shape={list(sizes)}, expected input with shape [{expected}], but got input of size"
            f"{list(input._shape)}"
        )
    return len(sizes)


def _last(dims: int) -> Shape:
    return tuple(range(-dims, 0))


def _leading(shape: Shape, dims: int) -> Shape:
    return shape[: len(shape) - dims] + (1,) * dims


@plan("input, weight, bias; dims, eps", outputs=("result", "mean", "rstd"), byproducts=2, spaces=(), out=False)
def native_layer_norm(input: Tensor, weight: Tensor | None, bias: Tensor | None, dims: int, eps: float) -> Plan:
    """``layer_norm`` over the last ``dims`` dims, with the mean and reciprocal standard deviation that it used."""
    shape, dtype = input._shape, input._kind.dtype
    small = _leading(shape, dims)
    return (input, weight, bias), (dims, eps), (shape, small, small), (dtype, dtype, dtype)


@native_layer_norm.default
def _layer_norm(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, dims: int, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    x, mean, rstd = _standardize(input, _last(dims), eps)
    return _affine(x, weight, bias), mean, rstd


@native_layer_norm.vjp
def _layer_norm_vjp(
    g: Tensor,
    input: Tensor,
    weight: Tensor | None,
    mean: Tensor,
    rstd: Tensor,
    dims: int,
    eps: float,
    needs: Wanted,
) -> tuple[Tensor | None, ...]:
    return layer_norm_backward(g, input, weight, mean, rstd, dims, eps, needs)


@plan("grad_output, input, weight, mean, rstd; dims, eps, wanted", outputs=_GRADIENTS, spaces=(), out=False)
def layer_norm_backward(
    grad_output: Tensor,
    input: Tensor,
    weight: Tensor | None,
    mean: Tensor,
    rstd: Tensor,
    dims: int,
    eps: float,
    wanted: Wanted,
) -> Plan:
    """The gradients of ``native_layer_norm``; ``mean`` and ``rstd`` are those of the forward pass."""
    sizes = input._shape[len(input._shape) - dims :]
    inputs = (grad_output, input, weight, mean, rstd)
    return _gradient_plan(inputs, (dims, eps), wanted, (input._shape, sizes, sizes))


@layer_norm_backward.default
def _layer_norm_backward(
    grad_output: Tensor,
    input: Tensor,
    weight: Tensor | None,
    mean: Tensor,
    rstd: Tensor,
    dims: int,
    eps: float,
    wanted: Wanted,
) -> tuple[Tensor | None, ...]:
    # The statistics are taken anew, so that differentiating this sees how they depend on the input.
    x, _, rstd = _standardize(input, _last(dims), eps)
    g = grad_output
    outer = tuple(range(len(input._shape) - dims))
    return (
        _unstandardize(_affine(g, weight, None), x, rstd, _last(dims)) if wanted[0] else None,
        _sum_over(g * x, outer) if wanted[1] else None,
        _sum_over(g, outer) if wanted[2] else None,
    )


def _sum_over(x: Tensor, dims: Shape) -> Tensor:
    return x.sum(dims) if dims else x.clone()


differentiate_default(layer_norm_backward)


# ---------------------------------------------------------------------------------------------------- RMS norm


@composite(spaces=("torch", "F"), out=False)
def rms_norm(
    input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None, eps: float | None = None
) -> Tensor:
    """``input / sqrt(mean(input**2) + eps) * weight`` over the last dims.

    Args:
        input: shape (..., *normalized_shape).
        normalized_shape: the sizes of the dims that the mean square is taken over.
        weight: of shape ``normalized_shape``, or None.
        eps: keeps the divisor off 0; by default the machine epsilon.

    Raises:
        RuntimeError: the shapes or dtypes do not fit.

    Source: Zhang and Sennrich, Root mean square layer normalization, 2019.

    Example:
        >>> import tensorplug as tp
        >>> tp.rms_norm(tp.tensor([[1.0, 7.0]]), (2,))
        tensor([[0.2000, 1.4000]])
    """
    _check("rms_norm", input, weight=weight)
    dims = _normalized_dims(input, normalized_shape, weight=weight)
    dtype = input._kind.dtype
    if dtype in HALF:
        return native_rms_norm(*_widen(input, weight), dims, _EPSILON["float32"] if eps is None else eps)[0].to(dtype)
    return native_rms_norm(input, weight, dims, _EPSILON[dtype.name] if eps is None else eps)[0]


@plan("input, weight; dims, eps", outputs=("result", "rrms"), byproducts=1, spaces=(), out=False)
def native_rms_norm(input: Tensor, weight: Tensor | None, dims: int, eps: float) -> Plan:
    """``rms_norm`` over the last ``dims`` dims, with the reciprocal root mean square that it used."""
    shape, dtype = input._shape, input._kind.dtype
    return (input, weight), (dims, eps), (shape, _leading(shape, dims)), (dtype, dtype)


@native_rms_norm.default
def _rms_norm(input: Tensor, weight: Tensor | None, dims: int, eps: float) -> tuple[Tensor, Tensor]:
    rrms = ((input * input).mean(_last(dims), True) + eps).rsqrt()
    return _affine(input * rrms, weight, None), rrms


@native_rms_norm.vjp
def _rms_norm_vjp(
    g: Tensor,
    input: Tensor,
    weight: Tensor | None,
    rrms: Tensor,
    dims: int,
    eps: float,
    needs: tuple[bool, bool],
) -> tuple[Tensor | None, ...]:
    return rms_norm_backward(g, input, weight, rrms, dims, eps, needs)


@plan(
    "grad_output, input, weight, rrms; dims, eps, wanted", outputs=("grad_input", "grad_weight"), spaces=(), out=False
)
def rms_norm_backward(
    grad_output: Tensor,
    input: Tensor,
    weight: Tensor | None,
    rrms: Tensor,
    dims: int,
    eps: float,
    wanted: tuple[bool, bool],
) -> Plan:
    """The gradients of ``native_rms_norm``; ``rrms`` is that of the forward pass."""
    dtype = input._kind.dtype
    shapes = (input._shape if wanted[0] else None, input._shape[len(input._shape) - dims :] if wanted[1] else None)
    return (grad_output, input, weight, rrms), (dims, eps, wanted), shapes, (dtype, dtype)


@rms_norm_backward.default
def _rms_norm_backward(
    grad_output: Tensor,
    input: Tensor,
    weight: Tensor | None,
    rrms: Tensor,
    dims: int,
    eps: float,
    wanted: tuple[bool, bool],
) -> tuple[Tensor | None, ...]:
    rrms = ((input * input).mean(_last(dims), True) + eps).rsqrt()
    x = input * rrms
    g = _affine(grad_output, weight, None)
    outer = tuple(range(len(input._shape) - dims))
    return (
        (g - x * (g * x).mean(_last(dims), True)) * rrms if wanted[0] else None,
        _sum_over(grad_output * x, outer) if wanted[1] else None,
    )


differentiate_default(rms_norm_backward)


# ---------------------------------------------------------------------------------------------------- group norm


@composite(spaces=("torch", "F"), out=False)
def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-5
) -> Tensor:
    """``(input - mean) / sqrt(var + eps) * weight + bias``, the statistics those of each sample's groups of channels.

    Args:
        input: shape (N, C, ...).
        num_groups: how many groups the channels form; C is a multiple of it.
        weight, bias: shape (C,), or None.
        eps: keeps the divisor off 0.

    Raises:
        RuntimeError: shapes or dtypes do not fit, or the groups do not divide the channels.
        ValueError: there is one value per group only.

    Source: Wu and He, Group normalization, 2018.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.group_norm(tp.tensor([[1.0, 3.0, 5.0, 5.5]]).unsqueeze(2), 2).squeeze(2)
        tensor([[-1.0000,  1.0000, -0.9999,  0.9999]])
    """
    shape = input._shape
    if len(shape) < 2:
        raise RuntimeError(f"Expected at least 2 dimensions for input tensor but received {len(shape)}")
    if num_groups <= 0:
        raise RuntimeError(f"Expected num groups to be greater than 0, got {num_groups}")
    _check_batch_size((shape[0] * shape[1] // num_groups, num_groups, *shape[2:]))
    if shape[1] % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of shape "
            f"{list(shape)} and num_groups={num_groups}"
        )
    _check("group_norm", input, weight=weight, bias=bias)
    _check_channels(shape[1], weight=weight, bias=bias)
    return _by_group(input, weight, bias, num_groups, eps)[0]


def _check_batch_size(size: Shape) -> None:
    if math.prod(size) == size[1]:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {list(size)}")


def _check_channels(channels: int, **others: Tensor | None) -> None:
    for which, other in others.items():
        if other is not None and other._shape != (channels,):
            raise RuntimeError(
                f"{which} should contain {channels} elements, one for each channel, but has shape {list(other._shape)}"
            )


def _by_group(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, groups: int, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    if input._kind.dtype in HALF:
        result, mean, rstd = native_group_norm(*_widen(input, weight, bias), groups, eps)
        return result.to(input.dtype), mean, rstd
    return native_group_norm(input, weight, bias, groups, eps)


@plan("input, weight, bias; groups, eps", outputs=("result", "mean", "rstd"), byproducts=2, spaces=(), out=False)
def native_group_norm(input: Tensor, weight: Tensor | None, bias: Tensor | None, groups: int, eps: float) -> Plan:
    """``group_norm`` with the mean and reciprocal standard deviation of each group, of shape (N, groups)."""
    shape, dtype = input._shape, input._kind.dtype
    small = (shape[0], groups)
    return (input, weight, bias), (groups, eps), (shape, small, small), (dtype, dtype, dtype)


def _grouped(x: Tensor, groups: int) -> Tensor:
    return x.reshape(x._shape[0], groups, math.prod(x._shape[1:]) // max(groups, 1))


def _channelwise(v: Tensor | None, rank: int) -> Tensor | None:
    """A vector of channels in a shape that broadcasts over (N, C, ...)."""
    return None if v is None else v.reshape((-1,) + (1,) * (rank - 2))


@native_group_norm.default
def _group_norm(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, groups: int, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    x, mean, rstd = _standardize(_grouped(input, groups), (2,), eps)
    rank = len(input._shape)
    result = _affine(x.reshape(input._shape), _channelwise(weight, rank), _channelwise(bias, rank))
    return result, mean.squeeze(2), rstd.squeeze(2)


@native_group_norm.vjp
def _group_norm_vjp(
    g: Tensor,
    input: Tensor,
    weight: Tensor | None,
    mean: Tensor,
    rstd: Tensor,
    groups: int,
    eps: float,
    needs: Wanted,
) -> tuple[Tensor | None, ...]:
    return group_norm_backward(g, input, weight, mean, rstd, groups, eps, needs)


@plan("grad_output, input, weight, mean, rstd; groups, eps, wanted", outputs=_GRADIENTS, spaces=(), out=False)
def group_norm_backward(
    grad_output: Tensor,
    input: Tensor,
    weight: Tensor | None,
    mean: Tensor,
    rstd: Tensor,
    groups: int,
    eps: float,
    wanted: Wanted,
) -> Plan:
    """The gradients of ``native_group_norm``; ``mean`` and ``rstd`` are those of the forward pass."""
    channels = (input._shape[1],)
    inputs = (grad_output, input, weight, mean, rstd)
    return _gradient_plan(inputs, (groups, eps), wanted, (input._shape, channels, channels))


@group_norm_backward.default
def _group_norm_backward(
    grad_output: Tensor,
    input: Tensor,
    weight: Tensor | None,
    mean: Tensor,
    rstd: Tensor,
    groups: int,
    eps: float,
    wanted: Wanted,
) -> tuple[Tensor | None, ...]:
    shape = input._shape
    x, _, rstd = _standardize(_grouped(input, groups), (2,), eps)
    g = grad_output
    scaled = _grouped(_affine(g, _channelwise(weight, len(shape)), None), groups)
    others = (0, *range(2, len(shape)))
    return (
        _unstandardize(scaled, x, rstd, (2,)).reshape(shape) if wanted[0] else None,
        (g * x.reshape(shape)).sum(others) if wanted[1] else None,
        g.sum(others) if wanted[2] else None,
    )


differentiate_default(group_norm_backward)


# ---------------------------------------------------------------------------------------------------- batch norm


@composite(spaces=("F",), out=False)
def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """``(input - mean) / sqrt(var + eps) * weight + bias`` for each channel.

    Args:
        input: shape (N, C, ...).
        running_mean, running_var: shape (C,). In training they move by ``momentum`` towards the statistics of this
            batch (the variance unbiased) and may be None; otherwise they are the statistics.
        weight, bias: shape (C,), or None.
        training: use the mean and (biased) variance of this batch.
        momentum: the share of this batch in the running statistics.
        eps: keeps the divisor off 0.

    Raises:
        ValueError: one value per channel in training, or ``eps`` is negative (in training: not positive).
        RuntimeError: shapes or dtypes do not fit, or there are no statistics outside training.

    Source: Ioffe and Szegedy, Batch normalization, 2015.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.batch_norm(tp.tensor([[1.0], [3.0]]), None, None, training=True)
        tensor([[-1.0000],
                [ 1.0000]])
    """
    _check_batch(input, running_mean, running_var, weight, bias, training, eps)
    dtype = input._kind.dtype
    if not training:
        return _with_statistics(input, running_mean, running_var, weight, bias, eps)
    if dtype in HALF:
        result, mean, var = native_batch_norm(*_widen(input, weight, bias), eps)
        result = result.to(dtype)
    else:
        result, mean, var = native_batch_norm(input, weight, bias, eps)
    if running_mean is not None or running_var is not None:
        size = math.prod(input._shape) // input._shape[1]
        _track(running_mean, running_var, mean, var, momentum, size)
    return result


def _check_batch(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None,
    bias: Tensor | None,
    training: bool,
    eps: float,
) -> None:
    shape = input._shape
    if training:
        _check_batch_size(shape if len(shape) > 1 else (1, 1))
    if eps < 0 or (training and eps == 0):
        wanted = "positive during training" if training else "non-negative"
        raise ValueError(f"batch_norm eps must be {wanted}, but got {eps}")
    if not training and (running_mean is None or running_var is None):
        which = "running_mean" if running_mean is None else "running_var"
        raise RuntimeError(f"Expected {which} to be defined when training=False")
    _check("batch_norm", input, weight=weight, bias=bias, running_mean=running_mean, running_var=running_var)
    _check_channels(shape[1], running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)


def _with_statistics(
    input: Tensor, mean: Tensor, var: Tensor, weight: Tensor | None, bias: Tensor | None, eps: float
) -> Tensor:
    scale = (var + eps).rsqrt()
    if weight is not None:
        scale = scale * weight
    shift = -mean * scale
    if bias is not None:
        shift = shift + bias
    rank = len(input._shape)
    return (input * _channelwise(scale, rank) + _channelwise(shift, rank)).to(input.dtype)


def _track(
    running_mean: Tensor | None, running_var: Tensor | None, mean: Tensor, var: Tensor, momentum: float, size: int
) -> None:
    """Move running statistics towards those of a batch whose channels have ``size`` values each."""
    with no_grad():
        if running_mean is not None:
            _move(running_mean, mean, momentum, momentum)
        if running_var is not None:
            _move(running_var, var, momentum, momentum * size / max(size - 1, 1))


def _move(running: Tensor, value: Tensor, momentum: float, factor: float) -> None:
    running.mul_(1 - momentum).add_(value * factor)


@plan("input, weight, bias; eps", outputs=("result", "mean", "var"), byproducts=2, spaces=(), out=False)
def native_batch_norm(input: Tensor, weight: Tensor | None, bias: Tensor | None, eps: float) -> Plan:
    """``batch_norm`` in training, with the mean and biased variance of each channel."""
    shape, dtype = input._shape, input._kind.dtype
    channels = (shape[1],)
    return (input, weight, bias), (eps,), (shape, channels, channels), (dtype, dtype, dtype)


def _but_channels(rank: int) -> Shape:
    return (0, *range(2, rank))


@native_batch_norm.default
def _batch_norm(input: Tensor, weight: Tensor | None, bias: Tensor | None, eps: float) -> tuple[Tensor, Tensor, Tensor]:
    rank = len(input._shape)
    mean = input.mean(_but_channels(rank), True)
    centred = input - mean
    var = (centred * centred).mean(_but_channels(rank), True)
    result = _affine(centred * (var + eps).rsqrt(), _channelwise(weight, rank), _channelwise(bias, rank))
    return result, mean.reshape(-1), var.reshape(-1)


@native_batch_norm.vjp
def _batch_norm_vjp(
    g: Tensor,
    input: Tensor,
    weight: Tensor | None,
    mean: Tensor,
    var: Tensor,
    eps: float,
    needs: Wanted,
) -> tuple[Tensor | None, ...]:
    return batch_norm_backward(g, input, weight, mean, var, eps, needs)


@plan("grad_output, input, weight, mean, var; eps, wanted", outputs=_GRADIENTS, spaces=(), out=False)
def batch_norm_backward(
    grad_output: Tensor, input: Tensor, weight: Tensor | None, mean: Tensor, var: Tensor, eps: float, wanted: Wanted
) -> Plan:
    """The gradients of ``native_batch_norm``; ``mean`` and ``var`` are those of the forward pass."""
    channels = (input._shape[1],)
    inputs = (grad_output, input, weight, mean, var)
    return _gradient_plan(inputs, (eps,), wanted, (input._shape, channels, channels))


@batch_norm_backward.default
def _batch_norm_backward(
    grad_output: Tensor, input: Tensor, weight: Tensor | None, mean: Tensor, var: Tensor, eps: float, wanted: Wanted
) -> tuple[Tensor | None, ...]:
    rank = len(input._shape)
    dims = _but_channels(rank)
    x, _, rstd = _standardize(input, dims, eps)
    g = grad_output
    scaled = _affine(g, _channelwise(weight, rank), None)
    return (
        _unstandardize(scaled, x, rstd, dims) if wanted[0] else None,
        (g * x).sum(dims) if wanted[1] else None,
        g.sum(dims) if wanted[2] else None,
    )


differentiate_default(batch_norm_backward)


# ---------------------------------------------------------------------------------------------------- instance norm


@composite(spaces=("F",), out=False)
def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """``(input - mean) / sqrt(var + eps) * weight + bias`` for each channel of each sample.

    Args:
        input: shape (N, C, ...).
        running_mean, running_var: shape (C,), as for ``batch_norm``; they follow the mean over samples.
        weight, bias: shape (C,), or None.
        use_input_stats: use each sample's own statistics instead of the running ones.
        momentum: the share of this batch in the running statistics.
        eps: keeps the divisor off 0.

    Raises:
        ValueError: one value per channel and sample.
        RuntimeError: shapes or dtypes do not fit, or there are no statistics to use.

    Source: Ulyanov et al., Instance normalization, 2016.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.instance_norm(tp.tensor([[[1.0, 3.0]]]))
        tensor([[[-1.0000,  1.0000]]])
    """
    shape = input._shape
    spatial = math.prod(shape[2:])
    if use_input_stats and spatial == 1:
        raise ValueError(f"Expected more than 1 spatial element when training, got input size {list(shape)}")
    if not use_input_stats and (running_mean is None or running_var is None):
        raise RuntimeError("Expected running_mean and running_var to be defined when use_input_stats is false")
    _check("instance_norm", input, weight=weight, bias=bias, running_mean=running_mean, running_var=running_var)
    _check_channels(shape[1], running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    if not use_input_stats:
        return _with_statistics(input, running_mean, running_var, weight, bias, eps)
    result, mean, rstd = _by_group(input, weight, bias, shape[1], eps)
    if running_mean is not None or running_var is not None:
        with no_grad():
            var = (rstd**-2 - eps).mean(0)
            mean = mean.mean(0)
        _track(running_mean, running_var, mean, var, momentum, spatial)
    return result


# ---------------------------------------------------------------------------------------------------- across channels


@composite(spaces=("F",), out=False)
def local_response_norm(input: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Tensor:
    """``input / (k + alpha * m) ** beta`` with m the mean square of ``size`` neighbouring channels, 0 beyond the ends.

    Args:
        input: shape (N, C, ...), 3-d at least.
        size: how many channels are neighbours: ``size // 2`` before, the rest from the channel on.

    Raises:
        ValueError: fewer than 3 dims.

    Source: Krizhevsky et al., ImageNet classification with deep convolutional neural networks, 2012.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.local_response_norm(tp.ones(1, 2, 1), 2, alpha=2.0, beta=1.0)
        tensor([[[0.5000],
                 [0.3333]]])
    """
    rank = len(input._shape)
    if rank < 3:
        raise ValueError(f"Expected 3D or higher dimensionality input (got {rank} dimensions)")
    if 0 in input._shape:
        return input
    padding = [(0, 0)] * rank
    padding[1] = (size // 2, (size - 1) // 2)
    squares = constant_pad(input * input, padding, 0)
    channels = input._shape[1]
    total = squares.narrow(1, 0, channels)
    for start in range(1, size):
        total = total + squares.narrow(1, start, channels)
    return input / (total * (alpha / size) + k) ** beta
