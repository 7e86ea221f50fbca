"""The op families, each a module of blocks; importing this fills the table. Plugins' ops are functions here."""

from __future__ import annotations

from typing import Any

from tensorplug.ops import (
    activation,
    adaptive,
    arithmetic,
    arrangement,
    attention,
    attention_heads,
    bits,
    choice,
    class_loss,
    comparison,
    complex,
    convolution,
    copying,
    creation,
    ctc,
    dropout,
    einsum,
    elementwise,
    embedding,
    error_function,
    error_loss,
    exponential,
    fractional,
    grids,
    indexing,
    interpolation,
    joining,
    likelihood_loss,
    linalg,
    margin_loss,
    movement,
    normalization,
    optimizer,
    order,
    padding,
    pairs,
    pooling,
    projections,
    random,
    reduction,
    rounding,
    sets,
    slicing,
    strided,
    triangular,
    trigonometry,
    views,
    windows,
)
from tensorplug.ops import guests as _guests

__all__ = [
    "activation",
    "adaptive",
    "arithmetic",
    "arrangement",
    "attention",
    "attention_heads",
    "bits",
    "choice",
    "class_loss",
    "comparison",
    "complex",
    "convolution",
    "copying",
    "creation",
    "ctc",
    "dropout",
    "einsum",
    "elementwise",
    "embedding",
    "error_function",
    "error_loss",
    "exponential",
    "fractional",
    "grids",
    "indexing",
    "interpolation",
    "joining",
    "likelihood_loss",
    "linalg",
    "margin_loss",
    "movement",
    "normalization",
    "optimizer",
    "order",
    "padding",
    "pairs",
    "pooling",
    "projections",
    "random",
    "reduction",
    "rounding",
    "sets",
    "slicing",
    "strided",
    "triangular",
    "trigonometry",
    "views",
    "windows",
]


def __getattr__(name: str) -> Any:
    function = None if name.startswith("_") else _guests.find(name)
    if function is None:
        raise AttributeError(f"tensorplug.ops has no '{name}': no plugin that is loaded brings an op of this name")
    return function


def __dir__() -> list[str]:
    return sorted([*globals(), *_guests.names()])
