"""Eigenvalues and singular values, with the vectors that belong to them.

Vectors are determined up to a sign, or a complex number of size 1, and so are their gradients: they mean something
where what is computed from the vectors does not depend on that choice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tensorplug.dispatch import Plan
from tensorplug.ops.define import composite, plan
from tensorplug.ops.matrices import (
    adjoint,
    anywhere,
    check_dtype,
    check_matrices,
    check_square,
    identity,
    matching,
    symmetric_part,
)
from tensorplug.ops.solving import solve_square
from tensorplug.ops.triangular import diag_embed

Tensor = Any

if TYPE_CHECKING:
    # Users see named results, and with them what their fields are.
    from tensorplug.tensor import Tensor as _Tensor


class Eigen(NamedTuple):
    """Eigenvalues, and eigenvectors as columns."""

    eigenvalues: _Tensor
    eigenvectors: _Tensor


class SVD(NamedTuple):
    """Left singular vectors as columns, singular values, right singular vectors as conjugated rows."""

    U: _Tensor
    S: _Tensor
    Vh: _Tensor


def _check_gauge(name: str, quantity: Tensor, scale: Tensor) -> None:
    """Refuse gradients of something that changes when vectors are multiplied by numbers of size 1."""
    if 0 not in quantity._shape and anywhere(quantity.abs().amax() > 1e-2 * (1 + scale.abs().amax())):
        raise RuntimeError(
            f"{name}_backward: The vectors are determined up to multiplication by e^(i phi), and the specified loss "
            "function depends on this quantity, so its gradient is not defined."
        )


def _differences(values: Tensor) -> Tensor:
    """``values[j] - values[i]``, with ones on the diagonal."""
    return values.unsqueeze(-2) - values.unsqueeze(-1) + identity(values, values._shape[-1])


# ---------------------------------------------------------------------------------------------------- Hermitian


@plan("A", outputs=("values", "vectors"), spaces=(), out=False)
def eigh_decompose(A: Tensor) -> Plan:
    """Real eigenvalues of Hermitian matrices in ascending order and orthonormal eigenvectors, reading the lower
    triangle."""
    dtype = A._kind.dtype
    return (A,), (), (A._shape[:-1], A._shape), (dtype.to_real(), dtype)


@eigh_decompose.vjp
def _eigh_decompose_vjp(grads: tuple[Any, Any], values: Tensor, vectors: Tensor) -> tuple[Tensor]:
    grad_values, grad_vectors = grads
    if grad_vectors is None:
        return (_recompose(grad_values, vectors),)
    inner = adjoint(vectors) @ grad_vectors
    if inner._kind.dtype.is_complex:
        _check_gauge("linalg_eigh", inner.diagonal(0, -2, -1).imag, inner)
    inner = inner / _differences(values)
    diagonal = inner.diagonal(0, -2, -1)
    own = -diagonal if grad_values is None else grad_values.to(diagonal._kind.dtype) - diagonal
    # Changes of the matrix are Hermitian, so what stands for its gradient may be, too.
    return (symmetric_part(vectors @ (inner + diag_embed(own)) @ adjoint(vectors)),)


def _recompose(values: Tensor, vectors: Tensor) -> Tensor:
    return (vectors * values.to(vectors._kind.dtype).unsqueeze(-2)) @ adjoint(vectors)


@plan("A", spaces=(), out=False)
def eigvalsh_only(A: Tensor) -> Plan:
    """Real eigenvalues of Hermitian matrices in ascending order, reading the lower triangle."""
    return (A,), (), A._shape[:-1], A._kind.dtype.to_real()


@eigvalsh_only.default
def _eigvalsh_only(A: Tensor) -> Tensor:
    return eigh_decompose(A)[0]


eigvalsh_only.grads(A=lambda g, A: _recompose(g, eigh_decompose(A)[1]))


def _lower(name: str, A: Tensor, UPLO: str) -> Tensor:
    """The matrices, read from the triangle that is asked for."""
    check_square(name, A)
    check_dtype(name, A)
    if UPLO not in ("L", "U", "l", "u"):
        raise RuntimeError(f"{name}: Expected UPLO argument to be 'L' or 'U', but got {UPLO}")
    return A if UPLO in "Ll" else adjoint(A)


@composite(spaces=("linalg",))
def linalg_eigh(A: Tensor, UPLO: str = "L") -> Eigen:
    """Eigenvalues and eigenvectors of symmetric or Hermitian matrices.

    Args:
        A: shape (..., n, n).
        UPLO: the triangle that is read, ``"L"`` or ``"U"``. Gradients are those of the whole matrix.

    Returns:
        ``(eigenvalues, eigenvectors)``: real, in ascending order, shape (..., n), and orthonormal columns, shape
        (..., n, n).

    Raises:
        LinAlgError: the algorithm does not converge.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.eigh(tp.tensor([[2.0, 0.0], [0.0, 1.0]])).eigenvalues
        tensor([1., 2.])
    """
    return Eigen(*eigh_decompose(_lower("linalg.eigh", A, UPLO)))


@composite(spaces=("linalg",))
def linalg_eigvalsh(A: Tensor, UPLO: str = "L") -> Tensor:
    """The eigenvalues of symmetric or Hermitian matrices, in ascending order.

    Args:
        A: shape (..., n, n).
        UPLO: the triangle that is read, ``"L"`` or ``"U"``. Gradients are those of the whole matrix.

    Raises:
        LinAlgError: the algorithm does not converge.
    """
    A = _lower("linalg.eigvalsh", A, UPLO)
    # The gradient takes the vectors, which are cheapest along with the values.
    return eigh_decompose(A)[0] if A.requires_grad else eigvalsh_only(A)


# ---------------------------------------------------------------------------------------------------- general


@plan("A", outputs=("values", "vectors"), spaces=(), out=False)
def eig_decompose(A: Tensor) -> Plan:
    """Complex eigenvalues in no particular order and eigenvectors of length 1."""
    dtype = A._kind.dtype.to_complex()
    return (A,), (), (A._shape[:-1], A._shape), (dtype, dtype)


@eig_decompose.vjp
def _eig_decompose_vjp(grads: tuple[Any, Any], values: Tensor, vectors: Tensor, A_dtype: Any) -> tuple[Tensor]:
    # M. B. Giles, Collected matrix derivative results for forward and reverse mode algorithmic differentiation, 2008;
    # vectors of length 1 do not move along themselves, hence the second term.
    grad_values, grad_vectors = grads
    if grad_vectors is None:
        inner = diag_embed(grad_values)
    else:
        across = adjoint(vectors) @ grad_vectors
        along = across.diagonal(0, -2, -1)
        _check_gauge("linalg_eig", along.imag, across)
        moved = across - (adjoint(vectors) @ vectors) * along.real.to(across._kind.dtype).unsqueeze(-2)
        inner = moved / _differences(values).conj()
        diagonal = inner.diagonal(0, -2, -1)
        inner = inner + diag_embed(-diagonal if grad_values is None else grad_values - diagonal)
    return (matching(solve_square(adjoint(vectors), inner @ adjoint(vectors))[0], A_dtype),)


@plan("A", spaces=(), out=False)
def eigvals_only(A: Tensor) -> Plan:
    """Complex eigenvalues in no particular order."""
    return (A,), (), A._shape[:-1], A._kind.dtype.to_complex()


@eigvals_only.default
def _eigvals_only(A: Tensor) -> Tensor:
    return eig_decompose(A)[0]


@eigvals_only.vjp
def _eigvals_only_vjp(g: Tensor, A: Tensor, A_dtype: Any) -> tuple[Tensor]:
    values, vectors = eig_decompose(A)
    return _eig_decompose_vjp((g, None), values, vectors, A_dtype)


def _check_finite(name: str, A: Tensor) -> None:
    check_square(name, A)
    check_dtype(name, A)
    if anywhere(~A.isfinite()):
        raise RuntimeError(f"{name}: input tensor should not contain infs or NaNs.")


@composite(spaces=("linalg",))
def linalg_eig(A: Tensor) -> Eigen:
    """Eigenvalues and eigenvectors of square matrices.

    Args:
        A: shape (..., n, n).

    Returns:
        ``(eigenvalues, eigenvectors)``, both complex, in no particular order; the columns have length 1.

    Raises:
        RuntimeError: an element is infinite or NaN.
        LinAlgError: the algorithm does not converge.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.eig(tp.tensor([[0.0, -1.0], [1.0, 0.0]])).eigenvalues
        tensor([0.+1.j, 0.-1.j])
    """
    _check_finite("linalg.eig", A)
    return Eigen(*eig_decompose(A))


@composite(spaces=("linalg",))
def linalg_eigvals(A: Tensor) -> Tensor:
    """The eigenvalues of square matrices: complex, in no particular order.

    Args:
        A: shape (..., n, n).

    Raises:
        RuntimeError: an element is infinite or NaN.
        LinAlgError: the algorithm does not converge.
    """
    _check_finite("linalg.eigvals", A)
    # The gradient takes the vectors, which are cheapest along with the values.
    return eig_decompose(A)[0] if A.requires_grad else eigvals_only(A)


# ---------------------------------------------------------------------------------------------------- singular values


@plan("A; full_matrices", outputs=("U", "S", "Vh"), spaces=(), out=False)
def svd_decompose(A: Tensor, full_matrices: bool) -> Plan:
    """``U @ diag(S) @ Vh == A`` with orthonormal columns in U and rows in Vh, and S real and descending; U and Vh are
    square where ``full_matrices``."""
    (*batch, rows, columns), dtype = A._shape, A._kind.dtype
    size = min(rows, columns)
    left, right = (rows, columns) if full_matrices else (size, size)
    shapes = ((*batch, rows, left), (*batch, size), (*batch, right, columns))
    return (A,), (full_matrices,), shapes, (dtype, dtype.to_real(), dtype)


@svd_decompose.vjp
def _svd_decompose_vjp(grads: tuple[Any, ...], U: Tensor, S: Tensor, Vh: Tensor) -> tuple[Tensor]:
    grad_u, grad_s, grad_vh = grads
    size = S._shape[-1]
    # The vectors beyond the singular values are determined up to a rotation, so no gradient can flow through them.
    U, Vh = U[..., :, :size], Vh[..., :size, :]
    if grad_u is None and grad_vh is None:
        return ((U * grad_s.to(U._kind.dtype).unsqueeze(-2)) @ Vh,)
    grad_u = U.new_zeros(U._shape) if grad_u is None else grad_u[..., :, :size]
    grad_vh = Vh.new_zeros(Vh._shape) if grad_vh is None else grad_vh[..., :size, :]
    return (_svd_gradient(grad_u, grad_s, grad_vh, U, S, Vh),)


def _svd_gradient(grad_u: Tensor, grad_s: Tensor | None, grad_vh: Tensor, U: Tensor, S: Tensor, Vh: Tensor) -> Tensor:
    # J. Townsend, Differentiating the singular value decomposition, 2016; the complex case as in Z.-Q. Wan,
    # S.-X. Zhang, Automatic differentiation for complex valued SVD, 2019.
    dtype = U._kind.dtype
    across_u, across_v = adjoint(U) @ grad_u, Vh @ adjoint(grad_vh)
    turn_u, turn_v = across_u - adjoint(across_u), across_v - adjoint(across_v)
    wide = S.to(dtype)
    squares = _differences(S * S).to(dtype)
    inner = (turn_u / squares) * wide.unsqueeze(-2) + wide.unsqueeze(-1) * (turn_v / squares)
    # Turns on the diagonal are imaginary: both sides share them, so what counts is that of one of them.
    own = inner.diagonal(0, -2, -1)
    diagonal = -own if grad_s is None else grad_s.to(dtype) - own
    if dtype.is_complex:
        turns = turn_u.diagonal(0, -2, -1)
        _check_gauge("svd", (turns + turn_v.diagonal(0, -2, -1)).imag, across_u)
        diagonal = diagonal + turns / (2 * wide)
    inner = inner + diag_embed(diagonal)
    left, right = U @ inner, adjoint(grad_vh) / wide.unsqueeze(-2)
    if U._shape[-2] > U._shape[-1]:
        scaled = grad_u / wide.unsqueeze(-2)
        left = left + scaled - U @ (adjoint(U) @ scaled)
    result = left @ Vh
    if Vh._shape[-1] > Vh._shape[-2]:
        result = result + U @ adjoint(right - adjoint(Vh) @ (Vh @ right))
    return result


@plan("A", spaces=(), out=False)
def svdvals_only(A: Tensor) -> Plan:
    """Singular values, descending."""
    return (A,), (), (*A._shape[:-2], min(A._shape[-2:])), A._kind.dtype.to_real()


@svdvals_only.default
def _svdvals_only(A: Tensor) -> Tensor:
    return svd_decompose(A, False)[1]


@svdvals_only.vjp
def _svdvals_only_vjp(g: Tensor, A: Tensor) -> tuple[Tensor]:
    U, S, Vh = svd_decompose(A, False)
    return _svd_decompose_vjp((None, g, None), U, S, Vh)


def _check_svd(name: str, A: Tensor, driver: str | None) -> None:
    check_matrices(name, A)
    check_dtype(name, A)
    if driver is not None and (A._kind.device.type != "cuda" or driver not in ("gesvd", "gesvdj", "gesvda")):
        raise RuntimeError(
            f"{name}: keyword argument `driver=` is only supported on CUDA inputs, with one of 'gesvd', 'gesvdj' and "
            f"'gesvda'; got '{driver}' on {A._kind.device}"
        )


def svdvals_of(A: Tensor) -> Tensor:
    """Singular values; with the vectors, if there will be a gradient, which takes them."""
    return svd_decompose(A, False)[1] if A.requires_grad else svdvals_only(A)


@composite(spaces=("linalg",))
def linalg_svd(A: Tensor, full_matrices: bool = True, *, driver: str | None = None) -> SVD:
    """The singular value decomposition ``A == U @ diag(S) @ Vh``.

    Args:
        A: matrices, shape (..., m, n).
        full_matrices: give square U and Vh rather than their first k = min(m, n) columns and rows.
        driver: the algorithm on CUDA devices; for others None.

    Returns:
        ``(U, S, Vh)``; ``S`` is real and descending, shape (..., k).

    Raises:
        LinAlgError: the algorithm does not converge.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.svd(tp.tensor([[0.0, 2.0], [1.0, 0.0]])).S
        tensor([2., 1.])
    """
    _check_svd("linalg.svd", A, driver)
    return SVD(*svd_decompose(A, full_matrices))


@composite(spaces=("linalg",))
def linalg_svdvals(A: Tensor, *, driver: str | None = None) -> Tensor:
    """The singular values of matrices, descending.

    Args:
        A: shape (..., m, n).
        driver: the algorithm on CUDA devices; for others None.

    Raises:
        LinAlgError: the algorithm does not converge.
    """
    _check_svd("linalg.svdvals", A, driver)
    return svdvals_of(A)
