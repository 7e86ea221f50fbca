"""Changes in place and ``out=``: results written over tensors that exist, with their history."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from tensorplug.arguments import answer
from tensorplug.autograd.grad_mode import extras, no_grad, state
from tensorplug.autograd.recording import rebase_history
from tensorplug.base import Storage, TensorBase, alias, bump_version, storage_of, wrap
from tensorplug.callers import refresh
from tensorplug.dispatch import different_devices, seam
from tensorplug.dtypes import (
    can_cast,
)
from tensorplug.op import VIEW as VIEW_OP
from tensorplug.op import Op
from tensorplug.promotion import operands
from tensorplug.registry import Kind
from tensorplug.shapes import Shape

_OVERLAPPING = (
    "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
    "Please clone() the tensor before performing the operation."
)


def inplace_caller(op: Op) -> Callable[..., Any]:
    """The function behind ``op_``: computes the op and writes the result over the first operand."""
    if op.kind == VIEW_OP:
        return _inplace_view_caller(op)
    name = op.name + "_"
    elementwise = op.promotion is not None and len(op.inputs) == 2
    kernels: dict[Kind, Any] = {}
    refresh(kernels)

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if elementwise and not kwargs and len(args) == 1 and _overwrite_alike(op, kernels, self, args[0]):
            return self
        check_inplace(self, name)
        if seam.active and any(map(_is_transformed, (self, *args))):
            before = _old_values(self, args)
            return write_back(self, op.call(before, *[before if a is self else a for a in args], **kwargs), name)
        if not (state.grad and (self._tracked or any(isinstance(a, TensorBase) and a._tracked for a in args))):
            with no_grad():
                return _overwrite(op, self, args, kwargs)
        before = graph_alias(self)
        result = op.call(before, *[before if a is self else a for a in args], **kwargs)
        _keep_old_values(result._node, before)
        return write_back(self, result, name)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"In-place version of `{op.name}`: the result overwrites ``self``, which is returned."
    call.__wrapped__ = op.body  # type: ignore[attr-defined]
    return call


def _is_transformed(value: Any) -> bool:
    """Whether a level of a transform has something to do with a tensor: it batches it, or has a tangent for it."""
    if not isinstance(value, TensorBase):
        return False
    storage = value._storage
    return bool(value._layer or value._tangents) or (storage is not None and bool(storage.tangents))


def _old_values(tensor: Any, others: Sequence[Any]) -> Any:
    """What a change in place is computed from: a copy if anything of it may be saved, below what transforms show."""
    if not state.grad:
        return tensor
    for value in (tensor, *others):
        while isinstance(value, TensorBase):
            if value._tracked:
                return tensor.clone()
            value = value._value if value._layer else None  # type: ignore[attr-defined]
    return tensor


def _keeping_kernel(op: Op, kind: Kind) -> Any:
    """The kernel that overwrites an operand of ``kind``, if the op gives results of that kind."""
    try:
        keeps = op.promotion(op.name, kind.dtype) == (kind.dtype, kind.dtype)
    except RuntimeError:
        return None
    return kind.inplace_kernels[op.name] if keeps else None


def _overwrite_alike(op: Op, kernels: dict[Kind, Any], self: Any, other: Any) -> bool:
    """The short path in place: operands of one kind and shape (or a number), nothing to record. False: not taken."""
    if seam.active:
        return False
    try:
        kind = self._kind
        if self._tracked and not (extras.recording_off and not state._grad):
            return False
        if other.__class__ is float or other.__class__ is int:
            if not kind.dtype.is_floating_point:
                return False
            array = other
        elif other._kind is kind and other._shape == self._shape and not other._tracked:
            array = other._array
        else:
            return False
    except AttributeError:
        return False
    strides = self._strides
    if (strides is not None and 0 in strides) or (extras.active and self._inference) or self._stands_for is not None:
        return False
    if kind not in kernels:
        kernels[kind] = _keeping_kernel(op, kind)
    kernel = kernels[kind]
    if kernel is None:
        return False
    kernel(self._array, array, self._array)
    storage = self._storage
    if storage is None:
        storage = self._storage = Storage(self._array)
    storage.version += 1
    return True


def _inplace_view_caller(op: Op) -> Callable[..., Any]:
    """In place, an op that shows memory otherwise changes what the tensor itself shows."""
    name = op.name + "_"

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        check_inplace(self, name)
        if self._layer:
            self.__dict__.update(op.call(self, *args, **kwargs).__dict__)
            return self
        seen = op.call(graph_alias(self), *args, **kwargs)
        self._array, self._shape = seen._array, seen._shape
        self._strides, self._offset = seen._strides, seen._offset
        self._tangents = seen._tangents
        bump_version(self)
        if seen._requires_grad:
            rebase_history(self, seen)
        return self

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"In-place version of `{op.name}`: ``self`` shows its memory in the new way."
    call.__wrapped__ = op.body  # type: ignore[attr-defined]
    return call


def _overwrite(op: Op, self: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """In place without recording; straight into the memory where the backend has a kernel for that."""
    kernel = None
    if op.promotion is not None and not kwargs and not seam.active:
        kernel = self._kind.inplace_kernels[op.name]
    if kernel is None:
        return write_back(self, op.call(self, *args, **kwargs), op.name + "_")
    values, dtype, shape, _ = operands(op.name, op.promotion, (self, *args))
    if dtype is not self._kind.dtype or shape != self._shape or values[0] is not self:
        return write_back(self, op.call(self, *args), op.name + "_")
    kernel(*[v._array if isinstance(v, TensorBase) else v for v in values], self._array)
    bump_version(self)
    return self


def _keep_old_values(node: Any, before: Any) -> None:
    """Where a node saved the operand that is about to be overwritten, let it have a copy of the old values."""
    inputs = getattr(node, "inputs", ())
    if before._kind.backend.abstract or not any(value is before for value in inputs):
        return
    kept = wrap(before._kind.kernels["clone"](before._array), before._kind, before._shape)
    kept._requires_grad, kept._node, kept._output_nr = before._requires_grad, before._node, before._output_nr
    kept._tracked = int(before._requires_grad)
    node.inputs = tuple(kept if value is before else value for value in inputs)
    node.versions = tuple(0 if value is before else n for value, n in zip(inputs, node.versions))


def graph_alias(tensor: Any) -> Any:
    """Another object with the tensor's memory and place in the graph, so that a node saving it makes no cycle."""
    other = alias(tensor)
    other._requires_grad = tensor._requires_grad
    other._tracked = tensor._tracked
    other._node = tensor._node
    other._output_nr = tensor._output_nr
    other._base = tensor._base
    other._node_version = tensor._node_version
    other._tangents = tensor._tangents
    return other


