"""Batching rules of losses over classes: the rows of all examples at once, reduced example by example."""

from __future__ import annotations

from typing import Any

from tensorplug.func.batching.call import Call, Rule, merged, split
from tensorplug.op import table

Tensor = Any


def _values(call: Call) -> tuple[Any, ...]:
    """The op's results with a loss for each row, reduced afterwards as asked."""
    ignore_index, reduction = call.params
    target = call.full(1)
    found = table[call.op.name].call(merged(call.full(0)), merged(target), ignore_index, "none")
    losses, *rest = [split(f, call.size) for f in (found if isinstance(found, tuple) else (found,))]
    if reduction != "none":
        losses = losses.sum(1)
    if reduction == "mean":
        losses = losses / (target != ignore_index).sum(1).to(losses._kind.dtype)
    return losses, *rest


def class_nll(call: Call) -> Tensor:
    """Negative log-likelihood."""
    return _values(call)[0]


RULES: dict[str, Rule] = {"class_nll": class_nll, "softmax_cross_entropy": _values}
