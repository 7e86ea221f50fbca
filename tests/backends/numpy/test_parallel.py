"""Work in blocks and on threads gives what the plain call gives."""

import contextlib
import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from tensorplug_numpy import parallel

LARGE = (1100, 1000)


@pytest.fixture(autouse=True, params=[1, 3])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = parallel.get_num_threads()
    parallel.set_num_threads(request.param)
    yield request.param
    parallel.set_num_threads(before)


def numbers(*shape: int, dtype: Any = np.float64) -> np.ndarray:
    return (np.random.default_rng(0).standard_normal(shape) * 10).astype(dtype)


OPERANDS: dict[str, Callable[[], tuple[Any, ...]]] = {
    "same shape": lambda: (numbers(*LARGE), numbers(*LARGE)),
    "numbers": lambda: (numbers(*LARGE), 2.5),
    "array without dims": lambda: (numbers(*LARGE), np.array(2.5)),
    "a row for all": lambda: (numbers(*LARGE), numbers(LARGE[1])),
    "a row for all, two dims": lambda: (numbers(*LARGE), numbers(1, LARGE[1])),
    "a column": lambda: (numbers(*LARGE), numbers(LARGE[0], 1)),
    "three dims": lambda: (numbers(11, 100, 1000), numbers(100, 1)),
    "one first row": lambda: (numbers(1, *LARGE), numbers(1, *LARGE)),
    "one first row, a row for all": lambda: (numbers(1, *LARGE), numbers(LARGE[1])),
    "transposed": lambda: (numbers(*LARGE), numbers(*LARGE[::-1]).T),
    "stepped": lambda: (numbers(*LARGE), numbers(2 * LARGE[0], LARGE[1])[::-2]),
    "mixed dtypes": lambda: (numbers(*LARGE, dtype=np.float32), numbers(*LARGE, dtype=np.int16)),
    "small": lambda: (numbers(3, 4), numbers(4)),
    "no elements": lambda: (numbers(0, 4), numbers(0, 4)),
    "no dims": lambda: (numbers(), numbers()),
}


@pytest.mark.parametrize("make", OPERANDS.values(), ids=OPERANDS.keys())
@pytest.mark.parametrize("ufunc", [np.add, np.arctan2, np.less])
def test_elementwise_is_the_plain_call(ufunc: np.ufunc, make: Callable[[], tuple[Any, ...]]) -> None:
    a, b = make()
    expected = np.asarray(ufunc(a, b))
    out = np.empty_like(expected)
    assert parallel.elementwise(ufunc, out, a, b) is out
    np.testing.assert_array_equal(out, expected)


def test_the_result_may_be_an_input() -> None:
    x = numbers(*LARGE)
    expected = x + x
    parallel.elementwise(np.add, x, x, x)
    np.testing.assert_array_equal(x, expected)


def test_the_result_may_be_another_view_of_an_input() -> None:
    x = numbers(LARGE[0] * LARGE[1])
    expected = np.exp(x)
    parallel.elementwise(np.exp, x.reshape(LARGE), x.reshape(LARGE))
    np.testing.assert_array_equal(x, expected)


@pytest.mark.parametrize("shift", [1, 1000, -1000])
def test_the_result_may_overlap_an_input(shift: int) -> None:
    x = numbers(LARGE[0] * LARGE[1])
    source, out = (x[:-shift], x[shift:]) if shift > 0 else (x[-shift:], x[:shift])
    expected = np.negative(source)
    parallel.elementwise(np.negative, out, source)
    np.testing.assert_array_equal(out, expected)


def test_a_result_of_a_wrong_shape_is_an_error() -> None:
    with pytest.raises(ValueError, match="broadcast"):
        parallel.elementwise(np.add, np.empty((1100, 999)), numbers(*LARGE), 1.0)


