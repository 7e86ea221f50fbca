"""Every op of the table has samples and a reference, and rows keep what they say of themselves."""

from collections import Counter

import pytest

from tensorplug import extend
from tensorplug.op import COMPOSITE, table
from tensorplug_conformance.cases import cases, rows
from tensorplug_conformance.runner import run_case
from tensorplug_conformance.samples import ROWS

# Composites are plain functions, which pass no point where they could be seen.
COVERING = [(row, {name for name in row.covers if table[name].kind != COMPOSITE}) for row in ROWS if row.covers]


def test_every_op_has_samples() -> None:
    sampled = {name for row in ROWS for name in (row.op, *row.covers)}
    assert [name for name in table if name not in sampled] == []


def test_rows_name_ops_of_the_table() -> None:
    assert [name for row in ROWS for name in (row.op, *row.covers) if name not in table] == []


def test_every_row_has_samples() -> None:
    assert [row.name for row in ROWS if not row.samples] == []


def test_row_names_are_unique() -> None:
    assert [name for name, count in Counter(row.name for row in ROWS).items() if count > 1] == []


def test_case_ids_are_unique() -> None:
    assert [name for name, count in Counter(case.id for case in cases("cpu")).items() if count > 1] == []


def test_quick_cases_are_few_and_meet_every_row_and_check() -> None:
    everything, quick = list(cases("cpu")), list(cases("cpu", quick=True))
    assert len(quick) < len(everything) / 6
    assert {(c.row.name, c.check) for c in quick} == {(c.row.name, c.check) for c in everything}


@pytest.mark.parametrize(("row", "covered"), COVERING, ids=[row.name for row, _ in COVERING])
def test_ops_that_a_row_covers_are_reached(row, covered) -> None:
    reached = set()

    def note(name, inputs, run):
        reached.add(name)
        return run()

    stop = extend.observe(note)
    try:
        for case in cases("cpu", [row.name]):
            if covered <= reached:
                break
            run_case(case, "cpu")
    finally:
        stop()
    assert covered <= reached


def test_unknown_op_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match="no samples for nosuchop"):
        rows(["exp", "nosuchop"])
