"""The walk that sends gradients through the graph."""

from __future__ import annotations

import heapq
import sys
import warnings
from collections.abc import Sequence
from typing import Any

from tensorplug.autograd.grad_mode import state
from tensorplug.autograd.node import BackwardNode, Edge, Meta, OpNode
from tensorplug.base import TensorBase
from tensorplug.registry import Kind


def run_backward(
    roots: Sequence[tuple[Edge, Any]],
    *,
    keep_graph: bool,
    create_graph: bool,
    capture: Sequence[Edge] | None = None,
    accumulate: Sequence[Any] | None = None,
) -> list[Any]:
    """Send gradients from ``roots`` through the graph.

    Args:
        roots: pairs of an edge and the gradient that starts there.
        keep_graph: do not free what nodes saved.
        create_graph: record the computation of the gradients.
        capture: edges whose gradients are returned instead of being added to leaves.
        accumulate: when given, only these leaves get their gradients.

    Returns:
        The gradients of ``capture`` (None where nothing reached).
    """
    walk = _Walk(keep_graph, create_graph, capture, accumulate)
    before = state.grad
    state.grad = create_graph
    try:
        walk.run(roots)
    finally:
        state.grad = before
    return walk.captured


class _Walk:
    """One backward pass. Nodes run once all their consumers have; of those that are ready, the latest first."""

    __slots__ = (
        "accumulate", "capture", "captured", "create_graph", "keep_graph", "needed", "pending", "ready", "waiting",
    )  # fmt: skip

    def __init__(
        self, keep_graph: bool, create_graph: bool, capture: Sequence[Edge] | None, accumulate: Sequence[Any] | None
    ) -> None:
        self.keep_graph = keep_graph
        self.create_graph = create_graph
        self.capture: dict[tuple[Any, int], list[int]] | None = None
        self.captured: list[Any] = []
        self.accumulate = None if accumulate is None else {id(t) for t in accumulate}
        if capture is not None:
            self.capture = {}
            self.captured = [None] * len(capture)
            for index, edge in enumerate(capture):
                if edge is not None:
                    self.capture.setdefault(edge, []).append(index)
        self.waiting: dict[Any, int] = {}
        self.pending: dict[Any, list[Any]] = {}
        self.ready: list[tuple[int, Any]] = []
        self.needed: set[Any] | None = None

    def run(self, roots: Sequence[tuple[Edge, Any]]) -> None:
        starts = [edge for edge, _ in roots if edge is not None]
        self._count_consumers([edge[0] for edge in starts])
        for edge, grad in roots:
            if edge is not None:
                self._send(edge, grad)
        for target in {id(e[0]): e[0] for e in starts}.values():
            if not self.waiting.get(target):
                self._enqueue(target)
        ready = self.ready
        while ready:
            self._process(heapq.heappop(ready)[-1])

    def _count_consumers(self, starts: list[Any]) -> None:
        waiting = self.waiting
        stack = [node for node in {id(n): n for n in starts}.values() if isinstance(node, BackwardNode)]
        seen = set(stack)
        order = list(stack)
        while stack:
            for edge in stack.pop().edges:
                if edge is None:
                    continue
                target = edge[0]
                if target in waiting:
                    waiting[target] += 1
                else:
                    waiting[target] = 1
                if target not in seen and isinstance(target, BackwardNode):
                    seen.add(target)
                    stack.append(target)
                    order.append(target)
        wanted = self._wanted()
        if wanted is not None:
            # Producers have lower numbers than consumers, so in this order a node's targets are decided before it.
            for node in sorted(order, key=_sequence_of):
                if node not in wanted and any(e is not None and e[0] in wanted for e in node.edges):
                    wanted.add(node)
        self.needed = wanted

    def _wanted(self) -> set[Any] | None:
        if self.capture is not None:
            return {edge[0] for edge in self.capture}
        if self.accumulate is not None:
            return {t for t in self.waiting if isinstance(t, TensorBase) and id(t) in self.accumulate}
        return None

    def _enqueue(self, target: Any) -> None:
        # Leaves come first: what waits for them (accumulation, hooks) may free memory.
        number = target.sequence if isinstance(target, BackwardNode) else sys.maxsize
        heapq.heappush(self.ready, (-number, id(target), target))  # type: ignore[misc]

    def _send(self, edge: tuple[Any, int], grad: Any) -> None:
        target, number = edge
        slots = self.pending.get(target)
        if slots is None:
            size = len(target.output_metas) if isinstance(target, BackwardNode) else 1
            slots = self.pending[target] = [None] * size
        before = slots[number]
        slots[number] = grad if before is None else before + grad

    def _process(self, target: Any) -> None:
        grads = self.pending.pop(target, None)
        if self.needed is not None and target not in self.needed:
            grads = None
        if not isinstance(target, BackwardNode):
            if grads is not None and grads[0] is not None:
                self._finish_leaf(target, grads.pop())
            return
        inputs: Sequence[Any] = ()
        if grads is not None and any(g is not None for g in grads):
            inputs = self._run_node(target, grads)
        self._pass_on(target, inputs)

    def _finish_leaf(self, leaf: Any, grad: Any) -> None:
        if leaf._hooks:
            grad = run_tensor_hooks(leaf._hooks, grad)
        if self.capture is not None:
            for index in self.capture.get((leaf, 0), ()):
                self.captured[index] = grad
        elif self.accumulate is None or id(leaf) in self.accumulate:
            accumulate(leaf, grad, self.create_graph)

    def _run_node(self, node: BackwardNode, grads: list[Any]) -> Sequence[Any]:
        if node.tensor_hooks:
            for number, grad in enumerate(grads):
                hooks = node.tensor_hooks.get(number)
                if hooks and grad is not None:
                    grads[number] = run_tensor_hooks(hooks, grad)
        if self.capture is not None:
            for number, grad in enumerate(grads):
                for index in self.capture.get((node, number), ()):
                    self.captured[index] = grad
            if not any(e is not None and e[0] in self.needed for e in node.edges):  # type: ignore[operator]
                return ()
        if node.prehooks:
            for hook in list(node.prehooks.values()):
                replaced = hook(tuple(grads))
                if replaced is not None:
                    grads = list(replaced)
        _fill(grads, node.output_metas)
        inputs = self._apply(node, grads)
        if node.hooks:
            for hook in list(node.hooks.values()):
                replaced = hook(tuple(inputs), tuple(grads))
                if replaced is not None:
                    inputs = replaced
        if not self.keep_graph:
            node.release()
        return inputs

    def _apply(self, node: BackwardNode, grads: list[Any]) -> Sequence[Any]:
        if not state.anomaly:
            return node.apply(grads)
        try:
            inputs = node.apply(grads)
            if state.check_nan:
                for number, grad in enumerate(inputs):
                    if grad is not None and bool(grad.isnan().any()):
                        raise RuntimeError(f"Function '{node.name()}' returned nan values in its {number}th output.")
        except Exception:
            trace = "".join(node.trace) if node.trace else "no forward traceback: anomaly mode was off in forward"
            warnings.warn(
                f"Error detected in {node.name()}. Traceback of forward call that caused the error:\n{trace}",
                stacklevel=2,
            )
            raise
        return inputs

    def _pass_on(self, node: BackwardNode, grads: Sequence[Any]) -> None:
        waiting = self.waiting
        for index, edge in enumerate(node.edges):
            if edge is None:
                continue
            grad = grads[index] if index < len(grads) else None
            if grad is not None:
                self._send(edge, _fit(node, index, grad))
            target = edge[0]
            left = waiting[target] - 1
            waiting[target] = left
            if not left:
                self._enqueue(target)


