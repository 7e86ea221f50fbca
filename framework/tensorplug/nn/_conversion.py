"""Moving and converting a module's tensors, and switching its modes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from tensorplug import functional as ops
from tensorplug.autograd.grad_mode import no_grad
from tensorplug.device import Device
from tensorplug.dtypes import DType, bfloat16, float16, float32, float64
from tensorplug.nn._registration import Registration
from tensorplug.tensor import Tensor
from tensorplug.utils.gradients import clear_grad


class Conversion(Registration):
    """Methods that change the tensors of a module and of those below in place, and return the module."""

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        """Replace each parameter, gradient and buffer by ``fn`` of it; parameters stay the same objects."""
        if recurse:
            for module in self.children():
                module._apply(fn)
        for parameter in self._parameters.values():
            if parameter is None:
                continue
            with no_grad():
                parameter.data = fn(parameter.data)
                grad = parameter.grad
                if grad is not None:
                    # The old gradient does not fit the new device or dtype; setting it anew is checked
                    # against both.
                    parameter.grad = None
                    parameter.grad = fn(grad.data).requires_grad_(grad.requires_grad)
        for name, buffer in self._buffers.items():
            if buffer is not None:
                self._buffers[name] = fn(buffer)
        return self

    def apply(self, fn: Callable[[Any], Any]) -> Self:
        """Call ``fn`` with every module below and with this one, children first.

        Example:
            >>> import tensorplug as tp
            >>> def fill(module):
            ...     if isinstance(module, tp.nn.Linear):
            ...         _ = tp.nn.init.ones_(module.weight)
            >>> net = tp.nn.Sequential(tp.nn.Linear(2, 1)).apply(fill)
            >>> net[0].weight.tolist()
            [[1.0, 1.0]]
        """
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def to(self, *args: Any, **kwargs: Any) -> Self:
        """Move and convert the parameters and buffers in place.

        Called as ``to(device=None, dtype=None, non_blocking=False)``, ``to(dtype, non_blocking=False)``,
        ``to(tensor, non_blocking=False)`` or ``to(memory_format=...)``. Only floating-point and complex
        tensors are converted to ``dtype``; integer ones are moved only.

        Returns:
            This module.

        Raises:
            TypeError: ``dtype`` is neither floating-point nor complex, or an argument is of another sort.

        Example:
            >>> import tensorplug as tp
            >>> tp.nn.Linear(2, 1).to(tp.float64).weight.dtype
            tensorplug.float64
        """
        device, dtype, options = _parse_to(*args, **kwargs)
        if dtype is not None and not (dtype.is_floating_point or dtype.is_complex):
            raise TypeError(
                f"nn.Module.to only accepts floating point or complex dtypes, but got desired dtype={dtype}"
            )
        memory_format = options.pop("memory_format", None)

        def convert(tensor: Tensor) -> Tensor:
            wanted = dtype if tensor.is_floating_point() or tensor.is_complex() else None
            # A memory format is an arrangement of the dimensions of images; other tensors keep theirs.
            if memory_format is not None and tensor.dim() in (4, 5):
                return tensor.to(device, wanted, memory_format=memory_format, **options)
            return tensor.to(device, wanted, **options)

        return self._apply(convert)

    def to_empty(self, *, device: Any, recurse: bool = True) -> Self:
        """Move to ``device`` without copying: the tensors there have arbitrary values."""
        return self._apply(lambda tensor: ops.empty_like(tensor, device=device), recurse)

    def cpu(self) -> Self:
        """Move all parameters and buffers to the CPU."""
        return self._apply(lambda tensor: tensor.cpu())

    def cuda(self, device: Any = None) -> Self:
        """Move all parameters and buffers to a CUDA device."""
        return self._apply(lambda tensor: tensor.cuda(device))

    def type(self, dst_type: DType | str) -> Self:
        """Convert all parameters and buffers, integer ones too."""
        return self._apply(lambda tensor: tensor.type(dst_type))

    def _float_to(self, dtype: DType) -> Self:
        return self._apply(lambda tensor: tensor.to(dtype) if tensor.is_floating_point() else tensor)

    def float(self) -> Self:
        """Convert floating-point parameters and buffers to float32."""
        return self._float_to(float32)

    def double(self) -> Self:
        """Convert floating-point parameters and buffers to float64."""
        return self._float_to(float64)

    def half(self) -> Self:
        """Convert floating-point parameters and buffers to float16."""
        return self._float_to(float16)

    def bfloat16(self) -> Self:
        """Convert floating-point parameters and buffers to bfloat16."""
        return self._float_to(bfloat16)

    def train(self, mode: bool = True) -> Self:
        """Set training mode (or evaluation mode), which layers such as dropout and batch normalisation heed.

        Raises:
            ValueError: ``mode`` is no bool.
        """
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self) -> Self:
        """Set evaluation mode; the same as ``train(False)``."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Say whether gradients are computed for the parameters: False freezes the module."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of the parameters, or set them to zero if ``set_to_none`` is False."""
        for parameter in self.parameters():
            clear_grad(parameter, set_to_none)


def _parse_to(*args: Any, **kwargs: Any) -> tuple[Device | None, DType | None, dict[str, Any]]:
    """The device, the dtype and the other arguments of a call of ``to``."""
    device: Any = kwargs.pop("device", None)
    dtype: Any = kwargs.pop("dtype", None)
    other = kwargs.pop("tensor", None)
    options: dict[str, Any] = {
        name: kwargs.pop(name) for name in ("non_blocking", "copy", "memory_format") if name in kwargs
    }
    rest = list(args)
    if rest and isinstance(rest[0], Tensor):
        other = rest.pop(0)
    elif rest and isinstance(rest[0], DType):
        dtype = rest.pop(0)
    else:
        if rest:
            device = rest.pop(0)
        if rest and (rest[0] is None or isinstance(rest[0], DType)):
            dtype = rest.pop(0)
    for name in ("non_blocking", "copy"):
        if rest:
            options[name] = rest.pop(0)
    if rest or kwargs:
        surplus = ", ".join([*map(repr, rest), *kwargs])
        raise TypeError(f"to() received an invalid combination of arguments: {surplus}")
    if other is not None:
        device, dtype = other.device, other.dtype
    options.pop("copy", None)
    return (None if device is None else Device(device)), dtype, options
