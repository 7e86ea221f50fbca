"""The functions of neural networks: ops, and those that take ``inplace`` or guess a dimension.

``functional.pyi``, generated, shows editors what is here.
"""

from tensorplug.functional import nn_functions
from tensorplug.nn._variants import (
    celu,
    elu,
    hardsigmoid,
    hardswish,
    hardtanh,
    leaky_relu,
    log_softmax,
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
)

__all__ = [
    "celu", "elu", "hardsigmoid", "hardswish", "hardtanh", "leaky_relu", "log_softmax", "mish", "relu", "relu6",
    "rrelu", "selu", "silu", "softmax", "softmin", "threshold", "upsample",
]  # fmt: skip

_from_table = {name: function for name, function in nn_functions.items() if name not in __all__}
globals().update(_from_table)
__all__ += _from_table
