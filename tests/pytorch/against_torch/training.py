"""Training steps of optimizers and learning rates of schedulers, on both sides from the same start."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import torch

import tensorplug as tp
from against_torch.bridge import array_of
from against_torch.compare import values_difference

STEPS = 20


class Optimizer(NamedTuple):
    """An optimizer and its options; ``{"params": n}`` among the groups is the parameter with this number."""

    name: str
    options: Mapping[str, Any] = {}
    groups: tuple[dict[str, Any], ...] = ({"params": (0, 1)},)
    dtype: str = "float64"

    @property
    def id(self) -> str:
        """The call of the constructor."""
        several = f", {len(self.groups)} groups" if len(self.groups) > 1 else ""
        return f"{self.name}({', '.join(f'{k}={v}' for k, v in self.options.items())}{several}, {self.dtype})"


_TWO_GROUPS = ({"params": (0,), "lr": 0.3}, {"params": (1,), "weight_decay": 0.1})
_FORMS = ({}, {"foreach": True}, {"foreach": False})

OPTIMIZERS = (
    *(Optimizer("SGD", {"lr": 0.1, **options}) for options in (
        *_FORMS, {"momentum": 0.9}, {"momentum": 0.9, "dampening": 0.3}, {"momentum": 0.9, "nesterov": True},
        {"weight_decay": 0.1}, {"momentum": 0.5, "weight_decay": 0.2, "maximize": True},
        {"momentum": 0.9, "weight_decay": 0.01, "nesterov": True, "foreach": False}, {"fused": True})),
    Optimizer("SGD"), Optimizer("SGD", {"momentum": 0.9}, _TWO_GROUPS), Optimizer("SGD", {"lr": 0.1}, dtype="float32"),
    *(Optimizer(name, options) for name in ("Adam", "AdamW") for options in (
        *_FORMS, {"lr": 0.1}, {"lr": 0.1, "betas": (0.5, 0.8)}, {"lr": 0.1, "eps": 1e-2}, {"lr": 0.1, "amsgrad": True},
        {"lr": 0.1, "weight_decay": 0.3}, {"lr": 0.1, "maximize": True}, {"lr": 0.1, "fused": True},
        {"lr": 0.1, "amsgrad": True, "weight_decay": 0.2, "maximize": True, "foreach": False})),
    *(Optimizer(name, {"lr": 0.1, "amsgrad": True}, _TWO_GROUPS) for name in ("Adam", "AdamW")),
    *(Optimizer(name, {"lr": 0.1}, dtype="float32") for name in ("Adam", "AdamW")),
    Optimizer("Adam", {"lr": 0.1, "weight_decay": 0.3, "decoupled_weight_decay": True}),
)  # fmt: skip
"""Optimizers with every option, and some together."""


def _start(framework: Any, optimizer: Optimizer) -> tuple[list[Any], Any]:
    rng = np.random.default_rng(0)
    dtype = getattr(framework, optimizer.dtype)
    made = [framework.tensor(rng.standard_normal(s), dtype=dtype, requires_grad=True) for s in ((4, 3), (5,))]
    groups = [{**g, "params": [made[n] for n in g["params"]]} for g in optimizer.groups]
    return made, getattr(framework.optim, optimizer.name)(groups, **optimizer.options)


def _set_gradients(framework: Any, params: list[Any], step: int) -> None:
    """Gradients that depend on the values and the step; sometimes one is missing."""
    for number, param in enumerate(params):
        factor = framework.tensor(np.random.default_rng([step, number]).standard_normal(tuple(param.shape)))
        param.grad = None if (step, number) in ((3, 0), (7, 1)) else (param.detach() * 0.5 + factor).to(param.dtype)


def optimizer_differences(optimizer: Optimizer) -> Iterator[str]:
    """What is different after each step, in the state dict, and in the printed form."""
    (ours, mine), (theirs, other) = _start(tp, optimizer), _start(torch, optimizer)
    for step in range(STEPS):
        for framework, params, method in ((tp, ours, mine), (torch, theirs, other)):
            _set_gradients(framework, params, step)
            method.step()
        for number, (a, b) in enumerate(zip(ours, theirs, strict=True)):
            found = values_difference(array_of(a), array_of(b), optimizer.dtype)
            if found:
                yield f"step {step}, parameter {number}: {found}"
                return
    yield from _state_differences(mine.state_dict(), other.state_dict(), "state_dict")
    if repr(mine) != repr(other):
        yield f"prints as {mine!r}, in PyTorch as {other!r}"


def _state_differences(ours: Any, theirs: Any, place: str) -> Iterator[str]:
    if isinstance(theirs, dict):
        if set(ours) != set(theirs):
            yield f"{place} has {list(ours)}, in PyTorch {list(theirs)}"
            return
        for key in theirs:
            yield from _state_differences(ours[key], theirs[key], f"{place}[{key!r}]")
    elif isinstance(theirs, list | tuple):
        if type(ours) is not type(theirs) or len(ours) != len(theirs):
            yield f"{place} is {ours!r}, in PyTorch {theirs!r}"
            return
        for number, (a, b) in enumerate(zip(ours, theirs, strict=True)):
            yield from _state_differences(a, b, f"{place}[{number}]")
    elif isinstance(theirs, torch.Tensor):
        if str(ours.dtype).rpartition(".")[2] != str(theirs.dtype).rpartition(".")[2] or ours.shape != theirs.shape:
            yield f"{place} is {ours.dtype}{list(ours.shape)}, in PyTorch {theirs.dtype}{list(theirs.shape)}"
        elif not np.allclose(array_of(ours), array_of(theirs), rtol=1e-5, atol=1e-6):
            yield f"{place} has other values"
    elif ours != theirs and not _same_number(ours, theirs):
        yield f"{place} is {ours!r}, in PyTorch {theirs!r}"


def _same_number(ours: Any, theirs: Any) -> bool:
    return isinstance(ours, float) and isinstance(theirs, float) and math.isclose(ours, theirs, rel_tol=1e-9)


class Scheduler(NamedTuple):
    """A scheduler and its options; functions that make both sides' arguments where they hold schedulers."""

    name: str
    options: Mapping[str, Any] = {}
    metrics: bool = False

    @property
    def id(self) -> str:
        """The call of the constructor."""
        return f"{self.name}({', '.join(f'{k}={_shown(v)}' for k, v in self.options.items())})"


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(v) for v in value]
    return value.__name__ if callable(value) else value


