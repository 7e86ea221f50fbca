"""Maps of vectors to points of a simplex, and of vectors and matrices to triangular and positive definite matrices."""

from __future__ import annotations

import math

from tensorplug.distributions import constraints
from tensorplug.distributions.transforms.base import Shape, Transform
from tensorplug.distributions.utils import tril_matrix_to_vec, vec_to_tril_matrix
from tensorplug.factories import arange, eye
from tensorplug.functional import logsigmoid, pad, softplus
from tensorplug.linalg import cholesky
from tensorplug.tensor import Tensor
from tensorplug.typeinfo import finfo


class SoftmaxTransform(Transform):
    """``y = softmax(x)``; back goes ``log(y)``. Vectors that differ by a constant have one image."""

    domain = constraints.real_vector
    codomain = constraints.simplex

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SoftmaxTransform)

    def __hash__(self) -> int:
        return hash(SoftmaxTransform)

    def _call(self, x: Tensor) -> Tensor:
        return x.softmax(-1)

    def _inverse(self, y: Tensor) -> Tensor:
        return y.log()

    def forward_shape(self, shape: Shape) -> Shape:
        _needs_vector(shape)
        return shape

    def inverse_shape(self, shape: Shape) -> Shape:
        _needs_vector(shape)
        return shape


class StickBreakingTransform(Transform):
    """Vectors of ``n`` numbers to the simplex of ``n + 1``, one after the other a share of what is left.

    The share is the sigmoid of the number less the logarithm of how many parts are to follow, so that 0 maps to equal
    parts.
    """

    domain = constraints.real_vector
    codomain = constraints.simplex
    bijective = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StickBreakingTransform)

    def __hash__(self) -> int:
        return hash(StickBreakingTransform)

    def _call(self, x: Tensor) -> Tensor:
        share = (x - _log_following(x)).sigmoid()
        left = (1 - share).cumprod(-1)
        return pad(share, [0, 1], value=1) * pad(left, [1, 0], value=1)

    def _inverse(self, y: Tensor) -> Tensor:
        parts = y[..., :-1]
        # What is left rounds to 0 or below at the border.
        left = (1 - parts.cumsum(-1)).clamp(min=finfo(y.dtype).tiny)
        return parts.log() - left.log() + _log_following(parts)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        x = x - _log_following(x)
        # dy = share' * left, the derivative of the share being share * (1 - share), and y being share * left.
        return (logsigmoid(-x) + y[..., :-1].log()).sum(-1)

    def forward_shape(self, shape: Shape) -> Shape:
        _needs_vector(shape)
        return (*shape[:-1], shape[-1] + 1)

    def inverse_shape(self, shape: Shape) -> Shape:
        _needs_vector(shape)
        return (*shape[:-1], shape[-1] - 1)


def _log_following(x: Tensor) -> Tensor:
    n = x.shape[-1]
    return (n - arange(n, dtype=x.dtype, device=x.device)).log()


def _needs_vector(shape: Shape) -> None:
    if len(shape) < 1:
        raise ValueError("Too few dimensions on input")


class LowerCholeskyTransform(Transform):
    """Square matrices to lower triangular ones with a positive diagonal: its exponential, and what is below it."""

    domain = constraints.independent(constraints.real, 2)
    codomain = constraints.lower_cholesky

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LowerCholeskyTransform)

    def __hash__(self) -> int:
        return hash(LowerCholeskyTransform)

    def _call(self, x: Tensor) -> Tensor:
        return x.tril(-1) + x.diagonal(0, -2, -1).exp().diag_embed()

    def _inverse(self, y: Tensor) -> Tensor:
        return y.tril(-1) + y.diagonal(0, -2, -1).log().diag_embed()


class PositiveDefiniteTransform(Transform):
    """Square matrices to positive definite ones, ``L @ L.mT`` for what ``LowerCholeskyTransform`` makes of them."""

    domain = constraints.independent(constraints.real, 2)
    codomain = constraints.positive_definite

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PositiveDefiniteTransform)

    def __hash__(self) -> int:
        return hash(PositiveDefiniteTransform)

    def _call(self, x: Tensor) -> Tensor:
        factor = LowerCholeskyTransform()._call(x)
        return factor @ factor.mT

    def _inverse(self, y: Tensor) -> Tensor:
        return LowerCholeskyTransform()._inverse(cholesky(y))


class CorrCholeskyTransform(Transform):
    """Vectors of ``d (d - 1) / 2`` numbers to Cholesky factors of ``d`` by ``d`` correlation matrices.

    The hyperbolic tangents of the numbers are, row by row below the diagonal, partial correlations: each element of a
    row takes that share (signed) of the length that the elements before it left over, so that every row has length 1.
    """

    domain = constraints.real_vector
    codomain = constraints.corr_cholesky
    bijective = True

    def _call(self, x: Tensor) -> Tensor:
        eps = finfo(x.dtype).eps
        shares = vec_to_tril_matrix(x.tanh().clamp(min=-1 + eps, max=1 - eps), diag=-1)
        left = (1 - shares * shares).sqrt().cumprod(-1)
        shares = shares + eye(shares.shape[-1], dtype=shares.dtype, device=shares.device)
        return shares * pad(left[..., :-1], [1, 0], value=1)

    def _inverse(self, y: Tensor) -> Tensor:
        left = pad((1 - (y * y).cumsum(-1))[..., :-1], [1, 0], value=1)
        shares = tril_matrix_to_vec(y, diag=-1) / tril_matrix_to_vec(left, diag=-1).sqrt()
        return (shares.log1p() - (-shares).log1p()) / 2

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        left = tril_matrix_to_vec(1 - (y * y).cumsum(-1), diag=-2)
        slope = (x + softplus(-2 * x) - math.log(2.0)).sum(-1)
        return left.log().sum(-1) / 2 - 2 * slope

    def forward_shape(self, shape: Shape) -> Shape:
        _needs_vector(shape)
        n = shape[-1]
        size = round((0.25 + 2 * n) ** 0.5 + 0.5)
        if size * (size - 1) // 2 != n:
            raise ValueError(f"Input is not a flattened lower-diagonal matrix: there is none of {n} numbers")
        return (*shape[:-1], size, size)

    def inverse_shape(self, shape: Shape) -> Shape:
        if len(shape) < 2:
            raise ValueError("Too few dimensions on input")
        if shape[-2] != shape[-1]:
            raise ValueError(f"Input is not square: {tuple(shape)}")
        size = shape[-1]
        return (*shape[:-2], size * (size - 1) // 2)
