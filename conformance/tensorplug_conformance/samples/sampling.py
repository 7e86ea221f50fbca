"""Samples of draws by rejection and search, each element by itself, from the stream that the docs define.

The references follow the published algorithms one element and one round at a time, in float64, with their shortcuts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

import ml_dtypes
import numpy as np

from tensorplug_conformance.dtypes import FLOATS, Array, host
from tensorplug_conformance.sample import DRAWS_SEED, EXACT, Input, Refusal, Row, Sample, Seed, bound, ulps
from tensorplug_conformance.samples import stream
from tensorplug_conformance.samples.special import digamma
from tensorplug_conformance.values import items, uniform

_ROUNDS = {"gamma": 16, "count": 32, "angle": 40}
_BY_DTYPE = {"float16": "float32", "bfloat16": "float32", "float32": "float32", "float64": "float64"}


class _Element:
    """One element's numbers of the parts of a draw of ``n`` elements."""

    def __init__(self, place: int, n: int, seed: int, dtype: str) -> None:
        self.place, self.n, self.seed, self.dtype = place, n, seed, _BY_DTYPE[dtype]

    def uniform(self, part: int) -> float:
        return float(stream.uniform((self.n,), self.seed, self.dtype, self._block(part))[self.place])

    def normal(self, part: int) -> float:
        return float(stream.normal((self.n,), self.seed, self.dtype, self._block(part))[self.place])

    def _block(self, part: int) -> int:
        return part * stream.blocks(self.n, self.dtype)


def _each(draw: Callable[..., float], dtype: str, seed: int, *parameters: Array) -> Array:
    shaped = np.broadcast_arrays(*parameters)
    flat = [p.reshape(-1) for p in shaped]
    found = [draw(_Element(i, flat[0].size, seed, dtype), *(float(p[i]) for p in flat)) for i in range(flat[0].size)]
    return np.array(found, np.float64).reshape(shaped[0].shape)


def _log_gamma(element: _Element, concentration: float) -> float:
    """Marsaglia and Tsang (2000)."""
    d = concentration + (concentration < 1) - 1 / 3
    c = 1 / math.sqrt(9 * d)
    boost = math.log(1 - element.uniform(0)) / concentration if concentration < 1 else 0.0
    for turn in range(_ROUNDS["gamma"]):
        x, u = element.normal(1 + 2 * turn), 1 - element.uniform(2 + 2 * turn)
        v = (1 + c * x) ** 3
        if v > 0 and (u < 1 - 0.0331 * x**4 or math.log(u) < x * x / 2 + d * (1 - v + math.log(v))):
            return math.log(d * v) + boost
    raise AssertionError("no round accepts this element")


def _von_mises(element: _Element, kappa: float) -> float:
    """Best and Fisher (1979)."""
    tau = 1 + math.sqrt(1 + 4 * kappa**2)
    rho = (tau - math.sqrt(2 * tau)) / (2 * kappa)
    r = (1 + rho**2) / (2 * rho)
    for turn in range(_ROUNDS["angle"]):
        proposal = math.pi * element.uniform(1 + 2 * turn)
        z = math.cos(proposal)
        u = 1 - element.uniform(2 + 2 * turn)
        f = (1 + r * z) / (r + z)
        c = kappa * (r - f)
        if c * (2 - c) - u > 0 or math.log(c / u) + 1 - c >= 0:
            # The angle whose cosine is f, without the loss of digits near 1.
            angle = math.atan2((1 - rho**2) / (2 * rho) * math.sin(proposal), 1 + r * z)
            return angle if element.uniform(0) < 0.5 else -angle
    raise AssertionError("no round accepts this element")


def _poisson(element: _Element, rate: float) -> float:
    """By inversion below 10, otherwise PTRS (Hörmann, 1993)."""
    if rate < 10:
        return _searched(element, (math.exp(-rate + k * math.log(rate) - math.lgamma(k + 1)) for k in range(96)))
    b = 0.931 + 2.53 * math.sqrt(rate)
    a = -0.059 + 0.02483 * b
    for u, v, edge in _rounds(element):
        count = math.floor((2 * a / edge + b) * u + rate + 0.43)
        if edge >= 0.07 and v <= 0.9277 - 3.6224 / (b - 2):
            return count
        if count < 0 or (edge < 0.013 and v > edge):
            continue
        level = math.log(v * (1.1239 + 1.1328 / (b - 3.4)) / (a / edge**2 + b))
        if level <= count * math.log(rate) - rate - math.lgamma(count + 1):
            return count
    raise AssertionError("no round accepts this element")


