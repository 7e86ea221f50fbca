"""Switches of recording: no_grad, enable_grad, set_grad_enabled and inference_mode, each in its thread."""

import threading

import pytest

import tensorplug as tp


@pytest.fixture
def x():
    return tp.ones(2, requires_grad=True)


def recorded(x):
    return (x * 2).requires_grad


# ---------------------------------------------------------------------------------------------------- no_grad


def test_no_grad_as_a_context(x):
    with tp.no_grad():
        assert not recorded(x)
        assert not tp.is_grad_enabled()
    assert recorded(x)


@pytest.mark.parametrize("decorator", [tp.no_grad, tp.no_grad()], ids=["bare", "called"])
def test_no_grad_as_a_decorator(x, decorator):
    function = decorator(recorded)
    assert [function(x), function(x), recorded(x)] == [False, False, True]


def test_a_decorator_keeps_name_and_docstring():
    @tp.no_grad()
    def work():
        """Something."""

    assert (work.__name__, work.__doc__) == ("work", "Something.")


def test_a_decorated_method(x):
    class Model:
        @tp.no_grad()
        def run(self):
            return recorded(x)

    assert Model().run() is False


def test_a_decorated_generator_is_in_the_mode_and_its_consumer_is_not():
    @tp.no_grad()
    def items():
        sent = yield tp.is_grad_enabled()
        yield sent, tp.is_grad_enabled()
        return "end"

    def consume():
        generator = items()
        found = [next(generator), tp.is_grad_enabled(), generator.send("sent")]
        with pytest.raises(StopIteration) as end:
            next(generator)
        return [*found, end.value.value]

    assert consume() == [False, True, ("sent", False), "end"]


def test_a_decorated_generator_gets_errors_thrown_into_it():
    @tp.no_grad()
    def items():
        try:
            yield 1
        except ValueError:
            yield tp.is_grad_enabled()

    generator = items()
    next(generator)
    assert generator.throw(ValueError()) is False


def test_enable_grad_inside_no_grad(x):
    with tp.no_grad():
        with tp.enable_grad():
            assert recorded(x)
        assert tp.enable_grad()(recorded)(x)
        assert not recorded(x)


def test_the_mode_ends_with_an_error(x):
    with pytest.raises(ValueError, match="stop"), tp.no_grad():
        raise ValueError("stop")
    assert recorded(x)


def test_one_context_object_can_be_entered_again_inside_itself(x):
    mode = tp.no_grad()
    with mode:
        with mode:
            pass
        assert not recorded(x)
    assert recorded(x)


def test_leaves_made_without_grad_mode_can_require_grad():
    with tp.no_grad():
        assert tp.ones(1, requires_grad=True).requires_grad


def test_a_leaf_may_be_changed_in_place_without_grad_mode(x):
    with tp.no_grad():
        x.add_(1)
    assert (x.tolist(), x.is_leaf, x.requires_grad) == ([2, 2], True, True)


# ---------------------------------------------------------------------------------------------------- set_grad_enabled


def test_set_grad_enabled_acts_when_called(x):
    tp.set_grad_enabled(False)
    try:
        assert not recorded(x)
    finally:
        tp.set_grad_enabled(True)
    assert recorded(x)


def test_set_grad_enabled_as_a_context_is_undone(x):
    with tp.set_grad_enabled(False):
        assert not recorded(x)
    assert recorded(x)


def test_set_grad_enabled_as_a_decorator_acts_in_the_function_only(x):
    function = tp.set_grad_enabled(False)(recorded)
    assert [recorded(x), function(x), recorded(x)] == [True, False, True]


# ---------------------------------------------------------------------------------------------------- inference mode


@pytest.mark.parametrize(
    "make",
    [
        lambda x: x * 2,
        lambda x: x.exp(),
        lambda x: x + x,
        lambda x: x.sum(),
        lambda x: x.max(0).values,
        lambda x: x.clone(),
        lambda x: tp.ones(2),
        lambda x: tp.tensor([1.0]),
        lambda x: tp.rand(2),
        lambda x: tp.ones(2)[0],
    ],
    ids=["number", "unary", "binary", "reduction", "several", "clone", "ones", "tensor", "rand", "view"],
)
def test_what_is_made_in_inference_mode_is_marked(x, make):
    with tp.inference_mode():
        made = make(x)
    assert made.is_inference()
    assert not made.requires_grad


def test_a_view_of_a_normal_tensor_is_normal(x):
    with tp.inference_mode():
        view = x.view(-1)
    assert not view.is_inference()


def test_a_view_or_detached_alias_of_an_inference_tensor_is_one():
    with tp.inference_mode():
        made = tp.ones(2)
    assert made.view(-1).is_inference()
    assert made.detach().is_inference()
    assert not made.clone().is_inference()


@pytest.mark.parametrize("decorator", [tp.inference_mode, tp.inference_mode()], ids=["bare", "called"])
def test_inference_mode_as_a_decorator(x, decorator):
    assert decorator(lambda: x * 2)().is_inference()


def test_inference_mode_can_be_off_inside(x):
    with tp.inference_mode():
        assert (tp.is_inference_mode_enabled(), tp.is_grad_enabled()) == (True, False)
        with tp.inference_mode(False):
            assert (tp.is_inference_mode_enabled(), tp.is_grad_enabled()) == (False, True)
            assert recorded(x)
            assert not (x * 2).is_inference()


def test_an_inference_tensor_cannot_be_saved_for_backward(x):
    with tp.inference_mode():
        made = tp.ones(2)
    with pytest.raises(RuntimeError, match="saved for backward"):
        x * made


def test_an_inference_tensor_may_take_part_where_nothing_is_saved(x):
    with tp.inference_mode():
        made = tp.ones(2)
    assert (x + made).requires_grad


def test_an_inference_tensor_cannot_be_changed_outside():
    with tp.inference_mode():
        made = tp.ones(2)
        made.add_(1)
    with pytest.raises(RuntimeError, match="Inplace update to inference tensor"):
        made.add_(1)


def test_an_inference_tensor_cannot_come_to_require_grad():
    with tp.inference_mode():
        made = tp.ones(2)
    with pytest.raises(RuntimeError, match="inference tensor"):
        made.requires_grad_()


# ---------------------------------------------------------------------------------------------------- threads


@pytest.mark.parametrize("mode", [tp.no_grad, tp.inference_mode])
def test_a_mode_belongs_to_its_thread(x, mode):
    seen = []
    with mode():
        thread = threading.Thread(target=lambda: seen.append((x * 2).requires_grad))
        thread.start()
        thread.join()
    assert seen == [True]
