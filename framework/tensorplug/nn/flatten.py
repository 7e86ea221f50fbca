"""Layers that change the shape only."""

from __future__ import annotations

from typing import Any

from tensorplug.nn.module import Module
from tensorplug.shapes import Size
from tensorplug.tensor import Tensor


class Flatten(Module):
    """Joins the dimensions ``start_dim`` to ``end_dim`` into one.

    Args:
        start_dim: the first to join; 1 by default, which leaves the batch alone.
        end_dim: the last to join.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.Flatten()(tp.ones(32, 1, 5, 5)).shape
        tensorplug.Size([32, 25])
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, input: Tensor) -> Tensor:
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """Splits one dimension into several.

    Args:
        dim: the dimension to split.
        unflattened_size: the sizes to split it into, one of which may be -1.

    Raises:
        TypeError: ``unflattened_size`` is no tuple or list of ints.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.Unflatten(1, (2, 5, 5))(tp.ones(2, 50)).shape
        tensorplug.Size([2, 2, 5, 5])
    """

    def __init__(self, dim: int | str, unflattened_size: Any) -> None:
        super().__init__()
        if not isinstance(dim, int):
            raise TypeError(f"dim must be an int (named dimensions do not exist here), but found {type(dim).__name__}")
        if not isinstance(unflattened_size, tuple | list):
            raise TypeError(
                f"unflattened_size must be a tuple of ints, but found type {type(unflattened_size).__name__}"
            )
        for position, size in enumerate(unflattened_size):
            if not isinstance(size, int):
                raise TypeError(
                    "unflattened_size must be tuple of ints, but found element of type "
                    f"{type(size).__name__} at pos {position}"
                )
        self.dim = dim
        self.unflattened_size = unflattened_size

    def forward(self, input: Tensor) -> Tensor:
        return input.unflatten(self.dim, Size(self.unflattened_size))

    def extra_repr(self) -> str:
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