def _binomial(element: _Element, n: float, p: float) -> float:
    """By inversion where fewer than 10 are expected, otherwise BTRS (Hörmann, 1993)."""
    if p > 0.5:
        return n - _binomial(element, n, 1 - p)
    if p <= 0 or n <= 0:
        return 0.0

    def log_probability(k: float) -> float:
        ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        return ways + k * math.log(p) + (n - k) * math.log1p(-p)

    if n * p < 10:
        return _searched(element, (math.exp(log_probability(k)) for k in range(min(int(n), 95) + 1)))
    spread = math.sqrt(n * p * (1 - p))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    mode = math.floor((n + 1) * p)
    for u, v, edge in _rounds(element):
        count = math.floor((2 * a / edge + b) * u + n * p + 0.5)
        if edge >= 0.07 and v <= 0.92 - 4.2 / b:
            return count
        level = math.log(v * (2.83 + 5.1 / b) * spread / (a / edge**2 + b))
        if 0 <= count <= n and level <= log_probability(count) - log_probability(mode):
            return count
    raise AssertionError("no round accepts this element")


def _searched(element: _Element, probabilities: Iterator[float]) -> float:
    u, below, count = element.uniform(0), 0.0, -1
    for probability in probabilities:
        below += probability
        count += 1
        if u < below:
            break
    return count


def _rounds(element: _Element) -> Iterator[tuple[float, float, float]]:
    for turn in range(_ROUNDS["count"]):
        u, v = element.uniform(1 + 2 * turn) - 0.5, 1 - element.uniform(2 + 2 * turn)
        yield u, v, max(0.5 - abs(u), 2.0**-56)


def _integral(f: Callable[[Array], Array], *cuts: float) -> float:
    """The trapezoidal rule between the cuts, after a change of variable that flattens the integrand at each of them."""
    t = np.linspace(-4, 4, 2001)
    share, rest = 1 / (1 + np.exp(-np.pi * np.sinh(t))), 1 / (1 + np.exp(np.pi * np.sinh(t)))
    found = 0.0
    for low, high in pairwise(cuts):
        # Counted from the nearer end, so that nothing is lost where the integrand is steep.
        x = np.where(share < 0.5, low + (high - low) * share, high - (high - low) * rest)
        found += float(np.sum(f(x) * np.cosh(t) * share * rest)) * (high - low) * np.pi * (t[1] - t[0])
    return found


def _gamma_slope(a: Array, x: Array) -> Array:
    """Minus the derivative of the distribution function by ``a``, over the density; an integral over log x."""

    def one(a: float, x: float) -> float:
        start = math.log(x)
        psi = float(digamma(a))

        def f(t: Array) -> Array:
            return np.exp(a * (t - start) - x * np.expm1(t - start)) * (t - psi)

        if x > a:
            return x * _integral(f, start, start + math.log1p(60 / x + 14 / math.sqrt(x)))
        return -x * _integral(f, start - 40 / a - 40, start - 40 / a - 4, start - 4, start)

    return np.vectorize(one, otypes=[np.float64])(a, x)


def _dirichlet_slope(x: Array, a: Array, total: Array) -> Array:
    """The same of the beta distribution, over ``1 - x``; an integral over log x, or over log(1 - x)."""

    def one(x: float, a: float, total: float) -> float:
        b = total - a
        mean = float(digamma(a)) - float(digamma(total))

        def below(t: Array) -> Array:
            return np.exp(a * (t - math.log(x)) + (b - 1) * (np.log1p(-np.exp(t)) - math.log1p(-x))) * (t - mean)

        def above(t: Array) -> Array:
            log_u = np.log1p(-np.exp(t))
            return np.exp(b * (t - math.log1p(-x)) + (a - 1) * (log_u - math.log(x))) * (log_u - mean)

        if x > a / total:
            start = math.log1p(-x)
            return _integral(above, start - 40 / b - 40, start - 40 / b - 4, start - 4, start)
        start = math.log(x)
        return -x * _integral(below, start - 40 / a - 40, start - 40 / a - 4, start - 4, start) / (1 - x)

    return np.vectorize(one, otypes=[np.float64])(x, a, total)


def _softmax(x: Array) -> Array:
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def _label(dtype: str) -> str:
    return "" if dtype == "float32" else dtype


