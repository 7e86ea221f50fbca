"""What distributions given by probabilities or by logits have in common."""

from __future__ import annotations

from typing import Any

from tensorplug.distributions.distribution import Distribution
from tensorplug.distributions.utils import Number, broadcast_all, lazy_property, logits_to_probs, probs_to_logits
from tensorplug.shapes import Size
from tensorplug.tensor import Tensor


def check_one_given(probs: Any, logits: Any) -> None:
    """Refuse both or neither.

    Raises:
        ValueError: both were given, or neither.
    """
    if (probs is None) == (logits is None):
        raise ValueError("Either `probs` or `logits` must be specified, but not both.")


class Probabilities(Distribution):
    """Holds ``probs`` or ``logits`` as they were given, and computes the other form when it is asked for."""

    probs: Any
    logits: Any
    _is_given_probs: bool

    def _hold(self, probs: Tensor | None, logits: Tensor | None) -> None:
        self._is_given_probs = probs is not None
        if probs is not None:
            self.probs = probs
        else:
            self.logits = logits

    @property
    def _param(self) -> Tensor:
        """The form that was given."""
        held: Tensor = self.probs if self._is_given_probs else self.logits
        return held

    @property
    def param_shape(self) -> Size:
        """The shape of the parameter."""
        return self._param.shape

    def _finish_expand(self, new: Any, batch_shape: Any) -> Any:
        new._is_given_probs = self._is_given_probs
        return super()._finish_expand(new, batch_shape)

    def _new(self, *args: Any, **kwargs: Any) -> Tensor:
        return self._param.new_empty(*args, **kwargs)


class BinaryProbabilities(Probabilities):
    """Probabilities of yes-or-no events, or their log-odds."""

    def _hold_binary(self, probs: Any, logits: Any) -> Size:
        """Keep what was given; returns the shape of the batch."""
        check_one_given(probs, logits)
        given = logits if probs is None else probs
        (held,) = broadcast_all(given)
        self._hold(*((None, held) if probs is None else (held, None)))
        return Size() if isinstance(given, Number) else held.shape

    @lazy_property
    def logits(self) -> Tensor:
        """The log-odds."""
        return probs_to_logits(self.probs, is_binary=True)

    @lazy_property
    def probs(self) -> Tensor:
        """The probabilities."""
        return logits_to_probs(self.logits, is_binary=True)


class ChoiceProbabilities(Probabilities):
    """Probabilities of choices along the last dim, or their logarithms."""

    def _hold_choices(self, probs: Any, logits: Any) -> None:
        """Keep what was given, normalized.

        Raises:
            ValueError: it has no dims.
        """
        check_one_given(probs, logits)
        name, given = ("probs", probs) if logits is None else ("logits", logits)
        if given.dim() < 1:
            raise ValueError(f"`{name}` parameter must be at least one-dimensional.")
        if logits is None:
            self._hold(probs / probs.sum(-1, True), None)
        else:
            self._hold(None, logits - logits.logsumexp(-1, True))

    @lazy_property
    def logits(self) -> Tensor:
        """The logarithms of the probabilities."""
        return probs_to_logits(self.probs)

    @lazy_property
    def probs(self) -> Tensor:
        """The probabilities."""
        return logits_to_probs(self.logits)
