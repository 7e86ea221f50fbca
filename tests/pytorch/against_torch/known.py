"""The differences that are wanted or accepted, from ``known.txt``; one that is gone makes its test fail."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest


class Known(NamedTuple):
    """Differences with one reason.

    Attributes:
        reason: why tensorplug differs.
        where: ``"check path/call"``, in which a star stands for anything; check and path have none.
    """

    reason: str
    where: tuple[str, ...]


def _read(text: str) -> tuple[Known, ...]:
    """A reason after a number sign, below it the calls that it goes with."""
    found: list[tuple[str, list[str]]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("# "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return tuple(Known(reason, tuple(where)) for reason, where in found)


KNOWN = _read((Path(__file__).parent / "known.txt").read_text())


def _patterns(scope: str) -> dict[str, re.Pattern[str]]:
    found = [where for known in KNOWN for where in known.where if where.partition("/")[0] == scope]
    return {where: re.compile(".*".join(map(re.escape, where.split("*")))) for where in found}


def unknown(check: str, path: str, findings: Iterable[tuple[str, str]]) -> tuple[list[tuple[str, str]], set[str]]:
    """The differences that the table does not have, and the lines of it that nothing matches any more.

    Args:
        check: the name of the check.
        path: the function.
        findings: pairs of a call's id and what is different about it.
    """
    scope = f"{check} {path}"
    patterns = _patterns(scope)
    gone = set(patterns)
    new = []
    for call, message in findings:
        matching = [where for where, pattern in patterns.items() if pattern.fullmatch(f"{scope}/{call}")]
        gone.difference_update(matching)
        if not matching:
            new.append((call, message))
    return new, gone


def judge(check: str, path: str, findings: Iterable[tuple[str, str]]) -> None:
    """Fail on differences that are not known, and on known ones that are gone; the arguments of ``unknown``."""
    new, gone = unknown(check, path, findings)
    if new:
        shown = "\n".join(f"{call}: {message}" for call, message in new[:20])
        more = f"\n... and {len(new) - 20} more" if len(new) > 20 else ""
        pytest.fail(f"{path} differs from PyTorch in {len(new)} calls:\n{shown}{more}", pytrace=False)
    if gone:
        pytest.fail("no longer different from PyTorch, take from known.txt: " + ", ".join(sorted(gone)), pytrace=False)
