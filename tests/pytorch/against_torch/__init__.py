"""Calling tensorplug and PyTorch in the same way, and comparing what they answer."""
