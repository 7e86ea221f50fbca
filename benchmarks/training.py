"""Training steps: zero the gradients, forward, backward, step."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any


def _step(lib: Any, model: Any, optimizer: Any, inputs: Any, labels: Any) -> Callable[[], Any]:
    loss_of = lib.nn.CrossEntropyLoss()

    def run() -> None:
        optimizer.zero_grad()
        loss = loss_of(model(inputs), labels)
        loss.backward()
        optimizer.step()

    return run


def mlp_step(lib: Any, device: str, sizes: tuple[int, ...], batch: int, method: str) -> Callable[[], Any]:
    """A step of linear layers with ReLU between them."""
    lib.manual_seed(0)
    layers: list[Any] = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [lib.nn.Linear(inputs, outputs), lib.nn.ReLU()]
    model = lib.nn.Sequential(*layers[:-1]).to(device)
    optimizer = getattr(lib.optim, method)(model.parameters(), lr=1e-3)
    x = lib.randn(batch, sizes[0], device=device)
    y = lib.randint(0, sizes[-1], (batch,), device=device)
    return _step(lib, model, optimizer, x, y)


def digits_step(lib: Any, device: str) -> Callable[[], Any]:
    """A step of the network that ``tensorplug demo`` trains."""
    lib.manual_seed(0)
    nn = lib.nn
    model = nn.Sequential(
        *[nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2)],
        *[nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2)],
        *[nn.Flatten(), nn.Dropout(0.25), nn.Linear(32 * 2 * 2, 10)],
    ).to(device)
    optimizer = lib.optim.Adam(model.parameters(), lr=5e-3)
    x = lib.rand(64, 1, 8, 8, device=device)
    y = lib.randint(0, 10, (64,), device=device)
    return _step(lib, model, optimizer, x, y)
