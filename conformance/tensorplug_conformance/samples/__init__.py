"""The tables of samples, one module per family of ops; a new family joins here."""

from tensorplug_conformance.sample import Row
from tensorplug_conformance.samples import activation, comparison, creation, elementwise, functions, indexing, linalg, movement, reduction

FAMILIES: dict[str, tuple[Row, ...]] = {
    "creation": creation.ROWS,
    "elementwise": elementwise.ROWS,
    "functions": functions.ROWS,
    "comparison": comparison.ROWS,
    "movement": movement.ROWS,
    "reduction": reduction.ROWS,
    "indexing": indexing.ROWS,
    "linalg": linalg.ROWS,
    "activation": activation.ROWS,
}
"""Rows by family, in the order of reports."""

ROWS: tuple[Row, ...] = tuple(row for family in FAMILIES.values() for row in family)
"""Every row."""
