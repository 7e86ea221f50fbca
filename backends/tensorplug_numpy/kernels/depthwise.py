"""Convolution in groups of one channel on either side: products element by element, not of matrices.

Below, channels are (group, channel of the input, channel of the result), one of the last two having size 1.
"""

from __future__ import annotations

from math import prod

import numpy as np

from tensorplug_numpy.kernels.slices import Cuts
from tensorplug_numpy.spread import over_batch, sum_over_batch

Array = np.ndarray
Shape = tuple[int, ...]

_SCRATCH = 1 << 18


def suits(groups: int, inputs: int, outputs: int) -> bool:
    """Whether there are groups, and one of their sides is a single channel."""
    return groups > 1 and min(inputs, outputs) == groups


def convolve(
    x: Array, weight: Array, bias: Array | None, out: Array, cuts: list[Cuts | None], transposed: bool
) -> None:
    """Write to ``out`` what ``x`` gives with ``weight``, (group, input, output, *kernel)."""
    groups, inputs, outputs = weight.shape[:3]
    spatial = (1,) * (out.ndim - 2)
    factors = np.moveaxis(weight.reshape(groups, inputs, outputs, -1), -1, 0)
    factors = factors.reshape(-1, groups, inputs, outputs, *spatial)

    def part(start: int, stop: int) -> None:
        images = x[start:stop].reshape(stop - start, groups, inputs, 1, *x.shape[2:])
        result = out[start:stop].reshape(stop - start, groups, outputs, *out.shape[2:])
        result[...] = 0 if bias is None else bias.reshape(groups, outputs, *spatial)
        for cut, factor in zip(cuts, factors):
            if cut is not None:
                source, target = cut if transposed else cut[::-1]
                product = images[:, :, :, :, *source] * factor
                into = result[:, :, :, *target]
                into += product[:, :, 0] if inputs == 1 else product.sum(2)

    over_batch(part, len(x), _step(x, out), len(x) * max(x[0].size, out[0].size) * len(factors))


def correlate(x: Array, other: Array, groups: int, kernel: Shape, cuts: list[Cuts | None]) -> Array:
    """The gradient with respect to the weight, (group, output, input, *kernel)."""
    inputs, outputs = x.shape[1] // groups, other.shape[1] // groups
    images = x.reshape(len(x), groups, 1, inputs, *x.shape[2:])
    grads = other.reshape(len(x), groups, outputs, 1, *other.shape[2:])

    def part(start: int, stop: int) -> Array:
        total = np.zeros((groups, outputs, inputs, prod(kernel)), x.dtype)
        for at, cut in enumerate(cuts):
            if cut is not None:
                places, met = cut
                product = images[start:stop, :, :, :, *met] * grads[start:stop, :, :, :, *places]
                total[..., at] = product.sum((0, *range(4, product.ndim)))
        return total

    cost = len(x) * max(x[0].size, other[0].size) * len(cuts)
    return sum_over_batch(part, len(x), _step(x, other), cost).reshape(groups, outputs, inputs, *kernel)


def _step(x: Array, out: Array) -> int:
    return max(1, _SCRATCH // max(x[0].size, out[0].size))
