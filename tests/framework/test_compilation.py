"""``compile`` runs what it is given."""

import inspect

import pytest

import tensorplug as tp


def double(x, times=1):
    """Twice."""
    return 2 * x * times


def test_compiled_function_computes_the_same():
    found = tp.compile(double)(tp.tensor([1.0, 2.0]), times=3)
    assert found.tolist() == [6.0, 12.0]


def test_compiled_function_keeps_name_and_signature():
    compiled = tp.compile(double)
    assert compiled is not double
    assert (compiled.__name__, compiled.__doc__) == ("double", "Twice.")
    assert inspect.signature(compiled) == inspect.signature(double)


def test_without_a_function_it_is_a_decorator():
    @tp.compile(fullgraph=True, dynamic=False, backend="inductor", mode="reduce-overhead")
    def negative(x):
        return -x

    assert negative(tp.tensor(1)).item() == -1


def test_disabled_it_gives_back_the_same_object():
    assert tp.compile(double, disable=True) is double


def test_gradients_flow_through_a_compiled_module():
    inside = tp.nn.Linear(2, 1)
    compiled = tp.compile(inside)
    compiled(tp.ones(3, 2)).sum().backward()
    assert inside.weight.grad.tolist() == [[3.0, 3.0]]


def test_state_of_a_compiled_module_is_named_as_in_pytorch():
    assert list(tp.compile(tp.nn.Linear(2, 1)).state_dict()) == ["_orig_mod.weight", "_orig_mod.bias"]


def test_compiled_module_shows_the_attributes_of_the_module_inside():
    compiled = tp.compile(tp.nn.Linear(2, 1))
    compiled.note = "kept"
    assert compiled.in_features == 2
    assert compiled._orig_mod.note == "kept"
    with pytest.raises(AttributeError, match="nothing"):
        _ = compiled.nothing


def test_training_mode_reaches_the_module_inside():
    compiled = tp.compile(tp.nn.Dropout())
    compiled.eval()
    assert not compiled._orig_mod.training
    assert not compiled.training


def test_hooks_of_the_module_inside_run():
    inside = tp.nn.Identity()
    seen = []
    inside.register_forward_hook(lambda *_: seen.append(1))
    tp.compile(inside)(tp.ones(1))
    assert seen == [1]


def test_mode_and_options_exclude_each_other():
    with pytest.raises(RuntimeError, match="Either mode or options"):
        tp.compile(double, mode="default", options={})


def test_a_compiler_given_as_a_function_is_refused():
    with pytest.raises(NotImplementedError, match="no graph"):
        tp.compile(double, backend=lambda graph, inputs: graph)


def test_what_cannot_be_called_is_refused():
    with pytest.raises(RuntimeError, match="expected a function or a module, got int"):
        tp.compile(3)
