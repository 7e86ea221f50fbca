"""What authors of plugins need, in one short list. ``docs/write_a_plugin.md`` shows it at work.

- Devices: ``Backend``, ``BackendEntry``, ``hookimpl``.
- Ops: the decorators ``unary``, ``binary``, ``plan``, ``view`` and ``composite`` make an ``Op`` that can be called at
  once, and becomes a function of ``tensorplug.ops`` when a plugin returns it from the hook ``tensorplug_ops``.
- Kernels: the hook ``tensorplug_kernels``, and ``kernel_of`` for the kernel that was there before.
- Watching and taking over: ``observe``, and interpreters (``push_interpreter``, ``pop_interpreter``, ``execute``).
- ``register`` and ``unregister`` for plugins that no entry point names.

Example:
    >>> import tensorplug as tp
    >>> from tensorplug import extend
    >>> @extend.unary(extend.floating)
    ... def softsign(input):
    ...     "``input / (1 + |input|)``."
    >>> @softsign.default
    ... def _(input):
    ...     return input / (1 + input.abs())
    >>> softsign.grads(input=lambda g, input: g / (1 + input.abs()) ** 2)
    >>> x = tp.tensor([-1.0, 3.0], requires_grad=True)
    >>> y = softsign(x)
    >>> y.detach()
    tensor([-0.5000,  0.7500])
    >>> y.sum().backward()
    >>> x.grad
    tensor([0.2500, 0.0625])
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from tensorplug.backend import COMPLEX_ONLY, Backend, Kernel
from tensorplug.dispatch import Interpreter, Plan, execute, pop_interpreter, push_interpreter
from tensorplug.hookspecs import BackendEntry, hookimpl
from tensorplug.op import Op
from tensorplug.ops import define
from tensorplug.ops.define import (
    floating,
    integers_only,
    integral,
    magnitude,
    numeric,
    ordered,
    predicate,
    real,
    real_floating,
    same,
    truth,
    with_alpha,
)
from tensorplug.registry import kernel_of, register, unregister

__all__ = [
    "COMPLEX_ONLY", "Backend", "BackendEntry", "Interpreter", "Kernel", "Op", "Plan", "binary", "composite",
    "execute", "floating", "hookimpl", "integers_only", "integral", "kernel_of", "magnitude", "numeric",
    "observe", "ordered", "plan", "pop_interpreter", "predicate", "push_interpreter", "real", "real_floating",
    "register", "same", "truth", "unary", "unregister", "view", "with_alpha",
]  # fmt: skip

Observer = Callable[[str, tuple[Any, ...], Callable[[], Any]], Any]

# A plugin's ops stand in no table until the plugin is registered, so that importing its module changes nothing.
unary = functools.partial(define.unary, listed=False)
binary = functools.partial(define.binary, listed=False)
plan = functools.partial(define.plan, listed=False)
view = functools.partial(define.view, listed=False)
composite = functools.partial(define.composite, listed=False)


class _ObserverPlugin:
    def __init__(self, observer: Observer) -> None:
        self._observer = observer

    @hookimpl
    def tensorplug_observers(self) -> Iterable[Observer]:
        return [self._observer]


def observe(observer: Observer) -> Callable[[], None]:
    """Let a function stand around every op that runs, in all threads.

    Args:
        observer: called as ``observer(op_name, inputs, run)``; it must return what ``run()`` returns.

    Returns:
        A function that ends it.

    Example:
        >>> import tensorplug as tp
        >>> names = []
        >>> def note(name, inputs, run):
        ...     names.append(name)
        ...     return run()
        >>> stop = observe(note)
        >>> x = tp.ones(2) + 1
        >>> stop()
        >>> names
        ['filled', 'add']
    """
    plugin = _ObserverPlugin(observer)
    register(plugin)
    return functools.partial(unregister, plugin)
