"""The Pareto distribution."""

from __future__ import annotations

from typing import Any

from tensorplug.distributions import constraints
from tensorplug.distributions.exponential import Exponential
from tensorplug.distributions.transformed_distribution import TransformedDistribution
from tensorplug.distributions.transforms import AffineTransform, ExpTransform
from tensorplug.distributions.utils import broadcast_all
from tensorplug.tensor import Tensor


class Pareto(TransformedDistribution):
    """The Pareto distribution of the first kind.

    Args:
        scale: the smallest value.
        alpha: how fast the tail falls.
        validate_args: as for ``Distribution``.

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.Pareto(1.0, 3.0).mean
        tensor(1.5000)
    """

    arg_constraints = {"alpha": constraints.positive, "scale": constraints.positive}

    def __init__(self, scale: Any, alpha: Any, validate_args: bool | None = None) -> None:
        self.scale, self.alpha = broadcast_all(scale, alpha)
        base = Exponential(self.alpha, validate_args=validate_args)
        super().__init__(base, [ExpTransform(), AffineTransform(loc=0, scale=self.scale)], validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = self._get_checked_instance(Pareto, _instance)
        new.scale = self.scale.expand(batch_shape)
        new.alpha = self.alpha.expand(batch_shape)
        return super().expand(batch_shape, _instance=new)

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> constraints.Constraint:
        return constraints.greater_than_eq(self.scale)

    @property
    def mean(self) -> Tensor:
        a = self.alpha.clamp(min=1)  # infinite up to 1
        return a * self.scale / (a - 1)

    @property
    def mode(self) -> Tensor:
        return self.scale

    @property
    def variance(self) -> Tensor:
        a = self.alpha.clamp(min=2)  # infinite up to 2
        return self.scale.square() * a / ((a - 1).square() * (a - 2))

    def entropy(self) -> Tensor:
        return (self.scale / self.alpha).log() + (1 + self.alpha.reciprocal())
