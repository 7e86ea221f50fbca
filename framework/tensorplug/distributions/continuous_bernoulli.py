"""The continuous Bernoulli distribution."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.autograd.grad_mode import no_grad
from tensorplug.distributions import constraints
from tensorplug.distributions.exp_family import ExponentialFamily
from tensorplug.distributions.probabilities import BinaryProbabilities
from tensorplug.distributions.utils import broadcast_all, clamp_probs
from tensorplug.factories import rand
from tensorplug.functional import binary_cross_entropy_with_logits
from tensorplug.tensor import Tensor


class ContinuousBernoulli(BinaryProbabilities, ExponentialFamily):
    """The distribution over numbers from 0 to 1 with a density proportional to ``probs**x * (1 - probs)**(1 - x)``.

    Args:
        probs: between 0 and 1, but no probability and not the mean.
        logits: its log-odds, instead.
        lims: between which ``probs`` is so close to 1/2 that series are used.
        validate_args: as for ``Distribution``.

    Raises:
        ValueError: both forms of the parameter, or none.

    Source: Loaiza-Ganem and Cunningham, "The continuous Bernoulli: fixing a pervasive error in variational
    autoencoders", 2019.

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.ContinuousBernoulli(0.5).mean
        tensor(0.5000)
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.unit_interval
    has_rsample = True
    _mean_carrier_measure = 0

    def __init__(
        self,
        probs: Any = None,
        logits: Any = None,
        lims: tuple[float, float] = (0.499, 0.501),
        validate_args: bool | None = None,
    ) -> None:
        shape = self._hold_binary(probs, logits)
        self._lims = lims
        super().__init__(shape, validate_args=validate_args)
        if probs is not None:
            # Not before the check above, which it would make pass.
            self.probs = clamp_probs(self.probs)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = super().expand(batch_shape, _instance)
        new._lims = self._lims
        return new

    def _outside(self) -> Tensor:
        """Where the closed forms are stable."""
        return (self.probs <= self._lims[0]) | (self.probs > self._lims[1])

    def _far_probs(self) -> Tensor:
        """The parameter, replaced by one that the closed forms can take where they are not used."""
        found: Tensor = self.probs.where(self._outside(), self._lims[0])
        return found

    def _log_norm(self) -> Tensor:
        """The logarithm of the density's constant."""
        far = self._far_probs()
        # The constant is 2 atanh(1 - 2p) / (1 - 2p); both are of one sign.
        exact = ((-far).log1p() - far.log()).abs().log() - (1 - 2 * far).abs().log()
        x = (self.probs - 0.5).square()
        near = math.log(2.0) + (4.0 / 3.0 + 104.0 / 45.0 * x) * x
        return exact.where(self._outside(), near)

    @property
    def mean(self) -> Tensor:
        far = self._far_probs()
        exact = far / (2 * far - 1) + 1 / ((-far).log1p() - far.log())
        x = self.probs - 0.5
        return exact.where(self._outside(), 0.5 + (1.0 / 3.0 + 16.0 / 45.0 * x.square()) * x)

    @property
    def stddev(self) -> Tensor:
        return self.variance.sqrt()

    @property
    def variance(self) -> Tensor:
        far = self._far_probs()
        exact = far * (far - 1) / (1 - 2 * far).square() + 1 / ((-far).log1p() - far.log()).square()
        x = (self.probs - 0.5).square()
        return exact.where(self._outside(), 1.0 / 12.0 - (1.0 / 15.0 - 128.0 / 945.0 * x) * x)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        return self.icdf(rand(shape, dtype=self.probs.dtype, device=self.probs.device))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        return self._log_norm() - binary_cross_entropy_with_logits(logits, value, reduction="none")

    def cdf(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        far = self._far_probs()
        exact = (far.pow(value) * (1 - far).pow(1 - value) + far - 1) / (2 * far - 1)
        return exact.where(self._outside(), value).clamp(min=0, max=1)

    def icdf(self, value: Tensor) -> Tensor:
        far = self._far_probs()
        none, some = (-far).log1p(), far.log()
        exact = ((-far + value * (2 * far - 1)).log1p() - none) / (some - none)
        return exact.where(self._outside(), value)

    def entropy(self) -> Tensor:
        none, some = (-self.probs).log1p(), self.probs.log()
        return self.mean * (none - some) - self._log_norm() - none

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        return (self.logits,)

    def _log_normalizer(self, *natural_params: Tensor) -> Tensor:
        (x,) = natural_params
        outside = (x <= self._lims[0] - 0.5) | (x > self._lims[1] - 0.5)
        far = x.where(outside, self._lims[0] - 0.5)
        exact = (far.exp() - 1).abs().log() - far.abs().log()
        near = 0.5 * x + x.square() / 24.0 - x.pow(4) / 2880.0
        return exact.where(outside, near)
