"""Looking at what a transform computes with, for debugging."""

from __future__ import annotations

from typing import Any

from tensorplug.base import alias
from tensorplug.func.batched import BatchedTensor

Tensor = Any


def debug_unwrap(tensor: Tensor, *, recurse: bool = True) -> Tensor:
    """What a tensor inside a transform stands for: under ``vmap``, all examples at once.

    Args:
        tensor: any tensor; one that no transform has changed comes back as it is.
        recurse: go through all transforms, not only the innermost.

    Example:
        >>> import tensorplug as tp
        >>> def f(x):
        ...     print(tp.func.debug_unwrap(x))
        ...     return x
        >>> _ = tp.vmap(f)(tp.tensor([1.0, 2.0]))
        tensor([1., 2.])
    """
    while isinstance(tensor, BatchedTensor):
        tensor = tensor._value
        if not recurse:
            return tensor
    return alias(tensor) if tensor._tangents else tensor
