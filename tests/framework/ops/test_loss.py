"""Losses: values by NumPy, what does and does not count, gradients of two orders, refused arguments."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tensorplug as tp
from tensorplug.autograd import gradcheck, gradgradcheck
from tensorplug.nn import functional as F

Array = np.ndarray
REDUCTIONS = ("none", "sum", "mean")


def draw(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).standard_normal(shape) * 2


def signs(*shape: int, seed: int = 7) -> Array:
    return np.where(np.random.default_rng(seed).random(shape) < 0.5, 1.0, -1.0)


def probabilities(*shape: int, seed: int = 3) -> Array:
    return np.random.default_rng(seed).uniform(0.05, 0.95, shape)


def reduced(values: Array, reduction: str) -> Array:
    return {"none": values, "sum": values.sum(), "mean": values.mean()}[reduction]


def norm(x: Array) -> Array:
    return np.sqrt((x * x).sum(-1))


def cosine(a: Array, b: Array) -> Array:
    return (a * b).sum(-1) / np.sqrt(((a * a).sum(-1) + 1e-12) * ((b * b).sum(-1) + 1e-12))


def log_sigmoid(x: Array) -> Array:
    return -np.log1p(np.exp(-x))


A, B, C = draw(4, 3), draw(4, 3, seed=1), draw(4, 3, seed=2)
P, Y, Y1 = probabilities(4, 3), signs(4, 3), signs(4)
D = np.abs(A - B)

ELEMENTWISE: dict[str, tuple[Callable[..., Any], Array, tuple[Array, ...]]] = {
    "mse_loss": (F.mse_loss, (A - B) ** 2, (A, B)),
    "l1_loss": (F.l1_loss, D, (A, B)),
    "smooth_l1_loss": (
        lambda *x, **k: F.smooth_l1_loss(*x, beta=2.0, **k),
        np.where(D < 2, D * D / 4, D - 1),
        (A, B),
    ),
    "huber_loss": (
        lambda *x, **k: F.huber_loss(*x, delta=1.5, **k),
        np.where(D <= 1.5, D * D / 2, 1.5 * (D - 0.75)),
        (A, B),
    ),
    "binary_cross_entropy": (
        F.binary_cross_entropy,
        -(P * np.log(1 - P[::-1]) + (1 - P) * np.log(P[::-1])),
        (1 - P[::-1], P),
    ),
    "binary_cross_entropy_with_logits": (
        F.binary_cross_entropy_with_logits,
        -(P * log_sigmoid(A) + (1 - P) * log_sigmoid(-A)),
        (A, P),
    ),
    "kl_div": (F.kl_div, P * (np.log(P) - A), (A, P)),
    "kl_div of logarithms": (lambda *x, **k: F.kl_div(*x, log_target=True, **k), np.exp(B) * (B - A), (A, B)),
    "poisson_nll_loss": (F.poisson_nll_loss, np.exp(A) - P * A, (A, P)),
    "poisson_nll_loss of counts": (
        lambda *x, **k: F.poisson_nll_loss(*x, log_input=False, **k),
        P - D * np.log(P + 1e-8),
        (P, D),
    ),
    "gaussian_nll_loss": (F.gaussian_nll_loss, (np.log(P) + (A - B) ** 2 / P) / 2, (A, B, P)),
    "soft_margin_loss": (F.soft_margin_loss, -log_sigmoid(Y * A), (A, Y)),
    "hinge_embedding_loss": (F.hinge_embedding_loss, np.where(Y == 1, A, np.maximum(0, 1 - A)), (A, Y)),
    "margin_ranking_loss": (
        lambda *x, **k: F.margin_ranking_loss(*x, margin=0.5, **k),
        np.maximum(0, -Y * (A - B) + 0.5),
        (A, B, Y),
    ),
    "cosine_embedding_loss": (
        lambda *x, **k: F.cosine_embedding_loss(*x, margin=0.25, **k),
        np.where(Y1 == 1, 1 - cosine(A, B), np.maximum(0, cosine(A, B) - 0.25)),
        (A, B, Y1),
    ),
    "triplet_margin_loss": (
        F.triplet_margin_loss,
        np.maximum(0, norm(A - B + 1e-6) - norm(A - C + 1e-6) + 1),
        (A, B, C),
    ),
    "triplet_margin_loss swapped": (
        lambda *x, **k: F.triplet_margin_loss(*x, swap=True, **k),
        np.maximum(0, norm(A - B + 1e-6) - np.minimum(norm(A - C + 1e-6), norm(B - C + 1e-6)) + 1),
        (A, B, C),
    ),
    "multilabel_soft_margin_loss": (
        F.multilabel_soft_margin_loss,
        -(P * log_sigmoid(A) + (1 - P) * log_sigmoid(-A)).mean(1),
        (A, P),
    ),
}

every = pytest.mark.parametrize("name", ELEMENTWISE)
quiet_mean = pytest.mark.filterwarnings("ignore:reduction. 'mean' divides")


@quiet_mean
@every
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_values_and_reductions(name: str, reduction: str) -> None:
    function, expected, arrays = ELEMENTWISE[name]
    found = function(*[tp.from_numpy(a) for a in arrays], reduction=reduction)
    np.testing.assert_allclose(found.numpy(), reduced(expected, reduction), rtol=1e-9)


@quiet_mean
@every
def test_gradients_of_first_and_second_order_agree_with_differences(name: str) -> None:
    function, _, arrays = ELEMENTWISE[name]
    inputs = [tp.from_numpy(a).requires_grad_(a is not Y and a is not Y1) for a in arrays]
    assert gradcheck(function, inputs)
    assert gradgradcheck(function, inputs)


@quiet_mean
@every
def test_a_device_without_own_kernels_gives_the_same(name: str, toy: str) -> None:
    function, _, arrays = ELEMENTWISE[name]
    results = []
    for device in ("cpu", toy):
        inputs = [tp.tensor(a, device=device).requires_grad_() for a in arrays]
        found = function(*inputs)
        found.backward()
        results.append([found.detach().cpu().numpy(), inputs[0].grad.cpu().numpy()])
    for cpu, other in zip(*results, strict=True):
        np.testing.assert_allclose(other, cpu, rtol=1e-9, atol=1e-12)


# ---------------------------------------------------------------------------------------------------- classes


def log_softmax(x: Array, axis: int) -> Array:
    return x - np.log(np.exp(x).sum(axis, keepdims=True))


def class_loss(
    logs: Array, target: Array, weight: Array, ignore_index: int, reduction: str, smoothing: float = 0.0
) -> Array:
    """The loss of class indices, sample by sample; ``logs`` has its classes last."""
    flat, wanted = logs.reshape(-1, logs.shape[-1]), target.reshape(-1)
    values, weights = np.zeros(len(wanted)), np.zeros(len(wanted))
    for i, t in enumerate(wanted):
        if t != ignore_index:
            weights[i] = weight[t]
            spread = (weight * flat[i]).sum() / len(weight)
            values[i] = -(1 - smoothing) * weight[t] * flat[i, t] - smoothing * spread
    if reduction == "mean":
        return values.sum() / weights.sum()
    return values.reshape(target.shape) if reduction == "none" else values.sum()


@pytest.mark.parametrize("shape", [(5, 4), (4,), (2, 4, 3), (2, 4, 3, 2)])
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_cross_entropy_of_class_indices(
    shape: tuple[int, ...], reduction: str, weighted: bool, smoothing: float
) -> None:
    x = draw(*shape)
    axis = 0 if len(shape) == 1 else 1
    target = np.random.default_rng(1).integers(0, 4, shape[:axis] + shape[axis + 1 :])
    weight = np.array([0.5, 1.0, 2.0, 3.0]) if weighted else np.ones(4)
    logs = np.moveaxis(log_softmax(x, axis), axis, -1)
    given = tp.from_numpy(weight) if weighted else None
    for ignore_index in (-100, int(np.asarray(target).reshape(-1)[0]) if len(shape) > 1 else -100):
        options = {"weight": given, "ignore_index": ignore_index, "reduction": reduction}
        found = F.cross_entropy(tp.from_numpy(x), tp.tensor(target), label_smoothing=smoothing, **options)
        expected = class_loss(logs, np.asarray(target), weight, ignore_index, reduction, smoothing)
        np.testing.assert_allclose(found.numpy(), expected)
        by_steps = F.nll_loss(tp.from_numpy(log_softmax(x, axis)), tp.tensor(target), **options)
        plain = class_loss(logs, np.asarray(target), weight, ignore_index, reduction)
        np.testing.assert_allclose(by_steps.numpy(), plain)


@pytest.mark.parametrize("shape", [(5, 4), (4,), (2, 4, 3)])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_cross_entropy_of_probabilities(shape: tuple[int, ...], reduction: str) -> None:
    x, target, weight = draw(*shape), probabilities(*shape), np.array([0.5, 1.0, 2.0, 3.0])
    axis = 0 if len(shape) == 1 else 1
    over = weight.reshape((-1,) + (1,) * (len(shape) - 1 - axis))
    smoothed = target * 0.9 + 0.1 / 4
    values = -(log_softmax(x, axis) * smoothed * over).sum(axis)
    found = F.cross_entropy(
        tp.from_numpy(x), tp.from_numpy(target), tp.from_numpy(weight), reduction=reduction, label_smoothing=0.1
    )
    np.testing.assert_allclose(found.numpy(), reduced(values, reduction))


@pytest.mark.parametrize("function", [F.cross_entropy, F.nll_loss])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_gradients_of_class_losses(function: Callable[..., Any], reduction: str) -> None:
    target = tp.tensor([2, -100, 0, 3])
    x = tp.from_numpy(draw(4, 4)).requires_grad_()

    def loss(x: tp.Tensor) -> tp.Tensor:
        return function(x, target, reduction=reduction)

    assert gradcheck(loss, (x,))
    assert gradgradcheck(loss, (x,))


@pytest.mark.parametrize("function", [F.cross_entropy, F.nll_loss])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_many_rows_are_computed_as_few_are(function: Callable[..., Any], reduction: str) -> None:
    x = draw(3000, 50).astype(np.float32)
    target = np.random.default_rng(0).integers(0, 50, 3000)
    target[::7] = -100
    narrow, wide = (tp.from_numpy(x.astype(t)).requires_grad_() for t in (np.float32, np.float64))
    found, exact = (function(a, tp.from_numpy(target), reduction=reduction) for a in (narrow, wide))
    np.testing.assert_allclose(found.detach().numpy(), exact.detach().numpy(), rtol=1e-5, atol=1e-5)
    found.sum().backward()
    exact.sum().backward()
    np.testing.assert_allclose(narrow.grad.numpy(), wide.grad.numpy(), rtol=1e-4, atol=1e-6)


def test_class_losses_on_a_device_without_own_kernels(toy: str) -> None:
    results = []
    for device in ("cpu", toy):
        x = tp.tensor(draw(4, 3), device=device).requires_grad_()
        target = tp.tensor([0, 2, -100, 1], device=device)
        loss = F.cross_entropy(x, target) + F.nll_loss(x * 2, target, reduction="sum")
        loss.backward()
        results.append((loss.item(), x.grad.cpu().numpy()))
    assert results[0][0] == pytest.approx(results[1][0])
    np.testing.assert_allclose(results[1][1], results[0][1])


def test_plain_cross_entropy_is_one_node() -> None:
    x = tp.zeros(2, 3, requires_grad=True)
    node = F.cross_entropy(x, tp.tensor([0, 1])).grad_fn
    assert [type(n).__name__ for n, _ in node.next_functions if n is not None] == ["AccumulateGrad"]


def test_cross_entropy_of_huge_logits_does_not_overflow() -> None:
    x = tp.tensor([[1e4, 0.0], [-1e4, -2e4]], requires_grad=True)
    loss = F.cross_entropy(x, tp.tensor([1, 0]), reduction="none")
    assert loss.tolist() == [1e4, 0.0]
    loss.sum().backward()
    assert x.grad.tolist() == [[1.0, -1.0], [0.0, 0.0]]


def test_cross_entropy_of_ignored_rows_alone_is_nan() -> None:
    x = tp.zeros(2, 3, requires_grad=True)
    loss = F.cross_entropy(x, tp.tensor([-100, -100]))
    assert math.isnan(loss.item())
    assert F.cross_entropy(x, tp.tensor([-100, -100]), reduction="sum").item() == 0


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda x: F.cross_entropy(x, tp.tensor([0, 3])), IndexError, "Target 3 is out of bounds"),
        (lambda x: F.nll_loss(x, tp.tensor([0, -1])), IndexError, "Target -1 is out of bounds"),
        (lambda x: F.cross_entropy(x, tp.tensor([0, 1, 2])), ValueError, "batch_size"),
        (lambda x: F.cross_entropy(x, tp.tensor([0, 1], dtype=tp.int32)), RuntimeError, "Long"),
        (lambda x: F.cross_entropy(x, tp.zeros(2, 3).long()), RuntimeError, "floating point"),
        (lambda x: F.cross_entropy(x, tp.tensor([0, 1]), tp.ones(2)), RuntimeError, "3 classes"),
        (lambda x: F.cross_entropy(x, tp.tensor([0, 1]), label_smoothing=2.0), RuntimeError, "label_smoothing"),
        (lambda x: F.cross_entropy(x, x, ignore_index=1), RuntimeError, "ignore_index"),
        (lambda x: F.mse_loss(x, x, reduction="median"), ValueError, "median"),
        (lambda x: F.mse_loss(x, x, weight=tp.ones(3)), ValueError, "same size"),
        (lambda x: F.binary_cross_entropy(x, tp.zeros(3)), ValueError, "different"),
        (lambda x: F.binary_cross_entropy(x + 5, x), RuntimeError, "between 0 and 1"),
        (lambda x: F.binary_cross_entropy_with_logits(x, tp.zeros(3)), ValueError, "same as input size"),
        (lambda x: F.huber_loss(x, x, delta=0.0), RuntimeError, "delta"),
        (lambda x: F.smooth_l1_loss(x, x, beta=-1.0), RuntimeError, "beta"),
        (lambda x: F.gaussian_nll_loss(x, x, -1.0), ValueError, "negative"),
        (lambda x: F.gaussian_nll_loss(x, x, tp.ones(2, 2)), ValueError, "incorrect size"),
        (lambda x: F.margin_ranking_loss(x, x, tp.ones(3)), RuntimeError, "same dimension"),
        (lambda x: F.triplet_margin_loss(x, x, x, margin=0.0), ValueError, "margin"),
        (lambda x: F.multi_margin_loss(x, tp.tensor([0, 1]), p=3), ValueError, "p == 1"),
        (lambda x: F.cosine_embedding_loss(x, x[0], tp.ones(2)), RuntimeError, "2D input"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(call: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        call(tp.zeros(2, 3))


# ---------------------------------------------------------------------------------------------------- details


@pytest.mark.parametrize("function", [F.mse_loss, F.l1_loss, F.smooth_l1_loss, F.huber_loss])
def test_losses_warn_before_they_broadcast(function: Callable[..., Any]) -> None:
    with pytest.warns(UserWarning, match="broadcasting"):
        found = function(tp.zeros(2, 1), tp.ones(3), reduction="none")
    assert found.shape == (2, 3)


def test_weighted_means_are_over_the_weights_but_for_huber() -> None:
    a, b, w = tp.tensor([1.0, 3.0]), tp.tensor([0.0, 0.0]), tp.tensor([1.0, 3.0])
    assert F.mse_loss(a, b, weight=w).item() == pytest.approx(28 / 4)
    assert F.l1_loss(a, b, weight=w).item() == pytest.approx(10 / 4)
    assert F.huber_loss(a, b, weight=w).item() == pytest.approx((0.5 + 3 * 2.5) / 2)


def test_old_names_of_reductions() -> None:
    a, b = tp.tensor([1.0, 3.0]), tp.zeros(2)
    with pytest.warns(UserWarning, match="reduction='sum'"):
        assert F.mse_loss(a, b, size_average=False).item() == 10
    with pytest.warns(UserWarning, match="reduction='none'"):
        assert F.l1_loss(a, b, reduce=False).tolist() == [1.0, 3.0]


def test_large_squared_errors() -> None:
    a, b = draw(700, 301).astype(np.float32), draw(700, 301, seed=1).astype(np.float32)
    x, y = tp.from_numpy(a).requires_grad_(), tp.from_numpy(b)
    exact = (a.astype(np.float64) - b) ** 2
    for reduction in REDUCTIONS:
        np.testing.assert_allclose(
            F.mse_loss(x, y, reduction=reduction).detach().numpy(), reduced(exact, reduction), rtol=1e-5
        )
    F.mse_loss(x, y).backward()
    np.testing.assert_allclose(x.grad.numpy(), 2 * (a - b) / a.size, rtol=1e-5)


def test_binary_cross_entropy_limits_logarithms() -> None:
    x = tp.tensor([0.0, 1.0], requires_grad=True)
    loss = F.binary_cross_entropy(x, tp.tensor([1.0, 0.0]), reduction="none")
    assert loss.tolist() == [100.0, 100.0]
    loss.sum().backward()
    assert x.grad.isfinite().all()


def test_binary_cross_entropy_weighs_positives() -> None:
    x, t, w = draw(4, 3), probabilities(4, 3), np.array([0.5, 1.0, 4.0])
    found = F.binary_cross_entropy_with_logits(*map(tp.from_numpy, (x, t)), pos_weight=tp.from_numpy(w))
    expected = -(w * t * log_sigmoid(x) + (1 - t) * log_sigmoid(-x)).mean()
    assert found.item() == pytest.approx(expected)


def test_kl_div_by_batch_and_of_empty_classes() -> None:
    x, t = tp.tensor([[0.5, 0.5], [0.5, 0.5]]).log(), tp.tensor([[1.0, 0.0], [0.5, 0.5]])
    assert F.kl_div(x, t, reduction="batchmean").item() == pytest.approx(math.log(2) / 2)
    with pytest.warns(UserWarning, match="batchmean"):
        F.kl_div(x, t)


def test_poisson_loss_adds_stirlings_approximation_above_one() -> None:
    found = F.poisson_nll_loss(tp.zeros(2), tp.tensor([1.0, 4.0]), full=True, reduction="none")
    assert found.tolist() == pytest.approx([1.0, 1 + 4 * math.log(4) - 4 + 0.5 * math.log(8 * math.pi)])


def test_gaussian_loss_keeps_variances_up_but_not_their_gradient() -> None:
    var = tp.tensor([0.5, 2.0], requires_grad=True)
    F.gaussian_nll_loss(tp.tensor([1.0, 1.0]), tp.zeros(2), var, eps=1.0, reduction="sum").backward()
    assert var.grad.tolist() == pytest.approx([0.5 * (1 - 1), 0.5 * (1 / 2 - 1 / 4)])


@pytest.mark.parametrize("p", [1, 2])
def test_multi_margin_loss_counts_classes_that_come_too_close(p: int) -> None:
    x, target, weight = draw(4, 3), np.array([2, 0, 1, 1]), np.array([1.0, 2.0, 0.5])
    values = [
        sum(max(0, 0.5 - row[t] + row[c]) ** p * weight[t] for c in range(3) if c != t) / 3
        for row, t in zip(x, target, strict=True)
    ]
    found = F.multi_margin_loss(tp.from_numpy(x), tp.tensor(target), p, 0.5, tp.from_numpy(weight), reduction="none")
    np.testing.assert_allclose(found.numpy(), values)


def test_multilabel_margin_loss_ends_at_the_first_missing_label() -> None:
    x, target = draw(3, 4), np.array([[3, 0, -1, 1], [-1, 0, 0, 0], [1, 2, 3, 0]])
    values = []
    for row, labels in zip(x, target, strict=True):
        right = list(itertools.takewhile(lambda t: t >= 0, labels))
        wrong = [c for c in range(4) if c not in right]
        values.append(sum(max(0, 1 - row[r] + row[w]) for r in right for w in wrong) / 4)
    found = F.multilabel_margin_loss(tp.from_numpy(x), tp.tensor(target), reduction="none")
    np.testing.assert_allclose(found.numpy(), values)


def test_triplet_loss_takes_any_distance() -> None:
    a, b, c = (tp.from_numpy(x) for x in (A, B, C))
    found = F.triplet_margin_with_distance_loss(
        a, b, c, distance_function=lambda x, y: (x - y).abs().sum(1), margin=2.0
    )
    expected = np.maximum(0, np.abs(A - B).sum(1) - np.abs(A - C).sum(1) + 2).mean()
    assert found.item() == pytest.approx(expected)


# ---------------------------------------------------------------------------------------------------- sequences


def collapsed(path: tuple[int, ...]) -> list[int]:
    return [label for label, _ in itertools.groupby(path) if label != 0]


def test_ctc_loss_sums_over_all_alignments() -> None:
    logs = log_softmax(draw(4, 3, 3), 2)
    targets, sizes, lengths = [[1, 2], [1, 1], [2]], [2, 2, 1], [4, 3, 2]
    expected = []
    for n, (target, steps) in enumerate(zip(targets, lengths, strict=True)):
        paths = [p for p in itertools.product(range(3), repeat=steps) if collapsed(p) == target]
        expected.append(-math.log(sum(math.exp(sum(logs[t, n, c] for t, c in enumerate(p))) for p in paths)))
    padded = tp.tensor([[1, 2], [1, 1], [2, 0]])
    joined = tp.tensor([1, 2, 1, 1, 2])
    for labels in (padded, joined):
        found = F.ctc_loss(tp.from_numpy(logs), labels, lengths, sizes, reduction="none")
        np.testing.assert_allclose(found.numpy(), expected)
    mean = F.ctc_loss(tp.from_numpy(logs), padded, tp.tensor(lengths), tp.tensor(sizes))
    assert mean.item() == pytest.approx(np.mean(np.array(expected) / sizes))
    assert gradcheck(
        lambda x: F.ctc_loss(x.log_softmax(2), padded, lengths, sizes), (tp.from_numpy(logs).requires_grad_(),)
    )


def test_ctc_loss_of_an_impossible_target_is_infinite_or_left_out() -> None:
    logs = tp.zeros(2, 1, 3, requires_grad=True)
    arguments = (logs.log_softmax(2), tp.tensor([[1, 1]]), (2,), (2,))
    assert F.ctc_loss(*arguments).item() == math.inf
    F.ctc_loss(*arguments, zero_infinity=True).backward()
    assert logs.grad.abs().sum().item() == 0
