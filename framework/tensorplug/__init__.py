"""PyTorch's front-end in Python, every device a plugin.

import tensorplug as tp
x = tp.randn(64, 784, device="opencl").requires_grad_()
"""

from __future__ import annotations

# First, since it must come before NumPy is loaded.
from tensorplug import openblas as _openblas

_openblas.prepare()

from math import e, inf, nan, pi
from types import ModuleType as _Module
from typing import Any

from tensorplug import amp, autograd, linalg, nn, optim, random, registry, serialization, testing, utils
from tensorplug.amp import (
    autocast,
    get_autocast_dtype,
    is_autocast_available,
    is_autocast_enabled,
    set_autocast_dtype,
)
from tensorplug.autograd.grad_mode import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from tensorplug.config import config
from tensorplug.device import Device as device
from tensorplug.device import get_default_device, set_default_device
from tensorplug.dispatch import result_type
from tensorplug.dtypes import DType as dtype
from tensorplug.dtypes import (
    bfloat16,
    can_cast,
    complex64,
    complex128,
    float16,
    float32,
    float64,
    get_default_dtype,
    int8,
    int16,
    int32,
    int64,
    promote_types,
    set_default_dtype,
    uint8,
    uint16,
    uint32,
    uint64,
)
from tensorplug.dtypes import bool_ as bool
from tensorplug.factories import (
    arange,
    as_tensor,
    asarray,
    empty,
    empty_strided,
    eye,
    from_dlpack,
    from_numpy,
    frombuffer,
    full,
    linspace,
    logspace,
    meshgrid,
    normal,
    ones,
    rand,
    rand_like,
    randint,
    randint_like,
    randn,
    randn_like,
    randperm,
    range,
    scalar_tensor,
    tensor,
    zeros,
)
from tensorplug.functional import torch_functions
from tensorplug.generator import Generator, default_generator
from tensorplug.printing import get_printoptions, set_printoptions
from tensorplug.random import get_rng_state, initial_seed, manual_seed, seed, set_rng_state
from tensorplug.serialization import load, save
from tensorplug.shapes import Size, broadcast_shapes
from tensorplug.tensor import Tensor
from tensorplug.typeinfo import finfo, iinfo, is_complex, is_floating_point, is_tensor, numel

__version__ = "0.1.0"

half, float, double = float16, float32, float64
short, int, long = int16, int32, int64
cfloat, cdouble = complex64, complex128
strided = "strided"
contiguous_format, preserve_format, channels_last = "contiguous_format", "preserve_format", "channels_last"

globals().update(torch_functions)

_modules = ("autograd", "linalg", "nn", "optim", "random", "registry", "serialization", "testing", "utils")
__all__ = ["__version__"]
__all__ += sorted(
    name
    for name, value in globals().items()
    if not name.startswith("_")
    and name not in ("Any", "annotations")
    and (name in _modules or not isinstance(value, _Module))
)


def __getattr__(name: str) -> Any:
    raise AttributeError(
        f"module 'tensorplug' has no attribute '{name}'. If PyTorch has it, it is not written yet or left out on "
        "purpose."
    )
