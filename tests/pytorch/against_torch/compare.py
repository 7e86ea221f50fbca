"""What two calls gave, side by side: kinds of error, types, shapes, dtypes, strides, values."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch

import tensorplug as tp
from against_torch.bridge import array_of, dtype_name

ERRORS = (NotImplementedError, RuntimeError, IndexError, KeyError, ValueError, TypeError, AttributeError)
"""The kinds of error that are told apart; a subclass counts as the first of these that it is."""

# As in torch.testing.assert_close: relative and absolute.
TOLERANCES = {
    "float16": (1e-3, 1e-5),
    "bfloat16": (1.6e-2, 1e-5),
    "float32": (1.3e-6, 1e-5),
    "complex64": (1.3e-6, 1e-5),
    "float64": (1e-7, 1e-7),
    "complex128": (1e-7, 1e-7),
}


class Raised(NamedTuple):
    """A call ended in an error."""

    error: Exception

    @property
    def kind(self) -> str:
        """Its kind, as users would catch it."""
        return next((e.__name__ for e in ERRORS if isinstance(self.error, e)), type(self.error).__name__)

    @property
    def unsupported(self) -> bool:
        """Whether it says that there is no such kernel, which says nothing about the meaning of the call."""
        text = str(self.error)
        return isinstance(self.error, NotImplementedError) or any(phrase in text for phrase in _UNSUPPORTED)

    def __str__(self) -> str:
        return f"{type(self.error).__name__}: {str(self.error).strip()[:160]}"


_UNSUPPORTED = (
    "not implemented for", "not supported for", "Unsupported dtype", "unsupported data type", "not yet implemented",
    "does not support", "only supports", "Promotion for uint16, uint32, uint64 types is not supported",
    "is not supported", "not currently supported", "unsupported dtype", "derivative for", "is not differentiable with",
    "the derivative for", "Unsupported input type", "INTERNAL ASSERT FAILED",
)  # fmt: skip


def outcome(call: Callable[[], Any]) -> Any:
    """The result of a call, or the error that it ended in."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return call()
        except Exception as error:
            return Raised(error)


def difference(
    ours: Any,
    theirs: Any,
    *,
    exact: Any = None,
    values: bool = True,
    strides: bool = False,
    as_a_whole: bool = False,
) -> str:
    """What is different about the outcomes of one call; empty if nothing is.

    Args:
        ours, theirs: results or errors.
        exact: what PyTorch gives for the same arguments in float64, if that is known.
        values: compare elements, not only their dtype and shape.
        strides: compare strides and offsets as well.
        as_a_whole: of ``values_difference``.
    """
    if isinstance(ours, Raised) or isinstance(theirs, Raised):
        if isinstance(theirs, torch.Tensor) and theirs.dtype == torch.complex32:
            return ""  # a dtype less than PyTorch has
        return _errors_difference(ours, theirs)
    if isinstance(theirs, torch.Tensor):
        if not isinstance(ours, tp.Tensor):
            return f"gives {_type_name(ours)}, PyTorch a tensor"
        return _tensor_difference(ours, theirs, exact, values, strides, as_a_whole)
    if isinstance(theirs, torch.Size):
        return "" if tuple(ours) == tuple(theirs) else f"gives {ours}, PyTorch {theirs}"
    if isinstance(theirs, tuple | list):
        return _group_difference(ours, theirs, exact, values, strides, as_a_whole)
    if isinstance(theirs, torch.dtype | torch.device | torch.memory_format | torch.layout):
        return "" if dtype_name(ours) == dtype_name(theirs) else f"gives {ours}, PyTorch {theirs}"
    return _plain_difference(ours, theirs, values)


def _errors_difference(ours: Any, theirs: Any) -> str:
    if not isinstance(ours, Raised):
        if theirs.unsupported or isinstance(theirs.error, TypeError):
            return ""  # a dtype, or a way to spell a call, more than PyTorch has
        return f"gives {shown(ours)}, PyTorch raises {theirs}"
    if not isinstance(theirs, Raised):
        if isinstance(ours.error, RuntimeError) and "tensorplug." in str(ours.error) and _is_empty(theirs):
            return ""  # a dtype is refused, at which PyTorch does not look where there are no elements
        return f"raises {ours}, PyTorch gives {shown(theirs)}"
    if ours.kind == theirs.kind or isinstance(ours.error, _builtin(theirs)):
        return ""
    if isinstance(ours.error, TypeError) and isinstance(theirs.error, AttributeError | AssertionError):
        return ""  # PyTorch's functions in Python notice late that an argument is no tensor
    if isinstance(theirs.error, TypeError) and isinstance(ours.error, RuntimeError | IndexError | ValueError):
        return ""  # spelled in a way that PyTorch does not take, and wrong as well
    if theirs.unsupported and ours.kind in ("RuntimeError", "NotImplementedError", "TypeError"):
        return ""  # PyTorch says so with several kinds of error, by where in its kernels it notices
    return f"raises {ours}, PyTorch raises {theirs}"


def _is_empty(found: Any) -> bool:
    tensors = [t for t in (found if isinstance(found, tuple | list) else (found,)) if isinstance(t, torch.Tensor)]
    return any(t.numel() == 0 for t in tensors)


def _builtin(raised: Raised) -> type[Exception]:
    return next((e for e in ERRORS if isinstance(raised.error, e)), type(raised.error))


