"""Handles that take hooks out again."""

from __future__ import annotations

import itertools
from typing import Any


class RemovableHandle:
    """Takes a hook out again.

    Can be used as a context manager, which removes the hook at its end.
    """

    __slots__ = ("_hooks", "id")

    _ids = itertools.count()

    def __init__(self, hooks: dict[int, Any]) -> None:
        self._hooks = hooks
        self.id = next(RemovableHandle._ids)

    def remove(self) -> None:
        """Take the hook out; doing so twice is allowed."""
        self._hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


def add_hook(hooks: dict[int, Any], hook: Any) -> RemovableHandle:
    """Put ``hook`` into ``hooks`` under a handle of its own."""
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    return handle
