"""The Weibull distribution."""

from __future__ import annotations

from typing import Any

from tensorplug.distributions import constraints
from tensorplug.distributions.exponential import Exponential
from tensorplug.distributions.transformed_distribution import TransformedDistribution
from tensorplug.distributions.transforms import AffineTransform, PowerTransform
from tensorplug.distributions.utils import broadcast_all, euler_constant
from tensorplug.functional import ones_like
from tensorplug.tensor import Tensor


class Weibull(TransformedDistribution):
    """The Weibull distribution.

    Args:
        scale: the width, often lambda.
        concentration: the shape parameter, often k.
        validate_args: as for ``Distribution``.

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.Weibull(2.0, 1.0).mean
        tensor(2.)
    """

    arg_constraints = {"scale": constraints.positive, "concentration": constraints.positive}
    support = constraints.positive

    def __init__(self, scale: Any, concentration: Any, validate_args: bool | None = None) -> None:
        self.scale, self.concentration = broadcast_all(scale, concentration)
        base = Exponential(ones_like(self.scale), validate_args=validate_args)
        power = PowerTransform(exponent=self.concentration.reciprocal())
        super().__init__(base, [power, AffineTransform(loc=0, scale=self.scale)], validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = self._get_checked_instance(Weibull, _instance)
        new.scale = self.scale.expand(batch_shape)
        new.concentration = self.concentration.expand(batch_shape)
        return super().expand(batch_shape, _instance=new)

    @property
    def mean(self) -> Tensor:
        return self.scale * (1 + self.concentration.reciprocal()).lgamma().exp()

    @property
    def mode(self) -> Tensor:
        # With a concentration up to 1 the density falls from 0 on.
        k = self.concentration.clamp(min=1)
        return self.scale * ((k - 1) / k) ** k.reciprocal()

    @property
    def variance(self) -> Tensor:
        inverse = self.concentration.reciprocal()
        second = (1 + 2 * inverse).lgamma().exp()
        return self.scale.square() * (second - (2 * (1 + inverse).lgamma()).exp())

    def entropy(self) -> Tensor:
        inverse = self.concentration.reciprocal()
        return euler_constant * (1 - inverse) + (self.scale * inverse).log() + 1
