"""``tensorplug doctor``: what an installation consists of, what works, and what to do about the rest."""

from __future__ import annotations

import platform
import sys

import click
import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import tensorplug as tp
from tensorplug.cli.console import new_console
from tensorplug.cli.found import Found, find_devices


@click.command()
def doctor() -> None:
    """Check the installation: versions, plugins, devices, what failed and what to install.

    Ends with status 1 when a device that was found gives wrong results, or the default device does not work.
    """
    console = new_console()
    found = find_devices()
    _print_pairs(console, "environment", _environment())
    _print_plugins(console)
    healthy = True
    for group in found:
        healthy = _print_device(console, group) and healthy
    _print_failures(console, found)
    console.print("[green]All devices found work.[/green]" if healthy else "[red]Something is wrong, see above.[/red]")
    if not healthy:
        raise SystemExit(1)


def _environment() -> list[tuple[str, str]]:
    return [
        ("tensorplug", tp.__version__),
        ("Python", f"{platform.python_version()} ({sys.executable})"),
        ("NumPy", np.__version__),
        ("system", platform.platform()),
    ]


def _print_pairs(console: Console, title: str, pairs: list[tuple[str, str]]) -> None:
    table = Table("what", "found", title=title, show_header=False)
    for name, value in pairs:
        table.add_row(escape(name), escape(value))
    console.print(table)


def _print_plugins(console: Console) -> None:
    table = Table("plugin", "module", "hooks", title="plugins loaded")
    for name, plugin in tp.registry.plugins():
        hooks = sorted(
            hook for hook in dir(plugin) if hook.startswith("tensorplug_") and callable(getattr(plugin, hook))
        )
        table.add_row(name, getattr(plugin, "__name__", type(plugin).__name__), ", ".join(hooks))
    console.print(table)


def _print_device(console: Console, found: Found) -> bool:
    if found.backend is None or not found.devices:
        return found.device_type != tp.get_default_device().type
    pairs, healthy = [], True
    for device in found.devices:
        trouble = _trouble(device) if found.computes else ""
        healthy = healthy and not trouble
        pairs.append((str(device), f"{found.backend.device_name(device)}: {trouble or 'works'}"))
    _print_pairs(console, f"device type {found.device_type}", [*pairs, *found.backend.diagnostics()])
    return healthy


def _trouble(device: tp.device) -> str:
    """What goes wrong with a gradient of which we know the value, or nothing."""
    try:
        x = tp.tensor([[1.0, 2.0], [3.0, 4.0]], device=device, requires_grad=True)
        (x @ x).sum().backward()
        gradient = x.grad.tolist()
    except Exception as error:
        return f"fails: {type(error).__name__}: {error}"
    expected = [[7.0, 11.0], [9.0, 13.0]]
    return "" if gradient == expected else f"wrong: a gradient came out as {gradient} instead of {expected}"


def _print_failures(console: Console, found: list[Found]) -> None:
    for group in found:
        if not group.devices:
            console.print(f"[yellow]{group.device_type}[/yellow] is not available: {escape(group.error)}")
    for plugin, traceback in sorted(tp.registry.failures.items()):
        console.print(f"[yellow]plugin {plugin} failed:[/yellow]")
        console.print(traceback, markup=False, style="dim")
