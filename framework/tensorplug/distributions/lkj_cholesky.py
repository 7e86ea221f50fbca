"""The LKJ distribution of correlation matrices, by their Cholesky factors."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.autograd.grad_mode import no_grad
from tensorplug.distributions import constraints
from tensorplug.distributions.beta import Beta
from tensorplug.distributions.distribution import Distribution
from tensorplug.distributions.utils import broadcast_all
from tensorplug.factories import arange, randn
from tensorplug.functional import mvlgamma
from tensorplug.tensor import Tensor
from tensorplug.typeinfo import finfo


class LKJCholesky(Distribution):
    """Lower Cholesky factors of correlation matrices whose density is a power of their determinant.

    Draws are made row by row by the "onion" method.

    Args:
        dim: the size of the matrices, from 2.
        concentration: the power plus 1: 1 makes all correlation matrices equally likely.
        validate_args: as for ``Distribution``.

    Raises:
        ValueError: ``dim`` is below 2.

    Source: Lewandowski, Kurowicka and Joe, "Generating random correlation matrices based on vines and extended onion
    method", 2009.

    Example:
        >>> import tensorplug as tp
        >>> factor = tp.distributions.LKJCholesky(3, 0.5).sample()
        >>> (factor @ factor.mT).diagonal().allclose(tp.ones(3))
        True
    """

    arg_constraints = {"concentration": constraints.positive}
    support = constraints.corr_cholesky

    def __init__(self, dim: int, concentration: Any = 1.0, validate_args: bool | None = None) -> None:
        if dim < 2:
            raise ValueError(f"Expected dim to be an integer greater than or equal to 2. Found dim={dim}.")
        self.dim = dim
        (self.concentration,) = broadcast_all(concentration)
        super().__init__(self.concentration.shape, (dim, dim), validate_args=validate_args)
        self._beta = self._row_lengths()

    def _row_lengths(self) -> Beta:
        """The squared length of each row left of the diagonal (of the first row, which has nothing there, unused)."""
        places = arange(self.dim, dtype=self.concentration.dtype, device=self.concentration.device).clamp(min=1)
        marginal = self.concentration + (self.dim - 1) / 2
        return Beta(places / 2, marginal.unsqueeze(-1) - places / 2, validate_args=False)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = super().expand(batch_shape, _instance)
        new.dim = self.dim
        new._beta = new._row_lengths()
        return new

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            like = self.concentration
            squared = self._beta.sample(sample_shape).unsqueeze(-1)
            direction = randn(self._extended_shape(sample_shape), dtype=like.dtype, device=like.device).tril(-1)
            direction = direction / direction.norm(dim=-1, keepdim=True).clamp(min=finfo(like.dtype).tiny)
            below = squared.sqrt() * direction
            diagonal = (1 - below.square().sum(-1)).clamp(min=finfo(like.dtype).tiny).sqrt()
            return below + diagonal.diag_embed()

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        # The determinant, and the volume element of the factors, are powers of the diagonal.
        rows = arange(2, self.dim + 1, dtype=value.dtype, device=value.device)
        power = 2 * (self.concentration - 1).unsqueeze(-1) + self.dim - rows
        density = (power * value.diagonal(0, -2, -1)[..., 1:].log()).sum(-1)
        n = self.dim - 1
        alpha = self.concentration + n / 2
        normalizer = n * math.log(math.pi) / 2 + mvlgamma(alpha - 0.5, n) - n * alpha.lgamma()
        return density - normalizer
