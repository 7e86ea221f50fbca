"""Optimizers and learning-rate schedules."""

from tensorplug.optim import lr_scheduler
from tensorplug.optim.adam import Adam, AdamW
from tensorplug.optim.optimizer import Optimizer
from tensorplug.optim.sgd import SGD

__all__ = [
    "SGD",
    "Adam",
    "AdamW",
    "Optimizer",
    "lr_scheduler",
]
