"""From an op and its arguments to a kernel and back: the one path that all ops take, and the one seam in it.

Element-wise ops on tensors of one kind (same device and dtype) go through a short path that is specialised on the
number of operands; everything else goes through ``run``. An *interpreter* (profiler, autocast, vmap, tracer) sits on
a per-thread stack and sees every op before it runs; while there is none, the seam costs one attribute check.
"""

from __future__ import annotations

import functools
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from tensorplug import registry
from tensorplug.autograd.grad_mode import extras, state
from tensorplug.autograd.recording import record
from tensorplug.base import TRACKED, VIEW, Storage, TensorBase, alias, factory, wrap
from tensorplug.config import config
from tensorplug.device import Device
from tensorplug.dtypes import (
    DType,
)
from tensorplug.errors import unsupported_op
from tensorplug.op import VIEW as VIEW_OP
from tensorplug.op import Op
from tensorplug.registry import Kind, kind_of
from tensorplug.shapes import Shape

Plan = tuple[tuple[Any, ...], tuple[Any, ...], Any, Any]
"""What the body of a primitive or fused op returns: inputs, params, the shape and dtype of each result."""

ViewPlan = tuple[Any, tuple[Any, ...], Shape, Shape, int]
"""What the body of a view op returns: input, params, and shape, strides and offset of the result."""


Interpreter = Callable[[Op, tuple[Any, ...], tuple[Any, ...], Any, Any, Device | None], Any]


fallback_counts: Counter[tuple[str, str]] = Counter()
"""(op, device type) -> how often the op ran on ``config.fallback`` instead."""


class _Seam:
    """Whether any thread has interpreters; ``active`` is what the short paths look at."""

    __slots__ = ("active", "lock", "observers")

    def __init__(self) -> None:
        self.active = 0
        self.lock = threading.Lock()
        self.observers: tuple[Any, ...] = ()


seam = _Seam()
_new = object.__new__


# ------------------------------------------------------------------------------------------------- interpreters


def push_interpreter(interpreter: Interpreter) -> None:
    """Let ``interpreter`` see every op of this thread until it is popped; it runs an op on with ``execute``."""
    state.interpreters = (*state.interpreters, interpreter)
    with seam.lock:
        seam.active += 1


def pop_interpreter() -> None:
    """Take the newest interpreter of this thread away.

    Raises:
        RuntimeError: there is none.
    """
    if not state.interpreters:
        raise RuntimeError("there is no interpreter on this thread to take away")
    state.interpreters = state.interpreters[:-1]
    with seam.lock:
        seam.active -= 1


