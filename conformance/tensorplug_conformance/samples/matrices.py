"""Samples of equations, determinants, norms and functions of matrices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tensorplug.errors import LinAlgError
from tensorplug_conformance.dtypes import COMPLEX, FLOATS, INTEGERS, NUMERIC, Array
from tensorplug_conformance.sample import Input, Point, Refusal, Row, Sample, bound, real, same
from tensorplug_conformance.samples.common import matrix, near
from tensorplug_conformance.samples.factorization import (
    ANY,
    DTYPES,
    LARGE,
    NOT_MATRIX,
    NOT_SQUARE,
    REFUSED,
    SQUARE,
    adjoint,
    calls,
    int32,
    int64,
)
from tensorplug_conformance.values import TIES, away_from_zero, items, uniform

_ZEROS = Input((2, 2), items(0))
_SINGULAR = Refusal(Sample((_ZEROS,)), LinAlgError)


def _no_info(a: Array) -> Array:
    return np.zeros(a.shape[:-2], np.int32)


# ---------------------------------------------------------------------------------------------------- equations


def _solve(a: Array, b: Array, left: bool = True) -> Array:
    if left and (b.ndim == 1 or (a.ndim - 1 == b.ndim and b.shape == a.shape[:-1])):
        return np.linalg.solve(a, b[..., None])[..., 0]
    if left:
        return np.linalg.solve(a, b)
    return np.swapaxes(np.linalg.solve(np.swapaxes(a, -1, -2), np.swapaxes(b, -1, -2)), -1, -2)


def _solve_ex(a: Array, b: Array, left: bool = True) -> tuple[Array, Array]:
    found = _solve(a, b, left)
    return found, _no_info(a)


_SYSTEMS = (
    Sample((matrix(3, 3), Input((3, 2)))), Sample((matrix(3, 3), Input((3,)))),
    Sample((matrix(2, 3, 3), Input((2, 3)))),
    Sample((matrix(3, 3), Input((2, 3, 2))), hazards=("broadcast",)),
    Sample((matrix(2, 1, 3, 3), Input((4, 3, 2))), hazards=("broadcast",)),
    Sample((matrix(0, 0), Input((0, 2)))), Sample((matrix(2, 3, 3), Input((2, 3, 0)))),
)  # fmt: skip
_RIGHT = (
    Sample((matrix(3, 3), Input((2, 3))), {"left": False}), Sample((matrix(2, 3, 3), Input((4, 3))), {"left": False}),
)  # fmt: skip
_MISFITS = (
    Refusal(Sample((Input((3, 4)), Input((3, 2))))), Refusal(Sample((matrix(3, 3), Input((4, 2))))),
    Refusal(Sample((matrix(3, 3), Input((3, 2), dtype="float64")))),
)  # fmt: skip


def _triangle(a: Array, upper: bool, unitriangular: bool) -> Array:
    part = np.triu(a, 1) if upper else np.tril(a, -1)
    return part + np.eye(a.shape[-1]) * (1 if unitriangular else a)


def _solve_triangular(a: Array, b: Array, upper: bool = False, left: bool = True, unitriangular: bool = False) -> Array:
    return _solve(_triangle(a, upper, unitriangular), b, left)


def _older_triangular(
    b: Array, a: Array, upper: bool = True, transpose: bool = False, unitriangular: bool = False
) -> Array:
    part = _triangle(a, upper, unitriangular)
    return np.linalg.solve(np.swapaxes(part, -1, -2) if transpose else part, b)


_TRIANGLES = (
    *(
        Sample((a, b), {"upper": upper, "left": left, "unitriangular": unit})
        for upper in (False, True)
        for unit in (False, True)
        for left, a, b in ((True, matrix(3, 3), Input((2, 3, 2))), (False, matrix(2, 3, 3), Input((2, 4, 3))))
    ),
    Sample((matrix(0, 0), Input((0, 2))), {"upper": True}),
    Sample((matrix(40, 40), Input((40, 3))), {"upper": True}, gradient=False),
    Sample((matrix(2, 40, 40), Input((40, 3))), {"upper": False}, gradient=False),
    Sample((matrix(3, 3), Input((3, 2), dtype="float32")), {"upper": True}, dtypes=("float64",), gradient=False),
)  # fmt: skip


def _lu_solve(a: Array, b: Array, left: bool = True, transposed: bool = False) -> Array:
    a = adjoint(a) if transposed else a
    return np.linalg.solve(a, b) if left else _solve(a, b, False)


def _positive_diagonal(a: Array, upper: bool) -> Array:
    part = np.triu(a, 1) if upper else np.tril(a, -1)
    part = part + np.eye(a.shape[-1]) * np.abs(a)
    return adjoint(part) @ part if upper else part @ adjoint(part)


def _cholesky_inverse(a: Array, upper: bool = False) -> Array:
    return np.linalg.inv(_positive_diagonal(a, upper))


def _cholesky_solve(b: Array, a: Array, upper: bool = False) -> Array:
    return np.linalg.solve(_positive_diagonal(a, upper), b)


def _lstsq(a: Array, b: Array, driver: str = "gelsd") -> tuple[Array, Array, Array]:
    right = b[..., None] if b.ndim < a.ndim else b
    inverse = np.linalg.pinv(a)
    solution = inverse @ right
    rows, columns = a.shape[-2:]
    rank = np.full(a.shape[:-2], min(rows, columns)) if driver != "gels" else np.zeros(0, np.int64)
    kept = rows > columns and driver != "gelsy"
    residuals = (np.abs(a @ solution - right) ** 2).sum(-2) if kept else np.zeros(0)
    return solution[..., 0] if b.ndim < a.ndim else solution, residuals, rank


_LEAST = tuple(
    Sample((matrix(*a), Input(b), driver)) for driver in ("gels", "gelsy", "gelsd", "gelss")
    for a, b in (((5, 3), (5, 2)), ((3, 5), (3, 2)), ((2, 8, 3), (2, 8)))
)  # fmt: skip


# ---------------------------------------------------------------------------------------------------- determinants


def _slogdet(a: Array) -> tuple[Array, Array]:
    found = np.linalg.slogdet(a)
    return np.asarray(found.sign), np.asarray(found.logabsdet)


def _logdet(x: Array) -> Array:
    found = np.asarray(np.linalg.slogdet(x @ adjoint(x)).logabsdet)
    return found + 0j if np.iscomplexobj(x) else found


def _cond(a: Array, p: Any = None) -> Array:
    return np.asarray(np.linalg.cond(a, p)) if a.size else np.zeros(a.shape[:-2])


# ---------------------------------------------------------------------------------------------------- norms


def _vector_norm(x: Array, ord: Any = 2, dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Array:
    axis = tuple(range(x.ndim)) if dim is None or dim == () else dim
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    return np.asarray(np.linalg.vector_norm(x, ord=ord, axis=axes, keepdims=keepdim)) if axes else np.abs(x)


def _matrix_norm(a: Array, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, dtype: Any = None) -> Array:
    return np.asarray(np.linalg.norm(a, ord=ord, axis=tuple(dim), keepdims=keepdim))


def _norm(a: Array, ord: Any = None, dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Array:
    if ord is None:
        return _vector_norm(a, 2, dim, keepdim)
    axis = tuple(dim) if isinstance(dim, list | tuple) else dim
    return np.asarray(np.linalg.norm(a, ord=ord, axis=axis, keepdims=keepdim))


def _torch_norm(x: Array, p: Any = "fro", dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Array:
    if p == "nuc":
        return _matrix_norm(x, p, (0, 1) if dim is None else dim, keepdim)
    return _vector_norm(x, 2 if p in ("fro", None) else p, dim, keepdim)


_ORDERS = ("fro", "nuc", 1, -1, 2, -2, math.inf, -math.inf)
_FULL_RANK = tuple(
    Sample((matrix(*shape), order)) for order in _ORDERS for shape in ((3, 4), (2, 4, 3), (3, 3))
)  # fmt: skip
_VECTORS = (
    *[Sample((Input((3, 5), away_from_zero()), order), {"dim": 1}) for order in (0, 0.5, 1, 2, 3, -1, -2)],
    *[Sample((Input((3, 5), layout="strided"), order), {"dim": 0}) for order in (math.inf, -math.inf)],
    Sample((Input((2, 3, 4)),)), Sample((Input((2, 3, 4)), 1, (0, 2), True)), Sample((Input((7,)), 2.0)),
    Sample((Input((0, 3)),)), Sample((Input((0, 3)), math.inf, 1)), Sample((Input(()),)),
    Sample((Input((40, 30), TIES), 2, -1), gradient=False),
)  # fmt: skip
_EMPTY = Refusal(Sample((Input((0, 3)), math.inf)))


# ---------------------------------------------------------------------------------------------------- functions


def _matrix_exp(a: Array) -> Array:
    """The series, of a matrix halved ten times; SciPy's expm is less exact."""
    small = a.astype(np.result_type(a, np.longdouble)) / 2**10
    term = total = np.zeros(small.shape, small.dtype) + np.eye(a.shape[-1])
    for k in range(1, 30):
        term = term @ small / k
        total = total + term
    for _ in range(10):
        total = total @ total
    return np.asarray(total.astype(a.dtype))


