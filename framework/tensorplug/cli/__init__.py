"""The command line: ``tensorplug`` or ``python -m tensorplug``."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

import click

import tensorplug as tp
from tensorplug.cli import conformance, demo, devices, doctor, ops
from tensorplug.errors import PluginWarning

__all__ = ["main"]


class Commands(click.Group):
    """The built-in commands and those of plugins, who are asked for them when the command line runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *plugin_commands()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or plugin_commands().get(cmd_name)


def plugin_commands() -> dict[str, click.Command]:
    """The commands that plugins add, by name; a plugin that fails at it is named in a warning."""
    found: dict[str, click.Command] = {}
    for impl in tp.registry.hooks().tensorplug_cli_commands.get_hookimpls():
        try:
            commands: Iterable[click.Command] = impl.function() or ()
            found.update((str(command.name), command) for command in commands)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            warnings.warn(f"commands of plugin '{impl.plugin_name}' are left out: {text}", PluginWarning, stacklevel=2)
    return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(tp.__version__, prog_name="tensorplug")
def main() -> None:
    """PyTorch's front-end in Python, every device a plugin."""


for command in (conformance.conformance, demo.demo, devices.devices, doctor.doctor, ops.ops):
    main.add_command(command)
