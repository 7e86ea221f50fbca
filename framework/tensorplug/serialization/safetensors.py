"""The safetensors format: named tensors and nothing else. Needs the package ``safetensors``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from tensorplug.convert import from_data
from tensorplug.device import Device
from tensorplug.tensor import Tensor


def load_safetensors(f: str | os.PathLike[str], device: Device | str = "cpu") -> dict[str, Tensor]:
    """Read the tensors of a safetensors file.

    Args:
        f: a path.
        device: where the tensors go.

    Raises:
        FileNotFoundError: no such file.
        ImportError: the package ``safetensors`` is not installed.
        RuntimeError: the file is damaged or of another format.
    """
    import safetensors

    try:
        with safetensors.safe_open(os.fspath(f), framework="np") as file:
            return {name: _on_device(file.get_tensor(name), device) for name in file.keys()}  # noqa: SIM118
    except safetensors.SafetensorError as error:
        raise RuntimeError(f"load_safetensors(): '{os.fspath(f)}' cannot be read: {error}") from error


def save_safetensors(
    tensors: Mapping[str, Tensor], f: str | os.PathLike[str], metadata: dict[str, str] | None = None
) -> None:
    """Write named tensors to a safetensors file; tensors that share memory are written once each.

    Args:
        tensors: such as a ``state_dict()``.
        f: a path.
        metadata: text to store beside the tensors.

    Raises:
        ImportError: the package ``safetensors`` is not installed.
        TypeError: a value is not a tensor.
        RuntimeError: the format lacks a dtype (complex128).
    """
    import safetensors
    import safetensors.numpy

    arrays = {name: _on_host(name, tensor) for name, tensor in tensors.items()}
    try:
        safetensors.numpy.save_file(arrays, os.fspath(f), metadata)
    except safetensors.SafetensorError as error:
        raise RuntimeError(f"save_safetensors(): {error}") from error


def _on_device(host: np.ndarray[Any, Any], device: Device | str) -> Tensor:
    made: Tensor = from_data(host, None, device)
    return made


def _on_host(name: str, tensor: Any) -> np.ndarray[Any, Any]:
    if not isinstance(tensor, Tensor):
        raise TypeError(f"save_safetensors(): '{name}' is of type {type(tensor).__name__}, not a tensor")
    return np.ascontiguousarray(tensor.detach()._host()).reshape(tensor._shape)
