"""Levels: the interpreters behind the transforms, one for each transform that runs.

A level has a number, higher for inner ones. A ``vmap`` level shows tensors without their batch dim: it wraps them
(``_layer`` is then its number). A forward-mode level hangs tangents on tensors (``_tangents``, by its number). Reverse
mode needs no level: the graph records what the levels compute with, so every gradient is one of plain tensors.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tensorplug.autograd.grad_mode import state
from tensorplug.base import TensorBase
from tensorplug.dispatch import pop_interpreter, push_interpreter
from tensorplug.op import Op

Tensor = Any

_numbers = itertools.count(1)


class Level:
    """The interpreter of one running transform."""

    def __init__(self) -> None:
        self.number = next(_numbers)

    def __call__(self, op: Op, inputs: Any, params: Any, shape: Any, dtype: Any, device: Any) -> Any:
        """Run a planned op at this level."""
        raise NotImplementedError

    def overwrite(self, target: Tensor, result: Tensor, name: str) -> bool:
        """Before ``target`` is overwritten with ``result``: do it, or what goes with it at this level.

        Returns:
            Whether it has been done.
        """
        raise NotImplementedError

    @contextmanager
    def entered(self) -> Iterator[Level]:
        """While this lasts, ops pass this level."""
        push_interpreter(self)
        try:
            yield self
        finally:
            pop_interpreter()

    @contextmanager
    def again(self) -> Iterator[None]:
        """Inside the handling of an op, which the level itself does not see: let it see ops again."""
        before = state.interpreters
        state.interpreters = (*before, self)
        try:
            yield
        finally:
            state.interpreters = before


def active_levels() -> list[Level]:
    """The levels of this thread, the innermost first."""
    return [level for level in reversed(state.interpreters) if isinstance(level, Level)]


@contextmanager
def without(levels: Sequence[Level]) -> Iterator[None]:
    """While this lasts, ops do not pass these levels."""
    before = state.interpreters
    state.interpreters = tuple(i for i in before if i not in levels)
    try:
        yield
    finally:
        state.interpreters = before


@contextmanager
def below(level: Level) -> Iterator[None]:
    """While this lasts, ops pass neither this level nor those inside it."""
    with without([other for other in active_levels() if other.number >= level.number]):
        yield


def tensors_in(values: Sequence[Any]) -> Iterator[Tensor]:
    """The tensors among the inputs of an op, also those in a tuple."""
    for value in values:
        if isinstance(value, TensorBase):
            yield value
        elif value.__class__ is tuple:
            yield from tensors_in(value)
