"""Hooks of tensors, leaves and nodes: when they run, what they see, what they may replace."""

import gc

import pytest

import tensorplug as tp
from tensorplug.autograd import graph


def leaf(*values):
    return tp.tensor(values, requires_grad=True)


def noting(seen, label=None):
    """A hook that notes the gradient it sees."""

    def hook(grad):
        seen.append(grad.tolist() if label is None else (label, grad.tolist()))

    return hook


# ---------------------------------------------------------------------------------------------------- tensor hooks


@pytest.mark.parametrize("computed", [False, True])
def test_a_hook_sees_the_gradient(computed):
    x, seen = leaf(1.0, 2.0), []
    watched = x * 1 if computed else x
    watched.register_hook(noting(seen))
    (watched * 3).sum().backward()
    assert seen == [[3, 3]]


@pytest.mark.parametrize("computed", [False, True])
def test_a_hook_may_replace_the_gradient(computed):
    x = leaf(1.0, 2.0)
    watched = x * 1 if computed else x
    watched.register_hook(lambda g: g * 10)
    (watched * 3).sum().backward()
    assert x.grad.tolist() == [30, 30]


def test_hooks_run_in_order_on_what_the_one_before_returned():
    y, seen = leaf(1.0) * 1, []
    y.register_hook(lambda g: g + 1)
    y.register_hook(lambda g: g * 10)
    y.register_hook(noting(seen))
    y.backward()
    assert seen == [[20]]


def test_a_hook_sees_the_sum_of_all_that_arrives():
    x, seen = leaf(1.0), []
    x.register_hook(noting(seen))
    (x * 2 + x * 3).backward()
    assert seen == [[5]]


def test_a_removed_hook_runs_no_more():
    x, seen = leaf(1.0), []
    handle = x.register_hook(noting(seen))
    handle.remove()
    handle.remove()
    (x * 2).backward()
    assert seen == []


def test_a_handle_removes_its_hook_at_the_end_of_a_context():
    x, seen = leaf(1.0), []
    with x.register_hook(noting(seen)):
        (x * 2).backward()
    (x * 2).backward()
    assert seen == [[2]]


def test_a_hook_may_remove_itself():
    x, seen, handles = leaf(1.0), [], []

    def once(grad):
        seen.append(grad.item())
        handles[0].remove()

    handles.append(x.register_hook(once))
    for _ in range(2):
        (x * 2).backward()
    assert seen == [2]


def test_retained_gradients_are_what_the_hooks_made_of_them():
    x = leaf(1.0)
    y = x * 1
    y.retain_grad()
    y.register_hook(lambda g: g * 10)
    y.backward()
    assert y.grad.tolist() == [10]


def test_hooks_run_for_autograd_grad_too():
    x = leaf(1.0)
    x.register_hook(lambda g: g * 10)
    assert tp.autograd.grad(x * 2, x)[0].tolist() == [20]


def test_a_hook_stays_with_the_value_it_was_registered_on():
    y, seen = leaf(1.0) * 1, []
    y.register_hook(noting(seen, "before"))
    y.mul_(3)
    y.register_hook(noting(seen, "after"))
    y.backward()
    assert seen == [("after", [1]), ("before", [3])]


def test_hooks_of_one_output_among_several():
    x, seen = leaf(1.0, 2.0, 3.0, 4.0), []
    first, second = x.split(2)
    first.register_hook(lambda g: g * 10)
    second.register_hook(noting(seen))
    (first + 2 * second).sum().backward()
    assert x.grad.tolist() == [10, 10, 2, 2]
    assert seen == [[2, 2]]


def test_hooks_are_recorded_when_the_graph_of_gradients_is():
    x = leaf(2.0)
    y = x * x
    y.register_hook(lambda g: g * x)
    (slope,) = tp.autograd.grad(y, x, create_graph=True)  # 2 x**2
    assert tp.autograd.grad(slope, x)[0].tolist() == [8]


def test_hooks_run_without_recording_otherwise():
    x, seen = leaf(2.0), []
    x.register_hook(lambda g: seen.append(tp.is_grad_enabled()))
    (x * x).backward()
    assert seen == [False]