def test_nothing_is_reported_by_any_thread(threads: int) -> None:
    x = np.zeros(LARGE)
    out = np.empty(LARGE)
    with np.errstate(all="raise"):
        parallel.elementwise(np.log, out, x)
        parallel.blocks(lambda a, b: np.divide(a, 0.0, out=b), x, out)
        parallel.copy(np.empty(LARGE, np.int32), np.full(LARGE, np.nan))
    assert np.isnan(out).all()


CASTS = [(np.float64, np.float32), (np.float32, np.int64), (np.int64, np.bool_), (np.float32, np.complex64)]


@pytest.mark.parametrize(("source", "target"), CASTS)
def test_copy_casts(source: type, target: type) -> None:
    x = numbers(*LARGE, dtype=source)
    np.testing.assert_array_equal(parallel.copy(np.empty(LARGE, target), x), x.astype(target))


@pytest.mark.parametrize("shape", [LARGE, (3,), (0, 2), ()])
def test_copy_fills(shape: tuple[int, ...]) -> None:
    assert (parallel.copy(np.empty(shape, np.float32), 3) == 3).all()


def test_copy_writes_through_strides() -> None:
    base = np.zeros((2 * LARGE[0], LARGE[1]))
    x = numbers(*LARGE[::-1])
    parallel.copy(base[::2], x.T)
    np.testing.assert_array_equal(base[::2], x.T)
    assert not base[1::2].any()


def silu(x: np.ndarray, out: np.ndarray, t: np.ndarray) -> None:
    np.negative(x, out=t)
    np.exp(t, out=t)
    np.add(t, 1, out=t)
    np.divide(x, t, out=out)


@pytest.mark.parametrize("shape", [LARGE, (1 << 18,), ((1 << 18) + 1,), (7,), (0,), ()])
@pytest.mark.parametrize("block", [parallel.BLOCK, 1000])
def test_blocks_cover_every_element_once(shape: tuple[int, ...], block: int) -> None:
    seen = np.zeros(shape)
    x = numbers(*shape, dtype=np.float32)
    out = np.empty_like(x)

    def count(x: np.ndarray, out: np.ndarray, seen: np.ndarray, t: np.ndarray) -> None:
        assert x.shape == out.shape == t.shape
        assert x.size <= block
        seen += 1
        silu(x, out, t)

    parallel.blocks(count, x, out, seen, scratch=[np.float32], block_elements=block)
    assert (seen == 1).all()
    np.testing.assert_array_equal(out, x / (np.exp(-x) + np.float32(1)))


