"""Element-wise kernels: the table of expressions, each for one dtype."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.dtypes import BOOL, COMPLEX, FLOAT, INTEGER, DType, bool_, float32
from tensorplug_opencl import codes
from tensorplug_opencl.array import Array
from tensorplug_opencl.elementwise import Map, Mapped
from tensorplug_opencl.expressions import CONDITIONS, DIVISIONS, OPERANDS, PARTS, PREDICATES, expression
from tensorplug_opencl.kernels.movement import cast, clone

Kernel = Callable[..., Any]


def _by_zero(place: int = 0) -> RuntimeError:
    return RuntimeError("ZeroDivisionError: integer division or modulo by zero")


def _apart(x: Array, target: Array) -> Array:
    """``x``, or a copy where work-items might read of it what others have written into ``target`` already."""
    if x.memory is not target.memory:
        return x
    same = x.start == target.start and x.shape == target.shape and x.strides == target.strides
    return x if same else clone(x)


def _result(name: str, dtype: DType) -> DType:
    if name in PREDICATES:
        return bool_
    if name in PARTS:
        return dtype.to_real()
    return dtype.to_complex() if name == "complex" else dtype


class _Maps:
    """An expression as a kernel: one ``Mapped`` for each choice of which operands are arrays."""

    __slots__ = ("_dtype", "_expression", "_known", "_name", "_operands")

    def __init__(self, name: str, dtype: DType, text: str) -> None:
        self._name = name
        self._dtype = dtype
        self._expression = text
        self._operands = OPERANDS.get(name, 16)
        self._known: dict[tuple[bool, ...], Mapped] = {}

    def split(self, operands: tuple[Any, ...]) -> tuple[Mapped, list[Array], list[Any]]:
        """The computation for these operands, the arrays among them and the numbers."""
        pattern = tuple([x.__class__ is Array for x in operands])
        mapped = self._known.get(pattern)
        if mapped is None:
            mapped = self._known[pattern] = self._make(pattern, operands)
        arrays = [x for x in operands if x.__class__ is Array]
        if len(arrays) == len(operands):
            return mapped, arrays, []
        return mapped, arrays, [self._number(k, x) for k, x in enumerate(operands) if x.__class__ is not Array]

    def __call__(self, *operands: Any) -> Array:
        mapped, arrays, numbers = self.split(operands)
        return mapped(arrays, numbers)[0]

    def into(self, *operands: Any) -> None:
        """Compute all operands but the last, and write into the last."""
        target = operands[-1]
        mapped, arrays, numbers = self.split(operands[:-1])
        mapped.into((target,), [_apart(x, target) for x in arrays], numbers)

    def _number(self, position: int, value: Any) -> bytes:
        # An operand is rounded as an element would be, a param to the type that the kernel computes in.
        if position < self._operands:
            return codes.number(value, self._dtype)
        return codes.CODES[self._dtype].host.type(value).tobytes()

    def _make(self, pattern: tuple[bool, ...], operands: tuple[Any, ...]) -> Mapped:
        dtypes: list[DType | None] = [self._dtype if is_array else None for is_array in pattern]
        condition = CONDITIONS.get(self._name)
        if condition is not None:
            dtypes[condition] = bool_
        result = _result(self._name, self._dtype)
        check = None
        if self._name in DIVISIONS and self._dtype.category == INTEGER and pattern[1]:
            check = ("b == 0", "at")
        numbers = tuple([self._dtype for is_array in pattern if not is_array])
        return Mapped(Map(self._dtype, (self._expression,), (result,), tuple(dtypes), numbers, check), _by_zero)


class _Division(_Maps):
    """Whole numbers divided; a number as the divisor is looked at before anything runs."""

    __slots__ = ()

    def split(self, operands: tuple[Any, ...]) -> tuple[Mapped, list[Array], list[Any]]:
        if operands[1].__class__ is not Array and operands[1] == 0:
            raise _by_zero()
        return super().split(operands)


_POWERS = {2: "square", 0.5: "sqrt", -1: "reciprocal"}
_CUBES = {COMPLEX: "complex_mul(complex_mul(a, a), a)"}


class _Power(_Maps):
    """Powers; those with a number as the exponent that are products or roots are computed as such."""

    __slots__ = ("_special",)

    def __init__(self, name: str, dtype: DType, text: str) -> None:
        super().__init__(name, dtype, text)
        is_float = dtype.category >= FLOAT
        self._special = {
            e: make(n, dtype) for e, n in _POWERS.items() if (is_float or e == 2) and expression(n, dtype) is not None
        }
        self._special[3] = _Maps("cube", dtype, _CUBES.get(dtype.category, "a * a * a"))

    def split(self, operands: tuple[Any, ...]) -> tuple[Mapped, list[Array], list[Any]]:
        exponent = operands[1]
        if exponent.__class__ is not Array:
            if self._dtype.category <= INTEGER and exponent < 0:
                raise RuntimeError("Integers to negative integer powers are not allowed.")
            special = self._special.get(exponent)
            if special is not None:
                return special.split(operands[:1])
        return super().split(operands)


def make(name: str, dtype: DType) -> Any:
    """The kernel of an op for operands of ``dtype``; it has a method ``into`` that writes in place.

    Returns:
        None where there is no expression for it.
    """
    text = expression(name, dtype)
    if text is None:
        in_float = expression(name, float32) if dtype.category < FLOAT else None
        return None if in_float is None else _InFloat(make(name, float32))
    if name in DIVISIONS and dtype.category <= INTEGER and dtype.category != BOOL:
        return _Division(name, dtype, text)
    return (_Power if name == "pow" else _Maps)(name, dtype, text)


class _InFloat:
    """An op of floats for whole numbers, which it converts."""

    __slots__ = ("_kernel",)

    def __init__(self, kernel: Any) -> None:
        self._kernel = kernel

    def __call__(self, *operands: Any) -> Array:
        found: Array = self._kernel(*[cast(x, float32) if x.__class__ is Array else x for x in operands])
        return found


def where(condition: Array, a: Any, b: Any) -> Array:
    """``a`` where ``condition`` holds, ``b`` elsewhere; at least one of both is an array."""
    dtype = (a if a.__class__ is Array else b).dtype
    return _where_of(dtype)(condition, a, b)


_wheres: dict[DType, Any] = {}


def _where_of(dtype: DType) -> Any:
    found = _wheres.get(dtype)
    if found is None:
        found = _wheres.setdefault(dtype, make("where", dtype))
    return found
