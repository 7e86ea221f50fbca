"""The op families, each a module of blocks; importing this fills the table. Plugins' ops are functions here."""

from __future__ import annotations

from typing import Any

from tensorplug.ops import (
    activation,
    adaptive,
    arithmetic,
    arrangement,
    attention,
    comparison,
    convolution,
    creation,
    ctc,
    determinant,
    dropout,
    einsum,
    elementwise,
    embedding,
    factorization,
    indefinite,
    indexing,
    interpolation,
    linalg,
    loss,
    low_rank,
    margin_loss,
    matrix_functions,
    matrix_products,
    movement,
    normalization,
    norms,
    older_linalg,
    optimizer,
    order,
    orthogonal,
    padding,
    pairs,
    pooling,
    pseudoinverse,
    random,
    reduction,
    sets,
    solving,
    spectral,
    triangular,
    windows,
)
from tensorplug.ops import guests as _guests

__all__ = [
    "activation",
    "adaptive",
    "arithmetic",
    "arrangement",
    "attention",
    "comparison",
    "convolution",
    "creation",
    "ctc",
    "determinant",
    "dropout",
    "einsum",
    "elementwise",
    "embedding",
    "factorization",
    "indefinite",
    "indexing",
    "interpolation",
    "linalg",
    "loss",
    "low_rank",
    "margin_loss",
    "matrix_functions",
    "matrix_products",
    "movement",
    "normalization",
    "norms",
    "older_linalg",
    "optimizer",
    "order",
    "orthogonal",
    "padding",
    "pairs",
    "pooling",
    "pseudoinverse",
    "random",
    "reduction",
    "sets",
    "solving",
    "spectral",
    "triangular",
    "windows",
]


def __getattr__(name: str) -> Any:
    function = None if name.startswith("_") else _guests.find(name)
    if function is None:
        raise AttributeError(f"tensorplug.ops has no '{name}': no plugin that is loaded brings an op of this name")
    return function


def __dir__() -> list[str]:
    return sorted([*globals(), *_guests.names()])
