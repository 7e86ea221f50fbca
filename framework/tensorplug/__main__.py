"""``python -m tensorplug``: the same as the command ``tensorplug``."""

from __future__ import annotations

from tensorplug.cli import main

if __name__ == "__main__":
    main(prog_name="tensorplug")
