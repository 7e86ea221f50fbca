"""Batching rules of views and of ops that move elements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.base import strides_of
from tensorplug.func.batching.call import Call, Rule, aligned, elements
from tensorplug.op import table

Tensor = Any


def _view(replay: Callable[..., Tensor]) -> Rule:
    """A rule from a function of the batch, the rank of one example, and the parameters."""

    def rule(call: Call) -> Tensor:
        (x,) = call.inputs
        return replay(x, len(x._shape) - 1, *call.params)

    return rule


def _as_strided(x: Tensor, rank: int, size: Any, stride: Any, offset: int, *_: Any) -> Tensor:
    return x.as_strided((x._shape[0], *size), (strides_of(x)[0], *stride), offset)


def _expand(x: Tensor, rank: int, shape: Any) -> Tensor:
    return aligned(x, True, len(shape)).expand((x._shape[0], *shape))


def _unfold(x: Tensor, rank: int, dim: int, size: int, step: int) -> Tensor:
    if rank == 0:
        return x.unsqueeze(1).narrow(1, 0, size)
    return x.unfold(dim + 1, size, step)


def _transpose(x: Tensor, rank: int, dim0: int, dim1: int) -> Tensor:
    return x.view(x._shape) if rank == 0 else x.transpose(dim0 + 1, dim1 + 1)


def _slice(x: Tensor, rank: int, dim: int, start: int, end: int, step: int) -> Tensor:
    return table["slice_dim"].call(x, dim + 1, start, end, step)


def cat(call: Call) -> Tensor:
    """All parts batched, joined one dim further back."""
    (values,), (flags,), (dim,) = call.inputs, call.flags, call.params
    full = [v if f else v.expand((call.size, *v._shape)) for v, f in zip(values, flags, strict=True)]
    return table["cat"].call(full, dim + 1)


def constant_pad(call: Call) -> Tensor:
    """The batch dim is not padded."""
    pad, value = call.params
    return call.again(call.inputs, (((0, 0), *pad), value))


def as_strided_scatter(call: Call) -> Tensor:
    """Each example's memory follows that of the one before."""
    size, stride, offset, *_ = call.params
    room = elements(call.shape_of(0))
    params = ((call.size, *size), (room, *stride), offset, None, 0)
    return call.again((call.full(0).contiguous(), call.full(1)), params)


def same(call: Call) -> Tensor:
    """Ops on the last dims, whatever is in front of them."""
    return call.again(call.inputs)


RULES: dict[str, Rule] = {
    "as_strided": _view(_as_strided),
    "as_strided_scatter": as_strided_scatter,
    "cat": cat,
    "constant_pad": constant_pad,
    "diagonal": _view(lambda x, rank, offset, dim1, dim2: x.diagonal(offset, dim1 + 1, dim2 + 1)),
    "expand": _view(_expand),
    "permute": _view(lambda x, rank, dims: x.permute((0, *[d + 1 for d in dims]))),
    "select": _view(lambda x, rank, dim, index: x.select(dim + 1, index)),
    "slice_dim": _view(_slice),
    "squeeze": _view(lambda x, rank, dims: x.squeeze(tuple(d + 1 for d in dims)) if dims else x.view(x._shape)),
    "t": _view(lambda x, rank: x.transpose(1, 2) if rank == 2 else x.view(x._shape)),
    "transpose": _view(_transpose),
    "tril": same,
    "triu": same,
    "unfold": _view(_unfold),
    "unsqueeze": _view(lambda x, rank, dim: x.unsqueeze(dim + 1)),
    "view": _view(lambda x, rank, shape: x.view((x._shape[0], *shape))),
}
