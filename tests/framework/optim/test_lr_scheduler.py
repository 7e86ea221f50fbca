"""Learning-rate schedules against their closed forms."""

import math

import pytest

import tensorplug as tp
from tensorplug import nn, optim
from tensorplug.optim import lr_scheduler


def optimizer(lr=1.0, **options):
    return optim.SGD([nn.Parameter(tp.ones(1))], lr=lr, **options)


def rates(make, steps, opt=None):
    """The rates at the start and after each of some steps."""
    opt = opt or optimizer()
    scheduler = make(opt)
    out = [opt.param_groups[0]["lr"]]
    for _ in range(steps):
        opt.step()
        scheduler.step()
        out.append(opt.param_groups[0]["lr"])
        assert scheduler.get_last_lr() == [out[-1]]
    return out


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda o: lr_scheduler.StepLR(o, 2, 0.5), [1, 1, 0.5, 0.5, 0.25]),
        (lambda o: lr_scheduler.MultiStepLR(o, [1, 3, 3], 0.5), [1, 0.5, 0.5, 0.125, 0.125]),
        (lambda o: lr_scheduler.ExponentialLR(o, 0.5), [1, 0.5, 0.25, 0.125, 0.0625]),
        (lambda o: lr_scheduler.ConstantLR(o, 0.5, 2), [0.5, 0.5, 1, 1, 1]),
        (lambda o: lr_scheduler.LinearLR(o, 0.5, 1.0, 2), [0.5, 0.75, 1, 1, 1]),
        (lambda o: lr_scheduler.PolynomialLR(o, 2, 2.0), [1, 0.25, 0, 0, 0]),
        (lambda o: lr_scheduler.LambdaLR(o, lambda e: 1 / (1 + e)), [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5]),
        (lambda o: lr_scheduler.MultiplicativeLR(o, lambda e: e), [1, 1, 2, 6, 24]),
        (
            lambda o: lr_scheduler.CosineAnnealingLR(o, 2, 0.2),
            [1, 0.6, 0.2, 0.6, 1],
        ),
        (lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 2), [1, 0.5, 1, 0.5, 1]),
        (
            lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 1, 2),
            [1, 1, 0.5, 1, (1 + math.cos(math.pi / 4)) / 2],
        ),
    ],
)
def test_schedules(make, expected):
    assert rates(make, 4) == pytest.approx(expected, abs=1e-9)


def test_one_cycle_rises_falls_and_moves_the_momentum_the_other_way():
    opt = optimizer(momentum=0.9)
    scheduler = lr_scheduler.OneCycleLR(opt, max_lr=1.0, total_steps=11, pct_start=0.5, anneal_strategy="linear")
    seen = []
    for _ in range(10):
        seen.append((opt.param_groups[0]["lr"], opt.param_groups[0]["momentum"]))
        opt.step()
        scheduler.step()
    lrs, momenta = zip(*seen)
    assert lrs[0] == pytest.approx(1 / 25)
    assert momenta[0] == pytest.approx(0.95)
    assert max(lrs) > 0.85
    assert lrs.index(max(lrs)) == momenta.index(min(momenta))
    assert scheduler.get_last_lr()[0] == pytest.approx(1 / 25 / 1e4)
    opt.step()
    scheduler.step()
    with pytest.raises(ValueError, match="total steps is 11"):
        scheduler.step()


def test_cyclic_goes_up_and_down():
    opt = optimizer(momentum=0.9)
    got = rates(lambda o: lr_scheduler.CyclicLR(o, 0.0, 1.0, 2), 8, opt)
    assert got == pytest.approx([0, 0.5, 1, 0.5, 0, 0.5, 1, 0.5, 0], abs=1e-9)
    opt = optimizer(momentum=0.9)
    got = rates(lambda o: lr_scheduler.CyclicLR(o, 0.0, 1.0, 1, mode="triangular2"), 5, opt)
    assert got == pytest.approx([0, 1, 0, 0.5, 0, 0.25], abs=1e-9)


def test_plateau_waits_reduces_and_cools_down():
    opt = optimizer()
    scheduler = lr_scheduler.ReduceLROnPlateau(opt, factor=0.5, patience=1, cooldown=2)
    got = []
    for loss in [3.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]:
        scheduler.step(loss)
        got.append(opt.param_groups[0]["lr"])
    assert got == [1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25]


def test_plateau_takes_tensors_maxima_and_lower_bounds():
    opt = optimizer()
    scheduler = lr_scheduler.ReduceLROnPlateau(opt, "max", factor=0.1, patience=0, min_lr=0.5)
    for value in (tp.tensor(1.0), tp.tensor(2.0), tp.tensor(1.5)):
        scheduler.step(value)
    assert opt.param_groups[0]["lr"] == 0.5


def test_sequential_hands_over_at_the_milestones():
    def make(o):
        first, second = lr_scheduler.ConstantLR(o, 0.5, 10), lr_scheduler.ExponentialLR(o, 0.5)
        return lr_scheduler.SequentialLR(o, [first, second], [2])

    assert rates(make, 4) == pytest.approx([0.5, 0.5, 1, 0.5, 0.25])


