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
    dropout,
    einsum,
    elementwise,
    embedding,
    fft,
    fourier,
    gamma,
    indexing,
    interpolation,
    linalg,
    loss,
    margin_loss,
    modified_bessel,
    movement,
    normalization,
    optimizer,
    order,
    padding,
    pairs,
    pooling,
    probability,
    random,
    reduction,
    sets,
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
    "dropout",
    "einsum",
    "elementwise",
    "embedding",
    "fft",
    "fourier",
    "gamma",
    "indexing",
    "interpolation",
    "linalg",
    "loss",
    "margin_loss",
    "modified_bessel",
    "movement",
    "normalization",
    "optimizer",
    "order",
    "padding",
    "pairs",
    "pooling",
    "probability",
    "random",
    "reduction",
    "sets",
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
