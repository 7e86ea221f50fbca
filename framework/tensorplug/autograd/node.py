"""Nodes of the recorded graph.

A node holds *edges* to where the gradients of its inputs go: ``(node, output number)`` for a computed input,
``(tensor, 0)`` for a leaf, ``None`` where no gradient is wanted. Nodes never hold the tensors they produced (a saved
result is kept as an alias outside the graph), so a graph has no reference cycles and goes with its last tensor.
"""

from __future__ import annotations

import itertools
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from tensorplug.autograd.grad_mode import extras, state
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
    """A saved tensor that a pack hook replaced by ``handle``; ``unpack`` gives it back."""

    __slots__ = ("handle", "unpack")

    def __init__(self, handle: Any, unpack: Callable[[Any], Any]) -> None:
        self.handle = handle
        self.unpack = unpack


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
        self.sequence = next(sequence)
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
        return meta

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
            raise RuntimeError(modified_error(value, version, self.op.name, self.op.inputs[slot]))
        return value

    def saved_result(self, index: int) -> Any:
        """A saved result as a tensor of the graph again: equal to the result, sharing its memory, another object."""
        saved = self.results[index]
        if saved.__class__ is Packed:
            tensor = alias(saved.unpack(saved.handle))
        else:
            if version_of(saved) != self.result_versions[index]:
                raise RuntimeError(
                    modified_error(saved, self.result_versions[index], self.op.name, self.op.outputs[index])
                )
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


def modified_error(tensor: Any, expected: int, op: str, which: str) -> str:
    """The message for a saved tensor that was changed in place."""
    kind = tensor._kind
    return (
        "one of the variables needed for gradient computation has been modified by an inplace operation: "
        f"[{kind.dtype} {list(tensor._shape)} on {kind.device}], saved by {op} as '{which}', is at version "
        f"{version_of(tensor)}; expected version {expected} instead. Hint: enable anomaly detection to find the "
        "operation that failed to compute its gradient, with tensorplug.autograd.set_detect_anomaly(True)."
    )
