"""Element-wise kernels: which function of the library computes which op, and those that need more than one."""

from __future__ import annotations

from typing import Any

Array = Any

UNARY: dict[str, str] = {
    "neg": "negative", "abs": "absolute", "square": "square", "exp": "exp", "exp2": "exp2", "expm1": "expm1",
    "log": "log", "log1p": "log1p", "log2": "log2", "log10": "log10", "sqrt": "sqrt", "sin": "sin", "cos": "cos",
    "tan": "tan", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh",
    "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh", "bitwise_not": "invert", "logical_not": "logical_not",
    "isnan": "isnan", "signbit": "signbit",
}  # fmt: skip
"""Ops of one operand that are one ufunc."""

BINARY: dict[str, str] = {
    "add": "add", "sub": "subtract", "mul": "multiply", "true_div": "true_divide", "maximum": "maximum",
    "minimum": "minimum", "atan2": "arctan2", "eq": "equal", "ne": "not_equal", "lt": "less", "le": "less_equal",
    "gt": "greater", "ge": "greater_equal", "bitwise_and": "bitwise_and", "bitwise_or": "bitwise_or",
    "bitwise_xor": "bitwise_xor", "logical_and": "logical_and", "logical_or": "logical_or",
    "logical_xor": "logical_xor", "copysign": "copysign", "hypot": "hypot", "fmax": "fmax", "fmin": "fmin",
    "logaddexp": "logaddexp", "logaddexp2": "logaddexp2", "gcd": "gcd", "lcm": "lcm",
}  # fmt: skip
"""Ops of two operands that are one ufunc."""

PREDICATES = frozenset((
    "logical_not", "isnan", "eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor",
    "signbit",
))  # fmt: skip
"""Ops among them whose result is bool."""


def _is_whole(xp: Any, x: Array) -> bool:
    return x.dtype.kind in "biu"


def _refuse_zero(xp: Any, a: Array, b: Any) -> None:
    number = not hasattr(b, "dtype")
    whole = isinstance(b, int) and _is_whole(xp, a) if number else _is_whole(xp, b)
    if whole and (b == 0 if number else bool((b == 0).any())):
        raise RuntimeError("ZeroDivisionError: integer division or modulo by zero")


def floor_divide(xp: Any, a: Array, b: Array) -> Array:
    _refuse_zero(xp, a, b)
    return xp.floor_divide(a, b)


def remainder(xp: Any, a: Array, b: Array) -> Array:
    _refuse_zero(xp, a, b)
    if _is_whole(xp, a if hasattr(a, "dtype") else b):
        return xp.remainder(a, b)
    # Not xp.remainder: there a zero has the sign of the divisor, in PyTorch that of the dividend.
    left = xp.fmod(a, b)
    return xp.where((left != 0) & ((left < 0) != (b < 0)), left + b, left)


def fmod(xp: Any, a: Array, b: Array) -> Array:
    _refuse_zero(xp, a, b)
    return xp.fmod(a, b)


def _whole_power(xp: Any, a: Array, b: Array) -> Array:
    """Of whole numbers with a negative exponent only those of 1 and -1 are whole; like PyTorch's, the others are 0."""
    a = xp.asarray(a, dtype=b.dtype)
    below = (a == 1).astype(b.dtype) + (a == -1) * (1 - 2 * (b & 1))
    return xp.where(b < 0, below, xp.power(a, xp.maximum(b, 0)))


def power(xp: Any, a: Array, b: Array) -> Array:
    if hasattr(b, "dtype"):
        return _whole_power(xp, a, b) if b.dtype.kind == "i" else xp.power(a, b)
    if _is_whole(xp, a) and b < 0:
        raise RuntimeError("Integers to negative integer powers are not allowed.")
    # The cases that PyTorch, too, computes by products and roots instead of a power.
    if b == 2:
        return xp.square(a)
    if b == 3:
        return a * a * a
    if b == 1:
        return a.copy()
    if b == 0.5 and a.dtype.kind == "f":
        return xp.sqrt(a)
    if b == -1:
        return 1 / a
    return xp.power(a, b)


