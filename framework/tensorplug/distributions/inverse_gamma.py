"""The inverse gamma distribution."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.distributions import constraints
from tensorplug.distributions.gamma import Gamma
from tensorplug.distributions.transformed_distribution import TransformedDistribution
from tensorplug.distributions.transforms import PowerTransform
from tensorplug.tensor import Tensor


class InverseGamma(TransformedDistribution):
    """The distribution of ``1 / x`` for gamma numbers ``x``.

    Args:
        concentration: the shape parameter of the gamma distribution.
        rate: its rate, which is the scale of this one.
        validate_args: as for ``Distribution``.

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.InverseGamma(3.0, 2.0).mean
        tensor(1.)
    """

    arg_constraints = {"concentration": constraints.positive, "rate": constraints.positive}
    support = constraints.positive
    has_rsample = True
    base_dist: Gamma

    def __init__(self, concentration: Any, rate: Any, validate_args: bool | None = None) -> None:
        base = Gamma(concentration, rate, validate_args=validate_args)
        super().__init__(base, PowerTransform(-base.rate.new_ones(())), validate_args=validate_args)

    @property
    def concentration(self) -> Tensor:
        """The shape parameter."""
        return self.base_dist.concentration

    @property
    def rate(self) -> Tensor:
        """The scale."""
        return self.base_dist.rate

    @property
    def mean(self) -> Tensor:
        above = self.concentration > 1
        return (self.rate / (self.concentration.where(above, 2.0) - 1)).where(above, math.inf)

    @property
    def mode(self) -> Tensor:
        return self.rate / (self.concentration + 1)

    @property
    def variance(self) -> Tensor:
        above = self.concentration > 2
        a = self.concentration.where(above, 3.0)
        return (self.rate.square() / ((a - 1).square() * (a - 2))).where(above, math.inf)

    def entropy(self) -> Tensor:
        a = self.concentration
        return a + self.rate.log() + a.lgamma() - (1 + a) * a.digamma()
