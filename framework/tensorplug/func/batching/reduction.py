"""Batching rules of ops that work along dims: reductions, cumulative ops, sorting, softmax."""

from __future__ import annotations

from typing import Any

from tensorplug.base import AnyTensor, TensorBase
from tensorplug.func.batching.call import Call, Rule, elements
from tensorplug.op import Op, table

_ALONG = (
    "all_dims", "amax", "amin", "any_dims", "argmax_dim", "argmin_dim", "cumprod", "cumsum", "euclidean_norm",
    "fft_c2c", "fft_c2r", "fft_r2c", "flip", "gather", "log_softmax", "log_softmax_backward", "logcumsumexp", "mean",
    "nansum", "prod_dims", "resample", "running_extreme", "scatter_combine", "scatter_src", "softmax",
    "softmax_backward", "sort_dim", "sum", "top_elements",
)  # fmt: skip


def _dim_position(op: Op) -> int:
    return op.params.index("dims" if "dims" in op.params else "dim")


def along(call: Call) -> Any:
    """The same op on the whole batch, along dims one further back."""
    full = [call.full(i) if isinstance(v, TensorBase) else v for i, v in enumerate(call.inputs)]
    position = _dim_position(call.op)
    dim = call.params[position]
    if not call.shape_of(0):
        return _of_numbers(call, full, position)
    moved = dim + 1 if isinstance(dim, int) else tuple([d + 1 for d in dim])
    return call.again(tuple(full), (*call.params[:position], moved, *call.params[position + 1 :]))


def _of_numbers(call: Call, full: list[Any], position: int) -> Any:
    """Examples without dims are given one, and lose it again."""
    dim = 1 if isinstance(call.params[position], int) else (1,)
    params = (*call.params[:position], dim, *call.params[position + 1 :])
    inputs = tuple([x.unsqueeze(1) if isinstance(x, AnyTensor) else x for x in full])
    reduces = "keepdim" in call.op.params and not call.params[call.op.params.index("keepdim")]
    one = (call.size,) if reduces else (call.size, 1)
    found = call.again(inputs, params, one if call.op.single else (one,) * len(call.op.outputs))
    if call.op.single:
        return found.reshape((call.size,))
    return tuple([None if f is None else f.reshape((call.size,)) for f in found])


def median_of_all(call: Call) -> Any:
    """The median of each example, whose gradient is shared by the elements that are equal to it."""
    x = call.inputs[0].reshape((call.size, elements(call.shape_of(0))))
    still = x.detach()
    found = table["nanmedian" if call.params[0] else "median"].call(still, 1).values
    each = found.unsqueeze(1)
    hit = (still == each) | (still.isnan() & each.isnan())
    share = hit.to(x._kind.dtype) / hit.sum(1, True)
    return found + ((x - still) * share).masked_fill(~hit, 0).sum(1)


RULES: dict[str, Rule] = {**dict.fromkeys(_ALONG, along), "median_of_all": median_of_all}
