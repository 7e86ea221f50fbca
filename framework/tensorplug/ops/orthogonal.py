"""QR factorizations, and products of the reflections that they consist of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tensorplug.dispatch import Plan
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import composite, plan
from tensorplug.ops.factorization import solve_triangle
from tensorplug.ops.joining import cat
from tensorplug.ops.matrices import adjoint, check_dtype, check_matrices, check_same, real_of
from tensorplug.ops.triangular import diag_embed, tril, triu

Tensor = Any

if TYPE_CHECKING:
    # Users see named results, and with them what their fields are.
    from tensorplug.tensor import Tensor as _Tensor


class QR(NamedTuple):
    """A matrix with orthonormal columns and an upper triangle whose product is the matrix."""

    Q: _Tensor
    R: _Tensor


class Reflections(NamedTuple):
    """An upper triangle with the vectors of reflections below it, and their factors."""

    a: _Tensor
    tau: _Tensor


@plan("A", outputs=("packed", "tau"), spaces=(), out=False)
def qr_decompose(A: Tensor) -> Plan:
    """R from the diagonal on, below it the vectors ``v`` (without their leading 1) of the reflections ``I - tau v v^H``
    whose product is Q; LAPACK's geqrf."""
    rows, columns = A._shape[-2:]
    return (A,), (), (A._shape, (*A._shape[:-2], min(rows, columns))), (A._kind.dtype,) * 2


@plan("A; mode", outputs=("Q", "R"), spaces=(), out=False)
def qr_factors(A: Tensor, mode: str) -> Plan:
    """``Q @ R == A``; Q has no elements where the mode is ``"r"``."""
    (*batch, rows, columns), dtype = A._shape, A._kind.dtype
    size = rows if mode == "complete" else min(rows, columns)
    q_shape = (0,) if mode == "r" else (*batch, rows, size)
    return (A,), (mode,), (q_shape, (*batch, size, columns)), (dtype, dtype)


@qr_factors.default
def _qr_factors(A: Tensor, mode: str) -> tuple[Tensor, Tensor]:
    packed, tau = qr_decompose(A)
    rows, columns = A._shape[-2:]
    size = rows if mode == "complete" else min(rows, columns)
    upper = triu(packed[..., :size, :])
    return A.new_empty((0,)) if mode == "r" else _leading_columns(packed, tau, size), upper


@qr_factors.vjp
def _qr_factors_vjp(grads: tuple[Any, Any], A: Tensor, Q: Tensor, R: Tensor, mode: str) -> tuple[Tensor | None]:
    grad_q, grad_r = grads
    rows, columns = A._shape[-2:]
    if mode == "r":
        raise RuntimeError(
            "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use "
            "linalg.qr(A, mode='reduced') if you are going to require gradients."
        )
    if mode == "complete" and rows > columns:
        raise RuntimeError(
            "The QR decomposition is not differentiable when mode='complete' and nrows > ncols: "
            f"A has shape {list(A._shape)}"
        )
    grad_q = A.new_zeros(Q._shape) if grad_q is None else grad_q
    grad_r = A.new_zeros(R._shape) if grad_r is None else grad_r
    if rows >= columns:
        return (_square_or_tall(grad_q, grad_r, Q, R),)
    # The first columns alone determine Q; the others are Q times their part of R.
    rest = grad_r[..., :, rows:]
    grad_q = grad_q + A[..., :, rows:] @ adjoint(rest)
    return (cat((_square_or_tall(grad_q, grad_r[..., :, :rows], Q, R[..., :, :rows]), Q @ rest), -1),)


def _square_or_tall(grad_q: Tensor, grad_r: Tensor, Q: Tensor, R: Tensor) -> Tensor:
    # S. F. Walter, L. Lehmann, R. Lamour, On evaluating higher-order derivatives of the QR decomposition, 2012.
    inner = triu(triu(grad_r) @ adjoint(R) - adjoint(Q) @ grad_q)
    diagonal = real_of(inner.diagonal(0, -2, -1)).to(inner._kind.dtype)
    above = triu(inner, 1)
    total = grad_q + Q @ (above + adjoint(above) + diag_embed(diagonal))
    return adjoint(solve_triangle(R, adjoint(total), True, False))


@composite(spaces=("linalg",))
def linalg_qr(A: Tensor, mode: str = "reduced") -> QR:
    """``A == Q @ R`` with orthonormal columns in Q and an upper triangle R.

    Args:
        A: matrices, shape (..., m, n).
        mode: ``"reduced"``: Q has k = min(m, n) columns; ``"complete"``: it has m; ``"r"``: Q is not computed and has
            no elements. Gradients flow in the first mode, and in the second where m <= n.

    Returns:
        ``(Q, R)``. Signs are such as the factorization by reflections gives: R's diagonal may be negative.

    Raises:
        RuntimeError: another mode.

    Example:
        >>> import tensorplug as tp
        >>> A = tp.tensor([[3.0, 1.0], [4.0, 2.0]])
        >>> Q, R = tp.linalg.qr(A)
        >>> tp.allclose(Q @ R, A)
        True
    """
    return _qr("linalg.qr", A, mode)


def _qr(name: str, A: Tensor, mode: str) -> QR:
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"{name} received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', or 'complete'"
        )
    check_matrices(name, A)
    check_dtype(name, A)
    return QR(*qr_factors(A, mode))


@composite()
def qr(input: Tensor, some: bool = True) -> QR:
    """``linalg.qr`` by an older name: Q has min(m, n) columns, or all m where ``some`` is false."""
    return _qr("qr", input, "reduced" if some else "complete")


