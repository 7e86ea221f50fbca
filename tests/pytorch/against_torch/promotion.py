"""Operands of two dtypes: all pairs, as tensors, as 0-d tensors and as Python numbers, and the same in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from against_torch.calls import Call
from against_torch.forms import both_have
from tensorplug_conformance.dtypes import ALL
from tensorplug_conformance.sample import Input, Sample
from tensorplug_conformance.values import items

_SMALL = items(1, 2, 3)
NUMBERS: tuple[Any, ...] = (True, 3, 2.5, 1 + 2j)
FORMS = (((3,), (3,)), ((3,), ()), ((), (3,)), ((), ()))
"""Shapes of the two operands."""


def pairs(path: str, extra: tuple[Any, ...] = ()) -> Iterator[Call]:
    """Calls of a function of two operands.

    Args:
        path: the function.
        extra: operands that follow the two, as ``Input`` without a dtype, which get the first one's.
    """
    for first in ALL:
        for second in ALL:
            for left, right in FORMS:
                args = (Input(left, _SMALL, first), Input(right, _SMALL, second), *_with_dtype(extra, first))
                yield Call(path, Sample(args), first, f"{list(left)}x{list(right)}{second}")
        for number in NUMBERS:
            for shape in ((3,), ()):
                tensor = Input(shape, _SMALL, first)
                rest = _with_dtype(extra, first)
                yield Call(path, Sample((tensor, number, *rest)), first, f"{list(shape)}x{number}")
                yield Call(path, Sample((number, tensor, *rest)), first, f"{number}x{list(shape)}")


def in_place(path: str) -> Iterator[Call]:
    """The same in place, where the first operand keeps its dtype."""
    if not both_have(path):
        return
    for call in pairs(path):
        if isinstance(call.sample.args[0], Input) and call.sample.args[0].shape:
            yield call


def _with_dtype(inputs: tuple[Any, ...], dtype: str) -> tuple[Any, ...]:
    return tuple(i._replace(dtype=dtype) if isinstance(i, Input) else i for i in inputs)
