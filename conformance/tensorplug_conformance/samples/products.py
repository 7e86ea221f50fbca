"""Samples of sums of products over named dims, and what is computed with them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import COMPLEX, FLOATS, NUMERIC, Array
from tensorplug_conformance.sample import Input, Refusal, Row, Sample, bound
from tensorplug_conformance.values import index, uniform

_DTYPES = (*FLOATS, *COMPLEX)


def _einsum(*shapes: tuple[int, ...], equation: str, **options: Any) -> Sample:
    return Sample((equation, *map(Input, shapes)), **options)


def _sizes(equation: str, *xs: Array) -> float:
    return float(np.prod([max(x.shape, default=1) for x in xs]))


_EINSUMS = (
    _einsum((3, 4), (4, 5), equation="ij,jk->ik"), _einsum((3, 4), (5, 4), equation="ij,kj"),
    _einsum((4, 4), equation="ii"),
    _einsum((4, 4), equation="ii->i"), _einsum((3, 4), equation="ij->ji"), _einsum((3, 4), equation="ij->"),
    _einsum((3,), (4,), equation="i,j->ij"),
    _einsum((2, 3, 4), (2, 4, 5), equation="bij,bjk->bik"), _einsum((2, 3, 4), (4, 5), equation="...ij,jk->...ik"),
    _einsum((2, 1, 3), (4, 3), equation="...j,kj->...k"), _einsum((3, 4), (4, 5), (5, 2), equation="ab,bc,cd->ad"),
    _einsum((2, 3), (3,), (2,), equation="ij,j,i->"), _einsum((3, 3, 4), (4,), equation="iij,j->i"),
    _einsum((1, 4), (3, 4), equation="ij,ij->i"),
    _einsum((0, 4), (4, 5), equation="ij,jk->ik"), _einsum((), (3,), equation=",i->i"),
)  # fmt: skip


def _tensordot(a: Array, b: Array, dims: Any = 2) -> Array:
    return np.asarray(np.tensordot(a, b, axes=dims))


def _cross(a: Array, b: Array, dim: int | None = None) -> Array:
    a, b = np.broadcast_arrays(a, b)
    axis = a.shape.index(3) if dim is None else dim
    return np.cross(a, b, axis=axis)


def _added(product: Any) -> Any:
    def reference(x: Array, a: Array, b: Array, beta: Any = 1, alpha: Any = 1) -> Array:
        scaled = product(a, b) * np.asarray(alpha, a.dtype)
        return np.asarray(scaled if beta == 0 else x * np.asarray(beta, x.dtype) + scaled)

    return reference


def _cov(x: Array, correction: int = 1, fweights: Any = None, aweights: Any = None) -> Array:
    return np.asarray(np.cov(x, ddof=correction, fweights=fweights, aweights=aweights))


def _dist(a: Array, b: Array, p: float = 2) -> Array:
    size = np.abs(a - b)
    if np.isinf(p):
        return np.asarray(size.max())
    return np.asarray((size != 0).sum().astype(np.float64) if p == 0 else (size**p).sum() ** (1 / p))


_SPREAD = bound(9, lambda x, *_, **__: np.abs(x).max() ** 2 + 1, half=6)
ROWS = (
    Row("einsum", np.einsum, _EINSUMS, _DTYPES, bound(_sizes, half=2), gradient=True, view="maybe", refusals=(
        Refusal(_einsum((3, 4), (5, 6), equation="ij,jk->ik")), Refusal(_einsum((3, 4), equation="ijk")),
        Refusal(_einsum((3, 4), equation="ij->ijz")),
        Refusal(_einsum((3, 4), equation="ij,jk")), Refusal(_einsum((3, 4), equation="i1")),
    )),
    Row("tensordot", _tensordot, (
        Sample((Input((2, 3, 4)), Input((3, 4, 5)))), Sample((Input((2, 3)), Input((3, 4)), 1)),
        Sample((Input((3,)), Input((2,)), 0)),
        Sample((Input((2, 3, 4)), Input((4, 5, 2)), ([0, 2], [2, 0]))),
    ), _DTYPES, bound(12), gradient=True, refusals=(Refusal(Sample((Input((2, 3)), Input((4, 5)), 1))),)),
    Row("inner", np.inner, (
        Sample((Input((4,)), Input((4,)))), Sample((Input((2, 4)), Input((3, 4)))), Sample((Input(()), Input((3,)))),
        Sample((Input((2, 3, 4)), Input((4,)))),
    ), _DTYPES, bound(4), gradient=True, refusals=(Refusal(Sample((Input((2, 4)), Input((2, 3))))),)),
    Row("vdot", np.vdot, (Sample((Input((5,)), Input((5,)))), Sample((Input((257,)), Input((257,))))), NUMERIC,
        bound(lambda a, b: len(a)), gradient=True),
    Row("kron", np.kron,
        (Sample((Input((2, 3)), Input((3, 2)))), Sample((Input((4,)), Input((2, 2)))),
            Sample((Input((2, 1, 2)), Input((3,)))), Sample((Input(()), Input((3,))))),
        NUMERIC, bound(1), gradient=True),
    Row("cross", _cross, (
        Sample((Input((5, 3)), Input((5, 3)), 1)), Sample((Input((3, 4)), Input((3, 4)))),
        Sample((Input((2, 3, 1)), Input((2, 3, 4)), 1)), Sample((Input((3,)), Input((3,)), -1)),
    ), NUMERIC, bound(2, lambda a, b, *_: np.abs(a).max(initial=0) * np.abs(b).max(initial=0) * 2, half=3),
    gradient=True,
        refusals=(Refusal(Sample((Input((4,)), Input((4,))))),)),
    Row("addr", _added(np.outer), (
        Sample((Input((3, 5)), Input((3,)), Input((5,)))),
        Sample((Input((5,)), Input((3,)), Input((5,))), {"beta": 2, "alpha": 3}, hazards=("broadcast",)),
        Sample((Input((3, 5)), Input((3,)), Input((5,))), {"beta": 0}),
    ), NUMERIC, bound(2, half=4), gradient=True),
    Row("addbmm", _added(lambda a, b: np.matmul(a, b).sum(0)), (
        Sample((Input((3, 5)), Input((2, 3, 4)), Input((2, 4, 5)))),
        Sample((Input((5,)), Input((2, 3, 4)), Input((2, 4, 5))), {"beta": 2, "alpha": 3}, hazards=("broadcast",)),
    ), NUMERIC, bound(9, half=4), gradient=True),
    Row("cov", _cov, (
        Sample((Input((3, 8)),)), Sample((Input((8,)),)), Sample((Input((3, 8)),), {"correction": 0}),
    ), ("float32", "float64", *COMPLEX), _SPREAD, gradient=True),
    Row("cov", _cov, (
        Sample((Input((3, 8)),), {"aweights": Input((8,), uniform(0.5, 2), "float64", grad=False)}),
        Sample((Input((3, 8)),), {"fweights": Input((8,), index(3), "int64", layout="contiguous")}),
    ), ("float64",), _SPREAD, call="tp.cov", label="weights", gradient=True, data_dependent=True),
    Row("corrcoef", np.corrcoef,
        (Sample((Input((3, 8), layout="strided"),)), Sample((Input((4, 5), layout="transposed"),))),
        ("float32", "float64"),
        bound(16, lambda x: 4.0), gradient=True),
    Row("dist", _dist, (
        Sample((Input((5, 7)), Input((5, 7)))), Sample((Input((5, 7)), Input((7,)), 1)),
        Sample((Input((5, 7)), Input((5, 1)), 3)), Sample((Input((5, 7)), Input((5, 7)), float("inf"))),
    ), FLOATS, bound(35, lambda a, b, p=2: np.abs(a).max() * 30 + 30, half=4), gradient=True),
)  # fmt: skip
