"""What a plugin may contribute. Every hook is optional; a plugin is a module (or object) with some of them.

    # in the plugin
    from tensorplug.hookspecs import hookimpl

    @hookimpl
    def tensorplug_backends():
        return [BackendEntry("npu", load)]

Hooks run when plugins come or go, never per op: what they return fills the tables that ops read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import pluggy

from tensorplug.backend import Backend, Kernel

PROJECT = "tensorplug"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class BackendEntry(NamedTuple):
    """A device type and the function that makes its backend; called on first use, so it may import heavy libraries."""

    device_type: str
    load: Callable[[], Backend]


@hookspec
def tensorplug_backends() -> Iterable[BackendEntry]:  # type: ignore[empty-body]
    """The device types this plugin adds. Must be cheap: import vendor libraries in ``BackendEntry.load``."""


@hookspec
def tensorplug_kernels(device_type: str) -> Mapping[str, Kernel]:  # type: ignore[empty-body]
    """Kernels to add or replace on an existing device type, by op name.

    The plugin registered last wins, unless pluggy's ``tryfirst`` / ``trylast`` say otherwise. A kernel here serves
    every dtype; what it would rather not do it hands to the backend's own, ``tensorplug.extend.kernel_of``.
    """


@hookspec
def tensorplug_ops() -> Iterable[Any]:  # type: ignore[empty-body]
    """Ops this plugin defines with the decorators of ``tensorplug.extend``: functions of ``tensorplug.ops``.

    The names must be new: an op that exists is sped up by ``tensorplug_kernels``, not replaced.
    """


@hookspec
def tensorplug_observers() -> Iterable[Callable[[str, tuple[Any, ...], Callable[[], Any]], Any]]:  # type: ignore[empty-body]
    """Functions ``observer(op_name, inputs, run)`` around every op; each must return what ``run()`` returns.

    Views are not ops that run: they are geometry, and no observer sees them.
    """


@hookspec
def tensorplug_cli_commands() -> Iterable[Any]:  # type: ignore[empty-body]
    """click commands to add to the ``tensorplug`` command line."""


@hookspec
def tensorplug_converters() -> Mapping[tuple[str, str], Callable[..., Any]]:  # type: ignore[empty-body]
    """Direct copies between device types, ``(from, to) -> convert(array, device)``; others go through the host."""
