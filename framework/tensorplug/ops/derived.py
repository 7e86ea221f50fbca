"""Gradients taken from an op's default: for the rules of gradient ops, which only higher derivatives need."""

from __future__ import annotations

import inspect
from typing import Any

from tensorplug.autograd.engine import run_backward
from tensorplug.autograd.grad_mode import enable_grad, state
from tensorplug.autograd.recording import edge_of
from tensorplug.base import AnyTensor
from tensorplug.op import Op

Tensor = Any


def differentiate_default(op: Op) -> None:
    """Give ``op`` the gradient of its default, which is then run again, recorded, in the backward pass."""

    def rule(grads: Any, *saved: Any) -> tuple[Tensor | None, ...]:
        *arguments, needs = saved
        return _gradients(op, grads if isinstance(grads, tuple) else (grads,), tuple(arguments), needs)

    kind = inspect.Parameter.POSITIONAL_ONLY
    names = ("grads", *op.inputs, *op.params, "needs")
    rule.__signature__ = inspect.Signature([inspect.Parameter(n, kind) for n in names])  # type: ignore[attr-defined]
    op.vjp(rule)


def _gradients(
    op: Op, grads: tuple[Tensor, ...], arguments: tuple[Any, ...], needs: tuple[bool, ...]
) -> tuple[Tensor | None, ...]:
    body = op.default_body
    assert body is not None
    create_graph = state.grad
    slots = len(needs)
    with enable_grad():
        inputs = [_cut(x) if need else x for x, need in zip(arguments[:slots], needs, strict=True)]
        found = body(*inputs, *arguments[slots:])
    results = found if isinstance(found, tuple) else (found,)
    roots = [(edge_of(r), g) for r, g in zip(results, grads, strict=True) if r is not None and g is not None]
    ends = [edge_of(x) if need else None for x, need in zip(inputs, needs, strict=True)]
    return tuple(run_backward(roots, keep_graph=create_graph, create_graph=create_graph, targets=ends, capture=True))


def _cut(x: Any) -> Any:
    """The same values where the walk through the default ends: a view if the graph goes on there, else a leaf."""
    assert isinstance(x, AnyTensor)
    return x.view(x._shape) if x._requires_grad else x.detach().requires_grad_()
