"""The arithmetic of optimizer steps over lists of tensors, written in ops.

Each function changes its lists' tensors in place. Gradients are left alone. All lists are equally long,
except those that a method does not use, which are empty.
"""

from __future__ import annotations

from tensorplug import functional as ops
from tensorplug.tensor import Tensor


def sgd_step_(
    params: list[Tensor],
    grads: list[Tensor],
    momentum_buffers: list[Tensor],
    *,
    lr: float | Tensor,
    momentum: float,
    dampening: float,
    weight_decay: float,
    nesterov: bool,
    maximize: bool,
) -> None:
    """One step of stochastic gradient descent; ``momentum_buffers`` is empty without momentum."""
    for i, param in enumerate(params):
        grad = -grads[i] if maximize else grads[i]
        if weight_decay != 0:
            grad = grad.add(param, alpha=weight_decay)
        if momentum_buffers:
            buffer = momentum_buffers[i].mul_(momentum).add_(grad, alpha=1 - dampening)
            grad = grad.add(buffer, alpha=momentum) if nesterov else buffer
        if isinstance(lr, Tensor):
            param.sub_(grad * lr)
        else:
            param.add_(grad, alpha=-lr)


def adam_step_(
    params: list[Tensor],
    grads: list[Tensor],
    exp_avgs: list[Tensor],
    exp_avg_sqs: list[Tensor],
    max_exp_avg_sqs: list[Tensor],
    *,
    step: float,
    lr: float | Tensor,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
    maximize: bool,
    decoupled: bool,
    differentiable: bool = False,
) -> None:
    """Step number ``step`` (from 1) of Adam; ``max_exp_avg_sqs`` is empty without AMSGrad.

    Args:
        params, grads: what is changed, and by what.
        exp_avgs, exp_avg_sqs: running means of the gradients and of their squares.
        max_exp_avg_sqs: largest of the latter so far.
        step: number of the step.
        lr, beta1, beta2, eps, weight_decay, maximize: options of the method.
        decoupled: whether the decay shrinks the parameters (AdamW) rather than being added to the gradients.
        differentiable: whether the step is recorded, so that tensors which later steps change must be copied.

    Source: Kingma and Ba, Adam: a method for stochastic optimization, 2014; Loshchilov and Hutter, Decoupled
    weight decay regularization, 2017; Reddi et al., On the convergence of Adam and beyond, 2018.
    """

    def kept(tensor: Tensor) -> Tensor:
        # The graph must not see what the next step does to the tensor.
        return tensor.clone() if differentiable else tensor

    step_size = lr / (1 - beta1**step)
    root_correction = (1 - beta2**step) ** 0.5
    for i, param in enumerate(params):
        grad = -grads[i] if maximize else grads[i]
        if weight_decay != 0:
            if decoupled:
                param.mul_(1 - lr * weight_decay)
            else:
                grad = grad.add(param, alpha=weight_decay)
        exp_avg, exp_avg_sq = exp_avgs[i], exp_avg_sqs[i]
        exp_avg.lerp_(grad, 1 - beta1)
        exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
        square = exp_avg_sq
        if max_exp_avg_sqs:
            square = max_exp_avg_sqs[i]
            square.copy_(ops.maximum(kept(square), kept(exp_avg_sq)))
        denominator = (square.sqrt() / root_correction).add_(eps)
        numerator = kept(exp_avg)
        if isinstance(step_size, Tensor):
            param.sub_(step_size * (numerator / denominator))
        else:
            param.addcdiv_(numerator, denominator, value=-step_size)
