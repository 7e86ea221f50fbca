"""devices, doctor, ops, conformance, and what plugins add to them."""

import subprocess
import sys
import types

import click
import numpy as np
import pytest

import tensorplug as tp
from tensorplug.errors import PluginWarning
from tensorplug.hookspecs import BackendEntry
from tensorplug.op import table


def broken():
    raise ImportError("no vendor: pip install 'toy[vendor]'")


def test_module_runs_as_the_command():
    run = subprocess.run([sys.executable, "-m", "tensorplug", "--version"], capture_output=True, text=True, timeout=60)
    assert run.stdout == f"tensorplug, version {tp.__version__}\n"


def test_devices_names_device_plugin_and_missing_dtypes(run, add_device):
    add_device("toy", unsupported_dtypes=frozenset([tp.float64, tp.complex128]))
    line = next(line for line in run("devices").output.splitlines() if "toy" in line)
    assert "complex128, float64" in line
    assert "plugin-of-toy" in line
    assert f"NumPy {np.__version__}" in line


def test_devices_marks_the_default_device(run):
    assert "cpu (default)" in run("devices").output


def test_devices_says_why_a_device_is_not_available(run, plug):
    plug("guest", tensorplug_backends=lambda: [BackendEntry("toy", broken)])
    result = run("devices")
    assert result.exit_code == 0
    assert "ImportError: no vendor: pip install 'toy[vendor]'" in result.output
    failed = result.output.partition("Plugins that failed: ")[2].partition(".")[0]
    assert "guest" in failed.split(", ")  # beside plugins whose libraries this machine lacks


def test_a_broken_default_device_does_not_hide_the_others(run, add_device, plug):
    add_device("toy")
    plug("guest", tensorplug_backends=lambda: [BackendEntry("gone", broken)])
    tp.set_default_device("gone")
    try:
        lines, doctor = run("devices").output.splitlines(), run("doctor")
    finally:
        tp.set_default_device("cpu")
    assert any("gone" in line and "not available" in line for line in lines)
    assert any("toy" in line and "NumPy" in line for line in lines)
    assert doctor.exit_code == 1


def test_doctor_finds_the_cpu_healthy_and_shows_what_its_backend_tells(run, add_device):
    add_device("toy", diagnostics=lambda self: [("driver", "version 7")])
    result = run("doctor")
    assert result.exit_code == 0
    assert "All devices found work." in result.output
    assert "version 7" in result.output


def test_doctor_shows_the_traceback_of_a_plugin_that_failed(run, plug):
    plug("guest", tensorplug_backends=lambda: [BackendEntry("toy", broken)])
    result = run("doctor")
    assert result.exit_code == 0
    assert "plugin guest failed:" in result.output
    assert 'raise ImportError("no vendor' in result.output


def test_doctor_fails_when_a_device_computes_wrong_gradients(run, add_device):
    def kernel(self, name, dtype):
        found = type(self).__mro__[1].kernel(self, name, dtype)
        return (lambda a, b: 0 * found(a, b)) if name == "matmul_batched" else found

    add_device("toy", kernel=kernel)
    result = run("doctor")
    assert result.exit_code == 1
    assert "wrong: a gradient came out as [[0.0, 0.0], [0.0, 0.0]]" in result.output


def test_ops_lists_the_whole_table(run):
    output = run("ops").output
    assert f"{len(table)} ops" in output
    assert all(f" {name} " in output for name in table)


def test_ops_of_one_kind(run):
    output = run("ops", "--kind", "primitive").output
    assert " exp " in output
    assert " softmax " not in output


def test_ops_tells_what_a_device_lacks(run, add_device):
    add_device("toy", kernel=lambda self, name, dtype: None)
    output = run("ops", "--kind", "primitive", "--device", "toy").output
    primitives = sum(op.kind == "primitive" for op in table.values())
    assert f"toy: {primitives - 1} missing, 1 host copies" in output


def test_op_by_name_shows_signature_contract_and_docstring(run):
    output = run("ops", "clip").output
    assert output.startswith("clamp(input: Tensor, min: Tensor | Number | None = None")
    assert "Limits each element" in output
    assert "clamp(input, min, max) -> result" in output


def test_unknown_op_suggests_a_near_one(run):
    result = run("ops", "exo")
    assert result.exit_code == 2
    assert "did you mean exp" in result.output


def test_unknown_device_is_a_usage_error_that_lists_devices(run):
    result = run("ops", "--device", "toaster")
    assert result.exit_code == 2
    assert "the device types found are" in result.output


def test_plugins_add_commands(run, plug):
    plug("guest", tensorplug_cli_commands=lambda: [click.Command("greet", callback=lambda: click.echo("hello"))])
    assert "greet" in run("--help").output
    assert run("greet").output == "hello\n"


def test_a_plugin_cannot_replace_a_built_in_command(run, plug):
    plug("guest", tensorplug_cli_commands=lambda: [click.Command("ops", callback=lambda: click.echo("mine"))])
    assert run("ops", "exp").output != "mine\n"


def test_a_plugin_whose_commands_fail_is_named_and_left_out(run, plug):
    plug("guest", tensorplug_cli_commands=broken)
    with pytest.warns(PluginWarning, match="commands of plugin 'guest'"):
        result = run("--help")
    assert "doctor" in result.output


def test_conformance_hands_its_arguments_to_the_suite(run, monkeypatch):
    seen = []
    suite = types.ModuleType("tensorplug_conformance.cli")
    suite.run = lambda arguments: seen.extend(arguments) or 3
    monkeypatch.setitem(sys.modules, "tensorplug_conformance.cli", suite)
    assert run("conformance", "--device", "toy", "-k", "exp").exit_code == 3
    assert seen == ["--device", "toy", "-k", "exp"]


def test_conformance_runs_the_suite_on_one_op(run):
    result = run("conformance", "--op", "exp", "--quick")
    assert result.exit_code == 0, result.output
    assert "passes: 1 of 1 ops" in result.output
