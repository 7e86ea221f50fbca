"""Tools beside the tensor library: ``utils.data`` has datasets and loaders, ``utils.checkpoint`` saves memory."""

from tensorplug.utils import checkpoint, data

__all__ = ["checkpoint", "data"]
