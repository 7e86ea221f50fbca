"""Every primitive has a kernel in every backend of this repository, and no backend has kernels that no op calls."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

import tensorplug as tp
import tensorplug_cupy.kernels
import tensorplug_opencl.kernels
from tensorplug.backend import COMPLEX_ONLY, Backend
from tensorplug.op import FUSED, PRIMITIVE, table

COPIES_BETWEEN_DEVICES = "to_device"
"""Done by ``from_host`` and ``to_host`` (or a converter), so it has no kernel."""


def primitives() -> set[str]:
    return {op.name for op in table.values() if op.kind == PRIMITIVE} - {COPIES_BETWEEN_DEVICES}


def kernels_of_numpy() -> set[str]:
    return set(tp.registry.backend_of("cpu").kernels)


def kernels_of_cupy() -> set[str]:
    return set(tensorplug_cupy.kernels.names())


def kernels_of_toy() -> set[str]:
    return set(tp.registry.backend_of("toy").kernels) | COMPLEX_ONLY


def kernels_of_opencl() -> set[str]:
    return set(tensorplug_opencl.kernels.names()) | COMPLEX_ONLY


BACKENDS = [kernels_of_numpy, kernels_of_cupy, kernels_of_opencl, kernels_of_toy]


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("kernels", BACKENDS)
def test_every_primitive_has_a_kernel(kernels: Callable[[], set[str]]) -> None:
    assert sorted(primitives() - kernels()) == []


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("kernels", BACKENDS)
def test_every_kernel_belongs_to_an_op_that_calls_it(kernels: Callable[[], set[str]]) -> None:
    callable_ops = {op.name for op in table.values() if op.kind in (PRIMITIVE, FUSED)}
    assert sorted(kernels() - callable_ops) == []


def test_cupys_kernels_are_named_without_cupy() -> None:
    code = "import sys; sys.modules['cupy'] = None; from tensorplug_cupy import kernels; print(len(kernels.names()))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert int(run.stdout) == len(kernels_of_cupy())


def test_complex_only_primitives_are_primitives() -> None:
    assert primitives() >= COMPLEX_ONLY


def test_everything_in_the_contract_is_documented() -> None:
    methods = [m for name, m in vars(Backend).items() if callable(m) and not name.startswith("_")]
    assert len(methods) > 10
    assert [m.__name__ for m in methods if not m.__doc__] == []
