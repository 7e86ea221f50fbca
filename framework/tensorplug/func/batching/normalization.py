"""Batching rules of normalizations: examples become channels, or rows."""

from __future__ import annotations

from typing import Any

from tensorplug.func.batching.call import Call, Rule, aligned, merged, split
from tensorplug.func.batching.convolution import _channels_merged, _channels_split
from tensorplug.op import table

Tensor = Any


def _flat_channels(call: Call, slot: int) -> Tensor:
    return None if call.inputs[slot] is None else call.full(slot).reshape(-1)


def batch_norm(call: Call) -> tuple[Tensor, ...]:
    """Channels are normalized one by one, so those of all examples stand side by side."""
    x = _channels_merged(call.full(0))
    result, mean, var = table["native_batch_norm"].call(
        x, _flat_channels(call, 1), _flat_channels(call, 2), *call.params
    )
    return _channels_split(result, call.size), split(mean, call.size), split(var, call.size)


def batch_norm_backward(call: Call) -> tuple[Tensor | None, ...]:
    """As forward."""
    arguments = [_channels_merged(call.full(i)) for i in (0, 1)] + [_flat_channels(call, i) for i in (2, 3, 4)]
    grads = table["batch_norm_backward"].call(*arguments, *call.params)
    grad_input = None if grads[0] is None else _channels_split(grads[0], call.size)
    return (grad_input, *[None if g is None else split(g, call.size) for g in grads[1:]])


def over_last_dims(call: Call) -> tuple[Tensor, ...]:
    """Layer and RMS norm: any dims may be in front; weights of their own are applied afterwards."""
    if not any(call.flags[1:]):
        return call.again(call.inputs)
    plain = call.again((call.full(0), *[None] * (len(call.inputs) - 1)))
    return (_affine(call, plain[0], call.inputs[1:], call.flags[1:], len(call.shape[0])), *plain[1:])


def _affine(call: Call, x: Tensor, affine: Any, flags: Any, rank: int) -> Tensor:
    weight, bias = affine if len(affine) == 2 else (affine[0], None)
    if weight is not None:
        x = x * aligned(weight, flags[0], rank)
    return x if bias is None else x + aligned(bias, flags[1], rank)


def group_norm(call: Call) -> tuple[Tensor, ...]:
    """Rows are normalized one by one; weights of their own are applied afterwards."""
    own = any(call.flags[1:])
    affine = (None, None) if own else call.inputs[1:]
    found = table["native_group_norm"].call(merged(call.full(0)), *affine, *call.params)
    result, mean, rstd = [split(f, call.size) for f in found]
    if own:
        weight, bias = [
            x if x is None else x.reshape((*x._shape, *(1,) * (len(call.shape[0]) - 2))) for x in call.inputs[1:]
        ]
        result = _affine(call, result, (weight, bias), call.flags[1:], len(call.shape[0]))
    return result, mean, rstd


RULES: dict[str, Rule] = {
    "batch_norm_backward": batch_norm_backward,
    "native_batch_norm": batch_norm,
    "native_group_norm": group_norm,
    "native_layer_norm": over_last_dims,
    "native_rms_norm": over_last_dims,
}
