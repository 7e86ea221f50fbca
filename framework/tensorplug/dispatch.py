"""From an op and its arguments to a kernel and back: the one path that all ops take, and the one seam in it.

Element-wise ops on tensors of one kind (same device and dtype) go through a short path that is specialised on the
number of operands; everything else goes through ``run``. An *interpreter* (profiler, autocast, vmap, tracer) sits on
a per-thread stack and sees every op before it runs; while there is none, the seam costs one attribute check.
"""

from __future__ import annotations

import functools
import math
import threading
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tensorplug import registry
from tensorplug.arguments import answer
from tensorplug.autograd.grad_mode import extras, no_grad, state
from tensorplug.autograd.recording import rebase_history, record, record_binary, record_unary
from tensorplug.base import TRACKED, VIEW, Storage, TensorBase, alias, bump_version, factory, storage_of, wrap
from tensorplug.config import config
from tensorplug.device import Device
from tensorplug.dtypes import (
    BOOL,
    COMPLEX,
    FLOAT,
    INTEGER,
    DType,
    can_cast,
    get_default_dtype,
    promote_types,
    scalar_dtype,
)
from tensorplug.errors import unsupported_op
from tensorplug.op import VIEW as VIEW_OP
from tensorplug.op import Op
from tensorplug.precision import POLICIES
from tensorplug.registry import Kind, kind_of
from tensorplug.shapes import Shape, broadcast_pair

Plan = tuple[tuple[Any, ...], tuple[Any, ...], Any, Any]
"""What the body of a primitive or fused op returns: inputs, params, the shape and dtype of each result."""

ViewPlan = tuple[Any, tuple[Any, ...], Shape, Shape, int]
"""What the body of a view op returns: input, params, and shape, strides and offset of the result."""

Promotion = Callable[[str, DType], tuple[DType, DType]]
"""From op name and common dtype of the operands to the dtype to compute in and the dtype of the result."""

Interpreter = Callable[[Op, tuple[Any, ...], tuple[Any, ...], Any, Any, Device | None], Any]

NUMBERS = (int, float, complex)  # bool is an int
_OVERLAPPING = (
    "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
    "Please clone() the tensor before performing the operation."
)

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
    if not op.differentiable:
        return body(*inputs, *params)
    # The op is one node whatever computed it, so its parts are not recorded.
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
    devices = sorted({str(v._kind.device) for v in _tensors(values)})
    return RuntimeError(
        f"{name}: Expected all tensors to be on the same device, but found at least two devices, "
        f"{' and '.join(devices)}! Move one of them with .to(device)."
    )


def _tensors(values: Sequence[Any]) -> list[Any]:
    found = []
    for value in values:
        if isinstance(value, TensorBase):
            found.append(value)
        elif value.__class__ is tuple:
            found.extend(_tensors(value))
    return found


# ------------------------------------------------------------------------------------------------- promotion


def result_type(*values: Any) -> DType:
    """The dtype that tensors and Python numbers promote to together.

    Tensors with dims outweigh 0-d tensors, and those outweigh numbers, unless the lighter one is of a higher category
    (bool, integer, float, complex).

    Example:
        >>> import tensorplug as tp
        >>> tp.result_type(tp.ones(2, dtype=tp.int32), 1.5)
        tensorplug.float32
    """
    dims: DType | None = None
    scalars: DType | None = None
    numbers: DType | None = None
    for value in values:
        if isinstance(value, TensorBase):
            dtype = value._kind.dtype
            if value._shape:
                dims = dtype if dims is None else promote_types(dims, dtype)
            else:
                scalars = dtype if scalars is None else promote_types(scalars, dtype)
        elif value is not None:
            dtype = scalar_dtype(value, get_default_dtype())
            numbers = dtype if numbers is None else promote_types(numbers, dtype)
    return _heavier(_heavier(dims, scalars), numbers)  # type: ignore[return-value]


def _heavier(high: DType | None, low: DType | None) -> DType | None:
    if high is None or low is None:
        return high or low
    if low.category <= high.category:
        return high
    # Complex numbers take the precision of the heavier floating-point ones.
    return high.to_complex() if high.category == FLOAT else low


