"""How much of PyTorch's public surface there is: ``python -m tensorplug_conformance.coverage FILE``.

The file is a table of PyTorch's names: CSV with the columns ``space`` (the namespace after ``torch.``, ``torch`` for
its own, ``Tensor`` for methods), ``name`` and ``uses`` (how often public programs use it). Names that are left out on
purpose do not count as covered; a second figure counts them.
"""

from __future__ import annotations

import argparse
import csv
import functools
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import tensorplug as tp
from tensorplug_conformance.framework import left_out


class Name(NamedTuple):
    """One name of PyTorch, and how often it is used."""

    space: str
    name: str
    uses: int


class Tally(NamedTuple):
    """The names of one or several spaces: those there are, those left out on purpose, and those missing."""

    there: list[Name]
    left_out: list[Name]
    missing: list[Name]

    def share(self, *, weighted: bool, with_left_out: bool = False) -> float:
        """The part of the names that are there, by number or by uses, in percent; 100 where there are none."""
        counted = [*self.there, *self.left_out] if with_left_out else self.there
        every = [*self.there, *self.left_out, *self.missing]
        size = (lambda names: sum(n.uses for n in names)) if weighted else len
        return 100 * size(counted) / size(every) if size(every) else 100.0

    def __add__(self, other: Any) -> Tally:
        return Tally(*[a + b for a, b in zip(self, other, strict=True)])


def read(lines: Iterable[str]) -> list[Name]:
    """The names of a table.

    Raises:
        ValueError: a column is missing.
    """
    rows = csv.DictReader(lines)
    absent = {"space", "name", "uses"} - set(rows.fieldnames or ())
    if absent:
        raise ValueError(f"the table lacks the column(s) {', '.join(sorted(absent))}")
    return [Name(row["space"], row["name"], int(row["uses"])) for row in rows]


def home(space: str) -> Any:
    """The module or class that stands for a space of PyTorch, None where there is none.

    Example:
        >>> home("nn.functional").__name__, home("nosuch")
        ('tensorplug.nn.functional', None)
    """
    if space == "torch":
        return tp
    try:
        return functools.reduce(getattr, space.split("."), tp)
    except AttributeError:
        return None


def tally(names: Iterable[Name]) -> dict[str, Tally]:
    """For each space, which names there are."""
    found: dict[str, Tally] = {}
    for name in names:
        there, purposely, missing = found.setdefault(name.space, Tally([], [], []))
        if hasattr(home(name.space), name.name):
            there.append(name)
        elif name.name in left_out.names_in(name.space):
            purposely.append(name)
        else:
            missing.append(name)
    return found


def report(found: dict[str, Tally], names: bool = True) -> str:
    """The figures for each space and in all, what is missing, and what is left out by reason.

    Args:
        found: what ``tally`` returned.
        names: whether to list names.
    """
    header = f"{'space':<24}{'names':>6}{'there':>7}{'left out':>10}{'missing':>9}{'by name':>18}{'by use':>18}"
    lines = [header, *[_row(space, one) for space, one in found.items()]]
    lines.append(_row("all", sum(found.values(), Tally([], [], []))))
    lines.append("Shares are in percent: names there are, and in brackets with those left out on purpose.")
    if names:
        lines += [*_missing(found), *_reasons(found)]
    return "\n".join(lines)


def _row(space: str, one: Tally) -> str:
    counts = [len(part) for part in one]
    shares = [f"{one.share(weighted=w):.2f} ({one.share(weighted=w, with_left_out=True):.2f})" for w in (False, True)]
    return f"{space:<24}{sum(counts):>6}{counts[0]:>7}{counts[1]:>10}{counts[2]:>9}{shares[0]:>18}{shares[1]:>18}"


def _listed(names: Iterable[Name]) -> str:
    ordered = sorted(names, key=lambda n: (-n.uses, n.name))
    return ", ".join(f"{n.name} ({n.uses})" if n.uses else n.name for n in ordered)


def _missing(found: dict[str, Tally]) -> list[str]:
    lines = [f"  {space}: {_listed(one.missing)}" for space, one in found.items() if one.missing]
    return ["", "Missing (with uses):", *lines] if lines else []


def _reasons(found: dict[str, Tally]) -> list[str]:
    lines = []
    for group in left_out.GROUPS:
        for space, one in found.items():
            named = [n for n in one.left_out if left_out.names_in(space)[n.name] is group]
            if named:
                lines.append(f"  {group.title}, {space}: {_listed(named)}")
    return ["", "Left out on purpose (with uses):", *lines] if lines else []


def main(arguments: Sequence[str] | None = None) -> int:
    """The command.

    Returns:
        0, or 1 if a share is below what ``--weighted`` or ``--unweighted`` asks for.
    """
    parser = argparse.ArgumentParser(prog="python -m tensorplug_conformance.coverage", description=__doc__)
    parser.add_argument("file", type=Path, help="the table of PyTorch's names")
    parser.add_argument("--space", action="append", help="only this namespace (may be repeated)")
    parser.add_argument("--brief", action="store_true", help="figures without names")
    parser.add_argument("--weighted", type=float, default=0.0, help="fail below this share by use, in percent")
    parser.add_argument("--unweighted", type=float, default=0.0, help="fail below this share by name, in percent")
    given = parser.parse_args(arguments)
    with given.file.open(encoding="utf-8", newline="") as lines:
        names = [n for n in read(lines) if not given.space or n.space in given.space]
    found = tally(names)
    print(report(found, names=not given.brief))
    total = sum(found.values(), Tally([], [], []))
    enough = total.share(weighted=True) >= given.weighted and total.share(weighted=False) >= given.unweighted
    return int(not enough)


if __name__ == "__main__":
    sys.exit(main())
