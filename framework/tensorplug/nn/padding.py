"""Padding layers.

``padding`` is one width for all sides, or (left, right, top, bottom, front, back), two for each dimension.
Widths below zero cut off instead.
"""

from __future__ import annotations

from typing import ClassVar

from tensorplug.nn import functional as F
from tensorplug.nn._sizes import Sizes, per_dim
from tensorplug.nn.module import Module
from tensorplug.tensor import Tensor


class _Pad(Module):
    _rank: ClassVar[int]
    _mode: ClassVar[str]

    def __init__(self, padding: Sizes) -> None:
        super().__init__()
        self.padding = per_dim(padding, 2 * self._rank)

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, self._mode)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class _ConstantPad(_Pad):
    def __init__(self, padding: Sizes, value: float) -> None:
        super().__init__(padding)
        self.value = value

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, "constant", self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class ConstantPad1d(_ConstantPad):
    """Pads sequences with ``value``.

    Args:
        padding: the widths.
        value: what the padding holds.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.ConstantPad1d((1, 2), 3.5)(tp.zeros(1, 2))
        tensor([[3.5000, 0.0000, 0.0000, 3.5000, 3.5000]])
    """

    _rank = 1


class ConstantPad2d(_ConstantPad):
    """Pads images with ``value``; see ``ConstantPad1d``."""

    _rank = 2


class ConstantPad3d(_ConstantPad):
    """Pads volumes with ``value``; see ``ConstantPad1d``."""

    _rank = 3


class _ZeroPad(_ConstantPad):
    def __init__(self, padding: Sizes) -> None:
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class ZeroPad1d(_ZeroPad):
    """Pads sequences with zeros.

    Args:
        padding: the widths.
    """

    _rank = 1


class ZeroPad2d(_ZeroPad):
    """Pads images with zeros.

    Args:
        padding: the widths.
    """

    _rank = 2


class ZeroPad3d(_ZeroPad):
    """Pads volumes with zeros.

    Args:
        padding: the widths.
    """

    _rank = 3


class ReflectionPad1d(_Pad):
    """Pads sequences with their mirror image, without the edge itself.

    Args:
        padding: the widths, below the sizes.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.ReflectionPad1d(2)(tp.tensor([[0.0, 1.0, 2.0]]))
        tensor([[2., 1., 0., 1., 2., 1., 0.]])
    """

    _rank, _mode = 1, "reflect"


class ReflectionPad2d(_Pad):
    """Pads images with their mirror image; see ``ReflectionPad1d``."""

    _rank, _mode = 2, "reflect"


class ReflectionPad3d(_Pad):
    """Pads volumes with their mirror image; see ``ReflectionPad1d``."""

    _rank, _mode = 3, "reflect"


class ReplicationPad1d(_Pad):
    """Pads sequences with their edges.

    Args:
        padding: the widths.
    """

    _rank, _mode = 1, "replicate"


class ReplicationPad2d(_Pad):
    """Pads images with their edges.

    Args:
        padding: the widths.
    """

    _rank, _mode = 2, "replicate"


class ReplicationPad3d(_Pad):
    """Pads volumes with their edges.

    Args:
        padding: the widths.
    """

    _rank, _mode = 3, "replicate"


class CircularPad1d(_Pad):
    """Pads sequences with themselves, as if they repeated.

    Args:
        padding: the widths, at most the sizes.
    """

    _rank, _mode = 1, "circular"


class CircularPad2d(_Pad):
    """Pads images with themselves, as if they repeated.

    Args:
        padding: the widths, at most the sizes.
    """

    _rank, _mode = 2, "circular"


class CircularPad3d(_Pad):
    """Pads volumes with themselves, as if they repeated.

    Args:
        padding: the widths, at most the sizes.
    """

    _rank, _mode = 3, "circular"
