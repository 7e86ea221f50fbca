"""What PyTorch's functions and methods take, read from the stubs that it ships, and whether ours take the same."""

from __future__ import annotations

import ast
import functools
import inspect
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import torch

from against_torch.bridge import OURS, THEIRS
from against_torch.calls import function_in
from tensorplug.arguments import OTHER_NAMES
from tensorplug.op import table


class Parameter(NamedTuple):
    """One parameter in one overload; ``default`` is its source, None where the argument is required."""

    name: str
    default: str | None
    keyword_only: bool
    variadic: bool


Overload = tuple[Parameter, ...]
_STUBS = {"tp": ("_VariableFunctions.pyi", ""), "Tensor": ("__init__.pyi", "TensorBase"), "F": ("_nn.pyi", "")}
_NOT_OURS = frozenset(("layout", "pin_memory", "names", "memory_format", "self", "requires_grad", "_stacklevel"))
"""Parameters for what tensorplug does not have, or has in its own way, and ``self``."""


@functools.cache
def _stub(root: str) -> dict[str, list[Overload]]:
    file, scope = _STUBS[root]
    module = ast.parse((Path(torch.__file__).parent / "_C" / file).read_text())
    body = module.body
    if scope:
        body = next(n.body for n in module.body if isinstance(n, ast.ClassDef) and n.name == scope)
    found: dict[str, list[Overload]] = {}
    for node in body:
        if isinstance(node, ast.FunctionDef):
            found.setdefault(node.name, []).append(_overload(node.args))
    return found


def _overload(arguments: ast.arguments) -> Overload:
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(arguments.defaults))
    found = [
        Parameter(a.arg, None if d is None else ast.unparse(d), False, False)
        for a, d in zip(plain, [*defaults, *arguments.defaults], strict=True)
    ]
    if arguments.vararg is not None:
        found.append(Parameter(arguments.vararg.arg, None, False, True))
    for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(Parameter(a.arg, None if d is None else ast.unparse(d), True, False))
    return tuple(found)


def overloads(path: str) -> list[Overload]:
    """The overloads of a PyTorch function or method; empty if nothing tells them."""
    function = function_in(THEIRS, path)
    root, _, name = path.partition(".")
    if inspect.isfunction(function):
        return [_from_inspect(inspect.signature(function))]
    known = _stub(root).get(name, []) if root in _STUBS else []
    if not known and root == "F":
        known = _stub("tp").get(name, [])
    return [o for o in known if not _is_deprecated(o, root)]


def _from_inspect(signature: inspect.Signature) -> Overload:
    return tuple(
        Parameter(
            p.name, None if p.default is p.empty else repr(p.default), p.kind is p.KEYWORD_ONLY,
            p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD),
        )
        for p in signature.parameters.values()
    )  # fmt: skip


def _is_deprecated(overload: Overload, root: str) -> bool:
    """Overloads of old, with a scalar before the tensors; functions call their first argument ``self`` in these."""
    names = [p.name for p in overload if not p.keyword_only]
    return (root == "tp" and "self" in names) or any(n in names for n in ("beta", "alpha"))


def _our_parameters(path: str) -> list[inspect.Parameter]:
    function: Any = function_in(OURS, path)
    found = list(inspect.signature(function).parameters.values())
    own = inspect.signature(function, follow_wrapped=False).parameters
    return [*found, own["out"]] if "out" in own and "out" not in [p.name for p in found] else found


def _other_names(path: str) -> dict[str, str]:
    """Names under which our function takes arguments as well, and the names of these."""
    name = path.partition(".")[2]
    op = next((op for op in table.values() if name.rstrip("_") in (op.name, *op.aliases)), None)
    return {} if op is None else OTHER_NAMES.get(op.name, {})


def signature_differences(path: str) -> Iterator[str]:
    """What our function does not take that PyTorch's does, the other way round, and defaults that differ."""
    ours = _our_parameters(path)
    theirs = overloads(path)
    if not theirs:
        return
    is_method = path.startswith("Tensor.")
    if is_method:
        ours = ours[1:]
    others = _other_names(path)
    names = {p.name: p for p in ours}
    takes_anything = any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in ours)
    for overload in theirs:
        wanted = [p for p in overload if p.name not in _NOT_OURS]
        wanted = [p._replace(name=others.get(p.name, p.name)) for p in wanted]
        yield from _order_differences(path, wanted, ours, takes_anything)
        for parameter in wanted:
            mine = names.get(parameter.name)
            if mine is not None and not parameter.variadic and parameter.default is not None:
                yield from _default_difference(mine, parameter, theirs)
    if any(p.variadic for overload in theirs for p in overload):
        return
    known = {others.get(p.name, p.name) for overload in theirs for p in overload}
    for name, parameter in names.items():
        if name not in known and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            yield f"takes '{name}', which PyTorch's does not"


def _order_differences(
    path: str, wanted: list[Parameter], ours: list[inspect.Parameter], takes_anything: bool
) -> Iterator[str]:
    names = [p.name for p in ours]
    positional = [p.name for p in ours if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    variadic = any(p.kind is p.VAR_POSITIONAL for p in ours)
    for place, parameter in enumerate(wanted):
        if parameter.variadic:
            continue
        if parameter.name not in names:
            if not takes_anything:
                yield f"does not take '{parameter.name}'"
        elif not parameter.keyword_only and not variadic and positional[place : place + 1] != [parameter.name]:
            yield f"argument {place + 1} is not '{parameter.name}'"


def _default_difference(mine: inspect.Parameter, parameter: Parameter, theirs: list[Overload]) -> Iterator[str]:
    if mine.default is mine.empty:
        if all(p.default is not None for o in theirs for p in o if p.name == parameter.name):
            yield f"'{parameter.name}' has no default, in PyTorch {parameter.default}"
        return
    everywhere = {p.default for o in theirs for p in o if p.name == parameter.name}
    if not any(_same_default(mine.default, source) for source in everywhere):
        yield f"the default of '{parameter.name}' is {mine.default!r}, in PyTorch {parameter.default}"


def _same_default(value: Any, source: str | None) -> bool:
    if source is None or source == "...":
        return True
    if value is None:
        return source in ("None", "_NoValue")
    try:
        other = ast.literal_eval(source)
    except (ValueError, SyntaxError):
        return {"inf": math.inf, "torch.float32": None, "strided": None}.get(source, value) == value
    if isinstance(value, tuple | list) or isinstance(other, tuple | list):
        return _group(value) == _group(other)
    return bool(value == other)


def _group(value: Any) -> set[Any]:
    return set(value) if isinstance(value, tuple | list) else {value}
