"""``vmap``: batch dims in and out, nesting, chunks, changes in place, randomness, and what is refused."""

import threading
import warnings

import numpy as np
import pytest

import tensorplug as tp
from tensorplug.func import batching, chunk_vmap, vmap
from tensorplug.func.batched import fallback_counts


def numbers(*shape):
    return tp.as_tensor(np.random.default_rng(sum(shape)).standard_normal(shape))


def same(found, expected):
    tp.testing.assert_close(found, expected)


# ------------------------------------------------------------------------------------------------- dims


@pytest.mark.parametrize(("in_dims", "out_dims"), [(0, 0), (1, 0), (-1, 1), (2, -1)])
def test_the_batch_dim_moves_from_one_place_to_another(in_dims, out_dims):
    x = numbers(2, 3, 4)
    found = vmap(lambda v: v * v.shape[0], in_dims, out_dims)(x)
    front = x.movedim(in_dims, 0)
    same(found, (front * front.shape[1]).movedim(0, out_dims))


def test_arguments_without_batch_dim_are_shared():
    a, b = numbers(3, 4), numbers(4)
    same(vmap(tp.dot, in_dims=(0, None))(a, b), a @ b)


def test_arguments_and_results_may_be_trees():
    x, y = numbers(3, 2), numbers(2, 3)
    found = vmap(lambda d: {"sum": d["x"] + d["y"][0], "y": [d["y"][0]]}, in_dims=({"x": 0, "y": [1]},))(
        {"x": x, "y": [y]}
    )
    same(found["sum"], x + y.T)
    same(found["y"][0], y.T)


def test_each_result_can_have_its_own_out_dim():
    x = numbers(3, 2)
    first, second = vmap(lambda v: (v, v), out_dims=(0, 1))(x)
    assert first.shape == (3, 2)
    assert second.shape == (2, 3)


def test_a_result_that_does_not_depend_on_the_batch_is_repeated():
    same(vmap(lambda v: tp.ones(2))(numbers(3)), tp.ones(3, 2))


def test_out_dims_none_returns_what_all_examples_share():
    shared = numbers(2)
    assert vmap(lambda v: (v, shared), out_dims=(0, None))(numbers(3))[1] is shared


def test_keyword_arguments_are_mapped_over_dim_0():
    x, y = numbers(3, 2), numbers(3, 2)
    same(vmap(lambda a, b: a * b)(x, b=y), x * y)


def test_maps_nest():
    a, b = numbers(3, 4), numbers(5, 4)
    same(vmap(lambda x: vmap(lambda y: (x * y).sum())(b))(a), a @ b.T)


def test_maps_nest_with_dims_of_their_own():
    x = numbers(2, 3, 4)
    same(vmap(vmap(lambda v: v.cumsum(0), in_dims=1, out_dims=1), in_dims=1)(x), x.movedim(1, 0).cumsum(1))


@pytest.mark.parametrize("chunk_size", [1, 2, 5, 7])
def test_chunks_give_the_same_result(chunk_size):
    x = numbers(5, 2)
    same(vmap(lambda v: (v.sin(), v.sum()), out_dims=(1, 0), chunk_size=chunk_size)(x)[0], x.sin().T)


def test_chunk_vmap_counts_chunks():
    sizes = []
    x = numbers(5, 2)

    def note(v):
        sizes.append(tp.func.debug_unwrap(v).shape[0])
        return v.exp()

    same(chunk_vmap(note, chunks=2)(x), x.exp())
    assert sizes == [3, 2]


def test_shapes_inside_are_those_of_one_example():
    seen = []
    vmap(lambda v: (seen.append((v.shape, v.dim(), v.numel())), v)[1])(numbers(3, 2, 4))
    assert seen == [((2, 4), 2, 8)]


def test_an_empty_batch_gives_an_empty_result():
    assert vmap(lambda v: v.sum())(tp.ones(0, 3)).shape == (0,)


def test_batched_tensors_print_what_they_hold():
    texts = []
    vmap(lambda v: (texts.append(repr(v)), v)[1])(tp.tensor([1.0, 2.0]))
    assert texts[0].startswith("BatchedTensor(lvl=")
    assert "tensor([1., 2.])" in texts[0]


# ------------------------------------------------------------------------------------------------- in place


def test_a_batched_tensor_is_changed_in_place():
    x = tp.tensor([[1.0, 2.0], [3.0, 4.0]])

    def change(v):
        y = tp.zeros_like(v)
        y[0] = v[1]
        y[1:].add_(10)
        y.mul_(2).unsqueeze_(0)
        return y

    same(vmap(change)(x), tp.tensor([[[4.0, 20.0]], [[8.0, 20.0]]]))


def test_changes_reach_the_argument():
    x = tp.ones(2, 3)
    vmap(lambda v: v.add_(1))(x)
    assert x.tolist() == [[2, 2, 2], [2, 2, 2]]


@pytest.mark.parametrize(
    "make", [lambda v: v.new_zeros(2), tp.zeros_like, tp.empty_like, lambda v: v.new_full((2,), 7)]
)
def test_tensors_made_from_batched_ones_take_batched_values(make):
    x = numbers(3, 2)
    same(vmap(lambda v: make(v).copy_(v))(x), x)


def test_a_gradient_flows_through_changes_in_place():
    x = numbers(3, 2)

    def f(v):
        y = v * 1
        y[0] *= v[1]
        return y.sum()

    same(vmap(tp.func.grad(f))(x), tp.stack([x[:, 1], x[:, 0] + 1], 1))


# ------------------------------------------------------------------------------------------------- randomness


