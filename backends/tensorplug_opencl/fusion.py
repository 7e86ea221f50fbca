"""Chains of element-wise ops as one kernel, made from the same expressions that serve single ops.

A chain is a list of steps; each names an op and its operands: inputs and earlier steps by number (the inputs come
first), constants by value. What is not asked for as a result never reaches memory.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from tensorplug.dtypes import DType, bool_
from tensorplug_opencl.codes import CODES
from tensorplug_opencl.elementwise import LETTERS, Map, Mapped
from tensorplug_opencl.expressions import PREDICATES, expression

_OPERAND = re.compile(r"(?<![.\w])[a-e]\b(?!\()")


class Constant(NamedTuple):
    """A number among the operands of a step."""

    value: Any


class Step(NamedTuple):
    """One op of a chain.

    Attributes:
        op: its name.
        operands: numbers of inputs or earlier steps, or constants.
    """

    op: str
    operands: tuple[int | Constant, ...]


class Chain:
    """A chain that is one kernel.

    Args:
        dtype: of the inputs and of all values but those of comparisons.
        inputs: how many inputs there are, at most 16 together with the constants.
        steps: in the order in which they are computed.
        results: the numbers of the values to return.

    Raises:
        ValueError: an op has no expression for ``dtype``, or a step uses what comes after it.
    """

    def __init__(self, dtype: DType, inputs: int, steps: Sequence[Step], results: Sequence[int]) -> None:
        names = list(LETTERS[:inputs])
        kinds: list[DType] = [dtype] * inputs
        self._constants: list[Any] = []
        text = []
        for number, step in enumerate(steps, inputs):
            formula = expression(step.op, dtype)
            if formula is None:
                raise ValueError(f"'{step.op}' is no element-wise op of {dtype}, so it cannot be part of a chain")
            formula = self._with(formula, step, names)
            kind = bool_ if step.op in PREDICATES else dtype
            text.append(f"const {CODES[kind].value} v{number} = {formula};")
            names.append(f"v{number}")
            kinds.append(kind)
        numbers = (dtype,) * len(self._constants)
        operands = (*[dtype] * inputs, *[None] * len(numbers))
        self._mapped = Mapped(
            Map(
                dtype, tuple(names[k] for k in results), tuple(kinds[k] for k in results), operands, numbers,
                before=" ".join(text), names=tuple(f"k{i}" for i in range(len(numbers))),
            )
        )  # fmt: skip

    def _with(self, formula: str, step: Step, names: list[str]) -> str:
        """A formula with its operands' names in the place of the letters."""
        chosen = {}
        for letter, operand in zip(LETTERS, step.operands):
            if isinstance(operand, Constant):
                chosen[letter] = f"k{len(self._constants)}"
                self._constants.append(operand.value)
            elif operand < len(names):
                chosen[letter] = names[operand]
            else:
                raise ValueError(f"'{step.op}' uses value {operand}, which comes after it")
        return _OPERAND.sub(lambda found: chosen.get(found.group(), found.group()), formula)

    def __call__(self, *arrays: Any) -> Any:
        """Run over arrays that broadcast together; a single result comes alone."""
        found = self._mapped(arrays, self._constants)
        return found[0] if len(found) == 1 else found
