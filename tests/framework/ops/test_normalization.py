"""Normalization: values by NumPy, running statistics, gradients of two orders, refused arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tensorplug as tp
from tensorplug.autograd import gradcheck, gradgradcheck
from tensorplug.nn import functional as F

Array = np.ndarray


def draw(*shape: int, seed: int = 0, dtype: Any = np.float64) -> Array:
    return (np.random.default_rng(seed).standard_normal(shape) * 2 + 1).astype(dtype)


def standardized(x: Array, axes: tuple[int, ...], eps: float) -> Array:
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + eps)


def over_channels(v: Array, rank: int) -> Array:
    return v.reshape((-1,) + (1,) * (rank - 2))


def layer_norm(x: Array, weight: Array, bias: Array, eps: float = 1e-5) -> Array:
    return standardized(x, tuple(range(-weight.ndim, 0)), eps) * weight + bias


def rms_norm(x: Array, weight: Array, eps: float = 1e-5) -> Array:
    return x / np.sqrt((x * x).mean(tuple(range(-weight.ndim, 0)), keepdims=True) + eps) * weight


def group_norm(x: Array, groups: int, weight: Array, bias: Array, eps: float = 1e-5) -> Array:
    cut = standardized(x.reshape(x.shape[0], groups, -1), (2,), eps).reshape(x.shape)
    return cut * over_channels(weight, x.ndim) + over_channels(bias, x.ndim)


def batch_norm(x: Array, weight: Array, bias: Array, eps: float = 1e-5) -> Array:
    axes = (0, *range(2, x.ndim))
    return standardized(x, axes, eps) * over_channels(weight, x.ndim) + over_channels(bias, x.ndim)


SHAPES = [(4, 6), (3, 6, 5), (2, 6, 4, 3), (2, 6, 1, 2, 3)]
LARGE = [(300, 400), (2000, 60, 1), (70, 30, 40), (9, 12, 30, 31), (3, 4, 9000)]

Case = tuple[Callable[..., Any], Callable[..., Array], tuple[Array, ...]]


def cases(shape: tuple[int, ...], dtype: Any = np.float64) -> dict[str, Case]:
    """Function, reference and arguments of each norm for inputs of this shape."""
    x, channels = draw(*shape, dtype=dtype), shape[1]
    weight, bias = draw(channels, seed=1, dtype=dtype), draw(channels, seed=2, dtype=dtype)
    wide, wide_bias = draw(*shape[1:], seed=3, dtype=dtype), draw(*shape[1:], seed=4, dtype=dtype)
    last, last_bias = draw(shape[-1], seed=5, dtype=dtype), draw(shape[-1], seed=6, dtype=dtype)

    def train(x: tp.Tensor, w: tp.Tensor, b: tp.Tensor) -> tp.Tensor:
        return F.batch_norm(x, None, None, w, b, training=True)

    found: dict[str, Case] = {
        "layer_norm": (lambda x, w, b: F.layer_norm(x, w.shape, w, b), layer_norm, (x, wide, wide_bias)),
        "layer_norm last": (lambda x, w, b: F.layer_norm(x, w.shape, w, b), layer_norm, (x, last, last_bias)),
        "rms_norm": (lambda x, w: F.rms_norm(x, w.shape, w, 1e-5), rms_norm, (x, wide)),
        "batch_norm": (train, batch_norm, (x, weight, bias)),
    }
    if len(shape) > 2 and np.prod(shape[2:]) > 1:
        found["group_norm"] = (
            lambda x, w, b: F.group_norm(x, 2, w, b),
            lambda x, w, b: group_norm(x, 2, w, b),
            (x, weight, bias),
        )
        found["instance_norm"] = (
            lambda x, w, b: F.instance_norm(x, None, None, w, b),
            lambda x, w, b: group_norm(x, channels, w, b),
            (x, weight, bias),
        )
    return found


def all_cases(shapes: list[tuple[int, ...]]) -> list[Any]:
    return [pytest.param(shape, name, id=f"{name} {shape}") for shape in shapes for name in cases(shape)]


@pytest.mark.parametrize(("shape", "name"), all_cases(SHAPES))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values(shape: tuple[int, ...], name: str, dtype: Any) -> None:
    function, reference, arrays = cases(shape, dtype)[name]
    found = function(*[tp.from_numpy(a) for a in arrays])
    assert found.numpy().dtype == dtype
    tolerance = 1e-5 if dtype == np.float32 else 1e-11
    np.testing.assert_allclose(found.numpy(), reference(*arrays), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("shape", "name"), all_cases(LARGE))
def test_large_arrays(shape: tuple[int, ...], name: str) -> None:
    function, reference, arrays = cases(shape, np.float32)[name]
    narrow = [tp.from_numpy(a).requires_grad_() for a in arrays]
    wide = [tp.from_numpy(a.astype(np.float64)).requires_grad_() for a in arrays]
    found, exact = function(*narrow), function(*wide)
    np.testing.assert_allclose(exact.detach().numpy(), reference(*[a.astype(np.float64) for a in arrays]), atol=1e-9)
    np.testing.assert_allclose(found.detach().numpy(), exact.detach().numpy(), rtol=1e-4, atol=1e-4)
    upstream = draw(*shape, seed=9)
    found.backward(tp.from_numpy(upstream.astype(np.float32)))
    exact.backward(tp.from_numpy(upstream))
    for a, b in zip(narrow, wide, strict=True):
        scale = b.grad.abs().max().item()
        np.testing.assert_allclose(a.grad.numpy(), b.grad.numpy(), rtol=1e-3, atol=1e-5 * scale)


@pytest.mark.parametrize(("shape", "name"), all_cases([(3, 4), (2, 4, 3)]))
def test_gradients_of_first_and_second_order_agree_with_differences(shape: tuple[int, ...], name: str) -> None:
    function, _, arrays = cases(shape)[name]
    inputs = [tp.from_numpy(a).requires_grad_() for a in arrays]
    assert gradcheck(function, inputs)
    assert gradgradcheck(function, inputs)


@pytest.mark.parametrize(("shape", "name"), all_cases([(3, 4), (2, 4, 3)]))
def test_gradients_of_some_inputs_only(shape: tuple[int, ...], name: str) -> None:
    function, _, arrays = cases(shape)[name]
    leaves = [tp.from_numpy(a).requires_grad_() for a in arrays]
    function(*leaves).square().sum().backward()
    for wanted in range(len(arrays)):
        alone = [tp.from_numpy(a).requires_grad_(i == wanted) for i, a in enumerate(arrays)]
        function(*alone).square().sum().backward()
        assert tp.allclose(alone[wanted].grad, leaves[wanted].grad)
        assert all(x.grad is None for i, x in enumerate(alone) if i != wanted)


@pytest.mark.parametrize(("shape", "name"), all_cases([(3, 4), (2, 4, 3)]))
def test_a_device_without_own_kernels_gives_the_same(shape: tuple[int, ...], name: str, toy: str) -> None:
    function, _, arrays = cases(shape)[name]
    results = []
    for device in ("cpu", toy):
        inputs = [tp.tensor(a, device=device).requires_grad_() for a in arrays]
        found = function(*inputs)
        found.square().sum().backward()
        results.append([found.detach().cpu().numpy(), *[x.grad.cpu().numpy() for x in inputs]])
    for cpu, other in zip(*results, strict=True):
        np.testing.assert_allclose(other, cpu, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", ["layer_norm", "rms_norm", "group_norm", "batch_norm"])
@pytest.mark.parametrize("dtype", [tp.float16, tp.bfloat16])
def test_half_precision_is_normalized_in_float32(name: str, dtype: tp.dtype) -> None:
    function, reference, arrays = cases((2, 4, 30))[name]
    inputs = [tp.from_numpy(a).to(dtype).requires_grad_() for a in arrays]
    found = function(*inputs)
    exact = reference(*[x.detach().double().numpy() for x in inputs])
    assert found.dtype is dtype
    np.testing.assert_allclose(found.detach().double().numpy(), exact, rtol=1e-2, atol=1e-2)
    found.float().square().sum().backward()
    assert all(x.grad.dtype is dtype for x in inputs)


def test_norms_without_weight_and_bias() -> None:
    x = draw(2, 4, 3)
    t = tp.from_numpy(x)
    np.testing.assert_allclose(F.layer_norm(t, (3,)).numpy(), standardized(x, (-1,), 1e-5))
    np.testing.assert_allclose(F.batch_norm(t, None, None, training=True).numpy(), standardized(x, (0, 2), 1e-5))
    np.testing.assert_allclose(F.group_norm(t, 4).numpy(), standardized(x, (2,), 1e-5))


def test_rms_norm_keeps_off_zero_by_the_machine_epsilon() -> None:
    found = F.rms_norm(tp.full((1, 4), 2.0**-12), (4,))
    assert found[0, 0].item() == pytest.approx(2.0**-12 / (2.0**-24 + 2.0**-23) ** 0.5)


# ---------------------------------------------------------------------------------------------------- statistics


def test_batch_norm_moves_running_statistics_towards_the_unbiased_ones_of_the_batch() -> None:
    x = draw(5, 3, 4)
    mean, var = tp.zeros(3, dtype=tp.float64), tp.ones(3, dtype=tp.float64)
    F.batch_norm(tp.from_numpy(x).requires_grad_(), mean, var, training=True, momentum=0.25)
    np.testing.assert_allclose(mean.numpy(), 0.25 * x.mean((0, 2)))
    np.testing.assert_allclose(var.numpy(), 0.75 + 0.25 * x.var((0, 2), ddof=1))
    assert not mean.requires_grad


def test_batch_norm_uses_running_statistics_outside_training_and_leaves_them() -> None:
    x, mean, var = draw(5, 3, 4), draw(3, seed=1), draw(3, seed=2) ** 2
    kept = [tp.from_numpy(mean.copy()), tp.from_numpy(var.copy())]
    weight = tp.from_numpy(draw(3, seed=3)).requires_grad_()
    bias = tp.from_numpy(draw(3, seed=4)).requires_grad_()
    leaf = tp.from_numpy(x).requires_grad_()

    def function(x: tp.Tensor, w: tp.Tensor, b: tp.Tensor) -> tp.Tensor:
        return F.batch_norm(x, *kept, w, b)

    expected = (x - mean[:, None]) / np.sqrt(var[:, None] + 1e-5) * draw(3, seed=3)[:, None] + draw(3, seed=4)[:, None]
    np.testing.assert_allclose(function(leaf, weight, bias).detach().numpy(), expected)
    assert gradcheck(function, (leaf, weight, bias))
    np.testing.assert_array_equal(kept[0].numpy(), mean)


def test_instance_norm_follows_the_mean_of_the_samples_statistics() -> None:
    x = draw(4, 3, 6)
    mean, var = tp.zeros(3, dtype=tp.float64), tp.ones(3, dtype=tp.float64)
    F.instance_norm(tp.from_numpy(x), mean, var, momentum=0.5)
    np.testing.assert_allclose(mean.numpy(), 0.5 * x.mean(2).mean(0))
    np.testing.assert_allclose(var.numpy(), 0.5 + 0.5 * x.var(2, ddof=1).mean(0))
    found = F.instance_norm(tp.from_numpy(x), mean, var, use_input_stats=False)
    expected = (x - mean.numpy()[:, None]) / np.sqrt(var.numpy()[:, None] + 1e-5)
    np.testing.assert_allclose(found.numpy(), expected)


def test_a_far_mean_does_not_cost_the_variance() -> None:
    x = (np.random.default_rng(0).standard_normal((400, 64)) + 1e4).astype(np.float32)
    exact = standardized(x.astype(np.float64), (1,), 1e-5)
    np.testing.assert_allclose(F.layer_norm(tp.from_numpy(x), (64,)).numpy(), exact, atol=2e-2)
    by_batch = F.batch_norm(tp.from_numpy(x), None, None, training=True)
    np.testing.assert_allclose(by_batch.numpy(), standardized(x.astype(np.float64), (0,), 1e-5), atol=2e-2)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_local_response_norm_counts_neighbouring_channels(size: int) -> None:
    x = draw(2, 7, 3)
    padded = np.pad(x**2, ((0, 0), (size // 2, (size - 1) // 2), (0, 0)))
    total = sum(padded[:, i : i + 7] for i in range(size))
    expected = x / (2 + 0.5 * total / size) ** 0.75
    leaf = tp.from_numpy(x).requires_grad_()
    np.testing.assert_allclose(F.local_response_norm(leaf, size, 0.5, 0.75, 2.0).detach().numpy(), expected)
    assert gradcheck(lambda t: F.local_response_norm(t, size, 0.5, 0.75, 2.0), (leaf,))


# ---------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda x: F.layer_norm(x, ()), RuntimeError, "at least 1-dimensional"),
        (lambda x: F.layer_norm(x, (4,)), RuntimeError, "expected input with shape"),
        (lambda x: F.layer_norm(x, (3,), tp.ones(4)), RuntimeError, "weight"),
        (lambda x: F.layer_norm(x, (3,), tp.ones(3, dtype=tp.float64)), RuntimeError, "dtype"),
        (lambda x: F.layer_norm(x.long(), (3,)), NotImplementedError, "int64"),
        (lambda x: F.group_norm(x, 4), RuntimeError, "divisible"),
        (lambda x: F.group_norm(x[0, 0], 1), RuntimeError, "2 dimensions"),
        (lambda x: F.group_norm(x[:1, :, :1], 6), ValueError, "more than 1 value"),
        (lambda x: F.batch_norm(x, None, None), RuntimeError, "running_mean"),
        (lambda x: F.batch_norm(x, None, None, tp.ones(5), training=True), RuntimeError, "6 elements"),
        (lambda x: F.batch_norm(x[:1, :, :1], None, None, training=True), ValueError, "more than 1 value"),
        (lambda x: F.batch_norm(x, None, None, training=True, eps=0.0), ValueError, "positive"),
        (lambda x: F.instance_norm(x[:, :, :1]), ValueError, "spatial"),
        (lambda x: F.instance_norm(x, use_input_stats=False), RuntimeError, "running_mean"),
        (lambda x: F.local_response_norm(x[0], 2), ValueError, "3D"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(call: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        call(tp.ones(2, 6, 3))
