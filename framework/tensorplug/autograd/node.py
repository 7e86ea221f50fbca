"""Nodes of the recorded graph.

A node holds *edges* to where the gradients of its inputs go: ``(node, output number)`` for a computed input,
``(tensor, 0)`` for a leaf, ``None`` where no gradient is wanted. Nodes never hold the tensors they produced (a saved
result is kept as an alias outside the graph), so a graph has no reference cycles and goes with its last tensor.
"""

from __future__ import annotations

import itertools
import traceback
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tensorplug.autograd.grad_mode import extras, no_grad, state
from tensorplug.autograd.handles import RemovableHandle, add_hook
from tensorplug.base import TRACKED, TensorBase, alias, version_of
from tensorplug.op import INPUT, NEEDS, PARAM, RESULT, SHAPE, Op
from tensorplug.registry import Kind
from tensorplug.shapes import Shape

Edge = tuple[Any, int] | None
Meta = tuple[Shape, Kind] | None

sequence = itertools.count()
"""Numbers nodes in order of creation."""

_FREED = (
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already been "
    "freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify "
    "retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors "
    "after calling backward."
)


class Packed:
    """A saved tensor that a pack hook replaced by something else.

    Raises:
        RuntimeError: the hook changed the tensor in place.
    """

    __slots__ = ("_handle", "_unpack_hook")

    def __init__(self, tensor: Any) -> None:
        pack_hook, self._unpack_hook = state.saved_tensor_hooks[-1]
        version = version_of(tensor)
        with no_grad():
            self._handle = pack_hook(tensor)
        if version_of(tensor) != version:
            raise RuntimeError(
                "A saved tensor pack hook is modifying its input in place. Clone the tensor first: whoever else holds "
                "it would see the change."
            )

    def unpack(self, edge: Edge) -> Any:
        """The tensor as the unpack hook gives it back, at its old place in the graph.

        Raises:
            TypeError: the hook returned something else than a tensor.
        """
        found = self._unpack_hook(self._handle)
        if not isinstance(found, TensorBase):
            raise TypeError(
                "Output of saved tensor unpack_hook expected to be a Tensor but got result of type "
                f"{type(found).__name__}"
            )
        return found if edge is None or _is_at(found, edge) else _placed(found, edge)


def _is_at(tensor: Any, edge: tuple[Any, int]) -> bool:
    return tensor is edge[0] or (tensor._node is edge[0] and tensor._output_nr == edge[1])


def _placed(tensor: Any, edge: tuple[Any, int]) -> Any:
    """An alias of ``tensor`` whose gradient goes to ``edge``."""
    node, number = (_ToLeaf((edge,), (None,)), 0) if isinstance(edge[0], TensorBase) else edge
    other = alias(tensor)
    other._requires_grad, other._tracked = True, TRACKED
    other._node, other._output_nr = node, number
    return other


class BackwardNode:
    """What the walk asks of every node.

    Attributes:
        edges: where the gradients of the inputs go.
        output_metas: shape and kind of each output, to fill in gradients nobody sent.
        sequence: number in order of creation; consumers have higher ones than producers.
        prehooks: called with the gradients of the outputs, may replace them.
        hooks: called with the gradients of the inputs and outputs, may replace the former.
        tensor_hooks: by number of output, hooks of the tensor: called with its gradient, may replace it.
        retained: by number of output, what keeps the tensor's gradient once its hooks have run.
        trace: the forward traceback, in anomaly mode.
    """

    edges: tuple[Edge, ...]
    sequence: int
    output_metas: tuple[Meta, ...] = (None,)
    # Class attributes until they are set, so that making a node is cheap.
    hooks: dict[int, Any] | None = None
    prehooks: dict[int, Any] | None = None
    tensor_hooks: dict[int, dict[int, Any]] | None = None
    retained: dict[int, Callable[[Any], None]] | None = None
    broadcasts: bool = True
    trace: list[str] | None = None

    def __init__(self, edges: tuple[Edge, ...], output_metas: tuple[Meta, ...]) -> None:
        self.edges = edges
        self.output_metas = output_metas
        self.sequence = next(sequence)
        if extras.active and state.anomaly:
            self.trace = traceback.format_stack()[:-3]

    def apply(self, grads: list[Any]) -> Sequence[Any]:
        """The gradients of the inputs (None where there is none), given those of the outputs."""
        raise NotImplementedError

    def release(self) -> None:
        """Let go of saved tensors."""

    def input_meta(self, index: int) -> Meta:
        """Shape and kind that the gradient of an input must have, None where that is not known or not in doubt."""
        return None

    def name(self) -> str:
        """The name PyTorch would print, such as ``MulBackward0``."""
        return type(self).__name__

    @property
    def metadata(self) -> dict[Any, Any]:
        """Notes of users, such as profilers; nothing else reads it."""
        return self.__dict__.setdefault("_metadata", {})

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


class _ToLeaf(BackwardNode):
    """Passes the gradient of an unpacked tensor to the leaf that was packed."""

    def apply(self, grads: list[Any]) -> Sequence[Any]:
        return grads

    def name(self) -> str:
        return "AliasBackward0"


