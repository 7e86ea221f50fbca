"""``tensorplug conformance``: hands over to the suite, which is imported only then."""

from __future__ import annotations

import importlib

import click


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def conformance(arguments: tuple[str, ...]) -> None:
    """Check a device against NumPy and report what is right and what is not (--device, --op, --help)."""
    # By name, because the framework stands below the suite.
    suite = importlib.import_module("tensorplug_conformance.cli")
    raise SystemExit(suite.run(list(arguments)))
