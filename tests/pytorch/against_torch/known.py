"""The differences that are wanted or accepted, with a reason each; one that is gone makes its test fail."""

from __future__ import annotations

import re
from collections.abc import Iterable
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


KNOWN: tuple[Known, ...] = ()


def _patterns(scope: str) -> dict[str, re.Pattern[str]]:
    found = [where for known in KNOWN for where in known.where if where.partition("/")[0] == scope]
    return {where: re.compile(".*".join(map(re.escape, where.split("*")))) for where in found}


def judge(check: str, path: str, findings: Iterable[tuple[str, str]]) -> None:
    """Fail on differences that are not known, and on known ones that are gone.

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
            new.append(f"{call}: {message}")
    if new:
        more = f"\n... and {len(new) - 20} more" if len(new) > 20 else ""
        pytest.fail(f"{path} differs from PyTorch in {len(new)} calls:\n" + "\n".join(new[:20]) + more, pytrace=False)
    if gone:
        pytest.fail(
            "no longer different from PyTorch, take it from the table: " + ", ".join(sorted(gone)), pytrace=False
        )