def test_examples_draw_different_numbers():
    tp.manual_seed(0)
    found = vmap(lambda v: tp.rand(4), randomness="different")(tp.ones(3))
    assert len({tuple(row) for row in found.tolist()}) == 3


def test_examples_draw_the_same_numbers():
    tp.manual_seed(0)
    found = vmap(lambda v: tp.rand(4) + v, randomness="same")(tp.zeros(3))
    assert len({tuple(row) for row in found.tolist()}) == 1


def test_different_draws_do_not_overlap_with_later_ones():
    tp.manual_seed(0)
    first, second = vmap(lambda v: (tp.rand(8), tp.rand(8)), randomness="different")(tp.ones(4))
    assert not set(first.reshape(-1).tolist()) & set(second.reshape(-1).tolist())


@pytest.mark.parametrize("randomness", ["same", "different"])
def test_dropout_drops_per_example_as_asked(randomness):
    tp.manual_seed(0)
    found = vmap(lambda v: tp.nn.functional.dropout(v, 0.5), randomness=randomness)(tp.ones(2, 64))
    assert tp.equal(found[0], found[1]) == (randomness == "same")


@pytest.mark.parametrize("randomness", ["same", "different"])
def test_draws_that_depend_on_a_batched_tensor(randomness):
    tp.manual_seed(0)
    found = vmap(lambda rate: tp.poisson(rate), randomness=randomness)(tp.full((2, 64), 50.0))
    assert tp.equal(found[0], found[1]) == (randomness == "same")


def test_random_ops_are_refused_by_default():
    with pytest.raises(RuntimeError, match="randomness="):
        vmap(lambda v: v + tp.rand(2))(tp.ones(3, 2))


# ------------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "use", [lambda v: v.item(), lambda v: bool(v > 0), lambda v: v.tolist(), lambda v: v.numpy(), lambda v: int(v)]
)
def test_values_of_a_batched_tensor_are_not_to_be_had(use):
    with pytest.raises(RuntimeError, match="one value for each example"):
        vmap(lambda v: (use(v), v)[1])(tp.ones(3))


@pytest.mark.parametrize("index", [lambda v: v.nonzero(), lambda v: v[v > 0], lambda v: v.unique()])
def test_shapes_that_depend_on_values_are_refused(index):
    with pytest.raises(RuntimeError, match="depends on the data"):
        vmap(index)(tp.ones(3, 2))


def test_writing_batched_values_into_a_shared_tensor_is_refused():
    with pytest.raises(RuntimeError, match="all examples share"):
        vmap(lambda v: tp.zeros(2).add_(v))(tp.ones(3, 2))


def test_requires_grad_inside_is_refused():
    with pytest.raises(RuntimeError, match="inside a function under vmap"):
        vmap(lambda v: v.requires_grad_())(tp.ones(3))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda x: vmap(tp.add)(x, tp.ones(4)), ValueError, "same size in the mapped dimension"),
        (lambda x: vmap(tp.sin, in_dims=2)(x), ValueError, "dimensionality 2"),
        (lambda x: vmap(tp.sin, in_dims=None)(x), ValueError, "expected `in_dims` to be int"),
        (lambda x: vmap(tp.sin, in_dims=(None,))(x), ValueError, "at least one"),
        (lambda x: vmap(tp.sin, in_dims=(0, 0))(x), ValueError, "not compatible"),
        (lambda x: vmap(tp.sin)(2.0), ValueError, "non-Tensor"),
        (lambda x: vmap(lambda: 1)(), ValueError, "no inputs"),
        (lambda x: vmap(lambda v: 1)(x), ValueError, "must only return Tensors"),
        (lambda x: vmap(tp.sin, out_dims=None)(x), ValueError, "out_dim is None"),
        (lambda x: vmap(tp.sin, out_dims=(0, 1))(x), ValueError, "out_dims is not compatible"),
        (lambda x: vmap(tp.sin, out_dims=3)(x), IndexError, "out of range"),
        (lambda x: vmap(tp.sin, randomness="some"), RuntimeError, "randomness"),
        (lambda x: vmap(tp.sin, chunk_size=0), ValueError, "chunk_size"),
    ],
)
def test_wrong_arguments(call, error, text):
    with pytest.raises(error, match=text):
        call(tp.ones(3, 2))


def test_a_batched_tensor_is_of_no_use_afterwards():
    kept = []
    vmap(lambda v: (kept.append(v), v)[1])(tp.ones(3))
    with pytest.raises(RuntimeError, match="kept beyond the vmap"):
        kept[0] + 1


# ------------------------------------------------------------------------------------------------- ops without rules


def test_the_fallback_is_counted(monkeypatch):
    monkeypatch.delitem(batching.RULES, "cumsum")
    before = fallback_counts["cumsum"]
    x = numbers(3, 4)
    with pytest.warns(UserWarning, match="cumsum has no batching rule, so it ran 3 times"):
        found = vmap(lambda v: v.cumsum(0))(x)
    same(found, x.cumsum(1))
    assert fallback_counts["cumsum"] == before + 1


def test_ops_with_rules_do_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vmap(lambda v: tp.nn.functional.softmax(v.cumsum(0), 0).sort()[0])(numbers(3, 4))


def test_other_threads_see_no_batch():
    seen = []
    x = tp.ones(2)

    def inside(v):
        thread = threading.Thread(target=lambda: seen.append((x + 1).tolist()))
        thread.start()
        thread.join()
        return v

    vmap(inside)(tp.ones(3))
    assert seen == [[2, 2]]


def test_hooks_inside_are_refused():
    x = tp.ones(3, requires_grad=True)
    with pytest.raises(RuntimeError, match="takes no hooks"):
        vmap(lambda v: (v.register_hook(print), v)[1])(x)
