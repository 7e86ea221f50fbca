"""Optimizer steps over lists of tensors, so that a backend can do a whole step in one kernel.

The tensors of the lists are changed in place and nothing is recorded. Without a kernel (or where tensors differ in
kind) a step is written in other ops. A backend's kernel is asked for by ``Backend.inplace_kernel`` under the op's name
and called with lists of arrays in place of the lists of tensors, the other arguments following in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tensorplug.autograd.grad_mode import set_grad_enabled
from tensorplug.base import AnyTensor, bump_version
from tensorplug.dispatch import seam
from tensorplug.ops.choice import maximum
from tensorplug.ops.define import composite

Tensor = Any
Tensors = Sequence[Tensor]


def _by_kernel(name: str, changed: Sequence[Tensors], read: Tensors, numbers: tuple[Any, ...]) -> bool:
    """Let the backend's kernel do the step, if it has one for tensors that are all of one kind."""
    kind = changed[0][0]._kind
    kernel = kind.inplace_kernels[name]
    if kernel is None or seam.active:
        return False
    first, *rest = changed
    lists = [first, read, *rest]
    for tensors in lists:
        for tensor in tensors:
            if tensor._kind is not kind:
                return False
    values = [n.item() if isinstance(n, AnyTensor) else n for n in numbers]
    kernel(*[[t._array for t in tensors] for tensors in lists], *values)
    for tensors in changed:
        for tensor in tensors:
            bump_version(tensor)
    return True


@composite(name="_fused_sgd_", spaces=("torch",), out=False)
def fused_sgd_(
    params: Tensors,
    grads: Tensors,
    momentum_buffers: Tensors,
    lr: float | Tensor,
    momentum: float,
    dampening: float,
    weight_decay: float,
    nesterov: bool,
    maximize: bool,
    differentiable: bool = False,
) -> None:
    """One step of stochastic gradient descent over lists of tensors, in place.

    Args:
        params, grads: what is changed, and by what.
        momentum_buffers: one for each parameter, or none without momentum.
        lr, momentum, dampening, weight_decay, nesterov, maximize: options of ``optim.SGD``.
        differentiable: record the step.

    Example:
        >>> import tensorplug as tp
        >>> p = tp.tensor([1.0])
        >>> tp._fused_sgd_([p], [tp.tensor([2.0])], [], 0.1, 0.0, 0.0, 0.0, False, False)
        >>> p
        tensor([0.8000])
    """
    numbers = (lr, momentum, dampening, weight_decay, nesterov, maximize)
    if not params or (not differentiable and _by_kernel("_fused_sgd_", (params, momentum_buffers), grads, numbers)):
        return
    with set_grad_enabled(differentiable):
        for i, param in enumerate(params):
            grad = -grads[i] if maximize else grads[i]
            if weight_decay != 0:
                grad = grad.add(param, alpha=weight_decay)
            if momentum_buffers:
                buffer = momentum_buffers[i].mul_(momentum).add_(grad, alpha=1 - dampening)
                grad = grad.add(buffer, alpha=momentum) if nesterov else buffer
            param.sub_(grad * lr)


@composite(name="_fused_adam_", spaces=("torch",), out=False)
def fused_adam_(
    params: Tensors,
    grads: Tensors,
    exp_avgs: Tensors,
    exp_avg_sqs: Tensors,
    max_exp_avg_sqs: Tensors,
    step: float,
    lr: float | Tensor,
    beta1: float | Tensor,
    beta2: float | Tensor,
    eps: float,
    weight_decay: float,
    maximize: bool,
    decoupled: bool,
    differentiable: bool = False,
) -> None:
    """One step of Adam (or AdamW: ``decoupled``) over lists of tensors, in place.

    Args:
        params, grads: what is changed, and by what.
        exp_avgs, exp_avg_sqs: running means of the gradients and of their squares.
        max_exp_avg_sqs: largest of the latter so far; empty without AMSGrad.
        step: number of the step, from 1.
        lr, beta1, beta2, eps, weight_decay, maximize: options of ``optim.Adam``.
        decoupled: whether the decay shrinks the parameters (AdamW) rather than being added to the gradients.
        differentiable: record the step, so that tensors which later steps change are copied.

    Source: Kingma and Ba, Adam: a method for stochastic optimization, 2014; Loshchilov and Hutter, Decoupled weight
    decay regularization, 2017; Reddi et al., On the convergence of Adam and beyond, 2018.
    """
    numbers = (step, lr, beta1, beta2, eps, weight_decay, maximize, decoupled)
    changed = (params, exp_avgs, exp_avg_sqs, max_exp_avg_sqs)
    if not params or (not differentiable and _by_kernel("_fused_adam_", changed, grads, numbers)):
        return
    with set_grad_enabled(differentiable):
        for i, param in enumerate(params):
            largest = max_exp_avg_sqs[i] if max_exp_avg_sqs else None
            _adam_one(param, grads[i], exp_avgs[i], exp_avg_sqs[i], largest, differentiable, *numbers)


def _adam_one(
    param: Tensor,
    grad: Tensor,
    exp_avg: Tensor,
    exp_avg_sq: Tensor,
    largest: Tensor | None,
    differentiable: bool,
    step: float,
    lr: float | Tensor,
    beta1: float | Tensor,
    beta2: float | Tensor,
    eps: float,
    weight_decay: float,
    maximize: bool,
    decoupled: bool,
) -> None:
    def kept(tensor: Tensor) -> Tensor:
        # The graph must not see what the next step does to the tensor.
        return tensor.clone() if differentiable else tensor

    grad = -grad if maximize else grad
    if weight_decay != 0 and decoupled:
        param.mul_(1 - lr * weight_decay)
    elif weight_decay != 0:
        grad = grad.add(param, alpha=weight_decay)
    exp_avg.lerp_(grad, 1 - beta1)
    exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    square = exp_avg_sq if largest is None else largest.copy_(maximum(kept(largest), kept(exp_avg_sq)))
    denominator = (square.sqrt() / (1 - beta2**step) ** 0.5).add_(eps)
    param.sub_(kept(exp_avg) / denominator * (lr / (1 - beta1**step)))
