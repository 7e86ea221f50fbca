"""Backward passes: which tensors get gradients, how these add up, and what is refused."""

import pytest

import tensorplug as tp


def leaf(*values, **options):
    return tp.tensor(values if len(values) != 1 else values[0], requires_grad=True, **options)


# ---------------------------------------------------------------------------------------------------- leaves


def test_leaves_get_their_gradient():
    x, w = leaf(1.0, 2.0), leaf(3.0, 4.0)
    (x * w).sum().backward()
    assert (x.grad.tolist(), w.grad.tolist()) == ([3, 4], [1, 2])


def test_gradients_of_several_passes_add_up():
    x = leaf(1.0, 2.0)
    for _ in range(3):
        (x * x).sum().backward()
    assert x.grad.tolist() == [6, 12]


def test_a_pass_adds_to_the_gradient_in_its_memory():
    x = leaf(1.0, 2.0)
    (x * 2).sum().backward()
    first = x.grad
    (x * 3).sum().backward()
    assert x.grad is first
    assert first.tolist() == [5, 5]


def test_a_tensor_used_several_times_gets_the_sum():
    x = leaf(3.0)
    (x * x + x).backward()
    assert x.grad.item() == 7


def test_gradients_do_not_share_memory_with_each_other():
    x, w = leaf(1.0, 1.0), leaf(1.0, 1.0)
    (x + w).sum().backward()
    x.grad.mul_(5)
    assert w.grad.tolist() == [1, 1]


@pytest.mark.parametrize("inputs", [None, "given"])
def test_a_gradient_does_not_share_memory_with_the_one_given(inputs):
    x, given = leaf(1.0, 1.0), tp.ones(2)
    x.backward(given, inputs=None if inputs is None else [x])
    given.mul_(5)
    assert x.grad.tolist() == [1, 1]


def test_a_leaf_that_requires_no_gradient_gets_none():
    x, constant = leaf(1.0), tp.tensor(2.0)
    (x * constant).backward()
    assert constant.grad is None


def test_a_leaf_can_itself_be_the_start():
    x = leaf(2.0)
    x.backward()
    assert x.grad.item() == 1


def test_a_gradient_has_the_dtype_of_its_tensor():
    x = leaf(1.0, 2.0)
    (x.double() * 3).sum().backward()
    assert x.grad.dtype is tp.float32


def test_the_gradient_of_a_broadcast_tensor_has_its_shape():
    x, row = tp.ones(3, 2, requires_grad=True), leaf(1.0, 2.0)
    (x * row).sum().backward()
    assert (row.grad.tolist(), x.grad.tolist()) == ([3, 3], [[1, 2]] * 3)


def test_freezing_stops_gradients():
    x, w = leaf(2.0), leaf(3.0)
    w.requires_grad_(False)
    (x * w).backward()
    assert (x.grad.item(), w.grad) == (3, None)


def test_freezing_a_module_stops_gradients_of_its_parameters():
    frozen, trained = tp.nn.Linear(2, 2).requires_grad_(False), tp.nn.Linear(2, 1)
    trained(frozen(tp.ones(1, 2))).sum().backward()
    assert all(p.grad is None for p in frozen.parameters())
    assert all(p.grad is not None for p in trained.parameters())


def test_control_flow_is_differentiated_as_it_ran():
    x = leaf(1.5)
    y = x
    while y < 10:
        y = y * 2 if y < 5 else y * x
    y.backward()
    assert x.grad.item() == pytest.approx(12 * 1.5**2)  # it ran as 4 * x**3


def test_grad_is_none_before_a_pass_and_after_deleting_it():
    x = leaf(1.0)
    assert x.grad is None
    x.backward()
    del x.grad
    assert x.grad is None


@pytest.mark.parametrize(
    ("value", "error"),
    [(1.0, TypeError), (tp.ones(3), RuntimeError), (tp.ones(2, dtype=tp.float64), RuntimeError)],
    ids=["number", "shape", "dtype"],
)
def test_only_a_tensor_alike_can_be_assigned_as_gradient(value, error):
    x = leaf(1.0, 2.0)
    with pytest.raises(error):
        x.grad = value


def test_a_tensor_is_not_its_own_gradient():
    x = leaf(1.0, 2.0)
    with pytest.raises(RuntimeError, match="own grad"):
        x.grad = x


def test_only_floating_point_and_complex_tensors_can_require_gradients():
    with pytest.raises(RuntimeError, match="floating point"):
        tp.tensor([1, 2], requires_grad=True)
    assert tp.tensor([1j], requires_grad=True).requires_grad


# ---------------------------------------------------------------------------------------------------- computed tensors


def test_results_require_grad_when_an_operand_does():
    x = leaf(1.0)
    assert (x * 2).requires_grad
    assert not (x * 2).is_leaf
    assert not (tp.ones(1) * 2).requires_grad


def test_results_without_a_gradient_do_not_require_grad():
    x = leaf(1.0, 2.0)
    assert not (x > 1).requires_grad
    assert not x.argmax().requires_grad


