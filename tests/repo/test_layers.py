"""Imports run downhill, and the door is light."""

import ast
import graphlib
import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from importlinter import cli as import_linter

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("tensorplug", "tensorplug_numpy", "tensorplug_cupy", "tensorplug_opencl", "tensorplug_conformance")
HEAVY = ("click", "cupy", "matplotlib", "pyopencl", "rich", "scipy", "sklearn", "torch")


def modules_after(statement: str) -> set[str]:
    """Top-level names in ``sys.modules`` after a fresh interpreter ran one statement."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


def imports_inside_functions(path: Path) -> list[str]:
    """``file:line`` of each import of our own code that is not at module level."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lines = set()
    for node in (inner for function in functions for inner in ast.walk(function)):
        if isinstance(node, ast.Import):
            own = any(alias.name.partition(".")[0] in PACKAGES for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            own = node.level > 0 or (node.module or "").partition(".")[0] in PACKAGES
        else:
            continue
        if own:
            lines.add(node.lineno)
    return [f"{path.relative_to(ROOT)}:{line}" for line in sorted(lines)]


def test_import_contracts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    code = import_linter.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)
    assert code == import_linter.EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_no_module_takes_part_in_an_import_cycle() -> None:
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        graphlib.TopologicalSorter(imports).prepare()
    except graphlib.CycleError as error:
        pytest.fail("import cycle: " + " <- ".join(error.args[1]))


def test_own_modules_are_imported_at_module_level() -> None:
    """Only a plugin's ``__init__`` imports late: there the factory waits until its device is asked for."""
    paths = [
        path
        for top in ("framework", "backends", "conformance")
        for path in sorted((ROOT / top).rglob("*.py"))
        if not (top == "backends" and path.name == "__init__.py")
    ]
    assert [line for path in paths for line in imports_inside_functions(path)] == []


def test_importing_tensorplug_loads_no_heavy_library() -> None:
    assert modules_after("import tensorplug").isdisjoint(HEAVY)


def test_opencl_plugin_imports_without_pyopencl() -> None:
    loaded = modules_after("import sys; sys.modules['pyopencl'] = None; import tensorplug_opencl")
    assert "tensorplug_opencl" in loaded


def test_cuda_plugin_imports_without_cupy() -> None:
    loaded = modules_after("import sys; sys.modules['cupy'] = None; import tensorplug_cupy")
    assert "tensorplug_cupy" in loaded
