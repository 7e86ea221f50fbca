"""How elements lie in memory: contiguous, transposed, with gaps, at an offset, or repeated by a stride of 0.

Memory around and between the elements is filled with poison: NaN, or numbers far out of range. A kernel that ignores
strides reads it, and one that writes where it should not changes it.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

import tensorplug as tp
from tensorplug_conformance.dtypes import Array, host, is_complex, is_float

CONTIGUOUS, TRANSPOSED, STRIDED, OFFSET, EXPANDED = "contiguous", "transposed", "strided", "offset", "expanded"
LAYOUTS = (CONTIGUOUS, TRANSPOSED, STRIDED, OFFSET, EXPANDED)
_MARGIN = 3


class Memory(NamedTuple):
    """An input on the host: a flat buffer with the values in it, and where they lie.

    Attributes:
        buffer: all elements of the memory, poison included; C-contiguous, 1-d.
        shape, strides, offset: the geometry of the values, in elements; ``strides`` is None where the buffer is the
            tensor itself.
        dtype: the name of the dtype.
        layout: the name of the layout.
    """

    buffer: Array
    shape: tuple[int, ...]
    strides: tuple[int, ...] | None
    offset: int
    dtype: str
    layout: str

    @property
    def values(self) -> Array:
        """The elements as an array of ``shape``, on the buffer's memory."""
        if self.strides is None:
            return self.buffer.reshape(self.shape)
        if self.dtype == "bfloat16":
            return _bfloat16_values(self)
        steps = tuple(s * self.buffer.itemsize for s in self.strides)
        start = self.offset * self.buffer.itemsize
        return np.ndarray(self.shape, self.buffer.dtype, self.buffer.view(np.uint8), start, steps)


def _bfloat16_values(memory: Memory) -> Array:
    words = Memory(
        memory.buffer.view(np.uint16), memory.shape, memory.strides, memory.offset, "uint16", memory.layout
    ).values
    return words.view(host("bfloat16"))


def poison(dtype: str) -> Any:
    """The value that fills gaps: NaN where the dtype has it, otherwise the largest number, which no index may be."""
    if is_float(dtype) or is_complex(dtype):
        return np.nan
    return True if dtype == "bool" else np.iinfo(host(dtype)).max


def lay_out(values: Array, dtype: str, layout: str) -> Memory:
    """Put ``values`` into memory in the manner of ``layout``.

    For ``EXPANDED`` the values of the first dim are those of its first element. A layout that a shape cannot have (a
    0-d tensor is not transposed) gives the nearest one that it can.
    """
    shape = values.shape
    if layout == CONTIGUOUS:
        return Memory(np.ascontiguousarray(values).reshape(-1).copy(), shape, None, 0, dtype, layout)
    strides, offset = _geometry(shape, layout)
    room = offset + 1 + sum((n - 1) * s for n, s in zip(shape, strides, strict=True)) if values.size else offset
    memory = Memory(np.full(room + _MARGIN, poison(dtype), host(dtype)), shape, strides, offset, dtype, layout)
    if values.size:
        spread = values[:1] if layout == EXPANDED and shape else values
        target = memory.values[:1] if layout == EXPANDED and shape else memory.values
        target[...] = spread
    return memory


def _geometry(shape: tuple[int, ...], layout: str) -> tuple[tuple[int, ...], int]:
    contiguous = _strides(shape)
    if layout == TRANSPOSED:
        return tuple(reversed(_strides(tuple(reversed(shape))))), 0
    if layout == STRIDED:
        return tuple(2 * s for s in _strides((*shape[:-1], shape[-1] + 1) if shape else ())), 1
    if layout == EXPANDED and shape:
        return (0, *_strides(shape[1:])), _MARGIN
    return contiguous, _MARGIN


def _strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(math.prod(max(n, 1) for n in shape[d + 1 :]) for d in range(len(shape)))


def upload(memory: Memory, device: str) -> tuple[Any, Any]:
    """The tensor that shows the values, and the tensor that holds the whole buffer.

    The meta device gets the same geometry over memory without values.
    """
    dtype = getattr(tp, memory.dtype)
    if device == "meta":
        base = tp.empty(len(memory.buffer), dtype=dtype, device=device)
    else:
        base = tp.tensor(memory.buffer, dtype=dtype, device=device)
    if memory.strides is None:
        return base.view(memory.shape).detach(), base
    return base.as_strided(memory.shape, memory.strides, memory.offset).detach(), base


def download(tensor: Any) -> Array:
    """A copy of a tensor's elements as a NumPy array of its own dtype."""
    tensor = tensor.detach().cpu()
    if tensor.dtype == tp.bfloat16:
        with np.errstate(invalid="ignore"):
            return tensor.to(tp.float32).numpy().astype(host("bfloat16"))
    return np.array(tensor.numpy())
