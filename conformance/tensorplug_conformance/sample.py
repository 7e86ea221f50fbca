"""The records of which the suite is made: a row per op, its samples, and the cases that follow from them.

All of it is plain data: inputs are described, not made, so rows cost nothing until a case runs.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tensorplug_conformance import dtypes
from tensorplug_conformance.values import NORMAL, Values

Shape = tuple[int, ...]
Rule = Callable[[str], str]


class Input(NamedTuple):
    """A tensor among the arguments.

    Attributes:
        shape: its shape.
        values: what its elements are.
        dtype: its dtype; that of the case by default.
        layout: how it lies in memory; as the case says by default.
        grad: whether its gradient is checked, where its dtype has one.
    """

    shape: Shape
    values: Values = NORMAL
    dtype: str | None = None
    layout: str | None = None
    grad: bool = True


class Param(enum.Enum):
    """Arguments that only the run knows. References never see them."""

    DEVICE = "device"
    DTYPE = "dtype"


class Dtype(NamedTuple):
    """A dtype as an argument; references get its name."""

    name: str


class Seed(NamedTuple):
    """A fresh generator with this seed as an argument; references get the seed."""

    number: int


DEVICE, DTYPE = Param.DEVICE, Param.DTYPE
DRAWS_SEED = 0
"""The seed of the default generator for ops that take none."""


class Sample(NamedTuple):
    """One call of an op.

    Attributes:
        args, kwargs: the arguments: ``Input``, ``Param``, ``Dtype``, ``Seed``, plain Python values, and tuples and
            lists of these.
        hazards: what the call puts to the test beyond what its inputs show by themselves.
        dtypes: the only dtypes for which the call makes sense; None for all of the row.
        result: the dtype of the result, where the row's rule does not hold.
        gradient: whether gradients are checked; None leaves it to the values of the inputs.
    """

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any] = {}
    hazards: tuple[str, ...] = ()
    dtypes: tuple[str, ...] | None = None
    result: str | None = None
    gradient: bool | None = None


class Point(NamedTuple):
    """A place where a function has no derivative, or none that is finite, and what its gradient is to be there.

    Attributes:
        args, kwargs: the arguments; each list of floats (or of lists of them) stands for a tensor whose gradient is
            checked.
        gradients: what reaches each of these when every element of the result has the gradient 1.
    """

    args: tuple[Any, ...]
    gradients: tuple[list[Any], ...]
    kwargs: Mapping[str, Any] = {}


class Refusal(NamedTuple):
    """A call that must raise."""

    sample: Sample
    error: type[Exception] = RuntimeError
    dtype: str = "float32"


class Oracle(NamedTuple):
    """How close a result has to be to the reference, which is computed in float64.

    Attributes:
        kind: ``"exact"``: the same bits, NaN for NaN; ``"equal"``: the same, but a zero may have either sign, for ops
            that choose among equal numbers; ``"ulps"``: at most so many representable numbers away, with the sign of
            zeros (complex numbers: ``4 * limit + 4`` times eps times their size); ``"bound"``: within a bound on the
            rounding errors of a sum; ``"anything"``: shape and dtype alone.
        ulps: the limit for float32, float64 and complex dtypes.
        half: the limit for float16 and bfloat16, which are to be computed in float32 and rounded once.
        terms: for a bound, how many terms each element is the sum of, called with the reference's arguments.
        scale: for a bound, the sum of the sizes of these terms; by default the reference of the sizes of the inputs.
    """

    kind: str
    ulps: float = 0.0
    half: float = 0.0
    terms: Callable[..., float] | None = None
    scale: Callable[..., Any] | None = None


EXACT = Oracle("exact")
EQUAL = Oracle("equal")
ANYTHING = Oracle("anything")


def ulps(limit: float, half: float | None = None) -> Oracle:
    """At most ``limit`` representable numbers from the rounded reference; ``ulps(0)`` is correct rounding."""
    return Oracle("ulps", limit, (1.0 if limit else 0.0) if half is None else half)


def bound(terms: Callable[..., float] | float, scale: Callable[..., Any] | None = None, half: float = 1.0) -> Oracle:
    """Within the error that summing ``terms`` products in the dtype's accumulator may have.

    Args:
        terms: their number, or a function of the reference's arguments.
        scale: the sum of the terms' sizes as a function of the reference's arguments.
        half: how many roundings to float16 or bfloat16 there may be.
    """
    count = terms if callable(terms) else lambda *args, **kwargs: terms
    return Oracle("bound", 0.0, half, count, scale)


# Rules for the dtype of a result.


def same(dtype: str) -> str:
    """That of the inputs."""
    return dtype


def boolean(dtype: str) -> str:
    """bool."""
    return "bool"


def index_dtype(dtype: str) -> str:
    """int64."""
    return "int64"


def floating(dtype: str) -> str:
    """float32 for bools and integers."""
    return dtype if dtype in dtypes.DIFFERENTIABLE else "float32"


def summed(dtype: str) -> str:
    """int64 for bools and integers."""
    return dtype if dtype in dtypes.DIFFERENTIABLE else "int64"


def real(dtype: str) -> str:
    """The dtype of the parts of complex numbers."""
    return dtypes.real_part(dtype)


class Row(NamedTuple):
    """All that the suite knows of one op (or of one way to call it).

    Attributes:
        op: its name in the op table.
        reference: what it computes, on NumPy arrays (floats as float64): NumPy, SciPy, ``math`` or plain loops; called
            with the same arguments as the op, ``Param`` left out.
        samples: the calls.
        dtypes: those it supports.
        oracle: how close results must be; a tuple of one for each result where they differ.
        result: the rule for the dtype of the result; a tuple where there are several results.
        call: how users reach it: ``"tp.exp"``, ``"F.linear"``, ``"Tensor.view"``, ``"operator.add"``; found from the
            op table by default.
        label: tells several rows of one op apart.
        covers: ops that are reached by this one alone, such as kernels without a public name.
        gradient: whether the op is differentiable. Where it is not, results must not require grad.
        points: special points of the gradient.
        refuses: dtypes that must raise.
        refusals: other calls that must raise.
        view: the result shows the memory of the first input: ``"never"``, ``"always"`` or ``"maybe"``.
        mutates: the op writes into the tensors that it returns, which are its first inputs.
        data_dependent: the shape of the result depends on values, so the meta device must refuse.
        second: whether second gradients are checked as well.
        draws: the op draws from the default generator, which is set to ``DRAWS_SEED`` before each call.
    """

    op: str
    reference: Callable[..., Any]
    samples: tuple[Sample, ...]
    dtypes: tuple[str, ...]
    oracle: Oracle | tuple[Oracle, ...] = EXACT
    result: Rule | tuple[Rule, ...] = same
    call: str = ""
    label: str = ""
    covers: tuple[str, ...] = ()
    gradient: bool = False
    points: tuple[Point, ...] = ()
    refuses: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    view: str = "never"
    mutates: bool = False
    data_dependent: bool = False
    second: bool = True
    draws: bool = False

    @property
    def name(self) -> str:
        """The op's name, with the label of this row."""
        return f"{self.op}:{self.label}" if self.label else self.op


class Case(NamedTuple):
    """One thing to check: a row's sample in one dtype and layout.

    Attributes:
        check: the name of the check, see ``checks.CHECKS``.
        number: the place of the sample (or point, or refusal) in its row.
    """

    row: Row
    check: str
    number: int
    dtype: str
    layout: str

    @property
    def id(self) -> str:
        """The name under which the case can be run again."""
        return f"{self.row.name}/{self.check}/{self.number}/{self.dtype}/{self.layout}"

    @property
    def sample(self) -> Sample:
        """The call."""
        return self.row.samples[self.number]
