"""Batching rules of ops that work element by element."""

from __future__ import annotations

from typing import Any

from tensorplug.base import TensorBase
from tensorplug.func.batching.call import Call, aligned
from tensorplug.op import Op

POINTWISE = frozenset(
    {
        "binary_cross_entropy_of_logits", "binary_cross_entropy_of_logits_backward", "binary_cross_entropy_values",
        "cast", "clamp", "clone", "complex", "elu", "elu_backward", "gelu", "gelu_backward", "hardshrink",
        "hardsigmoid", "hardswish", "hardswish_backward", "hardtanh", "inside_backward", "leaky_relu",
        "leaky_relu_backward", "logit", "logsigmoid", "logsigmoid_backward", "mantissa_exponent", "masked_fill",
        "nan_to_num", "nextafter", "polygamma_of", "silu_backward", "smooth_error", "smooth_error_backward", "softplus",
        "softplus_backward", "softshrink", "tanh_backward", "threshold", "threshold_backward", "to_device", "where",
    }
)  # fmt: skip
"""Ops outside the families of ``unary`` and ``binary`` that work element by element."""


def is_pointwise(op: Op) -> bool:
    """Whether each element of the result depends on one element of each input alone."""
    return op.promotion is not None or op.name in POINTWISE


def pointwise(call: Call) -> Any:
    """The same op on the whole batch, with the examples' dims lined up."""
    rank = len(call.shape if call.op.single else call.shape[0])
    if call.op.broadcasts:
        return call.again(
            tuple([aligned(v, f, rank) if f else v for v, f in zip(call.inputs, call.flags, strict=True)])
        )
    full = [call.full(i) if isinstance(v, TensorBase) else v for i, v in enumerate(call.inputs)]
    return call.again(tuple(full))
