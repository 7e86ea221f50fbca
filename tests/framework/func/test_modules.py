"""Modules as functions: calls with other parameters, ensembles, batch norms without statistics."""

import pytest

import tensorplug as tp
from tensorplug.func import functional_call, replace_all_batch_norm_modules_, stack_module_state, vmap

nn = tp.nn


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 2, bias=False)
        self.second = nn.Linear(2, 2, bias=False)
        self.second.weight = self.first.weight

    def forward(self, x):
        return self.second(self.first(x))


def test_the_given_tensors_are_used_and_the_module_is_left_as_it_was():
    net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
    own = net[0].weight
    found = functional_call(net, {"0.weight": tp.eye(2) * 3, "0.bias": tp.zeros(2)}, (tp.ones(1, 2),))
    assert found.tolist() == [[3, 3]]
    assert net[0].weight is own


def test_names_left_out_keep_their_own_tensors():
    net = nn.Linear(2, 1)
    found = functional_call(net, {"bias": tp.full((1,), 100.0)}, tp.zeros(1, 2))
    assert found.tolist() == [[100]]


def test_several_dicts_and_keyword_arguments():
    net = nn.BatchNorm1d(2).eval()
    given = ({"weight": tp.ones(2)}, {"running_mean": tp.ones(2), "running_var": tp.ones(2)})
    found = functional_call(net, given, kwargs={"input": tp.ones(3, 2)})
    assert found.abs().max().item() == 0


def test_the_module_is_restored_after_an_error():
    net = nn.Linear(2, 1)
    own = net.weight
    with pytest.raises(RuntimeError):
        functional_call(net, {"weight": tp.ones(1, 2)}, (tp.ones(1, 5),))
    assert net.weight is own


def test_tied_weights_are_replaced_together():
    two = {"first.weight": tp.eye(2) * 2}
    net, x = Tied(), tp.ones(1, 2)
    assert functional_call(net, two, x).tolist() == [[4, 4]]
    alone = functional_call(net, two, x, tie_weights=False)
    assert tp.equal(alone, net.second(x * 2))


def test_tied_weights_must_be_given_one_value():
    with pytest.raises(ValueError, match="tied"):
        functional_call(Tied(), {"first.weight": tp.eye(2), "second.weight": tp.eye(2)}, tp.ones(1, 2))


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"weight": tp.ones(1, 2)}, RuntimeError, "missing key.*bias"),
        ({"weight": tp.ones(1, 2), "bias": tp.ones(1), "other": tp.ones(1)}, RuntimeError, "unexpected key.*other"),
        (({"weight": tp.ones(1, 2)}, {"weight": tp.ones(1, 2)}), ValueError, "multiple dictionaries"),
        (3, ValueError, "to be a dict"),
        ({"part.weight": tp.ones(1, 2), "weight": tp.ones(1, 2), "bias": tp.ones(1)}, RuntimeError, "part.weight"),
    ],
)
def test_strict_calls(given, error, text):
    with pytest.raises(error, match=text):
        functional_call(nn.Linear(2, 1), given, tp.ones(1, 2), strict=True)


def test_an_ensemble_runs_as_one():
    models = [nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)).eval() for _ in range(3)]
    params, buffers = stack_module_state(models)
    x = tp.randn(5, 3)
    found = vmap(lambda p, b: functional_call(models[0], (p, b), (x,)))(params, buffers)
    tp.testing.assert_close(found, tp.stack([m(x) for m in models]))
    assert all(p.requires_grad and p.is_leaf for p in params.values())


@pytest.mark.parametrize(
    ("models", "text"),
    [
        ([], "at least one"),
        ([nn.Linear(1, 1), nn.Linear(1, 1).eval()], "training/eval"),
        ([nn.Linear(1, 1), nn.Bilinear(1, 1, 1)], "same class"),
        ([nn.Linear(1, 1), nn.Linear(1, 1).requires_grad_(False)], "same requires_grad"),
    ],
)
def test_ensembles_of_unlike_modules_are_refused(models, text):
    with pytest.raises(RuntimeError, match=text):
        stack_module_state(models)


def test_batch_norms_can_do_without_statistics():
    net = replace_all_batch_norm_modules_(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)))
    x = tp.randn(4, 5, 2)
    found = vmap(net)(x)
    tp.testing.assert_close(found, tp.stack([net(v) for v in x]))
