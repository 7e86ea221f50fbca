"""What users can do with the recorded graph: ``tensorplug.autograd.graph``."""

from __future__ import annotations

import functools
import threading
import weakref
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Any

from tensorplug.autograd.engine import current_pass, will_reach
from tensorplug.autograd.grad_mode import extras, state
from tensorplug.autograd.handles import RemovableHandle
from tensorplug.autograd.node import AccumulateGrad, BackwardNode, GradientEdge
from tensorplug.autograd.recording import edge_of
from tensorplug.base import TensorBase, alias, bump_version, storage_of
from tensorplug.device import Device
from tensorplug.dispatch import pop_interpreter, push_interpreter, run
from tensorplug.left_out import refusing
from tensorplug.op import Op, table

Tensor = Any

Node = BackwardNode
"""The class of graph nodes."""


def get_gradient_edge(tensor: Tensor) -> GradientEdge:
    """The place in the graph where the gradient of ``tensor`` arrives.

    Raises:
        RuntimeError: it does not require grad.
    """
    edge = edge_of(tensor)
    if edge is None:
        raise RuntimeError("It is not possible to get the gradient edge for a Tensor that does not require gradients")
    target, number = edge
    return GradientEdge(AccumulateGrad(target) if isinstance(target, TensorBase) else target, number)


class saved_tensors_hooks:
    """A context in which saved tensors go through ``pack_hook``, and come back through ``unpack_hook`` in backward.

    Args:
        pack_hook: from a tensor to anything that stands for it.
        unpack_hook: from that to a tensor of equal values.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.tensor(3.0, requires_grad=True)
        >>> with tp.autograd.graph.saved_tensors_hooks(lambda t: t.item(), tp.tensor):
        ...     y = x * x
        >>> y.backward()
        >>> x.grad
        tensor(6.)
    """

    def __init__(self, pack_hook: Callable[[Any], Any], unpack_hook: Callable[[Any], Any]) -> None:
        self.pack_hook = pack_hook
        self.unpack_hook = unpack_hook

    def __enter__(self) -> None:
        if state.saved_tensor_hooks_refused is not None:
            raise RuntimeError(state.saved_tensor_hooks_refused)
        state.saved_tensor_hooks = (*state.saved_tensor_hooks, (self.pack_hook, self.unpack_hook))
        with extras.lock:
            extras.active += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        state.saved_tensor_hooks = state.saved_tensor_hooks[:-1]
        with extras.lock:
            extras.active -= 1


class save_on_cpu(saved_tensors_hooks):
    """A context in which saved tensors wait on the CPU until backward needs them.

    Args:
        pin_memory: accepted; copies pin what they need.
        device_type: the device type whose memory is scarce.
    """

    def __init__(self, pin_memory: bool = False, device_type: str = "cuda") -> None:
        def pack(tensor: Tensor) -> tuple[Device, Tensor]:
            return tensor.device, tensor.detach().cpu()

        def unpack(packed: tuple[Device, Tensor]) -> Tensor:
            device, tensor = packed
            return tensor.to(device)

        super().__init__(pack, unpack)


class allow_mutation_on_saved_tensors:
    """A context in which tensors saved for backward may be changed in place: a copy is made first, for backward to use.

    Run forward and backward inside. What the context holds is let go at its end.

    Example:
        >>> import tensorplug as tp
        >>> with tp.autograd.graph.allow_mutation_on_saved_tensors():
        ...     a = tp.ones(2, requires_grad=True)
        ...     b = a.clone()
        ...     out = (b**2).sum()
        ...     _ = b.sin_()
        ...     out.backward()
        >>> a.grad
        tensor([2., 2.])
    """

    def __init__(self) -> None:
        self._saved: weakref.WeakKeyDictionary[Any, list[weakref.ref[_Saved]]] = weakref.WeakKeyDictionary()
        self._hooks = saved_tensors_hooks(self._pack, _Saved.unpack)
        self._open = False

    def __enter__(self) -> allow_mutation_on_saved_tensors:
        if any(isinstance(getattr(i, "keeper", None), allow_mutation_on_saved_tensors) for i in state.interpreters):
            raise RuntimeError("allow_mutation_on_saved_tensors contexts cannot be nested")
        self._hooks.__enter__()
        push_interpreter(_CopiesFirst(self))
        self._open = True
        return self

    def __exit__(self, *exception: Any) -> None:
        pop_interpreter()
        self._hooks.__exit__(*exception)
        self._open = False
        self.clear()

    def clear(self) -> None:
        """Let go of everything that was saved."""
        for holders in self._saved.values():
            for holder in [ref() for ref in holders]:
                if holder is not None:
                    holder.tensor = None
        self._saved.clear()

    def _pack(self, tensor: Tensor) -> _Saved:
        saved = _Saved(alias(tensor))
        self._saved.setdefault(storage_of(tensor), []).append(weakref.ref(saved))
        return saved

    def before_change(self, tensor: Tensor) -> None:
        """Copy what was saved of the memory of a tensor."""
        for holder in [ref() for ref in self._saved.pop(storage_of(tensor), ())]:
            if holder is not None and holder.tensor is not None:
                holder.tensor = table["clone"].call(holder.tensor)