def test_scratch_arrays_are_distinct_and_of_the_asked_dtypes() -> None:
    found = []

    def fill(x: np.ndarray, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> None:
        a[...], b[...], c[...] = 1, 2, True
        found.append((a.dtype, b.dtype, c.dtype, bool((a == 1).all() and (b == 2).all() and c.all())))

    parallel.blocks(fill, numbers(*LARGE), scratch=[np.float64, "i2", np.bool_])
    assert set(found) == {(np.dtype("f8"), np.dtype("i2"), np.dtype("?"), True)}


def test_a_kernel_with_scratch_may_call_another() -> None:
    def inner(x: np.ndarray, out: np.ndarray, t: np.ndarray) -> None:
        t[...] = -1
        np.copyto(out, x)

    def outer(x: np.ndarray, out: np.ndarray, t: np.ndarray) -> None:
        np.multiply(x, 2, out=t)
        parallel.blocks(inner, t, out, scratch=[x.dtype])
        assert (t == 2 * x).all()

    x, out = numbers(*LARGE), np.empty(LARGE)
    parallel.blocks(outer, x, out, scratch=[x.dtype])
    np.testing.assert_array_equal(out, 2 * x)


def test_large_jobs_may_be_nested() -> None:
    x, out = numbers(4, 1 << 18), np.empty((4, 1 << 18))
    parallel.rows(lambda a, b: parallel.elementwise(np.exp, b, a), x, out, block_elements=1 << 18)
    np.testing.assert_array_equal(out, np.exp(x))


def test_blocks_refuse_arrays_that_they_cannot_cut() -> None:
    with pytest.raises(ValueError, match="C-contiguous"):
        parallel.blocks(lambda a, b: None, numbers(*LARGE), numbers(*LARGE[::-1]).T)
    with pytest.raises(ValueError, match="one size"):
        parallel.blocks(lambda a, b: None, numbers(3, 4), numbers(3))


def test_small_arrays_keep_their_shape_and_may_have_any_strides() -> None:
    x, out = numbers(4, 3).T, np.empty((3, 4))
    parallel.blocks(silu, x, out, scratch=[x.dtype])
    np.testing.assert_array_equal(out, x / (np.exp(-x) + 1))


def softmax(x: np.ndarray, out: np.ndarray) -> None:
    np.subtract(x, x.max(1, keepdims=True), out=out)
    np.exp(out, out=out)
    np.divide(out, out.sum(1, keepdims=True), out=out)


@pytest.mark.parametrize("shape", [LARGE, (3, 200_000), (1, 5), (0, 5), (5, 1)])
def test_rows_stay_whole(shape: tuple[int, int]) -> None:
    x = numbers(*shape[::-1]).T
    out = np.empty(shape)
    parallel.rows(softmax, x, out)
    e = np.exp(np.ascontiguousarray(x) - x.max(1, keepdims=True))
    np.testing.assert_array_equal(out, e / e.sum(1, keepdims=True))


def test_rows_without_elements_are_allowed() -> None:
    lengths = []
    parallel.rows(lambda x: lengths.append(len(x)), np.empty((5, 0)))
    assert sum(lengths) == 5


def test_rows_refuse_different_extents() -> None:
    with pytest.raises(ValueError, match="first extent"):
        parallel.rows(lambda a, b: None, numbers(3, 4), numbers(4, 3))


class Broken(Exception):
    pass


def test_an_error_in_any_block_comes_through() -> None:
    x = np.zeros(1 << 20)
    x[777_777] = 1

    def check(part: np.ndarray) -> None:
        if part.any():
            raise Broken("found it")

    with pytest.raises(Broken, match="found it") as caught:
        parallel.blocks(check, x)
    assert caught.traceback[-1].name == "check"
    x[...] = 0
    parallel.blocks(check, x)


def test_every_error_is_told(threads: int) -> None:
    def fail(part: np.ndarray) -> None:
        raise Broken(f"part {part[0]:.0f}")

    x = np.repeat(np.arange(4.0), 1 << 18)
    with pytest.raises(Broken) as caught:
        parallel.blocks(fail, x)
    told = "\n".join([str(caught.value), *getattr(caught.value, "__notes__", [])])
    parts = 4 if threads > 1 else 1
    assert [f"part {part}" in told for part in range(parts)] == [True] * parts


def test_arrays_die_when_the_work_is_done() -> None:
    out = np.empty(LARGE)
    watch = weakref.ref(out)
    parallel.elementwise(np.exp, out, numbers(*LARGE))
    gc.disable()
    try:
        del out
        assert watch() is None
    finally:
        gc.enable()


def test_arrays_die_after_an_error_too() -> None:
    def fail(part: np.ndarray) -> None:
        raise Broken

    x = np.empty(LARGE)
    watch = weakref.ref(x)
    gc.disable()
    try:
        with contextlib.suppress(Broken):
            parallel.blocks(fail, x)
        del x
        assert watch() is None
    finally:
        gc.enable()


def test_several_callers_share_the_threads() -> None:
    x = numbers(*LARGE)
    expected = np.exp(x)
    wrong = []

    def work() -> None:
        for _ in range(5):
            if not np.array_equal(parallel.elementwise(np.exp, np.empty(LARGE), x), expected):
                wrong.append(1)

    callers = [threading.Thread(target=work) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert wrong == []


def test_the_number_of_threads_must_be_positive(threads: int) -> None:
    with pytest.raises(RuntimeError, match="positive"):
        parallel.set_num_threads(0)
    assert parallel.get_num_threads() == threads
