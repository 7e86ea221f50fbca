"""Sums that approximate functions: what special functions are made of where a device has no kernel for them.

Tables of coefficients are for float64; in narrower dtypes the terms that could not be seen are left out.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NoReturn

from tensorplug.base import AnyTensor, TensorBase
from tensorplug.dtypes import HALF, DType, float32
from tensorplug.ops.creation import zeros_like
from tensorplug.ops.define import real_floating

Tensor = Any
Number = Any
Coefficients = tuple[float, ...]

_INVISIBLE = 2.0**-27
"""The share of the largest coefficient below which a sum of others does not show in float32."""


def single_or_double(name: str, common: DType) -> tuple[DType, DType]:
    """Real dtypes without float16 and bfloat16; bool and integers become the default dtype."""
    compute, result = real_floating(name, common)
    if compute in HALF:
        raise NotImplementedError(f"{name} is not implemented for {compute}; convert with .to(tensorplug.float32)")
    return compute, result


def no_derivative(name: str, argument: str) -> NoReturn:
    """A gradient rule for an argument that has none, in PyTorch's words."""
    raise NotImplementedError(f"the derivative for '{name}: {argument}' is not implemented.")


def in_float32(body: Callable[..., Any]) -> Callable[..., Any]:
    """A default that computes in float32 for float16 and bfloat16, and rounds once."""

    @functools.wraps(body)
    def call(*operands: Any) -> Any:
        dtype = next(x._kind.dtype for x in operands if isinstance(x, AnyTensor))
        if dtype not in HALF:
            return body(*operands)
        return body(*[x.to(float32) if isinstance(x, AnyTensor) else x for x in operands]).to(dtype)

    return call


def as_tensors(*operands: Tensor | Number) -> tuple[Tensor, ...]:
    """The operands of an element-wise op, of which some may be numbers, as tensors."""
    like: Any = next(x for x in operands if isinstance(x, TensorBase))
    return tuple(x if isinstance(x, TensorBase) else like.new_full((), x) for x in operands)


def chebyshev_sum(coefficients: Coefficients, x: Tensor) -> Tensor:
    """The sum of ``coefficients[n] * T_n(x)`` for ``x`` in [-1, 1] (Clenshaw, A note on the summation, 1955)."""
    first, *rest = _visible(coefficients, x._kind.dtype)
    twice = x * 2
    before = last = zeros_like(x)
    for coefficient in reversed(rest):
        before, last = last, twice * last - before + coefficient
    return x * last - before + first


@functools.cache
def _visible(coefficients: Coefficients, dtype: DType) -> Coefficients:
    if dtype is not float32:
        return coefficients
    limit = max(map(abs, coefficients)) * _INVISIBLE
    kept = len(coefficients)
    left_out = 0.0
    while kept > 1 and left_out + abs(coefficients[kept - 1]) < limit:
        kept -= 1
        left_out += abs(coefficients[kept])
    return coefficients[:kept]


def polynomial(coefficients: Coefficients, x: Tensor) -> Tensor:
    """The polynomial with these coefficients, the highest power first, by Horner's rule."""
    first, *rest = coefficients
    total = zeros_like(x) + first
    for coefficient in rest:
        total = total * x + coefficient
    return total
