"""Samples of factorizations; where signs are free, ``tensorplug_conformance.matrices`` makes results unique."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg
from numpy import inf

from tensorplug.errors import LinAlgError
from tensorplug_conformance.dtypes import Array
from tensorplug_conformance.sample import Input, Refusal, Row, Sample, real, same
from tensorplug_conformance.samples.common import matrix, near
from tensorplug_conformance.values import items

DTYPES = ("float32", "float64", "complex64", "complex128")
REFUSED = ("int64", "float16", "bool")
NOT_SQUARE = Refusal(Sample((Input((3, 4)),)))
NOT_MATRIX = Refusal(Sample((Input((3,)),)))


def adjoint(x: Array) -> Array:
    return np.conj(np.swapaxes(x, -1, -2))


def calls(*shapes: tuple[int, ...], **options: Any) -> tuple[Sample, ...]:
    """Calls with one matrix each."""
    return tuple(Sample((matrix(*shape),), **options) for shape in shapes)


SQUARE = calls((4, 4), (2, 3, 3), (1, 1), (0, 0), (2, 0, 3, 3), (0, 2, 2))
ANY = calls((4, 4), (2, 5, 3), (3, 5), (1, 1), (3, 0), (0, 3), (2, 0, 2, 3))
LARGE = (Sample((matrix(2, 45, 45),), gradient=False),)


def int32(dtype: str) -> str:
    return "int32"


def int64(dtype: str) -> str:
    return "int64"


def complex_of(dtype: str) -> str:
    return {"float32": "complex64", "float64": "complex128"}.get(dtype, dtype)


def each(function: Callable[..., Any]) -> Callable[..., Any]:
    """A reference for a batch made from one for single matrices, which SciPy and plain loops are."""

    def reference(a: Array, *rest: Any, **kwargs: Any) -> Any:
        flat = a.reshape((-1, *a.shape[-2:])) if a.size else np.zeros((1, *a.shape[-2:]), a.dtype)
        found = [function(m, *rest, **kwargs) for m in flat]
        results = [np.array(parts) for parts in zip(*[f if isinstance(f, tuple) else (f,) for f in found], strict=True)]
        count = int(np.prod(a.shape[:-2]))
        shaped = tuple(r[:count].reshape((*a.shape[:-2], *r.shape[1:])) for r in results)
        return shaped if isinstance(found[0], tuple) else shaped[0]

    return reference


@each
def _lu_factor(a: Array, pivot: bool = True, **_: Any) -> tuple[Array, Array]:
    a = a.copy()
    rows, columns = a.shape
    pivots = []
    for k in range(min(rows, columns)):
        # As LAPACK compares complex numbers.
        place = k + int(np.argmax(np.abs(a[k:, k].real) + np.abs(a[k:, k].imag))) if pivot else k
        a[[k, place]] = a[[place, k]]
        pivots.append(place + 1)
        a[k + 1 :, k] /= a[k, k]
        a[k + 1 :, k + 1 :] -= np.outer(a[k + 1 :, k], a[k, k + 1 :])
    return a, np.array(pivots, np.int32).reshape(min(rows, columns))


@each
def _lu_parts(a: Array, pivot: bool) -> tuple[Array, Array, Array]:
    rows, columns = a.shape
    size = min(rows, columns)
    packed, pivots = _lu_factor(a, pivot)
    order = np.arange(rows)
    for k, place in enumerate(pivots - 1):
        order[[k, place]] = order[[place, k]]
    permutation = np.zeros((rows, rows), a.dtype)
    permutation[order, np.arange(rows)] = 1
    lower = np.tril(packed[:, :size], -1) + np.eye(rows, size)
    return permutation, lower, np.triu(packed[:size])


def _lu(a: Array, pivot: bool = True) -> tuple[Array, Array, Array]:
    permutation, lower, upper = _lu_parts(a, pivot)
    return permutation if pivot else np.zeros(0, a.dtype), lower, upper


def _no_info(a: Array) -> Array:
    return np.zeros(a.shape[:-2], np.int32)


def _lu_factor_ex(a: Array, **options: Any) -> tuple[Array, Array, Array]:
    return *_lu_factor(a, options.get("pivot", True)), _no_info(a)


def _lu_factor_any(a: Array, pivot: bool = True, get_infos: bool = False) -> tuple[Array, ...]:
    return _lu_factor_ex(a) if get_infos else _lu_factor(a)


def _cholesky(x: Array, upper: bool = False) -> Array:
    lower = np.linalg.cholesky(x @ adjoint(x))
    return adjoint(lower) if upper else lower


def _cholesky_ex(x: Array, upper: bool = False) -> tuple[Array, Array]:
    return _cholesky(x, upper), _no_info(x)


def _qr(a: Array, mode: str = "reduced") -> tuple[Array, Array]:
    if mode == "r":
        return np.zeros(0, a.dtype), np.asarray(np.linalg.qr(a, mode="r"))
    found = np.linalg.qr(a, mode=mode)  # type: ignore[call-overload]
    return found.Q, found.R


def _qr_some(a: Array, some: bool = True) -> tuple[Array, Array]:
    return _qr(a, "reduced" if some else "complete")


def _geqrf(a: Array) -> tuple[Array, Array]:
    return np.asarray(np.linalg.qr(a, mode="r")), a


def _reflections(packed: Array, tau: Array) -> Array:
    """The product of the reflections, one after the other, whole."""
    rows = packed.shape[-2]
    product = np.zeros((*packed.shape[:-2], rows, rows), packed.dtype) + np.eye(rows)
    for k in range(tau.shape[-1]):
        v = np.concatenate((packed[..., :k, k] * 0, packed[..., k, None, k] * 0 + 1, packed[..., k + 1 :, k]), -1)
        outer = v[..., :, None] * np.conj(v[..., None, :])
        product = product @ (np.eye(rows) - tau[..., k, None, None] * outer)
    return product


def _householder(packed: Array, tau: Array) -> Array:
    return _reflections(packed, tau)[..., :, : packed.shape[-1]]


def _ormqr(packed: Array, tau: Array, c: Array, left: bool = True, transpose: bool = False) -> Array:
    q = _reflections(packed, tau)
    q = adjoint(q) if transpose else q
    return q @ c if left else c @ q


def _eigh(x: Array, UPLO: str = "L") -> tuple[Array, Array]:
    values, vectors = np.linalg.eigh((x + adjoint(x)) / 2)
    return values, (vectors * np.sin(values)[..., None, :]) @ adjoint(vectors)


def _eig(x: Array) -> tuple[Array, Array, Array]:
    values, vectors = np.linalg.eig(x)
    order = np.argsort(values.real, -1)
    sizes = np.take_along_axis(np.abs(vectors), order[..., None, :] + np.zeros(vectors.shape, np.int64), -1)
    cube = (x @ x @ x) + 0j
    return np.take_along_axis(values + 0j, order, -1), sizes, cube


def _svd(x: Array, full_matrices: bool = False) -> tuple[Array, ...]:
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    return (
        s,
        (u * np.sin(s)[..., None, :]) @ vh,
        (u * s[..., None, :]) @ adjoint(u),
        (adjoint(vh) * s[..., None, :]) @ vh,
    )


def _values(x: Array) -> Array:
    return np.linalg.svd(x, compute_uv=False)


def _full_svd(x: Array) -> tuple[Array, Array, Array]:
    rows, columns = x.shape[-2:]
    batch = np.zeros((*x.shape[:-2], 1, 1), x.dtype)
    return np.eye(rows) + batch, np.eye(columns) + batch, x


def _no_vectors(x: Array, some: bool, compute_uv: bool) -> tuple[Array, Array, Array]:
    rows, columns = x.shape[-2:]
    zeros = [np.zeros((*x.shape[:-2], n, n), x.dtype) for n in (rows, columns)]
    return zeros[0], np.linalg.svd(x, compute_uv=False), zeros[1]


def _low_rank(x: Array, q: int) -> tuple[Array, Array]:
    product = x[..., :2] @ x[..., :2, :]
    return np.linalg.svd(product, compute_uv=False)[..., :2], product


def _centred(x: Array, q: int) -> tuple[Array, Array]:
    product = x[..., :2] @ x[..., :2, :]
    product = product - product.mean(-2, keepdims=True)
    return np.linalg.svd(product, compute_uv=False)[..., :2], product


def _ldl(x: Array, b: Array, hermitian: bool = False) -> Array:
    x = x + (adjoint(x) if hermitian else np.swapaxes(x, -1, -2))
    return np.linalg.solve(x - x * np.eye(x.shape[-1]), b)


@each
def _ldl_factor(a: Array, hermitian: bool = False) -> tuple[Array, Array]:
    """The lower triangle and the pivots, as LAPACK gives them for a matrix with zeros on its diagonal."""
    a = a + (adjoint(a) if hermitian else a.T)
    a = a - a * np.eye(len(a))
    name = "hetrf" if hermitian and np.iscomplexobj(a) else "sytrf"
    packed, pivots, _ = scipy.linalg.get_lapack_funcs(name, (a,))(a, lower=1)
    return np.tril(packed), pivots.astype(np.int32)


def _ldl_nothing(a: Array) -> tuple[Array, Array]:
    return a, np.zeros(a.shape[:-1], np.int32)


def _ldl_factor_ex(a: Array, **options: Any) -> tuple[Array, Array, Array]:
    return *_ldl_factor(a, **options), _no_info(a)


_LU_CALLS = (*ANY, Sample((matrix(4, 4),), {"pivot": False}))
_MODES = (
    *ANY, Sample((matrix(5, 3),), {"mode": "complete"}, gradient=False), Sample((matrix(3, 5),), {"mode": "complete"}),
    Sample((matrix(5, 3),), {"mode": "r"}, gradient=False), *LARGE,
)  # fmt: skip
_UPPER = (*SQUARE, Sample((matrix(3, 3), True)))
_ZEROS = Input((2, 2), items(0))
_SINGULAR = Refusal(Sample((_ZEROS,)), LinAlgError)
_LOW_RANK = (Sample((matrix(6, 5), 3), gradient=False), Sample((matrix(2, 4, 7), 4), gradient=False))
_HERMITIAN = (
    Sample((matrix(4, 4),)), Sample((matrix(2, 3, 3),), {"hermitian": True}), Sample((matrix(7, 7),)),
    Sample((matrix(2, 0, 0),)),
)  # fmt: skip

ROWS = (
    Row("linalg_lu_factor", _lu_factor, (*_LU_CALLS, *LARGE), DTYPES, near(_lu_factor, exact=1), result=(same, int32),
        gradient=True, covers=("lu_decompose",), refuses=REFUSED, refusals=(NOT_MATRIX, _SINGULAR)),
    Row("linalg_lu_factor_ex", _lu_factor_ex, _LU_CALLS, DTYPES, near(_lu_factor_ex, exact=2),
        result=(same, int32, int32), gradient=True, refuses=REFUSED,
        refusals=(Refusal(Sample((_ZEROS,), {"check_errors": True}), LinAlgError),)),
    Row("lu", _lu_factor_any, (*ANY, Sample((matrix(3, 3), True, True))), DTYPES, near(_lu_factor_any, exact=2),
        result=(same, int32, int32), gradient=True, refuses=REFUSED, refusals=(_SINGULAR,)),
    Row("linalg_lu", _lu, _LU_CALLS, DTYPES, near(_lu, count=3), gradient=True, refuses=REFUSED,
        refusals=(NOT_MATRIX,)),
    Row("lu_unpack", _lu, ANY, DTYPES, near(_lu, count=3), call="matrices.lu_unpack", gradient=True,
        covers=("permutation_of",)),
    Row("linalg_cholesky", _cholesky, (*_UPPER[:-1], Sample((matrix(3, 3),), {"upper": True}), *LARGE), DTYPES,
        near(_cholesky), call="matrices.cholesky", gradient=True, covers=("cholesky_decompose",)),
    Row("linalg_cholesky", np.linalg.cholesky, calls((0, 0)), DTYPES, near(np.linalg.cholesky), label="plain",
        refuses=REFUSED, gradient=True, refusals=(NOT_SQUARE, NOT_MATRIX, _SINGULAR)),
    Row("linalg_cholesky_ex", _cholesky_ex, (*SQUARE, Sample((matrix(3, 3),), {"upper": True})), DTYPES,
        near(_cholesky_ex, exact=1), result=(same, int32), call="matrices.cholesky_ex", gradient=True),
    Row("cholesky", _cholesky, _UPPER, DTYPES, near(_cholesky), call="matrices.older_cholesky", gradient=True),
    Row("linalg_qr", _qr, _MODES, DTYPES, near(_qr, count=2), gradient=True, covers=("qr_factors",), refuses=REFUSED,
        refusals=(NOT_MATRIX, Refusal(Sample((Input((2, 2)),), {"mode": "full"})))),
    Row("qr", _qr_some, (*ANY, Sample((matrix(5, 3), False), gradient=False)), DTYPES, near(_qr_some, count=2),
        gradient=True, refuses=REFUSED),
    Row("geqrf", _geqrf, ANY[:4], DTYPES, near(_geqrf, count=2), call="matrices.geqrf", covers=("qr_decompose",)),
    Row("linalg_householder_product", _householder, (
        Sample((Input((5, 3)), Input((2,)))), Sample((Input((2, 4, 4)), Input((2, 4)))),
        Sample((Input((3, 0)), Input((0,)))),
    ), DTYPES, near(_householder), gradient=True, refuses=REFUSED, refusals=(
        Refusal(Sample((Input((3, 4)), Input((3,))))), Refusal(Sample((Input((4, 3)), Input((4,))))),
    )),
    Row("orgqr", _householder, (Sample((Input((5, 3)), Input((3,)))),), DTYPES, near(_householder), gradient=True,
        refuses=REFUSED),
    Row("ormqr", _ormqr, (
        Sample((Input((5, 3)), Input((3,)), Input((5, 2)))),
        Sample((Input((5, 3)), Input((3,)), Input((2, 5))), {"left": False}),
        Sample((Input((2, 4, 3)), Input((2, 3)), Input((2, 4, 2)), True, True)),
        Sample((Input((4, 3)), Input((3,)), Input((2, 4)), False, True)),
    ), DTYPES, near(_ormqr), gradient=True,
        refusals=(Refusal(Sample((Input((4, 3)), Input((3,)), Input((3, 2))))),)),
    Row("linalg_eigh", _eigh, (*SQUARE, Sample((matrix(3, 3),), {"UPLO": "U"}), *LARGE), DTYPES, near(_eigh, count=2),
        result=(real, same), call="matrices.eigh", gradient=True, covers=("eigh_decompose",)),
    Row("linalg_eigh", np.linalg.eigh, calls((0, 0)), DTYPES, near(np.linalg.eigh, count=2), result=(real, same),
        label="plain", gradient=True, refuses=REFUSED,
        refusals=(NOT_SQUARE, Refusal(Sample((Input((2, 2)),), {"UPLO": "M"})))),
    Row("linalg_eigvalsh", lambda x, UPLO="L": _eigh(x)[0], (*SQUARE, Sample((matrix(3, 3),), {"UPLO": "U"})), DTYPES,
        near(lambda x, UPLO="L": _eigh(x)[0]), result=real, call="matrices.eigvalsh", gradient=True,
        covers=("eigvalsh_only",)),
    Row("linalg_eig", _eig, SQUARE, DTYPES, near(_eig, 999, count=3), result=(complex_of, real, complex_of),
        call="matrices.eig", gradient=True, covers=("eig_decompose",)),
    Row("linalg_eig", np.linalg.eig, calls((0, 0)), DTYPES, near(np.linalg.eig, count=2), result=complex_of,
        label="plain", gradient=True, refuses=REFUSED,
        refusals=(NOT_SQUARE, Refusal(Sample((Input((2, 2), items(inf, 1)),))))),
    Row("linalg_eigvals", lambda x: _eig(x)[0], SQUARE, DTYPES, near(lambda x: _eig(x)[0], 999), result=complex_of,
        call="matrices.eigvals", gradient=True, covers=("eigvals_only",)),
    Row("linalg_svd", _svd, (*ANY, Sample((matrix(2, 3, 5), True)), *LARGE), DTYPES, near(_svd, count=4),
        result=(real, same, same, same), call="matrices.svd", gradient=True, covers=("svd_decompose",)),
    Row("linalg_svd", _full_svd, tuple([s._replace(gradient=False) for s in ANY]), DTYPES, near(_full_svd, count=3),
        call="matrices.full_svd", label="full", gradient=True),
    Row("svd", _svd, (*ANY, Sample((matrix(2, 3, 5), False))), DTYPES, near(_svd, count=4),
        result=(real, same, same, same), call="matrices.older_svd", gradient=True),
    Row("svd", _no_vectors, (Sample((matrix(2, 3, 4), True, False)),), DTYPES, near(_no_vectors, count=3),
        result=(same, real, same), label="values", gradient=True, refuses=REFUSED),
    Row("linalg_svdvals", _values, ANY, DTYPES, near(_values), result=real, gradient=True, covers=("svdvals_only",),
        refuses=REFUSED, refusals=(NOT_MATRIX, Refusal(Sample((Input((2, 2)),), {"driver": "gesvd"})))),
    Row("svd_lowrank", _low_rank, _LOW_RANK, DTYPES, near(_low_rank, 999, count=2), result=(real, same),
        call="matrices.svd_lowrank", gradient=True, draws=True),
    Row("pca_lowrank", _centred, _LOW_RANK, DTYPES, near(_centred, 999, count=2), result=(real, same),
        call="matrices.pca_lowrank", gradient=True, draws=True),
    Row("linalg_ldl_factor", _ldl_factor, _HERMITIAN, DTYPES, near(_ldl_factor, exact=1), result=(same, int32),
        call="matrices.ldl_factor", covers=("ldl_decompose",)),
    Row("linalg_ldl_factor", _ldl_nothing, calls((0, 0)), DTYPES, near(_ldl_nothing, exact=1), result=(same, int32),
        label="plain", refuses=REFUSED, refusals=(NOT_SQUARE, _SINGULAR)),
    Row("linalg_ldl_factor_ex", _ldl_factor_ex, _HERMITIAN, DTYPES, near(_ldl_factor_ex, exact=2),
        result=(same, int32, int32), call="matrices.ldl_factor_ex"),
    Row("linalg_ldl_solve", _ldl, (
        Sample((matrix(4, 4), Input((4, 2)))), Sample((matrix(2, 4, 4), Input((4, 3)), True), hazards=("broadcast",)),
        Sample((matrix(6, 6), Input((6, 1)))),
    ), DTYPES, near(_ldl, 9999), call="matrices.ldl_solve", covers=("ldl_apply",)),
)  # fmt: skip
