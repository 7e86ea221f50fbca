"""Exceptions and warnings of tensorplug.

Bad arguments raise the built-in exceptions that PyTorch raises (``RuntimeError``, ``TypeError``, ``ValueError``,
``IndexError``); the classes here are for situations that only a framework with pluggable devices has.
"""

from __future__ import annotations


class UnsupportedOpError(NotImplementedError):
    """An op has neither a kernel nor a decomposition on a device, or the device lacks the dtype."""


class IndexOutOfRangeError(IndexError, RuntimeError):
    """An index tensor points beyond a dim. For this PyTorch raises either of both, depending on the op."""


class LinAlgError(RuntimeError):
    """A matrix is singular, not positive-definite, or an iteration for its factorization does not converge."""


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


def index_out_of_range(index: int, dim: int, size: int) -> IndexOutOfRangeError:
    """The error for an index that a kernel refuses."""
    return IndexOutOfRangeError(f"index {index} is out of bounds for dimension {dim} with size {size}")
