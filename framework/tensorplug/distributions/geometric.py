"""The geometric distribution."""

from __future__ import annotations

from typing import Any

from tensorplug.autograd.grad_mode import no_grad
from tensorplug.base import everywhere
from tensorplug.distributions import constraints
from tensorplug.distributions.probabilities import BinaryProbabilities
from tensorplug.distributions.utils import broadcast_all
from tensorplug.factories import rand
from tensorplug.functional import binary_cross_entropy_with_logits, zeros_like
from tensorplug.tensor import Tensor


class Geometric(BinaryProbabilities):
    """The geometric distribution: how many trials fail before the first that succeeds.

    (``Tensor.geometric_`` counts the successful one, too.)

    Args:
        probs: the probability of success, above 0.
        logits: its log-odds, instead.
        validate_args: as for ``Distribution``.

    Raises:
        ValueError: both forms of the parameter, or none.

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.Geometric(0.25).mean
        tensor(3.)
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.nonnegative_integer

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        super().__init__(self._hold_binary(probs, logits), validate_args=validate_args)
        # The support of the constraint includes 0, with which no trial ever succeeds.
        checked = self._validate_args and probs is not None and not self.probs._kind.backend.abstract
        if checked and not bool((everywhere(self.probs) > 0).all()):
            raise ValueError(
                f"Expected parameter probs of distribution {self!r} to be positive but found invalid values:\n"
                f"{self.probs}"
            )

    @property
    def mean(self) -> Tensor:
        return 1 / self.probs - 1

    @property
    def mode(self) -> Tensor:
        return zeros_like(self.probs)

    @property
    def variance(self) -> Tensor:
        return (1 / self.probs - 1) / self.probs

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            u = rand(self._extended_shape(sample_shape), dtype=self.probs.dtype, device=self.probs.device)
            return ((-u).log1p() / (-self.probs).log1p()).floor()

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        value, probs = broadcast_all(value, self.probs)
        # No failure at all has the probability of success, even where failure is impossible.
        failing = probs.masked_fill((probs == 1) & (value == 0), 0)
        return value * (-failing).log1p() + self.probs.log()

    def entropy(self) -> Tensor:
        return binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none") / self.probs
