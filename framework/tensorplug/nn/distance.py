"""Distances and similarities as layers."""

from __future__ import annotations

from tensorplug.nn import functional as F
from tensorplug.nn.module import Module
from tensorplug.tensor import Tensor


class PairwiseDistance(Module):
    """The p-norm of the differences of two batches of vectors.

    Args:
        p: of the norm.
        eps: added to the differences.
        keepdim: whether the vector dimension stays, with size 1.
    """

    def __init__(self, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> None:
        super().__init__()
        self.norm = p
        self.eps = eps
        self.keepdim = keepdim

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return F.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)


class CosineSimilarity(Module):
    """The cosine of the angle between two batches of vectors.

    Args:
        dim: the dimension of the vectors.
        eps: the least product of norms.
    """

    def __init__(self, dim: int = 1, eps: float = 1e-8) -> None:
        super().__init__()
        self.dim = dim
        self.eps = eps

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return F.cosine_similarity(x1, x2, self.dim, self.eps)
