"""The walk that sends gradients through the graph."""

from __future__ import annotations

import heapq
import sys
import threading
import warnings
from collections.abc import Sequence
from typing import Any

from tensorplug.autograd.grad_mode import state
from tensorplug.autograd.node import BackwardNode, Edge, Meta
from tensorplug.base import TensorBase
from tensorplug.op import table
from tensorplug.registry import Kind
from tensorplug.shapes import Shape


def run_backward(
    roots: Sequence[tuple[Edge, Any]],
    *,
    keep_graph: bool,
    create_graph: bool,
    targets: Sequence[Edge] | None = None,
    capture: bool = False,
) -> list[Any]:
    """Send gradients from ``roots`` through the graph.

    Args:
        roots: pairs of an edge and the gradient that starts there.
        keep_graph: do not free what nodes saved.
        create_graph: record the computation of the gradients.
        targets: when given, gradients go to these edges only, and to what lies on the way.
        capture: return the gradients of the targets instead of adding them to leaves.

    Returns:
        With ``capture``, the gradients of the targets (None where nothing reached).
    """
    walk = _Walk(keep_graph, create_graph, targets, capture)
    before, outer = state.grad, _running.walk
    state.grad, _running.walk = create_graph, walk
    try:
        walk.run(roots)
    finally:
        state.grad, _running.walk = before, outer
    return walk.captured


class _Running(threading.local):
    walk: _Walk | None = None


_running = _Running()


def current_pass() -> Any:
    """What stands for the backward pass that this thread is in, for as long as it runs; None outside."""
    return _running.walk


def will_reach(target: Any) -> bool:
    """Whether the backward pass that this thread is in comes to a node or leaf, or has come to it."""
    walk = _running.walk
    if walk is None or (target not in walk.waiting and target not in walk.starts):
        return False
    return walk.needed is None or target in walk.needed


