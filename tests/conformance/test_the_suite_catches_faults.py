"""The tester is tested: backends that are wrong in one way each are caught, and the right one passes."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

import tensorplug as tp
from tensorplug.backend import Kernel
from tensorplug.extend import BackendEntry
from tensorplug_conformance import Result, run
from tensorplug_conformance.runner import PASSED
from tensorplug_numpy.backend import NumpyBackend

Array = np.ndarray[Any, Any]


class Fault(NamedTuple):
    """What is wrong with a backend.

    Attributes:
        kernel: the op whose kernel is wrong.
        spoil: makes the wrong kernel out of the right one.
        op: the op through which users meet it, where that has another name.
    """

    kernel: str
    spoil: Callable[[Kernel], Kernel | None]
    op: str = ""


class FaultyBackend(NumpyBackend):
    """NumPy with at most one fault."""

    device_type = "faulty"

    def __init__(self, fault: Fault | None) -> None:
        super().__init__()
        self.fault = fault

    def kernel(self, name: str, dtype: Any) -> Kernel | None:
        found = super().kernel(name, dtype)
        if self.fault is None or self.fault.kernel != name or found is None:
            return found
        return self.fault.spoil(found)

    def inplace_kernel(self, name: str, dtype: Any) -> Kernel | None:
        return None


def after(change: Callable[..., Array]) -> Callable[[Kernel], Kernel]:
    """Spoil a kernel's result."""
    return lambda kernel: lambda *args: change(kernel(*args))


def instead(function: Callable[..., Any]) -> Callable[[Kernel], Kernel]:
    """Another function in the kernel's place, in the dtype that the kernel's result has."""

    def spoil(kernel: Kernel) -> Kernel:
        def wrong(*args: Any) -> Array:
            with np.errstate(all="ignore"):
                found = np.asarray(function(*args))
            right = kernel(*args)
            return found.astype(right.dtype) if found.shape == right.shape else found

        return wrong

    return spoil


def _other_axis(kernel: Kernel) -> Kernel:
    return lambda x, dims, *rest: kernel(x, tuple(x.ndim - 1 - d for d in dims), *rest)


def _sum_in_half(kernel: Kernel) -> Kernel:
    def wrong(x: Array, dims: Any, keepdim: bool, dtype: Any) -> Array:
        if x.dtype != np.float16 or x.ndim != 1 or not x.size:
            return kernel(x, dims, keepdim, dtype)
        return np.asarray(np.add.accumulate(x)[-1])

    return wrong


def _without_tail(kernel: Kernel) -> Kernel:
    def wrong(*args: Any) -> Array:
        found = kernel(*args)
        flat = found.reshape(-1)
        if flat.size > 256:
            flat[flat.size - flat.size % 256 :] = 0
        return flat.reshape(found.shape)

    return wrong


def _spoiling_its_input(kernel: Kernel) -> Kernel:
    def wrong(x: Array) -> Array:
        found = kernel(x)
        if x.size and x.flags.writeable:
            x.reshape(-1)[:1] = 7
        return found

    return wrong


def _last_of_equals(x: Array, dim: int, keepdim: bool) -> Array:
    return np.asarray(x.shape[dim] - 1 - np.argmax(np.flip(x, dim), axis=dim, keepdims=keepdim))


def _saturating(a: Any, b: Any) -> Array:
    found = np.add(a, b)
    if found.dtype.kind not in "iu":
        return found
    info = np.iinfo(found.dtype)
    return np.clip(np.add(a, b, dtype=object), info.min, info.max).astype(found.dtype)


def _first_of_condition(condition: Array, a: Array, b: Array) -> Array:
    if condition.ndim < max(a.ndim, b.ndim) and condition.size:
        condition = condition.reshape(-1)[:1]
    return np.where(condition, a, b)


def _nan_first(kernel: Kernel) -> Kernel:
    def wrong(x: Array, dim: int, descending: bool, stable: bool) -> tuple[Array, Array]:
        values, order = kernel(x, dim, descending, stable)
        if x.dtype.kind == "f" and x.ndim:
            places = np.argsort(~np.isnan(values), axis=dim, kind="stable")
            values, order = (np.take_along_axis(part, places, dim) for part in (values, order))
        return values, order

    return wrong


