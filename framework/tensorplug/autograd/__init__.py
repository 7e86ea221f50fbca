"""Automatic differentiation: gradients, switches, custom functions, hooks and checks."""

from typing import TYPE_CHECKING

from tensorplug.autograd import graph
from tensorplug.autograd.anomaly import detect_anomaly, is_anomaly_enabled, set_detect_anomaly
from tensorplug.autograd.backward import backward, grad
from tensorplug.autograd.function import Function, once_differentiable
from tensorplug.autograd.grad_mode import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
    set_multithreading_enabled,
)
from tensorplug.autograd.gradcheck import GradcheckError, gradcheck, gradgradcheck
from tensorplug.autograd.variable import Variable, variable
from tensorplug.left_out import refusing

if TYPE_CHECKING:
    from tensorplug.autograd import forward_ad, functional

__all__ = [
    "Function",
    "GradcheckError",
    "Variable",
    "backward",
    "detect_anomaly",
    "enable_grad",
    "forward_ad",
    "functional",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "graph",
    "inference_mode",
    "is_anomaly_enabled",
    "is_grad_enabled",
    "is_inference_mode_enabled",
    "no_grad",
    "once_differentiable",
    "set_detect_anomaly",
    "set_grad_enabled",
    "set_multithreading_enabled",
    "variable",
]

# The transforms of tensorplug.func, on which these are built, take a while to import.
__getattr__ = refusing("tensorplug.autograd", "autograd", {"forward_ad": "", "functional": ""})
