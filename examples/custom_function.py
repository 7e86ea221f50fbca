"""An op of your own with a gradient of your own: ``autograd.Function``.

``log(1 + exp(x))`` overflows for large x when it is written as it reads, and so does its gradient. Here both are
written in a form that does not.
"""

from __future__ import annotations

from typing import Any

import tensorplug as tp


class Log1pExp(tp.autograd.Function):
    """``log(1 + exp(x))``, whose derivative is ``1 / (1 + exp(-x))``."""

    @staticmethod
    def forward(ctx: Any, x: tp.Tensor) -> tp.Tensor:
        ctx.save_for_backward(x)
        return x.clamp(min=0) + (-x.abs()).exp().log1p()

    @staticmethod
    def backward(ctx: Any, grad: tp.Tensor) -> tp.Tensor:
        (x,) = ctx.saved_tensors
        return grad * x.sigmoid()


x = tp.tensor([-200.0, -1.0, 0.0, 1.0, 200.0], requires_grad=True)

naive = (1 + x.exp()).log()
naive.sum().backward()
print("as it reads:", naive.detach(), "gradient", x.grad)

x.grad = None
stable = Log1pExp.apply(x)
stable.sum().backward()
print("by hand:    ", stable.detach(), "gradient", x.grad)
assert stable.isfinite().all()
assert x.grad.isfinite().all()

# The rule is written in ops, so it can be differentiated again: the second derivative at 0 is 1/4.
zero = tp.tensor(0.0, requires_grad=True)
(first,) = tp.autograd.grad(Log1pExp.apply(zero), zero, create_graph=True)
(second,) = tp.autograd.grad(first, zero)
print("second derivative at 0:", second.item())
assert second.item() == 0.25
