"""Functions of probability theory, element by element: of the normal distribution, and entropies."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.base import AnyTensor
from tensorplug.ops.define import binary, real_floating, unary
from tensorplug.ops.error_function import erfc, normal_quantile, scaled_complement
from tensorplug.ops.series import as_tensors, in_float32, single_or_double

Tensor = Any
Number = Any

_ROOT_2 = math.sqrt(2)
_ROOT_PI = math.sqrt(math.pi)


# ---------------------------------------------------------------------------------------------------- error function


@unary(single_or_double, spaces=("special",), inplace=False)
def erfcx(input: Tensor) -> Tensor:
    """``exp(input**2) * erfc(input)``, which neither vanishes nor loses digits for large inputs.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.erfcx(tp.tensor([0.0, 30.0]))
        tensor([1.0000, 0.0188])
    """


@erfcx.default
def _erfcx(input: Tensor) -> Tensor:
    x = input.abs()
    found = scaled_complement(x)
    growth = _exp_square(input.clamp(-30, 30))  # beyond, it overflows or is not wanted
    found = (2 * growth - found).where(input < 0, found)
    return (growth * (1 - input.erf())).where(x < 0.46875, found)


def _exp_square(x: Tensor) -> Tensor:
    """``exp(x**2)`` in two factors, since rounding a large square would change it much: the first square is exact."""
    near = (x * 16).trunc() / 16
    rest = ((x - near) * (x + near)).masked_fill(near == x, 0)
    return (near * near).exp() * rest.exp()


erfcx.grads(input=lambda g, input, result: g * (2 * input * result - 2 / _ROOT_PI))


# ---------------------------------------------------------------------------------------------------- normal numbers


@unary(real_floating, spaces=("special",), inplace=False)
def ndtr(input: Tensor) -> Tensor:
    """The area under the standard normal distribution's density from minus infinity to ``input``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.ndtr(tp.tensor([-1.0, 0.0]))
        tensor([0.1587, 0.5000])
    """


@ndtr.default
@in_float32
def _ndtr(input: Tensor) -> Tensor:
    return erfc(input * (-1 / _ROOT_2)) * 0.5


ndtr.grads(input=lambda g, input: g * (input * input * -0.5).exp() / math.sqrt(2 * math.pi))


@unary(single_or_double, spaces=("special",), inplace=False)
def log_ndtr(input: Tensor) -> Tensor:
    """The logarithm of ``ndtr``, accurate where that vanishes.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.log_ndtr(tp.tensor([0.0, -50.0]))
        tensor([-6.9315e-01, -1.2548e+03])
    """


@log_ndtr.default
def _log_ndtr(input: Tensor) -> Tensor:
    x = input / _ROOT_2
    low = input < -1
    tail = (erfcx(-x.masked_fill(~low, -1)) / 2).log() - x * x
    return tail.where(low, (erfc(x) / -2).log1p())


log_ndtr.grads(input=lambda g, input: g * math.sqrt(2 / math.pi) / erfcx(input * (-1 / _ROOT_2)))


@unary(single_or_double, spaces=("special",), inplace=False)
def ndtri(input: Tensor) -> Tensor:
    """The inverse of ``ndtr``: -inf at 0, inf at 1, NaN outside.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.ndtri(tp.tensor([0.5, 0.1587]))
        tensor([ 0.0000, -0.9998])
    """


@ndtri.default
def _ndtri(input: Tensor) -> Tensor:
    return normal_quantile(input - 0.5, input.minimum(1 - input))


ndtri.grads(input=lambda g, result: g * math.sqrt(2 * math.pi) * (result * result / 2).exp())


# ---------------------------------------------------------------------------------------------------- entropy


@unary(real_floating, spaces=("special",), inplace=False)
def entr(input: Tensor) -> Tensor:
    """``-input * log(input)``: 0 at 0, -inf below.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.entr(tp.tensor([-1.0, 0.0, 0.5]))
        tensor([  -inf, 0.0000, 0.3466])
    """


@entr.default
def _entr(input: Tensor) -> Tensor:
    found = -input * input.log()
    return found.masked_fill(input == 0, 0).masked_fill(input < 0, -math.inf)


entr.grads(input=lambda g, input: -g * (input.log() + 1))


@binary(real_floating, spaces=("special",), inplace=False)
def xlog1py(input: Tensor | Number, other: Tensor | Number) -> Tensor:
    """``input * log(1 + other)``, and 0 where ``input`` is 0 (unless ``other`` is NaN).

    Example:
        >>> import tensorplug as tp
        >>> tp.special.xlog1py(tp.tensor([0.0, 2.0]), tp.tensor([-1.0, 1.0]))
        tensor([0.0000, 1.3863])
    """


@xlog1py.default
def _xlog1py(input: Tensor | Number, other: Tensor | Number) -> Tensor:
    input, other = as_tensors(input, other)
    return (input * other.log1p()).masked_fill((input == 0) & ~other.isnan(), 0)


def _xlog1py_input(g: Tensor, input: Tensor, other: Tensor | Number) -> Tensor:
    flat = (input == 0) & (other <= -1)
    return (g * (other.log1p() if isinstance(other, AnyTensor) else _log1p(other))).masked_fill(flat, 0)


def _log1p(x: float) -> float:
    return math.log1p(x) if x > -1 else (-math.inf if x == -1 else math.nan)


xlog1py.grads(input=_xlog1py_input, other=lambda g, input, other: g * input / (other + 1))
