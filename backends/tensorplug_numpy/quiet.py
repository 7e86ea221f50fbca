"""Run functions without floating-point warnings, as PyTorch does.

NumPy reports division by zero, overflow and invalid values as warnings. The reporting mode lives in a context
variable, so it is switched off in a `contextvars.Context` of our own, in which kernels then run. That leaves
the caller's `np.seterr` alone and costs a seventh of ``with np.errstate(all="ignore")``. A context can be
entered only once at a time, so each thread has one.
"""

import contextvars
import functools
import inspect
import threading
import types
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["quiet", "run_quietly"]

_inside: contextvars.ContextVar[bool] = contextvars.ContextVar("tensorplug_numpy_quiet", default=False)


def _silence() -> None:
    np.seterr(all="ignore")
    # NumPy copies broadcast operands to a buffer where rows are shorter than it. Rows of 512 and more elements are
    # worked on in half the time without; shorter ones, and casts, take as long with this buffer as with NumPy's own.
    np.setbufsize(512)
    _inside.set(True)


is_quiet = _inside.get
"""Whether the calling code runs quietly already; a context cannot be entered twice."""


class _Thread(threading.local):
    """What each thread has for itself.

    Attributes:
        run: Runs a function with positional arguments in the thread's quiet context.
    """

    def __init__(self) -> None:
        context = contextvars.Context()
        context.run(_silence)
        self.run = context.run


quiet_thread = _Thread()


def run_quietly(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function without floating-point warnings, whatever `np.seterr` says.

    It runs in a context of its own: context variables that the caller has set read as unset.

    Args:
        function: The function to call.
        arguments: Its positional arguments.

    Returns:
        What the function returns.

    Example:
        >>> run_quietly(np.log, np.zeros(2))
        array([-inf, -inf])
    """
    return function(*arguments) if is_quiet() else quiet_thread.run(function, *arguments)


def quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function run as `run_quietly` would run it, at the least cost per call.

    Args:
        function: A ufunc, to be called with its inputs alone, or a function of positional arguments.

    Returns:
        The function, silenced.

    Example:
        >>> quiet(np.divide)(np.ones(2), 0.0)
        array([inf, inf])
    """
    call = _WRAPPERS[_arity(function)](function)
    return functools.update_wrapper(call, function, assigned=("__name__", "__qualname__"), updated=())


def _arity(function: Callable[..., Any]) -> int:
    """Tell how many positional arguments a function takes, 0 where that varies, is not known or is over 3."""
    arity = 0
    if isinstance(function, np.ufunc):
        arity = function.nin
    elif isinstance(function, types.FunctionType) and not function.__defaults__:
        code = function.__code__
        arity = 0 if code.co_flags & inspect.CO_VARARGS else code.co_argcount
    return arity if arity in _WRAPPERS else 0


# Handing on any number of arguments costs 150 ns more than handing on a fixed one.


def _quiet_1(function: Callable[..., Any]) -> Callable[..., Any]:
    inside, thread = is_quiet, quiet_thread

    def call(a: Any) -> Any:
        return function(a) if inside() else thread.run(function, a)

    return call


def _quiet_2(function: Callable[..., Any]) -> Callable[..., Any]:
    inside, thread = is_quiet, quiet_thread

    def call(a: Any, b: Any) -> Any:
        return function(a, b) if inside() else thread.run(function, a, b)

    return call


def _quiet_3(function: Callable[..., Any]) -> Callable[..., Any]:
    inside, thread = is_quiet, quiet_thread

    def call(a: Any, b: Any, c: Any) -> Any:
        return function(a, b, c) if inside() else thread.run(function, a, b, c)

    return call


def _quiet_any(function: Callable[..., Any]) -> Callable[..., Any]:
    inside, thread = is_quiet, quiet_thread

    def call(*arguments: Any) -> Any:
        return function(*arguments) if inside() else thread.run(function, *arguments)

    return call


_WRAPPERS = {0: _quiet_any, 1: _quiet_1, 2: _quiet_2, 3: _quiet_3}