def operands(name: str, promotion: Promotion, values: Sequence[Any]) -> tuple[list[Any], DType, Shape, Device]:
    """Check and convert the operands of an element-wise op.

    Returns:
        The operands in the dtype to compute in (numbers stay numbers), the result's dtype and shape, the device.
    """
    tensors = _tensors(values)
    if not tensors:
        raise TypeError(f"{name}(): expected a Tensor, got {', '.join(type(v).__name__ for v in values)}")
    values = [v.item() if isinstance(v, np.generic) else v for v in values]
    for position, value in enumerate(values):
        if not isinstance(value, TensorBase | int | float | complex):
            raise TypeError(f"{name}(): argument {position + 1} must be Tensor or Number, not {type(value).__name__}")
    device = common_device(name, tensors)
    compute, dtype = promotion(name, result_type(*values))
    shape: Shape = ()
    for tensor in tensors:
        shape = broadcast_pair(shape, tensor._shape) if shape else tensor._shape
    converted = [_operand(v, compute, device) for v in values]
    return converted, dtype, shape, device


def common_device(name: str, tensors: Sequence[Any]) -> Device:
    """The device of all tensors; 0-d ones on the CPU go along with any other."""
    device: Device = tensors[0]._kind.device
    for tensor in tensors[1:]:
        other = tensor._kind.device
        if other is device or (other.type == "cpu" and not tensor._shape):
            continue
        if device.type == "cpu" and all(not t._shape for t in tensors if t._kind.device is device):
            device = other
            continue
        raise different_devices(name, tensors)
    return device


def _operand(value: Any, dtype: DType, device: Device) -> Any:
    if isinstance(value, TensorBase):
        if value._kind.dtype is dtype and value._kind.device is device:
            return value
        return value.to(device=device, dtype=dtype)  # type: ignore[attr-defined]
    return python_number(value, dtype)


def python_number(value: Any, dtype: DType) -> Any:
    """A Python number as an element of ``dtype`` would hold it; integers wrap."""
    category = dtype.category
    if category == FLOAT:
        return float(value.real if isinstance(value, complex) else value)
    if category == INTEGER:
        bits = 8 * dtype.itemsize
        whole = int(value) & ((1 << bits) - 1)
        return whole - (1 << bits) if dtype.is_signed and whole >> (bits - 1) else whole
    return bool(value) if category == BOOL else complex(value)


def fitting_number(value: Any, dtype: DType) -> Any:
    """A Python number as an element of ``dtype``, which must be able to hold it but for rounding.

    Unsigned integers hold negative numbers as C does.

    Raises:
        RuntimeError: too large, not finite, or complex.
    """
    category = dtype.category
    if isinstance(value, complex) and category != COMPLEX and category != BOOL:
        if value.imag:
            raise _does_not_fit(value, dtype)
        value = value.real
    if category == INTEGER:
        bits = 8 * dtype.itemsize
        low, high = (-1 << bits - 1, 1 << bits - 1) if dtype.is_signed else (-1 << bits, 1 << bits)
        if not math.isfinite(value) or not low <= int(value) < high:
            raise _does_not_fit(value, dtype)
    elif category == FLOAT and math.isfinite(value) and abs(value) > dtype.max:
        raise _does_not_fit(value, dtype)
    return python_number(value, dtype)


def _does_not_fit(value: Any, dtype: DType) -> RuntimeError:
    return RuntimeError(f"value cannot be converted to type {dtype} without overflow: {value}")


# ------------------------------------------------------------------------------------------------- callers


def _refresh(cache: dict[Any, Any]) -> None:
    registry.on_change(cache.clear)


def _entry(op: Op, kernel: Any, kind: Kind) -> tuple[Any, Kind, bool]:
    """What the short paths keep: the kernel, the result's kind, and whether such results are recorded."""
    return kernel, kind, op.differentiable and kind.dtype.is_differentiable


def unary_caller(op: Op) -> Callable[..., Any]:
    """The function behind an element-wise op of one operand."""
    cache: dict[Kind, tuple[Any, Kind, bool]] = {}
    _refresh(cache)
    promotion: Promotion = op.promotion
    has_policy = op.name in POLICIES

    def call(input: Any) -> Any:
        try:
            kernel, kind, recorded = cache[input._kind]
        except (KeyError, AttributeError):
            return around(op, first, (input,), {}) if has_policy and seam.active else first(input)
        if seam.active:
            if has_policy:
                return around(op, first, (input,), {})
            return run(op, (input,), (), input._shape, kind.dtype)
        result = _new(factory.cls)
        result._array = kernel(input._array)
        result._kind = kind
        result._shape = input._shape
        result._tracked = 0
        if extras.inference and state.inference:
            result._inference = True
        if recorded and input._tracked:
            record_unary(op, input, (), result)
        return result

    def first(input: Any) -> Any:
        (converted,), dtype, shape, _ = operands(op.name, promotion, (input,))
        if converted is input:
            kernel = input._kind.kernels[op.name]
            if kernel is not None:
                cache[input._kind] = _entry(op, kernel, input._kind.with_dtype(dtype))
        return run(op, (converted,), (), shape, dtype)

    return named(call, op)


