"""Distributions whose density is an exponential of natural parameters times statistics."""

from __future__ import annotations

from typing import Any

from tensorplug.autograd import grad
from tensorplug.autograd.grad_mode import enable_grad
from tensorplug.distributions.distribution import Distribution
from tensorplug.distributions.utils import sum_rightmost
from tensorplug.tensor import Tensor


class ExponentialFamily(Distribution):
    """A distribution of density ``exp(<t(x), theta> - F(theta) + k(x))``.

    Subclasses give the natural parameters ``theta``, the log-normalizer ``F`` and the mean of the carrier measure
    ``k``; the entropy and divergences follow from the derivatives of ``F`` (Nielsen and Nock, "Entropies and
    cross-entropies of exponential families", 2010).
    """

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        """``theta``, one tensor for each statistic."""
        raise NotImplementedError

    def _log_normalizer(self, *natural_params: Tensor) -> Tensor:
        """``F(theta)``."""
        raise NotImplementedError

    @property
    def _mean_carrier_measure(self) -> float:
        """The mean of ``k(x)``."""
        raise NotImplementedError

    def entropy(self) -> Tensor:
        """``F(theta) - <theta, dF/dtheta> - E[k(x)]``."""
        params, log_normalizer, gradients = self._differentiated()
        result = log_normalizer - self._mean_carrier_measure
        for param, gradient in zip(params, gradients, strict=True):
            result = result - sum_rightmost(param * gradient, len(self._event_shape))
        return result

    def _differentiated(self) -> tuple[list[Tensor], Tensor, tuple[Any, ...]]:
        """The natural parameters, the log-normalizer, and its derivatives by them."""
        with enable_grad():
            params = [p.detach().requires_grad_() for p in self._natural_params]
            log_normalizer = self._log_normalizer(*params)
            gradients = grad(log_normalizer.sum(), params, create_graph=True)
        return params, log_normalizer, gradients
