"""The von Mises distribution."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.autograd.grad_mode import no_grad
from tensorplug.distributions import constraints
from tensorplug.distributions.distribution import Distribution
from tensorplug.distributions.utils import broadcast_all
from tensorplug.ops.sampling import von_mises
from tensorplug.special import i0e, i1e
from tensorplug.tensor import Tensor


class VonMises(Distribution):
    """The von Mises distribution of angles, from -pi to pi: the normal one of the circle.

    Args:
        loc: the mean angle.
        concentration: how closely angles lie around it.
        validate_args: as for ``Distribution``.

    Source: draws by the algorithm of Best and Fisher, "Efficient simulation of the von Mises distribution", 1979.

    Example:
        >>> import tensorplug as tp
        >>> d = tp.distributions.VonMises(tp.tensor([1.0]), tp.tensor([1.0]))
        >>> d.variance
        tensor([0.5536])
    """

    arg_constraints = {"loc": constraints.real, "concentration": constraints.positive}
    support = constraints.real
    has_rsample = False

    def __init__(self, loc: Any, concentration: Any, validate_args: bool | None = None) -> None:
        self.loc, self.concentration = broadcast_all(loc, concentration)
        super().__init__(self.loc.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        """The mean angle."""
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        """The circular variance."""
        return 1 - i1e(self.concentration) / i0e(self.concentration)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            angle: Tensor = von_mises(self.concentration.expand(self._extended_shape(sample_shape))) + self.loc
            return angle - 2 * math.pi * (angle / (2 * math.pi)).round()

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        # cos(x) - 1, from the half angle, since the scaled Bessel function has taken the 1 out.
        distance = -2 * ((value - self.loc) / 2).sin().square()
        return self.concentration * distance - math.log(2 * math.pi) - i0e(self.concentration).log()
