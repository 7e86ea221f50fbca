"""The categorical distribution."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.autograd.grad_mode import no_grad
from tensorplug.distributions import constraints
from tensorplug.distributions.probabilities import ChoiceProbabilities
from tensorplug.factories import arange
from tensorplug.functional import broadcast_tensors, multinomial
from tensorplug.shapes import Size
from tensorplug.tensor import Tensor
from tensorplug.typeinfo import finfo


class Categorical(ChoiceProbabilities):
    """The distribution of choices from a finite list, by their index.

    Args:
        probs: for each choice, along the last dim, a weight; they are divided by their sum.
        logits: the logarithms of such weights, instead.
        validate_args: as for ``Distribution``.

    Raises:
        ValueError: both forms of the parameter, or none, or one without dims.

    Example:
        >>> import tensorplug as tp
        >>> d = tp.distributions.Categorical(probs=tp.tensor([1.0, 1.0, 2.0]))
        >>> d.log_prob(tp.tensor([0, 2])).exp()
        tensor([0.2500, 0.5000])
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}
    has_enumerate_support = True

    def __init__(
        self, probs: Tensor | None = None, logits: Tensor | None = None, validate_args: bool | None = None
    ) -> None:
        self._hold_choices(probs, logits)
        super().__init__(self._param.shape[:-1], validate_args=validate_args)

    @property
    def _num_events(self) -> int:
        return int(self._param.shape[-1])

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self) -> constraints.Constraint:
        return constraints.integer_interval(0, self._num_events - 1)

    @property
    def mean(self) -> Tensor:
        return self._param.new_full(self._extended_shape(), math.nan)

    @property
    def mode(self) -> Tensor:
        return self.probs.argmax(-1)

    @property
    def variance(self) -> Tensor:
        return self._param.new_full(self._extended_shape(), math.nan)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        sample_shape = Size(sample_shape)
        with no_grad():
            rows = self.probs.reshape(-1, self._num_events)
            drawn = multinomial(rows, sample_shape.numel(), True) if sample_shape.numel() else rows.new_empty(0).long()
            return drawn.T.reshape(self._extended_shape(sample_shape))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        index, logits = broadcast_tensors(value.long().unsqueeze(-1), self.logits)
        return logits.gather(-1, index[..., :1]).squeeze(-1)

    def entropy(self) -> Tensor:
        # Impossible choices add nothing.
        logits = self.logits.clamp(min=finfo(self.logits.dtype).min)
        return -(logits * self.probs).sum(-1)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        return self._enumerated(arange(self._num_events, device=self._param.device), expand)
