"""The Dirichlet distribution."""

from __future__ import annotations

from typing import Any

from tensorplug.distributions import constraints
from tensorplug.distributions.exp_family import ExponentialFamily
from tensorplug.functional import one_hot
from tensorplug.ops.sampling import sample_dirichlet
from tensorplug.tensor import Tensor


class Dirichlet(ExponentialFamily):
    """The Dirichlet distribution, over points of a simplex.

    Args:
        concentration: positive numbers, along the last dim one for each corner.
        validate_args: as for ``Distribution``.

    Raises:
        ValueError: ``concentration`` has no dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.Dirichlet(tp.tensor([1.0, 3.0])).mean
        tensor([0.2500, 0.7500])
    """

    arg_constraints = {"concentration": constraints.independent(constraints.positive, 1)}
    support = constraints.simplex
    has_rsample = True

    def __init__(self, concentration: Tensor, validate_args: bool | None = None) -> None:
        if concentration.dim() < 1:
            raise ValueError("`concentration` parameter must be at least one-dimensional.")
        self.concentration = concentration
        super().__init__(concentration.shape[:-1], concentration.shape[-1:], validate_args=validate_args)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        found: Tensor = sample_dirichlet(self.concentration.expand(self._extended_shape(sample_shape)))
        return found

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        a = self.concentration
        return (a - 1).xlogy(value).sum(-1) + a.sum(-1).lgamma() - a.lgamma().sum(-1)

    @property
    def mean(self) -> Tensor:
        return self.concentration / self.concentration.sum(-1, True)

    @property
    def mode(self) -> Tensor:
        above = (self.concentration - 1).clamp(min=0)
        inside = above / above.sum(-1, True)
        # With all concentrations below 1 the density is largest at a corner.
        corner = one_hot(self.concentration.argmax(-1), self.concentration.shape[-1]).to(above.dtype)
        return corner.where((self.concentration < 1).all(-1, True), inside)

    @property
    def variance(self) -> Tensor:
        total = self.concentration.sum(-1, True)
        return self.concentration * (total - self.concentration) / (total.square() * (total + 1))

    def entropy(self) -> Tensor:
        a = self.concentration
        total = a.sum(-1)
        log_beta = a.lgamma().sum(-1) - total.lgamma()
        return log_beta - (a.shape[-1] - total) * total.digamma() - ((a - 1) * a.digamma()).sum(-1)

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        return (self.concentration,)

    def _log_normalizer(self, *natural_params: Tensor) -> Tensor:
        (x,) = natural_params
        return x.lgamma().sum(-1) - x.sum(-1).lgamma()
