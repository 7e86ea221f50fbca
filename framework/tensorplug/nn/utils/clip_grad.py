"""Limits on gradients."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

from tensorplug import functional as ops
from tensorplug.autograd.grad_mode import no_grad
from tensorplug.factories import tensor
from tensorplug.tensor import Tensor

Tensors = Tensor | Iterable[Tensor]


def _listed(tensors: Tensors) -> list[Tensor]:
    return [tensors] if isinstance(tensors, Tensor) else list(tensors)


@no_grad()
def get_total_norm(
    tensors: Tensors, norm_type: float = 2.0, error_if_nonfinite: bool = False, foreach: bool | None = None
) -> Tensor:
    """The norm of all elements of ``tensors`` together.

    Args:
        tensors: one tensor or several, on any devices; the result is on the first one's.
        norm_type: the p of the norm; ``inf`` for the largest absolute value.
        error_if_nonfinite: whether a norm that is infinite or NaN is an error.
        foreach: accepted; it does not change the result.

    Raises:
        RuntimeError: the norm is not finite and ``error_if_nonfinite`` is set.

    Example:
        >>> import tensorplug as tp
        >>> get_total_norm([tp.tensor([3.0]), tp.tensor([4.0])])
        tensor(5.)
    """
    listed = _listed(tensors)
    if not listed:
        return tensor(0.0)
    norm_type = float(norm_type)
    device = listed[0].device
    norms = [t.norm(norm_type).to(device) for t in listed]
    total = ops.stack(norms).norm(norm_type)
    if error_if_nonfinite and not bool(total.isfinite()):
        raise RuntimeError(
            f"The total norm of order {norm_type} for gradients from `parameters` is non-finite, so it "
            f"cannot be clipped. Set `error_if_nonfinite=False` to scale the gradients by it all the same."
        )
    return total


@no_grad()
def clip_grads_with_norm_(
    parameters: Tensors, max_norm: float, total_norm: Tensor, foreach: bool | None = None
) -> None:
    """Scale the gradients of ``parameters`` by ``max_norm / total_norm`` where that is below 1.

    Args:
        parameters: one tensor or several.
        max_norm: the largest norm wanted.
        total_norm: the norm that the gradients have; see ``get_total_norm``.
        foreach: accepted; it does not change the result.
    """
    # Clamped rather than compared, so that the host does not have to wait for the device.
    scale: Any = float(max_norm) / (total_norm + 1e-6)
    scale = scale.clamp(max=1.0)
    for parameter in _listed(parameters):
        if parameter.grad is not None:
            parameter.grad.mul_(scale.to(parameter.grad.device))


def clip_grad_norm_(
    parameters: Tensors,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Scale the gradients of ``parameters`` down, in place, so that their joint norm is at most ``max_norm``.

    Args:
        parameters: one tensor or several; those without a gradient do not count.
        max_norm: the largest norm wanted.
        norm_type: the p of the norm; ``inf`` for the largest absolute value.
        error_if_nonfinite: whether a norm that is infinite or NaN is an error.
        foreach: accepted; it does not change the result.

    Returns:
        The norm before.

    Raises:
        RuntimeError: the norm is not finite and ``error_if_nonfinite`` is set.
    """
    listed = _listed(parameters)
    if not isinstance(parameters, Tensor) and not listed:
        warnings.warn("`parameters` is an empty generator, no gradient clipping will occur.", stacklevel=2)
    grads = [p.grad for p in listed if p.grad is not None]
    total = get_total_norm(grads, norm_type, error_if_nonfinite, foreach)
    clip_grads_with_norm_(listed, max_norm, total, foreach)
    return total


def clip_grad_norm(
    parameters: Tensors,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """The old name of ``clip_grad_norm_``."""
    warnings.warn(
        "`nn.utils.clip_grad_norm` is now deprecated in favor of `nn.utils.clip_grad_norm_`.",
        FutureWarning,
        stacklevel=2,
    )
    return clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite, foreach)


@no_grad()
def clip_grad_value_(parameters: Tensors, clip_value: float, foreach: bool | None = None) -> None:
    """Limit each element of the gradients of ``parameters``, in place, to [-clip_value, clip_value].

    Args:
        parameters: one tensor or several; those without a gradient do not count.
        clip_value: the largest absolute value wanted.
        foreach: accepted; it does not change the result.
    """
    limit = float(clip_value)
    for parameter in _listed(parameters):
        if parameter.grad is not None:
            parameter.grad.clamp_(-limit, limit)
