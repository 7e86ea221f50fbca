"""User-written functions with their own gradient: ``autograd.Function``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from tensorplug.autograd.grad_mode import extras, no_grad, state
from tensorplug.autograd.node import BackwardNode, Edge, Meta, Packed, modified_error
from tensorplug.autograd.recording import edge_of, rebase_history
from tensorplug.base import TensorBase, alias, version_of

Tensor = Any


class FunctionCtx:
    """What ``forward`` and ``backward`` of a ``Function`` share. Any attribute can be set on it."""

    needs_input_grad: tuple[bool, ...] = ()
    materialize_grads: bool = True
    _to_save: tuple[Any, ...] = ()
    _dirty: tuple[Any, ...] = ()
    _non_differentiable: tuple[Any, ...] = ()
    _for_tangents: tuple[Any, ...] | None = None

    def save_for_forward(self, *tensors: Tensor) -> None:
        """Keep tensors (or None) for ``jvp``, where they are ``saved_tensors``.

        Raises:
            TypeError: something is neither a tensor nor None.
        """
        for tensor in tensors:
            if tensor is not None and not isinstance(tensor, TensorBase):
                raise TypeError(f"save_for_forward can only save tensors, but got {type(tensor).__name__}")
        self._for_tangents = tensors

    def save_for_backward(self, *tensors: Tensor) -> None:
        """Keep tensors (inputs or outputs of ``forward``, or None) for ``backward``, where they are ``saved_tensors``.

        Raises:
            TypeError: something is neither a tensor nor None.
        """
        for tensor in tensors:
            if tensor is not None and not isinstance(tensor, TensorBase):
                raise TypeError(f"save_for_backward can only save variables, but got {type(tensor).__name__}")
        self._to_save = tensors

    def mark_dirty(self, *tensors: Tensor) -> None:
        """Say which inputs ``forward`` changed in place; they must be among its outputs."""
        self._dirty = tensors

    def mark_non_differentiable(self, *tensors: Tensor) -> None:
        """Say which outputs have no gradient."""
        self._non_differentiable = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Whether ``backward`` gets zeros (the default) or None for outputs without gradient."""
        self.materialize_grads = value


class _FunctionNode(BackwardNode, FunctionCtx):
    """The node of a ``Function``, which is also the context object that its methods see."""

    function: type[Function]
    released: bool = False
    input_metas: tuple[Meta, ...] = ()
    _saved: tuple[Any, ...] = ()

    def __init__(self, function: type[Function]) -> None:
        BackwardNode.__init__(self, (), ())
        self.function = function

    def name(self) -> str:
        return f"{self.function.__name__}Backward"

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """The tensors that ``forward`` saved, checked against changes in place."""
        if self.released:
            raise RuntimeError(
                "Trying to backward through the graph a second time (or directly access saved tensors after they have "
                "already been freed). Specify retain_graph=True if you need to backward through the graph a second "
                "time."
            )
        return tuple(self._unpack(position, *entry) for position, entry in enumerate(self._saved))

    def for_tangents(self) -> Any:
        """The context as ``jvp`` sees it."""
        return self if self._for_tangents is None else _TangentContext(self)

    def _unpack(self, position: int, value: Any, version: int, output: int | None, edge: Edge) -> Any:
        if value is None:
            return None
        if value.__class__ is Packed:
            value = value.unpack(edge)
        elif version_of(value) != version:
            raise RuntimeError(modified_error(value, version, self.function.__name__, f"saved_tensors[{position}]"))
        if output is None:
            return value
        value = alias(value)
        value._requires_grad, value._tracked, value._node, value._output_nr = True, 1, self, output
        return value

    def keep(self, outputs: Sequence[Any]) -> None:
        """Take over what ``save_for_backward`` was given; outputs are kept as aliases, so that no cycle arises."""
        places = {id(o): i for i, o in enumerate(outputs)}
        self._saved = tuple([self._kept(tensor, places.get(id(tensor))) for tensor in self._to_save])
        self._to_save = ()

    def _kept(self, tensor: Any, output: int | None) -> tuple[Any, int, int | None, Edge]:
        if tensor is None:
            return None, 0, None, None
        own = tensor if output is None else alias(tensor)
        if output is not None and not tensor._requires_grad:
            output = None
        version = version_of(own)
        if extras.active and state.saved_tensor_hooks:
            return Packed(own), version, output, edge_of(own)
        return own, version, output, None

    def release(self) -> None:
        if self._saved:
            self.released = True
            self._saved = ()

    def apply(self, grads: list[Any]) -> Sequence[Any]:
        found = self.function.backward(self, *grads)
        results = list(found) if isinstance(found, tuple | list) else [found]
        wanted = len(self.edges)
        while len(results) > wanted and results[-1] is None:
            results.pop()
        if len(results) != wanted:
            raise RuntimeError(
                f"function {self.name()} returned an incorrect number of gradients (expected {wanted}, got "
                f"{len(results)})"
            )
        return [self._checked(i, grad) for i, grad in enumerate(results)]

    def _checked(self, index: int, grad: Any) -> Any:
        if grad is None or self.edges[index] is None:
            return None
        if not isinstance(grad, TensorBase):
            raise RuntimeError(
                f"function {self.name()}: expected Variable or None (got {type(grad).__name__}) at position {index}"
            )
        return grad

    def input_meta(self, index: int) -> Meta:
        return self.input_metas[index]


