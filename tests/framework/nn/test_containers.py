"""Sequential, ModuleList, ModuleDict, ParameterList and ParameterDict."""

from collections import OrderedDict

import pytest

import tensorplug as tp
from tensorplug import nn


def names(module):
    return [type(child).__name__ for child in module]


def test_sequential_runs_in_order():
    net = nn.Sequential(nn.Flatten(0), nn.ReLU())
    assert net(tp.tensor([[-1.0, 2.0]])).tolist() == [0.0, 2.0]


def test_sequential_indexing_slicing_and_naming():
    net = nn.Sequential(OrderedDict(a=nn.ReLU(), b=nn.Tanh(), c=nn.Sigmoid()))
    assert net[-1] is net.c
    assert net[0] is net.a
    assert list(dict(net[1:].named_children())) == ["b", "c"]
    with pytest.raises(IndexError, match="out of range"):
        net[3]


def test_sequential_grows_and_shrinks():
    net = nn.Sequential(nn.ReLU()).append(nn.Tanh())
    net.insert(1, nn.Sigmoid())
    net.extend([nn.Identity()])
    assert names(net) == ["ReLU", "Sigmoid", "Tanh", "Identity"]
    assert type(net.pop(1)).__name__ == "Sigmoid"
    del net[0]
    assert list(dict(net.named_children())) == ["0", "1"]
    net[0] = nn.ReLU()
    assert names(net) == ["ReLU", "Identity"]


def test_sequential_arithmetic():
    net = nn.Sequential(nn.ReLU()) + nn.Sequential(nn.Tanh())
    assert names(net) == ["ReLU", "Tanh"]
    assert names(net * 2) == ["ReLU", "Tanh"] * 2
    net += nn.Sequential(nn.Identity())
    assert len(net) == 3
    with pytest.raises(ValueError, match="Sequential"):
        _ = net + "layers"
    with pytest.raises(ValueError, match="Non-positive"):
        net * 0


def test_module_list_behaves_like_a_list():
    layers = nn.ModuleList([nn.ReLU(), nn.Tanh()])
    layers.insert(1, nn.Identity())
    layers += [nn.Sigmoid()]
    assert names(layers) == ["ReLU", "Identity", "Tanh", "Sigmoid"]
    assert names(layers[1:3]) == ["Identity", "Tanh"]
    assert names(layers + nn.ModuleList([nn.ReLU()]))[-1] == "ReLU"
    del layers[1:3]
    assert list(dict(layers.named_children())) == ["0", "1"]
    assert type(layers.pop(-1)).__name__ == "Sigmoid"
    with pytest.raises(TypeError, match="iterable"):
        layers.extend(3)


def test_module_list_repr_counts_repeated_layers():
    layers = nn.ModuleList([nn.ReLU(), nn.ReLU(), nn.Tanh()])
    assert repr(layers) == "ModuleList(\n  (0-1): 2 x ReLU()\n  (2): Tanh()\n)"
    assert repr(nn.ModuleList()) == "ModuleList()"


def test_module_dict_behaves_like_a_dict():
    table = nn.ModuleDict({"b": nn.ReLU(), "a": nn.Tanh()})
    table["c"] = nn.Linear(1, 1)
    assert list(table) == ["b", "a", "c"]
    assert "a" in table
    assert len(list(table.parameters())) == 2
    assert type(table.pop("a")).__name__ == "Tanh"
    table.update([("d", nn.Identity())])
    assert list(table.keys()) == ["b", "c", "d"]
    table.clear()
    assert len(table) == 0
    with pytest.raises(ValueError, match="2 is required"):
        table.update([("x", nn.ReLU(), 1)])


def test_parameter_list_registers_tensors_and_keeps_the_rest():
    params = nn.ParameterList([tp.ones(2), nn.Parameter(tp.zeros(1)), "note"])
    assert [n for n, _ in params.named_parameters()] == ["0", "1"]
    params[2] = tp.ones(3)
    assert len(list(params.parameters())) == 3
    assert [p.numel() for p in params[1:]] == [1, 3]
    params.append(tp.ones(1))
    assert len(params) == 4
    with pytest.raises(TypeError, match="iterable"):
        params.extend(tp.ones(2))


def test_parameter_dict_registers_tensors_and_sorts_plain_dicts():
    params = nn.ParameterDict({"b": tp.ones(1), "a": tp.ones(2)})
    assert list(params) == ["a", "b"]
    assert isinstance(params["a"], nn.Parameter)
    assert params.popitem()[0] == "b"
    params["c"] = tp.zeros(1)
    assert (params | {"d": tp.ones(1)}).keys() == {"a", "c", "d"}
    assert params.get("x", 5) == 5
    assert params.setdefault("e", tp.ones(1)) is params["e"]
    del params["a"]
    assert [n for n, _ in params.named_parameters()] == ["c", "e"]
    with pytest.raises(TypeError, match="not a string"):
        params[3]
