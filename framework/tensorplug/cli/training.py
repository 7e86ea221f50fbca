"""The training run of ``tensorplug demo``: handwritten digits and a small convolutional network.

All of it is written as a user would write it, with public names alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np

import tensorplug as tp
from tensorplug import nn
from tensorplug.utils.data import DataLoader, TensorDataset

_BATCH_SIZE = 64
_LEARNING_RATE = 0.005
_TEST_SHARE = 0.25

Progress = Callable[[float, float], None]
"""Called after each step with its loss and the share of right answers so far in the epoch."""


class Digits(NamedTuple):
    """8x8 images of digits, shape ``(n, 1, 8, 8)``, values from 0 to 1, and which digit each shows."""

    train_images: np.ndarray[Any, Any]
    train_labels: np.ndarray[Any, Any]
    test_images: np.ndarray[Any, Any]
    test_labels: np.ndarray[Any, Any]


class Run(NamedTuple):
    """A finished training run.

    Attributes:
        device: where it ran.
        losses: the mean loss of each epoch.
        step_losses: the loss of each step.
        accuracy: the share of right answers on the test images.
        reloaded: the same from a fresh model with the saved weights.
        seconds: how long the training took.
    """

    device: tp.device
    losses: list[float]
    step_losses: list[float]
    accuracy: float
    reloaded: float
    seconds: float


def load_digits() -> Digits:
    """The 1797 images with the same split each time, a quarter of every digit held back for the test.

    Raises:
        click.ClickException: scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits as load
        from sklearn.model_selection import train_test_split
    except ImportError as error:
        raise click.ClickException(
            "the demo trains on scikit-learn's handwritten digits: pip install 'tensorplug[demo]'"
            f" (or pip install scikit-learn); {error}"
        ) from error
    pixels, labels = load(return_X_y=True)
    images = (pixels / 16).astype(np.float32).reshape(-1, 1, 8, 8)
    split = train_test_split(images, labels, test_size=_TEST_SHARE, stratify=labels, random_state=0)
    train_images, test_images, train_labels, test_labels = split
    return Digits(train_images, train_labels, test_images, test_labels)


def steps_per_epoch(digits: Digits) -> int:
    """How many batches an epoch has."""
    return -(-len(digits.train_images) // _BATCH_SIZE)


def build_model() -> nn.Module:
    """Two convolutions with normalisation and pooling, then a linear layer: about 6300 parameters."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.25),
        nn.Linear(32 * 2 * 2, 10),
    )


def train(digits: Digits, device: tp.device, epochs: int, seed: int, weights: Path, progress: Progress) -> Run:
    """Train a model, save its weights, and measure it and a fresh model that loads them.

    Args:
        digits: what to learn from.
        device: where to train.
        epochs: how often each image is seen.
        seed: of all random numbers: the first weights, the order of the images, dropout.
        weights: the file for the weights.
        progress: told about each step.
    """
    tp.manual_seed(seed)
    model = build_model().to(device)
    images = tp.tensor(digits.train_images, device=device)
    labels = tp.tensor(digits.train_labels, device=device)
    batches: DataLoader = DataLoader(TensorDataset(images, labels), batch_size=_BATCH_SIZE, shuffle=True)
    optimizer = tp.optim.Adam(model.parameters(), lr=_LEARNING_RATE)
    start = time.perf_counter()
    epoch_losses = [_train_epoch(model, batches, optimizer, progress) for _ in range(epochs)]
    seconds = time.perf_counter() - start
    tp.save(model.state_dict(), weights)
    fresh = build_model().to(device)
    fresh.load_state_dict(tp.load(weights))
    return Run(
        device,
        [sum(losses) / len(losses) for losses in epoch_losses],
        [loss for losses in epoch_losses for loss in losses],
        measure(model, digits, device),
        measure(fresh, digits, device),
        seconds,
    )


def _train_epoch(
    model: nn.Module, batches: DataLoader, optimizer: tp.optim.Optimizer, progress: Progress
) -> list[float]:
    model.train()
    loss_of = nn.CrossEntropyLoss()
    losses: list[float] = []
    right = seen = 0
    for images, labels in batches:
        optimizer.zero_grad()
        logits = model(images)
        loss = loss_of(logits, labels)
        loss.backward()
        optimizer.step()
        right += (logits.argmax(1) == labels).sum().item()
        seen += len(labels)
        losses.append(loss.item())
        progress(losses[-1], right / seen)
    return losses


def measure(model: nn.Module, digits: Digits, device: tp.device) -> float:
    """The share of test images that the model gets right."""
    model.eval()
    with tp.no_grad():
        found = model(tp.tensor(digits.test_images, device=device)).argmax(1)
    labels = tp.tensor(digits.test_labels, device=device)
    return float((found == labels).float().mean().item())
