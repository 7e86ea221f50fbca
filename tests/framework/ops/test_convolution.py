"""Convolution: values by their definition, sizes, gradients of two orders, every way the kernels take, refusals."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import tensorplug as tp
from tensorplug.autograd import gradcheck, gradgradcheck
from tensorplug.nn import functional as F

Sizes = tuple[int, ...]


def draw(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


def leaf(*shape: int, seed: int = 0) -> tp.Tensor:
    return tp.tensor(draw(*shape, seed=seed), requires_grad=True)


def convolved(x: np.ndarray, w: np.ndarray, stride: Sizes, padding: Sizes, dilation: Sizes, groups: int) -> np.ndarray:
    """Window by window: the definition."""
    rank = x.ndim - 2
    x = np.pad(x, [(0, 0), (0, 0), *[(p, p) for p in padding]])
    span = [d * (k - 1) + 1 for d, k in zip(dilation, w.shape[2:], strict=True)]
    size = [(n - r) // s + 1 for n, r, s in zip(x.shape[2:], span, stride, strict=True)]
    out = np.zeros((len(x), len(w), *size))
    inputs, outputs = w.shape[1], len(w) // groups
    for o, place in itertools.product(range(len(w)), itertools.product(*map(range, size))):
        first = o // outputs * inputs
        cut = [slice(i * s, i * s + r, d) for i, s, r, d in zip(place, stride, span, dilation, strict=True)]
        window = x[(slice(None), slice(first, first + inputs), *cut)]
        out[(slice(None), o, *place)] = (window * w[o]).sum(axis=tuple(range(1, rank + 2)))
    return out


CASES: dict[str, tuple[Sizes, Sizes, dict[str, Any]]] = {
    "1-d": ((2, 3, 9), (4, 3, 3), {"padding": 1}),
    "1-d, strided and dilated": ((2, 3, 12), (4, 3, 3), {"stride": 2, "dilation": 2}),
    "2-d": ((2, 3, 5, 6), (4, 3, 3, 2), {}),
    "2-d, all parameters": (
        (2, 4, 9, 8), (6, 2, 3, 2), {"stride": (2, 1), "padding": (1, 2), "dilation": (1, 3), "groups": 2},
    ),
    "windows of one element": ((2, 5, 4, 4), (3, 5, 1, 1), {}),
    "windows of one element, strided": ((2, 5, 4, 5), (3, 5, 1, 1), {"stride": 2}),
    "few channels, wide": ((2, 1, 6, 20), (4, 1, 3, 3), {"padding": 1}),
    "many channels, narrow": ((2, 12, 5, 4), (4, 12, 2, 2), {}),
    "3 x 3, even": ((2, 16, 6, 6), (17, 16, 3, 3), {"padding": 1}),
    "3 x 3, odd": ((3, 17, 7, 5), (16, 17, 3, 3), {"padding": (0, 2)}),
    "3 x 3 in groups": ((2, 32, 4, 6), (32, 16, 3, 3), {"padding": 1, "groups": 2}),
    "groups of one channel": ((2, 3, 6, 5), (3, 1, 3, 3), {"padding": 1, "groups": 3, "stride": 2}),
    "groups of one channel each giving two": ((2, 3, 6, 5), (6, 1, 2, 3), {"groups": 3}),
    "groups of two channels each giving one": ((2, 6, 6, 5), (3, 2, 2, 3), {"groups": 3}),
    "3-d": ((1, 2, 4, 5, 4), (3, 2, 2, 3, 2), {"padding": 1, "stride": (1, 2, 1)}),
}  # fmt: skip


def parameters(rank: int, given: dict[str, Any]) -> tuple[Any, ...]:
    def spread(name: str, default: int) -> Sizes:
        value = given.get(name, default)
        return value if isinstance(value, tuple) else (value,) * rank

    return spread("stride", 1), spread("padding", 0), spread("dilation", 1), given.get("groups", 1)


@pytest.mark.parametrize("name", CASES)
def test_convolution_is_the_sum_over_each_window(name: str) -> None:
    shape, kernel, given = CASES[name]
    x, w, b = draw(*shape), draw(*kernel, seed=1), draw(kernel[0], seed=2)
    rank = len(shape) - 2
    result = getattr(F, f"conv{rank}d")(tp.tensor(x), tp.tensor(w), tp.tensor(b), **given)
    expected = convolved(x, w, *parameters(rank, given)) + b.reshape(-1, *[1] * rank)
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_the_adjoints_of_convolution(name: str) -> None:
    """``<conv(x, w), g>`` is bilinear: it equals ``<x, grad_x>``, ``<w, grad_w>``; and the bias sees the sums of g."""
    shape, kernel, given = CASES[name]
    x, w, b = leaf(*shape), leaf(*kernel, seed=1), leaf(kernel[0], seed=2)
    y = getattr(F, f"conv{len(shape) - 2}d")(x, w, b, **given)
    g = tp.tensor(draw(*y.shape, seed=3))
    y.backward(g)
    product = ((y - b.reshape(-1, *[1] * (len(shape) - 2))) * g).sum().item()
    assert (x * x.grad).sum().item() == pytest.approx(product)
    assert (w * w.grad).sum().item() == pytest.approx(product)
    tp.testing.assert_close(b.grad, g.sum((0, *range(2, len(shape)))))


@pytest.mark.parametrize("name", CASES)
def test_transposed_convolution_is_the_gradient_of_convolution(name: str) -> None:
    shape, kernel, given = CASES[name]
    rank = len(shape) - 2
    x, w = leaf(*shape), tp.tensor(draw(*kernel, seed=1))
    y = getattr(F, f"conv{rank}d")(x, w, **given)
    g = tp.tensor(draw(*y.shape, seed=3))
    (wanted,) = tp.autograd.grad(y, x, g)
    transposed = getattr(F, f"conv_transpose{rank}d")
    least = transposed(g, w, **given)
    rest = tuple(n - m for n, m in zip(shape[2:], least.shape[2:], strict=True))
    tp.testing.assert_close(transposed(g, w, **given, output_padding=rest), wanted)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"stride": 2, "padding": 1},
        {"dilation": 2, "groups": 2},
    ],
    ids=str,
)
def test_gradients_of_two_orders_agree_with_differences(given: dict[str, Any]) -> None:
    groups = given.get("groups", 1)
    inputs = (leaf(2, 2, 5, 4), leaf(2, 2 // groups, 2, 2, seed=1), leaf(2, seed=2))
    assert gradcheck(lambda x, w, b: F.conv2d(x, w, b, **given), inputs)
    assert gradgradcheck(lambda x, w, b: F.conv2d(x, w, b, **given), inputs)


def test_gradients_of_a_transposed_convolution_with_output_padding() -> None:
    given = {"stride": 2, "dilation": 3, "output_padding": (1, 2), "padding": 1}
    inputs = (leaf(1, 2, 2, 3), leaf(2, 2, 2, 2, seed=1), leaf(2, seed=2))
    assert gradcheck(lambda x, w, b: F.conv_transpose2d(x, w, b, **given), inputs)
    assert gradgradcheck(lambda x, w, b: F.conv_transpose2d(x, w, b, **given), inputs)


def test_complex_gradients_are_conjugate() -> None:
    x = tp.tensor(draw(1, 2, 5) + 1j * draw(1, 2, 5, seed=1), requires_grad=True)
    w = tp.tensor(draw(3, 2, 2) + 1j * draw(3, 2, 2, seed=2), requires_grad=True)
    assert gradcheck(F.conv1d, (x, w))


def test_same_keeps_the_size_and_puts_the_odd_zero_behind() -> None:
    x = tp.arange(1.0, 5.0).reshape(1, 1, 4)
    assert F.conv1d(x, tp.tensor([[[1.0, 10.0]]]), padding="same").tolist() == [[[21.0, 32.0, 43.0, 4.0]]]
    assert F.conv2d(tp.ones(1, 1, 5, 6), tp.ones(1, 1, 4, 3), padding="same", dilation=(1, 2)).shape == (1, 1, 5, 6)


def test_valid_is_no_padding() -> None:
    x, w = tp.randn(1, 1, 4), tp.randn(1, 1, 2)
    assert tp.equal(F.conv1d(x, w, padding="valid"), F.conv1d(x, w))


def test_without_a_batch_dim_the_result_has_none() -> None:
    x, w = tp.randn(3, 5, 5), tp.randn(2, 3, 3, 3)
    tp.testing.assert_close(F.conv2d(x, w), F.conv2d(x[None], w)[0])
    tp.testing.assert_close(F.conv_transpose2d(x, w.transpose(0, 1)), F.conv_transpose2d(x[None], w.transpose(0, 1))[0])


def test_an_empty_batch_gives_an_empty_batch_and_zero_weight_gradient() -> None:
    x, w = tp.zeros(0, 3, 5, 5), tp.ones(2, 3, 3, 3, requires_grad=True)
    y = F.conv2d(x, w)
    y.sum().backward()
    assert y.shape == (0, 2, 3, 3)
    assert w.grad.abs().sum() == 0


@pytest.mark.parametrize("bad", [float("inf"), float("nan")])
def test_what_is_not_finite_stays_within_its_windows(bad: float) -> None:
    x = tp.ones(1, 16, 8, 8)
    x[0, 0, 3, 3] = bad
    finite = F.conv2d(x, tp.ones(16, 16, 3, 3), padding=1).isfinite()
    reached = tp.zeros(8, 8, dtype=tp.bool)
    reached[2:5, 2:5] = True
    assert tp.equal(finite[0], ~reached.expand(16, 8, 8))


@pytest.mark.parametrize("dtype", [tp.float32, tp.float16, tp.bfloat16])
def test_narrow_dtypes_are_accurate(dtype: tp.dtype) -> None:
    x, w = (tp.tensor(draw(*s)).to(dtype) for s in ((4, 32, 10, 10), (32, 32, 3, 3)))
    exact = F.conv2d(x.double(), w.double(), padding=1)
    error = (F.conv2d(x, w, padding=1).double() - exact).abs().max().item()
    assert error <= 4 * tp.finfo(dtype).eps * exact.abs().max().item()


def test_large_batches_are_shared_out_without_a_trace() -> None:
    x, w = tp.randn(33, 20, 16, 16), tp.randn(24, 20, 5, 5)
    w.requires_grad_()
    y = F.conv2d(x, w)
    (whole,) = tp.autograd.grad(y.sum(), w)
    one_by_one = tp.cat([F.conv2d(x[i : i + 1], w) for i in range(33)])
    tp.testing.assert_close(y, one_by_one, rtol=1e-4, atol=1e-4)
    tp.testing.assert_close(tp.autograd.grad(one_by_one.sum(), w)[0], whole, rtol=1e-4, atol=1e-2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x, w: F.conv2d(x[0, 0], w), "Expected 3D .unbatched. or 4D .batched. input to conv2d"),
        (lambda x, w: F.conv2d(x[:, :2], w), "expected input.* to have 3 channels, but got 2 channels"),
        (lambda x, w: F.conv2d(x, w, tp.ones(5)), "expected bias to be 1-dimensional with 4 elements"),
        (lambda x, w: F.conv2d(x, w.double()), "Input type .* and weight type .* should be the same"),
        (lambda x, w: F.conv2d(x, w, stride=0), "non-positive stride"),
        (lambda x, w: F.conv2d(x, w, padding=-1), "negative padding"),
        (lambda x, w: F.conv2d(x, w, groups=3), "weight to be divisible by 3"),
        (lambda x, w: F.conv2d(x, w, stride=(1, 1, 1)), "a list of 2 values"),
        (lambda x, w: F.conv2d(x[..., :2], w), "Kernel size can't be greater than actual input size"),
        (lambda x, w: F.conv2d(x, w, padding="full"), "Invalid padding string: 'full'"),
        (lambda x, w: F.conv2d(x, w, padding="same", stride=2), "not supported for strided"),
        (lambda x, w: F.conv_transpose2d(x, w.transpose(0, 1), output_padding=1), "output padding must be smaller"),
        (lambda x, w: F.conv_transpose2d(x[..., :1, :1], w.transpose(0, 1), padding=3), "Output size is too small"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(call: Any, message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        call(tp.ones(1, 3, 5, 5), tp.ones(4, 3, 3, 3))


def test_bools_are_refused() -> None:
    with pytest.raises(NotImplementedError, match="bool"):
        F.conv1d(tp.ones(1, 1, 4, dtype=tp.bool), tp.ones(1, 1, 2, dtype=tp.bool))


# ---------------------------------------------------------------------------------------------------- unfold and fold


def test_unfold_gives_a_column_for_each_window() -> None:
    x = draw(2, 3, 5, 6)
    columns = F.unfold(tp.tensor(x), (2, 3), dilation=(2, 1), padding=(0, 1), stride=(1, 2)).numpy()
    padded = np.pad(x, [(0, 0), (0, 0), (0, 0), (1, 1)])
    expected = [padded[:, :, i : i + 3 : 2, j : j + 3].reshape(2, -1) for i in range(3) for j in range(0, 6, 2)]
    np.testing.assert_array_equal(columns, np.stack(expected, -1))


def test_fold_adds_up_what_unfold_took_apart() -> None:
    x = tp.randn(2, 3, 6, 7)
    given = {"kernel_size": (3, 2), "padding": 1, "stride": (2, 1)}
    times = F.fold(F.unfold(tp.ones_like(x), **given), (6, 7), **given)
    tp.testing.assert_close(F.fold(F.unfold(x, **given), (6, 7), **given), x * times)


def test_unfold_and_fold_are_each_others_gradients() -> None:
    given = {"kernel_size": 2, "dilation": 2, "stride": 2, "padding": 1}
    assert gradgradcheck(lambda x: F.unfold(x, **given), leaf(1, 2, 4, 5))
    assert gradgradcheck(lambda x: F.fold(x, (4, 5), **given), leaf(1, 8, 6))


def test_fold_refuses_columns_that_do_not_fit() -> None:
    with pytest.raises(
        RuntimeError, match=r"calculated number of sliding blocks 2 \* 2 = 4, but got input.size\(2\)=5"
    ):
        F.fold(tp.ones(1, 9, 5), (4, 4), 3)
    with pytest.raises(RuntimeError, match="divisible by the product of kernel_size"):
        F.fold(tp.ones(1, 8, 4), (4, 4), 3)
    with pytest.raises(RuntimeError, match="components must be at least one"):
        F.unfold(tp.ones(1, 1, 3, 3), 4)
