"""The functions behind ops: short paths for element-wise ops on tensors of one kind, plans, views, composites."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug import registry
from tensorplug.arguments import answer
from tensorplug.autograd.grad_mode import extras, state
from tensorplug.autograd.recording import record_binary, record_unary
from tensorplug.base import TensorBase, factory
from tensorplug.dispatch import around, execute, run, seam, show
from tensorplug.op import Op
from tensorplug.precision import POLICIES
from tensorplug.promotion import Promotion, operands
from tensorplug.registry import Kind
from tensorplug.shapes import broadcast_pair

_new = object.__new__


def refresh(cache: dict[Any, Any]) -> None:
    registry.on_change(cache.clear)


def _entry(op: Op, kernel: Any, kind: Kind) -> tuple[Any, Kind, bool]:
    """What the short paths keep: the kernel, the result's kind, and whether such results are recorded."""
    return kernel, kind, op.differentiable and kind.dtype.is_differentiable


def unary_caller(op: Op) -> Callable[..., Any]:
    """The function behind an element-wise op of one operand."""
    cache: dict[Kind, tuple[Any, Kind, bool]] = {}
    refresh(cache)
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
    refresh(cache)
    refresh(scalar_cache)
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


def named(call: Callable[..., Any], op: Op) -> Callable[..., Any]:
    """Give ``call`` the name, signature and docstring of the op."""
    call.__name__ = call.__qualname__ = op.name
    call.__doc__ = op.body.__doc__
    call.__module__ = op.body.__module__
    call.__wrapped__ = op.body  # type: ignore[attr-defined]  # where inspect finds the signature
    return call