def binary_caller(op: Op, gives_way: bool = False) -> Callable[..., Any]:
    """The function behind an element-wise op of two operands, either of which may be a Python number.

    Args:
        gives_way: answer operands of other types with ``NotImplemented``, as Python operators must.
    """
    cache: dict[Any, tuple[Any, Kind, bool]] = {}
    scalar_cache: dict[Any, tuple[Any, Kind, bool]] = {}
    _refresh(cache)
    _refresh(scalar_cache)
    promotion: Promotion = op.promotion
    has_policy = op.name in POLICIES

    def call(input: Any, other: Any) -> Any:
        try:
            kind = input._kind
            if kind is not other._kind:
                return general(input, other)
            kernel, kind, recorded = cache[kind]
            array = other._array
            shape = input._shape
            if shape != other._shape:
                shape = broadcast_pair(shape, other._shape)
            tracked = recorded and (input._tracked or other._tracked)
        except KeyError:
            return general(input, other)
        except AttributeError:
            if other.__class__ is not float and other.__class__ is not int:
                return general(input, other)
            entry = scalar_cache.get(getattr(input, "_kind", None))
            if entry is None:
                return general(input, other)
            kernel, kind, recorded = entry
            array = other
            shape = input._shape
            tracked = recorded and input._tracked
        if seam.active:
            if has_policy:
                return around(op, promoted, (input, other), {})
            return run(op, (input, other), (), shape, kind.dtype)
        result = _new(factory.cls)
        result._array = kernel(input._array, array)
        result._kind = kind
        result._shape = shape
        result._tracked = 0
        if extras.inference and state.inference:
            result._inference = True
        if tracked:
            if array is other:
                record_unary(op, input, (other,), result)
            else:
                record_binary(op, input, other, result)
        return result

    def general(input: Any, other: Any) -> Any:
        if gives_way and not isinstance(other, TensorBase | int | float | complex | np.generic):
            return NotImplemented
        if has_policy and seam.active:
            return around(op, promoted, (input, other), {})
        return promoted(input, other)

    def promoted(input: Any, other: Any) -> Any:
        (a, b), dtype, shape, _ = operands(op.name, promotion, (input, other))
        if a is input and isinstance(input, TensorBase):
            kind = input._kind
            kernel = kind.kernels[op.name]
            if kernel is not None and b is other and isinstance(other, TensorBase):
                cache[kind] = _entry(op, kernel, kind.with_dtype(dtype))
            elif kernel is not None and kind.dtype.is_floating_point and not isinstance(other, TensorBase):
                scalar_cache[kind] = _entry(op, kernel, kind.with_dtype(dtype))
        return run(op, (a, b), (), shape, dtype)

    return named(call, op)


def plan_caller(op: Op, ask: bool = True) -> Callable[..., Any]:
    """The function behind an op whose body makes a plan (or, where nothing has to run, returns the result).

    Args:
        ask: let interpreters have their say where the op has a precision policy.
    """
    body = op.body
    unasked = plan_caller(op, ask=False) if ask and op.name in POLICIES else None

    def call(*args: Any, **kwargs: Any) -> Any:
        if unasked is not None and seam.active:
            return around(op, unasked, args, kwargs)
        try:
            plan = body(*args, **kwargs)
        except Exception as error:
            return answer(op, call, error, args, kwargs)
        if plan.__class__ is not tuple:
            return plan
        return run(op, *plan) if seam.active else execute(op, *plan)

    return named(call, op)


def composite_caller(op: Op) -> Callable[..., Any]:
    """The function behind a composite: its body, and whoever has a say where it has a precision policy."""
    body = op.body
    has_policy = op.name in POLICIES

    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            if has_policy and seam.active:
                return around(op, body, args, kwargs)
            return body(*args, **kwargs)
        except Exception as error:
            return answer(op, call, error, args, kwargs)

    return named(call, op)


