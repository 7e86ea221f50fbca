"""The recorded graph: nodes, and the walk that sends gradients through them.

A node holds *edges* to where the gradients of its inputs go: ``(node, output number)`` for a computed input,
``(tensor, 0)`` for a leaf, ``None`` where no gradient is wanted. Nodes never hold the tensors they produced (a saved
result is kept as an alias outside the graph), so a graph has no reference cycles and goes with its last tensor.
"""

from __future__ import annotations

import heapq
import itertools
import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from tensorplug.autograd.grad_mode import extras, state
from tensorplug.base import TRACKED, VIEW, TensorBase, alias, version_of
from tensorplug.op import INPUT, NEEDS, PARAM, RESULT, SHAPE, Kept, Op
from tensorplug.registry import Kind
from tensorplug.shapes import Shape

Edge = tuple[Any, int] | None
Meta = tuple[Shape, Kind] | None

_sequence = itertools.count()
_FREED = (
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already been "
    "freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify "
    "retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors "
    "after calling backward."
)


class Packed:
    """A saved tensor that a pack hook replaced by ``handle``; ``unpack`` gives it back."""

    __slots__ = ("handle", "unpack")

    def __init__(self, handle: Any, unpack: Callable[[Any], Any]) -> None:
        self.handle = handle
        self.unpack = unpack


class RemovableHandle:
    """Takes a hook out again.

    Can be used as a context manager, which removes the hook at its end.
    """

    __slots__ = ("_hooks", "id")

    _ids = itertools.count()

    def __init__(self, hooks: dict[int, Any]) -> None:
        self._hooks = hooks
        self.id = next(RemovableHandle._ids)

    def remove(self) -> None:
        """Take the hook out; doing so twice is allowed."""
        self._hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


def add_hook(hooks: dict[int, Any], hook: Any) -> RemovableHandle:
    """Put ``hook`` into ``hooks`` under a handle of its own."""
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    return handle


class BackwardNode:
    """What the walk asks of every node.

    Attributes:
        edges: where the gradients of the inputs go.
        output_metas: shape and kind of each output, to fill in gradients nobody sent.
        sequence: number in order of creation; consumers have higher ones than producers.
        prehooks: called with the gradients of the outputs, may replace them.
        hooks: called with the gradients of the inputs and outputs, may replace the former.
        retained: output number -> tensor (weakly, by a callable) that keeps its gradient.
        trace: the forward traceback, in anomaly mode.
    """

    edges: tuple[Edge, ...]
    sequence: int
    output_metas: tuple[Meta, ...] = (None,)
    # Class attributes until they are set, so that making a node is cheap.
    hooks: dict[int, Any] | None = None
    prehooks: dict[int, Any] | None = None
    tensor_hooks: dict[int, Any] | None = None
    trace: list[str] | None = None

    def __init__(self, edges: tuple[Edge, ...], output_metas: tuple[Meta, ...]) -> None:
        self.edges = edges
        self.output_metas = output_metas
        self.sequence = next(_sequence)
        if extras.active and state.anomaly:
            self.trace = traceback.format_stack()[:-3]

    def apply(self, grads: list[Any]) -> Sequence[Any]:
        """The gradients of the inputs (None where there is none), given those of the outputs."""
        raise NotImplementedError

    def release(self) -> None:
        """Let go of saved tensors."""

    def name(self) -> str:
        """The name PyTorch would print, such as ``MulBackward0``."""
        return type(self).__name__

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """The nodes that the gradients of the inputs go to, leaves as ``AccumulateGrad``."""
        return tuple(
            (None, 0) if e is None else (AccumulateGrad(e[0]) if isinstance(e[0], TensorBase) else e[0], e[1])
            for e in self.edges
        )

    def register_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook(grad_inputs, grad_outputs)`` after this node ran; a returned tuple replaces ``grad_inputs``."""
        if self.hooks is None:
            self.hooks = {}
        return add_hook(self.hooks, hook)

    def register_prehook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook(grad_outputs)`` before this node runs; a returned tuple replaces them."""
        if self.prehooks is None:
            self.prehooks = {}
        return add_hook(self.prehooks, hook)

    def __repr__(self) -> str:
        return f"<{self.name()} object at {id(self):#x}>"


