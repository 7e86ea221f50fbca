"""Dropout layers: they set random elements or channels to zero in training mode and do nothing otherwise."""

from __future__ import annotations

from tensorplug.nn import functional as F
from tensorplug.nn.module import Module
from tensorplug.tensor import Tensor


class _Dropout(Module):
    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p = p
        self.inplace = inplace

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_Dropout):
    """Sets each element to zero with probability ``p`` and divides the others by ``1 - p``.

    Args:
        p: the probability, between 0 and 1.
        inplace: whether the input itself is changed.

    Raises:
        ValueError: ``p`` is not between 0 and 1.

    Source: Hinton et al., Improving neural networks by preventing co-adaptation of feature detectors, 2012.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.Dropout(0.2).eval()(tp.ones(3))
        tensor([1., 1., 1.])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout(input, self.p, self.training, self.inplace)


class Dropout1d(_Dropout):
    """Sets whole channels of sequences ``(N, C, L)`` or ``(C, L)`` to zero with probability ``p``.

    Args:
        p: the probability, between 0 and 1.
        inplace: whether the input itself is changed.
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout1d(input, self.p, self.training, self.inplace)


class Dropout2d(_Dropout):
    """Sets whole channels of images ``(N, C, H, W)`` to zero with probability ``p``.

    Args:
        p: the probability, between 0 and 1.
        inplace: whether the input itself is changed.

    Source: Tompson et al., Efficient object localization using convolutional networks, 2015.
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout2d(input, self.p, self.training, self.inplace)


class Dropout3d(_Dropout):
    """Sets whole channels of volumes ``(N, C, D, H, W)`` to zero with probability ``p``.

    Args:
        p: the probability, between 0 and 1.
        inplace: whether the input itself is changed.
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout3d(input, self.p, self.training, self.inplace)


class AlphaDropout(_Dropout):
    """Dropout that keeps mean and variance of inputs with zero mean and unit variance, for use with ``SELU``.

    Args:
        p: the probability, between 0 and 1.
        inplace: whether the input itself is changed.

    Source: Klambauer et al., Self-normalizing neural networks, 2017.
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.alpha_dropout(input, self.p, self.training)


class FeatureAlphaDropout(_Dropout):
    """``AlphaDropout`` of whole channels.

    Args:
        p: the probability, between 0 and 1.
        inplace: whether the input itself is changed.
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.feature_alpha_dropout(input, self.p, self.training)
