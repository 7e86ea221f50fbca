"""Resizing images and their kin to another size.

Along each dim, an element of the result is a weighted sum of a few elements of the input: one (nearest), two (linear),
four (cubic), or as many as an antialiasing filter covers. Which ones, and their weights, follows from sizes alone, so
the host works it out, and the device gathers, multiplies and adds, dim after dim.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from tensorplug.dispatch import Plan
from tensorplug.dtypes import FLOAT, HALF, float32, float64, uint8
from tensorplug.ops.adaptive import adaptive_avg
from tensorplug.ops.define import composite, plan
from tensorplug.ops.windows import constant
from tensorplug.shapes import Shape

Tensor = Any
Array = np.ndarray[Any, Any]


_RANKS = {"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3}
_LINEAR = ("linear", "bilinear", "trilinear")
_ANY_RANK = ("nearest", "nearest-exact", "area")
_CUBIC = -0.75
_CUBIC_ANTIALIAS = -0.5


class Taps(NamedTuple):
    """For each element of the result the elements it is made of, and their weights (all 1 if None): (size, taps)."""

    places: Array
    weights: Array | None


@plan("input; dim, taps", spaces=(), out=False)
def resample(input: Tensor, dim: int, taps: Taps) -> Plan:
    """Weighted sums of elements along a dim: ``sum(weights[i, k] * input[places[i, k]] for k)`` for each ``i``.

    The taps are arrays on the host. Where all weights of an element are 0, so is the element.
    """
    shape = (*input._shape[:dim], len(taps.places), *input._shape[dim + 1 :])
    return (input,), (dim, taps), shape, input._kind.dtype


@resample.default
def _resample(input: Tensor, dim: int, taps: Taps) -> Tensor:
    beside = (-1, *[1] * (len(input._shape) - dim - 1))
    weights = None if taps.weights is None else taps.weights.astype(input._kind.dtype.numpy)
    total: Any = None
    for k in range(taps.places.shape[1]):
        part = input.index_select(dim, constant(input, taps.places[:, k]))
        if weights is not None:
            part = part * constant(input, weights[:, k].reshape(beside))
        total = part if total is None else total + part
    if weights is None:
        return total
    none = ~weights.astype(bool).any(1)
    return total.masked_fill(constant(input, none.reshape(beside)), 0) if none.any() else total


def _turned(taps: Taps, size: int) -> Taps:
    """The taps of the gradient: for each of ``size`` elements of the input what it is part of."""
    weights = np.ones(taps.places.shape) if taps.weights is None else taps.weights
    used = weights.reshape(-1) != 0
    source = taps.places.reshape(-1)[used]
    order = np.argsort(source, kind="stable")
    source = source[order]
    counts = np.bincount(source, minlength=size)
    rank = np.arange(len(source)) - (np.cumsum(counts) - counts)[source]
    places = np.zeros((size, max(int(counts.max(initial=0)), 1)), np.int64)
    places[source, rank] = np.repeat(np.arange(len(weights)), taps.places.shape[1])[used][order]
    beyond = np.arange(places.shape[1]) >= counts[:, None]
    places = np.where(beyond, places[:, :1], places)
    if taps.weights is None and not beyond.any():
        return Taps(places, None)
    turned = np.zeros(places.shape, weights.dtype)
    turned[source, rank] = weights.reshape(-1)[used][order]
    return Taps(places, turned)


resample.grads(input=lambda g, input_shape, dim, taps: resample(g, dim, _turned(taps, input_shape[dim])))


@composite(spaces=("F",), out=False)
def interpolate(
    input: Tensor,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """The input resampled to another size.

    Args:
        input: shape (batch, channel, *spatial) with one to three spatial dims; floating point, or uint8 for
            ``"nearest"``, ``"nearest-exact"``, ``"bilinear"`` and ``"bicubic"``.
        size: the new spatial size, one integer or one per dim.
        scale_factor: instead of ``size``, how many times larger each dim becomes (rounded down).
        mode: ``"nearest"``, ``"nearest-exact"`` (which takes the element under the middle of the new one),
            ``"linear"`` (one spatial dim), ``"bilinear"``, ``"bicubic"`` (two; Keys, 1981, with a = -0.75),
            ``"trilinear"`` (three), or ``"area"`` (adaptive average pooling).
        align_corners: whether the middles of the outer elements stay where they are, instead of the outer edges.
        recompute_scale_factor: whether to use the ratio of the sizes instead of ``scale_factor``, which may differ
            by rounding.
        antialias: whether to widen the filter when shrinking (``"bilinear"`` and ``"bicubic"`` alone).

    Returns:
        Shape (batch, channel, *size).

    Raises:
        ValueError: arguments that contradict each other or do not fit the input's dims.
        NotImplementedError: an unknown mode, or one that does not suit the input's dims or dtype.
        RuntimeError: a size below 1.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.tensor([[[1.0, 3.0]]])
        >>> tp.nn.functional.interpolate(x, size=4)
        tensor([[[1., 1., 3., 3.]]])
        >>> tp.nn.functional.interpolate(x, scale_factor=2, mode="linear")
        tensor([[[1.0000, 1.5000, 2.5000, 3.0000]]])
    """
    _check_mode(input, mode, align_corners, antialias)
    given = input._shape[2:]
    if size is not None and recompute_scale_factor:
        raise ValueError("recompute_scale_factor is not meaningful with an explicit size.")
    wanted, factors = _sizes(given, size, scale_factor)
    if recompute_scale_factor or mode == "area":
        factors = (None,) * len(given)
    if mode == "area":
        return adaptive_avg("interpolate", len(given), input, wanted)
    if min(wanted) < 1 or min(given) < 1:
        raise RuntimeError(
            f"Input and output sizes should be greater than 0, but got input {list(given)} output {list(wanted)}"
        )
    found = _computable(input, mode)
    precision = np.float64 if found._kind.dtype is float64 else np.float32
    whole = found is not input and input._kind.dtype is uint8
    for dim in reversed(range(len(given))):
        if given[dim] == wanted[dim] and (factors[dim] is None or mode in _LINEAR):
            continue
        scale = _scale(given[dim], wanted[dim], factors[dim], bool(align_corners), precision)
        taps = _taps(mode, given[dim], wanted[dim], scale, bool(align_corners), antialias)
        found = resample(found, 2 + dim, taps)
        # As PyTorch does, whole numbers go from one dim to the next.
        found = found.round().clamp(0, 255) if whole else found
    return found.to(input._kind.dtype)


def _check_mode(input: Tensor, mode: str, align_corners: bool | None, antialias: bool) -> None:
    rank = len(input._shape) - 2
    if mode not in _RANKS and align_corners is not None:
        raise ValueError(
            "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear"
        )
    if (mode not in _RANKS and mode not in _ANY_RANK) or not 1 <= rank <= 3:
        raise NotImplementedError(
            f"Input Error: Only 3D, 4D and 5D input Tensors supported (got {rank + 2}D) for the modes: nearest | "
            f"linear | bilinear | bicubic | trilinear | area | nearest-exact (got {mode})"
        )
    if mode in _RANKS and rank != _RANKS[mode]:
        raise NotImplementedError(f"Got {rank + 2}D input, but {mode} mode needs {_RANKS[mode] + 2}D input")
    if antialias and mode not in ("bilinear", "bicubic"):
        raise ValueError("Anti-alias option is restricted to bilinear and bicubic modes")


def _sizes(given: Shape, size: Any, scale_factor: Any) -> tuple[Shape, tuple[float | None, ...]]:
    """The new size, and for each dim the factor that it was asked by, if any."""
    if size is not None and scale_factor is not None:
        raise ValueError("only one of size or scale_factor should be defined")
    layout = (
        f"but got input with spatial dimensions of {list(given)} and {{}}. Please provide input tensor in "
        "(N, C, d1, d2, ...,dK) format and "
    )
    if size is not None:
        sizes = tuple(size) if isinstance(size, list | tuple) else (size,) * len(given)
        if len(sizes) != len(given):
            raise ValueError(
                "Input and output must have the same number of spatial dimensions, "
                f"{layout.format(f'output size of {size}')}output size in (o1, o2, ...,oK) format."
            )
        return tuple(n.__index__() for n in sizes), (None,) * len(given)
    if scale_factor is None:
        raise ValueError("either size or scale_factor should be defined")
    factors = tuple(scale_factor) if isinstance(scale_factor, list | tuple) else (scale_factor,) * len(given)
    if len(factors) != len(given):
        raise ValueError(
            "Input and scale_factor must have the same number of spatial dimensions, "
            f"{layout.format(f'scale_factor of shape {scale_factor}')}scale_factor in (s1, s2, ...,sK) format."
        )
    return tuple(math.floor(n * float(f)) for n, f in zip(given, factors, strict=True)), factors


def _computable(input: Tensor, mode: str) -> Tensor:
    dtype = input._kind.dtype
    if mode in ("nearest", "nearest-exact"):
        return input
    if dtype in HALF or (dtype is uint8 and mode in ("bilinear", "bicubic")):
        return input.to(float32)
    if dtype.category != FLOAT:
        raise NotImplementedError(f"interpolate: mode {mode} is not implemented for {dtype}")
    return input


def _scale(n: int, m: int, factor: float | None, align_corners: bool, precision: Any) -> Any:
    """How far apart neighbours of the result lie in the input."""
    if align_corners:
        return precision((n - 1) / (m - 1)) if m > 1 else precision(0)
    return precision(1.0 / factor) if factor else precision(n) / precision(m)


def _taps(mode: str, n: int, m: int, scale: Any, align_corners: bool, antialias: bool) -> Taps:
    at = np.arange(m).astype(scale.dtype)
    if mode == "nearest":
        return Taps(np.minimum(np.floor(at * scale).astype(np.int64), n - 1)[:, None], None)
    if mode == "nearest-exact":
        return Taps(np.minimum(np.floor((at + 0.5) * scale).astype(np.int64), n - 1)[:, None], None)
    if antialias:
        return _antialiased(mode, n, m, scale, align_corners)
    source = at * scale if align_corners else (at + 0.5) * scale - 0.5
    if mode != "bicubic":
        source = np.maximum(source, 0)
        first = np.minimum(np.floor(source), n - 1)
        part = np.clip(source - first, 0, 1)
        places = np.stack((first, np.minimum(first + 1, n - 1)), 1).astype(np.int64)
        return Taps(places, np.stack((1 - part, part), 1).astype(scale.dtype))
    first = np.floor(source)
    part = np.clip(source - first, 0, 1)
    offsets = np.arange(-1, 3)
    places = np.clip(first[:, None].astype(np.int64) + offsets, 0, n - 1)
    return Taps(places, _cubic(part[:, None] - offsets, _CUBIC).astype(scale.dtype))


def _cubic(x: Array, a: float) -> Array:
    """The cubic convolution kernel of Keys, "Cubic convolution interpolation for digital image processing", 1981."""
    x = np.abs(x)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    return np.where(x <= 1, near, np.where(x < 2, far, 0))


def _antialiased(mode: str, n: int, m: int, scale: Any, align_corners: bool) -> Taps:
    """Weights of the filter stretched by ``scale`` where that shrinks the input, normalised to sum to 1."""
    reach = 2.0 if mode == "bicubic" else 1.0
    stretch = max(float(scale), 1.0)
    support = reach * stretch
    middle = float(scale) * (np.arange(m) + 0.5)
    starts = np.maximum(np.floor(middle - support + 0.5), 0).astype(np.int64)
    ends = np.minimum(np.floor(middle + support + 0.5), n).astype(np.int64)
    places = starts[:, None] + np.arange(max(int((ends - starts).max()), 1))
    x = (places - middle[:, None] + 0.5) / stretch
    weights = _cubic(x, _CUBIC_ANTIALIAS) if mode == "bicubic" else np.maximum(1 - np.abs(x), 0)
    weights = np.where(places < ends[:, None], weights, 0)
    weights = weights / weights.sum(1, keepdims=True)
    return Taps(np.minimum(places, n - 1), weights.astype(scale.dtype))
