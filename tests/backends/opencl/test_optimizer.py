"""Optimizer steps in one kernel for each parameter, against the same steps on the CPU."""

from typing import Any

import pytest

import tensorplug as tp

CASES = [
    (tp.optim.SGD, {"lr": 0.1}),
    (tp.optim.SGD, {"lr": 0.1, "weight_decay": 0.1, "maximize": True}),
    (tp.optim.SGD, {"lr": 0.1, "momentum": 0.9, "dampening": 0.2}),
    (tp.optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    (tp.optim.Adam, {"lr": 0.1}),
    (tp.optim.Adam, {"lr": 0.1, "amsgrad": True, "weight_decay": 0.1}),
    (tp.optim.AdamW, {"lr": 0.1, "weight_decay": 0.2}),
    (tp.optim.AdamW, {"lr": 0.1, "amsgrad": True, "maximize": True}),
]


def trained(kind: Any, options: dict[str, Any], device: str) -> Any:
    parameters = [tp.nn.Parameter(tp.linspace(-1, 1, n).to(device)) for n in (3, 100)]
    optimizer = kind(parameters, **options)
    for step in range(4):
        optimizer.zero_grad()
        sum(((p - step) ** 2).sum() for p in parameters).backward()
        optimizer.step()
    return [p.detach().cpu() for p in parameters]


@pytest.mark.parametrize(("kind", "options"), CASES)
def test_steps_agree_with_the_cpu(device: str, kind: Any, options: dict[str, Any]) -> None:
    for found, expected in zip(trained(kind, options, device), trained(kind, options, "cpu"), strict=True):
        tp.testing.assert_close(found, expected)


def test_a_step_is_one_launch_for_each_parameter(device: str, runtime: Any) -> None:
    parameters = [tp.nn.Parameter(tp.ones(n, device=device)) for n in (3, 100)]
    optimizer = tp.optim.Adam(parameters)
    for parameter in parameters:
        parameter.grad = tp.ones_like(parameter)
    optimizer.step()
    before = runtime.launches
    optimizer.step()
    assert runtime.launches == before + len(parameters)