class _Saved:
    """What a saved tensor was replaced by: the tensor, or once its memory is changed, a copy."""

    def __init__(self, tensor: Tensor) -> None:
        self.tensor: Tensor | None = tensor

    def unpack(self) -> Tensor:
        if self.tensor is None:
            raise RuntimeError(
                "Trying to backward outside of the 'allow_mutation_on_saved_tensors' context in which the graph was "
                "originally recorded."
            )
        return self.tensor


class _CopiesFirst:
    """The interpreter that is told of changes in place."""

    def __init__(self, keeper: allow_mutation_on_saved_tensors) -> None:
        self.keeper = keeper

    def __call__(self, op: Op, *planned: Any) -> Any:
        return run(op, *planned)

    def overwrite(self, target: Tensor, result: Tensor, name: str) -> bool:
        self.keeper.before_change(target)
        return False


def increment_version(tensor: Tensor | Iterable[Tensor]) -> None:
    """Note that tensors were changed in place by means that autograd does not see.

    Args:
        tensor: a tensor, or several.
    """
    for changed in (tensor,) if isinstance(tensor, TensorBase) else tensor:
        if not changed._inference:
            bump_version(changed)


class disable_saved_tensors_hooks:
    """A context in which installing saved-tensor hooks is an error.

    Args:
        error_message: what the error says.
    """

    def __init__(self, error_message: str) -> None:
        self.error_message = error_message

    def __enter__(self) -> None:
        if state.saved_tensor_hooks:
            raise RuntimeError(self.error_message)
        self._before = state.saved_tensor_hooks_refused
        state.saved_tensor_hooks_refused = self.error_message

    def __exit__(self, *_: object) -> None:
        state.saved_tensor_hooks_refused = self._before


def register_multi_grad_hook(
    tensors: Sequence[Tensor], fn: Callable[..., None], *, mode: str = "all"
) -> RemovableHandle:
    """Calls ``fn`` in each backward pass with the gradients of several tensors.

    Args:
        tensors: tensors that require grad.
        fn: with ``mode="all"`` called with a list of gradients once all are there that the pass computes, None in the
            place of the others; with ``"any"`` called with the first gradient.
        mode: ``"all"`` or ``"any"``.

    Returns:
        A handle that removes the hook.

    Raises:
        ValueError: another mode.
        RuntimeError: a tensor does not require grad.

    Example:
        >>> import tensorplug as tp
        >>> a, b = tp.ones(2, requires_grad=True), tp.ones(2, requires_grad=True)
        >>> handle = tp.autograd.graph.register_multi_grad_hook([a, b], print)
        >>> (a * 3 + b).sum().backward()
        [tensor([3., 3.]), tensor([1., 1.])]
    """
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    watch = _Watch(tensors, fn, mode == "all")
    return _Handles([t.register_hook(functools.partial(watch.arrived, i)) for i, t in enumerate(tensors)])


class _Watch:
    """Collects the gradients of several tensors in each backward pass."""

    def __init__(self, tensors: Sequence[Tensor], fn: Callable[..., None], wait_for_all: bool) -> None:
        # Weakly: the tensors hold the hooks that hold this.
        self._targets = [None if edge is None else weakref.ref(edge[0]) for edge in map(edge_of, tensors)]
        self._fn = fn
        self._wait_for_all = wait_for_all
        self._lock = threading.Lock()
        self._passes: weakref.WeakKeyDictionary[Any, _Pass] = weakref.WeakKeyDictionary()

    def arrived(self, position: int, grad: Tensor) -> None:
        """Note the gradient of one tensor; call the function if it is time."""
        running = current_pass()
        with self._lock:
            current = self._passes.get(running)
            if current is None:
                current = self._passes[running] = _Pass([None] * len(self._targets), self._awaited())
            current.grads[position] = grad
            current.left -= 1
            due = not current.left if self._wait_for_all else current.left == current.awaited - 1
        if due:
            self._fn(current.grads if self._wait_for_all else grad)

    def _awaited(self) -> int:
        return sum(ref is not None and will_reach(ref()) for ref in self._targets)


class _Pass:
    """The gradients that came in one backward pass, and how many are still to come."""

    __slots__ = ("awaited", "grads", "left")

    def __init__(self, grads: list[Tensor | None], awaited: int) -> None:
        self.grads = grads
        self.awaited = self.left = awaited


class _Handles(RemovableHandle):
    """Several handles as one."""

    __slots__ = ("_handles",)

    def __init__(self, handles: Sequence[RemovableHandle]) -> None:
        super().__init__({})
        self._handles = handles

    def remove(self) -> None:
        for handle in self._handles:
            handle.remove()


__getattr__ = refusing("tensorplug.autograd.graph", "autograd.graph")
