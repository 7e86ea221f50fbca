"""What modules and optimizers both do with gradients."""

from __future__ import annotations

from tensorplug.tensor import Tensor


def clear_grad(parameter: Tensor, set_to_none: bool) -> None:
    """Set a gradient to None, or to zeros that are cut off from any graph."""
    if set_to_none:
        parameter.grad = None
        return
    grad = parameter.grad
    if grad is None:
        return
    if grad.grad_fn is not None:
        grad.detach_()
    else:
        grad.requires_grad_(False)
    grad.zero_()
