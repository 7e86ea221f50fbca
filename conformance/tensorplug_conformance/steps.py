"""What users reach by objects alone, as functions, so that it can be checked as any op: optimizer steps, draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorplug as tp

Tensors = Sequence[Any]


def sgd(params: Tensors, momentum_buffers: Tensors, grads: Tensors, *numbers: Any) -> list[Any]:
    """One step of ``optim.SGD``; the numbers are those of ``tensorplug._fused_sgd_``."""
    tp._fused_sgd_(params, grads, momentum_buffers, *numbers)
    return [*params, *momentum_buffers]


def adam(
    params: Tensors, averages: Tensors, squares: Tensors, largest: Tensors, grads: Tensors, *numbers: Any
) -> list[Any]:
    """One step of ``optim.Adam``; the numbers are those of ``tensorplug._fused_adam_``."""
    tp._fused_adam_(params, grads, averages, squares, largest, *numbers)
    return [*params, *averages, *squares, *largest]


def von_mises(concentration: Any) -> Any:
    """Angles of ``distributions.VonMises`` around 0."""
    return tp.distributions.VonMises(concentration.new_zeros(()), concentration).sample()
