"""Bits of integers."""

from __future__ import annotations

from typing import Any

from tensorplug.dtypes import INTEGER, DType
from tensorplug.ops.define import (
    binary,
    integers_only,
    integral,
    unary,
)

Tensor = Any
Number = Any


# ---------------------------------------------------------------------------------------------------- bits


def _invertible(name: str, common: DType) -> tuple[DType, DType]:
    if common.category > INTEGER:
        raise TypeError(f"{name} (~) takes integers or bools, got {common}")
    return common, common


@unary(_invertible)
def bitwise_not(input: Tensor) -> Tensor:
    """Every bit flipped; of bools, the logical not."""


@binary(integral)
def bitwise_and(input: Tensor, other: Tensor | Number) -> Tensor:
    """Bits set in both; of bools, the logical and."""


@binary(integral)
def bitwise_or(input: Tensor, other: Tensor | Number) -> Tensor:
    """Bits set in either; of bools, the logical or."""


@binary(integral)
def bitwise_xor(input: Tensor, other: Tensor | Number) -> Tensor:
    """Bits set in one only; of bools, whether they differ."""


@binary(integers_only)
def bitwise_left_shift(input: Tensor, other: Tensor | Number) -> Tensor:
    """``input * 2**other``, wrapping."""


@binary(integers_only)
def bitwise_right_shift(input: Tensor, other: Tensor | Number) -> Tensor:
    """``input / 2**other``, rounded down."""
