"""Modules that hold modules: in sequence, in a list, in a dict."""

from __future__ import annotations

import operator
from collections import OrderedDict
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from itertools import chain
from typing import Any, Self, SupportsIndex

from tensorplug.nn.module import Module, indent


def position_of(index: SupportsIndex, size: int) -> int:
    """``index`` as a non-negative number below ``size``."""
    position = operator.index(index)
    if not -size <= position < size:
        raise IndexError(f"index {position} is out of range")
    return position % size


class _Numbered(Module):
    """Children named ``"0"``, ``"1"``, ...: what ``Sequential`` and ``ModuleList`` share."""

    _modules: dict[str, Module]  # type: ignore[assignment]

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.isdigit()]

    def _name_at(self, index: SupportsIndex) -> str:
        names = list(self._modules)
        return names[position_of(index, len(names))]

    def __setitem__(self, index: SupportsIndex, module: Module) -> None:
        setattr(self, self._name_at(index), module)

    def __delitem__(self, index: SupportsIndex | slice) -> None:
        names = list(self._modules)
        for name in names[index] if isinstance(index, slice) else [self._name_at(index)]:
            delattr(self, name)
        self._renumber(list(self._modules.values()))

    def _renumber(self, modules: list[Module]) -> None:
        self.__dict__["_modules"] = {str(i): module for i, module in enumerate(modules)}

    def append(self, module: Module) -> Self:
        """Add a module at the end; returns this container."""
        self.add_module(str(len(self)), module)
        return self

    def insert(self, index: int, module: Module) -> Any:
        """Put a module before position ``index``."""
        modules = list(self._modules.values())
        modules.insert(index, module)
        self._renumber(modules)

    def pop(self, index: SupportsIndex) -> Module:
        """Take out and return the module at ``index``."""
        module = self._modules[self._name_at(index)]
        del self[index]
        return module


class Sequential(_Numbered):
    """Modules run one after the other, each on the result of the one before.

    Args:
        *args: the modules, or one ordered dict from names to modules.

    Example:
        >>> import tensorplug as tp
        >>> net = tp.nn.Sequential(tp.nn.Linear(4, 3), tp.nn.ReLU())
        >>> net(tp.ones(2, 4)).shape
        tensorplug.Size([2, 3])
    """

    def __init__(self, *args: Any) -> None:
        super().__init__()
        named = args[0].items() if len(args) == 1 and isinstance(args[0], OrderedDict) else enumerate(args)
        for name, module in named:
            self.add_module(str(name), module)

    def forward(self, input: Any) -> Any:
        for module in self._modules.values():
            input = module(input)
        return input

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return type(self)(OrderedDict(list(self._modules.items())[index]))
        return self._modules[self._name_at(index)]

    def __add__(self, other: Any) -> Sequential:
        if not isinstance(other, Sequential):
            raise ValueError(f"add operator supports only objects of Sequential class, but {type(other)} is given.")
        return Sequential(*self, *other)

    def __iadd__(self, other: Any) -> Self:
        if not isinstance(other, Sequential):
            raise ValueError(f"add operator supports only objects of Sequential class, but {type(other)} is given.")
        return self.extend(other)

    def __mul__(self, times: int) -> Sequential:
        return Sequential(*list(self) * _repeats(times))

    __rmul__ = __mul__

    def __imul__(self, times: int) -> Self:
        modules = list(self)
        for _ in range(_repeats(times) - 1):
            self.extend(modules)
        return self

    def insert(self, index: int, module: Module) -> Self:
        """Put a module before position ``index``; returns this container."""
        if not isinstance(module, Module):
            raise AssertionError(f"module should be of type: {Module}")
        size = len(self)
        if not -size <= index <= size:
            raise IndexError(f"Index out of range: {index}")
        super().insert(index if index >= 0 else index + size, module)
        return self

    def extend(self, sequential: Iterable[Module]) -> Self:
        """Add modules at the end; returns this container."""
        for module in list(sequential):
            self.append(module)
        return self


def _repeats(times: Any) -> int:
    if not isinstance(times, int):
        raise TypeError(f"unsupported operand type(s) for *: {type(times)} and {Sequential}")
    if times <= 0:
        raise ValueError(f"Non-positive multiplication factor {times} for {Sequential}")
    return times


