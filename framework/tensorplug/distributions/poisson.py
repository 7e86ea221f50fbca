"""The Poisson distribution."""

from __future__ import annotations

from typing import Any

from tensorplug.autograd.grad_mode import no_grad
from tensorplug.distributions import constraints
from tensorplug.distributions.exp_family import ExponentialFamily
from tensorplug.distributions.utils import all_numbers, broadcast_all
from tensorplug.functional import poisson
from tensorplug.shapes import Size
from tensorplug.tensor import Tensor


class Poisson(ExponentialFamily):
    """The Poisson distribution.

    Args:
        rate: the mean.
        validate_args: as for ``Distribution``.

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.Poisson(2.0).log_prob(tp.tensor([0.0, 2.0])).exp()
        tensor([0.1353, 0.2707])
    """

    arg_constraints = {"rate": constraints.nonnegative}
    support = constraints.nonnegative_integer

    def __init__(self, rate: Any, validate_args: bool | None = None) -> None:
        (self.rate,) = broadcast_all(rate)
        super().__init__(Size() if all_numbers(rate) else self.rate.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.rate

    @property
    def mode(self) -> Tensor:
        return self.rate.floor()

    @property
    def variance(self) -> Tensor:
        return self.rate

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            return poisson(self.rate.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        rate, value = broadcast_all(self.rate, value)
        return value.xlogy(rate) - rate - (value + 1).lgamma()

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        return (self.rate.log(),)

    def _log_normalizer(self, *natural_params: Tensor) -> Tensor:
        return natural_params[0].exp()
