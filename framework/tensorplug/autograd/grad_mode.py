"""Per-thread switches of autograd, as context managers and decorators."""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class _Extras:
    """What is unusual in any thread, for the short paths to look at: while it is nothing, they ask no further.

    Attributes:
        recording_off: how many threads do not record.
        active: how many anomaly modes and saved-tensor hooks are on.
        inference: how many threads are in inference mode, counted once for each time they entered it.
    """

    __slots__ = ("active", "inference", "lock", "recording_off")

    def __init__(self) -> None:
        self.active = 0
        self.inference = 0
        self.recording_off = 0
        self.lock = threading.Lock()


extras = _Extras()


class State(threading.local):
    """What a thread's ops look at; class attributes are the state in which each thread starts."""

    inference: bool = False
    anomaly: bool = False
    check_nan: bool = True
    saved_tensor_hooks: tuple[tuple[Callable[[Any], Any], Callable[[Any], Any]], ...] = ()
    saved_tensor_hooks_refused: str | None = None
    interpreters: tuple[Any, ...] = ()
    multithreading: bool = True
    _grad: bool = True

    @property
    def grad(self) -> bool:
        """Whether the thread's ops are recorded."""
        return self._grad

    @grad.setter
    def grad(self, value: bool) -> None:
        if value is not self._grad:
            self._grad = value
            with extras.lock:
                extras.recording_off += -1 if value else 1


state = State()


class _Mode:
    """A context manager, usable as a decorator, that sets fields of the thread's state and puts them back."""

    _fields: dict[str, Any]

    def __init__(self) -> None:
        self._saved: list[dict[str, Any]] = []

    def __enter__(self) -> None:
        self._saved.append({name: getattr(state, name) for name in self._fields})
        for name, value in self._fields.items():
            setattr(state, name, value)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, value in self._saved.pop().items():
            setattr(state, name, value)

    def _again(self) -> _Mode:
        return type(self)()

    def __call__(self, function: F) -> F:
        if inspect.isgeneratorfunction(function):
            return self._around_generator(function)

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with self._again():
                return function(*args, **kwargs)

        return wrapper  # type: ignore[return-value]

    def _around_generator(self, function: Any) -> Any:
        """The mode holds while the generator runs, and not while those do who take its items."""

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            generator = function(*args, **kwargs)
            step = functools.partial(next, generator)
            try:
                while True:
                    with self._again():
                        item = step()
                    try:
                        step = functools.partial(generator.send, (yield item))
                    except GeneratorExit:
                        with self._again():
                            generator.close()
                        raise
                    except BaseException as error:
                        step = functools.partial(generator.throw, error)
            except StopIteration as end:
                return end.value

        return wrapper


_OFF, _ON = {"grad": False}, {"grad": True}


class no_grad(_Mode):
    """Ops inside are not recorded.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.ones(2, requires_grad=True)
        >>> with tp.no_grad():
        ...     y = x * 2
        >>> y.requires_grad
        False
    """

    _fields = _OFF

    def __new__(cls, function: F | None = None) -> Any:
        self = super().__new__(cls)
        if function is None:
            return self
        self.__init__()  # type: ignore[misc]
        return self(function)

    def __init__(self, function: Any = None) -> None:
        super().__init__()


class enable_grad(no_grad):
    """Ops inside are recorded, also within ``no_grad``."""

    _fields = _ON


class set_grad_enabled(_Mode):
    """Switch recording on or off; takes effect at once, and is undone when used as a context manager.

    Args:
        mode: whether ops are recorded.
    """

    def __init__(self, mode: bool) -> None:
        super().__init__()
        self._fields = {"grad": bool(mode)}
        self._before = state.grad
        state.grad = bool(mode)

    def __enter__(self) -> None:
        self._saved.append({"grad": self._before})
        state.grad = self._fields["grad"]

    def _again(self) -> _Mode:
        return set_grad_enabled(self._fields["grad"])

    def __call__(self, function: F) -> F:
        state.grad = self._before
        return super().__call__(function)


class inference_mode(_Mode):
    """Ops inside are not recorded, and their results can never be part of a recorded computation.

    Args:
        mode: whether the mode is on.
    """

    def __new__(cls, mode: Any = True) -> Any:
        self = super().__new__(cls)
        if isinstance(mode, bool):
            return self
        self.__init__()  # type: ignore[misc]
        return self(mode)

    def __init__(self, mode: Any = True) -> None:
        super().__init__()
        on = bool(mode)
        self._fields = {"inference": on, "grad": not on} if on else {"inference": False, "grad": True}

    def __enter__(self) -> None:
        super().__enter__()
        if self._fields["inference"]:
            with extras.lock:
                extras.inference += 1
                # From now on there may be inference tensors, which saving for backward must refuse.
                extras.active |= 1 << 32

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        if self._fields["inference"]:
            with extras.lock:
                extras.inference -= 1

    def _again(self) -> _Mode:
        mode: _Mode = inference_mode(self._fields["inference"])
        return mode


class set_multithreading_enabled(_Mode):
    """Accepted for PyTorch's sake: a backward pass runs in the thread that asks for it, whatever is set here.

    Args:
        mode: noted, and put back at the end where it is used as a context manager.
    """

    def __init__(self, mode: bool) -> None:
        super().__init__()
        self._fields = {"multithreading": bool(mode)}
        self._before = state.multithreading
        state.multithreading = bool(mode)

    def __enter__(self) -> None:
        self._saved.append({"multithreading": self._before})
        state.multithreading = self._fields["multithreading"]

    def _again(self) -> _Mode:
        return set_multithreading_enabled(self._fields["multithreading"])


def is_grad_enabled() -> bool:
    """Whether ops of this thread are recorded."""
    return state.grad


def is_inference_mode_enabled() -> bool:
    """Whether this thread is inside ``inference_mode``."""
    return state.inference
