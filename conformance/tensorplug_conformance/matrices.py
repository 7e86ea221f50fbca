"""Factorizations as functions whose results are unique: signs and phases of vectors are free, and so are checked only
in what does not depend on them. Each takes any matrix and makes of it one that the op is for."""

from __future__ import annotations

from typing import Any

import tensorplug as tp

Tensor = Any


def _positive(x: Tensor) -> Tensor:
    return x @ x.mH


def _scaled(left: Tensor, values: Tensor, right: Tensor) -> Tensor:
    return (left * values.to(left.dtype).unsqueeze(-2)) @ right


def cholesky(x: Tensor, upper: bool = False) -> Tensor:
    """The factor of ``x @ x.mH``."""
    return tp.linalg.cholesky(_positive(x), upper=upper)


def cholesky_ex(x: Tensor, upper: bool = False) -> tuple[Tensor, Tensor]:
    """The factor of ``x @ x.mH``, and info."""
    return tp.linalg.cholesky_ex(_positive(x), upper=upper, check_errors=True)


def older_cholesky(x: Tensor, upper: bool = False) -> Tensor:
    """The factor of ``x @ x.mH`` by ``tp.cholesky``."""
    return tp.cholesky(_positive(x), upper)


def logdet(x: Tensor) -> Tensor:
    """That of ``x @ x.mH``, which is positive."""
    return tp.logdet(_positive(x))


def eigh(x: Tensor, UPLO: str = "L") -> tuple[Tensor, Tensor]:
    """The eigenvalues of the Hermitian part of ``x``, and its sine."""
    values, vectors = tp.linalg.eigh((x + x.mH) / 2, UPLO)
    return values, _scaled(vectors, values.sin(), vectors.mH)


def eigvalsh(x: Tensor, UPLO: str = "L") -> Tensor:
    """The eigenvalues of the Hermitian part of ``x``."""
    return tp.linalg.eigvalsh((x + x.mH) / 2, UPLO)


