"""Exceptions and warnings of tensorplug.

Bad arguments raise the built-in exceptions that PyTorch raises (``RuntimeError``, ``TypeError``, ``ValueError``,
``IndexError``); the classes here are for situations that only a framework with pluggable devices has.
"""

from __future__ import annotations


class UnsupportedOpError(NotImplementedError):
    """An op has neither a kernel nor a decomposition on a device, or the device lacks the dtype."""


class PluginWarning(UserWarning):
    """A plugin could not be loaded, or two plugins claim the same thing; everything else keeps working."""


class PluginError(RuntimeError):
    """A device was asked for whose plugin failed to load; the plugin's own exception is the cause."""


def unsupported_op(op: str, device: object, dtype: object) -> UnsupportedOpError:
    """The error for an op without a kernel, naming the ways out."""
    return UnsupportedOpError(
        f"{op}: device '{device}' has no kernel for this op (dtype {dtype}), and the op has no decomposition. "
        f"Move the tensors with .to('cpu'), install a plugin that provides a '{op}' kernel for '{device}', "
        f"or allow copies through the host with tensorplug.config.fallback = 'cpu'."
    )


def unsupported_dtype(device: object, dtype: object) -> UnsupportedOpError:
    """The error for a dtype that a device does not have."""
    return UnsupportedOpError(
        f"device '{device}' does not support {dtype}. Convert with .to(dtype) before moving the tensor there."
    )
