"""Softmax and its logarithm, with their gradients, a row at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug_opencl.array import Array
from tensorplug_opencl.kernels.movement import packed_copy
from tensorplug_opencl.rows import RowKernel, Rows, along, run

_TOP = "T top = -INFINITY; EACH(k) top = fmax(top, LOAD1(AT(k))); top = LARGEST(top);"
_POWERS = "T total = 0; EACH(k) total += exp(LOAD1(AT(k)) - top); total = TOTAL(total);"

_SOFTMAX = RowKernel(
    "softmax", f"{_TOP} {_POWERS} const T scale = 1 / total; EACH(k) STORE0(AT(k), exp(LOAD1(AT(k)) - top) * scale);"
)
_LOG_SOFTMAX = RowKernel(
    "log_softmax", f"{_TOP} {_POWERS} const T shift = log(total); EACH(k) STORE0(AT(k), LOAD1(AT(k)) - top - shift);"
)
_SOFTMAX_BACKWARD = RowKernel(
    "softmax_backward",
    "T total = 0; EACH(k) total += LOAD1(AT(k)) * LOAD2(AT(k)); total = TOTAL(total); "
    "EACH(k) STORE0(AT(k), LOAD2(AT(k)) * (LOAD1(AT(k)) - total));",
)
_LOG_SOFTMAX_BACKWARD = RowKernel(
    "log_softmax_backward",
    "T total = 0; EACH(k) total += LOAD1(AT(k)); total = TOTAL(total); "
    "EACH(k) STORE0(AT(k), LOAD1(AT(k)) - exp(LOAD2(AT(k))) * total);",
)


def _kernel(what: RowKernel) -> Callable[..., Array]:
    def kernel(*args: Any) -> Array:
        *arrays, dim = args
        arrays = [packed_copy(x) for x in arrays]
        found: Array = arrays[0].home.empty(arrays[0].shape, arrays[0].dtype)
        rows = along(found.shape, dim) if found.shape else Rows(1, 1, 1)
        run(what, found.dtype, rows, [found, *arrays])
        return found

    return kernel


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "softmax": _kernel(_SOFTMAX), "log_softmax": _kernel(_LOG_SOFTMAX),
    "softmax_backward": _kernel(_SOFTMAX_BACKWARD), "log_softmax_backward": _kernel(_LOG_SOFTMAX_BACKWARD),
}  # fmt: skip
"""For floating-point arrays."""