_CONCENTRATIONS = tuple(
    Sample((Input(shape, uniform(low, high), grad=False),), {"generator": Seed(seed)})
    for seed, (shape, low, high) in enumerate([((5, 7), 0.5, 8), ((), 2, 3), ((0, 3), 1, 2), ((257,), 0.5, 1.5)])
)
_RATES = items(0.25, 1, 2.5, 6, 9.5, 10, 12.5, 30, 200)
_COUNTS, _CHANCES = items(3, 20, 50, 7, 200, 100, 0), items(0.25, 0.5, 0.75, 0.03125, 0.96875, 0, 1)


def _rows(dtype: str) -> tuple[Row, ...]:
    smallest = float(ml_dtypes.finfo(host(dtype)).smallest_normal)

    def gamma(a: Array, *, generator: int) -> Array:
        return np.maximum(np.exp(_each(_log_gamma, dtype, generator, a)), smallest)

    def dirichlet(a: Array, *, generator: int) -> Array:
        return np.maximum(_softmax(_each(_log_gamma, dtype, generator, a)), smallest)

    def angles(kappa: Array) -> Array:
        return _each(_von_mises, dtype, DRAWS_SEED, kappa)

    def poisson(rate: Array, *, generator: int) -> Array:
        return _each(_poisson, dtype, generator, rate)

    def binomial(n: Array, p: Array, *, generator: int) -> Array:
        return _each(_binomial, dtype, generator, n, p)

    rates = tuple(Sample((Input(s, _RATES),), {"generator": Seed(7)}) for s in ((9, 30), (), (0, 3), (257,)))
    trials = tuple(
        Sample((Input(s, _COUNTS), Input(t, _CHANCES)), {"generator": Seed(8)}, hazards=hazards)
        for s, t, hazards in (
            ((7, 1), (7,), ("broadcast",)), ((), (), ()), ((0, 3), (3,), ("broadcast",)),
            ((7, 5, 3), (7, 1, 1), ("broadcast",)),
        )
    )  # fmt: skip
    return (
        Row("_standard_gamma", gamma, _CONCENTRATIONS, (dtype,), ulps(64), call="tp._standard_gamma",
            label=_label(dtype), gradient=True, second=False, covers=("gamma_draw",)),
        Row("_sample_dirichlet", dirichlet, _CONCENTRATIONS[:1], (dtype,), ulps(64), call="tp._sample_dirichlet",
            label=_label(dtype), gradient=True, second=False, covers=("dirichlet_draw",)),
        Row("von_mises_draw", angles, tuple(Sample((Input(s, uniform(0.3, 9)),)) for s in ((5, 7), (), (0, 3), (257,))),
            (dtype,), bound(16, lambda kappa: np.float64(1)), call="steps.von_mises", label=_label(dtype), draws=True),
        Row("poisson", poisson, rates, (dtype,), EXACT, label=_label(dtype), covers=("poisson_draw",),
            refusals=(Refusal(Sample((Input((3,), items(1, -1)),))), Refusal(Sample((Input((3,), dtype="int64"),)))
                      ) if dtype == "float32" else ()),
        Row("binomial", binomial, trials, (dtype,), EXACT, label=_label(dtype), covers=("binomial_draw",)),
    )  # fmt: skip


_SLOPES = (
    Row("_standard_gamma_grad", _gamma_slope, (
        Sample((Input((3, 7), uniform(0.2, 3), grad=False), Input((7,), uniform(0.1, 4), grad=False)),
               hazards=("broadcast",)),
        Sample((Input((9,), uniform(5, 20), grad=False), Input((9,), uniform(3, 30), grad=False))),
        Sample((Input((0, 3)), Input((1,), uniform(1, 2)))),
    ), ("float32", "float64"), ulps(64), call="tp._standard_gamma_grad", gradient=True, second=False,
        covers=("gamma_draw_slope",)),
    Row("_dirichlet_grad", _dirichlet_slope, (
        Sample((Input((3, 7), uniform(0.1, 0.9), grad=False), Input((7,), uniform(0.2, 3), grad=False),
                Input((3, 7), uniform(4, 9), grad=False)), hazards=("broadcast",)),
        Sample((Input((0, 3)), Input((1,), uniform(1, 2)), Input((1,), uniform(3, 4)))),
    ), ("float32", "float64"), ulps(256), call="tp._dirichlet_grad", gradient=True, second=False,
        covers=("beta_draw_slope",)),
)  # fmt: skip

ROWS: tuple[Row, ...] = (*(row for dtype in FLOATS for row in _rows(dtype)), *_SLOPES)