class AccumulateGrad:
    """The end of a path: adds a gradient to ``variable.grad``. Made on demand; equal when the variable is the same."""

    __slots__ = ("variable",)

    def __init__(self, variable: Any) -> None:
        self.variable = variable

    next_functions: tuple[Any, ...] = ()

    def name(self) -> str:
        """The name PyTorch prints."""
        return "AccumulateGrad"

    def register_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook((), (grad,))`` after the gradient was added."""
        return _leaf_hooks(self.variable, lambda variable: hook((), (variable.grad,)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AccumulateGrad) and other.variable is self.variable

    def __hash__(self) -> int:
        return hash((AccumulateGrad, id(self.variable)))

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {id(self.variable):#x}>"


def _leaf_hooks(variable: Any, hook: Callable[..., Any]) -> RemovableHandle:
    if variable._accumulate_hooks is None:
        variable._accumulate_hooks = {}
    return add_hook(variable._accumulate_hooks, hook)


class OpNode(BackwardNode):
    """The node of an op with a gradient rule.

    Attributes:
        op: the op.
        mask: a bit for each input slot that needs a gradient.
        inputs: per input slot what was saved: a tensor, a tuple of them, a Python number, ``Packed`` or None.
        versions: per input slot the storage version (or versions) at the time of saving.
        params: the op's parameters.
        input_metas: per input slot its shape and kind; empty where they are those of the result.
        results, result_versions: saved aliases of results.
    """

    op: Op
    mask: int
    params: tuple[Any, ...] = ()
    inputs: tuple[Any, ...] = ()
    versions: tuple[Any, ...] = ()
    input_metas: tuple[Any, ...] = ()
    results: tuple[Any, ...] = ()
    result_versions: tuple[int, ...] = ()
    released: bool = False

    def __init__(
        self,
        op: Op,
        edges: tuple[Edge, ...],
        params: tuple[Any, ...],
        input_metas: tuple[Any, ...],
        output_metas: tuple[Meta, ...],
        mask: int,
    ) -> None:
        BackwardNode.__init__(self, edges, output_metas)
        self.op = op
        self.params = params
        self.input_metas = input_metas
        self.mask = mask

    def name(self) -> str:
        return self.op.backward_name

    def release(self) -> None:
        if self.inputs or self.results:
            self.released = True
            self.inputs = self.results = ()

    def apply(self, grads: list[Any]) -> Sequence[Any]:
        if self.released:
            raise RuntimeError(_FREED)
        op = self.op
        gradient = grads[0] if len(grads) == 1 else tuple(grads)
        value = self._value
        joint = op.joint
        if joint is not None:
            return self._flatten(joint.function(gradient, *[value(kind, i) for kind, i in joint.sources]))
        mask = self.mask
        found: list[Any] = []
        for rule in op.rules:
            if mask & 1 and rule is not None:
                found.append(rule.function(gradient, *[value(kind, i) for kind, i in rule.sources]))
            else:
                found.append(None)
            mask >>= 1
        return found

    def _flatten(self, found: Any) -> Sequence[Any]:
        if not isinstance(found, tuple | list):
            found = (found,)
        star = self.op.star
        return found if star < 0 else [*found[:star], *found[star]]

    def _value(self, kind: int, index: int) -> Any:
        if kind == INPUT:
            return self.saved_input(index)
        if kind == RESULT:
            return self.saved_result(index)
        if kind == PARAM:
            return self.params[index]
        if kind == NEEDS:
            return self._needs()
        return _part(self.input_metas[index], kind - SHAPE)

    def input_meta(self, index: int) -> Meta:
        """Shape and kind of the input behind edge ``index``, None where they are those of the result."""
        if not self.input_metas:
            return None
        star = self.op.star
        meta = self.input_metas[star][index - star] if 0 <= star <= index else self.input_metas[index]
        return meta  # type: ignore[no-any-return]

    def _needs(self) -> tuple[Any, ...]:
        star = self.op.star
        wanted = tuple(e is not None for e in self.edges)
        return wanted if star < 0 else (*wanted[:star], wanted[star:])

    def saved_input(self, slot: int) -> Any:
        """The saved input, checked against changes in place."""
        value = self.inputs[slot]
        if value.__class__ is tuple:
            return tuple(self._unpack_input(v, n, slot) for v, n in zip(value, self.versions[slot], strict=True))
        return self._unpack_input(value, self.versions[slot], slot)

    def _unpack_input(self, value: Any, version: int, slot: int) -> Any:
        if value.__class__ is Packed:
            return value.unpack(value.handle)
        if isinstance(value, TensorBase) and version_of(value) != version:
            raise RuntimeError(_modified(value, version, self.op.name, self.op.inputs[slot]))
        return value

    def saved_result(self, index: int) -> Any:
        """A saved result as a tensor of the graph again: equal to the result, sharing its memory, another object."""
        saved = self.results[index]
        if saved.__class__ is Packed:
            tensor = alias(saved.unpack(saved.handle))
        else:
            if version_of(saved) != self.result_versions[index]:
                raise RuntimeError(_modified(saved, self.result_versions[index], self.op.name, self.op.outputs[index]))
            tensor = alias(saved)
        if tensor._kind.dtype.is_differentiable:
            tensor._requires_grad, tensor._tracked = True, TRACKED
            tensor._node = self
            tensor._output_nr = index
        return tensor

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_saved_"):
            raise AttributeError(f"'{self.name()}' object has no attribute '{name}'")
        return self._saved_attribute(name.removeprefix("_saved_"))

    def _saved_attribute(self, name: str) -> Any:
        op = self.op
        if name == "self" and "input" in op.inputs:
            name = "input"
        if name in op.params:
            return self.params[op.params.index(name)]
        keeps = op.saved(self.mask)
        kept = [n for n, k in zip(op.inputs + op.outputs, keeps.inputs + keeps.results, strict=True) if k]
        if name not in kept:
            raise AttributeError(f"'{self.name()}' object has no attribute '_saved_{name}'")
        if self.released:
            raise RuntimeError(_FREED)
        if name in op.inputs:
            return self.saved_input(op.inputs.index(name))
        return self.saved_result(op.outputs.index(name))


def _part(meta: Any, index: int) -> Any:
    """Shape (0) or dtype (1) of an input's meta; of a variadic input, a tuple of them."""
    if meta is None:
        return None
    if meta.__class__ is list:
        return tuple(_part(m, index) for m in meta)
    return meta[0] if index == 0 else meta[1].dtype


