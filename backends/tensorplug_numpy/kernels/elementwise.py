"""Element-wise kernels that are one ufunc: direct for small arrays, pooled memory and threads for large ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug.xp.elementwise import BINARY, PREDICATES, UNARY
from tensorplug_numpy import memory, parallel
from tensorplug_numpy.quiet import is_quiet, quiet_thread, run_quietly

Kernel = Callable[..., Any]

_LARGE = 1 << 16
"""Elements from which pooled memory and threads can pay."""

_ndarray = np.ndarray
_BOOL = np.dtype(bool)


def kernels() -> dict[str, Kernel]:
    """Op name -> kernel."""
    found = {name: _unary(getattr(np, ufunc), name in PREDICATES) for name, ufunc in UNARY.items()}
    found.update({name: _binary(getattr(np, ufunc), name in PREDICATES) for name, ufunc in BINARY.items()})
    return found


def inplace_kernels() -> dict[str, Kernel]:
    """Op name -> kernel that writes into its last argument."""
    names = {**UNARY, **BINARY}
    return {name: _inplace(getattr(np, ufunc)) for name, ufunc in names.items() if name not in PREDICATES}


# ``out=...`` keeps NumPy from turning results without dims into scalars.


def _unary(ufunc: Any, predicate: bool) -> Kernel:
    # abs of complex numbers is real; the few dtypes for which that matters take the direct way.
    dtype = _BOOL if predicate else None

    def kernel(x: Any) -> Any:
        if x.size < _LARGE or x.dtype.kind == "c":
            return ufunc(x, out=...) if is_quiet() else quiet_thread.run(ufunc, x, out=...)
        return _large(ufunc, dtype, x)

    return kernel


def _binary(ufunc: Any, predicate: bool) -> Kernel:
    dtype = _BOOL if predicate else None

    def kernel(a: Any, b: Any) -> Any:
        if a.__class__ is _ndarray and a.size < _LARGE:
            return ufunc(a, b, out=...) if is_quiet() else quiet_thread.run(ufunc, a, b, out=...)
        return _large(ufunc, dtype, a, b)

    return kernel


def _large(ufunc: Any, dtype: Any, *operands: Any) -> Any:
    arrays = [x for x in operands if x.__class__ is _ndarray]
    if not all(x.flags.c_contiguous for x in arrays):
        return run_quietly(_direct, ufunc, *operands)
    shape = arrays[0].shape if len(arrays) == 1 or arrays[0].shape == arrays[1].shape else np.broadcast(*arrays).shape
    out = memory.empty(shape, arrays[0].dtype if dtype is None else dtype)
    return parallel.elementwise(ufunc, out, *operands)


def _direct(ufunc: Any, *operands: Any) -> Any:
    return ufunc(*operands, out=...)


def _inplace(ufunc: Any) -> Kernel:
    def kernel(*operands: Any) -> Any:
        *inputs, out = operands
        return parallel.elementwise(ufunc, out, *inputs)

    return kernel
