"""Hooks that can be taken away again."""

from __future__ import annotations

import itertools
import weakref
from collections import OrderedDict
from typing import Any

HookRegistry = OrderedDict[int, Any]
"""Hooks by the id of their handle."""

_hook_ids = itertools.count()


class RemovableHandle:
    """Takes a hook away again, by ``remove()`` or at the end of a ``with`` block.

    Attributes:
        id: the key of the hook in its registry; ids grow in the order of registration.
    """

    def __init__(self, hooks: dict[int, Any], *, extra_dict: tuple[dict[int, Any], ...] = ()) -> None:
        self.id = next(_hook_ids)
        self._registries = tuple(weakref.ref(registry) for registry in (hooks, *extra_dict))

    def remove(self) -> None:
        """Take the hook away; doing it twice is harmless."""
        for reference in self._registries:
            registry = reference()
            if registry is not None:
                registry.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.remove()

    def __getstate__(self) -> dict[str, Any]:
        return {"id": self.id, "_registries": ()}


def new_registry() -> HookRegistry:
    """An empty registry of hooks; ordered dicts can be referenced weakly, as handles need."""
    return OrderedDict()


def add_hook(
    registry: HookRegistry, hook: Any, flags: tuple[dict[int, bool], ...] = (), prepend: bool = False
) -> RemovableHandle:
    """Register a hook.

    Args:
        registry: where it goes.
        hook: what goes there.
        flags: further registries in which its id is marked.
        prepend: whether it goes before the hooks that are there.

    Returns:
        A handle to take it away.

    Example:
        >>> registry = new_registry()
        >>> with add_hook(registry, print):
        ...     len(registry)
        1
        >>> len(registry)
        0
    """
    handle = RemovableHandle(registry, extra_dict=flags)
    registry[handle.id] = hook
    for flag in flags:
        flag[handle.id] = True
    if prepend:
        registry.move_to_end(handle.id, last=False)
    return handle