def _sequence_of(node: BackwardNode) -> int:
    return node.sequence


def _fill(grads: list[Any], metas: tuple[Meta, ...]) -> None:
    """Where a node has several outputs and only some got a gradient, the others get zeros."""
    if len(metas) == 1:
        return
    model = next(g for g in grads if g is not None)
    for number, meta in enumerate(metas):
        if grads[number] is None and meta is not None:
            grads[number] = model.new_zeros(meta[0], dtype=meta[1].dtype, device=meta[1].device)


def _fit(node: BackwardNode, index: int, grad: Any) -> Any:
    """A gradient in the shape and dtype of the input it belongs to, or an error that names the rule."""
    meta = node.input_meta(index) if isinstance(node, OpNode) else None
    if meta is None:
        return grad
    shape, kind = meta
    if grad._shape != shape:
        if not node.op.broadcasts:  # type: ignore[attr-defined]
            raise RuntimeError(
                f"Function {node.name()} returned an invalid gradient at index {index} - got {list(grad._shape)} "
                f"but expected shape compatible with {list(shape)}"
            )
        grad = grad.sum_to_size(shape)
    if grad._kind is not kind:
        grad = _to_kind(grad, kind)
    return grad


def _to_kind(grad: Any, kind: Kind) -> Any:
    if grad._kind.dtype.is_complex and not kind.dtype.is_complex:
        grad = grad.real
    return grad.to(device=kind.device, dtype=kind.dtype)


def run_tensor_hooks(hooks: dict[int, Any], grad: Any) -> Any:
    """Call hooks of a tensor on its gradient, each with what the one before returned."""
    for hook in list(hooks.values()):
        replaced = hook(grad)
        if replaced is not None:
            grad = replaced
    return grad


def accumulate(leaf: Any, grad: Any, create_graph: bool) -> None:
    """Add ``grad`` to ``leaf.grad``, then call the hooks that wait for that."""
    before = leaf._grad
    if before is None:
        leaf._grad = grad if create_graph else _own(grad)
    elif create_graph or state.grad:
        leaf._grad = before + grad
    else:
        before.add_(grad)
    if leaf._accumulate_hooks:
        for hook in list(leaf._accumulate_hooks.values()):
            hook(leaf)


def _own(grad: Any) -> Any:
    """The gradient itself where nobody else can see its memory, otherwise a copy.

    References here: the caller's chain of two arguments, this argument, and ``getrefcount``'s own.
    """
    if grad._storage is None and sys.getrefcount(grad) <= _OWN_REFERENCES and grad._node is None:
        return grad
    return grad.detach().clone()


_OWN_REFERENCES = 4
