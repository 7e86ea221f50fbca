"""Rounding, whose gradient is 0."""

from __future__ import annotations

from typing import Any

from tensorplug.dtypes import INTEGER
from tensorplug.ops.creation import zeros_like
from tensorplug.ops.define import (
    composite,
    real,
    unary,
)

Tensor = Any
Number = Any


# ---------------------------------------------------------------------------------------------------- rounding


def _flat(g: Tensor) -> Tensor:
    return zeros_like(g)


@unary(real)
def floor(input: Tensor) -> Tensor:
    """The largest whole number not above each element."""


floor.grads(input=_flat)


@unary(real)
def ceil(input: Tensor) -> Tensor:
    """The smallest whole number not below each element."""


ceil.grads(input=_flat)


@unary(real, aliases=("fix",))
def trunc(input: Tensor) -> Tensor:
    """Each element without its fraction."""


trunc.grads(input=_flat)


@unary(real, spaces=())
def rint(input: Tensor) -> Tensor:
    """The nearest whole number; halves go to the even one."""


rint.grads(input=_flat)


@composite(inplace=True)
def round_(input: Tensor, *, decimals: int = 0) -> Tensor:
    """Rounds to ``decimals`` places; halves go to the even neighbour.

    Example:
        >>> import tensorplug as tp
        >>> tp.round(tp.tensor([0.5, 1.5, 2.5]))
        tensor([0., 2., 2.])
    """
    if decimals == 0 or input.dtype.category <= INTEGER:
        return rint(input)
    scale = 10.0 ** abs(decimals)
    return rint(input * scale) / scale if decimals > 0 else rint(input / scale) * scale


@composite(inplace=True)
def frac(input: Tensor) -> Tensor:
    """Each element's fraction, with its sign."""
    return input - input.trunc()
