"""Windows as slices: for each element of a window, what it meets in all windows at once, cut at the input's ends."""

from __future__ import annotations

import itertools

Shape = tuple[int, ...]
Cut = tuple[slice, slice]
Cuts = tuple[tuple[slice, ...], tuple[slice, ...]]


def cuts(n: int, k: int, stride: int, padding: int, dilation: int, size: int) -> list[Cut | None]:
    """For each element of a window of ``k`` over ``n`` elements: which places it serves, and what it meets there.

    Returns:
        A slice of the ``size`` places and one of the input, of equal length; None where it meets nothing.

    Example:
        >>> cuts(4, 3, 1, 1, 1, 4)[0]
        (slice(1, 4, None), slice(0, 3, 1))
    """
    found: list[Cut | None] = []
    for i in range(k):
        shift = i * dilation - padding
        first = max(0, -(shift // stride))
        stop = min(size, (n - 1 - shift) // stride + 1)
        start = first * stride + shift
        met = slice(first, stop), slice(start, start + (stop - first - 1) * stride + 1, stride)
        found.append(met if first < stop else None)
    return found


def all_cuts(
    spatial: Shape, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, size: Shape
) -> list[Cuts | None]:
    """As ``cuts``, for the elements of a window over several dims, in C order."""
    by_dim = [cuts(*numbers) for numbers in zip(spatial, kernel, stride, padding, dilation, size)]
    found: list[Cuts | None] = []
    for met in itertools.product(*by_dim):
        whole = [cut for cut in met if cut is not None]
        served = len(whole) == len(met)
        found.append((tuple(c[0] for c in whole), tuple(c[1] for c in whole)) if served else None)
    return found
