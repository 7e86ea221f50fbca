"""Tensors as text: brackets, number formats, summaries and the attributes after the numbers.

The layout is PyTorch's, character for character. Everything here works on host arrays and plain values and
knows nothing of devices: a caller hands over a function that reads a strided view of the tensor. A large
tensor is read through one view that holds only the entries to be shown (see `summary_view`).
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Ints = tuple[int, ...]
ReadView = Callable[[Ints, Ints], np.ndarray]


class PrintOptions(NamedTuple):
    """How tensors are printed; a value that never changes.

    Attributes:
        precision: Digits after the decimal point.
        threshold: A tensor with more elements than this is summarised.
        edgeitems: How many entries a summary shows at each end of a dimension.
        linewidth: Characters per line; rows of numbers and attributes wrap there.
        sci_mode: Scientific notation always (True), never (False) or when the values ask for it (None).
    """

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: float = 80
    sci_mode: bool | None = None


_PROFILES = {
    "default": PrintOptions(),
    "short": PrintOptions(precision=2, edgeitems=2),
    "full": PrintOptions(threshold=math.inf),
}

_options = PrintOptions()


def current_options() -> PrintOptions:
    """Return the options in force."""
    return _options


def get_printoptions() -> dict[str, Any]:
    """Return the options in force as keyword arguments for `set_printoptions`.

    Returns:
        A new dictionary with the keys precision, threshold, edgeitems, linewidth and sci_mode.

    Example:
        >>> get_printoptions()["edgeitems"]
        3
    """
    return _options._asdict()


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: float | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Set how tensors are printed from now on, in every thread.

    An argument left out keeps its option, except `sci_mode`, which every call sets.

    Args:
        precision: Digits after the decimal point.
        threshold: Number of elements above which a tensor is summarised.
        edgeitems: Entries shown at each end of a summarised dimension.
        linewidth: Characters per line.
        profile: Start from "default", "short" (two digits, two edge items) or "full" (no summary) instead of
            from the options in force.
        sci_mode: Scientific notation always (True), never (False) or when the values ask for it (None).

    Raises:
        ValueError: If there is no such profile.

    Example:
        >>> set_printoptions(precision=2)
        >>> format_array(np.array([1.23456, 2.5]))
        '[1.23, 2.50]'
        >>> set_printoptions(profile="default")
        >>> format_array(np.array([1.23456, 2.5]))
        '[1.2346, 2.5000]'
    """
    global _options
    if profile is not None and profile not in _PROFILES:
        known = ", ".join(map(repr, _PROFILES))
        raise ValueError(f"set_printoptions: no profile {profile!r}; there are {known}")
    base = _options if profile is None else _PROFILES[profile]
    _options = PrintOptions(
        precision=base.precision if precision is None else precision,
        threshold=base.threshold if threshold is None else threshold,
        edgeitems=base.edgeitems if edgeitems is None else edgeitems,
        linewidth=base.linewidth if linewidth is None else linewidth,
        sci_mode=sci_mode,
    )


def summary_view(shape: Ints, strides: Ints, options: PrintOptions | None = None) -> tuple[Ints, Ints]:
    """Return the shape and strides of a view that holds exactly the entries that get printed.

    Each dimension that a summary cuts becomes two: one of length 2, whose stride leaps from the head of the
    dimension to its tail, and one of length `edgeitems`. The view starts where the tensor starts. So a device
    copies a few numbers to the host, however large the tensor. Without a summary nothing changes.

    Args:
        shape: The tensor's shape.
        strides: Its strides, in any unit.
        options: Options to use; those in force if None.

    Returns:
        Shape and strides of the view, the strides in the unit they came in.

    Example:
        >>> summary_view((2, 1000), (1000, 1))
        ((2, 2, 3), (1000, 997, 1))
    """
    options = options or _options
    edge = options.edgeitems
    view_shape: list[int] = []
    view_strides: list[int] = []
    for size, stride, cut in zip(shape, strides, _cut_dims(shape, options), strict=True):
        view_shape += (2, edge) if cut else (size,)
        view_strides += (stride * (size - edge), stride) if cut else (stride,)
    return tuple(view_shape), tuple(view_strides)


