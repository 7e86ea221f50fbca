"""Mixed precision: which op runs in which dtype, what gradients come back as, and how losses are scaled."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import tensorplug as tp
from tensorplug.amp import GradScaler, custom_bwd, custom_fwd
from tensorplug.nn import functional as F
from tensorplug.op import table
from tensorplug.precision import POLICIES

Run = Callable[[tp.Tensor, tp.Tensor], Any]
SINGLE, HALF = tp.ones(4, 4), tp.ones(4, 4, dtype=tp.bfloat16)


@pytest.fixture
def autocast() -> Iterator[None]:
    with tp.autocast("cpu"):
        yield


# ------------------------------------------------------------------------------------------------- which dtype


@pytest.mark.usefixtures("autocast")
@pytest.mark.parametrize(
    "run",
    [
        lambda a, b: a @ b,
        lambda a, b: tp.mm(a, b),
        lambda a, b: tp.bmm(a[None], b[None]),
        lambda a, b: tp.mv(a, b[0]),
        lambda a, b: tp.addmm(a, a, b),
        lambda a, b: tp.einsum("ij,jk->ik", a, b),
        lambda a, b: F.linear(a, b, a[0]),
        lambda a, b: F.conv2d(a[None, None], b[None, None]),
        lambda a, b: F.conv_transpose1d(a[None], b[..., None]),
        lambda a, b: F.scaled_dot_product_attention(a, b, a),
    ],
)
@pytest.mark.parametrize("tensors", [(SINGLE, SINGLE), (SINGLE, HALF), (HALF, SINGLE)], ids=["32 32", "32 16", "16 32"])
def test_products_are_in_half_precision(run: Run, tensors: tuple[tp.Tensor, tp.Tensor]) -> None:
    assert run(*tensors).dtype is tp.bfloat16


@pytest.mark.usefixtures("autocast")
@pytest.mark.parametrize(
    "run",
    [
        lambda a, b: a.exp(),
        lambda a, b: a**2,
        lambda a, b: a.pow(b),
        lambda a, b: 2**a,
        lambda a, b: a.log(),
        lambda a, b: a.sum(),
        lambda a, b: a.cumsum(0),
        lambda a, b: a.norm(),
        lambda a, b: a.softmax(0),
        lambda a, b: F.layer_norm(a, (4,)),
        lambda a, b: F.mse_loss(a, b),
        lambda a, b: F.cross_entropy(a, tp.tensor([0, 1, 2, 3])),
        lambda a, b: F.binary_cross_entropy(a, b),
    ],
)
def test_delicate_functions_of_half_precision_are_in_float32(run: Run) -> None:
    assert run(HALF, HALF).dtype is tp.float32


@pytest.mark.usefixtures("autocast")
def test_other_functions_keep_their_dtype() -> None:
    for run in (tp.relu, tp.tanh, tp.sigmoid, F.gelu, lambda x: x + x, lambda x: x.mean(), lambda x: x.max()):
        assert (run(HALF).dtype, run(SINGLE).dtype) == (tp.bfloat16, tp.float32)


@pytest.mark.usefixtures("autocast")
def test_functions_of_several_tensors_take_the_widest() -> None:
    assert tp.dot(SINGLE[0], HALF[0]).dtype is tp.float32
    assert tp.dot(HALF[0], HALF[0]).dtype is tp.bfloat16
    assert tp.cat([SINGLE, HALF]).dtype is tp.float32
    assert tp.scatter_add(SINGLE, 0, tp.tensor([[0]]), HALF).dtype is tp.float32


@pytest.mark.usefixtures("autocast")
def test_batch_norm_takes_half_precision_beside_its_float32_parameters() -> None:
    layer = tp.nn.BatchNorm1d(4)
    assert layer(HALF).dtype is tp.bfloat16
    assert layer.running_mean.dtype is tp.float32


@pytest.mark.usefixtures("autocast")
def test_double_precision_integers_and_wanted_dtypes_are_left_alone() -> None:
    double = SINGLE.double()
    assert (double @ double).dtype is tp.float64
    assert (SINGLE.long() @ SINGLE.long()).dtype is tp.int64
    assert HALF.sum(dtype=tp.bfloat16).dtype is tp.bfloat16


def test_values_are_computed_in_float32() -> None:
    many = tp.full((1000,), 1.01, dtype=tp.bfloat16)
    with tp.autocast("cpu"):
        found = many.exp().sum()
    assert found == many.float().exp().sum()


def test_policies_name_ops_of_the_table() -> None:
    assert [name for name in POLICIES if name not in table] == []


# ------------------------------------------------------------------------------------------------- where and when


def test_the_dtype_can_be_chosen() -> None:
    with tp.autocast("cpu", dtype=tp.float16):
        assert (SINGLE @ SINGLE).dtype is tp.float16
    tp.set_autocast_dtype("cpu", tp.float16)
    try:
        assert tp.get_autocast_dtype("cpu") is tp.float16
        with tp.autocast("cpu"):
            assert (SINGLE @ SINGLE).dtype is tp.float16
    finally:
        tp.set_autocast_dtype("cpu", tp.bfloat16)
    with pytest.raises(RuntimeError, match="float32"):
        tp.set_autocast_dtype("cpu", tp.float32)


def test_it_ends_and_can_be_switched_off_inside() -> None:
    with tp.autocast("cpu"):
        with tp.autocast("cpu", enabled=False):
            assert not tp.is_autocast_enabled("cpu")
            assert (SINGLE @ SINGLE).dtype is tp.float32
        assert tp.is_autocast_enabled("cpu")
        assert (SINGLE @ SINGLE).dtype is tp.bfloat16
    assert not tp.is_autocast_enabled()
    assert (SINGLE @ SINGLE).dtype is tp.float32


def test_it_ends_with_an_error() -> None:
    with pytest.raises(KeyError), tp.autocast("cpu"):
        raise KeyError
    assert not tp.is_autocast_enabled()


def test_it_decorates_functions() -> None:
    @tp.autocast("cpu")
    def product(a: tp.Tensor) -> tp.Tensor:
        """Squares."""
        return a @ a

    assert (product(SINGLE).dtype, product.__name__, product.__doc__) == (tp.bfloat16, "product", "Squares.")
    assert (SINGLE @ SINGLE).dtype is tp.float32


def test_only_tensors_of_its_devices_are_cast(toy: str) -> None:
    there = SINGLE.to(toy)
    with tp.autocast("cpu"):
        assert (there @ there).dtype is tp.float32
        with tp.autocast(toy, dtype=tp.float16):
            assert (there @ there).dtype is tp.float16
            assert (SINGLE @ SINGLE).dtype is tp.bfloat16


def test_devices_and_dtypes_it_cannot_use() -> None:
    with pytest.raises(RuntimeError, match="no plugin brings devices of type 'abacus'"):
        tp.autocast("abacus")
    with pytest.raises(ValueError, match="str"):
        tp.autocast(0)
    with pytest.warns(UserWarning, match="float64"), tp.autocast("cpu", dtype=tp.float64):
        assert (SINGLE @ SINGLE).dtype is tp.float32


def test_in_place_ops_keep_their_dtype() -> None:
    a = SINGLE.clone()
    with tp.autocast("cpu"):
        a.pow_(2).add_(HALF)
    assert a.dtype is tp.float32


# ------------------------------------------------------------------------------------------------- gradients


def test_gradients_have_the_dtype_of_their_tensors() -> None:
    layer = tp.nn.Linear(4, 2)
    x = tp.ones(3, 4, requires_grad=True)
    with tp.autocast("cpu"):
        loss = layer(x).relu().sum()
    loss.backward()
    assert {t.grad.dtype for t in (x, layer.weight, layer.bias)} == {tp.float32}


def cast_of(product: tp.Tensor) -> Any:
    """The node that cast the right operand of a product."""
    return product.grad_fn.next_functions[1][0]


def test_parameters_are_cast_once() -> None:
    weight = tp.ones(4, 4, requires_grad=True)
    with tp.autocast("cpu"):
        first, second = SINGLE @ weight, SINGLE @ weight
        (first.sum() + second.sum()).backward()
    assert cast_of(first) is cast_of(second)
    assert weight.grad.tolist() == [[8] * 4] * 4


def test_parameters_that_change_are_cast_again() -> None:
    weight = tp.ones(4, 4, requires_grad=True)
    with tp.autocast("cpu"):
        (SINGLE @ weight).sum().backward()
        with tp.no_grad():
            weight.mul_(2)
        assert (SINGLE @ weight)[0, 0] == 8


def test_parameters_cast_without_recording_are_cast_again_for_it() -> None:
    weight = tp.ones(4, 4, requires_grad=True)
    with tp.autocast("cpu"):
        with tp.no_grad():
            SINGLE @ weight
        assert (SINGLE @ weight).requires_grad


def test_casts_need_not_be_kept() -> None:
    weight = tp.ones(4, 4, requires_grad=True)
    with tp.autocast("cpu", cache_enabled=False):
        first, second = SINGLE @ weight, SINGLE @ weight
    assert cast_of(first) is not cast_of(second)


def test_one_region_can_hold_several_backward_passes() -> None:
    weight = tp.ones(4, 4, requires_grad=True)
    with tp.autocast("cpu"):
        for _ in range(2):
            (SINGLE @ weight).sum().backward()
    assert weight.grad.tolist() == [[8] * 4] * 4


def test_custom_functions_run_backward_as_forward() -> None:
    seen = []

    class Product(tp.autograd.Function):
        @staticmethod
        @custom_fwd(device_type="cpu")
        def forward(ctx: Any, a: tp.Tensor, b: tp.Tensor) -> tp.Tensor:
            ctx.save_for_backward(a, b)
            return a @ b

        @staticmethod
        @custom_bwd(device_type="cpu")
        def backward(ctx: Any, g: tp.Tensor) -> Any:
            seen.append(tp.is_autocast_enabled("cpu"))
            a, b = ctx.saved_tensors
            return g @ b.t(), a.t() @ g

    x = tp.ones(4, 4, requires_grad=True)
    with tp.autocast("cpu"):
        y = Product.apply(x, SINGLE)
    y.float().sum().backward()
    Product.apply(x, SINGLE).sum().backward()
    assert (y.dtype, seen) == (tp.bfloat16, [True, False])


def test_custom_functions_can_ask_for_a_dtype() -> None:
    class Same(tp.autograd.Function):
        @staticmethod
        @custom_fwd(device_type="cpu", cast_inputs=tp.float32)
        def forward(ctx: Any, x: tp.Tensor) -> tp.Tensor:
            assert not tp.is_autocast_enabled("cpu")
            return x * 1

    with tp.autocast("cpu"):
        assert Same.apply(HALF).dtype is tp.float32
    assert Same.apply(HALF).dtype is tp.bfloat16 or not tp.is_autocast_enabled()


# ------------------------------------------------------------------------------------------------- scaling


def trained(scale: float, **options: Any) -> tuple[tp.Tensor, tp.optim.SGD, GradScaler]:
    weight = tp.ones(2, requires_grad=True)
    return weight, tp.optim.SGD([weight], lr=1.0), GradScaler("cpu", init_scale=scale, **options)


def test_steps_are_those_without_scaling() -> None:
    weight, optimizer, scaler = trained(1024.0)
    scaler.scale((weight * tp.tensor([0.25, 0.5])).sum()).backward()
    assert weight.grad.tolist() == [256, 512]
    scaler.step(optimizer)
    scaler.update()
    assert weight.tolist() == [0.75, 0.5]


@pytest.mark.parametrize("bad", [float("inf"), float("nan")])
def test_steps_that_overflowed_are_left_out_and_the_scale_shrinks(bad: float) -> None:
    weight, optimizer, scaler = trained(1024.0)
    scaler.scale((weight * bad).sum()).backward()
    assert scaler.step(optimizer) is None
    scaler.update()
    assert (weight.tolist(), scaler.get_scale()) == ([1, 1], 512)


def test_the_scale_grows_after_enough_good_steps() -> None:
    weight, optimizer, scaler = trained(4.0, growth_interval=2)
    scales = []
    for _ in range(4):
        optimizer.zero_grad()
        scaler.scale(weight.sum()).backward()
        scaler.step(optimizer)
        scaler.update()
        scales.append(scaler.get_scale())
    assert scales == [4, 8, 8, 16]


def test_gradients_can_be_clipped_between() -> None:
    weight, optimizer, scaler = trained(1024.0)
    scaler.scale((weight * 3).sum()).backward()
    scaler.unscale_(optimizer)
    assert weight.grad.tolist() == [3, 3]
    tp.nn.utils.clip_grad_value_(weight, 1.0)
    scaler.step(optimizer)
    assert weight.tolist() == [0, 0]


def test_calls_out_of_order_are_refused() -> None:
    weight, optimizer, scaler = trained(2.0)
    with pytest.raises(AssertionError, match="inf checks"):
        scaler.update()
    with pytest.raises(AssertionError, match="inf checks"):
        scaler.step(optimizer)
    scaler = GradScaler("cpu")
    scaler.scale(weight.sum()).backward()
    scaler.unscale_(optimizer)
    with pytest.raises(RuntimeError, match="already been called"):
        scaler.unscale_(optimizer)
    scaler.step(optimizer)
    with pytest.raises(RuntimeError, match="already been called"):
        scaler.step(optimizer)
    with pytest.raises(RuntimeError, match="after step"):
        scaler.unscale_(optimizer)
    with pytest.raises(RuntimeError, match="Closure"):
        scaler.step(optimizer, closure=lambda: None)


def test_half_precision_losses_and_gradients() -> None:
    scaler = GradScaler("cpu", init_scale=2.0**16)
    assert scaler.scale(tp.tensor(0.25, dtype=tp.float16)).item() == 2.0**14
    weight = tp.ones(2, dtype=tp.float16, requires_grad=True)
    weight.sum().backward()
    with pytest.raises(ValueError, match="FP16"):
        scaler.unscale_(tp.optim.SGD([weight], lr=1.0))


def test_several_outputs_are_scaled_at_once() -> None:
    one, (two,) = GradScaler("cpu", init_scale=2.0).scale([tp.ones(()), (tp.ones(()),)])
    assert (one.item(), two.item()) == (2, 2)
    with pytest.raises(ValueError, match="Tensor"):
        GradScaler("cpu").scale(3)


def test_a_disabled_scaler_does_nothing() -> None:
    weight, optimizer, scaler = trained(1024.0, enabled=False)
    scaler.scale(weight.sum()).backward()
    scaler.unscale_(optimizer)
    scaler.step(optimizer)
    scaler.update()
    assert (weight.tolist(), scaler.get_scale(), scaler.state_dict()) == ([0, 0], 1, {})


def test_the_state_is_taken_over() -> None:
    scaler, other = GradScaler("cpu", init_scale=8.0, growth_interval=5), GradScaler("cpu")
    other.load_state_dict(scaler.state_dict())
    assert other.state_dict() == scaler.state_dict()
    with pytest.raises(RuntimeError, match="empty"):
        other.load_state_dict({})
