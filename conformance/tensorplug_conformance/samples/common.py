"""Inputs that many rows share, by the number of operands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import FLOATS, INTEGERS, Array
from tensorplug_conformance.sample import EXACT, Input, Oracle, Sample, bound
from tensorplug_conformance.values import REGULAR, SPECIAL, Values

LARGE = (257, 256)
"""More elements than any backend handles in one piece, and not a round number of rows."""


def unary(domain: Values, special: Values | None = SPECIAL, large: bool = True) -> tuple[Sample, ...]:
    """Calls with one tensor: usual numbers, special ones, no dims, no elements, a prime number of elements, many."""
    found = [
        Sample((Input((5, 7), domain),)),
        Sample((Input((), domain),)),
        Sample((Input((0, 3), domain),)),
        Sample((Input((2, 1, 3, 4), domain),)),
        Sample((Input((1031,), domain),)),
    ]
    if special is not None:
        found.insert(1, Sample((Input((53,), special),)))
    if large:
        found.append(Sample((Input(LARGE, domain),), dtypes=("float32", "int64", "bool")))
    return tuple(found)


def binary(
    first: Values,
    second: Values,
    special: tuple[Values, Values] | None = (SPECIAL, SPECIAL),
    numbers: tuple[Any, ...] = (3,),
) -> tuple[Sample, ...]:
    """Calls with two tensors, or a tensor and a number, with all that broadcasting does.

    Args:
        first, second: the usual numbers of both operands.
        special: the special numbers of both, each paired with each.
        numbers: Python ints to use as the second operand.
    """
    found = [Sample((Input((5, 7), first), Input((5, 7), second)))]
    if special is not None:
        found.append(Sample((Input((43, 1), special[0]), Input((1, 43), special[1]))))
    found += [
        Sample((Input((3, 1, 5), first), Input((4, 1), second)), hazards=("broadcast",)),
        Sample((Input((), first), Input((6,), second)), hazards=("broadcast",)),
        Sample((Input((6,), first), Input((), second)), hazards=("broadcast",)),
        Sample((Input((0, 3), first), Input((1, 3), second)), hazards=("broadcast",)),
        Sample((Input((257,), first), Input((257,), second))),
        Sample((Input(LARGE, first), Input(LARGE, second)), dtypes=("float32", "int64")),
        Sample((Input(LARGE, first), Input((256,), second)), dtypes=("float32",), hazards=("broadcast",)),
    ]
    found += [Sample((Input((4, 3), first), n), dtypes=(*INTEGERS, *FLOATS), hazards=("number",)) for n in numbers]
    return tuple(found)


def lifted(function: Callable[..., Any]) -> Callable[..., Any]:
    """A reference for which bools and integers first become float32, as they do in ops that give floats."""

    def reference(*operands: Any) -> Any:
        return function(*[_as_float(x) for x in operands])

    return reference


def _as_float(x: Any) -> Any:
    if isinstance(x, np.ndarray) and x.dtype.kind in "biu":
        return x.astype(np.float32).astype(np.float64)
    return x


def vectorized(function: Callable[..., float]) -> Callable[..., Array]:
    """A function of Python floats from ``math``, element by element."""
    return np.vectorize(function, otypes=[np.float64])


def near(
    reference: Callable[..., Any], terms: float = 64, count: int = 1, exact: int = 0, half: float = 2
) -> Oracle | tuple[Oracle, ...]:
    """Within rounding errors of results that are computed all together, of the size of the largest of them.

    Args:
        reference: the row's.
        terms: how many numbers an error is the sum of.
        count: how many results there are.
        exact: how many more results follow that must be exact.
        half: how many roundings to float16 or bfloat16 there may be.
    """

    def largest(place: int) -> Callable[..., Any]:
        def scale(*args: Any, **kwargs: Any) -> Array:
            with np.errstate(all="ignore"):
                found = reference(*args, **kwargs)
            own = np.abs(np.asarray(found[place] if isinstance(found, tuple) else found))
            return np.full(own.shape, own.max(initial=0))

        return scale

    oracles = tuple([bound(terms, largest(i), half) for i in range(count)] + [EXACT] * exact)
    return oracles if len(oracles) > 1 else oracles[0]


def matrix(*shape: int, layout: str | None = None, **options: Any) -> Input:
    """A regular matrix, or a batch of them; a single one never lies so that all of its rows are the same."""
    layout = ("transposed" if shape[-1] % 2 else "strided") if layout is None and len(shape) == 2 else layout
    return Input(shape, REGULAR, layout=layout, **options)