def _modified(tensor: Any, expected: int, op: str, which: str) -> str:
    kind = tensor._kind
    return (
        "one of the variables needed for gradient computation has been modified by an inplace operation: "
        f"[{kind.dtype} {list(tensor._shape)} on {kind.device}], saved by {op} as '{which}', is at version "
        f"{version_of(tensor)}; expected version {expected} instead. Hint: enable anomaly detection to find the "
        "operation that failed to compute its gradient, with tensorplug.autograd.set_detect_anomaly(True)."
    )


def edge_of(tensor: Any) -> Edge:
    """Where the gradient of ``tensor`` goes."""
    if tensor._tracked != TRACKED:
        if tensor._tracked == VIEW:
            sync_view(tensor)
        if not tensor._requires_grad:
            return None
    node = tensor._node
    return (tensor, 0) if node is None else (node, tensor._output_nr)


def sync_view(view: Any) -> None:
    """Bring a view's place in the graph up to date after changes in place through its base or other views."""
    base = view._base
    version = view._storage.version
    if view._node_version == version:
        return
    view._node_version = version
    if not base._requires_grad or (view._requires_grad and view._node is None):
        return
    node = _as_strided_node(base, view)
    view._node, view._output_nr = node, 0
    view._requires_grad = True


_view_ops: dict[str, Op] = {}


