"""Activations and softmax: values by their formulas, gradients of two orders, kinks, special values, large arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tensorplug as tp
from tensorplug.autograd import gradcheck, gradgradcheck
from tensorplug.nn import functional as F

Function = Callable[..., Any]


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def normal_cdf(x: np.ndarray) -> np.ndarray:
    return np.vectorize(lambda v: 0.5 * math.erfc(-v / math.sqrt(2)))(x)


def elu(x: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


FORMULAS: dict[str, tuple[Function, Function]] = {
    "relu": (F.relu, lambda x: np.maximum(x, 0)),
    "relu6": (F.relu6, lambda x: np.clip(x, 0, 6)),
    "hardtanh": (lambda x: F.hardtanh(x, -0.5, 2.0), lambda x: np.clip(x, -0.5, 2.0)),
    "threshold": (lambda x: F.threshold(x, 0.25, -7.0), lambda x: np.where(x > 0.25, x, -7.0)),
    "hardshrink": (lambda x: F.hardshrink(x, 0.75), lambda x: np.where(np.abs(x) > 0.75, x, 0)),
    "softshrink": (F.softshrink, lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0)),
    "leaky_relu": (F.leaky_relu, lambda x: np.where(x > 0, x, 0.01 * x)),
    "leaky_relu steep": (lambda x: F.leaky_relu(x, 2.0), lambda x: np.where(x > 0, x, 2 * x)),
    "leaky_relu turned": (lambda x: F.leaky_relu(x, -0.5), lambda x: np.where(x > 0, x, -0.5 * x)),
    "rrelu": (lambda x: F.rrelu(x, 0.25, 0.75), lambda x: np.where(x > 0, x, 0.5 * x)),
    "elu": (lambda x: F.elu(x, 1.5), lambda x: elu(x, 1.5)),
    "celu": (lambda x: F.celu(x, 2.0), lambda x: np.maximum(x, 0) + np.minimum(2 * np.expm1(x / 2), 0)),
    "selu": (F.selu, lambda x: 1.0507009873554805 * elu(x, 1.6732632423543772)),
    "softplus": (lambda x: F.softplus(x, 2.0, 5.0), lambda x: np.where(2 * x > 5, x, np.log1p(np.exp(2 * x)) / 2)),
    "logsigmoid": (F.logsigmoid, lambda x: np.log(sigmoid(x))),
    "sigmoid": (F.sigmoid, sigmoid),
    "silu": (F.silu, lambda x: x * sigmoid(x)),
    "mish": (F.mish, lambda x: x * np.tanh(np.log1p(np.exp(x)))),
    "gelu": (F.gelu, lambda x: x * normal_cdf(x)),
    "gelu tanh": (
        lambda x: F.gelu(x, approximate="tanh"),
        lambda x: x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    ),
    "hardsigmoid": (F.hardsigmoid, lambda x: np.clip(x + 3, 0, 6) / 6),
    "hardswish": (F.hardswish, lambda x: x * np.clip(x + 3, 0, 6) / 6),
    "softsign": (F.softsign, lambda x: x / (1 + np.abs(x))),
    "tanhshrink": (F.tanhshrink, lambda x: x - np.tanh(x)),
    "glu": (F.glu, lambda x: x[..., : x.shape[-1] // 2] * sigmoid(x[..., x.shape[-1] // 2 :])),
    "softmax": (lambda x: F.softmax(x, -1), lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True)),
    "softmin": (lambda x: F.softmin(x, 0), lambda x: np.exp(-x) / np.exp(-x).sum(0, keepdims=True)),
    "log_softmax": (lambda x: F.log_softmax(x, 0), lambda x: x - np.log(np.exp(x).sum(0, keepdims=True))),
    "normalize": (lambda x: F.normalize(x, 3.0, 0), lambda x: x / (np.abs(x) ** 3).sum(0, keepdims=True) ** (1 / 3)),
}

every = pytest.mark.parametrize("name", FORMULAS)


def draw(*shape: int, dtype: Any = np.float64, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal(shape) * 3).astype(dtype)


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values_are_those_of_the_formula(name: str, dtype: Any) -> None:
    function, formula = FORMULAS[name]
    x = draw(5, 6, dtype=dtype)
    found = function(tp.from_numpy(x))
    assert found.numpy().dtype == dtype
    tolerance = 2e-6 if dtype == np.float32 else 1e-12
    np.testing.assert_allclose(found.numpy(), formula(x.astype(np.float64)), rtol=tolerance, atol=tolerance)


@every
def test_half_precision_is_the_formula_rounded_once(name: str) -> None:
    function, formula = FORMULAS[name]
    x = draw(4, 6, dtype=np.float16)
    found = function(tp.from_numpy(x))
    assert found.dtype is tp.float16
    np.testing.assert_allclose(found.numpy(), formula(x.astype(np.float64)), rtol=3e-3, atol=2e-3)


@every
def test_gradients_of_first_and_second_order_agree_with_differences(name: str) -> None:
    function, _ = FORMULAS[name]
    x = tp.from_numpy(draw(3, 4, seed=1)).requires_grad_()
    assert gradcheck(function, (x,))
    assert gradgradcheck(function, (x,))


@every
def test_large_arrays_are_computed_as_small_ones_are(name: str) -> None:
    function, formula = FORMULAS[name]
    x = draw(300, 1000, dtype=np.float32)
    leaf = tp.from_numpy(x).requires_grad_()
    found = function(leaf)
    exact = formula(x.astype(np.float64))
    np.testing.assert_allclose(found.detach().numpy(), exact, rtol=1e-5, atol=2e-6)
    wide = tp.from_numpy(x.astype(np.float64)).requires_grad_()
    function(wide).square().sum().backward()
    found.square().sum().backward()
    np.testing.assert_allclose(leaf.grad.numpy(), wide.grad.numpy(), rtol=1e-4, atol=1e-4)


@every
def test_inputs_with_strides_give_what_copies_give(name: str) -> None:
    function, _ = FORMULAS[name]
    x = tp.from_numpy(draw(4, 6, 8))
    turned = x.transpose(0, 1)[:, ::2]
    np.testing.assert_allclose(function(turned).numpy(), function(turned.contiguous()).numpy(), rtol=1e-12, atol=1e-15)


@every
def test_a_device_without_own_kernels_gives_the_same(name: str, toy: str) -> None:
    function, _ = FORMULAS[name]
    results = []
    for device in ("cpu", toy):
        x = tp.tensor(draw(3, 4, seed=2), device=device).requires_grad_()
        found = function(x)
        found.square().sum().backward()
        results.append((found.detach().cpu().numpy(), x.grad.cpu().numpy()))
    for cpu, other in zip(*results, strict=True):
        np.testing.assert_allclose(other, cpu, rtol=1e-9, atol=1e-9)


# ---------------------------------------------------------------------------------------------------- kinks


@pytest.mark.parametrize(
    ("function", "kink", "slope"),
    [
        (F.relu, 0.0, 0.0),
        (F.relu6, 6.0, 0.0),
        (F.hardtanh, 1.0, 0.0),
        (F.hardsigmoid, 3.0, 0.0),
        (F.hardswish, 3.0, 1.0),
        (F.hardswish, -3.0, 0.0),
        (F.hardshrink, 0.5, 0.0),
        (F.softshrink, -0.5, 0.0),
        (F.leaky_relu, 0.0, 0.01),
        (F.elu, 0.0, 1.0),
        (lambda x: F.threshold(x, 1.0, 0.0), 1.0, 0.0),
        (lambda x: F.prelu(x, tp.tensor(0.25)), 0.0, 0.25),
    ],
)
def test_slope_at_a_kink(function: Function, kink: float, slope: float) -> None:
    x = tp.tensor([kink], requires_grad=True)
    function(x).sum().backward()
    assert x.grad.tolist() == pytest.approx([slope])


def test_relu_lets_nan_and_infinite_gradients_pass_only_where_it_is_open() -> None:
    x = tp.tensor([-1.0, 1.0, math.nan], requires_grad=True)
    y = F.relu(x)
    assert y.tolist()[:2] == [0.0, 1.0]
    assert math.isnan(y[2].item())
    y.backward(tp.tensor([math.inf, math.inf, 5.0]))
    assert x.grad.tolist() == [0.0, math.inf, 5.0]


def test_relu_keeps_integers_and_refuses_bools() -> None:
    assert F.relu(tp.tensor([-2, 3])).tolist() == [0, 3]
    with pytest.raises(RuntimeError, match="bool"):
        F.relu(tp.tensor([True]))


def test_relu_in_place_keeps_its_gradient() -> None:
    x = tp.tensor([-1.0, 2.0], requires_grad=True)
    y = x * 1
    assert F.relu(y, inplace=True) is y
    y.sum().backward()
    assert (y.tolist(), x.grad.tolist()) == ([0.0, 2.0], [0.0, 1.0])


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "selu", "celu", "hardtanh", "rrelu"])
def test_in_place_twins_overwrite_their_input(name: str) -> None:
    x = tp.from_numpy(draw(7))
    expected = getattr(F, name)(x)
    assert getattr(F, name + "_")(x) is x
    assert tp.equal(x, expected)


def test_gelu_keeps_the_digits_of_its_lower_tail() -> None:
    x = np.linspace(-5, -0.5, 200, dtype=np.float32)
    exact = x.astype(np.float64) * normal_cdf(x.astype(np.float64))
    np.testing.assert_allclose(F.gelu(tp.from_numpy(x)).numpy(), exact, rtol=5e-6, atol=1e-8)


def test_saturated_activations_do_not_overflow() -> None:
    x = tp.tensor([-1e4, 1e4])
    assert F.silu(x).tolist() == [0.0, 1e4]
    assert F.gelu(x).tolist() == [0.0, 1e4]
    assert F.softplus(x).tolist() == [0.0, 1e4]
    assert F.logsigmoid(x).tolist() == [-1e4, 0.0]
    assert F.elu(x).tolist() == [-1.0, 1e4]
    assert F.mish(x).tolist() == [0.0, 1e4]


def test_prelu_has_a_slope_for_each_channel() -> None:
    x, slopes = tp.from_numpy(draw(2, 3, 4)).requires_grad_(), tp.tensor([0.1, 0.5, 2.0], dtype=tp.float64)
    expected = np.where(x.detach().numpy() > 0, x.detach().numpy(), x.detach().numpy() * slopes.numpy()[:, None])
    np.testing.assert_allclose(F.prelu(x, slopes).detach().numpy(), expected)
    assert gradcheck(F.prelu, (x, slopes.requires_grad_()))


def test_rrelu_draws_slopes_between_its_bounds_in_training() -> None:
    tp.manual_seed(0)
    found = F.rrelu(-tp.ones(1000), 0.25, 0.5, training=True)
    assert -0.5 < found.min().item() < -0.49
    assert -0.26 < found.max().item() <= -0.25


def test_gumbel_softmax_draws_one_hot_rows_with_the_probabilities_of_the_logits() -> None:
    tp.manual_seed(0)
    logits = tp.tensor([0.1, 0.7, 0.2]).log().expand(4000, 3).clone().requires_grad_()
    drawn = F.gumbel_softmax(logits, hard=True)
    assert set(drawn.detach().unique().tolist()) == {0.0, 1.0}
    assert (drawn.sum(1) == 1).all()
    assert drawn.mean(0).tolist() == pytest.approx([0.1, 0.7, 0.2], abs=0.03)
    (drawn * tp.tensor([1.0, 2.0, 3.0])).sum().backward()
    assert logits.grad.abs().sum().item() > 0


# ---------------------------------------------------------------------------------------------------- softmax


@pytest.mark.parametrize("shape", [(3, 4, 7000), (7000, 12), (2, 40, 1500), (12, 100, 100), (1, 1000, 100)])
@pytest.mark.parametrize("dim", [0, 1, 2])
def test_large_softmax_along_each_dim(shape: tuple[int, ...], dim: int) -> None:
    dim %= len(shape)
    x = draw(*shape, dtype=np.float32)
    powers = np.exp(x.astype(np.float64) - x.max())
    exact = powers / powers.sum(dim, keepdims=True)
    leaf = tp.from_numpy(x).requires_grad_()
    y = leaf.softmax(dim)
    np.testing.assert_allclose(y.detach().numpy(), exact, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(leaf.detach().log_softmax(dim).numpy(), np.log(exact), rtol=1e-5, atol=1e-5)
    g = draw(*shape, dtype=np.float32, seed=1)
    y.backward(tp.from_numpy(g))
    expected = exact * (g - (g * exact).sum(dim, keepdims=True))
    np.testing.assert_allclose(leaf.grad.numpy(), expected, rtol=1e-4, atol=1e-6)


def test_rows_of_very_different_height_keep_their_digits() -> None:
    heights = np.array([0.0, 500.0, -1000.0, 1e30], np.float32)
    x = np.broadcast_to(heights[:, None], (4, 30000)).copy()
    x[:, 0] += np.array([1, 1, 1, 0], np.float32)
    found = tp.from_numpy(x).softmax(1).numpy()
    share = math.e / (math.e + 29999)
    np.testing.assert_allclose(found[:3, 0], share, rtol=1e-5)
    np.testing.assert_allclose(found.sum(1), 1, rtol=1e-4)


@pytest.mark.parametrize("columns", [5, 20000])
def test_softmax_of_infinities(columns: int) -> None:
    x = tp.zeros(4, columns)
    x[0, 0] = -math.inf
    x[1] = -math.inf
    x[2, 1] = math.inf
    found = x.softmax(1)
    assert found[0, 0].item() == 0
    assert found[0, 1].item() == pytest.approx(1 / (columns - 1), rel=1e-5)
    assert found[1].isnan().all()
    assert found[2, 1].isnan()
    assert found[3, 0].item() == pytest.approx(1 / columns, rel=1e-5)


def test_softmax_converts_to_the_dtype_asked_for() -> None:
    found = tp.softmax(tp.tensor([1, 1]), 0, dtype=tp.float64)
    assert (found.dtype, found.tolist()) == (tp.float64, [0.5, 0.5])
    with pytest.raises(NotImplementedError, match="int64"):
        tp.softmax(tp.tensor([1, 1]), 0)


def test_softmax_of_no_dims_and_of_no_elements() -> None:
    assert tp.tensor(3.0).softmax(0).item() == 1
    assert tp.tensor(3.0).log_softmax(-1).item() == 0
    assert tp.zeros(0, 3).softmax(1).shape == (0, 3)
    assert tp.zeros(3, 0).log_softmax(1).shape == (3, 0)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: tp.zeros(2).softmax(1), IndexError, "out of range"),
        (lambda: F.glu(tp.zeros(3)), RuntimeError, "even"),
        (lambda: F.glu(tp.tensor(1.0)), RuntimeError, "0-dimensional"),
        (lambda: F.gelu(tp.zeros(1), approximate="fast"), RuntimeError, "approximate"),
        (lambda: F.prelu(tp.zeros(2, 3), tp.zeros(2)), RuntimeError, "Mismatch"),
        (lambda: F.softshrink(tp.zeros(1), -1.0), RuntimeError, "lambda"),
        (lambda: F.celu(tp.zeros(1), 0.0), RuntimeError, "alpha"),
        (lambda: F.hardtanh(tp.zeros(1), 2.0, 1.0), ValueError, "min_val"),
        (lambda: F.rrelu(tp.zeros(1), 0.5, 0.25), RuntimeError, "[Ll]ower"),
        (lambda: F.silu(tp.tensor([1])), NotImplementedError, "int64"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(call: Function, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        call()
