"""What takes LAPACK or a Fourier transform: NumPy's, through copies on the host; ``tensorplug ops`` says so."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug.dtypes import from_numpy
from tensorplug.xp import fourier, indefinite
from tensorplug.xp.host import factorizations, through_host
from tensorplug_opencl.array import Array
from tensorplug_opencl.kernels.movement import contiguous


def _to_host(x: Array) -> np.ndarray[Any, Any]:
    return x.home.read(contiguous(x))


def _from_host(host: np.ndarray[Any, Any], like: Array) -> Array:
    found = like.home.empty(host.shape, from_numpy(host.dtype))
    like.home.write(found, host)
    return found


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **factorizations(Array, _to_host, _from_host),
    **{
        name: through_host(functools.partial(function, np), Array, _to_host, _from_host)
        for name, function in {**fourier.FUNCTIONS, **indefinite.FUNCTIONS}.items()
    },
}
