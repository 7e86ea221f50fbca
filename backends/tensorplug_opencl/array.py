"""The native array: elements of a buffer, seen through shape, strides and a start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tensorplug.dtypes import DType
from tensorplug.shapes import Shape, contiguous_strides

if TYPE_CHECKING:
    from tensorplug_opencl.runtime import Runtime


class Array:
    """Elements of a buffer on one device.

    Attributes:
        home: the device's runtime.
        memory: the buffer (pyopencl's), which goes back to the pool with the last array over it.
        dtype: of the elements.
        shape, strides, start: element ``i`` lies at ``start + sum(i * strides)``, counted in elements.
    """

    __slots__ = ("dtype", "home", "memory", "shape", "start", "strides")

    def __init__(self, home: Runtime, memory: Any, dtype: DType, shape: Shape, strides: Shape, start: int = 0) -> None:
        self.home = home
        self.memory = memory
        self.dtype = dtype
        self.shape = shape
        self.strides = strides
        self.start = start

    @property
    def size(self) -> int:
        """How many elements there are."""
        count = 1
        for n in self.shape:
            count *= n
        return count

    @property
    def ndim(self) -> int:
        """How many dims there are."""
        return len(self.shape)

    def seen_as(self, shape: Shape, strides: Shape, start: int | None = None) -> Array:
        """Another view of the same memory."""
        return Array(self.home, self.memory, self.dtype, shape, strides, self.start if start is None else start)


def is_contiguous(x: Array) -> bool:
    """Whether the elements follow one another in C order."""
    if x.strides == contiguous_strides(x.shape):
        return True
    expected = 1
    for n, step in zip(reversed(x.shape), reversed(x.strides)):
        if n != 1:
            if step != expected:
                return n == 0
            expected *= n
    return True


def reshaped(x: Array, shape: Shape) -> Array:
    """A contiguous array in another shape."""
    return x.seen_as(shape, contiguous_strides(shape))


def permuted(x: Array, order: Shape) -> Array:
    """The dims in another order."""
    return x.seen_as(tuple([x.shape[d] for d in order]), tuple([x.strides[d] for d in order]))


def spread(x: Array, shape: Shape) -> Array:
    """Broadcast to ``shape``, with strides of 0."""
    if x.shape == shape:
        return x
    missing = len(shape) - len(x.shape)
    steps = [step if n == wanted else 0 for n, step, wanted in zip(x.shape, x.strides, shape[missing:])]
    return x.seen_as(shape, (0,) * missing + tuple(steps))
