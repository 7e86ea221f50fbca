"""A small part of the suite for every op, on the CPU and on the meta device: plain ``pytest`` sees each of them."""

import pytest

from tensorplug_conformance import run
from tensorplug_conformance.runner import PASSED
from tensorplug_conformance.samples import ROWS

OPS = list(dict.fromkeys(row.op for row in ROWS))


@pytest.mark.parametrize("op", OPS)
@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_op(device: str, op: str) -> None:
    wrong = [f"{r.id}: {r.message}\n{r.script}" for r in run(device, [op], quick=True) if r.status != PASSED]
    assert not wrong, "\n\n".join(wrong)
