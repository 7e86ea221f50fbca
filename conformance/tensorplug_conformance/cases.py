"""From rows to cases: which samples run in which dtypes and layouts, and which checks they get."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from tensorplug_conformance.calls import inputs_of
from tensorplug_conformance.checks import call_path, inplace_path
from tensorplug_conformance.dtypes import COMPLEX, DIFFERENTIABLE, FLOATS
from tensorplug_conformance.framework import is_abstract, public_call, table, unsupported
from tensorplug_conformance.layouts import CONTIGUOUS, EXPANDED, LAYOUTS
from tensorplug_conformance.sample import Case, Dtype, Row, Sample
from tensorplug_conformance.samples import ROWS
from tensorplug_conformance.values import DISTINCT

_GRADIENT_ELEMENTS = 300
"""Samples with more elements are not used for gradients: finite differences of many terms are too coarse."""


def rows(ops: Iterable[str] | None = None) -> list[Row]:
    """The rows of these ops (all by default), by op name or row name.

    Raises:
        KeyError: a name that no row has.
    """
    if ops is None:
        return list(ROWS)
    wanted = set(ops)
    found = [row for row in ROWS if wanted & {row.op, row.name, *row.covers}]
    missing = wanted - {n for row in found for n in (row.op, row.name, *row.covers)}
    if missing:
        raise KeyError(f"no samples for {', '.join(sorted(missing))}")
    return found


def cases(device: str, ops: Iterable[str] | None = None, quick: bool = False) -> Iterator[Case]:
    """Every case for a device, row by row.

    Args:
        device: the device; cases in dtypes that it declares it lacks are left out.
        ops: only the rows of these ops.
        quick: about a tenth of them, with every op, check and kind of dtype among them.
    """
    missing = unsupported(device)
    abstract = is_abstract(device)
    for row in rows(ops):
        for case in _cases_of(row, quick):
            if not (missing & _dtypes_in(case)) and (case.check == "value" or not abstract):
                yield case


def find(case_id: str) -> Case:
    """The case with this id.

    Raises:
        KeyError: there is none.
    """
    name = case_id.split("/")[0]
    for case in (c for row in rows([name]) for c in _cases_of(row, False)):
        if case.id == case_id:
            return case
    raise KeyError(f"no case {case_id}")


def _cases_of(row: Row, quick: bool) -> Iterator[Case]:
    yield from _value_cases(row, quick)
    yield from _form_cases(row, quick)
    yield from _gradient_cases(row, quick)
    for number in range(len(row.points)):
        for dtype in [d for d in row.dtypes if d in FLOATS][-1:] if quick else [d for d in row.dtypes if d in FLOATS]:
            yield Case(row, "point", number, dtype, CONTIGUOUS)
    for dtype in row.refuses:
        yield Case(row, "refuses", 0, dtype, CONTIGUOUS)
    for number, refusal in enumerate(row.refusals):
        yield Case(row, "refusal", number, refusal.dtype, CONTIGUOUS)


def _dtypes_in(case: Case) -> set[str]:
    """Every dtype that a case needs."""
    if case.check == "point":
        return {case.dtype}
    sample = case.row.refusals[case.number].sample if case.check == "refusal" else case.sample
    own = {i.dtype for i in inputs_of(sample)} | {
        a.name for a in (*sample.args, *sample.kwargs.values()) if isinstance(a, Dtype)
    }
    rules = case.row.result if isinstance(case.row.result, tuple) else (case.row.result,)
    results = [rule(case.dtype) for rule in rules] if case.check not in ("refuses", "refusal") else []
    return {case.dtype, *results, *(d for d in (*own, sample.result) if d is not None)}


def _dtypes(row: Row, sample: Sample) -> list[str]:
    return [d for d in row.dtypes if sample.dtypes is None or d in sample.dtypes]


_SINGLE, _DOUBLE = ("float32", "complex64"), ("float64", "complex128")
_QUICK = ("float32", "int64", "bool", "float16", "complex64")


def _some(dtypes: list[str], quick: bool) -> list[str]:
    if not quick:
        return dtypes
    return [d for d in _QUICK if d in dtypes] or dtypes[:1]


def _value_cases(row: Row, quick: bool) -> Iterator[Case]:
    for number, sample in enumerate(row.samples):
        for turn, dtype in enumerate(_some(_dtypes(row, sample), quick)):
            for layout in _layouts(row, sample, number + turn, quick):
                yield Case(row, "value", number, dtype, layout)


def _layouts(row: Row, sample: Sample, turn: int, quick: bool) -> list[str]:
    """The layouts that make a difference to a sample; a quick run takes one of them in turn."""
    if not any(i.shape and i.layout is None for i in inputs_of(sample)):
        return [CONTIGUOUS]
    # An op that writes into its input cannot do so where elements share memory.
    found = [layout for layout in LAYOUTS if not (row.mutates and layout == EXPANDED)]
    return [found[turn % len(found)]] if quick else found


def _layout(turn: int) -> str:
    """Each layout but the contiguous one in turn."""
    return LAYOUTS[1 + turn % (len(LAYOUTS) - 1)]


def _form_cases(row: Row, quick: bool) -> Iterator[Case]:
    """In-place and ``out=`` forms, and that results of ops without gradients are not marked."""
    op = table.get(row.op)
    if op is None or row.mutates:
        return
    for number, sample in enumerate(row.samples[: 1 if quick else 3]):
        for turn, dtype in enumerate(_some(_dtypes(row, sample), quick)):
            layout = _layout(number + turn)
            first = next(inputs_of(sample), None)
            if inplace_path(op) and not row.label and first is not None and sample.args and sample.args[0] is first:
                yield Case(row, "inplace", number, dtype, layout)
            if op.out and call_path(row) == public_call(row.op) and call_path(row).startswith("tp."):
                yield Case(row, "out", number, dtype, layout)
    if not row.gradient:
        for dtype in [d for d in _dtypes(row, row.samples[0]) if d in DIFFERENTIABLE][:1]:
            yield Case(row, "unmarked", 0, dtype, CONTIGUOUS)


def _gradient_cases(row: Row, quick: bool) -> Iterator[Case]:
    if not row.gradient:
        return
    smooth = [n for n, sample in enumerate(row.samples) if is_smooth(sample)]
    for turn, number in enumerate(smooth[:2] if quick else smooth):
        sample = row.samples[number]
        layout = _layout(turn) if turn % 2 else CONTIGUOUS
        if layout == EXPANDED and DISTINCT in {i.values for i in inputs_of(sample)}:
            layout = CONTIGUOUS
        for dtype in _dtypes(row, sample):
            if dtype in _DOUBLE:
                yield Case(row, "gradient", number, dtype, layout)
                if row.second:
                    yield Case(row, "second", number, dtype, layout)
            elif dtype in _SINGLE and (not quick or turn == 0) and not row.draws:
                yield Case(row, "precision", number, dtype, layout)


def is_smooth(sample: Sample) -> bool:
    """Whether gradients may be compared with finite differences at the inputs of a sample."""
    if sample.gradient is not None:
        return sample.gradient
    moving = [i for i in inputs_of(sample) if i.grad and i.dtype in (None, *FLOATS, *COMPLEX)]
    return bool(moving) and all(i.values.smooth and math.prod(i.shape) <= _GRADIENT_ELEMENTS for i in moving)