@composite()
def geqrf(input: Tensor) -> Reflections:
    """A QR factorization as LAPACK keeps it. Has no gradient.

    Args:
        input: matrices, shape (..., m, n).

    Returns:
        ``(a, tau)``: R from the diagonal on and below it the vectors of reflections, and their factors. From these
        ``linalg.householder_product`` makes Q.
    """
    check_matrices("geqrf", input, "input")
    check_dtype("geqrf", input)
    return Reflections(*qr_decompose(input.detach()))


# ---------------------------------------------------------------------------------------------------- reflections


def _unit_columns(packed: Tensor, count: int) -> Tensor:
    """The vectors of the first reflections as columns, each with its leading 1."""
    rows = packed._shape[-2]
    ones = new_arange(packed, rows).unsqueeze(1) == new_arange(packed, count)
    return tril(packed[..., :, :count], -1) + ones.to(packed._kind.dtype)


def _compact(vectors: Tensor, tau: Tensor) -> Tensor:
    """The upper triangle ``T`` for which the product of all reflections is ``I - V @ T @ V.mH``.

    Its inverse is the upper half of ``V.mH @ V`` with ``1 / tau`` on the diagonal (R. Schreiber, C. Van Loan, A
    storage-efficient WY representation for products of Householder transformations, 1989).
    """
    scaled = tau.unsqueeze(-1) * triu(adjoint(vectors) @ vectors, 1)
    return solve_triangle(scaled, diag_embed(tau), True, True)


def _leading_columns(packed: Tensor, tau: Tensor, columns: int) -> Tensor:
    """The first columns of the product of reflections."""
    vectors = _unit_columns(packed, tau._shape[-1])
    product = vectors @ (_compact(vectors, tau) @ adjoint(vectors[..., :columns, :]))
    ones = new_arange(packed, packed._shape[-2]).unsqueeze(1) == new_arange(packed, columns)
    return ones.to(packed._kind.dtype) - product


@composite(spaces=("linalg",))
def linalg_householder_product(A: Tensor, tau: Tensor) -> Tensor:
    """The first n columns of the product of the reflections ``I - tau[i] * v[i] @ v[i].mH``.

    Args:
        A: shape (..., m, n) with m >= n; the vector ``v[i]`` is 0 above row i, 1 there, and below it column i of A.
        tau: shape (..., k) with k <= n.

    Returns:
        Shape (..., m, n).

    Raises:
        RuntimeError: shapes or dtypes do not match.
    """
    return _householder_product("linalg.householder_product", A, tau)


@composite()
def orgqr(input: Tensor, input2: Tensor) -> Tensor:
    """``linalg.householder_product`` by an older name."""
    return _householder_product("orgqr", input, input2)


def _householder_product(name: str, A: Tensor, tau: Tensor) -> Tensor:
    _check_reflections(name, A, tau)
    if A._shape[-2] < A._shape[-1]:
        raise RuntimeError(f"{name}: input.shape[-2] must be greater than or equal to input.shape[-1]")
    return _leading_columns(A, tau, A._shape[-1])


def _check_reflections(name: str, A: Tensor, tau: Tensor) -> None:
    check_matrices(name, A, "input")
    check_dtype(name, A)
    check_same(name, A, tau)
    if not tau._shape:
        raise IndexError(f"{name}: tau must have at least one dimension")
    if tau._shape[-1] > A._shape[-1] or tau._shape[:-1] != A._shape[:-2]:
        raise RuntimeError(
            f"{name}: input of shape {list(A._shape)} and tau of shape {list(tau._shape)} do not fit: tau must have "
            "the same batch dims, and at most as many elements for each matrix as the input has columns"
        )


@composite()
def ormqr(input: Tensor, input2: Tensor, input3: Tensor, left: bool = True, transpose: bool = False) -> Tensor:
    """The product of a matrix with the product Q of reflections, which is not formed.

    Args:
        input, input2: the vectors of the reflections and their factors, as ``geqrf`` gives them.
        input3: the matrix C, shape (..., p, q).
        left: ``Q @ C`` rather than ``C @ Q``.
        transpose: use the conjugate transpose of Q.

    Returns:
        The shape of C.

    Raises:
        RuntimeError: shapes or dtypes do not match.
    """
    _check_reflections("ormqr", input, input2)
    check_same("ormqr", input, input3)
    check_matrices("ormqr", input3, "other")
    place = -2 if left else -1
    if input3._shape[:-2] != input._shape[:-2]:
        raise RuntimeError(
            f"ormqr: batch dimensions of other should be equal to those of input, got shapes {list(input3._shape)} and "
            f"{list(input._shape)}"
        )
    if input3._shape[place] != input._shape[-2]:
        raise RuntimeError(
            f"ormqr: other.shape[{place}] must be equal to input.shape[-2], got {input3._shape[place]} and "
            f"{input._shape[-2]}"
        )
    if input2._shape[-1] != min(input3._shape[place], input._shape[-1]):
        raise RuntimeError(
            f"ormqr: tau.shape[-1] must be equal to min(other.shape[{place}], input.shape[-1]), got {input2._shape[-1]}"
            f" and {min(input3._shape[place], input._shape[-1])}"
        )
    vectors = _unit_columns(input, input2._shape[-1])
    inner = _compact(vectors, input2)
    inner = adjoint(inner) if transpose else inner
    if left:
        return input3 - vectors @ (inner @ (adjoint(vectors) @ input3))
    return input3 - ((input3 @ vectors) @ inner) @ adjoint(vectors)
