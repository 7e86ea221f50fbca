"""Element by element: a function of Python numbers for each op, and one kernel that maps it over arrays."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from tensorplug.dtypes import INTEGER, DType, bool_
from tensorplug_toy.cells import Cells, common_sizes, fresh, spread, values
from tensorplug_toy.kernels import special
from tensorplug_toy.numbers import holder

Number = Any
Function = Callable[..., Number]


def mapped(function: Function, kind: DType | None = None) -> Callable[..., Cells]:
    """A kernel that calls ``function`` for each element; the result has the operands' dtype, or ``kind``."""

    def kernel(*operands: Cells | Number) -> Cells:
        arrays = [x for x in operands if isinstance(x, Cells)]
        sizes = common_sizes(arrays)
        # A Python number stands for an element, so it is rounded like one.
        hold = holder(arrays[0].kind)
        count = math.prod(sizes)
        columns = [values(spread(x, sizes)) if isinstance(x, Cells) else [hold(x)] * count for x in operands]
        return fresh(map(function, *columns), arrays[0].kind if kind is None else kind, sizes)

    return kernel


def where(condition: Cells, a: Cells, b: Cells) -> Cells:
    sizes = common_sizes((condition, a, b))
    columns = [values(spread(x, sizes)) for x in (condition, a, b)]
    return fresh((x if chosen else y for chosen, x, y in zip(*columns, strict=True)), a.kind, sizes)


# ---------------------------------------------------------------------------------------------------- arithmetic


def divide(a: float, b: float) -> float:
    if b:
        return a / b
    return math.nan if a == 0 or a != a else math.copysign(math.inf, a) * math.copysign(1, b)


def _refuse_zero(b: Number) -> None:
    if b == 0:
        raise RuntimeError("ZeroDivisionError: integer division or modulo by zero")


def floor_divide(a: Number, b: Number) -> Number:
    if isinstance(a, float):
        return divide(a, b) if b == 0 else a // b
    _refuse_zero(b)
    return a // b


def fmod(a: Number, b: Number) -> Number:
    if isinstance(a, float):
        return math.fmod(a, b) if b != 0 and math.isfinite(a) else math.nan
    _refuse_zero(b)
    return abs(a) % abs(b) * (-1 if a < 0 else 1)


def remainder(a: Number, b: Number) -> Number:
    # Not Python's: a zero keeps the sign of the dividend, as PyTorch's does.
    rest = fmod(a, b)
    return rest + b if rest and (rest < 0) != (b < 0) else rest


def power(a: Number, b: Number) -> Number:
    odd = b % 2 == 1
    if not isinstance(a, float):
        if b < 0:
            return a if a == -1 and odd else int(abs(a) == 1)
        return pow(a, b, 1 << 64)
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0 and odd else math.inf
    except ValueError:
        if a == 0:
            return math.copysign(math.inf, a) if odd else math.inf
        return math.nan


def pow_(a: Cells | Number, b: Cells | Number) -> Cells:
    if isinstance(a, Cells) and a.kind.category == INTEGER and not isinstance(b, Cells) and b < 0:
        raise RuntimeError("Integers to negative integer powers are not allowed.")
    if b == 0.5 and not isinstance(b, Cells):
        # PyTorch takes the root, which differs at -inf.
        return KERNELS["sqrt"](a)
    return mapped(power)(a, b)


def larger(a: Number, b: Number) -> Number:
    return a if a != a or a >= b else b


def smaller(a: Number, b: Number) -> Number:
    return a if a != a or a <= b else b


def sign(x: Number) -> int:
    return (x > 0) - (x < 0)


def rounded(function: Function) -> Function:
    """``floor`` and its kin: whole numbers, infinities and NaN stay as they are, and zeros keep their sign."""

    def call(x: Number) -> Number:
        if not isinstance(x, float) or not math.isfinite(x):
            return x
        return math.copysign(function(x), x)

    return call


# ---------------------------------------------------------------------------------------------------- bits


def invert(x: Number) -> Number:
    return not x if isinstance(x, bool) else ~x


def shift_left(a: int, b: int) -> int:
    return a << b if 0 <= b < 64 else 0


def shift_right(a: int, b: int) -> int:
    return a >> (b if 0 <= b < 64 else 63)


PREDICATES: dict[str, Function] = {
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge,
}  # fmt: skip

FUNCTIONS: dict[str, Function] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "true_div": divide, "floor_divide": floor_divide,
    "remainder": remainder, "fmod": fmod, "neg": operator.neg, "abs": abs, "sign": sign,
    "maximum": larger, "minimum": smaller, "floor": rounded(math.floor), "ceil": rounded(math.ceil),
    "trunc": rounded(math.trunc), "rint": rounded(round), "bitwise_not": invert, "bitwise_and": operator.and_,
    "bitwise_or": operator.or_, "bitwise_xor": operator.xor, "bitwise_left_shift": shift_left,
    "bitwise_right_shift": shift_right,
    **special.FUNCTIONS,
}  # fmt: skip

KERNELS: dict[str, Callable[..., Cells]] = {
    **{name: mapped(function, bool_) for name, function in PREDICATES.items()},
    **{name: mapped(function) for name, function in FUNCTIONS.items()},
    "pow": pow_,
    "where": where,
}
