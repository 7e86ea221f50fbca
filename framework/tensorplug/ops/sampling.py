"""Draws by rejection and by search: the gamma, Dirichlet, von Mises, Poisson and binomial distributions.

They are made of uniform and normal numbers of the project's stream. A draw of ``n`` elements reserves a fixed number
of parts of ``n`` numbers each; a round of rejection takes its numbers from parts of its own, an element's from its own
place in them. So an element depends on key, offset, its place and its parameters alone, and the stream moves on by the
same amount however many rounds it took. The chance that an element is still rejected in the last round, whose number
is then taken, is below 1e-18.
"""

from __future__ import annotations

import math
from typing import Any

from tensorplug.base import everywhere
from tensorplug.dispatch import Plan
from tensorplug.dtypes import HALF, DType, float32
from tensorplug.generator import Generator, default_generator
from tensorplug.ops.creation import full_like, random_normal, random_uniform, zeros_like
from tensorplug.ops.define import composite, plan
from tensorplug.ops.implicit import dirichlet_grad, gamma_draw_slope
from tensorplug.ops.random import check_float
from tensorplug.shapes import numel
from tensorplug.xp.random import blocks_for

Tensor = Any

_GAMMA_ROUNDS = 16
_COUNT_ROUNDS = 32
_ANGLE_ROUNDS = 40
_SEARCHED = 10.0
"""Means from which counts are drawn by rejection; below it they are searched for, one after the other."""
_LONGEST_SEARCH = 96
_NEGLIGIBLE = {"float32": 2.0**-27, "float64": 2.0**-56}
_SMALLEST = {"float16": 2.0**-14, "bfloat16": 2.0**-126, "float32": 2.0**-126, "float64": 2.0**-1022}


class _Parts:
    """The parts of one draw for the elements of a tensor."""

    def __init__(self, like: Tensor, key: int, offset: int) -> None:
        self.shape, self.dtype, self.device = like._shape, like._kind.dtype, like._kind.device
        self.key, self.offset = key, offset
        self.blocks = blocks_for(self.dtype.name, numel(self.shape))

    def uniform(self, part: int) -> Tensor:
        return random_uniform(self.shape, self.dtype, self.key, self.offset + part * self.blocks, self.device)

    def normal(self, part: int) -> Tensor:
        return random_normal(self.shape, self.dtype, self.key, self.offset + part * self.blocks, self.device)


def _reserve(input: Tensor, parts: int, generator: Generator | None) -> tuple[int, int]:
    blocks = blocks_for(_wide(input._kind.dtype).name, numel(input._shape))
    return (generator or default_generator).draw("uint64", 4 * blocks * parts)


def _wide(dtype: DType) -> DType:
    return float32 if dtype in HALF else dtype


# ------------------------------------------------------------------------------------------------- gamma, Dirichlet


@plan("concentration; key, offset", spaces=(), out=False)
def gamma_draw(concentration: Tensor, key: int, offset: int) -> Plan:
    """Draws of gamma distributions of rate 1; the smallest is the smallest normal number of the dtype."""
    return (concentration,), (key, offset), concentration._shape, concentration._kind.dtype


@gamma_draw.default
def _gamma_draw(concentration: Tensor, key: int, offset: int) -> Tensor:
    dtype = concentration._kind.dtype
    value, logarithm = _gamma_parts(concentration.to(_wide(dtype)), key, offset)
    return (value * logarithm.exp()).to(dtype).clamp(min=_SMALLEST[dtype.name])


gamma_draw.grads(concentration=lambda g, concentration, result: g * gamma_draw_slope(concentration, result))


def _gamma_parts(concentration: Tensor, key: int, offset: int) -> tuple[Tensor, Tensor]:
    """Draws as ``value * exp(logarithm)``, after Marsaglia and Tsang, "A simple method for generating gamma variables".

    Below 1 the draw is one of a concentration higher by 1 times ``u**(1 / concentration)``, which may be too small for
    a floating-point number: the second part is its logarithm.
    """
    parts = _Parts(concentration, key, offset)
    low = concentration < 1
    # What is no concentration gives no draw either, and waits for none.
    valid = concentration > 0
    d = (concentration + low).where(valid, 1.0) - 1 / 3
    c = 1 / (9 * d).sqrt()
    accepted = ~valid
    value = zeros_like(concentration)
    for turn in range(_GAMMA_ROUNDS):
        normal, uniform = parts.normal(1 + 2 * turn), parts.uniform(2 + 2 * turn)
        root = 1 + c * normal
        cube = (root * root * root).clamp(min=_SMALLEST[parts.dtype.name])
        good = (root > 0) & ((1 - uniform).log() < normal * normal / 2 + d - d * cube + d * cube.log())
        value = (d * cube).where(~accepted, value)
        accepted = accepted | good
        if bool(accepted.all()):
            break
    value = value.where(valid, math.nan).where(concentration != 0, 0.0)
    logarithm = ((1 - parts.uniform(0)).log() / concentration).where(low & valid, 0.0)
    return value, logarithm