def format_array(array: np.ndarray, *, indent: int = 0, options: PrintOptions | None = None) -> str:
    """Return the bracketed numbers of an array.

    Args:
        array: Booleans, integers, floating point numbers (bfloat16 from `ml_dtypes` too) or complex numbers.
        indent: Column in which the text will begin; further lines are aligned to it.
        options: Options to use; those in force if None.

    Returns:
        The text, without "tensor(" and without a line break at its end.

    Example:
        >>> format_array(np.array([[1.0, -2.5], [0.0, np.nan]]), indent=7)
        '[[ 1.0000, -2.5000],\\n        [ 0.0000,     nan]]'
    """
    options = options or _options

    def read(shape: Ints, strides: Ints) -> np.ndarray:
        return np.lib.stride_tricks.as_strided(array, shape, strides, writeable=False)

    return _format_view(read, array.shape, array.strides, indent, options)


def tensor_str(
    read: ReadView | None,
    *,
    shape: Ints,
    strides: Ints,
    dtype_name: str,
    device: str,
    default_dtype_name: str = "float32",
    is_default_device: bool = True,
    requires_grad: bool = False,
    grad_fn_name: str | None = None,
    prefix: str = "tensor(",
    options: PrintOptions | None = None,
) -> str:
    """Return what `repr` says of a tensor.

    Args:
        read: Called at most once, with the shape and strides of a view that starts where the tensor starts;
            returns the view's numbers as a host array. None for a tensor without data (device "meta").
        shape: The tensor's shape.
        strides: Its strides, in the unit that `read` expects.
        dtype_name: Its dtype, such as "float64".
        device: Its device, such as "opencl:0".
        default_dtype_name: The default floating point dtype, which is not worth a mention.
        is_default_device: Whether the device goes without saying.
        requires_grad: Whether the tensor requires a gradient.
        grad_fn_name: Name of the node that made it, or None.
        prefix: Opening of the text, up to and with the parenthesis.
        options: Options to use; those in force if None.

    Returns:
        The text, as PyTorch 2.13 lays it out.

    Example:
        >>> data = np.array([[1.0, 2.0], [3.0, 4.0]])
        >>> read = lambda shape, strides: np.lib.stride_tricks.as_strided(data, shape, strides)
        >>> print(tensor_str(read, shape=(2, 2), strides=data.strides, dtype_name="float64", device="cpu"))
        tensor([[1., 2.],
                [3., 4.]], dtype=tensorplug.float64)
    """
    options = options or _options
    body = "..." if read is None else _format_view(read, shape, strides, len(prefix), options)
    empty = 0 in shape
    has_values = read is not None and not empty

    suffixes = []
    if not is_default_device:
        suffixes.append(f"device='{device}'")
    if read is None or (empty and len(shape) != 1) or (has_values and not options.edgeitems):
        suffixes.append(f"size={tuple(shape)}")
    if not _dtype_goes_without_saying(dtype_name, default_dtype_name, has_values):
        suffixes.append(f"dtype=tensorplug.{dtype_name}")
    if grad_fn_name is not None:
        suffixes.append(f"grad_fn=<{grad_fn_name}>")
    elif requires_grad:
        suffixes.append("requires_grad=True")
    return _append_suffixes(prefix + body, suffixes, len(prefix), options.linewidth) + ")"


def _dtype_goes_without_saying(dtype: str, default: str, has_values: bool) -> bool:
    """Say whether `tensor(...)` would infer the dtype from what is printed: without values it has no clue."""
    default_complex = "complex128" if default == "float64" else "complex64"
    return dtype == default or (has_values and dtype in ("int64", "bool", default_complex))


def _append_suffixes(text: str, suffixes: list[str], indent: int, linewidth: float) -> str:
    """Append the attributes, each on a new line where it does not fit."""
    # PyTorch counts two characters too many on the line where the numbers end, so attributes wrap that early.
    column = len(text) - (text.rfind("\n") + 1) + 2
    for suffix in suffixes:
        if column + len(suffix) + 2 > linewidth:
            text += ",\n" + " " * indent + suffix
            column = indent + len(suffix)
        else:
            text += ", " + suffix
            column += len(suffix) + 2
    return text


