"""Tools beside the tensor library; ``utils.data`` has datasets and loaders."""