@composite(name="_standard_gamma", spaces=("torch",), out=False)
def standard_gamma(concentration: Tensor, generator: Generator | None = None) -> Tensor:
    """Draws of gamma distributions of rate 1, through which gradients flow."""
    check_float("_standard_gamma", concentration)
    return gamma_draw(concentration, *_reserve(concentration, 1 + 2 * _GAMMA_ROUNDS, generator))


@plan("concentration; key, offset", spaces=(), out=False)
def dirichlet_draw(concentration: Tensor, key: int, offset: int) -> Plan:
    """Draws of Dirichlet distributions, which lie along the last dim."""
    return (concentration,), (key, offset), concentration._shape, concentration._kind.dtype


@dirichlet_draw.default
def _dirichlet_draw(concentration: Tensor, key: int, offset: int) -> Tensor:
    dtype = concentration._kind.dtype
    # By logarithm, since with small concentrations all gamma draws of a row may be too small for the dtype.
    value, logarithm = _gamma_parts(concentration.to(_wide(dtype)), key, offset)
    return (value.log() + logarithm).softmax(-1).to(dtype).clamp(min=_SMALLEST[dtype.name])


@dirichlet_draw.vjp
def _(g: Tensor, concentration: Tensor, result: Tensor) -> tuple[Tensor]:
    # When an element's own beta distribution moves it, the others share what is left as they did before.
    total = concentration.sum(-1, True).expand(concentration._shape)
    return (dirichlet_grad(result, concentration, total) * (g - (result * g).sum(-1, True)),)


@composite(name="_sample_dirichlet", spaces=("torch",), out=False)
def sample_dirichlet(concentration: Tensor, generator: Generator | None = None) -> Tensor:
    """Draws of Dirichlet distributions, which lie along the last dim; gradients flow through them."""
    check_float("_sample_dirichlet", concentration)
    return dirichlet_draw(concentration, *_reserve(concentration, 1 + 2 * _GAMMA_ROUNDS, generator))


# ------------------------------------------------------------------------------------------------- angles


@plan("concentration; key, offset", spaces=(), out=False)
def von_mises_draw(concentration: Tensor, key: int, offset: int) -> Plan:
    """Draws of von Mises distributions of mean 0, from -pi to pi."""
    return (concentration,), (key, offset), concentration._shape, concentration._kind.dtype


@von_mises_draw.default
def _von_mises_draw(concentration: Tensor, key: int, offset: int) -> Tensor:
    """Rejection from a wrapped Cauchy distribution (Best and Fisher, 1979).

    All is written by how far ``r`` of the paper, and cosines, are from 1, which large concentrations make very little.
    """
    dtype = concentration._kind.dtype
    kappa = concentration.to(_wide(dtype))
    parts = _Parts(kappa, key, offset)
    root = (1 + 4 * kappa * kappa).sqrt()
    tau = 1 + root
    whole = tau + (2 * tau).sqrt()
    rho = 2 * kappa / whole
    rest = (1 + 1 / (root + 2 * kappa) + (2 * tau).sqrt()) / whole  # 1 - rho
    excess = rest * rest / (2 * rho)  # r - 1
    accepted = ~(kappa > 0)
    half_angle = kappa * math.nan
    for turn in range(_ANGLE_ROUNDS):
        half = parts.uniform(1 + 2 * turn) * (math.pi / 2)
        level = 1 - parts.uniform(2 + 2 * turn)
        sine, cosine = half.sin(), half.cos()
        sine, cosine = 2 * sine * sine, 2 * cosine * cosine  # 1 - z and 1 + z of the paper
        lack = excess * sine / (excess + cosine)  # 1 - f
        weight = kappa * (excess + lack)
        good = (level < weight * (2 - weight)) | (weight.log() - level.log() + 1 - weight >= 0)
        # A wrapped Cauchy angle is a uniform one, the tangent of whose half is made smaller.
        half_angle = (rest / (1 + rho) * half.tan()).atan().where(~accepted, half_angle)
        accepted = accepted | good
        if bool(accepted.all()):
            break
    side = 2.0 * (parts.uniform(0) < 0.5) - 1
    return (2 * side * half_angle).to(dtype)


def von_mises(concentration: Tensor, generator: Generator | None = None) -> Tensor:
    """Draws of von Mises distributions of mean 0, from -pi to pi."""
    check_float("von_mises", concentration)
    return von_mises_draw(concentration.detach(), *_reserve(concentration, 1 + 2 * _ANGLE_ROUNDS, generator))


