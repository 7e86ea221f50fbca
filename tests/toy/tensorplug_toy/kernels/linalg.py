"""Products of matrices, by the definition; factorizations, for which the numbers go through NumPy on the host."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug.backend import COMPLEX_ONLY
from tensorplug.dtypes import from_numpy
from tensorplug.shapes import broadcast_pair
from tensorplug.xp.factorization import PRIMITIVES
from tensorplug.xp.host import factorizations
from tensorplug_toy.cells import Cells, fresh, reordered, rows, spread, values


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


def to_host(array: Cells) -> np.ndarray[Any, Any]:
    return np.array(values(array), dtype=array.kind.numpy).reshape(array.sizes)


def from_host(host: np.ndarray[Any, Any]) -> Cells:
    return fresh(host.ravel().tolist(), from_numpy(host.dtype), host.shape)


_THROUGH_HOST = factorizations(Cells, to_host, lambda host, like: from_host(host))

KERNELS: dict[str, Callable[..., Any]] = {
    "matmul_batched": matmul_batched,
    **{name: kernel for name, kernel in _THROUGH_HOST.items() if name in PRIMITIVES and name not in COMPLEX_ONLY},
}
