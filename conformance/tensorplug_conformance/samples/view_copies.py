"""Samples of views as copies: those of the views, whose memory results must not share."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import ALL, Array
from tensorplug_conformance.sample import EXACT, Input, Refusal, Row, Sample
from tensorplug_conformance.samples import arithmetic, movement

_X = Input((5, 7))


def _slice(x: Array, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1) -> Array:
    return x[tuple(slice(start, end, step) if d == dim % x.ndim else slice(None) for d in range(x.ndim))]


def _parts(x: Array, sizes: Any, dim: int = 0) -> tuple[Array, ...]:
    return tuple(np.split(x, np.cumsum(sizes)[:-1], dim))


_SIZES = (Sample((_X, (1, 4))), Sample((_X, [2, 0, 5], 1)), Sample((Input((0, 3)), (0,))))
_SPLIT_REFUSED = (Refusal(Sample((_X, (1, 1)))),)
_OTHERS = (
    Row("alias_copy", np.copy, (Sample((_X,)), Sample((Input(()),))), ALL, EXACT, gradient=True),
    Row("detach_copy", np.copy, (Sample((_X,)), Sample((Input(()),))), ALL, EXACT),
    Row("slice_copy", _slice, (
        Sample((_X,)), Sample((_X, 1, 2)), Sample((_X, 0, -3, -1)), Sample((_X, -1, 1, 99, 2)), Sample((_X, 0, 4, 1)),
    ), ALL, EXACT, gradient=True, refusals=(Refusal(Sample((_X, 2)), IndexError), Refusal(Sample((_X, 0, 0, 3, 0))))),
    Row("split_copy", lambda x, n, dim=0: _parts(x, [n] * -(-x.shape[dim] // n), dim),
        (Sample((_X, 2)), Sample((_X, 3, 1)), Sample((_X, 9))), ALL, EXACT, gradient=True),
    Row("split_with_sizes", _parts, _SIZES, ALL, EXACT, gradient=True, view="always", refusals=_SPLIT_REFUSED),
    Row("split_with_sizes_copy", _parts, _SIZES, ALL, EXACT, gradient=True, refusals=_SPLIT_REFUSED),
)  # fmt: skip

_WITH_A_COPYING_FORM = (
    "as_strided", "diagonal", "expand", "narrow", "permute", "select", "squeeze", "t", "transpose", "unbind", "unfold",
    "unsqueeze", "view", "view_as_complex", "view_as_real",
)  # fmt: skip
_DERIVED = tuple(
    row._replace(op=f"{row.op}_copy", call=f"tp.{row.op}_copy", view="never", covers=())
    for row in (*movement.ROWS, *arithmetic.ROWS)
    if row.op in _WITH_A_COPYING_FORM and not row.label
)

ROWS = (*_OTHERS, *_DERIVED)
"""Rows of views are those of movement and arithmetic under other names."""
