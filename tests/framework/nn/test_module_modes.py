"""Modes, conversions and gradients of whole modules."""

import pytest

import tensorplug as tp
from tensorplug import nn


def make():
    net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.Dropout(0.5))
    return net


def test_train_and_eval_reach_every_module_and_return_it():
    net = make()
    assert net.eval() is net
    assert not any(module.training for module in net.modules())
    assert all(module.training for module in net.train().modules())
    with pytest.raises(ValueError, match="boolean"):
        net.train(1)


def test_requires_grad_freezes_all_parameters():
    net = make().requires_grad_(False)
    assert not any(p.requires_grad for p in net.parameters())
    assert not net(tp.ones(3, 2)).requires_grad


def test_zero_grad_drops_gradients_or_zeroes_them():
    layer = nn.Linear(2, 1)
    layer(tp.ones(1, 2)).sum().backward()
    layer.zero_grad(set_to_none=False)
    assert layer.weight.grad.tolist() == [[0.0, 0.0]]
    layer.zero_grad()
    assert layer.weight.grad is None


def test_to_dtype_converts_floats_only_and_keeps_parameter_objects():
    net = make()
    weight = net[0].weight
    assert net.to(tp.float64) is net
    assert net[0].weight is weight
    assert weight.dtype == tp.float64
    assert net[1].running_mean.dtype == tp.float64
    assert net[1].num_batches_tracked.dtype == tp.int64


def test_to_converts_gradients_too():
    layer = nn.Linear(2, 1)
    layer(tp.ones(1, 2)).sum().backward()
    layer.double()
    assert layer.weight.grad.dtype == tp.float64


@pytest.mark.parametrize(
    ("call", "dtype"),
    [
        (lambda net: net.half(), tp.float16),
        (lambda net: net.bfloat16(), tp.bfloat16),
        (lambda net: net.double(), tp.float64),
        (lambda net: net.double().float(), tp.float32),
        (lambda net: net.to(dtype=tp.float64), tp.float64),
        (lambda net: net.to("cpu", tp.float64), tp.float64),
        (lambda net: net.to(tp.zeros(1, dtype=tp.float64)), tp.float64),
        (lambda net: net.to("cpu"), tp.float32),
        (lambda net: net.type(tp.float64), tp.float64),
    ],
)
def test_forms_of_conversion(call, dtype):
    assert call(nn.Linear(2, 1)).weight.dtype == dtype


def test_to_refuses_integer_dtypes_and_other_things():
    with pytest.raises(TypeError, match="floating point or complex"):
        nn.Linear(1, 1).to(tp.int64)
    with pytest.raises(TypeError):
        nn.Linear(1, 1).to(tp.float32, "cpu", 3, 4)


def test_apply_visits_children_first():
    seen = []
    nn.Sequential(nn.ReLU(), nn.Tanh()).apply(lambda module: seen.append(type(module).__name__))
    assert seen == ["ReLU", "Tanh", "Sequential"]


def test_module_without_forward_says_so():
    with pytest.raises(NotImplementedError, match="forward"):
        nn.Module()(1)


def test_meta_modules_get_memory_by_to_empty():
    layer = nn.Linear(2, 3, device="meta")
    assert layer.weight.is_meta
    layer.to_empty(device="cpu")
    assert layer.weight.device.type == "cpu"
    assert layer.weight.shape == (3, 2)
