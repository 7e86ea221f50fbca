"""Groups, state dicts and hooks of optimizers."""

import copy
import pickle

import pytest

import tensorplug as tp
from tensorplug import nn, optim
from tensorplug.optim.optimizer import register_optimizer_step_post_hook


def param(*values):
    return nn.Parameter(tp.tensor(list(values)))


def stepped(optimizer, *params):
    for p in params:
        p.grad = tp.ones(p.shape)
    optimizer.step()


def test_groups_have_options_of_their_own():
    a, b = param(1.0), param(1.0)
    optimizer = optim.SGD([{"params": a}, {"params": [b], "lr": 0.5}], lr=0.1)
    stepped(optimizer, a, b)
    assert a.item() == pytest.approx(0.9)
    assert b.item() == pytest.approx(0.5)
    assert [group["lr"] for group in optimizer.param_groups] == [0.1, 0.5]


def test_named_parameters_keep_their_names():
    layer = nn.Linear(1, 1)
    optimizer = optim.SGD(layer.named_parameters(), lr=0.1)
    assert optimizer.param_groups[0]["param_names"] == ["weight", "bias"]
    assert optimizer.param_groups[0]["params"][0] is layer.weight
    with pytest.raises(ValueError, match="without names"):
        optimizer.add_param_group({"params": param(1.0)})


def test_parameters_without_gradient_stay():
    a, b = param(1.0), param(1.0)
    optimizer = optim.Adam([a, b], lr=0.1)
    stepped(optimizer, a)
    assert b.item() == 1.0
    assert b not in optimizer.state


def test_zero_grad_drops_gradients_or_zeroes_them():
    a = param(1.0)
    optimizer = optim.SGD([a], lr=0.1)
    a.grad = tp.ones(1)
    optimizer.zero_grad(set_to_none=False)
    assert a.grad.item() == 0.0
    optimizer.zero_grad()
    assert a.grad is None


def test_closure_is_called_with_gradients_on_and_its_loss_returned():
    a = param(2.0)
    optimizer = optim.SGD([a], lr=0.1)

    def closure():
        optimizer.zero_grad()
        loss = (a * a).sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 4.0
    assert a.item() == pytest.approx(1.6)


def test_steps_are_not_recorded():
    a = param(1.0)
    stepped(optim.SGD([a], lr=0.1), a)
    assert a.is_leaf
    assert a.grad_fn is None


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: optim.SGD([], lr=0.1), ValueError),
        (lambda: optim.SGD(param(1.0), lr=0.1), TypeError),
        (lambda: optim.SGD([1.0], lr=0.1), TypeError),
        (lambda: optim.SGD([param(1.0) * 2], lr=0.1), ValueError),
        (lambda: optim.SGD([{"params": {param(1.0)}}], lr=0.1), TypeError),
        (lambda: optim.SGD([("a", param(1.0)), param(1.0)], lr=0.1), ValueError),
        (lambda: optim.SGD([param(1.0)], lr=0.1).add_param_group([]), TypeError),
        (lambda: optim.SGD([{"params": p, "lr": 1} for p in [param(1.0)] * 2]), ValueError),
        (lambda: optim.SGD([param(1.0)], lr=0.1, fused=True, foreach=True), RuntimeError),
    ],
)
def test_bad_parameters_are_refused(make, error):
    with pytest.raises(error):
        make()


def test_duplicates_in_a_group_warn():
    a = param(1.0)
    with pytest.warns(UserWarning, match="duplicate"):
        optim.SGD([a, a], lr=0.1)


def test_required_options_must_be_given():
    class Plain(optim.Optimizer):
        def __init__(self, params):
            super().__init__(params, {"lr": optim.optimizer.required})

    with pytest.raises(ValueError, match="required optimization parameter lr"):
        Plain([param(1.0)])


def test_state_dict_numbers_parameters_across_groups():
    a, b, c = param(1.0), param(1.0), param(1.0)
    optimizer = optim.SGD([{"params": [a, b]}, {"params": c}], lr=0.1, momentum=0.9)
    stepped(optimizer, a, b, c)
    state = optimizer.state_dict()
    assert [group["params"] for group in state["param_groups"]] == [[0, 1], [2]]
    assert list(state["state"]) == [0, 1, 2]
    assert list(state["state"][0]) == ["momentum_buffer"]


