"""Decorators that define an op; each block in the family modules is one use of one of them.

They enter the op into the table, unless ``listed=False``: then it is an op like any other, but stands in no table until
a plugin brings it (``tensorplug.ops.guests``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug import callers, overwriting
from tensorplug.dtypes import BOOL, FLOAT, INTEGER, DType, bool_, get_default_dtype
from tensorplug.op import COMPOSITE, PRIMITIVE, VIEW, Op, add_to_table
from tensorplug.promotion import Promotion, result_type

Body = Callable[..., Any]


def unary(promotion: Promotion, *, listed: bool = True, **options: Any) -> Callable[[Body], Op]:
    """An element-wise primitive of one operand; the body is empty."""
    return _elementwise(promotion, callers.unary_caller, listed, options)


def binary(promotion: Promotion, *, listed: bool = True, **options: Any) -> Callable[[Body], Op]:
    """An element-wise primitive of two operands, each a tensor or a Python number; the body is empty."""
    decorate = _elementwise(promotion, callers.binary_caller, listed, options)

    def with_operator(body: Body) -> Op:
        op = decorate(body)
        op.operator = callers.binary_caller(op, gives_way=True)
        return op

    return with_operator


def _elementwise(
    promotion: Promotion, caller: Callable[[Op], Body], listed: bool, options: dict[str, Any]
) -> Callable[[Body], Op]:
    options = {"inplace": True, "broadcasts": True, **options}

    def decorate(body: Body) -> Op:
        names = body.__code__.co_varnames[: body.__code__.co_argcount]
        op = Op(_name(body), PRIMITIVE, body, ", ".join(names), promotion=promotion, **options)
        return _publish(op, caller(op), listed)

    return decorate


def with_alpha(op: Op) -> Op:
    """Give an element-wise op of two operands PyTorch's ``alpha``, a multiplier of the second one."""
    plain = op.call

    def call(input: Any, other: Any, *, alpha: Any = 1) -> Any:
        return plain(input, other) if alpha == 1 else plain(input, _scaled(op.name, input, other, alpha))

    op.call = callers.named(call, op)
    op.function = overwriting.with_out(op)
    return op


def with_exponent(op: Op) -> Op:
    """Give an element-wise op a second operand that is called ``exponent``."""
    plain = op.call

    def call(input: Any, exponent: Any) -> Any:
        return plain(input, exponent)

    op.call = callers.named(call, op)
    op.function = overwriting.with_out(op)
    return op


def _scaled(name: str, input: Any, other: Any, alpha: Any) -> Any:
    common = result_type(input, other)
    if isinstance(alpha, bool) and common is not bool_:
        raise RuntimeError(f"{name}: a bool alpha goes with bool tensors only, not with {common}")
    if common.category <= INTEGER and not isinstance(alpha, int):
        raise RuntimeError(f"{name}: for {common} tensors alpha must be a whole number, not {alpha}")
    return other * (bool(alpha) if common is bool_ else alpha)


def plan(contract: str, *, listed: bool = True, **options: Any) -> Callable[[Body], Op]:
    """An op with a kernel: the body checks its arguments and returns inputs, params, shape and dtype of the result.

    Args:
        contract: the kernel's arguments, ``"input, other; dim, keepdim"``: arrays, then parameters.
        listed: enter the op into the table.
        options: fields of ``Op``.
    """

    def decorate(body: Body) -> Op:
        op = Op(_name(body), PRIMITIVE, body, contract, **options)
        return _publish(op, callers.plan_caller(op), listed)

    return decorate


def view(contract: str, *, listed: bool = True, **options: Any) -> Callable[[Body], Op]:
    """An op that shows the same memory otherwise: the body returns input, params, shape, strides and offset."""
    options = {"out": False, **options}

    def decorate(body: Body) -> Op:
        op = Op(_name(body), VIEW, body, contract, **options)
        return _publish(op, callers.view_caller(op), listed)

    return decorate


def composite(*, name: str | None = None, listed: bool = True, **options: Any) -> Callable[[Body], Op]:
    """A plain function of other ops.

    Args:
        name: the op's name where it is not the function's (ops that end in an underscore).
        listed: enter the op into the table.
        options: fields of ``Op``.
    """

    def decorate(body: Body) -> Op:
        op = Op(name or _name(body), COMPOSITE, body, "", **options)
        return _publish(op, callers.composite_caller(op), listed)

    return decorate


def _name(body: Body) -> str:
    # A trailing underscore keeps Python's own names (sum_, any_) usable in the module that defines the op.
    return body.__name__.rstrip("_")


def _publish(op: Op, call: Body, listed: bool) -> Op:
    op.call = op.operator = call
    if op.kind == COMPOSITE:
        call.__name__ = call.__qualname__ = op.name
    op.function = overwriting.with_out(op) if op.out else op.call
    return add_to_table(op) if listed else op


# Promotions: from the common dtype of the operands to the dtype to compute in and the dtype of the result.


def same(name: str, common: DType) -> tuple[DType, DType]:
    """Every dtype, kept."""
    return common, common


def numeric(name: str, common: DType) -> tuple[DType, DType]:
    """Every dtype but bool, kept."""
    if common is bool_:
        raise NotImplementedError(
            f"{name}: bool tensors are not supported; convert with .to(dtype) or use a logical op"
        )
    return common, common


def real(name: str, common: DType) -> tuple[DType, DType]:
    """Real dtypes, kept."""
    if common.is_complex:
        raise NotImplementedError(f"{name} is not implemented for {common}: complex numbers have no order")
    return common, common


def floating(name: str, common: DType) -> tuple[DType, DType]:
    """Bool and integers become the default dtype, others are kept."""
    if common.category < FLOAT:
        common = get_default_dtype()
    return common, common


def real_floating(name: str, common: DType) -> tuple[DType, DType]:
    """Like ``floating``, without complex numbers."""
    real(name, common)
    return floating(name, common)


def integral(name: str, common: DType) -> tuple[DType, DType]:
    """Bool and integers, kept."""
    if common.category > INTEGER:
        raise NotImplementedError(f"{name} is not implemented for {common}: it takes integers or bools")
    return common, common


def integers_only(name: str, common: DType) -> tuple[DType, DType]:
    """Integers, kept."""
    if common.category != INTEGER:
        raise NotImplementedError(f"{name} is not implemented for {common}: it takes integers")
    return common, common


def predicate(name: str, common: DType) -> tuple[DType, DType]:
    """Every dtype; the result is bool."""
    return common, bool_


def ordered(name: str, common: DType) -> tuple[DType, DType]:
    """Real dtypes; the result is bool."""
    real(name, common)
    return common, bool_


def truth(name: str, common: DType) -> tuple[DType, DType]:
    """Operands and result are bool."""
    return bool_, bool_


def magnitude(name: str, common: DType) -> tuple[DType, DType]:
    """Every dtype; complex numbers give real ones."""
    if common.category == BOOL:
        return common, common
    return common, common.to_real()
