"""Draws of counts: the Poisson and the binomial distribution."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.base import everywhere
from tensorplug.dispatch import Plan
from tensorplug.generator import Generator
from tensorplug.ops.creation import full_like, zeros_like
from tensorplug.ops.define import composite, plan
from tensorplug.ops.random import check_float
from tensorplug.ops.rejection import Parts, by_rejection, reserve, tested, wide

Tensor = Any

_ROUNDS = 32
_SEARCHED = 10.0
"""Means from which counts are drawn by rejection; below it they are searched for, one after the other."""
_LONGEST_SEARCH = 96
_NEGLIGIBLE = {"float32": 2.0**-27, "float64": 2.0**-56}


@plan("rate; key, offset", spaces=(), out=False)
def poisson_draw(rate: Tensor, key: int, offset: int) -> Plan:
    """Draws of Poisson distributions."""
    return (rate,), (key, offset), rate._shape, rate._kind.dtype


@poisson_draw.default
def _poisson_draw(rate: Tensor, key: int, offset: int) -> Tensor:
    dtype = rate._kind.dtype
    rate = rate.to(wide(dtype))
    parts = Parts(rate, key, offset)
    few = rate < _SEARCHED
    found = full_like(rate, math.nan)
    if bool(few.any()):
        low = rate.where(few, 0.0)
        found = _search(parts.uniform(0), (-low).exp(), low, lambda k: low / k).where(few, found)
    many = rate >= _SEARCHED
    if bool(many.any()):
        found = by_rejection(_attempt_poisson, many, (rate,), parts, _ROUNDS).where(many, found)
    return found.to(dtype)


def _search(uniform: Tensor, first: Tensor, mean: Tensor, ratio: Any) -> Tensor:
    """The smallest count whose distribution function is above a uniform number.

    Args:
        first: the probability of 0.
        ratio: from a count to its probability over that of the count before.
    """
    probability = first
    below = first
    count = zeros_like(uniform)
    negligible = _NEGLIGIBLE[uniform._kind.dtype.name]
    for k in range(1, _LONGEST_SEARCH):
        # Past the mean, sums of what is left would not grow any more, and the search never end.
        further = (uniform >= below) & ((probability > negligible) | (mean >= k))
        if not bool(further.any()):
            break
        count = count + further
        probability = probability * ratio(k)
        below = below + probability
    return count


def _attempt_poisson(first: Tensor, second: Tensor, rate: Tensor) -> tuple[Tensor, Tensor]:
    """Hörmann, "The transformed rejection method for generating Poisson random variables" (1993), algorithm PTRS."""
    u, v = first - 0.5, 1 - second
    b = 0.931 + 2.53 * rate.sqrt()
    a = -0.059 + 0.02483 * b
    edge = (0.5 - u.abs()).clamp(min=_NEGLIGIBLE[u._kind.dtype.name])
    proposal = ((2 * a / edge + b) * u + rate + 0.43).floor()
    possible = proposal >= 0
    quick = (edge >= 0.07) & (v <= 0.9277 - 3.6224 / (b - 2))

    def test(v: Tensor, edge: Tensor, a: Tensor, b: Tensor, proposal: Tensor, rate: Tensor) -> Tensor:
        level = (v * (1.1239 + 1.1328 / (b - 3.4)) / (a / (edge * edge) + b)).log()
        return level <= -_deviance(proposal, rate) - _log_of_peak(proposal)

    return proposal.clamp(min=0), tested(quick, possible & ~quick, test, v, edge, a, b, proposal, rate)


def _deviance(count: Tensor, mean: Tensor) -> Tensor:
    """``count log(count / mean) + mean - count``, without the loss of digits near the mean."""
    at_least_one = count.clamp(min=1)
    distance = (mean - at_least_one) / at_least_one
    return (at_least_one * (distance - distance.log1p())).where(count > 0, mean)


def _log_of_peak(count: Tensor) -> Tensor:
    """``log(count!) - count log(count) + count``: minus the logarithm of the Poisson probability of its own mean."""
    large = count.clamp(min=10)
    square = 1 / (large * large)
    series = (2 * math.pi * large).log() / 2 + (1 / 12 - square * (1 / 360 - square / 1260)) / large
    small = count.clamp(max=10)
    return ((small + 1).lgamma() - small.xlogy(small) + small).where(count < 10, series)


@composite(out=False, spaces=("torch",))
def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Draws of Poisson distributions whose rates are the elements of ``input``.

    Raises:
        RuntimeError: a rate that is negative or NaN.

    Example:
        >>> import tensorplug as tp
        >>> _ = tp.manual_seed(0)
        >>> tp.poisson(tp.tensor([0.0, 3.0, 1000.0])).shape
        tensorplug.Size([3])
    """
    check_float("poisson", input)
    rate = input.detach()
    if not rate._kind.backend.abstract and not rate._layer and not bool((everywhere(rate) >= 0).all()):
        raise RuntimeError("invalid Poisson rate, expected rate to be non-negative")
    return poisson_draw(rate, *reserve(rate, 1 + 2 * _ROUNDS, generator))


