"""A distribution over points of a simplex that comes near the one-hot categorical one, with gradients."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.distributions import constraints
from tensorplug.distributions.categorical import Categorical
from tensorplug.distributions.distribution import Distribution
from tensorplug.distributions.transformed_distribution import TransformedDistribution
from tensorplug.distributions.transforms import ExpTransform
from tensorplug.distributions.utils import broadcast_all, clamp_probs
from tensorplug.factories import rand
from tensorplug.functional import log_softmax
from tensorplug.shapes import Size
from tensorplug.tensor import Tensor


class ExpRelaxedCategorical(Distribution):
    """The distribution of the logarithms of ``RelaxedOneHotCategorical``.

    Args:
        temperature: the lower, the closer draws are to corners of the simplex.
        probs: for each choice, along the last dim, a weight; they are divided by their sum.
        logits: the logarithms of such weights, instead.
        validate_args: as for ``Distribution``.

    Source: Maddison, Mnih and Teh, "The concrete distribution", 2017; Jang, Gu and Poole, "Categorical
    reparametrization with Gumbel-softmax", 2017.
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}
    # The true support is a surface in it, of vectors whose exponentials sum to 1.
    support = constraints.real_vector
    has_rsample = True

    def __init__(
        self,
        temperature: Any,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        self._categorical = Categorical(probs, logits)
        self.temperature = temperature
        shape = self._categorical.param_shape
        super().__init__(shape[:-1], shape[-1:], validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = self._get_checked_instance(ExpRelaxedCategorical, _instance)
        new._categorical = self._categorical.expand(batch_shape)
        new.temperature = self.temperature
        return self._finish_expand(new, batch_shape)

    def _new(self, *args: Any, **kwargs: Any) -> Tensor:
        return self._categorical._new(*args, **kwargs)

    @property
    def param_shape(self) -> Size:
        """The shape of the parameter."""
        return self._categorical.param_shape

    @property
    def logits(self) -> Tensor:
        """The logarithms of the probabilities."""
        found: Tensor = self._categorical.logits
        return found

    @property
    def probs(self) -> Tensor:
        """The probabilities."""
        found: Tensor = self._categorical.probs
        return found

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        u = clamp_probs(rand(shape, dtype=self.logits.dtype, device=self.logits.device))
        gumbel = -(-u.log()).log()
        return log_softmax((self.logits + gumbel) / self.temperature, -1)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        n = self.event_shape[-1]
        logits, value = broadcast_all(self.logits, value)
        score = log_softmax(logits - value * self.temperature, -1).sum(-1)
        return score + (n - 1) * self.temperature.log() + math.lgamma(n)


class RelaxedOneHotCategorical(TransformedDistribution):
    """Points of a simplex, close to its corners at low temperatures; gradients flow through draws.

    Args:
        temperature: the lower, the closer draws are to corners.
        probs: for each choice, along the last dim, a weight; they are divided by their sum.
        logits: the logarithms of such weights, instead.
        validate_args: as for ``Distribution``.

    Source: Maddison, Mnih and Teh, "The concrete distribution", 2017; Jang, Gu and Poole, "Categorical
    reparametrization with Gumbel-softmax", 2017.

    Example:
        >>> import tensorplug as tp
        >>> d = tp.distributions.RelaxedOneHotCategorical(tp.tensor(0.5), probs=tp.tensor([0.1, 0.2, 0.7]))
        >>> d.rsample().shape
        tensorplug.Size([3])
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}
    support = constraints.simplex
    has_rsample = True
    base_dist: ExpRelaxedCategorical

    def __init__(
        self,
        temperature: Any,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        base = ExpRelaxedCategorical(temperature, probs, logits, validate_args=validate_args)
        super().__init__(base, ExpTransform(), validate_args=validate_args)

    @property
    def temperature(self) -> Any:
        """The temperature."""
        return self.base_dist.temperature

    @property
    def logits(self) -> Tensor:
        """The logarithms of the probabilities."""
        return self.base_dist.logits

    @property
    def probs(self) -> Tensor:
        """The probabilities."""
        return self.base_dist.probs
