"""Every file in examples/ runs, warns of nothing and prints what it promises."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
PROMISES = {
    "array_api": r"np\.log1p gives a Tensor",
    "autograd_tour": r"least at 0\.69314\d",
    "custom_function": r"second derivative at 0: 0\.25",
    "digits_mlp": r"right on (9[5-9]|100)\.\d% of the test images",
}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_prints_what_it_promises(path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert run.returncode == 0, run.stderr
    assert re.search(PROMISES[path.stem], run.stdout)
