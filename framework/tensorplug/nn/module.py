"""``Module``, the base of everything that has parameters."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from tensorplug.nn._checkpoint import Checkpoint
from tensorplug.nn._conversion import Conversion
from tensorplug.nn._hooks import BackwardHooks, Hook
from tensorplug.utils.hooks import RemovableHandle, add_hook, new_registry

_global_forward_pre_hooks = new_registry()
_global_forward_hooks = new_registry()
_global_forward_hooks_with_kwargs: dict[int, bool] = new_registry()
_global_forward_hooks_always_called: dict[int, bool] = new_registry()
_global_backward_pre_hooks = new_registry()
_global_backward_hooks = new_registry()


class Module(Conversion, Checkpoint):
    """Base class of layers and models.

    A subclass calls ``super().__init__()``, assigns parameters, buffers and other modules as attributes, and
    defines ``forward``. The module is then called like a function, which runs its hooks as well.

    Attributes:
        training: whether the module is in training mode; see ``train`` and ``eval``.

    Example:
        >>> import tensorplug as tp
        >>> class Scale(tp.nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.factor = tp.nn.Parameter(tp.tensor(2.0))
        ...     def forward(self, x):
        ...         return self.factor * x
        >>> Scale()(tp.tensor([1.0, 3.0])).tolist()
        [2.0, 6.0]
    """

    def forward(self, *input: Any) -> Any:
        """Compute the module's result; every subclass defines it."""
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if (
            self._forward_hooks
            or self._forward_pre_hooks
            or self._backward_hooks
            or self._backward_pre_hooks
            or _global_forward_hooks
            or _global_forward_pre_hooks
            or _global_backward_hooks
            or _global_backward_pre_hooks
        ):
            return self._call_with_hooks(args, kwargs)
        return self.forward(*args, **kwargs)

    def _call_with_hooks(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        called: set[int] = set()
        result = None
        try:
            args, kwargs = self._run_pre_hooks(args, kwargs)
            backward = self._backward_hooks_of_call()
            if backward is not None:
                args = backward.watch_inputs(args)
            result = self.forward(*args, **kwargs)
            for key, hook, with_kwargs, _ in self._all_forward_hooks():
                called.add(key)
                result = _run_forward_hook(self, hook, with_kwargs, args, kwargs, result)
            return result if backward is None else backward.watch_outputs(result)
        except Exception:
            self._run_always_called_hooks(called, args, kwargs, result)
            raise

    def _run_pre_hooks(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        for hook in list(_global_forward_pre_hooks.values()):
            args = _positional(hook(self, args), args)
        for key, hook in list(self._forward_pre_hooks.items()):
            if key not in self._forward_pre_hooks_with_kwargs:
                args = _positional(hook(self, args), args)
                continue
            changed = hook(self, args, kwargs)
            if changed is None:
                continue
            if not (isinstance(changed, tuple) and len(changed) == 2):
                raise RuntimeError(
                    f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {changed}."
                )
            args, kwargs = changed
        return args, kwargs

    def _backward_hooks_of_call(self) -> BackwardHooks | None:
        hooks = [*_global_backward_hooks.values(), *self._backward_hooks.values()]
        pre_hooks = [*_global_backward_pre_hooks.values(), *self._backward_pre_hooks.values()]
        return BackwardHooks(self, hooks, pre_hooks) if hooks or pre_hooks else None

    def _all_forward_hooks(self) -> list[tuple[int, Hook, bool, bool]]:
        """Key, hook, whether it takes keyword arguments and whether it must always run; global ones first."""
        with_kwargs, always = _global_forward_hooks_with_kwargs, _global_forward_hooks_always_called
        own_kwargs, own_always = self._forward_hooks_with_kwargs, self._forward_hooks_always_called
        return [(k, hook, k in with_kwargs, k in always) for k, hook in _global_forward_hooks.items()] + [
            (k, hook, k in own_kwargs, k in own_always) for k, hook in self._forward_hooks.items()
        ]

    def _run_always_called_hooks(
        self, called: set[int], args: tuple[Any, ...], kwargs: dict[str, Any], result: Any
    ) -> None:
        """After an exception, run the hooks that asked for it; it goes on, whatever they raise."""
        for key, hook, with_kwargs, always in self._all_forward_hooks():
            if not always or key in called:
                continue
            try:
                result = _run_forward_hook(self, hook, with_kwargs, args, kwargs, result)
            except Exception as error:
                warnings.warn(f"forward hook with ``always_call=True`` raised an exception: {error}", stacklevel=3)

    def register_forward_pre_hook(
        self, hook: Hook, *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call ``hook`` before each ``forward``.

        Args:
            hook: called with ``(module, args)``; returns None, or the new arguments as a tuple or a single
                value. With ``with_kwargs`` it is called with ``(module, args, kwargs)`` and returns None or
                both.
            prepend: whether it runs before the hooks that are there.
            with_kwargs: whether it gets the keyword arguments.

        Returns:
            A handle whose ``remove()`` takes the hook away.
        """
        flags = (self._forward_pre_hooks_with_kwargs,) if with_kwargs else ()
        return add_hook(self._forward_pre_hooks, hook, flags, prepend)

    def register_forward_hook(
        self, hook: Hook, *, prepend: bool = False, with_kwargs: bool = False, always_call: bool = False
    ) -> RemovableHandle:
        """Call ``hook`` after each ``forward``.

        Args:
            hook: called with ``(module, args, output)``, or ``(module, args, kwargs, output)``; returns None
                or an output to use instead.
            prepend: whether it runs before the hooks that are there.
            with_kwargs: whether it gets the keyword arguments.
            always_call: whether it runs even if an exception is raised before its turn.

        Returns:
            A handle whose ``remove()`` takes the hook away.

        Example:
            >>> import tensorplug as tp
            >>> layer = tp.nn.Identity()
            >>> handle = layer.register_forward_hook(lambda module, args, output: output + 1)
            >>> layer(tp.tensor(1))
            tensor(2)
        """
        flags = ((self._forward_hooks_with_kwargs,) if with_kwargs else ()) + (
            (self._forward_hooks_always_called,) if always_call else ()
        )
        return add_hook(self._forward_hooks, hook, flags, prepend)

    def register_full_backward_pre_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call ``hook(module, grad_output)`` before the backward pass of the module; it may return others."""
        return add_hook(self._backward_pre_hooks, hook, prepend=prepend)

    def register_full_backward_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call ``hook(module, grad_input, grad_output)`` when the gradients of the inputs are known.

        Args:
            hook: both gradients are tuples, with None for values that have none; ``grad_input`` covers
                positional arguments only. Returns None or a tuple to use instead of ``grad_input``.
            prepend: whether it runs before the hooks that are there.

        Returns:
            A handle whose ``remove()`` takes the hook away.
        """
        return add_hook(self._backward_hooks, hook, prepend=prepend)

    def register_backward_hook(self, hook: Hook) -> RemovableHandle:
        """The old name of ``register_full_backward_hook``."""
        return self.register_full_backward_hook(hook)

    def extra_repr(self) -> str:
        """What to print between the parentheses: a subclass returns its settings."""
        return ""

    def _get_name(self) -> str:
        return type(self).__name__

    def __repr__(self) -> str:
        extra = self.extra_repr()
        lines = extra.split("\n") if extra else []
        children = [f"({name}): {indent(repr(module))}" for name, module in self._modules.items()]
        if not children and len(lines) <= 1:
            return f"{self._get_name()}({extra})"
        return f"{self._get_name()}(\n  " + "\n  ".join(lines + children) + "\n)"


def indent(text: str) -> str:
    """``text`` with all lines but the first two columns further right."""
    return text.replace("\n", "\n  ")


def _positional(changed: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments after a forward pre-hook returned ``changed``."""
    if changed is None:
        return args
    return changed if isinstance(changed, tuple) else (changed,)


def _run_forward_hook(
    module: Module, hook: Hook, with_kwargs: bool, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any
) -> Any:
    changed = hook(module, args, kwargs, result) if with_kwargs else hook(module, args, result)
    return result if changed is None else changed


def register_module_forward_pre_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call ``hook(module, args)`` before each ``forward`` of any module."""
    return add_hook(_global_forward_pre_hooks, hook)


def register_module_forward_hook(
    hook: Callable[..., Any], *, with_kwargs: bool = False, always_call: bool = False
) -> RemovableHandle:
    """Call ``hook(module, args, output)`` after each ``forward`` of any module."""
    flags = ((_global_forward_hooks_with_kwargs,) if with_kwargs else ()) + (
        (_global_forward_hooks_always_called,) if always_call else ()
    )
    return add_hook(_global_forward_hooks, hook, flags)


def register_module_full_backward_pre_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call ``hook(module, grad_output)`` when the gradients of any module's outputs are known."""
    return add_hook(_global_backward_pre_hooks, hook)


def register_module_full_backward_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call ``hook(module, grad_input, grad_output)`` when the gradients of any module's inputs are known."""
    return add_hook(_global_backward_hooks, hook)
