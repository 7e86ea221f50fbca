"""Activations whose expression depends on a param."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from tensorplug.dtypes import DType
from tensorplug_opencl.array import Array
from tensorplug_opencl.elementwise import Map, Mapped
from tensorplug_opencl.expressions import expression
from tensorplug_opencl.kernels.elementwise import make


@cache
def _mapped(name: str, dtype: DType, operands: int) -> Mapped:
    text = expression(name, dtype)
    assert text is not None
    return Mapped(Map(dtype, (text,), (dtype,), (dtype,) * operands))


def gelu(x: Array, approximate: str) -> Array:
    return _mapped(f"gelu_{approximate}", x.dtype, 1)((x,))[0]


def gelu_backward(g: Array, x: Array, approximate: str) -> Array:
    return _mapped(f"gelu_{approximate}_backward", x.dtype, 2)((g, x))[0]


def clamp(x: Array, low: Any, high: Any) -> Array:
    for name, limit in (("maximum", low), ("minimum", high)):
        if limit is not None:
            x = _limited(name, x.dtype)(x, limit)
    return x


@cache
def _limited(name: str, dtype: DType) -> Any:
    return make(name, dtype)


FUNCTIONS: dict[str, Callable[..., Any]] = {"gelu": gelu, "gelu_backward": gelu_backward, "clamp": clamp}
"""For real arrays."""