def check_inplace(tensor: Any, name: str) -> None:
    """Refuse a change in place that would make gradients wrong or has no meaning.

    Raises:
        RuntimeError: a leaf that requires grad (or a view of one) in grad mode, elements sharing memory, a tensor made
            in inference mode.
        TypeError: not a tensor.
    """
    if not isinstance(tensor, TensorBase):
        raise TypeError(f"{name}(): argument 'self' must be Tensor, not {type(tensor).__name__}")
    if state.grad and tensor._tracked:
        if tensor._requires_grad and tensor._node is None:
            raise RuntimeError(f"{name}: a leaf Variable that requires grad is being used in an in-place operation.")
        base = tensor._base
        if base is not None and base._requires_grad:
            if base._node is None:
                raise RuntimeError(
                    f"{name}: a view of a leaf Variable that requires grad is being used in an in-place operation."
                )
            if tensor._view_of_no_grad:
                raise RuntimeError(
                    f"{name}: A view was created in no_grad mode and is being modified inplace with grad mode enabled. "
                    "Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code "
                    "by moving both the view and the inplace either both inside the no_grad block (if you don't want "
                    "the inplace to be tracked) or both outside (if you want the inplace to be tracked)."
                )
    if tensor._stands_for is not None:
        raise RuntimeError(
            f"{name}: the change would be lost: '{tensor._stands_for}' gave new values and not a view, since its "
            f"tensor is recorded for gradients or '{tensor._kind.device}' has no such views. Detach the tensor first, "
            "or build a new one with tensorplug.complex."
        )
    if tensor._inference and not state.inference:
        raise RuntimeError(
            f"{name}: Inplace update to inference tensor outside InferenceMode is not allowed. You can make a clone to "
            "get a normal tensor before doing inplace update."
        )
    if tensor._strides is not None and 0 in tensor._strides and _shows_elements_twice(tensor):
        raise RuntimeError(f"{name}: {_OVERLAPPING}")


def _shows_elements_twice(tensor: Any) -> bool:
    shape: Shape = tensor._shape
    return 0 not in shape and any(s == 0 and n > 1 for s, n in zip(tensor._strides, shape, strict=True))


