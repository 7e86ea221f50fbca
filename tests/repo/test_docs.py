"""Pages that show code of the repository show it as it is."""

import re
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOWN = re.compile(r"^<!-- from (\S+) -->\n```python\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
BLOCKS = [
    (page.name, source, block)
    for page in sorted((ROOT / "docs").glob("*.md"))
    for source, block in SHOWN.findall(page.read_text(encoding="utf-8"))
]


def test_guide_to_ops_shows_its_three_hunks() -> None:
    shown = {source for page, source, block in BLOCKS if page == "write_an_op.md" and "sinc" in block}
    assert shown == {
        "framework/tensorplug/ops/trigonometry.py",
        "framework/tensorplug/xp/elementwise.py",
        "conformance/tensorplug_conformance/samples/functions.py",
    }


@pytest.mark.parametrize(("page", "source", "block"), BLOCKS, ids=[f"{b[0]}-{i}" for i, b in enumerate(BLOCKS)])
def test_shown_code_is_in_its_file(page: str, source: str, block: str) -> None:
    code = (ROOT / source).read_text(encoding="utf-8")
    as_row_of_a_table = textwrap.indent(block, "    ")
    assert block in code or as_row_of_a_table in code, f"{page} shows code that {source} no longer has"