class _TangentContext:
    """A context in which ``saved_tensors`` are those that ``save_for_forward`` kept."""

    def __init__(self, node: _FunctionNode) -> None:
        self.__dict__["_node"] = node

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What ``save_for_forward`` was given."""
        return self._node._for_tangents or ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_node"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.__dict__["_node"], name, value)


class Function:
    """Base class of functions that bring their own gradient.

    Write ``forward(ctx, *args)`` and ``backward(ctx, *grad_outputs)`` as static methods and call ``apply``. With a
    static method ``setup_context(ctx, inputs, output)``, ``forward`` takes no ``ctx``.

    Example:
        >>> import tensorplug as tp
        >>> class Cube(tp.autograd.Function):
        ...     @staticmethod
        ...     def forward(ctx, x):
        ...         ctx.save_for_backward(x)
        ...         return x**3
        ...     @staticmethod
        ...     def backward(ctx, g):
        ...         (x,) = ctx.saved_tensors
        ...         return 3 * x**2 * g
        >>> x = tp.tensor(2.0, requires_grad=True)
        >>> Cube.apply(x).backward()
        >>> x.grad
        tensor(12.)
    """

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """Compute the result."""
        raise NotImplementedError("You must implement the forward function for custom autograd.Function.")

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """Compute the gradients of the inputs, one for each argument of ``forward``."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom autograd.Function to use it with "
            "backward mode AD."
        )

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> Any:
        """Save what ``backward`` needs, where ``forward`` takes no ``ctx``."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def jvp(ctx: Any, *grad_inputs: Any) -> Any:
        """Compute the tangents of the outputs from those of the inputs, one for each argument of ``forward``."""
        raise NotImplementedError(
            "You must implement the jvp function for custom autograd.Function to use it with forward mode AD."
        )

    @staticmethod
    def vmap(info: Any, in_dims: Any, *args: Any) -> Any:
        """Compute the function for a batch of examples.

        Args:
            info: ``batch_size`` and ``randomness`` of the ``vmap``.
            in_dims: for each argument the dim that counts the examples, or None.
            args: the arguments, those with batch dims as tensors with one more dim.

        Returns:
            The output, and where its batch dim is (for several outputs, tuples of both).
        """
        raise NotImplementedError(
            "To use this custom autograd.Function under vmap, implement the vmap staticmethod or set "
            "generate_vmap_rule=True."
        )

    generate_vmap_rule: bool = False
    """Whether ``forward``, ``backward`` and ``jvp`` can run under ``vmap`` themselves, in the place of the method."""

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Run the function and record it."""
        if state.interpreters:
            found = _through_levels(cls, args, kwargs)
            if found is not None:
                return found[0]
        return cls._recorded(args, kwargs)[0]

    @classmethod
    def _recorded(cls, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
        """The outputs, and the node that is also the context."""
        edges: list[Edge] = [
            edge_of(a) if state.grad and isinstance(a, TensorBase) and a._tracked else None for a in args
        ]
        node = _FunctionNode(cls)
        node.needs_input_grad = tuple(e is not None for e in edges)
        with no_grad():
            found = _run_forward(cls, node, args, kwargs)
        single = not isinstance(found, tuple)
        outputs = (found,) if single else tuple(found)
        if any(node.needs_input_grad):
            outputs = _record(node, edges, args, outputs)
        node.keep(outputs)
        return outputs[0] if single else outputs, node


def apply_keeping(cls: type[Function], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """Apply a function, keeping what its tangents need.

    Returns:
        The outputs, and a function from the tangents of the inputs to those of the outputs.
    """
    found = _through_levels(cls, args, kwargs) if state.interpreters else None
    if found is not None:
        return found
    outputs, node = cls._recorded(args, kwargs)

    def push(*tangents: Any) -> Any:
        return cls.jvp(node.for_tangents(), *tangents)

    return outputs, push


def _through_levels(cls: type[Function], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any] | None:
    """Let the innermost interpreter that these arguments concern apply the function; None where there is none.

    Such an interpreter has a method ``apply_function(cls, args, kwargs)``, which runs without it and those above it
    and returns what ``apply_keeping`` does, or None where the arguments are none of its business.
    """
    stack = state.interpreters
    try:
        while state.interpreters:
            interpreter = state.interpreters[-1]
            state.interpreters = state.interpreters[:-1]
            apply_function = getattr(interpreter, "apply_function", None)
            found: tuple[Any, Any] | None = None if apply_function is None else apply_function(cls, args, kwargs)
            if found is not None:
                return found
    finally:
        state.interpreters = stack
    return None


def _run_forward(cls: type[Function], node: _FunctionNode, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if cls.setup_context is Function.setup_context:
        return cls.forward(node, *args, **kwargs)
    found = cls.forward(*args, **kwargs)
    cls.setup_context(node, args, found)
    return found


def _record(node: _FunctionNode, edges: list[Edge], args: tuple[Any, ...], outputs: tuple[Any, ...]) -> tuple[Any, ...]:
    _check_dirty(node, outputs)
    node.edges = tuple(edges)
    node.input_metas = tuple([(a._shape, a._kind) if isinstance(a, TensorBase) else None for a in args])
    metas: list[Meta] = []
    dirty = {id(t) for t in node._dirty}
    constant = {id(t) for t in node._non_differentiable}
    inputs = {id(a) for a in args if isinstance(a, TensorBase)}
    results = []
    for number, output in enumerate(outputs):
        if not isinstance(output, TensorBase):
            metas.append(None)
            results.append(output)
            continue
        # An input that comes back unchanged becomes a tensor of its own, as does one whose memory was detached.
        if id(output) in inputs and id(output) not in dirty:
            output = _renamed(node, number, output)
        differentiable = output._kind.dtype.is_differentiable and id(outputs[number]) not in constant
        metas.append((output._shape, output._kind) if node.materialize_grads else None)
        if differentiable:
            _attach(node, number, output, id(outputs[number]) in dirty)
        results.append(output)
    node.output_metas = tuple(metas)
    return tuple(results)


def _check_dirty(node: _FunctionNode, outputs: tuple[Any, ...]) -> None:
    returned = {id(o) for o in outputs}
    for tensor in node._dirty:
        if tensor._requires_grad and tensor._node is None:
            raise RuntimeError("a leaf Variable that requires grad has been used in an in-place operation.")
        if id(tensor) not in returned:
            raise RuntimeError(
                "Some elements marked as dirty during the forward method were not returned as output. The inputs that "
                "are modified inplace must all be outputs of the Function."
            )


def _renamed(node: _FunctionNode, number: int, output: Any) -> Any:
    other = alias(output)
    node._to_save = tuple(other if t is output else t for t in node._to_save)
    return other


def _attach(node: _FunctionNode, number: int, output: Any, dirty: bool) -> None:
    if not dirty:
        output._requires_grad, output._tracked = True, 2 if output._base is not None else 1
        output._node, output._output_nr = node, number
        output._node_version = version_of(output)
        return
    marker = alias(output)
    marker._requires_grad, marker._tracked, marker._node, marker._output_nr = True, 1, node, number
    rebase_history(output, marker)


def once_differentiable(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator of a ``backward`` whose result cannot be differentiated again: doing so is an error."""

    @functools.wraps(function)
    def wrapper(ctx: Any, *args: Any) -> Any:
        with no_grad():
            found = function(ctx, *args)
        if not state.grad or not any(isinstance(a, TensorBase) and a._requires_grad for a in args):
            return found
        results = found if isinstance(found, tuple) else (found,)
        failed = tuple(_Failing.apply(r, args[0]) if isinstance(r, TensorBase) else r for r in results)
        return failed if isinstance(found, tuple) else failed[0]

    return wrapper


class _Failing(Function):
    @staticmethod
    def forward(ctx: Any, result: Any, source: Any) -> Any:
        return result.detach()

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        raise RuntimeError("trying to differentiate twice a function that was marked with @once_differentiable")
