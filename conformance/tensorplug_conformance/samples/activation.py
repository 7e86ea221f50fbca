"""Samples of activations, element by element and along a dim."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import COMPLEX, FLOATS, ORDERED, SINGLES, Array
from tensorplug_conformance.sample import DRAWS_SEED, EQUAL, Dtype, Input, Oracle, Point, Refusal, Row, Sample, bound
from tensorplug_conformance.samples import stream
from tensorplug_conformance.samples.common import LARGE
from tensorplug_conformance.samples.special import erf
from tensorplug_conformance.values import TIES_AND_NAN, Values, items, uniform

_INF, _NAN = math.inf, math.nan
_ODD = items(
    0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 3.0, -3.0, 6.0, 6.5, 20.0, 20.5, -20.0, 60.0, -60.0, 100.0, -100.0, 1e4, -1e4,
    _INF, -_INF, _NAN,
)  # fmt: skip
_PLAIN = uniform(-4, 4)


def _calls(*args: Any, domain: Values = _PLAIN, **kwargs: Any) -> tuple[Sample, ...]:
    shapes = ((5, 7), (), (0, 3), (2, 1, 3, 4), (1031,))
    found = [Sample((Input(shape, domain), *args), kwargs) for shape in shapes]
    found.insert(1, Sample((Input((29,), _ODD), *args), kwargs))
    found.append(Sample((Input(LARGE, domain), *args), kwargs, dtypes=("float32",)))
    return tuple(found)


def _near(function: Callable[..., Any]) -> Oracle:
    """A few roundings of numbers up to the size of the input, in the dtype itself."""

    def scale(x: Array, *args: Any, **kwargs: Any) -> Any:
        size = np.abs(function(x, *args, **kwargs)) + np.minimum(np.abs(x), 100.0)
        return np.where(np.isfinite(size), size, 0)

    return bound(4, scale, half=4)


def _row(
    name: str, function: Any, samples: tuple[Sample, ...] | None = None, dtypes: tuple[str, ...] = FLOATS, **fields: Any
) -> Row:
    fields = {"oracle": _near(function), "gradient": True, "refuses": COMPLEX, **fields}
    return Row(name, function, _calls() if samples is None else samples, dtypes, **fields)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _clip(x: Any, low: float = -1.0, high: float = 1.0) -> Any:
    return np.minimum(np.maximum(x, low), high)


def _elu(x: Any, alpha: float = 1.0, scale: float = 1.0, input_scale: float = 1.0) -> Any:
    return np.where(x > 0, scale * x, scale * alpha * np.expm1(np.minimum(x, 0) * input_scale))


def _softplus(x: Any, beta: float = 1, threshold: float = 20) -> Any:
    return np.where(x * beta > threshold, x, np.log1p(np.exp(np.minimum(x * beta, threshold))) / beta)


def _gelu(x: Any, approximate: str = "none") -> Any:
    if approximate == "tanh":
        return x * 0.5 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return x * 0.5 * (1 + erf(x / math.sqrt(2)))


def _prelu(x: Array, weight: Array) -> Array:
    if weight.size > 1:
        weight = weight.reshape((-1,) + (1,) * (x.ndim - 2))
    return np.where(x > 0, x, x * weight.reshape(weight.shape if weight.size > 1 else ()))


_RELU_POINT = (Point(([-1.0, 0.0, 2.0],), ([0.0, 0.0, 1.0],)),)
_LEAK = tuple(Sample((Input((5, 7), _PLAIN), slope)) for slope in (0.2, 0.0, -0.5))

_PIECEWISE = (
    _row("relu", lambda x: np.maximum(x, 0), dtypes=ORDERED, oracle=EQUAL, points=_RELU_POINT,
        refuses=("bool", *COMPLEX),
         covers=("threshold_backward",)),
    _row("threshold", lambda x, at, value: np.where(x <= at, value, x), _calls(0.5, 7), oracle=EQUAL,
         points=(Point(([-1.0, 0.5, 2.0], 0.5, 7.0), ([0.0, 0.0, 1.0],)),)),
    _row("hardtanh", _clip, (*_calls(), *_calls(-0.5, 2.0)[:2]), oracle=EQUAL, covers=("inside_backward",),
         points=(Point(([-2.0, -1.0, 0.0, 1.0, 2.0],), ([0.0, 0.0, 1.0, 0.0, 0.0],)),),
         refusals=(Refusal(Sample((Input((3,)), 2.0, 1.0)), ValueError),)),
    _row("relu6", lambda x: _clip(x, 0, 6), _calls(domain=uniform(-3, 9)), oracle=EQUAL,
         points=(Point(([-1.0, 0.0, 3.0, 6.0, 7.0],), ([0.0, 0.0, 1.0, 0.0, 0.0],)),)),
    _row("hardshrink", lambda x, at=0.5: np.where(np.abs(x) <= at, 0, x), (*_calls(), *_calls(1.25)[:2]), oracle=EQUAL,
         points=(Point(([-0.5, 0.5, 2.0],), ([0.0, 0.0, 1.0],)),)),
    _row("softshrink", lambda x, at=0.5: x - _clip(x, -at, at), (*_calls(), *_calls(1.25)[:1]),
         points=(Point(([-0.5, 0.5, 2.0],), ([0.0, 0.0, 1.0],)),), refusals=(Refusal(Sample((Input((3,)), -1.0))),)),
    _row("leaky_relu", lambda x, slope=0.01: np.where(x > 0, x, x * slope), (*_calls(), *_LEAK),
         points=(Point(([-1.0, 0.0, 2.0], 0.5), ([0.5, 0.5, 1.0],)),), covers=("leaky_relu_backward",)),
    _row("prelu", _prelu, (
        Sample((Input((5, 7), _PLAIN), Input((1,)))), Sample((Input((2, 3, 4), _PLAIN), Input((3,)))),
        Sample((Input((5, 7), _PLAIN), Input((7,)))),
        Sample((Input((), _PLAIN), Input((1,)))), Sample((Input((2, 3, 2, 2), _PLAIN), Input((3,)))),
    ), oracle=bound(1, lambda x, w: np.abs(x)), refusals=(Refusal(Sample((Input((2, 3)), Input((2,))))),)),
    _row("hardsigmoid", lambda x: _clip(x + 3, 0, 6) / 6, _calls(domain=uniform(-5, 5)),
         points=(Point(([-3.0, 0.0, 3.0],), ([0.0, 1 / 6, 0.0],)),)),
    _row("hardswish", lambda x: x * _clip(x + 3, 0, 6) / 6, _calls(domain=uniform(-5, 5)),
        covers=("hardswish_backward",),
         points=(Point(([-3.0, 0.0, 3.0],), ([0.0, 0.5, 1.0],)),)),
)  # fmt: skip
_SMOOTH = (
    _row("elu", _elu, (*_calls(), *_calls(0.5)[:2]), points=(Point(([0.0],), ([1.0],)),), covers=("elu_backward",)),
    _row("celu", lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0) / alpha)),
        (*_calls(), *_calls(2.0)[:2]),
         refusals=(Refusal(Sample((Input((3,)), 0.0))),)),
    _row("selu", lambda x: _elu(x, 1.6732632423543772, 1.0507009873554805)),
    _row("softplus", _softplus, (*_calls(), *_calls(2, 5)[:2], *_calls(domain=uniform(15, 25))[:1]),
         covers=("softplus_backward",)),
    _row("logsigmoid", lambda x: np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x))), covers=("logsigmoid_backward",)),
    _row("gelu", _gelu, (*_calls(), *_calls("tanh"), *_calls(approximate="tanh")[:1]), covers=("gelu_backward",),
         refusals=(Refusal(Sample((Input((3,)), "sigmoid"))),)),
    _row("silu", lambda x: x * _sigmoid(x), covers=("silu_backward",)),
    _row("mish", lambda x: x * np.tanh(_softplus(x))),
    _row("softsign", lambda x: x / (1 + np.abs(x)), refuses=()),
    _row("tanhshrink", lambda x: x - np.tanh(x), refuses=()),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- along a dim


def _glu(x: Array, dim: int = -1) -> Array:
    first, second = np.split(x, 2, dim)
    return first * _sigmoid(second)


def _softmax(x: Array, dim: int, dtype: str = "") -> Array:
    powers = np.exp(x - np.max(x, axis=dim, keepdims=True, initial=-_INF)) if x.ndim else np.exp(x - x)
    return powers / (np.sum(powers, axis=dim, keepdims=True) if x.ndim else powers)


def _log_softmax(x: Array, dim: int, dtype: str = "") -> Array:
    if not x.ndim:
        return x - x
    shifted = x - np.max(x, axis=dim, keepdims=True, initial=-_INF)
    return shifted - np.log(np.sum(np.exp(shifted), axis=dim, keepdims=True))


def _spread(x: Array) -> float:
    """The range of the finite elements, to which errors of their exponentials are proportional."""
    finite = x[np.isfinite(x)]
    return float(np.ptp(finite)) if finite.size else 0.0


def _finite(x: Array) -> Array:
    return np.where(np.isfinite(x), np.abs(x), 0)


def _terms(x: Array, dim: int, *_: Any, **__: Any) -> float:
    return x.shape[dim] if x.ndim else 1


_ALONG = (
    Sample((Input((5, 7), _PLAIN), 1)), Sample((Input((5, 7), _PLAIN), 0)), Sample((Input((2, 3, 4), _PLAIN), -2)),
    Sample((Input((5, 7), uniform(80, 120)), 1)), Sample((Input((), _PLAIN), 0)), Sample((Input((0, 3)), 1)),
    Sample((Input((3, 0)), 1)),
    Sample((Input((3, 1031), _PLAIN), 1)), Sample((Input((9, 7), TIES_AND_NAN), 1)),
    Sample((Input((2, 5), items(-_INF)), 1)),
    Sample((Input((5, 1), _PLAIN), 1)), Sample((Input((257, 256), _PLAIN), 1), dtypes=("float32",)),
    Sample((Input((5, 7), _PLAIN), 1), {"dtype": Dtype("float64")}, result="float64", dtypes=("float16", *SINGLES)),
)  # fmt: skip
_SOFTMAX = bound(_terms, lambda x, dim, **_: np.nan_to_num(_softmax(x, dim)) * (1 + _spread(x)), half=3)
_LOG_SOFTMAX = bound(_terms, lambda x, dim, **_: _finite(_log_softmax(x, dim)) + _finite(x) + 1, half=3)
_HALVED = (
    Sample((Input((4, 6), _PLAIN),)),
    Sample((Input((4, 6), _PLAIN), 0)),
    Sample((Input((2, 6, 3), _PLAIN), 1)),
    Sample((Input((29 * 2,), _ODD), 0)),
)
_DIM_OUT_OF_RANGE = (Refusal(Sample((Input((5, 7)), 2)), IndexError),)


def _normalize(x: Array, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Array:
    length = np.sum(np.abs(x) ** p, axis=dim, keepdims=True) ** (1 / p) if x.ndim else np.abs(x)
    return x / np.maximum(length, eps)


_ROWS = (
    _row("glu", _glu, _HALVED, refuses=(), oracle=bound(4, lambda x, dim=-1: _finite(np.split(x, 2, dim)[0]), half=3),
         refusals=(Refusal(Sample((Input((3,)),))), Refusal(Sample((Input(()),))))),
    _row("softmax", _softmax, _ALONG, oracle=_SOFTMAX, covers=("softmax_backward",), refuses=("int64", "bool"),
        refusals=_DIM_OUT_OF_RANGE),
    _row("log_softmax", _log_softmax, _ALONG, oracle=_LOG_SOFTMAX, covers=("log_softmax_backward",),
        refuses=("int64", "bool"),
         refusals=_DIM_OUT_OF_RANGE),
    _row("softmin", lambda x, dim, dtype="": _softmax(-x, dim), _ALONG,
         oracle=bound(_terms, lambda x, dim, **_: np.nan_to_num(_softmax(-x, dim)) * (1 + _spread(x)), half=3),
         refuses=()),
    _row("normalize", _normalize, (
        Sample((Input((5, 7)),)), Sample((Input((5, 7)),), {"p": 1.0, "dim": 0}), Sample((Input((2, 3, 4)), 3.0, -1)),
        Sample((Input((3, 1031)),)), Sample((Input((3, 2), items(0)),), dtypes=SINGLES),
        Sample((Input((3, 2)),), {"eps": 10.0}),
    ), oracle=bound(lambda x, p=2.0, dim=1, **_: x.shape[dim], lambda x, *a, **k: np.abs(_normalize(x, *a, **k)),
    half=4), refuses=()),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- with draws


def _drawn(dtypes: tuple[str, ...]) -> tuple[Row, ...]:
    """What draws; the numbers depend on the dtype."""
    draw = dtypes[0]
    label = "" if draw == "float32" else draw

    def rrelu(x: Array, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False) -> Array:
        if not training:
            return np.where(x > 0, x, x * (lower + upper) / 2)
        slopes = stream.uniform(x.shape, DRAWS_SEED, draw) * (upper - lower) + lower
        return np.where(x > 0, x, x * slopes)

    def gumbel_softmax(x: Array, tau: float = 1, hard: bool = False, dim: int = -1) -> Array:
        noise = -np.log(np.maximum(-np.log1p(-stream.uniform(x.shape, DRAWS_SEED, draw)), 2.0**-126))
        soft = _softmax((x + noise) / tau, dim)
        if not hard:
            return soft
        found = np.zeros(x.shape)
        np.put_along_axis(found, np.argmax(soft, dim, keepdims=True), 1, dim)
        return found

    x = Input((5, 7), _PLAIN)
    soft = bound(8, lambda x, tau=1, *_, **k: gumbel_softmax(x, tau, False, k.get("dim", -1)) * 20 / tau, half=4)
    call = {"label": label, "draws": True, "refuses": ()}
    return (
        _row("rrelu", rrelu,
            (Sample((x,)), Sample((x, 0.1, 0.4)), Sample((x,), {"training": True}),
                Sample((Input((0, 3)),), {"training": True})),
             dtypes, call="F.rrelu", **call),
        _row("gumbel_softmax", gumbel_softmax, (Sample((x,)), Sample((x, 0.5)), Sample((x,), {"dim": 0})), dtypes,
            oracle=soft,
             call="F.gumbel_softmax", **call),
    )  # fmt: skip


_HARD = Row(
    "gumbel_softmax", lambda x, tau, hard: _drawn(SINGLES)[1].reference(x, tau, hard),
    (Sample((Input((5, 7), _PLAIN), 1.0, True), gradient=False),),
    ("float32",), bound(8, lambda x, *_: np.ones_like(x)), call="F.gumbel_softmax", label="hard", draws=True,
    gradient=True,
)  # fmt: skip

ROWS = (*_PIECEWISE, *_SMOOTH, *_ROWS, *_drawn(("float32",)), *_drawn(("float64",)), *_drawn(("float16",)), _HARD)
