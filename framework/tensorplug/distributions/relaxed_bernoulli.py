"""A distribution over numbers between 0 and 1 that comes near the Bernoulli one, with gradients."""

from __future__ import annotations

from typing import Any

from tensorplug.distributions import constraints
from tensorplug.distributions.probabilities import BinaryProbabilities
from tensorplug.distributions.transformed_distribution import TransformedDistribution
from tensorplug.distributions.transforms import SigmoidTransform
from tensorplug.distributions.utils import broadcast_all, clamp_probs, probs_to_logits
from tensorplug.factories import rand
from tensorplug.functional import softplus
from tensorplug.tensor import Tensor


class LogitRelaxedBernoulli(BinaryProbabilities):
    """The distribution of the logits of ``RelaxedBernoulli``: a logistic one.

    Args:
        temperature: the lower, the closer draws are to 0 and 1.
        probs: the probability of 1.
        logits: its log-odds, instead.
        validate_args: as for ``Distribution``.

    Source: Maddison, Mnih and Teh, "The concrete distribution", 2017; Jang, Gu and Poole, "Categorical
    reparametrization with Gumbel-softmax", 2017.
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.real
    has_rsample = True

    def __init__(
        self, temperature: Any, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        self.temperature = temperature
        super().__init__(self._hold_binary(probs, logits), validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = super().expand(batch_shape, _instance)
        new.temperature = self.temperature
        return new

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        probs = clamp_probs(self.probs.expand(shape))
        u = clamp_probs(rand(shape, dtype=probs.dtype, device=probs.device))
        return (probs_to_logits(u, is_binary=True) + probs_to_logits(probs, is_binary=True)) / self.temperature

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        distance = logits - value * self.temperature
        return self.temperature.log() + distance - 2 * softplus(distance)


class RelaxedBernoulli(TransformedDistribution):
    """Numbers between 0 and 1, close to either at low temperatures; gradients flow through draws.

    Args:
        temperature: the lower, the closer draws are to 0 and 1.
        probs: the probability of 1 that draws come near to.
        logits: its log-odds, instead.
        validate_args: as for ``Distribution``.

    Source: Maddison, Mnih and Teh, "The concrete distribution", 2017; Jang, Gu and Poole, "Categorical
    reparametrization with Gumbel-softmax", 2017.

    Example:
        >>> import tensorplug as tp
        >>> d = tp.distributions.RelaxedBernoulli(tp.tensor(0.5), probs=tp.tensor([0.1, 0.9]))
        >>> d.rsample().shape
        tensorplug.Size([2])
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.unit_interval
    has_rsample = True
    base_dist: LogitRelaxedBernoulli

    def __init__(
        self, temperature: Any, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        base = LogitRelaxedBernoulli(temperature, probs, logits)
        super().__init__(base, SigmoidTransform(), validate_args=validate_args)

    @property
    def temperature(self) -> Any:
        """The temperature."""
        return self.base_dist.temperature

    @property
    def logits(self) -> Tensor:
        """The log-odds."""
        found: Tensor = self.base_dist.logits
        return found

    @property
    def probs(self) -> Tensor:
        """The probability of 1."""
        found: Tensor = self.base_dist.probs
        return found
