"""Custom autograd functions under ``autocast``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from tensorplug.amp.autocast import autocast, current_dtype
from tensorplug.base import TensorBase
from tensorplug.dtypes import DType, float64


def custom_fwd(
    fwd: Callable[..., Any] | None = None, *, device_type: str, cast_inputs: DType | None = None
) -> Callable[..., Any]:
    """Decorator for ``forward`` of a custom ``autograd.Function``: its backward will run under the same ``autocast``.

    Args:
        device_type: the type of devices it computes on.
        cast_inputs: where ``autocast`` is on, convert floating-point inputs to this and run with ``autocast`` off.
    """
    if fwd is None:
        return functools.partial(custom_fwd, device_type=device_type, cast_inputs=cast_inputs)
    forward = fwd

    @functools.wraps(forward)
    def decorated(ctx: Any, *args: Any, **kwargs: Any) -> Any:
        dtype = current_dtype(device_type)
        if cast_inputs is None or dtype is None:
            ctx._autocast_dtype = dtype
            return forward(ctx, *args, **kwargs)
        ctx._autocast_dtype = None
        with autocast(device_type, enabled=False):
            return forward(
                ctx,
                *[_cast(x, device_type, cast_inputs) for x in args],
                **{name: _cast(x, device_type, cast_inputs) for name, x in kwargs.items()},
            )

    return decorated


def custom_bwd(bwd: Callable[..., Any] | None = None, *, device_type: str) -> Callable[..., Any]:
    """Decorator for ``backward`` of a custom ``autograd.Function`` whose forward has ``custom_fwd``."""
    if bwd is None:
        return functools.partial(custom_bwd, device_type=device_type)
    backward = bwd

    @functools.wraps(backward)
    def decorated(ctx: Any, *args: Any, **kwargs: Any) -> Any:
        dtype = ctx._autocast_dtype
        with autocast(device_type, dtype, enabled=dtype is not None):
            return backward(ctx, *args, **kwargs)

    return decorated


def _cast(value: Any, device_type: str, dtype: DType) -> Any:
    if isinstance(value, TensorBase):
        own = value._kind
        wanted = own.device.type == device_type and own.dtype.is_floating_point and own.dtype is not float64
        return value.to(dtype) if wanted else value  # type: ignore[attr-defined]
    if isinstance(value, Mapping):
        return type(value)({name: _cast(x, device_type, dtype) for name, x in value.items()})  # type: ignore[call-arg]
    if isinstance(value, list | tuple):
        return type(value)(_cast(x, device_type, dtype) for x in value)
    return value
