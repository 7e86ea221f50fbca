"""Batching rules of ops that read and write by index."""

from __future__ import annotations

from typing import Any

from tensorplug.func.batching.call import Call, Rule, elements
from tensorplug.op import table

Tensor = Any


def index_select(call: Call) -> Tensor:
    """Shared indices select from the whole batch; otherwise each example has its own."""
    x, index = call.inputs
    dim = call.params[0]
    if not call.flags[1]:
        return table["index_select"].call(x, dim + 1, index)
    if call.flags[0]:
        rank = len(x._shape)
        spread = index.reshape((call.size,) + (1,) * dim + (-1,) + (1,) * (rank - 2 - dim))
        shape = (*x._shape[: dim + 1], index._shape[1], *x._shape[dim + 2 :])
        return x.gather(dim + 1, spread.expand(shape))
    found = table["index_select"].call(x, dim, index.reshape(-1))
    return found.reshape((*x._shape[:dim], *index._shape, *x._shape[dim + 1 :])).movedim(dim, 0)


def index_add(call: Call) -> Tensor:
    """Shared indices add to the whole batch; otherwise the places are spelled out."""
    _, index, _ = call.inputs
    dim, alpha = call.params
    x, source = call.full(0), call.full(2)
    if not call.shape_of(0):
        return x + source.reshape((call.size, elements(call.shape_of(2)))).sum(1) * alpha
    if not call.flags[1]:
        return table["index_add"].call(x, dim + 1, index, source, alpha=alpha)
    spread = index.reshape((call.size,) + (1,) * dim + (-1,) + (1,) * (len(x._shape) - 2 - dim))
    return x.scatter_add(dim + 1, spread.expand(source._shape), source if alpha == 1 else source * alpha)


def lookup(call: Call) -> Tensor:
    """With one table for all, any indices; with a table for each example, those of all examples as one table."""
    index, weight = call.inputs
    padding_idx, by_frequency = call.params
    if not call.flags[1]:
        return call.again((index, weight))
    rows = weight._shape[1]
    index = call.full(0)
    starts = table["counted"].call(0, rows, call.size, index._kind.dtype, index._kind.device)
    places = index + starts.reshape((call.size,) + (1,) * (len(index._shape) - 1))
    flat = weight.reshape((-1, weight._shape[2]))
    found = table["lookup"].call(places, flat, None, by_frequency)
    if padding_idx is None:
        return found
    # What was looked up at the padding passes no gradient on.
    return found.where((index != padding_idx).unsqueeze(-1), found.detach())


RULES: dict[str, Rule] = {"index_add": index_add, "index_select": index_select, "lookup": lookup}
