"""How modules register what is assigned to them, and how it is found again."""

import copy
import pickle

import pytest

import tensorplug as tp
from tensorplug import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 3)
        self.second = nn.Sequential(nn.ReLU(), nn.Linear(3, 1, bias=False))
        self.scale = nn.Parameter(tp.ones(1))
        self.register_buffer("mean", tp.zeros(2))
        self.register_buffer("cache", tp.zeros(1), persistent=False)

    def forward(self, x):
        return self.second(self.first(x - self.mean)) * self.scale


def test_parameters_come_own_first_then_children_in_order_of_assignment():
    names = [name for name, _ in Net().named_parameters()]
    assert names == ["scale", "first.weight", "first.bias", "second.1.weight"]


def test_buffers_and_modules_have_dotted_names():
    net = Net()
    assert [name for name, _ in net.named_buffers()] == ["mean", "cache"]
    assert [name for name, _ in net.named_modules()] == ["", "first", "second", "second.0", "second.1"]
    assert [name for name, _ in net.named_children()] == ["first", "second"]
    assert [name for name, _ in net.named_parameters(prefix="net", recurse=False)] == ["net.scale"]


def test_shared_members_come_once_unless_asked_for():
    net = nn.Sequential(nn.Linear(1, 1))
    net.append(net[0])
    assert len(list(net.parameters())) == 2
    assert len(list(net.modules())) == 2
    assert len(list(net.named_parameters(remove_duplicate=False))) == 4


def test_lookup_by_path():
    net = Net()
    assert net.get_submodule("second.1") is net.second[1]
    assert net.get_submodule("") is net
    assert net.get_parameter("first.bias") is net.first.bias
    assert net.get_buffer("mean") is net.mean
    for lookup, path in (
        (net.get_submodule, "second.7"),
        (net.get_parameter, "mean"),
        (net.get_buffer, "scale"),
        (net.get_submodule, "scale"),
    ):
        with pytest.raises(AttributeError):
            lookup(path)


def test_set_submodule_replaces_and_when_strict_adds_nothing():
    net = Net()
    net.set_submodule("second.0", nn.Tanh())
    assert isinstance(net.second[0], nn.Tanh)
    net.set_submodule("second.tail", nn.Identity())
    assert "tail" in dict(net.second.named_children())
    with pytest.raises(AttributeError):
        net.set_submodule("second.other", nn.Identity(), strict=True)


def test_assigning_moves_a_name_between_kinds():
    module = nn.Module()
    module.x = 3
    module.x = nn.Parameter(tp.ones(1))
    assert "x" in dict(module.named_parameters())
    module.x = None
    assert module.x is None
    assert not list(module.parameters())
    del module.x
    module.x = nn.Linear(1, 1)
    assert "x" in dict(module.named_children())
    del module.x
    assert not hasattr(module, "x")


def test_a_plain_tensor_is_neither_parameter_nor_buffer():
    module = nn.Module()
    module.x = tp.ones(1)
    assert not list(module.parameters())
    assert not list(module.buffers())


def test_buffer_class_registers_and_keeps_persistence():
    module = nn.Module()
    module.kept = nn.Buffer(tp.ones(1))
    module.lost = nn.Buffer(tp.ones(1), persistent=False)
    assert [name for name, _ in module.named_buffers()] == ["kept", "lost"]
    assert list(module.state_dict()) == ["kept"]


@pytest.mark.parametrize(
    ("assign", "error"),
    [
        (lambda net: setattr(net, "scale", tp.ones(1)), TypeError),
        (lambda net: setattr(net, "first", 1), TypeError),
        (lambda net: setattr(net, "mean", 1), TypeError),
        (lambda net: net.register_parameter("a.b", None), KeyError),
        (lambda net: net.register_parameter("", None), KeyError),
        (lambda net: net.register_parameter("first", None), KeyError),
        (lambda net: net.register_parameter("w", tp.ones(1)), TypeError),
        (lambda net: net.register_buffer("forward", None), KeyError),
        (lambda net: net.register_buffer("b", 1), TypeError),
        (lambda net: net.add_module("m", 1), TypeError),
        (lambda net: net.add_module("scale", nn.ReLU()), KeyError),
    ],
)
def test_bad_registrations_are_refused(assign, error):
    with pytest.raises(error):
        assign(Net())


def test_a_computed_tensor_is_no_parameter():
    with pytest.raises(TypeError, match="Parameter or None required"):
        nn.Module().register_parameter("w", nn.Parameter(tp.ones(1)) * 2)


def test_assignment_before_init_says_so():
    class Forgetful(nn.Module):
        def __init__(self):
            self.weight = nn.Parameter(tp.ones(1))

    with pytest.raises(AttributeError, match=r"before Module\.__init__"):
        Forgetful()


def test_missing_attribute_names_class_and_attribute():
    with pytest.raises(AttributeError, match="'Net' object has no attribute 'third'"):
        _ = Net().third


def test_dir_lists_members_but_no_numbers():
    names = dir(nn.Sequential(nn.Linear(1, 1)))
    assert "forward" in names
    assert "0" not in names
    assert {"weight", "bias"} <= set(dir(nn.Linear(1, 1)))


def test_deepcopy_and_pickle_keep_values_and_independence():
    net = Net()
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert [n for n, _ in other.named_parameters()] == [n for n, _ in net.named_parameters()]
        assert isinstance(other.scale, nn.Parameter)
        with tp.no_grad():
            other.scale.add_(1)
        assert net.scale.item() == 1.0
        x = tp.ones(1, 2)
        assert tp.equal(other(x), net(x) * 2)


def test_deepcopy_keeps_shared_parameters_shared():
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    net[1].weight = net[0].weight
    other = copy.deepcopy(net)
    assert other[1].weight is other[0].weight
    assert other[0].weight is not net[0].weight


def test_parameter_requires_grad_even_under_no_grad():
    with tp.no_grad():
        assert nn.Parameter(tp.ones(1)).requires_grad
    assert not nn.Parameter(tp.ones(1), requires_grad=False).requires_grad


def test_parameter_shares_memory_with_its_data():
    data = tp.zeros(2)
    parameter = nn.Parameter(data)
    data.add_(1)
    assert parameter.tolist() == [1.0, 1.0]


def test_repr_nests_children():
    assert repr(Net()) == (
        "Net(\n"
        "  (first): Linear(in_features=2, out_features=3, bias=True)\n"
        "  (second): Sequential(\n"
        "    (0): ReLU()\n"
        "    (1): Linear(in_features=3, out_features=1, bias=False)\n"
        "  )\n"
        ")"
    )


def test_parameter_repr():
    assert repr(nn.Parameter(tp.ones(2))) == "Parameter containing:\ntensor([1., 1.], requires_grad=True)"
