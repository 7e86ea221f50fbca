"""Activation checkpointing: what a part of a network saved for backward is computed again then, instead of being kept.

Source: Chen et al., Training deep nets with sublinear memory cost, 2016.
"""

from __future__ import annotations

import contextlib
import warnings
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

from tensorplug.autograd.backward import backward
from tensorplug.autograd.engine import current_pass
from tensorplug.autograd.function import Function
from tensorplug.autograd.grad_mode import enable_grad, state
from tensorplug.autograd.graph import saved_tensors_hooks
from tensorplug.autograd.node import Packed
from tensorplug.autograd.recording import edge_of
from tensorplug.base import AnyTensor
from tensorplug.dispatch import pop_interpreter, push_interpreter, run
from tensorplug.generator import default_generator

Tensor = Any
ContextFn = Callable[[], tuple[AbstractContextManager[Any], AbstractContextManager[Any]]]

__all__ = [
    "CheckpointError",
    "CheckpointFunction",
    "check_backward_validity",
    "checkpoint",
    "checkpoint_sequential",
    "detach_variable",
    "noop_context_fn",
    "set_checkpoint_debug_enabled",
    "set_checkpoint_early_stop",
]

_NO_CHOICE = (
    "checkpoint: the use_reentrant parameter should be passed explicitly. use_reentrant=False is recommended, but if "
    "you need to preserve the current default behavior, you can pass use_reentrant=True."
)


class CheckpointError(RuntimeError):
    """Computing again did not save what the first computation had saved."""


class _Switches:
    """What the two ``set_checkpoint_...`` functions set; None leaves it to each call."""

    early_stop: bool | None = None
    debug: bool | None = None


def noop_context_fn() -> tuple[AbstractContextManager[Any], AbstractContextManager[Any]]:
    """Two contexts that do nothing: the default of ``context_fn``."""
    return contextlib.nullcontext(), contextlib.nullcontext()


@contextlib.contextmanager
def set_checkpoint_early_stop(enable: bool) -> Iterator[None]:
    """Inside, computing again stops as soon as the last saved tensor is there (or not), whatever calls ask for.

    Args:
        enable: whether to stop early.
    """
    before = _Switches.early_stop
    _Switches.early_stop = enable
    try:
        yield
    finally:
        _Switches.early_stop = before


@contextlib.contextmanager
def set_checkpoint_debug_enabled(enabled: bool | None) -> Iterator[None]:
    """Inside, ``debug`` is on or off for all calls, or as each asks where this is None.

    Args:
        enabled: whether errors list the ops that ran.
    """
    before = _Switches.debug
    _Switches.debug = enabled
    try:
        yield
    finally:
        _Switches.debug = before


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    context_fn: ContextFn = noop_context_fn,
    determinism_check: str = "default",
    debug: bool = False,
    early_stop: bool = True,
    **kwargs: Any,
) -> Any:
    """Call a function without keeping what it saves for backward; the call is made again when backward needs that.

    Args:
        function: a part of a network; it must compute the same when called again.
        args, kwargs: its arguments; ``preserve_rng_state=False`` lets the second call draw other random numbers.
        use_reentrant: ``True`` runs a backward pass of its own inside backward, which needs a tensor among ``args``
            that requires grad and does not work with ``autograd.grad``; ``False`` (better) has neither limit.
        context_fn: gives two context managers, around the first call and around the second.
        determinism_check: ``"default"`` compares shapes, dtypes and devices of what both calls save; ``"none"`` does
            not.
        debug: have errors list the ops that ran.
        early_stop: end the second call once everything is there.

    Returns:
        What the function returns.

    Raises:
        ValueError: arguments that ``use_reentrant=True`` does not take, or another ``determinism_check``.
        CheckpointError: in backward, where the second call saved something else.

    Example:
        >>> import tensorplug as tp
        >>> from tensorplug.utils.checkpoint import checkpoint
        >>> x = tp.tensor(0.0, requires_grad=True)
        >>> checkpoint(lambda t: t.exp().sin(), x, use_reentrant=False).backward()
        >>> x.grad
        tensor(0.5403)
    """
    if use_reentrant is None:
        warnings.warn(_NO_CHOICE, stacklevel=2)
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    if use_reentrant:
        if kwargs:
            raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
        if context_fn is not noop_context_fn or debug:
            raise ValueError("Passing `context_fn` or `debug` is only supported when use_reentrant=False.")
        return CheckpointFunction.apply(function, preserve, *args)
    if determinism_check not in ("default", "none"):
        raise ValueError(f"determinism_check should be one of ['default', 'none'], but got {determinism_check}")
    forward_context, again_context = context_fn()
    frame = _Frame(
        function,
        args,
        kwargs,
        again_context,
        preserve,
        determinism_check == "default",
        debug if _Switches.debug is None else _Switches.debug,
        early_stop if _Switches.early_stop is None else _Switches.early_stop,
    )
    with saved_tensors_hooks(frame.pack, frame.unpack), forward_context, frame.logged("first"):
        found = function(*args, **kwargs)
    frame.first_is_over = True
    return found


