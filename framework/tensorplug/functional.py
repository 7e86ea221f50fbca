"""Every op as a free function, taken from the op table. ``functional.pyi``, generated, shows editors what is here."""

from __future__ import annotations

from tensorplug.ops.namespaces import functions_in

torch_functions = functions_in("torch")
nn_functions = functions_in("F")
globals().update(nn_functions, **torch_functions)

__all__ = ["nn_functions", "torch_functions", *{**torch_functions, **nn_functions}]
