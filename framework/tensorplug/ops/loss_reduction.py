"""What losses share: ``reduction`` (``"mean"``, ``"sum"`` or ``"none"``), weights and warnings."""

from __future__ import annotations

import warnings
from typing import Any

Tensor = Any


REDUCTIONS = ("mean", "sum", "none")


def reduction_of(size_average: Any, reduce: Any, reduction: str) -> str:
    """``reduction``, unless one of the two arguments that it replaced is given.

    Raises:
        ValueError: it is none of the three.
    """
    if size_average is not None or reduce is not None:
        reduction = "none" if reduce is False else ("sum" if size_average is False else "mean")
        warnings.warn(
            f"size_average and reduce args will be deprecated, please use reduction='{reduction}' instead.",
            stacklevel=3,
        )
    if reduction not in REDUCTIONS:
        raise ValueError(f"{reduction} is not a valid value for reduction; choose one of {', '.join(REDUCTIONS)}")
    return reduction


def reduced(values: Tensor, reduction: str) -> Tensor:
    if reduction == "mean":
        return values.mean()
    return values.sum() if reduction == "sum" else values


def warn_of_broadcast(input: Tensor, target: Tensor) -> None:
    if target._shape != input._shape:
        warnings.warn(
            f"Using a target size ({list(target._shape)}) that is different to the input size ({list(input._shape)}). "
            "This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.",
            stacklevel=3,
        )


def weighted(values: Tensor, input: Tensor, weight: Tensor, reduction: str, by_weight: bool = True) -> Tensor:
    if weight._shape != input._shape:
        raise ValueError("Weights and input must have the same size.")
    values = values * weight
    if reduction == "mean" and by_weight:
        return values.sum() / weight.sum()
    return reduced(values, reduction)
