"""Random draws, from the stream of a ``Generator``; no gradients flow through them."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.base import TensorBase, count
from tensorplug.device import Device
from tensorplug.dtypes import FLOAT, INTEGER, DType, bool_, float32, float64, int64
from tensorplug.generator import Generator, default_generator
from tensorplug.ops.complex import complex_
from tensorplug.ops.creation import new_arange, random_integers, random_normal, random_uniform
from tensorplug.ops.define import composite
from tensorplug.overwriting import check_inplace, write_back
from tensorplug.shapes import Shape, numel

Tensor = Any


def draw_uniform(shape: Shape, dtype: DType, device: Device, generator: Generator | None) -> Tensor:
    """Uniform numbers in [0, 1); both parts of complex ones.

    Raises:
        NotImplementedError: a dtype of whole numbers.
    """
    _check_drawable("uniform", dtype)
    if dtype.is_complex:
        return complex_(*draw_uniform((2, *shape), dtype.to_real(), device, generator).unbind(0))
    key, offset = (generator or default_generator).draw(dtype.name, numel(shape))
    return random_uniform(shape, dtype, key, offset, device)


def draw_normal(shape: Shape, dtype: DType, device: Device, generator: Generator | None) -> Tensor:
    """Normal numbers of mean 0 and variance 1 (complex ones: both parts of variance 1/2).

    Raises:
        NotImplementedError: a dtype of whole numbers.
    """
    _check_drawable("normal", dtype)
    if dtype.is_complex:
        parts = draw_normal((2, *shape), dtype.to_real(), device, generator) * math.sqrt(0.5)
        return complex_(*parts.unbind(0))
    key, offset = (generator or default_generator).draw(dtype.name, numel(shape))
    return random_normal(shape, dtype, key, offset, device)


def _check_drawable(what: str, dtype: DType) -> None:
    if dtype.category < FLOAT:
        raise NotImplementedError(f"{what} numbers are floating-point or complex ones, not {dtype}")


def draw_integers(low: int, high: int, shape: Shape, device: Device, generator: Generator | None) -> Tensor:
    """int64 numbers in [low, high).

    Raises:
        RuntimeError: the range is empty.
    """
    if low >= high:
        raise RuntimeError(f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}")
    key, offset = (generator or default_generator).draw("int64", numel(shape))
    return random_integers(shape, low, high, key, offset, device)


def check_float(name: str, input: Tensor) -> None:
    """Refuse tensors that are not floating-point."""
    if input.dtype.category != FLOAT:
        raise NotImplementedError(f"{name} is not implemented for {input.dtype}: it takes floating-point tensors")


def _fill(name: str, input: Tensor, values: Tensor) -> Tensor:
    check_inplace(input, name)
    return write_back(input, values, name)


@composite(name="uniform_", spaces=("Tensor",), out=False)
def uniform_(self: Tensor, from_: float = 0, to: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fills the tensor with uniform numbers in [``from_``, ``to``).

    Raises:
        RuntimeError: ``from_`` is above ``to``.
    """
    if not from_ <= to:
        raise RuntimeError(f"uniform_ expects to return a [from, to) range, but found from={from_} > to={to}")
    values = draw_uniform(self._shape, self.dtype, self.device, generator)
    return _fill("uniform_", self, values * (to - from_) + (complex(from_, from_) if self.dtype.is_complex else from_))


