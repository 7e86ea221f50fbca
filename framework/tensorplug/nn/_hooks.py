"""How a module's backward hooks see its gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.autograd.function import Function
from tensorplug.autograd.grad_mode import is_grad_enabled
from tensorplug.tensor import Tensor

Hook = Callable[..., Any]


class BackwardHooks:
    """The full backward hooks of one module call.

    The call's tensor inputs and its outputs are each led through one autograd node. When the gradients of the
    outputs arrive at theirs, the pre-hooks may change them; when the gradients of the inputs leave theirs,
    the hooks may change those.
    """

    def __init__(self, module: Any, hooks: list[Hook], pre_hooks: list[Hook]) -> None:
        self._module = module
        self._hooks = hooks
        self._pre_hooks = pre_hooks
        self._grad_output: tuple[Any, ...] | None = None
        self._input_positions: list[int] | None = None
        self._output_positions: list[int] = []
        self._input_count = -1
        self._output_count = -1

    def watch_inputs(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """``args`` with its tensors replaced by watched ones, when any of them requires a gradient."""
        self._input_count = len(args)
        args, self._input_positions = _tap(args, self._on_grad_input)
        return args

    def watch_outputs(self, result: Any) -> Any:
        """``result``, a tensor or a tuple of tensors, replaced by watched tensors."""
        outputs = (result,) if isinstance(result, Tensor) else result
        if not isinstance(outputs, tuple):
            return result
        self._output_count = len(outputs)
        outputs, positions = _tap(outputs, self._on_grad_output)
        self._output_positions = positions or []
        return outputs[0] if isinstance(result, Tensor) else outputs

    def _on_grad_output(self, grads: tuple[Any, ...]) -> tuple[Any, ...]:
        grad_output = _spread(grads, self._output_positions, self._output_count)
        for hook in self._pre_hooks:
            grad_output = _checked(hook(self._module, grad_output), grad_output, "Backward pre hook", "grad_output")
        if self._input_positions is None:
            self._call_without_inputs(grad_output)
        else:
            self._grad_output = grad_output
        return tuple(grad_output[i] for i in self._output_positions)

    def _call_without_inputs(self, grad_output: tuple[Any, ...]) -> None:
        for hook in self._hooks:
            result = hook(self._module, (None,) * self._input_count, grad_output)
            if result is not None and not (isinstance(result, tuple) and all(item is None for item in result)):
                raise RuntimeError(
                    "Backward hook for Modules where no input requires gradient should always return None or "
                    "None for all gradients."
                )

    def _on_grad_input(self, grads: tuple[Any, ...]) -> tuple[Any, ...]:
        grad_output, self._grad_output = self._grad_output, None
        if grad_output is None:
            raise RuntimeError(
                "Module backward hook for grad_input is called before the grad_output one: a gradient "
                "reached the module's input without passing through its output. Compute the loss from the "
                "module's output."
            )
        positions = self._input_positions or []
        grad_input = _spread(grads, positions, self._input_count)
        for hook in self._hooks:
            result = hook(self._module, grad_input, grad_output)
            grad_input = _checked(result, grad_input, "Backward hook", "grad_input")
        return tuple(grad_input[i] for i in positions)


class _Tap(Function):
    """The identity on some tensors; ``observe`` sees their gradients and returns those to pass on."""

    @staticmethod
    def forward(ctx: Any, observe: Callable[..., Any], *tensors: Tensor) -> tuple[Tensor, ...]:
        outputs = tuple(tensor.view_as(tensor) for tensor in tensors)
        ctx.observe = observe
        ctx.set_materialize_grads(False)
        ctx.mark_non_differentiable(*(out for out, t in zip(outputs, tensors, strict=True) if not t.requires_grad))
        return outputs

    @staticmethod
    def backward(ctx: Any, *grads: Tensor | None) -> tuple[Any, ...]:
        return None, *ctx.observe(grads)


def _tap(values: tuple[Any, ...], observe: Callable[..., Any]) -> tuple[tuple[Any, ...], list[int] | None]:
    """``values`` with its tensors led through a tap, and their places; None when none needs a gradient."""
    positions = [i for i, value in enumerate(values) if isinstance(value, Tensor)]
    if not is_grad_enabled() or not any(values[i].requires_grad for i in positions):
        return values, None
    tapped = list(values)
    for i, tensor in zip(positions, _Tap.apply(observe, *(values[i] for i in positions)), strict=True):
        tapped[i] = tensor
    return tuple(tapped), positions


def _spread(grads: tuple[Any, ...], positions: list[int], count: int) -> tuple[Any, ...]:
    spread = [None] * count
    for i, grad in zip(positions, grads, strict=True):
        spread[i] = grad
    return tuple(spread)


def _checked(result: Any, current: tuple[Any, ...], who: str, what: str) -> tuple[Any, ...]:
    """What a hook returned as a tuple to go on with; None means no change."""
    if result is None:
        return current
    if not isinstance(result, tuple):
        result = (result,)
    if len(result) != len(current):
        raise RuntimeError(
            f"{who} returned an invalid number of {what}, got {len(result)}, but expected {len(current)}"
        )
    return result
