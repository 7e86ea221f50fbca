"""Control flow as functions, run eagerly: ``cond`` and ``while_loop``. Under ``vmap`` each example goes its own way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tensorplug import pytree
from tensorplug.base import TensorBase, count
from tensorplug.op import table

Tensor = Any


def cond(
    pred: Any, true_fn: Callable[..., Any], false_fn: Callable[..., Any], operands: tuple[Any, ...] | list[Any] = ()
) -> Any:
    """``true_fn(*operands)`` if ``pred`` holds, otherwise ``false_fn(*operands)``.

    Args:
        pred: a bool, number, or tensor of one element. Where ``vmap`` gives each example its own, both functions run
            and each example takes its result, so both must return trees of tensors of one form.
        true_fn, false_fn: the branches.
        operands: their arguments.

    Raises:
        RuntimeError: ``pred`` is a tensor of several elements, or ``operands`` is no tuple or list.

    Example:
        >>> import tensorplug as tp
        >>> tp.cond(tp.tensor(True), lambda x: x + 1, lambda x: x - 1, (tp.tensor(5),))
        tensor(6)
    """
    if not callable(true_fn) or not callable(false_fn):
        raise RuntimeError("Expect both branches to be callable.")
    if not isinstance(operands, tuple | list):
        raise RuntimeError(f"Expect operands to be a tuple of possibly nested dict/list/tuple, but got {operands}.")
    if not isinstance(pred, TensorBase | bool | int | float):
        raise RuntimeError(f"Expected pred to be bool or tensor, but got {pred}.")
    if isinstance(pred, TensorBase):
        if count(pred) != 1:
            raise RuntimeError(f"Expected pred to be bool or single-element tensor, but got {pred}.")
        if pred._layer:
            return _chosen(pred, true_fn(*operands), false_fn(*operands))
    return true_fn(*operands) if pred else false_fn(*operands)


def _chosen(pred: Tensor, yes: Any, no: Any) -> Any:
    where = table["where"].call
    return pytree.mapped(lambda a, b: a if a is b else where(pred.bool().reshape(()), a, b), yes, no)


def while_loop(
    cond_fn: Callable[..., Any], body_fn: Callable[..., Any], carried_inputs: tuple[Any, ...] | list[Any]
) -> Any:
    """Replace the carried values by ``body_fn`` of them for as long as ``cond_fn`` of them holds.

    Args:
        cond_fn: from the values to a bool or a tensor of one element. Where ``vmap`` gives each example its own, the
            loop goes on until it holds for none, and examples that are done keep their values.
        body_fn: from the values to a tuple of as many.
        carried_inputs: where to start.

    Returns:
        The values when ``cond_fn`` no longer holds, as a tuple.

    Raises:
        RuntimeError: ``carried_inputs`` is no tuple or list, or ``body_fn`` returns another number of values.

    Example:
        >>> import tensorplug as tp
        >>> tp.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x * 2), (tp.tensor(0), tp.tensor(1.0)))
        (tensor(3), tensor(8.))
    """
    if not callable(cond_fn) or not callable(body_fn):
        raise RuntimeError("Expect cond_fn and body_fn to be callable.")
    if not isinstance(carried_inputs, tuple | list):
        raise RuntimeError(f"Expect carried_inputs to be a tuple or list, but got {type(carried_inputs).__name__}")
    values = tuple(carried_inputs)
    while True:
        pred = cond_fn(*values)
        if isinstance(pred, TensorBase) and count(pred) != 1:
            raise RuntimeError(f"cond_fn must return a boolean scalar tensor or a bool, but got {pred}")
        batched = isinstance(pred, TensorBase) and pred._layer
        if not (_anywhere(pred) if batched else pred):
            return values
        after = _checked(body_fn(*values), values)
        values = tuple(_chosen(pred, after, values)) if batched else after


def _checked(found: Any, values: Sequence[Any]) -> tuple[Any, ...]:
    if not isinstance(found, tuple | list) or len(found) != len(values):
        raise RuntimeError(f"body_fn must return {len(values)} values, as many as it is given, but returned {found!r}")
    return tuple(found)


def _anywhere(pred: Tensor) -> bool:
    """Whether a condition holds for any example."""
    while pred._layer:
        pred = pred._value
    return bool(pred.any())
