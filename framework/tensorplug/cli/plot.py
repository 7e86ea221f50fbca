"""Loss curves as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tensorplug.cli.training import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLES = "-", "--", ":", "-."


def new_figure() -> Figure:
    """An empty picture.

    Raises:
        click.ClickException: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise click.ClickException(f"--plot needs matplotlib: pip install matplotlib; {error}") from error
    return Figure(figsize=(8, 5), layout="constrained")


def draw_losses(figure: Figure, runs: Sequence[Run], path: Path) -> None:
    """Draw the loss of every step, one curve for each device; the ending of ``path`` is the format."""
    axes = figure.subplots()
    for position, run in enumerate(runs):
        # Equal curves lie on one another: the later ones are broken, so that those below show.
        style = _STYLES[position % len(_STYLES)]
        axes.plot(
            range(1, len(run.step_losses) + 1),
            run.step_losses,
            style,
            label=f"{run.device} ({run.accuracy:.1%})",
        )
    axes.set(xlabel="step", ylabel="loss", yscale="log", title="Handwritten digits, the same seed on each device")
    axes.legend()
    figure.savefig(path)
