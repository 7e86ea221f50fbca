"""Tools beside the tensor library; ``utils.data`` has datasets and loaders."""

from tensorplug.utils import data

__all__ = ["data"]
