"""Losses: values by hand, and what each reduction gives."""

import math

import pytest

import tensorplug as tp
from tensorplug import nn

A = [1.0, 4.0]
B = [1.0, 1.0]


@pytest.mark.parametrize(
    ("make", "elements"),
    [
        (nn.L1Loss, [0.0, 3.0]),
        (nn.MSELoss, [0.0, 9.0]),
        (nn.SmoothL1Loss, [0.0, 2.5]),
        (nn.HuberLoss, [0.0, 2.5]),
        (nn.PoissonNLLLoss, [math.e - 1, math.exp(4) - 4]),
        (nn.SoftMarginLoss, [math.log1p(math.exp(-1)), math.log1p(math.exp(-4))]),
        (nn.BCEWithLogitsLoss, [math.log1p(math.exp(-1)), math.log1p(math.exp(-4))]),
        (nn.HingeEmbeddingLoss, [1.0, 4.0]),
    ],
)
def test_reductions(make, elements):
    a, b = tp.tensor(A), tp.tensor(B)
    assert make(reduction="none")(a, b).tolist() == pytest.approx(elements, abs=1e-5)
    assert make(reduction="sum")(a, b).item() == pytest.approx(sum(elements), abs=1e-4)
    assert make()(a, b).item() == pytest.approx(sum(elements) / 2, abs=1e-4)


def test_cross_entropy_is_minus_log_softmax_of_the_target():
    logits = tp.tensor([[0.0, math.log(3.0)]])
    assert nn.CrossEntropyLoss()(logits, tp.tensor([1])).item() == pytest.approx(-math.log(0.75), abs=1e-6)


def test_cross_entropy_weights_enter_the_mean():
    logits, target = tp.tensor([[0.0, 0.0], [math.log(3.0), 0.0]]), tp.tensor([0, 1])
    loss = nn.CrossEntropyLoss(weight=tp.tensor([1.0, 3.0]))(logits, target).item()
    assert loss == pytest.approx((math.log(2) + 3 * math.log(4)) / 4, abs=1e-5)


def test_cross_entropy_ignores_an_index_and_smooths_labels():
    logits = tp.tensor([[2.0, 0.0], [0.0, 5.0]])
    only_first = nn.CrossEntropyLoss(ignore_index=7)(logits, tp.tensor([0, 7])).item()
    assert only_first == pytest.approx(math.log1p(math.exp(-2)), abs=1e-6)
    smooth = nn.CrossEntropyLoss(label_smoothing=0.5)(logits[:1], tp.tensor([0])).item()
    assert smooth == pytest.approx(0.75 * math.log1p(math.exp(-2)) + 0.25 * math.log1p(math.exp(2)), abs=1e-5)


def test_weights_are_buffers_that_move_with_the_module():
    loss = nn.NLLLoss(weight=tp.ones(2))
    assert [name for name, _ in loss.named_buffers()] == ["weight"]
    assert loss.double().weight.dtype == tp.float64


def test_nll_picks_minus_the_target_entry():
    assert nn.NLLLoss()(tp.tensor([[-1.0, -2.0]]), tp.tensor([1])).item() == 2.0


def test_kl_divergence_of_equal_distributions_is_zero():
    p = tp.tensor([[0.25, 0.75]])
    assert nn.KLDivLoss(reduction="batchmean")(p.log(), p).item() == pytest.approx(0.0, abs=1e-7)


def test_bce_limits_the_logarithm():
    assert nn.BCELoss()(tp.tensor([0.0]), tp.tensor([1.0])).item() == 100.0


def test_triplet_loss_compares_distances():
    anchor, near, far = tp.tensor([[0.0, 0.0]]), tp.tensor([[0.0, 1.0]]), tp.tensor([[3.0, 4.0]])
    assert nn.TripletMarginLoss()(anchor, near, far).item() == 0.0
    assert nn.TripletMarginLoss()(anchor, far, near).item() == pytest.approx(5.0, abs=1e-4)
    with pytest.raises(ValueError, match="greater than 0"):
        nn.TripletMarginLoss(margin=0)


def test_old_arguments_choose_the_reduction_with_a_warning():
    with pytest.warns(UserWarning, match="reduction='sum'"):
        assert nn.MSELoss(size_average=False).reduction == "sum"
    with pytest.warns(UserWarning, match="reduction='none'"):
        assert nn.MSELoss(reduce=False).reduction == "none"