def _cut_dims(shape: Ints, options: PrintOptions) -> tuple[bool, ...]:
    """Say for each dimension whether its middle is left out."""
    summarise = math.prod(shape) > options.threshold
    return tuple(summarise and size > 2 * options.edgeitems for size in shape)


def _format_view(read: ReadView, shape: Ints, strides: Ints, indent: int, options: PrintOptions) -> str:
    """Read the entries to be shown, choose a format that suits them all, and lay them out."""
    if 0 in shape:
        return "[]"
    cuts = _cut_dims(shape, options)
    if any(cuts) and not options.edgeitems:
        return "[...]"
    shown = tuple(2 * options.edgeitems if cut else size for size, cut in zip(shape, cuts, strict=True))
    values = read(*summary_view(shape, strides, options)).reshape(-1)
    cells_of = _complex_cells if values.dtype.kind == "c" else _real_cells
    cells, width = cells_of(values, options)
    grid = np.array(cells, dtype=object).reshape(shown)
    return _bracket(grid, cuts, indent, width + len(", "), options)


def _real_cells(values: np.ndarray, options: PrintOptions) -> tuple[list[str], int]:
    """Return the text of each number, all aligned to the right, and the width of their column."""
    if values.dtype.kind in "biu":
        texts = [str(value) for value in values.tolist()]
        width = max(map(len, texts))
    else:
        with np.errstate(invalid="ignore"):  # a signalling NaN is a value like any other here
            values = values.astype(np.float64)
        regular = np.isfinite(values) & (values != 0)
        pattern = _float_pattern(np.abs(values[regular]), options)
        texts = [pattern.format(value) if math.isfinite(value) else str(value) for value in values.tolist()]
        # Zeros and non-finite numbers do not widen the column: PyTorch lets them stick out.
        width = max((len(text) for text, counts in zip(texts, regular, strict=True) if counts), default=1)
    return [text.rjust(width) for text in texts], width


def _float_pattern(magnitudes: np.ndarray, options: PrintOptions) -> str:
    """Choose the format for numbers whose non-zero, finite magnitudes are given."""
    if magnitudes.size == 0:
        return "{:.0f}."
    low, high = float(magnitudes.min()), float(magnitudes.max())
    scientific = options.sci_mode
    if scientific is None:
        scientific = high / low > 1000.0 or high > 1e8 or low < 1e-4
    if scientific:
        return f"{{:.{options.precision}e}}"
    if np.all(magnitudes == np.floor(magnitudes)):
        return "{:.0f}."
    return f"{{:.{options.precision}f}}"


def _complex_cells(values: np.ndarray, options: PrintOptions) -> tuple[list[str], int]:
    """Return the text of each complex number and the width of their column."""
    reals, real_width = _real_cells(values.real, options)
    imags, imag_width = _real_cells(values.imag, options)
    texts = []
    for real, padded in zip(reals, imags, strict=True):
        imag = padded.lstrip()
        sign = "" if imag.startswith("-") else "+"
        texts.append(f"{real}{sign}{imag}j")
    return texts, real_width + imag_width + len("j")


def _bracket(grid: np.ndarray, cuts: tuple[bool, ...], indent: int, cell_width: int, options: PrintOptions) -> str:
    """Lay out a grid of cells: rows wrap at the line width, and the more dimensions, the wider the gaps."""
    if grid.ndim == 0:
        return str(grid.item())
    margin = " " * (indent + 1)
    if grid.ndim > 1:
        blocks = [_bracket(block, cuts[1:], indent + 1, cell_width, options) for block in grid]
        if cuts[0]:
            blocks.insert(options.edgeitems, "...")
        return "[" + ("," + "\n" * (grid.ndim - 1) + margin).join(blocks) + "]"
    cells = grid.tolist()
    if cuts[0]:
        cells.insert(options.edgeitems, " ...")
    per_line = max(1, int(min(len(cells), (options.linewidth - indent) / cell_width)))
    lines = [", ".join(cells[start : start + per_line]) for start in range(0, len(cells), per_line)]
    return "[" + (",\n" + margin).join(lines) + "]"
