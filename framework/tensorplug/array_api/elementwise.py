"""Functions of one element, or of two: the framework's ops under the standard's names and promotion.

Two arrays promote by their dtypes alone, where PyTorch lets one without dims give way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug import functional as F
from tensorplug.array_api.dtypes import isdtype, together
from tensorplug.tensor import Tensor

_UNARY = {
    "abs": F.abs, "acos": F.acos, "acosh": F.acosh, "asin": F.asin, "asinh": F.asinh, "atan": F.atan, "atanh": F.atanh,
    "bitwise_invert": F.bitwise_not, "cos": F.cos, "cosh": F.cosh, "exp": F.exp, "expm1": F.expm1,
    "isfinite": F.isfinite, "isinf": F.isinf, "isnan": F.isnan, "log": F.log, "log10": F.log10, "log1p": F.log1p,
    "log2": F.log2, "logical_not": F.logical_not, "negative": F.neg, "positive": F.positive,
    "reciprocal": F.reciprocal, "signbit": F.signbit, "sin": F.sin, "sinh": F.sinh, "sqrt": F.sqrt,
    "square": F.square, "tan": F.tan, "tanh": F.tanh,
}  # fmt: skip
"""The standard's names of functions of one array, and the ops."""

_BINARY = {
    "add": F.add, "atan2": F.atan2, "bitwise_and": F.bitwise_and, "bitwise_left_shift": F.bitwise_left_shift,
    "bitwise_or": F.bitwise_or, "bitwise_right_shift": F.bitwise_right_shift, "bitwise_xor": F.bitwise_xor,
    "copysign": F.copysign, "divide": F.true_divide, "equal": F.eq, "floor_divide": F.floor_divide, "greater": F.gt,
    "greater_equal": F.ge, "hypot": F.hypot, "less": F.lt, "less_equal": F.le, "logaddexp": F.logaddexp,
    "logical_and": F.logical_and, "logical_or": F.logical_or, "logical_xor": F.logical_xor, "maximum": F.maximum,
    "minimum": F.minimum, "multiply": F.mul, "nextafter": F.nextafter, "not_equal": F.ne, "pow": F.pow,
    "remainder": F.remainder, "subtract": F.sub,
}  # fmt: skip
"""The standard's names of functions of two arrays, one of which may be a Python number, and the ops."""

__all__ = ["ceil", "clip", "conj", "floor", "imag", "real", "round", "sign", "trunc", *_BINARY, *_UNARY]


def _unary(name: str, op: Callable[..., Any]) -> Callable[[Tensor], Tensor]:
    def function(x: Tensor, /) -> Tensor:
        found: Tensor = op(x)
        return found

    return _named(function, name, op)


def _binary(name: str, op: Callable[..., Any]) -> Callable[[Any, Any], Tensor]:
    def function(x1: Any, x2: Any, /) -> Tensor:
        found: Tensor = op(*_arrays(*together(x1, x2)))
        return found

    return _named(function, name, op)


def _arrays(x1: Any, x2: Any) -> tuple[Any, Any]:
    """A Python number in front as an array of the other's dtype, since not every op takes numbers there."""
    if isinstance(x1, Tensor) or not isinstance(x2, Tensor):
        return x1, _like(x2, x1)
    return _like(x1, x2), x2


def _like(value: Any, other: Tensor) -> Any:
    if isinstance(value, Tensor) or not isinstance(value, int | float | complex):
        return value
    dtype = other.dtype
    if isinstance(value, complex) and not dtype.is_complex:
        dtype = dtype.to_complex()
    return other.new_full((), value, dtype=dtype)


def _named(function: Any, name: str, op: Any) -> Any:
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"``{op.__name__}`` of the framework, by the standard's name and promotion."
    return function


globals().update({name: _unary(name, op) for name, op in _UNARY.items()})
globals().update({name: _binary(name, op) for name, op in _BINARY.items()})


def _rounding(name: str, op: Callable[..., Any]) -> Callable[[Tensor], Tensor]:
    def function(x: Tensor, /) -> Tensor:
        found: Tensor = x.clone() if isdtype(x.dtype, "integral") else op(x)
        return found

    return _named(function, name, op)


ceil, floor, trunc = _rounding("ceil", F.ceil), _rounding("floor", F.floor), _rounding("trunc", F.trunc)


def round(x: Tensor, /) -> Tensor:
    """The nearest whole number, the even one of two; of complex numbers part by part."""
    if x.dtype.is_complex:
        return F.complex(F.round(x.real), F.round(x.imag))
    return x.clone() if isdtype(x.dtype, "integral") else F.round(x)


def sign(x: Tensor, /) -> Tensor:
    """-1, 0 or 1; of complex numbers ``x / abs(x)``, 0 for 0; NaN for NaN."""
    if x.dtype.is_complex:
        return F.sgn(x)
    found: Tensor = F.sign(x)
    return found.masked_fill(x != x, float("nan")) if x.dtype.is_floating_point else found


def conj(x: Tensor, /) -> Tensor:
    """The complex conjugate; a real array itself."""
    return x.conj()


def real(x: Tensor, /) -> Tensor:
    """The real parts; a real array itself."""
    return x.real


def imag(x: Tensor, /) -> Tensor:
    """The imaginary parts; zeros of a real array."""
    return x.imag if x.dtype.is_complex else F.zeros_like(x)


def clip(x: Tensor, /, min: Any = None, max: Any = None) -> Tensor:
    """``x`` limited to [``min``, ``max``], numbers or arrays that broadcast with it; the dtype stays that of ``x``."""
    if min is None and max is None:
        return x.clone()
    found = x
    if min is not None:
        found = F.maximum(found, _limit(min, x))
    if max is not None:
        found = F.minimum(found, _limit(max, x))
    return found


def _limit(value: Any, x: Tensor) -> Tensor:
    if isinstance(value, Tensor):
        return value.to(x.dtype)
    made: Tensor = x.new_full((), value)
    return made
