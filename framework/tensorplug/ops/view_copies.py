"""Views as copies: for each op that shows memory otherwise one, ``name_copy``, whose result has memory of its own."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from tensorplug.base import alias
from tensorplug.ops.complex_views import view_as_complex, view_as_real
from tensorplug.ops.copying import clone
from tensorplug.ops.define import composite
from tensorplug.ops.slicing import narrow, select, slice_dim, split, unbind
from tensorplug.ops.strided import as_strided
from tensorplug.ops.views import diagonal, expand, permute, squeeze, t, transpose, unfold, unsqueeze, view_
from tensorplug.shapes import canonical_dim

Tensor = Any


@composite(out=False)
def split_with_sizes(input: Tensor, split_sizes: Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Views of consecutive parts of a dim, of the sizes given.

    Raises:
        RuntimeError: the sizes do not add up to that of the dim.

    Example:
        >>> import tensorplug as tp
        >>> [p.tolist() for p in tp.split_with_sizes(tp.arange(3), (2, 1))]
        [[0, 1], [2]]
    """
    return split(input, tuple(split_sizes), dim)


def _slice(input: Tensor, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1) -> Tensor:
    if not input._shape:
        raise IndexError("slice() cannot be applied to a 0-dim tensor.")
    if step <= 0:
        raise RuntimeError("slice step must be positive")
    dim = canonical_dim(dim, len(input._shape))
    first, last, _ = slice(start, end, step).indices(input._shape[dim])
    return slice_dim(input, dim, first, max(first, last), step)


def _split_evenly(input: Tensor, split_size: int, dim: int = 0) -> tuple[Tensor, ...]:
    return split(input, split_size, dim)


def _same(input: Tensor) -> Tensor:
    return input


def _detached(input: Tensor) -> Tensor:
    return alias(input)


VIEWS: dict[str, Callable[..., Any]] = {
    "alias": _same,
    "as_strided": as_strided,
    "detach": _detached,
    "diagonal": diagonal,
    "expand": expand,
    "narrow": narrow,
    "permute": permute,
    "select": select,
    "slice": _slice,
    "split": _split_evenly,
    "split_with_sizes": split_with_sizes,
    "squeeze": squeeze,
    "t": t,
    "transpose": transpose,
    "unbind": unbind,
    "unfold": unfold,
    "unsqueeze": unsqueeze,
    "view": view_,
    "view_as_complex": view_as_complex,
    "view_as_real": view_as_real,
}
"""The views that have a copying form, by name."""


def _define(name: str, view: Callable[..., Any]) -> None:
    signature = inspect.signature(getattr(view, "body", view))
    several = str(signature.return_annotation).startswith("tuple")

    def body(input: Tensor, *args: Any, **kwargs: Any) -> Any:
        found = view(input, *args, **kwargs)
        return tuple(map(clone, found)) if isinstance(found, tuple) else clone(found)

    body.__name__ = body.__qualname__ = f"{name}_copy"
    body.__doc__ = f"What ``{name}`` shows, in memory of its own."
    body.__signature__ = signature.replace(  # type: ignore[attr-defined]
        return_annotation="tuple[Tensor, ...]" if several else "Tensor"
    )
    composite(spaces=("torch", "Tensor") if name == "narrow" else ("torch",))(body)


for _name, _view in VIEWS.items():
    _define(_name, _view)
