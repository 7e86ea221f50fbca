"""Kernels are silent whatever the user's error mode is, and that mode is never touched."""

import contextvars
import functools
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tensorplug_numpy.quiet import is_quiet, quiet, run_quietly

ZEROS = np.zeros(3, np.float32)
HUGE = np.full(3, 1e30, np.float32)


def one(x: Any) -> Any:
    return np.log(x)


def two(x: Any, y: Any) -> Any:
    return np.divide(x, y)


def three(x: Any, y: Any, z: Any) -> Any:
    return np.multiply(np.divide(x, y), z)


def many(*arrays: Any) -> Any:
    return np.divide(*arrays)


def defaults(x: Any, y: Any = 0.0) -> Any:
    return np.divide(x, y)


CALLS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "ufunc of one": (np.log, (ZEROS,)),
    "ufunc of two": (np.divide, (HUGE, ZEROS)),
    "overflow": (np.multiply, (HUGE, HUGE)),
    "function of one": (one, (ZEROS,)),
    "function of two": (two, (ZEROS, ZEROS)),
    "function of three": (three, (HUGE, ZEROS, HUGE)),
    "function of any number": (many, (HUGE, ZEROS)),
    "function with a default": (defaults, (HUGE,)),
    "partial": (functools.partial(two, HUGE), (ZEROS,)),
}


@pytest.mark.parametrize(("function", "arguments"), CALLS.values(), ids=CALLS.keys())
@pytest.mark.parametrize("mode", ["warn", "raise"])
def test_nothing_is_reported(function: Callable[..., Any], arguments: tuple[Any, ...], mode: Any) -> None:
    with np.errstate(all="ignore"):
        expected = function(*arguments)
    with np.errstate(all=mode):
        np.testing.assert_array_equal(quiet(function)(*arguments), expected)
        np.testing.assert_array_equal(run_quietly(function, *arguments), expected)


def test_the_user_mode_is_left_alone() -> None:
    with np.errstate(all="raise"):
        before = np.geterr()
        quiet(np.log)(ZEROS)
        assert np.geterr() == before
        with pytest.raises(FloatingPointError):
            np.log(ZEROS)


def test_silence_may_be_nested() -> None:
    inner = quiet(one)

    def outer(x: Any) -> Any:
        assert is_quiet()
        return run_quietly(inner, x)

    assert np.isneginf(quiet(outer)(ZEROS)).all()
    assert not is_quiet()


def test_errors_come_through_and_silence_ends() -> None:
    def fail(x: Any) -> None:
        raise KeyError(x)

    with pytest.raises(KeyError, match="reason"):
        quiet(fail)("reason")
    assert not is_quiet()
    assert quiet(str)(1) == "1"


def test_each_thread_has_a_context_of_its_own() -> None:
    barrier = threading.Barrier(4, timeout=10)
    inside: list[bool] = []

    def wait(x: Any) -> None:
        barrier.wait()
        inside.append(is_quiet())
        np.log(x)

    threads = [threading.Thread(target=quiet(wait), args=(ZEROS,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inside == [True] * 4


def test_a_copied_context_stays_quiet_in_another_thread() -> None:
    copies: list[contextvars.Context] = []
    run_quietly(lambda: copies.append(contextvars.copy_context()))
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(copies[0].run(quiet(np.log), ZEROS)))
    thread.start()
    thread.join()
    assert np.isneginf(found[0]).all()


def test_a_wrapped_function_keeps_its_name() -> None:
    assert quiet(np.log).__name__ == "log"
    assert quiet(three).__qualname__ == "three"
