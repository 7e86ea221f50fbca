"""The op families, each a module of blocks; importing this fills the table."""

from tensorplug.ops import comparison, creation, elementwise, indexing, linalg, movement, random, reduction

__all__ = ["comparison", "creation", "elementwise", "indexing", "linalg", "movement", "random", "reduction"]
