"""What a run tells: the command's exit code and JSON, scripts that show a failure, and the suite as pytest items."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tensorplug as tp
from tensorplug.extend import BackendEntry
from tensorplug_conformance import cli, replay, run
from tensorplug_conformance.cases import cases, find
from tensorplug_conformance.compare import Mismatch
from tensorplug_conformance.runner import PASSED
from tensorplug_conformance.snippet import script
from tensorplug_numpy.backend import NumpyBackend


class WrongExp(NumpyBackend):
    """A device whose exponentials are off."""

    device_type = "wrongexp"

    def kernel(self, name: str, dtype: Any) -> Any:
        return np.exp2 if name == "exp" else super().kernel(name, dtype)


@pytest.fixture
def wrong(plug: Callable[..., Any]) -> str:
    plug("wrongexp", backends=lambda: [BackendEntry("wrongexp", WrongExp)])
    return "wrongexp"


def test_command_passes_where_all_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--device", "cpu", "--op", "exp", "--quick"]) == 0
    assert "passes: 1 of 1 ops" in capsys.readouterr().out


def test_command_fails_and_shows_a_script(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--device", wrong, "--op", "exp", "--quick"]) == 1
    shown = capsys.readouterr().out
    assert "does not pass: 0 of 1 ops" in shown
    assert "import tensorplug as tp" in shown


@pytest.mark.parametrize("arguments", [["--op", "nosuchop"], ["--device", "nosuchdevice"]])
def test_command_names_what_does_not_exist(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(arguments) == 2
    assert arguments[1] in capsys.readouterr().out


def test_json_counts_every_check_and_lists_failures(wrong: str, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    assert cli.check(wrong, ["exp", "neg"], quick=True, json=file, seed=3) == 1
    found = json.loads(file.read_text())
    assert (found["format"], found["device"], found["seed"], found["quick"]) == (1, wrong, 3, True)
    assert found["summary"]["ops"] == 2
    assert found["summary"]["ops_passed"] == 1
    assert found["summary"]["cases"] == sum(found["summary"][status] for status in ("passed", "failed", "error"))
    assert {failure["op"] for failure in found["failures"]} == {"exp"}
    assert found["ops"]["neg"]["passed_of"]["value"]["float32"][0] > 0
    assert "NaN" in found["ops"]["neg"]["hazards"]


def test_same_seed_gives_same_inputs_and_another_others() -> None:
    case = find("exp/value/0/float32/contiguous")
    assert script(case, "cpu", 0) == script(case, "cpu", 0) != script(case, "cpu", 1)


def test_replay_raises_what_is_wrong(wrong: str) -> None:
    replay("exp/value/0/float32/contiguous")
    with pytest.raises(Mismatch, match="elements differ"):
        replay("exp/value/0/float32/contiguous", device=wrong)


@pytest.mark.parametrize("op", ["exp", "sum", "cat", "clamp", "where", "matmul", "linear", "unsqueeze", "full_like"])
def test_scripts_run(op: str, capsys: pytest.CaptureFixture[str]) -> None:
    written = {}
    for case in cases("cpu", [op], quick=True):
        text = script(case, "cpu", 0)
        if case.check == "value" and "replay" not in text:
            written[case.layout] = text
    assert written
    for text in written.values():
        exec(text, {})
        assert "tensor(" in capsys.readouterr().out


def test_a_script_shows_the_strides_that_matter() -> None:
    case = find("neg/value/0/float32/strided")
    assert "replay" in script(case, "cpu", 0)  # too many elements to write out
    small = find("matmul/value/1/float32/strided")
    assert ".as_strided((4,), (2,), 1)" in script(small, "cpu", 0)


def test_the_suite_runs_as_pytest_items() -> None:
    arguments = ["-p", "tensorplug_conformance.plugin", "--pyargs", "tensorplug_conformance", "--device", "cpu"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments, "--op", "neg", "--quick"]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd="/")
    assert found.returncode == 0, found.stdout + found.stderr
    assert f"{sum(1 for _ in cases('cpu', ['neg'], quick=True))} passed" in found.stdout


def test_refused_dtypes_are_tried(plug: Callable[..., Any]) -> None:
    class WithoutDoubles(NumpyBackend):
        device_type = "small"
        unsupported_dtypes = frozenset((tp.float64,))

    plug("small", backends=lambda: [BackendEntry("small", WithoutDoubles)])
    results = {}
    for result in run("small", quick=True):
        if result.check == "value":
            break
        results[result.id] = result.status
    assert results["refused dtype/float64"] == PASSED
