"""How tensors lie in memory, as arguments name it: accepted where PyTorch takes them, since all tensors are strided."""

from __future__ import annotations

__all__ = ["channels_last", "channels_last_3d", "contiguous_format", "memory_format", "preserve_format"]


class memory_format(str):
    """The name of an order of dims in memory."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"tensorplug.{self}"


contiguous_format = memory_format("contiguous_format")
preserve_format = memory_format("preserve_format")
channels_last = memory_format("channels_last")
channels_last_3d = memory_format("channels_last_3d")
