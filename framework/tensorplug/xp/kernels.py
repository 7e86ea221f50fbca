"""All kernels of this package bound to one library."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from tensorplug.xp import (
    activation,
    convolution,
    creation,
    elementwise,
    factorization,
    fourier,
    indexing,
    linalg,
    loss,
    movement,
    normalization,
    pooling,
    reduction,
)

Kernel = Callable[..., Any]

FUNCTIONS: dict[str, Callable[..., Any]] = {
    **elementwise.FUNCTIONS,
    **reduction.FUNCTIONS,
    **movement.FUNCTIONS,
    **indexing.FUNCTIONS,
    **linalg.FUNCTIONS,
    **factorization.FUNCTIONS,
    **creation.FUNCTIONS,
    **activation.FUNCTIONS,
    **normalization.FUNCTIONS,
    **loss.FUNCTIONS,
    **convolution.FUNCTIONS,
    **fourier.FUNCTIONS,
    **pooling.FUNCTIONS,
}
"""Op name -> kernel with the library as an additional first argument."""


def bind(xp: Any) -> dict[str, Kernel]:
    """Every kernel with ``xp`` as its library, by op name.

    Example:
        >>> import numpy
        >>> bind(numpy)["add"](numpy.ones(2), 1)
        array([2., 2.])
    """
    bound: dict[str, Kernel] = {name: functools.partial(f, xp) for name, f in FUNCTIONS.items()}
    for name, function in {**elementwise.UNARY, **elementwise.BINARY}.items():
        bound[name] = getattr(xp, function)
    return bound