def eig(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The eigenvalues of ``x`` in order, the sizes of the vectors' elements, and the cube of ``x``."""
    values, vectors = tp.linalg.eig(x)
    cube = tp.linalg.solve(vectors, _scaled(vectors, values**3, tp.eye(x.shape[-1]).to(vectors)), left=False)
    order = values.real.argsort(-1)
    sizes = vectors.abs().gather(-1, order.unsqueeze(-2).expand(vectors.shape))
    return values.gather(-1, order), sizes, cube


def eigvals(x: Tensor) -> Tensor:
    """The eigenvalues of ``x`` in order."""
    values = tp.linalg.eigvals(x)
    return values.gather(-1, values.real.argsort(-1))


def svd(x: Tensor, full_matrices: bool = False) -> tuple[Tensor, ...]:
    """Singular values, and what they and the vectors make: the sine of each value in its place, both projections."""
    U, S, Vh = tp.linalg.svd(x, full_matrices)
    size = S.shape[-1]
    left, right = U[..., :size], Vh[..., :size, :]
    return S, _scaled(left, S.sin(), right), _scaled(left, S, left.mH), _scaled(right.mH, S, right)


def older_svd(x: Tensor, some: bool = True) -> tuple[Tensor, ...]:
    """The same for ``tp.svd``."""
    U, S, V = tp.svd(x, some)
    left, right = U[..., : S.shape[-1]], V[..., : S.shape[-1]]
    return S, _scaled(left, S.sin(), right.mH), _scaled(left, S, left.mH), _scaled(right, S, right.mH)


def full_svd(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The products of the square factors with their adjoints, and ``x`` put together again."""
    U, S, Vh = tp.linalg.svd(x)
    return U @ U.mH, Vh.mH @ Vh, _scaled(U[..., : S.shape[-1]], S, Vh[..., : S.shape[-1], :])


def svd_lowrank(x: Tensor, q: int) -> tuple[Tensor, Tensor]:
    """The singular values of a matrix of rank 2, and the matrix put together again."""
    U, S, V = tp.svd_lowrank(x[..., :2] @ x[..., :2, :], q)
    return S[..., :2], _scaled(U, S, V.mH)


def pca_lowrank(x: Tensor, q: int) -> tuple[Tensor, Tensor]:
    """The singular values of centred data of rank 2, and the data put together again."""
    U, S, V = tp.pca_lowrank(x[..., :2] @ x[..., :2, :], q)
    return S[..., :2], _scaled(U, S, V.mH)


def lu_solve(x: Tensor, b: Tensor, left: bool = True, adjoint: bool = False) -> Tensor:
    """The solution by the factors of ``x``."""
    return tp.linalg.lu_solve(*tp.linalg.lu_factor(x), b, left=left, adjoint=adjoint)


def older_lu_solve(b: Tensor, x: Tensor) -> Tensor:
    """The solution by the factors of ``x``, with ``tp.lu_solve``."""
    return tp.lu_solve(b, *tp.lu(x))


def lu_unpack(x: Tensor) -> tuple[Tensor, ...]:
    """The three factors from those of ``x`` in one."""
    return tp.lu_unpack(*tp.linalg.lu_factor(x))


def _indefinite(x: Tensor, hermitian: bool) -> Tensor:
    """``x`` and its transpose together, with zeros on the diagonal."""
    x = x + (x.mH if hermitian else x.mT)
    return x - tp.diag_embed(x.diagonal(0, -2, -1))


def ldl_factor(x: Tensor, hermitian: bool = False) -> tuple[Tensor, Tensor]:
    """The triangle that is defined, and the pivots."""
    LD, pivots = tp.linalg.ldl_factor(_indefinite(x, hermitian), hermitian=hermitian)
    return LD.tril(), pivots


def ldl_factor_ex(x: Tensor, hermitian: bool = False) -> tuple[Tensor, Tensor, Tensor]:
    """The same, and info."""
    LD, pivots, info = tp.linalg.ldl_factor_ex(_indefinite(x, hermitian), hermitian=hermitian, check_errors=True)
    return LD.tril(), pivots, info


def ldl_solve(x: Tensor, b: Tensor, hermitian: bool = False) -> Tensor:
    """The solution by the factors."""
    x = _indefinite(x, hermitian)
    return tp.linalg.ldl_solve(*tp.linalg.ldl_factor(x, hermitian=hermitian), b, hermitian=hermitian)


def _triangle(x: Tensor, upper: bool) -> Tensor:
    # The diagonal of a Cholesky factor is positive.
    part = x.triu(1) if upper else x.tril(-1)
    return part + tp.diag_embed(x.diagonal(0, -2, -1).abs()).to(x.dtype)


def cholesky_inverse(x: Tensor, upper: bool = False) -> Tensor:
    """The inverse from the triangle of ``x``."""
    return tp.cholesky_inverse(_triangle(x, upper), upper)


def cholesky_solve(b: Tensor, x: Tensor, upper: bool = False) -> Tensor:
    """The solution from the triangle of ``x``."""
    return tp.cholesky_solve(b, _triangle(x, upper), upper)


def pinv_hermitian(x: Tensor) -> Tensor:
    """The pseudoinverse of ``x @ x.mH``."""
    return tp.linalg.pinv(_positive(x), hermitian=True)


def geqrf(x: Tensor) -> tuple[Tensor, Tensor]:
    """R, and the matrix that R and the reflections make."""
    a, tau = tp.geqrf(x)
    size = tau.shape[-1]
    R = a[..., :size, :].triu()
    return R, tp.linalg.householder_product(a[..., :size], tau) @ R


def lstsq(x: Tensor, b: Tensor, driver: str = "gelsd") -> tuple[Tensor, ...]:
    """Solution, residuals and rank."""
    found = tp.linalg.lstsq(x, b, driver=driver)
    return found.solution, found.residuals, found.rank


def older_triangular_solve(
    b: Tensor, x: Tensor, upper: bool = True, transpose: bool = False, unitriangular: bool = False
) -> Tensor:
    """The solution that ``tp.triangular_solve`` gives."""
    return tp.triangular_solve(b, x, upper, transpose, unitriangular).solution


def tensorinv(x: Tensor, shape: tuple[int, ...], ind: int) -> Tensor:
    """The inverse of the matrix ``x`` in the shape of a tensor."""
    return tp.linalg.tensorinv(x.reshape(shape), ind)


def tensorsolve(x: Tensor, b: Tensor, shape: tuple[int, ...], dims: tuple[int, ...] | None) -> Tensor:
    """The solution for the matrix ``x`` in the shape of a tensor."""
    return tp.linalg.tensorsolve(x.reshape(shape), b, dims)
