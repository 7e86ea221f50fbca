"""What nodes save for backward: how it is seen, guarded against changes, and sent through hooks."""

import pytest

import tensorplug as tp
from tensorplug.autograd import graph


def leaf(*values):
    return tp.tensor(values, requires_grad=True)


# ---------------------------------------------------------------------------------------------------- seen from outside


def test_a_saved_input_is_the_same_object():
    x = leaf(1.0, 2.0)
    assert x.pow(2).grad_fn._saved_self is x


def test_a_saved_result_is_another_object_over_the_same_memory():
    y = leaf(1.0, 2.0).exp()
    saved = y.grad_fn._saved_result
    assert saved is not y
    assert tp.equal(saved, y)
    assert saved.data_ptr() == y.data_ptr()
    assert saved.grad_fn is y.grad_fn


def test_parameters_are_seen_too():
    assert leaf(1.0, 2.0).pow(2).grad_fn._saved_exponent == 2
    assert tp.ones(2, 3, requires_grad=True).sum(1).grad_fn._saved_dim == (1,)


def test_what_only_other_gradients_need_is_none():
    x, constant = leaf(1.0), tp.ones(1)
    node = (x * constant).grad_fn
    assert node._saved_other is constant
    assert node._saved_self is None


def test_what_an_op_never_saves_is_no_attribute():
    with pytest.raises(AttributeError, match="_saved_self"):
        _ = (leaf(1.0) + 1).grad_fn._saved_self


def test_after_backward_it_is_gone():
    y = leaf(1.0).pow(2)
    y.backward()
    with pytest.raises(RuntimeError, match="freed"):
        _ = y.grad_fn._saved_self


# ---------------------------------------------------------------------------------------------------- changes in place


def change_by_method(x):
    x.add_(1)


def change_by_view(x):
    x[0] = 5


def change_by_detached_alias(x):
    x.detach().add_(1)


def change_without_grad_mode(x):
    with tp.no_grad():
        x.add_(1)


@pytest.mark.parametrize(
    "change", [change_by_method, change_by_view, change_by_detached_alias, change_without_grad_mode]
)
def test_a_saved_input_that_changed_is_an_error_that_says_so(change):
    x = leaf(1.0, 2.0) * 1
    y = x * x
    change(x)
    with pytest.raises(RuntimeError, match=r"modified by an inplace operation.*saved by mul.*version"):
        y.sum().backward()


def test_a_saved_result_that_changed_is_an_error():
    y = leaf(1.0).exp()
    y.add_(1)
    with pytest.raises(RuntimeError, match=r"saved by exp as 'result'"):
        y.backward()


def test_a_change_is_found_when_the_attribute_is_read():
    x = leaf(1.0) * 1
    node = x.pow(2).grad_fn
    x.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        _ = node._saved_self


def test_changes_of_what_was_not_saved_do_no_harm():
    x = leaf(1.0)
    y = x * 1
    z = y + y
    y.add_(5)
    z.backward()
    assert x.grad.tolist() == [2]


def test_changes_through_data_are_not_noticed():
    x = leaf(3.0)
    y = x * x
    x.data.add_(1)
    y.backward()
    assert x.grad.tolist() == [8]


# ---------------------------------------------------------------------------------------------------- hooks


def as_array(tensor):
    return tensor.detach().numpy().copy()


def test_saved_tensors_go_through_the_hooks():
    x = leaf(1.0, 2.0)
    packed, unpacked = [], []

    def pack(tensor):
        packed.append(tensor.tolist())
        return as_array(tensor)

    def unpack(array):
        unpacked.append(array.tolist())
        return tp.from_numpy(array)

    with graph.saved_tensors_hooks(pack, unpack):
        y = (x * 2).exp()
    assert (len(packed), unpacked) == (1, [])
    y.sum().backward()
    assert unpacked == packed
    assert x.grad.allclose(2 * (x * 2).exp())


def test_what_unpacking_returns_is_what_backward_uses():
    x = leaf(1.0, 2.0)
    with graph.saved_tensors_hooks(as_array, lambda array: tp.from_numpy(array) * 10):
        y = x**2
    y.sum().backward()
    assert x.grad.tolist() == [20, 40]


