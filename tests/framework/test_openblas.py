"""OpenBLAS's kernels are forced exactly where it would overlook the right ones and still can be told."""

import os
import subprocess
import sys

import pytest

from tensorplug import openblas

FLAGS = "flags\t\t: fpu sse2 avx2 avx512f avx512dq avx512vl"


def cpuinfo(vendor: str, family: int, flags: str = FLAGS) -> str:
    return f"processor\t: 0\nvendor_id\t: {vendor}\ncpu family\t: {family}\nmodel name\t: X: Y\n{flags}\n"


ZEN_5 = cpuinfo("AuthenticAMD", 26)


@pytest.mark.parametrize(
    ("info", "core"),
    [
        pytest.param(ZEN_5, "SkylakeX", id="Zen 5"),
        pytest.param(cpuinfo("AuthenticAMD", 27), "SkylakeX", id="later AMD"),
        pytest.param(cpuinfo("AuthenticAMD", 26, "flags : avx2"), None, id="AVX-512 switched off"),
        pytest.param(cpuinfo("AuthenticAMD", 25), None, id="Zen 4"),
        pytest.param(cpuinfo("GenuineIntel", 6), None, id="Intel"),
        pytest.param("processor : 0\nFeatures : fp asimd\n", None, id="ARM"),
        pytest.param("", None, id="not Linux"),
    ],
)
def test_kernels_are_forced_only_where_openblas_overlooks_them(info: str, core: str | None) -> None:
    assert openblas.wanted_core(info) == core


SCRIPT = """
import importlib.util, os, sys
spec = importlib.util.spec_from_file_location("blas", {path!r})
blas = importlib.util.module_from_spec(spec)
spec.loader.exec_module(blas)
blas._cpuinfo = lambda: {info!r}
{before}
print(blas.prepare(), os.environ.get("OPENBLAS_CORETYPE"), "numpy" in sys.modules, blas._choice, sep="|")
"""


def prepared(info: str, before: str = "", **environment: str) -> list[str]:
    """Call `prepare` in a fresh interpreter on a machine with such a CPU."""
    kept = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(path=openblas.__file__, info=info, before=before)],
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip().split("|")


def test_prepare_sets_the_variable_and_does_not_load_numpy() -> None:
    assert prepared(ZEN_5)[:3] == ["SkylakeX", "SkylakeX", "False"]


def test_prepare_leaves_a_known_cpu_alone() -> None:
    core, variable, _, choice = prepared(cpuinfo("AuthenticAMD", 25))
    assert (core, variable) == ("None", "None")
    assert "left to OpenBLAS" in choice


def test_prepare_respects_the_user() -> None:
    core, variable, _, choice = prepared(ZEN_5, OPENBLAS_CORETYPE="Haswell")
    assert (core, variable) == ("None", "Haswell")
    assert "Haswell" in choice


def test_prepare_says_when_it_came_too_late() -> None:
    core, variable, _, choice = prepared(ZEN_5, before="import numpy")
    assert (core, variable) == ("None", "None")
    assert "too late" in choice
