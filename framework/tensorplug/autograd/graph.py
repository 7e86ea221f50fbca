"""What users can do with the recorded graph: ``tensorplug.autograd.graph``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, NamedTuple

from tensorplug.autograd.grad_mode import extras, state
from tensorplug.autograd.handles import RemovableHandle
from tensorplug.autograd.node import AccumulateGrad, BackwardNode
from tensorplug.autograd.recording import edge_of
from tensorplug.base import TensorBase
from tensorplug.device import Device

Tensor = Any

Node = BackwardNode
"""The class of graph nodes."""


class GradientEdge(NamedTuple):
    """A place in the graph where a gradient arrives: an output of a node."""

    node: Any
    output_nr: int


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


class disable_saved_tensors_hooks:
    """A context in which installing saved-tensor hooks has no effect on what is saved."""

    def __init__(self, error_message: str) -> None:
        self.error_message = error_message

    def __enter__(self) -> None:
        if state.saved_tensor_hooks:
            raise RuntimeError(self.error_message)

    def __exit__(self, *_: object) -> None:
        """Nothing to undo."""


def register_multi_grad_hook(
    tensors: Sequence[Tensor], fn: Callable[..., None], *, mode: str = "all"
) -> RemovableHandle:
    """Calls ``fn`` with the gradients of several tensors once all (or any one) of them are there.

    Args:
        tensors: tensors that require grad.
        fn: called with a list of gradients, None where there is none (``"all"``), or with the first one (``"any"``).
        mode: ``"all"`` or ``"any"``.

    Returns:
        A handle that removes the hook.
    """
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    lock = threading.Lock()
    arrived: dict[int, Any] = {}

    def hook_at(position: int) -> Callable[[Tensor], None]:
        def hook(grad: Tensor) -> None:
            with lock:
                if mode == "any":
                    first = not arrived
                    arrived[position] = grad
                    if len(arrived) == len(tensors):
                        arrived.clear()
                    grads = grad if first else None
                else:
                    arrived[position] = grad
                    if len(arrived) < len(tensors):
                        return
                    grads = [arrived[i] for i in range(len(tensors))]
                    arrived.clear()
            if grads is not None:
                fn(grads)

        return hook

    return _Handles([tensor.register_hook(hook_at(i)) for i, tensor in enumerate(tensors)])


class _Handles(RemovableHandle):
    """Several handles as one."""

    __slots__ = ("_handles",)

    def __init__(self, handles: Sequence[RemovableHandle]) -> None:
        super().__init__({})
        self._handles = handles

    def remove(self) -> None:
        for handle in self._handles:
            handle.remove()
