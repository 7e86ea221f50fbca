"""Every check by the name that ``known.txt`` uses, and the functions or tensors that it is made of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from against_torch import suite, surface

Found = Iterator[tuple[str, str]]


def _differing(find: Callable[[str], Found]) -> Callable[[str], Found]:
    return lambda path: (item for item in find(path) if item[1])


CHECKS: dict[str, tuple[Callable[[str], Found], Collection[str]]] = {
    "sample": (suite.sample_findings, suite.PATHS),
    "form": (suite.form_findings, suite.PATHS),
    "fault": (suite.fault_findings, suite.PATHS),
    "pair": (suite.pair_findings, [f"tp.{name}" for name in suite.PAIRED]),
    "signature": (suite.signature_findings, list(suite.public_paths())),
    "attribute": (_differing(surface.attribute_differences), surface.TENSORS),
    "conversion": (_differing(surface.conversion_differences), surface.TENSORS),
    "subscript": (_differing(surface.subscript_differences), surface.TENSORS),
    "printed": (_differing(surface.printed_differences), surface.PRINTED),
}
"""From the name of a check to what finds differences, and what it can be asked about."""