def test_a_hook_may_start_another_backward_pass():
    x, w = leaf(1.0), leaf(1.0)
    aside = w * 3
    y = x * 2
    y.register_hook(lambda g: aside.backward())
    y.backward()
    assert (x.grad.tolist(), w.grad.tolist()) == ([2], [3])


def test_only_tensors_that_require_grad_take_hooks():
    with pytest.raises(RuntimeError, match="doesn't require grad"):
        tp.ones(1).register_hook(print)


@pytest.mark.parametrize(
    ("replacement", "error"),
    [(3, TypeError), (tp.ones(2), RuntimeError), (tp.ones(1, dtype=tp.float64), RuntimeError)],
    ids=["number", "shape", "dtype"],
)
def test_a_replacement_must_be_a_gradient_alike(replacement, error):
    x = leaf(1.0)
    x.register_hook(lambda g: replacement)
    with pytest.raises(error, match="hook '<lambda>'"):
        (x * 2).backward()
    assert x.grad is None


# ---------------------------------------------------------------------------------------------------- accumulation


def test_a_post_accumulate_hook_sees_the_leaf_with_its_sum():
    x, seen = leaf(1.0), []

    def hook(tensor):
        seen.append((tensor is x, tensor.grad.tolist()))

    handle = x.register_post_accumulate_grad_hook(hook)
    for _ in range(2):
        (x * 2).backward()
    handle.remove()
    (x * 2).backward()
    assert seen == [(True, [2]), (True, [4])]


def test_a_post_accumulate_hook_may_use_up_the_gradient():
    x = leaf(1.0)

    def step(tensor):
        with tp.no_grad():
            tensor.sub_(tensor.grad)
        tensor.grad = None

    x.register_post_accumulate_grad_hook(step)
    (x * 2).backward()
    assert (x.tolist(), x.grad) == ([-1], None)


def test_post_accumulate_hooks_run_for_chosen_inputs_and_not_for_autograd_grad():
    x, seen = leaf(1.0), []
    x.register_post_accumulate_grad_hook(lambda t: seen.append(t.grad.tolist()))
    tp.autograd.grad(x * 2, x)
    assert seen == []
    (x * 2).backward(inputs=[x])
    assert seen == [[2]]


def test_post_accumulate_hooks_are_for_leaves_that_require_grad():
    with pytest.raises(RuntimeError, match="non-leaf"):
        (leaf(1.0) * 2).register_post_accumulate_grad_hook(print)
    with pytest.raises(RuntimeError, match="doesn't require grad"):
        tp.ones(1).register_post_accumulate_grad_hook(print)


# ---------------------------------------------------------------------------------------------------- node hooks


def test_node_hooks_see_gradients_before_and_after():
    x, w, seen = leaf(2.0), leaf(3.0), []
    y = x * w
    y.grad_fn.register_hook(lambda ins, outs: seen.append([[g.item() for g in gs] for gs in (ins, outs)]))
    y.grad_fn.register_prehook(lambda outs: seen.append([g.item() for g in outs]))
    (y * 10).backward()
    assert seen == [[10], [[30, 20], [10]]]


def test_a_node_hook_may_replace_the_gradients_of_the_inputs():
    x, w = leaf(2.0), leaf(3.0)
    y = x * w
    y.grad_fn.register_hook(lambda ins, outs: (ins[0] * 10, None))
    y.backward()
    assert (x.grad.tolist(), w.grad) == ([30], None)


def test_a_node_prehook_may_replace_the_gradients_of_the_outputs():
    x = leaf(2.0)
    y = x * 3
    y.grad_fn.register_prehook(lambda outs: (outs[0] * 10,))
    y.backward()
    assert x.grad.tolist() == [30]


def test_tensor_hooks_come_before_prehooks():
    y, seen = leaf(2.0) * 3, []
    y.grad_fn.register_prehook(lambda outs: seen.append("node"))
    y.register_hook(lambda g: seen.append("tensor"))
    y.backward()
    assert seen == ["tensor", "node"]


