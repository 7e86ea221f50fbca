"""``utils.checkpoint``: the same gradients with less kept, the same random numbers, errors that say what differs."""

import contextlib
import gc
import weakref

import pytest

import tensorplug as tp
from tensorplug.autograd.graph import saved_tensors_hooks
from tensorplug.utils.checkpoint import (
    CheckpointError,
    checkpoint,
    checkpoint_sequential,
    set_checkpoint_debug_enabled,
    set_checkpoint_early_stop,
)

nn = tp.nn


@pytest.fixture
def net():
    tp.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Dropout(0.5), nn.Linear(8, 3), nn.Softmax(1))


def gradients(net, run):
    """The gradients of parameters and input after a run that starts at a fixed place in the random stream."""
    tp.manual_seed(1)
    x = tp.arange(20.0).reshape(5, 4).div(10).requires_grad_()
    net.zero_grad()
    run(x).square().sum().backward()
    return [p.grad for p in net.parameters()] + [x.grad]


@pytest.mark.parametrize(
    "run",
    [
        lambda net, x: checkpoint(net, x, use_reentrant=False),
        lambda net, x: checkpoint(net, x, use_reentrant=True),
        lambda net, x: checkpoint(net, x, use_reentrant=False, early_stop=False),
        lambda net, x: checkpoint(net, x, use_reentrant=False, debug=True),
        lambda net, x: checkpoint(net, input=x, use_reentrant=False),
        lambda net, x: checkpoint(
            lambda y: checkpoint(net[1:], net[0](y), use_reentrant=False), x, use_reentrant=False
        ),
        lambda net, x: checkpoint_sequential(net, 2, x, use_reentrant=False),
        lambda net, x: checkpoint_sequential(net, 3, x, use_reentrant=True),
        lambda net, x: checkpoint_sequential(list(net), 5, x, use_reentrant=False),
    ],
)
def test_gradients_are_the_same(net, run):
    tp.testing.assert_close(gradients(net, lambda x: run(net, x)), gradients(net, net))


def test_random_numbers_may_differ_where_that_is_asked_for(net):
    masks = []

    def drop(x):
        y = nn.functional.dropout(x, 0.5)
        masks.append((y == 0).tolist())
        return y * y

    tp.manual_seed(0)
    x = tp.ones(64, requires_grad=True)
    checkpoint(drop, x, use_reentrant=False, preserve_rng_state=False).sum().backward()
    checkpoint(drop, x, use_reentrant=False).sum().backward()
    assert masks[0] != masks[1]
    assert masks[2] == masks[3]


def test_the_stream_goes_on_as_if_nothing_had_been_drawn_again():
    x = tp.ones(4, requires_grad=True)
    tp.manual_seed(0)
    y = checkpoint(lambda x: (x * tp.rand(4)).sin(), x, use_reentrant=False)
    state = tp.get_rng_state()
    y.sum().backward()
    assert tp.equal(tp.get_rng_state(), state)


@pytest.mark.parametrize("early_stop", [True, False])
def test_early_stop_leaves_out_what_saves_nothing(early_stop):
    ran = []

    def f(x):
        ran.append("start")
        y = x.sin().sum()
        ran.append("end")
        return y

    with set_checkpoint_early_stop(early_stop):
        checkpoint(f, tp.ones(2, requires_grad=True), use_reentrant=False).backward()
    assert ran == (["start", "end", "start"] if early_stop else ["start", "end"] * 2)


def test_nothing_but_the_arguments_is_kept():
    kept = []

    def f(x):
        y = x.sin()
        kept.append(weakref.ref(y))
        return y.exp().sum()

    found = checkpoint(f, tp.ones(2, requires_grad=True), use_reentrant=False)
    gc.collect()
    assert kept[0]() is None
    found.backward()


def test_what_was_computed_again_goes_with_the_graph():
    values = []

    def f(x):
        y = x.sin()
        values.append(weakref.ref(y._storage or y))
        return (y * y).sum()

    x = tp.ones(2, requires_grad=True)
    checkpoint(f, x, use_reentrant=False).backward()
    gc.collect()
    assert [ref() for ref in values] == [None, None]


def test_second_derivatives():
    x = tp.tensor([0.3, 0.7], requires_grad=True)
    f = lambda x: (x.sin() * x).exp()  # noqa: E731
    found = []
    for run in (f, lambda x: checkpoint(f, x, use_reentrant=False)):
        (first,) = tp.autograd.grad(run(x).sum(), x, create_graph=True)
        found.append(tp.autograd.grad(first.sum(), x)[0])
    tp.testing.assert_close(found[0], found[1])


def test_backward_twice_computes_again_twice():
    runs = []
    x = tp.ones(2, requires_grad=True)
    y = checkpoint(lambda x: (runs.append(1), x.sin())[1], x, use_reentrant=False).sum()
    y.backward(retain_graph=True)
    y.backward()
    assert len(runs) == 3
    tp.testing.assert_close(x.grad, 2 * tp.ones(2).cos())


