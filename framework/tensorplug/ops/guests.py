"""Ops that plugins bring: rows of the op table and functions of ``tensorplug.ops`` while their plugin is there."""

from __future__ import annotations

import sys
import warnings
from typing import Any

from tensorplug import registry
from tensorplug.errors import PluginWarning
from tensorplug.op import Op, add_to_table, table
from tensorplug.ops.namespaces import functions_of

_entered: list[str] = []
_functions: dict[str, Any] = {}


def find(name: str) -> Any:
    """The function ``name`` of a plugin's op, or None. Plugins are looked for the first time it is asked for."""
    registry.discover()
    return _functions.get(name)


def names() -> list[str]:
    """The names of the functions that plugins' ops have now."""
    return list(_functions)


def _refresh() -> None:
    for name in _entered:
        del table[name]
    _entered.clear()
    _functions.clear()
    # pluggy answers with the newest plugin first; the older one keeps a name that both want.
    for ops in reversed(registry.hooks().tensorplug_ops()):
        for op in ops or ():
            _enter(op)
    _warn_of_idle_kernels()


def _enter(op: Op) -> None:
    if not isinstance(op, Op):
        raise TypeError(f"tensorplug_ops: expected ops made by the decorators of tensorplug.extend, got {op!r}")
    functions = functions_of(op)
    taken = [name for name in functions if name in _functions or name in vars(sys.modules["tensorplug.ops"])]
    if op.name in table or taken:
        raise ValueError(f"tensorplug_ops: the name '{(taken or [op.name])[0]}' is taken; give the op another one")
    add_to_table(op)
    _entered.append(op.name)
    _functions.update(functions)


def _warn_of_idle_kernels() -> None:
    for device_type, name in registry.contributed_kernels():
        if name not in table:
            warnings.warn(
                f"a plugin brings a kernel '{name}' for device '{device_type}', but there is no op of this name, "
                "so it will never run",
                PluginWarning,
                stacklevel=2,
            )


registry.on_change(_refresh)
