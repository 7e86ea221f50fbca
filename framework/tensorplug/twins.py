"""Functions that are methods of ``Tensor`` under the same name, and questions about objects."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from tensorplug.autograd.anomaly import is_anomaly_check_nan_enabled, is_anomaly_enabled, set_detect_anomaly
from tensorplug.overwriting import write_out
from tensorplug.tensor import Tensor, UntypedStorage

__all__ = [
    "conj_physical",
    "conj_physical_",
    "detach",
    "detach_",
    "fill_",
    "get_device",
    "imag",
    "is_anomaly_check_nan_enabled",
    "is_anomaly_enabled",
    "is_conj",
    "is_distributed",
    "is_inference",
    "is_neg",
    "is_nonzero",
    "is_same_size",
    "is_signed",
    "is_storage",
    "real",
    "resize_as_",
    "resolve_conj",
    "resolve_neg",
    "set_anomaly_enabled",
    "typename",
    "zero_",
]


def _twin(name: str) -> Callable[..., Any]:
    method = getattr(Tensor, name)

    @functools.wraps(method)
    def function(input: Tensor, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(input, Tensor):
            raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
        return method(input, *args, **kwargs)

    function.__qualname__, function.__module__ = name, __name__
    return function


conj_physical_ = _twin("conj_physical_")
detach = _twin("detach")
detach_ = _twin("detach_")
fill_ = _twin("fill_")
get_device = _twin("get_device")
is_conj = _twin("is_conj")
is_distributed = _twin("is_distributed")
is_inference = _twin("is_inference")
is_neg = _twin("is_neg")
is_nonzero = _twin("is_nonzero")
is_same_size = _twin("is_same_size")
is_signed = _twin("is_signed")
resize_as_ = _twin("resize_as_")
resolve_conj = _twin("resolve_conj")
resolve_neg = _twin("resolve_neg")
zero_ = _twin("zero_")


def real(input: Tensor) -> Tensor:
    """The real parts; a real tensor itself.

    Example:
        >>> import tensorplug as tp
        >>> tp.real(tp.tensor([1 + 2j]))
        tensor([1.])
    """
    return input.real


def imag(input: Tensor) -> Tensor:
    """The imaginary parts of a complex tensor.

    Raises:
        RuntimeError: the tensor is real.
    """
    return input.imag


def conj_physical(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The complex conjugate; a real tensor itself.

    Example:
        >>> import tensorplug as tp
        >>> tp.conj_physical(tp.tensor([1 + 2j]))
        tensor([1.-2.j])
    """
    if out is None:
        return input.conj()
    found: Tensor = write_out("conj_physical", out, input.conj, ((input,), {}))
    return found


def set_anomaly_enabled(mode: bool, check_nan: bool = True) -> None:
    """Switches anomaly detection of this thread on or off; see ``tensorplug.autograd.set_detect_anomaly``."""
    set_detect_anomaly(mode, check_nan)


def is_storage(obj: Any) -> bool:
    """Whether ``obj`` is the memory of a tensor, as ``Tensor.untyped_storage`` returns it."""
    return isinstance(obj, UntypedStorage)


def typename(obj: Any) -> str:
    """The name of an object's type, of a class or function its own, with the module; of a tensor ``Tensor.type()``.

    Example:
        >>> import tensorplug as tp
        >>> tp.typename(tp.tensor([1])), tp.typename(3)
        ('tensorplug.LongTensor', 'int')
    """
    if isinstance(obj, Tensor):
        return str(obj.type())
    named = obj if hasattr(obj, "__qualname__") else type(obj)
    module = named.__module__ or ""
    return named.__qualname__ if module in ("", "builtins") else f"{module}.{named.__qualname__}"
