"""Making one call on both sides and comparing all that it does: results, changed arguments, gradients."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import torch

import tensorplug as tp
from against_torch.bridge import OURS, THEIRS, Framework, array_of, dtype_name
from against_torch.calls import Call, arguments, function_in, is_random, tensors_for
from against_torch.compare import Raised, difference, outcome, values_difference
from tensorplug_conformance.layouts import Memory

_GRADIENT_DTYPES = ("float64", "complex128")


def check_call(
    call: Call, *, values: bool = True, strides: bool = False, changed: bool = False, kinds: bool = True
) -> str:
    """What is different about a call's results; empty if nothing is.

    Args:
        call: the call.
        values: compare elements; dtype and shape alone are compared of random numbers.
        strides: compare strides as well.
        changed: compare the arguments after the call as well.
        kinds: where both raise, compare the kinds of error.
    """
    memories = call.memories()
    found, tensors = {}, {}
    for framework in (OURS, THEIRS):
        tensors[framework.name] = tensors_for(framework, memories)
        found[framework.name] = call_on(framework, call, tensors[framework.name])
    if not kinds and all(isinstance(outcome, Raised) for outcome in found.values()):
        return ""
    values = values and not is_random(call.sample)
    options = {"values": values, "strides": strides, "as_a_whole": call.path.startswith(_WHOLES)}
    message = difference(found["tensorplug"], found["torch"], **options)
    if "elements differ" in message and call.dtype in _ROUNDED:
        exact = _exact(call, memories)
        message = difference(found["tensorplug"], found["torch"], exact=exact, **options)
    if message or not changed or isinstance(found["torch"], Raised):
        return message
    message = difference(tensors["tensorplug"], tensors["torch"])
    return message and f"after the call, argument tensors differ: {message}"


def call_on(framework: Framework, call: Call, tensors: list[Any]) -> Any:
    """The outcome of a call on one side, with these tensors for its inputs."""
    function = function_in(framework, call.path)
    assert function is not None, call.path
    args, kwargs = arguments(framework, call, tensors)
    return outcome(lambda: function(*args, **kwargs))


_WHOLES = ("tp.fft.", "tp.linalg.", "tp.stft", "tp.istft")
"""Functions of which each element of the result depends on all of the input."""

_ROUNDED = {"float16": "float64", "bfloat16": "float64", "float32": "float64", "complex64": "complex128"}


def _exact(call: Call, memories: list[Memory]) -> Any:
    """What PyTorch gives for the same numbers in double precision; None if it has no such call."""
    wide = [
        t.to(getattr(torch, _ROUNDED[m.dtype])) if m.dtype == call.dtype else t
        for t, m in zip(tensors_for(THEIRS, memories), memories, strict=True)
    ]
    found = call_on(THEIRS, call._replace(dtype=_ROUNDED[call.dtype]), wide)
    return None if isinstance(found, Raised) else found


def check_gradient(call: Call) -> str:
    """What is different about the gradients of a call's arguments; empty if nothing is."""
    memories = call.memories()
    ours, theirs = (_gradients(framework, call, memories) for framework in (OURS, THEIRS))
    if isinstance(ours, Raised) or isinstance(theirs, Raised):
        return difference(ours, theirs)
    if len(ours) != len(theirs):
        return f"{'none of' if not ours else ''} the results require grad, {'none' if not theirs else ''} in PyTorch"
    for position, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        message = _gradient_difference(mine, other)
        if message:
            return f"gradient of input {position}: {message}"
    return ""


def _gradients(framework: Framework, call: Call, memories: list[Memory]) -> Any:
    tensors = tensors_for(framework, memories)
    moving = [t for t in tensors if dtype_name(t.dtype) in _GRADIENT_DTYPES]
    for tensor in moving:
        tensor.requires_grad_()
    found = call_on(framework, call, tensors)
    if isinstance(found, Raised):
        return found
    results = [r for r in (found if isinstance(found, tuple | list) else [found]) if isinstance(r, framework.tensor)]
    results = [r for r in results if r.requires_grad]
    if not results:
        return []
    weights = [_weights(framework, call, number, r) for number, r in enumerate(results)]
    grad = framework.module.autograd.grad
    return outcome(lambda: list(grad(results, moving, weights, allow_unused=True)))


def _weights(framework: Framework, call: Call, number: int, result: Any) -> Any:
    rng = np.random.default_rng([number, zlib.crc32(call.label.encode())])
    values = rng.uniform(0.5, 1.5, tuple(result.shape))
    if dtype_name(result.dtype).startswith("complex"):
        values = values + 1j * rng.uniform(-1, 1, tuple(result.shape))
    return framework.module.tensor(values, dtype=result.dtype)


def _gradient_difference(ours: tp.Tensor | None, theirs: torch.Tensor | None) -> str:
    if ours is None or theirs is None:
        # A gradient that is missing and one of zeros say the same to all who add gradients up.
        given = [g for g in (ours, theirs) if g is not None]
        return "" if not any(np.any(array_of(g)) for g in given) else f"got {ours}, PyTorch {theirs}"
    if tuple(ours.shape) != tuple(theirs.shape) or dtype_name(ours.dtype) != dtype_name(theirs.dtype):
        return difference(ours, theirs)
    return values_difference(array_of(ours), array_of(theirs), dtype_name(ours.dtype))
