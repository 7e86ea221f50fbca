"""Stochastic gradient descent."""

from __future__ import annotations

from typing import Any

from tensorplug import functional as ops
from tensorplug.optim.optimizer import Closure, Optimizer, grad_mode_of
from tensorplug.optim.options import check_fused, check_lr, scalar
from tensorplug.tensor import Tensor


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum if wanted.

    The gradient ``g`` gets ``weight_decay * p`` added; the momentum buffer becomes
    ``momentum * buffer + (1 - dampening) * g`` (at first just ``g``) and replaces ``g``, or, with
    ``nesterov``, is added to it times ``momentum``; then ``p -= lr * g``.

    Args:
        params: parameters or groups of them; see ``Optimizer``.
        lr: the learning rate, a number or a tensor of one element.
        momentum: how much of the buffer stays.
        dampening: how much of the gradient does not enter the buffer.
        weight_decay: factor of the L2 penalty.
        nesterov: whether to use Nesterov's momentum.
        maximize: whether to climb instead.
        foreach, fused: accepted; they do not change the result.
        differentiable: whether steps are recorded by autograd.

    Raises:
        ValueError: an option is out of range.

    Example:
        >>> import tensorplug as tp
        >>> w = tp.tensor([1.0], requires_grad=True)
        >>> optimizer = tp.optim.SGD([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([0.8000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        check_lr(lr)
        if momentum < 0.0:
            raise ValueError(f"Invalid momentum value: {momentum}")
        if weight_decay < 0.0:
            raise ValueError(f"Invalid weight_decay value: {weight_decay}")
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            "foreach": foreach,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults)
        check_fused(foreach, differentiable, fused)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for group in self.param_groups:
            group.setdefault("nesterov", False)
            group.setdefault("maximize", False)
            group.setdefault("foreach", None)
            group.setdefault("differentiable", False)
            group.setdefault("fused", False)

    def step(self, closure: Closure | None = None) -> Any:
        """Change the parameters by their gradients; see ``Optimizer.step``."""
        with grad_mode_of(self):
            loss = self._loss_of(closure)
            for group in self.param_groups:
                self._step_group(group)
        return loss

    def _step_group(self, group: dict[str, Any]) -> None:
        params = [p for p in group["params"] if p.grad is not None]
        if group["momentum"] == 0:
            self._step_params(group, params, [], 0.0)
            return
        dampening, fresh = group["dampening"], []
        for p in params:
            state = self.state[p]
            if state.get("momentum_buffer") is None:
                state["momentum_buffer"] = ops.zeros_like(p).detach()
                fresh.append(p)
        # The first gradient enters an empty buffer undampened.
        started = set(fresh) if dampening != 0 else set()
        for chosen, damping in (
            ([p for p in params if p not in started], dampening),
            (fresh if started else [], 0.0),
        ):
            self._step_params(group, chosen, [self.state[p]["momentum_buffer"] for p in chosen], damping)

    def _step_params(
        self, group: dict[str, Any], params: list[Tensor], buffers: list[Tensor], dampening: float
    ) -> None:
        differentiable = group["differentiable"]
        ops._fused_sgd_(
            params,
            [p.grad for p in params],
            buffers,
            scalar(group["lr"], differentiable),
            group["momentum"],
            dampening,
            group["weight_decay"],
            group["nesterov"],
            group["maximize"],
            differentiable,
        )
