"""A device that has nothing but kernels for the primitives passes: every decomposition is as good as a kernel."""

from collections.abc import Callable
from typing import Any

import pytest

from tensorplug.extend import BackendEntry
from tensorplug.op import FUSED, PRIMITIVE, table
from tensorplug_conformance import run
from tensorplug_conformance.runner import PASSED
from tensorplug_conformance.samples import ROWS
from tensorplug_numpy.backend import NumpyBackend


class PrimitiveBackend(NumpyBackend):
    """NumPy without its kernels for ops that can do without."""

    device_type = "primitive"

    def kernel(self, name: str, dtype: Any) -> Any:
        return super().kernel(name, dtype) if name in table and table[name].kind == PRIMITIVE else None

    def inplace_kernel(self, name: str, dtype: Any) -> Any:
        return None


DECOMPOSED = list(
    dict.fromkeys(row.op for row in ROWS if any(table[name].kind == FUSED for name in (row.op, *row.covers)))
)


@pytest.fixture
def device(plug: Callable[..., Any]) -> str:
    plug("primitive", backends=lambda: [BackendEntry("primitive", PrimitiveBackend)])
    return "primitive"


@pytest.mark.parametrize("op", DECOMPOSED)
def test_decomposition(device: str, op: str) -> None:
    wrong = [f"{r.id}: {r.message}\n{r.script}" for r in run(device, [op], quick=True) if r.status != PASSED]
    assert not wrong, "\n\n".join(wrong)
