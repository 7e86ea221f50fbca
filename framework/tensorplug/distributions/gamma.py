"""The gamma distribution."""

from __future__ import annotations

from typing import Any

from tensorplug.distributions import constraints
from tensorplug.distributions.exp_family import ExponentialFamily
from tensorplug.distributions.utils import all_numbers, broadcast_all
from tensorplug.ops.sampling import standard_gamma
from tensorplug.shapes import Size
from tensorplug.tensor import Tensor
from tensorplug.typeinfo import finfo


class Gamma(ExponentialFamily):
    """The gamma distribution.

    Args:
        concentration: the shape parameter, often alpha.
        rate: the inverse of the scale, often beta.
        validate_args: as for ``Distribution``.

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.Gamma(3.0, 2.0).mean
        tensor(1.5000)
    """

    arg_constraints = {"concentration": constraints.positive, "rate": constraints.positive}
    support = constraints.nonnegative
    has_rsample = True
    _mean_carrier_measure = 0

    def __init__(self, concentration: Any, rate: Any, validate_args: bool | None = None) -> None:
        self.concentration, self.rate = broadcast_all(concentration, rate)
        shape = Size() if all_numbers(concentration, rate) else self.concentration.shape
        super().__init__(shape, validate_args=validate_args)

    def _held_parameters(self) -> dict[str, int]:
        return {"concentration": 0, "rate": 0}

    @property
    def mean(self) -> Tensor:
        return self.concentration / self.rate

    @property
    def mode(self) -> Tensor:
        return ((self.concentration - 1) / self.rate).clamp(min=0)

    @property
    def variance(self) -> Tensor:
        return self.concentration / self.rate.square()

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        value: Tensor = standard_gamma(self.concentration.expand(self._extended_shape(sample_shape))) / self.rate
        # A draw of 0 has no logarithm; its gradient flows as if it had not been moved.
        smallest = finfo(value.dtype).tiny
        return value + (value.detach().clamp(min=smallest) - value.detach())

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        a = self.concentration
        return a.xlogy(self.rate) + (a - 1).xlogy(value) - self.rate * value - a.lgamma()

    def cdf(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        return self.concentration.igamma(self.rate * value)

    def entropy(self) -> Tensor:
        a = self.concentration
        return a - self.rate.log() + a.lgamma() + (1 - a) * a.digamma()

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        return self.concentration - 1, -self.rate

    def _log_normalizer(self, *natural_params: Tensor) -> Tensor:
        x, y = natural_params
        return (x + 1).lgamma() - (x + 1) * (-y).log()
