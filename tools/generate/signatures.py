"""Signatures of ops as users meet them, from the op table and what it cannot tell: types that depend on arguments."""

from __future__ import annotations

import inspect
from inspect import Parameter, Signature
from typing import get_overloads

from tensorplug.op import COMPOSITE, Op, table
from tools.generate import overloads

FLAGS = {"return_indices": "tuple[Tensor, Tensor]", "as_tuple": "tuple[Tensor, ...]"}
"""Parameters that change what an op returns, and what it returns when they are true."""


def own_ops() -> list[Op]:
    """The ops of the framework, family by family; plugins' ops are not among them."""
    return [op for op in table.values() if family_of(op) != ""]


def family_of(op: Op) -> str:
    """The module of ``tensorplug.ops`` that defines the op."""
    package, _, family = op.body.__module__.rpartition(".")
    return family if package == "tensorplug.ops" else ""


def of_function(op: Op) -> list[Signature]:
    """How the function may be called: one signature, or one for each overload."""
    return [_with_out(s) for s in of_method(op)] if op.out else of_method(op)


def of_method(op: Op) -> list[Signature]:
    """How the method may be called; ``self`` still has its name in the table."""
    written = get_overloads(getattr(overloads, op.name, of_method))
    if written:
        return [inspect.signature(function) for function in written]
    signature = op.signature.replace(return_annotation=returned(op))
    flag = next((name for name in FLAGS if name in signature.parameters), None)
    return [signature] if flag is None else _by_flag(signature, flag)


def of_inplace(op: Op) -> Signature:
    """How ``op_`` may be called; as in PyTorch its first parameter is called ``self``."""
    first, *rest = op.signature.parameters.values()
    return op.signature.replace(parameters=[first.replace(name="self"), *rest], return_annotation="Tensor")


def returned(op: Op) -> str:
    """What users get: the bodies of all ops but composites return plans."""
    if op.kind != COMPOSITE:
        return "Tensor" if op.single else f"tuple[{', '.join('Tensor' for _ in op.outputs)}]"
    return str(op.signature.return_annotation)


def _by_flag(signature: Signature, flag: str) -> list[Signature]:
    parameters = signature.parameters
    off = [p.replace(annotation="Literal[False]") if p.name == flag else p for p in parameters.values()]
    others = [p for p in parameters.values() if p.name != flag]
    on = Parameter(flag, Parameter.KEYWORD_ONLY, annotation="Literal[True]")
    return [
        signature.replace(parameters=off, return_annotation="Tensor"),
        signature.replace(parameters=[*others, on], return_annotation=FLAGS[flag]),
        signature.replace(return_annotation="Any"),
    ]


def _with_out(signature: Signature) -> Signature:
    kind = "Tensor" if signature.return_annotation == "Tensor" else "Sequence[Tensor]"
    out = Parameter("out", Parameter.KEYWORD_ONLY, default=None, annotation=f"{kind} | None")
    return signature.replace(parameters=[*signature.parameters.values(), out])