def view_caller(op: Op) -> Callable[..., Any]:
    """The function behind an op whose body gives geometry: input, params, shape, strides, offset."""
    body = op.body

    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            plan = body(*args, **kwargs)
        except Exception as error:
            return answer(op, call, error, args, kwargs)
        if plan.__class__ is not tuple:
            return plan
        return show(op, *plan)

    return named(call, op)


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


def named(call: Callable[..., Any], op: Op) -> Callable[..., Any]:
    """Give ``call`` the name, signature and docstring of the op."""
    call.__name__ = call.__qualname__ = op.name
    call.__doc__ = op.body.__doc__
    call.__module__ = op.body.__module__
    call.__wrapped__ = op.body  # type: ignore[attr-defined]  # where inspect finds the signature
    return call


# ------------------------------------------------------------------------------------------------- in place, out=


def inplace_caller(op: Op) -> Callable[..., Any]:
    """The function behind ``op_``: computes the op and writes the result over the first operand."""
    if op.kind == VIEW_OP:
        return _inplace_view_caller(op)
    name = op.name + "_"
    elementwise = op.promotion is not None and len(op.inputs) == 2
    kernels: dict[Kind, Any] = {}
    _refresh(kernels)

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if elementwise and not kwargs and len(args) == 1 and _overwrite_alike(op, kernels, self, args[0]):
            return self
        check_inplace(self, name)
        if seam.active and any(map(_is_transformed, (self, *args))):
            before = _old_values(self, args)
            return write_back(self, op.call(before, *[before if a is self else a for a in args], **kwargs), name)
        if not (state.grad and (self._tracked or any(isinstance(a, TensorBase) and a._tracked for a in args))):
            with no_grad():
                return _overwrite(op, self, args, kwargs)
        before = graph_alias(self)
        result = op.call(before, *[before if a is self else a for a in args], **kwargs)
        _keep_old_values(result._node, before)
        return write_back(self, result, name)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"In-place version of `{op.name}`: the result overwrites ``self``, which is returned."
    call.__wrapped__ = op.body  # type: ignore[attr-defined]
    return call


def _is_transformed(value: Any) -> bool:
    """Whether a level of a transform has something to do with a tensor: it batches it, or has a tangent for it."""
    if not isinstance(value, TensorBase):
        return False
    storage = value._storage
    return bool(value._layer or value._tangents) or (storage is not None and bool(storage.tangents))


def _old_values(tensor: Any, others: Sequence[Any]) -> Any:
    """What a change in place is computed from: a copy if anything of it may be saved, below what transforms show."""
    if not state.grad:
        return tensor
    for value in (tensor, *others):
        while isinstance(value, TensorBase):
            if value._tracked:
                return tensor.clone()
            value = value._value if value._layer else None  # type: ignore[attr-defined]
    return tensor


def _keeping_kernel(op: Op, kind: Kind) -> Any:
    """The kernel that overwrites an operand of ``kind``, if the op gives results of that kind."""
    try:
        keeps = op.promotion(op.name, kind.dtype) == (kind.dtype, kind.dtype)
    except RuntimeError:
        return None
    return kind.inplace_kernels[op.name] if keeps else None


def _overwrite_alike(op: Op, kernels: dict[Kind, Any], self: Any, other: Any) -> bool:
    """The short path in place: operands of one kind and shape (or a number), nothing to record. False: not taken."""
    if seam.active:
        return False
    try:
        kind = self._kind
        if self._tracked and not (extras.recording_off and not state._grad):
            return False
        if other.__class__ is float or other.__class__ is int:
            if not kind.dtype.is_floating_point:
                return False
            array = other
        elif other._kind is kind and other._shape == self._shape and not other._tracked:
            array = other._array
        else:
            return False
    except AttributeError:
        return False
    strides = self._strides
    if (strides is not None and 0 in strides) or (extras.active and self._inference) or self._stands_for is not None:
        return False
    if kind not in kernels:
        kernels[kind] = _keeping_kernel(op, kind)
    kernel = kernels[kind]
    if kernel is None:
        return False
    kernel(self._array, array, self._array)
    storage = self._storage
    if storage is None:
        storage = self._storage = Storage(self._array)
    storage.version += 1
    return True


