"""dtypes: questions about them, conversions, and the promotion of the standard, which no array's dims change."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tensorplug import dtypes as own
from tensorplug import typeinfo
from tensorplug.base import TensorBase
from tensorplug.device import Device
from tensorplug.dtypes import DType, bool_
from tensorplug.tensor import Tensor

__all__ = [
    "astype", "bool", "can_cast", "complex64", "complex128", "finfo", "float32", "float64", "iinfo", "int8", "int16",
    "int32", "int64", "isdtype", "result_type", "uint8", "uint16", "uint32", "uint64",
]  # fmt: skip

bool = bool_
int8, int16, int32, int64 = own.int8, own.int16, own.int32, own.int64
uint8, uint16, uint32, uint64 = own.uint8, own.uint16, own.uint32, own.uint64
float32, float64, complex64, complex128 = own.float32, own.float64, own.complex64, own.complex128

KINDS: dict[str, tuple[DType, ...]] = {
    "bool": (bool,),
    "signed integer": (int8, int16, int32, int64),
    "unsigned integer": (uint8, uint16, uint32, uint64),
    "real floating": (own.float16, own.bfloat16, float32, float64),
    "complex floating": (complex64, complex128),
}
"""The dtypes of each kind, with those that the standard does not know."""
KINDS["integral"] = KINDS["signed integer"] + KINDS["unsigned integer"]
KINDS["numeric"] = KINDS["integral"] + KINDS["real floating"] + KINDS["complex floating"]


def promoted(*dtypes: DType) -> DType:
    """The dtype that all of these promote to.

    Raises:
        TypeError: uint64 with a signed integer dtype.
    """
    found = dtypes[0]
    for dtype in dtypes[1:]:
        found = _promoted_pair(found, dtype)
    return found


def _promoted_pair(a: DType, b: DType) -> DType:
    if a is b:
        return a
    if isdtype(a, "integral") and isdtype(b, "integral"):
        host = np.promote_types(a.numpy, b.numpy)
        if host.kind == "f":
            raise TypeError(f"{a} and {b} do not promote to a common integer dtype")
        return own.from_numpy(host)
    return own.promote_types(a, b)


def result_type(*arrays_and_dtypes: Any) -> DType:
    """The dtype of an operation on arrays, dtypes and Python numbers.

    Numbers take the kind of what they meet: they matter only if their kind is a higher one.

    Raises:
        ValueError: neither arrays nor dtypes.

    Example:
        >>> import tensorplug as tp
        >>> xp = tp.ones(1).__array_namespace__()
        >>> xp.result_type(xp.ones((), dtype=xp.float64), xp.ones(3, dtype=xp.float32))
        tensorplug.float64
    """
    dtypes = [v._kind.dtype if isinstance(v, TensorBase) else v for v in arrays_and_dtypes]
    numbers = [v for v in dtypes if not isinstance(v, DType)]
    known = [v for v in dtypes if isinstance(v, DType)]
    if not known:
        raise ValueError("result_type: at least one array or dtype is required")
    found = promoted(*known)
    for number in numbers:
        if isinstance(number, complex) and not found.is_complex:
            found = found.to_complex() if found.is_floating_point else own.promote_types(found, complex64)
        elif isinstance(number, float) and not isdtype(found, ("real floating", "complex floating")):
            found = own.get_default_dtype()
        elif isinstance(number, int) and not isinstance(number, np.bool) and number is not True and number is not False:
            found = int64 if found is bool else found
    return found


def together(*values: Any) -> tuple[Any, ...]:
    """Arrays in the dtype that they promote to; Python numbers as they are."""
    dtypes = {v._kind.dtype for v in values if isinstance(v, TensorBase)}
    if len(dtypes) < 2:
        return values
    dtype = promoted(*sorted(dtypes, key=lambda d: d.name))
    return tuple(v.to(dtype) if isinstance(v, Tensor) else v for v in values)


def astype(x: Tensor, dtype: DType, /, *, copy: Any = True, device: Any = None) -> Tensor:
    """``x`` in another dtype; itself if nothing changes and ``copy`` is false."""
    found = x.to(device=None if device is None else Device(device), dtype=dtype)
    return found.clone() if copy and found is x else found


def can_cast(from_: DType | Tensor, to: DType, /) -> Any:
    """Whether the promotion of the standard leads from one dtype to the other."""
    dtype = from_._kind.dtype if isinstance(from_, TensorBase) else from_
    try:
        return promoted(dtype, to) is to
    except TypeError:
        return False


def isdtype(dtype: DType, kind: Any) -> Any:
    """Whether a dtype is of a kind: a dtype, the name of a kind, or one of several of these.

    Raises:
        ValueError: an unknown kind.

    Example:
        >>> import tensorplug as tp
        >>> tp.ones(1).__array_namespace__().isdtype(tp.int8, ("bool", "integral"))
        True
    """
    if isinstance(kind, tuple):
        return any(isdtype(dtype, one) for one in kind)
    if isinstance(kind, str):
        if kind not in KINDS:
            raise ValueError(f"isdtype: unknown kind {kind!r}; there are {', '.join(map(repr, KINDS))}")
        return dtype in KINDS[kind]
    return dtype is kind


class FloatLimits(NamedTuple):
    """The limits of a floating-point dtype."""

    bits: int
    eps: float
    max: float
    min: float
    smallest_normal: float
    dtype: DType


class IntLimits(NamedTuple):
    """The limits of an integer dtype."""

    bits: int
    max: int
    min: int
    dtype: DType


def finfo(type: DType | Tensor, /) -> FloatLimits:
    """The limits of a floating-point dtype (of a complex one, those of its parts), or of an array's."""
    dtype = (type._kind.dtype if isinstance(type, TensorBase) else type).to_real()
    found = typeinfo.finfo(dtype)
    return FloatLimits(found.bits, found.eps, found.max, found.min, found.smallest_normal, dtype)


def iinfo(type: DType | Tensor, /) -> IntLimits:
    """The limits of an integer dtype, or of an array's."""
    dtype = type._kind.dtype if isinstance(type, TensorBase) else type
    found = typeinfo.iinfo(dtype)
    return IntLimits(found.bits, found.max, found.min, dtype)