def sign(xp: Any, x: Array) -> Array:
    if x.dtype.kind == "b":
        return x.copy()
    found = xp.sign(x)
    # PyTorch's sign of NaN is 0.
    return xp.where(xp.isnan(x), xp.zeros_like(found), found) if x.dtype.kind == "f" else found


def rounded(xp: Any, x: Array, function: str) -> Array:
    return x.copy() if _is_whole(xp, x) else getattr(xp, function)(x)


def floor(xp: Any, x: Array) -> Array:
    return rounded(xp, x, "floor")


def ceil(xp: Any, x: Array) -> Array:
    return rounded(xp, x, "ceil")


def trunc(xp: Any, x: Array) -> Array:
    return rounded(xp, x, "trunc")


def rint(xp: Any, x: Array) -> Array:
    return rounded(xp, x, "rint")


def reciprocal(xp: Any, x: Array) -> Array:
    return 1 / x


def rsqrt(xp: Any, x: Array) -> Array:
    return 1 / xp.sqrt(x)


def sigmoid(xp: Any, x: Array) -> Array:
    return 1 / (1 + xp.exp(-x))


def tanh_backward(xp: Any, g: Array, y: Array) -> Array:
    return g * (1 - y * y).conj()


def sinc(xp: Any, x: Array) -> Array:
    # Not xp.sinc: there pi * x can overflow. The sine has the same value for the rest modulo 2.
    rest = x if x.dtype.kind == "c" else xp.fmod(x, 2)
    return xp.where(x == 0, 1, xp.sin(xp.pi * rest) / (xp.pi * x))


def clamp(xp: Any, x: Array, low: Array | None, high: Array | None) -> Array:
    if low is not None:
        x = xp.maximum(x, low)
    return xp.minimum(x, high) if high is not None else x


def where(xp: Any, condition: Array, a: Array, b: Array) -> Array:
    return xp.where(condition, a, b)


def masked_fill(xp: Any, x: Array, mask: Array, value: Any) -> Array:
    return xp.where(mask, xp.asarray(value, dtype=x.dtype), x)


def bitwise_left_shift(xp: Any, a: Array, b: Array) -> Array:
    return xp.left_shift(a, b)


def bitwise_right_shift(xp: Any, a: Array, b: Array) -> Array:
    return xp.right_shift(a, b)


def conj_physical(xp: Any, x: Array) -> Array:
    return xp.conjugate(x)


def make_complex(xp: Any, real: Array, imag: Array) -> Array:
    out = xp.empty(real.shape, dtype="complex64" if real.dtype == "float32" else "complex128")
    out.real, out.imag = real, imag
    return out


def real_part(xp: Any, x: Array) -> Array:
    return x.real.copy()


def imag_part(xp: Any, x: Array) -> Array:
    return x.imag.copy()


def mantissa_exponent(xp: Any, x: Array) -> tuple[Array, Array]:
    mantissa, exponent = xp.frexp(x)
    # What the exponents of infinity and NaN are is up to the C library.
    return mantissa, xp.where(xp.isfinite(x), exponent, xp.zeros_like(exponent))


FUNCTIONS: dict[str, Any] = {
    "floor_divide": floor_divide, "remainder": remainder, "fmod": fmod, "pow": power, "sign": sign, "floor": floor,
    "ceil": ceil, "trunc": trunc, "rint": rint, "reciprocal": reciprocal, "rsqrt": rsqrt, "sigmoid": sigmoid,
    "sinc": sinc, "tanh_backward": tanh_backward, "clamp": clamp, "where": where, "masked_fill": masked_fill,
    "bitwise_left_shift": bitwise_left_shift, "bitwise_right_shift": bitwise_right_shift,
    "conj_physical": conj_physical, "complex": make_complex, "real_part": real_part, "imag_part": imag_part,
    "mantissa_exponent": mantissa_exponent,
}  # fmt: skip
