"""Large element-wise work on all cores, in blocks that fit the cache, and without floating-point warnings.

Waking a second thread costs some 60 us, so arrays below a measured size never leave the calling thread.
`copy` and `elementwise` serve single functions. `blocks` and `rows` serve composite kernels, which gain most:
they are called with slices that fit the cache, and scratch arrays as large, so intermediate results never
travel to main memory.
"""

import math
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from tensorplug_numpy.quiet import is_quiet, quiet, quiet_thread, run_quietly
from tensorplug_numpy.workers import get_num_threads, run_spans, set_num_threads

__all__ = [
    "BLOCK",
    "blocks",
    "copy",
    "elementwise",
    "get_num_threads",
    "quiet",
    "rows",
    "set_num_threads",
]

BLOCK = 1 << 18
"""Elements that `blocks` and `rows` hand out at a time.

That is 1 MiB per float32 array, so the third-level cache holds them. Blocks that fit the second level are
slower on several threads: each thread needs the interpreter lock between two steps, and waiting for it takes
longer than a step on 32 Ki elements.
"""

# From here on two threads beat one. Both bounds mean 200 to 400 us of work, in bytes of the largest operand.
_CHEAP_BYTES = 8 << 20
_DEAR_BYTES = 2 << 20
_COMPOSITE_ELEMENTS = 1 << 18

_SPAN = 1 << 17, 1 << 19
"""The least and the most elements in a span of `elementwise`; the least in one of `blocks` and `rows`."""

_ALIGNMENT = 64
_SPARE_BYTES = 16 << 20
"""The most scratch memory that a thread keeps."""


def elementwise(ufunc: Callable[..., Any], out: np.ndarray, *inputs: Any) -> np.ndarray:
    """Evaluate an element-wise function into an array, on several threads where that pays.

    Args:
        ufunc: A NumPy ufunc, or a function that takes its inputs and ``out=`` in the same way.
        out: The array to write to. It may be one of the inputs.
        inputs: Arrays that broadcast to the shape of `out`, and Python numbers.

    Returns:
        `out`.

    Example:
        >>> elementwise(np.add, np.empty(3), np.arange(3.0), 1.0)
        array([1., 2., 3.])
    """
    if out.size < _SPAN[0] or not _on_several_threads(ufunc, out, inputs):
        if is_quiet():
            ufunc(*inputs, out=out)
        else:
            quiet_thread.run(ufunc, *inputs, out=out)
    return out


def copy(out: np.ndarray, source: np.ndarray | complex) -> np.ndarray:
    """Copy an array or a number into an array, on several threads where that pays; any cast is allowed.

    Args:
        out: The array to write to.
        source: What to write; it broadcasts to the shape of `out`.

    Returns:
        `out`.

    Example:
        >>> copy(np.empty(2, np.int64), np.array([1.5, -1.5]))
        array([ 1, -1])
        >>> copy(np.empty(2), 3)
        array([3., 3.])
    """
    return elementwise(_cast, out, source)


def blocks(
    function: Callable[..., object],
    *arrays: np.ndarray,
    scratch: Sequence[DTypeLike] = (),
    block_elements: int = BLOCK,
) -> None:
    """Call a composite kernel on slices that fit the cache, on several threads where that pays.

    Args:
        function: An element-wise kernel. It takes a flat slice of each array, then a scratch array as large
            for each of `scratch`, and writes to the slices that are results. Small arrays it gets whole and
            in their own shape. It may be called on several threads at once.
        arrays: C-contiguous arrays with the same number of elements.
        scratch: The dtypes of the scratch arrays, whose contents are arbitrary.
        block_elements: The most elements in a slice.

    Raises:
        ValueError: The arrays differ in size, or a large one is not C-contiguous.

    Example:
        >>> def twice_tanh(x, out, t):
        ...     np.tanh(x, out=t)
        ...     np.multiply(t, 2.0, out=out)
        >>> x, out = np.zeros((2, 2)), np.empty((2, 2))
        >>> blocks(twice_tanh, x, out, scratch=[np.float64])
        >>> out
        array([[0., 0.],
               [0., 0.]])
    """
    if _whole(function, arrays, scratch, block_elements):
        return
    if any(array.size != arrays[0].size or not array.flags.c_contiguous for array in arrays):
        raise ValueError("blocks need C-contiguous arrays of one size")
    _in_blocks(function, [array.reshape(-1) for array in arrays], scratch, block_elements)


def rows(
    function: Callable[..., object],
    *arrays: np.ndarray,
    scratch: Sequence[DTypeLike] = (),
    block_elements: int = BLOCK,
) -> None:
    """Call a kernel on groups of rows that fit the cache, on several threads where that pays.

    A row is what one index of the first dimension selects. The arrays may have any strides.

    Args:
        function: Takes the same rows of each array, then a scratch array for each of `scratch`, of the shape
            of the first array's rows. It may be called on several threads at once.
        arrays: Arrays with one first extent. The first array decides how many rows fit.
        scratch: The dtypes of the scratch arrays, whose contents are arbitrary.
        block_elements: The most elements in a group of rows, which has one row at least.

    Raises:
        ValueError: The first extents differ.

    Example:
        >>> def row_sums(x, out):
        ...     np.sum(x, axis=1, out=out)
        >>> out = np.empty(2)
        >>> rows(row_sums, np.ones((2, 3)), out)
        >>> out
        array([3., 3.])
    """
    if any(len(array) != len(arrays[0]) for array in arrays):
        raise ValueError("rows need arrays with one first extent")
    if arrays[0].size <= min(block_elements, _SPAN[0]):
        scratches = [np.empty(arrays[0].shape, dtype) for dtype in scratch]
        run_quietly(function, *arrays, *scratches)
    else:
        _in_blocks(function, arrays, scratch, block_elements)


