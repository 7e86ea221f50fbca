"""Student's t-distribution."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.distributions import constraints
from tensorplug.distributions.distribution import Distribution
from tensorplug.distributions.utils import broadcast_all
from tensorplug.factories import randn
from tensorplug.ops.sampling import standard_gamma
from tensorplug.tensor import Tensor


class StudentT(Distribution):
    """Student's t-distribution.

    Args:
        df: the degrees of freedom.
        loc: the center.
        scale: the width.
        validate_args: as for ``Distribution``.

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.StudentT(4.0).variance
        tensor(2.)
    """

    arg_constraints = {"df": constraints.positive, "loc": constraints.real, "scale": constraints.positive}
    support = constraints.real
    has_rsample = True

    def __init__(self, df: Any, loc: Any = 0.0, scale: Any = 1.0, validate_args: bool | None = None) -> None:
        self.df, self.loc, self.scale = broadcast_all(df, loc, scale)
        super().__init__(self.df.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.loc.masked_fill(self.df <= 1, math.nan)

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        # Finite above 2 degrees, infinite above 1.
        df = self.df.where(self.df > 2, 3.0)
        found = (self.scale.square() * df / (df - 2)).where(self.df > 2, math.inf)
        return found.masked_fill(self.df <= 1, math.nan)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        normal = randn(shape, dtype=self.df.dtype, device=self.df.device)
        chi2 = 2 * standard_gamma((self.df / 2).expand(shape))
        return self.loc + self.scale * normal * (chi2 / self.df).rsqrt()

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        y = (value - self.loc) / self.scale
        constant = self.scale.log() + (self.df.log() + math.log(math.pi)) / 2
        constant = constant + (self.df / 2).lgamma() - ((self.df + 1) / 2).lgamma()
        return -(self.df + 1) / 2 * (y.square() / self.df).log1p() - constant

    def entropy(self) -> Tensor:
        half, more = self.df / 2, (self.df + 1) / 2
        log_beta = half.lgamma() + math.lgamma(0.5) - more.lgamma()
        return self.scale.log() + more * (more.digamma() - half.digamma()) + self.df.log() / 2 + log_beta
