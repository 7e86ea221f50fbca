"""The functions of neural networks: ops, and those that take ``inplace`` or guess a dimension.

``functional.pyi``, generated, shows editors what is here.
"""

from tensorplug.functional import nn_functions
from tensorplug.left_out import refusing
from tensorplug.nn._variants import (
    adaptive_max_pool1d_with_indices,
    adaptive_max_pool2d_with_indices,
    adaptive_max_pool3d_with_indices,
    celu,
    elu,
    fractional_max_pool2d_with_indices,
    fractional_max_pool3d_with_indices,
    hardsigmoid,
    hardswish,
    hardtanh,
    leaky_relu,
    log_softmax,
    max_pool1d_with_indices,
    max_pool2d_with_indices,
    max_pool3d_with_indices,
    mish,
    relu,
    relu6,
    rrelu,
    selu,
    silu,
    softmax,
    softmin,
    threshold,
    upsample,
    upsample_bilinear,
    upsample_nearest,
)

__all__ = [
    "adaptive_max_pool1d_with_indices", "adaptive_max_pool2d_with_indices", "adaptive_max_pool3d_with_indices",
    "celu", "elu", "fractional_max_pool2d_with_indices", "fractional_max_pool3d_with_indices", "hardsigmoid",
    "hardswish", "hardtanh", "leaky_relu", "log_softmax", "max_pool1d_with_indices", "max_pool2d_with_indices",
    "max_pool3d_with_indices", "mish", "relu", "relu6", "rrelu", "selu", "silu", "softmax", "softmin", "threshold",
    "upsample", "upsample_bilinear", "upsample_nearest",
]  # fmt: skip

_from_table = {name: function for name, function in nn_functions.items() if name not in __all__}
globals().update(_from_table)
__all__ += _from_table

__getattr__ = refusing("tensorplug.nn.functional", "nn.functional")