def around(op: Op, call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Make a whole call of an op that has a precision policy, as the newest interpreter with a say wants it.

    Such an interpreter has a method ``around(op, call, args, kwargs)``, which sees the arguments as the caller gave
    them and returns ``NotImplemented`` where they are none of its business. What it calls runs without it.
    """
    stack = state.interpreters
    having_say = [i for i in stack if hasattr(i, "around")]
    if having_say:
        state.interpreters = tuple(i for i in stack if not hasattr(i, "around"))
        try:
            for interpreter in reversed(having_say):
                found = interpreter.around(op, call, args, kwargs)
                if found is not NotImplemented:
                    return found
        finally:
            state.interpreters = stack
    return call(*args, **kwargs)


def _load_observers() -> None:
    found = tuple(o for group in registry.hooks().tensorplug_observers() for o in group or ())
    with seam.lock:
        seam.active += bool(found) - bool(seam.observers)
        seam.observers = found


registry.on_change(_load_observers)


# ------------------------------------------------------------------------------------------------- general path


def run(
    op: Op, inputs: tuple[Any, ...], params: tuple[Any, ...], shape: Any, dtype: Any, device: Device | None = None
) -> Any:
    """Run a planned op: through the newest interpreter if there is one, otherwise ``execute``."""
    if seam.active:
        stack = state.interpreters
        if stack:
            state.interpreters = stack[:-1]
            try:
                return stack[-1](op, inputs, params, shape, dtype, device)
            finally:
                state.interpreters = stack
        if seam.observers:
            return _observed(op, inputs, params, shape, dtype, device)
    return execute(op, inputs, params, shape, dtype, device)


def _observed(op: Op, inputs: Any, params: Any, shape: Any, dtype: Any, device: Device | None) -> Any:
    call: Callable[[], Any] = functools.partial(execute, op, inputs, params, shape, dtype, device)
    for observer in reversed(seam.observers):
        call = functools.partial(observer, op.name, inputs, call)
    return call()


def execute(
    op: Op, inputs: tuple[Any, ...], params: tuple[Any, ...], shape: Any, dtype: Any, device: Device | None = None
) -> Any:
    """Run a planned op on its device's kernel, or its default, and record it.

    Args:
        inputs: tensors of one device, Python numbers, None, or a last tuple of tensors (variadic ops).
        params: what the kernel gets after the arrays.
        shape, dtype: of the result; tuples of them where there are several results. A shape that depends on the data
            is None.
        device: where an op without tensor inputs runs.
    """
    tracked = 0
    kind: Kind | None = None
    arrays: list[Any] = []
    for value in inputs:
        if isinstance(value, TensorBase):
            own = value._kind
            if kind is None:
                kind = own
            elif own is not kind and own.device is not kind.device:
                raise different_devices(op.name, inputs)
            if value._tracked:
                tracked = 1
            arrays.append(value._array)
        elif value.__class__ is tuple:
            kind, group_tracked = _check_group(op, value, kind)
            tracked = tracked or group_tracked
            arrays.append(tuple([None if v is None else v._array for v in value]))
        else:
            arrays.append(value)
    if kind is None:
        kind = kind_of(device, dtype if isinstance(dtype, DType) else dtype[0])  # type: ignore[arg-type]
    kernel = kind.kernels[op.name]
    if kernel is None:
        return _without_kernel(op, inputs, params, shape, dtype, kind)
    return _results(op, inputs, params, kernel(*arrays, *params), shape, dtype, kind, tracked)


def _check_group(op: Op, group: tuple[Any, ...], kind: Kind | None) -> tuple[Kind | None, int]:
    tracked = 0
    for value in group:
        if value is None:
            continue
        if kind is None:
            kind = value._kind
        elif value._kind.device is not kind.device:
            raise different_devices(op.name, group)
        tracked = tracked or value._tracked
    return kind, tracked


def _results(op: Op, inputs: Any, params: Any, out: Any, shape: Any, dtype: Any, kind: Kind, tracked: int) -> Any:
    if op.single:
        if dtype is not kind.dtype:
            kind = kind_of(kind.device, dtype)
        result = wrap(out, kind, kind.backend.shape(out) if shape is None else shape)
        if tracked and op.differentiable:
            record(op, inputs, params, (result,))
        return result
    results = tuple(
        [None if a is None else wrap(a, kind.with_dtype(d), s) for a, s, d in zip(out, shape, dtype, strict=True)]
    )
    if tracked and op.differentiable:
        record(op, inputs, params, results)
    return results


def _without_kernel(op: Op, inputs: Any, params: Any, shape: Any, dtype: Any, kind: Kind) -> Any:
    if op.kind == VIEW_OP:  # from an interpreter; in the place of a dtype there are strides and offset
        return make_view(op, inputs[0], params, shape, *dtype)
    if kind.backend.abstract:
        return _abstract(op, inputs, params, shape, dtype, kind)
    if op.default_body is not None:
        return _decompose(op, inputs, params)
    if config.fallback is not None and config.fallback != kind.device.type:
        return _fall_back(op, inputs, params, shape, dtype, kind)
    raise unsupported_op(op.name, kind.device, kind.dtype)


def _abstract(op: Op, inputs: Any, params: Any, shape: Any, dtype: Any, kind: Kind) -> Any:
    if shape is None:
        raise NotImplementedError(
            f"{op.name}: the shape of its result depends on the data, which tensors on '{kind.device}' do not have"
        )
    empty = kind.backend.empty
    if len(op.outputs) == 1:
        out = empty(shape, dtype, kind.device)
    else:
        out = tuple(None if s is None else empty(s, d, kind.device) for s, d in zip(shape, dtype, strict=True))
    return _results(op, inputs, params, out, shape, dtype, kind, TRACKED)


def _decompose(op: Op, inputs: Any, params: Any) -> Any:
    body = op.default_body
    assert body is not None
    # The op is one node whatever computed it, or none without a gradient rule, so its parts are not recorded.
    before = state._grad
    state.grad = False
    try:
        found = body(*inputs, *params)
    finally:
        state.grad = before
    results = found if isinstance(found, tuple) else (found,)
    if any(r is i for r in results if r is not None for i in inputs):
        results = tuple(None if r is None else alias(r) for r in results)
    record(op, inputs, params, results)
    return results if isinstance(found, tuple) else results[0]


def _fall_back(op: Op, inputs: Any, params: Any, shape: Any, dtype: Any, kind: Kind) -> Any:
    fallback_counts[op.name, kind.device.type] += 1
    target = registry.resolve(str(config.fallback))
    moved = tuple(_moved(v, target) for v in inputs)
    moved_params = tuple(target if p is kind.device else p for p in params)
    found = execute(op, moved, moved_params, shape, dtype, target)
    if isinstance(found, tuple):
        return tuple(r.to(kind.device) for r in found)
    return found.to(kind.device)


def _moved(value: Any, device: Device) -> Any:
    if isinstance(value, TensorBase):
        return value.to(device)  # type: ignore[attr-defined]
    return tuple(_moved(v, device) for v in value) if value.__class__ is tuple else value


def different_devices(name: str, values: Sequence[Any]) -> RuntimeError:
    """The error for tensors of two devices in one op."""
    devices = sorted({str(v._kind.device) for v in tensors_in(values)})
    return RuntimeError(
        f"{name}: Expected all tensors to be on the same device, but found at least two devices, "
        f"{' and '.join(devices)}! Move one of them with .to(device)."
    )


def tensors_in(values: Sequence[Any]) -> list[Any]:
    found = []
    for value in values:
        if isinstance(value, TensorBase):
            found.append(value)
        elif value.__class__ is tuple:
            found.extend(tensors_in(value))
    return found


def show(op: Op, input: Any, params: tuple[Any, ...], shape: Shape, strides: Shape, offset: int) -> Any:
    """Run a planned view: through the newest interpreter if there is one, otherwise ``make_view``."""
    if seam.active:
        stack = state.interpreters
        if stack:
            state.interpreters = stack[:-1]
            try:
                return stack[-1](op, (input,), params, shape, (strides, offset), None)
            finally:
                state.interpreters = stack
    return make_view(op, input, params, shape, strides, offset)


def make_view(op: Op, input: Any, params: tuple[Any, ...], shape: Shape, strides: Shape, offset: int) -> Any:
    """A tensor over the input's memory, recorded as ``op``."""
    storage = input._storage
    if storage is None:
        storage = input._storage = Storage(input._array)
    kind = input._kind
    result = _new(factory.cls)
    result._array = kind.backend.view(storage.array, shape, strides, offset)
    result._kind = kind
    result._shape = shape
    result._storage = storage
    result._strides = strides
    result._offset = offset
    if input._tracked:
        record(op, (input,), params, (result,))
    result._tracked = VIEW
    base = input._base
    result._base = input if base is None else base
    result._node_version = storage.version
    if extras.recording_off and not state._grad:
        result._view_of_no_grad = True
    if input._inference:
        result._inference = True
    return result
