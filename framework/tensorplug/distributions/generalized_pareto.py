"""The generalized Pareto distribution."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.distributions import constraints
from tensorplug.distributions.distribution import Distribution
from tensorplug.distributions.utils import all_numbers, broadcast_all
from tensorplug.factories import rand
from tensorplug.shapes import Size
from tensorplug.tensor import Tensor


class GeneralizedPareto(Distribution):
    """The generalized Pareto distribution, of what exceeds a high threshold.

    Args:
        loc: the threshold.
        scale: the width.
        concentration: the shape parameter: 0 for an exponential tail, above 0 for a heavier one, below 0 for a bounded
            support.
        validate_args: as for ``Distribution``.

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.GeneralizedPareto(0.0, 1.0, 0.5).mean
        tensor(2.)
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive, "concentration": constraints.real}
    has_rsample = True

    def __init__(self, loc: Any, scale: Any, concentration: Any, validate_args: bool | None = None) -> None:
        self.loc, self.scale, self.concentration = broadcast_all(loc, scale, concentration)
        shape = Size() if all_numbers(loc, scale, concentration) else self.loc.shape
        super().__init__(shape, validate_args=validate_args)

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> constraints.Constraint:
        bounded = self.concentration < 0
        upper = self.loc - self.scale / self.concentration.where(bounded, -1.0)
        return constraints.interval(self.loc, upper.where(bounded, math.inf))

    @property
    def mean(self) -> Tensor:
        # As PyTorch has it: NaN, not infinity, where the tail is too heavy.
        below = self.concentration < 1
        found = self.loc + self.scale / (1 - self.concentration.where(below, 0.0))
        return found.where(below, math.nan)

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        below = self.concentration < 0.5
        k = self.concentration.where(below, 0.0)
        return (self.scale.square() / ((1 - k).square() * (1 - 2 * k))).where(below, math.nan)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        return self.icdf(rand(shape, dtype=self.loc.dtype, device=self.loc.device))

    def _parts(self) -> tuple[Tensor, Tensor]:
        """Whether the tail is exponential, and a concentration to divide by where it is not."""
        exponential = self.concentration.abs() <= 1e-8
        return exponential, self.concentration.masked_fill(exponential, 1.0)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        exponential, k = self._parts()
        z = (value - self.loc) / self.scale
        return (-z).where(exponential, -(1 + 1 / k) * (k * z).log1p()) - self.scale.log()

    def log_survival_function(self, value: Tensor) -> Tensor:
        """The logarithm of the probability of draws above each value."""
        exponential, k = self._parts()
        z = (value - self.loc) / self.scale
        return (-z).where(exponential, -(k * z).log1p() / k)

    def log_cdf(self, value: Tensor) -> Tensor:
        """The logarithm of ``cdf``."""
        return (-self.log_survival_function(value).exp()).log1p()

    def cdf(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        return -self.log_survival_function(value).expm1()

    def icdf(self, value: Tensor) -> Tensor:
        exponential, k = self._parts()
        log_survival = (-value).log1p()
        return self.loc + self.scale * (-log_survival).where(exponential, (-k * log_survival).expm1() / k)

    def entropy(self) -> Tensor:
        return self.scale.log() + self.concentration + 1
