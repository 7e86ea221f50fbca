"""Under which names an op is public: what module namespaces and the class ``Tensor`` take from the op table."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug.op import Op, table
from tensorplug.overwriting import inplace_caller


def methods_of(op: Op) -> dict[str, Any]:
    """The methods that an op gives tensors, under all its names."""
    return _under_all_names(op, op.call) if "Tensor" in op.spaces else {}


def functions_of(op: Op) -> dict[str, Any]:
    """The functions that an op gives module namespaces, under all its names."""
    return _under_all_names(op, op.function)


def _under_all_names(op: Op, function: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if op.inplace and op.overwrite is None:
        op.overwrite = inplace_caller(op)
    for name in (op.name, *op.aliases):
        found[name] = function
        if op.overwrite is not None:
            found[name + "_"] = op.overwrite
    return found


def functions_in(space: str) -> dict[str, Any]:
    """The functions that the table gives the namespace ``space`` (``"torch"``, ``"F"`` or the name of a module)."""
    found: dict[str, Any] = {}
    for op in table.values():
        if space in op.spaces:
            found.update({public_name(name, space): f for name, f in functions_of(op).items()})
    return found


def public_name(name: str, space: str) -> str:
    """What an op is called in a namespace: ``linalg_det`` is ``det`` in ``"linalg"``."""
    return name.removeprefix(f"{space}_")


def op_methods() -> dict[str, Any]:
    """All methods and operators that come from the op table."""
    found: dict[str, Any] = {}
    for op in list(table.values()):
        found.update(methods_of(op))
    found.update(_operators())
    return found


BINARY_OPERATORS = {
    "add": "add", "sub": "sub", "mul": "mul", "truediv": "true_div", "floordiv": "floor_divide", "mod": "remainder",
    "pow": "pow", "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor", "lshift": "bitwise_left_shift",
    "rshift": "bitwise_right_shift", "matmul": "matmul", "eq": "eq", "ne": "ne", "lt": "lt", "le": "le", "gt": "gt",
    "ge": "ge",
}  # fmt: skip
"""Python's operators of two operands, ``__add__`` for ``add`` and so on, and the ops behind them."""

UNARY_OPERATORS = {"neg": "neg", "abs": "abs", "invert": "bitwise_not", "pos": "positive"}

COMPARISONS = frozenset(("eq", "ne", "lt", "le", "gt", "ge"))
"""Operators that have neither a reflected nor an in-place form."""

_COMMUTATIVE = frozenset(("add", "mul", "and", "or", "xor"))


def _operators() -> dict[str, Any]:
    found: dict[str, Any] = {f"__{python}__": table[name].call for python, name in UNARY_OPERATORS.items()}
    for python, name in BINARY_OPERATORS.items():
        op = table[name]
        found[f"__{python}__"] = op.operator
        if python in COMPARISONS:
            if python in ("eq", "ne"):
                found[f"__{python}__"] = _with_arrays(op.operator)
            continue
        found[f"__r{python}__"] = op.operator if python in _COMMUTATIVE else _reflected(op.operator)
        if op.inplace:
            found[f"__i{python}__"] = op.overwrite
    return found


def _with_arrays(operator: Any) -> Any:
    """(In)equality that takes NumPy arrays, which Python would otherwise compare by identity."""

    def compare(self: Any, other: Any) -> Any:
        found = operator(self, other)
        if found is NotImplemented and isinstance(other, np.ndarray):
            return operator(self, self.__array_wrap__(other))
        return found

    compare.__name__ = compare.__qualname__ = operator.__name__
    compare.__doc__, compare.__module__ = operator.__doc__, operator.__module__
    return compare


def _reflected(operator: Any) -> Any:
    return lambda self, other: operator(other, self) if isinstance(other, _TAKEN) else NotImplemented


_TAKEN = (int, float, complex, np.generic)
