"""The table of expressions: what each element-wise op computes, in OpenCL C.

Operands are ``a``, ``b``, ``c``, ... of type ``T`` (in the order of the op's inputs and params); ``K(x)`` is a literal.
Single ops, reductions of expressions and fused groups are all made from these. A table holds what is special about a
category of dtypes; ``COMMON`` serves where it has no entry.
"""

from __future__ import annotations

from tensorplug.dtypes import BOOL, COMPLEX, FLOAT, INTEGER, DType

COMMON: dict[str, str] = {
    "add": "a + b", "sub": "a - b", "mul": "a * b", "true_div": "a / b", "neg": "-a", "where": "a ? b : c",
    "eq": "a == b", "ne": "a != b", "lt": "a < b", "le": "a <= b", "gt": "a > b", "ge": "a >= b",
    "maximum": "a > b ? a : b", "minimum": "a < b ? a : b", "square": "a * a",
    "logical_not": "a == 0", "logical_and": "a != 0 && b != 0", "logical_or": "a != 0 || b != 0",
    "logical_xor": "(a != 0) != (b != 0)", "isnan": "0", "floor": "a", "ceil": "a", "trunc": "a", "rint": "a",
    "masked_fill": "b ? c : a", "signbit": "a < 0",
}  # fmt: skip
"""Of all dtypes, or of those that the other tables leave."""

_BOOLS = {
    "add": "a | b", "mul": "a & b", "maximum": "a | b", "minimum": "a & b", "abs": "a", "sign": "a", "square": "a",
    "bitwise_not": "!a", "bitwise_and": "a & b", "bitwise_or": "a | b", "bitwise_xor": "a ^ b", "fmax": "a | b",
    "fmin": "a & b",
}  # fmt: skip

_INTEGERS = {
    "abs": "a < 0 ? -a : a", "sign": "(a > 0) - (a < 0)", "floor_divide": "whole_floor_divide(a, b)",
    "remainder": "whole_remainder(a, b)", "fmod": "whole_fmod(a, b)", "pow": "whole_pow(a, b)",
    "bitwise_not": "~a", "bitwise_and": "a & b", "bitwise_or": "a | b", "bitwise_xor": "a ^ b",
    "bitwise_left_shift": "b < 0 || b >= 8 * (T)sizeof(T) ? 0 : a << b",
    "bitwise_right_shift": "b < 0 || b >= 8 * (T)sizeof(T) ? (a < 0 ? -1 : 0) : a >> b",
    "gcd": "whole_gcd(a, b)", "lcm": "whole_lcm(a, b)", "fmax": "a > b ? a : b", "fmin": "a < b ? a : b",
    "relu": "a > 0 ? a : 0",
}  # fmt: skip

_FLOATS = {
    "abs": "fabs(a)", "sign": "(T)((a > 0) - (a < 0))", "maximum": "a > b || a != a ? a : b",
    "minimum": "a < b || a != a ? a : b", "isnan": "a != a", "signbit": "signbit(a) != 0",
    "floor_divide": "float_floor_divide(a, b)", "remainder": "float_remainder(a, b)", "fmod": "fmod(a, b)",
    "pow": "pow(a, b)", "exp": "exp(a)", "exp2": "exp2(a)", "expm1": "expm1(a)", "log": "log(a)",
    # PoCL's log1p makes denormal numbers 0.
    "log1p": "fabs(a) < K(1e-20) ? a : log1p(a)",
    "log2": "log2(a)", "log10": "log10(a)", "sqrt": "sqrt(a)", "sin": "sin(a)", "cos": "cos(a)", "tan": "tan(a)",
    "asin": "asin(a)", "acos": "acos(a)", "atan": "atan(a)", "atan2": "atan2(a, b)", "sinh": "sinh(a)",
    "cosh": "cosh(a)", "tanh": "tanh(a)", "asinh": "asinh(a)", "acosh": "acosh(a)", "atanh": "atanh(a)",
    "erf": "erf(a)", "erfc": "erfc(a)", "erfinv": "precise_erfinv(a)", "lgamma": "isinf(a) ? INFINITY : lgamma((W)a)",
    "digamma": "precise_digamma(a)", "floor": "floor(a)", "ceil": "ceil(a)", "trunc": "trunc(a)", "rint": "rint(a)",
    "reciprocal": "1 / a", "rsqrt": "1 / sqrt(a)", "sigmoid": "1 / (1 + exp(-a))", "copysign": "copysign(a, b)",
    "hypot": "hypot(a, b)", "fmax": "a != a || a < b ? b : a", "fmin": "a != a || a > b ? b : a",
    "logaddexp": "log_add(a, b)", "logaddexp2": "log_add2(a, b)", "xlogy": "a == 0 && b == b ? 0 : a * log(b)",
    "tanh_backward": "a * (1 - b * b)", "conj_physical": "a", "real_part": "a",
    "complex": "(C)(a, b)",
}  # fmt: skip