def shrink(epoch: int) -> float:
    """A factor for ``LambdaLR`` and ``MultiplicativeLR``."""
    return 0.9 + 0.01 * (epoch % 3)


def grow(epoch: int) -> float:
    """Another factor."""
    return 1 + 0.1 * epoch


SCHEDULERS = (
    Scheduler("LambdaLR", {"lr_lambda": shrink}), Scheduler("LambdaLR", {"lr_lambda": [shrink, grow]}),
    Scheduler("MultiplicativeLR", {"lr_lambda": shrink}), Scheduler("StepLR", {"step_size": 4}),
    Scheduler("StepLR", {"step_size": 3, "gamma": 0.5}), Scheduler("MultiStepLR", {"milestones": [2, 5, 5, 9]}),
    Scheduler("MultiStepLR", {"milestones": [1, 11], "gamma": 0.3}), Scheduler("ConstantLR"),
    Scheduler("ConstantLR", {"factor": 0.5, "total_iters": 4}), Scheduler("LinearLR"),
    Scheduler("LinearLR", {"start_factor": 0.1, "end_factor": 0.8, "total_iters": 7}),
    Scheduler("ExponentialLR", {"gamma": 0.8}), Scheduler("PolynomialLR"),
    Scheduler("PolynomialLR", {"total_iters": 12, "power": 2.5}), Scheduler("CosineAnnealingLR", {"T_max": 6}),
    Scheduler("CosineAnnealingLR", {"T_max": 20, "eta_min": 0.02}),
    Scheduler("CosineAnnealingWarmRestarts", {"T_0": 4}),
    Scheduler("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2, "eta_min": 0.01}),
    *(Scheduler("CyclicLR", {"base_lr": 0.01, "max_lr": 0.2, "step_size_up": 4, **options}) for options in (
        {}, {"mode": "triangular2"}, {"mode": "exp_range", "gamma": 0.9}, {"step_size_down": 2},
        {"scale_fn": shrink, "scale_mode": "iterations"}, {"cycle_momentum": False},
        {"base_momentum": 0.7, "max_momentum": 0.95})),
    *(Scheduler("OneCycleLR", {"max_lr": 0.3, **options}) for options in (
        {"total_steps": 25}, {"epochs": 5, "steps_per_epoch": 6}, {"total_steps": 25, "anneal_strategy": "linear"},
        {"total_steps": 25, "three_phase": True}, {"total_steps": 25, "pct_start": 0.5, "div_factor": 10},
        {"total_steps": 25, "final_div_factor": 100, "cycle_momentum": False})),
    *(Scheduler("ReduceLROnPlateau", options, True) for options in (
        {}, {"patience": 2}, {"mode": "max", "patience": 1, "factor": 0.5}, {"patience": 1, "cooldown": 3},
        {"patience": 1, "threshold_mode": "abs", "threshold": 0.2}, {"patience": 0, "min_lr": 0.05},
        {"patience": 0, "min_lr": [0.05, 0.01], "eps": 1e-3})),
)  # fmt: skip
"""Schedulers with every option."""


def _optimizer(framework: Any) -> Any:
    rng = np.random.default_rng(1)
    params = [framework.tensor(rng.standard_normal(3), requires_grad=True) for _ in range(2)]
    for param in params:
        param.grad = framework.tensor(rng.standard_normal(3))
    return framework.optim.SGD([{"params": params[:1]}, {"params": params[1:], "lr": 0.4}], lr=0.1, momentum=0.9)


def scheduler_differences(scheduler: Scheduler) -> Iterator[str]:
    """What is different about the rates (and momenta) after each step, and the state dict at the end."""
    sides = []
    for framework in (tp, torch):
        optimizer = _optimizer(framework)
        made = getattr(framework.optim.lr_scheduler, scheduler.name)(optimizer, **scheduler.options)
        sides.append((optimizer, made, _history(optimizer, made, scheduler)))
    (_, mine, ours), (_, other, theirs) = sides
    for step, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        if not np.allclose(a, b, rtol=1e-9, atol=1e-12):
            yield f"after step {step} rates and momenta are {a}, in PyTorch {b}"
            return
    yield from _state_differences(mine.state_dict(), other.state_dict(), "state_dict")


def _history(optimizer: Any, made: Any, scheduler: Scheduler) -> list[list[float]]:
    found = []
    for step in range(STEPS):
        optimizer.step()
        made.step(*([math.sin(step) / (1 + step // 6)] if scheduler.metrics else []))
        found.append([g[key] for g in optimizer.param_groups for key in ("lr", "momentum")] + made.get_last_lr())
    return found