class _Holder:
    """Stands for one saved tensor.

    Attributes:
        place: its place in the order of saving.
        value: the tensor, once computed again.
        walk: the backward pass for which it was.
    """

    __slots__ = ("__weakref__", "place", "value", "walk")

    def __init__(self, place: int) -> None:
        self.place = place
        self.value: Tensor | None = None
        self.walk: Any = None


class _Stop(Exception):
    """Everything is there."""


class _Frame:
    """One checkpointed call."""

    def __init__(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        context: AbstractContextManager[Any],
        preserve: bool,
        check: bool,
        debug: bool,
        early_stop: bool,
    ) -> None:
        self._function = function
        self._args = [_kept(a) for a in args]
        self._kwargs = {name: _kept(value) for name, value in kwargs.items()}
        self._context = context
        self._random = default_generator.get_state() if preserve else None
        self._interpreters = state.interpreters
        self._check, self._debug, self._early_stop = check, debug, early_stop
        self._holders: list[weakref.ref[_Holder]] = []
        self._metas: list[Any] = []
        self._ops: dict[str, list[str]] = {}
        self.first_is_over = False

    def pack(self, tensor: Tensor) -> _Holder:
        """Keep nothing of a tensor but its place (and what it looks like)."""
        holder = _Holder(len(self._holders))
        self._holders.append(weakref.ref(holder))
        self._metas.append(_meta(tensor))
        return holder

    def unpack(self, holder: _Holder) -> Tensor:
        """The tensor, computed again if it was not yet in this pass."""
        walk = current_pass()
        if holder.value is None or walk is None or holder.walk is None or holder.walk() is not walk:
            self._compute_again(None if walk is None else weakref.ref(walk))
        value = holder.value
        if value is None:
            raise CheckpointError(f"checkpoint: saved tensor {holder.place} was not computed again{self._trace()}")
        return value

    @contextlib.contextmanager
    def logged(self, which: str) -> Iterator[None]:
        """With ``debug``, note the ops that run."""
        if not self._debug:
            yield
            return
        names = self._ops[which] = []

        def note(op: Any, *planned: Any) -> Any:
            names.append(op.name)
            return run(op, *planned)

        push_interpreter(note)
        try:
            yield
        finally:
            pop_interpreter()

    def _compute_again(self, walk: Any) -> None:
        metas: list[Any] = []
        last = max((i for i, ref in enumerate(self._holders) if ref() is not None), default=-1)

        def pack(tensor: Tensor) -> Tensor:
            place = len(metas)
            metas.append(_meta(tensor))
            found = self._holders[place]() if place < len(self._holders) else None
            if found is not None:
                found.value, found.walk = tensor.detach(), walk
            if self._early_stop and place >= last and not self._wrong(metas):
                raise _Stop
            return tensor.detach()

        args = [_restored(a) for a in self._args]
        kwargs = {name: _restored(value) for name, value in self._kwargs.items()}
        with contextlib.suppress(_Stop), _as_before(self._interpreters, self._random), enable_grad():
            with saved_tensors_hooks(pack, _itself), self._context, self.logged("again"):
                self._function(*args, **kwargs)
            if len(metas) != len(self._metas):
                raise CheckpointError(
                    "checkpoint: A different number of tensors was saved during the original forward and recomputation."
                    f"\nNumber of tensors saved during forward: {len(self._metas)}\nNumber of tensors saved during "
                    f"recomputation: {len(metas)}.{self._trace()}"
                )
        wrong = self._wrong(metas)
        if wrong:
            raise CheckpointError(
                "checkpoint: Recomputed values for the following tensors have different metadata than during the "
                "forward pass.\n" + "\n".join(wrong) + self._trace()
            )

    def _wrong(self, metas: Sequence[Any]) -> list[str]:
        if not self._check:
            return []
        return [
            f"tensor at position {i}:\nsaved metadata: {a}\nrecomputed metadata: {b}"
            for i, (a, b) in enumerate(zip(self._metas, metas, strict=False))
            if a != b
        ]

    def _trace(self) -> str:
        if not self._debug:
            return "\nPass debug=True to checkpoint() to see the ops that ran."
        return "".join(f"\nops of the {which} call: {', '.join(names)}" for which, names in self._ops.items())


def _meta(tensor: Tensor) -> dict[str, Any]:
    return {"shape": tuple(tensor._shape), "dtype": tensor._kind.dtype, "device": tensor._kind.device}


def _itself(tensor: Tensor) -> Tensor:
    return tensor


def _kept(value: Any) -> Any:
    """An argument as the frame keeps it: inside another checkpoint, by that one's place for it."""
    if isinstance(value, AnyTensor) and state.saved_tensor_hooks:
        return Packed(value), edge_of(value)
    return value