class _Walk:
    """One backward pass. Nodes run once all their consumers have; of those that are ready, the latest first."""

    __slots__ = (
        "__weakref__", "capture", "captured", "create_graph", "keep_graph", "needed", "pending", "ready", "starts",
        "waiting",
    )  # fmt: skip

    def __init__(self, keep_graph: bool, create_graph: bool, targets: Sequence[Edge] | None, capture: bool) -> None:
        self.keep_graph = keep_graph
        self.create_graph = create_graph
        # What is on the way to the targets; None without targets, when everything is.
        self.needed: set[Any] | None = None if targets is None else {edge[0] for edge in targets if edge is not None}
        self.capture: dict[tuple[Any, int], list[int]] | None = None
        self.captured: list[Any] = []
        if capture and targets is not None:
            self.capture = {}
            self.captured = [None] * len(targets)
            for index, edge in enumerate(targets):
                if edge is not None:
                    self.capture.setdefault(edge, []).append(index)
        self.waiting: dict[Any, int] = {}
        self.starts: set[Any] = set()
        self.pending: dict[Any, list[Any]] = {}
        self.ready: list[tuple[int, Any]] = []

    def run(self, roots: Sequence[tuple[Edge, Any]]) -> None:
        self.starts = {edge[0] for edge, _ in roots if edge is not None}
        self._count_consumers()
        for edge, grad in roots:
            if edge is not None:
                self._send(edge, grad)
        for target in self.starts:
            if not self.waiting.get(target):
                self._enqueue(target)
        ready = self.ready
        while ready:
            self._process(heapq.heappop(ready)[-1])

    def _count_consumers(self) -> None:
        waiting = self.waiting
        stack = [node for node in self.starts if isinstance(node, BackwardNode)]
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
        needed = self.needed
        if needed is not None:
            # Producers have lower numbers than consumers, so in this order a node's targets are decided before it.
            for node in sorted(order, key=_sequence_of):
                if node not in needed and any(e is not None and e[0] in needed for e in node.edges):
                    needed.add(node)

    def _enqueue(self, target: Any) -> None:
        # Leaves come first: what waits for them (accumulation, hooks) may free memory.
        number = target.sequence if isinstance(target, BackwardNode) else sys.maxsize
        heapq.heappush(self.ready, (-number, id(target), target))  # type: ignore[misc]

    def _send(self, edge: tuple[Any, int], grad: Any) -> None:
        target, number = edge
        slots = self.pending.get(target)
        if slots is None:
            size = len(target.output_metas) if isinstance(target, BackwardNode) else 1
            if size == 1:
                self.pending[target] = [grad]
                return
            slots = self.pending[target] = [None] * size
        before = slots[number]
        slots[number] = grad if before is None else before + grad

    def _process(self, target: Any) -> None:
        grads = self.pending.pop(target, None)
        if self.needed is not None and target not in self.needed:
            grads = None
        if not isinstance(target, BackwardNode):
            if grads is not None and grads[0] is not None:
                self._finish_leaf(target, grads)
            return
        inputs: Sequence[Any] = ()
        if grads is not None and (grads[0] is not None or any(g is not None for g in grads)):
            inputs = self._run_node(target, grads)
        self._pass_on(target, inputs)

    def _finish_leaf(self, leaf: Any, grads: list[Any]) -> None:
        # The gradient stays in its list, where it can be seen whether anybody else holds it.
        if leaf._hooks:
            grads[0] = run_tensor_hooks(leaf._hooks, grads[0])
        if self.capture is not None:
            for index in self.capture.get((leaf, 0), ()):
                self.captured[index] = grads[0]
            return
        hooks = leaf._leaf_hooks
        if hooks is None:
            accumulate(leaf, grads, self.create_graph)
            return
        grads = _run_prehooks(hooks.before, grads)
        accumulate(leaf, grads, self.create_graph)
        for hook in list(hooks.after.values()):
            hook((), tuple(grads))

    def _run_node(self, node: BackwardNode, grads: list[Any]) -> Sequence[Any]:
        if node.tensor_hooks:
            for number, grad in enumerate(grads):
                hooks = node.tensor_hooks.get(number)
                if hooks and grad is not None:
                    grads[number] = run_tensor_hooks(hooks, grad)
        if node.retained:
            for number, keep in list(node.retained.items()):
                if grads[number] is not None:
                    keep(grads[number])
        if self.capture is not None:
            for number, grad in enumerate(grads):
                for index in self.capture.get((node, number), ()):
                    self.captured[index] = grad
        if self.needed is not None and not any(e is not None and e[0] in self.needed for e in node.edges):
            return ()
        if node.prehooks:
            grads = _run_prehooks(node.prehooks, grads)
        if len(grads) > 1:
            _fill(grads, node.output_metas)
        inputs = self._apply(node, grads) if state.anomaly else node.apply(grads)
        if node.hooks:
            inputs = _run_hooks(node.hooks, inputs, grads)
        if not self.keep_graph:
            node.release()
        return inputs

    def _apply(self, node: BackwardNode, grads: list[Any]) -> Sequence[Any]:
        """Run a node in anomaly mode."""
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
        waiting, given = self.waiting, len(grads)
        for index, edge in enumerate(node.edges):
            if edge is None:
                continue
            target = edge[0]
            grad = grads[index] if index < given else None
            if grad is not None:
                meta = node.input_meta(index)
                if meta is not None and (grad._shape != meta[0] or grad._kind is not meta[1]):
                    grad = _fit(node, index, grad, meta)
                self._send(edge, grad)
            left = waiting[target] - 1
            waiting[target] = left
            if not left:
                self._enqueue(target)


def _sequence_of(node: BackwardNode) -> int:
    return node.sequence


def _fill(grads: list[Any], metas: tuple[Meta, ...]) -> None:
    """Where only some outputs of a node got a gradient, the others get zeros."""
    model = next(g for g in grads if g is not None)
    for number, meta in enumerate(metas):
        if grads[number] is None and meta is not None:
            grads[number] = model.new_zeros(meta[0], dtype=meta[1].dtype, device=meta[1].device)


def _fit(node: BackwardNode, index: int, grad: Any, meta: tuple[Shape, Kind]) -> Any:
    """A gradient in the shape and dtype of the input it belongs to, or an error that names the rule."""
    shape, kind = meta
    if grad._shape != shape:
        if not (node.broadcasts and _expands_to(shape, grad._shape)):
            raise RuntimeError(
                f"Function {node.name()} returned an invalid gradient at index {index} - got {list(grad._shape)} "
                f"but expected shape compatible with {list(shape)}"
            )
        grad = grad.sum_to_size(shape)
    if grad._kind is not kind:
        grad = _to_kind(grad, kind)
    return grad


