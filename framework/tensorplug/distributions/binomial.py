"""The binomial distribution."""

from __future__ import annotations

from typing import Any

from tensorplug.autograd.grad_mode import no_grad
from tensorplug.distributions import constraints
from tensorplug.distributions.probabilities import BinaryProbabilities, check_one_given
from tensorplug.distributions.utils import broadcast_all
from tensorplug.factories import arange
from tensorplug.functional import binomial, softplus
from tensorplug.tensor import Tensor


class Binomial(BinaryProbabilities):
    """The binomial distribution: how many of a number of trials succeed.

    Args:
        total_count: the number of trials.
        probs: the probability that one succeeds.
        logits: its log-odds, instead.
        validate_args: as for ``Distribution``.

    Raises:
        ValueError: both forms of the parameter, or none.

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.Binomial(4, tp.tensor([0.5])).log_prob(tp.tensor([2.0])).exp()
        tensor([0.3750])
    """

    arg_constraints = {
        "total_count": constraints.nonnegative_integer,
        "probs": constraints.unit_interval,
        "logits": constraints.real,
    }
    has_enumerate_support = True

    def __init__(
        self, total_count: Any = 1, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        check_one_given(probs, logits)
        count, held = broadcast_all(total_count, logits if probs is None else probs)
        self.total_count = count.to(held.dtype)
        self._hold(*((None, held) if probs is None else (held, None)))
        super().__init__(held.shape, validate_args=validate_args)

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self) -> constraints.Constraint:
        return constraints.integer_interval(0, self.total_count)

    @property
    def mean(self) -> Tensor:
        return self.total_count * self.probs

    @property
    def mode(self) -> Tensor:
        return ((self.total_count + 1) * self.probs).floor().minimum(self.total_count)

    @property
    def variance(self) -> Tensor:
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        with no_grad():
            return binomial(self.total_count.expand(shape), self.probs.expand(shape))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        n = self.total_count
        log_ways = (n + 1).lgamma() - (value + 1).lgamma() - (n - value + 1).lgamma()
        return log_ways + value * self.logits - n * softplus(self.logits)

    def _common_count(self, name: str) -> int:
        count = int(self.total_count.max())
        if not bool((self.total_count == count).all()):
            raise NotImplementedError(f"Inhomogeneous total count not supported by `{name}`.")
        return count

    def entropy(self) -> Tensor:
        self._common_count("entropy")
        log_prob = self.log_prob(self.enumerate_support(False))
        return -(log_prob.exp() * log_prob).sum(0)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        count = self._common_count("enumerate_support")
        return self._enumerated(arange(1 + count, dtype=self._param.dtype, device=self._param.device), expand)
