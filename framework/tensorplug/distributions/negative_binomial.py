"""The negative binomial distribution."""

from __future__ import annotations

from typing import Any

from tensorplug.autograd.grad_mode import no_grad
from tensorplug.distributions import constraints
from tensorplug.distributions.gamma import Gamma
from tensorplug.distributions.probabilities import BinaryProbabilities, check_one_given
from tensorplug.distributions.utils import broadcast_all, lazy_property
from tensorplug.functional import logsigmoid, poisson
from tensorplug.tensor import Tensor


class NegativeBinomial(BinaryProbabilities):
    """The negative binomial distribution: how many trials succeed before a number of them has failed.

    Args:
        total_count: the number of failures, which need not be whole.
        probs: the probability that a trial succeeds, below 1.
        logits: its log-odds, instead.
        validate_args: as for ``Distribution``.

    Raises:
        ValueError: both forms of the parameter, or none.

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.NegativeBinomial(3.0, tp.tensor(0.5)).mean
        tensor(3.)
    """

    arg_constraints = {
        "total_count": constraints.greater_than_eq(0),
        "probs": constraints.half_open_interval(0.0, 1.0),
        "logits": constraints.real,
    }
    support = constraints.nonnegative_integer

    def __init__(
        self, total_count: Any, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        check_one_given(probs, logits)
        count, held = broadcast_all(total_count, logits if probs is None else probs)
        self.total_count = count.to(held.dtype)
        self._hold(*((None, held) if probs is None else (held, None)))
        super().__init__(held.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.total_count * self.logits.exp()

    @property
    def mode(self) -> Tensor:
        return ((self.total_count - 1) * self.logits.exp()).floor().clamp(min=0)

    @property
    def variance(self) -> Tensor:
        return self.mean / (-self.logits).sigmoid()

    @lazy_property
    def _gamma(self) -> Gamma:
        # The number is Poisson, of a rate that is gamma.
        return Gamma(concentration=self.total_count, rate=(-self.logits).exp(), validate_args=False)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            return poisson(self._gamma.sample(sample_shape))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        n = self.total_count
        log_ways = (n + value).lgamma() - (1 + value).lgamma() - n.lgamma()
        # With no failures to wait for there is no success: both gamma functions are infinite, and their ratio is 1.
        log_ways = log_ways.masked_fill(n + value == 0, 0.0)
        return n * logsigmoid(-self.logits) + value * logsigmoid(self.logits) + log_ways