def set_view_ops(as_strided: Op, as_strided_scatter: Op) -> None:
    """Tell the graph the two ops with which it expresses changes in place through views."""
    _view_ops["view"] = as_strided
    _view_ops["scatter"] = as_strided_scatter


def _geometry(view: Any) -> tuple[Any, ...]:
    return (view._shape, view._strides, view._offset)


def _as_strided_node(base: Any, view: Any) -> OpNode:
    meta = (base._shape, base._kind)
    params = (*_geometry(view), *_geometry(base)[1:]) if base._strides is not None else (*_geometry(view), None, 0)
    out = (view._shape, view._kind)
    return OpNode(_view_ops["view"], (edge_of(base),), params, (meta,), (out,), 1)


def rebase_history(target: Any, result: Any) -> None:
    """Give ``target``, just overwritten by the values of ``result``, the history of ``result``.

    Through a view, the base becomes the old base with the view's part replaced.
    """
    base = target._base
    if base is None:
        target._node, target._output_nr = result._node, result._output_nr
        target._requires_grad = result._requires_grad
        target._tracked = int(result._requires_grad)
        return
    if not (result._requires_grad or base._requires_grad):
        return
    params = (*_geometry(target), base._strides, base._offset)
    base_meta, view_meta = (base._shape, base._kind), (target._shape, target._kind)
    edges = (edge_of(base), edge_of(result))
    mask = sum(1 << i for i, e in enumerate(edges) if e is not None)
    node = OpNode(_view_ops["scatter"], edges, params, (base_meta, view_meta), (base_meta,), mask)
    base._node, base._output_nr = node, 0
    base._requires_grad, base._tracked = True, TRACKED
    target._node, target._output_nr = result._node, result._output_nr
    target._requires_grad = result._requires_grad
    target._node_version = target._storage.version
    if not result._requires_grad:
        target._node_version = -1


def record(op: Op, inputs: tuple[Any, ...], params: tuple[Any, ...], results: tuple[Any, ...]) -> None:
    """Note that ``results`` come from ``inputs`` by ``op``, if any input requires grad and this thread records."""
    if extras.recording_off and not state._grad:
        return
    mask = 0
    edges: list[Edge] = []
    for slot, value in enumerate(inputs):
        if isinstance(value, TensorBase):
            edge = edge_of(value) if value._tracked else None
            if edge is not None:
                mask |= 1 << slot
            edges.append(edge)
        elif value.__class__ is tuple:
            found = [edge_of(v) if isinstance(v, TensorBase) and v._tracked else None for v in value]
            if any(e is not None for e in found):
                mask |= 1 << slot
            edges.extend(found)
        else:
            edges.append(None)
    if not mask or not op.differentiable:
        return
    kept = op.saved(mask)
    metas = tuple([_meta(value) for value in inputs])
    output_metas = tuple([(r._shape, r._kind) if r._kind.dtype.is_differentiable else None for r in results])
    node = OpNode(op, tuple(edges), params, metas, output_metas, mask)
    if kept.any_input or kept.any_result:
        _fill_node(node, kept.inputs, kept.results, inputs, results)
    for number, result in enumerate(results):
        if output_metas[number] is not None:
            result._requires_grad, result._tracked = True, TRACKED
            result._node = node
            result._output_nr = number


def _fill_node(
    node: OpNode,
    keep_inputs: tuple[bool, ...],
    keep_results: tuple[bool, ...],
    inputs: tuple[Any, ...],
    results: tuple[Any, ...],
) -> None:
    node.inputs = tuple([_save(v) if k else None for v, k in zip(inputs, keep_inputs)])
    node.versions = tuple([_versions(v) if k else 0 for v, k in zip(inputs, keep_inputs)])
    if True in keep_results:
        aliases = [alias(r) if k else None for r, k in zip(results, keep_results)]
        node.results = tuple([None if a is None else _save(a) for a in aliases])
        node.result_versions = tuple([0 if a is None else a._storage.version for a in aliases])


