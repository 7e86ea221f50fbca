"""The multivariate normal distribution whose covariance is of low rank, but for its diagonal."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.distributions import constraints
from tensorplug.distributions.distribution import Distribution
from tensorplug.distributions.multivariate_normal import log_diagonal, squared_distance
from tensorplug.distributions.utils import lazy_property
from tensorplug.factories import eye, randn
from tensorplug.linalg import cholesky, solve_triangular
from tensorplug.shapes import broadcast_shapes
from tensorplug.tensor import Tensor


class LowRankMultivariateNormal(Distribution):
    """The normal distribution of vectors of covariance ``cov_factor @ cov_factor.mT + diag(cov_diag)``.

    Its inverse and determinant come from a matrix of the size of the rank, by Woodbury's identity and the lemma on
    determinants.

    Args:
        loc: the mean, shape (..., n).
        cov_factor: shape (..., n, rank).
        cov_diag: positive numbers, shape (..., n).
        validate_args: as for ``Distribution``.

    Raises:
        ValueError: shapes that do not fit.

    Example:
        >>> import tensorplug as tp
        >>> d = tp.distributions.LowRankMultivariateNormal(tp.zeros(2), tp.tensor([[1.0], [0.0]]), tp.ones(2))
        >>> d.covariance_matrix
        tensor([[2., 0.],
                [0., 1.]])
    """

    arg_constraints = {
        "loc": constraints.real_vector,
        "cov_factor": constraints.independent(constraints.real, 2),
        "cov_diag": constraints.independent(constraints.positive, 1),
    }
    support = constraints.real_vector
    has_rsample = True

    def __init__(self, loc: Tensor, cov_factor: Tensor, cov_diag: Tensor, validate_args: bool | None = None) -> None:
        if loc.dim() < 1:
            raise ValueError("loc must be at least one-dimensional.")
        event_shape = loc.shape[-1:]
        if cov_factor.dim() < 2:
            raise ValueError("cov_factor must be at least two-dimensional, with optional leading batch dimensions")
        if cov_factor.shape[-2:-1] != event_shape:
            raise ValueError(f"cov_factor must be a batch of matrices with shape {event_shape[0]} x m")
        if cov_diag.shape[-1:] != event_shape:
            raise ValueError(f"cov_diag must be a batch of vectors with shape {event_shape}")
        try:
            batch = broadcast_shapes(loc.shape[:-1], cov_factor.shape[:-2], cov_diag.shape[:-1])
        except RuntimeError as error:
            raise ValueError(
                f"Incompatible batch shapes: loc {loc.shape}, cov_factor {cov_factor.shape}, cov_diag {cov_diag.shape}"
            ) from error
        self.loc = loc.expand((*batch, *event_shape))
        self.cov_factor = cov_factor.expand((*batch, *cov_factor.shape[-2:]))
        self.cov_diag = cov_diag.expand((*batch, *event_shape))
        super().__init__(batch, event_shape, validate_args=validate_args)
        self._unbroadcasted_cov_factor = cov_factor
        self._unbroadcasted_cov_diag = cov_diag
        self._capacitance_tril = _capacitance_tril(cov_factor, cov_diag)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = super().expand(batch_shape, _instance)
        new._unbroadcasted_cov_factor = self._unbroadcasted_cov_factor
        new._unbroadcasted_cov_diag = self._unbroadcasted_cov_diag
        new._capacitance_tril = self._capacitance_tril
        return new

    def _matrix(self, matrix: Tensor) -> Tensor:
        return matrix.expand((*self.batch_shape, *self.event_shape, *self.event_shape))

    @lazy_property
    def scale_tril(self) -> Tensor:
        """The lower Cholesky factor of the covariance."""
        # With D taken out on both sides what remains is the identity and more, which is well conditioned.
        root = self._unbroadcasted_cov_diag.sqrt().unsqueeze(-1)
        scaled = self._unbroadcasted_cov_factor / root
        return self._matrix(root * cholesky(scaled @ scaled.mT + _identity(scaled, scaled.shape[-2])))

    @lazy_property
    def covariance_matrix(self) -> Tensor:
        """The covariance."""
        factor = self._unbroadcasted_cov_factor
        return self._matrix(factor @ factor.mT + self._unbroadcasted_cov_diag.diag_embed())

    @lazy_property
    def precision_matrix(self) -> Tensor:
        """The inverse of the covariance."""
        inner = solve_triangular(self._capacitance_tril, self._factor_by_diag(), upper=False)
        return self._matrix(self._unbroadcasted_cov_diag.reciprocal().diag_embed() - inner.mT @ inner)

    def _factor_by_diag(self) -> Tensor:
        return self._unbroadcasted_cov_factor.mT / self._unbroadcasted_cov_diag.unsqueeze(-2)

    def _log_det(self) -> Tensor:
        """The logarithm of the determinant of the covariance."""
        return 2 * log_diagonal(self._capacitance_tril) + self._unbroadcasted_cov_diag.log().sum(-1)

    def _squared_distance(self, x: Tensor) -> Tensor:
        """``x`` times the inverse of the covariance times ``x``."""
        within = (self._factor_by_diag() @ x.unsqueeze(-1)).squeeze(-1)
        plain = (x.square() / self._unbroadcasted_cov_diag).sum(-1)
        return plain - squared_distance(self._capacitance_tril, within)

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        found = self._unbroadcasted_cov_factor.square().sum(-1) + self._unbroadcasted_cov_diag
        return found.expand((*self.batch_shape, *self.event_shape))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        rank = self.cov_factor.shape[-1]
        within = randn((*shape[:-1], rank), dtype=self.loc.dtype, device=self.loc.device)
        own = randn(shape, dtype=self.loc.dtype, device=self.loc.device)
        shared = (self._unbroadcasted_cov_factor @ within.unsqueeze(-1)).squeeze(-1)
        return self.loc + shared + self._unbroadcasted_cov_diag.sqrt() * own

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        distance = self._squared_distance(value - self.loc)
        return -(self.event_shape[0] * math.log(2 * math.pi) + self._log_det() + distance) / 2

    def entropy(self) -> Tensor:
        found = (self.event_shape[0] * (1 + math.log(2 * math.pi)) + self._log_det()) / 2
        return found.expand(self.batch_shape)


def _capacitance_tril(factor: Tensor, diag: Tensor) -> Tensor:
    """The Cholesky factor of ``I + W^T D^-1 W``."""
    return cholesky((factor.mT / diag.unsqueeze(-2)) @ factor + _identity(factor, factor.shape[-1]))


def _identity(like: Tensor, n: int) -> Tensor:
    return eye(n, dtype=like.dtype, device=like.device)
