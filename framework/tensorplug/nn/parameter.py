"""Tensors that modules recognise: parameters, which are trained, and buffers, which are only state."""

from __future__ import annotations

from typing import Any

from tensorplug.factories import empty
from tensorplug.tensor import Tensor


class Parameter(Tensor):
    """A tensor that becomes a module's parameter when assigned as its attribute.

    Args:
        data: the values, shared rather than copied; an empty tensor by default.
        requires_grad: whether gradients are computed for it, also when it is made under ``no_grad``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.Parameter(tp.ones(2))
        Parameter containing:
        tensor([1., 1.], requires_grad=True)
    """

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Parameter:
        if data is None:
            data = empty(0)
        if not isinstance(data, Tensor):
            raise TypeError(f"Parameter(): argument 'data' must be Tensor, not {type(data).__name__}")
        return Tensor._make_subclass(cls, data, requires_grad)

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        # Without the gradient, which belongs to the original's training.
        if id(self) not in memo:
            memo[id(self)] = type(self)(self.data.clone(), self.requires_grad)
        return memo[id(self)]

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()


class Buffer(Tensor):
    """A tensor that becomes a module's buffer when assigned as its attribute.

    Args:
        data: the values, shared rather than copied; an empty tensor by default.
        persistent: whether the buffer is part of the module's ``state_dict``.

    Example:
        >>> import tensorplug as tp
        >>> module = tp.nn.Module()
        >>> module.mean = tp.nn.Buffer(tp.zeros(2))
        >>> list(module.state_dict())
        ['mean']
    """

    persistent: bool

    def __new__(cls, data: Tensor | None = None, *, persistent: bool = True) -> Buffer:
        if data is None:
            data = empty(0)
        buffer = Tensor._make_subclass(cls, data, data.requires_grad)
        buffer.persistent = persistent
        return buffer