@composite(name="normal_", spaces=("Tensor",), out=False)
def normal_(self: Tensor, mean: float = 0, std: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fills the tensor with normal numbers.

    Raises:
        RuntimeError: ``std`` is negative.
    """
    if not std >= 0:
        raise RuntimeError(f"normal_ expects std >= 0.0, but found std {std}")
    values = draw_normal(self._shape, self.dtype, self.device, generator)
    return _fill("normal_", self, values * std + mean)


@composite(name="random_", spaces=("Tensor",), out=False)
def random_(
    self: Tensor, from_: int | None = None, to: int | None = None, *, generator: Generator | None = None
) -> Tensor:
    """Fills the tensor with whole numbers in [``from_``, ``to``); by default as many as the dtype holds exactly."""
    if to is None and from_ is not None:
        from_, to = 0, from_
    if self.dtype.is_complex:
        raise NotImplementedError(f"random_ is not implemented for {self.dtype}: it draws whole numbers")
    low = 0 if from_ is None else from_
    high = _whole_numbers(self.dtype) if to is None else to
    values = draw_integers(low, high, self._shape, self.device, generator)
    return _fill("random_", self, values.to(self.dtype))


def _whole_numbers(dtype: DType) -> int:
    if dtype is bool_:
        return 2
    if dtype.category == FLOAT:
        return 2 ** {"float16": 11, "bfloat16": 8, "float32": 24, "float64": 53}[dtype.name] + 1
    bits = 8 * dtype.itemsize - dtype.is_signed
    return min(2**bits, 2**63 - 1)


def _bernoulli_values(shape: Shape, p: Any, dtype: DType, device: Device, generator: Generator | None) -> Tensor:
    draw = dtype if dtype.category == FLOAT else float32
    return (draw_uniform(shape, draw, device, generator) < p).to(dtype)


@composite(out=False, spaces=("torch", "Tensor"))
def bernoulli(input: Tensor, p: float | None = None, *, generator: Generator | None = None) -> Tensor:
    """1 with the probability that each element gives (or with ``p``), otherwise 0.

    Raises:
        RuntimeError: a probability outside [0, 1].
    """
    if p is None:
        check_float("bernoulli", input)
    elif not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli expects p to be in [0, 1], but got p={p}")
    known = p is None and count(input) and not input._kind.backend.abstract and not input._layer
    if known and not bool(((input >= 0) & (input <= 1)).all()):
        raise RuntimeError("Expected p_in >= 0 && p_in <= 1 to be true for every element")
    probability = input.detach() if p is None else p
    return _bernoulli_values(input._shape, probability, input.dtype, input.device, generator)


@composite(name="bernoulli_", spaces=("Tensor",), out=False)
def bernoulli_(self: Tensor, p: Any = 0.5, *, generator: Generator | None = None) -> Tensor:
    """Fills the tensor with 1 with probability ``p`` (a number or tensor), otherwise 0."""
    if not isinstance(p, TensorBase) and not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p}")
    return _fill("bernoulli_", self, _bernoulli_values(self._shape, p, self.dtype, self.device, generator))


@composite(name="exponential_", spaces=("Tensor",), out=False)
def exponential_(self: Tensor, lambd: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fills the tensor with numbers of the exponential distribution of rate ``lambd``."""
    check_float("exponential_", self)
    if lambd <= 0:
        raise RuntimeError(f"exponential_ expects lambda > 0.0, but found lambda={lambd}")
    values = draw_uniform(self._shape, self.dtype, self.device, generator)
    return _fill("exponential_", self, (-values).log1p() / -lambd)


@composite(name="geometric_", spaces=("Tensor",), out=False)
def geometric_(self: Tensor, p: float, *, generator: Generator | None = None) -> Tensor:
    """Fills the tensor with the number of trials, 1 or more, until one succeeds with probability ``p``.

    Raises:
        RuntimeError: ``p`` is not between 0 and 1.
    """
    if self.dtype.category not in (INTEGER, FLOAT):
        raise NotImplementedError(f"geometric_ is not implemented for {self.dtype}")
    if not 0 < p < 1:
        raise RuntimeError(f"geometric_ expects p to be in (0, 1), but got p={p}")
    values = draw_uniform(self._shape, _draw_dtype(self.dtype), self.device, generator)
    trials = ((-values).log1p() / math.log1p(-p)).floor() + 1
    return _fill("geometric_", self, trials.to(self.dtype))


@composite(name="cauchy_", spaces=("Tensor",), out=False)
def cauchy_(self: Tensor, median: float = 0, sigma: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fills the tensor with numbers of the Cauchy distribution.

    Raises:
        RuntimeError: ``sigma`` is not positive, or the tensor is not floating-point.
    """
    _check_continuous("cauchy_", self)
    if sigma <= 0:
        raise RuntimeError(f"cauchy_ expects sigma > 0.0, but found sigma={sigma}")
    values = draw_uniform(self._shape, _draw_dtype(self.dtype), self.device, generator) - 0.5
    return _fill("cauchy_", self, (_cauchy_quantile(values) * sigma + median).to(self.dtype))


def _cauchy_quantile(distance: Tensor) -> Tensor:
    """``tan(pi * distance)``, from the nearer of the middle and the pole at 1/2, which is never reached."""
    far = distance.abs() > 0.25
    from_pole = (0.5 - distance.abs()).clamp(min=2.0**-60) * math.pi
    return (1 / from_pole.tan()).copysign(distance).where(far, (distance * math.pi).tan())


@composite(name="log_normal_", spaces=("Tensor",), out=False)
def log_normal_(self: Tensor, mean: float = 1, std: float = 2, *, generator: Generator | None = None) -> Tensor:
    """Fills the tensor with numbers whose logarithms are normal, of ``mean`` and standard deviation ``std``.

    Raises:
        RuntimeError: ``std`` is not positive, or the tensor is not floating-point.
    """
    _check_continuous("log_normal_", self)
    if std <= 0:
        raise RuntimeError(f"log_normal_ expects std > 0.0, but found std={std}")
    values = draw_normal(self._shape, _draw_dtype(self.dtype), self.device, generator)
    return _fill("log_normal_", self, (values * std + mean).exp().to(self.dtype))


def _check_continuous(name: str, input: Tensor) -> None:
    if input.dtype.category != FLOAT:
        raise RuntimeError(f"{name} draws from a continuous distribution, which {input.dtype} cannot hold")


def _draw_dtype(dtype: DType) -> DType:
    """What to draw in: half precision has too few digits for the tails, and integers have none."""
    return float64 if dtype is float64 else float32


@composite(out=False, spaces=("torch", "Tensor"))
def multinomial(
    input: Tensor, num_samples: int, replacement: bool = False, *, generator: Generator | None = None
) -> Tensor:
    """int64 indices drawn with probability proportional to ``input`` (a vector, or each row of a matrix).

    Without replacement the draw takes the largest of ``u ** (1 / weight)`` (Efraimidis and Spirakis, 2006), compared
    by logarithm.

    Raises:
        RuntimeError: negative, infinite or NaN weights, rows that sum to 0, or more samples than weights without
            replacement.
    """
    check_float("multinomial", input)
    if len(input._shape) not in (1, 2):
        raise RuntimeError(f"prob_dist must be 1 or 2 dim, got shape {list(input._shape)}")
    if num_samples <= 0:
        raise RuntimeError("cannot sample n_sample <= 0 samples")
    weights = input.detach()
    if not input._layer and not bool((weights.isfinite() & (weights >= 0)).all()):
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    available = weights._shape[-1] if input._layer else int((weights > 0).sum(-1).amin())
    if available == 0:
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")
    if replacement:
        return _draw_with_replacement(weights, num_samples, generator)
    if num_samples > available:
        raise RuntimeError(
            "cannot sample n_sample > prob_dist.size(-1) samples without replacement "
            f"(asked for {num_samples}, {available} have a positive probability)"
        )
    uniform = draw_uniform(weights._shape, weights.dtype, weights.device, generator)
    keys = ((1 - uniform).log() / weights).masked_fill(weights == 0, -math.inf)
    return keys.topk(num_samples).indices


def _draw_with_replacement(weights: Tensor, samples: int, generator: Generator | None) -> Tensor:
    totals = weights.cumsum(-1)
    shape = (*weights._shape[:-1], samples)
    points = draw_uniform(shape, weights.dtype, weights.device, generator) * totals.narrow(-1, totals._shape[-1] - 1, 1)
    # The place of a point is the number of running totals at or below it; zero weights add no room.
    found = (points.unsqueeze(-1) >= totals.unsqueeze(-2)).to(int64).sum(-1)
    last = ((weights > 0).to(int64) * new_arange(weights, weights._shape[-1])).amax(-1, True)
    return found.minimum(last.expand(shape))
