"""What a batching rule is given, and the steps that rules share.

A rule gets the inputs of a planned op one level down: those that are batched have the batch dim in front, the others
are as they were. It returns the result (or a tuple of results) with the batch dim in front.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any, NamedTuple

from tensorplug.base import TensorBase
from tensorplug.dispatch import run
from tensorplug.op import Op
from tensorplug.shapes import Shape

Tensor = Any


class Call(NamedTuple):
    """A planned op under ``vmap``.

    Attributes:
        op: the op.
        inputs: its inputs one level down.
        flags: for each whether it is batched; a tuple of flags for a tuple of tensors.
        params: its parameters.
        shape, dtype: of the result for one example; tuples where there are several results.
        device: where an op without tensor inputs runs.
        size: the number of examples.
    """

    op: Op
    inputs: tuple[Any, ...]
    flags: tuple[Any, ...]
    params: tuple[Any, ...]
    shape: Any
    dtype: Any
    device: Any
    size: int

    def shape_of(self, slot: int) -> Shape:
        """The shape of one example of an input."""
        shape: Shape = self.inputs[slot]._shape
        return shape[1:] if self.flags[slot] else shape

    def full(self, slot: int) -> Tensor:
        """An input with the batch dim; if it is not batched, the same for all examples."""
        value = self.inputs[slot]
        if self.flags[slot] or not isinstance(value, TensorBase):
            return value
        return value.expand((self.size, *value._shape))  # type: ignore[attr-defined]

    def again(self, inputs: tuple[Any, ...], params: Any = None, shape: Any = None) -> Any:
        """Run the op one level down, by default to results of the usual shapes with the batch dim in front."""
        if shape is None:
            shape = self.lead(self.shape) if self.op.single else tuple([self.lead(s) for s in self.shape])
        return run(self.op, inputs, self.params if params is None else params, shape, self.dtype, self.device)

    def lead(self, shape: Any) -> Any:
        """A shape with the batch dim in front."""
        return None if shape is None else (self.size, *shape)


Rule = Callable[[Call], Any]


def merged(x: Tensor) -> Tensor:
    """The batch dim and the dim after it as one: examples become rows."""
    shape = x._shape
    return x.reshape((shape[0] * shape[1], *shape[2:]))


def split(x: Tensor, size: int) -> Tensor:
    """The first dim as batch dim and rest."""
    shape = x._shape
    return x.reshape((size, shape[0] // max(size, 1), *shape[1:]))


def aligned(x: Tensor, flag: bool, rank: int) -> Tensor:
    """A batched input that broadcasts as one example of it would: with dims of size 1 after the batch dim."""
    own = len(x._shape) - 1
    if not flag or own >= rank:
        return x
    return x.reshape((x._shape[0],) + (1,) * (rank - own) + x._shape[1:])


def elements(shape: Shape) -> int:
    """The number of elements."""
    return prod(shape)