def test_computed_tensors_do_not_keep_their_gradient():
    x = leaf(1.0)
    y = x * 2
    (y * y).backward()
    with pytest.warns(UserWarning, match="retain_grad"):
        assert y.grad is None


def test_retain_grad_keeps_it():
    x = leaf(1.0, 2.0)
    y = x * 2
    y.retain_grad()
    y.retain_grad()
    (y * y).sum().backward()
    assert y.grad.tolist() == [4, 8]
    assert y.retains_grad


def test_retained_gradients_add_up():
    y = leaf(1.0) * 2
    y.retain_grad()
    for _ in range(2):
        (y * 3).backward(retain_graph=True)
    assert y.grad.item() == 6


def test_a_retained_gradient_is_that_of_the_value_after_a_change_in_place():
    y = leaf(1.0) * 2
    y.retain_grad()
    y.mul_(5)
    (y * 3).backward()
    assert y.grad.item() == 3


def test_retain_grad_needs_a_tensor_that_requires_grad():
    with pytest.raises(RuntimeError, match="requires_grad=False"):
        tp.ones(1).retain_grad()


def test_retain_grad_of_a_leaf_changes_nothing():
    x = leaf(1.0)
    x.retain_grad()
    assert not x.retains_grad


def test_requires_grad_of_a_computed_tensor_cannot_be_switched_off():
    with pytest.raises(RuntimeError, match="leaf"):
        (leaf(1.0) * 2).requires_grad_(False)


# ---------------------------------------------------------------------------------------------------- the start


def test_several_elements_need_a_gradient_to_start_from():
    with pytest.raises(RuntimeError, match="scalar outputs"):
        (leaf(1.0, 2.0) * 2).backward()


def test_one_element_of_any_shape_needs_none():
    x = tp.ones(1, 1, requires_grad=True)
    (x * 3).backward()
    assert x.grad.tolist() == [[3]]


def test_a_given_gradient_makes_a_vector_jacobian_product():
    x = leaf(1.0, 2.0)
    (x * x).backward(gradient=tp.tensor([10.0, 100.0]))
    assert x.grad.tolist() == [20, 400]


def test_a_given_gradient_must_have_the_shape():
    with pytest.raises(RuntimeError, match="shape"):
        (leaf(1.0, 2.0) * 2).backward(tp.ones(3))


def test_a_given_gradient_must_be_a_tensor():
    with pytest.raises(TypeError, match="float"):
        (leaf(1.0) * 2).backward(1.0)


def test_a_given_gradient_of_another_dtype_is_converted():
    x = leaf(1.0, 2.0)
    (x * 2).backward(tp.tensor([1, 2]))
    assert (x.grad.tolist(), x.grad.dtype) == ([2, 4], tp.float32)


def test_a_tensor_outside_any_graph_has_nothing_to_start():
    with pytest.raises(RuntimeError, match="does not require grad"):
        tp.ones(1).backward()


def test_several_starts_at_once():
    x = leaf(2.0)
    tp.autograd.backward([x * 3, x * x], [None, tp.tensor(10.0)])
    assert x.grad.item() == 3 + 40


def test_each_start_needs_its_place_for_a_gradient():
    x = leaf(2.0)
    with pytest.raises(RuntimeError, match="2 tensors and 1 gradients"):
        tp.autograd.backward([x * 3, x * x], [None])


# ---------------------------------------------------------------------------------------------------- the graph's life


def test_a_second_pass_is_refused():
    y = leaf(2.0) ** 2
    y.backward()
    with pytest.raises(RuntimeError, match="retain_graph=True"):
        y.backward()


def test_retain_graph_allows_a_second_pass():
    x = leaf(2.0)
    y = x**2
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.item() == 8


def test_create_graph_keeps_the_graph():
    x = leaf(2.0)
    y = x**2
    y.backward(create_graph=True)
    y.backward()
    assert x.grad.item() == 8


def test_a_graph_that_saved_nothing_can_be_used_again():
    x = leaf(2.0)
    y = x + 1
    y.backward()
    y.backward()
    assert x.grad.item() == 2


def test_two_graphs_over_the_same_part_need_it_kept():
    x = leaf(2.0)
    shared = x**2
    (shared * 2).backward(retain_graph=True)
    (shared * 3).backward()
    assert x.grad.item() == 20


# ---------------------------------------------------------------------------------------------------- inputs=


def test_inputs_choose_who_gets_a_gradient():
    x, w = leaf(1.0, 2.0), leaf(3.0, 4.0)
    (x * w).sum().backward(inputs=[x])
    assert (x.grad.tolist(), w.grad) == ([3, 4], None)


def test_inputs_may_be_computed_tensors():
    x = leaf(1.0, 2.0)
    y = x * 2
    (y * y).sum().backward(inputs=y)
    assert (y.grad.tolist(), x.grad) == ([4, 8], None)