def _restored(value: Any) -> Any:
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], Packed):
        return value[0].unpack(value[1])
    return value


@contextlib.contextmanager
def _as_before(interpreters: tuple[Any, ...], random: Tensor | None) -> Iterator[None]:
    """The interpreters (autocast among them) and the place in the random stream of the first call."""
    before = state.interpreters
    now = default_generator.get_state() if random is not None else None
    state.interpreters = ()
    if random is not None:
        default_generator.set_state(random)
    try:
        for interpreter in interpreters:
            push_interpreter(interpreter)
        yield
    finally:
        while state.interpreters:
            pop_interpreter()
        state.interpreters = before
        if now is not None:
            default_generator.set_state(now)


class CheckpointFunction(Function):
    """``checkpoint`` with ``use_reentrant=True``: backward runs a backward pass of its own."""

    @staticmethod
    def forward(ctx: Any, run_function: Callable[..., Any], preserve_rng_state: bool, *args: Any) -> Any:
        """Call the function without recording."""
        check_backward_validity(args)
        ctx.run_function = run_function
        ctx.random = default_generator.get_state() if preserve_rng_state else None
        ctx.interpreters = state.interpreters
        ctx.tensor_places = [i for i, a in enumerate(args) if isinstance(a, AnyTensor)]
        ctx.others = [None if isinstance(a, AnyTensor) else a for a in args]
        ctx.save_for_backward(*[args[i] for i in ctx.tensor_places])
        return run_function(*args)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        """Call it again, recorded, and send the gradients through."""
        walk = current_pass()
        if walk is None or walk.needed is not None:
            raise RuntimeError(
                "When use_reentrant=True, checkpoint is incompatible with .grad() or passing an `inputs` parameter to "
                ".backward(). To resolve this error, you can either set use_reentrant=False, or call .backward() "
                "without passing the `inputs` argument."
            )
        args = list(ctx.others)
        for place, tensor in zip(ctx.tensor_places, ctx.saved_tensors, strict=True):
            args[place] = tensor
        detached = detach_variable(tuple(args))
        with _as_before(ctx.interpreters, ctx.random), enable_grad():
            found = ctx.run_function(*detached)
        outputs = found if isinstance(found, tuple) else (found,)
        pairs = [(o, g) for o, g in zip(outputs, grads, strict=True) if isinstance(o, AnyTensor) and o.requires_grad]
        if not pairs:
            raise RuntimeError("none of output has requires_grad=True, this checkpoint() is not necessary")
        backward([o for o, _ in pairs], [g for _, g in pairs])
        return (None, None, *[d.grad if isinstance(d, AnyTensor) else None for d in detached])


def check_backward_validity(inputs: Sequence[Any]) -> None:
    """Warn if no tensor among these requires grad."""
    if not any(isinstance(x, AnyTensor) and x.requires_grad for x in inputs):
        warnings.warn("None of the inputs have requires_grad=True. Gradients will be None", stacklevel=2)


def detach_variable(inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The tensors among these outside the graph, requiring grad as before."""
    if not isinstance(inputs, tuple):
        raise RuntimeError(f"Only tuple of tensors is supported. Got Unsupported input type: {type(inputs).__name__}")
    found = []
    for value in inputs:
        if isinstance(value, AnyTensor):
            fresh = value.detach()
            fresh.requires_grad = value.requires_grad
            value = fresh
        found.append(value)
    return tuple(found)


def checkpoint_sequential(
    functions: Any, segments: int, input: Any, use_reentrant: bool | None = None, **kwargs: Any
) -> Any:
    """Call functions one after the other, all but the last of so many segments checkpointed.

    Args:
        functions: a ``Sequential``, or a list of functions or modules.
        segments: into how many parts to cut them.
        input: the argument of the first.
        use_reentrant, kwargs: as for ``checkpoint``.

    Example:
        >>> import tensorplug as tp
        >>> from tensorplug.utils.checkpoint import checkpoint_sequential
        >>> net = tp.nn.Sequential(tp.nn.Linear(2, 4), tp.nn.Tanh(), tp.nn.Linear(4, 1))
        >>> checkpoint_sequential(net, 2, tp.ones(1, 2), use_reentrant=False).shape
        tensorplug.Size([1, 1])
    """
    if use_reentrant is None:
        warnings.warn(_NO_CHOICE, stacklevel=2)
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    if kwargs:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
    chain = list(functions.children()) if hasattr(functions, "children") else list(functions)
    size = len(chain) // segments

    def part(start: int, end: int) -> Callable[[Any], Any]:
        def forward(value: Any) -> Any:
            for function in chain[start:end]:
                value = function(value)
            return value

        return forward

    end = 0
    for start in range(0, size * (segments - 1), size) if size else ():
        end = start + size
        input = checkpoint(part(start, end), input, use_reentrant=use_reentrant, preserve_rng_state=preserve)
    return part(end, len(chain))(input)
