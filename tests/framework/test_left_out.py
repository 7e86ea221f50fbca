"""Names that are left out say so."""

import importlib

import pytest

import tensorplug as tp
from tensorplug.left_out import GROUPS, names_in

SPACES = sorted({space for group in GROUPS for space in group.names})


def home(space):
    if space == "Tensor":
        return tp.Tensor
    return importlib.import_module("tensorplug" if space == "torch" else f"tensorplug.{space}")


@pytest.mark.parametrize("space", SPACES)
def test_what_is_left_out_is_not_there(space):
    assert [name for name in names_in(space) if hasattr(home(space), name)] == []


@pytest.mark.parametrize("space", SPACES)
def test_asking_tells_the_reason(space):
    for name, group in names_in(space).items():
        with pytest.raises(AttributeError) as caught:
            getattr(home(space), name)
        assert name in str(caught.value)
        assert group.reason in str(caught.value)


def test_each_name_has_one_reason():
    named = [(space, name) for group in GROUPS for space, names in group.names.items() for name in names.split()]
    assert len(named) == len(set(named))


def test_instances_tell_the_reason_too():
    with pytest.raises(AttributeError, match=r"on purpose .*Sparse layouts"):
        tp.ones(1).coalesce()
    assert "coalesce" not in dir(tp.ones(1))


def test_left_out_names_can_be_given_to_a_tensor():
    x = tp.ones(1)
    x.values = 3
    assert x.values == 3


@pytest.mark.parametrize("owner", [tp, tp.nn.functional, tp.nn.init, tp.autograd.graph, tp.ones(1)])
def test_other_names_are_plainly_absent(owner):
    with pytest.raises(AttributeError, match=r"has no attribute 'nonsense'$"):
        _ = owner.nonsense
