"""Functions with their own gradient: ``autograd.Function``."""

import pytest

import tensorplug as tp
from tensorplug.autograd import Function
from tensorplug.autograd.function import once_differentiable


def leaf(*values):
    return tp.tensor(values, requires_grad=True)


class Scale(Function):
    """``x * k`` for a number k."""

    @staticmethod
    def forward(ctx, x, k):
        ctx.k = k
        return x * k

    @staticmethod
    def backward(ctx, g):
        return g * ctx.k, None


class Product(Function):
    """``x * y``, with a backward that tests replace."""

    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx, g):
        x, y = ctx.saved_tensors
        return g * y, g * x


def product_returning(*grads):
    return type("Product", (Product,), {"backward": staticmethod(lambda ctx, g: grads)})


# ---------------------------------------------------------------------------------------------------- the two methods


def test_backward_gives_the_gradient():
    x, y = leaf(1.0, 2.0), leaf(3.0, 4.0)
    Product.apply(x, y).sum().backward()
    assert (x.grad.tolist(), y.grad.tolist()) == ([3, 4], [1, 2])


def test_arguments_may_be_anything():
    x = leaf(1.0)
    Scale.apply(x, 3).backward()
    assert x.grad.tolist() == [3]


def test_forward_runs_without_recording_on_tensors_that_require_grad():
    seen = []

    class Look(Function):
        @staticmethod
        def forward(ctx, x):
            seen.append((tp.is_grad_enabled(), x.requires_grad, (x * 2).requires_grad))
            return x * 2

    assert Look.apply(leaf(1.0)).requires_grad
    assert seen == [(False, True, False)]


def test_the_result_names_its_function():
    y = Scale.apply(leaf(1.0), 2)
    assert y.grad_fn.name() == "ScaleBackward"
    assert y.grad_fn.k == 2


def test_nothing_is_recorded_without_grad_mode_or_tensors_that_require_it():
    with tp.no_grad():
        assert not Scale.apply(leaf(1.0), 2).requires_grad
    assert not Scale.apply(tp.ones(1), 2).requires_grad


def test_needs_input_grad_says_whose_gradient_is_wanted():
    seen = []

    class Look(Product):
        @staticmethod
        def backward(ctx, g):
            seen.append(ctx.needs_input_grad)
            return Product.backward(ctx, g)

    Look.apply(leaf(1.0), tp.ones(1)).backward()
    assert seen == [(True, False)]


def test_setup_context_takes_over_saving():
    class Cube(Function):
        @staticmethod
        def forward(x, factor):
            return factor * x**3

        @staticmethod
        def setup_context(ctx, inputs, output):
            x, ctx.factor = inputs
            ctx.save_for_backward(x, output)

        @staticmethod
        def backward(ctx, g):
            x, output = ctx.saved_tensors
            return g * 3 * output / x, None

    x = leaf(2.0)
    Cube.apply(x, 5).backward()
    assert x.grad.tolist() == [60]


