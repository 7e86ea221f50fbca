"""What the suite asks the framework about itself: its op table, and what a device's backend says that it has.

This is the only module that looks past the public names.
"""

from __future__ import annotations

import tensorplug as tp
from tensorplug import left_out
from tensorplug.op import COMPOSITE, FUSED, PRIMITIVE, VIEW, Op, table
from tensorplug.registry import backend_of, kind_of, resolve

__all__ = [
    "COMPOSITE", "FUSED", "PRIMITIVE", "VIEW", "Op", "device_name", "has_kernel", "is_abstract", "left_out",
    "public_call", "table", "unsupported",
]  # fmt: skip

_WITHOUT_KERNEL = frozenset(("to_device",))
"""Primitives that the framework does by the backend's host copies."""


def unsupported(device: str) -> frozenset[str]:
    """The dtypes that a device's backend declares it lacks."""
    exact = resolve(device)
    return frozenset(dtype.name for dtype in backend_of(exact.type).unsupported_on(exact))


def device_name(device: str) -> str:
    """What a device calls itself."""
    exact = resolve(device)
    return backend_of(exact.type).device_name(exact)


def is_abstract(device: str) -> bool:
    """Whether a device's tensors have no data."""
    return backend_of(tp.device(device).type).abstract


def has_kernel(op: Op, dtype: str, device: str) -> bool:
    """Whether a device computes an op of the table: by a kernel, or because the op needs none."""
    if op.kind != PRIMITIVE or op.name in _WITHOUT_KERNEL or is_abstract(device):
        return True
    return kind_of(tp.device(device), getattr(tp, dtype)).kernels[op.name] is not None


_ROOTS = {"torch": "tp", "F": "F", "Tensor": "Tensor", "special": "tp.special", "linalg": "tp.linalg", "fft": "tp.fft"}
"""Where the ops of a space are found, in the order in which users look for them."""


def public_call(name: str) -> str:
    """How users reach an op: a function of the package or one of its modules, or a method; empty for private ops."""
    spaces = table[name].spaces if name in table else ()
    for space, prefix in _ROOTS.items():
        if space in spaces:
            return f"{prefix}.{name.removeprefix(space + '_')}"
    return ""
