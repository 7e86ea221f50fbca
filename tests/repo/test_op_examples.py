"""The examples in the docstrings of ops run. Ops are no functions, so pytest's own collection does not see them."""

import doctest

import pytest

import tensorplug as tp
from tensorplug.op import Op, table

OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
OPS = [op for op in table.values() if ">>>" in op.doc]


@pytest.mark.parametrize("op", OPS, ids=[op.name for op in OPS])
def test_example_prints_what_it_promises(op: Op) -> None:
    example = doctest.DocTestParser().get_doctest(op.doc, {"tp": tp}, op.name, op.body.__module__, None)
    told: list[str] = []
    doctest.DocTestRunner(optionflags=OPTIONS).run(example, out=told.append)
    assert "".join(told) == ""
