"""Nested containers: their leaves as a list, and back.

Containers are tuples (named ones too), lists and dicts; everything else is a leaf.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple


class Spec(NamedTuple):
    """How a tree is built: the type of its root, what that needs besides its parts, and the specs of those.

    A leaf has the type None.
    """

    type: Any
    context: Any
    children: tuple[Spec, ...]

    @property
    def leaves(self) -> int:
        """The number of leaves."""
        return 1 if self.type is None else sum(child.leaves for child in self.children)


LEAF = Spec(None, None, ())


def _is_namedtuple(value: Any) -> bool:
    return isinstance(value, tuple) and hasattr(value, "_fields")


def _parts(value: Any) -> tuple[Any, Sequence[Any]] | None:
    """What a container needs besides its parts, and these; None for a leaf."""
    if isinstance(value, dict):
        kind = type(value)
        if kind in (dict, OrderedDict, defaultdict):
            factory = value.default_factory if isinstance(value, defaultdict) else None
            return (tuple(value), factory), list(value.values())
        return None
    if type(value) in (list, tuple) or _is_namedtuple(value):
        return None, value
    return None


def flatten(tree: Any) -> tuple[list[Any], Spec]:
    """The leaves of a tree from left to right, and how to put them together again.

    Example:
        >>> flatten({"a": 1, "b": (2, 3)})[0]
        [1, 2, 3]
    """
    leaves: list[Any] = []
    return leaves, _flatten(tree, leaves)


def _flatten(tree: Any, leaves: list[Any]) -> Spec:
    found = _parts(tree)
    if found is None:
        leaves.append(tree)
        return LEAF
    context, parts = found
    return Spec(type(tree), context, tuple([_flatten(part, leaves) for part in parts]))


def unflatten(leaves: Iterable[Any], spec: Spec) -> Any:
    """The tree that ``flatten`` took apart, with other leaves."""
    return _unflatten(iter(leaves), spec)


def _unflatten(leaves: Iterator[Any], spec: Spec) -> Any:
    kind = spec.type
    if kind is None:
        return next(leaves)
    parts = [_unflatten(leaves, child) for child in spec.children]
    if issubclass(kind, dict):
        keys, factory = spec.context
        items = zip(keys, parts, strict=True)
        return defaultdict(factory, items) if kind is defaultdict else kind(items)
    return kind(*parts) if hasattr(kind, "_fields") else kind(parts)


def leaves_of(tree: Any) -> list[Any]:
    """The leaves of a tree from left to right."""
    return flatten(tree)[0]


def mapped(function: Callable[..., Any], tree: Any, *more: Any) -> Any:
    """A tree with ``function`` of each leaf in its place; further trees of the same form give further arguments."""
    leaves, spec = flatten(tree)
    others = [leaves_of(other) for other in more]
    return unflatten([function(*group) for group in zip(leaves, *others, strict=True)], spec)


def broadcast_prefix(prefix: Any, spec: Spec) -> list[Any] | None:
    """For each leaf of a tree, the value that ``prefix`` (a tree of its form that may stop earlier) has for it.

    Returns:
        None where ``prefix`` is no such tree.
    """
    if spec.type is None:
        return [prefix] if _parts(prefix) is None else None
    found = _parts(prefix)
    if found is None:
        return [prefix] * spec.leaves
    context, parts = found
    if type(prefix) is not spec.type or context != spec.context or len(parts) != len(spec.children):
        return None
    values: list[Any] = []
    for part, child in zip(parts, spec.children, strict=True):
        below = broadcast_prefix(part, child)
        if below is None:
            return None
        values.extend(below)
    return values