class ModuleList(_Numbered):
    """A list of modules whose parameters count as the owner's.

    Args:
        modules: what to fill it with.

    Example:
        >>> import tensorplug as tp
        >>> layers = tp.nn.ModuleList(tp.nn.Linear(2, 2) for _ in range(3))
        >>> len(layers), len(list(layers.parameters()))
        (3, 6)
    """

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        if modules is not None:
            self.extend(modules)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return type(self)(list(self._modules.values())[index])
        return self._modules[self._name_at(index)]

    def __iadd__(self, modules: Iterable[Module]) -> Self:
        return self.extend(modules)

    def __add__(self, other: Iterable[Module]) -> ModuleList:
        return ModuleList(chain(self, other))

    def extend(self, modules: Iterable[Module]) -> Self:
        """Add modules at the end; returns this list.

        Raises:
            TypeError: ``modules`` cannot be iterated over.
        """
        if not isinstance(modules, Iterable):
            raise TypeError(f"ModuleList.extend should be called with an iterable, but got {type(modules).__name__}")
        for module in list(modules):
            self.append(module)
        return self

    def __repr__(self) -> str:
        groups: list[list[Any]] = []
        for position, text in enumerate(map(repr, self)):
            if groups and groups[-1][2] == text:
                groups[-1][1] = position
            else:
                groups.append([position, position, text])
        if not groups:
            return f"{self._get_name()}()"
        lines = [
            f"({first}): {indent(text)}" if first == last else f"({first}-{last}): {last - first + 1} x {indent(text)}"
            for first, last, text in groups
        ]
        return f"{self._get_name()}(\n  " + "\n  ".join(lines) + "\n)"


class ModuleDict(Module):
    """A dict of modules whose parameters count as the owner's; it keeps the order of insertion.

    Args:
        modules: a mapping, or pairs of names and modules, to fill it with.

    Example:
        >>> import tensorplug as tp
        >>> heads = tp.nn.ModuleDict({"age": tp.nn.Linear(8, 1), "kind": tp.nn.Linear(8, 3)})
        >>> heads["kind"](tp.ones(8)).shape
        tensorplug.Size([3])
    """

    _modules: dict[str, Module]  # type: ignore[assignment]

    def __init__(self, modules: Any = None) -> None:
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __getitem__(self, key: str) -> Module:
        return self._modules[key]

    def __setitem__(self, key: str, module: Module) -> None:
        self.add_module(key, module)

    def __delitem__(self, key: str) -> None:
        del self._modules[key]

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, key: str) -> bool:
        return key in self._modules

    def clear(self) -> None:
        """Remove all modules."""
        self._modules.clear()

    def pop(self, key: str) -> Module:
        """Take out and return the module called ``key``."""
        return self._modules.pop(key)

    def keys(self) -> KeysView[str]:
        """The names."""
        return self._modules.keys()

    def items(self) -> ItemsView[str, Module]:
        """The pairs of name and module."""
        return self._modules.items()

    def values(self) -> ValuesView[Module]:
        """The modules."""
        return self._modules.values()

    def update(self, modules: Any) -> None:
        """Add or replace modules, from a mapping or from pairs of names and modules."""
        for key, module in pairs(modules, "ModuleDict"):
            self[key] = module


def pairs(source: Any, who: str) -> Iterator[tuple[str, Any]]:
    """The pairs of key and value in a mapping or an iterable of pairs, checked.

    Raises:
        TypeError: ``source`` or one of its elements cannot be iterated over.
        ValueError: an element has not two items.
    """
    if not isinstance(source, Iterable):
        raise TypeError(
            f"{who}.update should be called with an iterable of key/value pairs, but got {type(source).__name__}"
        )
    if isinstance(source, Mapping) or (isinstance(source, Module) and hasattr(source, "items")):
        yield from source.items()
        return
    for number, pair in enumerate(source):
        if not isinstance(pair, Iterable):
            raise TypeError(f"{who} update sequence element #{number} should be Iterable; is {type(pair).__name__}")
        items = tuple(pair)
        if len(items) != 2:
            raise ValueError(f"{who} update sequence element #{number} has length {len(items)}; 2 is required")
        yield items
