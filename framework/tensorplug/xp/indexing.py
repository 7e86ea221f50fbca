"""Kernels that read and write by index, and sort."""

from __future__ import annotations

from typing import Any

from tensorplug.errors import index_out_of_range

Array = Any

_COMBINE = {"sum": "add", "prod": "multiply", "amax": "maximum", "amin": "minimum"}


def check_bounds(index: Array, x: Array, dim: int) -> None:
    """Refuse an index beyond ``x`` along ``dim``."""
    size = x.shape[dim] if x.ndim else 1
    if index.size == 0:
        return
    low, high = int(index.min()), int(index.max())
    if low < 0 or high >= size:
        raise index_out_of_range(low if low < 0 else high, dim, size)


def gather(xp: Any, x: Array, index: Array, dim: int) -> Array:
    check_bounds(index, x, dim)
    if x.ndim < 2:
        return xp.take(x.reshape(-1), index)
    front = tuple(slice(None) if d == dim else slice(n) for d, n in enumerate(index.shape))
    return xp.take_along_axis(x[front], index, axis=dim)


def _coordinates(xp: Any, index: Array, dim: int) -> tuple[Array, ...]:
    """Full index arrays for the places that ``index`` names along ``dim``."""
    rank = index.ndim
    return tuple(
        index if d == dim else xp.arange(n).reshape([-1 if k == d else 1 for k in range(rank)])
        for d, n in enumerate(index.shape)
    )


def scatter_src(xp: Any, x: Array, index: Array, src: Array, dim: int, reduce: str | None) -> Array:
    out = xp.array(x, order="C", copy=True)
    if index.size == 0:
        return out
    check_bounds(index, x, dim)
    target = out.reshape(-1) if x.ndim == 0 else out
    src = src[tuple(slice(n) for n in index.shape)]
    if x.ndim < 2:
        index, src = index.reshape(-1), src.reshape(-1)
    places = _coordinates(xp, index, dim)
    if reduce is None:
        target[places] = src
    else:
        getattr(xp, _COMBINE[reduce]).at(target, places, src)
    return out


def index_select(xp: Any, x: Array, index: Array, dim: int) -> Array:
    check_bounds(index, x, dim)
    return xp.take(x, index, axis=dim)


def nonzero_rows(xp: Any, x: Array) -> Array:
    if x.ndim == 0:
        return xp.empty((int(bool(x)), 0), dtype=xp.int64)
    return xp.stack(xp.nonzero(x), axis=1)


def sort_dim(xp: Any, x: Array, dim: int, descending: bool, stable: bool) -> tuple[Array, Array]:
    if x.ndim == 0:
        return x.copy(), xp.zeros((), dtype=xp.int64)
    if not descending:
        order = xp.argsort(x, axis=dim, kind="stable")
    else:
        # Backwards on both sides, so that equal elements keep their order.
        backwards = xp.argsort(xp.flip(x, axis=dim), axis=dim, kind="stable")
        order = x.shape[dim] - 1 - xp.flip(backwards, axis=dim)
    return xp.take_along_axis(x, order, axis=dim), order


FUNCTIONS: dict[str, Any] = {
    "gather": gather, "scatter_src": scatter_src, "scatter_combine": scatter_src, "index_select": index_select,
    "nonzero_rows": nonzero_rows, "sort_dim": sort_dim,
}  # fmt: skip