def write_back(target: Any, result: Any, name: str) -> Any:
    """Overwrite ``target`` (already checked) with ``result``: values, version and history."""
    if seam.active and overwritten(target, result, name):
        return target
    if result._shape != target._shape:
        raise RuntimeError(
            f"{name}: output with shape {list(target._shape)} doesn't match the broadcast shape {list(result._shape)}"
        )
    if result._kind is not target._kind:
        if not can_cast(result._kind.dtype, target._kind.dtype):
            raise RuntimeError(
                f"{name}: result type {result._kind.dtype.legacy_name} can't be cast to the desired output type "
                f"{target._kind.dtype.legacy_name}"
            )
        result = result.to(dtype=target._kind.dtype)
    storage_of(target)
    target._kind.backend.copy_into(target._array, result._array)
    bump_version(target)
    if state.grad and (result._requires_grad or target._tracked):
        rebase_history(target, result)
    return target


def overwritten(target: Any, result: Any, name: str) -> bool:
    """Let the interpreters that have a say in changes in place do their part; whether the change has been made.

    Such an interpreter has a method ``overwrite(target, result, name)``, which runs without it and those above it.
    """
    stack = state.interpreters
    try:
        while state.interpreters:
            interpreter = state.interpreters[-1]
            state.interpreters = state.interpreters[:-1]
            overwrite = getattr(interpreter, "overwrite", None)
            if overwrite is not None and overwrite(target, result, name):
                return True
    finally:
        state.interpreters = stack
    return False


def with_out(op: Op) -> Callable[..., Any]:
    """The public function of an op that takes ``out=``."""
    call = op.call

    def function(*args: Any, out: Any = None, **kwargs: Any) -> Any:
        if out is None:
            try:
                return call(*args, **kwargs)
            except Exception as error:
                return answer(op, call, error, args, kwargs)
        return write_out(op.name, out, lambda: call(*args, **kwargs), (args, kwargs))

    function.__name__ = function.__qualname__ = op.name
    function.__doc__ = f"{op.body.__doc__}\n\n    Also takes ``out=``, a tensor to write the result into."
    function.__module__ = op.body.__module__
    function.__wrapped__ = op.body  # type: ignore[attr-defined]
    return function


def write_out(
    name: str, out: Any, compute: Callable[[], Any], arguments: tuple[tuple[Any, ...], dict[str, Any]]
) -> Any:
    """Compute without recording and write the result (or results) into ``out``."""
    args, kwargs = arguments
    targets = out if isinstance(out, tuple | list) else (out,)
    for value in [*args, *kwargs.values(), *targets]:
        if state.grad and isinstance(value, TensorBase) and value._requires_grad:
            raise RuntimeError(
                f"{name}(): functions with out=... arguments don't support automatic differentiation, "
                "but one of the arguments requires grad."
            )
    with no_grad():
        found = compute()
        results = found if isinstance(found, tuple) else (found,)
        for target, result in zip(targets, results, strict=True):
            _write_one(name, target, result)
    return out


def _write_one(name: str, target: Any, result: Any) -> None:
    if not isinstance(target, TensorBase):
        raise TypeError(f"{name}(): argument 'out' must be Tensor, not {type(target).__name__}")
    if target._kind.device is not result._kind.device:
        raise different_devices(name, (target, result))
    if not can_cast(result._kind.dtype, target._kind.dtype):
        raise RuntimeError(
            f"{name}: result type {result._kind.dtype.legacy_name} can't be cast to the desired output type "
            f"{target._kind.dtype.legacy_name}"
        )
    if target._shape != result._shape:
        if 0 not in target._shape:
            warnings.warn(
                f"{name}: an output with one or more elements was resized since it had shape {list(target._shape)}, "
                f"which does not match the required output shape {list(result._shape)}. Resize it to zero elements "
                "first if that is meant: out.resize_(0).",
                stacklevel=4,
            )
        resize(target, result._shape)
    check_inplace(target, name)
    target._kind.backend.copy_into(target._array, result._array)
    bump_version(target)


def resize(target: Any, shape: Shape) -> None:
    """Give ``target`` fresh memory of ``shape``; its old values are gone."""
    kind = target._kind
    target._array = kind.backend.empty(shape, kind.dtype, kind.device)
    target._shape = shape
    target._strides = None
    target._offset = 0
    version = 0 if target._storage is None else target._storage.version
    target._storage = None
    storage_of(target).version = version + 1