def _clipping(kernel: Kernel) -> Kernel:
    return lambda x, index, dim: kernel(x, np.clip(index, 0, (x.shape[dim] if x.ndim else 1) - 1), dim)


def _last_wins(kernel: Kernel) -> Kernel:
    def wrong(x: Array, index: Array, src: Array, dim: int, reduce: Any) -> Array:
        if reduce != "sum" or not index.size or not x.ndim:
            return kernel(x, index, src, dim, reduce)
        before = kernel(x, index, np.zeros_like(src), dim, None) * 0 + x
        taken = np.take_along_axis(
            x[tuple(slice(None) if d == dim else slice(n) for d, n in enumerate(index.shape))], index, dim
        )
        return kernel(before, index, (taken + src[tuple(slice(n) for n in index.shape)]).astype(x.dtype), dim, None)

    return wrong


def _flushing(found: Array) -> Array:
    if found.dtype.kind != "f":
        return found
    tiny = np.abs(found) < np.finfo(found.dtype).smallest_normal
    return np.where(tiny, np.copysign(np.zeros_like(found), found), found)


def _rounding(x: Array, dtype: Any) -> Array:
    return np.rint(x) if x.dtype.kind == "f" and dtype.numpy.kind in "iu" else x.astype(dtype.numpy)


def _logical_shift(a: Array, b: Any) -> Array:
    return (a.view(f"u{a.itemsize}") >> np.asarray(b).astype(f"u{a.itemsize}")).view(a.dtype)


def _imprecise(kernel: Kernel) -> Kernel:
    return lambda *args: (kernel(*args) * np.float64(1 + 2e-6)).astype(kernel(*args).dtype)


def _power(a: Any, b: Any) -> Array:
    return np.where((np.asarray(a) == 0) & (np.asarray(b) == 0), 0, np.power(a, b))


def _next_block(kernel: Kernel) -> Kernel:
    return lambda size, dtype, key, offset, device: kernel(size, dtype, key, offset + 1, device)


FAULTS = {
    "sum along another dim": Fault("sum", _other_axis),
    "float16 summed in float16": Fault("sum", _sum_in_half),
    "NaN dropped by the largest of many": Fault("amax", instead(lambda x, d, k: np.fmax.reduce(x, d, keepdims=k))),
    "NaN dropped by the larger of two": Fault("maximum", instead(np.fmax)),
    "NaN sorted to the front": Fault("sort_dim", _nan_first, "sort"),
    "running sum that leaves out its element": Fault(
        "cumsum", instead(lambda x, d: np.cumsum(x, d) - x if x.ndim else x)
    ),
    "remainder with the sign of the dividend": Fault("remainder", instead(np.fmod)),
    "the last of equal elements": Fault("argmax_dim", lambda kernel: _last_of_equals, "argmax"),
    "minus zero lost": Fault("neg", instead(lambda x: 0 - x)),
    "another dtype": Fault("exp", after(lambda x: x.astype(np.complex128 if x.dtype.kind == "c" else np.float64))),
    "no copy": Fault("clone", lambda kernel: lambda x: x),
    "a view for a copy": Fault("flip", lambda kernel: np.flip),
    "an input that is changed": Fault("exp", _spoiling_its_input),
    "halves rounded up": Fault("rint", instead(lambda x: np.copysign(np.floor(np.abs(x) + 0.5), x)), "round"),
    "integers that saturate": Fault("add", instead(_saturating)),
    "elements past the last full block": Fault("add", _without_tail),
    "a condition of which one element counts": Fault("where", instead(_first_of_condition)),
    "indices out of range that are clipped": Fault("gather", _clipping),
    "repeated places that do not add up": Fault("scatter_src", _last_wins, "scatter_add"),
    "denormals flushed to zero": Fault("mul", after(_flushing)),
    "conversion that rounds": Fault("cast", instead(_rounding)),
    "0 to the power 0": Fault("pow", instead(_power)),
    "logarithm that is coarse near 0": Fault("log1p", instead(lambda x: np.log(1 + x))),
    "tanh off by two in a million": Fault("tanh", _imprecise),
    "a product of matrices off by two in a million": Fault("matmul_batched", _imprecise, "matmul"),
    "shift that fills with zeros": Fault("bitwise_right_shift", instead(_logical_shift)),
    "none of nothing": Fault("all_dims", instead(lambda x, d, k: np.all(x, d, keepdims=k) & bool(x.size)), "all"),
    "random numbers from the next block": Fault("random_uniform", _next_block),
    "infinity that overflows further": Fault("atan2", instead(lambda a, b: np.arctan(np.divide(a, b)))),
    "a primitive without a kernel": Fault("exp", lambda kernel: None),
}