def _cast(source: Any, out: np.ndarray) -> None:
    np.copyto(out, source, casting="unsafe")


# fmt: off
_CHEAP = frozenset([
    _cast, np.clip, np.positive, np.negative, np.absolute, np.add, np.subtract, np.multiply, np.divide,
    np.maximum, np.minimum, np.fmax, np.fmin, np.square, np.reciprocal, np.invert, np.logical_not,
    np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal, np.isnan,
    np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.logical_and, np.logical_or, np.logical_xor,
])
# fmt: on
"""Functions that take about as long as moving the elements through memory."""


def _on_several_threads(ufunc: Callable[..., Any], out: np.ndarray, inputs: tuple[Any, ...]) -> bool:
    """Evaluate on several threads; return False, with nothing done, where that does not pay or cannot be."""
    arrays = [value for value in inputs if isinstance(value, np.ndarray)]
    nbytes = max([out.nbytes, *(array.nbytes for array in arrays)])
    if nbytes < (_CHEAP_BYTES if ufunc in _CHEAP else _DEAR_BYTES):
        return False
    threads = get_num_threads()
    if threads == 1 or any(_overlap(array, out) for array in arrays):
        return False
    if all(array.flags.c_contiguous and array.shape == out.shape for array in (out, *arrays)):
        inputs = tuple(value.reshape(-1) if isinstance(value, np.ndarray) else value for value in inputs)
        out = out.reshape(-1)
    least, most = _SPAN
    elements = min(max(out.size // (4 * threads), least), most)
    spans = _spans(out, elements)
    if len(spans) < 2:
        return False
    # An operand that is broadcast along the first dimension goes whole to every span.
    cut = [isinstance(value, np.ndarray) and value.ndim == out.ndim and len(value) > 1 for value in inputs]

    def work(start: int, stop: int) -> None:
        parts = [value[start:stop] if apart else value for value, apart in zip(inputs, cut)]
        ufunc(*parts, out=out[start:stop])

    run_spans(work, spans)
    return True


def _overlap(array: np.ndarray, out: np.ndarray) -> bool:
    """Tell whether an element of `out` may lie where another element of `array` does."""
    if array is out or not np.may_share_memory(array, out):
        return False
    mine, theirs = array.__array_interface__, out.__array_interface__
    return any(mine[key] != theirs[key] for key in ("data", "shape", "strides", "typestr"))


def _whole(
    function: Callable[..., object], arrays: Sequence[np.ndarray], scratch: Sequence[DTypeLike], most: int
) -> bool:
    """Call the kernel once if all arrays have one shape and are small: most are, and this is quick."""
    shape = arrays[0].shape
    if arrays[0].size > min(most, _SPAN[0]):
        return False
    for array in arrays:
        if array.shape != shape:
            return False
    if scratch:
        arrays = [*arrays, *[np.empty(shape, dtype) for dtype in scratch]]
    run_quietly(function, *arrays)
    return True


def _in_blocks(
    function: Callable[..., object], arrays: Sequence[np.ndarray], scratch: Sequence[DTypeLike], most: int
) -> None:
    dtypes = [np.dtype(dtype) for dtype in scratch]

    def work(start: int, stop: int) -> None:
        parts = [array[start:stop] for array in arrays]
        if dtypes:
            _with_scratch(function, parts, dtypes)
        else:
            function(*parts)

    size, threads = arrays[0].size, get_num_threads()
    if threads > 1 and size >= _COMPOSITE_ELEMENTS:
        run_spans(work, _spans(arrays[0], min(most, max(size // threads, _SPAN[0]))))
    else:
        for span in _spans(arrays[0], most):
            run_quietly(work, *span)


def _spans(array: np.ndarray, elements: int) -> list[tuple[int, int]]:
    """Cut the first dimension into spans of about so many elements."""
    length = len(array)
    step = max(1, length * elements // max(1, array.size))
    return [(start, min(start + step, length)) for start in range(0, length, step)]


class _Spare(threading.local):
    """Scratch memory of a thread that is not in use now."""

    def __init__(self) -> None:
        self.buffers: list[np.ndarray] = []


_spare = _Spare()


def _with_scratch(function: Callable[..., object], parts: list[np.ndarray], dtypes: list[np.dtype[Any]]) -> None:
    shape, elements = parts[0].shape, parts[0].size
    offsets = [0]
    for dtype in dtypes:
        offsets.append(offsets[-1] + math.ceil(elements * dtype.itemsize / _ALIGNMENT) * _ALIGNMENT)
    buffers = _spare.buffers
    buffer = buffers.pop() if buffers else np.empty(0, np.uint8)
    if buffer.nbytes < offsets[-1]:
        buffer = np.empty(offsets[-1], np.uint8)
    try:
        function(*parts, *(np.ndarray(shape, dtype, buffer, at) for dtype, at in zip(dtypes, offsets)))
    finally:
        if buffer.nbytes <= _SPARE_BYTES:
            buffers.append(buffer)
