"""gradcheck and gradgradcheck pass right gradients and catch wrong ones."""

import pytest

import tensorplug as tp
from tensorplug.autograd import Function, GradcheckError, gradcheck, gradgradcheck


@pytest.fixture
def x():
    return (tp.rand(2, 3, dtype=tp.float64) + 0.5).requires_grad_()


class Square(Function):
    """``x * x`` whose gradient is too large by one part in a thousand."""

    factor = 1.001

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, g):
        return g * 2 * ctx.saved_tensors[0] * Square.factor


class CutSquare(Square):
    """``x * x`` with a right gradient that cannot be differentiated."""

    @staticmethod
    def backward(ctx, g):
        return g * 2 * ctx.saved_tensors[0].detach()


# ---------------------------------------------------------------------------------------------------- right gradients


@pytest.mark.parametrize("check", [gradcheck, gradgradcheck])
def test_right_gradients_pass(x, check):
    assert check(lambda t: (t.exp() * t).sin(), x)


def test_several_inputs_and_outputs(x):
    w = tp.rand(3, dtype=tp.float64, requires_grad=True)
    assert gradcheck(lambda a, b, k: (a * b, (a + k * b).sum()), (x, w, 3))


def test_complex_inputs_and_outputs():
    z = tp.tensor([1 + 2j, 0.5 - 1j], dtype=tp.complex128, requires_grad=True)
    assert gradcheck(lambda t: t * t, z)
    assert gradcheck(tp.abs, z)


def test_strided_inputs():
    assert gradcheck(lambda t: t * t, tp.rand(3, 2, dtype=tp.float64).t().requires_grad_())


def test_outputs_that_do_not_depend_on_the_input(x):
    assert gradcheck(lambda t: (tp.ones(2, dtype=tp.float64), t.argmax(), t * 2), x)


def test_a_0d_input():
    assert gradcheck(tp.exp, tp.tensor(2.0, dtype=tp.float64, requires_grad=True))


def test_inputs_are_left_as_they_were(x):
    before = x.detach().clone()
    gradcheck(lambda t: t * t, x)
    assert tp.equal(x, before)
    assert x.grad is None


# ---------------------------------------------------------------------------------------------------- wrong gradients


def test_a_gradient_wrong_by_a_thousandth_is_caught(x):
    with pytest.raises(GradcheckError, match=r"output 0 with respect to input 0.*numerical .*analytical"):
        gradcheck(Square.apply, x, rtol=1e-4)


def test_it_may_return_false_instead(x):
    assert gradcheck(Square.apply, x, rtol=1e-4, raise_exception=False) is False


def test_tolerances_are_the_users(x):
    assert gradcheck(Square.apply, x, rtol=1e-2)


def test_a_missing_second_derivative_is_caught(x):
    assert gradcheck(CutSquare.apply, x)
    assert gradgradcheck(CutSquare.apply, x, raise_exception=False) is False


def test_a_missing_gradient_is_caught(x):
    assert gradcheck(lambda t: t.detach() * t, x, raise_exception=False) is False


def test_a_gradient_that_changes_from_run_to_run_is_caught(x):
    class Wavers(Square):
        runs = 0

        @staticmethod
        def backward(ctx, g):
            Wavers.runs += 1
            return g * 2 * ctx.saved_tensors[0] * (1 + 1e-7 * Wavers.runs)

    with pytest.raises(GradcheckError, match="not reentrant"):
        gradcheck(Wavers.apply, x)
    assert gradcheck(Wavers.apply, x, nondet_tol=1e-3)


# ---------------------------------------------------------------------------------------------------- what it refuses


def test_nothing_to_check_is_an_error():
    with pytest.raises(ValueError, match="require gradient"):
        gradcheck(tp.exp, tp.ones(2, dtype=tp.float64))


def test_float32_is_warned_of():
    with pytest.warns(UserWarning, match="float64"):
        gradcheck(lambda t: t * t, tp.ones(2, requires_grad=True), raise_exception=False)


def test_elements_that_share_memory_are_refused():
    with pytest.raises(RuntimeError, match="share memory"):
        gradcheck(lambda t: t * t, tp.ones(1, dtype=tp.float64).expand(3).detach().requires_grad_())
