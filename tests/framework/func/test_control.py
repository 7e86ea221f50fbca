"""``cond``, ``while_loop``, ``functionalize``, ``rearrange``."""

import pytest

import tensorplug as tp
from tensorplug.func import functionalize, grad, rearrange, vmap


@pytest.mark.parametrize("pred", [True, 1, tp.tensor(True), tp.tensor([2.0])])
def test_cond_takes_a_branch(pred):
    assert tp.cond(pred, lambda x: x + 1, lambda x: x - 1, (5,)) == 6


def test_only_the_branch_taken_runs():
    ran = []
    tp.cond(tp.tensor(False), lambda: ran.append("yes"), lambda: ran.append("no"))
    assert ran == ["no"]


def test_under_vmap_each_example_takes_its_own_branch():
    x = tp.tensor([-1.0, 2.0])
    found = vmap(lambda v: tp.cond(v > 0, lambda v: {"y": v * 10}, lambda v: {"y": -v}, (v,)))(x)
    assert found["y"].tolist() == [1, 20]


def test_gradients_of_the_branch_taken():
    f = lambda v: tp.cond(v > 0, lambda v: v * 10, lambda v: -v, (v,))  # noqa: E731
    assert vmap(grad(f))(tp.tensor([-1.0, 2.0])).tolist() == [-1, 10]


def test_while_loop_carries_values():
    found = tp.while_loop(lambda i, x: i < 4, lambda i, x: (i + 1, x * 2), (0, tp.tensor(1.0)))
    assert found[0] == 4
    assert found[1].item() == 16


def test_under_vmap_examples_stop_when_they_are_done():
    steps = tp.tensor([0, 3, 1])
    found = vmap(lambda n: tp.while_loop(lambda i, x: i < n, lambda i, x: (i + 1, x * 2), (n * 0, n * 0 + 1)))(steps)
    assert found[0].tolist() == [0, 3, 1]
    assert found[1].tolist() == [1, 8, 2]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: tp.cond(tp.tensor([True, False]), lambda: 1, lambda: 2), "single-element"),
        (lambda: tp.cond("yes", lambda: 1, lambda: 2), "bool or tensor"),
        (lambda: tp.cond(True, 1, 2), "callable"),
        (lambda: tp.cond(True, lambda x: x, lambda x: x, tp.ones(1)), "operands"),
        (lambda: tp.while_loop(lambda x: True, lambda x: (x, x), (1,)), "must return 1 values"),
        (lambda: tp.while_loop(lambda x: tp.ones(2), lambda x: (x,), (1,)), "boolean scalar"),
        (lambda: tp.while_loop(lambda x: True, lambda x: (x,), 1), "tuple or list"),
    ],
)
def test_wrong_use(call, text):
    with pytest.raises(RuntimeError, match=text):
        call()


def test_functionalize_writes_back_at_the_end():
    seen = []
    x = tp.ones(2)

    def f(t):
        t.add_(1)
        seen.append(x.tolist())
        return t, t * 2

    first, second = functionalize(f)(x)
    assert seen == [[1, 1]]
    assert first is x
    assert (x.tolist(), second.tolist()) == ([2, 2], [4, 4])


def test_functionalize_leaves_arguments_that_do_not_change():
    x = tp.ones(2, requires_grad=True)
    assert functionalize(lambda t: t * 2, remove="mutations_and_views")(x).tolist() == [2, 2]
    with pytest.raises(RuntimeError, match="remove"):
        functionalize(tp.sin, remove="all")


@pytest.mark.parametrize(
    ("pattern", "sizes", "shape"),
    [
        ("a b c -> c a b", {}, (4, 2, 3)),
        ("a b c -> (a b) c", {}, (6, 4)),
        ("a b (c d) -> d a b c", {"c": 2}, (2, 2, 3, 2)),
        ("a ... -> ... a", {}, (3, 4, 2)),
        ("a ... -> a (...)", {}, (2, 12)),
        ("a b c -> a 1 (b c)", {}, (2, 1, 12)),
        ("a b c -> a () b c", {}, (2, 1, 3, 4)),
    ],
)
def test_rearrange_shapes(pattern, sizes, shape):
    assert rearrange(tp.zeros(2, 3, 4), pattern, **sizes).shape == shape


def test_rearrange_values():
    x = tp.arange(6).reshape(2, 3)
    assert rearrange(x, "a b -> (b a)").tolist() == [0, 3, 1, 4, 2, 5]
    assert rearrange([x[0], x[1]], "list a -> a list").tolist() == x.T.tolist()


@pytest.mark.parametrize(
    ("pattern", "sizes"),
    [
        ("a b -> b a", {}),
        ("a b c -> a b", {}),
        ("a a c -> a c", {}),
        ("a b c", {}),
        ("a (b d) c -> a b c d", {}),
        ("a b c -> a b c", {"z": 2}),
        ("a (b d) c -> a b c d", {"b": 2}),
        ("a ((b)) c -> a b c", {}),
        ("a (b c -> a b c", {}),
        ("a b) c -> a b c", {}),
        ("a b c -> ... a b c", {}),
        ("a ... -> a", {}),
        ("a, b c -> a b c", {}),
    ],
)
def test_patterns_that_do_not_fit(pattern, sizes):
    with pytest.raises(ValueError, match=r"rearrange|dimension|side"):
        rearrange(tp.zeros(2, 3, 4), pattern, **sizes)