_ACTIVATIONS = {
    "relu": "a > 0 || a != a ? a : 0", "threshold": "a <= b ? c : a", "threshold_backward": "b <= c ? 0 : a",
    "hardtanh": "a < b ? b : a > c ? c : a", "inside_backward": "b > c && b < d ? a : 0",
    "hardshrink": "a >= -b && a <= b ? 0 : a", "softshrink": "a - (a < -b ? -b : a > b ? b : a)",
    "leaky_relu": "a > 0 ? a : a * b", "leaky_relu_backward": "b > 0 ? a : a * c",
    "elu": "a > 0 ? a * c : expm1(a * d) * (b * c)",
    "elu_backward": "b > 0 ? a * d : a * exp(b * e) * (c * d * e)",
    "softplus": "a * b > c ? a : log1p_exp(a * b) / b",
    "softplus_backward": "b * c > d ? a : a / (1 + exp(-b * c))",
    "logsigmoid": "-log1p_exp(-a)", "logsigmoid_backward": "a / (1 + exp(b))",
    "silu": "a / (1 + exp(-a))", "silu_backward": "silu_slope(a, b)",
    "hardsigmoid": "limited(a + 3) / 6", "hardswish": "a * limited(a + 3) / 6",
    "gelu_none": "a * K(0.5) * erfc(a * K(-0.707106781186547524400844362105))", "gelu_tanh": "a * gelu_gate(a)",
    "gelu_none_backward": "a * (K(0.5) * erfc(b * K(-0.707106781186547524400844362105)) + b * gelu_density(b))",
    "gelu_tanh_backward": "gelu_tanh_slope(a, b)",
    "hardswish_backward": "a * (b <= -3 ? 0 : b >= 3 ? 1 : b / 3 + K(0.5))",
}  # fmt: skip

_COMPLEX = {
    "add": "a + b", "sub": "a - b", "mul": "complex_mul(a, b)", "true_div": "complex_div(a, b)", "neg": "-a",
    "where": "a ? b : c", "masked_fill": "b ? c : a", "eq": "all(a == b)", "ne": "any(a != b)",
    "abs": "hypot(a.x, a.y)", "sign": "complex_sign(a)", "square": "complex_mul(a, a)",
    "reciprocal": "complex_div((T)(1, 0), a)", "rsqrt": "complex_div((T)(1, 0), complex_sqrt(a))",
    "conj_physical": "(T)(a.x, -a.y)", "real_part": "a.x", "imag_part": "a.y", "isnan": "any(isnan(a))",
    "logical_not": "all(a == 0)", "logical_and": "any(a != 0) && any(b != 0)",
    "logical_or": "any(a != 0) || any(b != 0)", "logical_xor": "any(a != 0) != any(b != 0)",
    "log2": "complex_log(a) * K(1.442695040888963407359924681002)",
    "log10": "complex_log(a) * K(0.434294481903251827651128918917)",
    "sigmoid": "complex_div((T)(1, 0), (T)(1, 0) + complex_exp(-a))",
    **{name: f"complex_{name}(a)" for name in (
        "exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh",
        "asinh", "acosh", "atanh",
    )},
    "pow": "complex_pow(a, b)",
}  # fmt: skip

BY_CATEGORY = {BOOL: _BOOLS, INTEGER: _INTEGERS, FLOAT: {**_FLOATS, **_ACTIVATIONS}, COMPLEX: _COMPLEX}

PREDICATES = frozenset((
    "eq", "ne", "lt", "le", "gt", "ge", "logical_not", "logical_and", "logical_or", "logical_xor", "isnan", "signbit",
))  # fmt: skip
"""Ops whose result is bool."""

PARTS = frozenset(("abs", "real_part", "imag_part"))
"""Ops whose result is real where the operand is complex."""

CONDITIONS = {"where": 0, "masked_fill": 1}
"""Ops with an operand of their own dtype, bool, and which of them it is."""

DIVISIONS = frozenset(("floor_divide", "remainder", "fmod"))
"""Ops of whole numbers that refuse a divisor of 0."""

OPERANDS = {
    "threshold": 1, "threshold_backward": 2, "hardtanh": 1, "inside_backward": 2, "hardshrink": 1, "softshrink": 1,
    "leaky_relu": 1, "leaky_relu_backward": 2, "elu": 1, "elu_backward": 2, "softplus": 1, "softplus_backward": 2,
}  # fmt: skip
"""Of ops with params, how many operands come before them: numbers in their place are elements, and rounded."""


def expression(name: str, dtype: DType) -> str | None:
    """The expression of an op for operands of ``dtype``, if there is one."""
    own = BY_CATEGORY[dtype.category].get(name)
    return own if own is not None or dtype.is_complex else COMMON.get(name)


NAMES = frozenset(COMMON).union(*BY_CATEGORY.values())
"""The ops that have an expression for some dtype."""
