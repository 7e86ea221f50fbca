"""The op families as methods: what ``Tensor`` inherits. ``methods.pyi``, generated, shows editors what is here."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug.dispatch import inplace_caller
from tensorplug.op import Op, table


def methods_of(op: Op) -> dict[str, Any]:
    """The methods that an op gives tensors, under all its names."""
    if "Tensor" not in op.spaces:
        return {}
    found: dict[str, Any] = {}
    inplace = inplace_caller(op) if op.inplace else None
    for name in (op.name, *op.aliases):
        found[name] = op.call
        if inplace is not None:
            found[name + "_"] = inplace
    return found


def functions_of(op: Op) -> dict[str, Any]:
    """The functions that an op gives module namespaces, under all its names."""
    found: dict[str, Any] = {}
    inplace = inplace_caller(op) if op.inplace else None
    for name in (op.name, *op.aliases):
        found[name] = op.function
        if inplace is not None:
            found[name + "_"] = inplace
    return found


_BINARY = {
    "add": "add", "sub": "sub", "mul": "mul", "truediv": "true_div", "floordiv": "floor_divide", "mod": "remainder",
    "pow": "pow", "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor", "lshift": "bitwise_left_shift",
    "rshift": "bitwise_right_shift", "matmul": "matmul", "eq": "eq", "ne": "ne", "lt": "lt", "le": "le", "gt": "gt",
    "ge": "ge",
}  # fmt: skip
_COMPARISONS = frozenset(("eq", "ne", "lt", "le", "gt", "ge"))
_COMMUTATIVE = frozenset(("add", "mul", "and", "or", "xor"))


def _operators() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for python, name in _BINARY.items():
        op = table[name]
        found[f"__{python}__"] = op.operator
        if python in _COMPARISONS:
            continue
        found[f"__r{python}__"] = op.operator if python in _COMMUTATIVE else _reflected(op.operator)
        if op.inplace:
            found[f"__i{python}__"] = inplace_caller(op)
    found["__neg__"], found["__abs__"] = table["neg"].call, table["abs"].call
    found["__invert__"], found["__pos__"] = table["bitwise_not"].call, table["positive"].call
    return found


def _reflected(operator: Any) -> Any:
    return lambda self, other: operator(other, self) if isinstance(other, _TAKEN) else NotImplemented


_TAKEN = (int, float, complex, np.generic)


def op_methods() -> dict[str, Any]:
    """All methods and operators that come from the op table."""
    found: dict[str, Any] = {}
    for op in list(table.values()):
        found.update(methods_of(op))
    found.update(_operators())
    return found


OpMethods: type[Any] = type("OpMethods", (), {"__slots__": (), "__module__": __name__, **op_methods()})
