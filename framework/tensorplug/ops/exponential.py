"""Powers, exponentials, logarithms and roots."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.ops.define import (
    floating,
    unary,
)
from tensorplug.ops.elementwise import conj_of

Tensor = Any
Number = Any


# ---------------------------------------------------------------------------------------------------- powers and logs


@unary(floating)
def exp(input: Tensor) -> Tensor:
    """``e ** input``.

    Example:
        >>> import tensorplug as tp
        >>> tp.exp(tp.tensor([0.0, 1.0]))
        tensor([1.0000, 2.7183])
    """


exp.grads(input=lambda g, result: g * conj_of(result))


@unary(floating)
def exp2(input: Tensor) -> Tensor:
    """``2 ** input``."""


exp2.default(lambda input: 2.0**input)
exp2.grads(input=lambda g, result: g * conj_of(result) * math.log(2))


@unary(floating)
def expm1(input: Tensor) -> Tensor:
    """``exp(input) - 1``, accurate near 0."""


expm1.grads(input=lambda g, result: g * conj_of(result + 1))


@unary(floating)
def log(input: Tensor) -> Tensor:
    """The natural logarithm: -inf at 0, NaN below.

    Example:
        >>> import tensorplug as tp
        >>> tp.log(tp.tensor([1.0, 0.0]))
        tensor([0., -inf])
    """


log.grads(input=lambda g, input: g / conj_of(input))


@unary(floating)
def log1p(input: Tensor) -> Tensor:
    """``log(1 + input)``, accurate near 0."""


log1p.grads(input=lambda g, input: g / conj_of(input + 1))


@unary(floating)
def log2(input: Tensor) -> Tensor:
    """The logarithm to base 2."""


log2.grads(input=lambda g, input: g / conj_of(input * math.log(2)))


@unary(floating)
def log10(input: Tensor) -> Tensor:
    """The logarithm to base 10."""


log10.grads(input=lambda g, input: g / conj_of(input * math.log(10)))


@unary(floating)
def sqrt(input: Tensor) -> Tensor:
    """The square root: NaN below 0. The gradient at 0 is inf."""


sqrt.grads(input=lambda g, result: g / conj_of(result * 2))


@unary(floating)
def rsqrt(input: Tensor) -> Tensor:
    """``1 / sqrt(input)``."""


rsqrt.default(lambda input: 1 / input.sqrt())
rsqrt.grads(input=lambda g, result: g * conj_of(result * result * result) * -0.5)
