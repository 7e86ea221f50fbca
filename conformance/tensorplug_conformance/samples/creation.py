"""Samples of ops that make tensors: constants, ranges, random numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import ALL, COMMON, FLOATS, INTEGERS, NUMERIC, ORDERED, SINGLES, Array
from tensorplug_conformance.sample import (
    ANYTHING,
    DEVICE,
    DTYPE,
    EXACT,
    Dtype,
    Input,
    Oracle,
    Refusal,
    Row,
    Sample,
    Seed,
    bound,
    index_dtype,
    ulps,
)
from tensorplug_conformance.samples import stream
from tensorplug_conformance.values import PROBABILITY, items, uniform

_MADE = {"dtype": DTYPE, "device": DEVICE}
_A = Input((5, 7))


def _calls(*calls: tuple[Any, ...]) -> tuple[Sample, ...]:
    return tuple(Sample(args, _MADE) for args in calls)


def _shape(size: tuple[Any, ...]) -> tuple[int, ...]:
    return tuple(size[0]) if len(size) == 1 and isinstance(size[0], tuple | list) else size


# ------------------------------------------------------------------------------------------------- constants

_SIZES = _calls((2, 3), ((4,),), (0, 3), (1031,), ((),))
_LIKE = (
    Sample((_A,)),
    Sample((Input(()),)),
    Sample((Input((0, 3)),)),
    Sample((_A,), {"dtype": Dtype("int64")}, result="int64"),
)
_NEW = (
    Sample((_A, 2, 3)),
    Sample((_A, (4,))),
    Sample((_A, 0)),
    Sample((_A, (2, 2)), {"dtype": Dtype("float32")}, result="float32"),
)

_CONSTANTS = (
    Row("filled", lambda size, value: np.full(size, value), _calls(((2, 3), 1), ((), 0), ((0, 3), 1), ((1031,), 1)),
        ALL, call="tp.full"),
    Row("filled", lambda size, value: np.full(size, value), (
        *[Sample(((3,), v), _MADE, dtypes=FLOATS) for v in (2.5, -0.0, math.inf, -math.inf, math.nan)],
        *[Sample(((3,), v), _MADE, dtypes=("int8", "int16", "int32", "int64")) for v in (-128, 127)],
        Sample(((3,), 2**63 - 1), _MADE, dtypes=("int64",)), Sample(((3,), 2**53 + 1), _MADE, dtypes=("int64",)),
        Sample(((3,), 1 + 2j), _MADE, dtypes=("complex64", "complex128")),
    ), NUMERIC, call="tp.full", label="values"),
    Row("filled", lambda *size: np.zeros(_shape(size)), _SIZES, ALL, call="tp.zeros", label="zeros",
        refusals=(Refusal(Sample((-1,), _MADE)),)),
    Row("filled", lambda *size: np.ones(_shape(size)), _SIZES, ALL, call="tp.ones", label="ones"),
    Row("filled", np.eye, _calls((3,), (3, 5), (5, 3), (0,), (4, 0)), ALL, call="tp.eye", label="eye"),
    Row("uninitialized", lambda *size: np.zeros(_shape(size)), _SIZES, ALL, ANYTHING, call="tp.empty"),
    Row("new_full", lambda x, size, value, dtype="": np.full(size, value), (
        Sample((_A, (2, 3), 1)), Sample((_A, (), 1)), Sample((_A, (4,), 1), {"dtype": Dtype("int64")}, result="int64"),
    ), ALL),
    Row("new_zeros", lambda x, *size, dtype="": np.zeros(_shape(size)), _NEW, ALL),
    Row("new_ones", lambda x, *size, dtype="": np.ones(_shape(size)), _NEW, ALL),
    Row("new_empty", lambda x, *size, dtype="": np.zeros(_shape(size)), _NEW, ALL, ANYTHING),
    Row("full_like", lambda x, value, dtype="": np.full(x.shape, value), (
        Sample((_A, 1)), Sample((Input((0, 3)), 1)), Sample((_A, 2), {"dtype": Dtype("float64")}, result="float64"),
    ), ALL),
    Row("zeros_like", lambda x, dtype="": np.zeros(x.shape), _LIKE, ALL),
    Row("ones_like", lambda x, dtype="": np.ones(x.shape), _LIKE, ALL),
    Row("empty_like", lambda x, dtype="": np.zeros(x.shape), _LIKE, ALL, ANYTHING),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- ranges


def _arange(start: float, end: float | None = None, step: float = 1) -> Array:
    start, end = (0, start) if end is None else (start, end)
    return np.asarray([start + i * step for i in range(math.ceil((end - start) / step))])


_SPACED = bound(4, lambda start, end, steps: np.float64(max(abs(start), abs(end))))

_RANGES = (
    Row("counted", _arange, _calls((5,), (2, 9), (2, 20, 3), (9, 2, -2), (0,), (1031,)),
        (*ORDERED, "uint16", "uint32"), call="tp.arange",
        refusals=(Refusal(Sample((1, 5, 0), _MADE)), Refusal(Sample((1, 5, -1), _MADE)))),
    Row("counted", _arange, (
        Sample((2.5,), _MADE), Sample((0, 1, 0.125), _MADE), Sample((1.0, -1.0, -0.25), _MADE),
        Sample((0, 1, 0.1), _MADE, dtypes=SINGLES),
    ), FLOATS, ulps(0), call="tp.arange", label="floats"),
    Row("counted", np.linspace,
        _calls((0, 1, 5), (-3, 3, 7), (5, 1, 9), (2, 2, 3), (0, 1, 1), (0, 1, 0), (-1, 1, 257)), FLOATS, _SPACED,
        call="tp.linspace", label="linspace", refusals=(Refusal(Sample((0, 1, -1), _MADE)),)),
    Row("counted", np.logspace, _calls((0, 2, 5), (-1, 1, 3)), SINGLES, ulps(16), call="tp.logspace", label="logspace"),
    Row("counted", lambda *xs, indexing="ij": tuple(np.meshgrid(*xs, indexing=indexing)), (
        Sample((Input((3,)), Input((4,)))), Sample((Input((3,)), Input((4,))), {"indexing": "xy"}),
        Sample((Input((2,)), Input((3,)), Input((4,)))),
    ), COMMON, call="tp.meshgrid", label="meshgrid", gradient=True, view="maybe"),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- random numbers

_DRAWN = (
    Sample((5, 7), {**_MADE, "generator": Seed(7)}), Sample((1031,), {**_MADE, "generator": Seed(2**63 + 5)}),
    Sample((0, 3), {**_MADE, "generator": Seed(1)}), Sample(((),), {**_MADE, "generator": Seed(3)}),
    Sample((257, 256), {**_MADE, "generator": Seed(0)}),
)  # fmt: skip
_FILLED = (Input((5, 7)), Input(()), Input((0, 3)), Input((257,)))


def _fills(*args: Any) -> tuple[Sample, ...]:
    return tuple(Sample((x, *args), {"generator": Seed(n)}) for n, x in enumerate(_FILLED))


def _label(dtype: str) -> str:
    """The rows of float32 stand for the op; those of other dtypes, which draw other numbers, bear their names."""
    return "" if dtype == "float32" else dtype


def _fill(name: str, dtype: str, reference: Any, samples: tuple[Sample, ...], oracle: Oracle = EXACT) -> Row:
    label = f"{_label(dtype)}{'' if samples[0].args[1:] == () else ' with arguments'}".strip()
    return Row(name, reference, samples, (dtype,), oracle, call=f"Tensor.{name}", label=label, mutates=True)


def _draws(dtype: str) -> tuple[Row, ...]:
    """All that draws floats in one dtype."""

    def uniform_numbers(*size: Any, generator: int) -> Array:
        return stream.uniform(_shape(size), generator, dtype)

    def normal_numbers(*size: Any, generator: int) -> Array:
        return stream.normal(_shape(size), generator, dtype)

    def uniform_fill(x: Array, low: float = 0, high: float = 1, *, generator: int) -> Array:
        return stream.uniform(x.shape, generator, dtype) * (high - low) + low

    def normal_fill(x: Array, mean: float = 0, std: float = 1, *, generator: int) -> Array:
        return stream.normal(x.shape, generator, dtype) * std + mean

    def exponential_fill(x: Array, lambd: float = 1, *, generator: int) -> Array:
        return -np.log1p(-stream.uniform(x.shape, generator, dtype)) / lambd

    def bernoulli(x: Array, p: float | None = None, *, generator: int) -> Array:
        return (stream.uniform(x.shape, generator, dtype) < (x if p is None else p)).astype(np.float64)

    wide = "float64" if dtype == "float64" else "float32"

    def geometric_fill(x: Array, p: float, *, generator: int) -> Array:
        return np.floor(np.log1p(-stream.uniform(x.shape, generator, wide)) / math.log1p(-p)) + 1

    def cauchy_fill(x: Array, median: float = 0, sigma: float = 1, *, generator: int) -> Array:
        u = stream.uniform(x.shape, generator, wide)
        # Near its poles the tangent is taken from them, so that the rounding of pi does not count.
        near = np.where(u < 0.5, -1, 1) / np.tan(np.minimum(u, 1 - u) * math.pi)
        return np.where(abs(u - 0.5) > 0.25, near, np.tan((u - 0.5) * math.pi)) * sigma + median

    def log_normal_fill(x: Array, mean: float = 1, std: float = 2, *, generator: int) -> Array:
        return np.exp(stream.normal(x.shape, generator, wide) * std + mean)

    moved = bound(2, lambda x, a, b, generator: abs(a) + abs(b) * 6, half=3)
    coins = (Sample((Input((5, 7), PROBABILITY),), {"generator": Seed(5)}), Sample((_A, 0.25), {"generator": Seed(6)}))
    normal = ulps(9)
    return (
        Row("random_uniform", uniform_numbers, _DRAWN, (dtype,), call="tp.rand", label=_label(dtype)),
        Row("random_normal", normal_numbers, _DRAWN, (dtype,), normal, call="tp.randn", label=_label(dtype)),
        _fill("uniform_", dtype, uniform_fill, _fills()),
        _fill("uniform_", dtype, uniform_fill, _fills(-2.0, 3.0), moved),
        _fill("normal_", dtype, normal_fill, _fills(), normal),
        _fill("normal_", dtype, normal_fill, _fills(1.5, 0.5), moved),
        _fill("exponential_", dtype, exponential_fill, _fills(), ulps(8)),
        _fill("geometric_", dtype, geometric_fill, _fills(0.25)),
        _fill("cauchy_", dtype, cauchy_fill, _fills(), ulps(16)),
        _fill("log_normal_", dtype, log_normal_fill, _fills(0.5, 0.25), ulps(16)),
        _fill("bernoulli_", dtype, lambda x, p=0.5, *, generator: bernoulli(x, p, generator=generator), _fills()),
        Row("bernoulli", bernoulli, coins, (dtype,), call="tp.bernoulli", label=_label(dtype)),
    )  # fmt: skip


def _random_fill(x: Array, low: int, high: int, *, generator: int) -> Array:
    return stream.integers(x.shape, generator, low, high)


def _randperm(n: int, generator: int) -> Array:
    return np.argsort(stream.integers((n,), generator, -(2**63), 2**63 - 1), kind="stable")


def _multinomial(weights: Array, samples: int, replacement: bool = False, *, generator: int) -> Array:
    """Without replacement the largest of ``u ** (1 / weight)``, compared by logarithm; with it, by running totals."""
    if replacement:
        points = stream.uniform((*weights.shape[:-1], samples), generator, "float32") * weights.sum(-1, keepdims=True)
        return np.sum(points[..., None] >= np.cumsum(weights, -1)[..., None, :], -1)
    keys = np.where(
        weights > 0,
        np.log1p(-stream.uniform(weights.shape, generator, "float32")) / np.where(weights > 0, weights, 1),
        -np.inf,
    )
    return np.argsort(-keys, -1, kind="stable")[..., :samples]


_WEIGHTS = Input((3, 9), uniform(0.1, 2))
_GAPPED = Input((9,), items(0, 1, 2, 0, 3, 4, 0, 1, 5), layout="strided")
_WHOLE = (
    Row("random_integers", lambda low, high, size, generator: stream.integers(size, generator, low, high), (
        Sample((0, 10, (5, 7)), {"device": DEVICE, "generator": Seed(7)}),
        Sample((-3, 4, (1031,)), {"device": DEVICE, "generator": Seed(8)}),
        Sample((-(2**62), 2**62, (257,)), {"device": DEVICE, "generator": Seed(9)}),
    ), ("int64",), call="tp.randint", refusals=(Refusal(Sample((3, 3, (2,))), dtype="int64"),)),
    Row("random_integers", _randperm, (
        Sample((13,), {"device": DEVICE, "generator": Seed(3)}),
        Sample((257,), {"device": DEVICE, "generator": Seed(4)}),
        Sample((0,), {"device": DEVICE, "generator": Seed(4)}),
    ), ("int64",), call="tp.randperm", label="randperm"),
    Row("random_", _random_fill, (
        Sample((_A, 0, 100), {"generator": Seed(1)}), Sample((Input((257,)), 0, 5), {"generator": Seed(2)}),
        Sample((_A, -9, 9), {"generator": Seed(2)}, dtypes=("int8", "int64", *FLOATS)),
    ), (*INTEGERS, *FLOATS), call="Tensor.random_", mutates=True),
    Row("multinomial", _multinomial, (
        Sample((_WEIGHTS, 4), {"generator": Seed(1)}), Sample((_GAPPED, 5), {"generator": Seed(2)}),
        Sample((_WEIGHTS, 20, True), {"generator": Seed(3)}),
        Sample((_GAPPED, 300, True), {"generator": Seed(4)}),
    ), ("float32",), EXACT, index_dtype, data_dependent=True, refusals=(
        Refusal(Sample((_WEIGHTS, 10))), Refusal(Sample((Input((3,), items(1, -1)), 1))),
        Refusal(Sample((Input((3,), items(0)), 1))),
    )),
)  # fmt: skip

_PARTS = (
    Row("complex", lambda a, b: a + 1j * b, (
        Sample((Input((5, 7)), Input((5, 7)))), Sample((Input((7,)), Input((5, 1))), hazards=("broadcast",)),
        Sample((Input(()), Input(()))),
    ), SINGLES, EXACT, lambda d: {"float32": "complex64", "float64": "complex128"}[d], gradient=True),
)  # fmt: skip

ROWS = (*_CONSTANTS, *_RANGES, *(row for dtype in FLOATS for row in _draws(dtype)), *_WHOLE, *_PARTS)
