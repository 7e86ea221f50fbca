"""The Wishart distribution."""

from __future__ import annotations

import math
import warnings
from typing import Any

from tensorplug.distributions import constraints
from tensorplug.distributions.chi2 import Chi2
from tensorplug.distributions.exp_family import ExponentialFamily
from tensorplug.distributions.multivariate_normal import factor_of, log_diagonal, only_matrix
from tensorplug.distributions.utils import Number, lazy_property
from tensorplug.factories import arange, randn, tensor
from tensorplug.functional import cholesky_inverse, cholesky_solve, mvlgamma
from tensorplug.linalg import slogdet
from tensorplug.shapes import broadcast_shapes
from tensorplug.tensor import Tensor
from tensorplug.typeinfo import finfo

_REDRAWS = 3


def mvdigamma(x: Tensor, p: int) -> Tensor:
    """The derivative of the logarithm of the multivariate gamma function of dimension ``p``."""
    return (x.unsqueeze(-1) - arange(p, dtype=x.dtype, device=x.device) / 2).digamma().sum(-1)


class Wishart(ExponentialFamily):
    """The Wishart distribution of positive definite matrices: ``X @ X.mT`` for normal vectors as columns of ``X``.

    Args:
        df: the degrees of freedom, above the size of the matrices less 1.
        covariance_matrix: the covariance of the vectors.
        precision_matrix: its inverse, instead.
        scale_tril: its lower Cholesky factor, instead.
        validate_args: as for ``Distribution``.

    Raises:
        ValueError: none or several of the matrices, too few dims, or too few degrees of freedom.

    Source: draws by Bartlett's decomposition (Sawyer, "Wishart distributions and inverse-Wishart sampling", 2007).

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.Wishart(tp.tensor(3.0), tp.eye(2)).mean
        tensor([[3., 0.],
                [0., 3.]])
    """

    support = constraints.positive_definite
    has_rsample = True
    _mean_carrier_measure = 0

    def __init__(
        self,
        df: Any,
        covariance_matrix: Tensor | None = None,
        precision_matrix: Tensor | None = None,
        scale_tril: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        name, matrix = only_matrix(covariance_matrix, scale_tril, precision_matrix)
        if isinstance(df, Number):
            df = tensor(df, dtype=matrix.dtype, device=matrix.device)
        n = matrix.shape[-1]
        batch = broadcast_shapes(df.shape, matrix.shape[:-2])
        self.df = df.expand(batch)
        if not df._kind.backend.abstract and bool((df <= n - 1).any()):
            raise ValueError(f"Value of df={df} expected to be greater than ndim - 1 = {n - 1}.")
        self.__dict__[name] = matrix.expand((*batch, n, n))
        super().__init__(batch, matrix.shape[-2:], validate_args=validate_args)
        if not df._kind.backend.abstract and bool((df < n).any()):
            warnings.warn(
                "Low df values detected. Singular samples are highly likely to occur for ndim - 1 < df < ndim.",
                stacklevel=2,
            )
        self._unbroadcasted_scale_tril = factor_of(name, matrix)
        self._dist_chi2 = self._chi2()

    def _chi2(self) -> Chi2:
        """The squares on the diagonal of the factor of a draw: one degree less in each row."""
        places = arange(self.event_shape[-1], dtype=self.df.dtype, device=self.df.device)
        return Chi2(self.df.unsqueeze(-1) - places, validate_args=False)

    @property
    def arg_constraints(self) -> dict[str, constraints.Constraint]:
        return {
            "df": constraints.greater_than(self.event_shape[-1] - 1),
            "covariance_matrix": constraints.positive_definite,
            "precision_matrix": constraints.positive_definite,
            "scale_tril": constraints.lower_cholesky,
        }

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = self._get_checked_instance(Wishart, _instance)
        new._event_shape = self._event_shape
        new = super().expand(batch_shape, new)
        new._unbroadcasted_scale_tril = self._unbroadcasted_scale_tril
        new._dist_chi2 = new._chi2()
        return new

    def _matrix(self, matrix: Tensor) -> Tensor:
        return matrix.expand((*self.batch_shape, *self.event_shape))

    @lazy_property
    def scale_tril(self) -> Tensor:
        """The lower Cholesky factor of the covariance."""
        return self._matrix(self._unbroadcasted_scale_tril)

    @lazy_property
    def covariance_matrix(self) -> Tensor:
        """The covariance."""
        factor = self._unbroadcasted_scale_tril
        return self._matrix(factor @ factor.mT)

    @lazy_property
    def precision_matrix(self) -> Tensor:
        """The inverse of the covariance."""
        return self._matrix(cholesky_inverse(self._unbroadcasted_scale_tril))

    @property
    def mean(self) -> Tensor:
        found: Tensor = self.df[..., None, None] * self.covariance_matrix
        return found

    @property
    def mode(self) -> Tensor:
        factor = self.df - self.event_shape[-1] - 1
        found: Tensor = factor.masked_fill(factor <= 0, math.nan)[..., None, None] * self.covariance_matrix
        return found

    @property
    def variance(self) -> Tensor:
        matrix: Tensor = self.covariance_matrix
        diagonal = matrix.diagonal(0, -2, -1)
        outer = diagonal.unsqueeze(-1) * diagonal.unsqueeze(-2)
        return self.df[..., None, None] * (matrix.square() + outer)

    def _draw(self, sample_shape: Any) -> Tensor:
        smallest = finfo(self.df.dtype).tiny
        diagonal = self._dist_chi2.rsample(sample_shape).clamp(min=smallest).sqrt()
        normal = randn(self._extended_shape(sample_shape), dtype=self.df.dtype, device=self.df.device)
        factor = self._unbroadcasted_scale_tril @ (diagonal.diag_embed() + normal.tril(-1))
        return factor @ factor.mT

    def rsample(self, sample_shape: Any = (), max_try_correction: int | None = None) -> Tensor:
        """Draws through which gradients flow to the parameters.

        Args:
            sample_shape: the shape of independent draws.
            max_try_correction: how often draws that rounding made singular are drawn again; 3 by default where
                arguments are checked, otherwise 0.
        """
        if max_try_correction is None:
            max_try_correction = _REDRAWS if self._validate_args else 0
        found = self._draw(sample_shape)
        for _ in range(max_try_correction):
            good = self.support.check(found)
            if bool(good.all()):
                break
            found = found.where(good[..., None, None], self._draw(sample_shape))
        return found

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        n = self.event_shape[-1]
        factor = self._unbroadcasted_scale_tril
        constant = self.df * (n * math.log(2.0) / 2 + log_diagonal(factor)) + mvlgamma(self.df / 2, n)
        determinant = (self.df - n - 1) / 2 * slogdet(value).logabsdet
        trace = cholesky_solve(value, factor).diagonal(0, -2, -1).sum(-1)
        return determinant - trace / 2 - constant

    def entropy(self) -> Tensor:
        n = self.event_shape[-1]
        half = self.df / 2
        scale = (n + 1) * (n * math.log(2.0) / 2 + log_diagonal(self._unbroadcasted_scale_tril))
        return scale + mvlgamma(half, n) - (self.df - n - 1) / 2 * mvdigamma(half, n) + self.df * n / 2

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        return self.df / 2, -self.precision_matrix / 2

    def _log_normalizer(self, *natural_params: Tensor) -> Tensor:
        x, y = natural_params
        n = self.event_shape[-1]
        return x * (n * math.log(2.0) - slogdet(-2 * y).logabsdet) + mvlgamma(x, n)
