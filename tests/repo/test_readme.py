"""The README says what is true: its commands are CI's, its code runs, its links and file names exist."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import tensorplug

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETUP_BLOCK = re.compile(r"^<!-- set-up: (\w+) -->\n```bash\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
PYTHON_BLOCK = re.compile(r"^```python\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
FOLDERS = r"\.ci|\.github|framework|backends|conformance|tests|docs|examples|plugins"
BACKTICKED_PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_readme_has_two_setup_commands() -> None:
    assert [name for name, _ in SETUP_BLOCK.findall(README)] == ["demo", "test"]
    assert README.count("```bash") == 2


@pytest.mark.parametrize("name", ["demo", "test"])
def test_ci_runs_the_readme_command(name: str) -> None:
    script = ROOT / ".ci" / "readme-command"
    printed = subprocess.run(["bash", script, name], capture_output=True, text=True, check=True, timeout=30)
    assert printed.stdout.strip() == dict(SETUP_BLOCK.findall(README))[name]
    assert f"step readme_command {name}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_readme_training_run_learns(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = PYTHON_BLOCK.findall(README)
    tensorplug.manual_seed(0)
    exec(compile(code, "<training run of README.md>", "exec"), {})
    right = float(re.search(r"right ([\d.]+)%", capsys.readouterr().out)[1])
    assert right > 95


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_file_names_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [page.parent / link for link in LINK.findall(text) if "://" not in link]
    named = [ROOT / path for path in BACKTICKED_PATH.findall(text)]
    assert [str(path) for path in links + named if not path.exists()] == []


def test_version_is_the_same_everywhere() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## \[(\d[\d.]*)\]", changelog, re.MULTILINE)
    assert tensorplug.__version__ == version
    assert releases[0] == version
