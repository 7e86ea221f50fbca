"""What is done about calls that failed: NumPy's argument names understood, arguments of a wrong type named.

Ops check the meaning of their arguments, not their types: that would cost every call something. Only once a call has
failed are its arguments held against the signature of the op.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from tensorplug.base import TensorBase
from tensorplug.op import Op

NUMPY_NAMES = {
    "a": ("input",), "x": ("input",), "x1": ("input",), "x2": ("other",), "axis": ("dim", "dims"),
    "keepdims": ("keepdim",),
}  # fmt: skip
"""NumPy's names of arguments, and the names that they stand for, of which an op has at most one."""

OTHER_NAMES = {
    "split": {"tensor": "input", "split_size": "split_size_or_sections", "split_sizes": "split_size_or_sections"},
    "transpose": {"axis0": "dim0", "axis1": "dim1"},
    "tensor_split": {
        "indices": "indices_or_sections", "sections": "indices_or_sections",
        "tensor_indices_or_sections": "indices_or_sections",
    },
    "hsplit": {"indices": "indices_or_sections", "sections": "indices_or_sections"},
    "vsplit": {"indices": "indices_or_sections", "sections": "indices_or_sections"},
    "dsplit": {"indices": "indices_or_sections", "sections": "indices_or_sections"},
    "max": {"other": "dim"},
    "min": {"other": "dim"},
    "isin": {"element": "elements", "test_element": "test_elements"},
}  # fmt: skip
"""Per op, names that arguments have in some of PyTorch's ways to call it, and the names that they have here."""

_NUMBERS = (int, float, complex, np.generic, TensorBase)
_GROUPS = (tuple, list, np.ndarray, TensorBase, range)
_ACCEPTED: dict[str, tuple[type, ...]] = {
    "Tensor": (TensorBase,),
    "Number": _NUMBERS,
    "float": (int, float, np.generic, TensorBase),
    "int": (int, np.integer, TensorBase),
    "bool": (int, np.bool_, TensorBase),
    "str": (str,),
    "None": (type(None),),
    "Dims": (int, np.integer, type(None), *_GROUPS),
    "Sizes": (int, np.integer, *_GROUPS),
    "Tensors": _GROUPS,
}
_OF_TYPES = (AttributeError, TypeError, KeyError, ArithmeticError)
"""Errors that say little about an argument of a wrong type; others were raised by a check."""
_PLAIN = (int, float, complex, str, bytes, tuple, list, dict, type(None))
"""What has none of a tensor's attributes."""
_READABLE = {"Dims": "int or tuple of ints", "Sizes": "tuple of ints", "Tensors": "tuple of Tensors"}


def answer(op: Op, call: Callable[..., Any], error: Exception, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The result of a failed call with NumPy's argument names translated; otherwise its error, in better words.

    Args:
        op: the op that was called.
        call: what was called, which takes the arguments of the op.
        error: the exception that it raised.
        args, kwargs: its arguments.

    Raises:
        TypeError: an argument is of a wrong type.
        Exception: ``error``, where no argument is.
    """
    try:
        if error.__class__ is TypeError and kwargs:
            renamed = _renamed(op, kwargs)
            if renamed is not None:
                return call(*args, **renamed)
        if isinstance(error, _OF_TYPES):
            refuse(op, error, args, kwargs)
        raise error
    finally:
        del error  # whose traceback holds this frame: together they would keep tensors alive


def refuse(op: Op, error: Exception, args: tuple[Any, ...], kwargs: dict[str, Any]) -> NoReturn:
    """Raise ``error``, or a ``TypeError`` that names the first argument of a wrong type."""
    try:
        unfit = _first_unfit(op, args, kwargs)
        if unfit is not None:
            raise TypeError(unfit) from None
        if isinstance(error, AttributeError) and isinstance(error.obj, _PLAIN):
            raise TypeError(f"{op.name}(): an argument is of a wrong type: {error}") from None
        raise error
    finally:
        del error


def _first_unfit(op: Op, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
    """What to say about the first argument of a wrong type; None if there is none."""
    signature = op.signature
    try:
        given = signature.bind_partial(*args, **kwargs).arguments
    except TypeError:
        return None
    for name, value in given.items():
        parameter = signature.parameters[name]
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        wanted = str(parameter.annotation)
        if op.promotion is not None and isinstance(value, _NUMBERS):
            continue  # element-wise ops take numbers for tensors
        if not _fits(value, wanted):
            return f"{op.name}(): argument '{name}' must be {_readable(wanted)}, not {type(value).__name__}"
    return None


def _renamed(op: Op, kwargs: dict[str, Any]) -> dict[str, Any] | None:
    """The keyword arguments under PyTorch's names; None if all of them are already, or cannot be."""
    known = op.signature.parameters
    others = OTHER_NAMES.get(op.name, {})
    if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in known.values()):
        return None
    found = {}
    for name, value in kwargs.items():
        if name not in known:
            name = others.get(name) or next((n for n in NUMPY_NAMES.get(name, ()) if n in known), name)
        if name in found:
            return None
        found[name] = value
    return found if found.keys() != kwargs.keys() else None


def _fits(value: Any, annotation: str) -> bool:
    """Whether a value may be meant by an annotation; what is not understood fits."""
    for part in annotation.split(" | "):
        accepted = _ACCEPTED.get(part)
        if accepted is None:
            if not part.startswith(("Sequence[", "tuple[")) or isinstance(value, _GROUPS):
                return True
        elif isinstance(value, accepted):
            return True
    return False


def _readable(annotation: str) -> str:
    return " or ".join(_READABLE.get(part, part) for part in annotation.split(" | "))