def test_loading_goes_on_where_the_other_stopped():
    a, b = param(1.0), param(1.0)
    first = optim.Adam([a], lr=0.1)
    stepped(first, a)
    second = optim.Adam([b], lr=0.5)
    with tp.no_grad():
        b.copy_(a)
    second.load_state_dict(copy.deepcopy(first.state_dict()))
    stepped(first, a)
    stepped(second, b)
    assert second.param_groups[0]["lr"] == 0.1
    assert second.state[b]["step"].item() == 2.0
    assert a.item() == b.item()


def test_loaded_state_takes_the_dtype_of_its_parameter_but_the_count_stays():
    a = param(1.0)
    optimizer = optim.Adam([a], lr=0.1)
    stepped(optimizer, a)
    other = optim.Adam([nn.Parameter(tp.ones(1, dtype=tp.float64))], lr=0.1)
    other.load_state_dict(optimizer.state_dict())
    (state,) = other.state.values()
    assert state["exp_avg"].dtype == tp.float64
    assert state["step"].dtype == tp.float32


def test_counts_saved_as_numbers_load():
    a = param(1.0)
    optimizer = optim.Adam([a], lr=0.1)
    stepped(optimizer, a)
    state = copy.deepcopy(optimizer.state_dict())
    state["state"][0]["step"] = 5
    optimizer.load_state_dict(state)
    stepped(optimizer, a)
    assert optimizer.state[a]["step"].item() == 6.0


def test_loading_another_number_of_groups_or_parameters_is_refused():
    one = optim.SGD([param(1.0)], lr=0.1)
    two = optim.SGD([param(1.0), param(1.0)], lr=0.1)
    groups = optim.SGD([{"params": param(1.0)}, {"params": param(1.0)}], lr=0.1)
    with pytest.raises(ValueError, match="size of optimizer's group"):
        one.load_state_dict(two.state_dict())
    with pytest.raises(ValueError, match="number of parameter groups"):
        one.load_state_dict(groups.state_dict())


def test_deepcopy_and_pickle_keep_groups_and_state():
    a = param(1.0)
    optimizer = optim.SGD([a], lr=0.1, momentum=0.9)
    stepped(optimizer, a)
    for other in (copy.deepcopy(optimizer), pickle.loads(pickle.dumps(optimizer))):
        (parameter,) = other.param_groups[0]["params"]
        assert other.state[parameter]["momentum_buffer"].item() == 1.0
        stepped(other, parameter)
    assert a.item() == pytest.approx(0.9)


def test_step_hooks_run_around_the_step_and_may_change_its_arguments():
    a, order = param(1.0), []
    optimizer = optim.SGD([a], lr=0.1)

    def pre(optimizer, args, kwargs):
        order.append("pre")
        return args, {"closure": lambda: order.append("closure")}

    optimizer.register_step_pre_hook(pre)
    handle = optimizer.register_step_post_hook(lambda *_: order.append("post"))
    with register_optimizer_step_post_hook(lambda *_: order.append("global")):
        optimizer.step()
    handle.remove()
    optimizer.step()
    assert order == ["pre", "closure", "post", "global", "pre", "closure"]


def test_hooks_run_once_when_a_subclass_calls_its_parent():
    class Noisy(optim.SGD):
        def step(self, closure=None):
            return super().step(closure)

    calls = []
    optimizer = Noisy([param(1.0)], lr=0.1)
    optimizer.register_step_post_hook(lambda *_: calls.append(1))
    optimizer.step()
    assert calls == [1]


def test_state_dict_hooks():
    a = param(1.0)
    optimizer = optim.SGD([a], lr=0.1)
    optimizer.register_state_dict_post_hook(lambda optimizer, state: {**state, "note": 1})
    assert optimizer.state_dict()["note"] == 1
    seen = []
    optimizer.register_load_state_dict_pre_hook(lambda optimizer, state: seen.append(state["note"]))
    optimizer.register_load_state_dict_post_hook(lambda optimizer: seen.append("done"))
    optimizer.load_state_dict(optimizer.state_dict())
    assert seen == [1, "done"]


def test_repr_lists_options_in_order():
    text = repr(optim.SGD([param(1.0)], lr=0.1))
    assert text.startswith("SGD (\nParameter Group 0\n    dampening: 0\n    differentiable: False\n")
    assert "    lr: 0.1\n" in text
