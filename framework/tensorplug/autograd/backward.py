"""The user's ways into the backward walk: ``backward`` and ``grad``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tensorplug.autograd.engine import run_backward
from tensorplug.autograd.node import Edge
from tensorplug.autograd.recording import edge_of
from tensorplug.base import TensorBase, count

Tensor = Any


def _as_tuple(value: Any) -> tuple[Any, ...]:
    return (value,) if value is None or isinstance(value, TensorBase) else tuple(value)


def _roots(tensors: Sequence[Tensor], grads: Sequence[Any]) -> list[tuple[Edge, Any]]:
    for grad in grads:
        if grad is not None and not isinstance(grad, TensorBase):
            raise TypeError(f"gradients can be either Tensors or None, but got {type(grad).__name__}")
    if len(grads) != len(tensors):
        raise RuntimeError(f"got {len(tensors)} tensors and {len(grads)} gradients")
    return [_root(tensor, grad) for tensor, grad in zip(tensors, grads, strict=True)]


def _root(tensor: Tensor, grad: Any) -> tuple[Edge, Any]:
    edge = edge_of(tensor)
    if edge is None:
        raise RuntimeError("element 0 of tensors does not require grad and does not have a grad_fn")
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
        return edge, tensor.new_ones(tensor._shape)
    if grad._shape != tensor._shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[0] has a shape of {list(grad._shape)} and output[0] has a shape of "
            f"{list(tensor._shape)}."
        )
    if grad._kind is not tensor._kind:
        grad = grad.to(device=tensor._kind.device, dtype=tensor._kind.dtype)
    return edge, grad


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
        raise RuntimeError("'inputs' argument to backward() cannot be empty.")
    for target in targets:
        if target.is_leaf:
            continue
        target.retain_grad()
    edges = [edge_of(t) for t in targets]
    found = run_backward(roots, keep_graph=keep, create_graph=create_graph, capture=edges)
    for target, grad in zip(targets, found, strict=True):
        if grad is not None and target.is_leaf:
            target._grad = grad if target._grad is None else target._grad + grad


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
    keep = create_graph if retain_graph is None else retain_graph
    edges = []
    for target in targets:
        edge = edge_of(target)
        if edge is None:
            raise RuntimeError("One of the differentiated Tensors does not require grad")
        edges.append(edge)
    found = run_backward(_roots(starts, grads), keep_graph=keep, create_graph=create_graph, capture=edges)
    for position, (target, value) in enumerate(zip(targets, found, strict=True)):
        if value is None:
            if materialize_grads:
                found[position] = target.new_zeros(target._shape)
            elif not allow_unused:
                raise RuntimeError(
                    "One of the differentiated Tensors appears to not have been used in the graph. Set "
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
    return tuple(None if column[0] is None else _stacked(column) for column in zip(*rows, strict=True))


def _stacked(column: Sequence[Tensor]) -> Tensor:
    first = column[0]
    result = first.new_zeros((len(column), *first._shape))
    for i, row in enumerate(column):
        result = result.index_copy(0, first.new_arange(1) + i, row.unsqueeze(0))
    return result