@plan("count, prob; key, offset", spaces=(), out=False)
def binomial_draw(count: Tensor, prob: Tensor, key: int, offset: int) -> Plan:
    """Draws of binomial distributions."""
    return (count, prob), (key, offset), count._shape, count._kind.dtype


@binomial_draw.default
def _binomial_draw(count: Tensor, prob: Tensor, key: int, offset: int) -> Tensor:
    dtype = count._kind.dtype
    n, p = count.to(wide(dtype)).floor(), prob.to(wide(dtype))
    parts = Parts(n, key, offset)
    # Successes or failures are counted, whichever are rarer.
    q = p.minimum(1 - p)
    found = zeros_like(n)
    possible = (q > 0) & (n > 0)
    few = possible & (n * q < _SEARCHED)
    if bool(few.any()):
        size, chance = n.where(few, 1.0), q.where(few, 0.5)
        odds = chance / (1 - chance)
        none = (size * (-chance).log1p()).exp()
        searched = _search(parts.uniform(0), none, size * chance, lambda k: (size + 1 - k).clamp(min=0) / k * odds)
        found = searched.where(few, found)
    many = possible & (n * q >= _SEARCHED)
    if bool(many.any()):
        found = by_rejection(_attempt_binomial, many, (n, q), parts, _ROUNDS).where(many, found)
    found = (n.clamp(min=0) - found).where(p > 0.5, found)
    return found.where(~(n.isnan() | p.isnan()), math.nan).to(dtype)


def _attempt_binomial(first: Tensor, second: Tensor, n: Tensor, p: Tensor) -> tuple[Tensor, Tensor]:
    """Hörmann, "The generation of binomial random variates" (1993), algorithm BTRS."""
    u, v = first - 0.5, 1 - second
    mean = n * p
    spread = (mean * (1 - p)).sqrt()
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    edge = (0.5 - u.abs()).clamp(min=_NEGLIGIBLE[u._kind.dtype.name])
    proposal = ((2 * a / edge + b) * u + mean + 0.5).floor()
    possible = (proposal >= 0) & (proposal <= n)
    quick = (edge >= 0.07) & (v <= 0.92 - 4.2 / b)

    def test(v: Tensor, edge: Tensor, a: Tensor, b: Tensor, spread: Tensor, *of_count: Tensor) -> Tensor:
        proposal, n, mean, p = of_count
        level = (v * (2.83 + 5.1 / b) * spread / (a / (edge * edge) + b)).log()
        mode = ((n + 1) * p).floor()
        return level <= _log_binomial(proposal, n, mean) - _log_binomial(mode, n, mean)

    good = tested(quick, possible & ~quick, test, v, edge, a, b, spread, proposal, n, mean, p)
    return proposal.maximum(zeros_like(n)).minimum(n), good


def _log_binomial(count: Tensor, n: Tensor, mean: Tensor) -> Tensor:
    """The logarithm of a binomial probability, in the saddle-point form of Loader (2000)."""
    peaks = _log_of_peak(n) - _log_of_peak(count) - _log_of_peak(n - count)
    return peaks - _deviance(count, mean) - _deviance(n - count, n - mean)


@composite(out=False, spaces=("torch",))
def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Tensor:
    """How many of ``count`` trials succeed, each with probability ``prob``; both broadcast.

    A probability below 0 counts as 0, one above 1 as 1; a negative count as 0.

    Raises:
        ValueError: ``count`` or ``prob`` is not floating-point.
        RuntimeError: they differ in dtype.

    Example:
        >>> import tensorplug as tp
        >>> tp.binomial(tp.tensor([5.0, 9.0]), tp.tensor([0.0, 1.0]))
        tensor([0., 9.])
    """
    for name, value in (("count", count), ("prob", prob)):
        if not value.dtype.is_floating_point:
            raise ValueError(f"binomial only supports floating-point dtypes for {name}, got {value.dtype}")
    if count.dtype is not prob.dtype:
        raise RuntimeError(f"binomial: count and prob must have one dtype, found {count.dtype} and {prob.dtype}")
    n, p = count.detach(), prob.detach()
    n = n + zeros_like(p, dtype=n.dtype)
    return binomial_draw(n, p.expand(n._shape), *reserve(n, 1 + 2 * _ROUNDS, generator))
