"""Where commands print."""

from __future__ import annotations

import os
import sys

from rich.console import Console

_WIDTH = 120


def new_console() -> Console:
    """A console on standard output; wide enough for the tables where the output is a file or a pipe."""
    fixed = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(width=_WIDTH if fixed else None, highlight=False)
