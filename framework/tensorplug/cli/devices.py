"""``tensorplug devices``: what is here and which plugin brought it."""

from __future__ import annotations

import click
from rich.markup import escape
from rich.table import Table

import tensorplug as tp
from tensorplug.cli.console import new_console
from tensorplug.cli.found import Found, find_devices, is_default


@click.command()
def devices() -> None:
    """List the devices found, what they lack, and the plugins that bring them."""
    table = Table("device", "name", "dtypes it lacks", "plugin", title="devices")
    for found in find_devices():
        for row in _rows(found):
            table.add_row(*row)
    console = new_console()
    console.print(table)
    failed = sorted(tp.registry.failures)
    if failed:
        console.print(f"Plugins that failed: {', '.join(failed)}. `tensorplug doctor` tells more.")


def _rows(found: Found) -> list[tuple[str, str, str, str]]:
    if found.backend is None or not found.devices:
        return [
            (
                f"[dim]{found.device_type}[/dim]",
                f"[yellow]not available:[/yellow] {escape(found.error)}",
                "",
                found.plugin,
            )
        ]
    rows = []
    for device in found.devices:
        lacks = ", ".join(sorted(dtype.name for dtype in found.backend.unsupported_on(device))) or "none"
        default = " (default)" if is_default(device) else ""
        rows.append((f"[bold]{device}[/bold]{default}", escape(found.backend.device_name(device)), lacks, found.plugin))
    return rows
