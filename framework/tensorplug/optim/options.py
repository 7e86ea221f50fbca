"""Checks of options that several optimizers share."""

from __future__ import annotations

from tensorplug.tensor import Tensor


def check_lr(lr: float | Tensor) -> None:
    """Refuse a learning rate that is negative or a tensor of several elements.

    Raises:
        ValueError: it is one of these.
    """
    if isinstance(lr, Tensor) and lr.numel() != 1:
        raise ValueError("Tensor lr must be 1-element")
    if not lr >= 0.0:
        raise ValueError(f"Invalid learning rate: {lr}")


def check_fused(foreach: bool | None, differentiable: bool, fused: bool | None) -> None:
    """Refuse combinations of ways to compute that exclude each other.

    Raises:
        RuntimeError: ``fused`` comes with one of the others.
    """
    if fused and differentiable:
        raise RuntimeError("`fused` does not support `differentiable`")
    if fused and foreach:
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")


def scalar(value: float | Tensor, differentiable: bool) -> float | Tensor:
    """An option as a number, or still as a tensor when gradients may flow to it."""
    if not isinstance(value, Tensor):
        return value
    return value.squeeze() if differentiable else value.item()
