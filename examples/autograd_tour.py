"""A tour of automatic differentiation: gradients, higher derivatives, and where recording stops."""

from __future__ import annotations

import tensorplug as tp

# Operations on a tensor that requires grad are recorded as they run; backward() walks the record the other way.
x = tp.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x**2 * x.sin()).sum()
print("y was made by", y.grad_fn.name())
y.backward()
by_hand = 2 * x * x.sin() + x**2 * x.cos()
print("dy/dx         ", x.grad)
print("by hand       ", by_hand.detach())
assert tp.allclose(x.grad, by_hand)

# Gradients add up in .grad until somebody clears them.
(3 * x).sum().backward()
assert tp.allclose(x.grad, by_hand + 3)
x.grad = None

# The record follows Python: only what ran is differentiated.
z = x * 1
while z.norm() < 100:
    z = z * 2
z.sum().backward()
print("doubled until long:", x.grad)
x.grad = None

# A result that is not a single number needs to be told the gradient it starts from.
(x * x).backward(tp.tensor([1.0, 0.0, 0.0]))
assert x.grad.tolist() == [2.0, 0.0, 0.0]
x.grad = None

# Gradients can be differentiated again. Newton's method finds where f' vanishes with f''.
w = tp.tensor(1.0, requires_grad=True)
for _ in range(6):
    f = w.exp() - 2 * w
    (slope,) = tp.autograd.grad(f, w, create_graph=True)
    (curvature,) = tp.autograd.grad(slope, w)
    with tp.no_grad():
        w -= slope / curvature
print(f"exp(w) - 2w is least at {w.item():.6f}, which is log(2)")
assert abs(w.item() - 0.693147) < 1e-5

# Recording stops at no_grad() and at detach().
with tp.no_grad():
    assert not (x * 2).requires_grad
assert not x.detach().requires_grad

# A hook sees a gradient on its way, and may replace it.
h = x * 2
h.register_hook(lambda gradient: gradient.clamp(max=0.5))
h.sum().backward()
assert x.grad.tolist() == [1.0, 1.0, 1.0]
print("with a hook that clips gradients at 0.5:", x.grad)
