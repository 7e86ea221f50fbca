"""Optimizers over 20 steps with every option, and learning-rate schedulers."""

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed; the extra 'compare' brings it")

from against_torch import modules, training
from against_torch.known import judge

import tensorplug as tp


@pytest.mark.parametrize("optimizer", training.OPTIMIZERS, ids=lambda optimizer: optimizer.id)
def test_optimizers(optimizer):
    found = ((f"{optimizer.id}: {message}", message) for message in training.optimizer_differences(optimizer))
    judge("optimizer", optimizer.name, found)


@pytest.mark.parametrize("scheduler", training.SCHEDULERS, ids=lambda scheduler: scheduler.id)
def test_schedulers(scheduler):
    found = ((f"{scheduler.id}: {message}", message) for message in training.scheduler_differences(scheduler))
    judge("scheduler", scheduler.name, found)


@pytest.mark.parametrize("module", ["optim", "optim.lr_scheduler"])
def test_constructors(module):
    ours, theirs = tp.optim, torch.optim
    if module.endswith("lr_scheduler"):
        ours, theirs = ours.lr_scheduler, theirs.lr_scheduler
    names = modules.class_names(ours, theirs)
    differences = {n: modules.constructor_difference(getattr(ours, n), getattr(theirs, n)) for n in names}
    judge("constructor", module, [item for item in differences.items() if item[1]])
