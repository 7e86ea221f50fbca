"""The suite as tests of pytest.

    pytest -p tensorplug_conformance.plugin --pyargs tensorplug_conformance --device opencl [--op NAME] [--quick]

Each case is a test, found in ``cases.py``; there is nothing to write and nothing to copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tensorplug_conformance.cases import cases
from tensorplug_conformance.runner import PASSED, run_case
from tensorplug_conformance.sample import Case

_PLACE = Path(__file__).with_name("cases.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the command ``tensorplug conformance``."""
    group = parser.getgroup("tensorplug conformance")
    group.addoption("--device", default="cpu", help="the device to check")
    group.addoption("--op", action="append", metavar="NAME", help="only this op; may be given several times")
    group.addoption("--quick", action="store_true", help="about a tenth of the cases, with every op among them")
    group.addoption("--conformance-seed", type=int, default=0, metavar="N", help="other values for all inputs")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The cases come in place of the module that lists them."""
    return CaseFile.from_parent(parent, path=file_path) if file_path == _PLACE else None


class CaseFile(pytest.File):
    """All cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test for each case."""
        given = self.config.option
        for case in cases(given.device, given.op, given.quick):
            yield CaseItem.from_parent(self, name=case.id, case=case)


class CaseItem(pytest.Item):
    """A case as a test."""

    def __init__(self, *, case: Case, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.case = case

    def runtest(self) -> None:
        """Run the case."""
        given = self.config.option
        result = run_case(self.case, given.device, given.conformance_seed)
        if result.status != PASSED:
            pytest.fail(f"{result.message}\n\n{result.script}", pytrace=False)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where the test is, for pytest's messages."""
        return self.path, None, self.name
