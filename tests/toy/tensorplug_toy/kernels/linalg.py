"""Products of matrices, by the definition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.shapes import broadcast_pair
from tensorplug_toy.cells import Cells, fresh, reordered, rows, spread


def matmul_batched(a: Cells, b: Cells) -> Cells:
    batch = broadcast_pair(a.sizes[:-2], b.sizes[:-2])
    a, b = spread(a, batch + a.sizes[-2:]), spread(b, batch + b.sizes[-2:])
    rank = len(batch) + 2
    m, n = a.sizes[-2], b.sizes[-1]
    left = rows(a, (rank - 1,))
    right = rows(reordered(b, (*range(rank - 2), rank - 1, rank - 2)), (rank - 1,))
    count = len(left) // m if m else 0
    products = (
        _inner(row, column)
        for i in range(count)
        for row in left[i * m : (i + 1) * m]
        for column in right[i * n : (i + 1) * n]
    )
    return fresh(products, a.kind, (*batch, m, n))


def _inner(row: list[Any], column: list[Any]) -> Any:
    return sum(x * y for x, y in zip(row, column, strict=True))


KERNELS: dict[str, Callable[..., Cells]] = {"matmul_batched": matmul_batched}
