"""The logistic-normal distribution."""

from __future__ import annotations

from typing import Any

from tensorplug.distributions import constraints
from tensorplug.distributions.independent import Independent
from tensorplug.distributions.normal import Normal
from tensorplug.distributions.transformed_distribution import TransformedDistribution
from tensorplug.distributions.transforms import StickBreakingTransform
from tensorplug.tensor import Tensor


class LogisticNormal(TransformedDistribution):
    """Points of a simplex made by ``StickBreakingTransform`` from independent normal numbers.

    Args:
        loc: the means, along the last dim one less than a point has coordinates.
        scale: the standard deviations.
        validate_args: as for ``Distribution``.

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.LogisticNormal(tp.zeros(2), tp.ones(2)).sample().shape
        tensorplug.Size([3])
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.simplex
    has_rsample = True
    base_dist: Independent

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        base = Normal(loc, scale, validate_args=validate_args)
        if not base.batch_shape:
            base = base.expand([1])
        super().__init__(base, StickBreakingTransform(), validate_args=validate_args)

    def _normal(self) -> Normal:
        normal = self.base_dist.base_dist
        assert isinstance(normal, Normal)
        return normal

    @property
    def loc(self) -> Tensor:
        """The means."""
        return self._normal().loc

    @property
    def scale(self) -> Tensor:
        """The standard deviations."""
        return self._normal().scale
