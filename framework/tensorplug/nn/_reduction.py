"""The old way to say how a loss is reduced."""

from __future__ import annotations

import warnings
from typing import Any


def reduction_of(size_average: Any, reduce: Any, reduction: str) -> str:
    """``reduction``, unless one of the two arguments that it replaced is given.

    Example:
        >>> reduction_of(None, None, "sum")
        'sum'
    """
    if size_average is None and reduce is None:
        return reduction
    if reduce is False:
        chosen = "none"
    else:
        chosen = "sum" if size_average is False else "mean"
    warnings.warn(
        f"size_average and reduce args will be deprecated, please use reduction='{chosen}' instead.",
        stacklevel=3,
    )
    return chosen
