"""Comparisons and logic. Their results are bools, so they have no gradients."""

from __future__ import annotations

from typing import Any

from tensorplug.base import AnyTensor
from tensorplug.dispatch import different_devices
from tensorplug.dtypes import COMPLEX, FLOAT, bool_
from tensorplug.ops.define import binary, composite, ordered, predicate, truth, unary

Tensor = Any
Number = Any


@binary(predicate)
def eq(input: Tensor, other: Tensor | Number) -> Tensor:
    """Whether the elements are equal; NaN equals nothing.

    Example:
        >>> import tensorplug as tp
        >>> tp.eq(tp.tensor([1, 2]), 2)
        tensor([False,  True])
    """


@binary(predicate, aliases=("not_equal",))
def ne(input: Tensor, other: Tensor | Number) -> Tensor:
    """Whether the elements differ; NaN differs from everything."""


@binary(ordered, aliases=("less",))
def lt(input: Tensor, other: Tensor | Number) -> Tensor:
    """Whether ``input < other``."""


@binary(ordered, aliases=("less_equal",))
def le(input: Tensor, other: Tensor | Number) -> Tensor:
    """Whether ``input <= other``."""


@binary(ordered, aliases=("greater",))
def gt(input: Tensor, other: Tensor | Number) -> Tensor:
    """Whether ``input > other``."""


@binary(ordered, aliases=("greater_equal",))
def ge(input: Tensor, other: Tensor | Number) -> Tensor:
    """Whether ``input >= other``."""


@unary(truth)
def logical_not(input: Tensor) -> Tensor:
    """Whether each element is zero (or False)."""


logical_not.default(lambda input: input.bitwise_not())


@binary(truth)
def logical_and(input: Tensor, other: Tensor) -> Tensor:
    """Whether both elements are nonzero."""


logical_and.default(lambda input, other: input.bitwise_and(other))


@binary(truth)
def logical_or(input: Tensor, other: Tensor) -> Tensor:
    """Whether either element is nonzero."""


logical_or.default(lambda input, other: input.bitwise_or(other))


@binary(truth)
def logical_xor(input: Tensor, other: Tensor) -> Tensor:
    """Whether just one of the elements is nonzero."""


logical_xor.default(lambda input, other: input.bitwise_xor(other))


@unary(predicate, inplace=False, out=False)
def isnan(input: Tensor) -> Tensor:
    """Whether each element is NaN (for complex numbers, in either part)."""


isnan.default(lambda input: input != input)


@composite(out=False)
def isinf(input: Tensor) -> Tensor:
    """Whether each element is infinite (for complex numbers, in either part)."""
    if input.dtype.category < FLOAT:
        return input.new_zeros(input._shape, dtype=bool_)
    if input.dtype.category == COMPLEX:
        return input.real.isinf() | input.imag.isinf()
    return input.abs() == float("inf")


@composite(out=False)
def isfinite(input: Tensor) -> Tensor:
    """Whether each element is neither infinite nor NaN."""
    if input.dtype.category < FLOAT:
        return input.new_ones(input._shape, dtype=bool_)
    return ~(input.isinf() | input.isnan())


@composite(out=False)
def isclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
    """Whether ``|input - other| <= atol + rtol * |other|`` (equal infinities are close)."""
    if not isinstance(other, AnyTensor):
        raise TypeError(f"isclose(): argument 'other' must be Tensor, not {type(other).__name__}")
    if input.dtype is not other.dtype:
        raise RuntimeError(f"isclose: {input.dtype} did not match {other.dtype}")
    close = input == other
    if equal_nan:
        close = close | (input.isnan() & other.isnan())
    if input.dtype.category < FLOAT and rtol == 0 and atol == 0:
        return close
    a, b = (input, other) if input.dtype.category >= FLOAT else (input.double(), other.double())
    distance = (a - b).abs()
    return close | (distance.isfinite() & (distance <= atol + (rtol * b).abs()))


@composite(out=False)
def allclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Whether ``isclose`` holds for all elements."""
    return bool(input.isclose(other, rtol=rtol, atol=atol, equal_nan=equal_nan).all())


@composite(out=False)
def equal(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape and elements.

    Example:
        >>> import tensorplug as tp
        >>> tp.equal(tp.tensor([1, 2]), tp.tensor([1, 2]))
        True
    """
    if not isinstance(other, AnyTensor):
        raise TypeError(f"equal(): argument 'other' (position 2) must be Tensor, not {type(other).__name__}")
    if input.device != other.device:
        raise different_devices("equal", (input, other))
    if input.shape != other.shape:
        return False
    return (input is other and input.dtype.category < FLOAT) or bool((input == other).all())