def test_hooks_end_with_their_context_and_the_inner_ones_count():
    x, seen = leaf(1.0), []

    def noting(name):
        return graph.saved_tensors_hooks(lambda t: (seen.append(name), t)[1], lambda t: t)

    with noting("outer"):
        with noting("inner"):
            x**2
        x**2
    x**2
    assert seen == ["inner", "outer"]


def test_hooks_end_with_an_error():
    with pytest.raises(ZeroDivisionError), graph.saved_tensors_hooks(lambda t: 1 / 0, lambda t: t):
        leaf(1.0) ** 2
    x = leaf(3.0)
    (x**2).backward()
    assert x.grad.tolist() == [6]


def test_packing_is_not_recorded():
    x = leaf(3.0)
    with graph.saved_tensors_hooks(lambda t: t * t, lambda t: t.sqrt()):
        y = x**2
    y.backward()
    assert x.grad.tolist() == [6]


def test_a_hook_that_changes_the_tensor_in_place_is_refused():
    with pytest.raises(RuntimeError, match="in place"), graph.saved_tensors_hooks(lambda t: t.mul_(2), lambda t: t):
        tp.ones(1) * leaf(1.0)


def test_unpacking_must_give_a_tensor():
    with graph.saved_tensors_hooks(lambda t: t, lambda t: 3):
        y = leaf(1.0) ** 2
    with pytest.raises(TypeError, match="int"):
        y.backward()


def test_packed_tensors_are_not_guarded_since_they_may_be_copies():
    x = leaf(3.0)
    y = x * 1
    with graph.saved_tensors_hooks(lambda t: t.detach().clone(), lambda t: t):
        z = y * y
    y.add_(5)
    z.backward()
    assert x.grad.tolist() == [6]


@pytest.mark.parametrize("hooks", [(as_array, tp.from_numpy), (lambda t: t, lambda t: t)], ids=["copy", "same"])
def test_second_derivatives_flow_through_unpacked_leaves(hooks):
    x = leaf(2.0)
    with graph.saved_tensors_hooks(*hooks):
        y = x**3
    (slope,) = tp.autograd.grad(y, x, create_graph=True)
    slope.backward()
    assert x.grad.tolist() == [12]


def test_second_derivatives_flow_through_unpacked_results_and_computed_tensors():
    x = leaf(0.5)
    with graph.save_on_cpu():
        y = ((x * 2) ** 2).exp()
    (slope,) = tp.autograd.grad(y, x, create_graph=True)
    (curvature,) = tp.autograd.grad(slope, x)
    assert curvature.item() == pytest.approx((8 + 64 * 0.25) * tp.tensor(1.0).exp().item())


def test_tensors_saved_by_functions_go_through_the_hooks():
    class Cube(tp.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, g):
            return g * 3 * ctx.saved_tensors[0] ** 2

    x, seen = leaf(2.0), []
    with graph.saved_tensors_hooks(lambda t: (seen.append(t), as_array(t))[1], tp.from_numpy):
        y = Cube.apply(x)
    (slope,) = tp.autograd.grad(y, x, create_graph=True)
    slope.backward()
    assert seen == [x]
    assert (slope.tolist(), x.grad.tolist()) == ([12], [12])


def test_save_on_cpu_gives_the_same_gradients():
    x = leaf(1.0, 2.0)
    with graph.save_on_cpu():
        y = (x * x).exp()
    y.sum().backward()
    assert x.grad.allclose(2 * x * (x * x).exp())


def test_hooks_can_be_forbidden():
    with (
        graph.disable_saved_tensors_hooks("not here"),
        pytest.raises(RuntimeError, match="not here"),
        graph.saved_tensors_hooks(as_array, tp.from_numpy),
    ):
        pass


def test_hooks_cannot_be_forbidden_while_they_are_on():
    with (
        graph.saved_tensors_hooks(as_array, tp.from_numpy),
        pytest.raises(RuntimeError, match="not here"),
        graph.disable_saved_tensors_hooks("not here"),
    ):
        pass
