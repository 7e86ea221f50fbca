"""Tools beside the tensor library: ``utils.data`` has datasets and loaders, ``utils.checkpoint`` saves memory."""

from typing import TYPE_CHECKING

from tensorplug.left_out import refusing

if TYPE_CHECKING:
    from tensorplug.utils import checkpoint, data

__all__ = ["checkpoint", "data"]

__getattr__ = refusing("tensorplug.utils", "utils", {"checkpoint": "", "data": ""})
