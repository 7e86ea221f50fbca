"""The benchmark commands run from a bare checkout and write what they promise."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tensorplug.op import table

ROOT = Path(__file__).resolve().parents[2]


def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / script), *arguments],
        capture_output=True,
        text=True,
        timeout=200,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
    )


def test_run_measures_one_case_and_writes_every_round(tmp_path):
    path = tmp_path / "times.json"
    done = run("run.py", "--quick", "--only", "dispatch: add 4x4, recorded", "--json", str(path))
    assert done.returncode == 0, done.stderr
    (case,) = json.loads(path.read_text())["cases"]
    assert case["error"] == ""
    assert len(case["tensorplug"]) == 5
    assert all(0 < seconds < 1e-3 for seconds in case["tensorplug"])
    assert "dispatch: add 4x4, recorded" in done.stdout


def test_ops_are_timed_by_form_of_call(tmp_path):
    path = tmp_path / "times.json"
    done = run("ops.py", "sign", "--form", "float", "--threads", "1", "--json", str(path))
    assert done.returncode == 0, done.stderr
    (case,) = json.loads(path.read_text())["cases"]
    assert case["name"] == "sign(float)"
    assert case["error"] == ""
    assert len(case["tensorplug"]) == 7


def test_the_page_about_slow_ops_names_ops():
    page = (ROOT / "docs" / "speed_of_ops.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `(\w+)`", page, re.MULTILINE)
    assert len(named) > 20
    assert set(named) <= set(table)
    assert len(named) == len(set(named))


def test_gpu_report_without_the_device_says_so_and_succeeds(tmp_path):
    done = run("gpu_report.py", "--out", str(tmp_path / "report"), "--device", "toaster", PYTHONPATH="")
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert "no device of type 'toaster'" in report["missing"]
    assert "nothing was run" in (tmp_path / "report" / "report.md").read_text()


def test_conformance_stops_when_its_time_is_used_up(tmp_path):
    path = tmp_path / "conformance.json"
    done = run("conform.py", "cpu", "0.5", "--json", str(path))
    assert done.returncode == 0, done.stderr
    found = json.loads(path.read_text())
    assert not found["complete"]
    assert all(entry["passed"] + entry["failed"] + entry["error"] for entry in found["ops"].values())
