"""What signals are worked on with."""

from tensorplug.signal import windows

__all__ = ["windows"]
