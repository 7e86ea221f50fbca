"""``tensorplug demo``: train on one device or on all, and compare the runs number by number."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

import tensorplug as tp
from tensorplug.cli.console import new_console
from tensorplug.cli.found import find_computing_devices, resolve
from tensorplug.cli.plot import draw_losses, new_figure
from tensorplug.cli.training import Digits, Run, load_digits, steps_per_epoch, train


@click.command()
@click.option("--device", help="Where to train; the default device if not given.")
@click.option("--all-devices", is_flag=True, help="Train on every device found, from the same seed, and compare.")
@click.option(
    "--epochs", default=12, show_default=True, type=click.IntRange(min=1), help="How often to see each image."
)
@click.option("--seed", default=0, show_default=True, help="Where all random numbers start.")
@click.option("--save", type=click.Path(dir_okay=False, path_type=Path), help="Keep the weights in this file.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Draw the loss curves into this file.")
def demo(device: str | None, all_devices: bool, epochs: int, seed: int, save: Path | None, plot: Path | None) -> None:
    """Train a small convolutional network on 1797 handwritten digits and test it.

    The weights are saved and loaded into a fresh model, which must get the same answers.
    """
    if device is not None and all_devices:
        raise click.UsageError("--device and --all-devices exclude each other")
    console = new_console()
    digits = load_digits()
    figure = None if plot is None else new_figure()
    wanted = find_computing_devices() if all_devices else [resolve(device or str(tp.get_default_device()))]
    with tempfile.TemporaryDirectory() as scratch:
        runs = [
            _train_with_bar(console, digits, one, epochs, seed, _weights_file(save, Path(scratch), one, len(wanted)))
            for one in wanted
        ]
    for run in runs:
        console.print(_summary(run))
    if all_devices:
        _compare(console, runs)
    if save is not None:
        console.print(f"weights saved in {save}", markup=False)
    if plot is not None and figure is not None:
        draw_losses(figure, runs, plot)
        console.print(f"loss curves drawn in {plot}", markup=False)
    if any(run.reloaded != run.accuracy for run in runs):
        raise click.ClickException("a fresh model with the saved weights gives other answers than the trained one")


def _weights_file(save: Path | None, scratch: Path, device: tp.device, runs: int) -> Path:
    """Where the weights of a run go: with several runs each device's name enters the file's."""
    if save is None:
        return scratch / "weights.pt"
    return save if runs == 1 else save.with_stem(f"{save.stem}-{str(device).replace(':', '')}")


def _train_with_bar(console: Console, digits: Digits, device: tp.device, epochs: int, seed: int, weights: Path) -> Run:
    bar = Progress(
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        TextColumn("step {task.completed}/{task.total}  loss {task.fields[loss]:.4f}  right {task.fields[right]:.1%}"),
        TimeElapsedColumn(),
        console=console,
    )
    with bar:
        task = bar.add_task(str(device), total=epochs * steps_per_epoch(digits), loss=float("nan"), right=0.0)

        def progress(loss: float, right: float) -> None:
            bar.update(task, advance=1, loss=loss, right=right)

        return train(digits, device, epochs, seed, weights, progress)


def _summary(run: Run) -> str:
    same = "the same" if run.reloaded == run.accuracy else f"{run.reloaded:.2%}"
    return (
        f"[bold]{run.device}[/bold]: [green]{run.accuracy:.2%}[/green] of the test images right after "
        f"{run.seconds:.1f} s of training; {same} from the saved weights"
    )


def _compare(console: Console, runs: list[Run]) -> None:
    table = Table("epoch", *[str(run.device) for run in runs], title="mean loss")
    for epoch, losses in enumerate(zip(*[run.losses for run in runs], strict=True), start=1):
        table.add_row(str(epoch), *[f"{loss:.6f}" for loss in losses])
    table.add_section()
    table.add_row("test", *[f"{run.accuracy:.2%}" for run in runs])
    table.add_row("time", *[f"{run.seconds:.1f} s" for run in runs])
    console.print(table)
    if len(runs) == 1:
        console.print(f"{runs[0].device} is the only device found; `tensorplug doctor` tells what others need.")
        return
    difference, step = largest_difference(runs)
    console.print(f"From seed to last step the losses differ by at most {difference:.2g} (step {step}).")


def largest_difference(runs: list[Run]) -> tuple[float, int]:
    """How far the losses of two runs are apart where they are furthest, and the number of that step."""
    spreads = [max(losses) - min(losses) for losses in zip(*[run.step_losses for run in runs], strict=True)]
    step = max(range(len(spreads)), key=spreads.__getitem__)
    return spreads[step], step + 1