def test_chained_schedules_multiply():
    def make(o):
        return lr_scheduler.ChainedScheduler([lr_scheduler.ExponentialLR(o, 0.5), lr_scheduler.StepLR(o, 2, 0.1)])

    assert rates(make, 2) == pytest.approx([1, 0.5, 0.025])


def test_groups_keep_their_own_rates():
    params = [nn.Parameter(tp.ones(1)) for _ in range(2)]
    opt = optim.SGD([{"params": params[0]}, {"params": params[1], "lr": 4.0}], lr=2.0)
    scheduler = lr_scheduler.LambdaLR(opt, [lambda e: 1.0, lambda e: 0.5])
    assert scheduler.get_last_lr() == [2.0, 2.0]
    with pytest.raises(ValueError, match="Expected 2 lr_lambdas"):
        lr_scheduler.LambdaLR(opt, [lambda e: 1.0])


def test_state_dict_resumes():
    opt = optimizer()
    scheduler = lr_scheduler.StepLR(opt, 2, 0.5)
    for _ in range(3):
        opt.step()
        scheduler.step()
    resumed = optimizer()
    resumed.load_state_dict(opt.state_dict())
    other = lr_scheduler.StepLR(resumed, 7)
    other.load_state_dict(scheduler.state_dict())
    resumed.step()
    other.step()
    assert other.last_epoch == 4
    assert resumed.param_groups[0]["lr"] == 0.25
    assert "optimizer" not in scheduler.state_dict()


def test_resuming_needs_the_initial_rate():
    with pytest.raises(KeyError, match="initial_lr"):
        lr_scheduler.StepLR(optimizer(), 2, last_epoch=3)


def test_rate_tensors_are_changed_in_place():
    lr = tp.tensor(1.0)
    opt = optimizer(lr)
    scheduler = lr_scheduler.ExponentialLR(opt, 0.5)
    opt.step()
    scheduler.step()
    assert lr.item() == 0.5


def test_stepping_before_the_optimizer_warns():
    scheduler = lr_scheduler.StepLR(optimizer(), 2)
    with pytest.warns(UserWarning, match=r"before `optimizer.step\(\)`"):
        scheduler.step()


def test_get_lr_outside_a_step_warns():
    scheduler = lr_scheduler.StepLR(optimizer(), 2)
    with pytest.warns(UserWarning, match="get_last_lr"):
        scheduler.get_lr()


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: lr_scheduler.StepLR(nn.Linear(1, 1), 2), TypeError),
        (lambda: lr_scheduler.ConstantLR(optimizer(), 2.0), ValueError),
        (lambda: lr_scheduler.LinearLR(optimizer(), 0.0), ValueError),
        (lambda: lr_scheduler.LinearLR(optimizer(), 0.5, 1.5), ValueError),
        (lambda: lr_scheduler.MultiplicativeLR(optimizer(), 3), TypeError),
        (lambda: lr_scheduler.CosineAnnealingWarmRestarts(optimizer(), 0), ValueError),
        (lambda: lr_scheduler.ReduceLROnPlateau(optimizer(), factor=1.0), ValueError),
        (lambda: lr_scheduler.ReduceLROnPlateau(optimizer(), mode="up"), ValueError),
        (lambda: lr_scheduler.ReduceLROnPlateau(optimizer(), min_lr=[0.1, 0.2]), ValueError),
        (lambda: lr_scheduler.OneCycleLR(optimizer(momentum=0.9), 1.0), ValueError),
        (lambda: lr_scheduler.OneCycleLR(optimizer(momentum=0.9), 1.0, total_steps=-1), ValueError),
        (lambda: lr_scheduler.OneCycleLR(optimizer(momentum=0.9), 1.0, 10, pct_start=2.0), ValueError),
        (lambda: lr_scheduler.OneCycleLR(optimizer(momentum=0.9), 1.0, 10, anneal_strategy="x"), ValueError),
        (lambda: lr_scheduler.CyclicLR(optimizer(momentum=0.9), 0.1, 1.0, mode="x"), ValueError),
        (lambda: lr_scheduler.SequentialLR(optimizer(), [], []), ValueError),
        (lambda: lr_scheduler.ChainedScheduler([]), ValueError),
    ],
)
def test_bad_settings_are_refused(make, error):
    with pytest.raises(error):
        make()


def test_combined_schedules_must_share_the_optimizer():
    a, b = optimizer(), optimizer()
    parts = [lr_scheduler.StepLR(a, 1), lr_scheduler.StepLR(b, 1)]
    with pytest.raises(ValueError, match="same optimizer"):
        lr_scheduler.SequentialLR(a, parts, [1])
    with pytest.raises(ValueError, match="ReduceLROnPlateau"):
        lr_scheduler.ChainedScheduler([lr_scheduler.ReduceLROnPlateau(a)])
