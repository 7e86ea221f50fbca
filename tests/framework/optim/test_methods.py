"""The arithmetic of SGD, Adam and AdamW, against their formulas in plain Python."""

import math

import pytest

import tensorplug as tp
from tensorplug import nn, optim

GRADS = [1.0, -2.0, 0.5, 3.0]


def path(make, start=2.0, grads=GRADS):
    """The values of a parameter over steps with given gradients."""
    p = nn.Parameter(tp.tensor(start, dtype=tp.float64))
    optimizer = make([p])
    values = []
    for grad in grads:
        p.grad = tp.tensor(grad, dtype=tp.float64)
        optimizer.step()
        assert p.grad.item() == grad, "the gradient must be left alone"
        values.append(p.item())
    return values


def sgd(lr, momentum=0.0, dampening=0.0, decay=0.0, nesterov=False, maximize=False, start=2.0):
    p, buffer, values = start, None, []
    for grad in GRADS:
        g = (-grad if maximize else grad) + decay * p
        if momentum:
            buffer = g if buffer is None else momentum * buffer + (1 - dampening) * g
            g = g + momentum * buffer if nesterov else buffer
        p -= lr * g
        values.append(p)
    return values


@pytest.mark.parametrize(
    ("options", "model"),
    [
        ({}, {}),
        ({"momentum": 0.9}, {"momentum": 0.9}),
        ({"momentum": 0.9, "dampening": 0.5}, {"momentum": 0.9, "dampening": 0.5}),
        ({"momentum": 0.9, "nesterov": True}, {"momentum": 0.9, "nesterov": True}),
        ({"weight_decay": 0.3}, {"decay": 0.3}),
        (
            {"maximize": True, "weight_decay": 0.3, "momentum": 0.5},
            {"maximize": True, "decay": 0.3, "momentum": 0.5},
        ),
        ({"foreach": True}, {}),
    ],
)
def test_sgd(options, model):
    assert path(lambda p: optim.SGD(p, lr=0.1, **options)) == pytest.approx(sgd(0.1, **model), rel=1e-12)


def adam(lr=0.1, betas=(0.9, 0.999), eps=1e-8, decay=0.0, decoupled=False, amsgrad=False, maximize=False):
    p, m, v, largest, values = 2.0, 0.0, 0.0, 0.0, []
    for t, grad in enumerate(GRADS, start=1):
        g = -grad if maximize else grad
        if decoupled:
            p *= 1 - lr * decay
        else:
            g += decay * p
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g * g
        largest = max(largest, v)
        corrected = (largest if amsgrad else v) / (1 - betas[1] ** t)
        p -= lr * (m / (1 - betas[0] ** t)) / (math.sqrt(corrected) + eps)
        values.append(p)
    return values


@pytest.mark.parametrize(
    ("options", "model"),
    [
        ({}, {}),
        ({"betas": (0.5, 0.8), "eps": 0.1}, {"betas": (0.5, 0.8), "eps": 0.1}),
        ({"weight_decay": 0.3}, {"decay": 0.3}),
        ({"amsgrad": True, "betas": (0.9, 0.5)}, {"amsgrad": True, "betas": (0.9, 0.5)}),
        ({"maximize": True}, {"maximize": True}),
        ({"weight_decay": 0.3, "decoupled_weight_decay": True}, {"decay": 0.3, "decoupled": True}),
    ],
)
def test_adam(options, model):
    assert path(lambda p: optim.Adam(p, lr=0.1, **options)) == pytest.approx(adam(**model), rel=1e-9)


def test_adamw_decays_the_parameters_by_default():
    expected = adam(decay=1e-2, decoupled=True)
    assert path(lambda p: optim.AdamW(p, lr=0.1)) == pytest.approx(expected, rel=1e-9)


def test_adam_state_has_pytorchs_layout():
    p = nn.Parameter(tp.ones(2))
    optimizer = optim.Adam([p], amsgrad=True)
    p.grad = tp.ones(2)
    optimizer.step()
    assert list(optimizer.state[p]) == ["step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"]
    assert optimizer.state[p]["step"].shape == ()


def test_parameters_that_join_later_count_their_own_steps():
    a, b = nn.Parameter(tp.ones(1)), nn.Parameter(tp.ones(1))
    optimizer = optim.Adam([a, b], lr=0.1)
    a.grad = tp.ones(1)
    optimizer.step()
    b.grad = tp.ones(1)
    optimizer.step()
    assert optimizer.state[a]["step"].item() == 2.0
    assert b.item() == pytest.approx(0.9)


def test_complex_parameters_move_like_pairs_of_reals():
    z = nn.Parameter(tp.tensor([1 + 1j]))
    optimizer = optim.Adam([z], lr=0.1)
    z.grad = tp.tensor([1 - 1j])
    optimizer.step()
    assert z.item() == pytest.approx(0.9 + 1.1j, abs=1e-6)


def test_learning_rate_may_be_a_tensor():
    lr = tp.tensor(0.1)
    assert path(lambda p: optim.SGD(p, lr=lr)) == pytest.approx(sgd(0.1), rel=1e-6)


def test_differentiable_steps_carry_gradients():
    w = tp.tensor([2.0], dtype=tp.float64, requires_grad=True)
    p = w.clone()
    optimizer = optim.SGD([p], lr=0.1, differentiable=True)
    p.grad = w * 3
    optimizer.step()
    p.sum().backward()
    assert w.grad.item() == pytest.approx(1 - 0.3)


@pytest.mark.parametrize(
    "make",
    [
        lambda p: optim.SGD(p, lr=-1.0),
        lambda p: optim.SGD(p, momentum=-1.0),
        lambda p: optim.SGD(p, weight_decay=-1.0),
        lambda p: optim.SGD(p, nesterov=True),
        lambda p: optim.SGD(p, nesterov=True, momentum=0.9, dampening=0.1),
        lambda p: optim.SGD(p, lr=tp.ones(2)),
        lambda p: optim.Adam(p, lr=-1.0),
        lambda p: optim.Adam(p, eps=-1.0),
        lambda p: optim.Adam(p, betas=(1.0, 0.9)),
        lambda p: optim.Adam(p, betas=(0.9, -0.1)),
        lambda p: optim.Adam(p, weight_decay=-1.0),
    ],
)
def test_options_out_of_range_are_refused(make):
    with pytest.raises(ValueError, match=r"Invalid|requires|1-element"):
        make([nn.Parameter(tp.ones(1))])
