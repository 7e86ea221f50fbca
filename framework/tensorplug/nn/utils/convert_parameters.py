"""Parameters as one long vector, and back."""

from __future__ import annotations

from collections.abc import Iterable

from tensorplug import functional as ops
from tensorplug.tensor import Tensor


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """All elements of ``parameters``, one tensor after the other.

    Raises:
        TypeError: the parameters are on several devices.

    Example:
        >>> import tensorplug as tp
        >>> parameters_to_vector([tp.ones(2), tp.zeros(1, 2)])
        tensor([1., 1., 0., 0.])
    """
    listed = list(parameters)
    _check_devices(listed)
    return ops.cat([parameter.reshape(-1) for parameter in listed])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Let ``parameters`` have the elements of ``vec``; their data become views of it.

    Raises:
        TypeError: ``vec`` is no tensor, or the parameters are on several devices.
    """
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected Tensor, but got: {type(vec)}")
    listed = list(parameters)
    _check_devices(listed)
    start = 0
    for parameter in listed:
        end = start + parameter.numel()
        parameter.data = vec[start:end].view_as(parameter).data
        start = end


def _check_devices(parameters: list[Tensor]) -> None:
    if len({parameter.device for parameter in parameters}) > 1:
        raise TypeError("Found two parameters on different devices, this is currently not supported.")
