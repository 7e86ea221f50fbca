"""Divergences between distributions of vectors and matrices with covariances."""

from __future__ import annotations

from tensorplug.distributions.distribution import Distribution
from tensorplug.distributions.kl import register_kl
from tensorplug.distributions.lowrank_multivariate_normal import LowRankMultivariateNormal
from tensorplug.distributions.multivariate_normal import MultivariateNormal, log_diagonal, squared_distance
from tensorplug.distributions.wishart import Wishart, mvdigamma
from tensorplug.functional import cholesky_solve, mvlgamma
from tensorplug.linalg import solve_triangular
from tensorplug.tensor import Tensor


def _check_sizes(p: Distribution, q: Distribution) -> None:
    if p.event_shape != q.event_shape:
        raise ValueError(
            "KL-divergence between two (Low Rank) Multivariate Normals with different event shapes cannot be computed"
        )


def _squares(x: Tensor) -> Tensor:
    """The sum of the squares of each matrix: the trace of it times its transpose."""
    return x.square().sum((-2, -1))


def _whitened(factor: Tensor, x: Tensor) -> Tensor:
    return solve_triangular(factor, x, upper=False)


@register_kl(MultivariateNormal, MultivariateNormal)
def _full_full(p: MultivariateNormal, q: MultivariateNormal) -> Tensor:
    _check_sizes(p, q)
    own, other = p._unbroadcasted_scale_tril, q._unbroadcasted_scale_tril
    trace = _squares(_whitened(other, own))
    distance = squared_distance(other, q.loc - p.loc)
    return log_diagonal(other) - log_diagonal(own) + (trace + distance - p.event_shape[0]) / 2


@register_kl(LowRankMultivariateNormal, MultivariateNormal)
def _low_rank_full(p: LowRankMultivariateNormal, q: MultivariateNormal) -> Tensor:
    _check_sizes(p, q)
    other = q._unbroadcasted_scale_tril
    root = p._unbroadcasted_cov_diag.sqrt().diag_embed()
    trace = _squares(_whitened(other, p._unbroadcasted_cov_factor)) + _squares(_whitened(other, root))
    distance = squared_distance(other, q.loc - p.loc)
    return log_diagonal(other) + (trace + distance - p._log_det() - p.event_shape[0]) / 2


@register_kl(MultivariateNormal, LowRankMultivariateNormal)
def _full_low_rank(p: MultivariateNormal, q: LowRankMultivariateNormal) -> Tensor:
    _check_sizes(p, q)
    own = p._unbroadcasted_scale_tril
    trace = _trace_by_low_rank(own, q)
    distance = q._squared_distance(q.loc - p.loc)
    return (trace + distance + q._log_det() - p.event_shape[0]) / 2 - log_diagonal(own)


@register_kl(LowRankMultivariateNormal, LowRankMultivariateNormal)
def _low_rank_low_rank(p: LowRankMultivariateNormal, q: LowRankMultivariateNormal) -> Tensor:
    _check_sizes(p, q)
    inner = _whitened(q._capacitance_tril, q._factor_by_diag())
    own_diag = p._unbroadcasted_cov_diag
    trace = _trace_by_low_rank(p._unbroadcasted_cov_factor, q)
    trace = trace + (own_diag / q._unbroadcasted_cov_diag).sum(-1) - _squares(inner * own_diag.sqrt().unsqueeze(-2))
    distance = q._squared_distance(q.loc - p.loc)
    return (trace + distance + q._log_det() - p._log_det() - p.event_shape[0]) / 2


def _trace_by_low_rank(factor: Tensor, q: LowRankMultivariateNormal) -> Tensor:
    """The trace of ``F F^T`` times the inverse of the covariance of ``q``."""
    inner = _whitened(q._capacitance_tril, q._factor_by_diag())
    return _squares(factor / q._unbroadcasted_cov_diag.sqrt().unsqueeze(-1)) - _squares(inner @ factor)


@register_kl(Wishart, Wishart)
def _wishart(p: Wishart, q: Wishart) -> Tensor:
    if p.event_shape != q.event_shape:
        raise ValueError("KL-divergence between two Wisharts with different event shapes cannot be computed")
    n = p.event_shape[-1]
    own, other = p._unbroadcasted_scale_tril, q._unbroadcasted_scale_tril
    trace = cholesky_solve(own @ own.mT, other).diagonal(0, -2, -1).sum(-1)
    constants = q.df * (log_diagonal(other) - log_diagonal(own)) + mvlgamma(q.df / 2, n) - mvlgamma(p.df / 2, n)
    return constants + p.df * (trace - n) / 2 + (p.df - q.df) / 2 * mvdigamma(p.df / 2, n)