def _matrix_power(a: Array, n: int) -> Array:
    return np.linalg.matrix_power(a, n)


def _multi_dot(tensors: Any) -> Array:
    product = tensors[0]
    for tensor in tensors[1:]:
        product = product @ tensor
    return np.asarray(product)


def _vander(x: Array, N: int | None = None, increasing: bool = False) -> Array:
    return np.vander(x.astype(np.int64) if x.dtype.kind in "bui" else x, N, increasing)


def _powers(x: Array, N: int | None = None) -> Array:
    x = x.astype(np.int64) if x.dtype.kind in "bui" else x
    return x[..., None] ** np.arange(x.shape[-1] if N is None else N)


def _integers(dtype: str) -> str:
    return "int64" if dtype in ("bool", "uint8", "int8", "int16", "int32") else dtype


def _diagonal(a: Array, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Array:
    return np.diagonal(a, offset, dim1, dim2)


def _tensorinv(x: Array, shape: Any, ind: int) -> Array:
    return np.asarray(np.linalg.tensorinv(x.reshape(shape), ind))


def _tensorsolve(x: Array, b: Array, shape: Any, dims: Any) -> Array:
    return np.asarray(np.linalg.tensorsolve(x.reshape(shape), b, dims))


_ROUNDED = (*FLOATS, *COMPLEX)

ROWS = (
    Row("linalg_solve", _solve, (*_SYSTEMS, *_RIGHT), DTYPES, near(_solve), gradient=True, covers=("solve_square",),
        refuses=REFUSED,
        refusals=(*_MISFITS, Refusal(Sample((_ZEROS, Input((2,)))), LinAlgError))),
    Row("linalg_solve_ex", _solve_ex, (*_SYSTEMS[:4], *_RIGHT), DTYPES, near(_solve_ex, exact=1), result=(same, int32),
        gradient=True, refuses=REFUSED,
        refusals=(*_MISFITS, Refusal(Sample((_ZEROS, Input((2,))), {"check_errors": True}), LinAlgError))),
    Row("linalg_solve_triangular", _solve_triangular, _TRIANGLES, DTYPES, near(_solve_triangular), gradient=True,
        covers=("solve_triangle",), refusals=tuple(
        Refusal(r.sample._replace(kwargs={"upper": True})) for r in _MISFITS
    )),
    Row("triangular_solve", _older_triangular, (
        Sample((Input((3, 2)), matrix(3, 3))), Sample((Input((3, 2)), matrix(2, 3, 3), False, True)),
        Sample((Input((2, 3, 2)), matrix(3, 3), True, True, True)), Sample((Input((3, 2)), matrix(3, 3), False)),
    ), DTYPES, near(_older_triangular), call="matrices.older_triangular_solve", gradient=True),
    Row("linalg_lu_solve", _lu_solve, tuple(
        Sample((a, b, left, transposed)) for transposed in (False, True)
        for left, a, b in ((True, matrix(3, 3), Input((2, 3, 2))), (False, matrix(2, 3, 3), Input((2, 3))))
    ), DTYPES, near(_lu_solve), call="matrices.lu_solve", gradient=True),
    Row("lu_solve", lambda b, a: np.linalg.solve(a, b), (Sample((Input((3, 2)), matrix(2, 3, 3))),), DTYPES,
        near(lambda b, a: np.linalg.solve(a, b)), call="matrices.older_lu_solve", gradient=True),
    Row("cholesky_inverse", _cholesky_inverse, (*SQUARE, Sample((matrix(3, 3), True))), DTYPES,
        near(_cholesky_inverse), call="matrices.cholesky_inverse", gradient=True),
    Row("cholesky_solve", _cholesky_solve, (
        Sample((Input((3, 2)), matrix(3, 3))), Sample((Input((3, 2)), matrix(2, 3, 3), True)),
    ), DTYPES, near(_cholesky_solve), call="matrices.cholesky_solve", gradient=True),
    Row("linalg_inv", np.linalg.inv, (*SQUARE, *LARGE), DTYPES, near(np.linalg.inv), gradient=True, covers=("invert",),
        refuses=REFUSED, refusals=(NOT_SQUARE, NOT_MATRIX, _SINGULAR)),
    Row("inverse", np.linalg.inv, SQUARE, DTYPES, near(np.linalg.inv), gradient=True, refuses=REFUSED,
        refusals=(NOT_SQUARE, _SINGULAR)),
    Row("linalg_inv_ex", lambda a: (np.linalg.inv(a), _no_info(a)), SQUARE, DTYPES,
        near(lambda a: (np.linalg.inv(a), _no_info(a)), exact=1), result=(same, int32), gradient=True, refuses=REFUSED,
        refusals=(NOT_SQUARE, Refusal(Sample((_ZEROS,), {"check_errors": True}), LinAlgError))),
    Row("linalg_tensorinv", _tensorinv, (
        Sample((matrix(6, 6), (2, 3, 3, 2), 2)), Sample((matrix(6, 6), (6, 2, 3), 1)),
    ), DTYPES, near(_tensorinv), call="matrices.tensorinv", gradient=True),
    Row("linalg_tensorinv", lambda a, ind=2: np.linalg.inv(a), (Sample((matrix(3, 3),), {"ind": 1}),), DTYPES,
        near(lambda a, ind=2: np.linalg.inv(a)), label="plain", gradient=True,
        refusals=(Refusal(Sample((Input((2, 3, 3)),))), Refusal(Sample((Input((2, 2)),), {"ind": 0})))),
    Row("linalg_tensorsolve", _tensorsolve, (
        Sample((matrix(6, 6), Input((2, 3)), (2, 3, 6), None)),
        Sample((matrix(6, 6), Input((6,)), (2, 6, 3), (0, 2))),
    ), DTYPES, near(_tensorsolve), call="matrices.tensorsolve", gradient=True),
    Row("linalg_tensorsolve", np.linalg.solve, (Sample((matrix(3, 3), Input((3,)))),), DTYPES, near(np.linalg.solve),
        label="plain", gradient=True, refusals=(Refusal(Sample((Input((2, 3, 5)), Input((2, 3))))),)),
    Row("linalg_lstsq", _lstsq, _LEAST, DTYPES, near(_lstsq, count=2, exact=1), result=(same, real, int64),
        call="matrices.lstsq", gradient=True, covers=("least_squares",)),
    Row("linalg_pinv", np.linalg.pinv, (*ANY, *LARGE), DTYPES, near(np.linalg.pinv), gradient=True,
        covers=("pseudoinverse",), refuses=REFUSED, refusals=(NOT_MATRIX,)),
    Row("linalg_pinv", lambda x: np.linalg.pinv(x @ adjoint(x)), SQUARE, DTYPES,
        near(lambda x: np.linalg.pinv(x @ adjoint(x))), call="matrices.pinv_hermitian", label="hermitian",
        gradient=True),
    Row("pinverse", np.linalg.pinv, ANY, DTYPES, near(np.linalg.pinv), gradient=True, refuses=REFUSED),
    Row("linalg_matrix_rank", lambda a, **k: np.linalg.matrix_rank(a, **k), (
        *calls((4, 4), (2, 3, 5), (5, 2)), Sample((Input((5, 4), items(1, 2)),)),
        Sample((matrix(4, 4),), {"rtol": 0.5}), Sample((matrix(3, 3),), {"hermitian": True}),
    ), DTYPES, result=int64, refuses=REFUSED, refusals=(NOT_MATRIX,)),
    Row("linalg_cond", _cond, (
        *ANY[:4], *[Sample((matrix(3, 3), p)) for p in _ORDERS], Sample((matrix(2, 4, 3), -2)), Sample((matrix(0, 0),)),
    ), DTYPES, near(_cond), result=real, gradient=True, refuses=REFUSED,
        refusals=(Refusal(Sample((Input((3, 4)), 1))), Refusal(Sample((matrix(3, 3), "inf"))))),
    Row("linalg_det", np.linalg.det, (*SQUARE, *calls((6, 6))), DTYPES, near(np.linalg.det), gradient=True,
        covers=("det_of",), refuses=REFUSED, refusals=(NOT_SQUARE, NOT_MATRIX), points=(
        Point(([[1.0, 2.0], [2.0, 4.0]],), ([[4.0, -2.0], [-2.0, 1.0]],)),
        Point(([[0.0, 0.0], [0.0, 3.0]],), ([[3.0, 0.0], [0.0, 0.0]],)),
        Point(([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 2.0]],), ([[0.0] * 3] * 3,)),
    )),
    Row("det", np.linalg.det, SQUARE, DTYPES, near(np.linalg.det), gradient=True, refuses=REFUSED,
        refusals=(NOT_SQUARE,)),
    Row("linalg_slogdet", _slogdet, (*SQUARE, *LARGE), DTYPES, near(_slogdet, count=2), result=(same, real),
        gradient=True, covers=("slogdet_of",), refuses=REFUSED, refusals=(NOT_SQUARE,)),
    Row("slogdet", _slogdet, SQUARE, DTYPES, near(_slogdet, count=2), result=(same, real), gradient=True,
        refuses=REFUSED, refusals=(NOT_SQUARE,)),
    Row("logdet", _logdet, SQUARE, DTYPES, near(_logdet), call="matrices.logdet", gradient=True),
    Row("linalg_vector_norm", _vector_norm, _VECTORS, _ROUNDED, near(_vector_norm), result=real, gradient=True,
        refuses=("int64", "bool"), refusals=(_EMPTY, Refusal(Sample((Input((3,)), "fro")), TypeError)), points=(
        Point(([0.0, 0.0],), ([0.0, 0.0],)), Point(([0.0, 0.0], 3), ([0.0, 0.0],)),
        Point(([1.0, -2.0], 0), ([0.0, 0.0],)),
    )),
    Row("linalg_matrix_norm", _matrix_norm, (
        *_FULL_RANK, Sample((matrix(2, 3, 4), "nuc", (0, 2), True)), Sample((matrix(2, 3, 4), 1, (2, 0))),
        Sample((matrix(2, 3, 4), 2, (-1, 0))), Sample((Input((2, 3, 4)), "fro", (0, 1), True)),
    ), DTYPES, near(_matrix_norm), result=real, gradient=True, refuses=("int64",), refusals=(
        NOT_MATRIX, Refusal(Sample((matrix(3, 3), 3))), Refusal(Sample((matrix(3, 3), "abc"))),
        Refusal(Sample((matrix(3, 3), 1, (0,)))),
    )),
    Row("linalg_norm", _norm, (
        Sample((Input((2, 3, 4)),)), Sample((Input((5,)), 3)), Sample((matrix(3, 4), 2)), Sample((matrix(3, 4), "nuc")),
        Sample((Input((3, 4)), 1, 0)), Sample((matrix(2, 3, 4), -2, (1, 2), True)),
        Sample((Input((3, 4)), 3, [1], True)),
    ), DTYPES, near(_norm), result=real, gradient=True, refuses=("int64",),
        refusals=(Refusal(Sample((Input((2, 3, 4)), 2))), Refusal(Sample((Input((3, 4)), "fro", 1))))),
    Row("norm", _torch_norm, (Sample((matrix(3, 4), "nuc")), Sample((matrix(2, 3, 4), "nuc", (0, 2), True))), DTYPES,
        near(_torch_norm), result=real, label="nuclear", gradient=True,
        refusals=(Refusal(Sample((matrix(2, 3, 4), "nuc"))), Refusal(Sample((matrix(3, 4), "abc"))))),
    Row("frobenius_norm", lambda x, dim=(), keepdim=False: _vector_norm(x, 2, dim, keepdim), (
        Sample((Input((3, 4)),)), Sample((Input((3, 4)), (0,), True)), Sample((Input((2, 3, 4)), (0, 2))),
    ), DTYPES, near(lambda x, dim=(), keepdim=False: _vector_norm(x, 2, dim, keepdim)), result=real, gradient=True),
    Row("nuclear_norm", lambda x, dim=(-2, -1), keepdim=False: _matrix_norm(x, "nuc", dim, keepdim), (
        Sample((matrix(3, 4),)), Sample((matrix(2, 3, 4), (0, 2), True)),
    ), DTYPES, near(lambda x, dim=(-2, -1), keepdim=False: _matrix_norm(x, "nuc", dim, keepdim)), result=real,
    gradient=True),
    Row("matrix_exp", _matrix_exp, (
        *SQUARE, Sample((Input((3, 3), uniform(-6, 6), layout="transposed"),)),
        Sample((Input((2, 4, 4), uniform(0, 1e-3)),)), *LARGE,
    ), DTYPES, near(_matrix_exp, 9999), gradient=True, refuses=("int64",), refusals=(NOT_SQUARE,)),
    Row("linalg_matrix_power", _matrix_power, tuple(
        Sample((matrix(2, 3, 3), n)) for n in (0, 1, 2, 5, -1, -3)
    ), DTYPES, near(_matrix_power), gradient=True, refusals=(
        Refusal(Sample((Input((3, 4)), 2))), Refusal(Sample((_ZEROS, -1)), LinAlgError),
    )),
    Row("matrix_power", _matrix_power, tuple(Sample((matrix(2, 3, 3), n)) for n in (3, -2)), DTYPES,
        near(_matrix_power), gradient=True),
    Row("matrix_power", _matrix_power, (Sample((Input((3, 3), uniform(-2, 2)), 3)), Sample((Input((3, 3)), 0))),
        ("int64", "int32"), label="whole"),
    Row("linalg_multi_dot", _multi_dot, (
        Sample(([Input((3, 5)), Input((5, 2)), Input((2, 4))],)), Sample(([Input((3, 5)), Input((5, 4))],)),
        Sample(([Input((5,)), Input((5, 2)), Input((2, 4)), Input((4,))],)),
        Sample(([Input((2, 5)), Input((5, 2)), Input((2,))],)),
        Sample(([Input((3, 0)), Input((0, 4)), Input((4, 2))],)),
    ), NUMERIC, bound(20, lambda m: _multi_dot([np.abs(x) for x in m]), half=9), gradient=True, refusals=(
        Refusal(Sample(([Input((3, 5))],))), Refusal(Sample(([Input((3, 5)), Input((4, 5))],))),
        Refusal(Sample(([Input((2, 3, 5)), Input((5, 4))],))),
    )),
    Row("chain_matmul", lambda *m: _multi_dot(m), (
        Sample((Input((3, 4)), Input((4, 5)))), Sample((Input((3, 4)), Input((4, 2)), Input((2, 5)))),
    ), _ROUNDED, bound(8, half=9), gradient=True,
        refusals=(Refusal(Sample((Input((3, 4)), Input((4,))))),)),
    Row("linalg_vecdot", lambda x, y, dim=-1: (np.conj(x) * y).sum(dim), (
        Sample((Input((3, 5)), Input((3, 5)))), Sample((Input((3, 5)), Input((5,)))),
        Sample((Input((3, 5)), Input((3, 1))), {"dim": 0}), Sample((Input((2, 0)), Input((2, 0)))),
    ), _ROUNDED, bound(9, lambda x, y, dim=-1: (np.abs(x) * np.abs(y)).sum(dim), half=2), gradient=True,
        refuses=("bool", "int64"), refusals=(Refusal(Sample((Input((3,)), Input((3,), dtype="float64")))),)),
    Row("linalg_cross", lambda a, b, dim=-1: np.cross(a, b, axis=dim), (
        Sample((Input((5, 3)), Input((5, 3)))), Sample((Input((3, 4)), Input((3, 1))), {"dim": 0}),
        Sample((Input((3,)), Input((3,)))),
    ), NUMERIC, bound(2, lambda a, b, **_: np.abs(a).max() * np.abs(b).max() * 2, half=3), gradient=True,
        refusals=(Refusal(Sample((Input((4,)), Input((4,))))), Refusal(Sample((Input((2, 3)), Input((3,))))))),
    Row("linalg_diagonal", _diagonal, (
        Sample((Input((4, 4)),)), Sample((Input((2, 3, 4)),), {"offset": 1}),
        Sample((Input((2, 3, 4)),), {"dim1": 0, "dim2": 1, "offset": -1}),
    ), NUMERIC, gradient=True, view="always"),
    Row("linalg_vander", _powers, (
        Sample((Input((4,), uniform(-2, 2)),)), Sample((Input((2, 3), uniform(-2, 2)),), {"N": 5}),
        Sample((Input((2, 0)),), {"N": 3}), Sample((Input((3,), items(0, 1)),)),
    ), (*INTEGERS, *DTYPES), near(_powers), result=_integers, gradient=True, refuses=("bool", "float16"),
        refusals=(Refusal(Sample((Input((1,)),))), Refusal(Sample((Input((3,)),), {"N": 1})))),
    Row("vander", _vander, (
        Sample((Input((4,), uniform(-2, 2)),)), Sample((Input((3,), uniform(-2, 2)), 5)),
        Sample((Input((3,), uniform(-2, 2)), 2, True)), Sample((Input((3,)), 0), gradient=False),
        Sample((Input((3,)), 1), gradient=False),
    ), NUMERIC, near(_vander, half=5), result=_integers, gradient=True,
        refusals=(Refusal(Sample((Input((2, 3)),))), Refusal(Sample((Input((3,)), -1))))),
)  # fmt: skip
