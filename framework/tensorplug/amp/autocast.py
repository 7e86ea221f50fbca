"""``autocast``: every op in the precision that suits it."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from tensorplug.autograd.grad_mode import state
from tensorplug.base import TensorBase, version_of
from tensorplug.device import Device
from tensorplug.dispatch import pop_interpreter, push_interpreter, run
from tensorplug.dtypes import HALF, DType, bfloat16, float16, float32, float64
from tensorplug.op import Op
from tensorplug.precision import FLOAT32, LOWER, POLICIES
from tensorplug.registry import device_types

F = TypeVar("F", bound=Callable[..., Any])
Tensor = Any

_lower_dtypes: dict[str, DType] = {"cpu": bfloat16}


def get_autocast_dtype(device_type: str) -> DType:
    """The dtype that ``autocast`` uses on a device type: float16 unless it was set, bfloat16 on the CPU."""
    return _lower_dtypes.get(device_type, float16)


def set_autocast_dtype(device_type: str, dtype: DType) -> None:
    """Set the dtype that ``autocast`` uses on a device type.

    Raises:
        RuntimeError: neither float16 nor bfloat16.
    """
    if dtype not in HALF:
        raise RuntimeError(f"autocast uses float16 or bfloat16, not {dtype}")
    _lower_dtypes[device_type] = dtype


def is_autocast_available(device_type: str) -> bool:
    """Whether a plugin brings such devices."""
    return device_type in device_types()


def is_autocast_enabled(device_type: str | None = None) -> bool:
    """Whether ops of this thread run under ``autocast``: on a device type, or on any.

    Example:
        >>> import tensorplug as tp
        >>> with tp.autocast("cpu"):
        ...     tp.is_autocast_enabled("cpu")
        True
    """
    return current_dtype(device_type) is not None


def current_dtype(device_type: str | None) -> DType | None:
    """The dtype that the innermost ``autocast`` of a device type (or of any) uses; None where there is none, or off."""
    for interpreter in reversed(state.interpreters):
        if isinstance(interpreter, _Casting) and device_type in (None, interpreter.device_type):
            return interpreter.dtype
    return None


class autocast:
    """A context manager, usable as a decorator, in which every op runs in the precision that suits it.

    Matrix products, convolutions and attention take their float32 inputs in half precision; powers, exponentials,
    sums, norms, softmax and losses compute in float32; ops that want all inputs of one dtype get the widest of theirs;
    all others take tensors as they come (``tensorplug.precision`` has the lists). float64 tensors are left alone.
    Gradients come back in the dtype of the tensors they belong to. Call ``backward()`` outside.

    Args:
        device_type: the type of the devices whose tensors are cast, such as ``"cuda"``.
        dtype: float16 or bfloat16; by default ``get_autocast_dtype(device_type)``.
        enabled: ``False`` switches off what an ``autocast`` around this one does.
        cache_enabled: cast each parameter only once while the outermost ``autocast`` lasts.

    Raises:
        RuntimeError: no plugin brings such a device type.

    Example:
        >>> import tensorplug as tp
        >>> a = tp.ones(2, 2)
        >>> with tp.autocast("cpu"):
        ...     b = a @ a
        ...     c = b.softmax(0)
        >>> b.dtype, c.dtype
        (tensorplug.bfloat16, tensorplug.float32)
    """

    def __init__(
        self, device_type: str, dtype: DType | None = None, enabled: bool = True, cache_enabled: bool | None = None
    ) -> None:
        if not isinstance(device_type, str):
            raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
        self.device = Device(device_type).type
        if not is_autocast_available(self.device):
            raise RuntimeError(
                f"autocast: no plugin brings devices of type '{self.device}'; there are {', '.join(device_types())}"
            )
        self.fast_dtype = get_autocast_dtype(self.device) if dtype is None else dtype
        if enabled and self.fast_dtype not in HALF:
            warnings.warn(
                f"autocast uses float16 or bfloat16, not {self.fast_dtype}: it is disabled here", stacklevel=2
            )
            enabled = False
        self._casting = _Casting(self.device, self.fast_dtype if enabled else None, cache_enabled is not False)

    def __enter__(self) -> autocast:
        push_interpreter(self._casting)
        return self

    def __exit__(self, *exception: object) -> None:
        pop_interpreter()
        if not any(isinstance(i, _Casting) for i in state.interpreters):
            _cache.clear()

    def __call__(self, function: F) -> F:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return wrapper  # type: ignore[return-value]


_cache: dict[tuple[int, DType], tuple[Tensor, int, Tensor]] = {}
"""(id of a parameter, dtype) -> the parameter, its version then, its cast."""


class _Casting:
    """The interpreter behind ``autocast``."""

    def __init__(self, device_type: str, dtype: DType | None, cached: bool) -> None:
        self.device_type = device_type
        self.dtype = dtype
        self._cached = cached

    def __call__(self, op: Op, *plan: Any) -> Any:
        return run(op, *plan)

    def around(self, op: Op, call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Make a call with its tensors cast as the op's policy says, if they are on this device type."""
        tensors = [x for value in (*args, *kwargs.values()) for x in _flat(value)]
        if not any(x._kind.device.type == self.device_type for x in tensors):
            return NotImplemented
        policy = POLICIES[op.name]
        if self.dtype is None or (policy == FLOAT32 and kwargs.get("dtype") is not None):
            return call(*args, **kwargs)
        dtype = self.dtype if policy == LOWER else float32
        if policy not in (LOWER, FLOAT32) and all(x._kind.dtype is not float32 for x in tensors):
            return call(*args, **kwargs)
        cast = functools.partial(self._cast, dtype=dtype)
        return call(*[_mapped(cast, x) for x in args], **{name: _mapped(cast, x) for name, x in kwargs.items()})

    def _cast(self, tensor: Tensor, dtype: DType) -> Tensor:
        kind = tensor._kind
        own = kind.dtype
        if own is dtype or own is float64 or not own.is_floating_point or kind.device.type != self.device_type:
            return tensor
        # Parameters are cast again and again; under no_grad a cast would be kept without its place in the graph.
        if not (
            self._cached and state.grad and tensor._requires_grad and tensor._node is None and tensor._base is None
        ):
            return tensor.to(dtype)
        key = id(tensor), dtype
        found = _cache.get(key)
        if found is None or found[1] != version_of(tensor):
            found = _cache[key] = tensor, version_of(tensor), tensor.to(dtype)
        return found[2]


def _flat(value: Any) -> list[Tensor]:
    if isinstance(value, TensorBase):
        return [value]
    return [x for x in value if isinstance(x, TensorBase)] if isinstance(value, list | tuple) else []


def _mapped(function: Callable[[Tensor], Tensor], value: Any) -> Any:
    if isinstance(value, TensorBase):
        return function(value)
    if isinstance(value, list | tuple) and any(isinstance(x, TensorBase) for x in value):
        return [function(x) if isinstance(x, TensorBase) else x for x in value]
    return value
