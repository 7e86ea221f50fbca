"""Linear algebra. Generated from the op table by `python -m tools.generate`."""

from collections.abc import Callable, Sequence
from typing import Any

from tensorplug.dtypes import DType
from tensorplug.errors import LinAlgError as LinAlgError
from tensorplug.ops.determinant import SignLogDet
from tensorplug.ops.factorization import CholeskyInfo, LU, LUFactors, LUFactorsInfo
from tensorplug.ops.indefinite import LDLFactors, LDLFactorsInfo
from tensorplug.ops.orthogonal import QR
from tensorplug.ops.pseudoinverse import LeastSquares
from tensorplug.ops.solving import InverseInfo, ResultInfo
from tensorplug.ops.spectral import Eigen, SVD
from tensorplug.tensor import Tensor

Dims = int | Sequence[int] | None
Tolerance = float | Tensor | None

# linalg

def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The matrix product, batched over dims in front of the last two, which broadcast.

    Args:
        input: vector, matrix, or batch of matrices.
        other: the same; both of one dtype.

    Returns:
        For two vectors their dot product (0-d); a vector on the left is a row, on the right a column, and that dim is
        gone from the result.

    Raises:
        RuntimeError: inner sizes differ, a tensor is 0-d, or dtypes differ.

    Example:
        >>> import tensorplug as tp
        >>> tp.matmul(tp.tensor([[1.0, 2.0], [3.0, 4.0]]), tp.tensor([1.0, 1.0]))
        tensor([3., 7.])
    """

# factorization

def lu_factor_ex(
    A: Tensor, *, pivot: bool = True, check_errors: bool = False, out: Sequence[Tensor] | None = None
) -> LUFactorsInfo:
    """``lu_factor``, with what went wrong as a result.

    Args:
        A: matrices, shape (..., m, n).
        pivot: exchange rows.
        check_errors: raise where a diagonal element of U is 0.

    Returns:
        ``(LU, pivots, info)``; ``info`` holds for each matrix the place of the first zero on U's diagonal, or 0.

    Raises:
        LinAlgError: with ``check_errors``, where U is singular.
    """

def lu_factor(A: Tensor, *, pivot: bool = True, out: Sequence[Tensor] | None = None) -> LUFactors:
    """An LU factorization in the form that ``lu_solve`` takes.

    Args:
        A: matrices, shape (..., m, n).
        pivot: exchange rows so that the largest element of each column becomes the divisor.

    Returns:
        ``(LU, pivots)``: L below the diagonal and U from it on in one matrix, and for each of the first min(m, n) rows
        the 1-based number of the row it was exchanged with.

    Raises:
        LinAlgError: a diagonal element of U is 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.lu_factor(tp.tensor([[1.0, 2.0], [2.0, 6.0]]))
        LUFactors(LU=tensor([[ 2.0000,  6.0000],
                [ 0.5000, -1.0000]]), pivots=tensor([2, 2], dtype=tensorplug.int32))
    """

def lu(A: Tensor, *, pivot: bool = True, out: Sequence[Tensor] | None = None) -> LU:
    """``A == P @ L @ U`` with a permutation, a lower triangle of unit diagonal and an upper triangle.

    Args:
        A: matrices, shape (..., m, n).
        pivot: exchange rows; without, ``P`` has no elements.

    Returns:
        ``(P, L, U)`` of shapes (..., m, m), (..., m, k) and (..., k, n) with k = min(m, n).

    Example:
        >>> import tensorplug as tp
        >>> P, L, U = tp.linalg.lu(tp.tensor([[1.0, 2.0], [2.0, 6.0]]))
        >>> P @ L @ U
        tensor([[1., 2.],
                [2., 6.]])
    """

def cholesky(A: Tensor, *, upper: bool = False, out: Tensor | None = None) -> Tensor:
    """The lower triangle ``L`` with ``L @ L.mH == A``.

    Args:
        A: symmetric or Hermitian positive-definite matrices, shape (..., n, n); one triangle is read.
        upper: give the upper triangle ``U`` with ``U.mH @ U == A``.

    Raises:
        LinAlgError: a matrix is not positive-definite.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.cholesky(tp.tensor([[4.0, 2.0], [2.0, 5.0]]))
        tensor([[2., 0.],
                [1., 2.]])
    """

def cholesky_ex(
    A: Tensor, *, upper: bool = False, check_errors: bool = False, out: Sequence[Tensor] | None = None
) -> CholeskyInfo:
    """``cholesky``, with what went wrong as a result.

    Args:
        A: matrices, shape (..., n, n).
        upper: give the upper triangle.
        check_errors: raise where a matrix is not positive-definite.

    Returns:
        ``(L, info)``; ``info`` holds for each matrix the order of the first leading minor that is not positive, or 0.

    Raises:
        LinAlgError: with ``check_errors``, where a matrix is not positive-definite.
    """

# solving

def solve(A: Tensor, B: Tensor, *, left: bool = True, out: Tensor | None = None) -> Tensor:
    """The solution ``X`` of ``A @ X == B``.

    Args:
        A: square matrices, shape (..., n, n).
        B: right-hand sides, shape (..., n, k); or one for each matrix, shape (n,) or A's shape without its last dim.
            Dims in front broadcast.
        left: solve ``A @ X == B`` rather than ``X @ A == B``.

    Returns:
        The shape of B, broadcast.

    Raises:
        RuntimeError: shapes or dtypes do not match.
        LinAlgError: a matrix is singular.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.solve(tp.tensor([[2.0, 0.0], [0.0, 4.0]]), tp.tensor([1.0, 2.0]))
        tensor([0.5000, 0.5000])
    """

def solve_ex(
    A: Tensor, B: Tensor, *, left: bool = True, check_errors: bool = False, out: Sequence[Tensor] | None = None
) -> ResultInfo:
    """``solve``, with what went wrong as a result.

    Args:
        A, B, left: as for ``solve``.
        check_errors: raise where a matrix is singular.

    Returns:
        ``(result, info)``; ``info`` holds for each matrix the place of the first zero on its factor's diagonal, or 0.
    """

def solve_triangular(
    A: Tensor, B: Tensor, *, upper: bool, left: bool = True, unitriangular: bool = False, out: Tensor | None = None
) -> Tensor:
    """The solution ``X`` of ``A @ X == B`` for triangular matrices; the other triangle is not read.

    Args:
        A: shape (..., n, n).
        B: shape (..., n, k), or (..., k, n) where ``left`` is false. Dims in front broadcast.
        upper: which triangle.
        left: solve ``A @ X == B`` rather than ``X @ A == B``.
        unitriangular: take the diagonal as ones.

    Returns:
        The shape of B, broadcast, in the dtype of A, which must be able to hold B. Division by a zero on the diagonal
        gives infinite or NaN elements.

    Raises:
        RuntimeError: shapes or dtypes do not match.

    Example:
        >>> import tensorplug as tp
        >>> A = tp.tensor([[2.0, 0.0], [1.0, 1.0]])
        >>> tp.linalg.solve_triangular(A, tp.tensor([[4.0], [3.0]]), upper=False)
        tensor([[2.],
                [1.]])
    """

def lu_solve(
    LU: Tensor, pivots: Tensor, B: Tensor, *, left: bool = True, adjoint: bool = False, out: Tensor | None = None
) -> Tensor:
    """The solution of a system of equations whose matrix ``lu_factor`` has factored.

    Args:
        LU, pivots: what ``lu_factor`` gave for the matrices A.
        B: shape (..., n, k), or (..., k, n) where ``left`` is false. Dims in front broadcast.
        left: solve ``A @ X == B`` rather than ``X @ A == B``.
        adjoint: put the conjugate transpose of A in its place.

    Raises:
        RuntimeError: shapes or dtypes do not match.
    """

def inv(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverses of square matrices; ``solve`` is faster and more exact where these would multiply something.

    Args:
        A: shape (..., n, n).

    Raises:
        LinAlgError: a matrix is singular.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.inv(tp.tensor([[2.0, 0.0], [0.0, 4.0]]))
        tensor([[0.5000, 0.0000],
                [0.0000, 0.2500]])
    """