def _inplace_view_caller(op: Op) -> Callable[..., Any]:
    """In place, an op that shows memory otherwise changes what the tensor itself shows."""
    name = op.name + "_"

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        check_inplace(self, name)
        if self._layer:
            self.__dict__.update(op.call(self, *args, **kwargs).__dict__)
            return self
        seen = op.call(graph_alias(self), *args, **kwargs)
        self._array, self._shape = seen._array, seen._shape
        self._strides, self._offset = seen._strides, seen._offset
        self._tangents = seen._tangents
        bump_version(self)
        if seen._requires_grad:
            rebase_history(self, seen)
        return self

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"In-place version of `{op.name}`: ``self`` shows its memory in the new way."
    call.__wrapped__ = op.body  # type: ignore[attr-defined]
    return call


def _overwrite(op: Op, self: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """In place without recording; straight into the memory where the backend has a kernel for that."""
    kernel = None
    if op.promotion is not None and not kwargs and not seam.active:
        kernel = self._kind.inplace_kernels[op.name]
    if kernel is None:
        return write_back(self, op.call(self, *args, **kwargs), op.name + "_")
    values, dtype, shape, _ = operands(op.name, op.promotion, (self, *args))
    if dtype is not self._kind.dtype or shape != self._shape or values[0] is not self:
        return write_back(self, op.call(self, *args), op.name + "_")
    kernel(*[v._array if isinstance(v, TensorBase) else v for v in values], self._array)
    bump_version(self)
    return self


def _keep_old_values(node: Any, before: Any) -> None:
    """Where a node saved the operand that is about to be overwritten, let it have a copy of the old values."""
    inputs = getattr(node, "inputs", ())
    if before._kind.backend.abstract or not any(value is before for value in inputs):
        return
    kept = wrap(before._kind.kernels["clone"](before._array), before._kind, before._shape)
    kept._requires_grad, kept._node, kept._output_nr = before._requires_grad, before._node, before._output_nr
    kept._tracked = int(before._requires_grad)
    node.inputs = tuple(kept if value is before else value for value in inputs)
    node.versions = tuple(0 if value is before else n for value, n in zip(inputs, node.versions))


def graph_alias(tensor: Any) -> Any:
    """Another object with the tensor's memory and place in the graph, so that a node saving it makes no cycle."""
    other = alias(tensor)
    other._requires_grad = tensor._requires_grad
    other._tracked = tensor._tracked
    other._node = tensor._node
    other._output_nr = tensor._output_nr
    other._base = tensor._base
    other._node_version = tensor._node_version
    other._tangents = tensor._tangents
    return other


def check_inplace(tensor: Any, name: str) -> None:
    """Refuse a change in place that would make gradients wrong or has no meaning.

    Raises:
        RuntimeError: a leaf that requires grad (or a view of one) in grad mode, elements sharing memory, a tensor made
            in inference mode.
        TypeError: not a tensor.
    """
    if not isinstance(tensor, TensorBase):
        raise TypeError(f"{name}(): argument 'self' must be Tensor, not {type(tensor).__name__}")
    if state.grad and tensor._tracked:
        if tensor._requires_grad and tensor._node is None:
            raise RuntimeError(f"{name}: a leaf Variable that requires grad is being used in an in-place operation.")
        base = tensor._base
        if base is not None and base._requires_grad:
            if base._node is None:
                raise RuntimeError(
                    f"{name}: a view of a leaf Variable that requires grad is being used in an in-place operation."
                )
            if tensor._view_of_no_grad:
                raise RuntimeError(
                    f"{name}: A view was created in no_grad mode and is being modified inplace with grad mode enabled. "
                    "Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code "
                    "by moving both the view and the inplace either both inside the no_grad block (if you don't want "
                    "the inplace to be tracked) or both outside (if you want the inplace to be tracked)."
                )
    if tensor._stands_for is not None:
        raise RuntimeError(
            f"{name}: the change would be lost: '{tensor._stands_for}' gave new values and not a view, since its "
            f"tensor is recorded for gradients or '{tensor._kind.device}' has no such views. Detach the tensor first, "
            "or build a new one with tensorplug.complex."
        )
    if tensor._inference and not state.inference:
        raise RuntimeError(
            f"{name}: Inplace update to inference tensor outside InferenceMode is not allowed. You can make a clone to "
            "get a normal tensor before doing inplace update."
        )
    if tensor._strides is not None and 0 in tensor._strides and _shows_elements_twice(tensor):
        raise RuntimeError(f"{name}: {_OVERLAPPING}")


def _shows_elements_twice(tensor: Any) -> bool:
    shape: Shape = tensor._shape
    return 0 not in shape and any(s == 0 and n > 1 for s, n in zip(tensor._strides, shape, strict=True))


def write_back(target: Any, result: Any, name: str) -> Any:
    """Overwrite ``target`` (already checked) with ``result``: values, version and history."""
    if seam.active and overwritten(target, result, name):
        return target
    if result._shape != target._shape:
        raise RuntimeError(
            f"{name}: output with shape {list(target._shape)} doesn't match the broadcast shape {list(result._shape)}"
        )
    if result._kind is not target._kind:
        if not can_cast(result._kind.dtype, target._kind.dtype):
            raise RuntimeError(
                f"{name}: result type {result._kind.dtype.legacy_name} can't be cast to the desired output type "
                f"{target._kind.dtype.legacy_name}"
            )
        result = result.to(dtype=target._kind.dtype)
    storage_of(target)
    target._kind.backend.copy_into(target._array, result._array)
    bump_version(target)
    if state.grad and (result._requires_grad or target._tracked):
        rebase_history(target, result)
    return target


def overwritten(target: Any, result: Any, name: str) -> bool:
    """Let the interpreters that have a say in changes in place do their part; whether the change has been made.

    Such an interpreter has a method ``overwrite(target, result, name)``, which runs without it and those above it.
    """
    stack = state.interpreters
    try:
        while state.interpreters:
            interpreter = state.interpreters[-1]
            state.interpreters = state.interpreters[:-1]
            overwrite = getattr(interpreter, "overwrite", None)
            if overwrite is not None and overwrite(target, result, name):
                return True
    finally:
        state.interpreters = stack
    return False


def with_out(op: Op) -> Callable[..., Any]:
    """The public function of an op that takes ``out=``."""
    call = op.call

    def function(*args: Any, out: Any = None, **kwargs: Any) -> Any:
        if out is None:
            try:
                return call(*args, **kwargs)
            except Exception as error:
                return answer(op, call, error, args, kwargs)
        return write_out(op.name, out, lambda: call(*args, **kwargs), (args, kwargs))

    function.__name__ = function.__qualname__ = op.name
    function.__doc__ = f"{op.body.__doc__}\n\n    Also takes ``out=``, a tensor to write the result into."
    function.__module__ = op.body.__module__
    function.__wrapped__ = op.body  # type: ignore[attr-defined]
    return function


def write_out(
    name: str, out: Any, compute: Callable[[], Any], arguments: tuple[tuple[Any, ...], dict[str, Any]]
) -> Any:
    """Compute without recording and write the result (or results) into ``out``."""
    args, kwargs = arguments
    targets = out if isinstance(out, tuple | list) else (out,)
    for value in [*args, *kwargs.values(), *targets]:
        if state.grad and isinstance(value, TensorBase) and value._requires_grad:
            raise RuntimeError(
                f"{name}(): functions with out=... arguments don't support automatic differentiation, "
                "but one of the arguments requires grad."
            )
    with no_grad():
        found = compute()
        results = found if isinstance(found, tuple) else (found,)
        for target, result in zip(targets, results, strict=True):
            _write_one(name, target, result)
    return out


def _write_one(name: str, target: Any, result: Any) -> None:
    if not isinstance(target, TensorBase):
        raise TypeError(f"{name}(): argument 'out' must be Tensor, not {type(target).__name__}")
    if target._kind.device is not result._kind.device:
        raise different_devices(name, (target, result))
    if not can_cast(result._kind.dtype, target._kind.dtype):
        raise RuntimeError(
            f"{name}: result type {result._kind.dtype.legacy_name} can't be cast to the desired output type "
            f"{target._kind.dtype.legacy_name}"
        )
    if target._shape != result._shape:
        if 0 not in target._shape:
            warnings.warn(
                f"{name}: an output with one or more elements was resized since it had shape {list(target._shape)}, "
                f"which does not match the required output shape {list(result._shape)}. Resize it to zero elements "
                "first if that is meant: out.resize_(0).",
                stacklevel=4,
            )
        resize(target, result._shape)
    check_inplace(target, name)
    target._kind.backend.copy_into(target._array, result._array)
    bump_version(target)


def resize(target: Any, shape: Shape) -> None:
    """Give ``target`` fresh memory of ``shape``; its old values are gone."""
    kind = target._kind
    target._array = kind.backend.empty(shape, kind.dtype, kind.device)
    target._shape = shape
    target._strides = None
    target._offset = 0
    version = 0 if target._storage is None else target._storage.version
    target._storage = None
    storage_of(target).version = version + 1
