"""Whether a result is right: its shape, dtype and every element, NaN and the sign of zeros included."""

from __future__ import annotations

import math
from typing import Any

import ml_dtypes
import numpy as np

from tensorplug_conformance.dtypes import HALVES, Array, accumulator, epsilon, host, is_complex, is_float, rounded
from tensorplug_conformance.sample import Oracle


class Mismatch(AssertionError):
    """A result that is not what it should be; the message says how."""


def require(condition: bool, message: str) -> None:
    """Raise ``Mismatch`` unless ``condition`` holds."""
    if not condition:
        raise Mismatch(message)


def compare(
    actual: Array, exact: Array, dtype: str, oracle: Oracle, terms: float = 1.0, scale: Array | None = None
) -> float:
    """Compare a result with its reference.

    Args:
        actual: the result.
        exact: the reference, as computed in float64 or complex128 (whole numbers and bools in their own dtype).
        dtype: what the dtype of the result is to be.
        oracle: how close it has to be.
        terms, scale: for bounds, the number of terms and the sum of their sizes.

    Returns:
        The largest distance: in representable numbers, or for bounds as a share of the limit.

    Raises:
        Mismatch: they differ in dtype or shape, or by more than the oracle allows.
    """
    require(actual.dtype == host(dtype), f"dtype is {actual.dtype.name}, expected {dtype}")
    require(actual.shape == exact.shape, f"shape is {list(actual.shape)}, expected {list(exact.shape)}")
    if oracle.kind == "anything" or actual.size == 0:
        return 0.0
    if not (is_float(dtype) or is_complex(dtype)) or oracle.kind in ("exact", "equal"):
        return _compare_bits(actual, rounded(np.asarray(exact), dtype), signed_zeros=oracle.kind == "exact")
    if oracle.kind == "ulps" and is_float(dtype):
        return _compare_ulps(actual, np.asarray(exact), dtype, oracle)
    limit = _limit(np.asarray(exact), dtype, oracle, terms, scale)
    return _compare_within(actual, np.asarray(exact), dtype, limit)


def _limit(exact: Array, dtype: str, oracle: Oracle, terms: float, scale: Array | None) -> Array:
    eps = epsilon(dtype)
    with np.errstate(all="ignore"):
        if oracle.kind == "ulps":
            return np.asarray((4 * oracle.ulps + 4) * eps * np.abs(exact))
        # Rounding errors of random sign grow with the root of their number; a sum in the wrong dtype is far outside.
        factor = 2.0 + 4.0 * math.sqrt(max(terms, 1.0))
        size = np.abs(exact) if scale is None else np.asarray(scale)
        inner = (oracle.half - 1) * eps * size if dtype in HALVES else 0.0
        smallest = float(ml_dtypes.finfo(host(dtype)).smallest_subnormal)
        return np.asarray(factor * epsilon(accumulator(dtype)) * size + inner + eps * np.abs(exact) + smallest)


def _compare_bits(actual: Array, expected: Array, signed_zeros: bool) -> float:
    if actual.tobytes() == expected.tobytes():
        return 0.0
    with np.errstate(all="ignore"):
        same = np.asarray(actual == expected)
    if actual.dtype.kind in "fcV":
        same = (same & (_same_signs(actual, expected) | (not signed_zeros))) | _both_nan(actual, expected)
    _report(~same, actual, expected, "")
    return 0.0


def _parts(array: Array) -> tuple[Array, ...]:
    if array.dtype.kind == "c":
        return array.real, array.imag
    return (array.astype(np.float32) if array.dtype.kind == "V" else array,)


def _same_signs(a: Array, b: Array) -> Array:
    pairs = zip(_parts(a), _parts(b), strict=True)
    return np.logical_and.reduce([np.signbit(x) == np.signbit(y) for x, y in pairs])


def _both_nan(a: Array, b: Array) -> Array:
    pairs = zip(_parts(a), _parts(b), strict=True)
    return np.logical_and.reduce([(np.isnan(x) & np.isnan(y)) | (x == y) for x, y in pairs]) & (_nan(a) & _nan(b))


def _nan(array: Array) -> Array:
    return np.logical_or.reduce([np.isnan(part) for part in _parts(array)])


def _compare_ulps(actual: Array, exact: Array, dtype: str, oracle: Oracle) -> float:
    expected = rounded(exact, dtype)
    limit = oracle.half if dtype in HALVES else oracle.ulps
    _compare_nan(actual, expected)
    distance = np.where(_nan(actual), 0.0, _distance(actual, expected))
    zeros = (actual == 0) & (expected == 0)
    _report(zeros & ~_same_signs(actual, expected), actual, expected, "the sign of zero")
    worst = float(distance.max())
    if worst > limit:
        _report(distance > limit, actual, expected, f"{worst:g} ulps away, the limit is {limit:g}", distance)
    return worst


def _compare_nan(actual: Array, expected: Array) -> None:
    _report(_nan(actual) != _nan(expected), actual, expected, "NaN in one but not in the other")


def _distance(a: Array, b: Array) -> Array:
    """How many representable numbers apart the elements are; zeros of both signs count as one number."""
    return np.abs(_ordinal(a) - _ordinal(b))


def _ordinal(array: Array) -> Array:
    bits = array.view(f"int{8 * array.itemsize}")
    lowest = np.iinfo(bits.dtype).min
    with np.errstate(over="ignore"):
        # long double keeps all 64 bits where it exists; elsewhere distances of huge numbers lose their last digits.
        return np.where(bits < 0, lowest - bits, bits).astype(np.longdouble)


def _compare_within(actual: Array, exact: Array, dtype: str, limit: Array) -> float:
    expected = rounded(exact, dtype)
    _compare_nan(actual, expected)
    wide = actual.astype(np.complex128 if is_complex(dtype) else np.float64)
    with np.errstate(all="ignore"):
        error = np.abs(wide - exact)
        odd = ~np.isfinite(wide) | ~np.isfinite(expected.astype(wide.dtype))
        ratio = np.where(error > limit, error / limit, np.where(limit > 0, error / limit, 0.0))
        ratio = np.where(odd, np.where(_nan(actual) | (actual == expected), 0.0, np.inf), ratio)
    worst = float(ratio.max())
    if worst > 1:
        _report(ratio > 1, actual, expected, f"off by {worst:.3g} times the bound on rounding errors", ratio)
    return worst


def _report(wrong: Array, actual: Array, expected: Array, reason: str, size: Array | None = None) -> None:
    """Raise if any element is ``wrong``, naming the worst one by ``size``, or the first."""
    count = int(np.count_nonzero(wrong))
    if not count:
        return
    flat = int(np.argmax(np.where(wrong, size, -1))) if size is not None else int(np.argmax(wrong))
    place = tuple(int(i) for i in np.unravel_index(flat, wrong.shape))
    where = f" at {list(place)}" if place else ""
    raise Mismatch(
        f"{count} of {wrong.size} elements differ{': ' + reason if reason else ''};{where} got {shown(actual[place])}, "
        f"expected {shown(expected[place])}"
    )


def shown(value: Any) -> str:
    """A number with all its digits."""
    return repr(value.item() if hasattr(value, "item") else value) if not _is_bfloat16(value) else repr(float(value))


def _is_bfloat16(value: Any) -> bool:
    return getattr(value, "dtype", None) == host("bfloat16")