def test_methods_that_are_missing_are_named():
    class Nothing(Function):
        pass

    class ForwardOnly(Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

    with pytest.raises(NotImplementedError, match="forward"):
        Nothing.apply(leaf(1.0))
    with pytest.raises(NotImplementedError, match="backward"):
        ForwardOnly.apply(leaf(1.0)).backward()


def test_tensors_inside_lists_are_not_arguments():
    class First(Function):
        @staticmethod
        def forward(ctx, items):
            return items[0] * 2

    assert not First.apply([leaf(1.0)]).requires_grad


# ---------------------------------------------------------------------------------------------------- gradients


def test_none_means_no_gradient():
    x, y = leaf(1.0), leaf(2.0)
    product_returning(None, tp.ones(1)).apply(x, y).backward()
    assert (x.grad, y.grad.tolist()) == (None, [1])


@pytest.mark.parametrize("grads", [(tp.ones(1),), (tp.ones(1),) * 3], ids=["few", "many"])
def test_a_wrong_number_of_gradients_is_an_error(grads):
    y = product_returning(*grads).apply(leaf(1.0), leaf(2.0))
    with pytest.raises(RuntimeError, match=f"expected 2, got {len(grads)}"):
        y.backward()


def test_nones_too_many_are_allowed():
    x = leaf(1.0)
    product_returning(tp.ones(1), None, None, None).apply(x, leaf(2.0)).backward()
    assert x.grad.tolist() == [1]


def test_a_gradient_that_is_no_tensor_is_an_error():
    y = product_returning(1.0, None).apply(leaf(1.0), leaf(2.0))
    with pytest.raises(RuntimeError, match="got float"):
        y.backward()


def test_a_gradient_of_another_shape_is_an_error():
    y = product_returning(tp.ones(3), None).apply(leaf(1.0, 1.0), leaf(2.0, 2.0))
    with pytest.raises(RuntimeError, match=r"invalid gradient at index 0 - got \[3\] but expected .* \[2\]"):
        y.sum().backward()


def test_a_gradient_of_the_broadcast_shape_is_summed():
    x = leaf(1.0, 1.0)
    product_returning(tp.ones(4, 2), None).apply(x, leaf(2.0, 2.0)).sum().backward()
    assert x.grad.tolist() == [4, 4]


def test_a_gradient_of_another_dtype_is_converted():
    x = leaf(1.0)
    product_returning(tp.ones(1, dtype=tp.float64), None).apply(x, leaf(2.0)).backward()
    assert x.grad.dtype is tp.float32


# ---------------------------------------------------------------------------------------------------- several outputs


class TwoAndMore(Function):
    """``2 x``, a comparison, ``3 x`` and a word."""

    seen = ()

    @staticmethod
    def forward(ctx, x):
        return x * 2, x > 1, x * 3, "word"

    @staticmethod
    def backward(ctx, *grads):
        TwoAndMore.seen = grads
        return grads[0] * 2 + grads[2] * 3


def test_outputs_may_be_anything():
    double, larger, triple, word = TwoAndMore.apply(leaf(1.0, 2.0))
    assert (double.requires_grad, larger.requires_grad, triple.requires_grad, word) == (True, False, True, "word")


def test_backward_gets_zeros_for_outputs_without_gradient():
    x = leaf(1.0, 2.0)
    TwoAndMore.apply(x)[0].sum().backward()
    double, larger, triple, word = TwoAndMore.seen
    assert (double.tolist(), larger.tolist(), triple.tolist(), word) == ([1, 1], [False, False], [0, 0], None)
    assert x.grad.tolist() == [2, 2]


def test_or_none_if_it_asks_for_that():
    seen = []

    class Two(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.set_materialize_grads(False)
            return x * 2, x * 3

        @staticmethod
        def backward(ctx, a, b):
            seen.append((a, b))
            return b * 3

    x = leaf(1.0)
    Two.apply(x)[1].backward()
    assert seen[0][0] is None
    assert x.grad.tolist() == [3]


def test_outputs_marked_non_differentiable_require_no_grad():
    class Marks(Function):
        @staticmethod
        def forward(ctx, x):
            rounded = x.round()
            ctx.mark_non_differentiable(rounded)
            return x * 2, rounded

        @staticmethod
        def backward(ctx, g, _):
            return g * 2

    double, rounded = Marks.apply(leaf(1.0))
    assert (double.requires_grad, rounded.requires_grad, rounded.is_leaf) == (True, False, True)


def test_one_tensor_returned_twice():
    class Twice(Function):
        @staticmethod
        def forward(ctx, x):
            y = x * 2
            return y, y

        @staticmethod
        def backward(ctx, a, b):
            return (a + b) * 2

    x = leaf(1.0)
    first, second = Twice.apply(x)
    assert first is second
    (first + 3 * second).backward()
    assert x.grad.tolist() == [8]


# ---------------------------------------------------------------------------------------------------- inputs as outputs


def test_an_input_returned_as_it_is_becomes_another_tensor():
    class Through(Function):
        @staticmethod
        def forward(ctx, x):
            return x

        @staticmethod
        def backward(ctx, g):
            return g * 7

    x = leaf(1.0)
    y = Through.apply(x)
    y.backward()
    assert y is not x
    assert x.is_leaf
    assert x.grad.tolist() == [7]


class TripleInPlace(Function):
    """Multiplies its input by 3 in place."""

    @staticmethod
    def forward(ctx, x):
        x.mul_(3)
        ctx.mark_dirty(x)
        return x

    @staticmethod
    def backward(ctx, g):
        return g * 3


def test_an_input_changed_in_place_gets_the_history():
    x = leaf(1.0, 2.0)
    y = x * 1
    assert TripleInPlace.apply(y) is y
    y.sum().backward()
    assert (y.tolist(), x.grad.tolist()) == ([3, 6], [3, 3])


def test_a_view_changed_in_place_changes_its_base():
    x = leaf(1.0, 2.0)
    y = x * 1
    TripleInPlace.apply(y[:1])
    y.sum().backward()
    assert (y.tolist(), x.grad.tolist()) == ([3, 2], [3, 1])


def test_a_leaf_that_requires_grad_cannot_be_changed_in_place():
    with pytest.raises(RuntimeError, match="leaf"):
        TripleInPlace.apply(leaf(1.0))


def test_what_was_changed_in_place_must_be_returned():
    class Forgets(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.mark_dirty(x.mul_(3))
            return x * 1

    with pytest.raises(RuntimeError, match="not returned"):
        Forgets.apply(leaf(1.0) * 1)


# ---------------------------------------------------------------------------------------------------- saved tensors


def test_only_tensors_can_be_saved():
    class SavesNumber(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(3)
            return x

    with pytest.raises(TypeError, match="int"):
        SavesNumber.apply(leaf(1.0))


def test_none_can_be_saved():
    class SavesNone(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(None, x)
            return x * 2

        @staticmethod
        def backward(ctx, g):
            nothing, x = ctx.saved_tensors
            assert nothing is None
            return g * x

    x = leaf(5.0)
    SavesNone.apply(x).backward()
    assert x.grad.tolist() == [5]


def test_a_saved_input_changed_in_place_is_an_error():
    x = leaf(1.0) * 1
    y = Product.apply(x, x)
    x.add_(1)
    with pytest.raises(RuntimeError, match=r"modified by an inplace operation.*Product"):
        y.backward()


class Exp(Function):
    """``exp(x)``, which saves its output."""

    @staticmethod
    def forward(ctx, x):
        y = x.exp()
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * y


def test_a_saved_output_changed_in_place_is_an_error():
    y = Exp.apply(leaf(1.0))
    y.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


def test_a_second_pass_is_refused_where_something_was_saved():
    y = Exp.apply(leaf(1.0))
    y.backward()
    with pytest.raises(RuntimeError, match="second time"):
        y.backward()
    with pytest.raises(RuntimeError, match="second time"):
        _ = y.grad_fn.saved_tensors


# ---------------------------------------------------------------------------------------------------- second order


def test_backward_is_differentiated_through_saved_inputs_and_outputs():
    x = leaf(0.5, -1.0)
    assert tp.autograd.functional.hessian(lambda t: Exp.apply(t).sum(), x).diagonal().allclose(x.exp())


def test_once_differentiable_gives_the_gradient_and_refuses_a_second_derivative():
    class Square(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        @once_differentiable
        def backward(ctx, g):
            return g * 2 * ctx.saved_tensors[0]

    x = leaf(3.0)
    (slope,) = tp.autograd.grad(Square.apply(x) ** 2, x, create_graph=True)
    assert slope.tolist() == [108]
    with pytest.raises(RuntimeError, match="once_differentiable"):
        slope.backward()


def test_backward_may_run_a_backward_pass_of_its_own():
    class Inner(Function):
        @staticmethod
        def forward(ctx, x):
            with tp.enable_grad():
                ctx.x = x.detach().requires_grad_()
                ctx.y = ctx.x**3
            return ctx.y.detach()

        @staticmethod
        def backward(ctx, g):
            ctx.y.backward(g)
            return ctx.x.grad

    x = leaf(2.0)
    (Inner.apply(x) * 10).backward()
    assert x.grad.tolist() == [120]


def test_a_function_of_a_view_that_changed_in_place():
    x = leaf(1.0, 2.0)
    y = x * 1
    view = y[:1]
    y.mul_(2)
    assert tp.autograd.grad(Scale.apply(view, 5), x)[0].tolist() == [10, 0]