def record_unary(op: Op, input: Any, others: tuple[Any, ...], result: Any) -> None:
    """``record`` for an element-wise op of one tracked tensor; ``others`` are Python numbers."""
    edge = edge_of(input)
    if edge is None or (extras.recording_off and not state._grad):
        return
    edges = (edge, None) if others else (edge,)
    _attach(op, (input, *others), edges, 1, result, input._kind is not result._kind)


def record_binary(op: Op, input: Any, other: Any, result: Any) -> None:
    """``record`` for an element-wise op of two tensors of one kind, at least one of them tracked."""
    if extras.recording_off and not state._grad:
        return
    mask = 0
    first = second = None
    if input._tracked:
        if input._tracked == VIEW:
            sync_view(input)
        if input._tracked == TRACKED or input._requires_grad:
            mask = 1
            node = input._node
            first = (input, 0) if node is None else (node, input._output_nr)
    if other._tracked:
        if other._tracked == VIEW:
            sync_view(other)
        if other._tracked == TRACKED or other._requires_grad:
            mask += 2
            node = other._node
            second = (other, 0) if node is None else (node, other._output_nr)
    if mask:
        shape = result._shape
        unlike = input._shape != shape or other._shape != shape or input._kind is not result._kind
        _attach(op, (input, other), (first, second), mask, result, unlike)


def _attach(
    op: Op, inputs: tuple[Any, ...], edges: tuple[Edge, ...], mask: int, result: Any, unlike: bool
) -> None:
    """Make the node of an element-wise op; ``unlike`` where inputs and result differ in shape or kind."""
    keep_inputs, _, any_input, any_result, metas = op.saves.get(mask) or op.saved(mask)
    node = _new(OpNode)
    node.op = op
    node.mask = mask
    node.edges = edges
    node.sequence = next(_sequence)
    if unlike or metas:
        node.input_metas = tuple([_meta(value) for value in inputs])
    if any_input:
        if extras.active or len(inputs) > 2:
            node.inputs = tuple([_save(v) if k else None for v, k in zip(inputs, keep_inputs)])
            node.versions = tuple([_versions(v) if k else 0 for v, k in zip(inputs, keep_inputs)])
        elif len(inputs) == 1:
            node.inputs = inputs
            node.versions = (version_of(inputs[0]),)
        else:
            first, second = inputs
            keep_first, keep_second = keep_inputs
            node.inputs = (first if keep_first else None, second if keep_second else None)
            node.versions = (_version(first) if keep_first else 0, _version(second) if keep_second else 0)
    if any_result:
        saved = alias(result)
        node.results = (_save(saved),)
        node.result_versions = (saved._storage.version,)
    if extras.active and state.anomaly:
        node.trace = traceback.format_stack()[:-3]
    result._requires_grad, result._tracked = True, TRACKED
    result._node = node


def _version(value: Any) -> int:
    """The storage version of a tensor; 0 for a number."""
    try:
        storage = value._storage
    except AttributeError:
        return 0
    return 0 if storage is None else storage.version  # type: ignore[no-any-return]


_new = object.__new__


def _meta(value: Any) -> Any:
    if isinstance(value, TensorBase):
        return value._shape, value._kind
    return [_meta(v) for v in value] if value.__class__ is tuple else None


def _save(value: Any) -> Any:
    if isinstance(value, TensorBase):
        if value._inference:
            raise RuntimeError(
                "Inference tensors cannot be saved for backward. To work around you can make a clone to get a normal "
                "tensor and use it in autograd."
            )
        if extras.active and state.saved_tensor_hooks:
            pack, unpack = state.saved_tensor_hooks[-1]
            return Packed(pack(value), unpack)
        return value
    return tuple(_save(v) for v in value) if value.__class__ is tuple else value


def _versions(value: Any) -> Any:
    if isinstance(value, TensorBase):
        return version_of(value)
    return tuple(_versions(v) for v in value) if value.__class__ is tuple else 0


# ---------------------------------------------------------------------------------------------------- the walk


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
                        raise RuntimeError(
                            f"Function '{node.name()}' returned nan values in its {number}th output."
                        )
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
