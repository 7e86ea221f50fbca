"""Plugins as strangers write them: found, used, removed without a trace, and harmless when they are broken."""

from __future__ import annotations

import doctest
import importlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import tensorplug as tp
from tensorplug import extend, hookspecs, registry
from tensorplug.extend import composite, observe, unary
from tensorplug.ops.define import floating

Plug = Callable[..., Any]

GUIDE = Path(__file__).parents[2] / "docs" / "write_a_plugin.md"


def guide_blocks(language: str) -> str:
    """The code of one language on the page about plugins."""
    text = GUIDE.read_text(encoding="utf-8")
    return "\n\n".join(re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the search path whose modules are forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.fixture
def guide(folder: Path) -> ModuleType:
    """The plugin that the guide builds."""
    (folder / "my_plugin.py").write_text(guide_blocks("python"), encoding="utf-8")
    return importlib.import_module("my_plugin")


def run_python(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter with the folder on its path, and warnings shown."""
    path = os.pathsep.join([str(folder), *sys.path])
    plugins = ",".join(filter(None, [os.environ.get("TENSORPLUG_PLUGINS", ""), environment.pop("plugins", "")]))
    env = {**os.environ, "PYTHONPATH": path, "TENSORPLUG_PLUGINS": plugins, **environment}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=env)


def snapshot() -> dict[str, Any]:
    """All that plugins can change."""
    kind = registry.kind_of(tp.device("cpu"), tp.float32)
    return {
        "devices": registry.device_types(),
        "ops": dict(tp.op.table),
        "functions": dir(tp.ops),
        "kernels": {name: kind.kernels[name] for name in tp.op.table},
        "in place": {name: kind.inplace_kernels[name] for name in tp.op.table},
        "plugins": sorted(name for name, _ in registry.plugins()),
    }


# ---------------------------------------------------------------------------------------------------- the guide


def test_the_guide_does_what_it_shows(guide: ModuleType) -> None:
    steps = doctest.DocTestParser().get_doctest(guide_blocks("pycon"), {}, "write_a_plugin", str(GUIDE), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    said: list[str] = []
    runner.run(steps, out=said.append)
    assert runner.summarize(verbose=False).attempted > 10
    assert said == []


def test_every_hook_has_a_docstring_and_is_on_the_page() -> None:
    hooks = [hook for name, hook in vars(hookspecs).items() if name.startswith("tensorplug_")]
    assert len(hooks) > 5
    assert [hook.__name__ for hook in hooks if not hook.__doc__ or hook.__name__ not in GUIDE.read_text("utf-8")] == []


def test_every_name_for_plugin_authors_is_listed_once_and_there() -> None:
    assert len(set(extend.__all__)) == len(extend.__all__)
    assert [name for name in extend.__all__ if not hasattr(extend, name)] == []


def test_a_plugin_leaves_nothing_behind(guide: ModuleType) -> None:
    before = snapshot()
    registry.register(guide, "my_plugin")
    during = snapshot()
    registry.unregister(guide)
    assert set(during["devices"]) - set(before["devices"]) == {"echo"}
    assert set(during["ops"]) - set(before["ops"]) == {"swish"}
    assert during["kernels"]["sum"] is guide.sum_of_rows
    assert snapshot() == before


def test_importing_a_plugin_changes_nothing(folder: Path) -> None:
    before = snapshot()
    (folder / "my_plugin.py").write_text(guide_blocks("python"), encoding="utf-8")
    importlib.import_module("my_plugin")
    assert snapshot() == before


def test_its_op_has_kernel_default_and_gradient(guide: ModuleType) -> None:
    registry.register(guide)
    try:
        host = np.linspace(-3, 3, 7, dtype=np.float32)
        found = []
        for device in ("cpu", "echo"):
            x = tp.tensor(host, device=device, requires_grad=True)
            y = tp.ops.swish(x, 1.5)
            y.sum().backward()
            found.append((y.detach().cpu().numpy(), x.grad.cpu().numpy()))  # type: ignore[union-attr]
        gate = 1 / (1 + np.exp(-1.5 * host))
        for value, slope in found:
            np.testing.assert_allclose(value, host * gate, rtol=1e-6, atol=1e-6)
            np.testing.assert_allclose(slope, gate + 1.5 * host * gate * (1 - gate), rtol=1e-5, atol=1e-6)
        assert tp.autograd.gradcheck(tp.ops.swish, (tp.randn(3, dtype=tp.float64, requires_grad=True),))
    finally:
        registry.unregister(guide)


def test_its_kernel_for_sum_hands_on_what_it_does_not_do(guide: ModuleType) -> None:
    registry.register(guide)
    try:
        x = tp.arange(6).reshape(2, 3)
        assert x.float().sum(1).tolist() == [3, 12]
        assert x.sum(1).tolist() == [3, 12]
        assert x.double().sum().item() == 15
    finally:
        registry.unregister(guide)


def test_its_device_trains_a_model(guide: ModuleType) -> None:
    registry.register(guide)
    try:
        losses = []
        for device in ("echo", "cpu"):
            tp.manual_seed(0)
            net = tp.nn.Sequential(tp.nn.Linear(3, 8), tp.nn.ReLU(), tp.nn.Linear(8, 1)).to(device)
            step = tp.optim.Adam(net.parameters(), lr=0.05)
            x = tp.randn(16, 3, device=device)
            for _ in range(5):
                step.zero_grad()
                loss = ((net(x) - x.sum(1, keepdim=True)) ** 2).mean()
                loss.backward()
                step.step()
            losses.append(loss.item())
        assert losses[0] == pytest.approx(losses[1], rel=1e-4)
    finally:
        registry.unregister(guide)


# ---------------------------------------------------------------------------------------------------- finding them


def test_the_environment_names_plugins_by_module(guide: ModuleType, folder: Path) -> None:
    code = "import tensorplug as tp; print(tp.ops.swish(tp.zeros(2)).tolist(), tp.ones(1, device='echo').device)"
    run = run_python(code, folder, plugins="my_plugin")
    assert (run.stdout.strip(), run.returncode) == ("[0.0, 0.0] echo:0", 0), run.stderr


def test_an_ops_function_is_found_before_any_tensor_was_made(guide: ModuleType, folder: Path) -> None:
    run = run_python("import tensorplug as tp; print(tp.ops.swish.__name__)", folder, plugins="my_plugin")
    assert run.stdout.strip() == "swish", run.stderr


def test_the_environment_leaves_plugins_out(guide: ModuleType, folder: Path) -> None:
    code = "import tensorplug as tp; print(hasattr(tp.ops, 'swish'), 'my_plugin' in dict(tp.registry.plugins()))"
    run = run_python(code, folder, plugins="my_plugin", TENSORPLUG_DISABLE_PLUGINS="my_plugin")
    assert run.stdout.strip() == "False False", run.stderr


def test_entry_points_are_found_and_can_be_left_out_by_name_or_module(guide: ModuleType, folder: Path) -> None:
    info = folder / "my_plugin-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-plugin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[tensorplug]\nguest = my_plugin\n")
    code = "import tensorplug as tp; print(hasattr(tp.ops, 'swish'), 'guest' in dict(tp.registry.plugins()))"
    assert run_python(code, folder).stdout.strip() == "True True"
    for name in ("guest", "my_plugin"):
        assert run_python(code, folder, TENSORPLUG_DISABLE_PLUGINS=name).stdout.strip() == "False False"


# ---------------------------------------------------------------------------------------------------- broken ones

BROKEN = {
    "raises on import": ("raise OSError('no driver')", "OSError: no driver"),
    "is no Python": ("def (", "SyntaxError"),
    "has a misspelt hook": (
        "from tensorplug.extend import hookimpl\n@hookimpl\ndef tensorplug_backend(): return []",
        "tensorplug_backend",
    ),
    "has a hook that raises": (
        "from tensorplug.extend import hookimpl\n@hookimpl\ndef tensorplug_ops(): return 1 / 0",
        "ZeroDivisionError",
    ),
    "claims cpu": (
        "from tensorplug.extend import *\n@hookimpl\ndef tensorplug_backends(): return [BackendEntry('cpu', Backend)]",
        "both bring device 'cpu'",
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_plugin_is_named_with_its_traceback_and_breaks_nothing(
    how: str, guide: ModuleType, folder: Path
) -> None:
    source, reason = BROKEN[how]
    (folder / "broken_plugin.py").write_text(source)
    code = (
        "import tensorplug as tp\n"
        "print(tp.ops.swish(tp.zeros(1)).tolist(), (tp.ones(2, device='cpu') + 1).tolist())\n"
        "print(tp.registry.failures['broken_plugin'])"
    )
    run = run_python(code, folder, plugins="broken_plugin,my_plugin")
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("[0.0] [2.0, 2.0]\n")
    assert "Traceback" in run.stdout
    assert reason in run.stdout
    assert re.search("PluginWarning: tensorplug plugin 'broken_plugin' failed to load", run.stderr)


def test_an_unknown_device_tells_of_plugins_that_failed(folder: Path) -> None:
    (folder / "broken_plugin.py").write_text("raise OSError('no driver')")
    run = run_python("import tensorplug as tp; tp.ones(1, device='npu')", folder, plugins="broken_plugin")
    assert "no device of type 'npu'" in run.stderr
    assert "Plugins that failed to load: broken_plugin (see tensorplug.registry.failures)" in run.stderr


# ---------------------------------------------------------------------------------------------------- ops of plugins


def test_an_op_is_callable_before_and_after_its_plugin_is_there(plug: Plug) -> None:
    @unary(floating)
    def twice(input: Any) -> Any:
        """``2 * input``."""

    twice.default(lambda input: input * 2)
    twice.grads(input=lambda g: g * 2)
    x = tp.tensor([1.5], requires_grad=True)
    assert twice(x).item() == 3
    plugin = plug("doubler", ops=lambda: [twice])
    tp.ops.twice(x).backward()
    assert x.grad is not None
    assert x.grad.item() == 2
    assert tp.ops.twice_(tp.tensor([1.0])).item() == 2
    assert tp.ops.twice.__doc__.startswith("``2 * input``.")
    registry.unregister(plugin)
    assert not hasattr(tp.ops, "twice")
    assert twice(x).item() == 3


def test_an_op_whose_name_is_taken_is_refused(plug: Plug) -> None:
    @composite()
    def exp(input: Any) -> Any:
        return input

    @composite()
    def random(input: Any) -> Any:
        return input

    for op in (exp, random):
        with pytest.raises(ValueError, match=f"the name '{op.name}' is taken"):
            plug("copycat", ops=lambda op=op: [op])
    assert tp.zeros(1).exp().item() == 1
    assert isinstance(tp.ops.random, ModuleType)


def test_something_that_is_no_op_is_refused(plug: Plug) -> None:
    with pytest.raises(TypeError, match=r"tensorplug_ops: expected ops made by the decorators of tensorplug.extend"):
        plug("hasty", ops=lambda: [len])


def test_an_op_without_kernel_or_default_says_so(plug: Plug) -> None:
    @unary(floating)
    def mystery(input: Any) -> Any:
        """Nobody knows."""

    plug("mystery", ops=lambda: [mystery])
    with pytest.raises(tp.errors.UnsupportedOpError, match="mystery: device 'cpu' has no kernel"):
        tp.ops.mystery(tp.ones(1))


def test_observers_see_a_plugins_ops(guide: ModuleType) -> None:
    registry.register(guide)
    seen: list[str] = []
    stop = observe(lambda name, inputs, run: (seen.append(name), run())[1])
    tp.ops.swish(tp.zeros(1, device="echo"))
    stop()
    registry.unregister(guide)
    assert seen == ["filled", "swish", "mul", "sigmoid", "mul"]
