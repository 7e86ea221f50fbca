"""Linear algebra: ``tensorplug.linalg``. ``linalg.pyi``, generated, shows editors what is here."""

from __future__ import annotations

from tensorplug.errors import LinAlgError
from tensorplug.ops.namespaces import functions_in

linalg_functions = functions_in("linalg")
globals().update(linalg_functions)

__all__ = ["LinAlgError", *linalg_functions]
