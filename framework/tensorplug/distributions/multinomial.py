"""The multinomial distribution."""

from __future__ import annotations

from typing import Any

from tensorplug.autograd.grad_mode import no_grad
from tensorplug.distributions import constraints
from tensorplug.distributions.binomial import Binomial
from tensorplug.distributions.categorical import Categorical
from tensorplug.distributions.distribution import Distribution
from tensorplug.functional import ones_like
from tensorplug.shapes import Size
from tensorplug.tensor import Tensor


class Multinomial(Distribution):
    """The distribution of how often each choice comes up in a number of draws.

    Args:
        total_count: the number of draws, one for the whole batch.
        probs: for each choice, along the last dim, a weight; they are divided by their sum.
        logits: the logarithms of such weights, instead.
        validate_args: as for ``Distribution``.

    Raises:
        NotImplementedError: ``total_count`` is not an int.
        ValueError: both forms of the parameter, or none, or one without dims.

    Example:
        >>> import tensorplug as tp
        >>> d = tp.distributions.Multinomial(2, probs=tp.tensor([0.5, 0.5]))
        >>> d.log_prob(tp.tensor([1.0, 1.0])).exp()
        tensor(0.5000)
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}
    total_count: int

    def __init__(
        self,
        total_count: int = 1,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        if not isinstance(total_count, int):
            raise NotImplementedError("inhomogeneous total_count is not supported")
        self.total_count = total_count
        self._categorical = Categorical(probs=probs, logits=logits)
        self._binomial = Binomial(total_count=total_count, probs=self.probs)
        shape = self._categorical.param_shape
        super().__init__(shape[:-1], shape[-1:], validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = self._get_checked_instance(Multinomial, _instance)
        new._categorical = self._categorical.expand(batch_shape)
        new._binomial = self._binomial.expand((*batch_shape, *self.event_shape))
        new.total_count = self.total_count
        return self._finish_expand(new, batch_shape)

    def _new(self, *args: Any, **kwargs: Any) -> Tensor:
        return self._categorical._new(*args, **kwargs)

    @constraints.dependent_property(is_discrete=True, event_dim=1)
    def support(self) -> constraints.Constraint:
        return constraints.multinomial(self.total_count)

    @property
    def probs(self) -> Tensor:
        """The probabilities."""
        found: Tensor = self._categorical.probs
        return found

    @property
    def logits(self) -> Tensor:
        """Their logarithms."""
        found: Tensor = self._categorical.logits
        return found

    @property
    def param_shape(self) -> Size:
        """The shape of the parameter."""
        return self._categorical.param_shape

    @property
    def mean(self) -> Tensor:
        return self.probs * self.total_count

    @property
    def variance(self) -> Tensor:
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            chosen = self._categorical.sample((*sample_shape, self.total_count))
            # Draws come first, then the batch: the draws of one result move to the end, where they are counted.
            chosen = chosen.movedim(len(Size(sample_shape)), -1)
            counts = self._new(self._extended_shape(sample_shape)).zero_()
            return counts.scatter_add(-1, chosen, ones_like(chosen).to(counts.dtype))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        # Choices without weight add 0 where they do not come up.
        logits = self.logits.masked_fill((value == 0) & self.logits.isneginf(), 0)
        log_ways = (value.sum(-1) + 1).lgamma() - (value + 1).lgamma().sum(-1)
        return log_ways + (logits * value).sum(-1)

    def entropy(self) -> Tensor:
        n = self._param_like(self.total_count)
        support = self._binomial.enumerate_support(expand=False)[1:]
        chances = self._binomial.log_prob(support).exp()
        expected = (chances * (support + 1).lgamma()).sum((0, -1))
        return n * self._categorical.entropy() - (n + 1).lgamma() + expected

    def _param_like(self, value: float) -> Tensor:
        return self._categorical._param.new_full((), value)