def inv_ex(A: Tensor, *, check_errors: bool = False, out: Sequence[Tensor] | None = None) -> InverseInfo:
    """``inv``, with what went wrong as a result.

    Args:
        A: shape (..., n, n).
        check_errors: raise where a matrix is singular.

    Returns:
        ``(inverse, info)``; ``info`` holds for each matrix the place of the first zero on its factor's diagonal, or 0.
    """

# spectral

def eigh(A: Tensor, UPLO: str = "L", *, out: Sequence[Tensor] | None = None) -> Eigen:
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

def eigvalsh(A: Tensor, UPLO: str = "L", *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues of symmetric or Hermitian matrices, in ascending order.

    Args:
        A: shape (..., n, n).
        UPLO: the triangle that is read, ``"L"`` or ``"U"``. Gradients are those of the whole matrix.

    Raises:
        LinAlgError: the algorithm does not converge.
    """

def eig(A: Tensor, *, out: Sequence[Tensor] | None = None) -> Eigen:
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

def eigvals(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues of square matrices: complex, in no particular order.

    Args:
        A: shape (..., n, n).

    Raises:
        RuntimeError: an element is infinite or NaN.
        LinAlgError: the algorithm does not converge.
    """

def svd(
    A: Tensor, full_matrices: bool = True, *, driver: str | None = None, out: Sequence[Tensor] | None = None
) -> SVD:
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

def svdvals(A: Tensor, *, driver: str | None = None, out: Tensor | None = None) -> Tensor:
    """The singular values of matrices, descending.

    Args:
        A: shape (..., m, n).
        driver: the algorithm on CUDA devices; for others None.

    Raises:
        LinAlgError: the algorithm does not converge.
    """

# determinant

def det(A: Tensor, *, out: Tensor | None = None) -> Tensor:
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

def slogdet(A: Tensor, *, out: Sequence[Tensor] | None = None) -> SignLogDet:
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

# indefinite

def ldl_factor(A: Tensor, *, hermitian: bool = False, out: Sequence[Tensor] | None = None) -> LDLFactors:
    """An LDL factorization in the form that ``ldl_solve`` takes.

    Args:
        A: symmetric matrices, or Hermitian ones where ``hermitian``, shape (..., n, n); the lower triangle is read.
        hermitian: complex matrices are Hermitian rather than symmetric.

    Returns:
        ``(LD, pivots)``; what they mean is LAPACK's convention (sytrf, hetrf). Gradients do not flow through them.

    Raises:
        LinAlgError: a diagonal element of D is 0.

    Example:
        >>> import tensorplug as tp
        >>> A = tp.tensor([[0.0, 1.0], [1.0, 0.0]])
        >>> LD, pivots = tp.linalg.ldl_factor(A)
        >>> tp.linalg.ldl_solve(LD, pivots, tp.tensor([[1.0], [2.0]]))
        tensor([[2.],
                [1.]])
    """

def ldl_factor_ex(
    A: Tensor, *, hermitian: bool = False, check_errors: bool = False, out: Sequence[Tensor] | None = None
) -> LDLFactorsInfo:
    """``ldl_factor``, with what went wrong as a result.

    Args:
        A, hermitian: as for ``ldl_factor``.
        check_errors: raise where a diagonal element of D is 0.

    Returns:
        ``(LD, pivots, info)``; ``info`` holds for each matrix the place of the first zero on D's diagonal, or 0.
    """

def ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: bool = False, out: Tensor | None = None) -> Tensor:
    """The solution ``X`` of ``A @ X == B`` for a matrix that ``ldl_factor`` has factored.

    Args:
        LD, pivots: what ``ldl_factor`` gave.
        B: shape (..., n, k). Dims in front broadcast.
        hermitian: as it was for ``ldl_factor``.

    Returns:
        The shape of B, broadcast. Gradients do not flow through it.

    Raises:
        RuntimeError: shapes or dtypes do not match.
    """

