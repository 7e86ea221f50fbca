"""Mixtures of distributions of one family."""

from __future__ import annotations

from typing import Any

from tensorplug.autograd.grad_mode import no_grad
from tensorplug.distributions import constraints
from tensorplug.distributions.categorical import Categorical
from tensorplug.distributions.constraints import MixtureSameFamilyConstraint
from tensorplug.distributions.distribution import Distribution
from tensorplug.functional import log_softmax, logsumexp
from tensorplug.tensor import Tensor


class MixtureSameFamily(Distribution):
    """A mixture whose components are a batch of distributions of one family.

    Args:
        mixture_distribution: which component a draw comes from.
        component_distribution: the components, along the last batch dim.
        validate_args: as for ``Distribution``.

    Raises:
        ValueError: another kind of distribution, or batches that do not fit.

    Example:
        >>> import tensorplug as tp
        >>> from tensorplug.distributions import Categorical, MixtureSameFamily, Normal
        >>> d = MixtureSameFamily(Categorical(tp.tensor([1.0, 3.0])), Normal(tp.tensor([0.0, 4.0]), 1.0))
        >>> d.mean, d.variance
        (tensor(3.), tensor(4.))
    """

    arg_constraints: dict[str, constraints.Constraint] = {}
    has_rsample = False

    def __init__(
        self,
        mixture_distribution: Categorical,
        component_distribution: Distribution,
        validate_args: bool | None = None,
    ) -> None:
        if not isinstance(mixture_distribution, Categorical):
            raise ValueError("The Mixture distribution needs to be an instance of Categorical")
        if not isinstance(component_distribution, Distribution):
            raise ValueError("The Component distribution needs to be an instance of Distribution")
        self._mixture_distribution = mixture_distribution
        self._component_distribution = component_distribution
        batch = component_distribution.batch_shape
        for own, other in zip(reversed(mixture_distribution.batch_shape), reversed(batch[:-1]), strict=False):
            if own != 1 and other != 1 and own != other:
                raise ValueError(
                    f"`mixture_distribution.batch_shape` ({mixture_distribution.batch_shape}) is not compatible with "
                    f"`component_distribution.batch_shape`({batch})"
                )
        components = mixture_distribution.probs.shape[-1]
        if not batch or batch[-1] != components:
            raise ValueError(
                f"`mixture_distribution component` ({components}) does not equal `component_distribution.batch_shape"
                f"[-1]` ({batch[-1] if batch else None})"
            )
        self._num_component = components
        self._event_ndims = len(component_distribution.event_shape)
        super().__init__(batch[:-1], component_distribution.event_shape, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = self._get_checked_instance(MixtureSameFamily, _instance)
        new._component_distribution = self._component_distribution.expand((*batch_shape, self._num_component))
        new._mixture_distribution = self._mixture_distribution.expand(batch_shape)
        new._num_component = self._num_component
        new._event_ndims = self._event_ndims
        return self._finish_expand(new, batch_shape)

    @constraints.dependent_property
    def support(self) -> constraints.Constraint:
        return MixtureSameFamilyConstraint(self._component_distribution.support)

    @property
    def mixture_distribution(self) -> Categorical:
        """Which component a draw comes from."""
        return self._mixture_distribution

    @property
    def component_distribution(self) -> Distribution:
        """The components."""
        return self._component_distribution

    @property
    def mean(self) -> Tensor:
        return (self._weights() * self.component_distribution.mean).sum(self._component_dim())

    @property
    def variance(self) -> Tensor:
        # The mean of the variances, and the variance of the means.
        dim = self._component_dim()
        weights = self._weights()
        distance = self.component_distribution.mean - self.mean.unsqueeze(dim)
        return (weights * (self.component_distribution.variance + distance.square())).sum(dim)

    def _component_dim(self) -> int:
        return -1 - self._event_ndims

    def _weights(self) -> Tensor:
        """The probabilities of the components, with dims for an event."""
        probs: Tensor = self.mixture_distribution.probs
        return probs.reshape((*probs.shape, *([1] * self._event_ndims)))

    def cdf(self, value: Tensor) -> Tensor:
        value = self._pad(value)
        return (self.component_distribution.cdf(value) * self.mixture_distribution.probs).sum(-1)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        found = self.component_distribution.log_prob(self._pad(value))
        return logsumexp(found + log_softmax(self.mixture_distribution.logits, -1), -1)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            chosen = self.mixture_distribution.sample(sample_shape)
            drawn = self.component_distribution.sample(sample_shape)
            dim = drawn.dim() - 1 - self._event_ndims
            chosen = chosen.expand(drawn.shape[:dim]).reshape((*drawn.shape[:dim], 1, *([1] * self._event_ndims)))
            index = chosen.expand((*drawn.shape[:dim], 1, *self.event_shape))
            return drawn.gather(dim, index).squeeze(dim)

    def _pad(self, value: Tensor) -> Tensor:
        return value.unsqueeze(self._component_dim())

    def __repr__(self) -> str:
        return f"MixtureSameFamily(\n  {self.mixture_distribution},\n  {self.component_distribution})"
