"""``tensorplug ops``: the op table for readers, and for vendors who ask what a device still lacks."""

from __future__ import annotations

import difflib
import inspect
import re
from collections import Counter

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import tensorplug as tp
from tensorplug.cli.console import new_console
from tensorplug.cli.found import find_computing_devices, resolve
from tensorplug.dtypes import ALL
from tensorplug.op import COMPOSITE, FUSED, PRIMITIVE, VIEW, Op, table
from tensorplug.ops.namespaces import public_name

_KINDS = (PRIMITIVE, FUSED, VIEW, COMPOSITE)
_SPACES = {
    "torch": "tensorplug.{}",
    "Tensor": "Tensor.{}",
    "F": "nn.functional.{}",
    "special": "special.{}",
    "fft": "fft.{}",
    "linalg": "linalg.{}",
}


@click.command()
@click.argument("name", required=False)
@click.option("--device", help="Look at this device alone.")
@click.option("--kind", type=click.Choice(_KINDS), help="Only ops of this kind.")
def ops(name: str | None, device: str | None, kind: str | None) -> None:
    """List all ops, or tell everything about one.

    A primitive needs a kernel from every device; a fused op has a decomposition that a kernel may replace; a
    view is geometry over memory; a composite is a function of other ops.
    """
    devices = _one_of_each_type() if device is None else [resolve(device)]
    if name is None:
        _print_table(new_console(), [op for _, op in sorted(table.items()) if kind in (None, op.kind)], devices)
    else:
        _print_op(new_console(), _op_called(name), devices)


def _one_of_each_type() -> list[tp.device]:
    return list({device.type: device for device in reversed(find_computing_devices())}.values())[::-1]


def _op_called(name: str) -> Op:
    for op in table.values():
        if name in (op.name, *op.aliases, *(_SPACES[s].format(public_name(op.name, s)) for s in op.spaces)):
            return op
    if name.endswith("_") and name[:-1] in table and table[name[:-1]].inplace:
        return table[name[:-1]]
    near = difflib.get_close_matches(name, table)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise click.BadParameter(f"there is no op '{name}'{hint}", param_hint="NAME")


def _print_table(console: Console, listed: list[Op], devices: list[tp.device]) -> None:
    shown = Table("op", "kind", "kernel(arrays; params)", *map(str, devices), title=f"{len(listed)} ops")
    for op in listed:
        marks = [_STYLES.get(status := _status(op, device), "{}").format(status) for device in devices]
        shown.add_row(op.name, op.kind, _contract(op), *marks)
    console.print(shown)
    for device in devices:
        counts = Counter(_status(op, device) for op in listed)
        console.print(f"{device}: " + ", ".join(f"{n} {status}" for status, n in counts.most_common()))


def _print_op(console: Console, op: Op, devices: list[tp.device]) -> None:
    names = [op.name, *op.aliases]
    console.print(f"[bold]{op.name}[/bold]{escape(_signature(op))}", soft_wrap=True)
    console.print(f"\n{op.doc}\n", markup=False)
    shown = Table(show_header=False)
    shown.add_row("kind", op.kind)
    shown.add_row("public as", ", ".join(_SPACES[s].format(public_name(n, s)) for n in names for s in op.spaces))
    shown.add_row(
        "variants",
        ", ".join([*([f"{op.name}_"] if op.inplace else []), *(["out="] if op.out else [])]) or "none",
    )
    shown.add_row("gradient", _gradient(op))
    if op.kind in (PRIMITIVE, FUSED):
        shown.add_row("kernel", f"{op.name}({_contract(op)}) -> {', '.join(op.outputs)}")
    for device in devices:
        shown.add_row(str(device), _status(op, device))
    console.print(shown)


def _signature(op: Op) -> str:
    signature = op.function_signature
    if op.kind != COMPOSITE:
        # What the body returns is the plan; what users get is this.
        results = ", ".join(op.outputs)
        returned = "Tensor" if len(op.outputs) == 1 else f"({results})"
        signature = signature.replace(return_annotation=inspect.Signature.empty)
        return f"{_unquoted(signature)} -> {returned}"
    return _unquoted(signature)


def _unquoted(signature: inspect.Signature) -> str:
    # Annotations are kept as text, which would show in quotes.
    return re.sub(r"(: |-> )'([^']+)'", r"\1\2", str(signature))


def _contract(op: Op) -> str:
    if op.kind == COMPOSITE:
        return ""
    inputs = [f"*{n}" if i == op.star else n for i, n in enumerate(op.inputs)]
    return ", ".join(inputs) + ("; " + ", ".join(op.params) if op.params else "")


def _gradient(op: Op) -> str:
    if op.kind == COMPOSITE:
        return "that of its parts"
    if not op.differentiable:
        return "none"
    with_rule = [n for n, rule in zip(op.inputs, op.rules, strict=False) if rule is not None]
    return f"for {', '.join(with_rule or op.inputs)}"


_HOST_COPIES = frozenset(("to_device",))
"""Primitives that the framework does by the backend's copies from and to the host."""

_STYLES = {"kernel": "[green]{}[/green]", "missing": "[red]{}[/red]"}


def _status(op: Op, device: tp.device) -> str:
    """What runs the op on ``device``: a kernel (for at least one dtype), perhaps one that computes on the host, its
    decomposition, or nothing."""
    if op.kind == VIEW:
        return "geometry"
    if op.kind == COMPOSITE:
        return "other ops"
    if op.name in _HOST_COPIES:
        return "host copies"
    kernels = [tp.registry.kind_of(device, dtype).kernels[op.name] for dtype in _dtypes(device)]
    found = next((kernel for kernel in kernels if kernel is not None), None)
    if found is not None:
        return "through host" if getattr(found, "through_host", False) else "kernel"
    return "decomposition" if op.default_body is not None else "missing"


def _dtypes(device: tp.device) -> list[tp.dtype]:
    missing = tp.registry.backend_of(device.type).unsupported_on(tp.registry.resolve(device))
    return [dtype for dtype in ALL if dtype not in missing]