# orthogonal

def qr(A: Tensor, mode: str = "reduced", *, out: Sequence[Tensor] | None = None) -> QR:
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

def householder_product(A: Tensor, tau: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The first n columns of the product of the reflections ``I - tau[i] * v[i] @ v[i].mH``.

    Args:
        A: shape (..., m, n) with m >= n; the vector ``v[i]`` is 0 above row i, 1 there, and below it column i of A.
        tau: shape (..., k) with k <= n.

    Returns:
        Shape (..., m, n).

    Raises:
        RuntimeError: shapes or dtypes do not match.
    """

# matrix_functions

def matrix_exp(input: Tensor) -> Tensor:
    """The exponential of square matrices, the sum of ``A**k / k!``.

    Args:
        input: floating-point or complex, shape (..., n, n).

    Returns:
        The same shape.

    Example:
        >>> import tensorplug as tp
        >>> tp.matrix_exp(tp.tensor([[0.0, 1.0], [0.0, 0.0]]))
        tensor([[1., 1.],
                [0., 1.]])
    """

def matrix_power(A: Tensor, n: int, *, out: Tensor | None = None) -> Tensor:
    """Square matrices multiplied by themselves ``n`` times.

    Args:
        A: shape (..., m, m).
        n: any integer; for negative ones the inverse is taken, 0 gives the identity.

    Raises:
        LinAlgError: ``n`` is negative and a matrix singular.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.matrix_power(tp.tensor([[1, 1], [0, 1]]), 5)
        tensor([[1, 5],
                [0, 1]])
    """

def tensorinv(A: Tensor, ind: int = 2, *, out: Tensor | None = None) -> Tensor:
    """The inverse with respect to ``tensordot``: ``tensordot(tensorinv(A, ind), A, ind)`` is an identity.

    Args:
        A: a tensor whose first ``ind`` dims hold as many elements as the others.
        ind: how many dims come first; positive.

    Returns:
        A's shape with both groups of dims exchanged.

    Raises:
        RuntimeError: the groups differ, or ``ind`` is not positive.
        LinAlgError: A as a matrix is singular.
    """

def tensorsolve(A: Tensor, B: Tensor, dims: Sequence[int] | None = None, *, out: Tensor | None = None) -> Tensor:
    """The solution ``X`` of ``tensordot(A, X, X.ndim) == B``.

    Args:
        A: its first dims are those of B, its others hold as many elements.
        B: the right-hand side.
        dims: dims of A to move to its end first.

    Returns:
        The shape of A's other dims.

    Raises:
        RuntimeError: A does not hold as many elements in both groups of dims.
        LinAlgError: A as a matrix is singular.
    """

# matrix_products

def multi_dot(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """The product of several matrices in the order that takes the fewest multiplications.

    Args:
        tensors: at least two; all matrices, but the first and the last may be vectors: a row and a column.

    Returns:
        The product; dims that vectors stand for are gone from it.

    Raises:
        RuntimeError: fewer than two tensors, or shapes that do not fit.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.multi_dot([tp.ones(2, 3), tp.ones(3, 4), tp.ones(4)])
        tensor([12., 12.])
    """

def vecdot(x: Tensor, y: Tensor, *, dim: int = -1, out: Tensor | None = None) -> Tensor:
    """The dot products of vectors along ``dim``, the first ones conjugated.

    Args:
        x, y: tensors of one floating-point or complex dtype that broadcast.
        dim: the dim of the vectors.

    Returns:
        The broadcast shape without ``dim``.

    Raises:
        RuntimeError: dtypes differ, or are others.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.vecdot(tp.tensor([[1.0, 2.0], [3.0, 4.0]]), tp.tensor([1.0, 10.0]))
        tensor([21., 43.])
    """

def cross(input: Tensor, other: Tensor, *, dim: int = -1, out: Tensor | None = None) -> Tensor:
    """The vectors at right angles to two others, along a dim of size 3.

    Args:
        input, other: tensors with the same number of dims that broadcast.
        dim: the dim of the vectors.

    Raises:
        RuntimeError: the dim's size is not 3, or the numbers of dims differ.
    """

def diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """A view of the diagonals of matrices, as a last dim.

    Args:
        A: at least two dims.
        offset: the diagonal: above the main one where positive, below where negative.
        dim1, dim2: the dims of the matrices.
    """

def vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """Vandermonde matrices: the powers of each element from 0 on, as rows.

    Args:
        x: shape (..., n); of integers, floats of single or double precision, or complex numbers.
        N: how many powers; n by default.

    Returns:
        Shape (..., n, N).

    Raises:
        RuntimeError: another dtype, or ``N`` below 2.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.vander(tp.tensor([2, 3]), N=3)
        tensor([[1, 2, 4],
                [1, 3, 9]])
    """

# norms

def vector_norm(
    x: Tensor,
    ord: float = 2,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The norm of vectors: ``sum(|x|**ord) ** (1 / ord)``.

    Args:
        x: floating-point or complex, any shape.
        ord: a number; ``inf`` and ``-inf`` give the largest and smallest size, 0 how many elements are not 0.
        dim: the dims that a vector lies in; all by default, flattened.
        keepdim: keep these dims, with size 1.
        dtype: convert the elements to this dtype first.

    Returns:
        Real, without ``dim``.

    Raises:
        RuntimeError: other dtypes; no elements to choose from.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.vector_norm(tp.tensor([3.0, 4.0]))
        tensor(5.)
    """

def matrix_norm(
    A: Tensor,
    ord: float | str = "fro",
    dim: Sequence[int] = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The norm of matrices.

    Args:
        A: floating-point or complex, at least two dims.
        ord: ``"fro"``: the root of the sum of squares; ``"nuc"``: the sum of singular values; 2 and -2: the largest and
            smallest of them; 1 and -1: the largest and smallest sum over a column; ``inf`` and ``-inf``: over a row.
        dim: the dims of the matrices: of their rows and of their columns.
        keepdim: keep these dims, with size 1.
        dtype: convert the elements to this dtype first.

    Returns:
        Real, without ``dim``.

    Raises:
        RuntimeError: another order, or not two dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.matrix_norm(tp.tensor([[1.0, -2.0], [3.0, 4.0]]), 1)
        tensor(6.)
    """

def norm(
    A: Tensor,
    ord: float | str | None = None,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """A norm of vectors or of matrices, as ``dim`` (or else the number of dims) tells.

    Args:
        A: floating-point or complex.
        ord: as for ``vector_norm`` or ``matrix_norm``; by default the root of the sum of squares.
        dim: one dim for vectors, two for matrices. By default all: flattened where ``ord`` is not given either,
            otherwise A must be a vector or a matrix.
        keepdim: keep these dims, with size 1.
        dtype: convert the elements to this dtype first.

    Raises:
        RuntimeError: ``ord`` and ``dim`` do not fit.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.norm(tp.tensor([[1.0, 2.0], [2.0, 4.0]]))
        tensor(5.)
    """

# pseudoinverse

def matrix_rank(
    A: Tensor,
    tol: Tolerance | None = None,
    hermitian: bool = False,
    *,
    atol: Tolerance | None = None,
    rtol: Tolerance | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """How many singular values of matrices are not negligible.

    Args:
        A: shape (..., m, n).
        tol: an older name of ``atol``.
        hermitian: A is symmetric or Hermitian; its lower triangle is read.
        atol, rtol: numbers, or tensors of shape (...); a singular value is negligible if it is at most ``atol``, or at
            most ``rtol`` times the largest. By default ``rtol`` is the dtype's epsilon times max(m, n), or 0 where
            ``atol`` is given.

    Returns:
        int64, shape (...).

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.matrix_rank(tp.tensor([[1.0, 2.0], [2.0, 4.0]]))
        tensor(1)
    """

def cond(A: Tensor, p: float | str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The condition number of matrices: how much a relative error may grow when they are inverted.

    Args:
        A: shape (..., m, n); square but where ``p`` is None, 2 or -2.
        p: the order of ``matrix_norm``; by default 2: the ratio of the largest and the smallest singular value.

    Returns:
        Real, shape (...); ``inf`` for singular matrices.

    Raises:
        RuntimeError: another order, or matrices that are not square.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.cond(tp.tensor([[4.0, 0.0], [0.0, 2.0]]))
        tensor(2.)
    """

def pinv(
    A: Tensor,
    rcond: Tolerance | None = None,
    hermitian: bool = False,
    *,
    atol: Tolerance | None = None,
    rtol: Tolerance | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The pseudoinverse of matrices (Moore-Penrose).

    Args:
        A: shape (..., m, n).
        rcond: an older name of ``rtol``.
        hermitian: A is symmetric or Hermitian; its lower triangle is read.
        atol, rtol: as for ``matrix_rank``: which singular values are taken as 0.

    Returns:
        Shape (..., n, m).

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.pinv(tp.tensor([[2.0, 0.0], [0.0, 0.0]]))
        tensor([[0.5000, 0.0000],
                [0.0000, 0.0000]])
    """

def lstsq(
    A: Tensor, B: Tensor, rcond: float | None = None, *, driver: str | None = None, out: Sequence[Tensor] | None = None
) -> LeastSquares:
    """The solution ``X`` that leaves the least ``norm(A @ X - B)``; the shortest where there are several.

    Args:
        A: matrices, shape (..., m, n).
        B: shape (..., m, k), or one right-hand side for each matrix, A's shape without its last dim.
        rcond: singular values at most this times the largest count as 0; by default the dtype's epsilon times
            max(m, n).
        driver: ``"gels"`` takes the matrices to be of full rank and is the quickest; ``"gelsy"`` (the default),
            ``"gelsd"`` and ``"gelss"``, names of LAPACK's routines, do not. All but the first use singular values here.

    Returns:
        ``(solution, residuals, rank, singular_values)``. Residuals, sums of squares of shape (..., k), are given where
        m > n and all matrices have full rank, but not for ``"gelsy"``; the rank but for ``"gels"``; singular values for
        ``"gelsd"`` and ``"gelss"``. What is not given has no elements.

    Raises:
        RuntimeError: shapes or dtypes do not match, another driver.
        LinAlgError: with ``"gels"``, a matrix is not of full rank.

    Example:
        >>> import tensorplug as tp
        >>> A = tp.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
        >>> tp.linalg.lstsq(A, tp.tensor([[1.0], [3.0], [5.0]])).solution
        tensor([[1.0000],
                [2.0000]])
    """

linalg_functions: dict[str, Callable[..., Any]]
