"""What files may name besides tensors and plain containers: the user's own list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

Allowed = Callable[..., Any] | tuple[Callable[..., Any], str]

_allowed: dict[str, Callable[..., Any]] = {}


def add_safe_globals(safe_globals: Sequence[Allowed]) -> None:
    """Let files loaded with ``weights_only=True`` name these classes and functions.

    Args:
        safe_globals: classes or functions, or pairs of one and the full name that files have for it.

    Example:
        >>> import tensorplug as tp
        >>> from fractions import Fraction
        >>> tp.serialization.add_safe_globals([Fraction])
        >>> tp.serialization.get_safe_globals()
        [<class 'fractions.Fraction'>]
        >>> tp.serialization.clear_safe_globals()
    """
    for given in safe_globals:
        value, name = given if isinstance(given, tuple) else (given, _full_name(given))
        _allowed[name] = value


def get_safe_globals() -> list[Callable[..., Any]]:
    """What ``add_safe_globals`` was given so far."""
    return list(_allowed.values())


def clear_safe_globals() -> None:
    """Forget what ``add_safe_globals`` was given."""
    _allowed.clear()


@contextmanager
def safe_globals(safe_globals: Sequence[Allowed]) -> Iterator[None]:
    """``add_safe_globals`` for the length of a ``with`` block."""
    before = dict(_allowed)
    add_safe_globals(safe_globals)
    try:
        yield
    finally:
        _allowed.clear()
        _allowed.update(before)


def find_allowed(full_name: str) -> Callable[..., Any] | None:
    """What the user allowed under this name, or None."""
    return _allowed.get(full_name)


def is_allowed(value: Any) -> bool:
    """Whether the user allowed this class or function."""
    return any(value is allowed for allowed in _allowed.values())


def _full_name(value: Callable[..., Any]) -> str:
    return f"{value.__module__}.{value.__qualname__}"
