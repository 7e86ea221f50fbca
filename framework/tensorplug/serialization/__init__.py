"""Saving and loading: PyTorch's file format in both directions, and safetensors.

``save`` and ``load`` are also ``tensorplug.save`` and ``tensorplug.load``.
"""

from tensorplug.serialization.allowed import add_safe_globals, clear_safe_globals, get_safe_globals, safe_globals
from tensorplug.serialization.loading import load
from tensorplug.serialization.safetensors import load_safetensors, save_safetensors
from tensorplug.serialization.saving import save

__all__ = [
    "add_safe_globals",
    "clear_safe_globals",
    "get_safe_globals",
    "load",
    "load_safetensors",
    "safe_globals",
    "save",
    "save_safetensors",
]
