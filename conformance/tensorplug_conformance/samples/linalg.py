"""Samples of products of matrices and vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import COMPLEX, FLOATS, NUMERIC, Array
from tensorplug_conformance.sample import Input, Refusal, Row, Sample, bound
from tensorplug_conformance.values import TIES_AND_NAN


def _inner(a: Array, b: Array, *_: Any, **__: Any) -> float:
    return a.shape[-1] if a.ndim else 1


_INNER = bound(_inner)


def _pair(first: tuple[int, ...], second: tuple[int, ...], **options: Any) -> Sample:
    return Sample((Input(first), Input(second)), **options)


_PRODUCTS = (
    _pair((3, 4), (4, 5)), _pair((4,), (4,)), _pair((3, 4), (4,)), _pair((4,), (4, 5)), _pair((2, 3, 4), (2, 4, 5)),
    _pair((2, 3, 4), (4, 5), hazards=("broadcast",)), _pair((3, 4), (2, 4, 5), hazards=("broadcast",)),
    _pair((2, 1, 3, 4), (5, 4, 2), hazards=("broadcast",)), _pair((2, 3, 4), (4,)), _pair((4,), (2, 4, 3)),
    _pair((1, 1), (1, 1)),
    _pair((3, 0), (0, 5)), _pair((0, 4), (4, 5)), _pair((2, 0, 4), (4, 3)), _pair((7, 257), (257, 3)),
    _pair((131, 67), (67, 129), dtypes=("float32", "float16", "complex64")),
    Sample((Input((9, 7), TIES_AND_NAN), Input((7, 2))), dtypes=FLOATS),
)  # fmt: skip


def _added(product: Any) -> Any:
    def reference(x: Array, a: Array, b: Array, beta: Any = 1, alpha: Any = 1) -> Array:
        scaled = product(a, b) * np.asarray(alpha, a.dtype)
        return scaled if beta == 0 else x * np.asarray(beta, x.dtype) + scaled

    return reference


def _added_samples(x: Input, a: Input, b: Input, row: Input) -> tuple[Sample, ...]:
    return (
        Sample((x, a, b)), Sample((row, a, b), hazards=("broadcast",)), Sample((x, a, b), {"beta": 2, "alpha": 3}),
        Sample((x._replace(values=TIES_AND_NAN), a, b), {"beta": 0}, dtypes=FLOATS),
    )  # fmt: skip


_ADDED = bound(lambda x, a, b, **k: a.shape[-1] + 1, half=4)


def _linear(x: Array, weight: Array, bias: Array | None = None) -> Array:
    product = x @ weight.T
    return product if bias is None else product + bias


ROWS = (
    Row("matmul", np.matmul, _PRODUCTS, NUMERIC, _INNER, gradient=True, covers=("matmul_batched",), refuses=("bool",),
        refusals=(
        Refusal(_pair((3, 4), (5, 4))), Refusal(_pair((), (3,))),
        Refusal(Sample((Input((2, 2)), Input((2, 2), dtype="float64")))),
    )),
    Row("matmul", np.matmul, _PRODUCTS[:6], NUMERIC, _INNER, call="operator.matmul", label="operator", gradient=True),
    Row("mm", np.matmul, (_pair((3, 4), (4, 5)), _pair((1, 4), (4, 1)), _pair((3, 0), (0, 2))), NUMERIC, _INNER,
        gradient=True,
        refusals=(Refusal(_pair((3, 4), (4,))),)),
    Row("bmm", np.matmul, (_pair((2, 3, 4), (2, 4, 5)), _pair((0, 3, 4), (0, 4, 5)), _pair((3, 1, 4), (3, 4, 1))),
        NUMERIC, _INNER,
        gradient=True, refusals=(Refusal(_pair((2, 3, 4), (3, 4, 5))), Refusal(_pair((2, 3, 4), (4, 5))))),
    Row("mv", np.matmul, (_pair((3, 4), (4,)), _pair((3, 0), (0,))), NUMERIC, _INNER, gradient=True,
        refusals=(Refusal(_pair((3, 4), (4, 1))),)),
    Row("dot", np.dot, (_pair((5,), (5,)), _pair((0,), (0,)), _pair((1031,), (1031,))), NUMERIC, _INNER, gradient=True,
        refusals=(Refusal(_pair((3,), (4,))), Refusal(_pair((3, 3), (3, 3))))),
    Row("outer", np.outer, (_pair((3,), (5,)), _pair((0,), (5,)), _pair((257,), (3,))), NUMERIC, bound(1),
        gradient=True),
    Row("addmm", _added(np.matmul), _added_samples(Input((3, 5)), Input((3, 4)), Input((4, 5)), Input((5,))), NUMERIC,
        _ADDED, gradient=True),
    Row("addmv", _added(np.matmul), _added_samples(Input((3,)), Input((3, 4)), Input((4,)), Input((1,))), NUMERIC,
        _ADDED, gradient=True),
    Row("baddbmm", _added(np.matmul),
        _added_samples(Input((2, 3, 5)), Input((2, 3, 4)), Input((2, 4, 5)), Input((3, 5))), NUMERIC, _ADDED,
        gradient=True),
    Row("linear", _linear, (
        Sample((Input((5, 4)), Input((3, 4)), Input((3,)))), Sample((Input((5, 4)), Input((3, 4)))),
        Sample((Input((4,)), Input((3, 4)), Input((3,)))),
        Sample((Input((2, 5, 4)), Input((3, 4)), Input((3,)))), Sample((Input((0, 4)), Input((3, 4)), Input((3,)))),
        Sample((Input((5, 257)), Input((3, 257)), Input((3,)))),
        Sample((Input((131, 67)), Input((129, 67)), Input((129,))), dtypes=("float32",)),
        Sample((Input((5, 4)), Input((4,)))),
    ), (*FLOATS, *COMPLEX), bound(lambda x, weight, bias=None: x.shape[-1] + 1, half=2), gradient=True,
    covers=("linear_backward",),
        refusals=(Refusal(Sample((Input((5, 4)), Input((3, 5))))),)),
    Row("trace", np.trace, (Sample((Input((4, 4)),)), Sample((Input((3, 5)),)), Sample((Input((0, 0)),))),
        (*FLOATS, *COMPLEX, "int64"),
        bound(lambda x: min(x.shape)), gradient=True),
)  # fmt: skip
