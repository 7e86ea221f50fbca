"""Names from the time when variables were not tensors."""

from __future__ import annotations

from typing import Any

from tensorplug.base import TensorBase, alias


class _VariableMeta(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, TensorBase)


class Variable(metaclass=_VariableMeta):
    """An old name of tensors: every tensor is an instance, and calling it gives a tensor.

    Args:
        data: a tensor, whose memory the result shares.
        requires_grad: whether the result, a leaf, requires grad.

    Raises:
        TypeError: ``data`` is no tensor.

    Example:
        >>> import tensorplug as tp
        >>> tp.autograd.Variable(tp.ones(2), requires_grad=True)
        tensor([1., 1.], requires_grad=True)
    """

    def __new__(cls, data: Any, requires_grad: bool = False, volatile: Any = None) -> Any:
        if not isinstance(data, TensorBase):
            raise TypeError(f"Variable data has to be a tensor, but got {type(data).__name__}")
        made = alias(data)
        made.requires_grad = requires_grad
        return made


def variable(*args: Any, **kwargs: Any) -> Any:
    """Gone: use ``tensorplug.tensor``.

    Raises:
        RuntimeError: always.
    """
    raise RuntimeError("autograd.variable(...) is deprecated, use tensorplug.tensor(...) instead")
