"""Transforms of functions: derivatives, batching, and modules as functions. They nest in any order.

Example:
    >>> import tensorplug as tp
    >>> from tensorplug.func import grad, vmap
    >>> loss = lambda w, x: (w * x).sum() ** 2
    >>> vmap(grad(loss), in_dims=(None, 0))(tp.tensor([1.0, 2.0]), tp.eye(2))
    tensor([[2., 0.],
            [0., 4.]])
"""

from tensorplug.func.derivatives import grad, grad_and_value, jvp, linearize, vjp
from tensorplug.func.functionalization import functionalize
from tensorplug.func.jacobians import hessian, jacfwd, jacrev
from tensorplug.func.modules import functional_call, replace_all_batch_norm_modules_, stack_module_state
from tensorplug.func.rearrangement import rearrange
from tensorplug.func.unwrapping import debug_unwrap
from tensorplug.func.vectorization import chunk_vmap, vmap

__all__ = [
    "chunk_vmap",
    "debug_unwrap",
    "functional_call",
    "functionalize",
    "grad",
    "grad_and_value",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "linearize",
    "rearrange",
    "replace_all_batch_norm_modules_",
    "stack_module_state",
    "vjp",
    "vmap",
]