def _expands_to(small: Shape, large: Shape) -> bool:
    new = len(large) - len(small)
    return new >= 0 and all(n in (1, m) for n, m in zip(small, large[new:]))


def _to_kind(grad: Any, kind: Kind) -> Any:
    if grad._kind.dtype.is_complex and not kind.dtype.is_complex:
        grad = table["real_part"].call(grad)
    return grad.to(device=kind.device, dtype=kind.dtype)


def run_tensor_hooks(hooks: dict[int, Any], grad: Any) -> Any:
    """Call hooks of a tensor on its gradient, each with what the one before returned.

    Raises:
        TypeError: a hook returned something else than a tensor or None.
        RuntimeError: a hook returned a gradient of another shape, dtype or device.
    """
    for hook in list(hooks.values()):
        replaced = hook(grad)
        if replaced is not None:
            _check_replacement(hook, grad, replaced)
            grad = replaced
    return grad


def _check_replacement(hook: Any, before: Any, after: Any) -> None:
    name = getattr(hook, "__name__", type(hook).__name__)
    if not isinstance(after, TensorBase):
        raise TypeError(f"expected Variable, but hook '{name}' returned '{type(after).__name__}'")
    if after._shape != before._shape:
        raise RuntimeError(
            f"hook '{name}' has changed the size of value: from {list(before._shape)} to {list(after._shape)}"
        )
    if after._kind is not before._kind:
        raise RuntimeError(
            f"hook '{name}' has changed the type of value: from {before._kind.dtype} on {before._kind.device} to "
            f"{after._kind.dtype} on {after._kind.device}"
        )


def _run_prehooks(hooks: dict[int, Any], grads: list[Any]) -> list[Any]:
    for hook in list(hooks.values()):
        replaced = hook(tuple(grads))
        if replaced is not None:
            grads = _replacements(hook, replaced, len(grads))
    return grads


def _run_hooks(hooks: dict[int, Any], inputs: Sequence[Any], grads: list[Any]) -> Sequence[Any]:
    for hook in list(hooks.values()):
        replaced = hook(tuple(inputs), tuple(grads))
        if replaced is not None:
            inputs = _replacements(hook, replaced, len(inputs))
    return inputs


def _replacements(hook: Any, values: Any, wanted: int) -> list[Any]:
    """What a hook of a node returned instead of its gradients."""
    name = getattr(hook, "__name__", type(hook).__name__)
    if not isinstance(values, tuple | list):
        raise TypeError(f"expected tuple, but hook '{name}' returned '{type(values).__name__}'")
    if len(values) != wanted:
        raise RuntimeError(
            f"hook '{name}' has returned an incorrect number of values (got {len(values)}, but expected {wanted})"
        )
    return list(values)


def accumulate(leaf: Any, grads: list[Any], create_graph: bool) -> None:
    """Add the only gradient in ``grads`` to ``leaf.grad``, then call the hooks that wait for that."""
    # Threads that share parameters add one after the other. Leaves share a few locks.
    with _locks[id(leaf) >> 6 & _LOCKS - 1]:
        before = leaf._grad
        if before is None:
            leaf._grad = grads[0] if create_graph else _own(grads)
        elif create_graph or state.grad:
            leaf._grad = before + grads[0]
        else:
            before.add_(grads[0])
    if leaf._accumulate_hooks:
        for hook in list(leaf._accumulate_hooks.values()):
            hook(leaf)


_LOCKS = 64
_locks = [threading.RLock() for _ in range(_LOCKS)]


def _own(grads: list[Any]) -> Any:
    """The only gradient in ``grads`` itself where nobody else can see its memory, otherwise a copy."""
    # Two references are the list's and that of getrefcount's argument.
    if sys.getrefcount(grads[0]) == 2 and grads[0]._storage is None and grads[0]._node is None:
        return grads[0]
    return grads[0].detach().clone()