def test_an_input_named_twice_gets_its_gradient_once():
    x = leaf(3.0)
    (x * 2).backward(inputs=[x, x])
    assert x.grad.item() == 2


def test_an_input_that_was_not_used_stays_without_gradient():
    x, other = leaf(1.0), leaf(1.0)
    (x * 2).backward(inputs=[other])
    assert (x.grad, other.grad) == (None, None)


def test_no_inputs_at_all_are_refused():
    with pytest.raises(RuntimeError, match="empty"):
        leaf(1.0).backward(inputs=[])


# ---------------------------------------------------------------------------------------------------- autograd.grad


def test_grad_returns_gradients_and_leaves_the_leaves_alone():
    x, w = leaf(2.0), leaf(3.0)
    found = tp.autograd.grad(x * w, [x, w])
    assert [g.item() for g in found] == [3, 2]
    assert (x.grad, w.grad) == (None, None)


def test_grad_of_a_computed_tensor():
    x = leaf(2.0)
    y = x * 3
    assert [g.item() for g in tp.autograd.grad(y * y, [y, x])] == [12, 36]


def test_grad_does_not_run_what_is_not_on_the_way():
    x, w = leaf(2.0), leaf(3.0)
    ran = []
    aside = w * 2
    aside.grad_fn.register_prehook(ran.append)
    tp.autograd.grad(x * aside, x)
    assert ran == []


def test_grad_of_an_unused_input_is_an_error():
    x, other = leaf(2.0), leaf(3.0)
    with pytest.raises(RuntimeError, match="at index 1"):
        tp.autograd.grad(x * 2, [x, other])


def test_allow_unused_gives_none():
    x, other = leaf(2.0), leaf(3.0)
    assert tp.autograd.grad(x * 2, [x, other], allow_unused=True)[1] is None


def test_materialize_grads_gives_zeros():
    x, other = leaf(2.0), leaf(3.0, 4.0)
    assert tp.autograd.grad(x * 2, [x, other], materialize_grads=True)[1].tolist() == [0, 0]


def test_materialize_grads_contradicts_refusing_unused_inputs():
    x = leaf(2.0)
    with pytest.raises(ValueError, match="allow_unused"):
        tp.autograd.grad(x * 2, x, materialize_grads=True, allow_unused=False)


def test_grad_of_a_tensor_that_requires_none_is_an_error():
    with pytest.raises(RuntimeError, match="does not require grad"):
        tp.autograd.grad(leaf(2.0) * 2, tp.ones(1))


def test_grad_of_nothing_is_an_error():
    with pytest.raises(RuntimeError, match="empty"):
        tp.autograd.grad(leaf(2.0) * 2, [])


def test_grad_sums_over_several_outputs():
    x = leaf(1.0, 2.0)
    (found,) = tp.autograd.grad([x * x, x * 3], x, [tp.ones(2), tp.tensor([1.0, 10.0])])
    assert found.tolist() == [2 + 3, 4 + 30]


def test_batched_gradients_give_a_batch_of_results():
    x = leaf(1.0, 2.0)
    (jacobian,) = tp.autograd.grad(x * x, x, tp.eye(2), is_grads_batched=True)
    assert jacobian.tolist() == [[2, 0], [0, 4]]


def test_grad_takes_edges_of_the_graph():
    x = leaf(3.0)
    y = x * 2
    edges = [tp.autograd.graph.get_gradient_edge(t) for t in (y, x)]
    assert [g.item() for g in tp.autograd.grad(y * y, edges)] == [12, 24]


def test_backward_starts_at_an_edge_with_a_given_gradient():
    x = leaf(3.0)
    tp.autograd.backward(tp.autograd.graph.get_gradient_edge(x * 2), tp.tensor(5.0))
    assert x.grad.item() == 10


# ---------------------------------------------------------------------------------------------------- detaching


def test_detach_stops_gradients_and_shares_memory():
    x = leaf(1.0, 2.0)
    cut = x.detach()
    (x * cut).sum().backward()
    assert x.grad.tolist() == [1, 2]
    assert cut.data_ptr() == x.data_ptr()
    assert not cut.requires_grad


def test_detach_in_place_takes_a_tensor_out_of_the_graph():
    y = leaf(1.0) * 2
    y.detach_()
    assert y.is_leaf
    assert not y.requires_grad


def test_views_cannot_be_detached_in_place():
    with pytest.raises(RuntimeError, match="view"):
        (leaf(1.0, 2.0) * 2)[0].detach_()


def test_gradients_flow_through_a_copy_to_another_dtype_and_back():
    x = leaf(1.0, 2.0)
    (x.double().float() * 3).sum().backward()
    assert x.grad.tolist() == [3, 3]


def test_the_graph_can_be_walked():
    x, w = leaf(1.0), leaf(2.0)
    product = x * w
    names = [node.name() for node, _ in (product + 1).grad_fn.next_functions[:1]]
    assert names == ["MulBackward0"]
    assert [node.variable for node, _ in product.grad_fn.next_functions] == [x, w]