def test_tensors_that_the_function_captures_get_gradients():
    w = tp.tensor(2.0, requires_grad=True)
    checkpoint(lambda x: w * x * x, tp.tensor(3.0), use_reentrant=False).backward()
    assert w.grad.item() == 9


def test_autocast_holds_when_computing_again():
    dtypes = []
    layer = nn.Linear(2, 2)

    def f(x):
        y = layer(x)
        dtypes.append(y.dtype)
        return y.sin()

    with tp.autocast("cpu"):
        y = checkpoint(f, tp.ones(1, 2, requires_grad=True), use_reentrant=False)
    y.float().sum().backward()
    assert dtypes == [tp.bfloat16, tp.bfloat16]


def test_contexts_surround_both_calls():
    entered = []

    @contextlib.contextmanager
    def context(name):
        entered.append(name)
        yield

    x = tp.ones(2, requires_grad=True)
    made = lambda: (context("first"), context("again"))  # noqa: E731
    checkpoint(tp.sin, x, use_reentrant=False, context_fn=made).sum().backward()
    assert entered == ["first", "again"]


def test_transforms_of_checkpointed_functions():
    f = lambda x: (x.sin() * x).exp()  # noqa: E731
    kept = lambda x: checkpoint(f, x, use_reentrant=False)  # noqa: E731
    x = tp.tensor([[0.3, 0.7], [0.1, -0.4]])
    for transform in (tp.func.jacrev, tp.func.jacfwd):
        tp.testing.assert_close(tp.vmap(transform(kept))(x), tp.vmap(transform(f))(x))


def test_saved_tensor_hooks_outside_see_nothing_of_the_inside():
    packed = []
    x = tp.ones(2, requires_grad=True)
    with saved_tensors_hooks(lambda t: (packed.append(1), t)[1], lambda t: t):
        y = checkpoint(lambda x: x.sin().exp().sin(), x * 1, use_reentrant=False)
    assert len(packed) == 1
    y.sum().backward()
    assert x.grad is not None


# ------------------------------------------------------------------------------------------------- what goes wrong


def changing(first, second):
    calls = []

    def f(x):
        calls.append(1)
        return first(x) if len(calls) == 1 else second(x)

    return f


def test_another_number_of_saved_tensors():
    f = changing(lambda x: x.sin().exp(), tp.sin)
    y = checkpoint(f, tp.ones(2, requires_grad=True), use_reentrant=False).sum()
    with pytest.raises(CheckpointError, match="different number of tensors"):
        y.backward()


def test_saved_tensors_of_another_shape():
    f = changing(tp.sin, lambda x: x[:1].sin())
    y = checkpoint(f, tp.ones(2, requires_grad=True), use_reentrant=False).sum()
    with pytest.raises(CheckpointError, match=r"position 0:(.|\n)*\(2,\)(.|\n)*\(1,\)"):
        y.backward()


def test_debug_lists_the_ops():
    f = changing(lambda x: x.sin().exp(), tp.sin)
    with set_checkpoint_debug_enabled(True):
        y = checkpoint(f, tp.ones(2, requires_grad=True), use_reentrant=False).sum()
    with pytest.raises(CheckpointError, match=r"first call: sin, exp\nops of the again call: sin"):
        y.backward()


def test_the_check_can_be_switched_off():
    f = changing(tp.sin, lambda x: x.double().sin())
    x = tp.ones(2, requires_grad=True)
    checkpoint(f, x, use_reentrant=False, determinism_check="none").sum().backward()
    tp.testing.assert_close(x.grad.float(), tp.ones(2).cos())


def test_reentrant_checkpoints_refuse_autograd_grad():
    x = tp.ones(2, requires_grad=True)
    y = checkpoint(tp.sin, x, use_reentrant=True).sum()
    with pytest.raises(RuntimeError, match=r"incompatible with \.grad\(\)"):
        tp.autograd.grad(y, x)


def test_reentrant_checkpoints_warn_where_no_input_requires_grad():
    with pytest.warns(UserWarning, match="None of the inputs"):
        checkpoint(tp.sin, tp.ones(2), use_reentrant=True)


def test_the_choice_should_be_made():
    with pytest.warns(UserWarning, match="use_reentrant"):
        checkpoint(tp.sin, tp.ones(2, requires_grad=True))


@pytest.mark.parametrize(
    "options",
    [
        {"use_reentrant": True, "debug": True},
        {"use_reentrant": True, "context_fn": lambda: None},
        {"use_reentrant": True, "scale": 2},
        {"use_reentrant": False, "determinism_check": "some"},
    ],
)
def test_options_that_do_not_go_together(options):
    with pytest.raises(ValueError, match=r"use_reentrant|Unexpected|determinism_check"):
        checkpoint(tp.sin, tp.ones(2, requires_grad=True), **options)
