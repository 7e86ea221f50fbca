"""dtype objects, how they promote, and the default dtype.

The set and the promotion rules are PyTorch's (``torch.promote_types``); NumPy's dtypes are the host's form of each.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

BOOL, INTEGER, FLOAT, COMPLEX = range(4)


class DType:
    """A scalar type: ``tensorplug.float32`` and its kin. Each exists once; compare with ``is`` or ``==``.

    Attributes:
        name: the NumPy-style name, such as ``"float32"``.
        itemsize: bytes of one element.
        category: ``BOOL < INTEGER < FLOAT < COMPLEX``, the order of promotion between Python scalars and tensors.
        is_floating_point, is_complex, is_signed: what the names say.
        is_differentiable: whether tensors of this dtype can require gradients.
    """

    __slots__ = (
        "category", "is_complex", "is_differentiable", "is_floating_point", "is_signed", "itemsize", "legacy_name",
        "name",
    )  # fmt: skip

    name: str
    itemsize: int
    category: int
    is_floating_point: bool
    is_complex: bool
    is_differentiable: bool
    is_signed: bool
    legacy_name: str

    def __init__(self, name: str, itemsize: int, category: int, is_signed: bool, legacy_name: str) -> None:
        self.name = name
        self.itemsize = itemsize
        self.category = category
        self.is_floating_point = category == FLOAT
        self.is_complex = category == COMPLEX
        self.is_differentiable = category >= FLOAT
        self.is_signed = is_signed
        self.legacy_name = legacy_name

    @property
    def numpy(self) -> np.dtype[Any]:
        """The NumPy dtype of the same layout (``ml_dtypes.bfloat16`` for bfloat16)."""
        return _numpy_dtype(self.name)

    @property
    def max(self) -> float:
        """The largest finite number of a floating-point dtype (for complex ones, of their parts)."""
        return _LARGEST[self.to_real().name]

    def to_real(self) -> DType:
        """The real dtype of the parts of a complex one; other dtypes come back unchanged."""
        return _REAL.get(self, self)

    def to_complex(self) -> DType:
        """The complex dtype whose parts have this dtype (float16 and bfloat16 have none: complex64)."""
        if self.is_complex:
            return self
        return complex128 if self is float64 else complex64

    def __repr__(self) -> str:
        return f"tensorplug.{self.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        return by_name, (self.name,)

    def __deepcopy__(self, memo: dict[int, Any]) -> DType:
        return self

    def __copy__(self) -> DType:
        return self


bool_ = DType("bool", 1, BOOL, False, "Bool")
uint8 = DType("uint8", 1, INTEGER, False, "Byte")
uint16 = DType("uint16", 2, INTEGER, False, "UInt16")
uint32 = DType("uint32", 4, INTEGER, False, "UInt32")
uint64 = DType("uint64", 8, INTEGER, False, "UInt64")
int8 = DType("int8", 1, INTEGER, True, "Char")
int16 = DType("int16", 2, INTEGER, True, "Short")
int32 = DType("int32", 4, INTEGER, True, "Int")
int64 = DType("int64", 8, INTEGER, True, "Long")
float16 = DType("float16", 2, FLOAT, True, "Half")
bfloat16 = DType("bfloat16", 2, FLOAT, True, "BFloat16")
float32 = DType("float32", 4, FLOAT, True, "Float")
float64 = DType("float64", 8, FLOAT, True, "Double")
complex64 = DType("complex64", 8, COMPLEX, True, "ComplexFloat")
complex128 = DType("complex128", 16, COMPLEX, True, "ComplexDouble")

ALL: tuple[DType, ...] = (
    bool_, uint8, uint16, uint32, uint64, int8, int16, int32, int64,
    float16, bfloat16, float32, float64, complex64, complex128,
)  # fmt: skip
HALF: frozenset[DType] = frozenset((float16, bfloat16))

_BY_NAME = {dtype.name: dtype for dtype in ALL}
_REAL = {complex64: float32, complex128: float64}
_LARGEST = {
    "float16": 65504.0,
    "bfloat16": (2 - 2**-7) * 2.0**127,
    "float32": (2 - 2**-23) * 2.0**127,
    "float64": (2 - 2**-52) * 2.0**1023,
}
_WIDE_UNSIGNED = frozenset((uint16, uint32, uint64))
_SIGNED_BY_SIZE = {1: int8, 2: int16, 4: int32, 8: int64}


def by_name(name: str) -> DType:
    """The dtype called ``name``.

    Raises:
        TypeError: there is none.
    """
    try:
        return _BY_NAME[name]
    except KeyError:
        raise TypeError(f"unknown dtype {name!r}; the dtypes are {', '.join(_BY_NAME)}") from None


@cache
def _numpy_dtype(name: str) -> np.dtype[Any]:
    if name == "bfloat16":
        # Imported on first use: most programs never meet bfloat16, and the import is a tenth of NumPy's own.
        import ml_dtypes

        return np.dtype(ml_dtypes.bfloat16)
    return np.dtype(name)


_FROM_NUMPY: dict[Any, DType] = {np.dtype(d.name): d for d in ALL if d is not bfloat16}


def from_numpy(dtype: np.dtype[Any]) -> DType:
    """The dtype with the layout of a NumPy dtype.

    Raises:
        TypeError: NumPy dtypes that have no counterpart (strings, objects, ...).
    """
    found = _FROM_NUMPY.get(dtype)
    if found is not None:
        return found
    if dtype.name == "bfloat16":
        return bfloat16
    native = dtype.newbyteorder("=")
    if native in _FROM_NUMPY and dtype.byteorder not in "<>":
        return _FROM_NUMPY[native]
    raise TypeError(f"can't convert np.ndarray of type {dtype}. The supported types are: {', '.join(_BY_NAME)}.")


@cache
def promote_types(a: DType, b: DType) -> DType:
    """The smallest dtype to which both can be converted, by PyTorch's rules.

    Raises:
        RuntimeError: uint16, uint32 and uint64 do not promote with other integers.

    Example:
        >>> promote_types(int64, float16)
        tensorplug.float16
    """
    if a is b:
        return a
    if a.category != b.category:
        return _promote_across(*sorted((a, b), key=_category))
    if a.category == INTEGER:
        return _promote_integers(a, b)
    if a.category == COMPLEX:
        return complex128
    if a in HALF and b in HALF:
        return float32
    return a if a.itemsize > b.itemsize else b


def _promote_across(low: DType, high: DType) -> DType:
    if high.category != FLOAT:
        _refuse_wide_unsigned(low, high)
    if high.is_complex and low is float64:
        return complex128
    return high


def _promote_integers(a: DType, b: DType) -> DType:
    _refuse_wide_unsigned(a, b)
    if a.is_signed == b.is_signed or (max(a, b, key=_size).is_signed and a.itemsize != b.itemsize):
        return max(a, b, key=_size)
    return _SIGNED_BY_SIZE[2]


def _refuse_wide_unsigned(a: DType, b: DType) -> None:
    if a in _WIDE_UNSIGNED or b in _WIDE_UNSIGNED:
        raise RuntimeError(
            "Promotion for uint16, uint32, uint64 types is not supported, "
            f"attempted to promote {a.legacy_name} and {b.legacy_name}"
        )


def _category(dtype: DType) -> int:
    return dtype.category


def _size(dtype: DType) -> int:
    return dtype.itemsize


def can_cast(from_: DType, to: DType) -> bool:
    """Whether values may be converted without losing their category, as in-place ops require."""
    if from_.category > to.category:
        return False
    return not (to is bool_ and from_ is not bool_)


def scalar_dtype(value: bool | int | float | complex, default: DType) -> DType:
    """The dtype that a Python number has as a tensor of its own."""
    if isinstance(value, bool):
        return bool_
    if isinstance(value, int):
        return int64
    if isinstance(value, float):
        return default
    return default.to_complex()


class _Default:
    """Holder of the process-wide default floating-point dtype."""

    __slots__ = ("dtype",)

    def __init__(self) -> None:
        self.dtype = float32


_default = _Default()


def get_default_dtype() -> DType:
    """The dtype that factories and integer-to-float promotion give: float32 unless it was set."""
    return _default.dtype


def set_default_dtype(dtype: DType) -> None:
    """Set the default floating-point dtype.

    Args:
        dtype: a floating-point dtype.

    Raises:
        TypeError: ``dtype`` is not a floating-point dtype.
    """
    if not isinstance(dtype, DType) or not dtype.is_floating_point:
        raise TypeError(f"only floating-point types are supported as the default type, got {dtype!r}")
    _default.dtype = dtype
