"""Writing a module's state and reading it back."""

from collections import OrderedDict

import pytest

import tensorplug as tp
from tensorplug import nn


def net():
    return nn.Sequential(OrderedDict(conv=nn.Conv2d(1, 2, 3), norm=nn.BatchNorm2d(2)))


def test_keys_are_in_order_and_metadata_holds_versions():
    state = net().state_dict()
    assert list(state) == [
        "conv.weight",
        "conv.bias",
        "norm.weight",
        "norm.bias",
        "norm.running_mean",
        "norm.running_var",
        "norm.num_batches_tracked",
    ]
    assert state._metadata == {"": {"version": 1}, "conv": {"version": 1}, "norm": {"version": 2}}


def test_entries_are_detached_and_share_memory_unless_kept():
    layer = nn.Linear(1, 1)
    state = layer.state_dict()
    assert not state["weight"].requires_grad
    with tp.no_grad():
        layer.weight.fill_(7)
    assert state["weight"].item() == 7.0
    assert layer.state_dict(keep_vars=True)["weight"] is layer.weight


def test_prefix_and_destination():
    target = OrderedDict()
    assert nn.Linear(1, 1).state_dict(destination=target, prefix="head.") is target
    assert list(target) == ["head.weight", "head.bias"]


def test_load_copies_values_and_reports_a_full_match():
    source, target = net(), net()
    weight = target.conv.weight
    result = target.load_state_dict(source.state_dict())
    assert repr(result) == "<All keys matched successfully>"
    assert target.conv.weight is weight
    assert tp.equal(weight, source.conv.weight)


def test_strict_loading_lists_missing_unexpected_and_mismatched():
    state = net().state_dict()
    del state["conv.bias"]
    state["head.weight"] = tp.ones(1)
    state["norm.weight"] = tp.ones(5)
    with pytest.raises(RuntimeError) as error:
        net().load_state_dict(state)
    assert str(error.value) == (
        "Error(s) in loading state_dict for Sequential:\n"
        '\tMissing key(s) in state_dict: "conv.bias". \n'
        '\tUnexpected key(s) in state_dict: "head.weight". \n'
        "\tsize mismatch for norm.weight: copying a param with shape "
        f"{tp.ones(5).shape} from checkpoint, the shape in current model is {tp.ones(2).shape}."
    )


def test_loading_in_part_returns_the_keys_left_out():
    state = net().state_dict()
    state.pop("conv.bias")
    state["conv.extra"] = tp.ones(1)
    result = net().load_state_dict(state, strict=False)
    assert result.missing_keys == ["conv.bias"]
    assert result.unexpected_keys == ["conv.extra"]


def test_size_mismatch_is_an_error_even_when_not_strict():
    with pytest.raises(RuntimeError, match="size mismatch for weight"):
        nn.Linear(2, 1).load_state_dict({"weight": tp.ones(3, 1)}, strict=False)


def test_what_is_no_mapping_or_no_tensor_is_refused():
    with pytest.raises(TypeError, match="dict-like"):
        nn.Linear(1, 1).load_state_dict([1])
    with pytest.raises(RuntimeError, match='parameter named "weight", expected a Tensor'):
        nn.Linear(1, 1, bias=False).load_state_dict({"weight": 3})


def test_scalars_saved_as_vectors_of_one_load():
    module = nn.Module()
    module.scale = nn.Parameter(tp.tensor(1.0))
    module.load_state_dict({"scale": tp.tensor([5.0])})
    assert module.scale.item() == 5.0


def test_assign_takes_the_tensors_themselves():
    layer = nn.Linear(2, 1, bias=False, device="meta").requires_grad_(False)
    weight = tp.ones(1, 2, dtype=tp.float64)
    layer.load_state_dict({"weight": weight}, assign=True)
    assert isinstance(layer.weight, nn.Parameter)
    assert layer.weight.dtype == tp.float64
    assert not layer.weight.requires_grad
    weight.add_(1)
    assert layer.weight.tolist() == [[2.0, 2.0]]


def test_old_batch_norm_files_keep_the_count_of_batches():
    layer = nn.BatchNorm1d(2)
    layer(tp.randn(4, 2))
    state = {k: v for k, v in nn.BatchNorm1d(2).state_dict().items() if k != "num_batches_tracked"}
    layer.load_state_dict(state)
    assert layer.num_batches_tracked.item() == 1


def test_extra_state_travels_along():
    class Counter(nn.Module):
        def __init__(self):
            super().__init__()
            self.count = 0

        def get_extra_state(self):
            return {"count": self.count}

        def set_extra_state(self, state):
            self.count = state["count"]

    source, target = nn.Sequential(Counter()), nn.Sequential(Counter())
    source[0].count = 5
    target.load_state_dict(source.state_dict())
    assert target[0].count == 5
    with pytest.raises(RuntimeError, match=r"0\._extra_state"):
        target.load_state_dict({})
    with pytest.raises(RuntimeError, match="Unexpected"):
        nn.Sequential(nn.ReLU()).load_state_dict(source.state_dict())


def test_state_dict_hooks_run_before_and_after():
    layer, seen = nn.Linear(1, 1), []
    layer.register_state_dict_pre_hook(lambda module, prefix, keep_vars: seen.append((prefix, keep_vars)))
    layer.register_state_dict_post_hook(lambda module, state, prefix, meta: state.pop(prefix + "bias"))
    assert seen == []
    with pytest.raises(RuntimeError, match="must return None"):
        layer.state_dict()
    assert seen == [("", False)]


def test_load_hooks_may_rename_keys_and_forgive_missing_ones():
    layer = nn.Linear(1, 1)

    def rename(module, state, prefix, *_):
        state[prefix + "weight"] = state.pop(prefix + "w")

    layer.register_load_state_dict_pre_hook(rename)
    layer.register_load_state_dict_post_hook(lambda module, keys: keys.missing_keys.clear())
    layer.load_state_dict({"w": tp.tensor([[3.0]])})
    assert layer.weight.item() == 3.0