def _type_name(value: Any) -> str:
    return type(value).__name__


def _group_difference(ours: Any, theirs: Any, exact: Any, values: bool, strides: bool, as_a_whole: bool) -> str:
    if not isinstance(ours, tuple if isinstance(theirs, tuple) else list):
        return f"gives a {_type_name(ours)}, PyTorch a {_type_name(theirs)}"
    if len(ours) != len(theirs):
        return f"gives {len(ours)} results, PyTorch {len(theirs)}"
    names, wanted = field_names(ours), field_names(theirs)
    if wanted and names != wanted:
        return f"its fields are {names}, PyTorch's {wanted}"
    for position, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        exactly = exact and exact[position]
        found = difference(mine, other, exact=exactly, values=values, strides=strides, as_a_whole=as_a_whole)
        if found:
            return f"result {position}: {found}"
    return ""


def field_names(group: Any) -> tuple[str, ...]:
    """The names of a named tuple's fields, in order."""
    if hasattr(group, "_fields"):
        return tuple(group._fields)
    if type(group).__module__ == "torch.return_types":
        return tuple(type(group).__match_args__)
    return ()


def _plain_difference(ours: Any, theirs: Any, values: bool) -> str:
    if type(ours) is not type(theirs):
        if type(theirs).__module__.startswith("torch") and type(ours).__name__ == type(theirs).__name__:
            return ""
        return f"gives a {_type_name(ours)}, PyTorch a {_type_name(theirs)}"
    if isinstance(ours, str):
        ours = ours.replace("tensorplug.", "torch.")
    if not values or ours == theirs or (isinstance(ours, float) and math.isclose(ours, theirs, rel_tol=1e-6)):
        return ""
    if isinstance(ours, float) and math.isnan(ours) and math.isnan(theirs):
        return ""
    if type(theirs).__eq__ is object.__eq__:
        return ""
    return f"gives {ours!r}, PyTorch {theirs!r}"


def _tensor_difference(ours: Any, theirs: Any, exact: Any, values: bool, strides: bool, as_a_whole: bool) -> str:
    if theirs.dtype == torch.complex32 and ours.dtype == tp.complex64 and tuple(ours.shape) == tuple(theirs.shape):
        return ""  # the closest dtype there is
    if dtype_name(ours.dtype) != dtype_name(theirs.dtype):
        return f"the dtype is {dtype_name(ours.dtype)}, in PyTorch {dtype_name(theirs.dtype)}"
    if tuple(ours.shape) != tuple(theirs.shape):
        return f"the shape is {list(ours.shape)}, in PyTorch {list(theirs.shape)}"
    if (
        strides
        and ours.numel()
        and (ours.stride(), ours.storage_offset()) != (theirs.stride(), theirs.storage_offset())
    ):
        geometry = [f"{t.stride()} from {t.storage_offset()}" for t in (ours, theirs)]
        return f"the strides are {geometry[0]}, in PyTorch {geometry[1]}"
    if ours.requires_grad != theirs.requires_grad:
        return f"requires_grad is {ours.requires_grad}, in PyTorch {theirs.requires_grad}"
    if values and theirs.device.type != "meta":
        known = array_of(exact) if isinstance(exact, torch.Tensor) and exact.shape == theirs.shape else None
        return values_difference(array_of(ours), array_of(theirs), dtype_name(ours.dtype), known, as_a_whole)
    return ""


def values_difference(ours: Any, theirs: Any, dtype: str, exact: Any = None, as_a_whole: bool = False) -> str:
    """The first elements that are not as close as PyTorch's own tests ask for; zeros may have either sign.

    Args:
        ours, theirs: the elements.
        dtype: their dtype.
        exact: what PyTorch finds in float64; being no further from that than PyTorch is close enough.
        as_a_whole: measure errors by the largest element, where each depends on all of the input.
    """
    with np.errstate(all="ignore"):
        if dtype in TOLERANCES:
            relative, absolute = TOLERANCES[dtype]
            if as_a_whole:
                finite = np.abs(theirs)[np.isfinite(theirs)]
                absolute = max(absolute, relative * float(finite.max(initial=0.0)))
            close = np.isclose(ours, theirs, rtol=relative, atol=absolute, equal_nan=True)
            if exact is not None and not np.all(close):
                wide = ours.astype(exact.dtype)
                known = np.isfinite(exact) & np.isfinite(theirs)
                worst = np.abs(theirs - exact)[known].max(initial=0.0)
                close |= np.abs(wide - exact) <= np.maximum(np.abs(theirs - exact), worst)
                close |= np.isclose(wide, exact, rtol=relative, atol=absolute, equal_nan=True)
        else:
            close = ours == theirs
    if np.all(close):
        return ""
    place = tuple(int(i) for i in np.argwhere(~np.asarray(close))[0])
    count = int(np.size(close) - np.count_nonzero(close))
    return (
        f"{count} of {np.size(close)} elements differ; at {list(place)}: {ours[place]!r}, in PyTorch {theirs[place]!r}"
    )


def shown(value: Any) -> str:
    """A result in a few words."""
    if isinstance(value, tp.Tensor | torch.Tensor):
        return f"{dtype_name(value.dtype)}{list(value.shape)}"
    if isinstance(value, tuple | list):
        return f"{_type_name(value)} of {', '.join(map(shown, value[:4]))}"
    return repr(value)[:60]
