"""Anomaly detection: find the forward op whose gradient failed or became NaN."""

from __future__ import annotations

from types import TracebackType

from tensorplug.autograd.grad_mode import extras, state


def _switch(on: bool, check_nan: bool) -> None:
    if on != state.anomaly:
        with extras.lock:
            extras.active += 1 if on else -1
    state.anomaly, state.check_nan = on, check_nan


class set_detect_anomaly:
    """Switches anomaly detection of this thread on or off; undone when used as a context manager.

    While it is on, nodes remember where in the program they were made, a failing gradient shows that place, and a
    gradient that is NaN is an error. It slows everything down.

    Args:
        mode: whether it is on.
        check_nan: whether NaN in a gradient is an error.
    """

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self._before = (state.anomaly, state.check_nan)
        _switch(mode, check_nan)

    def __enter__(self) -> None:
        """Nothing more to do."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _switch(*self._before)


class detect_anomaly:
    """A context in which anomaly detection is on (see ``set_detect_anomaly``).

    Example:
        >>> import tensorplug as tp
        >>> x = tp.tensor(0.0, requires_grad=True)
        >>> with tp.autograd.detect_anomaly():
        ...     y = x.sqrt() * 0
        >>> y
        tensor(0., grad_fn=<MulBackward0>)
    """

    def __init__(self, check_nan: bool = True) -> None:
        self._check_nan = check_nan

    def __enter__(self) -> None:
        self._before = (state.anomaly, state.check_nan)
        _switch(True, self._check_nan)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _switch(*self._before)


def is_anomaly_enabled() -> bool:
    """Whether anomaly detection is on in this thread."""
    return state.anomaly


def is_anomaly_check_nan_enabled() -> bool:
    """Whether NaN gradients are errors while anomaly detection is on."""
    return state.check_nan
