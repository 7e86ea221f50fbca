"""Forward-mode differentiation by hand: ``tensorplug.autograd.forward_ad``.

Example:
    >>> import tensorplug as tp
    >>> import tensorplug.autograd.forward_ad as fwAD
    >>> with fwAD.dual_level():
    ...     x = fwAD.make_dual(tp.tensor(3.0), tp.tensor(1.0))
    ...     fwAD.unpack_dual(x * x).tangent
    tensor(6.)
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from tensorplug.base import TensorBase
from tensorplug.func.reverse import twin
from tensorplug.func.tangents import ForwardLevel

Tensor = Any

__all__ = [
    "UnpackedDualTensor",
    "dual_level",
    "enter_dual_level",
    "exit_dual_level",
    "make_dual",
    "unpack_dual",
]


class UnpackedDualTensor(NamedTuple):
    """A tensor and its tangent.

    Attributes:
        primal: the tensor without its tangent.
        tangent: None for a tensor that does not depend on any dual one.
    """

    primal: Tensor
    tangent: Tensor | None


class _Current(threading.local):
    """The level of this thread, and what takes it off the stack."""

    level: ForwardLevel | None = None
    context: AbstractContextManager[Any] | None = None


_current = _Current()


def enter_dual_level() -> int:
    """Start a level; tensors made dual belong to it.

    Returns:
        Its number, which is 0.

    Raises:
        RuntimeError: there is one already.
    """
    if _current.level is not None:
        raise RuntimeError("Nested forward mode AD is not supported at the moment: use tensorplug.func.jvp to nest")
    level = ForwardLevel()
    context = level.entered()
    context.__enter__()
    _current.level, _current.context = level, context
    return 0


def exit_dual_level(*, level: int | None = None) -> None:
    """End the level; tangents are gone with it.

    Raises:
        RuntimeError: there is none, or another number.
    """
    if _current.level is None or _current.context is None:
        raise RuntimeError("Trying to exit a forward AD level but none is active")
    if level not in (None, 0):
        raise RuntimeError(f"Trying to exit a forward AD level that was not the last one that was created: {level}")
    context = _current.context
    _current.level.close()
    _current.level = _current.context = None
    context.__exit__(None, None, None)


class dual_level:
    """A context in which tensors can be dual.

    Example:
        >>> import tensorplug as tp
        >>> import tensorplug.autograd.forward_ad as fwAD
        >>> with fwAD.dual_level():
        ...     y = fwAD.make_dual(tp.ones(2), tp.tensor([1.0, 2.0])).exp()
        ...     print(fwAD.unpack_dual(y).tangent)
        tensor([2.7183, 5.4366])
    """

    def __enter__(self) -> int:
        return enter_dual_level()

    def __exit__(self, *exception: object) -> None:
        exit_dual_level()


def _level_of(name: str, level: int | None) -> ForwardLevel | None:
    if level not in (None, 0):
        raise RuntimeError(f"{name}: there is no forward AD level {level}; levels are not nested, the only one is 0")
    return _current.level


def make_dual(tensor: Tensor, tangent: Tensor, *, level: int | None = None) -> Tensor:
    """The tensor with a tangent: the direction in which derivatives are taken.

    Args:
        tensor: floating-point or complex; the result shares its memory and place in the graph.
        tangent: of its shape.

    Raises:
        RuntimeError: no level was entered, or shapes or devices differ.
        ValueError: ``tensor`` is neither floating-point nor complex.
    """
    current = _level_of("make_dual", level)
    if current is None:
        raise RuntimeError(
            "Trying to create a dual Tensor for forward AD but no level exists, make sure to enter_dual_level() first."
        )
    for name, value in (("primal", tensor), ("tangent", tangent)):
        if not isinstance(value, TensorBase):
            raise TypeError(f"make_dual(): {name} must be Tensor, not {type(value).__name__}")
        if not value._kind.dtype.is_differentiable:
            raise ValueError(f"Expected {name} to be floating point or complex, but got: {value._kind.dtype}")
    if tensor._shape != tangent._shape:
        raise RuntimeError(
            f"Expected tangent to have the same size as primal {list(tensor._shape)}, but got {list(tangent._shape)}"
        )
    if tensor._kind.device is not tangent._kind.device:
        raise RuntimeError(
            f"Expected tangent to be on the device of primal, {tensor._kind.device}, but got {tangent._kind.device}"
        )
    return current.dual(tensor, tangent)


def unpack_dual(tensor: Tensor, *, level: int | None = None) -> UnpackedDualTensor:
    """The tensor and its tangent, None where it has none or no level is active."""
    current = _level_of("unpack_dual", level)
    if current is None:
        return UnpackedDualTensor(tensor, None)
    tangent = current.tangent(tensor)
    if tangent is None:
        return UnpackedDualTensor(tensor, None)
    primal = twin(tensor)
    primal._tangents = {n: e for n, e in (tensor._tangents or {}).items() if n != current.number} or None
    return UnpackedDualTensor(primal, tangent)
