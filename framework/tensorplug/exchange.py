"""Memory from and for others: files that are mapped into memory, DLPack, and other orders of dims."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from tensorplug.device import Device
from tensorplug.dtypes import DType, get_default_dtype
from tensorplug.factories import empty, from_numpy
from tensorplug.tensor import Tensor

__all__ = ["empty_permuted", "from_file", "to_dlpack"]


def from_file(
    filename: str | os.PathLike[str],
    shared: bool | None = None,
    size: int = 0,
    *,
    dtype: DType | None = None,
    layout: Any = None,
    device: Device | str | None = None,
    pin_memory: bool = False,
) -> Tensor:
    """A 1-d CPU tensor over the bytes of a file, which are read as they are needed.

    Args:
        filename: the file.
        shared: whether changes of the tensor are written to the file; the file is then made, or made larger, if needed.
            Otherwise they stay in memory.
        size: how many elements.
        dtype: of the elements; the default dtype unless it is given.
        device: the CPU.

    Raises:
        RuntimeError: the file is too short, or the device is another one.
        FileNotFoundError: there is no such file, and it is not shared.

    Example:
        >>> import pathlib, tempfile, tensorplug as tp
        >>> path = pathlib.Path(tempfile.mkdtemp(), "numbers")
        >>> tp.from_file(path, shared=True, size=2).fill_(1.5)
        tensor([1.5000, 1.5000])
        >>> tp.from_file(path, size=2)
        tensor([1.5000, 1.5000])
    """
    if device is not None and Device(device).type != "cpu":
        raise RuntimeError(f"from_file: files are mapped into memory of the CPU, not of '{device}'")
    kind = (dtype or get_default_dtype()).numpy
    wanted = size * kind.itemsize
    if shared:
        with open(filename, "ab") as file:
            if file.tell() < wanted:
                file.truncate(wanted)
    there = os.path.getsize(filename)
    if there < wanted:
        raise RuntimeError(f"from_file: {os.fspath(filename)!r} has {there} bytes, but {size} elements need {wanted}")
    if not size:
        return from_numpy(np.empty(0, kind))
    bytes_ = np.memmap(filename, np.uint8, "r+" if shared else "c", shape=(wanted,))
    return from_numpy(np.asarray(bytes_).view(kind))


def to_dlpack(tensor: Tensor) -> Any:
    """A DLPack capsule over the tensor's memory, for programs that do not speak ``__dlpack__`` yet.

    Raises:
        BufferError: the tensor requires grad, or its device or dtype has no DLPack form.
    """
    return tensor.__dlpack__()


def empty_permuted(
    size: Sequence[int],
    physical_layout: Sequence[int],
    *,
    dtype: DType | None = None,
    layout: Any = None,
    device: Device | str | None = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Memory whose values may be anything, with the dims in a given order in memory.

    Args:
        size: the shape.
        physical_layout: the dims from the outermost in memory to the innermost.

    Raises:
        RuntimeError: ``physical_layout`` is no order of the dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.empty_permuted((2, 3, 4), (0, 2, 1)).stride()
        (12, 1, 3)
    """
    order = tuple(physical_layout)
    if sorted(order) != list(range(len(size))):
        raise RuntimeError(f"empty_permuted: {order} is no order of all {len(size)} dims")
    made = empty([size[d] for d in order], dtype=dtype, device=device)
    places = [order.index(d) for d in range(len(order))]
    return made.permute(places).detach().requires_grad_(requires_grad)