# ------------------------------------------------------------------------------------------------- counts


@plan("rate; key, offset", spaces=(), out=False)
def poisson_draw(rate: Tensor, key: int, offset: int) -> Plan:
    """Draws of Poisson distributions."""
    return (rate,), (key, offset), rate._shape, rate._kind.dtype


@poisson_draw.default
def _poisson_draw(rate: Tensor, key: int, offset: int) -> Tensor:
    dtype = rate._kind.dtype
    rate = rate.to(_wide(dtype))
    parts = _Parts(rate, key, offset)
    few = rate < _SEARCHED
    found = full_like(rate, math.nan)
    if bool(few.any()):
        low = rate.where(few, 0.0)
        found = _search(parts.uniform(0), (-low).exp(), low, lambda k: low / k).where(few, found)
    many = rate >= _SEARCHED
    if bool(many.any()):
        found = _poisson_by_rejection(rate.where(many, _SEARCHED), ~many, parts).where(many, found)
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


def _poisson_by_rejection(rate: Tensor, accepted: Tensor, parts: _Parts) -> Tensor:
    """Transformed rejection (Hörmann, "The transformed rejection method for generating Poisson variables", 1993).

    The two shortcuts of the paper's algorithm PTRS accept and reject what the test of the probabilities would, too, so
    that test is enough.
    """
    b = 0.931 + 2.53 * rate.sqrt()
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    count = zeros_like(rate)
    for turn in range(_COUNT_ROUNDS):
        u, v = parts.uniform(1 + 2 * turn) - 0.5, parts.uniform(2 + 2 * turn)
        edge = (0.5 - u.abs()).clamp(min=_NEGLIGIBLE[parts.dtype.name])
        proposal = ((2 * a / edge + b) * u + rate + 0.43).floor()
        possible = proposal >= 0
        proposal = proposal.where(possible, 0.0)
        level = ((1 - v) * inverse_alpha / (a / (edge * edge) + b)).log()
        good = possible & (level <= -_deviance(proposal, rate) - _log_of_peak(proposal))
        count = proposal.where(~accepted, count)
        accepted = accepted | good
        if bool(accepted.all()):
            break
    return count


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
    if not rate._kind.backend.abstract and not bool((everywhere(rate) >= 0).all()):
        raise RuntimeError("invalid Poisson rate, expected rate to be non-negative")
    return poisson_draw(rate, *_reserve(rate, 1 + 2 * _COUNT_ROUNDS, generator))


@plan("count, prob; key, offset", spaces=(), out=False)
def binomial_draw(count: Tensor, prob: Tensor, key: int, offset: int) -> Plan:
    """Draws of binomial distributions."""
    return (count, prob), (key, offset), count._shape, count._kind.dtype


@binomial_draw.default
def _binomial_draw(count: Tensor, prob: Tensor, key: int, offset: int) -> Tensor:
    dtype = count._kind.dtype
    n, p = count.to(_wide(dtype)).floor(), prob.to(_wide(dtype))
    parts = _Parts(n, key, offset)
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
        found = _binomial_by_rejection(n.where(many, 20.0), q.where(many, 0.5), ~many, parts).where(many, found)
    found = (n.clamp(min=0) - found).where(p > 0.5, found)
    return found.where(~(n.isnan() | p.isnan()), math.nan).to(dtype)


def _binomial_by_rejection(n: Tensor, p: Tensor, accepted: Tensor, parts: _Parts) -> Tensor:
    """Transformed rejection (Hörmann, "The generation of binomial random variates", 1993), without its shortcuts."""
    mean = n * p
    spread = (mean * (1 - p)).sqrt()
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    alpha = (2.83 + 5.1 / b) * spread
    mode = ((n + 1) * p).floor()
    highest = _log_binomial(mode, n, mean)
    count = zeros_like(n)
    for turn in range(_COUNT_ROUNDS):
        u, v = parts.uniform(1 + 2 * turn) - 0.5, parts.uniform(2 + 2 * turn)
        edge = (0.5 - u.abs()).clamp(min=_NEGLIGIBLE[parts.dtype.name])
        proposal = ((2 * a / edge + b) * u + mean + 0.5).floor()
        possible = (proposal >= 0) & (proposal <= n)
        proposal = proposal.where(possible, 0.0)
        level = ((1 - v) * alpha / (a / (edge * edge) + b)).log()
        good = possible & (level <= _log_binomial(proposal, n, mean) - highest)
        count = proposal.where(~accepted, count)
        accepted = accepted | good
        if bool(accepted.all()):
            break
    return count


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
    return binomial_draw(n, p.expand(n._shape), *_reserve(n, 1 + 2 * _COUNT_ROUNDS, generator))
