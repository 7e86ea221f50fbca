"""The tables of samples, one module per family of ops; a new family joins here."""

from tensorplug_conformance.sample import Row
from tensorplug_conformance.samples import (
    activation,
    arithmetic,
    arrangement,
    comparison,
    convolution,
    creation,
    elementwise,
    functions,
    grids,
    indexing,
    interpolation,
    layers,
    linalg,
    loss,
    movement,
    networks,
    normalization,
    optimizer,
    order,
    padding,
    pooling,
    products,
    reduction,
    sets,
    statistics,
    view_copies,
)

FAMILIES: dict[str, tuple[Row, ...]] = {
    "creation": creation.ROWS,
    "elementwise": elementwise.ROWS,
    "functions": functions.ROWS,
    "comparison": comparison.ROWS,
    "movement": movement.ROWS,
    "arithmetic": arithmetic.ROWS,
    "arrangement": arrangement.ROWS,
    "order": order.ROWS,
    "products": products.ROWS,
    "sets": sets.ROWS,
    "optimizer": optimizer.ROWS,
    "reduction": reduction.ROWS,
    "indexing": indexing.ROWS,
    "linalg": linalg.ROWS,
    "activation": activation.ROWS,
    "convolution": convolution.ROWS,
    "pooling": pooling.ROWS,
    "padding": padding.ROWS,
    "normalization": normalization.ROWS,
    "loss": loss.ROWS,
    "layers": layers.ROWS,
    "interpolation": interpolation.ROWS,
    "grids": grids.ROWS,
    "networks": networks.ROWS,
    "statistics": statistics.ROWS,
    "view_copies": view_copies.ROWS,
}
"""Rows by family, in the order of reports."""

ROWS: tuple[Row, ...] = tuple(row for family in FAMILIES.values() for row in family)
"""Every row."""
