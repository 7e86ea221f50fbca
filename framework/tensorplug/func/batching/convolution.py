"""Batching rules of convolutions, pooling and windows: examples become rows, or groups of channels."""

from __future__ import annotations

from typing import Any

from tensorplug.base import TensorBase
from tensorplug.func.batching.call import Call, Rule, merged, split
from tensorplug.op import table

Tensor = Any


def _channels_merged(x: Tensor) -> Tensor:
    """(examples, rows, channels, ...) as (rows, examples * channels, ...)."""
    x = x.transpose(0, 1)
    return x.reshape((x._shape[0], x._shape[1] * x._shape[2], *x._shape[3:]))


def _channels_split(x: Tensor, size: int) -> Tensor:
    """The inverse of ``_channels_merged``."""
    return x.reshape((x._shape[0], size, x._shape[1] // size, *x._shape[2:])).transpose(0, 1)


def convolution(call: Call) -> Tensor:
    """A shared weight takes more rows; weights of their own are so many groups, or so many more channels."""
    x, weight, bias = call.inputs
    *params, groups = call.params
    op = table["convolution"].call
    if not call.flags[1]:
        shared = None if call.flags[2] else bias
        found = split(op(merged(call.full(0)), weight, shared, *params, groups), call.size)
        return _with_bias(call, found) if call.flags[2] else found
    if call.flags[0]:
        found = _channels_split(op(_channels_merged(x), merged(weight), None, *params, groups * call.size), call.size)
    else:
        found = _more_channels(call, op)
    return _with_bias(call, found)


def _more_channels(call: Call, op: Any) -> Tensor:
    """The input is shared: its channels are convolved with the weights of all examples, group by group."""
    x, weight, _ = call.inputs
    *params, groups = call.params
    size, transposed = call.size, params[3]
    kernel = weight._shape[3:]
    if transposed:  # (examples, in, out / groups): out-channels of all examples side by side
        joined = weight.transpose(0, 1).reshape((weight._shape[1], size * weight._shape[2], *kernel))
    else:  # (examples, groups * out / groups, in / groups): per group the examples side by side
        out = weight._shape[1] // groups
        parts = weight.reshape((size, groups, out, *weight._shape[2:])).transpose(0, 1)
        joined = parts.reshape((groups * size * out, *weight._shape[2:]))
    found = op(x, joined, None, *params, groups)
    shape = found._shape
    out = shape[1] // (groups * size)
    parts = found.reshape((shape[0], groups, size, out, *shape[2:])).movedim(2, 0)
    return parts.reshape((size, shape[0], groups * out, *shape[2:]))


def _with_bias(call: Call, found: Tensor) -> Tensor:
    bias = call.inputs[2]
    if bias is None:
        return found
    kernel = (1,) * (len(found._shape) - 3)
    lead = (call.size, 1) if call.flags[2] else ()
    return found + bias.reshape((*lead, bias._shape[-1], *kernel))


def convolution_weight(call: Call) -> Tensor:
    """The examples as groups of channels."""
    *params, groups = call.params
    x, other = _channels_merged(call.full(0)), _channels_merged(call.full(1))
    return split(table["convolution_weight"].call(x, other, *params, groups * call.size), call.size)


def by_rows(call: Call) -> Tensor:
    """Ops that treat each row alike: the rows of all examples at once."""
    rows = [merged(call.full(i)) if isinstance(v, TensorBase) else v for i, v in enumerate(call.inputs)]
    shape = call.shape
    return split(call.again(tuple(rows), shape=(call.size * shape[0], *shape[1:])), call.size)


RULES: dict[str, Rule] = {
    "convolution": convolution,
    "convolution_weight": convolution_weight,
    **dict.fromkeys(
        (
            "col2im",
            "grid_sampler",
            "im2col",
            "max_pool",
            "max_pool_indices",
            "max_pool_input",
            "sum_pool",
            "sum_pool_input",
        ),
        by_rows,
    ),
}
