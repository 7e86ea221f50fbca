"""``autograd.forward_ad``: levels, dual tensors, and how they mix with reverse mode."""

import math

import pytest

import tensorplug as tp
from tensorplug.autograd import forward_ad as fwAD


def test_tangents_follow_the_computation():
    with fwAD.dual_level():
        x = fwAD.make_dual(tp.tensor([1.0, 2.0]), tp.tensor([1.0, 0.5]))
        primal, tangent = fwAD.unpack_dual((x * x).sum())
    assert (primal.item(), tangent.item()) == (5, 4)


def test_a_tensor_without_tangent_unpacks_to_none():
    with fwAD.dual_level():
        assert fwAD.unpack_dual(tp.ones(2)).tangent is None


def test_the_original_tensor_is_not_dual():
    x = tp.ones(2)
    with fwAD.dual_level():
        fwAD.make_dual(x, tp.ones(2))
        assert fwAD.unpack_dual(x).tangent is None


def test_tangents_end_with_the_level():
    with fwAD.dual_level():
        x = fwAD.make_dual(tp.ones(2), tp.ones(2))
    assert fwAD.unpack_dual(x).tangent is None
    with fwAD.dual_level():
        assert fwAD.unpack_dual(x * 2).tangent is None


def test_detach_drops_the_tangent():
    with fwAD.dual_level():
        x = fwAD.make_dual(tp.ones(2), tp.ones(2))
        assert fwAD.unpack_dual(x.detach()).tangent is None


def test_views_and_changes_in_place():
    with fwAD.dual_level():
        x = fwAD.make_dual(tp.ones(2, 2), tp.tensor([[1.0, 2.0], [3.0, 4.0]]))
        row = x[0]
        row.mul_(10)
        x.t_()
        assert fwAD.unpack_dual(x).tangent.tolist() == [[10, 3], [20, 4]]


def test_a_constant_that_is_written_over_has_a_tangent_of_zero():
    with fwAD.dual_level():
        x = fwAD.make_dual(tp.ones(2), tp.ones(2)) * 1
        x[0] = 5.0
        assert fwAD.unpack_dual(x).tangent.tolist() == [0, 1]


def test_changing_a_result_does_not_change_the_tangent_of_its_input():
    with fwAD.dual_level():
        x = fwAD.make_dual(tp.ones(2), tp.ones(2))
        y = x + 1
        y.mul_(3)
        assert fwAD.unpack_dual(x).tangent.tolist() == [1, 1]
        assert fwAD.unpack_dual(y).tangent.tolist() == [3, 3]


def test_reverse_over_forward():
    x = tp.tensor(0.3, requires_grad=True)
    with fwAD.dual_level():
        tangent = fwAD.unpack_dual(fwAD.make_dual(x, tp.tensor(1.0)).sin()).tangent
        (found,) = tp.autograd.grad(tangent, x)
    assert found.item() == pytest.approx(-math.sin(0.3))


def test_forward_over_reverse():
    x = tp.tensor(0.3, requires_grad=True)
    with fwAD.dual_level():
        dual = fwAD.make_dual(x, tp.tensor(2.0))
        (found,) = tp.autograd.grad(dual.sin(), dual, create_graph=True)
        primal, tangent = fwAD.unpack_dual(found)
    assert primal.item() == pytest.approx(math.cos(0.3))
    assert tangent.item() == pytest.approx(-2 * math.sin(0.3))


def test_a_module_with_dual_parameters():
    layer = tp.nn.Linear(2, 1)
    x = tp.tensor([[1.0, 2.0]])
    with fwAD.dual_level():
        duals = {n: fwAD.make_dual(p, tp.ones_like(p)) for n, p in layer.named_parameters()}
        found = tp.func.functional_call(layer, duals, x)
        assert fwAD.unpack_dual(found).tangent.tolist() == [[4]]


def test_levels_are_entered_and_left_by_hand():
    assert fwAD.enter_dual_level() == 0
    try:
        x = fwAD.make_dual(tp.ones(1), tp.ones(1), level=0)
        assert fwAD.unpack_dual(x, level=0).tangent.tolist() == [1]
    finally:
        fwAD.exit_dual_level(level=0)


def test_func_transforms_inside_a_level():
    with fwAD.dual_level():
        x = fwAD.make_dual(tp.tensor(0.3), tp.tensor(1.0))
        found = tp.func.grad(tp.sin)(x)
        assert fwAD.unpack_dual(found).tangent.item() == pytest.approx(-math.sin(0.3))


def nested():
    with fwAD.dual_level(), fwAD.dual_level():
        pass


def dual(primal, tangent):
    with fwAD.dual_level():
        fwAD.make_dual(primal, tangent)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (nested, RuntimeError, "Nested"),
        (lambda: fwAD.make_dual(tp.ones(1), tp.ones(1)), RuntimeError, "no level exists"),
        (lambda: fwAD.exit_dual_level(), RuntimeError, "none is active"),
        (lambda: dual(tp.ones(2), tp.ones(3)), RuntimeError, "same size"),
        (lambda: dual(tp.ones(2, dtype=tp.int64), tp.ones(2)), ValueError, "primal to be floating point"),
        (lambda: dual(tp.ones(2), 1.0), TypeError, "tangent must be Tensor"),
    ],
)
def test_wrong_use(call, error, text):
    with pytest.raises(error, match=text):
        call()