class GradientEdge(NamedTuple):
    """A place in the graph where a gradient arrives: an output of a node."""

    node: Any
    output_nr: int


class LeafHooks(NamedTuple):
    """Hooks of the node at the end of a path: before a gradient is added to the leaf's, and after."""

    before: dict[int, Any]
    after: dict[int, Any]


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
        """Call ``hook((), (grad,))`` after ``grad`` was added to that of the variable."""
        return add_hook(_leaf_hooks(self.variable).after, hook)

    def register_prehook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook((grad,))`` before ``grad`` is added; a returned tuple replaces it."""
        return add_hook(_leaf_hooks(self.variable).before, hook)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AccumulateGrad) and other.variable is self.variable

    def __hash__(self) -> int:
        return hash((AccumulateGrad, id(self.variable)))

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {id(self.variable):#x}>"


def _leaf_hooks(variable: Any) -> LeafHooks:
    # Kept by the variable, since this node is made anew for each who asks.
    if variable._leaf_hooks is None:
        variable._leaf_hooks = LeafHooks({}, {})
    hooks: LeafHooks = variable._leaf_hooks
    return hooks


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

    @property
    def broadcasts(self) -> bool:  # type: ignore[override]
        """Whether gradients may have to be summed to the shape of an input."""
        return self.op.broadcasts

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
        return meta

    def _needs(self) -> tuple[Any, ...]:
        star = self.op.star
        wanted = tuple(e is not None for e in self.edges)
        return wanted if star < 0 else (*wanted[:star], wanted[star:])

    def saved_input(self, slot: int) -> Any:
        """The saved input, checked against changes in place."""
        value = self.inputs[slot]
        if value.__class__ is tuple:
            edges = self.edges[slot:]
            return tuple(
                self._unpack_input(v, n, slot, e) for v, n, e in zip(value, self.versions[slot], edges, strict=True)
            )
        return self._unpack_input(value, self.versions[slot], slot, self.edges[slot])

    def _unpack_input(self, value: Any, version: int, slot: int, edge: Edge) -> Any:
        if value.__class__ is Packed:
            return value.unpack(edge)
        if isinstance(value, TensorBase) and version_of(value) != version:
            raise RuntimeError(modified_error(value, version, self.op.name, self.op.inputs[slot]))
        return value

    def saved_result(self, index: int) -> Any:
        """A saved result as a tensor of the graph again: equal to the result, sharing its memory, another object."""
        saved = self.results[index]
        if saved.__class__ is Packed:
            tensor = alias(saved.unpack(None))
        else:
            if version_of(saved) != self.result_versions[index]:
                raise RuntimeError(
                    modified_error(saved, self.result_versions[index], self.op.name, self.op.outputs[index])
                )
            if not state._grad:
                return saved  # nobody would see where it stands in the graph
            tensor = alias(saved)
        if index < len(self.output_metas) and tensor._kind.dtype.is_differentiable:
            tensor._requires_grad, tensor._tracked = True, TRACKED
            tensor._node = self
            tensor._output_nr = index
        return tensor

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_saved_"):
            raise AttributeError(f"'{self.name()}' object has no attribute '{name}'")
        return self._saved_attribute(name.removeprefix("_saved_"))

    def _saved_attribute(self, name: str) -> Any:
        op, asked = self.op, name
        if name == "self" and "input" in op.inputs:
            name = "input"
        if name in op.params:
            return self.params[op.params.index(name)]
        if name not in _kept_names(op, (1 << len(op.inputs)) - 1):
            raise AttributeError(f"'{self.name()}' object has no attribute '_saved_{asked}'")
        if name not in _kept_names(op, self.mask):
            return None  # only needed for the gradients of other inputs
        if self.released:
            raise RuntimeError(_FREED)
        if name in op.inputs:
            return self.saved_input(op.inputs.index(name))
        return self.saved_result(op.outputs.index(name))


def _kept_names(op: Op, mask: int) -> list[str]:
    kept = op.saved(mask)
    return [n for n, k in zip(op.inputs + op.outputs, kept.inputs + kept.results, strict=True) if k]


def _part(meta: Any, index: int) -> Any:
    """Shape (0) or dtype (1) of an input's meta; of a variadic input, a tuple of them."""
    if meta is None:
        return None
    if meta.__class__ is list:
        return tuple(_part(m, index) for m in meta)
    return meta[0] if index == 0 else meta[1].dtype


def modified_error(tensor: Any, expected: int, op: str, which: str) -> str:
    """The message for a saved tensor that was changed in place."""
    kind = tensor._kind
    return (
        "one of the variables needed for gradient computation has been modified by an inplace operation: "
        f"[{kind.dtype} {list(tensor._shape)} on {kind.device}], saved by {op} as '{which}', is at version "
        f"{version_of(tensor)}; expected version {expected} instead. Hint: enable anomaly detection to find the "
        "operation that failed to compute its gradient, with tensorplug.autograd.set_detect_anomaly(True)."
    )
