"""Every op as a free function, taken from the op table. ``functional.pyi``, generated, shows editors what is here."""

from __future__ import annotations

from typing import Any

from tensorplug import ops
from tensorplug.op import table
from tensorplug.ops.methods import functions_of


def functions_in(space: str) -> dict[str, Any]:
    """The functions that the table gives the namespace ``space`` (``"torch"`` or ``"F"``)."""
    found: dict[str, Any] = {}
    for op in table.values():
        if space in op.spaces:
            found.update(functions_of(op))
    return found


torch_functions = functions_in("torch")
nn_functions = functions_in("F")
globals().update(nn_functions, **torch_functions)

__all__ = ["functions_in", "nn_functions", "ops", "torch_functions"]
__all__ += [*torch_functions, *nn_functions]
