"""The multivariate normal distribution."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.distributions import constraints
from tensorplug.distributions.distribution import Distribution
from tensorplug.distributions.utils import lazy_property
from tensorplug.factories import eye, randn
from tensorplug.functional import cholesky_inverse
from tensorplug.linalg import cholesky, solve_triangular
from tensorplug.shapes import broadcast_shapes
from tensorplug.tensor import Tensor


def squared_distance(factor: Tensor, x: Tensor) -> Tensor:
    """``x^T (L L^T)^-1 x`` of vectors, for triangular factors ``L``; batches of both broadcast.

    Vectors that share a factor are columns of one system.
    """
    n = x.shape[-1]
    own = factor.dim() - 2
    batch = broadcast_shapes(x.shape[:-1], factor.shape[:-2])
    cut = len(batch) - own
    columns = x.expand((*batch, n)).reshape((-1, *batch[cut:], n)).movedim(0, -1)
    solved = solve_triangular(factor.expand((*batch[cut:], n, n)), columns, upper=False)
    return solved.square().sum(-2).movedim(-1, 0).reshape(batch)


def log_diagonal(factor: Tensor) -> Tensor:
    """Half the logarithm of the determinant of ``L L^T``, for triangular factors ``L``."""
    return factor.diagonal(0, -2, -1).log().sum(-1)


def precision_to_scale_tril(precision: Tensor) -> Tensor:
    """The Cholesky factor of the inverse, by way of that of the matrix turned around."""
    turned = cholesky(precision.flip((-2, -1))).flip((-2, -1)).mT
    identity = eye(precision.shape[-1], dtype=precision.dtype, device=precision.device)
    return solve_triangular(turned, identity, upper=False)


def only_matrix(covariance_matrix: Any, scale_tril: Any, precision_matrix: Any) -> tuple[str, Tensor]:
    """Which of the three was given, and the matrix.

    Raises:
        ValueError: none or several were given, or one with fewer than two dims.
    """
    matrices = {
        "covariance_matrix": covariance_matrix,
        "scale_tril": scale_tril,
        "precision_matrix": precision_matrix,
    }
    given = [name for name, matrix in matrices.items() if matrix is not None]
    if len(given) != 1:
        raise ValueError("Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.")
    matrix = matrices[given[0]]
    if matrix.dim() < 2:
        raise ValueError(f"{given[0]} must be at least two-dimensional, with optional leading batch dimensions")
    return given[0], matrix


def factor_of(name: str, matrix: Tensor) -> Tensor:
    """The Cholesky factor of the covariance."""
    if name == "scale_tril":
        return matrix
    return cholesky(matrix) if name == "covariance_matrix" else precision_to_scale_tril(matrix)


class MultivariateNormal(Distribution):
    """The normal distribution of vectors.

    Args:
        loc: the mean.
        covariance_matrix: the covariance, positive definite.
        precision_matrix: its inverse, instead.
        scale_tril: its lower Cholesky factor, instead, which is used as it is.
        validate_args: as for ``Distribution``.

    Raises:
        ValueError: none or several of the matrices, or too few dims.

    Example:
        >>> import tensorplug as tp
        >>> d = tp.distributions.MultivariateNormal(tp.zeros(2), tp.eye(2))
        >>> d.log_prob(tp.zeros(2))
        tensor(-1.8379)
    """

    arg_constraints = {
        "loc": constraints.real_vector,
        "covariance_matrix": constraints.positive_definite,
        "precision_matrix": constraints.positive_definite,
        "scale_tril": constraints.lower_cholesky,
    }
    support = constraints.real_vector
    has_rsample = True

    def __init__(
        self,
        loc: Tensor,
        covariance_matrix: Tensor | None = None,
        precision_matrix: Tensor | None = None,
        scale_tril: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        if loc.dim() < 1:
            raise ValueError("loc must be at least one-dimensional.")
        name, matrix = only_matrix(covariance_matrix, scale_tril, precision_matrix)
        batch = broadcast_shapes(matrix.shape[:-2], loc.shape[:-1])
        self.__dict__[name] = matrix.expand((*batch, *matrix.shape[-2:]))
        self.loc = loc.expand((*batch, loc.shape[-1]))
        super().__init__(batch, self.loc.shape[-1:], validate_args=validate_args)
        # Not expanded: each factor is computed and used once, however large the batch.
        self._unbroadcasted_scale_tril = factor_of(name, matrix)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = super().expand(batch_shape, _instance)
        new._unbroadcasted_scale_tril = self._unbroadcasted_scale_tril
        return new

    @lazy_property
    def scale_tril(self) -> Tensor:
        """The lower Cholesky factor of the covariance."""
        return self._unbroadcasted_scale_tril.expand((*self.batch_shape, *self.event_shape, *self.event_shape))

    @lazy_property
    def covariance_matrix(self) -> Tensor:
        """The covariance."""
        factor = self._unbroadcasted_scale_tril
        return (factor @ factor.mT).expand((*self.batch_shape, *self.event_shape, *self.event_shape))

    @lazy_property
    def precision_matrix(self) -> Tensor:
        """The inverse of the covariance."""
        inverse = cholesky_inverse(self._unbroadcasted_scale_tril)
        return inverse.expand((*self.batch_shape, *self.event_shape, *self.event_shape))

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        return self._unbroadcasted_scale_tril.square().sum(-1).expand((*self.batch_shape, *self.event_shape))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        normal = randn(self._extended_shape(sample_shape), dtype=self.loc.dtype, device=self.loc.device)
        return self.loc + (self._unbroadcasted_scale_tril @ normal.unsqueeze(-1)).squeeze(-1)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        factor = self._unbroadcasted_scale_tril
        distance = squared_distance(factor, value - self.loc)
        return -(self.event_shape[0] * math.log(2 * math.pi) + distance) / 2 - log_diagonal(factor)

    def entropy(self) -> Tensor:
        found = self.event_shape[0] * (1 + math.log(2 * math.pi)) / 2 + log_diagonal(self._unbroadcasted_scale_tril)
        return found.expand(self.batch_shape)
