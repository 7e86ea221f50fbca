"""Adam and AdamW."""

from __future__ import annotations

from typing import Any

from tensorplug import functional as ops
from tensorplug.dtypes import float32, float64, get_default_dtype
from tensorplug.factories import tensor
from tensorplug.optim.optimizer import Closure, Optimizer, grad_mode_of
from tensorplug.optim.options import check_fused, check_lr, scalar
from tensorplug.tensor import Tensor


class Adam(Optimizer):
    """Steps along the running mean of the gradients over the root of the running mean of their squares.

    Args:
        params: parameters or groups of them; see ``Optimizer``.
        lr: the learning rate, a number or a tensor of one element.
        betas: how much of the two running means stays.
        eps: added to the root.
        weight_decay: factor of the L2 penalty, or of the decay with ``decoupled_weight_decay``.
        amsgrad: whether to divide by the largest mean of squares so far.
        foreach, fused: accepted; they do not change the result.
        maximize: whether to climb instead.
        capturable: whether the count of steps lives on the parameter's device.
        differentiable: whether steps are recorded by autograd.
        decoupled_weight_decay: whether the decay shrinks the parameters, as in ``AdamW``.

    Raises:
        ValueError: an option is out of range.

    Source: Kingma and Ba, Adam: a method for stochastic optimization, 2014.

    Example:
        >>> import tensorplug as tp
        >>> w = tp.tensor([1.0], requires_grad=True)
        >>> optimizer = tp.optim.Adam([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        if isinstance(lr, Tensor) and foreach and not capturable:
            raise ValueError("lr as a Tensor is not supported for capturable=False and foreach=True")
        check_lr(lr)
        if not eps >= 0.0:
            raise ValueError(f"Invalid epsilon value: {eps}")
        for index, beta in enumerate(betas):
            if not 0.0 <= beta < 1.0:
                raise ValueError(f"Invalid beta parameter at index {index}: {beta}")
        if not weight_decay >= 0.0:
            raise ValueError(f"Invalid weight_decay value: {weight_decay}")
        _check_betas(betas, foreach, capturable)
        defaults = {
            "lr": lr,
            "betas": tuple(beta.squeeze() if isinstance(beta, Tensor) else beta for beta in betas),
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
            "fused": fused,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, defaults)
        check_fused(foreach, differentiable, fused)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for group in self.param_groups:
            group.setdefault("amsgrad", False)
            group.setdefault("maximize", False)
            group.setdefault("foreach", None)
            group.setdefault("capturable", False)
            group.setdefault("differentiable", False)
            group.setdefault("decoupled_weight_decay", False)
            group.setdefault("fused", None)
            for p in group["params"]:
                own = self.state.get(p)
                # Old files count with a plain number.
                if own and not isinstance(own["step"], Tensor):
                    own["step"] = _counter(float(own["step"]), p, group)

    def step(self, closure: Closure | None = None) -> Any:
        """Change the parameters by their gradients; see ``Optimizer.step``."""
        with grad_mode_of(self):
            loss = self._loss_of(closure)
            for group in self.param_groups:
                for step, params in self._count(group).items():
                    self._step_group(group, step, params)
        return loss

    def _count(self, group: dict[str, Any]) -> dict[float, list[Tensor]]:
        """Advance the counters; the parameters that have gradients, by the number of their step."""
        by_step: dict[float, list[Tensor]] = {}
        for p in group["params"]:
            if p.grad is None:
                continue
            state = self.state[p]
            if not state:
                state["step"] = _counter(0.0, p, group)
                state["exp_avg"] = ops.zeros_like(p).detach()
                state["exp_avg_sq"] = ops.zeros_like(p).detach()
                if group["amsgrad"]:
                    state["max_exp_avg_sq"] = ops.zeros_like(p).detach()
            step = state["step"]
            step += 1
            by_step.setdefault(step.item(), []).append(p)
        return by_step

    def _step_group(self, group: dict[str, Any], step: float, params: list[Tensor]) -> None:
        states = [self.state[p] for p in params]
        tensors = [
            params,
            [p.grad for p in params],
            [state["exp_avg"] for state in states],
            [state["exp_avg_sq"] for state in states],
            [state["max_exp_avg_sq"] for state in states] if group["amsgrad"] else [],
        ]
        in_reals = [[_as_reals(t) for t in listed] for listed in tensors]
        parameters, gradients, averages, squares, largest = in_reals
        differentiable = group["differentiable"]
        beta1, beta2 = (scalar(beta, differentiable) for beta in group["betas"])
        ops._fused_adam_(
            parameters,
            gradients,
            averages,
            squares,
            largest,
            step=step,
            lr=scalar(group["lr"], differentiable),
            beta1=beta1,
            beta2=beta2,
            eps=group["eps"],
            weight_decay=group["weight_decay"],
            maximize=group["maximize"],
            decoupled=group["decoupled_weight_decay"],
            differentiable=differentiable,
        )
        for listed, reals in zip(tensors, in_reals, strict=True):
            for t, r in zip(listed, reals, strict=True):
                if r is not t:
                    t.copy_(ops.complex(r[0], r[1]))


class AdamW(Adam):
    """Adam whose weight decay shrinks the parameters instead of entering the gradients.

    Args:
        params: parameters or groups of them; see ``Optimizer``.
        lr: the learning rate, a number or a tensor of one element.
        betas: how much of the two running means stays.
        eps: added to the root.
        weight_decay: factor of the decay.
        amsgrad: whether to divide by the largest mean of squares so far.
        maximize: whether to climb instead.
        foreach, fused: accepted; they do not change the result.
        capturable: whether the count of steps lives on the parameter's device.
        differentiable: whether steps are recorded by autograd.

    Source: Loshchilov and Hutter, Decoupled weight decay regularization, 2017.
    """

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            foreach=foreach,
            maximize=maximize,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for group in self.param_groups:
            group["decoupled_weight_decay"] = True


def _check_betas(betas: tuple[Any, Any], foreach: bool | None, capturable: bool) -> None:
    if not (all(isinstance(b, float) for b in betas) or all(isinstance(b, Tensor) for b in betas)):
        raise ValueError("betas must be either both floats or both Tensors")
    for index, beta in enumerate(betas):
        if not isinstance(beta, Tensor):
            continue
        if foreach and not capturable:
            raise ValueError(f"betas[{index}] as a Tensor is not supported for capturable=False and foreach=True")
        if beta.numel() != 1:
            raise ValueError(f"Tensor betas[{index}] must be 1-element")


def _counter(value: float, parameter: Tensor, group: dict[str, Any]) -> Tensor:
    """A count of steps, on the host unless asked for otherwise."""
    dtype = float64 if get_default_dtype() is float64 else float32
    on_device = group["capturable"] or group["fused"]
    return tensor(value, dtype=dtype, device=parameter.device if on_device else "cpu")


def _as_reals(t: Tensor) -> Tensor:
    """A complex tensor as its real and imaginary parts, which Adam moves independently; others as they are."""
    return ops.stack([t.real, t.imag]) if t.is_complex() else t
