"""The Gumbel distribution."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.distributions import constraints
from tensorplug.distributions.transformed_distribution import TransformedDistribution
from tensorplug.distributions.transforms import AffineTransform, ExpTransform
from tensorplug.distributions.uniform import Uniform
from tensorplug.distributions.utils import all_numbers, broadcast_all, euler_constant
from tensorplug.functional import full_like, ones_like
from tensorplug.tensor import Tensor
from tensorplug.typeinfo import finfo


class Gumbel(TransformedDistribution):
    """The Gumbel distribution, of the largest of many numbers.

    Args:
        loc: the mode.
        scale: the width.
        validate_args: as for ``Distribution``.

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.Gumbel(0.0, 1.0).mean
        tensor(0.5772)
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.real

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        self.loc, self.scale = broadcast_all(loc, scale)
        info = finfo(self.loc.dtype)
        if all_numbers(loc, scale):
            base = Uniform(info.tiny, 1 - info.eps, validate_args=validate_args)
        else:
            low, high = full_like(self.loc, info.tiny), full_like(self.loc, 1 - info.eps)
            base = Uniform(low, high, validate_args=validate_args)
        logarithm = ExpTransform().inv
        super().__init__(
            base,
            [logarithm, _negative(self.scale), logarithm, AffineTransform(loc=self.loc, scale=-self.scale)],
            validate_args=validate_args,
        )

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = self._get_checked_instance(Gumbel, _instance)
        new.loc = self.loc.expand(batch_shape)
        new.scale = self.scale.expand(batch_shape)
        return super().expand(batch_shape, _instance=new)

    def log_prob(self, value: Tensor) -> Tensor:
        # The base distribution leaves out a little at both ends, which this density does not.
        if self._validate_args:
            self._validate_sample(value)
        y = (self.loc - value) / self.scale
        return y - y.exp() - self.scale.log()

    @property
    def mean(self) -> Tensor:
        return self.loc + self.scale * euler_constant

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def stddev(self) -> Tensor:
        return math.pi / math.sqrt(6) * self.scale

    @property
    def variance(self) -> Tensor:
        return self.stddev.square()

    def entropy(self) -> Tensor:
        return self.scale.log() + (1 + euler_constant)


def _negative(like: Tensor) -> AffineTransform:
    return AffineTransform(loc=0, scale=-ones_like(like))
