"""float16 and bfloat16 for NumPy-like libraries: compute in float32 and round once, which loses less."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.dtypes import HALF, DType, float32

Kernel = Callable[..., Any]

MOVES_ONLY = frozenset((
    "cast", "clone", "cat", "flip", "gather", "index_select", "where", "masked_fill", "nonzero_rows", "constant_pad",
    "neg", "abs", "eq", "ne", "lt", "le", "gt", "ge", "isnan", "random_uniform", "random_normal", "filled", "counted",
    "nextafter", "uninitialized",
))  # fmt: skip
"""Ops that move, compare or make elements: no arithmetic that rounds, so no detour through float32."""


def through_float32(kernel: Kernel, half: DType, array_type: type[Any]) -> Kernel:
    """A kernel for ``half`` made from one for float32.

    Args:
        kernel: takes arrays, tuples of arrays, dtypes and other parameters; returns an array or a tuple of them.
        half: float16 or bfloat16.
        array_type: the library's arrays.

    Returns:
        The kernel that widens its arguments and rounds its results.

    Example:
        >>> import numpy as np
        >>> from tensorplug.dtypes import float16
        >>> x = np.array([300.0], np.float16)
        >>> through_float32(lambda a: a * a / a, float16, np.ndarray)(x)
        array([300.], dtype=float16)
    """
    narrow, wide = half.numpy, float32.numpy

    def up(x: Any) -> Any:
        if isinstance(x, array_type):
            return x.astype(wide) if x.dtype == narrow else x
        if x.__class__ is tuple:
            return tuple(map(up, x))
        return float32 if isinstance(x, DType) and x in HALF else x

    def down(x: Any) -> Any:
        return x.astype(narrow) if isinstance(x, array_type) and x.dtype == wide else x

    def call(*args: Any) -> Any:
        found = kernel(*map(up, args))
        return tuple(map(down, found)) if isinstance(found, tuple) else down(found)

    return call
