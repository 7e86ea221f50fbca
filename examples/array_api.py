"""One function for every array library: the Python array API standard, and what NumPy makes of tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

import tensorplug as tp


def standardized(x: Any) -> Any:
    """Columns of mean 0 and variance 1, written for any library that follows the standard."""
    xp = x.__array_namespace__()
    return (x - xp.mean(x, axis=0)) / xp.std(x, axis=0, correction=1)


array = np.array([[1.0, 10.0], [2.0, 30.0], [3.0, 20.0]])
tensor = tp.from_numpy(array)

# The same function on NumPy's arrays and on tensors, whose device does the work and whose gradients flow.
assert np.allclose(standardized(array), standardized(tensor))
weights = tensor.clone().requires_grad_()
(standardized(weights) ** 3).sum().backward()
print("gradient of the skewness:", weights.grad[:, 0].tolist())

# What a library can do is asked of its namespace.
info = tensor.__array_namespace__().__array_namespace_info__()
print("devices:", *info.devices())

# NumPy's functions take tensors on the CPU, and give tensors back; memory is shared both ways.
print("np.log1p gives a", type(np.log1p(tensor)).__name__)
np.from_dlpack(tensor)[0, 0] = -1.0
assert array[0, 0] == -1.0
