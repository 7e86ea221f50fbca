"""Reference pages: all ops for users, all kernels for authors of backends, all names that are left out."""

from __future__ import annotations

import html
import importlib
import inspect
import re
from collections.abc import Iterator
from itertools import groupby

from tensorplug import backend
from tensorplug.left_out import GROUPS
from tensorplug.op import FUSED, PRIMITIVE, Op
from tools.generate.signatures import family_of, own_ops

NOTE = "<!-- Generated from the op table by `python -m tools.generate`. -->"

SPACES = {
    "torch": "`tp`",
    "Tensor": "`Tensor`",
    "F": "`F`",
    "special": "`special`",
    "fft": "`fft`",
    "linalg": "`linalg`",
}

CHECKED = {
    "Dims": "Shape",
    "Sizes": "Shape",
    "Sequence[int]": "Shape",
    "DType | None": "DType",
    "Wanted": "tuple[bool, ...]",
}
"""What arguments of these types have become when a kernel gets them."""

OPS = """\
# Ops

Every op of the framework, family by family. *Public in* says where: as a function of `tensorplug` (`tp`), as a method
of `Tensor`, as a function of `tensorplug.nn.functional` (`F`) or of another module of `tensorplug`; ops without such a
place are parts of others; there, names lose a prefix that is the module's name. *Variants* are the in-place one,
`name_`, and the argument `out=`. The kinds:

- *primitive*: every backend has a kernel, see [the contract of kernels](contract.md);
- *fused*: written in other ops, and a backend may have a kernel;
- *view*: the same memory seen otherwise, the work of the framework alone;
- *composite*: a plain function of other ops.

`tensorplug ops NAME` and `help()` tell everything about one op.
"""

CONTRACT = """\
# The contract of kernels

{contract}

## Primitives

Each of these needs a kernel, called as shown: arrays, then parameters (a `Shape` is a tuple of ints). Arguments of the
op that are not among them are dealt with before. Element-wise ops may also have a kernel that works in place, see
`Backend.inplace_kernel`.
"""

FUSED_OPS = """\
## Fused ops

These have a decomposition, so a kernel is optional: it replaces the decomposition where it is faster or more exact.
"""

LEFT_OUT_NOTE = "<!-- Generated from tensorplug.left_out by `python -m tools.generate`. -->"

LEFT_OUT = """\
# What is left out

Names of PyTorch that this project does not have on purpose, and why. Asking for one raises an `AttributeError` that
says the same, so `hasattr` is false. `python -m tensorplug_conformance.coverage FILE` counts what there is of a list.
"""

HOST_COPIES = "to_device"
"""A primitive without a kernel: it is done by the backend's copies from and to the host."""


def ops() -> str:
    """``docs/reference/ops.md``."""
    parts = [NOTE, OPS]
    for family, members in groupby(own_ops(), family_of):
        rows = [_row(op) for op in members]
        header = "| op | kind | public in | variants | meaning |\n| --- | --- | --- | --- | --- |"
        parts.append("\n".join([f"## {family}\n\n{_doc_of_family(family)}\n\n{header}", *rows, ""]))
    return "\n".join(parts)


def contract() -> str:
    """``docs/reference/contract.md``."""
    parts = [NOTE, CONTRACT.format(contract=inspect.getdoc(backend))]
    parts += _kernels([op for op in own_ops() if op.kind == PRIMITIVE and op.name != HOST_COPIES])
    parts += [FUSED_OPS, *_kernels([op for op in own_ops() if op.kind == FUSED])]
    return "\n".join(parts)


def left_out() -> str:
    """``docs/reference/left_out.md``."""
    parts = [LEFT_OUT_NOTE, LEFT_OUT]
    for group in GROUPS:
        parts.append(f"## {group.title}\n\n{group.reason}\n")
        parts.append("| in | names |\n| --- | --- |")
        for space, names in group.names.items():
            listed = " ".join(f"`{name}`" for name in sorted(names.split()))
            parts.append(f"| `{'torch' if space == 'torch' else f'torch.{space}'}` | {listed} |")
        parts.append("")
    return "\n".join(parts)


def _kernels(ops: list[Op]) -> Iterator[str]:
    for family, members in groupby(ops, family_of):
        lines = [f"- `{_kernel(op)}`{_results(op)}: {_summary(op)}" for op in members]
        yield "\n".join([f"### {family}\n", *lines, ""])


def _row(op: Op) -> str:
    names = ", ".join(f"`{name}`" for name in (op.name, *op.aliases))
    spaces = " ".join(SPACES[space] for space in op.spaces)
    variants = " ".join([f"`{op.name}_`"] * op.inplace + ["`out=`"] * (op.out and bool(op.spaces)))
    return f"| {names} | {op.kind} | {spaces} | {variants} | {_cell(_sentence(op))} |"


def _kernel(op: Op) -> str:
    """``sum(input, dim: Shape, keepdim: bool, dtype: DType)``."""
    inputs = [f"*{name}" if position == op.star else name for position, name in enumerate(op.inputs)]
    return f"{op.name}({', '.join([*inputs, *(_parameter(op, name) for name in op.params)])})"


def _parameter(op: Op, name: str) -> str:
    known = op.signature.parameters.get(name)
    kind = "Any" if known is None else str(known.annotation)
    return name if kind == "Any" else f"{name}: {CHECKED.get(kind, kind)}"


def _results(op: Op) -> str:
    return "" if op.single else f" → {', '.join(op.outputs)}"


def _summary(op: Op) -> str:
    """The first paragraph of the docstring."""
    return " ".join(op.doc.partition("\n\n")[0].split())


def _sentence(op: Op) -> str:
    return re.split(r"(?<=\.)\s", _summary(op), maxsplit=1)[0]


def _cell(text: str) -> str:
    """Text for a cell of a table, where a bar would end it even inside code."""
    return re.sub(r"``(.+?)``", lambda m: _code(m[1]), text).replace("|", "&#124;")


def _code(text: str) -> str:
    return f"<code>{html.escape(text, quote=False)}</code>" if "|" in text else f"`{text}`"


def _doc_of_family(family: str) -> str:
    doc = importlib.import_module(f"tensorplug.ops.{family}").__doc__ or ""
    return doc.partition("\n\n")[0].replace("``", "`").strip()
