"""``rearrange``: dims by name. The notation is that of Rogozhnikov, "Einops", 2022."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from tensorplug.op import table

Tensor = Any
Axis = list[str]
"""The names whose dims together are one; ``[]`` is a dim of size 1."""

_APART = ["..., each by itself"]
"""In the place of an axis: ``...`` outside parentheses."""

_TOKEN = re.compile(r"\.\.\.|[A-Za-z_]\w*|1|\(|\)")


def rearrange(tensor: Tensor, pattern: str, **axes_lengths: int) -> Tensor:
    """A tensor with its dims reordered, split and joined as a pattern says.

    Args:
        tensor: a tensor, or several of one shape, which are stacked first.
        pattern: names of dims before and after, ``"a (b c) -> c a b"``; names in parentheses are joined in one dim,
            ``...`` stands for all other dims, 1 for a dim of that size.
        axes_lengths: sizes of names that a split leaves open.

    Raises:
        ValueError: the pattern does not fit, or a size is missing or wrong.

    Example:
        >>> import tensorplug as tp
        >>> tp.func.rearrange(tp.zeros(6, 4), "(a b) c -> b c a", a=2).shape
        tensorplug.Size([3, 4, 2])
    """
    if isinstance(tensor, list | tuple):
        tensor = table["stack"].call(list(tensor))
    sides = pattern.split("->")
    if len(sides) != 2:
        raise ValueError(f"rearrange: the pattern needs one '->', got '{pattern}'")
    left, right = [_parsed(side, pattern) for side in sides]
    rank = len(tensor._shape)
    rest = _names_for_rest(left, right, rank, pattern)
    left, right = _with_rest(left, rest), _with_rest(right, rest)
    _check_names(left, right, axes_lengths, rank)
    sizes = _sizes(left, tensor._shape, axes_lengths)
    order = [name for axis in left for name in axis]
    split = tensor.reshape(tuple(sizes[name] for name in order))
    turned = split.permute(tuple(order.index(name) for axis in right for name in axis)) if order else split
    return turned.reshape(tuple(math.prod(sizes[name] for name in axis) for axis in right))


def _parsed(side: str, pattern: str) -> list[Axis]:
    if _TOKEN.sub("", side).strip():
        raise ValueError(f"rearrange: '{pattern}' has something else than names, parentheses, '1' and '...'")
    axes: list[Axis] = []
    group: Axis | None = None
    for token in _TOKEN.findall(side):
        if token == "(":
            if group is not None:
                raise ValueError(f"rearrange: parentheses inside parentheses in '{pattern}'")
            group = []
        elif token == ")":
            if group is None:
                raise ValueError(f"rearrange: ')' without '(' in '{pattern}'")
            axes.append(group)
            group = None
        elif group is not None:
            group.extend([] if token == "1" else [token])
        else:
            axes.append([] if token == "1" else _APART if token == "..." else [token])
    if group is not None:
        raise ValueError(f"rearrange: '(' without ')' in '{pattern}'")
    return axes


def _names_for_rest(left: list[Axis], right: list[Axis], rank: int, pattern: str) -> Axis:
    """Names for the dims that ``...`` stands for."""
    before, after = [sum(axis.count("...") + (axis == _APART) for axis in side) for side in (left, right)]
    if before > 1 or after > 1 or after > before or (before and _APART not in left):
        raise ValueError(f"rearrange: '...' may stand once on each side, on the left by itself, in '{pattern}'")
    if before and not after:
        raise ValueError("Identifiers only on one side of rearrange expression (should be on both): '...'")
    missing = rank - (len(left) - before)
    if missing < 0 or (missing and not before):
        raise ValueError(
            f"Number of dimensions in pattern ({len(left) - before}) must be equal to the number of dimensions in the "
            f"tensor ({rank})"
        )
    return [f"...{i}" for i in range(missing)]


def _with_rest(side: list[Axis], rest: Axis) -> list[Axis]:
    axes: list[Axis] = []
    for axis in side:
        if axis == _APART:
            axes.extend([name] for name in rest)
        else:
            axes.append([n for name in axis for n in (rest if name == "..." else [name])])
    return axes


def _check_names(left: list[Axis], right: list[Axis], lengths: dict[str, int], rank: int) -> None:
    names = [[name for axis in side for name in axis] for side in (left, right)]
    for side in names:
        for name in side:
            if side.count(name) > 1:
                raise ValueError(f"Indexing expression contains duplicate dimension '{name}'")
    odd = set(names[0]) ^ set(names[1])
    if odd:
        raise ValueError(f"Identifiers only on one side of rearrange expression (should be on both): {odd}")
    unknown = set(lengths) - set(names[0])
    if unknown:
        raise ValueError(f"rearrange: sizes were given for names that the pattern does not have: {sorted(unknown)}")


def _sizes(left: list[Axis], shape: Sequence[int], lengths: dict[str, int]) -> dict[str, int]:
    """The size of every name."""
    sizes = dict(lengths)
    for axis, n in zip(left, shape, strict=True):
        known = math.prod(lengths[name] for name in axis if name in lengths)
        open_names = [name for name in axis if name not in lengths]
        if len(open_names) > 1:
            raise ValueError(f"rearrange: give the sizes of all but one of {axis}, which share a dim of size {n}")
        if open_names and known:
            sizes[open_names[0]] = n // known
        if math.prod(sizes.get(name, 0) for name in axis) != n:
            raise ValueError(f"rearrange: the names {axis} do not make up a dim of size {n}")
    return sizes
