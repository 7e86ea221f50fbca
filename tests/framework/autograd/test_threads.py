"""Several threads, each with its own backward pass, over shared and over separate tensors."""

import sys
import threading
import time

import pytest

import tensorplug as tp
from tensorplug.extend import observe


@pytest.fixture
def busy():
    """Threads change places as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def in_threads(work, count=4):
    errors = []

    def guarded(number):
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_no_gradient_of_a_shared_leaf_is_lost():
    shared = tp.ones(50, requires_grad=True)

    def slowly(name, inputs, run):
        result = run()
        if name == "add":  # between the sum of old and new and its way into the leaf
            time.sleep(0.005)
        return result

    stop = observe(slowly)
    try:
        in_threads(lambda number: [(shared * 2).sum().backward() for _ in range(5)])
    finally:
        stop()
    assert shared.grad.tolist() == [2 * 4 * 5] * 50


@pytest.mark.usefixtures("busy")
def test_threads_may_read_one_graph_that_is_kept():
    x = tp.ones(3, requires_grad=True)
    shared = (x * 2).exp()
    expected = 2 * shared.detach()

    def work(number):
        for _ in range(50):
            (found,) = tp.autograd.grad(shared.sum(), x, retain_graph=True)
            assert tp.equal(found, expected)

    in_threads(work)


@pytest.mark.usefixtures("busy")
def test_hooks_of_one_thread_see_its_gradients_only():
    seen = [[] for _ in range(4)]

    def work(number):
        x = tp.ones(1, requires_grad=True)
        x.register_hook(lambda g: seen[number].append(g.item()))
        for _ in range(50):
            (x * float(number)).backward()

    in_threads(work)
    assert seen == [[n] * 50 for n in range(4)]


def test_a_graph_recorded_in_one_thread_can_be_walked_in_another():
    x = tp.tensor(3.0, requires_grad=True)
    y = x**2
    in_threads(lambda number: y.backward(), count=1)
    assert x.grad.item() == 6


def test_a_backward_pass_in_a_thread_leaves_the_modes_of_others_alone():
    x = tp.tensor(3.0, requires_grad=True)
    with tp.no_grad():

        def work(number):
            (x * x).backward()
            assert tp.is_grad_enabled()

        in_threads(work, count=1)
        assert not tp.is_grad_enabled()