def first_failure(ops: list[str]) -> Result | None:
    """The first thing that the suite finds wrong with the faulty device."""
    return next((result for result in run("faulty", ops) if result.status != PASSED), None)


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_caught(name: str, plug: Callable[..., Any]) -> None:
    fault = FAULTS[name]
    plug("faulty", backends=lambda: [BackendEntry("faulty", lambda: FaultyBackend(fault))])
    found = first_failure([fault.op or fault.kernel])
    assert found is not None
    # The suite says that something is wrong, rather than stumbling over it.
    assert (found.status, found.message) == ("failed", found.message)


def test_backend_without_fault_passes(plug: Callable[..., Any]) -> None:
    plug("faulty", backends=lambda: [BackendEntry("faulty", lambda: FaultyBackend(None))])
    ops = sorted({fault.op or fault.kernel for fault in FAULTS.values()})
    assert [(r.id, r.message) for r in run("faulty", ops, quick=True) if r.status != PASSED] == []


class StrideBlindBackend(FaultyBackend):
    """Shows views as if their elements lay in order."""

    def view(self, array: Array, shape: Any, strides: Any, offset: int) -> Array:
        found = super().view(array, shape, strides, offset)
        return (
            np.ascontiguousarray(array).reshape(-1)[: found.size].reshape(shape) if found.size <= array.size else found
        )


class LossyCopyBackend(FaultyBackend):
    """Writes into contiguous memory only."""

    def copy_into(self, target: Array, source: Array) -> None:
        if target.flags.c_contiguous:
            super().copy_into(target, source)


class WrongInPlaceBackend(FaultyBackend):
    """Right, but for what it writes in place."""

    def inplace_kernel(self, name: str, dtype: Any) -> Kernel | None:
        return (lambda a, b, out: np.multiply(a, b, out=out)) if name == "add" else None


class LosingGapsBackend(FaultyBackend):
    """Writes whole stretches of memory, what lies between the elements included."""

    def copy_into(self, target: Array, source: Array) -> None:
        super().copy_into(target, source)
        if target.ndim == 1 and target.size > 1 and target.strides[0] == 2 * target.itemsize:
            whole = np.lib.stride_tricks.as_strided(target, (2 * target.size - 1,), (target.itemsize,))
            whole[1::2] = 0


@pytest.mark.parametrize(
    ("backend", "op"),
    [
        (StrideBlindBackend, "exp"),
        (LossyCopyBackend, "add"),
        (WrongInPlaceBackend, "add"),
        (LosingGapsBackend, "uniform_"),
    ],
)
def test_wrong_memory_is_caught(backend: Any, op: str, plug: Callable[..., Any]) -> None:
    plug("faulty", backends=lambda: [BackendEntry("faulty", lambda: backend(None))])
    found = first_failure([op])
    assert found is not None
    assert found.status == "failed"


class WithoutDoubles(FaultyBackend):
    """A device that has no float64, as many do not."""

    unsupported_dtypes = frozenset((tp.float64, tp.complex128))


def test_gradients_are_checked_on_a_device_without_float64(plug: Callable[..., Any]) -> None:
    plug("faulty", backends=lambda: [BackendEntry("faulty", lambda: WithoutDoubles(None))])
    results = list(run("faulty", ["tanh", "matmul"], quick=True))
    assert [(r.id, r.message) for r in results if r.status != PASSED] == []
    assert {r.check for r in results} >= {"value", "precision"}
    assert {r.dtype for r in results}.isdisjoint({"float64", "complex128"})


def test_missing_kernel_is_named(plug: Callable[..., Any]) -> None:
    fault = FAULTS["a primitive without a kernel"]
    plug("faulty", backends=lambda: [BackendEntry("faulty", lambda: FaultyBackend(fault))])
    first = next(iter(run("faulty", ["exp"])))
    assert first.status != PASSED
    assert "no kernel for the primitive 'exp'" in first.message
