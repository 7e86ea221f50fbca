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
from typing import TYPE_CHECKING as _TYPE_CHECKING

from tensorplug import (
    autograd,
    fft,
    linalg,
    random,
    registry,
    special,
    testing,
    utils,
)
from tensorplug import native as _native
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
from tensorplug.exchange import empty_permuted, from_file, to_dlpack
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
from tensorplug.layouts import (
    channels_last,
    channels_last_3d,
    contiguous_format,
    memory_format,
    preserve_format,
)
from tensorplug.left_out import refusing as _refusing
from tensorplug.native import (
    adaptive_max_pool1d,
    affine_grid_generator,
    alpha_dropout,
    alpha_dropout_,
    batch_norm,
    binary_cross_entropy_with_logits,
    constant_pad_nd,
    cosine_embedding_loss,
    ctc_loss,
    dropout,
    dropout_,
    embedding,
    feature_alpha_dropout,
    feature_alpha_dropout_,
    feature_dropout,
    feature_dropout_,
    grid_sampler_2d,
    grid_sampler_3d,
    gru,
    gru_cell,
    hinge_embedding_loss,
    instance_norm,
    kl_div,
    lstm,
    lstm_cell,
    margin_ranking_loss,
    max_pool1d_with_indices,
    poisson_nll_loss,
    rnn_relu,
    rnn_relu_cell,
    rnn_tanh,
    rnn_tanh_cell,
    rsub,
    triplet_margin_loss,
)
from tensorplug.printing import get_printoptions, set_printoptions
from tensorplug.promotion import result_type
from tensorplug.random import get_rng_state, initial_seed, manual_seed, seed, set_rng_state, thread_safe_generator
from tensorplug.settings import (
    are_deterministic_algorithms_enabled,
    get_deterministic_debug_mode,
    get_float32_matmul_precision,
    get_num_interop_threads,
    get_num_threads,
    is_deterministic_algorithms_warn_only_enabled,
    is_warn_always_enabled,
    set_default_tensor_type,
    set_deterministic_debug_mode,
    set_float32_matmul_precision,
    set_flush_denormal,
    set_num_interop_threads,
    set_num_threads,
    set_warn_always,
    use_deterministic_algorithms,
)
from tensorplug.shapes import Size, broadcast_shapes
from tensorplug.spectral import bartlett_window, blackman_window, hamming_window, hann_window, kaiser_window
from tensorplug.tensor import Tensor
from tensorplug.twins import (
    conj_physical,
    conj_physical_,
    detach,
    detach_,
    fill_,
    get_device,
    imag,
    is_anomaly_check_nan_enabled,
    is_anomaly_enabled,
    is_conj,
    is_distributed,
    is_inference,
    is_neg,
    is_nonzero,
    is_same_size,
    is_signed,
    is_storage,
    real,
    resize_as_,
    resolve_conj,
    resolve_neg,
    set_anomaly_enabled,
    typename,
    zero_,
)
from tensorplug.typeinfo import finfo, iinfo, is_complex, is_floating_point, is_tensor, numel

__version__ = "0.1.0"

half, float, double = float16, float32, float64
short, int, long = int16, int32, int64
cfloat, cdouble = complex64, complex128
strided = "strided"
newaxis = None

globals().update({_name: _function for _name, _function in torch_functions.items() if _name not in _native.__all__})

if _TYPE_CHECKING:
    from tensorplug import amp, distributions, func, nn, optim, serialization, signal
    from tensorplug.amp import (
        autocast,
        get_autocast_dtype,
        is_autocast_available,
        is_autocast_enabled,
        set_autocast_dtype,
    )
    from tensorplug.compilation import compile
    from tensorplug.func import vmap
    from tensorplug.func.control import cond, while_loop
    from tensorplug.serialization import load, save

_on_use = {
    **dict.fromkeys(("amp", "distributions", "func", "nn", "optim", "serialization", "signal"), ""),
    "autocast": "amp",
    "get_autocast_dtype": "amp",
    "is_autocast_available": "amp",
    "is_autocast_enabled": "amp",
    "set_autocast_dtype": "amp",
    "compile": "compilation",
    "cond": "func.control",
    "load": "serialization",
    "save": "serialization",
    "vmap": "func",
    "while_loop": "func.control",
}
"""What is imported when it is asked for, since it would make up a third of the time of importing this package: names
and the modules that they come from (none where they are modules themselves)."""

_modules = (
    "autograd",
    "fft",
    "linalg",
    "random",
    "registry",
    "special",
    "testing",
    "utils",
)
__all__ = ["__version__", *_on_use]
__all__ += sorted(
    name
    for name, value in globals().items()
    if not name.startswith("_") and name != "annotations" and (name in _modules or not isinstance(value, _Module))
)

__getattr__ = _refusing("tensorplug", "torch", _on_use)
