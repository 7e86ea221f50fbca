"""Stubs for the modules that take their names from the op table, which no type checker could follow."""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import re
import subprocess
from collections.abc import Callable, Iterable, Set
from inspect import Parameter, Signature
from itertools import groupby
from types import ModuleType

from tensorplug.functional import fft_functions, nn_functions, special_functions, torch_functions
from tensorplug.op import Op, table
from tensorplug.ops.namespaces import BINARY_OPERATORS, COMPARISONS, UNARY_OPERATORS, public_name
from tools.generate import signatures
from tools.generate.signatures import family_of, own_ops

NOTE = "Generated from the op table by `python -m tools.generate`."

IMPORTS = {
    "Any": "typing",
    "Callable": "collections.abc",
    "LinAlgError": "tensorplug.errors",
    "Literal": "typing",
    "Self": "typing",
    "Sequence": "collections.abc",
    "Tensor": "tensorplug.tensor",
    "builtins": "",
    "generic": "numpy",
    "overload": "typing",
}
"""Where the names that signatures use come from ("" for a module), but for classes that the ops' modules import."""

ALIASES = {
    "Number": "int | float | builtins.complex | generic",
    "Dims": "int | Sequence[int] | None",
    "Sizes": "int | Sequence[int]",
    "Tensors": "Sequence[Tensor]",
    "Tolerance": "float | Tensor | None",
}
"""Names for types that signatures use and the stub defines."""


def functional() -> str:
    """``tensorplug.functional``: every public function of the table."""
    public = [op for op in own_ops() if {"torch", "F", "special", "fft"} & set(op.spaces)]
    body = _by_family(public, _function)
    tables = ("torch_functions", "nn_functions", "special_functions", "fft_functions")
    body += "\n\n" + "".join(f"{name}: dict[str, Callable[..., Any]]\n" for name in tables)
    return _module("Every op as a free function.", body)


def methods() -> str:
    """``tensorplug.ops.methods``: what ``Tensor`` inherits."""
    public = [op for op in own_ops() if "Tensor" in op.spaces]
    body = _by_family(public, _method) + "\n\n# operators\n\n" + "\n".join(_operators())
    head = 'class OpMethods:\n    """The op families as methods."""\n\n'
    return _module("The op families as methods: what ``Tensor`` inherits.", head + _indented(body))


def root() -> str:
    """``tensorplug``: the names that its module lists, and the functions of the table."""
    return _names("tensorplug", "PyTorch's front-end in Python, every device a plugin.", torch_functions)


def nn_functional() -> str:
    """``tensorplug.nn.functional``: the names that its module lists, and the functions of the table."""
    return _names("tensorplug.nn.functional", "The functions of neural networks.", nn_functions)


def fft() -> str:
    """``tensorplug.fft``: the names that its module lists, and the functions of the table."""
    return _names("tensorplug.fft", "Discrete Fourier transforms.", fft_functions)


def special() -> str:
    """``tensorplug.special``: the names that its module lists, and the functions of the table."""
    return _names("tensorplug.special", "Special functions of mathematics.", special_functions)


def linalg() -> str:
    """``tensorplug.linalg``: the functions of the table that are public there, under the names they have there."""
    public = [op for op in own_ops() if "linalg" in op.spaces]
    body = _by_family(public, _function_of_linalg) + "\n\nlinalg_functions: dict[str, Callable[..., Any]]\n"
    return _module("Linear algebra.", body, exported={"LinAlgError"})


def formatted(code: str) -> str:
    """The code as the project's formatter lays it out."""
    command = ["ruff", "format", "--stdin-filename", "stub.pyi", "-"]
    return subprocess.run(command, input=code, capture_output=True, text=True, check=True).stdout


# ------------------------------------------------------------------------------------------------- ops


def _by_family(ops: list[Op], render: Callable[[Op], str]) -> str:
    families = groupby(ops, family_of)
    return "\n\n".join(f"# {family}\n\n" + "\n\n".join(map(render, members)) for family, members in families)


def _function(op: Op) -> str:
    return _under_all_names(op, signatures.of_function(op), signatures.of_inplace(op))


def _function_of_linalg(op: Op) -> str:
    return _definition(public_name(op.name, "linalg"), signatures.of_function(op), op.doc)


def _method(op: Op) -> str:
    own = [_bound(s, changes_self=op.name.endswith("_")) for s in signatures.of_method(op)]
    return _under_all_names(op, own, _bound(signatures.of_inplace(op), changes_self=True))


def _under_all_names(op: Op, own: list[Signature], inplace: Signature) -> str:
    inplace_doc = f"``{op.name}`` in place: the result overwrites this tensor, which is returned."
    found = []
    for name in (op.name, *op.aliases):
        found.append(_definition(name, own, op.doc if name == op.name else f"The same as ``{op.name}``."))
        if op.inplace:
            found.append(_definition(name + "_", [inplace], inplace_doc))
    return "\n\n".join(found)


def _bound(signature: Signature, changes_self: bool) -> Signature:
    first, *rest = signature.parameters.values()
    this = Parameter("self", first.kind)
    return signature.replace(
        parameters=[this, *rest], return_annotation="Self" if changes_self else signature.return_annotation
    )


