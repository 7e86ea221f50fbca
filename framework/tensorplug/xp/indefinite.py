"""Factorizations of symmetric and Hermitian matrices that need not be definite, number by number on the host."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any


def ldl_decompose(xp: Any, a: Array, hermitian: bool) -> tuple[Array, Array, Array]:
    # Decisions about every single number: on the host, whatever the library.
    host = np.array(_to_host(a), order="C")
    pivots = np.zeros(host.shape[:-1], np.int32)
    info = np.zeros(host.shape[:-2], np.int32)
    for place in np.ndindex(info.shape):
        info[place] = _bunch_kaufman(host[place], pivots[place], hermitian)
    return xp.asarray(host), xp.asarray(pivots), xp.asarray(info)


def _to_host(a: Array) -> Any:
    return a.get() if hasattr(a, "get") else a


_GROWTH = (1 + 17**0.5) / 8
"""The share of the largest element beside it that a diagonal element must have to be a pivot; it bounds the growth of
elements (J. R. Bunch and L. Kaufman, Some stable methods for calculating inertia and solving symmetric linear systems,
1977)."""


def _bunch_kaufman(a: Any, pivots: Any, hermitian: bool) -> int:
    """Overwrite the lower triangle of ``a`` by L and D, with LAPACK's numbering of ``pivots``; returns info."""
    size = len(a)
    info = k = 0
    with np.errstate(all="ignore"):
        while k < size:
            other, width = _choose_pivot(a, k, hermitian)
            if width == 0:
                info = info or k + 1
                pivots[k] = other + 1
                k += 1
                continue
            moved = k + width - 1
            if other != moved:
                _swap_symmetric(a, moved, other, k, hermitian)
            _eliminate_block(a, k, width, hermitian)
            pivots[k : k + width] = other + 1 if width == 1 else -(other + 1)
            k += width
    return info


def _choose_pivot(a: Any, k: int, hermitian: bool) -> tuple[int, int]:
    """The row to bring to the pivot's place and the size of the block; size 0 where the column is zero."""
    size = len(a)
    own = pivot_size(a[k, k].real if hermitian else a[k, k])
    if k + 1 == size:
        return k, int(own > 0 or own != own)
    column = pivot_size(a[k + 1 :, k])
    other = k + 1 + int(column.argmax())
    largest = column[other - k - 1]
    if max(own, largest) == 0 or np.isnan(own):
        return k, 0
    if own >= _GROWTH * largest:
        return k, 1
    beside = max(pivot_size(a[other, k:other]).max(), pivot_size(a[other + 1 :, other]).max(initial=0))
    if own >= _GROWTH * largest * (largest / beside):
        return k, 1
    diagonal = a[other, other]
    return other, 1 if pivot_size(diagonal.real if hermitian else diagonal) >= _GROWTH * beside else 2


def pivot_size(x: Any) -> Any:
    """The size of pivots: what LAPACK compares complex numbers by: the sizes of both parts together."""
    return abs(x.real) + abs(x.imag) if x.dtype.kind == "c" else abs(x)


def _swap_symmetric(a: Any, i: int, j: int, k: int, hermitian: bool) -> None:
    """Exchange rows and columns ``i < j`` of the part from ``k`` on that its lower triangle shows."""
    a[[i, j], i:i] = a[[j, i], i:i]
    below = a[j + 1 :, i].copy()
    a[j + 1 :, i] = a[j + 1 :, j]
    a[j + 1 :, j] = below
    between = a[i + 1 : j, i].copy()
    a[i + 1 : j, i] = a[j, i + 1 : j].conj() if hermitian else a[j, i + 1 : j]
    a[j, i + 1 : j] = between.conj() if hermitian else between
    if hermitian:
        a[j, i] = a[j, i].conj()
    a[i, i], a[j, j] = a[j, j], a[i, i]
    if i > k:
        a[i, k], a[j, k] = a[j, k], a[i, k]


def _eliminate_block(a: Any, k: int, width: int, hermitian: bool) -> None:
    end = k + width
    if hermitian:
        for i in range(k, end):
            a[i, i] = a[i, i].real
    block = a[k:end, k:end].copy()
    if width == 2:
        block[0, 1] = block[1, 0].conj() if hermitian else block[1, 0]
    columns = a[end:, k:end].copy()
    factors = columns @ np.linalg.inv(block)
    update = factors @ (columns.conj().T if hermitian else columns.T)
    rest = a[end:, end:]
    rest -= np.tril(update)
    if hermitian:
        np.fill_diagonal(rest, rest.diagonal().real)
    a[end:, k:end] = factors


def ldl_apply(xp: Any, factors: Array, pivots: Array, b: Array, hermitian: bool) -> Array:
    packed, places, x = _to_host(factors), _to_host(pivots), np.array(_to_host(b), order="C")
    with np.errstate(all="ignore"):
        for place in np.ndindex(x.shape[:-2]):
            _solve_ldl(packed[place], places[place], x[place], hermitian)
    return xp.asarray(x)


def _solve_ldl(a: Any, pivots: Any, x: Any, hermitian: bool) -> None:
    """Overwrite ``x`` by the solution, block by block down through L and D, then up through the transpose of L."""
    blocks = []
    k = 0
    while k < len(a):
        width = 1 if pivots[k] > 0 else 2
        other, moved, end = abs(int(pivots[k])) - 1, k + width - 1, k + width
        blocks.append((k, end, moved, other))
        x[[moved, other]] = x[[other, moved]] if other != moved else x[[moved, moved]]
        x[end:] -= a[end:, k:end] @ x[k:end]
        block = np.array(a[k:end, k:end])
        if width == 2:
            block[0, 1] = block[1, 0].conj() if hermitian else block[1, 0]
            x[k:end] = np.linalg.solve(block, x[k:end])
        else:
            x[k] /= block[0, 0].real if hermitian else block[0, 0]
        k = end
    for k, end, moved, other in reversed(blocks):
        below = a[end:, k:end]
        x[k:end] -= (below.conj() if hermitian else below).T @ x[end:]
        if other != moved:
            x[[moved, other]] = x[[other, moved]]


FUNCTIONS: dict[str, Any] = {"ldl_decompose": ldl_decompose, "ldl_apply": ldl_apply}