def test_a_removed_node_hook_runs_no_more():
    y, seen = leaf(2.0) * 3, []
    y.grad_fn.register_hook(lambda ins, outs: seen.append("hook")).remove()
    y.grad_fn.register_prehook(lambda outs: seen.append("prehook")).remove()
    y.backward()
    assert seen == []


@pytest.mark.parametrize(("replacement", "error"), [((1, 2, 3), RuntimeError), (tp.ones(1), TypeError)])
def test_node_hooks_must_return_as_many_gradients(replacement, error):
    y = leaf(2.0) * 3
    y.grad_fn.register_prehook(lambda outs: replacement)
    with pytest.raises(error, match="hook"):
        y.backward()


def end_of(y):
    """The node that adds to the leaf behind ``y = leaf * number``."""
    return y.grad_fn.next_functions[0][0]


def test_the_end_of_a_path_calls_hooks_with_what_arrived():
    x, seen = leaf(2.0), []
    end_of(x * 1).register_hook(lambda ins, outs: seen.append((ins, [g.item() for g in outs])))
    for _ in range(2):
        (x * 3).backward()
    assert seen == [((), [3]), ((), [3])]


def test_the_end_of_a_path_adds_what_its_prehooks_return():
    x = leaf(2.0)
    end_of(x * 1).register_prehook(lambda outs: (outs[0] * 10,))
    (x * 3).backward()
    assert x.grad.tolist() == [30]


def test_nodes_carry_notes():
    node = (leaf(1.0) * 2).grad_fn
    node.metadata["name"] = "first"
    assert node.metadata == {"name": "first"}


# ---------------------------------------------------------------------------------------------------- several tensors


def test_a_hook_of_several_tensors_runs_once_all_gradients_are_there():
    x, w, seen = leaf(2.0), leaf(3.0), []
    graph.register_multi_grad_hook([x, w], lambda grads: seen.append([g.item() for g in grads]))
    for _ in range(2):
        (x * w).backward()
    assert seen == [[3, 2], [3, 2]]


def test_it_gets_none_for_tensors_that_the_pass_does_not_reach():
    x, w, seen = leaf(2.0), leaf(3.0), []
    graph.register_multi_grad_hook([x, w], seen.append)
    (x * 5).backward()
    (w * 7).backward()
    assert [[None if g is None else g.item() for g in grads] for grads in seen] == [[5, None], [None, 7]]


def test_it_may_run_with_the_first_gradient():
    x, w, seen = leaf(2.0), leaf(3.0), []
    graph.register_multi_grad_hook([x, w], lambda grad: seen.append(grad.item()), mode="any")
    (x * w).backward()
    (w * 7).backward()
    assert len(seen) == 2
    assert seen[0] in (2, 3)
    assert seen[1] == 7


def test_it_takes_computed_tensors():
    x, seen = leaf(2.0), []
    y, z = x * 2, x * 3
    graph.register_multi_grad_hook([y, z], lambda grads: seen.append([g.item() for g in grads]))
    (y * z).backward()
    assert seen == [[6, 4]]


def test_it_can_be_removed():
    x, w, seen = leaf(2.0), leaf(3.0), []
    graph.register_multi_grad_hook([x, w], seen.append).remove()
    (x * w).backward()
    assert seen == []


def test_another_mode_is_refused():
    with pytest.raises(ValueError, match="mode"):
        graph.register_multi_grad_hook([leaf(1.0)], print, mode="some")


def test_hooks_of_leaves_make_no_reference_cycle():
    gc.collect()
    gc.disable()
    try:
        x, w = leaf(1.0), leaf(2.0)
        x.register_hook(lambda g: None)
        x.register_post_accumulate_grad_hook(lambda t: None)
        end_of(x * 1).register_hook(lambda ins, outs: None)
        graph.register_multi_grad_hook([x, w], lambda grads: None)
        (x * w).backward()
        del x, w
        assert gc.collect() == 0
    finally:
        gc.enable()