def _operators() -> Iterable[str]:
    for python in UNARY_OPERATORS:
        yield f"def __{python}__(self) -> Tensor: ..."
    for python, name in BINARY_OPERATORS.items():
        op = table[name]
        other = str(list(op.signature.parameters.values())[1].annotation)
        if python in COMPARISONS:
            yield _comparison(python, other)
            continue
        yield f"def __{python}__(self, other: {other}) -> Tensor: ..."
        yield f"def __r{python}__(self, other: {'Number' if 'Number' in other else 'Tensor'}) -> Tensor: ..."
        if op.inplace:
            yield f"def __i{python}__(self, other: {other}) -> Self: ..."


def _comparison(python: str, other: str) -> str:
    if python in ("eq", "ne"):
        # ``object`` promises a bool for any operand.
        return f"def __{python}__(self, other: Any) -> Tensor: ...  # type: ignore[override]"
    return f"def __{python}__(self, other: {other}) -> Tensor: ..."


# ------------------------------------------------------------------------------------------------- code


def _definition(name: str, found: list[Signature], doc: str) -> str:
    decorator = "@overload\n" if len(found) > 1 else ""
    bodies = [_docstring(doc)] + ["    ..."] * (len(found) - 1)
    return "\n\n".join(f"{decorator}def {name}{_text(s)}:\n{body}" for s, body in zip(found, bodies, strict=True))


def _text(signature: Signature) -> str:
    parameters = [p.replace(annotation=_annotation(p), default=_default(p)) for p in signature.parameters.values()]
    bare = signature.replace(parameters=parameters, return_annotation=Parameter.empty)
    # Annotations are kept as text, which shows in quotes.
    return re.sub(r": '([^']+)'", r": \1", str(bare)) + f" -> {signature.return_annotation}"


def _annotation(parameter: Parameter) -> object:
    text = str(parameter.annotation)
    if parameter.annotation is Parameter.empty:
        return Parameter.empty
    if parameter.default is None and "None" not in text and text not in ("Any", "Dims"):
        return f"{text} | None"
    return text


def _default(parameter: Parameter) -> object:
    default = parameter.default
    return default if default is Parameter.empty or isinstance(default, _LITERALS) else _Dots()


_LITERALS = (int, float, str, tuple, type(None))


class _Dots:
    """A default that cannot be written out."""

    def __repr__(self) -> str:
        return "..."


def _docstring(doc: str) -> str:
    return _indented(f'"""{doc}\n"""' if "\n" in doc else f'"""{doc}"""')


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())


def _module(doc: str, body: str, exported: Set[str] = frozenset()) -> str:
    used = _names_read_in(body)
    aliases = {name: text for name, text in ALIASES.items() if name in used}
    defined = "".join(f"{name} = {text}\n" for name, text in aliases.items())
    imports = _imports((used - aliases.keys()) | _names_read_in(defined) | exported, exported)
    return f'"""{doc} {NOTE}"""\n\n{imports}\n\n{defined}\n{body}\n'


def _names_read_in(code: str) -> set[str]:
    names = {n.id for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return names - vars(builtins).keys()


def _imports(names: Iterable[str], exported: Set[str]) -> str:
    by_module: dict[str, list[str]] = {}
    for name in sorted(names):
        by_module.setdefault(_home(name), []).append(name)
    lines = {
        module: f"from {module} import {', '.join(f'{n} as {n}' if n in exported else n for n in found)}"
        for module, found in by_module.items()
        if module
    }
    if "" in by_module:
        lines["builtins"] = f"import {', '.join(by_module[''])}"
    sections = groupby(sorted(lines, key=lambda m: (_section(m), m)), _section)
    return "\n\n".join("\n".join(lines[module] for module in modules) for _, modules in sections)


def _home(name: str) -> str:
    if name in IMPORTS:
        return IMPORTS[name]
    meant = next((op.body.__globals__[name] for op in own_ops() if name in op.body.__globals__), None)
    if not isinstance(meant, type):
        raise LookupError(f"an op's signature uses '{name}', for which ALIASES in {__name__} must give a type")
    return meant.__module__


def _section(module: str) -> int:
    """The standard library first, then others' modules, then our own."""
    return 2 if module.startswith("tensorplug") else int(module == "numpy")


# ------------------------------------------------------------------------------------------------- modules of names


def _names(module_name: str, doc: str, from_table: Iterable[str]) -> str:
    module = importlib.import_module(module_name)
    own = {name: source for name, source in _bindings(module) if name in module.__all__}
    functions = {name: f"tensorplug.functional.{name}" for name in from_table if name not in own}
    lines = []
    for name, source in {**own, **functions}.items():
        origin, _, original = source.rpartition(".")
        # A stub exports what is imported "as" its own name.
        same = original == name and origin.startswith("tensorplug")
        lines.append(f"from {origin} import {name} as {name}" if same else _value(name, getattr(module, name)))
    return _module(doc, "\n".join(sorted(lines, key=lambda line: not line.startswith("from "))))


def _bindings(module: ModuleType) -> Iterable[tuple[str, str]]:
    """The names that a module binds by plain statements, some for type checkers only, and where they come from."""
    body = ast.parse(inspect.getsource(module)).body
    for node in [n for s in body for n in (s.body if isinstance(s, ast.If) else [s])]:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from ((n.id, "") for n in ast.walk(target) if isinstance(n, ast.Name))


def _value(name: str, value: object) -> str:
    if isinstance(value, type):
        return f"{name} = {value.__name__}"
    if value is None:
        return f"{name}: None"
    kind = type(value)
    return f"{name}: {'builtins.' if kind.__module__ == 'builtins' else ''}{kind.__name__}"
