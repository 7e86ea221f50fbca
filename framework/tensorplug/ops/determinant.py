"""Determinants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tensorplug.dispatch import Plan
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import composite, plan
from tensorplug.ops.factorization import lu_decompose
from tensorplug.ops.joining import cat
from tensorplug.ops.matrices import adjoint, anywhere, check_dtype, check_square, conjugate
from tensorplug.ops.solving import invert
from tensorplug.ops.spectral import svd_decompose

Tensor = Any

if TYPE_CHECKING:
    # Users see named results, and with them what their fields are.
    from tensorplug.tensor import Tensor as _Tensor


class SignLogDet(NamedTuple):
    """The sign of a determinant (for complex matrices a number of size 1) and the logarithm of its size."""

    sign: _Tensor
    logabsdet: _Tensor


def _parity(pivots: Tensor) -> Tensor:
    """1 or -1: whether the exchanges of rows are even in number."""
    size = pivots._shape[-1]
    swaps = (pivots != new_arange(pivots, size) + 1).sum(-1)
    return 1 - 2 * (swaps % 2)


@plan("A", outputs=("sign", "logabsdet"), spaces=(), out=False)
def slogdet_of(A: Tensor) -> Plan:
    """The sign of determinants (for complex matrices a number of size 1) and the logarithm of their size."""
    dtype = A._kind.dtype
    return (A,), (), (A._shape[:-2],) * 2, (dtype, dtype.to_real())


@slogdet_of.default
def _slogdet_of(A: Tensor) -> tuple[Tensor, Tensor]:
    packed, pivots, _ = lu_decompose(A, True)
    diagonal = packed.diagonal(0, -2, -1)
    return diagonal.sgn().prod(-1) * _parity(pivots), diagonal.abs().log().sum(-1)


@slogdet_of.vjp
def _slogdet_of_vjp(grads: tuple[Any, Any], A: Tensor, sign: Tensor) -> tuple[Tensor]:
    # With d = tr(A^-1 dA), the logarithm changes by Re(d) and the sign by sign * i * Im(d).
    grad_sign, grad_log = grads
    dtype = A._kind.dtype
    factor = A.new_zeros(sign._shape) if grad_log is None else grad_log.to(dtype)
    if dtype.is_complex and grad_sign is not None:
        factor = factor - 1j * (grad_sign.conj() * sign).imag
    return (factor[..., None, None] * adjoint(invert(A)[0]),)


@plan("A", spaces=(), out=False)
def det_of(A: Tensor) -> Plan:
    """Determinants."""
    return (A,), (), A._shape[:-2], A._kind.dtype


@det_of.default
def _det_of(A: Tensor) -> Tensor:
    packed, pivots, _ = lu_decompose(A, True)
    return packed.diagonal(0, -2, -1).prod(-1) * _parity(pivots)


@det_of.vjp
def _det_of_vjp(g: Tensor, A: Tensor, result: Tensor) -> tuple[Tensor]:
    return (g[..., None, None] * conjugate(cofactors(A, result)),)


def cofactors(A: Tensor, det: Tensor) -> Tensor:
    """The derivatives of determinants by the elements of their matrices, for singular ones as well."""
    if not anywhere(det == 0):
        return (det[..., None, None] * invert(A)[0]).transpose(-2, -1)
    # N. Higham, What is the adjugate of a matrix, 2020: no singular value divides, each is left out once.
    U, S, Vh = svd_decompose(A, False)
    dtype = A._kind.dtype
    scaled = U * _products_of_others(S).to(dtype).unsqueeze(-2)
    return (det_of(U) * det_of(Vh))[..., None, None] * conjugate(scaled @ Vh)


def _products_of_others(x: Tensor) -> Tensor:
    """For each element along the last dim, the product of all others."""
    ones = x.new_ones((*x._shape[:-1], 1))
    before = cat((ones, x[..., :-1]), -1).cumprod(-1)
    after = cat((x[..., 1:], ones), -1).flip(-1).cumprod(-1).flip(-1)
    return before * after


def _checked_square(name: str, A: Tensor, argument: str) -> None:
    check_square(name, A, argument)
    check_dtype(name, A)


@composite(spaces=("linalg",))
def linalg_det(A: Tensor) -> Tensor:
    """The determinants of square matrices.

    Args:
        A: shape (..., n, n).

    Returns:
        Shape (...). Where a matrix is singular its gradient is still that of the determinant: the cofactors.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.det(tp.tensor([[1.0, 2.0], [3.0, 5.0]]))
        tensor(-1.0000)
    """
    _checked_square("linalg.det", A, "A")
    return det_of(A)


@composite(out=False)
def det(input: Tensor) -> Tensor:
    """``linalg.det`` by an older name."""
    _checked_square("det", input, "input")
    return det_of(input)


@composite(spaces=("linalg",))
def linalg_slogdet(A: Tensor) -> SignLogDet:
    """The sign of determinants and the logarithm of their size, which neither overflows nor underflows.

    Args:
        A: square matrices, shape (..., n, n).

    Returns:
        ``(sign, logabsdet)``; for complex matrices the sign is a number of size 1. A singular matrix has sign 0 and
        logarithm -inf.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.slogdet(tp.tensor([[0.0, 1.0], [1.0, 0.0]])).sign
        tensor(-1.)
    """
    _checked_square("linalg.slogdet", A, "A")
    return SignLogDet(*slogdet_of(A))


@composite()
def slogdet(input: Tensor) -> SignLogDet:
    """``linalg.slogdet`` by an older name."""
    _checked_square("slogdet", input, "input")
    return SignLogDet(*slogdet_of(input))


@composite(out=False)
def logdet(input: Tensor) -> Tensor:
    """The logarithm of determinants; NaN for real matrices where the determinant is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.logdet(tp.tensor([[2.0, 0.0], [0.0, 0.5]]))
        tensor(0.)
    """
    _checked_square("logdet", input, "input")
    sign, size = slogdet_of(input)
    if input._kind.dtype.is_complex:
        return sign.log() + size
    return size.masked_fill(sign < 0, float("nan"))
