"""The graph is walked without recursion, holds no cycles, and lets go of what it saved."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest

import tensorplug as tp

DEPTH = 100_000


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_a_deep_graph_is_differentiated_without_recursion() -> None:
    x = tp.ones(2, requires_grad=True)
    y = x
    for _ in range(DEPTH):
        y = y + 1
    y.sum().backward()
    assert x.grad.tolist() == [1.0, 1.0]


def test_a_deep_graph_is_freed_without_recursion() -> None:
    x = tp.ones(2, requires_grad=True)
    y = x * 1.0
    node = weakref.ref(y.grad_fn)
    for _ in range(DEPTH):
        y = y * 1.0
    del y
    assert node() is None


def test_tensors_and_nodes_die_with_their_last_reference(no_collector: None) -> None:
    a = tp.rand(5, 5, requires_grad=True)

    def compute() -> list[weakref.ref[object]]:
        b = (a * 2).exp().tanh()
        c = (b.sigmoid() + b) @ a
        d = c.softmax(1).log()[1:].t().reshape(-1)
        z = tp.zeros(5, 5)
        z[0] = a[0] * 2
        z.mul_(3)
        loss = d.sum() + z.sum()
        loss.backward()
        return [weakref.ref(t) for t in (b, c, z, loss, loss.grad_fn)]

    assert [ref() for ref in compute()] == [None] * 5
    assert gc.collect() == 0


def test_a_saved_result_is_another_object_over_the_same_memory() -> None:
    x = tp.ones(3, requires_grad=True)
    y = x.exp()
    saved = y.grad_fn._saved_result
    assert saved is not y
    assert saved.data_ptr() == y.data_ptr()


def test_a_saved_input_is_the_same_object() -> None:
    x = tp.ones(3, requires_grad=True)
    assert x.sin().grad_fn._saved_self is x


def test_backward_lets_go_of_what_was_saved(no_collector: None) -> None:
    x = tp.ones(3, requires_grad=True)
    middle = x * 2
    loss = middle.sin().sum()
    ref = weakref.ref(middle)
    del middle
    assert ref() is not None
    loss.backward()
    assert ref() is None


def test_threads_walk_their_own_graphs() -> None:
    weights = [tp.randn(20, 20, requires_grad=True) for _ in range(4)]
    expected = []
    for w in weights:
        (w @ w).tanh().sum().backward()
        expected.append(w.grad)
        w.grad = None

    def work(w: tp.Tensor) -> None:
        for _ in range(20):
            w.grad = None
            (w @ w).tanh().sum().backward()

    threads = [threading.Thread(target=work, args=(w,)) for w in weights]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(tp.equal(w.grad, e) for w, e in zip(weights, expected))
