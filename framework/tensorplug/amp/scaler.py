"""``GradScaler``: losses made larger, so that small gradients do not vanish in float16."""

from __future__ import annotations

from typing import Any

from tensorplug.dtypes import HALF, float16, float32
from tensorplug.optim import Optimizer
from tensorplug.tensor import Tensor

_READY, _UNSCALED, _STEPPED = "ready", "unscaled", "stepped"


class _Progress:
    """How far one optimizer is since the last ``update``, and whether its gradients were all finite."""

    def __init__(self) -> None:
        self.stage = _READY
        self.found_inf: bool | None = None


class GradScaler:
    """Multiplies losses by a factor and divides gradients by it before a step, which it leaves out if they overflowed.

    The factor shrinks after steps that overflowed and grows after a run of steps that did not (Micikevicius et al.,
    Mixed precision training, 2018). bfloat16 has the range of float32 and does not need it.

    Args:
        device: the type of the devices trained on; any will do, since the factor follows the losses.
        init_scale: the first factor.
        growth_factor: what the factor is multiplied by after ``growth_interval`` steps without an overflow.
        backoff_factor: what it is multiplied by after a step with one.
        growth_interval: how many steps in a row.
        enabled: ``False`` makes all methods do what they would without a scaler.

    Example:
        >>> import tensorplug as tp
        >>> model = tp.nn.Linear(2, 1)
        >>> optimizer = tp.optim.SGD(model.parameters(), lr=0.1)
        >>> scaler = tp.amp.GradScaler("cpu", init_scale=1024.0)
        >>> scaler.scale(model(tp.ones(1, 2)).sum()).backward()
        >>> scaler.step(optimizer)
        >>> scaler.update()
        >>> scaler.get_scale()
        1024.0
    """

    def __init__(
        self,
        device: str = "cuda",
        init_scale: float = 2.0**16,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        if enabled and growth_factor <= 1.0:
            raise AssertionError("The growth factor must be > 1.0.")
        if enabled and backoff_factor >= 1.0:
            raise AssertionError("The backoff factor must be < 1.0.")
        self._device = device
        self._enabled = enabled
        self._scale = float(init_scale)
        self._growth_factor = growth_factor
        self._backoff_factor = backoff_factor
        self._growth_interval = growth_interval
        self._growth_tracker = 0
        self._progress: dict[int, _Progress] = {}

    def scale(self, outputs: Any) -> Any:
        """A tensor, or a list or tuple of tensors, multiplied by the factor."""
        if not self._enabled:
            return outputs
        if isinstance(outputs, Tensor):
            if outputs.dtype in HALF:
                # The factor itself may be more than half precision holds.
                return (outputs.float() * self._scale).to(outputs.dtype)
            return outputs * self._scale
        if isinstance(outputs, list | tuple):
            return type(outputs)([self.scale(x) for x in outputs])
        raise ValueError("outputs must be a Tensor or an iterable of Tensors")

    def unscale_(self, optimizer: Optimizer) -> None:
        """Divides the gradients of an optimizer by the factor, for instance before they are clipped.

        Raises:
            RuntimeError: it was done already, or the step was taken already.
            ValueError: gradients in float16, which have lost what the factor was to keep.
        """
        if not self._enabled:
            return
        progress = self._of(optimizer)
        if progress.stage == _UNSCALED:
            raise RuntimeError("unscale_() has already been called on this optimizer since the last update().")
        if progress.stage == _STEPPED:
            raise RuntimeError("unscale_() is being called after step().")
        grads = [p.grad for group in optimizer.param_groups for p in group["params"] if p.grad is not None]
        if any(grad.dtype is float16 for grad in grads):
            raise ValueError("Attempting to unscale FP16 gradients.")
        overflows = [~grad.isfinite().all() for grad in grads]
        for grad in grads:
            grad.data.mul_(1 / self._scale)
        progress.found_inf = any(bool(x) for x in overflows) if grads else None
        progress.stage = _UNSCALED

    def step(self, optimizer: Optimizer, *args: Any, **kwargs: Any) -> Any:
        """``optimizer.step(...)``, with gradients divided by the factor, and only if they are all finite.

        Raises:
            RuntimeError: a closure is given, or the step was taken already since the last ``update``.
            AssertionError: the optimizer has no gradients.
        """
        if not self._enabled:
            return optimizer.step(*args, **kwargs)
        if "closure" in kwargs:
            raise RuntimeError("Closure use is not currently supported if GradScaler is enabled.")
        progress = self._of(optimizer)
        if progress.stage == _STEPPED:
            raise RuntimeError("step() has already been called since the last update().")
        if progress.stage == _READY:
            self.unscale_(optimizer)
        if progress.found_inf is None:
            raise AssertionError("No inf checks were recorded for this optimizer.")
        progress.stage = _STEPPED
        return None if progress.found_inf else optimizer.step(*args, **kwargs)

    def update(self, new_scale: float | Tensor | None = None) -> None:
        """Adapts the factor to what happened since the last call, or sets it.

        Raises:
            AssertionError: no step was taken since.
        """
        if not self._enabled:
            return
        found = [p.found_inf for p in self._progress.values() if p.found_inf is not None]
        if new_scale is not None:
            self._scale = float(new_scale)
        elif not found:
            raise AssertionError("No inf checks were recorded prior to update.")
        elif any(found):
            self._scale *= self._backoff_factor
            self._growth_tracker = 0
        else:
            self._grow()
        self._progress.clear()

    def _grow(self) -> None:
        self._growth_tracker += 1
        if self._growth_tracker < self._growth_interval:
            return
        self._growth_tracker = 0
        larger = self._scale * self._growth_factor
        if larger <= float32.max:
            self._scale = larger

    def _of(self, optimizer: Optimizer) -> _Progress:
        return self._progress.setdefault(id(optimizer), _Progress())

    def get_scale(self) -> float:
        """The factor; 1 where the scaler is not enabled."""
        return self._scale if self._enabled else 1.0

    def get_growth_factor(self) -> float:
        """What the factor is multiplied by when it grows."""
        return self._growth_factor

    def set_growth_factor(self, new_factor: float) -> None:
        """Sets what the factor is multiplied by when it grows."""
        self._growth_factor = new_factor

    def get_backoff_factor(self) -> float:
        """What the factor is multiplied by after an overflow."""
        return self._backoff_factor

    def set_backoff_factor(self, new_factor: float) -> None:
        """Sets what the factor is multiplied by after an overflow."""
        self._backoff_factor = new_factor

    def get_growth_interval(self) -> int:
        """After how many steps in a row without an overflow the factor grows."""
        return self._growth_interval

    def set_growth_interval(self, new_interval: int) -> None:
        """Sets after how many steps in a row without an overflow the factor grows."""
        self._growth_interval = new_interval

    def is_enabled(self) -> bool:
        """Whether the scaler does anything."""
        return self._enabled

    def state_dict(self) -> dict[str, Any]:
        """The state as plain numbers; empty where the scaler is not enabled."""
        if not self._enabled:
            return {}
        return {
            "scale": self.get_scale(),
            "growth_factor": self._growth_factor,
            "backoff_factor": self._backoff_factor,
            "growth_interval": self._growth_interval,
            "_growth_tracker": self._growth_tracker,
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Takes over what ``state_dict`` gave.

        Raises:
            RuntimeError: the state is empty: it comes from a scaler that was not enabled.
        """
        if not self._enabled:
            return
        if not state_dict:
            raise RuntimeError(
                "The source state dict is empty, possibly because it was saved from a disabled instance of GradScaler."
            )
        self._scale = float(state_dict["scale"])
        self._growth_factor = state_dict["growth_factor"]
        self._backoff_factor = state_dict["backoff_factor"]
        self._growth_interval = state_dict["growth_interval"]
        self._growth_tracker = state_dict["_growth_tracker"]
