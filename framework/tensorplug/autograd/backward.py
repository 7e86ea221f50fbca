"""The user's ways into the backward walk: ``backward`` and ``grad``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tensorplug.autograd.engine import run_backward
from tensorplug.autograd.grad_mode import state
from tensorplug.autograd.node import AccumulateGrad, Edge, GradientEdge
from tensorplug.autograd.recording import edge_of
from tensorplug.base import TensorBase, count
from tensorplug.op import table

Tensor = Any


def _as_tuple(value: Any) -> tuple[Any, ...]:
    return (value,) if value is None or isinstance(value, TensorBase | GradientEdge) else tuple(value)


def _edge(place: Any) -> Edge:
    """The edge to a tensor or ``GradientEdge``."""
    if not isinstance(place, GradientEdge):
        return edge_of(place)
    return (place.node.variable, 0) if isinstance(place.node, AccumulateGrad) else tuple(place)


def _roots(places: Sequence[Any], grads: Sequence[Any]) -> list[tuple[Edge, Any]]:
    for grad in grads:
        if grad is not None and not isinstance(grad, TensorBase):
            raise TypeError(f"gradients can be either Tensors or None, but got {type(grad).__name__}")
    if len(grads) != len(places):
        raise RuntimeError(f"got {len(places)} tensors and {len(grads)} gradients")
    return [_root(number, place, grad) for number, (place, grad) in enumerate(zip(places, grads))]


def _root(number: int, place: Any, grad: Any) -> tuple[Edge, Any]:
    edge = _edge(place)
    if edge is None:
        raise RuntimeError(f"element {number} of tensors does not require grad and does not have a grad_fn")
    if not isinstance(place, GradientEdge):
        return edge, _start(number, place, grad)
    if grad is None:
        raise RuntimeError(f"element {number} of tensors is a GradientEdge, which needs its gradient given")
    return edge, grad


def _start(number: int, tensor: Tensor, grad: Any) -> Tensor:
    """The gradient with which the walk starts at ``tensor``."""
    if grad is None:
        if count(tensor) != 1:
            raise RuntimeError(
                f"grad can be implicitly created only for scalar outputs, got a tensor of shape {list(tensor._shape)}: "
                "pass gradient="
            )
        if not tensor._kind.dtype.is_floating_point:
            raise RuntimeError(
                f"grad can be implicitly created only for real scalar outputs but got {tensor._kind.dtype}"
            )
        return table["filled"].call(tensor._shape, 1, tensor._kind.dtype, tensor._kind.device)
    if grad._shape != tensor._shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[{number}] has a shape of {list(grad._shape)} and output[{number}] has a "
            f"shape of {list(tensor._shape)}."
        )
    if grad._kind is not tensor._kind:
        grad = grad.to(device=tensor._kind.device, dtype=tensor._kind.dtype)
    return grad


def backward(
    tensors: Tensor | Sequence[Tensor],
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    grad_variables: Any = None,
    inputs: Tensor | Sequence[Tensor] | None = None,
) -> None:
    """Adds the gradients of ``tensors`` with respect to the leaves to the leaves' ``grad``.

    Args:
        tensors: where to start.
        grad_tensors: for each its gradient, None for tensors of one element.
        retain_graph: keep the graph for another pass; by default as ``create_graph``.
        create_graph: record the computation of the gradients.
        grad_variables: an older name of ``grad_tensors``.
        inputs: only these tensors get their gradients.

    Raises:
        RuntimeError: a tensor needs its gradient given, does not require grad, or the graph was freed.
    """
    starts = _as_tuple(tensors)
    given = grad_variables if grad_tensors is None else grad_tensors
    grads = (None,) * len(starts) if given is None else _as_tuple(given)
    keep = create_graph if retain_graph is None else retain_graph
    roots = _roots(starts, grads)
    if inputs is None:
        run_backward(roots, keep_graph=keep, create_graph=create_graph)
        return
    targets = _as_tuple(inputs)
    if not targets:
        raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    for target in targets:
        if not isinstance(target, GradientEdge):
            target.retain_grad()
        elif not isinstance(target.node, AccumulateGrad):
            raise RuntimeError("an edge among the inputs of backward() must be that of a leaf; pass the tensor instead")
    run_backward(roots, keep_graph=keep, create_graph=create_graph, targets=[_edge(t) for t in targets])


def grad(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor],
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Tensor | None, ...]:
    """The gradients of ``outputs`` with respect to ``inputs``, returned instead of accumulated.

    Args:
        outputs: where to start.
        inputs: leaves or computed tensors.
        grad_outputs: for each output its gradient, None for tensors of one element.
        retain_graph: keep the graph for another pass; by default as ``create_graph``.
        create_graph: record the computation of the gradients.
        only_inputs: always true.
        allow_unused: give None for inputs that no output depends on, instead of an error.
        is_grads_batched: ``grad_outputs`` have a batch dim in front, and so have the results.
        materialize_grads: give zeros for unused inputs.

    Raises:
        RuntimeError: an input was not used (see ``allow_unused``), does not require grad, or the graph was freed.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.tensor(3.0, requires_grad=True)
        >>> (dx,) = tp.autograd.grad(x**2, x, create_graph=True)
        >>> tp.autograd.grad(dx, x)
        (tensor(2.),)
    """
    if materialize_grads and allow_unused is False:
        raise ValueError("Expected allow_unused to be True or not passed when materialize_grads=True")
    starts, targets = _as_tuple(outputs), _as_tuple(inputs)
    grads = (None,) * len(starts) if grad_outputs is None else _as_tuple(grad_outputs)
    if is_grads_batched:
        return _batched(starts, targets, grads, create_graph, allow_unused, materialize_grads)
    for interpreter in reversed(state.interpreters):
        gradients = getattr(interpreter, "gradients", None)
        if gradients is not None and not any(isinstance(p, GradientEdge) for p in (*starts, *targets)):
            found = gradients(
                starts,
                targets,
                [_start(n, s, g) for n, (s, g) in enumerate(zip(starts, grads, strict=True))],
                create_graph,
            )
            return _completed(found, targets, allow_unused, materialize_grads)
    keep = create_graph if retain_graph is None else retain_graph
    edges = [_edge(target) for target in targets]
    if None in edges:
        raise RuntimeError("One of the differentiated Tensors does not require grad")
    if not edges:
        raise RuntimeError("`inputs` argument to `grad()` cannot be empty.")
    roots = _roots(starts, grads)
    found = run_backward(roots, keep_graph=keep, create_graph=create_graph, targets=edges, capture=True)
    return _completed(found, targets, allow_unused, materialize_grads)


def _completed(
    found: list[Any], targets: Sequence[Any], allow_unused: bool | None, materialize_grads: bool
) -> tuple[Tensor | None, ...]:
    """Gradients, where there are none zeros or None as asked for, or an error."""
    for position, (target, value) in enumerate(zip(targets, found, strict=True)):
        if value is None:
            if materialize_grads:
                found[position] = target.new_zeros(target._shape)
            elif not allow_unused:
                raise RuntimeError(
                    f"The differentiated Tensor at index {position} appears to not have been used in the graph. Set "
                    "allow_unused=True if this is the desired behavior."
                )
    return tuple(found)


def _batched(
    starts: tuple[Any, ...],
    targets: tuple[Any, ...],
    grads: tuple[Any, ...],
    create_graph: bool,
    allow_unused: bool | None,
    materialize_grads: bool,
) -> tuple[Tensor | None, ...]:
    size = next(g for g in grads if g is not None)._shape[0]
    rows = [
        grad(
            starts,
            targets,
            tuple(None if g is None else g[i] for g in grads),
            retain_graph=True,
            create_graph=create_graph,
            allow_unused=allow_unused,
            materialize_grads=materialize_grads,
        )
        for i in range(size)
    ]
    cat = table["cat"].call
    return tuple(None if column[0] is None else cat([g.unsqueeze(0) for g in column]) for column in zip(*rows))
