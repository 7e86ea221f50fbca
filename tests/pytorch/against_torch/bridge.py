"""Tensors, dtypes and other values as each of the two frameworks has them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch

import tensorplug as tp
from tensorplug_conformance.layouts import Memory, download, upload

torch.set_num_threads(1)


class Framework(NamedTuple):
    """One side of the comparison."""

    name: str
    module: Any
    tensor: type


OURS = Framework("tensorplug", tp, tp.Tensor)
THEIRS = Framework("torch", torch, torch.Tensor)


def to_ours(memory: Memory) -> tp.Tensor:
    """The tensor that ``memory`` describes, in tensorplug."""
    return upload(memory, "cpu")[0]


def to_theirs(memory: Memory) -> torch.Tensor:
    """The tensor that ``memory`` describes, in PyTorch."""
    buffer = memory.buffer
    if memory.dtype == "bfloat16":
        flat = torch.from_numpy(buffer.view(np.int16)).view(torch.bfloat16).clone()
    else:
        flat = torch.from_numpy(buffer).clone()  # memory of its own, that can be resized
    if memory.strides is None:
        return flat.view(memory.shape)
    return flat.as_strided(memory.shape, memory.strides, memory.offset)


def array_of(tensor: Any) -> np.ndarray[Any, Any]:
    """The elements of a tensor of either side; bfloat16 as float32."""
    if isinstance(tensor, tp.Tensor):
        found = download(tensor)
        return found.astype(np.float32) if tensor.dtype == tp.bfloat16 else found
    tensor = tensor.detach().resolve_conj().resolve_neg()
    return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy(force=True)


def dtype_name(dtype: Any) -> str:
    """The name that both sides have for a dtype."""
    return str(dtype).rpartition(".")[2]
